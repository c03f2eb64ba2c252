"""The system's words -> the parts that they ask for: `Where are you leaving from, and when?`."""

import re

_LATEST = 600  # code points of the system's words that count: what it asks, it asks at the end


def _words(*choices: str) -> str:
    return rf"\b(?:{'|'.join(choices)})\b"


_WH = r"\b(?:where|when|which|witch|what)\b"
_REQUEST = _words("tell me", "let me know", "need", "provide", "specify", "give me", "know", "in mind")
_SHORT = 6  # words of a question without a question word: `departure city?`
_SENTENCE = re.compile(r"[^.?!]+[.?!]*")
_OFFER = re.compile(r"\b(?:what|how) about [^?]*\d")  # how about one at 6:10 am?

# What a question is about, and for which leg, word by word.
_MARKS = {
    "time": _words("times?", "hour"),
    "dates": _words("dates", "days"),
    "date": _words("when", "date", "day", "schedule"),
    "return": _words(
        r"return(?:ing|s)?",
        r"(?:com(?:e|ing)|be|being|go(?:ing)?|get(?:ting)?|head(?:ing)?|fly(?:ing)?|travel(?:l?ing)?) (?:back|home)",
        "back",
        "homeward",
        "inbound",
    ),
    "origin": _words(
        "from", "out of", r"origin\w*", "source", "starting (?:point|location|city)", "present location",
        r"(?:your|current\w*) location", "right now", "departure (?:city|airport|place|location|station|point)"
    ),
    "leaving": _words(
        r"depart\w*", "leave", "leaving", "start(?:ing)?", r"tak(?:e|ing) off", "board(?:ing)?", "set off"
    ),
    "destination": _words(r"destinations?"),
    "goal": _words(
        r"visit(?:ing)?", r"reach(?:ing)?", r"arriv\w+", r"land(?:ing)?", "where to", "to where",
        r"to which", r"to what", r"for which", r"for what", r"to(?= *(?:$|[?.,!]|and\b|from\b|or\b))"
    ),
    "moving": _words(
        r"go(?:ing)?", r"fly(?:ing)?", r"travel(?:l?ing|led)?", r"head(?:ed|ing)?"
    ),
    "place": _words(
        "where", r"cit(?:y|ies)", "places?", "locations?", "airports?", "stations?", "points?", "towns?", "area"
    ),
}  # fmt: skip
_MARK = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _MARKS.items()))
_KINDS = ("place", "date", "time")


def asked_in(heard: str) -> tuple[str, ...]:
    """The parts that the system's words, in plain letters, ask for, in order; none if they ask for nothing known.

    >>> asked_in("where are you leaving from and going to, and on what date?")
    ('departure.place', 'arrival.place', 'departure.date')
    >>> asked_in("i found one that leaves at 6:10 am. does that work?")
    ()
    """
    found: list[str] = []
    for sentence in _SENTENCE.findall(heard[-_LATEST:]):
        if _is_question(sentence):
            found += _of_question(sentence)
    return tuple(dict.fromkeys(found))


def _is_question(sentence: str) -> bool:
    """Say whether a sentence asks for something rather than offers it."""
    if re.search(_WH, sentence):
        return not _OFFER.search(sentence)
    if re.search(_REQUEST, sentence):
        return True
    return _is_short(sentence)


def _is_short(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") and len(sentence.split()) <= _SHORT and not re.search(r"\d", sentence)


def _of_question(sentence: str) -> list[str]:
    """The parts of one question: each piece of it is about a kind, for the legs that it names.

    A piece begins with the word for a kind: `where are you leaving from and going to | and on what date`.
    """
    found: list[str] = []
    kinds: list[str] = []
    legs: list[str] = []
    end = 0  # of the mark before
    is_plural = False
    for match in _MARK.finditer(sentence):
        mark = match.lastgroup or ""
        if mark == "dates":
            mark, is_plural = "date", True
        is_right_after = sentence[end : match.start()].strip() in ("", "which", "what", "witch")
        end = match.end()
        if mark not in _KINDS:
            legs.append(mark)
            continue
        if kinds and legs:
            own = [legs.pop()] if is_right_after and legs[-1] in ("origin", "goal") else []  # from which city
            found += _of_piece(kinds, legs)
            kinds, legs = [], own
        kinds.append(mark)
    if legs == ["return"] and not (kinds or found) and _is_short(sentence):  # and your return?
        return ["return.date", "return.time"]
    found += _of_piece(kinds, legs)
    return [*found, "return.date"] if is_plural and "departure.date" in found else found  # your dates of travel?


def _of_piece(kinds: list[str], legs: list[str]) -> list[str]:
    """The parts of one piece: `when and where are you leaving from` asks for two of one leg."""
    found: list[str] = []
    for kind in dict.fromkeys(kinds):
        found += _places(legs) if kind == "place" else _moments(kind, legs)
    if "place" not in kinds:  # departing from? and your destination?
        found += ["departure.place"] * ("origin" in legs) + ["arrival.place"] * ("destination" in legs)
    if not kinds:
        found += ["arrival.place"] * ("goal" in legs)
    return found


def _places(legs: list[str]) -> list[str]:
    names = {"origin": "departure.place", "leaving": "departure.place"}
    names |= dict.fromkeys(("goal", "destination"), "arrival.place")
    found = list(dict.fromkeys(names[leg] for leg in legs if leg in names))
    moves = [at for at, leg in enumerate(legs) if leg == "moving"]
    if moves and "arrival.place" not in found:
        # where are you leaving from and going? where do you want to travel from? where are you going?
        is_own = not found or moves[-1] > max(at for at, leg in enumerate(legs) if leg in names)
        found += ["arrival.place"] * (is_own and legs[-1] == "moving")
    if found or "return" in legs:
        return found
    return ["departure.place", "arrival.place"]  # which city?


def _moments(kind: str, legs: list[str]) -> list[str]:
    if "return" in legs:
        return [f"departure.{kind}"] * ("leaving" in legs) + [f"return.{kind}"]
    return [f"departure.{kind}"]
