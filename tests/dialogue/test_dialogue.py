"""Turns in, the itinerary out: the state as plain data, and what cannot be used."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import slotfill
from slotfill import Dialogue, InputError, SlotfillError, Turn
from slotfill.context import dialogue_of

NOW = "2026-11-18T09:00"  # a Wednesday
TALK = (
    ("I'd like to fly somewhere warm", None, None),
    ("Boston", None, "Where are you leaving from?"),
    ("Lima", "arrival.place", None),
    ("December 4th, back on December 9th", None, None),
    ("make it the 12th instead", None, None),
    ("actually leaving a day earlier", None, None),
    ("and via Chicago", None, None),
    ("that works", None, "We have one at 6:10 am"),
    ("two hours later", None, None),
    ("forget Lima, let's do Quito", None, None),
    ("the other way round", None, None),
    ("one way then", None, None),
    ("next friday", None, None),
    ("start over", None, None),
    ("Oslo to Rome on the 5th, then on to Paris", None, None),
)


@pytest.fixture(scope="module")
def tagger() -> slotfill.Tagger:
    return slotfill.load()


def through_json(tagger: slotfill.Tagger, dialogue: Dialogue) -> Dialogue:
    return Dialogue.from_dict(tagger, json.loads(json.dumps(dialogue.to_dict())))


def test_the_state_is_all_that_is_remembered(tagger: slotfill.Tagger) -> None:
    kept, stored = tagger.dialogue(now=NOW), tagger.dialogue(now=NOW)
    for text, asked, heard in TALK:
        stored = through_json(tagger, stored)
        first, second = kept.say(text, asked=asked, heard=heard), stored.say(text, asked=asked, heard=heard)
        assert first.to_dict() == second.to_dict()
        assert kept.state == stored.state == through_json(tagger, stored).state


_WORDS = (
    "Boston Lima Denver the 5th december friday tomorrow noon 6 pm from to via not or and instead make it actually "
    "a day earlier later two hours week before after the return back one way same dates start over other way round "
    "push by drop stop yes that works no , . ? İ ﬁ ‍ \n"
)
WORDS = st.sampled_from(_WORDS.split(" "))


@given(st.lists(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=30), max_size=5), st.text(max_size=40))
def test_any_text(tagger: slotfill.Tagger, texts: list[str], heard: str) -> None:
    dialogue = tagger.dialogue(now=NOW)
    for text in texts:
        before = dialogue.to_dict()
        turn = dialogue.say(text, heard=heard)
        assert through_json(tagger, dialogue).state == dialogue.state
        again = Dialogue.from_dict(tagger, before)
        assert again.say(text, heard=heard).to_dict() == turn.to_dict()
        for change in turn.changes:
            for words in change.because:
                assert text[words.start : words.end] == words.text


def paths(frame: dict[str, Any]) -> dict[str, Any]:
    """The value of each part of an itinerary by its path."""
    found: dict[str, Any] = {}
    for leg in ("departure", "arrival", "return"):
        found |= {f"{leg}.{kind}": value for kind, value in frame.get(leg, {}).items()}
    for name in ("stops", "open"):
        for at, leg in enumerate(frame.get(name, [])):
            found |= {f"{name}[{at}].{kind}": value for kind, value in leg.items()}
    return found


def test_the_changes_say_all_that_changed(tagger: slotfill.Tagger) -> None:
    dialogue = tagger.dialogue(now=NOW)
    for text, asked, heard in TALK:
        before = paths(dialogue.itinerary.to_dict())
        turn: Turn = dialogue.say(text, asked=asked, heard=heard)
        after = paths(turn.to_dict()["itinerary"])
        changed = {part for part in before | after if before.get(part) != after.get(part)}
        assert changed <= {change.part for change in turn.changes}
        for change in turn.to_dict()["changes"]:
            assert list(change)[:6] == ["part", "action", "from", "to", "because", "rule"]
            if not change["part"].startswith(("other.", "stops", "open")):
                assert change["to"] == after.get(change["part"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("departure", "unknown part in asked: 'departure' (known: departure.place, departure.date"),
        (["departure.date", "return.place"], "unknown part in asked: 'return.place'"),
        ([3], "unknown part in asked: '3'"),
    ],
)
def test_unknown_parts(tagger: slotfill.Tagger, asked: Any, message: str) -> None:
    with pytest.raises(InputError, match=r"^" + message.replace("(", r"\(").replace("[", r"\[")):
        tagger.dialogue().say("Boston", asked=asked)


def test_what_is_no_text(tagger: slotfill.Tagger) -> None:
    with pytest.raises(InputError, match=r"^say\(\) takes a text: got int$"):
        tagger.dialogue().say(3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^say\(\) takes a text as heard: got list$"):
        tagger.dialogue().say("yes", heard=["no"])  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"^dialogue\(\) takes date_order mdy or dmy: got 'ymd'$"):
        tagger.dialogue(date_order="ymd")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["version"], 2, "a state of version 2 cannot be read"),
        (["now"], "noon", "expected a date and time such as"),
        (["turns"], -1, "not a state of a dialogue: state.turns: expected a number from 0 to"),
        (["date_order"], "ymd", "not a state of a dialogue: state.date_order: expected mdy or dmy, got 'ymd'"),
        (["said"], [["departure.color", 1]], "not a state of a dialogue: state.said[0]: expected one of"),
        (["said"], [["departure.date", 1]] * 500, "not a state of a dialogue: state.said: expected a list of at most"),
        (["itinerary"], [], "not a state of a dialogue: state.itinerary: expected an object, got []"),
        (["itinerary", "departure", "date", "value"], "2026-02-30", "expected a date such as 2026-11-20"),
        (["itinerary", "departure", "date", "value"], {}, "state.itinerary.departure.date.value: expected a text"),
        (["itinerary", "departure", "place", "kind"], "moon", "expected city or airport or state"),
        (["itinerary", "departure", "place", "text"], "x" * 10_000, "expected a text of at most 400 characters"),
        (["itinerary", "departure", "place", "confidence"], float("nan"), "expected a number from 0 to 1, got nan"),
        (["itinerary", "departure", "place", "evil"], 1, "state.itinerary.departure.place: expected only text, kind"),
        (["itinerary", "other"], {"a": {"kind": "number", "text": "x", "value": True}}, "a text or a number, got True"),
        (
            ["itinerary", "other"],
            {"a": {"kind": "number", "text": "x", "value": 10**15}},
            "a text or a number, got 1000",
        ),
        (["itinerary", "other"], {"a": 10**15}, "expected a text, a number or a value, got 1000"),
        (["itinerary", "legs"], [{"legs": [{}]}], "state.itinerary.legs[0]: expected only departure, arrival"),
        (["itinerary", "other"], {str(n): "x" for n in range(99)}, "expected an object of at most 40 names"),
    ],
)
def test_a_state_that_cannot_be_used(tagger: slotfill.Tagger, path: list[str], value: Any, message: str) -> None:
    dialogue = tagger.dialogue(now=NOW)
    dialogue.say("from Boston on December 4th")
    data = json.loads(json.dumps(dialogue.to_dict()))
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(InputError) as raised:
        Dialogue.from_dict(tagger, data)
    assert message in str(raised.value)


def test_a_state_that_is_nested_too_deeply(tagger: slotfill.Tagger) -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(InputError, match="nested too deeply"):
        dialogue_of(tagger, {"version": 1, "itinerary": nested})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["departure", "date", "text"]), inner),
)


@given(JSON, st.sampled_from(["itinerary", "said", "turns", "now", "date_order", "version", ""]))
def test_any_state(tagger: slotfill.Tagger, data: Any, key: str) -> None:
    """A state of any JSON is read or refused, never a traceback."""
    with suppress(SlotfillError):
        Dialogue.from_dict(tagger, {**tagger.dialogue().to_dict(), key: data} if key else data).say("to Lima")
