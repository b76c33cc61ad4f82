#include "CWinograd.h"

enum {
    /// Tiles whose products are computed together: few enough for the second-level cache.
    tilesInHand = 24
};

/// A tile's image and its first output.
typedef struct {
    int64_t image, row, column;
} Place;

static int64_t tilesAlong(int64_t extent) { return (extent + 3) / 4; }

static inline Place placeOf(const WinogradShape *shape, int64_t tile) {
    int64_t across = tilesAlong(shape->width), each = tilesAlong(shape->height) * across;
    return (Place){tile / each, tile % each / across * 4, tile % across * 4};
}

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define NAME(function) function##_avx2
#include "winograd_kernels.h"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define LANES 16
#define NAME(function) function##_avx512
#include "winograd_kernels.h"
#pragma clang attribute pop

int64_t winograd_block(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return 16;
    }
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 0;
}

void winograd_convolve(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch) {
    if (winograd_block() == 16) {
        convolve_avx512(shape, first, end, x, packed, bias, residual, y, scratch);
    } else {
        convolve_avx2(shape, first, end, x, packed, bias, residual, y, scratch);
    }
}

#else

int64_t winograd_block(void) { return 0; }

void winograd_convolve(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch) {
    (void)shape, (void)first, (void)end, (void)x, (void)packed, (void)bias, (void)residual, (void)y, (void)scratch;
    __builtin_trap();
}

#endif

size_t winograd_packed_count(const WinogradShape *shape) { return 36 * shape->inChannels * shape->outChannels; }

size_t winograd_scratch_count(const WinogradShape *shape) {
    return 36 * tilesInHand * (shape->inChannels + shape->outChannels);
}

int64_t winograd_tile_count(const WinogradShape *shape) {
    return shape->batch * tilesAlong(shape->height) * tilesAlong(shape->width);
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

void winograd_pack(const WinogradShape *shape, bool forGradient, const float *weights, float *packed) {
    int64_t in = shape->inChannels, out = shape->outChannels, panel = 2 * winograd_block();
    for (int64_t k = 0; k < out; k++) {
        for (int64_t c = 0; c < in; c++) {
            const float *filter = weights + (forGradient ? c * out + k : k * in + c) * 9;
            double rows[6][3];
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 3; j++) {
                    rows[i][j] = 0;
                    for (int a = 0; a < 3; a++) {
                        rows[i][j] += filterTransform[i][a] * filter[forGradient ? 8 - a * 3 - j : a * 3 + j];
                    }
                }
            }
            float *target = packed + (k / panel * in + c) * panel + k % panel;
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    double value = 0;
                    for (int b = 0; b < 3; b++) value += rows[i][b] * filterTransform[j][b];
                    target[(i * 6 + j) * in * out] = (float)value;
                }
            }
        }
    }
}
