"""Which sentence comes first: the one from which training learns most, as far as one can tell."""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from slotfill.reviewing.doubt import Doubt

Order = Literal["uncertain", "varied", "file"]
ORDERS: tuple[Order, ...] = get_args(Order)

_WORN = 0.5  # what the doubt about a word counts once it has been seen again


def ranked(
    order: Order, doubts: Sequence[Doubt], words: Sequence[Sequence[str]], *, seen: Iterable[Sequence[str]] = ()
) -> list[int]:
    """The numbers of the sentences in this order.

    `words` are the folded tokens of each sentence, and `seen` those of sentences that have been reviewed.

    - `uncertain`: the least likely to be right first.
    - `varied`: uncertainty with diversity. A sentence counts as many wrong tags as one expects in it, but the doubt
      about a word counts half once that word has been seen, a quarter after two times, and so on. So the same doubt is
      not asked about twenty times in a row. The greedy order maximises a submodular function (Wei et al. 2015).
    - `file`: as they stand in the file.

    >>> doubts = [Doubt((0.2,), 1.0), Doubt((0.3,), 1.0), Doubt((0.4,), 1.0)]
    >>> ranked("uncertain", doubts, [["a"], ["a"], ["b"]]), ranked("varied", doubts, [["a"], ["a"], ["b"]])
    ([0, 1, 2], [0, 2, 1])
    """
    numbers = range(len(doubts))
    if order == "file":
        return [*numbers]
    if order == "uncertain":
        return sorted(numbers, key=lambda number: doubts[number].whole)
    return _varied(doubts, words, Counter(word for sentence in seen for word in {*sentence}))


def _varied(doubts: Sequence[Doubt], words: Sequence[Sequence[str]], times: Counter[str]) -> list[int]:
    """Greedy, with a heap of old gains: since gains only fall, one that is still the largest is the best."""

    def gain(number: int) -> float:
        one = doubts[number]
        pairs = zip(one.tags, words[number], strict=True)
        return (1 - one.intent) + sum((1 - sure) * _WORN ** times[word] for sure, word in pairs)

    heap = [(-gain(number), number) for number in range(len(doubts))]
    heapq.heapify(heap)
    chosen = []
    while heap:
        _, number = heapq.heappop(heap)
        now = -gain(number)
        if heap and (now, number) > heap[0]:
            heapq.heappush(heap, (now, number))
            continue
        chosen.append(number)
        times.update({*words[number]})
    return chosen
