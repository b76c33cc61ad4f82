#include "CConvolution.h"

#include <string.h>

static int64_t paddedPlane(const DirectShape *shape) {
    return (shape->height + 2 * shape->padding) * (shape->width + 2 * shape->padding);
}

/// Copies an image into a frame of zeros.
static void pad(const DirectShape *shape, int64_t lanes, const float *x, float *padded) {
    int64_t row = shape->width * lanes, margin = shape->padding * lanes, paddedRow = row + 2 * margin;
    for (int64_t block = 0; block < shape->inChannels / lanes; block++) {
        memset(padded, 0, (size_t)(shape->padding * paddedRow) * sizeof *padded);
        padded += shape->padding * paddedRow;
        for (int64_t i = 0; i < shape->height; i++, x += row, padded += paddedRow) {
            memset(padded, 0, (size_t)margin * sizeof *padded);
            memcpy(padded + margin, x, (size_t)row * sizeof *padded);
            memset(padded + margin + row, 0, (size_t)margin * sizeof *padded);
        }
        memset(padded, 0, (size_t)(shape->padding * paddedRow) * sizeof *padded);
        padded += shape->padding * paddedRow;
    }
}

/// Where each output's window begins in a padded plane, and where each tap lies from there, in floats.
static void findStarts(const DirectShape *shape, int64_t lanes, int64_t *starts, int64_t *taps) {
    int64_t width = shape->width + 2 * shape->padding;
    for (int64_t i = 0; i < shape->outHeight; i++) {
        for (int64_t j = 0; j < shape->outWidth; j++) *starts++ = (i * width + j) * shape->stride * lanes;
    }
    for (int64_t i = 0; i < shape->size; i++) {
        for (int64_t j = 0; j < shape->size; j++) *taps++ = (i * width + j) * lanes;
    }
}

size_t direct_packed_count(const DirectShape *shape) {
    return (size_t)(shape->inChannels * shape->outChannels * shape->size * shape->size);
}

size_t direct_scratch_count(const DirectShape *shape) {
    int64_t places = shape->outHeight * shape->outWidth, taps = shape->size * shape->size;
    int64_t tables = (places + taps) * (int64_t)(sizeof(int64_t) / sizeof(float));
    return (size_t)(paddedPlane(shape) * shape->inChannels + places * 2 * convolution_block() + tables);
}

void direct_pack(const DirectShape *shape, const float *weights, float *packed) {
    int64_t lanes = convolution_block(), taps = shape->size * shape->size;
    for (int64_t panel = 0; panel < shape->outChannels; panel += 2 * lanes) {
        for (int64_t block = 0; block < shape->inChannels; block += lanes) {
            const float *source = weights + (panel * shape->inChannels + block) * taps;
            for (int64_t i = 0; i < lanes * taps; i++) {
                float *target = packed + (i % taps * lanes + i / taps) * 2 * lanes;
                for (int64_t k = 0; k < 2 * lanes; k++) target[k] = source[k * shape->inChannels * taps + i];
            }
            packed += taps * lanes * 2 * lanes;
        }
    }
}

#if defined(__x86_64__)

#define KERNELS "direct_kernels.h"
#include "for_each_width.h"

int64_t convolution_block(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return 16;
    }
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 0;
}

void direct_convolve(
    const DirectShape *shape, const float *x, const float *packed, const float *bias, const float *residual, float *y,
    float *scratch) {
    if (convolution_block() == 16) {
        directConvolve_avx512(shape, x, packed, bias, residual, y, scratch);
    } else {
        directConvolve_avx2(shape, x, packed, bias, residual, y, scratch);
    }
}

#else

int64_t convolution_block(void) { return 0; }

void direct_convolve(
    const DirectShape *shape, const float *x, const float *packed, const float *bias, const float *residual, float *y,
    float *scratch) {
    (void)shape, (void)x, (void)packed, (void)bias, (void)residual, (void)y, (void)scratch;
    __builtin_trap();
}

#endif
