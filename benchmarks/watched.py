"""The gradient over nine words while a tiny net learns the twins: it jumps where the tags turn right.

    python -m benchmarks.watched

For each cell and seed a row an epoch: the loss, whether both twins are right in all three slots, and the norm of
d h_T / d s_{T-9}, as a share of k = 1. What `slotfill train --watch` shows; one CPU-minute.
"""

from pathlib import Path

from slotfill.config import from_assignments, from_toml
from slotfill.training.data import pool, with_sources
from slotfill.training.pipeline import Training
from slotfill.watching import look

ROOT = Path(__file__).parent.parent
RIGHT = (
    ["toloc.city_name", "arrive_date.month_name", "arrive_date.day_number"],
    ["fromloc.city_name", "depart_date.month_name", "depart_date.day_number"],
)
DISTANCE = 9
EPOCHS = 25  # of 40 in the recipe: all is over by then

if __name__ == "__main__":
    for cell in ("elman", "lstm"):
        for seed in (1, 2, 3):
            settings = [f"model.cell={cell}", f"training.seed={seed}"]
            base = from_assignments(settings, base=from_toml(ROOT / "recipes" / "tiny.toml"))
            sources, config = with_sources(str(ROOT / "data" / "twins"), base)
            training = Training(pool(sources, config), config=config)
            print(f"{cell}, seed {seed}\n epoch    loss  twins  gradient over {DISTANCE}")
            for report in training:
                sight = look(training)
                found = tuple([slot.name for slot in annotation.slots] for annotation in sight.annotations)
                right = "right" if found == RIGHT else "wrong"
                print(f"{report.epoch:>6}  {report.loss:6.3f}  {right}  {sight.reach[DISTANCE - 1]:.1e}")
                if report.epoch == EPOCHS:
                    break
