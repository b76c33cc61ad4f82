#include "viterbi_internal.h"

cradio_variant cradio_best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) return CRADIO_AVX2;
#endif
    return CRADIO_BASELINE;
}

uint32_t cradio_viterbi(cradio_variant variant, const int8_t *llr, size_t stages, uint8_t *workspace,
                         uint8_t *bits) {
#if defined(__x86_64__)
    if (variant == CRADIO_AVX2) return viterbi_avx2(llr, stages, workspace, bits);
#endif
    (void)variant;
    return viterbi_baseline(llr, stages, workspace, bits);
}
