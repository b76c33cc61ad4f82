// The kernels for one vector width (for_each_width.h).

#include "products_kernels.h"

/// Adds the products of one block of input channels to two blocks of output channels at `places` places: sums [place, 2 LANES].
#define ADD(places)                                                                                        \
    static inline void NAME(add##places)(                                                                  \
        const float *x, const int64_t *starts, const int64_t *taps, int64_t tapCount, const float *filters, \
        float *sums) {                                                                                     \
        VECTOR held[places][2];                                                                            \
        const float *at[places];                                                                           \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < places; i++) {                              \
            held[i][0] = NAME(load)(sums + i * 2 * LANES);                                                       \
            held[i][1] = NAME(load)(sums + i * 2 * LANES + LANES);                                               \
            at[i] = x + starts[i];                                                                         \
        }                                                                                                  \
        for (int64_t tap = 0; tap < tapCount; tap++) {                                                     \
            for (int64_t c = taps[tap]; c < taps[tap] + LANES; c++, filters += 2 * LANES) {                \
                VECTOR left = NAME(load)(filters), right = NAME(load)(filters + LANES);                                \
                _Pragma("clang loop unroll(full)") for (int i = 0; i < places; i++) {                      \
                    held[i][0] += at[i][c] * left;                                                         \
                    held[i][1] += at[i][c] * right;                                                        \
                }                                                                                          \
            }                                                                                              \
        }                                                                                                  \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < places; i++) {                              \
            NAME(store)(sums + i * 2 * LANES, held[i][0]);                                                       \
            NAME(store)(sums + i * 2 * LANES + LANES, held[i][1]);                                               \
        }                                                                                                  \
    }
ADD(6)
ADD(4)
ADD(1)
#undef ADD

/// Stores one block of output channels at all places.
static void NAME(finish)(
    const DirectShape *shape, const float *sums, const float *bias, const float *residual, float *y) {
    VECTOR shift = bias ? NAME(load)(bias) : (VECTOR){0};
    for (int64_t place = 0; place < shape->outHeight * shape->outWidth; place++) {
        VECTOR value = NAME(load)(sums + place * 2 * LANES) + shift;
        if (residual) value += NAME(load)(residual + place * LANES);
        if (shape->relu) value = (VECTOR)((__typeof__(value < 0))value & ~(value < 0));
        NAME(store)(y + place * LANES, value);
    }
}

static void NAME(directConvolve)(
    const DirectShape *shape, const float *x, const float *packed, const float *bias, const float *residual, float *y,
    float *scratch) {
    int64_t places = shape->outHeight * shape->outWidth, taps = shape->size * shape->size;
    int64_t plane = paddedPlane(shape) * LANES, blocks = shape->inChannels / LANES;
    float *padded = scratch, *sums = padded + blocks * plane;
    int64_t *starts = (int64_t *)(sums + places * 2 * LANES), *tapStarts = starts + places;
    pad(shape, LANES, x, padded);
    findStarts(shape, LANES, starts, tapStarts);
    for (int64_t k = 0; k < shape->outChannels; k += 2 * LANES) {
        for (int64_t i = 0; i < places * 2 * LANES; i++) sums[i] = 0;
        for (int64_t block = 0; block < blocks; block++, packed += taps * LANES * 2 * LANES) {
            const float *source = padded + block * plane;
            int64_t i = 0;
            for (; i + 6 <= places; i += 6) {
                NAME(add6)(source, starts + i, tapStarts, taps, packed, sums + i * 2 * LANES);
            }
            for (; i + 4 <= places; i += 4) {
                NAME(add4)(source, starts + i, tapStarts, taps, packed, sums + i * 2 * LANES);
            }
            for (; i < places; i++) NAME(add1)(source, starts + i, tapStarts, taps, packed, sums + i * 2 * LANES);
        }
        for (int64_t half = 0; half < 2; half++) {
            int64_t channel = k + half * LANES;
            NAME(finish)(
                shape, sums + half * LANES, bias ? bias + channel : NULL,
                residual ? residual + channel * places : NULL, y + channel * places);
        }
    }
}

#undef VECTOR
