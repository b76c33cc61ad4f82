// Includes KERNELS once for each vector width: with LANES floats in a vector, and NAME(function) for the functions of that width.

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define NAME(function) function##_avx2
#include KERNELS
#undef LANES
#undef NAME
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma"))), apply_to = function)
#define LANES 16
#define NAME(function) function##_avx512
#include KERNELS
#undef LANES
#undef NAME
#pragma clang attribute pop
