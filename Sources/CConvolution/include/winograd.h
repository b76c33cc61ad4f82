#pragma once

// Convolutions with 3x3 filters, stride 1 and padding 1 by Winograd's minimal filtering F(4x4, 3x3): 36 products for 16 outputs
// where the definition takes 144 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016).
//
// A tile is a square of 4x4 outputs; an output depends on its own tile alone, bit for bit, whichever tiles are
// computed with it.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t batch, height, width;
    /// A multiple of the block.
    int64_t inChannels;
    /// A multiple of twice the block.
    int64_t outChannels;
    /// Whether max(y, 0) is what is stored.
    bool relu;
} WinogradShape;

/// How many floats the packed filters have, and the memory that a call works in.
size_t winograd_packed_count(const WinogradShape *shape);
size_t winograd_scratch_count(const WinogradShape *shape);
size_t winograd_gradient_scratch_count(const WinogradShape *shape);

/// Brings filters [out, in, 3, 3] into the domain of the products; or, for the input gradient of a convolution with filters
/// [in, out, 3, 3], those turned by half a turn.
void winograd_pack(const WinogradShape *shape, bool forGradient, const float *weights, float *packed);

int64_t winograd_tile_count(const WinogradShape *shape);

/// y = x * filters + bias + residual for the tiles from `first` up to `end`. bias [out] and residual (as y) may be NULL; scratch
/// is the caller's alone. packed and scratch are aligned to 64 bytes.
void winograd_convolve(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch);

/// dweights [out, in, 3, 3] and dbias [out], summed over the tiles from `first` up to `end`, for inputs x and gradients dy of the
/// outputs. scratch is the caller's alone, winograd_gradient_scratch_count() floats aligned to 64 bytes.
void winograd_weight_gradient(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *dy, float *dweights,
    float *dbias, float *scratch);
