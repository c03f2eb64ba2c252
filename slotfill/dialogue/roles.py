"""Whether a sentence itself says which part a value is for. A tagger's label may also be the likeliest one only."""

import re

# Words of a role before a value: the last word or two.
_BEFORE = {
    ("departure", "place"): re.compile(r"(?:\bfrom|\bout of|\bleav\w+|\bdepart\w*|\bof|:)(?: the)?\W*$"),
    ("arrival", "place"): re.compile(
        r"(?:\bto|\binto|\btowards?|\bonto|\breach\w*|\bvisit\w*|\bfor|\bin|\bsee|\bat|:)(?: the)?\W*$"
    ),
}
# Words of a role anywhere in the sentence.
_ANYWHERE = {
    ("departure", "place"): re.compile(
        r"\b(?:leav(?:e|es|ing)|depart\w*|origin\w*|source|start(?:s|ing)?|fly(?:ing)? out|tak(?:e|ing) off|"
        r"board(?:ing)?|com(?:e|ing) from|pick(?:ed)? up|from)\b"
    ),
    ("arrival", "place"): re.compile(
        r"\b(?:destinations?|arriv\w+|reach(?:ing)?|head(?:ed|ing)|visit(?:ing)?|land(?:ing)?|going|"
        r"travel(?:l?ing)? to|fly(?:ing)? (?:in)?to|bound|goal|end up|go to|get to|to go)\b"
    ),
    ("departure", "date"): re.compile(
        r"\b(?:leav(?:e|es|ing)|depart\w*|outbound|go(?:ing)? out|fly(?:ing)? out|set(?:ting)? (?:off|out)|"
        r"tak(?:e|ing) off|start(?:s|ing)?|begin\w*|head(?:ing)? out)\b"
    ),
    ("arrival", "date"): re.compile(r"\b(?:arriv\w+|land(?:ing)?|reach(?:ing)?|(?:get|be|am|are) (?:there|in))\b"),
    ("return", "date"): re.compile(
        r"\b(?:return(?:s|ing)?|back|home|homeward|inbound|com(?:e|ing) (?:back|home)|way back)\b"
    ),
}
for _leg in ("departure", "arrival", "return"):
    _ANYWHERE[_leg, "time"] = _ANYWHERE[_leg, "date"]
_FOR = re.compile(r"\b(?:for|to|towards?|into)(?: the)?\W*$")
_REACH = 120  # code points in which the words of a role count
SENTENCE_ENDS = re.compile(r"[.!?;](?=\s|$)")


def around(words: str, start: int, end: int) -> tuple[str, str]:
    """The words of the same sentence before and after some others, as far as they count.

    >>> around("yes. from lima? thanks", 10, 14)
    (' from ', '')
    """
    first, last = max(0, start - _REACH), min(len(words), end + _REACH)
    first = max([found.end() for found in SENTENCE_ENDS.finditer(words, first, start)], default=first)
    last = found.start() if (found := SENTENCE_ENDS.search(words, end, last)) else last
    return words[first:start], words[end:last]


def is_named(words: str, leg: str, kind: str, start: int, end: int, *, is_near: bool = False) -> bool:
    """Say whether the words around a value (in plain letters) name the part `leg` of its `kind`.

    `is_near`: only those right before it do.

    >>> is_named("no, from boston", "departure", "place", 9, 15), is_named("boston please", "arrival", "place", 0, 6)
    (True, False)
    """
    if leg == "stops":
        return True
    if leg not in ("departure", "arrival", "return"):
        return False
    before, after = around(words, start, end)
    if (leg, kind) == ("departure", "place") and _FOR.search(before):  # leaving for Lima
        return False
    near = _BEFORE.get((leg, kind))
    if near and near.search(before):
        return True
    if is_near:
        return False
    anywhere = _ANYWHERE[leg, kind]
    return bool(anywhere.search(before) or anywhere.search(after))


# `Seattle is my destination`, `the departure city is Atlanta`: nouns that give a place its role.
_NOUNS = {
    "departure": re.compile(r"\b(?:departure|departing|leaving|origin|source|starting|start)\b"),
    "arrival": re.compile(r"\b(?:destination|arrival|arriving|goal|going|heading|headed|visit|visiting)\b"),
}


def noun_role(words: str, start: int, end: int) -> str | None:
    """The leg that the only noun of a role in the sentence of an open place names; None for none or two.

    >>> noun_role("seattle is my destination", 0, 7)
    'arrival'
    """
    sentence = " _ ".join(around(words, start, end))
    legs = [leg for leg, noun in _NOUNS.items() if noun.search(sentence)]
    return legs[0] if len(legs) == 1 else None


_RETURN_TICKET = re.compile(r"\breturn (?:ticket|fare)s?\b")  # which has a departure too


def is_return(words: str, start: int, end: int) -> bool:
    """Say whether only the way back is named around a date: `a round trip with a March 7th return date`.

    >>> is_return("march 7th return date", 0, 9), is_return("leave march 7th and return", 6, 15)
    (True, False)
    """
    if _RETURN_TICKET.search(words):
        return False
    return is_named(words, "return", "date", start, end) and not is_named(words, "departure", "date", start, end)
