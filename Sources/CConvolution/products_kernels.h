// Products of matrices whose rows are tiles or places of pictures and whose columns are channels in blocks, for one vector width;
// included by kernels with LANES and NAME(function) defined.

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"

typedef float NAME(Vector) __attribute__((vector_size(4 * LANES)));
typedef float NAME(Unaligned) __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
#define VECTOR NAME(Vector)

static inline VECTOR NAME(load)(const float *p) { return *(const NAME(Unaligned) *)p; }
static inline void NAME(store)(float *p, VECTOR value) { *(NAME(Unaligned) *)p = value; }

// Products of `rows` tiles with two blocks of output channels: tiles [block][tile][channel] times filters [channels, 2 LANES].
#define PRODUCTS(rows)                                                                                      \
    static inline void NAME(products##rows)(                                                                \
        int64_t blocks, const float *tiles, const float *filters, float *out, int64_t blockStride) {        \
        VECTOR sums[rows][2] = {0};                                                                         \
        for (int64_t block = 0; block < blocks; block++, tiles += blockStride) {                            \
            _Pragma("clang loop unroll_count(2)") for (int c = 0; c < LANES; c++, filters += 2 * LANES) {   \
                VECTOR left = NAME(load)(filters), right = NAME(load)(filters + LANES);                     \
                _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) {                   \
                    sums[row][0] += tiles[row * LANES + c] * left;                                          \
                    sums[row][1] += tiles[row * LANES + c] * right;                                         \
                }                                                                                           \
            }                                                                                               \
        }                                                                                                   \
        _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) {                           \
            NAME(store)(out + row * LANES, sums[row][0]);                                                   \
            NAME(store)(out + blockStride + row * LANES, sums[row][1]);                                     \
        }                                                                                                   \
    }
#if LANES == 16
PRODUCTS(12)
#endif
PRODUCTS(6)
PRODUCTS(4)
PRODUCTS(1)
#undef PRODUCTS

/// m [block][tile][channel] = v [block][tile][channel] times filters [panel of 2 LANES][inChannels][2 LANES].
static void NAME(multiply)(
    int64_t tiles, int64_t inChannels, int64_t outChannels, const float *v, const float *filters, float *m,
    int64_t blockStride) {
    int64_t blocks = inChannels / LANES;
    for (int64_t panel = 0; panel < outChannels / (2 * LANES); panel++) {
        const float *u = filters + panel * inChannels * 2 * LANES;
        float *out = m + panel * 2 * blockStride;
        int64_t t = 0;
#if LANES == 16
        // Twice as many registers hold twice as many sums: the filters are read half as often.
        for (; t + 12 <= tiles; t += 12) NAME(products12)(blocks, v + t * LANES, u, out + t * LANES, blockStride);
#endif
        for (; t + 6 <= tiles; t += 6) NAME(products6)(blocks, v + t * LANES, u, out + t * LANES, blockStride);
        for (; t + 4 <= tiles; t += 4) NAME(products4)(blocks, v + t * LANES, u, out + t * LANES, blockStride);
        for (; t < tiles; t++) NAME(products1)(blocks, v + t * LANES, u, out + t * LANES, blockStride);
    }
}

/// sums[row][two blocks] = (continues ? itself : 0) + Σ over tiles of `rows` channels of m times two blocks of channels of v.
#define SUMS(rows)                                                                                                 \
    static inline void NAME(sums##rows)(                                                                           \
        int64_t tiles, const float *m, const float *left, const float *right, float *sums, int64_t stride,         \
        bool continues) {                                                                                          \
        VECTOR held[rows][2] = {0};                                                                                \
        _Pragma("clang loop unroll(full)") for (int row = 0; continues && row < rows; row++) {                     \
            held[row][0] = NAME(load)(sums + row * stride);                                                        \
            held[row][1] = NAME(load)(sums + row * stride + LANES);                                                \
        }                                                                                                          \
        for (int64_t t = 0; t < tiles; t++) {                                                                      \
            VECTOR l = NAME(load)(left + t * LANES), r = NAME(load)(right + t * LANES);                            \
            _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) {                              \
                held[row][0] += m[t * LANES + row] * l;                                                            \
                held[row][1] += m[t * LANES + row] * r;                                                            \
            }                                                                                                      \
        }                                                                                                          \
        _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) {                                  \
            NAME(store)(sums + row * stride, held[row][0]);                                                        \
            NAME(store)(sums + row * stride + LANES, held[row][1]);                                                \
        }                                                                                                          \
    }
#if LANES == 16
#define SUMS_ROWS 8
#define SUMS_OF_ROWS NAME(sums8)
SUMS(8)
#else
#define SUMS_ROWS 4
#define SUMS_OF_ROWS NAME(sums4)
SUMS(4)
#endif
#undef SUMS

/// sums [outChannels, inChannels] = (continues ? itself : 0) + Σ over tiles of m [block][tile][channel] times
/// v [block][tile][channel].
static void NAME(accumulate)(
    int64_t tiles, int64_t inChannels, int64_t outChannels, const float *v, const float *m, float *sums,
    int64_t blockStride, bool continues) {
    for (int64_t c = 0; c < inChannels; c += 2 * LANES) {
        const float *left = v + c / LANES * blockStride;
        for (int64_t k = 0; k < outChannels; k += SUMS_ROWS) {
            SUMS_OF_ROWS(
                tiles, m + k / LANES * blockStride + k % LANES, left, left + blockStride, sums + k * inChannels + c,
                inChannels, continues);
        }
    }
}

#undef SUMS_ROWS
#undef SUMS_OF_ROWS
#pragma clang diagnostic pop
