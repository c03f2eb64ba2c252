"""What `data check` warns of: things that are allowed in data and seldom meant."""

import pytest

from slotfill.data_checks import digest_of, oddities_of, trained_on
from slotfill.readers import parse_markup
from slotfill.schema import Dataset


def oddities(**splits: list[str]) -> list[str]:
    """The oddities of a data set whose splits are these lines of markup."""
    return list(oddities_of(Dataset("mine", {name: tuple(map(parse_markup, lines)) for name, lines in splits.items()})))


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        (
            {"all": ["[lublin](departure)", "[lublin](arrival)"]},
            '1 sentence with two labellings, as in "lublin": '
            'departure for "lublin" in all, arrival for "lublin" in all',
        ),
        (
            {"train": ["to [Rome](city) now", "a"], "test": ["to Rome now", "a"]},
            '1 sentence with two labellings, as in "to Rome now": city for "Rome" in train, no such slot in test',
        ),
        (
            {"train": ["[a](x) [b](y)"], "dev": ["[a](x) [b](z)"]},
            '1 sentence with two labellings, as in "a b": y for "b" in train, z for "b" in dev',
        ),
        (
            {"train": ["hello\tgreet", "bye\tbye"], "test": ["hello\tbye", "bye\tgreet"]},
            '2 sentences with two intents, as in "hello": greet in train, bye in test',
        ),
        (
            {"train": ["Seats on an A380?"], "test": ["seats on an a320", "Seats on an A380?"]},
            '1 sentence of test, but for signs and numbers, is also in train, as "seats on an a320"',
        ),
        (
            {"test": ["hi", "word " * 101]},
            f'1 sentence of test with more than 100 tokens, up to 101: "{("word " * 101)[:49]}…"',
        ),
        (
            {"train": [*(f"to [x](city) {chr(97 + n)}{chr(97 + m)}" for n in range(8) for m in range(8)), "[a](rare)"]},
            "slots with fewer than 5 examples in train: rare (1)",
        ),
    ],
)
def test_oddities(splits: dict[str, list[str]], expected: str) -> None:
    assert oddities(**splits) == [expected]


def test_nothing_is_odd_about_sentences_that_are_there_twice() -> None:
    assert not oddities(train=["to [Rome](city)\tgo", "to [Rome](city)\tgo"], test=["to [Rome](city)"])


def test_a_data_set_is_known_again_by_its_digest() -> None:
    examples = [parse_markup("to [Rome](city)"), parse_markup("hi")]
    training = {"data": [{"source": "old"}, {"source": "mine", "digest": digest_of(examples)}]}
    assert trained_on(training, examples) == "mine"
    assert trained_on(training, examples[:1]) is None
    assert trained_on(training, [parse_markup("to [Rome](place)"), examples[1]]) is None
    assert trained_on({}, examples) is None
