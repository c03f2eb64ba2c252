/* The linear chain over the tags of one sentence: the best path, and the sums over all paths. The plain definitions
   are slotfill/decoding/viterbi.py and forward_backward.py.

   Most tags are free: they may follow any tag. An inside tag may follow one or two. So the table of steps has columns
   for the free ones only, and of its rows only those are read that can matter (their bounds say so; see Chain). */

typedef enum { NAME(PLAIN), NAME(PLUS), NAME(TIMES) } NAME(With);

/* The largest of x, of x + y or of x * y. A compiler may not reorder a sum or a choice of floats by itself, so UNITS of
   them go side by side. */
INLINE TARGET float NAME(largest_of)(const float *x, const float *y, ptrdiff_t count, NAME(With) with) {
    float lanes[UNITS], most = -INFINITY;
    for (int u = 0; u < UNITS; u++) lanes[u] = -INFINITY;
    ptrdiff_t i = 0;
    for (; i + UNITS <= count; i += UNITS) {
        for (int u = 0; u < UNITS; u++) {
            const float a = x[i + u];
            const float value = with == NAME(PLUS) ? a + y[i + u] : with == NAME(TIMES) ? a * y[i + u] : a;
            lanes[u] = value > lanes[u] ? value : lanes[u];
        }
    }
    for (; i < count; i++) {
        const float value = with == NAME(PLUS) ? x[i] + y[i] : with == NAME(TIMES) ? x[i] * y[i] : x[i];
        most = value > most ? value : most;
    }
    for (int u = 0; u < UNITS; u++) most = lanes[u] > most ? lanes[u] : most;
    return most;
}

INLINE TARGET float NAME(sum_of)(const float *x, ptrdiff_t count) {
    float lanes[UNITS] = {0}, sum = 0.0f;
    ptrdiff_t i = 0;
    for (; i + UNITS <= count; i += UNITS)
        for (int u = 0; u < UNITS; u++) lanes[u] += x[i + u];
    for (; i < count; i++) sum += x[i];
    for (int u = 0; u < UNITS; u++) sum += lanes[u];
    return sum;
}

TARGET static void NAME(best_path)(const Chain *chain, const float *emissions, ptrdiff_t T, int64_t *path,
                                   char *memory) {
    const ptrdiff_t K = chain->tags, F = chain->free_tags, width = chain->free_width;
    float *score = (float *)memory, *best = score + K;
    int32_t *from = (int32_t *)(best + width);
    uint16_t *back = (uint16_t *)(from + width); /* (T, K) */
    for (ptrdiff_t k = 0; k < K; k++) score[k] = chain->start[k] + emissions[k];
    for (ptrdiff_t t = 1; t < T; t++) {
        const float *emission = emissions + t * K;
        uint16_t *back_K = back + t * K;
        float least = NAME(largest_of)(score, chain->low, K, NAME(PLUS));
        least -= 1e-5f * (least < 0 ? -least : least); /* sums are rounded */
        for (ptrdiff_t f = 0; f < width; f++) {
            best[f] = -INFINITY;
            from[f] = 0;
        }
        for (ptrdiff_t j = 0; j < K; j++) {
            if (score[j] + chain->high[j] < least) continue;
            const float *step = chain->steps + j * width;
            const float before = score[j];
            const int32_t tag = (int32_t)j;
            for (ptrdiff_t f = 0; f < width; f++) {
                const float sum = step[f] + before;
                const int better = sum > best[f];
                from[f] = better ? tag : from[f];
                best[f] = better ? sum : best[f];
            }
        }
        /* the inside tags while the scores are still those of the token before; free ones are in `best` */
        float *inside = (float *)(back + T * K + (T * K) % 2);
        for (ptrdiff_t i = 0; i < chain->inside_tags; i++) {
            const int64_t *tags = chain->inside + 3 * i;
            float sum = -INFINITY;
            int64_t tag = 0;
            for (int which = 0; which < 2; which++) {
                if (tags[1 + which] < 0) continue;
                const float other = chain->entering[2 * i + which] + score[tags[1 + which]];
                if (other > sum) {
                    sum = other;
                    tag = tags[1 + which];
                }
            }
            inside[i] = sum + emission[tags[0]];
            back_K[tags[0]] = (uint16_t)tag;
        }
        for (ptrdiff_t i = 0; i < chain->inside_tags; i++) score[chain->inside[3 * i]] = inside[i];
        for (ptrdiff_t f = 0; f < F; f++) {
            const int64_t tag = chain->free[f];
            score[tag] = best[f] + emission[tag];
            back_K[tag] = (uint16_t)from[f];
        }
    }
    int64_t last = 0;
    for (ptrdiff_t k = 1; k < K; k++) last = score[k] > score[last] ? k : last;
    path[T - 1] = last;
    for (ptrdiff_t t = T - 1; t > 0; t--) path[t - 1] = last = back[t * K + last];
}

/* The factor of the step from one tag to another; 0 if it is not allowed. */
INLINE TARGET float NAME(step_of)(const Chain *chain, int64_t before, int64_t tag) {
    const int64_t column = chain->column[tag];
    if (column >= 0) return chain->steps[before * chain->free_width + column];
    const int64_t i = -1 - column;
    if (chain->inside[3 * i + 1] == before) return chain->entering[2 * i];
    return chain->inside[3 * i + 2] == before ? chain->entering[2 * i + 1] : 0.0f;
}

enum { NAME(BLOCKS) = WIDTH < 8 ? 2 : 4 }; /* of UNITS numbers, whose sums the registers hold */

/* `blocks` times UNITS numbers of a sum of rows; a constant when inlined */
INLINE TARGET void NAME(combine_blocks)(const float *shares, const int32_t *rows, ptrdiff_t count, const float *table,
                                        ptrdiff_t columns, int blocks, float *out) {
    vec sums[NAME(BLOCKS) * UNITS / WIDTH];
    const int vectors = blocks * UNITS / WIDTH;
    for (int v = 0; v < vectors; v++) sums[v] = broadcast(0.0f);
    for (ptrdiff_t i = 0; i < count; i++) {
        const vec share = broadcast(shares[i]);
        const float *row = table + rows[i] * columns;
        for (int v = 0; v < vectors; v++) sums[v] = add_product(sums[v], share, load(row + v * WIDTH));
    }
    for (int v = 0; v < vectors; v++) store(out + v * WIDTH, sums[v]);
}

/* out (columns) = the sum of `count` rows of a table, each times its share; `columns` is a multiple of UNITS */
INLINE TARGET void NAME(combine)(const float *shares, const int32_t *rows, ptrdiff_t count, const float *table,
                                 ptrdiff_t columns, float *out) {
    ptrdiff_t c = 0;
    for (; c + NAME(BLOCKS) * UNITS <= columns; c += NAME(BLOCKS) * UNITS)
        NAME(combine_blocks)(shares, rows, count, table + c, columns, NAME(BLOCKS), out + c);
    for (; c < columns; c += UNITS) NAME(combine_blocks)(shares, rows, count, table + c, columns, 1, out + c);
}

/* The sums without the free steps from and to tags whose forward sum is at most `negligible`. Returns how much of the
   weight of all paths goes through such tags, summed over tokens. */
TARGET static float NAME(sum_most_paths)(const Chain *chain, const float *emissions, ptrdiff_t T, const int64_t *path,
                                         float *opening, float *going, float *closing, float *marginals,
                                         float negligible, float *memory) {
    const ptrdiff_t K = chain->tags, F = chain->free_tags, I = chain->inside_tags;
    const ptrdiff_t width = chain->free_width, all = chain->width;
    float *into = memory, *backward = into + width, *after = backward + all, *products = after + all;
    float *shares = products + all;
    int32_t *rows = (int32_t *)(shares + all);
    float *weights = (float *)(rows + all), *forwards = weights + T * K; /* (T, K) */
    float lost = 0.0f;
    for (ptrdiff_t t = 0; t < T; t++) {
        const float *emission = emissions + t * K;
        float *weight = weights + t * K, *forward = forwards + t * K;
        const float most = NAME(largest_of)(emission, NULL, K, NAME(PLAIN));
        for (ptrdiff_t k = 0; k < K; k++) {
            const float exponent = (emission[k] - most) / chain->temperature;
            weight[k] = (exponent < -87.0f ? 0.0f : NAME(exp)(exponent)) + 1e-30f;
        }
        if (t == 0) {
            for (ptrdiff_t k = 0; k < K; k++) forward[k] = weight[k] * chain->start[k];
        } else {
            const float *before = forward - K;
            ptrdiff_t count = 0;
            for (ptrdiff_t j = 0; j < K; j++) {
                shares[count] = before[j];
                rows[count] = (int32_t)j;
                count += before[j] > negligible;
            }
            NAME(combine)(shares, rows, count, chain->steps, width, into);
            for (ptrdiff_t f = 0; f < F; f++) forward[chain->free[f]] = into[f] * weight[chain->free[f]];
            for (ptrdiff_t i = 0; i < I; i++) {
                const int64_t *tags = chain->inside + 3 * i;
                float sum = 0.0f;
                for (int which = 0; which < 2; which++)
                    if (tags[1 + which] >= 0) sum += before[tags[1 + which]] * chain->entering[2 * i + which];
                forward[tags[0]] = sum * weight[tags[0]];
            }
        }
        const float scale = 1.0f / NAME(sum_of)(forward, K);
        for (ptrdiff_t k = 0; k < K; k++) forward[k] *= scale;
        for (ptrdiff_t k = 0; k < K; k++) weight[k] *= scale;
        if (!path) continue;
        opening[t] = forward[path[t]];
        going[t] = t ? weight[path[t]] * NAME(step_of)(chain, path[t - 1], path[t]) : 0.0f;
    }
    for (ptrdiff_t k = 0; k < all; k++) backward[k] = 1.0f;
    for (ptrdiff_t t = T - 1; t >= 0; t--) {
        const float *forward = forwards + t * K;
        if (t < T - 1) {
            const float *weight = weights + (t + 1) * K, *next = forward + K;
            ptrdiff_t count = 0;
            for (ptrdiff_t k = 0; k < K; k++) products[k] = weight[k] * backward[k];
            for (ptrdiff_t f = 0; f < F; f++) {
                const int64_t tag = chain->free[f];
                shares[count] = products[tag];
                rows[count] = (int32_t)f;
                count += next[tag] > negligible;
            }
            NAME(combine)(shares, rows, count, chain->transposed, all, after);
            for (ptrdiff_t i = 0; i < I; i++) {
                const int64_t *tags = chain->inside + 3 * i;
                for (int which = 0; which < 2; which++)
                    if (tags[1 + which] >= 0)
                        after[tags[1 + which]] += products[tags[0]] * chain->entering[2 * i + which];
            }
            float *spare = backward;
            backward = after;
            after = spare;
        }
        for (ptrdiff_t k = 0; k < K; k++) shares[k] = forward[k] * backward[k];
        if (marginals) memcpy(marginals + t * K, shares, (size_t)K * sizeof(float));
        for (ptrdiff_t k = 0; k < K; k++) shares[k] = forward[k] > negligible ? 0.0f : shares[k];
        lost += NAME(sum_of)(shares, K);
        if (!path) continue;
        /* any tag may follow a span except the inside tag that would continue it */
        const int64_t i = chain->continued[path[t]];
        float close = backward[path[t]];
        if (i >= 0 && t < T - 1) {
            const int64_t tag = chain->inside[3 * i];
            close -= products[tag] * NAME(step_of)(chain, path[t], tag);
        }
        closing[t] = close > 0.0f ? close : 0.0f;
    }
    return lost;
}

/* A trained network leaves few tags for a token: with 1e-8, a third to a tenth of the steps remain. What that leaves
   out is known afterwards, so that no answer is further than 3e-6 from the sum over all paths. */
TARGET static void NAME(sum_paths)(const Chain *chain, const float *emissions, ptrdiff_t T, const int64_t *path,
                                   float *opening, float *going, float *closing, float *marginals, float *memory) {
    const float lost = NAME(sum_most_paths)(chain, emissions, T, path, opening, going, closing, marginals, 1e-8f, memory);
    if (!(lost <= 3e-6f))
        NAME(sum_most_paths)(chain, emissions, T, path, opening, going, closing, marginals, -1.0f, memory);
}
