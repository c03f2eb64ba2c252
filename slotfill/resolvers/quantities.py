"""Quantities and what is around them: `at least 3`, `two to four`, `20 or 30`; and plain numbers.

Like all resolvers, these are right or say why there is no value. docs/own-slots.md has the rules. money.py and
durations.py read theirs with `read`.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from slotfill.resolvers.amounts import DIGITS, TENS, UNITS, Amount, amount_at, scalar, tokens_of, words_in
from slotfill.resolvers.currencies import CURRENCIES

Scalar: TypeAlias = str | int | float


class Quantity(NamedTuple):
    """A number (or ISO 8601 of a duration), or why there is none."""

    value: Scalar | None = None
    to: Scalar | None = None
    relation: str | None = None
    currency: str | None = None
    alternatives: tuple[Scalar, ...] = ()
    note: str | None = None


NOT_UNDERSTOOD = Quantity(note="not understood")


def number_of(text: str) -> Quantity:
    """`two`, `1,200`, `a dozen`, `4 people`, `at least 3`, `two to four`; two numbers are alternatives.

    >>> number_of("half a dozen"), number_of("two or three").alternatives
    (Quantity(value=6, to=None, relation=None, currency=None, alternatives=(), note=None), (2, 3))
    """
    return read(text, _number)


# --- what is around a quantity ---------------------------------------------------------------------

_RELATIONS: tuple[tuple[str, str], ...] = (
    ("at least", "at least"),
    ("no less than", "at least"),
    ("no fewer than", "at least"),
    ("not less than", "at least"),
    ("a minimum of", "at least"),
    ("minimum", "at least"),
    ("min", "at least"),
    ("at most", "at most"),
    ("no more than", "at most"),
    ("not more than", "at most"),
    ("a maximum of", "at most"),
    ("maximum", "at most"),
    ("max", "at most"),
    ("up to", "at most"),
    ("more than", "more than"),
    ("over", "more than"),
    ("above", "more than"),
    ("less than", "less than"),
    ("fewer than", "less than"),
    ("under", "less than"),
    ("below", "less than"),
    ("cheaper than", "less than"),
    ("around", "around"),
    ("about", "around"),
    ("approximately", "around"),
    ("approx", "around"),
    ("roughly", "around"),
    ("circa", "around"),
    ("some", "around"),
    ("almost", "around"),
    ("nearly", "around"),
    ("~", "around"),
)
_BEFORE = tuple((tuple(phrase.split()), relation) for phrase, relation in _RELATIONS)
_AFTER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("or", "more"), "at least"),
    (("or", "less"), "at most"),
    (("or", "fewer"), "at most"),
    (("or", "so"), "around"),
    (("at", "least"), "at least"),
    (("at", "most"), "at most"),
    (("max",), "at most"),
    (("maximum",), "at most"),
    (("min",), "at least"),
    (("minimum",), "at least"),
    (("tops",), "at most"),
    (("ish",), "around"),
    (("+",), "at least"),
)
_TO = ("to", "-", "until", "till")
_OR = ("or", ",", "/")
# Words that change what a quantity means: beside one, it is not understood.
_CHANGES = frozenset(
    words_in(
        "not no none half halves quarter quarters third thirds percent % per minus plus less more fewer and or to - + "
        "* x / each times several hundreds thousands millions dozens twice double single first second last next few "
        "another other every all both either neither nor but except without until till hundred thousand million "
        "billion once something odd off discount"
    )
)
_VAGUE = frozenset(words_in("few several some many lots plenty bunch numerous various countless dozens handful"))
_SHORT = frozenset(words_in("a i of us me my we at on in by it is to an the"))  # words that change nothing; `m` does

Piece: TypeAlias = "tuple[Quantity, int] | None"
At: TypeAlias = Callable[[Sequence[str], int], Piece]


def read(text: str, piece: At, *, units: Sequence[str] = ()) -> Quantity:
    """A quantity with its relation and its range; `piece` reads one that begins at a token.

    `units` are words that name a unit here, and no relation: `min`.
    """
    words = tokens_of(text)
    while words and words[0] in ("for", "in", "of", "the", "=", ":", "costs", "is", "just", "only", "exactly"):
        words = words[1:]
    relation, words = _relation(words, without=units)
    if words[:1] in (["between"], ["from"]):
        return _between(words[1:], piece)._replace(relation=relation)
    if set(words) & _VAGUE and not any(map(DIGITS.match, words)):
        return Quantity(note="no exact number")
    found = _several(words, piece)
    if len(found) == 1:
        return found[0]._replace(relation=relation) if relation else found[0]
    return _alternatives(found) if found else NOT_UNDERSTOOD


def _relation(words: list[str], *, without: Sequence[str]) -> tuple[str | None, list[str]]:
    """What a quantity is beside: `at least 3`, `3 or more`; and the other words."""
    for phrase, relation in _BEFORE:
        if phrase[0] not in without and tuple(words[: len(phrase)]) == phrase and len(words) > len(phrase):
            return relation, words[len(phrase) :]
    for phrase, relation in _AFTER:
        if phrase[0] not in without and tuple(words[-len(phrase) :]) == phrase and len(words) > len(phrase):
            return relation, words[: -len(phrase)]
    return None, words


def relation_beside(before: Sequence[str], after: Sequence[str]) -> str | None:
    """What the words around a quantity say of it: `at least` of `at least [two] people`, `[two] or more`.

    >>> relation_beside(("for", "up", "to"), ()), relation_beside((), ("or", "more", "people"))
    ('at most', 'at least')
    """
    for phrase, relation in _BEFORE:
        if tuple(before[-len(phrase) :]) == phrase and phrase[0] not in _LOOSE:
            return relation
    return next((relation for phrase, relation in _AFTER if tuple(after[: len(phrase)]) == phrase), None)


_LOOSE = ("some", "min", "max", "over")  # outside a slot, they may say something else: `over two days`


def _between(words: Sequence[str], piece: At) -> Quantity:
    """`between 20 and 30 dollars`, `from two to four`."""
    swapped = ["to" if word == "and" and n else word for n, word in enumerate(words)]
    found = _several(swapped, piece)
    return found[0] if len(found) == 1 and found[0].to is not None else NOT_UNDERSTOOD


def _several(words: Sequence[str], piece: At) -> list[Quantity]:
    """The quantities of a text, a range being one; empty if there are other words that may change them."""
    found: list[Quantity] = []
    at = 0
    joint = ""
    while at < len(words):
        read = piece(words, at)
        if read is None:
            if found and words[at] in (*_TO, *_OR) and not joint:
                joint = words[at]
            elif joint or _may_change(words[at]):
                return []
            at += 1
            continue
        quantity, at = read
        if joint in _TO and found[-1].to is None:
            found[-1] = _range(found[-1], quantity)
            if found[-1] is NOT_UNDERSTOOD:
                return []
        else:
            found.append(quantity)
        joint = ""
    return [] if joint else found


def _may_change(word: str) -> bool:
    """Whether a word beside a quantity may change what it means."""
    is_number = bool(DIGITS.match(word)) or word in UNITS or word in TENS
    if word in CURRENCIES or word.removesuffix("s") in CURRENCIES:  # `50 zlatko dollars`
        return True
    return is_number or word in _CHANGES or (len(word) < 3 and word.isalpha() and word not in _SHORT)


def _range(start: Quantity, end: Quantity) -> Quantity:
    """`two to four`, `$20-30`, `2-3 hours`: the unit of the end is that of the beginning too."""
    if start.value is None or end.value is None:
        return NOT_UNDERSTOOD
    if isinstance(start.value, str) or isinstance(end.value, str):
        both = isinstance(start.value, str) and isinstance(end.value, str)
        return start._replace(to=end.value) if both and start.value != end.value else NOT_UNDERSTOOD
    if not start.value < end.value or {start.currency, end.currency} > {start.currency or end.currency, None}:
        return NOT_UNDERSTOOD
    unit = start if start.currency else end
    return start._replace(to=end.value, currency=unit.currency, note=unit.note)


def _alternatives(found: Sequence[Quantity]) -> Quantity:
    """Several quantities: which one is meant is not said."""
    if len({one[:4] for one in found}) == 1:  # six (6)
        return found[0]
    values = tuple(dict.fromkeys(one.value for one in found if one.value is not None))
    currencies = {one.currency for one in found if one.currency}
    return Quantity(
        currency=currencies.pop() if len(currencies) == 1 else None, alternatives=values, note="one of several"
    )


def readings_of(amount: Amount) -> Quantity:
    """The number of an amount, or its readings as alternatives.

    >>> readings_of(Amount(Fraction(1), 1)).value
    1
    """
    if amount.others:
        return Quantity(alternatives=tuple(map(scalar, amount.others)), note="a decimal point, or thousands?")
    return Quantity(scalar(amount.value))


def _number(words: Sequence[str], at: int) -> Piece:
    sign = 1
    start = at
    if words[at] in ("minus", "-") and at == 0:
        sign, at = -1, at + 1
    amount = amount_at(words, at)
    if amount is None:
        ordinal = _ordinal(words, start)
        return (Quantity(ordinal), at + 2 if words[at].isdigit() else at + 1) if ordinal and start == at else None
    if words[amount.end : amount.end + 1] in (["%"], ["percent"]):
        return readings_of(amount)._replace(note="percent"), amount.end + 1
    if sign < 0 and amount.others:
        return None
    end = amount.end
    if words[end : end + 1] in (["x"], ["×"]):  # 2x margherita
        end += 1
    if words[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"]):
        end += 1
    return readings_of(amount._replace(value=sign * amount.value)), end


def _ordinal(words: Sequence[str], at: int) -> int | None:
    ordinals = words_in("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
    return ordinals.index(words[at]) + 1 if words[at] in ordinals and len(words) == 1 else None
