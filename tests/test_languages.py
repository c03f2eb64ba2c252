"""A sentence in a script or a language that the model has not learnt has no slots, and says why; English ones have."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill import load, read_data
from slotfill.confident_learning import judge
from slotfill.languages import Languages, script_of, small_words
from slotfill.reviewing.doubt import chances
from slotfill.schema import Example, Frame
from slotfill.tagger import Tagger, find_bundle
from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import Vocabulary

FOREIGN = Path(__file__).parent.parent / "benchmarks" / "foreign.tsv"
NOT_LEARNT = "which the model has not learnt"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich möchte morgen von Berlin nach Madrid fliegen", "German"),
        ("Flug Berlin Madrid", "German"),
        ("Abflug von Berlin nach München am Freitag um 18 Uhr", "German"),
        ("ABFLUG VON BERLIN NACH MÜNCHEN AM FREITAG", "German"),
        ("je veux aller à Paris demain", "French"),
        ("vuelo a Madrid mañana", "Spanish"),
        ("llegar a Taipéi el 2 de noviembre", "Spanish"),
        ("vorrei un volo da Roma a Milano domani", "Italian"),
        ("ik wil morgen naar Amsterdam vliegen", "Dutch"),
        ("quero um voo de Lisboa para o Porto amanhã", "Portuguese"),
        ("yarin sabah Ankara'ya uçak bileti", "Turkish"),
        ("tôi muốn bay từ Hà Nội đến Đà Nẵng", "Vietnamese"),
    ],
)
def test_what_the_model_has_not_learnt(text: str, language: str) -> None:
    (found,) = load().tag([text], now="2026-11-20T09:00")
    assert found.note == f"looks like {language}, {NOT_LEARNT}"
    assert (found.slots, found.intent, found.frame) == ((), None, Frame())
    assert set(found.tags) == {"O"}
    assert found.to_dict()["note"] == found.note
    assert json.loads(found.to_json())["note"] == found.note


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("завтра из Москвы в Берлин", "Cyrillic script"),
        ("パリへ", "Japanese kana"),
        ("東京から大阪まで", "Japanese kana"),
        ("11月2日に台北に着く便", "Japanese kana"),
        ("ไปเชียงใหม่พรุ่งนี้", "Thai script"),
        ("서울에서 부산까지", "Hangul script"),
        ("سفر إلى دبي", "Arabic script"),
        ("𐐀𐐁𐐂", "Deseret script"),
    ],
)
def test_other_scripts(text: str, script: str) -> None:
    (found,) = load().tag([text])
    assert found.note == f"is in {script}, {NOT_LEARNT}"
    assert found.slots == ()


@pytest.mark.parametrize(
    "text", ["明天去台北", "11月2日到達台北", "CA1234航班9:30起飞", "CX HKG LHR 5/3出發", "from 北京 to 上海"]
)
def test_a_model_without_another_for_chinese_abstains(text: str) -> None:
    bundle = find_bundle("travel")
    config = bundle.config._replace(model=bundle.config.model._replace(elsewhere="nowhere"))
    (found,) = Tagger.of(bundle._replace(config=config)).tag([text])
    assert (found.note, found.slots) == (f"is in Chinese characters, {NOT_LEARNT}", ())


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("arrive Taipei on November 2nd", "Latin script"),
        ("FLY TO ROME", "Latin script"),
        ("vuelo a Lima", "Latin script"),
        ("fly to 北京 tomorrow", "Latin script"),
        ("東京から大阪まで", "Japanese kana"),
        ("завтра в 北京", "Cyrillic script"),
    ],
)
def test_the_chinese_model_abstains_too(text: str, script: str) -> None:
    (found,) = load("travel-zh").tag([text])
    assert (found.note, found.slots, found.intent) == (f"is in {script}, {NOT_LEARNT}", (), None)


def test_chinese_with_latin_names_and_codes_is_chinese() -> None:
    texts = [example.text for split in ("test", "wild-dev") for example in read_data("travel-zh").splits[split]]
    texts += [
        "HKG LHR 5/3出發",
        "CX HKG LHR 5/3出發",
        "HKG LHR 5/3",
        "我要从shanghai到beijing",
        "坐Eurostar到Paris",
        "9:30",
        "",
    ]
    assert [one.text for one in load("travel-zh").annotate(texts) if one.note] == []


@pytest.mark.parametrize(
    ("text", "is_chinese"),
    [
        ("飞往Rio de Janeiro", True),
        ("从New York到北京", True),
        ("从Wellington飞Christchurch", True),
        ("fly to 北京 tomorrow", False),
        ("Flight to 北京", False),
    ],
)
def test_who_answers_where_names_are_in_another_script(text: str, is_chinese: bool) -> None:
    assert load().answering(text).tokenizer == ("scripts" if is_chinese else "slotfill")


def test_both_scripts_are_the_same_to_a_review_and_to_the_search_for_wrong_labels() -> None:
    tagger = load("travel-zh")
    texts = ("从台北到东京", "從臺北到東京")
    (_, simplified), (_, traditional) = (next(iter(chances(tagger, [list(text)]))) for text in texts)
    assert (simplified == traditional).all()
    tags = ("O", "B-toloc.city_name", "I-toloc.city_name", "O", "B-fromloc.city_name", "I-fromloc.city_name")
    ours, theirs = (judge(tagger, [Example(text, tagger.annotate([text])[0].tokens, tags, None)]) for text in texts)
    assert ours[0].own == theirs[0].own


def test_travel_in_languages_with_a_list_of_words_is_told() -> None:
    listed = ("es", "de", "fr", "it", "pt", "nl", "tr", "vi", "id", "pl", "sv", "cs", "da", "fi", "ro", "hu", "ca")
    lines = [line.split("\t") for line in FOREIGN.read_text(encoding="utf-8").splitlines()]
    texts = [text for code, text in lines if code in listed and len(text.split()) >= 4]
    missed = [found.text for found in load().annotate(texts) if not found.note]
    assert len(missed) <= 0.02 * len(texts), missed


def test_no_english_sentence_is_foreign() -> None:
    texts = [example.text for split in ("test", "wild", "hostile") for example in read_data("travel").splits[split]]
    texts += [
        "fly to 北京 tomorrow",
        "Rio de Janeiro to Los Angeles por favor",
        "La Paz to El Paso",
        "Dar es Salaam",
        "flihgt to Sao Paulo",
        "leavign Pragque saturdya mornign",
        "i whant arrive Lisabon 15 maj, not juni",
        "Ouagadougou to Antananarivo via Addis Ababa",
        "Zürich, Genève, Málaga, Łódź",
        "LHR-JFK AF1234 YYZ",
        "",
        "!",
        "6:30pm",
    ]
    tagger = load()
    assert [found.text for found in tagger.annotate(texts) if found.note] == []


def noted(vocabulary: Vocabulary, text: str) -> str | None:
    tokens = tokenize(text)
    return Languages(vocabulary).note(tokens, [fold(token.text) for token in tokens])


def test_a_model_of_another_language_is_left_alone() -> None:
    german = Vocabulary(["ich", "nach", "rom"])
    assert noted(german, "ich möchte nach Rom") is None
    assert noted(german, "fly me to the moon") is None  # it knows too few words to say
    assert noted(german, "明天") == f"is in Chinese characters, {NOT_LEARNT}"
    large = Vocabulary([f"{one}{two}{three}" for one in "abcdefghij" for two in "abcdefghij" for three in "abcdefghij"])
    assert noted(large, "fly me to the moon") == "has no word that the model has learnt"
    assert noted(large, "fly me to abc") is None
    assert noted(large, "fly me moon") is None  # too short


def test_a_few_words_of_a_script_do_not_make_it_learnt() -> None:
    words = [f"w{chr(number)}" for number in range(0x61, 0x7B)]
    assert noted(Vocabulary([*words * 1, "北京"]), "去台北") is None  # one in 27
    many = [f"{one}{two}" for one in words for two in words]
    assert noted(Vocabulary([*many, "北京"]), "去台北") == f"is in Chinese characters, {NOT_LEARNT}"


@given(st.text(st.characters(codec=None), max_size=30))
def test_any_text_can_be_looked_at(text: str) -> None:
    noted(Vocabulary(["the", "to", "from"]), text)


def test_the_lists() -> None:
    words = small_words()
    assert len(words) == 18
    assert all(fold(word) == word for own in words.values() for word in own)
    assert all(len(own) > 30 for own in words.values())
    assert script_of("\uffff") == script_of("\ue000") == "an unknown script"
