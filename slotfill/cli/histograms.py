"""Pictures of a data set in letters: how long sentences are, how often slots come, how much of them train has seen."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from slotfill.statistics import Statistics

_WIDTH = 40  # of the longest bar
_MOST = 20  # slots
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_EDGES = (1, 2, 3, 5, 8, 12, 17, 23, 30, 40, 60, 100, 200, 500)  # lengths at which a bar begins


def pictures(statistics: Statistics, *, ascii_only: bool = False) -> Iterator[str]:
    """The lines of three pictures: lengths, slots, and coverage where there is something beside train."""
    splits = statistics.splits
    lengths: Counter[int] = Counter()
    for split in splits.values():
        lengths.update(split.lengths)
    yield "sentences by their number of tokens"
    yield from bars(_binned(lengths), ascii_only=ascii_only)
    mentions: Counter[str] = Counter()
    for split in splits.values():
        mentions.update({name: slot.mentions for name, slot in split.slots.items()})
    if mentions:
        yield ""
        yield "mentions of each slot" + (
            f" (the {_MOST} most frequent of {len(mentions)})" if len(mentions) > _MOST else ""
        )
        yield from bars(mentions.most_common(_MOST), ascii_only=ascii_only)
    for name, split in splits.items():
        seen = [
            (slot, round(100 * (1 - one.unseen_mentions)))
            for slot, one in split.slots.items()
            if one.unseen_mentions is not None
        ]
        if seen:
            yield ""
            yield f"mentions of {name} with a value that train has, in %"
            yield from bars(seen[:_MOST], most=100, ascii_only=ascii_only)


def bars(counts: Sequence[tuple[str, int]], *, most: int | None = None, ascii_only: bool = False) -> Iterator[str]:
    """A line for each count: its name, a bar and the count; the longest bar is that of `most`, or of the largest."""
    from rich.cells import cell_len

    most = most or max([count for _, count in counts], default=0) or 1
    longest = max([cell_len(name) for name, _ in counts], default=0)
    width = max(10, min(_WIDTH, 64 - longest))  # of 80 columns
    for name, count in counts:
        gap = " " * (longest - cell_len(name) + 2)
        yield f"  {name}{gap}{_bar(count / most, width, ascii_only=ascii_only)} {count:,}"


def _bar(share: float, width: int, *, ascii_only: bool) -> str:
    if ascii_only:
        return "#" * (round(share * width) or (share > 0))
    full, rest = divmod(round(share * width * 8) or (share > 0), 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def _binned(lengths: Mapping[int, int]) -> list[tuple[str, int]]:
    """Counts by ranges of lengths, from the shortest to the longest."""
    found: list[tuple[str, int]] = []
    for low, high in pairwise((*_EDGES, 10**9)):
        count = sum(n for length, n in lengths.items() if low <= length < high)
        label = str(low) if high == low + 1 else f"{low}-{high - 1}" if high < 10**9 else f"{low} or more"
        found.append((label, count))
    first = next((n for n, (_, count) in enumerate(found) if count), 0)
    last = next((n for n in range(len(found), 0, -1) if found[n - 1][1]), 0)
    return found[first:last]
