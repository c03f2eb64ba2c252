"""Sums of money: `$80`, `80 dollars`, `1,200 EUR`, `five pounds fifty`."""

from collections.abc import Sequence
from fractions import Fraction

from slotfill.resolvers.amounts import ARTICLES, DIGITS, Amount, amount_at, scalar
from slotfill.resolvers.currencies import currency_at
from slotfill.resolvers.quantities import NOT_UNDERSTOOD, Piece, Quantity, read, readings_of

_CENTS = ("cent", "cents", "pence", "p", "¢", "c")


def money_of(text: str) -> Quantity:
    """`$80`, `80 dollars`, `1,200 EUR`, `five pounds fifty`, `under 20 euros`, `$20-30`.

    >>> money_of("1,200 EUR").value, money_of("1,200 EUR").currency
    (1200, 'EUR')
    """
    return read(text, _money)


def _money(words: Sequence[str], at: int) -> Piece:
    before = currency_at(words, at)
    amount = amount_at(words, before[2] if before else at, is_money=True)
    if amount is None and before is None and words[at] in ARTICLES and currency_at(words, at + 1):
        amount = Amount(Fraction(1), at + 1)
    if amount is None:
        return None
    end, value = amount.end, amount.value
    after = currency_at(words, end)
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
    readings = readings_of(amount._replace(value=value))
    end, tail = _rate(words, end)
    return readings._replace(currency=currency, note=readings.note or tail or note), end


def _cents(value: Fraction, word: str) -> Quantity:
    currency, note = (
        ("GBP", None) if word in ("pence", "p") else ("USD", "US cents, unless another country's are meant")
    )
    return Quantity(scalar(value / 100), currency=currency, note=note)


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
    if len(rest) in (2, 3) and rest[0] in ("per", "a", "an", "/") and not any(map(DIGITS.match, rest)):
        return len(words), f"per {' '.join(rest[1:])}"
    return end, None
