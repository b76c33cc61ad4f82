#include "CConvolution.h"

/// A tile's image and its first output.
typedef struct {
    int64_t image, row, column;
} Place;

static int64_t tilesAlong(int64_t extent) { return (extent + 3) / 4; }

static inline Place placeOf(const WinogradShape *shape, int64_t tile) {
    int64_t across = tilesAlong(shape->width), each = tilesAlong(shape->height) * across;
    return (Place){tile / each, tile % each / across * 4, tile % across * 4};
}

/// G of F(4, 3).
static const double filterTransform[6][3] = {
    {1.0 / 4, 0, 0},
    {-1.0 / 6, -1.0 / 6, -1.0 / 6},
    {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 24, 1.0 / 12, 1.0 / 6},
    {1.0 / 24, -1.0 / 12, 1.0 / 6},
    {0, 0, 1},
};

/// From one product's filters to the next's; three cache lines more than they take, because 36 strides of a power of two would all
/// compete for the same lines of the cache.
static int64_t filterStride(const WinogradShape *shape) { return shape->inChannels * shape->outChannels + 48; }

/// Tiles that are worked on together: few enough for the second-level cache, or, where the filters alone are larger than that,
/// enough that they are seldom read.
static int64_t tilesInHand(const WinogradShape *shape) {
    int64_t all = winograd_tile_count(shape), wanted = shape->inChannels + shape->outChannels >= 512 ? 96 : 24;
    return all < wanted ? all : wanted;
}

#if defined(__x86_64__)

#define KERNELS "winograd_kernels.h"
#include "for_each_width.h"

void winograd_pack(const WinogradShape *shape, bool forGradient, const float *weights, float *packed) {
    if (convolution_block() == 16) {
        pack_avx512(shape, forGradient, weights, packed);
    } else {
        pack_avx2(shape, forGradient, weights, packed);
    }
}

void winograd_weight_gradient(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *dy, float *dweights,
    float *dbias, float *scratch) {
    if (convolution_block() == 16) {
        weightGradient_avx512(shape, first, end, x, dy, dweights, dbias, scratch);
    } else {
        weightGradient_avx2(shape, first, end, x, dy, dweights, dbias, scratch);
    }
}

void winograd_convolve(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch) {
    if (convolution_block() == 16) {
        convolve_avx512(shape, first, end, x, packed, bias, residual, y, scratch);
    } else {
        convolve_avx2(shape, first, end, x, packed, bias, residual, y, scratch);
    }
}

#else

void winograd_convolve(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch) {
    (void)shape, (void)first, (void)end, (void)x, (void)packed, (void)bias, (void)residual, (void)y, (void)scratch;
    __builtin_trap();
}

void winograd_pack(const WinogradShape *shape, bool forGradient, const float *weights, float *packed) {
    (void)shape, (void)forGradient, (void)weights, (void)packed;
    __builtin_trap();
}

void winograd_weight_gradient(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *dy, float *dweights,
    float *dbias, float *scratch) {
    (void)shape, (void)first, (void)end, (void)x, (void)dy, (void)dweights, (void)dbias, (void)scratch;
    __builtin_trap();
}

#endif

size_t winograd_packed_count(const WinogradShape *shape) { return 36 * filterStride(shape); }

size_t winograd_scratch_count(const WinogradShape *shape) {
    return 36 * tilesInHand(shape) * (shape->inChannels + shape->outChannels);
}

size_t winograd_gradient_scratch_count(const WinogradShape *shape) {
    return 36 * (filterStride(shape) + tilesInHand(shape) * (shape->inChannels + shape->outChannels));
}

int64_t winograd_tile_count(const WinogradShape *shape) {
    return shape->batch * tilesAlong(shape->height) * tilesAlong(shape->width);
}
