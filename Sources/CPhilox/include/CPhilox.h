// Bulk Philox4x32-10: what Randomness/Philox.swift defines one block at a time, eight blocks at once.
//
// A group is 8 consecutive counter blocks = 32 words. Word j of the block on lane l stands at 8 j + l of its group, so
// that nothing has to be transposed. Every variant gives the same bits: only integer operations and IEEE additions,
// multiplications and square roots are used, never a fused multiply-add and never libm.
#ifndef CPHILOX_H
#define CPHILOX_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t key;
    uint64_t counter_high;
} cphilox_stream;

enum { CPHILOX_GROUP_WORDS = 32 };

/// Instruction sets a kernel exists for; `cphilox_best` is the fastest that this processor has.
typedef enum { CPHILOX_BASELINE = 0, CPHILOX_AVX2 = 1, CPHILOX_AVX512 = 2 } cphilox_variant;
cphilox_variant cphilox_best(void);

/// Writes `count` 32-bit words of the stream, beginning with those of group `first_group`.
void cphilox_words(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, uint32_t *words, size_t count);

/// Adds scale * N(0, 1) to each of `count` values; the Gaussian samples begin at group `first_group`.
void cphilox_add_gaussians(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, float scale,
                           float *values, size_t count);

/// Writes `count` samples of N(0, 1).
void cphilox_gaussians(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, float *values,
                       size_t count);

#endif
