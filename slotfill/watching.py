"""A look at a net while it learns: what it makes of a few sentences after each epoch, and how far back it can learn.

Looking changes nothing: the weights are those of the same training without it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slotfill.errors import InputError
from slotfill.schema import Annotation
from slotfill.training.pipeline import Training

# they differ only in the verb, which the net must remember up to `2nd`
TWINS = ("arrive Taipei on November 2nd", "leave Taipei on November 2nd")
_SENTENCES = 8  # whose gradients are measured, of one length


@dataclass(frozen=True, slots=True)
class Sight:
    """What the net does after an epoch."""

    annotations: tuple[Annotation, ...]  # of the texts, in order
    reach: tuple[
        float, ...
    ]  # ||d h_T / d s_{T-k}|| for k = 1, 2, ..., as a share of k = 1; empty: unknown, or no memory


def look(training: Training, texts: Sequence[str] = TWINS) -> Sight:
    """Tag texts with the averaged network of the last epoch, and measure its gradient over distance.

    The gradient is that of slotfill/gradients.py, over a few sentences of dev, or of train, of at least 10 tokens.

    >>> import slotfill
    >>> from slotfill.config import config_of
    >>> from slotfill.training.data import pool, with_sources
    >>> examples = [slotfill.parse_markup(f"to [{city}](city)") for city in ("Rome", "Oslo", "Lima")]
    >>> sources, config = with_sources(examples, config_of({"model": {"hidden": 4}, "training": {"epochs": 1}}))
    >>> training = Training(pool(sources, config), config=config)
    >>> for report in training:
    ...     print(look(training, ["to Bern"]).annotations[0].text)
    to Bern
    """
    return Sight(tuple(training.tagger().tag(texts)), _reach(training))


def _reach(training: Training) -> tuple[float, ...]:
    from slotfill.gradients import reach  # late: it loads torch

    for examples in (training.splits.dev, training.splits.train):
        try:
            norms = reach(training.network(), examples, training.vocabularies, sentences=_SENTENCES)
        except InputError:  # no memory, or all sentences are short
            continue
        return tuple((norms / max(norms[0], 1e-30)).tolist())
    return ()
