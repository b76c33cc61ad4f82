// The gradients of convolutions by their definition, for one vector width (for_each_width.h).

#include "products_kernels.h"

/// Puts the gradients of images side by side, m[block][image, place][channel].
static void NAME(collect)(const DirectShape *shape, int64_t images, const float *dy, float *m) {
    int64_t run = placesOf(shape) * LANES;
    for (int64_t block = 0; block < shape->outChannels / LANES; block++) {
        for (int64_t image = 0; image < images; image++, m += run) {
            memcpy(m, dy + image * shape->outChannels * placesOf(shape) + block * run, (size_t)run * sizeof *m);
        }
    }
}

/// What one tap sees of the images, v[block][image, place][channel]; zero where it lies on the padding.
static void NAME(collectInputs)(
    const DirectShape *shape, int64_t images, int64_t tap, const float *x, float *v) {
    int64_t plane = shape->height * shape->width * LANES, image = shape->inChannels * shape->height * shape->width;
    for (int64_t block = 0; block < shape->inChannels / LANES; block++) {
        for (int64_t n = 0; n < images; n++) {
            const float *source = x + n * image + block * plane;
            for (int64_t i = 0; i < shape->outHeight; i++) {
                for (int64_t j = 0; j < shape->outWidth; j++, v += LANES) {
                    int64_t at = placeOfTap(shape, tap, i, j);
                    NAME(store)(v, at < 0 ? (VECTOR){0} : NAME(load)(source + at * LANES));
                }
            }
        }
    }
}

/// Adds what one tap gives back to the places it was taken from.
static void NAME(scatterInputs)(
    const DirectShape *shape, int64_t images, int64_t tap, const float *m, float *dx) {
    int64_t plane = shape->height * shape->width * LANES, image = shape->inChannels * shape->height * shape->width;
    for (int64_t block = 0; block < shape->inChannels / LANES; block++) {
        for (int64_t n = 0; n < images; n++) {
            float *target = dx + n * image + block * plane;
            for (int64_t i = 0; i < shape->outHeight; i++) {
                for (int64_t j = 0; j < shape->outWidth; j++, m += LANES) {
                    int64_t at = placeOfTap(shape, tap, i, j);
                    if (at < 0) continue;
                    NAME(store)(target + at * LANES, NAME(load)(target + at * LANES) + NAME(load)(m));
                }
            }
        }
    }
}

static void NAME(inputGradient)(
    const DirectShape *shape, int64_t images, const float *dy, const float *packed, float *dx, float *scratch) {
    int64_t in = shape->inChannels, out = shape->outChannels, places = placesOf(shape), hand = imagesInHand(shape);
    float *m = scratch, *parts = m + hand * places * out;
    memset(dx, 0, (size_t)(images * in * shape->height * shape->width) * sizeof *dx);
    for (int64_t first = 0; first < images; first += hand) {
        int64_t count = images - first < hand ? images - first : hand;
        NAME(collect)(shape, count, dy + first * out * places, m);
        for (int64_t tap = 0; tap < tapsOf(shape); tap++) {
            NAME(multiply)(count * places, out, in, m, packed + tap * in * out, parts, count * places * LANES);
            NAME(scatterInputs)(shape, count, tap, parts, dx + first * in * shape->height * shape->width);
        }
    }
}

static void NAME(weightGradientOfTaps)(
    const DirectShape *shape, int64_t images, const float *x, const float *dy, float *dweights, float *dbias,
    float *scratch) {
    int64_t in = shape->inChannels, out = shape->outChannels, places = placesOf(shape), hand = imagesInHand(shape);
    int64_t taps = tapsOf(shape);
    float *sums = scratch, *m = sums + taps * in * out, *v = m + hand * places * out;
    memset(dbias, 0, (size_t)out * sizeof *dbias);
    for (int64_t first = 0; first < images; first += hand) {
        int64_t count = images - first < hand ? images - first : hand, block = count * places * LANES;
        NAME(collect)(shape, count, dy + first * out * places, m);
        for (int64_t k = 0; k < out; k += LANES) {
            VECTOR sum = NAME(load)(dbias + k);
            for (int64_t t = 0; t < count * places; t++) sum += NAME(load)(m + k / LANES * block + t * LANES);
            NAME(store)(dbias + k, sum);
        }
        for (int64_t tap = 0; tap < taps; tap++) {
            NAME(collectInputs)(shape, count, tap, x + first * in * shape->height * shape->width, v);
            NAME(accumulate)(count * places, in, out, v, m, sums + tap * in * out, block, first > 0);
        }
    }
    for (int64_t i = 0; i < in * out; i++) {
        for (int64_t tap = 0; tap < taps; tap++) dweights[i * taps + tap] = sums[tap * in * out + i];
    }
}

#undef VECTOR
