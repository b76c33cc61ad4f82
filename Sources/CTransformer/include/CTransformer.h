#pragma once

// What transformers compute, with vector instructions: AVX2 or AVX-512, whichever the processor has. Tokens are rows,
// [tokens, width]; matrices are row-major. Every call runs on the calling thread alone.
//
// Every element of a product is one sum over the depth in ascending order, whatever the number of rows: a row's result does
// not depend on the rows it is computed with.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Floats in a vector: 8 with AVX2, 16 with AVX-512, 0 on processors that have neither; nothing else may then be called.
int64_t transformer_lanes(void);

/// Whether the processor multiplies bfloat16 numbers, and so faster than floats.
bool transformer_has_bfloat16(void);

/// Columns in a panel of a packed matrix; widths of products are multiples of it.
int64_t transformer_panel(void);

/// Rows in a panel of a packed left matrix.
int64_t transformer_tile_rows(void);

// MARK: Products. In bfloat16, an element is a pair of numbers that follow each other along the depth, which is even.

/// A matrix whose element (k, j), or (i, k), is at base[k * depthStride + j * otherStride].
typedef struct {
    const float *base;
    int64_t depthStride, otherStride;
} TransformerMatrix;

/// Brings a right matrix [depth, columns] into panels. Of columns * depth floats, or half as many for bfloat16.
void transformer_pack(bool bfloat16, int64_t columns, int64_t depth, TransformerMatrix b, void *panels);

/// Brings a left matrix [rows, depth] with rows side by side in memory (otherStride 1) into panels of transformer_tile_rows(),
/// the last one padded with zeros.
void transformer_pack_left(bool bfloat16, int64_t rows, int64_t depth, TransformerMatrix a, void *panels);

/// The nearest bfloat16 of every float; halfway cases to even.
void transformer_round(int64_t count, const float *x, uint16_t *y);

/// c = a b + bias, or c += a b + bias if it adds; a is [rows, depth] row by row, of floats or of bfloat16 numbers. bias
/// [columns] may be NULL.
void transformer_product(
    bool bfloat16, int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias,
    bool adds, float *c);

/// The same of a left matrix in panels.
void transformer_product_packed(
    bool bfloat16, int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c);

// MARK: Row by row; widths are multiples of transformer_lanes()

/// y = (x - mean)/deviation * gain + bias; moments [rows, 2] takes each row's mean and 1/deviation, or is NULL.
void transformer_normalise(
    int64_t rows, int64_t width, const float *x, const float *gain, const float *bias, float *y, float *moments);

/// dx, and what the rows add to dgain and dbias.
void transformer_normalise_gradient(
    int64_t rows, int64_t width, const float *dy, const float *x, const float *moments, const float *gain, float *dx,
    float *dgain, float *dbias);

/// x Phi(x), with the normal distribution function Phi exact to the last bits of a float.
void transformer_gelu(int64_t count, const float *x, float *y);
void transformer_gelu_gradient(int64_t count, const float *dy, const float *x, float *dx);

// MARK: Attention of one image

typedef struct {
    /// tokens and the width of one head are multiples of transformer_lanes().
    int64_t tokens, heads, headWidth;
} TransformerAttention;

size_t transformer_attention_scratch_count(const TransformerAttention *shape);

/// softmax(q k^T / sqrt(headWidth)) v of each head: qkv [tokens, 3, heads, headWidth] to y [tokens, heads, headWidth].
/// probabilities [heads, tokens, tokens] takes the softmax, or is NULL.
void transformer_attention(
    const TransformerAttention *shape, const float *qkv, float *y, float *probabilities, float *scratch);

void transformer_attention_gradient(
    const TransformerAttention *shape, const float *dy, const float *qkv, const float *probabilities, float *dqkv,
    float *scratch);

// MARK: A whole pre-norm block, for inference: a = x + attention(norm1(x)), y = a + fc2(gelu(fc1(norm2(a))))

typedef struct {
    TransformerAttention attention;
    int64_t hidden;
    bool bfloat16;
} TransformerBlock;

/// The weights as PyTorch has them, [outputs, inputs].
typedef struct {
    const float *norm1Weight, *norm1Bias, *qkvWeight, *qkvBias, *projectionWeight, *projectionBias;
    const float *norm2Weight, *norm2Bias, *fc1Weight, *fc1Bias, *fc2Weight, *fc2Bias;
} TransformerWeights;

/// Whether there are kernels for such a block.
bool transformer_block_suits(const TransformerBlock *shape);

/// How many floats the packed weights have, and the memory that a call works in.
size_t transformer_block_packed_count(const TransformerBlock *shape);
size_t transformer_block_scratch_count(const TransformerBlock *shape);

void transformer_block_pack(const TransformerBlock *shape, const TransformerWeights *weights, float *packed);

/// One image: x [tokens, width] becomes y, in place. packed and scratch are aligned to 64 bytes; scratch is the caller's alone.
void transformer_block(const TransformerBlock *shape, const float *packed, float *x, float *scratch);
