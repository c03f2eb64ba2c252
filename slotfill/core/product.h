/* Matrix products of few rows. A number of the result does not depend on the other rows, nor on how many there are:
   each is one sum in the order of the inputs. */

enum { NAME(ROWS) = 6 };

/* `rows` by `vectors` numbers of the result at once, which the registers hold; both are constants when inlined */
INLINE TARGET void NAME(tile)(const float *x, ptrdiff_t E, int rows, const float *W, const float *b, ptrdiff_t all,
                              int vectors, float *out, ptrdiff_t wanted, ptrdiff_t stride) {
    vec sums[NAME(ROWS)][2];
    for (int row = 0; row < rows; row++)
        for (int v = 0; v < vectors; v++) sums[row][v] = load(b + v * WIDTH);
    for (ptrdiff_t e = 0; e < E; e++) {
        vec w[2];
        for (int v = 0; v < vectors; v++) w[v] = load(W + e * all + v * WIDTH);
        for (int row = 0; row < rows; row++) {
            const vec input = broadcast(x[row * E + e]);
            for (int v = 0; v < vectors; v++) sums[row][v] = add_product(sums[row][v], input, w[v]);
        }
    }
    if (wanted >= vectors * WIDTH) {
        for (int row = 0; row < rows; row++)
            for (int v = 0; v < vectors; v++) store(out + row * stride + v * WIDTH, sums[row][v]);
        return;
    }
    for (int row = 0; row < rows; row++) {
        float line[2 * WIDTH];
        for (int v = 0; v < vectors; v++) store(line + v * WIDTH, sums[row][v]);
        memcpy(out + row * stride, line, (size_t)wanted * sizeof(float));
    }
}

TARGET static void NAME(project)(const float *x, ptrdiff_t N, ptrdiff_t E, const float *W, const float *b,
                                 ptrdiff_t all, float *out, ptrdiff_t C, ptrdiff_t stride) {
#define TILE(ROWS_, VECTORS) NAME(tile)(x + n * E, E, ROWS_, W + c, b + c, all, VECTORS, out + n * stride + c, C - c, stride)
#define TILES(VECTORS)                     \
    for (ptrdiff_t n = 0; n < N; n += 6) { \
        switch (N - n) {                   \
        case 1: TILE(1, VECTORS); break;   \
        case 2: TILE(2, VECTORS); break;   \
        case 3: TILE(3, VECTORS); break;   \
        case 4: TILE(4, VECTORS); break;   \
        case 5: TILE(5, VECTORS); break;   \
        default: TILE(6, VECTORS);         \
        }                                  \
    }
    ptrdiff_t c = 0;
    for (; c + 2 * WIDTH <= all && c < C; c += 2 * WIDTH) {
        TILES(2)
    }
    for (; c < C; c += WIDTH) {
        TILES(1)
    }
#undef TILES
#undef TILE
}

TARGET static void NAME(gather)(const float *row, const float *matches, ptrdiff_t M, const float *W, ptrdiff_t Z,
                                float *out) {
    memcpy(out, row, (size_t)Z * sizeof(float));
    for (ptrdiff_t m = 0; m < M; m++) {
        if (matches[m] == 0.0f) continue;
        for (ptrdiff_t i = 0; i < Z; i++) out[i] += matches[m] * W[m * Z + i];
    }
}
