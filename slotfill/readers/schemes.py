"""Tags as people write them -> a letter, a hyphen and a name: `B_city`, `city-B`, `0`, IO without prefixes, a bare `I`.

slotfill/tags.py then makes IOB2 of any scheme.
"""

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from slotfill.tags import LETTERS, OUTSIDE

_PREFIXED = re.compile(rf"([{LETTERS}])[-_:/.|](\S.*)", re.DOTALL)
_HYPHENED = re.compile(rf"[{LETTERS}]-\S+")
_SUFFIXED = re.compile(rf"(\S.*)[-_:/.|]([{LETTERS}])", re.DOTALL)
_SEVERAL = re.compile(rf"(?:O|[{LETTERS}]-[^|]+)(?:\|(?:O|[{LETTERS}]-[^|]+))+")  # of nested slots
_LOWER = re.compile(rf"([{LETTERS.lower()}])[-_](\S.*)", re.DOTALL)
_LIKE_A_PREFIX = re.compile(r"\w?[-_].*")  # `X-a`, `B-`: rather a mistake than the name of a slot
_BARE = "slot"  # the name of a slot that has none


class Spelling(NamedTuple):
    """How the tags of a file are to be read: each as a letter, a hyphen and a name. `notes` say what is unusual."""

    tags: dict[str, str]
    notes: tuple[str, ...] = ()

    def read(self, tags: Iterable[str]) -> list[str]:
        """The tags, rewritten; those that are none stay as they are."""
        return [self.tags.get(tag, tag) for tag in tags]


def spelling_of(tags: AbstractSet[str]) -> Spelling:
    """How to read all the tags of a file.

    >>> spelling_of({"0", "B_city", "I_city"}).read(["0", "B_city"])
    ['O', 'B-city']
    >>> spelling_of({"O", "city"}).notes
    ('the tags have no prefix (IO): slots of one name side by side are read as one',)
    """
    several = {tag: tag.partition("|")[0] for tag in tags if _SEVERAL.fullmatch(tag)}
    if several:
        rest = spelling_of({several.get(tag, tag) for tag in tags})
        read = {tag: rest.tags.get(first, first) for tag, first in several.items()}
        note = f"some tokens have several tags, as in {min(several)}: the first of them is read"
        return Spelling(rest.tags | read, (*rest.notes, note))
    outside, slots = _divided(tags)
    notes = [f"{', '.join(sorted(outside - {OUTSIDE}))} is read as O"] if outside - {OUTSIDE} else []
    read = dict.fromkeys(outside, OUTSIDE)
    for fits, spell, note in _SPELLINGS:
        fitting = {tag for tag in slots if fits(tag)}
        if slots and fitting == slots:
            read |= {tag: _joined(*spell(tag)) for tag in slots}
            notes += [note.format(example=min(slots))] if note else []
            break
    else:
        if any(map(_PREFIXED.fullmatch, slots)):  # the others are mistakes, which their reader names
            read |= {tag: _joined(*_prefixed(tag)) for tag in slots if _PREFIXED.fullmatch(tag)}
        elif outside and slots and not any(map(_LIKE_A_PREFIX.fullmatch, slots)):
            read |= {tag: _joined("I", tag) for tag in slots if tag.strip()}
            notes.append("the tags have no prefix (IO): slots of one name side by side are read as one")
    spaced = sorted(tag for tag in slots if " " in tag.strip() and tag in read)
    if spaced:
        notes.append(f"names of slots must not have spaces: {spaced[0]} is read as {read[spaced[0]]}")
    return Spelling(read, tuple(notes))


def is_spelt_tag(tag: str) -> bool:
    """Say whether this is `O` or `0`, or a letter of some scheme, a separator and a name."""
    return tag in (OUTSIDE, "0") or _PREFIXED.fullmatch(tag) is not None


def is_bare(tags: Iterable[str]) -> bool:
    """Say whether these are letters of a scheme and `O`, and nothing else."""
    return all(len(tag) == 1 and tag in LETTERS + "O0" for tag in tags)


def is_lower(tag: str) -> bool:
    """Say whether this is `o`, or a letter of some scheme in lower case, a hyphen and a name."""
    return tag == "o" or _LOWER.fullmatch(tag) is not None


def is_suffixed(tag: str) -> bool:
    """Say whether this is `O`, or a name, a separator and a letter of some scheme."""
    return tag == OUTSIDE or _SUFFIXED.fullmatch(tag) is not None


def _divided(tags: AbstractSet[str]) -> tuple[set[str], set[str]]:
    """The tags for outside of slots, and the others; `o` counts only where all are lower case."""
    lower = "o" in tags and all(tag == "o" or _LOWER.fullmatch(tag) for tag in tags)
    outside = {OUTSIDE, "0", *("o" * lower)} & tags
    return outside, set(tags - outside)


def _joined(letter: str, name: str) -> str:
    return f"{letter.upper()}-{'_'.join(name.split())}"


def _prefixed(tag: str) -> tuple[str, str]:
    return tag[0], tag[2:]


def _suffixed(tag: str) -> tuple[str, str]:
    return tag[-1], tag[:-2]


# Each: does it fit a tag, its letter and name, and what to say. The first that fits all tags of a file is taken.
_SPELLINGS: tuple[tuple[Callable[[str], object], Callable[[str], tuple[str, str]], str], ...] = (
    (_HYPHENED.fullmatch, _prefixed, ""),
    (re.compile(rf"[{LETTERS}]-\S.*", re.DOTALL).fullmatch, _prefixed, ""),
    (_PREFIXED.fullmatch, _prefixed, "{example} is read as a prefix and a name"),
    (
        lambda tag: len(tag) == 1 and tag in LETTERS,
        lambda tag: (tag, _BARE),
        f"the tags name no slot: all slots are called `{_BARE}`",
    ),
    (_LOWER.fullmatch, _prefixed, "{example}, in lower case, is read as a prefix and a name"),
    (_SUFFIXED.fullmatch, _suffixed, "{example} is read as a name and its prefix"),
)
