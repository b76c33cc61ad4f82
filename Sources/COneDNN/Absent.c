#include "Library.h"

#if !ONEDNN_FOUND

// The same functions for a build without oneDNN. Only onednn_open is ever called.

#include <stddef.h>
#include <stdlib.h>

const char *onednn_open(OneDNNVersion *version) {
    (void)version;
#if defined(MOE_WITHOUT_ONEDNN)
    return "built with MOE_WITHOUT_ONEDNN";
#elif defined(DNNL_VERSION_MAJOR)
    return "built against a version of oneDNN that is neither 2 nor 3";
#else
    return "built without oneDNN's headers (Debian package libdnnl-dev)";
#endif
}

int onednn_matrix_product(
    bool transposeA, bool transposeB, int64_t rows, int64_t columns, int64_t depth, const float *a, int64_t aStride,
    const float *b, int64_t bStride, float beta, float *c, int64_t cStride) {
    (void)transposeA, (void)transposeB, (void)rows, (void)columns, (void)depth, (void)a, (void)aStride, (void)b;
    (void)bStride, (void)beta, (void)c, (void)cStride;
    abort();
}

int64_t onednn_channel_block(void) { return 1; }

bool onednn_has_bfloat16(void) { return false; }

OneDNNOperation *onednn_create(OneDNNPass pass, const OneDNNConvolution *shape) {
    (void)pass, (void)shape;
    return NULL;
}

void onednn_destroy(OneDNNOperation *operation) { (void)operation; }

OneDNNWeights *onednn_pack(OneDNNOperation *operation, const float *weights) {
    (void)operation, (void)weights;
    return NULL;
}

void onednn_destroy_weights(OneDNNWeights *weights) { (void)weights; }

int onednn_forward(
    OneDNNOperation *operation, const float *x, const OneDNNWeights *weights, const float *bias, float *y) {
    (void)operation, (void)x, (void)weights, (void)bias, (void)y;
    abort();
}

int onednn_input_gradient(OneDNNOperation *operation, const float *dy, const OneDNNWeights *weights, float *dx) {
    (void)operation, (void)dy, (void)weights, (void)dx;
    abort();
}

int onednn_weight_gradient(
    OneDNNOperation *operation, const float *dy, const float *x, float *dweights, float *dbias) {
    (void)operation, (void)dy, (void)x, (void)dweights, (void)dbias;
    abort();
}

#endif
