// Vectors of LANES floats and what is computed of them, for one vector width.

typedef float NAME(Vector) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(Integers) __attribute__((vector_size(4 * LANES)));
typedef float NAME(Unaligned) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
#define VECTOR NAME(Vector)
#define INTEGERS NAME(Integers)

INLINE VECTOR NAME(load)(const void *p) { return *(const NAME(Unaligned) *)p; }
INLINE void NAME(store)(float *p, VECTOR value) { *(NAME(Unaligned) *)p = value; }
INLINE VECTOR NAME(fill)(float value) { return (VECTOR){0} + value; }
INLINE VECTOR NAME(choose)(INTEGERS mask, VECTOR yes, VECTOR no) {
    return (VECTOR)((mask & (INTEGERS)yes) | (~mask & (INTEGERS)no));
}
INLINE VECTOR NAME(atLeast)(VECTOR x, float floor) { return NAME(choose)(x < floor, NAME(fill)(floor), x); }
INLINE VECTOR NAME(atMost)(VECTOR x, float ceiling) { return NAME(choose)(x > ceiling, NAME(fill)(ceiling), x); }

#if LANES == 16
#define HALVES(v, op)                                                                                      \
    v = op(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));       \
    v = op(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));       \
    v = op(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));       \
    v = op(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
#else
#define HALVES(v, op)                                                  \
    v = op(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3)); \
    v = op(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5)); \
    v = op(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
#endif
INLINE VECTOR NAME(plus)(VECTOR a, VECTOR b) { return a + b; }
INLINE VECTOR NAME(larger)(VECTOR a, VECTOR b) { return NAME(choose)(a > b, a, b); }
INLINE float NAME(sum)(VECTOR v) {
    HALVES(v, NAME(plus))
    return v[0];
}
INLINE float NAME(largest)(VECTOR v) {
    HALVES(v, NAME(larger))
    return v[0];
}
#undef HALVES

/// e^x to the last bit or so (the polynomial of Cephes); what would not be a normal number becomes the nearest that is.
INLINE VECTOR NAME(exp)(VECTOR x) {
    x = NAME(atMost)(NAME(atLeast)(x, -87.3f), 88.3f);
    // Adding 1.5 * 2^23 rounds to an integer, which then stands in the lower bits.
    VECTOR shifted = x * 1.44269504f + 12582912.0f;
    VECTOR n = shifted - 12582912.0f;
    VECTOR r = x - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    VECTOR p = NAME(fill)(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    return p * (VECTOR)(((INTEGERS)shifted << 23) + 0x3F800000);
}

/// Phi(x) = (1 + erf(x / sqrt 2)) / 2; erf by the rational function of Eigen's and XLA's `erf` for floats.
INLINE VECTOR NAME(phi)(VECTOR x) {
    VECTOR t = NAME(atMost)(NAME(atLeast)(x * 0.707106781f, -4.0f), 4.0f);
    VECTOR s = t * t;
    VECTOR p = NAME(fill)(-2.72614225801306e-10f);
    p = p * s + 2.77068142495902e-08f;
    p = p * s + -2.10102402082508e-06f;
    p = p * s + -5.69250639462346e-05f;
    p = p * s + -7.34990630326855e-04f;
    p = p * s + -2.95459980854025e-03f;
    p = p * s + -1.60960333262415e-02f;
    VECTOR q = NAME(fill)(-1.45660718464996e-05f);
    q = q * s + -2.13374055278905e-04f;
    q = q * s + -1.68282697438203e-03f;
    q = q * s + -7.37332916720468e-03f;
    q = q * s + -1.42647390514189e-02f;
    return 0.5f + 0.5f * (t * p / q);
}
