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

typedef struct {
    const char *name;
    /* out (N, C) = x (N, E) W (E, all) + b (all), of which C columns are wanted; `all` is a multiple of UNITS */
    void (*project)(const float *x, ptrdiff_t N, ptrdiff_t E, const float *W, const float *b, ptrdiff_t all,
                    float *out, ptrdiff_t C, ptrdiff_t stride);
    /* out (Z) = row (Z) + matches (M) W (M, Z); most matches are 0 */
    void (*gather)(const float *row, const float *matches, ptrdiff_t M, const float *W, ptrdiff_t Z, float *out);
    /* The states, (N, H), of the projected inputs z (N, blocks * gates * UNITS), with `stride` and Z floats from row to
       row. `room` has space for 3 * blocks * UNITS floats. */
    void (*recur)(const Memory *memory, const float *z, ptrdiff_t N, ptrdiff_t Z, int backward, float *out,
                  ptrdiff_t stride, float *room);
} Kernels;

/* Those for the best instruction set of this processor, or for the one of this name; NULL if it has none such. */
const Kernels *kernels_for(const char *name);

#endif
