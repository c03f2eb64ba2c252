"""A sentence with its slots, for a REPL and for a notebook.

It does not import `schema`, which imports it when somebody looks.
"""

from collections.abc import Sequence

from slotfill.slot_names import frame_part_of

CharSpans = Sequence[tuple[int, int, str]]  # start, end (half-open) and slot name, in the order of the text

_WIDTH = 120  # characters of a sentence in a REPL
# Background and text colour of each leg. Both are set, so that they can be read on any page.
_COLOURS = {
    "departure": ("#cfe6f7", "#08314c"),
    "arrival": ("#fbdcc4", "#4d2000"),
    "return": ("#f2d3ea", "#4a1a3e"),
    "stop": ("#f6e9a6", "#3a3000"),
}
_OTHER_COLOURS = ("#dfe3e6", "#272e33")


def short(text: str, spans: CharSpans) -> str:
    """The sentence in markup, quoted as in Python; a long one is cut."""
    from slotfill.markup import render

    line = render(text, spans, intent=None)
    return repr(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")


def html(text: str, spans: CharSpans, *, intent: str | None) -> str:
    """The sentence as HTML without a style sheet: every slot in the colour of its leg, with its name beside it."""
    from html import escape

    pieces, done = [], 0
    for start, end, name in spans:
        part = frame_part_of(name)
        paper, ink = _COLOURS.get(part.leg, _OTHER_COLOURS) if part else _OTHER_COLOURS
        label = f'<small style="font-size: .7em">{escape(name)}</small>'
        pieces.append(
            f'{escape(text[done:start])}<span style="background: {paper}; color: {ink}; padding: .15em .35em; '
            f'border-radius: .3em">{escape(text[start:end])} {label}</span>'
        )
        done = end
    pieces.append(escape(text[done:]))
    if intent is not None:
        pieces.append(f' <small style="opacity: .7">{escape(intent)}</small>')
    return f'<div dir="auto" style="white-space: pre-wrap; line-height: 2">{"".join(pieces)}</div>'
