#include "viterbi_internal.h"

// Plain 16-lane vectors of clang, for any processor: states in natural order, four registers of 16 metrics.
typedef uint8_t u8x16 __attribute__((vector_size(16)));

// All ones where the output of 133 (or 171) is 1 on the branch from state j (0...31) by bit 0. State: newest bit lowest.
static const uint8_t output133[32] = {
#define X 255
    0, 0, X, X, X, X, 0, 0, 0, 0, X, X, X, X, 0, 0, X, X, 0, 0, 0, 0, X, X, X, X, 0, 0, 0, 0, X, X};
static const uint8_t output171[32] = {
    0, X, X, 0, X, 0, 0, X, 0, X, X, 0, X, 0, 0, X, 0, X, X, 0, X, 0, 0, X, 0, X, X, 0, X, 0, 0, X};
#undef X

static inline u8x16 interleave_low(u8x16 a, u8x16 b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

static inline u8x16 interleave_high(u8x16 a, u8x16 b) {
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

static inline u8x16 choose(u8x16 mask, u8x16 a, u8x16 b) { return (a & mask) | (b & ~mask); }

// Ancestors travel with the metrics for a cycle of five stages, as in viterbi_avx2.c; a state is its own place.
uint32_t viterbi_baseline(const int8_t *llr, size_t stages, uint8_t *ancestors, uint8_t *bits) {
    u8x16 metric[4], ancestor[4], own[4], out133[2], out171[2];
    memset(metric, UNREACHED, sizeof metric);
    ((uint8_t *)metric)[0] = 0;
    for (int i = 0; i < 64; i++) ((uint8_t *)own)[i] = (uint8_t)i;
    memcpy(ancestor, own, sizeof own);
    memcpy(out133, output133, sizeof out133);
    memcpy(out171, output171, sizeof out171);
    const size_t lead = stages % 5;
    uint32_t subtracted = 0;
    uint8_t *line = ancestors;

    for (size_t t = 0; t < stages; t++) {
        int a = llr[2 * t], b = llr[2 * t + 1];
        a = a > L ? L : a < -L ? -L : a;
        b = b > L ? L : b < -L ? -L : b;
        const uint8_t a0 = a < 0 ? -a : 0, a1 = a > 0 ? a : 0, b0 = b < 0 ? -b : 0, b1 = b > 0 ? b : 0;
        const u8x16 total = (u8x16){0} + (uint8_t)(a0 + a1 + b0 + b1);
        u8x16 next[4], origin[4];
        for (int half = 0; half < 2; half++) {
            const u8x16 straight = ((out133[half] & (uint8_t)(a0 ^ a1)) ^ a0) + ((out171[half] & (uint8_t)(b0 ^ b1)) ^ b0);
            const u8x16 crossed = total - straight;
            const u8x16 x = metric[half], y = metric[half + 2];
            const u8x16 m0 = __builtin_elementwise_min(x + straight, y + crossed);
            const u8x16 m1 = __builtin_elementwise_min(x + crossed, y + straight);
            const u8x16 a0 = choose((u8x16)(m0 == x + straight), ancestor[half], ancestor[half + 2]);
            const u8x16 a1 = choose((u8x16)(m1 == x + crossed), ancestor[half], ancestor[half + 2]);
            next[2 * half] = interleave_low(m0, m1);
            next[2 * half + 1] = interleave_high(m0, m1);
            origin[2 * half] = interleave_low(a0, a1);
            origin[2 * half + 1] = interleave_high(a0, a1);
        }
        memcpy(metric, next, sizeof metric);
        memcpy(ancestor, origin, sizeof ancestor);
        if (t % 5 == (lead + 4) % 5) {
            if (t >= lead) {
                memcpy(line, ancestor, sizeof ancestor);
                line += sizeof ancestor;
            }
            memcpy(ancestor, own, sizeof own);
            const u8x16 m = __builtin_elementwise_min(__builtin_elementwise_min(metric[0], metric[1]),
                                                      __builtin_elementwise_min(metric[2], metric[3]));
            const uint8_t minimum = __builtin_reduce_min(m);
            for (int i = 0; i < 4; i++) metric[i] -= minimum;
            subtracted += minimum;
        }
    }

    bit_sink sink = bit_sink_make(bits, stages);
    uint32_t place = 0;
    while (line != ancestors) {
        line -= 64;
        bit_sink_put(&sink, place & 31, 5);
        place = line[place];
    }
    if (lead > 0) bit_sink_put(&sink, place & ((1u << lead) - 1), (unsigned)lead);
    return subtracted + ((uint8_t *)metric)[0];
}
