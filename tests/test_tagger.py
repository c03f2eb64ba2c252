import pickle
import re
import shutil
import tracemalloc
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill import load
from slotfill.bundle import Bundle, write
from slotfill.config import Config, ModelConfig
from slotfill.errors import BundleError, InputError
from slotfill.json_lines import json_line
from slotfill.network import SlotTagger
from slotfill.recipe_tables import kinds_of
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Frame, Intent, Leg, Slot, Token
from slotfill.tagger import Tagger, without_doubtful
from slotfill.tags import is_valid, spans_of
from slotfill.tokenizer import tokenize
from slotfill.vocabulary import UNKNOWN, LabelSet, Vocabularies, Vocabulary

# --- a network made by hand: each word says by itself which tag it wants ---------------------------

TAGS = LabelSet(["O", "B-city", "I-city", "B-day"])
WISHES: dict[str, dict[str, float]] = {
    "to": {"O": 3},
    "boston": {"B-city": 3},
    "new": {"B-city": 3},
    "york": {"I-city": 3, "B-city": 1},
    "friday": {"B-day": 3},
    "maybe": {"B-day": 0.1},  # not sure of itself
}
INTENTS = {"flight": "B-city", "date": "B-day"}  # which tag speaks for which intent


def shown(wish: float) -> float:
    """What the cell below makes of a wish."""
    return float(np.tanh(np.tanh(wish)))


def parts(
    wishes: Mapping[str, Mapping[str, float]] = WISHES, intents: Mapping[str, str] = INTENTS
) -> tuple[ModelConfig, Vocabularies, dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]]:
    """A network whose emissions are ten times `shown(wish)`; unknown words are O."""
    k = len(TAGS)
    vocabularies = Vocabularies(Vocabulary(wishes), Vocabulary([]), TAGS, LabelSet(intents))
    words = np.zeros((len(vocabularies.words), k), dtype=np.float32)
    words[UNKNOWN, TAGS.id("O")] = 3
    for word, wish in wishes.items():
        for tag, size in wish.items():
            words[vocabularies.words.id(word), TAGS.id(tag)] = size
    eye, none = np.eye(k, dtype=np.float32), np.zeros((k, k), dtype=np.float32)
    weights = {
        "features.words": words,
        # rows i, f, g, o: the input and output gates are open, the forget gate is shut
        "encoder.0.forward.W": np.concatenate([none, none, eye, none]),
        "encoder.0.forward.U": np.concatenate([none] * 4),
        "encoder.0.forward.b": np.repeat(np.array([30, -30, 0, 30], dtype=np.float32), k),
        "emissions.W": 10 * eye,
        "emissions.b": np.zeros(k, dtype=np.float32),
    }
    if intents:
        weights["intent.W"] = np.stack([10 * eye[TAGS.id(intents[name])] for name in vocabularies.intents.items])
        weights["intent.b"] = np.zeros(len(intents), dtype=np.float32)
    config = ModelConfig(
        hidden=k, layers=1, bidirectional=False, word_size=k, character_filters=0, direct=False, crf=False
    )
    return config, vocabularies, weights


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(*parts())


def test_slots_of_ones_own_have_values() -> None:
    tagger = Tagger(*parts(), kinds_of({"city": "place", "day": "date"}, origin="recipe.toml"))
    (found,) = tagger.tag(["to new york friday"], now="2026-11-20T09:00", min_value_confidence=0)
    assert {name: value.value for name, value in found.frame.others()} == {"city": "New York", "day": "2026-11-20"}
    assert json_line(found) == found.to_json() + "\n"
    (found,) = tagger.tag(["to new york friday"], now="2026-11-20T09:00", min_value_confidence=1)
    assert {name: value.value for name, value in found.frame.others()} == {"city": None, "day": None}


def one(tagger: Tagger, text: str) -> Annotation:
    (annotation,) = tagger.tag([text])
    return annotation


def slots(annotation: Annotation) -> list[tuple[str, str]]:
    return [(slot.name, slot.text) for slot in annotation.slots]


# --- by hand ---------------------------------------------------------------------------------------


def test_slots_and_their_places(tagger: Tagger) -> None:
    annotation = one(tagger, "  to New  York, Friday!")
    assert annotation.text == "  to New  York, Friday!"
    assert [token.text for token in annotation.tokens] == ["to", "New", "York", ",", "Friday", "!"]
    assert annotation.tags == ("O", "B-city", "I-city", "O", "B-day", "O")
    assert [(s.name, s.text, s.start, s.end) for s in annotation.slots] == [
        ("city", "New  York", 5, 14),
        ("day", "Friday", 16, 22),
    ]


def test_tokens_may_be_given(tagger: Tagger) -> None:
    (ours,) = tagger.tag(["to (Boston)friday"])
    (given,) = tagger.tag(["to (Boston)friday"], tokens=[["to", "(", "Boston", ")friday"]])
    assert (slots(ours), slots(given)) == ([("city", "Boston"), ("day", "friday")], [("city", "Boston")])
    assert given.tags == ("O", "O", "B-city", "O")
    assert (given.slots[0].start, given.slots[0].end) == (4, 10)
    texts = ["to Boston", "", "friday"]
    tokens: list[list[str | Token] | None] = [["to", Token("Boston", 3, 9)], [], None]
    assert tagger.tag(texts, tokens=tokens) == tagger.tag(texts)
    assert [a.text for a in tagger.tag(tokens=[["to", "Boston"], [], ["去", "奥", "斯"]])] == [
        "to Boston",
        "",
        "去奥斯",
    ]


@pytest.mark.parametrize(
    ("texts", "tokens", "message"),
    [
        (["a b"], [["a", "c"]], 'at 0 are not those of the text: token 2 is "c", but the text continues with "b"'),
        (["a b"], [["a"]], 'the tokens end before the text does: no token has "b"'),
        (["a b"], [[]], "the tokens end before the text does"),
        (["x", "a b"], [["x"], ["a b"]], 'at 1 are not those of the text: token 1, "a b", has white space in it'),
        (["a"], [], "expected tokens for each text: got fewer than texts"),
        (["a"], [["a"], ["b"]], "expected tokens for each text: got more than texts"),
        (["a"], "a", "expected a list of tokens for each text"),
        (["a"], ["a"], "expected a list of tokens, as strings: got str at 0"),
        (None, [[1]], "expected tokens as strings: got int at 0"),
        (None, [None], "neither a text nor tokens at 0"),
        ([1], [["a"]], "expected texts: got int at 0"),
    ],
)
def test_tokens_that_do_not_fit_are_refused(tagger: Tagger, texts: Any, tokens: Any, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        tagger.tag(texts, tokens=tokens)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("boston boston", [("city", "boston"), ("city", "boston")]),
        ("new york boston", [("city", "new york"), ("city", "boston")]),
        ("boston friday", [("city", "boston"), ("day", "friday")]),
        ("to to", []),
    ],
)
def test_adjacent_slots(tagger: Tagger, text: str, expected: list[tuple[str, str]]) -> None:
    assert slots(one(tagger, text)) == expected


def test_a_slot_cannot_begin_inside(tagger: Tagger) -> None:
    """`york` wants to go on; where nothing is to be gone on with, its second wish comes true."""
    assert one(tagger, "york").tags == ("B-city",)
    assert one(tagger, "to york").tags == ("O", "B-city")
    assert [a.tags for a in tagger.tag(["new", "york"])] == [("B-city",), ("B-city",)]


def test_a_slot_is_as_sure_as_its_whole_span(tagger: Tagger) -> None:
    """The share of the valid tag sequences that have exactly this slot, by the exponentials of their scores."""
    begin = [tag for tag in TAGS.items if tag[0] != "I"]  # what may stand alone
    second = np.exp(10 * shown(1))
    (alone,) = one(tagger, "york").slots  # whose best tag, I-city, may not begin
    assert alone.confidence == pytest.approx(second / (second + len(begin) - 1), abs=1e-6)
    slot, day = one(tagger, "new york friday").slots
    assert slot.confidence < day.confidence < 1


def test_a_temperature_makes_less_sure(tagger: Tagger) -> None:
    config, vocabularies, weights = parts()
    cool = one(tagger, "new york friday")
    warm = one(
        Tagger(config, vocabularies, {**weights, "temperature": np.array([3], dtype=np.float32)}), "new york friday"
    )
    assert warm.tags == cool.tags
    assert all(one.confidence < other.confidence for one, other in zip(warm.slots, cool.slots, strict=True))


def test_intents(tagger: Tagger) -> None:
    intent = one(tagger, "to boston").intent
    assert intent is not None
    ratio = np.exp(10 * shown(3))
    assert intent.name == "flight"
    assert intent.confidence == pytest.approx(ratio / (ratio + 1), abs=1e-6)
    assert [a.intent.name for a in tagger.tag(["friday to", "to new york"]) if a.intent] == ["date", "flight"]


def test_a_network_without_intents() -> None:
    annotation = one(Tagger(*parts(intents={})), "to boston")
    assert annotation.intent is None
    assert slots(annotation) == [("city", "boston")]


@pytest.mark.parametrize("text", ["", " ", "\t\n\u3000", "\u200b", "\x00"])
def test_a_text_without_tokens_has_nothing(tagger: Tagger, text: str) -> None:
    nothing = Annotation(text, (), (), (), None)
    assert tagger.tag([text]) == [nothing]
    before, between, after = tagger.tag(["boston", text, "friday"])
    assert between == nothing
    assert slots(before) + slots(after) == [("city", "boston"), ("day", "friday")]


def test_no_texts(tagger: Tagger) -> None:
    assert tagger.tag([]) == []


def test_any_iterable_of_texts_will_do(tagger: Tagger) -> None:
    texts = ["to boston", "friday"]
    assert tagger.tag(iter(texts)) == tagger.tag(tuple(texts)) == tagger.tag(texts)


def test_a_single_text_is_refused(tagger: Tagger) -> None:
    """A string is an iterable of strings too, and tagging its letters is never meant."""
    for text in ("to boston", b"to boston"):
        with pytest.raises(InputError, match=r'tag\(\["\.\.\."\]\)'):
            tagger.tag(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(("stranger", "kind"), [(b"to boston", "bytes"), (None, "NoneType"), (["to"], "list")])
def test_what_is_no_text_is_refused(tagger: Tagger, stranger: object, kind: str) -> None:
    texts: list[Any] = ["to boston", stranger]
    with pytest.raises(InputError, match=rf"^tag\(\) takes texts: got {kind} at 1$"):
        tagger.tag(texts)


def test_tokens_given_are_taken(tagger: Tagger) -> None:
    text = "to-boston"
    tokens = (Token("to", 0, 2), Token("-", 2, 3), Token("boston", 3, 9))
    (annotation,) = tagger.annotate([text], [tokens])
    assert annotation.tokens == tokens
    assert [(s.text, s.start, s.end) for s in annotation.slots] == [("boston", 3, 9)]


def test_order_is_kept_over_many_chunks(tagger: Tagger) -> None:
    """More sentences and more tokens than are run at once, of mixed lengths, with empty ones between."""
    rng = np.random.default_rng(1)
    texts = [" ".join(rng.choice(["to", "boston", "friday", "new", "york"], size=n % 97)) for n in range(700)]
    found = tagger.tag(texts)
    assert [annotation.text for annotation in found] == texts
    for text, annotation in zip(texts, found, strict=True):
        assert [token.text for token in annotation.tokens] == text.split()
        assert [s.text for s in annotation.slots if s.name == "day"] == ["friday"] * text.count("friday")


# --- on any text -----------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates too
LIKELY = st.lists(st.sampled_from(["to", "Boston", "zürich", "11/2", "6:30pm", "東京", "é", "\u0301", ".", "\n"])).map(
    " ".join
)


@pytest.fixture(scope="module")
def wild() -> Tagger:
    """A network of large random weights, so that it has an opinion on everything."""
    rng = np.random.default_rng(1)
    config = ModelConfig(hidden=24, word_size=5, character_size=4, character_filters=5, direct=False, crf=False)
    vocabularies = Vocabularies(
        Vocabulary(["to", "boston", "."]),
        Vocabulary("abcdefghijklmnopqrstuvwxyz0"),
        LabelSet(["O", *(f"{letter}-{name}" for letter in "BI" for name in ("city", "day", "time"))]),
        LabelSet(["flight", "airfare"]),
    )
    arrays = SlotTagger(Config(config), vocabularies).arrays()
    weights = {name: rng.normal(scale=1.5, size=array.shape).astype(np.float32) for name, array in arrays.items()}
    weights["emissions.b"][:] = 0
    return Tagger(config, vocabularies, weights)


def test_the_wild_network_is_wild(wild: Tagger) -> None:
    """Or else the properties below would say little."""
    found = wild.tag(["to boston on the 2nd of may", "Zürich 11/2 6:30pm", "é . 東京 boston boston", "a b c d e"])
    assert len({slot.name for annotation in found for slot in annotation.slots}) == 3
    assert any(tag.startswith("I-") for annotation in found for tag in annotation.tags)
    assert any("O" in annotation.tags for annotation in found)


@settings(deadline=None)
@given(st.lists(ANY_TEXT | LIKELY, max_size=4))
def test_slots_lie_in_the_text(wild: Tagger, texts: list[str]) -> None:
    found = wild.tag(texts)
    assert [annotation.text for annotation in found] == texts
    for text, annotation in zip(texts, found, strict=True):
        assert annotation.tokens == tokenize(text)
        assert len(annotation.tags) == len(annotation.tokens)
        assert is_valid(annotation.tags)
        spans = spans_of(annotation.tags)
        assert [slot.name for slot in annotation.slots] == [span.name for span in spans]
        end = 0
        for slot, span in zip(annotation.slots, spans, strict=True):
            assert end <= slot.start < slot.end <= len(text)
            assert text[slot.start : slot.end] == slot.text
            assert (slot.start, slot.end) == (annotation.tokens[span.start].start, annotation.tokens[span.end - 1].end)
            assert 0 <= slot.confidence <= 1
            end = slot.end
        assert (annotation.intent is None) == (not annotation.tokens or annotation.note is not None)
        assert annotation.intent is None or 0.5 <= annotation.intent.confidence <= 1


def nearly(one: Annotation, other: Annotation) -> bool:
    """Equal, but for rounding in the confidences."""

    def exact(annotation: Annotation) -> object:
        places = [(slot.name, slot.text, slot.start, slot.end) for slot in annotation.slots]
        return annotation.text, annotation.tokens, annotation.tags, places, annotation.intent and annotation.intent.name

    def sure(annotation: Annotation) -> list[float]:
        return [slot.confidence for slot in annotation.slots] + [i.confidence for i in [annotation.intent] if i]

    return exact(one) == exact(other) and sure(one) == pytest.approx(sure(other), abs=1e-5)


@settings(deadline=None)
@given(st.lists(ANY_TEXT | LIKELY, max_size=6), st.randoms(use_true_random=False))
def test_a_batch_is_its_texts_one_by_one(wild: Tagger, texts: list[str], random: Random) -> None:
    found = wild.tag(texts)
    assert all(nearly(annotation, one(wild, text)) for text, annotation in zip(texts, found, strict=True))
    order = list(range(len(texts)))
    random.shuffle(order)
    moved = wild.tag([texts[number] for number in order])
    assert all(nearly(moved[place], found[number]) for place, number in enumerate(order))


def test_tagging_twice_is_the_same(wild: Tagger) -> None:
    texts = ["to boston on the 2nd of may", "Zürich 11/2 6:30pm"]
    assert wild.tag(texts) == wild.tag(texts)


# --- without the doubtful --------------------------------------------------------------------------


def test_doubtful_slots_go(tagger: Tagger) -> None:
    annotation = one(tagger, "maybe new york maybe to friday")
    doubtful = [slot.confidence for slot in annotation.slots if slot.text == "maybe"]
    sure = without_doubtful(annotation, confidence=0.6)
    assert max(doubtful) < 0.6
    assert sure.tags == ("O", "B-city", "I-city", "O", "O", "B-day")
    assert slots(sure) == [("city", "new york"), ("day", "friday")]
    assert (sure.text, sure.tokens, sure.intent) == (annotation.text, annotation.tokens, annotation.intent)
    # what is just as sure as asked stays
    assert without_doubtful(annotation, confidence=min(doubtful)) == annotation
    assert without_doubtful(annotation, confidence=1.1).slots == ()


def doubtful_frame(*confidences: float) -> Frame:
    """Of a sentence whose slots are so sure, without what is below 0.5."""
    text = "from Rome or Oslo on march 12th with delta and united"
    named = [
        ("fromloc.city_name", "Rome"),
        ("fromloc.city_name", "Oslo"),
        ("depart_date.month_name", "march"),
        ("depart_date.day_number", "12th"),
        ("airline_name", "delta"),
        ("airline_name", "united"),
    ]
    found = tuple(
        Slot(name, word, text.index(word), text.index(word) + len(word), sure)
        for (name, word), sure in zip(named, confidences, strict=True)
    )
    words = {slot.text: slot.name for slot in found}
    tags = tuple(f"B-{words[token.text]}" if token.text in words else "O" for token in tokenize(text))
    annotation = Annotation(text, tokenize(text), tags, found, None)
    annotation = annotation.replace(frame=frame_of(annotation, clock=datetime(2026, 11, 18, 9)))
    return without_doubtful(annotation, confidence=0.5).frame


def test_a_value_that_loses_a_slot_is_unknown() -> None:
    whole = doubtful_frame(1, 1, 1, 1, 1, 1)
    day = whole.departure.date
    assert day
    assert (day.value, day.slots, whole.other) == ("2027-03-12", (2, 3), {"airline_name": ["delta", "united"]})
    less = doubtful_frame(1, 1, 0.4, 0.6, 1, 1)
    assert less.departure.place == whole.departure.place
    day = less.departure.date
    assert day
    assert (day.text, day.value, day.slots) == ("march 12th", None, (2,))
    assert day.note == "it counts on a slot that is less sure than asked"


def test_a_value_that_loses_all_slots_is_left_out() -> None:
    less = doubtful_frame(0.1, 0.1, 1, 1, 0.4, 1)
    day = less.departure.date
    assert day
    assert less.departure == Leg(date=day)
    assert day.slots == (0, 1)  # as they are counted now
    assert day.value == "2027-03-12"
    assert less.other == {"airline_name": "united"}


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_a_value_is_what_it_was_or_unknown(confidences: list[float]) -> None:
    """Never another one, unless what was unsure of it was left out and the note says so."""
    whole, less = doubtful_frame(1, 1, 1, 1, 1, 1), doubtful_frame(*confidences)
    before = dict(whole.departure.items())
    for part, value in less.departure.items():
        if (value.note or "").startswith("left out: "):
            assert value.text in before[part].text
        else:
            assert value.value in (before[part].value, None)
            assert value.text == before[part].text


def test_what_was_not_resolved_stays_so(tagger: Tagger) -> None:
    text = "boston friday"
    (annotation,) = tagger.annotate([text], [tokenize(text)])
    assert annotation.slots
    assert annotation.frame == without_doubtful(annotation, confidence=1.1).frame == Frame()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"now": "tomorrow"}, "expected a date and time such as 2026-11-20T09:00, got 'tomorrow'"),
        (
            {"now": date(2026, 11, 20)},
            "expected a datetime, or a text such as 2026-11-20T09:00, as now: got datetime.date(2026, 11, 20)",
        ),
        ({"now": 0}, "expected a datetime, or a text such as 2026-11-20T09:00, as now: got 0"),
        ({"min_confidence": 2}, "tag() takes a min_confidence from 0 to 1: got 2"),
        ({"min_confidence": float("nan")}, "tag() takes a min_confidence from 0 to 1: got nan"),
        ({"min_value_confidence": -0.1}, "tag() takes a min_value_confidence from 0 to 1: got -0.1"),
        ({"min_confidence": "a"}, "tag() takes a min_confidence from 0 to 1: got 'a'"),
    ],
)
def test_settings_that_cannot_be(tagger: Tagger, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        tagger.tag(["to Rome"], **options)
    assert str(caught.value) == message


@settings(deadline=None)
@given(LIKELY, st.floats(0, 1))
def test_slots_and_tags_stay_in_step(wild: Tagger, text: str, confidence: float) -> None:
    annotation = one(wild, text)
    sure = without_doubtful(annotation, confidence=confidence)
    assert list(sure.slots) == [slot for slot in annotation.slots if slot.confidence >= confidence]
    assert [span.name for span in spans_of(sure.tags)] == [slot.name for slot in sure.slots]
    assert is_valid(sure.tags)
    for tag, before in zip(sure.tags, annotation.tags, strict=True):
        assert tag in (before, "O")


# --- loading ---------------------------------------------------------------------------------------


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a model `mine` in `models/`."""
    config, vocabularies, weights = parts()
    bundle = Bundle(Config(config), vocabularies, weights, training={}, history=[], card="")
    write(bundle, tmp_path / "models" / "mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


def test_a_model_by_name_and_by_path(models: Path, tagger: Tagger) -> None:
    expected = tagger.tag(["to boston"])
    for model in ("mine", "models/mine", str(models / "mine"), models / "mine"):
        assert Tagger.load(model).tag(["to boston"]) == expected


@pytest.mark.usefixtures("models")
def test_no_folder_replaces_a_model_that_ships() -> None:
    """Which model answers does not depend on where one is: a path says that another one is meant."""
    shipped = Tagger.load("travel").vocabularies.words.items
    for folder in (Path("travel"), Path("models/travel")):
        shutil.copytree("models/mine", folder)
        assert Tagger.load("travel").vocabularies.words.items == Tagger.load().vocabularies.words.items == shipped
        assert Tagger.load(f"./{folder}").vocabularies.words.items != shipped


@pytest.mark.usefixtures("models")
def test_no_such_model() -> None:
    with pytest.raises(BundleError, match="'yours'") as caught:
        Tagger.load("yours")
    assert "mine" in str(caught.value)


def test_a_model_that_is_not_whole(models: Path) -> None:
    (models / "mine" / "weights.safetensors").unlink()
    with pytest.raises(BundleError, match=r"weights\.safetensors"):
        Tagger.load("mine")


def test_intent_is_plain_data(tagger: Tagger) -> None:
    """No numpy numbers leave the tagger: they are not JSON."""
    annotation = one(tagger, "to boston")
    assert isinstance(annotation.intent, Intent)
    numbers = [annotation.intent.confidence, *(slot.confidence for slot in annotation.slots)]
    assert [type(number) for number in numbers] == [float, float]
    assert [type(number) for slot in annotation.slots for number in (slot.start, slot.end)] == [int, int]


def test_a_model_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(BundleError, match=r"^no model 'travle'; did you mean travel\? \(known by name: .*travel.*\)$"):
        Tagger.load("travle")


def test_a_tagger_can_be_sent_to_another_process() -> None:
    tagger = Tagger.load("travel")
    texts = ["leave Taipei for São Paulo at 6 pm", "", "to Zanzibar"]
    before = tagger.tag(texts)
    assert pickle.loads(pickle.dumps(tagger)).tag(texts) == before


# --- what a program asks ---------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["2026-11-20T09:00", datetime(2026, 11, 20, 9)])
def test_the_clock_is_a_datetime_or_a_text(moment: datetime | str) -> None:
    (found,) = Tagger.load().tag(["arrive Taipei tomorrow"], now=moment)
    day = found.frame.departure.date or found.frame.arrival.date
    assert day
    assert day.value == "2026-11-21"
    assert (found.frame.return_.date, found.frame.return_.place) == (None, None)  # what is not said


@pytest.mark.parametrize(("offset", "expected"), [("", None), ("+08:00", "+08:00"), ("Z", "+00:00")])
def test_only_a_time_that_counts_from_the_clock_has_its_offset(offset: str, expected: str | None) -> None:
    texts = ["leave Boston in 3 hours", "leave Boston at 5 pm"]
    counted, said = Tagger.load().tag(texts, now=f"2026-11-20T09:00{offset}")
    times = [found.frame.departure.time for found in (counted, said)]
    assert [(time.value, time.offset) for time in times if time] == [("12:00", expected), ("17:00", None)]


def test_the_slots_and_intents_of_a_model() -> None:
    tagger = Tagger.load()
    assert {"toloc.city_name", "depart_date.day_name"} <= {*tagger.slots}
    assert "flight" in tagger.intents
    ranking = tagger.rank_intents("how much is a flight to Rome?")
    assert ranking[0].name == "airfare"
    assert sorted(intent.name for intent in ranking) == sorted(tagger.intents)
    assert sum(intent.confidence for intent in ranking) == pytest.approx(1, abs=1e-5)
    assert [*ranking] == sorted(ranking, key=lambda intent: -intent.confidence)
    assert tagger.rank_intents(" ") == ()


# --- sentences without end -------------------------------------------------------------------------

LONG = "to Boston from SAN on Friday 11/2 at 5 pm , please "  # eleven words


@pytest.fixture
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slotfill.batching.CHUNK", 100)
    monkeypatch.setattr("slotfill.runtime.long.BLOCK", 100)


def test_a_long_sentence_has_the_labels_of_the_whole(short_blocks: None) -> None:
    tagger, text = load(), LONG * 30
    words = [tagger.vocabularies.fold(token.text) for token in tokenize(text)]
    tags, sure, _ = tagger._read([words])
    (found,) = tagger.annotate([text])
    assert list(found.tags) == tags
    assert sure is not None
    expected = [sure.of(start, end) for start, end, _ in spans_of(tags)]
    assert [slot.confidence for slot in found.slots] == pytest.approx(expected, abs=1e-4)  # it sums up rounding
    assert found.intent is not None


def test_the_memory_of_a_long_sentence_is_that_of_its_tokens(short_blocks: None) -> None:
    """A network's numbers for a token took 4 kB; what is left are the token, its form and its tag."""
    tagger = load()

    def peak(times: int) -> int:
        tracemalloc.start()
        tagger.annotate(["san " * times])
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(200)  # fills caches
    few, many = peak(500), peak(2500)
    assert many - few < 2000 * 600
