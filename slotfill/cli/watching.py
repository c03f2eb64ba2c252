"""`train --watch` on the terminal and in a log."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slotfill.cli.formats import markup_line, printable, style_of
from slotfill.cli.progress import Bar
from slotfill.watching import TWINS, Sight, look

if TYPE_CHECKING:
    from rich.text import Text

    from slotfill.schema import Annotation
    from slotfill.training.history import EpochReport
    from slotfill.training.pipeline import Training

_LEVELS = "▁▂▃▄▅▆▇█"
_MOST = 30  # distances, and epochs of the curve of the loss


class Watch:
    """Looks at the net after each epoch: drawn in place beside a bar, and as lines in a log."""

    def __init__(self, bar: Bar, texts: Sequence[str]) -> None:
        """`texts` are tagged; an empty one stands for the twins."""
        self.bar = bar
        self.texts = [text for given in texts for text in (TWINS if not given else (given,))]
        self.shown: tuple[Annotation, ...] = ()
        self.lines = ""

    def epoch(self, training: "Training", *, is_said: bool) -> None:
        """Look after an epoch; a log has lines where a text is tagged in another way, and where the epoch is told."""
        sight = look(training, self.texts)
        report = training.history[-1]
        if self.bar.live:
            self.bar.show(_drawn(sight, training.history))
        elif is_said or [one.tags for one in sight.annotations] != [one.tags for one in self.shown]:
            if not is_said:
                self.bar.say(f"epoch {report.epoch:>3}")
            for line in _lines(sight):
                self.bar.say(f"  {line}")
        self.shown = sight.annotations
        self.last = sight

    def close(self) -> None:
        """Leave on the terminal what was drawn last, which goes with the bar."""
        if self.bar.live and self.shown:
            for line in _lines(self.last):
                self.bar.say(line)


def _lines(sight: Sight) -> list[str]:
    lines = [printable(markup_line(annotation).partition("\t")[0]) for annotation in sight.annotations]
    if sight.reach:
        lines.append(f"gradient by distance: {' '.join(_share(value) for value in sight.reach[:_MOST])}")
    return lines


def _share(value: float) -> str:
    """`0.47`, `8e-05`."""
    return f"{value:.2f}" if value >= 0.005 else f"{value:.0e}"


def _drawn(sight: Sight, history: "Sequence[EpochReport]") -> "Text":
    """The texts with their slots in colour, the loss over the epochs, and the gradient over the distance."""
    from rich.text import Text

    parts = [_coloured(annotation) for annotation in sight.annotations]
    losses = [report.loss for report in history]
    most = max(losses) or 1.0
    curve = "".join(_bar((loss / most) ** 0.5) for loss in losses[-_MOST:])
    parts.append(Text.assemble("loss  ", (curve, "cyan"), f"  {losses[-1]:.3f} in epoch {history[-1].epoch}"))
    if sight.reach:
        bars = "".join(_bar(min(value, 1.0)) for value in sight.reach[:_MOST])
        last = min(len(sight.reach), _MOST)
        parts.append(
            Text.assemble("gradient over distance  ", (bars, "magenta"), f"  {_share(sight.reach[last - 1])} at {last}")
        )
    return Text("\n").join(parts)


def _bar(share: float) -> str:
    return _LEVELS[round(share * (len(_LEVELS) - 1))]


def _coloured(annotation: "Annotation") -> "Text":
    """`arrive Taipei toloc on November arrive_date ...`, in the colours of the roles; whole names have no room."""
    from rich.text import Text

    line, end = Text(), 0
    for slot in annotation.slots:
        line.append(printable(annotation.text[end : slot.start]))
        line.append(printable(slot.text), style=f"bold {style_of(slot.name)}")
        line.append(f" {slot.name.partition('.')[0]}", style=style_of(slot.name))
        end = slot.end
    line.append(printable(annotation.text[end:]))
    return line
