"""A run in which one process is killed in the middle of its work: `python -m tests.bulk.dying SRC DST local|ray`."""

import os
import signal
import sys
from pathlib import Path

from slotfill.bulk.on_ray import spread_on_ray
from slotfill.bulk.rows import Columns
from slotfill.bulk.run import Outcome, Settings, Work, begin
from slotfill.bulk.sources import Part
from slotfill.jobs import spread

MODEL = str(Path(__file__).parent.parent / "golden" / "model")


class Dying(Work):
    """Work whose third part is the end of the first process that has it."""

    def __call__(self, part: Part) -> Outcome:
        grave = Path(self.settings.target) / "_died"
        if part.number == 3 and not grave.exists():
            grave.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(part)


def main(source: str, target: str, engine: str) -> None:
    """Tag with two processes."""
    run = begin(Settings(source, target, Columns("text", None), model=MODEL, part_rows=50))
    run.work.__class__ = Dying
    if engine == "ray":
        list(spread_on_ray(run.work, run.missing, jobs=2, tell=lambda said: None))
    else:
        list(spread(run.work, run.missing, jobs=2, start="spawn"))


if __name__ == "__main__":
    from tests.bulk import dying  # by its name, so that other processes find it

    dying.main(*sys.argv[1:])
