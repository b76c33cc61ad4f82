#include "CCRC32C.h"

#include <stdatomic.h>
#include <string.h>

// The polynomial 0x1EDC6F41 with its bits reversed, as in RFC 3720, appendix B.4.
#define POLYNOMIAL 0x82F63B78u

// ---- Tables: slicing by eight --------------------------------------------------------------------------------------

static uint32_t table[8][256];

// Before main, so that no first use races with another.
__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int slice = 1; slice < 8; slice++)
            table[slice][byte] = table[slice - 1][byte] >> 8 ^ table[0][table[slice - 1][byte] & 255];
}

static uint32_t little_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint32_t moe_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint32_t low = crc ^ little_endian(next), high = little_endian(next + 4);
        crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^ table[4][low >> 24]
            ^ table[3][high & 255] ^ table[2][high >> 8 & 255] ^ table[1][high >> 16 & 255] ^ table[0][high >> 24];
    }
    for (; count > 0; count--) crc = crc >> 8 ^ table[0][(crc ^ *next++) & 255];
    return ~crc;
}

// ---- The processor's own instruction, where it has one -------------------------------------------------------------

#if defined(__x86_64__)
#include <cpuid.h>
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t hardware(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t state = (uint32_t)~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = _mm_crc32_u64(state, word);
    }
    for (; count > 0; count--) state = _mm_crc32_u8((uint32_t)state, *next++);
    return ~(uint32_t)state;
}

static int has_hardware(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
}
#define HARDWARE "sse4.2"

#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif

__attribute__((target("+crc"))) static uint32_t hardware(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        __asm__("crc32cx %w0, %w0, %x1" : "+r"(crc) : "r"(word));
    }
    for (; count > 0; count--) {
        uint32_t byte = *next++;
        __asm__("crc32cb %w0, %w0, %w1" : "+r"(crc) : "r"(byte));
    }
    return ~crc;
}

static int has_hardware(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#define HARDWARE "armv8-crc"
#endif

#ifdef HARDWARE
// 0 until somebody has asked the processor; every answer is the same, so a race is harmless.
static atomic_int choice;

static int uses_hardware(void) {
    int chosen = atomic_load_explicit(&choice, memory_order_relaxed);
    if (chosen == 0) {
        chosen = has_hardware() ? 1 : 2;
        atomic_store_explicit(&choice, chosen, memory_order_relaxed);
    }
    return chosen == 1;
}

uint32_t moe_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return uses_hardware() ? hardware(crc, bytes, count) : moe_crc32c_portable(crc, bytes, count);
}

const char *moe_crc32c_implementation(void) { return uses_hardware() ? HARDWARE : "portable"; }
#else
uint32_t moe_crc32c(uint32_t crc, const void *bytes, size_t count) { return moe_crc32c_portable(crc, bytes, count); }

const char *moe_crc32c_implementation(void) { return "portable"; }
#endif
