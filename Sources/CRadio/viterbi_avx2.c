#include "viterbi_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

// The 64 path metrics fill two registers. A state is six bits of history, r0 the newest to r5 the oldest; its place is
// (register, lane, b3 b2 b1 b0). A stage adds a bit d and needs the states that differ in r5 side by side, so r5 chooses the
// register. Interleaving bytes moves b3 to the register and d to b0, within lanes; the lane bit stays. So the lane holds
// the newest bit of five stages ago until it is the oldest: then registers and lanes change places, which crosses lanes
// (three cycles), but only once in five stages. Hence a cycle of five kinds of stage:
//
//   stage   before: register lane  b3 b2 b1 b0
//     1             r5       r0    r4 r3 r2 r1
//     2             r5       r1    r4 r3 r2 r0
//     3             r5       r2    r4 r3 r1 r0
//     4             r5       r3    r4 r2 r1 r0
//     5             r5       r4    r3 r2 r1 r0     then registers and lanes change places
//
// A state's ancestor, its survivor's place when the cycle began, travels with its metric. One cache line a cycle then
// holds all that tracing back needs, and the way back is one load for five bits.
//
// Output pair 2 c133 + c171 of the branch from a state with r5 = 0 by d = 0, for each place and stage. Both polynomials
// have taps at either end, so changing r5 or d complements both outputs.
static const uint8_t output_pair[5][32] __attribute__((aligned(32))) = {
    {0, 3, 3, 0, 0, 3, 3, 0, 2, 1, 1, 2, 2, 1, 1, 2, 1, 2, 2, 1, 1, 2, 2, 1, 3, 0, 0, 3, 3, 0, 0, 3},
    {0, 1, 3, 2, 0, 1, 3, 2, 2, 3, 1, 0, 2, 3, 1, 0, 3, 2, 0, 1, 3, 2, 0, 1, 1, 0, 2, 3, 1, 0, 2, 3},
    {0, 1, 3, 2, 0, 1, 3, 2, 2, 3, 1, 0, 2, 3, 1, 0, 3, 2, 0, 1, 3, 2, 0, 1, 1, 0, 2, 3, 1, 0, 2, 3},
    {0, 1, 3, 2, 3, 2, 0, 1, 2, 3, 1, 0, 1, 0, 2, 3, 0, 1, 3, 2, 3, 2, 0, 1, 2, 3, 1, 0, 1, 0, 2, 3},
    {0, 1, 3, 2, 3, 2, 0, 1, 0, 1, 3, 2, 3, 2, 0, 1, 2, 3, 1, 0, 1, 0, 2, 3, 2, 3, 1, 0, 1, 0, 2, 3},
};

// Costs of the output pairs 00, 01, 10, 11 as the bytes of a word, for 16 stages.
static inline __attribute__((always_inline)) void branch_costs_16(const int8_t *llr, uint32_t *cost) {
    const __m256i zero = _mm256_setzero_si256(), low = _mm256_set1_epi16(0x00ff);
    __m256i l = _mm256_loadu_si256((const __m256i *)llr);
    l = _mm256_max_epi8(_mm256_min_epi8(l, _mm256_set1_epi8(L)), _mm256_set1_epi8(-L));
    const __m256i one = _mm256_max_epi8(l, zero);                               // cost of sending a 1
    const __m256i nought = _mm256_max_epi8(_mm256_sub_epi8(zero, l), zero);     // cost of sending a 0
    const __m256i first0 = _mm256_and_si256(nought, low), first1 = _mm256_and_si256(one, low);
    const __m256i second0 = _mm256_srli_epi16(nought, 8), second1 = _mm256_srli_epi16(one, 8);
    const __m256i c00 = _mm256_add_epi8(first0, second0), c01 = _mm256_add_epi8(first0, second1);
    const __m256i c10 = _mm256_add_epi8(first1, second0), c11 = _mm256_add_epi8(first1, second1);
    const __m256i even = _mm256_or_si256(c00, _mm256_slli_epi16(c01, 8));
    const __m256i odd = _mm256_or_si256(c10, _mm256_slli_epi16(c11, 8));
    const __m256i a = _mm256_unpacklo_epi16(even, odd), b = _mm256_unpackhi_epi16(even, odd);
    _mm256_storeu_si256((__m256i *)cost, _mm256_permute2x128_si256(a, b, 0x20));
    _mm256_storeu_si256((__m256i *)(cost + 8), _mm256_permute2x128_si256(a, b, 0x31));
}

static inline __attribute__((always_inline)) uint32_t branch_cost(const int8_t *llr) {
    int a = llr[0], b = llr[1];
    a = a > L ? L : a < -L ? -L : a;
    b = b > L ? L : b < -L ? -L : b;
    const uint32_t a0 = a < 0 ? -a : 0, a1 = a > 0 ? a : 0, b0 = b < 0 ? -b : 0, b1 = b > 0 ? b : 0;
    return (a0 + b0) | (a0 + b1) << 8 | (a1 + b0) << 16 | (a1 + b1) << 24;
}

static inline __attribute__((always_inline)) __m256i smallest(__m256i x, __m256i y) {
    const __m256i m = _mm256_min_epu8(x, y);
    __m128i n = _mm_min_epu8(_mm256_castsi256_si128(m), _mm256_extracti128_si256(m, 1));
    n = _mm_min_epu8(n, _mm_srli_epi16(n, 8));  // the high bytes become 0
    return _mm256_broadcastb_epi8(_mm_minpos_epu16(n));
}

typedef struct {
    __m256i metric[2];
    __m256i ancestor[2];
} trellis;

// One stage of kind k (0...4).
static inline __attribute__((always_inline)) void stage(int k, uint32_t cost, trellis *s) {
    const __m256i pair = _mm256_load_si256((const __m256i *)output_pair[k]);
    const __m256i costs = _mm256_set1_epi32((int)cost);
    const __m256i straight = _mm256_shuffle_epi8(costs, pair);
    const __m256i crossed = _mm256_shuffle_epi8(costs, _mm256_xor_si256(pair, _mm256_set1_epi8(3)));
    const __m256i x0 = _mm256_add_epi8(s->metric[0], straight), y0 = _mm256_add_epi8(s->metric[1], crossed);
    const __m256i x1 = _mm256_add_epi8(s->metric[0], crossed), y1 = _mm256_add_epi8(s->metric[1], straight);
    const __m256i m0 = _mm256_min_epu8(x0, y0), m1 = _mm256_min_epu8(x1, y1);
    // Where both cost the same, r5 = 0 survives.
    const __m256i a0 = _mm256_blendv_epi8(s->ancestor[1], s->ancestor[0], _mm256_cmpeq_epi8(m0, x0));
    const __m256i a1 = _mm256_blendv_epi8(s->ancestor[1], s->ancestor[0], _mm256_cmpeq_epi8(m1, x1));
    if (k < 4) {
        s->metric[0] = _mm256_unpacklo_epi8(m0, m1);
        s->metric[1] = _mm256_unpackhi_epi8(m0, m1);
        s->ancestor[0] = _mm256_unpacklo_epi8(a0, a1);
        s->ancestor[1] = _mm256_unpackhi_epi8(a0, a1);
    } else {
        s->metric[0] = _mm256_permute2x128_si256(m0, m1, 0x20);
        s->metric[1] = _mm256_permute2x128_si256(m0, m1, 0x31);
        s->ancestor[0] = _mm256_permute2x128_si256(a0, a1, 0x20);
        s->ancestor[1] = _mm256_permute2x128_si256(a0, a1, 0x31);
    }
}

static inline __attribute__((always_inline)) void begin_cycle(trellis *s) {
    const __m256i lanes = _mm256_setr_epi64x(0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x1716151413121110, 0x1f1e1d1c1b1a1918);
    s->ancestor[0] = lanes;
    s->ancestor[1] = _mm256_or_si256(lanes, _mm256_set1_epi8(32));
}

static inline __attribute__((always_inline)) void end_cycle(const trellis *s, uint8_t *ancestors) {
    _mm256_storeu_si256((__m256i *)ancestors, s->ancestor[0]);
    _mm256_storeu_si256((__m256i *)(ancestors + 32), s->ancestor[1]);
}

// The five bits of a cycle, the earliest highest, from a place at its end: b3 b2 b1 b0 and, in the lane, the last.
static inline uint32_t cycle_bits(uint32_t place) {
    return (place & 15) << 1 | (place >> 4 & 1);
}

uint32_t viterbi_avx2(const int8_t *llr, size_t stages, uint8_t *ancestors, uint8_t *bits) {
    enum { CHUNK = 160 };  // a multiple of two cycles and of 16
    uint32_t cost[CHUNK];
    const size_t lead = stages % 5;
    uint32_t subtracted = 0;
    trellis s;
    s.metric[1] = _mm256_set1_epi8((char)UNREACHED);
    s.metric[0] = _mm256_insert_epi8(s.metric[1], 0, 0);

    // State 0 has place 0 before every kind of stage, so the first cycle may begin with any kind.
    begin_cycle(&s);
    switch (lead) {
    case 4: stage(1, branch_cost(llr + 2 * (lead - 4)), &s); __attribute__((fallthrough));
    case 3: stage(2, branch_cost(llr + 2 * (lead - 3)), &s); __attribute__((fallthrough));
    case 2: stage(3, branch_cost(llr + 2 * (lead - 2)), &s); __attribute__((fallthrough));
    case 1: stage(4, branch_cost(llr + 2 * (lead - 1)), &s);
    }
    uint8_t *line = ancestors;
    __m256i minimum = _mm256_setzero_si256();
    for (size_t t = lead; t < stages; t += CHUNK) {
        const size_t count = stages - t < CHUNK ? stages - t : CHUNK;
        size_t i = 0;
        for (; i + 16 <= count; i += 16) branch_costs_16(llr + 2 * (t + i), cost + i);
        for (; i < count; i++) cost[i] = branch_cost(llr + 2 * (t + i));
        for (i = 0; i < count; i += 5, line += 64) {
            begin_cycle(&s);
            stage(0, cost[i], &s);
            stage(1, cost[i + 1], &s);
            stage(2, cost[i + 2], &s);
            stage(3, cost[i + 3], &s);
            stage(4, cost[i + 4], &s);
            end_cycle(&s, line);
            // Measured after one cycle, subtracted after the next: off the critical path.
            if (i % 10 == 0) {
                minimum = smallest(s.metric[0], s.metric[1]);
                subtracted += (uint8_t)_mm256_extract_epi8(minimum, 0);
            } else {
                s.metric[0] = _mm256_sub_epi8(s.metric[0], minimum);
                s.metric[1] = _mm256_sub_epi8(s.metric[1], minimum);
                minimum = _mm256_setzero_si256();
            }
        }
    }
    const uint32_t pending = (uint8_t)_mm256_extract_epi8(minimum, 0);
    const uint32_t result = subtracted - pending + (uint8_t)_mm256_extract_epi8(s.metric[0], 0);

    bit_sink sink = bit_sink_make(bits, stages);
    uint32_t place = 0;
    while (line != ancestors) {
        line -= 64;
        bit_sink_put(&sink, cycle_bits(place), 5);
        place = line[place];
    }
    if (lead > 0) bit_sink_put(&sink, cycle_bits(place) & ((1u << lead) - 1), (unsigned)lead);
    return result;
}

#pragma clang attribute pop
#endif
