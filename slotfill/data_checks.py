"""What is allowed in data and seldom intended: two labellings of one sentence, near-duplicates, scarce slots, ...

Each is one line for a person; `statistics.describe` has what can be said in figures.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from slotfill.schema import Dataset, Example
from slotfill.tags import spans_of

_LONG = 100  # tokens
_SCARCE = 5  # mentions
_ENOUGH = 50  # sentences of train, below which every slot is scarce
_NAMED = 6  # names in one line
_SIGNS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


def oddities_of(dataset: Dataset) -> Iterator[str]:
    r"""Yield a line for each thing that is odd in a data set.

    >>> from slotfill.readers import parse_markup, read_data
    >>> list(oddities_of(read_data([parse_markup("hello\tgreet"), parse_markup("hello\tbye")])))
    ['1 sentence with two intents, as in "hello": greet in all, bye in all']
    """
    yield from _conflicts(dataset, "labellings", _labelling)
    yield from _conflicts(dataset, "intents", lambda example: example.intent)
    yield from _near_duplicates(dataset)
    yield from _long_ones(dataset)
    yield from _scarce_slots(dataset)


def digest_of(examples: Iterable[Example]) -> str:
    """What tells these sentences with their labels from any others: 32 hexadecimal digits.

    >>> from slotfill.readers import parse_markup
    >>> digest_of([parse_markup("hello")])[:8]
    '8b7ba012'
    """
    digest = hashlib.sha256()
    for example in examples:
        tokens = [token.text for token in example.tokens]
        digest.update(json.dumps([example.text, tokens, example.tags, example.intent]).encode() + b"\n")
    return digest.hexdigest()[:32]


def trained_on(training: Mapping[str, Any], examples: Sequence[Example]) -> str | None:
    """The data set of a model's training that these sentences are; None if they are none of them, or nobody knows."""
    digest = digest_of(examples)
    return next((str(source["source"]) for source in training.get("data", ()) if source.get("digest") == digest), None)


def _labelling(example: Example) -> Hashable:
    """The slots of a sentence, whatever its tokens."""
    return tuple(
        (example.tokens[start].start, example.tokens[end - 1].end, name) for start, end, name in spans_of(example.tags)
    )


def _conflicts(dataset: Dataset, what: str, label_of: Callable[[Example], Hashable]) -> Iterator[str]:
    """A line if a sentence is there with two labels, with an example."""
    seen: defaultdict[str, dict[Hashable, tuple[str, Example]]] = defaultdict(dict)
    for split, examples in dataset.splits.items():
        for example in examples:
            label = label_of(example)
            if label is not None:
                seen[example.text].setdefault(label, (split, example))
    conflicts = [(text, labels) for text, labels in seen.items() if len(labels) > 1]
    if not conflicts:
        return
    text, labels = conflicts[0]
    (first, one), (second, other) = list(labels.values())[:2]
    differences = (one.intent, other.intent) if what == "intents" else _differences(one, other)
    as_in = f"{differences[0]} in {first}, {differences[1]} in {second}"
    yield f"{_counted(len(conflicts), 'sentence')} with two {what}, as in {_shown(text)}: {as_in}"


def _differences(*examples: Example) -> list[str]:
    """The slots of each of two sentences that the other lacks."""
    spans = [{(name, _words(one, start, end)) for start, end, name in spans_of(one.tags)} for one in examples]
    both = spans[0] & spans[1]
    return [", ".join(f"{name} for {words}" for name, words in sorted(own - both)) or "no such slot" for own in spans]


def _words(example: Example, start: int, end: int) -> str:
    return _shown(example.text[example.tokens[start].start : example.tokens[end - 1].end])


def _near_duplicates(dataset: Dataset) -> Iterator[str]:
    """A line for each pair of splits that share sentences but for case, signs and numbers."""
    keys = {
        split: [(_key(example.text), example) for example in examples] for split, examples in dataset.splits.items()
    }
    for first, second in combinations(keys, 2):
        known: dict[str, set[str]] = defaultdict(set)
        for key, example in keys[first]:
            known[key].add(_folded(example.text))
        near = [
            example for key, example in keys[second] if key and key in known and _folded(example.text) not in known[key]
        ]
        if near:
            count = _counted(len(near), "sentence")
            yield (
                f"{count} of {second}, but for signs and numbers, {'are' if len(near) > 1 else 'is'} also in {first}, "
                f"as {_shown(near[0].text)}"
            )


def _key(text: str) -> str:
    """A text without what does not make it another sentence."""
    return _SIGNS.sub(" ", _DIGITS.sub("0", text.casefold())).strip()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _long_ones(dataset: Dataset) -> Iterator[str]:
    for split, examples in dataset.splits.items():
        long = [example for example in examples if len(example.tokens) > _LONG]
        if long:
            longest = max(long, key=lambda example: len(example.tokens))
            count = _counted(len(long), "sentence")
            size = len(longest.tokens)
            yield f"{count} of {split} with more than {_LONG} tokens, up to {size:,}: {_shown(longest.text)}"


def _scarce_slots(dataset: Dataset) -> Iterator[str]:
    """A line for the slots and intents that the split to learn from hardly has."""
    name = "train" if "train" in dataset.splits else "all"
    examples = dataset.splits.get(name, ())
    if len(examples) < _ENOUGH:
        return
    slots = Counter(span.name for example in examples for span in spans_of(example.tags))
    intents = Counter(example.intent for example in examples if example.intent is not None)
    for what, counts in (("slots", slots), ("intents", intents)):
        scarce = sorted((count, label) for label, count in counts.items() if count < _SCARCE)
        if scarce:
            named = ", ".join(f"{label} ({count})" for count, label in scarce[:_NAMED])
            more = f" and {len(scarce) - _NAMED} more" * (len(scarce) > _NAMED)
            yield f"{what} with fewer than {_SCARCE} examples in {name}: {named}{more}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count > 1)}"


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return f'"{text if len(text) <= 50 else text[:49] + "…"}"'
