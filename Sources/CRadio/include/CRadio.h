// The two inner loops of the digital link: demapping 16-QAM and decoding the K = 7 convolutional code.
#ifndef CRADIO_H
#define CRADIO_H

#include <stddef.h>
#include <stdint.h>

typedef enum { CRADIO_BASELINE = 0, CRADIO_AVX2 = 1 } cradio_variant;

/// The fastest variant that this processor has. Every variant gives the same bits.
cradio_variant cradio_best(void);

enum {
    /// Soft decisions lie within +-CRADIO_LLR_LIMIT; path metrics fit into 8 bits up to this limit.
    CRADIO_LLR_LIMIT = 14,
};

/// Bytes of workspace and of output that `cradio_viterbi` needs for a frame of `stages` stages.
static inline size_t cradio_viterbi_workspace(size_t stages) { return stages / 5 * 64; }
static inline size_t cradio_viterbi_output(size_t stages) { return (stages + 31) / 32 * 4; }

/// Maximum-likelihood decoding of one frame of the code (133, 171), rate 1/2, that begins and ends in state 0.
///
/// `llr` holds two soft decisions a stage, for the outputs of 133 and 171, positive for 0; larger ones than the limit are
/// clamped. `bits` receives one bit a stage, the last six of them the zero tail, most significant bit first. Of two
/// predecessors that cost the same, the one whose oldest bit is 0 survives. Returns the survivor's cost: the sum of |llr|
/// over the code bits in which it contradicts the sign of its soft decision.
uint32_t cradio_viterbi(cradio_variant variant, const int8_t *llr, size_t stages, uint8_t *workspace, uint8_t *bits);

/// Demaps one real dimension of Gray 16-QAM: `count` samples in units of half the distance between levels (-3, -1, 1, 3).
///
/// Writes two soft decisions a sample, sign and magnitude: round(scale * max-log LLR / g), clamped to +-`limit`, where g is
/// the ratio's common factor 2 d^2/s^2 (half distance d, noise variance s^2). Returns how many hard decisions differ from
/// `sent`.
size_t cradio_demap(const float *received, const float *sent, size_t count, float scale, float limit, int8_t *llr);

#endif
