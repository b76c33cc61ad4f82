#pragma once

// Convolutions and matrix products by oneDNN (https://github.com/oneapi-src/oneDNN), where it is found.
//
// The library is loaded with dlopen at first use, so that programs start on hosts without it. Its major versions differ
// in signatures; Version2.c and Version3.c hold all that does. A build without oneDNN's headers, or one with
// -DMOE_WITHOUT_ONEDNN, has the same functions, and onednn_open tells why the others cannot be called.
//
// Every call runs on the calling thread alone; the caller spreads work over threads.

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int major, minor, patch;
    /// The best vector instructions that the library uses here, such as "AVX2".
    const char *instructionSet;
} OneDNNVersion;

/// Loads the library, once. Returns NULL and fills in `version`, or returns the reason why oneDNN cannot be used.
const char *onednn_open(OneDNNVersion *version);

/// C = A B + beta C for row-major matrices; A is [rows, depth], or [depth, rows] if transposed, B [depth, columns] or
/// [columns, depth]. Returns 0, or oneDNN's status.
int onednn_matrix_product(
    bool transposeA, bool transposeB, int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t aStride,
    const float *b, int64_t bStride, float beta, float *c, int64_t cStride);

typedef enum {
    OneDNNForward,
    OneDNNInputGradient,
    OneDNNWeightGradient,
} OneDNNPass;

typedef struct {
    int64_t batch, inChannels, height, width;
    int64_t outChannels, outHeight, outWidth;
    int64_t size, stride, padding;
    /// How many channels lie side by side at each place of x and of y: 1, 8 or 16; 1 is [batch, channels, height, width].
    int64_t inBlock, outBlock;
    bool bias;
    /// Whether the forward pass adds to what y holds instead of overwriting it; outBlock must not be 1.
    bool adds;
    /// Whether the forward pass ends with max(y, 0).
    bool relu;
    /// Whether what a pass reads is rounded to bfloat16 first; sums and what it writes are floats all the same.
    bool bfloat16;
} OneDNNConvolution;

/// Whether this processor multiplies bfloat16 numbers, and so faster than floats.
bool onednn_has_bfloat16(void);

/// How many channels the kernels of this processor want side by side.
int64_t onednn_channel_block(void);

/// A convolution of one shape, with memory of its own: one thread at a time may use it.
typedef struct OneDNNOperation OneDNNOperation;

/// Weights in the layout of the operation that packed them; any number of threads may read them.
typedef struct OneDNNWeights OneDNNWeights;

/// Returns NULL where oneDNN has no kernel for the shape.
OneDNNOperation *onednn_create(OneDNNPass pass, const OneDNNConvolution *shape);
void onednn_destroy(OneDNNOperation *operation);

/// Packs weights [out, in, size, size] for all forward or input-gradient operations of this one's shape.
OneDNNWeights *onednn_pack(OneDNNOperation *operation, const float *weights);
void onednn_destroy_weights(OneDNNWeights *weights);

// x and dx are [batch, in / inBlock, height, width, inBlock], y and dy likewise, bias and dbias [out], dweights
// [out, in, size, size]; bias and dbias are ignored where the shape has none. The result is 0, or oneDNN's status.

int onednn_forward(
    OneDNNOperation *operation, const float *x, const OneDNNWeights *weights, const float *bias, float *y);
int onednn_input_gradient(OneDNNOperation *operation, const float *dy, const OneDNNWeights *weights, float *dx);
int onednn_weight_gradient(
    OneDNNOperation *operation, const float *dy, const float *x, float *dweights, float *dbias);
