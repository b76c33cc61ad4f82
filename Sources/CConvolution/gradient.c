#include "CConvolution.h"

#include <string.h>

static int64_t placesOf(const DirectShape *shape) { return shape->outHeight * shape->outWidth; }
static int64_t tapsOf(const DirectShape *shape) { return shape->size * shape->size; }

/// Images whose places are multiplied together: enough that filters or sums, which are larger than the caches, are seldom read.
static int64_t imagesInHand(const DirectShape *shape) { return (127 + placesOf(shape)) / placesOf(shape); }

/// Where in a plane a tap of the output (i, j) lies, in places; negative on the padding.
static inline int64_t placeOfTap(const DirectShape *shape, int64_t tap, int64_t i, int64_t j) {
    int64_t row = i * shape->stride + tap / shape->size - shape->padding;
    int64_t column = j * shape->stride + tap % shape->size - shape->padding;
    return row < 0 || row >= shape->height || column < 0 || column >= shape->width ? -1 : row * shape->width + column;
}

size_t direct_gradient_packed_count(const DirectShape *shape) {
    return (size_t)(tapsOf(shape) * shape->inChannels * shape->outChannels);
}

size_t direct_input_gradient_scratch_count(const DirectShape *shape) {
    return (size_t)(imagesInHand(shape) * placesOf(shape) * (shape->inChannels + shape->outChannels));
}

size_t direct_weight_gradient_scratch_count(const DirectShape *shape) {
    return direct_gradient_packed_count(shape) + direct_input_gradient_scratch_count(shape);
}

void direct_gradient_pack(const DirectShape *shape, const float *weights, float *packed) {
    int64_t in = shape->inChannels, out = shape->outChannels, taps = tapsOf(shape), panel = 2 * convolution_block();
    for (int64_t c = 0; c < in; c += panel) {
        for (int64_t k = 0; k < out; k++) {
            const float *source = weights + (k * in + c) * taps;
            float *target = packed + (c / panel * out + k) * panel;
            for (int64_t tap = 0; tap < taps; tap++) {
                for (int64_t lane = 0; lane < panel; lane++) target[tap * in * out + lane] = source[lane * taps + tap];
            }
        }
    }
}

#if defined(__x86_64__)

#define KERNELS "gradient_kernels.h"
#include "for_each_width.h"

void direct_input_gradient(
    const DirectShape *shape, int64_t images, const float *dy, const float *packed, float *dx, float *scratch) {
    if (convolution_block() == 16) {
        inputGradient_avx512(shape, images, dy, packed, dx, scratch);
    } else {
        inputGradient_avx2(shape, images, dy, packed, dx, scratch);
    }
}

void direct_weight_gradient(
    const DirectShape *shape, int64_t images, const float *x, const float *dy, float *dweights, float *dbias,
    float *scratch) {
    if (convolution_block() == 16) {
        weightGradientOfTaps_avx512(shape, images, x, dy, dweights, dbias, scratch);
    } else {
        weightGradientOfTaps_avx2(shape, images, x, dy, dweights, dbias, scratch);
    }
}

#else

void direct_input_gradient(
    const DirectShape *shape, int64_t images, const float *dy, const float *packed, float *dx, float *scratch) {
    (void)shape, (void)images, (void)dy, (void)packed, (void)dx, (void)scratch;
    __builtin_trap();
}

void direct_weight_gradient(
    const DirectShape *shape, int64_t images, const float *x, const float *dy, float *dweights, float *dbias,
    float *scratch) {
    (void)shape, (void)images, (void)x, (void)dy, (void)dweights, (void)dbias, (void)scratch;
    __builtin_trap();
}

#endif
