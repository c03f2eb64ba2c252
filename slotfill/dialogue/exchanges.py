"""`change Boston to Austin`, `replace Lima with Quito`, `keep Saturday`: values set against those known."""

import re

from slotfill.dialogue.changes import Words
from slotfill.dialogue.mentions import Mention, Ruled
from slotfill.schema import DateValue

_VERB = re.compile(r"\b(?:change|replace|swap|switch|exchange|substitute|update|move)(?: from)?(?: the)? $")
_JOINT = re.compile(r"(?:,? (?:to|with|for|by|into))(?: the)? ")
_KEEP = re.compile(
    r"\b(?:keep|stick with|stick to|stay with|leave it (?:at|on)|don't forget)(?: it)?(?: (?:at|on|the|to))* $"
)


def exchanged(mentions: list[Mention], words: str) -> tuple[list[Mention], list[Ruled]]:
    """The values without those that others replace, and these as ruled out."""
    kept: list[Mention] = []
    ruled: list[Ruled] = []
    at = 0
    while at < len(mentions):
        old, new = mentions[at], mentions[at + 1] if at + 1 < len(mentions) else None
        value = old.value
        is_after_verb = bool(_VERB.search(words[: old.words.start][-40:]))
        if is_after_verb and isinstance(value, DateValue) and value.to:  # change the 4th to the 6th is no range
            first, joint, _ = old.words.text.partition(" to ")
            ruled.append(Ruled("date", Words(first, old.words.start, old.words.start + len(first))))
            kept.append(old._replace(value=value.replace(value=value.to, to=None), is_named=not joint))
        elif is_after_verb and new and _is_joined(old, new, words):
            ruled.append(Ruled(old.kind, old.words))
            kept.append(new._replace(is_named=False, leg="open"))
            at += 1
        else:
            kept.append(old)
        at += 1
    return kept, ruled


def _is_joined(old: Mention, new: Mention, words: str) -> bool:
    return old.kind == new.kind and bool(_JOINT.fullmatch(words[old.words.end : new.words.start]))


def is_kept(mention: Mention, words: str) -> bool:
    """Say whether the words before a value keep what is known: `no, keep Saturday`."""
    return bool(_KEEP.search(words[: mention.words.start][-40:]))
