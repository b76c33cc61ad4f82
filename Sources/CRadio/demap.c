#include "CRadio.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

static inline float clamp(float x, float limit) {
    x = x > limit ? limit : x;
    return x < -limit ? -limit : x;
}

// To the nearest integer, halves away from 0; written so that it vectorises.
static inline int8_t rounded(float x) { return (int8_t)(int32_t)(x + copysignf(0.5f, x)); }

// Levels in the order -3, -1, 1, 3 carry (sign, magnitude) 11, 10, 00, 01. With squared distances to the nearest level of
// either value, and 4 taken out: sign: u where |u| <= 2, else 2 u - 2 sgn u; magnitude: 2 - |u|.
size_t cradio_demap(const float *received, const float *sent, size_t count, float scale, float limit, int8_t *llr) {
    uint32_t errors = 0;
    for (size_t i = 0; i < count; i++) {
        const float u = received[i], level = sent[i];
        const float size = fabsf(u);
        const float outer = size - 2.0f;
        const float beyond = outer > 0.0f ? outer : 0.0f;
        const float sign = clamp(copysignf(size + beyond, u) * scale, limit);
        const float magnitude = clamp(outer * -scale, limit);
        llr[2 * i] = rounded(sign);
        llr[2 * i + 1] = rounded(magnitude);
        errors += (uint32_t)((u < 0.0f) != (level < 0.0f)) + (uint32_t)((outer > 0.0f) != (fabsf(level) > 2.0f));
    }
    return errors;
}
