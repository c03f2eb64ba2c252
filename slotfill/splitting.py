"""A data set in one piece -> train, dev and test, or folds; each part has every intent and slot if there are enough.

Iterative stratification: the rarest label is dealt out first, each sentence to the part that lacks it most (Sechidis,
Tsoumakas & Vlahavas 2011, "On the stratification of multi-label data"). Sentences of one text stay together.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from slotfill.errors import InputError
from slotfill.readers import Source, read_data
from slotfill.schema import Dataset, Example
from slotfill.tags import spans_of


def split_data(source: Source | Sequence[Example], *, dev: float = 0.1, test: float = 0.1, seed: int = 1) -> Dataset:
    """Split a data set that is in one piece into train, dev and test, as `slotfill data split` does.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima", "Bern", "rome")]
    >>> parts = slotfill.split_data(examples, dev=0.25, test=0.25).splits
    >>> {name: len(part) for name, part in parts.items()}
    {'train': 3, 'dev': 1, 'test': 1}

    `dev` and `test` are shares of the sentences; a part with the share 0 is left out. The same `seed` gives the same
    parts. Sentences with the same text, whatever its case and its spaces, are in the same part. Each part has its share
    of every intent and slot, the rarest first; what there is too little of is in train.

    Raises InputError and DataError as `read_data` does, and InputError for shares that leave nothing to train on, for a
    data set that is split already, and for one that is too small.
    """
    if not (0 <= dev < 1 and 0 <= test < 1 and 0 < dev + test < 1):
        raise InputError(
            f"shares of dev {dev:g} and test {test:g}: expected numbers from 0 to 1 that leave some for train"
        )
    dataset = read_data(source)
    if len(dataset.splits) != 1:
        parts = ", ".join(f"{name} {len(examples)}" for name, examples in dataset.splits.items())
        raise InputError(f"{dataset.name} is split already ({parts}): name one of its files, or merge them first")
    (examples,) = dataset.splits.values()
    shares = {"train": 1 - dev - test, "dev": dev, "test": test}
    shares = {name: share for name, share in shares.items() if share > 1e-9}
    groups = list(groups_of(examples).values())
    if len(groups) < len(shares):
        raise InputError(f"{dataset.name} has {len(groups)} different sentences: too few for {', '.join(shares)}")
    owner = _dealt(examples, groups, shares, seed)
    return Dataset(
        dataset.name, {name: tuple(e for n, e in enumerate(examples) if owner[n] == name) for name in shares}
    )


def fold_numbers(examples: Sequence[Example], *, folds: int, seed: int = 1) -> list[int]:
    """The fold of each example, from 0, for cross-validation.

    >>> import slotfill
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "rome")]
    >>> first, second, third = fold_numbers(examples, folds=2)
    >>> first == third != second
    True

    Sentences with the same text, whatever its case and its spaces, are in the same fold, and each fold has its share of
    every intent and slot, the rarest first. The same `seed` gives the same folds. InputError for fewer than 2 folds,
    and for more than there are different sentences.
    """
    groups = list(groups_of(examples).values())
    if folds < 2:
        raise InputError(f"{folds} folds: expected at least 2")
    if len(groups) < 2:
        raise InputError(f"folds need two sentences or more that differ, but only {len(groups)} is there: add some")
    if len(groups) < folds:
        raise InputError(f"{len(groups)} different sentences are too few for {folds} folds: take fewer folds")
    owner = _dealt(examples, groups, {str(fold): 1 / folds for fold in range(folds)}, seed)
    return [int(owner[number]) for number in range(len(examples))]


def text_key(text: str) -> str:
    """The form in which texts are compared: no case, and one space for any white space.

    >>> text_key("To  Rome")
    'to rome'
    """
    return " ".join(text.split()).casefold()


def groups_of(examples: Sequence[Example]) -> Mapping[str, list[int]]:
    """The numbers of the examples of each text."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        groups[text_key(example.text)].append(number)
    return groups


def _labels(example: Example) -> set[tuple[str, str]]:
    slots = {("slot", name) for _, _, name in spans_of(example.tags)}
    return slots | {("intent", example.intent or ""), ("any", "")}


def _dealt(
    examples: Sequence[Example], groups: Sequence[list[int]], shares: Mapping[str, float], seed: int
) -> dict[int, str]:
    """The part of each example, by number."""
    order = list(range(len(groups)))
    Random(seed).shuffle(order)  # noqa: S311  # no secret
    labels = [set().union(*(_labels(examples[n]) for n in group)) for group in groups]
    holders: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for group in order:
        for label in labels[group]:
            holders[label].append(group)
    total = {label: sum(len(groups[g]) for g in held) for label, held in holders.items()}
    wanted = {label: {part: share * count for part, share in shares.items()} for label, count in total.items()}
    part_of: dict[int, str] = {}
    for label in sorted(total, key=lambda label: (total[label], label)):
        for group in holders[label]:
            if group not in part_of:
                part = max(shares, key=lambda name: (round(wanted[label][name], 9), round(wanted["any", ""][name], 9)))
                _give(group, part, groups, labels, wanted, part_of)
    common = sorted(order, key=lambda g: (len(groups[g]), -min(total[label] for label in labels[g])))
    _fill_empty(shares, common, part_of)
    return {n: part_of[g] for g, group in enumerate(groups) for n in group}


def _fill_empty(parts: Iterable[str], common: Sequence[int], part_of: dict[int, str]) -> None:
    """Give each part that has nothing a sentence of the part with most; those with common labels go first."""
    for part in parts:
        counts = Counter(part_of.values())
        if not counts[part]:
            largest = counts.most_common(1)[0][0]
            part_of[next(group for group in common if part_of[group] == largest)] = part


def _give(
    group: int,
    part: str,
    groups: Sequence[list[int]],
    labels: Sequence[set[tuple[str, str]]],
    wanted: Mapping[tuple[str, str], dict[str, float]],
    part_of: dict[int, str],
) -> None:
    part_of[group] = part
    for label in labels[group]:
        wanted[label][part] -= len(groups[group])
