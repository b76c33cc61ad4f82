#ifndef VITERBI_INTERNAL_H
#define VITERBI_INTERNAL_H

#include "CRadio.h"

#include <string.h>

// How 8-bit path metrics suffice. With soft decisions of at most L:
// - Two states' metrics differ by at most 8 L, because every state is reached by a path whose outputs differ from the
//   survivor's in at most 8 places (the largest distance of a state from state 0 in this code).
// - The smallest metric grows by at most 8 L in 15 stages. For a code of n stages' outputs the growth is the largest value
//   over soft decisions of the cheapest codeword's cost, a linear program for each coset: n = 2, 5, 7, 8 give L, 3 L, 4 L
//   and 4 L, and runs of stages add up.
// - So after a subtraction of the minimum that was measured 5 stages before, ten more stages and the next branch (2 L)
//   reach at most 8 L + 8 L + 2 L = 18 L: 252 for L = 14. (In the first six stages states may lie further apart, by
//   11 L, but the smallest metric has not grown beyond 3 L.)
enum {
    L = CRADIO_LLR_LIMIT,
    // Metric of every state but 0 at the beginning. No path from there survives: one from state 0 that merges with it
    // costs at most 10 L more (8 L in frames of seven stages or more). They are gone after six stages, at most 11 L + 1 + 7 L.
    UNREACHED = 11 * L + 1,
};

// Bits are found last first; they are collected from the top of a word down and leave 32 at a time.
typedef struct {
    uint64_t pending;
    unsigned count;
    uint8_t *end;
} bit_sink;

static inline bit_sink bit_sink_make(uint8_t *bits, size_t stages) {
    const size_t bytes = cradio_viterbi_output(stages);
    return (bit_sink){0, (unsigned)(bytes * 8 - stages), bits + bytes};
}

// `bits` holds `count` <= 32 decoded bits, the earliest highest.
static inline void bit_sink_put(bit_sink *sink, uint64_t bits, unsigned count) {
    sink->pending = sink->pending | bits << sink->count;
    sink->count += count;
    if (sink->count >= 32) {
        sink->end -= 4;
        for (int i = 0; i < 4; i++) sink->end[i] = (uint8_t)(sink->pending >> (24 - 8 * i));
        sink->pending >>= 32;
        sink->count -= 32;
    }
}

uint32_t viterbi_baseline(const int8_t *llr, size_t stages, uint8_t *ancestors, uint8_t *bits);
#if defined(__x86_64__)
uint32_t viterbi_avx2(const int8_t *llr, size_t stages, uint8_t *ancestors, uint8_t *bits);
#endif

#endif
