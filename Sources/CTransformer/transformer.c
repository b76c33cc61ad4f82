#include "CTransformer.h"

#include <math.h>
#include <string.h>

#include "kernels_table.h"

#if defined(__x86_64__)

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#define KERNELS "../CTransformer/kernels.h"
#include "../CConvolution/for_each_width.h"
#pragma clang diagnostic pop

int64_t transformer_lanes(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return 16;
    }
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 0;
}

bool transformer_has_bfloat16(void) { return transformer_lanes() == 16 && __builtin_cpu_supports("avx512bf16"); }

static const TransformerKernels *kernels(void) {
    return transformer_lanes() == 16 ? &transformerKernels_avx512 : &transformerKernels_avx2;
}

#else

int64_t transformer_lanes(void) { return 0; }
bool transformer_has_bfloat16(void) { return false; }

static const TransformerKernels *kernels(void) { __builtin_trap(); }

void transformer_bfloat16_multiply(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias, bool adds,
    float *c) {
    (void)rows, (void)columns, (void)depth, (void)a, (void)panels, (void)bias, (void)adds, (void)c;
    __builtin_trap();
}

void transformer_bfloat16_multiply_packed(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c) {
    (void)rows, (void)columns, (void)depth, (void)a, (void)panels, (void)adds, (void)c;
    __builtin_trap();
}

void transformer_bfloat16_round(int64_t count, const float *x, uint16_t *y) {
    (void)count, (void)x, (void)y;
    __builtin_trap();
}

void transformer_bfloat16_pair_rows(
    int64_t lanes, int64_t count, int64_t depth, const float *x, int64_t stride, uint32_t *panel) {
    (void)lanes, (void)count, (void)depth, (void)x, (void)stride, (void)panel;
    __builtin_trap();
}

#endif

int64_t transformer_panel(void) { return kernels()->panel; }

int64_t transformer_tile_rows(void) { return kernels()->tileRows; }

void transformer_round(int64_t count, const float *x, uint16_t *y) { transformer_bfloat16_round(count, x, y); }

// MARK: Packing

enum { piece = 64 };

/// One panel of `lanes` rows or columns, of which the first `count` exist: [depth][lanes].
static void packFloats(int64_t lanes, int64_t count, int64_t depth, TransformerMatrix m, float *panel) {
    if (m.otherStride == 1 && count == lanes) {
        for (int64_t k = 0; k < depth; k++) {
            memcpy(panel + k * lanes, m.base + k * m.depthStride, (size_t)lanes * sizeof *panel);
        }
        return;
    }
    if (count < lanes) memset(panel, 0, (size_t)(lanes * depth) * sizeof *panel);
    // In pieces, so that a cache line is written in full while it is at hand.
    for (int64_t first = 0; first < depth; first += piece) {
        int64_t end = depth - first < piece ? depth : first + piece;
        for (int64_t j = 0; j < count; j++) {
            const float *source = m.base + j * m.otherStride;
            for (int64_t k = first; k < end; k++) panel[k * lanes + j] = source[k * m.depthStride];
        }
    }
}

/// The same of pairs of bfloat16 numbers: [depth / 2][lanes].
static void packPairs(int64_t lanes, int64_t count, int64_t depth, TransformerMatrix m, uint32_t *panel) {
    if (m.otherStride == 1) {
        transformer_bfloat16_pair_rows(lanes, count, depth, m.base, m.depthStride, panel);
        return;
    }
    uint16_t rounded[2 * piece];
    if (count < lanes) memset(panel, 0, (size_t)(lanes * depth / 2) * sizeof *panel);
    for (int64_t first = 0; first < depth; first += 2 * piece) {
        int64_t length = depth - first < 2 * piece ? depth - first : 2 * piece;
        for (int64_t j = 0; j < count; j++) {
            float values[2 * piece];
            const float *source = m.base + j * m.otherStride + first * m.depthStride;
            if (m.depthStride != 1) {
                for (int64_t k = 0; k < length; k++) values[k] = source[k * m.depthStride];
                source = values;
            }
            transformer_bfloat16_round(length, source, rounded);
            uint32_t *target = panel + first / 2 * lanes + j;
            for (int64_t k = 0; k < length / 2; k++) {
                target[k * lanes] = rounded[2 * k] | (uint32_t)rounded[2 * k + 1] << 16;
            }
        }
    }
}

static void packPanels(
    bool bfloat16, int64_t lanes, int64_t count, int64_t depth, TransformerMatrix m, void *panels) {
    int64_t size = lanes * (bfloat16 ? depth / 2 : depth);
    for (int64_t first = 0; first < count; first += lanes) {
        int64_t present = count - first < lanes ? count - first : lanes;
        TransformerMatrix part = {m.base + first * m.otherStride, m.depthStride, m.otherStride};
        if (bfloat16) {
            packPairs(lanes, present, depth, part, (uint32_t *)panels + first / lanes * size);
        } else {
            packFloats(lanes, present, depth, part, (float *)panels + first / lanes * size);
        }
    }
}

void transformer_pack(bool bfloat16, int64_t columns, int64_t depth, TransformerMatrix b, void *panels) {
    packPanels(bfloat16, kernels()->panel, columns, depth, b, panels);
}

void transformer_pack_left(bool bfloat16, int64_t rows, int64_t depth, TransformerMatrix a, void *panels) {
    packPanels(bfloat16, kernels()->tileRows, rows, depth, a, panels);
}

// MARK: Kernels

void transformer_product(
    bool bfloat16, int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias,
    bool adds, float *c) {
    (bfloat16 ? transformer_bfloat16_multiply : kernels()->multiply)(rows, columns, depth, a, panels, bias, adds, c);
}

void transformer_product_packed(
    bool bfloat16, int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c) {
    (bfloat16 ? transformer_bfloat16_multiply_packed : kernels()->multiplyPacked)(
        rows, columns, depth, a, panels, adds, c);
}

void transformer_normalise(
    int64_t rows, int64_t width, const float *x, const float *gain, const float *bias, float *y, float *moments) {
    kernels()->normalise(rows, width, x, gain, bias, y, moments);
}

void transformer_normalise_gradient(
    int64_t rows, int64_t width, const float *dy, const float *x, const float *moments, const float *gain, float *dx,
    float *dgain, float *dbias) {
    kernels()->normaliseGradient(rows, width, dy, x, moments, gain, dx, dgain, dbias);
}

void transformer_gelu(int64_t count, const float *x, float *y) { kernels()->gelu(count, x, y); }

void transformer_gelu_gradient(int64_t count, const float *dy, const float *x, float *dx) {
    kernels()->geluGradient(count, dy, x, dx);
}

size_t transformer_attention_scratch_count(const TransformerAttention *shape) {
    return (size_t)(shape->tokens * (shape->headWidth + shape->tokens));
}

void transformer_attention(
    const TransformerAttention *shape, const float *qkv, float *y, float *probabilities, float *scratch) {
    kernels()->attention(shape, qkv, y, probabilities, scratch);
}

void transformer_attention_gradient(
    const TransformerAttention *shape, const float *dy, const float *qkv, const float *probabilities, float *dqkv,
    float *scratch) {
    kernels()->attentionGradient(shape, dy, qkv, probabilities, dqkv, scratch);
}

// MARK: Blocks

static int64_t widthOf(const TransformerBlock *shape) { return shape->attention.heads * shape->attention.headWidth; }

bool transformer_block_suits(const TransformerBlock *shape) {
    int64_t lanes = transformer_lanes();
    if (lanes == 0 || (shape->bfloat16 && !transformer_has_bfloat16())) return false;
    const TransformerAttention *attention = &shape->attention;
    int64_t panel = transformer_panel();
    return attention->tokens % lanes == 0 && attention->headWidth % lanes == 0 && widthOf(shape) % panel == 0 &&
        shape->hidden % panel == 0;
}

/// Where the parts of the packed weights begin, in floats; each is a multiple of 16.
typedef struct {
    int64_t qkv, projection, fc1, fc2, norm1, norm2, qkvBias, projectionBias, fc1Bias, fc2Bias, end;
} Places;

static Places placesOf(const TransformerBlock *shape) {
    int64_t width = widthOf(shape), hidden = shape->hidden, share = shape->bfloat16 ? 2 : 1;
    Places p = {0};
    p.projection = p.qkv + 3 * width * width / share;
    p.fc1 = p.projection + width * width / share;
    p.fc2 = p.fc1 + width * hidden / share;
    p.norm1 = p.fc2 + hidden * width / share;
    p.norm2 = p.norm1 + 2 * width;
    p.qkvBias = p.norm2 + 2 * width;
    p.projectionBias = p.qkvBias + 3 * width;
    p.fc1Bias = p.projectionBias + width;
    p.fc2Bias = p.fc1Bias + hidden;
    p.end = p.fc2Bias + width;
    return p;
}

size_t transformer_block_packed_count(const TransformerBlock *shape) { return (size_t)placesOf(shape).end; }

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

size_t transformer_block_scratch_count(const TransformerBlock *shape) {
    int64_t tokens = shape->attention.tokens, width = widthOf(shape);
    return (size_t)(tokens * (2 * width + larger(3 * width, shape->hidden) + larger(width, shape->hidden) / 2)) +
        transformer_attention_scratch_count(&shape->attention);
}

void transformer_block_pack(const TransformerBlock *shape, const TransformerWeights *w, float *packed) {
    int64_t width = widthOf(shape), hidden = shape->hidden;
    Places p = placesOf(shape);
    bool half = shape->bfloat16;
    transformer_pack(half, 3 * width, width, (TransformerMatrix){w->qkvWeight, 1, width}, packed + p.qkv);
    transformer_pack(half, width, width, (TransformerMatrix){w->projectionWeight, 1, width}, packed + p.projection);
    transformer_pack(half, hidden, width, (TransformerMatrix){w->fc1Weight, 1, width}, packed + p.fc1);
    transformer_pack(half, width, hidden, (TransformerMatrix){w->fc2Weight, 1, hidden}, packed + p.fc2);
    size_t row = (size_t)width * sizeof *packed;
    memcpy(packed + p.norm1, w->norm1Weight, row);
    memcpy(packed + p.norm1 + width, w->norm1Bias, row);
    memcpy(packed + p.norm2, w->norm2Weight, row);
    memcpy(packed + p.norm2 + width, w->norm2Bias, row);
    memcpy(packed + p.qkvBias, w->qkvBias, 3 * row);
    memcpy(packed + p.projectionBias, w->projectionBias, row);
    memcpy(packed + p.fc1Bias, w->fc1Bias, (size_t)hidden * sizeof *packed);
    memcpy(packed + p.fc2Bias, w->fc2Bias, row);
}

void transformer_block(const TransformerBlock *shape, const float *packed, float *x, float *scratch) {
    int64_t tokens = shape->attention.tokens, width = widthOf(shape), hidden = shape->hidden;
    Places p = placesOf(shape);
    bool half = shape->bfloat16;
    float *normal = scratch, *mixed = normal + tokens * width, *wide = mixed + tokens * width;
    uint16_t *rounded = (uint16_t *)(wide + tokens * larger(3 * width, hidden));
    float *rest = wide + tokens * larger(3 * width, hidden) + tokens * larger(width, hidden) / 2;

    // What a product reads, in the numbers that it multiplies.
#define LEFT(values, count) (half ? (transformer_round(count, values, rounded), (const void *)rounded) : (values))
    transformer_normalise(tokens, width, x, packed + p.norm1, packed + p.norm1 + width, normal, NULL);
    transformer_product(
        half, tokens, 3 * width, width, LEFT(normal, tokens * width), packed + p.qkv, packed + p.qkvBias, false, wide);
    transformer_attention(&shape->attention, wide, mixed, NULL, rest);
    transformer_product(
        half, tokens, width, width, LEFT(mixed, tokens * width), packed + p.projection, packed + p.projectionBias, true,
        x);
    transformer_normalise(tokens, width, x, packed + p.norm2, packed + p.norm2 + width, normal, NULL);
    transformer_product(
        half, tokens, hidden, width, LEFT(normal, tokens * width), packed + p.fc1, packed + p.fc1Bias, false, wide);
    transformer_gelu(tokens * hidden, wide, wide);
    transformer_product(
        half, tokens, width, hidden, LEFT(wide, tokens * hidden), packed + p.fc2, packed + p.fc2Bias, true, x);
#undef LEFT
}
