"""What torch and onnxruntime are fed: slotfill's ids, written once as plain JSON, and sorted batches of 32."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

BATCH = 32
UNKNOWN = 1
_DIGITS = str.maketrans("123456789", "000000000")


class Ids:
    """The words, characters and labels of a bundle."""

    def __init__(self, path: str) -> None:
        with open(f"{path}.ids.json", encoding="utf-8") as file:  # noqa: PTH123  # pathlib costs a cold start
            lists: dict[str, Any] = json.load(file)
        self.words = {word: number for number, word in enumerate(lists["words"], start=2)}
        self.characters = {character: number for number, character in enumerate(lists["characters"], start=2)}
        self.tags: list[str] = lists["tags"]
        self.intents: list[str] = lists["intents"]

    def of(self, sentences: Sequence[Sequence[str]]) -> tuple[list[int], list[list[int]], list[list[int]]]:
        """Ids of the distinct words of a batch, their characters, padded, and which of them each token is, padded."""
        rows: dict[str, int] = {}
        forms = [[rows.setdefault(fold(word), len(rows)) for word in words] for words in sentences]
        longest, widest = max(map(len, forms)), min(32, max(map(len, rows)))
        characters = [[self.characters.get(c, UNKNOWN) for c in word[:widest]] for word in rows]
        return (
            [self.words.get(word, UNKNOWN) for word in rows],
            [row + [0] * (widest - len(row)) for row in characters],
            [row + [0] * (longest - len(row)) for row in forms],
        )


def decoded(emissions_TK: Any, names: list[str]) -> list[str]:
    """The best tags of one sentence that IOB2 allows: to compare labels, never while a clock runs."""
    import numpy as np

    from slotfill.decoding import Chain

    best_T = Chain(names).decode(np.ascontiguousarray(emissions_TK), np.zeros(1, dtype=np.int64))
    return [names[k] for k in best_T.tolist()]


def fold(word: str) -> str:
    """The folding of slotfill, for ASCII."""
    return word.lower().translate(_DIGITS)


def batches(sentences: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Numbers of sentences, longest first; empty ones are left out."""
    order = sorted((n for n, words in enumerate(sentences) if words), key=lambda n: -len(sentences[n]))
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]
