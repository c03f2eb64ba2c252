"""Which tag may follow which by IOB2, and the scores of a CRF if there is one.

Shapes: K tags. Row K of a table of transitions stands for the start of a sentence.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Ids = NDArray[np.int64]
Allowed = NDArray[np.bool_]


def allowed_transitions(tags: Sequence[str]) -> Allowed:
    """Whether tag l may follow tag k under IOB2, (K + 1, K) for the K tags of a label set."""
    allowed = np.ones((len(tags) + 1, len(tags)), dtype=np.bool_)
    number_of = {tag: number for number, tag in enumerate(tags)}
    for number, tag in enumerate(tags):
        if tag[0] == "I":  # the rule of tags.may_follow, without a call for every pair
            before = [number_of[t] for t in (f"B-{tag[2:]}", tag) if t in number_of]
            allowed[:, number] = False
            allowed[before, number] = True
    return allowed


class Transitions(NamedTuple):
    """The steps from tag to tag that decoding may take."""

    allowed: Allowed  # (K + 1, K)
    scores: Array  # (K + 1, K): learned by a CRF, or 0; minus infinity for steps that are not allowed
    into: Array  # (K, K): `scores` transposed for Viterbi, a row for each tag, a column for each tag before it
    inside: Ids  # (K,): the `I` of each tag's slot; valid only where `has_inside`
    has_inside: Allowed  # (K,)

    @classmethod
    def of(cls, tags: Sequence[str], learned: Array | None = None) -> "Transitions":
        """From a label set and the scores of a CRF, (K + 1, K), in the order of `tags`."""
        allowed = allowed_transitions(tags)
        scores = np.where(allowed, np.float32(0) if learned is None else learned, np.float32(-np.inf))
        # the one tag that may follow this one but not begin a sentence
        inside_KK = allowed[:-1] & ~allowed[-1]
        return cls(allowed, scores, np.ascontiguousarray(scores[:-1].T), inside_KK.argmax(1), inside_KK.any(1))
