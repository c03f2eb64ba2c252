"""The scores as rows of tables, and the choices among the errors."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from slotfill.evaluation import Bin, Confusion, Scores, SpanScore
from slotfill.report.markings import breakable
from slotfill.report.mistaken import Pair
from slotfill.significance import Interval
from slotfill.value_scores import Risk

NOTHING = "nothing"  # shown for what is missing on one side
SAME = "the same, with another span"

Cell = str | float | int


def figures(scores: Scores, *, right: int) -> str:
    """The figures at the top; `right` is the number of sentences in which every slot is right."""
    values = scores.values.now if scores.values else None
    intervals = {
        name: scores.intervals[key]
        for name, key in (
            ("slot F1", "f1"),
            ("sentences right", "sentence_accuracy"),
            ("intents right", "intent_accuracy"),
        )
        if key in scores.intervals
    }
    entries: list[tuple[str, float | None, str]] = [
        ("slot F1", scores.micro.f1, f"precision {scores.micro.precision:.4f}, recall {scores.micro.recall:.4f}"),
        (
            "sentences right",
            scores.sentence_accuracy,
            f"{right:,} of {scores.sentences:,}: every slot right, whatever the intent",
        ),
        ("intents right", scores.intent_accuracy, "of the sentences that have one"),
        ("frame F1", scores.frames.micro.f1 if scores.frames.per_part else None, "whole places, dates and times"),
        ("value coverage", values.coverage if values else None, "values given, of those that can be told"),
        ("value risk", values.risk if values else None, "silently wrong, of the values given"),
        ("calibration error", scores.calibration_error, "mean gap between confidence and accuracy"),
    ]
    return "\n".join(
        f"<div><dt>{name}</dt><dd>{figure:.4f}{_ends(intervals.get(name))}<small>{note}</small></dd></div>"
        for name, figure, note in entries
        if figure is not None
    )


def _ends(interval: Interval | None) -> str:
    return "" if interval is None else f"<small>{interval.low:.4f} to {interval.high:.4f} (95 %)</small>"


def scored(scores: Mapping[str, SpanScore], *, mistaken: Iterable[Pair] = (), kind: str = "") -> str:
    """A row for each name, most frequent first; one in a mistaken pair is a button that selects its sentences."""
    wrong = {name for pair in mistaken for name in pair}
    ranked = sorted(scores.items(), key=lambda entry: (-entry[1].support, entry[0]))
    rows = [(_button(name, kind, [name]) if name in wrong else breakable(name), one) for name, one in ranked]
    return "\n".join(_score_row(*row) for row in rows)


def summed(scores: Scores) -> str:
    """The rows of all slots together."""
    return "\n".join(_score_row(*row) for row in (("all (micro)", scores.micro), ("all (macro)", scores.macro)))


def parts(scores: Scores) -> str:
    """A row for each whole place, date and time."""
    return "\n".join(_score_row(breakable(part), one) for part, one in scores.frames.per_part.items())


def _score_row(head: str, one: SpanScore) -> str:
    return _row(head, one.precision, one.recall, one.f1, _bar(one.f1), one.support)


def confused(confusions: Sequence[Confusion], *, kind: str) -> str:
    """A row for each confused pair; its button selects the sentences with it."""

    def row(one: Confusion) -> str:
        pair = [one.gold, one.predicted]
        gold, found = one.gold or NOTHING, SAME if one.gold == one.predicted else one.predicted or NOTHING
        label = f"{gold}, tagged as {found}: show the sentences"
        button = _button(gold, kind, pair, label=label)
        chosen = escape(json.dumps(pair))
        return (
            f'<tr data-kind="{kind}" data-choice="{chosen}"><td>{one.count:,}</td>'
            f"<td>{button}</td><td>{breakable(found)}</td></tr>"
        )

    return "\n".join(map(row, confusions))


def choices(pairs: Iterable[Pair]) -> str:
    """The options that select sentences with a wrong name, or with a confused pair."""
    counts = Counter(pairs)
    ranked = sorted(counts, key=lambda pair: (-counts[pair], str(pair)))
    names = sorted({name for pair in counts for name in pair if name is not None})
    groups = {
        "should be or tagged as": [(json.dumps([name]), name) for name in names],
        "should be → tagged as": [(json.dumps(pair), f"{_arrow(pair)} ({counts[pair]:,})") for pair in ranked],
    }
    return "\n".join(
        f'<optgroup label="{label}">'
        + "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)
        + "</optgroup>"
        for label, options in groups.items()
        if options
    )


# What may be wrong about a slot, by the names of what should be and of what was found.
_ERRORS: dict[str, Callable[[str | None, str | None], bool]] = {
    "wrong name": lambda gold, found: None not in (gold, found) and gold != found,
    "wrong span": lambda gold, found: gold == found,
    "missed": lambda gold, found: found is None,
    "invented": lambda gold, found: gold is None,
}


def errors(pairs: Iterable[Pair]) -> str:
    """The options that select sentences with a kind of error; a wrong name may have a wrong span as well."""
    counts = Counter(kind for pair in pairs for kind, fits in _ERRORS.items() if fits(*pair))
    return "\n".join(f'<option value="{kind}">{kind} ({counts[kind]:,})</option>' for kind in _ERRORS if counts[kind])


def has_dev(history: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the epochs of a training were scored on dev; where they were not, all scores are 0, and each is best."""
    return any(report["f1"] or report["sentence_accuracy"] or not report["best"] for report in history)


def epochs(histories: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """A row for each epoch of each training; the best is marked. Without dev none has scores, and the last counts."""
    rows = []
    for number, history in enumerate(histories, start=1):
        is_scored = has_dev(history)
        best = max((report["epoch"] for report in history if report["best"]), default=0)
        for report in history:
            fold = f"{number}, " if len(histories) > 1 else ""
            mark = " *" if report["epoch"] == best else ""
            intent = report.get("intent_accuracy")
            scores = (report["f1"], report["sentence_accuracy"], "" if intent is None else intent)
            rows.append(_row(f"{fold}{report['epoch']}{mark}", report["loss"], *(scores if is_scored else [""] * 3)))
    return "\n".join(rows)


def _arrow(pair: Pair) -> str:
    gold, found = pair
    return f"{gold or NOTHING} → {'another span' if gold == found else found or NOTHING}"


def calibrated(bins: Sequence[Bin]) -> str:
    """A row for each range of confidence."""
    return "\n".join(
        _row(f"{one.low:.1f} to {one.high:.1f}", one.count, one.confidence, one.accuracy, _bar(one.accuracy))
        for one in bins
    )


def sources(errors: Mapping[str, float]) -> str:
    """A row for each data set with its calibration error."""
    return "\n".join(_row(breakable(name), error) for name, error in errors.items())


def valued(per_part: Mapping[str, Risk], *, now: Risk) -> str:
    """A row for each part of the frame, and one for all: what is right, silently wrong and null."""
    return "\n".join(
        _row(breakable(part), one.right, one.wrong, one.null, one.coverage, one.risk)
        for part, one in (*per_part.items(), ("all", now))
    )


def risks(thresholds: Sequence[Risk]) -> str:
    """A row for each threshold: what is right and silently wrong there."""
    return "\n".join(
        _row(f"{one.threshold:.2f}", one.right, one.wrong, one.coverage, one.risk, one.sentences_wrong)
        for one in thresholds
    )


def _row(head: str, *cells: Cell) -> str:
    """Whole numbers with commas, others with four digits, HTML as it is."""
    said = [
        cell if isinstance(cell, str) else f"{cell:.4f}" if isinstance(cell, float) else f"{cell:,}" for cell in cells
    ]
    inside = "".join(f"<td>{cell}</td>" for cell in said)
    return f"<tr><th scope=row>{head}</th>{inside}</tr>"


def _bar(share: float) -> str:
    return f'<i class=bar style="width:{100 * share:.1f}%"></i>'


def _button(name: str, kind: str, choice: Sequence[str | None], *, label: str = "") -> str:
    """A name as a button that selects sentences."""
    said = f' aria-label="{escape(label)}"' if label else ""
    chosen = escape(json.dumps(choice))
    return f'<button type=button data-kind="{kind}" data-choice="{chosen}"{said}>{breakable(name)}</button>'
