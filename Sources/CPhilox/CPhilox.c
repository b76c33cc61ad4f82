#include "CPhilox.h"

#include <string.h>

// Contraction into fused multiply-adds would make results depend on the processor.
#pragma STDC FP_CONTRACT OFF
// Vectors are passed to static functions only, so no calling convention is at stake.
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint64_t u64x8 __attribute__((vector_size(64)));
typedef uint32_t u32x8 __attribute__((vector_size(32)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef float f32x8 __attribute__((vector_size(32)));

// Multipliers and Weyl constants of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#define LOW 0xffffffffull
#define PHILOX_M0 0xD2511F53ull
#define PHILOX_M1 0xCD9E8D57ull
#define PHILOX_W0 0x9E3779B9u
#define PHILOX_W1 0xBB67AE85u

#define VARIANT(name) name##_baseline
#include "philox_kernels.h"
#undef VARIANT

#if defined(__x86_64__)
#define VARIANT(name) name##_avx2
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include "philox_kernels.h"
#pragma clang attribute pop
#undef VARIANT

#define VARIANT(name) name##_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#include "philox_kernels.h"
#pragma clang attribute pop
#undef VARIANT

#define DISPATCH(variant, name, ...)                              \
    switch (variant) {                                            \
    case CPHILOX_AVX512: name##_avx512(__VA_ARGS__); break;       \
    case CPHILOX_AVX2: name##_avx2(__VA_ARGS__); break;           \
    default: name##_baseline(__VA_ARGS__);                        \
    }
#else
#define DISPATCH(variant, name, ...) ((void)(variant), name##_baseline(__VA_ARGS__))
#endif

cphilox_variant cphilox_best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return CPHILOX_AVX512;
    if (__builtin_cpu_supports("avx2")) return CPHILOX_AVX2;
#endif
    return CPHILOX_BASELINE;
}

void cphilox_words(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, uint32_t *words,
                   size_t count) {
    DISPATCH(variant, words, stream, first_group, words, count);
}

void cphilox_gaussians(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, float *values,
                       size_t count) {
    DISPATCH(variant, gaussians, stream, first_group, values, count);
}

void cphilox_add_gaussians(cphilox_variant variant, cphilox_stream stream, uint64_t first_group, float scale,
                           float *values, size_t count) {
    DISPATCH(variant, add_gaussians, stream, first_group, scale, values, count);
}
