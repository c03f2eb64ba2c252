"""What is in a data set: sizes, slots, intents, and how much of each other split is not in train."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from statistics import mean, median

from slotfill.folding import Fold, best_folding, entry_of
from slotfill.schema import Dataset, Example
from slotfill.tags import spans_of

_TRAIN = "train"


@dataclass(frozen=True, slots=True)
class SlotStatistics:
    """One slot in one split; the `unseen` shares are None for train, and where there is no train."""

    mentions: int
    values: int  # distinct, ignoring case
    unseen_mentions: float | None  # share of the mentions whose value train lacks for this slot
    unseen_values: float | None  # share of the distinct values


@dataclass(frozen=True, slots=True)
class SplitStatistics:
    """One split, lengths in tokens; what compares it with train is None or empty for train, and where there is none."""

    sentences: int
    tokens: int
    shortest: int
    median: float
    mean: float
    longest: int
    lengths: Mapping[int, int]  # how many sentences have so many tokens
    without_slot: float  # share of the sentences
    slots: Mapping[str, SlotStatistics]  # most frequent first
    intents: Mapping[str, int]  # most frequent first
    unknown_words: float | None  # share of the tokens whose folded form train lacks
    new_tags: tuple[str, ...]
    new_intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many sentences of the split `second` are also in `first`, ignoring case."""

    first: str
    second: str
    sentences: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """A whole data set; `overlaps` has only pairs of splits that share a sentence."""

    name: str
    splits: Mapping[str, SplitStatistics]
    overlaps: tuple[Overlap, ...]

    def oddities(self) -> Iterator[str]:
        """Yield a line for each thing that is allowed in a data set but seldom intended."""
        for overlap in self.overlaps:
            count, first, second = overlap.sentences, overlap.first, overlap.second
            said = f"1 sentence of {second} is" if count == 1 else f"{count} sentences of {second} are"
            yield f"{said} also in {first}"
        for name, split in self.splits.items():
            for kind, labels in (("tags", split.new_tags), ("intents", split.new_intents)):
                if labels:
                    yield f"{kind} of {name} that train lacks: {', '.join(labels)}"


def describe(dataset: Dataset) -> Statistics:
    """Describe a data set; every split must have a sentence."""
    train = dataset.splits.get(_TRAIN)
    fold = entry_of(best_folding(token.text for example in train or () for token in example.tokens))
    known = _Seen(train, fold) if train else None
    splits = {
        name: _describe_split(examples, fold, known=None if name == _TRAIN else known)
        for name, examples in dataset.splits.items()
    }
    sentences = {name: [_key(example) for example in examples] for name, examples in dataset.splits.items()}
    overlaps = []
    for first, second in combinations(sentences, 2):
        shared = set(sentences[first])
        count = sum(sentence in shared for sentence in sentences[second])
        if count:
            overlaps.append(Overlap(first, second, count))
    return Statistics(dataset.name, splits, tuple(overlaps))


class _Seen:
    """The tokens, tags, intents and slot values in a list of examples, counted."""

    def __init__(self, examples: Iterable[Example], fold: Fold) -> None:
        self.words: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.intents: Counter[str] = Counter()
        self.values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for example in examples:
            self.words.update(fold(token.text) for token in example.tokens)
            self.tags.update(example.tags)
            if example.intent is not None:
                self.intents[example.intent] += 1
            for start, end, name in spans_of(example.tags):
                self.values[name][_join(token.text for token in example.tokens[start:end])] += 1


def _describe_split(examples: tuple[Example, ...], fold: Fold, *, known: _Seen | None) -> SplitStatistics:
    seen = _Seen(examples, fold)
    lengths = [len(example.tokens) for example in examples]
    slots = sorted(seen.values.items(), key=lambda entry: (-entry[1].total(), entry[0]))
    return SplitStatistics(
        sentences=len(examples),
        tokens=sum(lengths),
        shortest=min(lengths),
        median=median(lengths),
        mean=mean(lengths),
        longest=max(lengths),
        lengths=dict(sorted(Counter(lengths).items())),
        without_slot=sum(set(example.tags) == {"O"} for example in examples) / len(examples),
        slots={
            name: _describe_slot(values, known=None if known is None else known.values[name]) for name, values in slots
        },
        intents=dict(sorted(seen.intents.items(), key=lambda entry: (-entry[1], entry[0]))),
        unknown_words=None if known is None else _share(seen.words, lacking=known.words),
        new_tags=() if known is None else tuple(sorted(seen.tags.keys() - known.tags.keys())),
        new_intents=() if known is None else tuple(sorted(seen.intents.keys() - known.intents.keys())),
    )


def _describe_slot(values: Counter[str], *, known: Mapping[str, int] | None) -> SlotStatistics:
    return SlotStatistics(
        mentions=values.total(),
        values=len(values),
        unseen_mentions=None if known is None else _share(values, lacking=known),
        unseen_values=None if known is None else len(values.keys() - known.keys()) / len(values),
    )


def _share(counts: Counter[str], *, lacking: Mapping[str, int]) -> float:
    """The share of all occurrences whose item `lacking` does not have."""
    return sum(count for item, count in counts.items() if item not in lacking) / counts.total()


def _key(example: Example) -> str:
    return _join(token.text for token in example.tokens)


def _join(words: Iterable[str]) -> str:
    return " ".join(words).casefold()
