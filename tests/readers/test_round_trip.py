"""What each writer writes, its reader reads as the same examples: whatever the text holds."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from slotfill.errors import InputError
from slotfill.readers import WRITTEN, load, save
from slotfill.schema import Dataset, Example, GoldValues
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize

# Any Unicode text, and text made of what formats live on.
TEXTS = st.text() | st.text(
    alphabet=st.sampled_from("a1 é東#-.[]()\\\t\n\r\"':\u2028\u00a0\ufeff\u200d\x00"), max_size=20
)
NAMES = st.sampled_from(["fromloc.city_name", "or", "O", "a)b", "[x](y)", "back\\slash", "名"])
INTENTS = st.none() | st.sampled_from(["flight", "flight+airfare", "book a flight", "#", "null", "\\t", "意図"])


VALUES = st.none() | st.sampled_from(
    [
        GoldValues(datetime(2026, 11, 18, 9)),
        GoldValues(datetime(2026, 11, 18, 9, 0, 30), (("departure.place", "São Paulo = x"), ("arrival.time", None))),
        GoldValues(datetime(1991, 5, 20), (("other.gäste", "2/4"), ("other.gäste", None), ("other.x.y", "80 USD"))),
        GoldValues(datetime(1991, 5, 20), (("return.date", "2026-12-01/2026-12-31"), ("arrival.time", "14:00/02:00"))),
        GoldValues(datetime(2026, 11, 18), (("open.place", "Null"), ("open.place", None), ("open.place", '"x" #'))),
    ]
)


@st.composite
def examples(draw: st.DrawFn) -> Example:
    text = draw(TEXTS)
    tokens = tokenize(text)
    assume(tokens)
    edges = draw(st.lists(st.integers(0, len(tokens)), unique=True, max_size=6).map(sorted))
    spans = [TokenSpan(start, end, draw(NAMES)) for start, end in pairwise(edges) if draw(st.booleans())]
    return Example(text, tokens, tags_of(spans, length=len(tokens)), draw(INTENTS), draw(VALUES))


# These keep all of an example; what other tools read is in test_tools.py.
WHOLE = [name for name in WRITTEN if name not in ("seq.in", "rasa-yaml", "spacy", "spacy-docbin")]


@pytest.mark.parametrize("to", WHOLE)
@given(st.lists(examples(), min_size=1, max_size=4))
def test_read_is_the_inverse_of_write(
    tmp_path_factory: pytest.TempPathFactory, to: str, sentences: list[Example]
) -> None:
    path = tmp_path_factory.mktemp("round") / f"test.{to}"
    dataset = Dataset("test", {"test": tuple(sentences)})
    assert save(dataset, path) == [path]
    assert load(path) == dataset
    assert list(path.parent.iterdir()) == [path]  # no unfinished file is left


def of_words(text: str, words: list[str], tags: tuple[str, ...]) -> Example:
    """An example with tokens of its own."""
    from slotfill.readers.alignment import align

    return Example(text, align(text, words), tags)


@pytest.mark.parametrize("to", ["jsonl", "conll"])
@pytest.mark.parametrize(
    "example",
    [
        of_words("think: no", ["think:", "no"], ("B-a", "O")),
        of_words("# O", ["#", "O"], ("O", "B-a")),
        of_words("#1", ["#1"], ("O",)),
        of_words("-DOCSTART-", ["-DOCSTART-"], ("O",)),
        of_words("\ufeffa", ["\ufeffa"], ("O",)),
        of_words("NewYork", ["New", "York"], ("B-a", "I-a")),
        of_words("# intent: x", ["#", "intent:", "x"], ("O", "O", "O")),
    ],
    ids=lambda example: ascii(example.text),
)
def test_tokens_that_are_not_ours_survive(tmp_path: Path, to: str, example: Example) -> None:
    dataset = Dataset("train", {"train": (example, example)})
    save(dataset, tmp_path / f"train.{to}")
    assert load(tmp_path / f"train.{to}") == dataset


SIGN_AFTER_A_DIGIT = Example("0:¡0¹", tokenize("0:¡0¹"), ("B-a", "I-a", "I-a", "I-a", "O"))
WORD_IN_TWO_TOKENS = of_words("é NewYork", ["é", "New", "York"], ("O", "B-a", "O"))


@pytest.mark.parametrize(
    ("to", "example"),
    [
        *((to, SIGN_AFTER_A_DIGIT) for to in WHOLE),
        *((to, WORD_IN_TWO_TOKENS) for to in WHOLE if to != "markup"),  # which has no tokens of its own
    ],
)
def test_offsets_of_our_own_are_never_taken_for_bytes(tmp_path: Path, to: str, example: Example) -> None:
    dataset = Dataset("train", {"train": (example,)})
    save(dataset, tmp_path / f"train.{to}")
    assert load(tmp_path / f"train.{to}") == dataset


def test_markup_refuses_tokens_that_are_not_ours_and_leaves_nothing_behind(tmp_path: Path) -> None:
    good = Example("to Rome", tokenize("to Rome"), ("O", "B-toloc.city_name"))
    dataset = Dataset("mine", {"train": (good,), "test": (good, of_words("think: no", ["think:", "no"], ("O", "O")))})
    with pytest.raises(InputError) as caught:
        save(dataset, tmp_path / "mine", to="markup")
    assert str(caught.value) == '"think: no" has the token "think:", which markup would split: save as jsonl or conll'
    assert not (tmp_path / "mine").exists()


def test_the_same_data_in_every_format_is_the_same(shared_data: Path, tmp_path: Path) -> None:
    atis = load(shared_data / "atis")
    # but for 16 sentences with a possessive, whose tokens are not ours
    ours = {split: tuple(e for e in es if e.tokens == tokenize(e.text)) for split, es in atis.splits.items()}
    assert sum(map(len, ours.values())) == sum(map(len, atis.splits.values())) - 16
    atis = Dataset("atis", ours)
    for to in WHOLE:
        save(atis, tmp_path / to, to=to)
        assert load(tmp_path / to).splits == atis.splits
