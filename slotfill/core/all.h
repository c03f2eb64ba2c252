/* All kernels for one instruction set: kernels.c says SET, WIDTH and TARGET. */

#include "vector.h"

#include "elementary.h"
#include "product.h"
#include "recurrent.h"
#include "chain.h"

static const Kernels NAME(kernels) = {
    .name = TEXT(SET),
    .project = NAME(project),
    .gather = NAME(gather),
    .recur = NAME(recur),
    .lstm_step = NAME(lstm_step),
    .best_path = NAME(best_path),
    .sum_paths = NAME(sum_paths),
};
