"""Which sentences an epoch takes: a share of each data set, and copies of them with other values."""

from collections.abc import Sequence
from random import Random

from slotfill.config import DataConfig
from slotfill.schema import Example
from slotfill.tags import OUTSIDE
from slotfill.training.augmentation import Substituter, tags_in
from slotfill.training.relabelling import relabelled

OTHER = "other"  # the intent of data/travel's sentences that ask for nothing


class Mixture:
    """The train splits of several data sets; every epoch draws from them anew.

    `sizes` is how many sentences each has, and `out_of_domain` are those that no vocabulary and no dev split knows.
    """

    def __init__(self, train_splits: Sequence[tuple[Sequence[Example], DataConfig]]) -> None:
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
            self._sources.append((examples, config, Substituter(examples, tags=tags, gazetteers=config.gazetteers)))

    @classmethod
    def of(cls, train_splits: Sequence[Sequence[Example]], *, config: Sequence[DataConfig]) -> "Mixture | None":
        """From the train split of each data set; None if every epoch simply takes all of them."""
        if all(settings == DataConfig(settings.source) for settings in config):
            return None
        return cls(list(zip(train_splits, config, strict=True)))

    def __len__(self) -> int:
        """How many sentences an epoch has."""
        return sum(
            _count(len(examples), config.share) + _count(len(examples), config.share * config.substituted)
            for examples, config, _ in self._sources
        )

    def epoch(self, number: int, *, seed: int) -> list[Example]:
        """The sentences of an epoch, which depend on the seed and on the epoch's number alone."""
        sentences: list[Example] = []
        for place, (examples, config, substituter) in enumerate(self._sources):
            rng = Random(f"{seed}/{number}/{place}")  # noqa: S311  # no secret
            sentences += _some(examples, config.share, rng)
            sentences += [substituter.copy(e, rng) for e in _some(examples, config.share * config.substituted, rng)]
        return sentences


def without_slots(example: Example) -> Example:
    """The same text without slots, and with the intent `other`: talk that asks for nothing."""
    return Example(example.text, example.tokens, (OUTSIDE,) * len(example.tags), OTHER)


def _some(examples: Sequence[Example], share: float, rng: Random) -> list[Example]:
    """All examples as often as `share` has wholes, and of the rest as many at random as its fraction says."""
    return [*examples] * int(share) + rng.sample(examples, _count(len(examples), share % 1))


def _count(size: int, share: float) -> int:
    return size * int(share) + round(size * (share % 1))
