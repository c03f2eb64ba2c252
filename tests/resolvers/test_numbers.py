"""Number words, for every number that they can say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers.numbers import number_at

UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
SMALL = [*UNITS.split(), "seventeen", "eighteen", "nineteen"]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def below_hundred(number: int) -> str:
    if number < 20:
        return SMALL[number]
    return TENS[number // 10 - 2] + (f" {SMALL[number % 10]}" if number % 10 else "")


def in_words(number: int) -> str:
    """`nine thousand nine hundred and ninety nine`."""
    parts = []
    for name, size in (("thousand", 1000), ("hundred", 100)):
        if number >= size:
            parts.append(f"{SMALL[number // size]} {name}")
            number %= size
    if number or not parts:
        parts.append(f"and {below_hundred(number)}" if parts else below_hundred(number))
    return " ".join(parts)


def read(text: str) -> int | None:
    """The number that a text is; None if it is not one, or one and more."""
    words = text.split()
    number = number_at(words, 0, len(words))
    return number.value if number and number.end == len(words) else None


@given(st.integers(0, 9999))
def test_every_number_in_words(number: int) -> None:
    assert read(in_words(number)) == number
    assert read(str(number)) == number


@given(st.integers(10, 99), st.integers(1, 99))
def test_numbers_in_pairs(first: int, second: int) -> None:
    oh = "oh " if second < 10 else ""
    assert read(f"{below_hundred(first)} {oh}{below_hundred(second)}") == 100 * first + second


@pytest.mark.parametrize(
    ("text", "value", "ordinal"),
    [
        ("second", 2, True),
        ("2nd", 2, True),
        ("11th", 11, True),
        ("twenty seventh", 27, True),
        ("twenty-seventh", 27, True),
        ("thirty first", 31, True),
        ("thirtieth", 30, True),
        ("twenty two", 22, False),
        ("nineteen ninety one", 1991, False),
        ("twenty twenty seven", 2027, False),
        ("two thousand and twenty seven", 2027, False),
        ("seventeen hundred", 1700, False),
        ("six thirty", 630, False),
        ("six oh five", 605, False),
        ("0530", 530, False),
    ],
)
def test_numbers(text: str, value: int, ordinal: bool) -> None:
    words = text.split()
    assert number_at(words, 0, len(words)) == (value, ordinal, len(words))


@pytest.mark.parametrize(
    "text",
    ["", "-", "--", "two-", "12345", "²", "٣", "1,000", "th", "hundred", "ninety thousand", "six six", "tuesday"],
)
def test_what_is_no_number(text: str) -> None:
    assert read(text or " x") is None


@given(
    st.lists(
        st.one_of(st.sampled_from(["two", "hundred", "thousand", "and", "twenty", "-", "5", "th"]), st.text()),
        min_size=1,
    )
)
def test_no_words_are_too_odd(words: list[str]) -> None:
    number = number_at(words, 0, len(words))
    assert number is None or (0 <= number.value <= 9999 and 1 <= number.end <= len(words))
