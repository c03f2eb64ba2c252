"""Sentences in other languages are said to be foreign to a model that has learnt English, and English ones are not."""

import pytest

from slotfill import load, read_data
from slotfill.languages import WORDS, note_of
from slotfill.tokenizer import fold


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich möchte morgen von Berlin nach Madrid fliegen", "German"),
        ("Flug Berlin Madrid", "German"),
        ("je veux aller à Paris demain", "French"),
        ("vuelo a Madrid mañana", "Spanish"),
        ("vorrei un volo da Roma a Milano domani", "Italian"),
        ("ik wil morgen naar Amsterdam vliegen", "Dutch"),
        ("quero um voo de Lisboa para o Porto amanhã", "Portuguese"),
    ],
)
def test_what_the_model_has_not_learnt(text: str, language: str) -> None:
    (found,) = load().tag([text])
    assert found.note == f"looks like {language}, which the model has not learnt"
    assert found.to_dict()["note"] == found.note


@pytest.mark.parametrize("text", ["завтра из Москвы в Берлин", "明天去台北"])
def test_other_scripts(text: str) -> None:
    assert load().tag([text])[0].note == "in a script that the model has not learnt"


def test_no_english_sentence_is_foreign() -> None:
    texts = [example.text for split in ("test", "wild", "hostile") for example in read_data("travel").splits[split]]
    texts += [
        "fly to 北京 tomorrow",
        "Rio de Janeiro to Los Angeles por favor",
        "La Paz to El Paso",
        "Dar es Salaam",
        "",
        "!",
    ]
    tagger = load()
    assert [found.text for found in tagger.annotate(texts) if found.note] == []


def test_a_model_of_another_language_is_left_alone() -> None:
    assert note_of(["ich", "mochte", "nach", "rom"], knows={"ich", "nach"}.__contains__) is None
    assert note_of(["明天"], knows={"ich", "nach"}.__contains__) is None


def test_the_words_are_folded() -> None:
    assert all(fold(word) == word for words in WORDS.values() for word in words)
