// Products of bfloat16 numbers, summed as floats.

#include "kernels_table.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang attribute push(                                                                       \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma"))), apply_to = function)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"

#define LANES 16
#define NAME(function) function##_bfloat16
#include "vectors.h"
#define TILE_ROWS 8
#define PANEL_VECTORS 3
#define PANEL (PANEL_VECTORS * LANES)
#define ELEMENT int32_t
#define STEP(sum, a, b)                                                                                            \
    sum = (VECTOR)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)_mm512_set1_epi32(*(a)), (__m512bh)(b))
#include "products.h"

void transformer_bfloat16_multiply(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias, bool adds,
    float *c) {
    int64_t pairs = depth / 2;
    NAME(multiply)(rows, columns, pairs, a, pairs, 1, TILE_ROWS * pairs, panels, bias, adds, c);
}

void transformer_bfloat16_multiply_packed(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c) {
    int64_t pairs = depth / 2;
    NAME(multiply)(rows, columns, pairs, a, 1, TILE_ROWS, TILE_ROWS * pairs, panels, NULL, adds, c);
}

void transformer_bfloat16_round(int64_t count, const float *x, uint16_t *y) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        _mm256_storeu_si256((__m256i *)(y + i), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(x + i)));
    }
    if (i == count) return;
    __mmask16 rest = (__mmask16)((1 << (count - i)) - 1);
    _mm256_mask_storeu_epi16(y + i, rest, (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(rest, x + i)));
}

/// The first `count` of 16 numbers, if there are as many.
static __mmask16 first(int64_t count) { return count >= 16 ? 0xFFFF : (__mmask16)((1 << (count > 0 ? count : 0)) - 1); }

void transformer_bfloat16_pair_rows(
    int64_t lanes, int64_t count, int64_t depth, const float *x, int64_t stride, uint32_t *panel) {
    for (int64_t k = 0; k < depth; k += 2, x += 2 * stride, panel += lanes) {
        for (int64_t j = 0; j < lanes; j += 16) {
            __mmask16 present = first(count - j);
            __m512 low = _mm512_maskz_loadu_ps(present, x + j), high = _mm512_maskz_loadu_ps(present, x + stride + j);
            __m512i lowHalves = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
            __m512i highHalves = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
            _mm512_mask_storeu_epi32(
                panel + j, first(lanes - j), _mm512_or_si512(lowHalves, _mm512_slli_epi32(highHalves, 16)));
        }
    }
}

#pragma clang diagnostic pop
#pragma clang attribute pop

#endif
