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

#define HARDWARE "sse4.2"
#define WITH_INSTRUCTION __attribute__((target("sse4.2")))

WITH_INSTRUCTION static inline uint32_t step8(uint32_t crc, const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return (uint32_t)_mm_crc32_u64(crc, word);
}

WITH_INSTRUCTION static inline uint32_t step1(uint32_t crc, uint8_t byte) { return _mm_crc32_u8(crc, byte); }

static int has_hardware(void) {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
}

#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif

#define HARDWARE "armv8-crc"
#define WITH_INSTRUCTION __attribute__((target("+crc")))

WITH_INSTRUCTION static inline uint32_t step8(uint32_t crc, const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    __asm__("crc32cx %w0, %w0, %x1" : "+r"(crc) : "r"(word));
    return crc;
}

WITH_INSTRUCTION static inline uint32_t step1(uint32_t crc, uint8_t byte) {
    __asm__("crc32cb %w0, %w0, %w1" : "+r"(crc) : "r"((uint32_t)byte));
    return crc;
}

static int has_hardware(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#endif

#ifdef HARDWARE
// The instruction takes three cycles but a new one starts every cycle: three stretches side by side keep it busy. A CRC
// is linear, so that the stretches' values are joined by moving the earlier one over the later one's length of zeros.
#define STRETCH 512
static uint32_t over_stretch[4][256];

__attribute__((constructor)) static void fill_over_stretch(void) {
    for (int bit = 0; bit < 32; bit++) {
        // fill_table may run later than this: the polynomial itself, bit by bit.
        uint32_t crc = 1u << bit;
        for (int step = 0; step < 8 * STRETCH; step++) crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        uint32_t *row = over_stretch[bit / 8], first = 1u << (bit % 8);
        for (uint32_t byte = first; byte < 2 * first; byte++) row[byte] = row[byte - first] ^ crc;
    }
}

static inline uint32_t move_over_stretch(uint32_t crc) {
    return over_stretch[0][crc & 255] ^ over_stretch[1][crc >> 8 & 255] ^ over_stretch[2][crc >> 16 & 255]
         ^ over_stretch[3][crc >> 24];
}

WITH_INSTRUCTION static uint32_t hardware(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    for (; count >= 3 * STRETCH; count -= 3 * STRETCH, next += 3 * STRETCH) {
        uint32_t second = 0, third = 0;
        for (size_t offset = 0; offset < STRETCH; offset += 8) {
            crc = step8(crc, next + offset);
            second = step8(second, next + STRETCH + offset);
            third = step8(third, next + 2 * STRETCH + offset);
        }
        crc = move_over_stretch(move_over_stretch(crc) ^ second) ^ third;
    }
    for (; count >= 8; count -= 8, next += 8) crc = step8(crc, next);
    for (; count > 0; count--) crc = step1(crc, *next++);
    return ~crc;
}

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
