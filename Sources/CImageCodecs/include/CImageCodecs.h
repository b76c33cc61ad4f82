#pragma once
#include <stddef.h>
#include <stdint.h>

// Compressed pictures in memory to 8-bit RGB, by libpng and TurboJPEG where they are found.
//
// Neither library is linked: a build uses the headers it finds (MOE_WITHOUT_CODECS: none), and the first call loads
// the library. So this package builds, and its programs start, on machines that have neither.
// All functions may be called from any thread at any time.

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MOE_PICTURE_DONE = 0,
    MOE_PICTURE_NOT_BUILT = 1, // built without the library's header
    MOE_PICTURE_NO_CODEC = 2,  // the library does not load
    MOE_PICTURE_MALFORMED = 3, // the message says what the library found
    MOE_PICTURE_NO_MEMORY = 4,
};

typedef struct {
    uint32_t width;
    uint32_t height;
    char message[200]; // empty unless MOE_PICTURE_MALFORMED
} moe_picture;

// Reads the header only: width and height, so that the caller can refuse a size before anything is allocated.
int moe_png_measure(const uint8_t *bytes, size_t count, moe_picture *picture);
int moe_jpeg_measure(const uint8_t *bytes, size_t count, moe_picture *picture);

// Writes picture->width x picture->height interleaved RGB pixels, the size that was measured.
// Transparent PNG pixels are laid over white. Four-colour JPEGs are converted by the Adobe convention (inverted inks).
int moe_png_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture);
int moe_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture);

// 1 where the codec can be used.
int moe_png_available(void);
int moe_jpeg_available(void);

#ifdef __cplusplus
}
#endif
