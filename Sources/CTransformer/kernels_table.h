#pragma once

// The kernels of one vector width.

#include "CTransformer.h"

#define INLINE static inline __attribute__((always_inline))

static const float normalisationEpsilon = 1e-5f;

typedef struct {
    int64_t lanes, panel, tileRows;
    void (*multiply)(
        int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias, bool adds,
        float *c);
    void (*multiplyPacked)(
        int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c);
    void (*normalise)(
        int64_t rows, int64_t width, const float *x, const float *gain, const float *bias, float *y, float *moments);
    void (*normaliseGradient)(
        int64_t rows, int64_t width, const float *dy, const float *x, const float *moments, const float *gain, float *dx,
        float *dgain, float *dbias);
    void (*gelu)(int64_t count, const float *x, float *y);
    void (*geluGradient)(int64_t count, const float *dy, const float *x, float *dx);
    void (*attention)(
        const TransformerAttention *shape, const float *qkv, float *y, float *probabilities, float *scratch);
    void (*attentionGradient)(
        const TransformerAttention *shape, const float *dy, const float *qkv, const float *probabilities, float *dqkv,
        float *scratch);
} TransformerKernels;

// In bfloat16.c, for AVX-512 with its bfloat16 products.

void transformer_bfloat16_multiply(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias, bool adds,
    float *c);
void transformer_bfloat16_multiply_packed(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c);
void transformer_bfloat16_round(int64_t count, const float *x, uint16_t *y);
/// Rounds pairs of rows, [depth][count] a `stride` apart, into one panel: [depth / 2][lanes], with zeros beyond `count`.
void transformer_bfloat16_pair_rows(
    int64_t lanes, int64_t count, int64_t depth, const float *x, int64_t stride, uint32_t *panel);
