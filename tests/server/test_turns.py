"""`POST /tag` with a context: one turn of a conversation after another, and a server that keeps nothing."""

import json
from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import slotfill
from slotfill.server import answers
from slotfill.server.limits import MAX_CONTEXT
from slotfill.tagger import Tagger
from tests.server.conftest import Start
from tests.server.test_answers import fits

NOW = "2026-11-20T09:00"
TALK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("from Boston to Lima or Quito on December 4th in business class", {}),
    ("the 9th", {"asked": "return.date"}),
    ("that works", {"heard": "We have one at 6:10 am"}),
    ("a day earlier", {"asked": ["departure.date", "return.date"]}),
    ("", {}),
    ("not via Chicago", {"asked": None, "heard": None}),
    ("Paris", {}),
    ("same dates, one way then", {}),
    ("start over", {}),
    ("Oslo to Rome on Friday, then on to Paris on Sunday", {}),
)


@pytest.fixture(scope="module")
def travel() -> Tagger:
    return slotfill.load()


@pytest.fixture
def client(start: Start, travel: Tagger) -> TestClient:
    return start(travel)


def test_each_turn_goes_on_from_the_context_of_the_last(client: TestClient, travel: Tagger) -> None:
    dialogue = travel.dialogue(now=NOW)
    context: Any = {}
    for text, said in TALK:
        answer = client.post("/tag", json={"text": text, "context": context, "now": NOW, **said})
        assert answer.status_code == 200
        found = answer.json()
        fits(answers.Turn, found)
        context = found["context"]
        assert found == dialogue.say(text, **said).to_dict() | {"context": dialogue.to_dict()}


def test_the_server_keeps_nothing(client: TestClient) -> None:
    beginnings: tuple[Any, ...] = ({}, None)
    for beginning in beginnings:
        first = client.post("/tag", json={"text": "to Lima", "context": beginning}).json()
        again = client.post("/tag", json={"text": "to Lima", "context": beginning}).json()
        assert first == again
        assert first["context"]["turns"] == 1


def test_the_clock_and_the_order_of_dates_stay_until_others_are_given(client: TestClient) -> None:
    def turn(text: str, context: Any, **more: Any) -> Any:
        return client.post("/tag", json={"text": text, "context": context, **more}).json()

    first = turn("to Lima", {}, now="2026-11-20T23:30:00+00:00", timezone="Asia/Taipei", date_order="dmy")
    assert first["context"]["now"] == "2026-11-21T07:30:00+08:00"
    second = turn("leaving tomorrow, back on 2/12", first["context"])
    assert second["itinerary"]["departure"]["date"]["value"] == "2026-11-22"
    assert second["itinerary"]["return"]["date"]["value"] == "2026-12-02"
    third = turn("leaving tomorrow", second["context"], now=NOW, date_order="mdy")
    assert (third["context"]["now"], third["context"]["date_order"]) == (f"{NOW}:00", "mdy")
    assert "now" in turn("hello", {})["context"]


@pytest.mark.parametrize(
    ("request_", "where", "error"),
    [
        ({"text": "a", "context": []}, "context", "expected an object, got []"),
        ({"text": "a", "context": "x"}, "context", 'expected an object, got "x"'),
        ({"text": "a", "context": {"version": 2}}, "context", "a state of version 2 cannot be read"),
        ({"text": "a", "context": {"version": 1, "x": 1}}, "context", "state: expected only version, turns"),
        (
            {"text": "a", "context": {"version": 1, "itinerary": {"departure": {"date": {"kind": "date"}}}}},
            "context",
            "not a state of a dialogue: state.itinerary.departure.date",
        ),
        ({"text": "a", "context": {"x": "y" * MAX_CONTEXT}}, "context", "it has 262,153 bytes: expected at most"),
        ({"texts": ["a"], "context": {}}, "", '"context" goes with "text": turns come one after another'),
        ({"text": "a", "tokens": ["a"], "context": {}}, "", '"tokens" does not go with "context"'),
        ({"text": "a", "min_confidence": 0.5, "context": {}}, "", '"min_confidence" does not go with "context"'),
        ({"text": "a", "asked": "departure.date"}, "", '"asked" goes with "context": {} begins a conversation'),
        ({"text": "a", "heard": "When?"}, "", '"heard" goes with "context"'),
        ({"text": "a", "context": {}, "asked": "when"}, "asked", "unknown part in asked: 'when' (known: departure."),
        ({"text": "a", "context": {}, "heard": "x" * 2001}, "heard", "a text has 2,001 characters"),
    ],
)  # fmt: skip
def test_what_is_refused(client: TestClient, request_: Any, where: str, error: str) -> None:
    answer = client.post("/tag", json=request_)
    assert answer.status_code == 422
    assert error in answer.json()["error"]
    assert answer.json()["details"][0]["where"] == where


@pytest.mark.parametrize(
    "context",
    [
        b'{"version": 1, "itinerary": {"other": {"\\ud800": "a"}}}',
        b'{"version": 1, "now": "\\udfff"}',
        b'{"version": 1, "itinerary": ' + b"[" * 800 + b"]" * 800 + b"}",
        b'{"version": 1, "itinerary": {"departure": ' + b'{"place": ' * 400 + b"1" + b"}" * 402,
        b'{"version": 1, "turns": NaN}',
        b'{"version": 1, "turns": 1e999}',
        b'{"version": 1, "turns": ' + b"9" * 4000 + b"}",
        b'{"version": ' + b"9" * 4000 + b"}",
    ],
    ids=range(8),
)
def test_hostile_contexts(client: TestClient, context: bytes) -> None:
    body = b'{"text": "to Lima", "context": ' + context + b"}"
    answer = client.post("/tag", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "context" in {one["where"] for one in answer.json()["details"]}


def test_a_conversation_of_many_turns_stays_small(client: TestClient) -> None:
    context: Any = {}
    for number in range(60):
        text = f"and via Boston, or {number} pm, Denver, flight {number} on the {number % 28}th, Lima to Rome then Oslo"
        context = client.post("/tag", json={"text": text, "context": context, "now": NOW}).json()["context"]
    assert len(json.dumps(context)) < MAX_CONTEXT / 4


# --- any context -----------------------------------------------------------------------------------

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-20", "0001-01-01", "9999-12-31", "24:00"])
)
ANY = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places_in(content: Any) -> list[tuple[Any, Any]]:
    """Every place in JSON: the object or list and the key."""
    inside = list(content.items() if isinstance(content, dict) else enumerate(content))
    below = [place for _, one in inside if isinstance(one, dict | list) for place in places_in(one)]
    return [*((content, key) for key, _ in inside), *below]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(),
    text=st.sampled_from([*(text for text, _ in TALK), "1000 years earlier", "an hour later"]),
    heard=st.none() | st.text(max_size=20) | st.just("At noon?"),
    whole=st.booleans(),
)
@example(data=None, text="", heard="", whole=True)
def test_any_context_is_taken_or_refused(
    client: TestClient, data: Any, text: str, heard: str | None, whole: bool
) -> None:
    """A real one with some of it replaced, or anything at all; it never fails, and what is taken can be sent again."""
    context: Any = {}
    for turn, said in (*TALK[:4], *TALK[6:7], *TALK[9:]):
        context = client.post("/tag", json={"text": turn, "context": context, "now": NOW, **said}).json()["context"]
    if data is not None and whole:
        context = data.draw(ANY)
    elif data is not None:
        context = deepcopy(context)
        for _ in range(data.draw(st.integers(1, 3))):
            places = places_in(context)
            holder, key = data.draw(st.sampled_from(places))
            holder[key] = data.draw(ANY)
    body = json.dumps({"text": text, "context": context, "heard": heard}).encode()
    answer = client.post("/tag", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422), answer.text
    if answer.status_code == 200:
        fits(answers.Turn, answer.json())
        again = client.post("/tag", json={"text": text, "context": answer.json()["context"]})
        assert again.status_code == 200, again.text
