/* The cells, one direction of a layer for one sentence. The equations are those of slotfill/runtime/lstm.py and its
   neighbours; so are the signs and the order of the gates. */

/* The gates' inputs of one block of units, (gates, UNITS): z plus the product of h and U. `gates` is a constant. */
INLINE TARGET void NAME(remember)(float *inputs, const float *z, const float *U, const float *h, ptrdiff_t H,
                                  int gates, int separate) {
    vec sums[4 * UNITS / WIDTH];
    const int vectors = gates * UNITS / WIDTH;
    if (separate) {
        for (int v = 0; v < vectors; v++) sums[v] = broadcast(0.0f);
    } else {
        for (int v = 0; v < vectors; v++) sums[v] = load(z + v * WIDTH);
    }
    for (ptrdiff_t j = 0; j < H; j++) {
        const vec unit = broadcast(h[j]);
        for (int v = 0; v < vectors; v++) sums[v] = add_product(sums[v], unit, load(U + v * WIDTH));
        U += gates * UNITS;
    }
    for (int v = 0; v < vectors; v++) store(inputs + v * WIDTH, sums[v]);
}

INLINE TARGET void NAME(lstm_units)(const float *z, float *c, float *h) {
    for (int u = 0; u < UNITS; u++) {
        const float i = NAME(logistic_of_minus)(z[u]), f = NAME(logistic_of_minus)(z[UNITS + u]);
        const float o = NAME(logistic_of_minus)(z[2 * UNITS + u]), g = NAME(logistic_of_minus)(z[3 * UNITS + u]);
        c[u] = c[u] * f + (2.0f * g - 1.0f) * i;
        h[u] = NAME(tanh)(c[u]) * o;
    }
}

/* with peepholes p (3, width), the output gate needs the new memory */
INLINE TARGET void NAME(peephole_units)(const float *z, const float *p, ptrdiff_t width, float *c, float *h) {
    for (int u = 0; u < UNITS; u++) {
        const float i = NAME(logistic_of_minus)(z[u] + p[u] * c[u]);
        const float f = NAME(logistic_of_minus)(z[UNITS + u] + p[width + u] * c[u]);
        const float g = NAME(logistic_of_minus)(z[3 * UNITS + u]);
        c[u] = c[u] * f + (2.0f * g - 1.0f) * i;
        h[u] = NAME(tanh)(c[u]) * NAME(logistic_of_minus)(z[2 * UNITS + u] + p[2 * width + u] * c[u]);
    }
}

INLINE TARGET void NAME(gru_units)(const float *z, const float *remembered, const float *d, const float *before,
                                   float *h) {
    for (int u = 0; u < UNITS; u++) {
        const float r = NAME(logistic_of_minus)(z[u] + remembered[u]);
        const float keep = NAME(logistic_of_minus)(z[UNITS + u] + remembered[UNITS + u]);
        const float n = NAME(tanh)(z[2 * UNITS + u] + r * (remembered[2 * UNITS + u] + d[u]));
        h[u] = (before[u] - n) * keep + n;
    }
}

TARGET static void NAME(recur)(const Memory *memory, const float *z, ptrdiff_t N, ptrdiff_t Z, int backward,
                               float *out, ptrdiff_t stride, float *room, int goes_on) {
    const ptrdiff_t H = memory->hidden, width = memory->blocks * UNITS;
    const int gates = GATES[memory->cell];
    float *before = room, *h = room + width, *c = room + 2 * width;
    float inputs[4 * UNITS];
    for (ptrdiff_t step = 0; step < N; step++) {
        const ptrdiff_t row = backward ? N - 1 - step : step;
        const ptrdiff_t known = step || goes_on ? H : 0; /* the first state is 0 */
        for (ptrdiff_t block = 0; block < memory->blocks; block++) {
            const ptrdiff_t first = block * UNITS;
            const float *own = memory->own ? memory->own + first : NULL;
            const float *at = z + row * Z + block * gates * UNITS;
            const float *U = memory->U ? memory->U + block * H * gates * UNITS : NULL;
            switch (memory->cell) {
            case LSTM:
                NAME(remember)(inputs, at, U, before, known, 4, 0);
                if (own)
                    NAME(peephole_units)(inputs, own, width, c + first, h + first);
                else
                    NAME(lstm_units)(inputs, c + first, h + first);
                break;
            case GRU:
                NAME(remember)(inputs, at, U, before, known, 3, 1);
                NAME(gru_units)(at, inputs, own, before + first, h + first);
                break;
            default:
                NAME(remember)(inputs, at, U, before, memory->cell == ELMAN ? known : 0, 1, 0);
                for (int u = 0; u < UNITS; u++) h[first + u] = NAME(tanh)(inputs[u]);
            }
        }
        memcpy(out + row * stride, h, (size_t)H * sizeof(float));
        float *spare = before;
        before = h;
        h = spare;
    }
    if (before != room) memcpy(room, before, (size_t)width * sizeof(float));
}

INLINE TARGET void NAME(lstm_row)(const float *RESTRICT z, const float *RESTRICT u, ptrdiff_t H,
                                  const float *RESTRICT before, float *RESTRICT c, float *RESTRICT h,
                                  int has_memory) {
    for (ptrdiff_t n = 0; n < H; n++) {
        float i = z[n], f = z[H + n], o = z[2 * H + n], g = z[3 * H + n], kept = 0.0f;
        if (has_memory) {
            i += u[n];
            f += u[H + n];
            o += u[2 * H + n];
            g += u[3 * H + n];
            kept = before[n] * NAME(logistic_of_minus)(f);
        }
        g = 2.0f * NAME(logistic_of_minus)(g) - 1.0f;
        c[n] = kept + g * NAME(logistic_of_minus)(i);
        h[n] = NAME(tanh)(c[n]) * NAME(logistic_of_minus)(o);
    }
}

TARGET static void NAME(lstm_step)(const Step *step) {
    const ptrdiff_t H = step->hidden;
    for (ptrdiff_t b = 0; b < step->rows; b++) {
        const float *z = step->z + 4 * H * (step->ids ? step->ids[b] : b);
        float *c = step->c + b * H, *h = step->h + b * H;
        const ptrdiff_t parent = step->parents ? (ptrdiff_t)step->parents[b] : b;
        if (step->u)
            NAME(lstm_row)(z, step->u + 4 * H * (step->products ? step->products[b] : b), H, step->before + parent * H,
                           c, h, 1);
        else
            NAME(lstm_row)(z, NULL, H, NULL, c, h, 0);
        if (!step->largest) continue;
        const float *most = step->u ? step->largest_before + parent * H : h;
        float *largest = step->largest + b * H;
        for (ptrdiff_t n = 0; n < H; n++) largest[n] = h[n] > most[n] ? h[n] : most[n];
    }
}
