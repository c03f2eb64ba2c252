"""Which sentences an epoch takes: a share of each data set, and copies of them with other values."""

import re
from collections.abc import Sequence
from random import Random

from slotfill.config import DataConfig
from slotfill.schema import Example
from slotfill.tags import OUTSIDE
from slotfill.tokenizer import fold
from slotfill.training.augmentation import Substituter, tags_in

OTHER = "other"  # the intent of sentences in data/travel that ask for nothing
_OF_ARRIVAL = re.compile(r"(?:arriv|reach|land|touch|return|get)\w*|into|back")


class Mixture:
    """The train splits of several data sets; every epoch draws from them anew.

    `sizes` are their numbers of sentences; `out_of_domain` are the sentences that no vocabulary and no dev split has.
    """

    def __init__(
        self,
        train_splits: Sequence[tuple[Sequence[Example], DataConfig]],
        *,
        tokenizer: str = "slotfill",
        lists: Sequence[Sequence[str]] = (),
    ) -> None:
        tags = tags_in(e for examples, config in train_splits if not config.out_of_domain for e in examples)
        self.sizes = tuple(len(examples) for examples, _ in train_splits)
        self.out_of_domain: list[Example] = []
        self._sources = []
        for examples, config in train_splits:
            if config.out_of_domain:
                examples = [without_slots(example) for example in examples]
                self.out_of_domain += examples
            if config.relabelled:
                examples = [relabelled(example, tags=tags) for example in examples]
            substituter = Substituter(
                examples, tags=tags, tokenizer=tokenizer, gazetteers=config.gazetteers, lists=lists
            )
            self._sources.append((examples, config, substituter))

    @classmethod
    def of(
        cls,
        train_splits: Sequence[Sequence[Example]],
        *,
        config: Sequence[DataConfig],
        tokenizer: str = "slotfill",
        lists: Sequence[Sequence[str]] = (),
    ) -> "Mixture | None":
        """From the train split of each data set; None if every epoch simply takes all of them.

        `lists` are the names of the recipe's own gazetteers, for copies.
        """
        if all(settings == DataConfig(settings.source) for settings in config):
            return None
        return cls(list(zip(train_splits, config, strict=True)), tokenizer=tokenizer, lists=lists)

    def __len__(self) -> int:
        """The number of sentences of an epoch."""
        return sum(
            _count(len(examples), config.share) + _count(len(examples), config.share * config.substituted)
            for examples, config, _ in self._sources
        )

    def epoch(self, number: int, *, seed: int) -> list[Example]:
        """The sentences of an epoch, which depend only on the seed and the epoch's number."""
        sentences: list[Example] = []
        for place, (examples, config, substituter) in enumerate(self._sources):
            rng = Random(f"{seed}/{number}/{place}")  # noqa: S311  # no secret
            sentences += _sample(examples, config.share, rng)
            sentences += [substituter.copy(e, rng) for e in _sample(examples, config.share * config.substituted, rng)]
        return sentences


def without_slots(example: Example) -> Example:
    """The same text without slots and with the intent `other`."""
    return Example(example.text, example.tokens, (OUTSIDE,) * len(example.tags), OTHER)


def relabelled(example: Example, *, tags: frozenset[str]) -> Example:
    """The example with a flaw in the labels of ATIS repaired.

    In about 24 sentences of its train split, `nonstop` turns the times after it into `arrive_*` (`nonstop flights from
    dallas to oakland july twenty seventh`). Other sentences have `depart_*` there, and so does the result, unless the
    sentence mentions an arrival or the new tag is not among `tags`.
    """
    if not any(tag.endswith("flight_stop") for tag in example.tags) or _mentions_arrival(example):
        return example
    departing = (tag.replace("-arrive_", "-depart_") for tag in example.tags)
    repaired = tuple(new if new in tags else old for old, new in zip(example.tags, departing, strict=True))
    return Example(example.text, example.tokens, repaired, example.intent)


def _mentions_arrival(example: Example) -> bool:
    return any(_OF_ARRIVAL.fullmatch(fold(token.text)) for token in example.tokens)


def _sample(examples: Sequence[Example], share: float, rng: Random) -> list[Example]:
    """All examples as often as the integer part of `share` says, and a random sample for its fraction."""
    return [*examples] * int(share) + rng.sample(examples, _count(len(examples), share % 1))


def _count(size: int, share: float) -> int:
    return size * int(share) + round(size * (share % 1))
