#!/usr/bin/env sh
# Remakes the table of the nets, and the pictures of docs/how-it-works.md:
#
#     sh benchmarks/nets.sh ../shared/data/atis
#
# About 45 CPU-minutes on one core; a run that was stopped goes on. One thread: more gain nothing at this size.
set -eu
data=$1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
slotfill=${SLOTFILL:-.venv/bin/slotfill}

"$slotfill" compare --data "$data" --seeds 1,2,3 --out models/compare --format markdown
"$slotfill" compare --data "$data" --seeds 1 --out models/compare --cells elman,jordan,lstm,gru-bi \
    --gradients docs/pictures/gradients.png
"$slotfill" explain "arrive Taipei on November 2nd" --plot docs/pictures/gates.png
