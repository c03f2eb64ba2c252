"""One template -> a tree of words, choices, calls of other rules, and slots to fill.

The docstring of the package explains the language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ROLE = "@"  # in a rule: the role that the rule was called with


@dataclass(frozen=True, slots=True)
class Words:
    """Literal text."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """`<name role>`: a rule or a lexicon; `role` is "" for none, and `@` for the caller's role.

    `column` is that of `<lexicon.column>`, taken from the entry last drawn, or "".
    """

    name: str
    role: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`{a|b|}`: one of its options, with equal odds."""

    options: tuple["Template", ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """`[slot=template]`, or `[slot:name]` for `[slot=<name>]`: a slot, and the template of its text.

    `[from.city]` is `[from.city:city]`.
    """

    slot: str
    content: "Template"


Template = tuple[Words | Call | Choice | Fill, ...]

_PIECE = re.compile(
    r"<(?P<name>[\w-]+)(?:\.(?P<column>[\w-]+)|\ (?P<role>[\w-]+|@))?>"
    r"|\[(?P<slot>[\w.@-]+)(?::\ ?(?P<source>[\w.-]+)|=(?P<content>[^\[\]]+))?\]"
    r"|(?P<sign>[{|}])"
    r"|(?P<words>(?:\\[\\<>\[\]{|}~]|[^<\[\]{|}])+)"
)
_ESCAPED = re.compile(r"\\([\\<>\[\]{|}~])")

_TWINS = re.compile(r"(\w+)~(\w+)")


def twins(line: str) -> list[str]:
    """The left and the right line of `I leave~arrive` or `get out ~ get in`, or a line without `~` alone."""
    if " ~ " in line:
        return line.split(" ~ ", 1)
    left, right = _TWINS.sub(r"\1", line), _TWINS.sub(r"\2", line)
    return [line] if left == right else [left, right]


def parse(template: str) -> Template:
    """Read one template; ValueError if it is malformed."""
    # the open braces, each with its options, the last of which is still being read
    stack: list[list[list[Words | Call | Choice | Fill]]] = [[[]]]
    position = 0
    while position < len(template):
        match = _PIECE.match(template, position)
        if match is None:
            raise ValueError(_unreadable(template[position:]))
        position = match.end()
        options = stack[-1]
        if not match["sign"]:
            options[-1].append(_leaf(match))
        elif match["sign"] == "{":
            stack.append([[]])
        elif len(stack) == 1:
            raise ValueError(f"`{match['sign']}` without a `{{` before it: write {{one|another}}")
        elif match["sign"] == "|":
            options.append([])
        else:
            stack.pop()
            stack[-1][-1].append(Choice(tuple(map(tuple, options))))
    if len(stack) > 1:
        raise ValueError("a `{` has no `}`")
    return tuple(stack[0][0])


def _leaf(match: re.Match[str]) -> Words | Call | Fill:
    if match["name"]:
        return Call(match["name"], match["role"] or "", match["column"] or "")
    if match["slot"]:
        source = match["source"] or match["slot"].rpartition(".")[2]
        return Fill(match["slot"], parse(match["content"] or f"<{source}>"))
    if "~" in _ESCAPED.sub("", match["words"]):
        raise ValueError(f"a `~` joins two words, or is between spaces, once: got {match['words']!r}")
    return Words(_ESCAPED.sub(r"\1", match["words"]))


def _unreadable(rest: str) -> str:
    """What is wrong with the rest of a template, which begins with a sign that cannot be read."""
    sign, closing = rest[0], {"[": "]", "<": ">"}.get(rest[0], "")
    if not closing:
        return f"`{sign}` without a `[` before it"
    if closing not in rest:
        return f"a `{sign}` has no `{closing}`: got {rest!r}"
    got = rest[: rest.index(closing) + 1]
    expected = "[slot], [slot:lexicon] or [slot=text]" if sign == "[" else "<name>, <name role> or <lexicon.column>"
    return f"cannot read {got!r}: expected {expected}"


def leaves(template: Template) -> Iterator[Words | Call | Fill]:
    """All pieces of a template, including those inside its choices and slots."""
    for piece in template:
        if isinstance(piece, Choice):
            for option in piece.options:
                yield from leaves(option)
        else:
            yield piece
            if isinstance(piece, Fill):
                yield from leaves(piece.content)
