#!/usr/bin/env sh
# Remakes the table of the nets, and the pictures of docs/how-it-works.md:
#
#     sh benchmarks/nets.sh ../shared/data/atis
#
# About 50 CPU-minutes on one core; a run that was stopped goes on. One thread: more gain nothing at this size.
set -eu
data=$1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
slotfill=${SLOTFILL:-.venv/bin/slotfill}
# the same for all, whatever the defaults
pace="--set training.epochs=20 --set training.batch_size=32 --set training.learning_rate=0.004 --set training.patience=8"

cells=feedforward,feedforward-window,elman,elman-bi,jordan,jordan-bi,jordan-window
cells=$cells,lstm,lstm-bi,lstm-peepholes-bi,lstm-bi-2-layers,gru-bi

"$slotfill" compare --data "$data" --seeds 1,2,3 $pace --out models/compare --cells "$cells" --format markdown
"$slotfill" compare --data "$data" --seeds 1 $pace --out models/compare-deep --format markdown \
    --cells lstm-bi --set model.layers=5
"$slotfill" compare --data "$data" --seeds 1 $pace --out models/compare --cells elman,jordan,lstm,gru-bi \
    --gradients docs/pictures/gradients.png
"$slotfill" explain "arrive Taipei on November 2nd" --plot docs/pictures/gates.png --overwrite
"$slotfill" explain "arrive Taipei on November 2nd" --against "leave Taipei on November 2nd" --model tiny-lstm \
    --plot docs/pictures/twins.png --overwrite
