"""Scores and all wrong sentences as one self-contained page of HTML.

page.html      the page, with its style and script; each `$name` is filled in
mistaken.py    the wrong sentences
tables.py      the scores, as rows of tables
matrix.py      the confusion matrix
charts.py      learning curve, reliability, risk against coverage
changes.py     what another model has right or wrong
markings.py    what they share
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from slotfill.against import Against
from slotfill.evaluation import Scores, calibration
from slotfill.report import changes, charts, matrix, tables
from slotfill.report.markings import breakable
from slotfill.report.mistaken import Wrong, sentence, wrong_ones
from slotfill.value_scores import ValueScores

__all__ = ["About", "Source", "Wrong", "page", "wrong_ones"]

_ORDERS = {"mdy": "month/day", "dmy": "day/month"}
_AT_ONCE = 20  # sentences; the others wait in a template, which costs the browser next to nothing


class Source(NamedTuple):
    """A data set that was scored."""

    name: str
    split: str  # `all of it` if it has none
    sentences: int


class About(NamedTuple):
    """What the head of the page says: what was scored on what, when, and with what."""

    model: str
    weights: str  # the SHA-256 of their file; empty for the models of several folds
    seed: int | None  # that the model was trained with, if it says so
    sources: Sequence[Source]
    version: str  # of slotfill
    made: datetime
    clock: datetime  # of sentences that name none
    date_order: str


def page(
    scores: Scores,
    wrong: Sequence[Wrong],
    about: About,
    *,
    histories: Sequence[Sequence[Mapping[str, Any]]] = (),
    against: Against | None = None,
) -> str:
    """The page as HTML.

    `histories` has the reports of the epochs of each training (EpochReport as a dictionary), one for a model and K for
    K folds. `against` is the comparison with another model, if there is one.
    """
    slots = [pair for one in wrong for pair in one.slots]
    intents = [pair for one in wrong for pair in one.intents]
    mistaken = sum(bool(one.slots) for one in wrong)
    items = [sentence(one) for one in wrong]
    template = Template(files(__name__).joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(about.model),
        source=escape(", ".join(f"{one.name} ({one.split})" for one in about.sources)),
        facts=_facts(about),
        figures=tables.figures(scores, right=scores.sentences - mistaken),
        confusions=tables.confused(scores.confusions, kind="slots"),
        intent_confusions=tables.confused(scores.intent_confusions, kind="intents"),
        matrix=matrix.matrix(scores),
        matrix_note=matrix.note(scores),
        near=matrix.NEAR,
        against=changes.section(against, model=about.model),
        learning_curve=charts.learning_curve(histories),
        epoch="fold, epoch" if len(histories) > 1 else "epoch",
        epochs=tables.epochs(histories),
        reliability=charts.reliability(scores.calibration, error=scores.calibration_error or 0.0),
        risk_and_coverage=charts.risk_and_coverage(
            {"slots": scores.given, "values": scores.values.given if scores.values else ()}
        ),
        error_choices=tables.errors(slots),
        slots=tables.scored(scores.per_slot, mistaken=slots, kind="slots"),
        all_slots=tables.summed(scores),
        intents=tables.scored(scores.per_intent, mistaken=intents, kind="intents"),
        frames=tables.parts(scores),
        **_values(scores.values, about),
        calibration=tables.calibrated(scores.calibration),
        calibration_by_source=tables.sources(scores.calibration_by_source),
        slot_choices=tables.choices(slots),
        intent_choices=tables.choices(intents),
        count=f"{len(wrong):,} of {scores.sentences:,} sentences",
        of_what=_of_what(mistaken, len(wrong) - mistaken),
        at_once=_AT_ONCE,
        sentences="\n".join(items[:_AT_ONCE]),
        others="\n".join(items[_AT_ONCE:]),
    )


def _of_what(slots: int, intents: int) -> str:
    """What is wrong in the sentences: a slot, or the intent alone."""
    if not intents:
        return "A slot is wrong in each." if slots else "Nothing is wrong."
    return f"A slot is wrong in {slots:,}; in the other {intents:,} only the intent is."


def _facts(about: About) -> str:
    model = f"{breakable(about.model)}, " + (
        "seed unknown" if about.seed is None else f"trained with seed {about.seed}"
    )
    data = (f"{breakable(one.name)} ({escape(one.split)}), {one.sentences:,} sentences" for one in about.sources)
    entries = {
        "data": "<br>".join(data),
        "model": model,
        **({"weights": f"SHA-256 <code>{about.weights}</code>"} if about.weights else {}),
        "made": f"{about.made:%Y-%m-%d %H:%M %Z}".strip() + f" by slotfill {escape(about.version)}",
    }
    return "\n".join(f"<div><dt>{name}</dt><dd>{said}</dd></div>" for name, said in entries.items())


def _values(values: ValueScores | None, about: About) -> dict[str, str]:
    """What the page says of the values of frames; nothing where they were not scored."""
    if values is None:
        return dict.fromkeys(("values", "risks", "value_calibration", "values_note"), "")
    sure, right = zip(*values.given, strict=True) if values.given else ((), ())
    return {
        "values": tables.valued(values.per_part, now=values.now),
        "risks": tables.risks(values.thresholds),
        "value_calibration": tables.calibrated(calibration(sure, right)),
        "values_note": (
            f"Values less sure than {values.now.threshold:.2f} are null. {_judged_by(values)} 11/2 is read as "
            f"{_ORDERS[about.date_order]}, and days are counted from {about.clock:%Y-%m-%d %H:%M} where a sentence "
            "names no clock."
        ),
    }


def _judged_by(values: ValueScores) -> str:
    """Where the values come from that a person reads."""
    if not values.by_hand:
        return "They are judged by the values of the gold slots."
    if values.by_hand == values.sentences:
        return "They are judged by the values in the data."
    return (
        f"They are judged by the values in the data, which {values.by_hand:,} of {values.sentences:,} sentences have, "
        "else by those of the gold slots."
    )
