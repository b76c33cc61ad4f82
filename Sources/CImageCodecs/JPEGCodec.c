#include "CImageCodecs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if !defined(MOE_WITHOUT_CODECS) && defined(__has_include)
#if __has_include(<turbojpeg.h>)
#define MOE_HAS_JPEG 1
#endif
#endif

#ifdef MOE_HAS_JPEG
#include <dlfcn.h>
#include <pthread.h>
#include <turbojpeg.h>

#ifdef TJFLAG_LIMITSCANS // refuses progressive files of thousands of scans, which take minutes
#define MOE_JPEG_FLAGS (TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS)
#else
#define MOE_JPEG_FLAGS TJFLAG_ACCURATEDCT
#endif

static struct {
    tjhandle (*open)(void);
    int (*close)(tjhandle);
    int (*header)(tjhandle, const unsigned char *, unsigned long, int *, int *, int *, int *);
    int (*decompress)(tjhandle, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
    char *(*message)(tjhandle);
    int (*severity)(tjhandle);
} library;
static int loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!handle) return;
    *(void **)&library.open = dlsym(handle, "tjInitDecompress");
    *(void **)&library.close = dlsym(handle, "tjDestroy");
    *(void **)&library.header = dlsym(handle, "tjDecompressHeader3");
    *(void **)&library.decompress = dlsym(handle, "tjDecompress2");
    *(void **)&library.message = dlsym(handle, "tjGetErrorStr2");
    *(void **)&library.severity = dlsym(handle, "tjGetErrorCode");
    loaded = library.open && library.close && library.header && library.decompress && library.message &&
             library.severity;
}

int moe_jpeg_available(void) {
    pthread_once(&once, load);
    return loaded;
}

// The bytes from a marker to its segment's end; 0 where no segment follows, or a scan does, whose end no length tells.
static size_t segment_size(const uint8_t *bytes, size_t count) {
    if (count < 4 || bytes[1] == 0x01 || (bytes[1] >= 0xD0 && bytes[1] <= 0xDA)) return 0;
    const size_t length = (size_t)bytes[2] << 8 | bytes[3];
    return length >= 2 && length + 2 <= count ? length + 2 : 0;
}

// A copy without what lies between segments before the first scan: cameras leave stray bytes there, which harm nothing. The
// library would warn of them, and after its first warning of nothing else, be it a premature end.
static uint8_t *without_stray_bytes(const uint8_t *bytes, size_t *count) {
    uint8_t *copy = malloc(*count + 1);
    if (!copy) return NULL;
    size_t at = 0, kept = 0, segment = *count >= 2 ? 2 : 0;
    while (segment) {
        memcpy(copy + kept, bytes + at, segment);
        kept += segment, at += segment;
        while (*count - at >= 2 && (bytes[at] != 0xFF || bytes[at + 1] == 0 || bytes[at + 1] == 0xFF)) at++;
        segment = segment_size(bytes + at, *count - at);
    }
    memcpy(copy + kept, bytes + at, *count - at);
    *count += kept - at;
    return copy;
}

// What the last scan has left over is common, too, and comes after all pixels; every other warning means missing or wrong
// ones.
static int is_harmless(tjhandle handle) {
    return library.severity(handle) == TJERR_WARNING &&
           strstr(library.message(handle), "extraneous bytes before marker 0xd9") != NULL;
}

static int judge(tjhandle handle, int status, moe_picture *picture) {
    if (status == 0 || is_harmless(handle)) return MOE_PICTURE_DONE;
    snprintf(picture->message, sizeof picture->message, "%s", library.message(handle));
    return MOE_PICTURE_MALFORMED;
}

static int read_header(tjhandle handle, const uint8_t *bytes, size_t count, int *width, int *height, int *space,
                       moe_picture *picture) {
    int subsampling = 0;
    return judge(handle, library.header(handle, bytes, count, width, height, &subsampling, space), picture);
}

int moe_jpeg_measure(const uint8_t *bytes, size_t count, moe_picture *picture) {
    picture->message[0] = 0;
    if (!moe_jpeg_available()) return MOE_PICTURE_NO_CODEC;
    int width = 0, height = 0, space = 0;
    uint8_t *clean = without_stray_bytes(bytes, &count);
    tjhandle handle = library.open();
    int status = MOE_PICTURE_NO_MEMORY;
    if (clean && handle) status = read_header(handle, clean, count, &width, &height, &space, picture);
    picture->width = (uint32_t)width;
    picture->height = (uint32_t)height;
    if (handle) library.close(handle);
    free(clean);
    return status;
}

// The inks are stored inverted (255: no ink), so that light of a colour is its value times that of black.
static void convert_inks(const uint8_t *cmyk, uint8_t *rgb, size_t pixels) {
    for (size_t i = 0; i < pixels; i++)
        for (size_t c = 0; c < 3; c++) rgb[3 * i + c] = (uint8_t)((cmyk[4 * i + c] * cmyk[4 * i + 3] + 127) / 255);
}

static int decode(tjhandle handle, const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture) {
    int width = 0, height = 0, space = 0;
    int status = read_header(handle, bytes, count, &width, &height, &space, picture);
    if (status != MOE_PICTURE_DONE) return status;
    if ((uint32_t)width != picture->width || (uint32_t)height != picture->height) {
        snprintf(picture->message, sizeof picture->message, "not the size that was measured");
        return MOE_PICTURE_MALFORMED;
    }
    if (space != TJCS_CMYK && space != TJCS_YCCK)
        return judge(
            handle,
            library.decompress(handle, bytes, count, rgb, width, 0, height, TJPF_RGB, MOE_JPEG_FLAGS), picture);

    uint8_t *cmyk = malloc((size_t)4 * picture->width * picture->height);
    if (!cmyk) return MOE_PICTURE_NO_MEMORY;
    status = judge(
        handle, library.decompress(handle, bytes, count, cmyk, width, 0, height, TJPF_CMYK, MOE_JPEG_FLAGS), picture);
    if (status == MOE_PICTURE_DONE) convert_inks(cmyk, rgb, (size_t)picture->width * picture->height);
    free(cmyk);
    return status;
}

int moe_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture) {
    picture->message[0] = 0;
    if (!moe_jpeg_available()) return MOE_PICTURE_NO_CODEC;
    uint8_t *clean = without_stray_bytes(bytes, &count);
    tjhandle handle = library.open();
    int status = clean && handle ? decode(handle, clean, count, rgb, picture) : MOE_PICTURE_NO_MEMORY;
    if (handle) library.close(handle);
    free(clean);
    return status;
}

#else

int moe_jpeg_available(void) { return 0; }

int moe_jpeg_measure(const uint8_t *bytes, size_t count, moe_picture *picture) {
    (void)bytes, (void)count;
    picture->message[0] = 0;
    return MOE_PICTURE_NOT_BUILT;
}

int moe_jpeg_decode(const uint8_t *bytes, size_t count, uint8_t *rgb, moe_picture *picture) {
    (void)bytes, (void)count, (void)rgb;
    picture->message[0] = 0;
    return MOE_PICTURE_NOT_BUILT;
}

#endif
