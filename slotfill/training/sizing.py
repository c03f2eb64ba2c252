"""The settings that follow the size of the data: how often, how fast and in what portions it is learnt from.

A network needs a certain number of steps, however few the sentences: with the 20 epochs that suit thousands of them, 20
sentences teach it nothing. What is 0 in a configuration is chosen here. docs/experiments/little-data.md says how.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from slotfill.batching import batch_size_of
from slotfill.config import TrainingConfig

ENOUGH_TO_HOLD_OUT = 2000  # train sentences together; of fewer, none is spared for a dev split: each would be missed
_FEWEST_STEPS = 800
_STEPS_A_SENTENCE = 1.0  # up to so many sentences:
_MOST = 1000
_EPOCHS = 16  # at least


class _Pace(NamedTuple):
    """How sentences up to a number are learnt."""

    sentences: int
    batch_size: int
    learning_rate: float


FAMILIAR = 0.2  # of the slots are in the shipped gazetteers where those help: of ATIS 60 %, of SNIPS 5 %
FEW = 300  # sentences; with more, affixes of words tell nothing that the words and characters do not
BESIDE = 2000  # sentences up to which given vectors stand beside the learnt ones; measured with 100 and 500
_PACES = (_Pace(FEW, 8, 8e-3), _Pace(4000, 16, 6e-3))
_FOR_MORE = _Pace(0, 32, 4e-3)


def sized(settings: TrainingConfig, lengths: Sequence[int], *, sentences: int | None = None) -> TrainingConfig:
    """The settings, with a number for each that is 0, for train sentences of these numbers of tokens.

    `sentences` is the number that an epoch takes, if it is not all of them once.

    >>> from slotfill.config import TrainingConfig
    >>> few, many = (sized(TrainingConfig(), [9] * count) for count in (30, 5000))
    >>> few.batch_size, few.epochs, many.batch_size, many.epochs
    (8, 208, 32, 16)
    """
    count = len(lengths) if sentences is None else sentences
    pace = next((pace for pace in _PACES if len(lengths) <= pace.sentences), _FOR_MORE)
    batch_size = settings.batch_size or pace.batch_size
    # batches have sentences of one length, so many of them are not full
    full = sum(-(-alike // batch_size_of(length, batch_size)) for length, alike in Counter(lengths).items())
    batches = full * count / max(1, len(lengths))
    steps = _FEWEST_STEPS + _STEPS_A_SENTENCE * min(len(lengths), _MOST)
    epochs = settings.epochs or max(_EPOCHS, round(steps / max(1.0, batches)))
    return settings._replace(
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=settings.learning_rate or pace.learning_rate,
        # the rate falls to 0 along a cosine, and most trainings are best near their end
        patience=settings.patience or max(8, epochs // 2),
    )
