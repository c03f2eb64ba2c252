"""Scores and all wrong sentences as one self-contained page of HTML.

page.html    the page, with its style and script; each `$name` is filled in
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import NamedTuple

from slotfill.evaluation import Bin, Confusion, Scores, SpanScore, mistakes
from slotfill.schema import Annotation, Example
from slotfill.tags import TokenSpan, char_span, spans_of

NOTHING = "nothing"  # shown for a slot that is missing on one side


class Wrong(NamedTuple):
    """A sentence with a wrong slot or intent; `number` is its place in the data, from 1."""

    number: int
    example: Example
    annotation: Annotation
    judges_intent: bool  # False if only one side has an intent, which is not an error


def wrong_ones(examples: Iterable[Example], annotations: Iterable[Annotation]) -> Iterator[Wrong]:
    """The sentences with a wrong slot or intent, in order."""
    for number, (example, annotation) in enumerate(zip(examples, annotations, strict=True), start=1):
        judges = annotation.intent is not None and example.intent is not None
        intent = annotation.intent.name if annotation.intent else None
        if example.tags != annotation.tags or (judges and example.intent != intent):
            yield Wrong(number, example, annotation, judges)


def page(scores: Scores, wrong: Sequence[Wrong], *, title: str, source: str) -> str:
    """The page as HTML; `title` names the model, `source` the data."""
    template = Template(files(__name__).joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title),
        source=escape(source),
        figures=_figures(scores),
        slots=_slots(scores),
        frames=_frames(scores),
        confusions=_confusions(scores.confusions),
        calibration=_calibration(scores.calibration),
        names="\n".join(f"<option>{escape(name)}</option>" for name in sorted(_mistaken(scores))),
        count=f"{len(wrong):,} of {scores.sentences:,}",
        sentences="\n".join(map(_sentence, wrong)),
    )


def _figures(scores: Scores) -> str:
    values = scores.values.now if scores.values else None
    figures: list[tuple[str, float | None, str]] = [
        ("slot F1", scores.micro.f1, f"precision {scores.micro.precision:.4f}, recall {scores.micro.recall:.4f}"),
        ("sentences", scores.sentence_accuracy, "every slot right"),
        ("intents", scores.intent_accuracy, "right, where data and model have them"),
        ("frame F1", scores.frames.micro.f1 if scores.frames.per_part else None, "whole places, dates and times"),
        ("value coverage", values.coverage if values else None, "values given, of those that can be told"),
        ("value risk", values.risk if values else None, "silently wrong, of the values given"),
        ("calibration error", scores.calibration_error, "mean gap between confidence and accuracy"),
    ]
    return "\n".join(
        f"<div><dt>{name}</dt><dd>{figure:.4f}<small>{note}</small></dd></div>"
        for name, figure, note in figures
        if figure is not None
    )


def _slots(scores: Scores) -> str:
    ranked = sorted(scores.per_slot.items(), key=lambda entry: (-entry[1].support, entry[0]))
    mistaken = _mistaken(scores)
    rows = [(_button(name) if name in mistaken else escape(name), one) for name, one in ranked]
    return "\n".join(_score_row(*row) for row in (*rows, ("all (micro)", scores.micro), ("all (macro)", scores.macro)))


def _frames(scores: Scores) -> str:
    return "\n".join(_score_row(escape(part), one) for part, one in scores.frames.per_part.items())


def _score_row(head: str, one: SpanScore) -> str:
    figures = "".join(f"<td>{figure:.4f}</td>" for figure in (one.precision, one.recall, one.f1))
    return f"<tr><th scope=row>{head}</th>{figures}<td>{_bar(one.f1)}</td><td>{one.support:,}</td></tr>"


def _confusions(confusions: Sequence[Confusion]) -> str:
    def row(confusion: Confusion) -> str:
        same = confusion.gold == confusion.predicted
        sides = (_button(confusion.gold), "the same, with another span" if same else _button(confusion.predicted))
        return f"<tr><td>{confusion.count:,}</td>{''.join(f'<td>{side}</td>' for side in sides)}</tr>"

    return "\n".join(map(row, confusions))


def _calibration(bins: Sequence[Bin]) -> str:
    return "\n".join(
        f"<tr><th scope=row>{one.low:.1f} to {one.high:.1f}</th><td>{one.count:,}</td>"
        f"<td>{one.confidence:.4f}</td><td>{one.accuracy:.4f}</td><td>{_bar(one.accuracy)}</td></tr>"
        for one in bins
    )


def _mistaken(scores: Scores) -> set[str]:
    """The names of the slots in any confusion."""
    return {name for one in scores.confusions for name in (one.gold, one.predicted) if name is not None}


def _bar(share: float) -> str:
    return f'<i class=bar style="width:{100 * share:.1f}%"></i>'


def _button(name: str | None) -> str:
    """A slot's name as a button that selects its sentences."""
    return f"<button type=button>{escape(name)}</button>" if name is not None else NOTHING


def _sentence(wrong: Wrong) -> str:
    example, annotation = wrong.example, wrong.annotation
    pairs = list(mistakes(example.tags, annotation.tags))
    names = sorted({span.name for pair in pairs for span in pair if span is not None})
    gold = dict.fromkeys(spans_of(example.tags), "")
    predicted = {
        span: f" {slot.confidence:.2f}" for span, slot in zip(spans_of(annotation.tags), annotation.slots, strict=True)
    }
    should, tagged = "", ""
    if wrong.judges_intent and annotation.intent is not None and example.intent is not None:
        kind = "right" if example.intent == annotation.intent.name else "wrong"
        should, tagged = (
            f" <em class={kind}>{escape(intent)}</em>"
            for intent in (example.intent, f"{annotation.intent.name} {annotation.intent.confidence:.2f}")
        )
    return (
        f'<li data-slots="{escape(json.dumps(names))}"><span class=number>{wrong.number:,}</span>'
        f"<p><b>should be</b> {_marked(example, gold, right=predicted)}{should}</p>"
        f"<p><b>tagged as</b> {_marked(annotation, predicted, right=gold)}{tagged}</p></li>"
    )


def _marked(sentence: Example | Annotation, spans: dict[TokenSpan, str], *, right: dict[TokenSpan, str]) -> str:
    """The text with its slots marked; those that are not in `right` are marked as wrong."""
    tokens, text = sentence.tokens, sentence.text
    pieces, done = [], 0
    for span, confidence in spans.items():
        start, end = char_span(tokens, span.start, span.end)
        kind = "right" if span in right else "wrong"
        pieces.append(
            f"{escape(text[done:start])}<mark class={kind}>{escape(text[start:end])}"
            f"<small>{escape(span.name)}{confidence}</small></mark>"
        )
        done = end
    return f"<bdi>{''.join(pieces)}{escape(text[done:])}</bdi>"
