"""A model against another one: figures, and the sentences that improved or broke."""

from html import escape

from slotfill.against import KINDS, Against, Change, Paired
from slotfill.intents import are_same
from slotfill.report.markings import breakable
from slotfill.report.mistaken import marked
from slotfill.schema import Annotation, Example
from slotfill.significance import CUSTOMARY, DRAWS, written
from slotfill.tags import TokenSpan, char_span, spans_of

_AT_ONCE = 200  # sentences of a kind, which is more than anybody reads


def section(against: Against | None, *, model: str) -> str:
    """The whole panel; nothing without another model."""
    if against is None:
        return ""
    kinds = [kind for kind in KINDS if against.count(kind)]
    return f"""<section id="against">
<h2>Against {breakable(against.name)}</h2>
<div class="wide" tabindex="0" role="region" aria-label="Both models">
<table>
<thead><tr><td></td><th scope="col">before</th><th scope="col">now</th><th scope="col">difference</th>
<th scope="col">improved</th><th scope="col">broke</th><th scope="col">p</th></tr></thead>
<tbody>
{_slot_row(against)}
{_row("sentences right", against.sentences)}
{_row("intents right", against.intents)}
</tbody>
</table>
</div>
<p class="note">{_note(against)}</p>
{"".join(_listed(against, kind, model=model) for kind in kinds)}
</section>"""


def _note(against: Against) -> str:
    low, high = against.f1.low, against.f1.high
    return (
        f"The 95 % interval of the difference in slot F1 is {low:+.4f} to {high:+.4f}. p is the chance of as large a "
        f"difference if neither model is better: by the paired bootstrap over sentences ({DRAWS:,} draws) for slot F1, "
        f"else by McNemar's exact test. Below {CUSTOMARY} it is more than chance, by custom; of many comparisons, some "
        "are below it by chance."
    )


def _slot_row(against: Against) -> str:
    before, now = against.slot_f1
    cells = (f"{before:.4f}", f"{now:.4f}", f"{against.f1.value:+.4f}", "", "", escape(written(against.f1.p)))
    return _cells("slot F1", cells)


def _row(name: str, paired: Paired | None) -> str:
    if paired is None:
        return ""
    figures = (f"{paired.before:.4f}", f"{paired.after:.4f}", f"{paired.after - paired.before:+.4f}")
    return _cells(name, (*figures, f"{paired.improved:,}", f"{paired.broke:,}", escape(written(paired.p))))


def _cells(name: str, cells: tuple[str, ...]) -> str:
    return f"<tr><th scope=row>{name}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _listed(against: Against, kind: str, *, model: str) -> str:
    """The sentences of one kind, behind their number."""
    changes = [change for change in against.changes if change.kind == kind]
    items = "\n".join(_sentence(change, model=model, other=against.name) for change in changes[:_AT_ONCE])
    more = f", of which the first {_AT_ONCE} are here" if len(changes) > _AT_ONCE else ""
    count = f"{len(changes):,} sentence{'' if len(changes) == 1 else 's'}"
    return f"<details class=kind><summary>{kind}: {count}{more}</summary>\n<ul>{items}</ul></details>"


def _sentence(change: Change, *, model: str, other: str) -> str:
    example = change.example
    gold = dict.fromkeys(spans_of(example.tags), "")
    lines = [("should be", marked(example, gold, right=gold), example.intent)]
    for name, one in ((other, change.before), (model, change.after)):
        found = dict.fromkeys(spans_of(one.tags), "")
        places = {_place(example, span) for span in gold}
        right = {span: "" for span in found if _place(one, span) in places}
        lines.append((name, marked(one, found, right=right), one.intent.name if one.intent else None))
    judged = all(intent is not None for _, _, intent in lines)
    said = "".join(
        f"<p><b>{breakable(name)}</b> {text}{_intent(intent, example.intent) if judged else ''}</p>"
        for name, text, intent in lines
    )
    return f"<li><span class=number>{change.number:,}</span>{said}</li>"


def _place(sentence: Example | Annotation, span: TokenSpan) -> tuple[int, int, str]:
    """A slot by its characters: the two models may have other tokens."""
    return (*char_span(sentence.tokens, span.start, span.end), span.name)


def _intent(found: str | None, gold: str | None) -> str:
    return f" <em class={'right' if are_same(gold, found) else 'wrong'}>{escape(found or '')}</em>"
