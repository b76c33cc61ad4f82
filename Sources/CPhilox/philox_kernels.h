// The kernels of one instruction set. CPhilox.c includes this file once per variant, with VARIANT(name) set and the target
// attribute pushed. Vector extensions of clang; the compiler cuts the 64-byte vectors to what the target has.

// One counter block per 64-bit lane; a word lives in the low half, whatever stands in the high half is never looked at.
static inline __attribute__((always_inline)) void VARIANT(philox_group)(cphilox_stream stream, uint64_t group, u32x8 word[4]) {
    const u64x8 low = {LOW, LOW, LOW, LOW, LOW, LOW, LOW, LOW};
    const u64x8 lane = {0, 1, 2, 3, 4, 5, 6, 7};
    u64x8 x0 = lane + group * 8;
    u64x8 x1 = x0 >> 32;
    u64x8 x2 = (u64x8){0} + (uint64_t)(uint32_t)stream.counter_high;
    u64x8 x3 = (u64x8){0} + (stream.counter_high >> 32);
    uint32_t k0 = (uint32_t)stream.key, k1 = (uint32_t)(stream.key >> 32);
    for (int round = 0; round < 10; round++) {
        const u64x8 a = (x0 & low) * PHILOX_M0, b = (x2 & low) * PHILOX_M1;
        x0 = (b >> 32) ^ x1 ^ (uint64_t)k0;
        x2 = (a >> 32) ^ x3 ^ (uint64_t)k1;
        x1 = b;
        x3 = a;
        k0 += PHILOX_W0;
        k1 += PHILOX_W1;
    }
    word[0] = __builtin_convertvector(x0, u32x8);
    word[1] = __builtin_convertvector(x1, u32x8);
    word[2] = __builtin_convertvector(x2, u32x8);
    word[3] = __builtin_convertvector(x3, u32x8);
}

// Natural logarithm of x in (0, 1], relative error under 2e-7: x = m 2^e with m in [sqrt(1/2), sqrt(2)), and the minimax
// polynomial of ln(1 + f)/f^3 that Cephes' logf uses.
static inline __attribute__((always_inline)) f32x8 VARIANT(log)(f32x8 x) {
    const i32x8 bits = (i32x8)x;
    const i32x8 e = (bits - 0x3f3504f3) >> 23;  // 0x3f3504f3 = sqrt(1/2)
    const f32x8 f = (f32x8)(bits - (e << 23)) - 1.0f;
    const f32x8 exponent = __builtin_convertvector(e, f32x8);
    f32x8 r = f * 7.0376836292e-2f - 1.1514610310e-1f;
    r = r * f + 1.1676998740e-1f;
    r = r * f - 1.2420140846e-1f;
    r = r * f + 1.4249322787e-1f;
    r = r * f - 1.6668057665e-1f;
    r = r * f + 2.0000714765e-1f;
    r = r * f - 2.4999993993e-1f;
    r = r * f + 3.3333331174e-1f;
    const f32x8 square = f * f;
    r = r * f * square - 0.5f * square + exponent * -2.12194440e-4f;
    return r + f + exponent * 0.693359375f;
}

// Box-Muller: radius sqrt(-2 ln u), u = (v + 1/2) 2^-31 of the upper 31 bits of `a`; angle `b` 2^-32 turns, of which the
// two upper bits choose the quarter and the others an angle within +-1/8 turn.
static inline __attribute__((always_inline)) void VARIANT(box_muller)(u32x8 a, u32x8 b, f32x8 *cosine, f32x8 *sine) {
    const f32x8 u = (__builtin_convertvector((i32x8)(a >> 1), f32x8) + 0.5f) * 0x1p-31f;
    const f32x8 radius = __builtin_elementwise_sqrt(VARIANT(log)(u) * -2.0f);

    const f32x8 t = __builtin_convertvector((i32x8)(b << 2), f32x8) * 0x1.921fb6p-32f;  // pi/4 at 2^31
    const f32x8 t2 = t * t;
    f32x8 s = t2 * -1.9515295891e-4f + 8.3321608736e-3f;
    s = s * t2 - 1.6666654611e-1f;
    s = s * t2 * t + t;
    f32x8 c = t2 * 2.443315711809948e-5f - 1.388731625493765e-3f;
    c = c * t2 + 4.166664568298827e-2f;
    c = c * t2 * t2 - 0.5f * t2 + 1.0f;

    const i32x8 swap = (i32x8)(b << 1) >> 31;  // quarters 1 and 3: cosine and sine change places
    const u32x8 sine_sign = b & 0x80000000u;   // quarters 2 and 3
    const u32x8 cosine_sign = (b ^ (b << 1)) & 0x80000000u;  // quarters 1 and 2
    const u32x8 si = (u32x8)s, co = (u32x8)c, change = (si ^ co) & (u32x8)swap;
    *cosine = radius * (f32x8)(co ^ change ^ cosine_sign);
    *sine = radius * (f32x8)(si ^ change ^ sine_sign);
}

static inline __attribute__((always_inline)) void VARIANT(gaussian_group)(cphilox_stream stream, uint64_t group, f32x8 sample[4]) {
    u32x8 word[4];
    VARIANT(philox_group)(stream, group, word);
    VARIANT(box_muller)(word[0], word[1], &sample[0], &sample[1]);
    VARIANT(box_muller)(word[2], word[3], &sample[2], &sample[3]);
}

static void VARIANT(words)(cphilox_stream stream, uint64_t group, uint32_t *out, size_t count) {
    u32x8 word[4];
    for (; count >= CPHILOX_GROUP_WORDS; count -= CPHILOX_GROUP_WORDS, out += CPHILOX_GROUP_WORDS) {
        VARIANT(philox_group)(stream, group++, word);
        memcpy(out, word, sizeof word);
    }
    if (count > 0) {
        VARIANT(philox_group)(stream, group, word);
        memcpy(out, word, count * sizeof *out);
    }
}

static void VARIANT(gaussians)(cphilox_stream stream, uint64_t group, float *out, size_t count) {
    f32x8 sample[4];
    for (; count >= CPHILOX_GROUP_WORDS; count -= CPHILOX_GROUP_WORDS, out += CPHILOX_GROUP_WORDS) {
        VARIANT(gaussian_group)(stream, group++, sample);
        memcpy(out, sample, sizeof sample);
    }
    if (count > 0) {
        VARIANT(gaussian_group)(stream, group, sample);
        memcpy(out, sample, count * sizeof *out);
    }
}

static void VARIANT(add_gaussians)(cphilox_stream stream, uint64_t group, float scale, float *values, size_t count) {
    f32x8 sample[4], value[4];
    while (count > 0) {
        const size_t n = count < CPHILOX_GROUP_WORDS ? count : CPHILOX_GROUP_WORDS;
        VARIANT(gaussian_group)(stream, group++, sample);
        if (n == CPHILOX_GROUP_WORDS) {
            memcpy(value, values, sizeof value);
            for (int i = 0; i < 4; i++) value[i] = value[i] + sample[i] * scale;
            memcpy(values, value, sizeof value);
        } else {
            float rest[CPHILOX_GROUP_WORDS];
            memcpy(rest, sample, sizeof rest);
            for (size_t i = 0; i < n; i++) values[i] = values[i] + rest[i] * scale;
        }
        values += n;
        count -= n;
    }
}
