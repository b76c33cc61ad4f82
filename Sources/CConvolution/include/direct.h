#pragma once

// Convolutions by their definition, for pictures too small or filters too far apart for Winograd's algorithm. Filters are read
// once an image, in the order in which they lie in memory.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t height, width, outHeight, outWidth;
    /// A multiple of convolution_block().
    int64_t inChannels;
    /// A multiple of twice the block.
    int64_t outChannels;
    int64_t size, stride, padding;
    /// Whether max(y, 0) is what is stored.
    bool relu;
} DirectShape;

/// Channels in a block: 8 with AVX2, 16 with AVX-512, 0 on processors that have neither; nothing else may then be called.
int64_t convolution_block(void);

/// How many floats the packed filters have, and the memory that a call works in.
size_t direct_packed_count(const DirectShape *shape);
size_t direct_scratch_count(const DirectShape *shape);

/// Brings filters [out, in, size, size] into the order [out / 2 blocks, in / block, size, size, block, 2 blocks].
void direct_pack(const DirectShape *shape, const float *weights, float *packed);

/// y = x * filters + bias + residual for one image. bias [out] and residual (as y) may be NULL; scratch is the caller's alone.
/// packed and scratch are aligned to 64 bytes.
void direct_convolve(
    const DirectShape *shape, const float *x, const float *packed, const float *bias, const float *residual, float *y,
    float *scratch);

// Gradients, tap by tap, for a whole batch; inChannels is a multiple of twice the block, too.

size_t direct_gradient_packed_count(const DirectShape *shape);
size_t direct_input_gradient_scratch_count(const DirectShape *shape);
size_t direct_weight_gradient_scratch_count(const DirectShape *shape);

/// Brings filters [out, in, size, size] into the order [size, size, in / 2 blocks, out, 2 blocks].
void direct_gradient_pack(const DirectShape *shape, const float *weights, float *packed);

/// dx of `images` images.
void direct_input_gradient(
    const DirectShape *shape, int64_t images, const float *dy, const float *packed, float *dx, float *scratch);

/// dweights [out, in, size, size] and dbias [out], summed over `images` images.
void direct_weight_gradient(
    const DirectShape *shape, int64_t images, const float *x, const float *dy, float *dweights, float *dbias,
    float *scratch);
