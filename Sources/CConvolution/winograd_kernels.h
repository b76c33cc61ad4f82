// The kernels for one vector width (for_each_width.h).

#include "products_kernels.h"

// One dimension of the transforms; the matrices B^T and A^T of F(4, 3) with the points 0, 1, -1, 2, -2 and infinity.

static inline void NAME(toProducts)(VECTOR *out, const VECTOR *d, int stride) {
    VECTOR d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride], d4 = d[4 * stride], d5 = d[5 * stride];
    VECTOR even = d4 - 4 * d2, odd = d3 - 4 * d1, outerEven = d4 - d2, outerOdd = 2 * (d3 - d1);
    out[0] = 4 * d0 - 5 * d2 + d4;
    out[1] = even + odd;
    out[2] = even - odd;
    out[3] = outerEven + outerOdd;
    out[4] = outerEven - outerOdd;
    out[5] = 4 * d1 - 5 * d3 + d5;
}

static inline void NAME(fromProducts)(VECTOR *out, const VECTOR *m, int stride) {
    VECTOR m0 = m[0], m1 = m[stride], m2 = m[2 * stride], m3 = m[3 * stride], m4 = m[4 * stride], m5 = m[5 * stride];
    VECTOR sum = m1 + m2, difference = m1 - m2, outerSum = m3 + m4, outerDifference = m3 - m4;
    out[0] = m0 + sum + outerSum;
    out[1] = difference + 2 * outerDifference;
    out[2] = sum + 4 * outerSum;
    out[3] = difference + 8 * outerDifference + m5;
}

/// The 6x6 inputs of a tile, each channel block transformed, into v[product][block][tile][channel].
static void NAME(gather)(
    const WinogradShape *shape, Place place, const float *x, float *v, int64_t productStride, int64_t blockStride) {
    int64_t height = shape->height, width = shape->width, plane = height * width * LANES;
    int64_t top = place.row - 1, left = place.column - 1;
    bool isInside = top >= 0 && left >= 0 && top + 6 <= height && left + 6 <= width;
    for (int64_t block = 0; block < shape->inChannels / LANES; block++) {
        const float *source = x + (place.image * (shape->inChannels / LANES) + block) * plane;
        VECTOR d[36], w[36];
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                int64_t row = top + i, column = left + j;
                bool isThere = isInside || (row >= 0 && row < height && column >= 0 && column < width);
                d[i * 6 + j] = isThere ? NAME(load)(source + (row * width + column) * LANES) : (VECTOR){0};
            }
        }
        for (int j = 0; j < 6; j++) {
            VECTOR out[6];
            NAME(toProducts)(out, d + j, 6);
            for (int i = 0; i < 6; i++) w[i * 6 + j] = out[i];
        }
        for (int i = 0; i < 6; i++) {
            VECTOR out[6];
            NAME(toProducts)(out, w + i * 6, 1);
            for (int j = 0; j < 6; j++) {
                NAME(store)(v + (i * 6 + j) * productStride + block * blockStride, out[j]);
            }
        }
    }
}

/// A tile's 4x4 outputs from m[product][block][tile][channel].
static void NAME(scatter)(
    const WinogradShape *shape, Place place, const float *m, int64_t productStride, int64_t blockStride,
    const float *bias, const float *residual, float *y) {
    int64_t height = shape->height, width = shape->width, plane = height * width * LANES;
    for (int64_t block = 0; block < shape->outChannels / LANES; block++) {
        VECTOR products[36], w[24];
        for (int p = 0; p < 36; p++) products[p] = NAME(load)(m + p * productStride + block * blockStride);
        for (int j = 0; j < 6; j++) {
            VECTOR out[4];
            NAME(fromProducts)(out, products + j, 6);
            for (int i = 0; i < 4; i++) w[i * 6 + j] = out[i];
        }
        VECTOR shift = bias ? NAME(load)(bias + block * LANES) : (VECTOR){0};
        int64_t start = (place.image * (shape->outChannels / LANES) + block) * plane;
        for (int i = 0; i < 4 && place.row + i < height; i++) {
            VECTOR out[4];
            NAME(fromProducts)(out, w + i * 6, 1);
            for (int j = 0; j < 4 && place.column + j < width; j++) {
                int64_t target = start + ((place.row + i) * width + place.column + j) * LANES;
                VECTOR value = out[j] + shift;
                if (residual) value += NAME(load)(residual + target);
                if (shape->relu) value = (VECTOR)((__typeof__(value < 0))value & ~(value < 0));
                NAME(store)(y + target, value);
            }
        }
    }
}

static void NAME(convolve)(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *packed, const float *bias,
    const float *residual, float *y, float *scratch) {
    int64_t in = shape->inChannels, out = shape->outChannels, hand = tilesInHand(shape), block = hand * LANES;
    float *v = scratch, *m = v + 36 * hand * in;
    for (; first < end; first += hand) {
        int64_t count = end - first < hand ? end - first : hand;
        for (int64_t t = 0; t < count; t++) {
            NAME(gather)(shape, placeOf(shape, first + t), x, v + t * LANES, hand * in, block);
        }
        for (int p = 0; p < 36; p++) {
            NAME(multiply)(
                count, in, out, v + p * hand * in, packed + p * filterStride(shape), m + p * hand * out, block);
        }
        for (int64_t t = 0; t < count; t++) {
            NAME(scatter)(shape, placeOf(shape, first + t), m + t * LANES, hand * out, block, bias, residual, y);
        }
    }
}

// The filters' way into the domain of the products and their gradient's way back: G g G^T and G^T u G, in double precision.

typedef double NAME(Doubles) __attribute__((vector_size(8 * LANES)));
#define DOUBLES NAME(Doubles)

static void NAME(pack)(const WinogradShape *shape, bool forGradient, const float *weights, float *packed) {
    int64_t in = shape->inChannels, out = shape->outChannels, panel = 2 * LANES;
    int64_t nextLane = forGradient ? 9 : in * 9, nextChannel = forGradient ? out * 9 : 9;
    // Both halves of a panel in turn, so that a cache line is written whole.
    for (int64_t pair = 0; pair < out / panel * in * 2; pair++) {
        int64_t k = pair / 2 / in * panel + pair % 2 * LANES, c = pair / 2 % in;
        const float *filters = weights + k * nextLane + c * nextChannel;
        DOUBLES g[9], rows[6][3];
        for (int i = 0; i < 9; i++) {
            for (int lane = 0; lane < LANES; lane++) g[i][lane] = filters[lane * nextLane + (forGradient ? 8 - i : i)];
        }
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 3; j++) {
                rows[i][j] = filterTransform[i][0] * g[j] + filterTransform[i][1] * g[3 + j] +
                             filterTransform[i][2] * g[6 + j];
            }
        }
        float *target = packed + (k / panel * in + c) * panel + k % panel;
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 6; j++) {
                DOUBLES value = rows[i][0] * filterTransform[j][0] + rows[i][1] * filterTransform[j][1] +
                                rows[i][2] * filterTransform[j][2];
                NAME(store)(target + (i * 6 + j) * filterStride(shape), __builtin_convertvector(value, VECTOR));
            }
        }
    }
}

static void NAME(unpackGradient)(const WinogradShape *shape, const float *sums, float *dweights) {
    int64_t in = shape->inChannels, out = shape->outChannels;
    for (int64_t k = 0; k < out; k++) {
        for (int64_t c = 0; c < in; c += LANES) {
            const float *source = sums + k * in + c;
            DOUBLES rows[3][6] = {0};
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 6; j++) {
                    DOUBLES u = __builtin_convertvector(NAME(load)(source + (i * 6 + j) * filterStride(shape)), DOUBLES);
                    for (int a = 0; a < 3; a++) rows[a][j] += filterTransform[i][a] * u;
                }
            }
            for (int a = 0; a < 3; a++) {
                for (int b = 0; b < 3; b++) {
                    DOUBLES value = {0};
                    for (int j = 0; j < 6; j++) value += rows[a][j] * filterTransform[j][b];
                    for (int lane = 0; lane < LANES; lane++) {
                        dweights[(k * in + c + lane) * 9 + a * 3 + b] = (float)value[lane];
                    }
                }
            }
        }
    }
}

// The weight gradient: where y = A^T [u * (B^T d B)] A for each tile, du = Σ (A dy A^T) * (B^T d B) over the tiles.

/// The transpose of fromProducts().
static inline void NAME(toGradients)(VECTOR *out, const VECTOR *d, int stride) {
    VECTOR d0 = d[0], d1 = d[stride], d2 = d[2 * stride], d3 = d[3 * stride];
    VECTOR even = d0 + d2, odd = d1 + d3, outerEven = d0 + 4 * d2, outerOdd = 2 * d1 + 8 * d3;
    out[0] = d0;
    out[1] = even + odd;
    out[2] = even - odd;
    out[3] = outerEven + outerOdd;
    out[4] = outerEven - outerOdd;
    out[5] = d3;
}

/// A tile's 4x4 gradients, each channel block transformed, into m[product][block][tile][channel].
static void NAME(gatherGradients)(
    const WinogradShape *shape, Place place, const float *dy, float *m, int64_t productStride, int64_t blockStride) {
    int64_t height = shape->height, width = shape->width, plane = height * width * LANES;
    for (int64_t block = 0; block < shape->outChannels / LANES; block++) {
        const float *source = dy + (place.image * (shape->outChannels / LANES) + block) * plane;
        VECTOR d[16], w[24];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                int64_t row = place.row + i, column = place.column + j;
                bool isThere = row < height && column < width;
                d[i * 4 + j] = isThere ? NAME(load)(source + (row * width + column) * LANES) : (VECTOR){0};
            }
        }
        for (int j = 0; j < 4; j++) {
            VECTOR out[6];
            NAME(toGradients)(out, d + j, 4);
            for (int i = 0; i < 6; i++) w[i * 4 + j] = out[i];
        }
        for (int i = 0; i < 6; i++) {
            VECTOR out[6];
            NAME(toGradients)(out, w + i * 4, 1);
            for (int j = 0; j < 6; j++) NAME(store)(m + (i * 6 + j) * productStride + block * blockStride, out[j]);
        }
    }
}

static void NAME(weightGradient)(
    const WinogradShape *shape, int64_t first, int64_t end, const float *x, const float *dy, float *dweights,
    float *dbias, float *scratch) {
    int64_t in = shape->inChannels, out = shape->outChannels, hand = tilesInHand(shape), block = hand * LANES;
    float *sums = scratch, *v = sums + 36 * filterStride(shape), *m = v + 36 * hand * in;
    for (int64_t k = 0; k < out; k++) dbias[k] = 0;
    for (int64_t start = first; first < end; first += hand) {
        int64_t count = end - first < hand ? end - first : hand;
        for (int64_t t = 0; t < count; t++) {
            Place place = placeOf(shape, first + t);
            NAME(gather)(shape, place, x, v + t * LANES, hand * in, block);
            NAME(gatherGradients)(shape, place, dy, m + t * LANES, hand * out, block);
        }
        for (int p = 0; p < 36; p++) {
            const float *vp = v + p * hand * in, *mp = m + p * hand * out;
            NAME(accumulate)(count, in, out, vp, mp, sums + p * filterStride(shape), block, first > start);
        }
        // Row and column 1 of A are ones: that product of a tile is the sum of its gradients.
        for (int64_t k = 0; k < out; k++) {
            const float *ones = m + 7 * hand * out + k / LANES * block + k % LANES;
            for (int64_t t = 0; t < count; t++) dbias[k] += ones[t * LANES];
        }
    }
    NAME(unpackGradient)(shape, sums, dweights);
}

#undef DOUBLES
#undef VECTOR
