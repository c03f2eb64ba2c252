"""IOB2, the only tagging scheme used inside slotfill: tags <-> token spans, and other schemes -> IOB2.

IOB2 (Ratnaparkhi 1998; Tjong Kim Sang & Veenstra 1999): `B-name` begins a span, `I-name` continues
it, and `O` is outside any span. `I-name` may only follow `B-name` or `I-name`.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from slotfill.schema import Token

OUTSIDE = "O"


class TagError(ValueError):
    """The tag at `position` (from 0) is not allowed there."""

    def __init__(self, problem: str, *, position: int) -> None:
        self.position = position
        super().__init__(f"tag {position + 1} is {problem}")


class TokenSpan(NamedTuple):
    """Tokens `start` to `end` (half-open) carry the slot `name`."""

    start: int
    end: int
    name: str


def spans_of(tags: Sequence[str]) -> list[TokenSpan]:
    """The spans of a valid IOB2 sequence, in order."""
    return [TokenSpan(start, end, name_of(tags[start])) for start, end in edges_of(tags)]


def edges_of(tags: Sequence[str]) -> list[tuple[int, int]]:
    """The first tokens and the ends of the spans of a valid IOB2 sequence, in order."""
    edges: list[tuple[int, int]] = []
    start = None
    for position, tag in enumerate((*tags, OUTSIDE)):
        if start is None and tag == OUTSIDE:  # as most are
            continue
        if tag[0] != "I":
            if start is not None:
                edges.append((start, position))
            start = position if tag[0] == "B" else None
    return edges


@lru_cache(maxsize=1024)  # one string for all the slots of a name, which knows its hash
def name_of(tag: str) -> str:
    """The slot name of a tag: `city` for `B-city`."""
    return tag[2:]


def char_span(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    """The character span (half-open) of the tokens `start` to `end` (half-open)."""
    return tokens[start].start, tokens[end - 1].end


def tags_of(spans: Iterable[TokenSpan], *, length: int) -> tuple[str, ...]:
    """The IOB2 tags of `length` tokens with these spans, which must not overlap."""
    tags = [OUTSIDE] * length
    for start, end, name in spans:
        tags[start:end] = [f"B-{name}", *[f"I-{name}"] * (end - start - 1)]
    return tuple(tags)


def may_follow(previous: str, tag: str) -> bool:
    """Say whether IOB2 allows `tag` after `previous` (`O` before the first token)."""
    return tag[0] != "I" or (previous[0] != "O" and previous[2:] == tag[2:])


def is_valid(tags: Sequence[str]) -> bool:
    """Say whether a sequence is valid IOB2."""
    return all(map(may_follow, (OUTSIDE, *tags), tags))


# --- other schemes ---------------------------------------------------------------------------------

# The letters for a token inside, for the last token of a span, and for a span of one token.
_SCHEMES = {"IOBES": ("I", "E", "S"), "BILOU": ("I", "L", "U"), "BMES": ("M", "E", "S"), "BMEWO": ("M", "E", "W")}
LETTERS = "BIESLUMW"  # the prefixes of all schemes


def scheme_of(sequences: Iterable[Sequence[str]]) -> str | None:
    """The scheme of a whole file of tags: IOB1, IOB2, IOE, IOBES, BILOU, BMES, BMEWO; None if its prefixes fit none.

    IOB1 (Ramshaw & Marcus 1995) uses `B-` only between adjacent spans of one name. A file with any other `B-` is not
    IOB1, so that a mistake in an IOB2 file does not pass for another scheme.
    """
    pairs: set[tuple[str, str]] = set()  # there are few different ones
    for tags in sequences:
        pairs.update(_pairs(tags))
    prefixes = {tag[0] for _, tag in pairs}
    bare_inside = any(not may_follow(previous, tag) for previous, tag in pairs)  # some `I-` continues nothing
    opening_b = any(tag[0] == "B" and previous[2:] != tag[2:] for previous, tag in pairs)  # where IOB1 has `I-`
    if "E" in prefixes <= set("IOE"):
        return "IOE"
    if prefixes <= set("BIO"):
        return "IOB1" if bare_inside and not opening_b else "IOB2"
    return next((scheme for scheme, letters in _SCHEMES.items() if prefixes <= {"B", "O", *letters}), None)


def to_iob2(tags: Sequence[str], *, scheme: str) -> tuple[str, ...]:
    """Rewrite one sequence of `scheme` as IOB2.

    Raises TagError for the first tag that the scheme does not allow in its position.
    """
    if scheme == "IOB2":
        for position, (previous, tag) in enumerate(_pairs(tags)):
            if tag != OUTSIDE and not may_follow(previous, tag):
                raise TagError(f"{tag} after {previous}: in IOB2 a span begins with B-{tag[2:]}", position=position)
        return tuple(tags)
    if scheme == "IOE":  # IOE1 or IOE2: only the end of a span counts
        return to_iob2_somehow(tags)
    if scheme == "IOB1":
        return tuple(tag if may_follow(previous, tag) else f"B-{tag[2:]}" for previous, tag in _pairs(tags))
    return _from_closing_scheme(tags, scheme)


def to_iob2_somehow(tags: Sequence[str]) -> tuple[str, ...]:
    """Rewrite tags of any scheme, or of none, as IOB2: what continues nothing begins a span.

    >>> to_iob2_somehow(["O", "I-a", "E-a", "I-b", "S-b"])
    ('O', 'B-a', 'I-a', 'B-b', 'B-b')
    """
    result = []
    for previous, tag in _pairs(tags):
        continues = tag[0] in "IMEL" and previous[0] not in "OESLUW" and previous[2:] == tag[2:]
        result.append(tag if tag == OUTSIDE else f"{'I' if continues else 'B'}-{tag[2:]}")
    return tuple(result)


def _pairs(tags: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each tag with the one before it, `O` before the first."""
    return zip((OUTSIDE, *tags), tags, strict=False)


def _from_closing_scheme(tags: Sequence[str], scheme: str) -> tuple[str, ...]:
    """`to_iob2` for IOBES and the like, which also mark the last token of a span."""
    inside, end, single = _SCHEMES[scheme]
    closed = {OUTSIDE, end, single}  # after these no span is open
    result = []
    for position, (previous, tag) in enumerate(_pairs(tags)):
        continues = tag[0] in (inside, end)
        is_open = previous[0] not in closed
        if is_open != continues or (continues and previous[2:] != tag[2:]):
            raise TagError(f"{tag} after {previous}: not allowed in {scheme}", position=position)
        result.append(tag if tag == OUTSIDE else f"{'I' if continues else 'B'}-{tag[2:]}")
    if tags and tags[-1][0] not in closed:
        problem = f"{tags[-1]} at the end: {scheme} closes a span with {end}- or {single}-"
        raise TagError(problem, position=len(tags) - 1)
    return tuple(result)
