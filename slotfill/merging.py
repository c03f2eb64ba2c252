"""Several data sets -> one, with what they have twice and what they disagree about."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.readers import Source, read_all
from slotfill.readers.layout import ALL
from slotfill.schema import Dataset, Example
from slotfill.splitting import text_key
from slotfill.tags import char_span, spans_of


class Conflict(NamedTuple):
    """Two examples of one text with other slots or another intent, and the splits that they are in.

    >>> import slotfill
    >>> first, second = (slotfill.parse_markup(line) for line in ("to [Rome](city)", "to [Rome](town)"))
    >>> conflict = slotfill.Conflict(first, second, ("train", "test"))
    """

    first: Example
    second: Example
    splits: tuple[str, str]


class Merged(NamedTuple):
    """The result of `merge_data`.

    >>> import slotfill
    >>> one = slotfill.Dataset("one", {"train": (slotfill.parse_markup("to [Rome](city)"),)})
    >>> slotfill.merge_data([one, one]).duplicates
    1
    """

    dataset: Dataset
    duplicates: int  # sentences left out, since the same split has them with the same slots and intent
    conflicts: tuple[Conflict, ...]  # all of them are kept
    shared: int  # sentences of other splits that train has too


def merge_data(sources: Sequence[Source], *, name: str = "merged") -> Merged:
    """Put data sets together, split by split, as `slotfill data merge` does.

    >>> import slotfill
    >>> one = slotfill.Dataset("one", {"train": (slotfill.parse_markup("to [Rome](city)"),)})
    >>> two = slotfill.Dataset("two", {"train": (slotfill.parse_markup("to [Rome](town)"),)})
    >>> merged = slotfill.merge_data([one, two])
    >>> len(merged.dataset.splits["train"]), len(merged.conflicts)
    (2, 1)

    A sentence that is there twice, with the same slots and the same intent in the same split, is kept once. Sentences
    with one text and different labels are conflicts, and kept: which is right, only you know. A data set in one piece
    is train if others are split. Raises InputError and DataError as `read_data` does.
    """
    if isinstance(sources, str) or not sources:
        raise InputError(f"merge_data() takes a list of data sets: got {sources!r}")
    datasets = read_all(list(sources))
    is_split = any(set(dataset.splits) != {ALL} for dataset in datasets)
    splits: dict[str, dict[tuple[object, ...], Example]] = {}
    count = 0
    for dataset in datasets:
        for split, examples in dataset.splits.items():
            part = splits.setdefault("train" if split == ALL and is_split else split, {})
            for example in examples:
                count += 1
                words = tuple(token.text for token in example.tokens)
                part.setdefault((example.text, words, example.tags, example.intent), example)
    merged = Dataset(name, {split: tuple(part.values()) for split, part in splits.items()})
    kept = sum(map(len, merged.splits.values()))
    known = {text_key(example.text) for example in merged.splits.get("train", ())}
    others = [e for split, examples in merged.splits.items() if split != "train" for e in examples]
    shared = sum(text_key(example.text) in known for example in others)
    return Merged(merged, count - kept, tuple(conflicts_of(merged)), shared)


def conflicts_of(dataset: Dataset) -> Iterator[Conflict]:
    """Each example whose text an earlier one has, with other slots or another intent."""
    seen: dict[str, tuple[Example, str]] = {}
    for split, examples in dataset.splits.items():
        for example in examples:
            first, where = seen.setdefault(text_key(example.text), (example, split))
            if _slots(first) != _slots(example) or first.intent != example.intent:
                yield Conflict(first, example, (where, split))


def _slots(example: Example) -> list[tuple[str, str]]:
    """The slots of an example by their texts, whatever its tokens."""
    found = []
    for start, end, name in spans_of(example.tags):
        first, last = char_span(example.tokens, start, end)
        found.append((name, text_key(example.text[first:last])))
    return found
