"""Scores of single intents -> the set of a sentence. Shapes: B sentences, I intents."""

import numpy as np
from numpy.typing import NDArray

from slotfill.decoding.transitions import Array


def chances(scores_BI: Array) -> NDArray[np.float64]:
    """The probability of each intent by itself (the logistic function), (B, I)."""
    return 1 / (1 + np.exp(-np.clip(scores_BI.astype(np.float64), -500, 500)))


def best_sets(scores_BI: Array) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """The intents of each sentence, (B, I), and the probability that the set is right, (B,).

    They are those that are likelier there than not, or the likeliest if there is none.
    """
    chances_BI = chances(scores_BI)
    chosen_BI = chances_BI > 0.5
    chosen_BI[np.arange(len(chosen_BI)), chances_BI.argmax(1)] = True
    return chosen_BI, np.where(chosen_BI, chances_BI, 1 - chances_BI).prod(1)
