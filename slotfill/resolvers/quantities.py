"""Numbers, sums of money and durations: `two`, `1,200`, `a dozen`, `$80`, `80 dollars`, `3 nights`.

Like all resolvers, these are right or say why there is no value. docs/own-slots.md has the rules.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Scalar: TypeAlias = str | int | float


class Quantity(NamedTuple):
    """A number (or ISO 8601 of a duration), or why there is none."""

    value: Scalar | None = None
    to: Scalar | None = None
    relation: str | None = None
    currency: str | None = None
    alternatives: tuple[Scalar, ...] = ()
    note: str | None = None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOT_UNDERSTOOD = Quantity(note="not understood")


def number_of(text: str) -> Quantity:
    """`two`, `1,200`, `a dozen`, `4 people`, `at least 3`, `two to four`; two numbers are alternatives.

    >>> number_of("half a dozen"), number_of("two or three").alternatives
    (Quantity(value=6, to=None, relation=None, currency=None, alternatives=(), note=None), (2, 3))
    """
    return _read(text, _number)


def money_of(text: str) -> Quantity:
    """`$80`, `80 dollars`, `1,200 EUR`, `five pounds fifty`, `under 20 euros`, `$20-30`.

    >>> money_of("1,200 EUR").value, money_of("1,200 EUR").currency
    (1200, 'EUR')
    """
    return _read(text, _money)


def duration_of(text: str) -> Quantity:
    """`two hours`, `3 nights`, `an hour and a half`, `1h30`: ISO 8601; a night is a day.

    >>> duration_of("3 nights").value, duration_of("an hour and a half").value
    ('P3D', 'PT1H30M')
    """
    return _read(text, _duration)


# --- tokens ----------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\d+(?:[.,'\u202f\u00a0]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]", re.UNICODE)
_DIGITS = re.compile(r"\d")
# A dash joins words (`twenty-five`, `two-hour`), but is a range between digits.
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)(?<!\d{4}.)")


def _tokens(text: str) -> list[str]:
    """The words, numbers and signs of a text in lower case; `1 200` is one number, `½` is `1/2` after a space."""
    text = re.sub(r"(\d?)([¼½¾⅓⅔])", lambda m: f"{m[1]} {unicodedata.normalize('NFKC', m[2])}", text)
    text = text.replace("⁄", "/").replace("–", "-").replace("—", "-").replace("−", "-").lower().strip()
    text = re.sub(r"(?<![\d.])\.(?=\d)", "0.", _SPACED.sub("", text))
    return _TOKEN.findall(_HYPHEN.sub(" ", text).rstrip(".,;!?"))


# --- plain numbers ---------------------------------------------------------------------------------

_UNITS = {
    word: n
    for n, word in enumerate(
        _words(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
_TENS = {w: 10 * n for n, w in enumerate(_words("twenty thirty forty fifty sixty seventy eighty ninety"), 2)}
_TENS["fourty"] = 40
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "k": 1000, "grand": 1000}
_SHORT_SCALES = {"m": 10**6, "mn": 10**6, "mio": 10**6, "bn": 10**9}  # of money alone: elsewhere, `m` may be a metre
_GROUPS = {"dozen": 12, "dozens": 12, "score": 20}
_FRACTIONS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "third": Fraction(1, 3)}
_VAGUE = frozenset(_words("few several some many lots plenty bunch numerous various countless dozens handful"))
_ARTICLES = ("a", "an")
_COUPLES = ("couple", "pair")


class Amount(NamedTuple):
    """A number that ends before the token `end`; `others` are its other readings: 1.200 is 1.2 or 1200."""

    value: Fraction
    end: int
    others: tuple[Fraction, ...] = ()


def amount_at(words: Sequence[str], at: int, *, is_money: bool = False) -> Amount | None:
    """The longest number that begins at a token, or None."""
    found = _digits_at(words, at, is_money=is_money) or _group_at(words, at) or _words_at(words, at)
    if found is None or found.others:
        return found
    return _with_fraction(words, found)


def _digits_at(words: Sequence[str], at: int, *, is_money: bool) -> Amount | None:
    """`27`, `1,200`, `2.5`, `1/2`, `1 1/2`, `2k`, `1.2 million`, `2 dozen`."""
    if at >= len(words) or not _DIGITS.match(words[at]):
        return None
    readings = _written(words[at], is_money=is_money)
    if not readings:
        return None
    value, end = readings[0], at + 1
    if words[end : end + 1] == ["/"] and len(words) > end + 1 and words[end + 1].isdigit() and int(words[end + 1]):
        if words[at].isdigit() and int(words[at]) < int(words[end + 1]):
            return Amount(Fraction(int(words[at]), int(words[end + 1])), end + 2)
        return None
    scales = _SCALES | _SHORT_SCALES if is_money else _SCALES
    while end < len(words) and words[end] in scales:
        value, end = value * scales[words[end]], end + 1
        readings = readings[:1]
    if end < len(words) and words[end] in _GROUPS:
        value, end = value * _GROUPS[words[end]], end + 1
    return Amount(value, end, tuple(readings[1:]) and tuple(readings))


def _written(word: str, *, is_money: bool) -> list[Fraction]:
    """The readings of digits with signs: `1,200` is 1200, `1.5` and `1,5` are 1.5, `1.200` is 1.2 or 1200."""
    word = word.replace("'", "").replace("\u202f", "").replace("\u00a0", "")
    if re.fullmatch(r"\d{1,18}", word, re.ASCII):
        return [Fraction(word)]
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", word, re.ASCII):
        return [Fraction(word.replace(",", ""))]
    if re.fullmatch(r"\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}", word, re.ASCII):
        return [Fraction(word.replace(".", "").replace(",", "."))]
    if re.fullmatch(r"\d{1,3}\.\d{3}", word, re.ASCII):
        thousands = Fraction(word.replace(".", ""))
        if word.startswith("0"):
            return [Fraction(word)]
        return [thousands] if is_money else [Fraction(word), thousands]
    if re.fullmatch(r"\d{1,18}[.,]\d{1,9}", word, re.ASCII):
        return [Fraction(word.replace(",", "."))]
    return []


def _group_at(words: Sequence[str], at: int) -> Amount | None:
    """`a dozen`, `half a dozen`, `two dozen`, `a couple of`, `a pair`."""
    start = at
    times = Fraction(1)
    if words[at : at + 1] == ["half"]:
        times, at = Fraction(1, 2), at + 1
    if words[at : at + 1] and words[at] in _ARTICLES:
        at += 1
    if at >= len(words):
        return None
    if words[at] == "dozen":
        return Amount(12 * times, at + 1)
    if words[at] in _COUPLES and times == 1:
        return Amount(Fraction(2), at + 1 + (words[at + 1 : at + 2] == ["of"]))
    if times != 1 and at > start:
        return None
    number = _words_at(words, start)
    if number and number.end < len(words) and words[number.end] in _GROUPS and words[number.end] != "dozens":
        return Amount(number.value * _GROUPS[words[number.end]], number.end + 1)
    return None


def _words_at(words: Sequence[str], at: int) -> Amount | None:
    """`two`, `twenty five`, `one hundred and twenty`, `two thousand`, `a hundred`; None for `six thirty`."""
    if words[at : at + 1] and words[at] in _ARTICLES and words[at + 1 : at + 2] and words[at + 1] in _SCALES:
        words = [*words[:at], "one", *words[at + 1 :]]
    total, current, end, least = 0, 0, at, 10**12
    room = 100  # what may follow: units after tens, anything below a hundred after it
    while end < len(words):
        word = words[end]
        if word == "and" and end > at and end + 1 < len(words) and (current >= 100 or (total and not current)):
            if words[end + 1] not in _UNITS and words[end + 1] not in _TENS:
                break
            end += 1
            continue
        if word in _UNITS or word in _TENS:
            value = _UNITS.get(word, _TENS.get(word, 0))
            if value >= room or (current and not value):
                return None
            current += value
            room = 10 if word in _TENS else 0
        elif word == "hundred" and (0 < current < 10 or (10 < current < 100 and current % 10 and not total)):
            current, room = current * 100, 100
        elif word in _SCALES and word not in ("hundred", "k") and current and _SCALES[word] < least:
            least = _SCALES[word]
            total, current, room = total + current * least, 0, 100
        else:
            break
        end += 1
    return Amount(Fraction(total + current), end) if end > at else None


def _with_fraction(words: Sequence[str], whole: Amount) -> Amount:
    """`two and a half`, `1 1/2`, `two and three quarters`."""
    end = whole.end
    if whole.value.denominator != 1:
        return whole
    if words[end : end + 1] == ["and"]:
        at = end + 1
        count = 1
        if words[at : at + 1] and words[at] in _ARTICLES:
            at += 1
        elif words[at : at + 1] in (["three"], ["two"], ["one"]):
            count, at = _UNITS[words[at]], at + 1
        word = words[at] if at < len(words) else ""
        part = _FRACTIONS.get(word) or (_FRACTIONS.get(word.removesuffix("s")) if count > 1 else None)
        if part and count * part < 1:
            return Amount(whole.value + count * part, at + 1)
    rest = _slashed(words, end)
    return Amount(whole.value + rest, end + 3) if rest else whole


def _slashed(words: Sequence[str], at: int) -> Fraction | None:
    """The `1/2` of `1 1/2`."""
    if len(words) < at + 3 or words[at + 1] != "/" or not (words[at].isdigit() and words[at + 2].isdigit()):
        return None
    return Fraction(int(words[at]), int(words[at + 2])) if 0 < int(words[at]) < int(words[at + 2]) else None


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
    _words(
        "not no none half halves quarter quarters third thirds percent % per minus plus less more fewer and or to - + "
        "* x / each times several hundreds thousands millions dozens twice double single first second last next few "
        "another other every all both either neither nor but except without until till hundred thousand million "
        "billion once something odd off discount"
    )
)
_SHORT = frozenset(_words("a i of us me my we at on in by it is to an the"))  # words that change nothing; `m` does

_Piece: TypeAlias = "tuple[Quantity, int] | None"
_At: TypeAlias = Callable[[Sequence[str], int], _Piece]


def _read(text: str, piece: _At) -> Quantity:
    """A quantity with its relation and its range; `piece` reads one that begins at a token."""
    words = _tokens(text)
    while words and words[0] in ("for", "in", "of", "the", "=", ":", "costs", "is", "just", "only", "exactly"):
        words = words[1:]
    relation, words = _relation(words, without=("min", "minimum") if piece is _duration else ())
    if words[:1] in (["between"], ["from"]):
        return _between(words[1:], piece)._replace(relation=relation)
    if set(words) & _VAGUE and not any(map(_DIGITS.match, words)):
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


def _between(words: Sequence[str], piece: _At) -> Quantity:
    """`between 20 and 30 dollars`, `from two to four`."""
    swapped = ["to" if word == "and" and n else word for n, word in enumerate(words)]
    found = _several(swapped, piece)
    return found[0] if len(found) == 1 and found[0].to is not None else NOT_UNDERSTOOD


def _several(words: Sequence[str], piece: _At) -> list[Quantity]:
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
    is_number = bool(_DIGITS.match(word)) or word in _UNITS or word in _TENS
    if word in _CURRENCIES or word.removesuffix("s") in _CURRENCIES:  # `50 zlatko dollars`
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


def _scalar(value: Fraction) -> int | float:
    """A whole number as one."""
    return int(value) if value.denominator == 1 else float(value)


def _readings(amount: Amount) -> Quantity:
    if amount.others:
        return Quantity(alternatives=tuple(map(_scalar, amount.others)), note="a decimal point, or thousands?")
    return Quantity(_scalar(amount.value))


# --- the three kinds -------------------------------------------------------------------------------


def _number(words: Sequence[str], at: int) -> _Piece:
    sign = 1
    start = at
    if words[at] in ("minus", "-") and at == 0:
        sign, at = -1, at + 1
    amount = amount_at(words, at)
    if amount is None:
        ordinal = _ordinal(words, start)
        return (Quantity(ordinal), at + 2 if words[at].isdigit() else at + 1) if ordinal and start == at else None
    if words[amount.end : amount.end + 1] in (["%"], ["percent"]):
        return _readings(amount)._replace(note="percent"), amount.end + 1
    if sign < 0 and amount.others:
        return None
    end = amount.end
    if words[end : end + 1] in (["x"], ["×"]):  # 2x margherita
        end += 1
    if words[end : end + 1] in (["st"], ["nd"], ["rd"], ["th"]):
        end += 1
    return _readings(amount._replace(value=sign * amount.value)), end


def _ordinal(words: Sequence[str], at: int) -> int | None:
    ordinals = _words("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
    return ordinals.index(words[at]) + 1 if words[at] in ordinals and len(words) == 1 else None


_US = "US dollars, unless another country's are meant"
# Signs, words and codes -> the currency, and a note if it might be another.
_CURRENCIES: dict[str, tuple[str | None, str | None]] = {
    "$": ("USD", _US),
    "dollar": ("USD", _US),
    "buck": ("USD", _US),
    "€": ("EUR", None),
    "euro": ("EUR", None),
    "£": ("GBP", None),
    "pound": ("GBP", None),
    "quid": ("GBP", None),
    "¥": (None, "JPY or CNY?"),
    "yen": ("JPY", None),
    "yuan": ("CNY", None),
    "rmb": ("CNY", None),
    "renminbi": ("CNY", None),
    "₹": ("INR", None),
    "rupee": ("INR", "Indian rupees, unless another country's are meant"),
    "franc": ("CHF", "Swiss francs, unless another country's are meant"),
    "₩": ("KRW", None),
    "won": ("KRW", None),
    "₽": ("RUB", None),
    "rouble": ("RUB", None),
    "ruble": ("RUB", None),
    "₺": ("TRY", None),
    "lira": ("TRY", None),
    "zloty": ("PLN", None),
    "zł": ("PLN", None),
    "₪": ("ILS", None),
    "shekel": ("ILS", None),
    "baht": ("THB", None),
    "฿": ("THB", None),
    "rand": ("ZAR", None),
    "₴": ("UAH", None),
    "hryvnia": ("UAH", None),
    "real": ("BRL", None),
    "reais": ("BRL", None),
    "kr": (None, "SEK, NOK or DKK?"),
    "krona": ("SEK", None),
    "kronor": ("SEK", None),
    "krone": (None, "NOK or DKK?"),
    "kroner": (None, "NOK or DKK?"),
    "peso": (None, "pesos of which country?"),
    "dirham": (None, "AED or MAD?"),
    "₫": ("VND", None),
    "dong": ("VND", None),
}
_CODES = frozenset(
    _words(
        "usd eur gbp jpy cny chf sek nok dkk pln czk huf ron bgn try inr krw aud cad nzd hkd sgd twd thb idr myr php "
        "vnd zar brl mxn ars clp cop ils aed sar egp mad ngn kes uah isk rub"
    )
)
_COUNTRIES = {"us": "USD", "ca": "CAD", "c": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "s": "SGD"}
_PEOPLES = {
    "american": "USD",
    "canadian": "CAD",
    "australian": "AUD",
    "aussie": "AUD",
    "singapore": "SGD",
    "hong kong": "HKD",
    "new zealand": "NZD",
}
_CENTS = ("cent", "cents", "pence", "p", "¢", "c")


def _currency_at(words: Sequence[str], at: int) -> tuple[str | None, str | None, int] | None:
    """The currency that is written at a token, a note, and its end."""
    if at >= len(words):
        return None
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if following == "$" and word in _COUNTRIES:
        return _COUNTRIES[word], None, at + 2
    for people, code in _PEOPLES.items():
        size = len(people.split())
        if " ".join(words[at : at + size]) == people and words[at + size : at + size + 1] in (["dollars"], ["dollar"]):
            return code, None, at + size + 1
    if word == "us" and following in ("dollars", "dollar"):
        return "USD", None, at + 2
    if word in _CODES:
        return word.upper(), None, at + 1
    known = _CURRENCIES.get(word) or _CURRENCIES.get(word.removesuffix("s"))
    return (*known, at + 1) if known else None


def _money(words: Sequence[str], at: int) -> _Piece:
    before = _currency_at(words, at)
    amount = amount_at(words, before[2] if before else at, is_money=True)
    if amount is None and before is None and words[at] in _ARTICLES and _currency_at(words, at + 1):
        amount = Amount(Fraction(1), at + 1)
    if amount is None:
        return None
    end, value = amount.end, amount.value
    after = _currency_at(words, end)
    if before is None and after is None and words[end : end + 1] and words[end] in _CENTS:
        return _cents(value, words[end]), end + 1
    if after:
        end = after[2]
    currency, note, _ = before or after or (None, "no currency was said", end)
    if before and after and before[0] != after[0] and not (before[1] or after[1]):
        return NOT_UNDERSTOOD, end  # €20 GBP
    if before and after and after[0] and not after[1]:  # $80 CAD
        currency, note = after[0], None
    if after and value.denominator == 1:
        value, end = _with_cents(words, value, end)
    readings = _readings(amount._replace(value=value))
    end, tail = _rate(words, end)
    return readings._replace(currency=currency, note=readings.note or tail or note), end


def _cents(value: Fraction, word: str) -> Quantity:
    currency, note = (
        ("GBP", None) if word in ("pence", "p") else ("USD", "US cents, unless another country's are meant")
    )
    return Quantity(_scalar(value / 100), currency=currency, note=note)


def _with_cents(words: Sequence[str], value: Fraction, end: int) -> tuple[Fraction, int]:
    """`5 dollars and 20 cents`, `five pounds fifty`."""
    at = end + (words[end : end + 1] == ["and"])
    cents = amount_at(words, at)
    if cents is None or not 0 < cents.value < 100 or cents.value.denominator != 1:
        return value, end
    is_said = words[cents.end : cents.end + 1] and words[cents.end] in _CENTS
    if is_said:
        return value + cents.value / 100, cents.end + 1
    if at == end and cents.end == len(words) and cents.value >= 10:
        return value + cents.value / 100, cents.end
    return value, end


def _rate(words: Sequence[str], end: int) -> tuple[int, str | None]:
    """The end, and a note, of `$20 per person`, `20 euros a night`, `$5 each`."""
    rest = words[end:]
    if rest in (["each"], ["apiece"], ["pp"]):
        return len(words), "each" if rest != ["pp"] else "per person"
    if len(rest) in (2, 3) and rest[0] in ("per", "a", "an", "/") and not any(map(_DIGITS.match, rest)):
        return len(words), f"per {' '.join(rest[1:])}"
    return end, None


_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LENGTHS: dict[str, str] = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "second"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "minute"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "hour"),
    **dict.fromkeys(("d", "day", "days", "night", "nights", "nite", "nites"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "week"),
    **dict.fromkeys(("fortnight", "fortnights"), "fortnight"),
    **dict.fromkeys(("mo", "mos", "month", "months"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "year"),
}
_WHOLE = ("month", "year")  # not a number of seconds


class _Length(NamedTuple):
    months: Fraction = Fraction(0)
    seconds: Fraction = Fraction(0)
    unit: str = ""  # the last one
    plain: Fraction = Fraction(0)  # how many of it


def _duration(words: Sequence[str], at: int) -> _Piece:
    found = _length_at(words, at)
    if found is None:
        return _bare_start(words, at)
    length, end = found
    while end < len(words):
        start = end + (words[end] in ("and", ","))
        more = _length_at(words, start)
        if more is None or _rank(more[0].unit) >= _rank(length.unit):
            minutes = _bare_minutes(words, start, length)
            if minutes is None:
                break
            more = minutes
        length = _Length(
            length.months + more[0].months, length.seconds + more[0].seconds, more[0].unit, length.plain * 0
        )
        end = more[1]
    return (Quantity(_iso(length)) if _iso(length) else NOT_UNDERSTOOD), end


def _rank(unit: str) -> int:
    return ("second", "minute", "hour", "day", "week", "fortnight", "month", "year").index(unit)


def _bare_minutes(words: Sequence[str], at: int, length: _Length) -> tuple[_Length, int] | None:
    """`1h30`, `two hours thirty`."""
    amount = amount_at(words, at)
    if length.unit != "hour" or amount is None or amount.end != len(words) or not 0 < amount.value < 60:
        return None
    return _Length(seconds=60 * amount.value, unit="minute"), amount.end


def _bare_start(words: Sequence[str], at: int) -> _Piece:
    """The `2` of `2-3 hours` and of `two or three nights`: the unit follows."""
    amount = amount_at(words, at)
    if amount is None or words[amount.end : amount.end + 1] not in (["to"], ["-"], ["or"]):
        return None
    end = amount_at(words, amount.end + 1)
    unit = _LENGTHS.get(words[end.end]) if end and end.end < len(words) else None
    if unit is None:
        return None
    iso = _iso(_of(amount.value, unit))
    return (Quantity(iso), amount.end) if iso else None


def _length_at(words: Sequence[str], at: int) -> tuple[_Length, int] | None:
    """`two hours`, `an hour and a half`, `half an hour`, `three quarters of an hour`, `a year`."""
    part = _part_of_unit(words, at)
    if part is not None:
        return part
    start = at
    amount = amount_at(words, at)
    if amount is None and words[at : at + 1] and words[at] in (*_ARTICLES, "one"):
        amount = Amount(Fraction(1), at + 1)
    if amount is None and words[at : at + 1] == ["fortnight"] and start == 0:
        amount = Amount(Fraction(1), at)
    if amount is None or amount.others or amount.end >= len(words):
        return None
    unit = _LENGTHS.get(words[amount.end])
    if words[amount.end] == "m" and at > 1:  # 1h 30m; alone, it may be a metre
        unit = "minute"
    if unit is None:
        return None
    value, end = amount.value, amount.end + 1
    if words[end : end + 3] == ["and", "a", "half"]:
        value, end = value + Fraction(1, 2), end + 3
    elif words[end : end + 3] == ["and", "a", "quarter"]:
        value, end = value + Fraction(1, 4), end + 3
    return _of(value, unit), end


def _part_of_unit(words: Sequence[str], at: int) -> tuple[_Length, int] | None:
    """`half an hour`, `a quarter of an hour`, `three quarters of an hour`, `half a day`."""
    part, end = Fraction(0), at
    if words[at : at + 1] == ["half"]:
        part, end = Fraction(1, 2), at + 1
    elif words[at : at + 2] == ["a", "half"]:
        part, end = Fraction(1, 2), at + 2
    elif words[at : at + 3] in (["a", "quarter", "of"], ["three", "quarters", "of"]):
        part, end = Fraction(1 if words[at] == "a" else 3, 4), at + 3
    if not part:
        return None
    end += words[end : end + 1] in (["a"], ["an"])
    unit = _LENGTHS.get(words[end]) if end < len(words) else None
    return (_of(part, unit), end + 1) if unit else None


def _of(value: Fraction, unit: str) -> _Length:
    if unit == "fortnight":
        value, unit = 2 * value, "week"
    if unit in _WHOLE:
        return _Length(months=value * (12 if unit == "year" else 1), unit=unit, plain=value)
    return _Length(seconds=value * _SECONDS[unit], unit=unit, plain=value)


def _iso(length: _Length) -> str | None:
    """`P3D`, `PT1H30M`, `P2W`, `P1Y6M`; None for half a month. Weeks alone are weeks, and hours stay hours: `PT48H`."""
    if length.months.denominator != 1 or length.seconds.denominator != 1:
        return None
    if length.unit in ("minute", "hour", "week") and length.plain and length.plain.denominator == 1:
        count = length.plain.numerator
        return f"P{count}W" if length.unit == "week" else f"PT{count}{length.unit[0].upper()}"
    years, months = divmod(length.months.numerator, 12)
    if length.unit == "month" and length.plain:
        years, months = 0, length.months.numerator
    days, seconds = divmod(length.seconds.numerator, 86400)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    dated = "".join(f"{n}{letter}" for n, letter in ((years, "Y"), (months, "M"), (days, "D")) if n)
    timed = "".join(f"{n}{letter}" for n, letter in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{dated}{'T' if timed else ''}{timed}" if dated or timed else None
