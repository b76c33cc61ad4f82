#pragma once

// Convolutions on pictures that have their channels in blocks, [batch, channels / block, height, width, block], with vector
// instructions: AVX2 or AVX-512, whichever the processor has.

#include "direct.h"
#include "winograd.h"
