"""One template -> a tree of words, choices, calls of other rules, and slots to be filled.

The language is explained in the package's docstring.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROLE = "@"  # in a rule, stands for the role that the rule was called with


@dataclass(frozen=True, slots=True)
class Words:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """`<name role>`: a rule or a lexicon; `role` is "" for none and `@` for the caller's own."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Fill:
    """`[slot:source]` or `[slot:source.column]`: a slot whose text comes from a lexicon or a rule."""

    slot: str
    source: str
    column: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`{a|b|}`: one of several templates, with equal odds."""

    options: tuple["Template", ...]


Template = tuple[Words | Call | Fill | Choice, ...]

_PIECE = re.compile(
    r"<(?P<name>\w+)(?: (?P<role>\w+|@))?>"
    r"|\[(?P<slot>[\w.@]+):(?P<source>\w+)(?:\.(?P<column>\w+))?\]"
    r"|(?P<sign>[{|}])"
    r"|(?P<words>[^<\[\]{|}]+)"
)


def parse(template: str) -> Template:
    """Read one template; ValueError says what cannot be read."""
    # The braces open so far: each with its options, the last of them still being read.
    stack: list[list[list[Words | Call | Fill | Choice]]] = [[[]]]
    position = 0
    while position < len(template):
        match = _PIECE.match(template, position)
        if match is None:
            raise ValueError(f"cannot read {template[position:]!r}")
        position = match.end()
        options = stack[-1]
        if match["name"]:
            options[-1].append(Call(match["name"], match["role"] or ""))
        elif match["slot"]:
            options[-1].append(Fill(match["slot"], match["source"], match["column"] or ""))
        elif match["words"]:
            options[-1].append(Words(match["words"]))
        elif match["sign"] == "{":
            stack.append([[]])
        elif len(stack) == 1:
            raise ValueError(f"`{match['sign']}` without a `{{` before it")
        elif match["sign"] == "|":
            options.append([])
        else:
            stack.pop()
            stack[-1][-1].append(Choice(tuple(map(tuple, options))))
    if len(stack) > 1:
        raise ValueError("a `{` has no `}`")
    return tuple(stack[0][0])


def leaves(template: Template) -> Iterator[Words | Call | Fill]:
    """All pieces of a template, those inside its choices too."""
    for piece in template:
        if isinstance(piece, Choice):
            for option in piece.options:
                yield from leaves(option)
        else:
            yield piece
