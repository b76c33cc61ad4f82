#include "CImageCodecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if !defined(MOE_WITHOUT_CODECS) && defined(__has_include)
#if __has_include(<png.h>)
#define MOE_HAS_PNG 1
#endif
#endif

#ifdef MOE_HAS_PNG
#include <dlfcn.h>
#include <png.h>
#include <pthread.h>

// libpng's simplified API: it keeps its longjmp to itself and turns every kind of PNG into 8-bit sRGB.
static struct {
    int (*begin_read)(png_imagep, png_const_voidp, size_t);
    int (*finish_read)(png_imagep, png_const_colorp, void *, png_int_32, void *);
    void (*free)(png_imagep);
} library;
static int loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libpng16.so.16", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
    *(void **)&library.begin_read = dlsym(handle, "png_image_begin_read_from_memory");
    *(void **)&library.finish_read = dlsym(handle, "png_image_finish_read");
    *(void **)&library.free = dlsym(handle, "png_image_free");
    loaded = library.begin_read && library.finish_read && library.free;
}

int moe_png_available(void) {
    pthread_once(&once, load);
    return loaded;
}

static int malformed(const png_image *image, moe_picture *picture) {
    snprintf(picture->message, sizeof picture->message, "%s", image->message);
    return MOE_PICTURE_MALFORMED;
}

static int begin(const uint8_t *bytes, size_t count, png_image *image, moe_picture *picture) {
    picture->message[0] = 0;
    if (!moe_png_available()) return MOE_PICTURE_NO_CODEC;
    memset(image, 0, sizeof *image);
    image->version = PNG_IMAGE_VERSION;
    if (!library.begin_read(image, bytes, count)) return malformed(image, picture);
    return MOE_PICTURE_DONE;
}

int moe_png_measure(const uint8_t *bytes, size_t count, moe_picture *picture) {
    png_image image;
    int status = begin(bytes, count, &image, picture);
    if (status != MOE_PICTURE_DONE) return status;
    picture->width = image.width;
    picture->height = image.height;
    library.free(&image);
    return MOE_PICTURE_DONE;
}

// Composites in sRGB values, not in linear light, as browsers and Pillow do.
static void lay_over_white(const uint8_t *rgba, uint8_t *rgb, size_t pixels) {
    for (size_t i = 0; i < pixels; i++) {
        unsigned alpha = rgba[4 * i + 3];
        for (size_t c = 0; c < 3; c++)
            rgb[3 * i + c] = (uint8_t)((rgba[4 * i + c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

int moe_png_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture) {
    png_image image;
    int status = begin(bytes, count, &image, picture);
    if (status != MOE_PICTURE_DONE) return status;
    if (image.width != picture->width || image.height != picture->height) {
        library.free(&image);
        snprintf(picture->message, sizeof picture->message, "not the size that was measured");
        return MOE_PICTURE_MALFORMED;
    }
    // Without this flag 16-bit files that name no colour space would be taken for linear light.
    image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
    size_t pixels = (size_t)image.width * image.height;
    if (!(image.format & PNG_FORMAT_FLAG_ALPHA)) {
        image.format = PNG_FORMAT_RGB;
        return library.finish_read(&image, NULL, rgb, 0, NULL) ? MOE_PICTURE_DONE : malformed(&image, picture);
    }
    image.format = PNG_FORMAT_RGBA;
    uint8_t *rgba = malloc(4 * pixels);
    if (!rgba) {
        library.free(&image);
        return MOE_PICTURE_NO_MEMORY;
    }
    if (library.finish_read(&image, NULL, rgba, 0, NULL))
        lay_over_white(rgba, rgb, pixels);
    else
        status = malformed(&image, picture);
    free(rgba);
    return status;
}

#else

int moe_png_available(void) { return 0; }

int moe_png_measure(const uint8_t *bytes, size_t count, moe_picture *picture) {
    (void)bytes, (void)count;
    picture->message[0] = 0;
    return MOE_PICTURE_NOT_BUILT;
}

int moe_png_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture) {
    (void)bytes, (void)count, (void)rgb;
    picture->message[0] = 0;
    return MOE_PICTURE_NOT_BUILT;
}

#endif
