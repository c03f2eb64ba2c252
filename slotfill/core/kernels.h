/* The loops of the core, without Python: each is compiled for several instruction sets (kernels.c).

   Arrays are float32, row after row, without gaps. Shapes: N tokens, E inputs, H units, C columns.
   Units lie in blocks of UNITS, the last one filled up with units that stay 0. */

#ifndef SLOTFILL_KERNELS_H
#define SLOTFILL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { UNITS = 16 };

typedef enum { FEEDFORWARD, ELMAN, GRU, LSTM, CELLS } Cell;

/* The inputs to a unit's gates, side by side: i f o g; r z n; or the one of a cell without gates. */
static const int GATES[CELLS] = {1, 1, 3, 4};

typedef struct {
    Cell cell;
    ptrdiff_t hidden;      /* H */
    ptrdiff_t blocks;      /* of units */
    const float *U;        /* (blocks, H, gates, UNITS); not read without memory */
    const float *own;      /* (3, blocks * UNITS): peepholes; (1, ...): d of a GRU; or NULL */
} Memory;

/* The rows of one time step, B of them; all row numbers are in range. */
typedef struct {
    ptrdiff_t rows, hidden;    /* B, H */
    const float *z;            /* (any, 4 H): projected inputs */
    const int64_t *ids;        /* (B): the row of z for each row; NULL: its own number */
    const float *u;            /* (any, 4 H): what the memory adds; NULL in the first step */
    const int64_t *products;   /* (B): the row of u, as `ids` */
    const int64_t *parents;    /* (B): the row of the step before that a row continues, as `ids` */
    const float *before;       /* (any, H): c of the step before */
    const float *largest_before; /* (any, H): the largest h of its rows and their ancestors */
    float *c, *h;              /* (B, H) */
    float *largest;            /* (B, H); NULL if it is not wanted */
} Step;

/* The steps from tag to tag: scores for the best path, factors (exp of scores) for sums. All numbers of tags, columns
   and inside tags are in range. */
typedef struct {
    ptrdiff_t tags;                /* K */
    ptrdiff_t width;               /* K up to a multiple of UNITS */
    ptrdiff_t free_tags;           /* F */
    ptrdiff_t free_width;          /* F up to a multiple of UNITS */
    ptrdiff_t inside_tags;         /* I */
    const int64_t *free;           /* (F): the tags that may follow any */
    const int64_t *inside;         /* (I, 3): a tag, and the two that it may follow, or -1 */
    const int64_t *column;         /* (K): of a free tag its column, of an inside tag -1 - its row of `inside` */
    const int64_t *continued;      /* (K): the row of the inside tag that may follow this one, or -1 */
    const float *start;            /* (K): of the step to a first tag */
    const float *steps;            /* (K, free_width): from any tag to a free one */
    const float *transposed;       /* (F, width): the same; only for sums */
    const float *entering;         /* (I, 2): from the two to an inside tag */
    const float *low, *high;       /* (K): the bounds of each row of `steps` without its columns' means; for paths */
    float temperature;
} Chain;

typedef struct {
    const char *name;
    /* out (N, C) = x (N, E) W (E, all) + b (all), of which C columns are wanted; `all` is a multiple of UNITS */
    void (*project)(const float *x, ptrdiff_t N, ptrdiff_t E, const float *W, const float *b, ptrdiff_t all,
                    float *out, ptrdiff_t C, ptrdiff_t stride);
    /* out (Z) = row (Z) + matches (M) W (M, Z); most matches are 0 */
    void (*gather)(const float *row, const float *matches, ptrdiff_t M, const float *W, ptrdiff_t Z, float *out);
    /* The states, (N, H), of the projected inputs z (N, blocks * gates * UNITS), with `stride` and Z floats from row to
       row. `room`, (3, blocks * UNITS), has the state before: h, space for the next h, and c; it is 0 unless the
       sentence goes on after other tokens. The state after is left there. */
    void (*recur)(const Memory *memory, const float *z, ptrdiff_t N, ptrdiff_t Z, int backward, float *out,
                  ptrdiff_t stride, float *room, int goes_on);
    /* A step of an LSTM without peepholes for several sentences, as slotfill/runtime/lstm.py has it. */
    void (*lstm_step)(const Step *step);
    /* The best path, (T), of emissions (T, K); `memory` of path_bytes() */
    void (*best_path)(const Chain *chain, const float *emissions, ptrdiff_t T, int64_t *path, char *memory);
    /* The factors of confidence of a path, (T) each, or the marginals (T, K), or both; NULL for what is not wanted.
       `memory` of sum_floats() */
    void (*sum_paths)(const Chain *chain, const float *emissions, ptrdiff_t T, const int64_t *path, float *opening,
                      float *going, float *closing, float *marginals, float *memory);
} Kernels;

/* Those for the best instruction set of this processor, or for the one of this name; NULL if it has none such. */
const Kernels *kernels_for(const char *name);

/* What a sentence of T tags needs. */
static inline size_t path_bytes(const Chain *chain, size_t T) {
    const size_t K = (size_t)chain->tags;
    return 4 * (K + 2 * (size_t)chain->free_width + (size_t)chain->inside_tags) + 2 * (T * K + 1);
}

static inline size_t sum_floats(const Chain *chain, size_t T) {
    const size_t K = (size_t)chain->tags;
    return (size_t)chain->free_width + 5 * (size_t)chain->width + 2 * T * K;
}

#endif
