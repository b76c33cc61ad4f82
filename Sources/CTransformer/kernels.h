// The kernels for one vector width (for_each_width.h).

#include "vectors.h"

#if LANES == 16
#define TILE_ROWS 8
#define PANEL_VECTORS 3
#define ATTENTION_VECTORS 4
#else
// Twelve sums, two vectors and a number leave one of the 16 registers free, which the compiler needs.
#define TILE_ROWS 6
#define PANEL_VECTORS 2
#define ATTENTION_VECTORS 2
#endif
#define PANEL (PANEL_VECTORS * LANES)

#define ELEMENT float
#define STEP(sum, a, b) sum += *(a) * (b)
#include "products.h"
#undef ELEMENT
#undef STEP

/// c [rows, columns] = a b for row-major b; columns is a multiple of LANES.
static void NAME(small)(
    int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t aStride, int64_t aStep, const float *b,
    int64_t bStride, float *c, int64_t cStride) {
    int64_t j = 0;
    for (; j + ATTENTION_VECTORS * LANES <= columns; j += ATTENTION_VECTORS * LANES) {
        int64_t i = 0;
        for (; i + 4 <= rows; i += 4) {
            NAME(tile)(
                4, ATTENTION_VECTORS, depth, a + i * aStride, aStride, aStep, b + j, bStride, NULL, NULL, false,
                c + i * cStride + j, cStride);
        }
        for (; i < rows; i++) {
            NAME(tile)(
                1, ATTENTION_VECTORS, depth, a + i * aStride, aStride, aStep, b + j, bStride, NULL, NULL, false,
                c + i * cStride + j, cStride);
        }
    }
    for (; j < columns; j += LANES) {
        for (int64_t i = 0; i < rows; i++) {
            NAME(tile)(
                1, 1, depth, a + i * aStride, aStride, aStep, b + j, bStride, NULL, NULL, false, c + i * cStride + j,
                cStride);
        }
    }
}

static void NAME(normalise)(
    int64_t rows, int64_t width, const float *x, const float *gain, const float *bias, float *y, float *moments) {
    for (int64_t row = 0; row < rows; row++, x += width, y += width) {
        VECTOR total = {0};
        for (int64_t i = 0; i < width; i += LANES) total += NAME(load)(x + i);
        float mean = NAME(sum)(total) / (float)width;
        VECTOR squares = {0};
        for (int64_t i = 0; i < width; i += LANES) {
            VECTOR distance = NAME(load)(x + i) - mean;
            squares += distance * distance;
        }
        float inverse = 1 / sqrtf(NAME(sum)(squares) / (float)width + normalisationEpsilon);
        for (int64_t i = 0; i < width; i += LANES) {
            VECTOR normal = (NAME(load)(x + i) - mean) * inverse;
            NAME(store)(y + i, normal * NAME(load)(gain + i) + NAME(load)(bias + i));
        }
        if (moments) {
            moments[2 * row] = mean;
            moments[2 * row + 1] = inverse;
        }
    }
}

/// With x^ = (x - mean)/deviation and g = dy gain: dx = (g - mean g - x^ mean(g x^))/deviation.
static void NAME(normaliseGradient)(
    int64_t rows, int64_t width, const float *dy, const float *x, const float *moments, const float *gain, float *dx,
    float *dgain, float *dbias) {
    for (int64_t row = 0; row < rows; row++, x += width, dy += width, dx += width) {
        float mean = moments[2 * row], inverse = moments[2 * row + 1];
        VECTOR total = {0}, slope = {0};
        for (int64_t i = 0; i < width; i += LANES) {
            VECTOR d = NAME(load)(dy + i), normal = (NAME(load)(x + i) - mean) * inverse;
            NAME(store)(dgain + i, NAME(load)(dgain + i) + d * normal);
            NAME(store)(dbias + i, NAME(load)(dbias + i) + d);
            VECTOR g = d * NAME(load)(gain + i);
            total += g;
            slope += g * normal;
        }
        float meanOfG = NAME(sum)(total) / (float)width, slopeOfG = NAME(sum)(slope) / (float)width;
        for (int64_t i = 0; i < width; i += LANES) {
            VECTOR normal = (NAME(load)(x + i) - mean) * inverse;
            VECTOR g = NAME(load)(dy + i) * NAME(load)(gain + i);
            NAME(store)(dx + i, (g - meanOfG - normal * slopeOfG) * inverse);
        }
    }
}

INLINE VECTOR NAME(geluOf)(VECTOR x) { return x * NAME(phi)(x); }

static void NAME(gelu)(int64_t count, const float *x, float *y) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) NAME(store)(y + i, NAME(geluOf)(NAME(load)(x + i)));
    if (i == count) return;
    float rest[LANES] = {0};
    memcpy(rest, x + i, (size_t)(count - i) * sizeof *x);
    NAME(store)(rest, NAME(geluOf)(NAME(load)(rest)));
    memcpy(y + i, rest, (size_t)(count - i) * sizeof *x);
}

/// d(x Phi(x)) = Phi(x) + x phi(x), with the normal density phi.
INLINE VECTOR NAME(geluSlope)(VECTOR x) {
    return NAME(phi)(x) + x * (0.398942280f * NAME(exp)(-0.5f * x * x));
}

static void NAME(geluGradient)(int64_t count, const float *dy, const float *x, float *dx) {
    int64_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        NAME(store)(dx + i, NAME(load)(dy + i) * NAME(geluSlope)(NAME(load)(x + i)));
    }
    if (i == count) return;
    float rest[LANES] = {0};
    memcpy(rest, x + i, (size_t)(count - i) * sizeof *x);
    NAME(store)(rest, NAME(geluSlope)(NAME(load)(rest)));
    for (int64_t j = 0; i + j < count; j++) dx[i + j] = dy[i + j] * rest[j];
}

/// t [columns, rows] = the transpose of x [rows, columns].
static void NAME(transpose)(int64_t rows, int64_t columns, const float *x, int64_t stride, float *t) {
    for (int64_t j = 0; j < columns; j += 16) {
        for (int64_t i = 0; i < rows; i++) {
            const float *source = x + i * stride + j;
            float *target = t + j * rows + i;
            int64_t end = columns - j < 16 ? columns - j : 16;
            for (int64_t k = 0; k < end; k++) target[k * rows] = source[k];
        }
    }
}

/// softmax(scale x) of one row, in place.
static void NAME(softmax)(int64_t width, float scale, float *x) {
    VECTOR peaks = NAME(load)(x), total = {0};
    for (int64_t i = LANES; i < width; i += LANES) peaks = NAME(larger)(peaks, NAME(load)(x + i));
    float peak = NAME(largest)(peaks);
    for (int64_t i = 0; i < width; i += LANES) {
        VECTOR e = NAME(exp)((NAME(load)(x + i) - peak) * scale);
        NAME(store)(x + i, e);
        total += e;
    }
    float share = 1 / NAME(sum)(total);
    for (int64_t i = 0; i < width; i += LANES) NAME(store)(x + i, NAME(load)(x + i) * share);
}

static void NAME(attention)(
    const TransformerAttention *shape, const float *qkv, float *y, float *probabilities, float *scratch) {
    int64_t tokens = shape->tokens, headWidth = shape->headWidth, width = shape->heads * headWidth, stride = 3 * width;
    float *keys = scratch, *own = keys + tokens * headWidth, scale = 1 / sqrtf((float)headWidth);
    for (int64_t head = 0; head < shape->heads; head++) {
        const float *q = qkv + head * headWidth, *k = q + width, *v = k + width;
        float *p = probabilities ? probabilities + head * tokens * tokens : own;
        NAME(transpose)(tokens, headWidth, k, stride, keys);
        NAME(small)(tokens, tokens, headWidth, q, stride, 1, keys, tokens, p, tokens);
        for (int64_t row = 0; row < tokens; row++) NAME(softmax)(tokens, scale, p + row * tokens);
        NAME(small)(tokens, headWidth, tokens, p, tokens, 1, v, stride, y + head * headWidth, width);
    }
}

/// With o = p v and p = softmax(s q k^T): dv = p^T do, dp = do v^T, dq = s p (dp - sum(dp p)) k, dk likewise with q.
static void NAME(attentionGradient)(
    const TransformerAttention *shape, const float *dy, const float *qkv, const float *probabilities, float *dqkv,
    float *scratch) {
    int64_t tokens = shape->tokens, headWidth = shape->headWidth, width = shape->heads * headWidth, stride = 3 * width;
    float *values = scratch, *ds = values + tokens * headWidth, scale = 1 / sqrtf((float)headWidth);
    for (int64_t head = 0; head < shape->heads; head++) {
        const float *q = qkv + head * headWidth, *k = q + width, *v = k + width;
        float *dq = dqkv + head * headWidth, *dk = dq + width, *dv = dk + width;
        const float *p = probabilities + head * tokens * tokens, *dout = dy + head * headWidth;
        NAME(small)(tokens, headWidth, tokens, p, 1, tokens, dout, width, dv, stride);
        NAME(transpose)(tokens, headWidth, v, stride, values);
        NAME(small)(tokens, tokens, headWidth, dout, width, 1, values, tokens, ds, tokens);
        for (int64_t row = 0; row < tokens; row++) {
            const float *pRow = p + row * tokens;
            float *dsRow = ds + row * tokens;
            VECTOR total = {0};
            for (int64_t i = 0; i < tokens; i += LANES) total += NAME(load)(dsRow + i) * NAME(load)(pRow + i);
            float mean = NAME(sum)(total);
            for (int64_t i = 0; i < tokens; i += LANES) {
                NAME(store)(dsRow + i, scale * NAME(load)(pRow + i) * (NAME(load)(dsRow + i) - mean));
            }
        }
        NAME(small)(tokens, headWidth, tokens, ds, tokens, 1, k, stride, dq, stride);
        NAME(small)(tokens, headWidth, tokens, ds, 1, tokens, q, stride, dk, stride);
    }
}

static void NAME(multiplyFloats)(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, const float *bias, bool adds,
    float *c) {
    NAME(multiply)(rows, columns, depth, a, depth, 1, TILE_ROWS * depth, panels, bias, adds, c);
}

static void NAME(multiplyPackedFloats)(
    int64_t rows, int64_t columns, int64_t depth, const void *a, const void *panels, bool adds, float *c) {
    NAME(multiply)(rows, columns, depth, a, 1, TILE_ROWS, TILE_ROWS * depth, panels, NULL, adds, c);
}

static const TransformerKernels NAME(transformerKernels) = {
    LANES, PANEL, TILE_ROWS, NAME(multiplyFloats), NAME(multiplyPackedFloats), NAME(normalise), NAME(normaliseGradient),
    NAME(gelu), NAME(geluGradient), NAME(attention), NAME(attentionGradient),
};

#undef VECTOR
#undef INTEGERS
#undef TILE_ROWS
#undef PANEL_VECTORS
#undef PANEL
#undef ATTENTION_VECTORS
