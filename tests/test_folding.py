"""Under which forms tokens share an entry of the vocabulary."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.config import LIMITS, Config, ModelConfig, config_of
from slotfill.folding import FOLDINGS, best_folding, entry_of, folding_named, key_of
from slotfill.readers import parse_markup, read_data
from slotfill.tokenizer import fold
from slotfill.vocabulary import UNKNOWN, Vocabularies

ANY = st.text(min_size=1) | st.text("aAİıßǅé\u0301\ufe0f’’臺台ﾊﾞパ٣２Ⅷ㎏", min_size=1, max_size=6)


@pytest.mark.parametrize("name", FOLDINGS)
@given(word=ANY)
def test_every_folding_is_idempotent_and_leaves_something(name: str, word: str) -> None:
    form = folding_named(name)(word)
    assert form
    assert folding_named(name)(form) == form
    assert entry_of(name)(form) == entry_of(name)(word)


@given(ANY)
def test_the_foldings_are_finer_and_finer(word: str) -> None:
    """What a finer one makes the same, a coarser one does, but for marks alone, which stay in any."""
    cased, accented = folding_named("cased")(word), folding_named("accented")(word)
    assert folding_named("accented")(cased) == accented
    assert folding_named("chinese")(accented) == folding_named("chinese")(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("パリ", "バリ"),  # Paris, Bali
        ("かき", "がき"),
        ("ไก่", "ไก"),
        ("bán", "ban"),
        ("mà", "má"),
        ("año", "ano"),
        ("й", "и"),
        ("ܐܳ", "ܐ"),
    ],
)
def test_marks_tell_words_apart(one: str, other: str) -> None:
    for name in ("accented", "chinese", "cased"):
        assert folding_named(name)(one) != folding_named(name)(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("accented", "BÁN", "ba\u0301n"),
        ("accented", "ﾊﾞｽ", "バス"),
        ("accented", "ＣＡ１２３４", "ca9999"),
        ("accented", "İSTANBUL", "istanbul"),
        ("accented", "葛\U000e0100", "葛"),
        ("accented", "O’Hare", "o'hare"),
        ("cased", "６:30PM", "7:45PM"),
        ("chinese", "臺灣啟程後", "台湾启程后"),
        ("chinese", "裡著説", "里着说"),
        ("plain", "Bán", "ban"),
    ],
)
def test_the_same_form(name: str, one: str, other: str) -> None:
    assert folding_named(name)(one) == folding_named(name)(other)


def test_case_is_kept_in_characters_only() -> None:
    assert folding_named("cased")("Nice") != folding_named("cased")("nice")
    assert entry_of("cased")("Nice") == entry_of("cased")("nice") == "nice"
    assert key_of("plain") is key_of("accented") is key_of("chinese") is None
    found = Vocabularies.of([parse_markup("to [Nice](city)"), parse_markup("a nice trip")], folding="cased")
    assert found.words.id("Nice") == found.words.id("nice") != UNKNOWN
    assert "Nice" not in found.words.items
    assert {"N", "n"} <= set(found.characters.items)


ENGLISH = ["fly to Paris on Monday", "from São Paulo to Zürich", "from Sao Paulo to Zurich at 6:30pm", "café or cafe"]
GERMAN = ["ich möchte nach München fliegen", "schönes Zimmer für Müller", "wir würden gern früh los"]
VIETNAMESE = ["bay từ Hà Nội đến Đà Nẵng", "tôi muốn bán vé"]
CHINESE = ["从北京到上海", "CA1234航班9:30起飞", "從台北出發"]
JAPANESE = ["東京からパリへ行きたい", "大阪行きのバス"]
KOREAN = ["서울에서 부산까지"]


@pytest.mark.parametrize(
    ("texts", "folding"),
    [
        (ENGLISH, "plain"),
        (["fly to Rome"], "plain"),
        ([], "plain"),
        (["1 2 3 !"], "plain"),
        (GERMAN, "accented"),
        (VIETNAMESE, "accented"),
        (CHINESE, "chinese"),
        (JAPANESE, "accented"),
        (KOREAN, "accented"),
        (["из Москвы в Берлин"], "accented"),
        (["ไปเชียงใหม่"], "accented"),
        ([*ENGLISH * 100, "to 北京"], "plain"),  # a few foreign characters
    ],
)
def test_the_data_choose(texts: Sequence[str], folding: str) -> None:
    assert best_folding(word for text in texts for word in text.split()) == folding


def test_the_travel_data_are_english() -> None:
    train = read_data("travel").splits["train"]
    assert best_folding(token.text for example in train for token in example.tokens) == "plain"


def test_every_folding_can_be_set() -> None:
    assert LIMITS["model", "folding"] == ("auto", *FOLDINGS)


def test_old_models_and_trainings_stay_what_they_are() -> None:
    assert "folding" not in Config(ModelConfig(folding="plain")).to_dict()["model"]
    kept = Config(ModelConfig(folding="accented")).to_dict()
    assert config_of(kept).model.folding == "accented"


def test_the_table_of_characters() -> None:
    """A form is never folded to another, and no character is lost or added."""
    path = Path(__file__).parent.parent / "slotfill" / "simplified.txt"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    pairs = {pair[0]: pair[1:] for line in lines for pair in line.split()}
    assert len(pairs) == sum(len(line.split()) for line in lines) == 2976
    assert not pairs.keys() & set(pairs.values())
    assert all(unicodedata.normalize("NFKD", sign) == sign for pair in pairs.items() for sign in pair)
