// Matrix products by register blocking, for one vector width and one kind of element: ELEMENT is four bytes, and
// STEP(sums, a, b) adds the products of *a with the vector of elements b. TILE_ROWS by PANEL_VECTORS sums stay in registers.

/// c, `rows` by `vectors` vectors, (+)= a b + bias: a's element (i, k) at a[i * aStride + k * aStep], b's row k at b + k * bStride.
/// Meanwhile fetches memory from `ahead` on.
INLINE void NAME(tile)(
    const int rows, const int vectors, int64_t depth, const ELEMENT *a, int64_t aStride, int64_t aStep, const ELEMENT *b,
    int64_t bStride, const char *ahead, const float *bias, bool adds, float *c, int64_t cStride) {
    VECTOR sums[8][4];
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++) {
        _Pragma("clang loop unroll(full)") for (int j = 0; j < vectors; j++) {
            VECTOR start = bias ? NAME(load)(bias + j * LANES) : (VECTOR){0};
            sums[i][j] = adds ? start + NAME(load)(c + i * cStride + j * LANES) : start;
        }
    }
    _Pragma("clang loop unroll_count(2)") for (int64_t k = 0; k < depth; k++) {
        VECTOR right[4];
        _Pragma("clang loop unroll(full)") for (int j = 0; j < vectors; j++) right[j] = NAME(load)(b + j * LANES);
        if (vectors == PANEL_VECTORS && k % 2 == 0) {
            __builtin_prefetch(ahead, 0, 2);
            ahead += 64;
        }
        _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++) {
            _Pragma("clang loop unroll(full)") for (int j = 0; j < vectors; j++) STEP(sums[i][j], a + i * aStride, right[j]);
        }
        a += aStep;
        b += bStride;
    }
    _Pragma("clang loop unroll(full)") for (int i = 0; i < rows; i++) {
        _Pragma("clang loop unroll(full)") for (int j = 0; j < vectors; j++) {
            NAME(store)(c + i * cStride + j * LANES, sums[i][j]);
        }
    }
}

/// c [rows, columns] = a times panels + bias, or += if it adds; aTile is the distance of a's tiles.
static void NAME(multiply)(
    int64_t rows, int64_t columns, int64_t depth, const ELEMENT *a, int64_t aStride, int64_t aStep, int64_t aTile,
    const ELEMENT *panels, const float *bias, bool adds, float *c) {
    int64_t tiles = rows / TILE_ROWS, panelSize = depth * PANEL;
    for (int64_t j = 0; j < columns; j += PANEL, panels += panelSize) {
        const float *shift = bias ? bias + j : NULL;
        for (int64_t t = 0; t < tiles; t++) {
            // The next panel is on its way while this one is used: 32 bytes for every step along the depth.
            const char *ahead = (const char *)(panels + panelSize) + t % (PANEL / 8) * (depth / 2 * 64);
            NAME(tile)(
                TILE_ROWS, PANEL_VECTORS, depth, a + t * aTile, aStride, aStep, panels, PANEL, ahead, shift, adds,
                c + t * TILE_ROWS * columns + j, columns);
        }
        const ELEMENT *rest = a + tiles * aTile;
        float *below = c + tiles * TILE_ROWS * columns + j;
#define REST(count)                                                                                              \
    if (rows % TILE_ROWS & count) {                                                                              \
        NAME(tile)(                                                                                              \
            count, PANEL_VECTORS, depth, rest, aStride, aStep, panels, PANEL, (const char *)panels, shift, adds, \
            below, columns);                                                                                     \
        rest += count * aStride;                                                                                 \
        below += count * columns;                                                                                \
    }
        REST(4)
        REST(2)
        REST(1)
#undef REST
    }
}
