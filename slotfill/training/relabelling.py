"""A flaw in the labels of ATIS, and its repair.

In about 24 sentences of its training split, `nonstop` turns the times after it into `arrive_*` (`nonstop flights from
dallas to oakland july twenty seventh`). Its other sentences have `depart_*` there.
"""

import re

from slotfill.schema import Example
from slotfill.tokenizer import fold

_OF_ARRIVAL = re.compile(r"(?:arriv|reach|land|touch|return|get)\w*|into|back")


def relabelled(example: Example, *, tags: frozenset[str]) -> Example:
    """The example with departures where ATIS has arrivals although the sentence speaks of none.

    A tag that is not among `tags` is never given.
    """
    if not any(tag.endswith("flight_stop") for tag in example.tags) or _speaks_of_arrival(example):
        return example
    departing = (tag.replace("-arrive_", "-depart_") for tag in example.tags)
    found = tuple(new if new in tags else old for old, new in zip(example.tags, departing, strict=True))
    return Example(example.text, example.tokens, found, example.intent)


def _speaks_of_arrival(example: Example) -> bool:
    return any(_OF_ARRIVAL.fullmatch(fold(token.text)) for token in example.tokens)
