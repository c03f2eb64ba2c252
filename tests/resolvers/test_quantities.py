"""Numbers, money and durations: phrase -> value, and a corpus of what must have none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.resolvers.durations import duration_of
from slotfill.resolvers.money import money_of
from slotfill.resolvers.quantities import Quantity, number_of


def brief(quantity: Quantity) -> str:
    """`2`, `at least 3`, `20 to 30 USD`, `null`, `null 2 3`."""
    if quantity.value is None:
        return " ".join(["null", *map(str, quantity.alternatives)])
    range_ = f"{quantity.value} to {quantity.to}" if quantity.to is not None else str(quantity.value)
    return " ".join(filter(None, (quantity.relation, range_, quantity.currency)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two", "2"),
        ("1,200", "1200"),
        ("1 200", "1200"),
        ("10,000,000", "10000000"),
        ("a dozen", "12"),
        ("half a dozen", "6"),
        ("two dozen", "24"),
        ("a couple of friends", "2"),
        ("4 people", "4"),
        ("party of six", "6"),
        ("Twenty-Five", "25"),
        ("one hundred and twenty", "120"),
        ("twelve hundred", "1200"),
        ("two thousand five hundred", "2500"),
        ("three hundred thousand", "300000"),
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("2½", "2.5"),
        ("two and a half", "2.5"),
        ("2k", "2000"),
        ("1.2 million", "1200000"),
        ("minus 5", "-5"),
        ("2x", "2"),
        ("2nd", "2"),
        ("zero", "0"),
        (".5", "0.5"),
        ("six (6)", "6"),
        ("at least 3", "at least 3"),
        ("3 or more", "at least 3"),
        ("around 10", "around 10"),
        ("up to four", "at most 4"),
        ("two to four", "2 to 4"),
        ("between two and four", "2 to 4"),
        ("6-8 people", "6 to 8"),
        ("two or three", "null 2 3"),
        ("1.200", "null 1.2 1200"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    assert brief(number_of(text)) == value


NO_NUMBER = "", "banana", "a few", "several", "not two", "six thirty", "nineteen ninety", "1e5", "1,2,3", "two two"


@pytest.mark.parametrize("text", [*NO_NUMBER, "no", "none", "half", "four to two", "5m", "thirty something", "to", "-"])
def test_no_number(text: str) -> None:
    found = number_of(text)
    assert found.value is None
    assert found.note


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$80", "80 USD"),
        ("80 dollars", "80 USD"),
        ("1,200 EUR", "1200 EUR"),
        ("1.200 EUR", "1200 EUR"),
        ("1.200,50 €", "1200.5 EUR"),
        ("€5.50", "5.5 EUR"),
        ("20 quid", "20 GBP"),
        ("five pounds fifty", "5.5 GBP"),
        ("5 dollars and 20 cents", "5.2 USD"),
        ("50p", "0.5 GBP"),
        ("$1.5m", "1500000 USD"),
        ("A$20", "20 AUD"),
        ("$80 CAD", "80 CAD"),
        ("80 Canadian dollars", "80 CAD"),
        ("a hundred dollars", "100 USD"),
        ("under $50", "less than 50 USD"),
        ("up to 30 euros", "at most 30 EUR"),
        ("$100+", "at least 100 USD"),
        ("$20-30", "20 to 30 USD"),
        ("between 20 and 30 dollars", "20 to 30 USD"),
        ("$20 or $30", "null 20 30"),
        ("100 kr", "100"),
        ("80", "80"),
    ],
)
def test_money(text: str, value: str) -> None:
    assert brief(money_of(text)) == value


@pytest.mark.parametrize(
    "text", ["a few dollars", "€20 GBP", "two fifty", "free", "not $20", "$10 off", "5 odd dollars"]
)
def test_no_money(text: str) -> None:
    assert money_of(text).value is None


def test_what_is_unsure_about_money_is_told() -> None:
    assert money_of("100 kr").note == "SEK, NOK or DKK?"
    assert money_of("80").note == "no currency was said"
    assert money_of("20 euros per person").note == "per person"
    assert money_of("$5").note == "US dollars, unless another country's are meant"
    assert money_of("US$5").note is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two hours", "PT2H"),
        ("3 nights", "P3D"),
        ("an hour and a half", "PT1H30M"),
        ("half an hour", "PT30M"),
        ("three quarters of an hour", "PT45M"),
        ("1h30", "PT1H30M"),
        ("1h 30m", "PT1H30M"),
        ("1h 30min", "PT1H30M"),
        ("90 min", "PT90M"),
        ("2½ hours", "PT2H30M"),
        ("1.5 days", "P1DT12H"),
        ("48 hours", "PT48H"),
        ("2 weeks", "P2W"),
        ("a fortnight", "P2W"),
        ("2 weeks and 3 days", "P17D"),
        ("18 months", "P18M"),
        ("a year and a half", "P1Y6M"),
        ("half a year", "P6M"),
        ("two-hour", "PT2H"),
        ("for two hours", "PT2H"),
        ("about two hours", "around PT2H"),
        ("2-3 hours", "PT2H to PT3H"),
        ("30 minutes to an hour", "PT30M to PT1H"),
        ("two or three nights", "null P2D P3D"),
    ],
)
def test_durations(text: str, value: str) -> None:
    assert brief(duration_of(text)) == value


NO_DURATION = "2", "1:30", "a few days", "overnight", "all day", "half a month", "until friday", "not two hours", "90 m"


@pytest.mark.parametrize("text", [*NO_DURATION, "another hour", "an hour or two", "friday"])
def test_no_duration(text: str) -> None:
    found = duration_of(text)
    assert found.value is None
    assert found.note


PIECES = (
    "2",
    "a",
    "half",
    "and",
    "hours",
    "$",
    "-",
    "or",
    "1,2",
    "½",
    "%",
    "dozen",
    "to",
    "days",
    "k",
    "minus",
    "and a",
)


@given(st.text(max_size=30) | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join))
def test_nothing_is_an_error(text: str) -> None:
    for read in (number_of, money_of, duration_of):
        found = read(text)
        assert found.value is not None or found.note


@given(st.integers(0, 10**9))
def test_written_numbers_are_read_back(number: int) -> None:
    assert number_of(str(number)).value == number
    assert number_of(f"{number:,}").value == number
