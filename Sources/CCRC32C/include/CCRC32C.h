#ifndef CCRC32C_H
#define CCRC32C_H

#include <stddef.h>
#include <stdint.h>

/// Continues the CRC-32C (Castagnoli) `crc` of what came before over `count` more bytes; 0 starts.
uint32_t moe_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by tables alone: what processors without a CRC instruction use.
uint32_t moe_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

/// "sse4.2", "armv8-crc" or "portable": what moe_crc32c uses here.
const char *moe_crc32c_implementation(void);

#endif
