"""Which columns of a file hold its words and its tags: told by what all its lines have in them."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from slotfill.readers.alignment import shown
from slotfill.readers.schemes import is_bare, is_lower, is_spelt_tag, is_suffixed

Rows = Sequence[Sequence[str]]

# Names of columns in a header line or in `# global.columns`, best first.
WORDS = ("word", "words", "token", "tokens", "form", "text")
TAGS = (
    *("ner_tag", "ner_tags", "ner", "ne", "slot", "slots", "slot_label", "tag", "tags", "label", "labels", "entity"),
    *("iob", "iob2", "bio", "bioes", "iob_tag", "bio_tag", "gold", "annotation", "class", "y"),
)
_MOST = 0.9  # the share of a column's values that must look like tags
_WIDTH_OF_CONLLU = 10
_MISC = re.compile(r"(?:^|\|)([A-Za-z_]+)=([^|]*)")
_NUMBER = re.compile(r"\d{1,9}(?:[-.]\d{1,9})?")
_SURFACE = re.compile(r"\d+[-.]\d+")  # no word of CoNLL-U


class Choice(NamedTuple):
    """The columns of the words and of the tags, from 0; or the key whose values are the tags in that column."""

    word: int
    tag: int
    width: int  # how many columns most lines have
    key: str | None = None
    notes: tuple[str, ...] = ()

    def tag_in(self, row: Sequence[str]) -> str:
        """The tag in the columns of a token."""
        if self.key is None:
            return row[self.tag]
        return next((value for key, value in _MISC.findall(row[self.tag]) if key == self.key), "O")


def choose(blocks: Sequence[Rows], *, names: Sequence[str] = ()) -> Choice:
    """The columns of a file whose sentences have these rows; `names` are those in its header line, if it has one.

    >>> choose([[["1", "to", "_", "O"], ["2", "Rome", "_", "B-city"]]])[:2]
    (1, 3)

    Raises ValueError if no column can be the tags, or the words.
    """
    rows = [row for block in blocks for row in block]
    widths = Counter(map(len, rows))
    width = widths.most_common(1)[0][0]
    if max(widths) == 1:
        only = shown(rows[0][0])
        raise ValueError(f"expected a token and a tag in each line, separated by a tab or a space; got only {only}")
    whole = rows if len(widths) == 1 else [row for row in rows if len(row) == width]
    if width > 2:
        whole = [row for row in whole if not row[0][:1].isdecimal() or _SURFACE.fullmatch(row[0]) is None]
    columns = [Counter(column) for column in zip(*(whole or rows[:1]), strict=True)]
    if all(value.isdecimal() for values in columns for value in values):
        raise ValueError("all columns are numbers: expected words, and tags with the names of slots")
    if len(names) == width and (named := _named([name.casefold() for name in names])) is not None:
        notes = _note(*named, width=width, more=f" (`{names[named[0]]}` and `{names[named[1]]}`)")
        return Choice(*named, width, notes=notes)
    tagged = [number for number, values in enumerate(columns) if _is_tagged(values)]
    first = 1 if _are_numbers(blocks, columns) else 0
    key = _key_of(columns[-1]) if width == _WIDTH_OF_CONLLU and first and not tagged else None
    if key is not None:
        note = f"CoNLL-U: the words are column 2, the tags those of `{key}=` in column {width}"
        return Choice(1, width - 1, width, key, (note,))
    if tagged == [0] and width > 1:
        return Choice(width - 1, 0, width, notes=(f"the tags come first: column 1; the words are column {width}",))
    behind = [number for number in tagged if number > first]
    tag = behind[-1] if behind else _plain_tags(columns, first)
    others = [str(number + 1) for number in behind[:-1]]
    more = f", other tags in column{'s' * (len(others) > 1)} {' and '.join(others)}" if others else ""
    return Choice(first, tag, width, notes=_note(first, tag, width=width, more=more))


def header_in(row: Sequence[str]) -> bool:
    """Say whether a line has the names of columns: one for the words, and one for the tags."""
    return _named([name.casefold() for name in row]) is not None


def _named(names: Sequence[str]) -> tuple[int, int] | None:
    words = [names.index(name) for name in WORDS if name in names]
    tags = [names.index(name) for name in TAGS if name in names]
    return (words[0], tags[0]) if words and tags else None


def _note(word: int, tag: int, *, width: int, more: str = "") -> tuple[str, ...]:
    """What is read and what is not; nothing where the two columns are all that there is."""
    if width <= 2 and not more:
        return ()
    rest = [str(number + 1) for number in range(width) if number not in (word, tag)]
    unread = f"; not read: {', '.join(rest)}" if rest else ""
    return (f"{width} columns: words in column {word + 1}, tags in column {tag + 1}{more}{unread}",)


def _is_tagged(values: Counter[str]) -> bool:
    """Say whether nearly all values are tags; bare letters and suffixes count only if there is nothing else."""
    if all(value.isdecimal() for value in values):
        return False
    if is_bare(values) and len(values) > 1:
        return True
    if "o" in values and len(values) > 1 and all(map(is_lower, values)):
        return True
    tags = sum(count for value, count in values.items() if is_spelt_tag(value))
    return tags >= _MOST * values.total() or ("O" in values and len(values) > 1 and all(map(is_suffixed, values)))


def _are_numbers(blocks: Sequence[Rows], columns: Sequence[Counter[str]]) -> bool:
    """Say whether the first column numbers tokens or sentences, so that the words are in the next one."""
    if not all(map(_NUMBER.fullmatch, columns[0])):
        return False
    if len(columns) > 2:
        return not all(map(_NUMBER.fullmatch, columns[1]))
    long = [block for block in blocks if len(block) > 2]
    if len(long) > 1 and all(_counts(block) for block in long):
        raise ValueError("the first column counts the tokens, and there is no column of words beside the tags")
    return False


def _counts(block: Rows) -> bool:
    pairs = [(before[0], after[0]) for before, after in pairwise(block) if before[0].isdecimal()]
    return all(after.isdecimal() and int(after) - int(before) == 1 for before, after in pairs)


def _key_of(misc: Counter[str]) -> str | None:
    """The key in CoNLL-U's last column that has tags: `NER=B-city|SpaceAfter=No`."""
    values: dict[str, set[str]] = {}
    for cell in misc:
        for key, value in _MISC.findall(cell):
            values.setdefault(key, set()).add(value)
    tagged = [key for key, found in values.items() if all(map(is_spelt_tag, found))]
    named = [key for key in values if key.casefold() in TAGS or key.casefold() in ("name", "ne", "ent")]
    return next(iter(tagged or named), None)


def _plain_tags(columns: Sequence[Counter[str]], first: int) -> int:
    """The last column, if it may be tags without prefixes or with many mistakes; ValueError if it has no tag at all."""
    last = columns[-1]
    width = len(columns)
    if width == _WIDTH_OF_CONLLU and first:
        raise ValueError(
            "this is CoNLL-U without tags of slots: write them into its last column as NER=B-city, or into a column"
        )
    if width > 1 and not any(map(is_spelt_tag, last)) and any(last):
        shape = ", ".join(shown(value) for value in list(last)[:3])
        bracketed = any(value.endswith("*") or "*)" in value for column in columns for value in column)
        hint = "; brackets as in CoNLL-2012 are not read" if bracketed else ""
        raise ValueError(f"no column of tags: the last one has {shape}; expected O, B-city, I-city{hint}")
    return width - 1
