"""The confusion matrix of slots: what they should be, against what they were tagged as.

A row and a column for each name that is ever wrong, the most wrong first; the columns have the numbers of the rows, so
that 80 names fit. Beside the names stand what is right, has another span, or is missed; the last row is invented.
"""

import json
from collections import Counter
from html import escape

from slotfill.evaluation import Scores
from slotfill.report.markings import breakable

NEAR = 15  # names that are shown at first

Counts = dict[tuple[str | None, str | None], int]


def matrix(scores: Scores) -> str:
    """The rows of the table, its head first; nothing if no slot is wrong."""
    counts: Counts = {(one.gold, one.predicted): one.count for one in scores.confusions}
    names = ranked(counts)
    if not names:
        return ""
    right = {name: round(one.recall * one.support) for name, one in scores.per_slot.items()}
    most = max(counts.values())
    heads = "".join(
        f"<th scope=col{_far(number)}><abbr title={_quoted(name)}>{number + 1}</abbr></th>"
        for number, name in enumerate(names)
    )
    first = "<th scope=col>right</th><th scope=col>other span</th><th scope=col>missed</th>"
    rows = [f"<thead><tr><td></td>{first}{heads}</tr></thead><tbody>"]
    for number, name in enumerate(names):
        cells = [
            f"<td>{right.get(name) or ''}</td>",
            _cell((name, name), counts, most),
            _cell((name, None), counts, most),
        ]
        cells += [
            _cell((name, other), counts, most, far=_far(column)) if other != name else f"<td{_far(column)}>·</td>"
            for column, other in enumerate(names)
        ]
        rows.append(
            f"<tr{_far(number)}><th scope=row>{breakable(name)}<span>{number + 1}</span></th>{''.join(cells)}</tr>"
        )
    invented = "".join(_cell((None, name), counts, most, far=_far(column)) for column, name in enumerate(names))
    rows.append(f"<tr><th scope=row><i>invented</i></th><td></td><td></td><td></td>{invented}</tr></tbody>")
    return "\n".join(rows)


def ranked(counts: Counts) -> list[str]:
    """The names that are ever wrong, on either side, the most often wrong first.

    >>> ranked({("a", "b"): 2, ("a", None): 1, (None, "c"): 1})
    ['a', 'b', 'c']
    """
    errors: Counter[str] = Counter()
    for pair, count in counts.items():
        for name in {name for name in pair if name is not None}:
            errors[name] += count
    return sorted(errors, key=lambda name: (-errors[name], name))


def note(scores: Scores) -> str:
    """How many slots the matrix leaves out, since they are never wrong."""
    names = ranked({(one.gold, one.predicted): one.count for one in scores.confusions})
    others = len(scores.per_slot) - len(names)
    said = "One slot is" if others == 1 else f"{others:,} slots are"
    return f" {said} always right and left out." if others else ""


def _cell(pair: tuple[str | None, str | None], counts: Counts, most: int, *, far: str = "") -> str:
    count = counts.get(pair, 0)
    if not count:
        return f"<td{far}></td>"
    gold, found = (name or "nothing" for name in pair)
    said = f"{gold}, tagged as {'the same, with another span' if gold == found else found}: {count:,}"
    chosen = escape(json.dumps(pair))
    share = 15 + round(85 * count / most)
    return (
        f'<td{far} class=hot style="--share: {share}%"><button type=button data-kind=slots data-choice="{chosen}" '
        f"aria-label={_quoted(said)} title={_quoted(said)}>{count:,}</button></td>"
    )


def _far(number: int) -> str:
    """What marks a row or a column that is not shown at first."""
    return " data-far" if number >= NEAR else ""


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'
