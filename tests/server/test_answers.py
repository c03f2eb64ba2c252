"""OpenAPI says what the server answers: real answers fit its types, and its examples are real."""

import gzip
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

import slotfill
from slotfill.config import ModelConfig
from slotfill.folding import folding_named
from slotfill.runtime.weights import shapes_of
from slotfill.server import answers
from slotfill.tagger import Tagger
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary
from tests.server.conftest import Start

NOW = "2026-11-20T09:00"
SENTENCES = (
    "",
    "arrive Taipei on November 2nd",
    "leave Boston for Denver via Chicago or Dallas tomorrow after 6 pm, back in two weeks",
    "to Portland or Springfeild friday or saturday between 2 and 5 pm",
    "what about Lima",
    "flight 117 on United or Delta, $ 400, next friday at 6",
    "december in Paris, not London",
    "LAX-NRT 3 Dec, business",
    "NYC to London on Jan 3, London to Rome Jan 6, Rome to NYC Jan 10",
    "vuelo a Lima mañana por la tarde",
    "11月2日到達台北",
)


@pytest.fixture(scope="session")
def travel() -> Tagger:
    return slotfill.load("travel")


def fits(kind: Any, answer: Any) -> None:
    """It has all keys and no other, and each value is of the type that OpenAPI says."""
    TypeAdapter(kind).validate_json(json.dumps(answer), strict=True, extra="forbid")


def test_answers_fit_their_types(start: Start, travel: Tagger) -> None:
    client = start(travel)
    for order in ("mdy", "dmy"):
        asked = {"texts": SENTENCES, "now": NOW, "date_order": order, "min_value_confidence": 0}
        fits(list[answers.Annotation], client.post("/tag", json=asked).json())
    for text in SENTENCES[1:]:
        fits(answers.Explanation, client.post("/explain", json={"text": text}).json())
    fits(answers.Contrast, client.post("/explain", json={"text": SENTENCES[1], "against": SENTENCES[2]}).json())
    fits(answers.Contrast, client.post("/explain", json={"text": SENTENCES[1], "against": SENTENCES[-1]}).json())
    fits(answers.Annotation, client.get("/tag", params={"text": SENTENCES[1]}).json())
    fits(list[answers.Model], client.get("/models").json())
    fits(answers.Health, client.get("/health").json())
    for refused in (client.get("/nowhere"), client.post("/tag", json={"txt": 1}), client.post("/tag", content=b"x")):
        fits(answers.Error, refused.json())


def test_every_reference_leads_somewhere_and_every_status_has_a_body(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert {"Annotation", "Frame", "PlaceValue", "Error", "TagRequest"} <= set(schemas)

    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            inside = [name for value in part.values() for name in references(value)]
            return [part["$ref"], *inside] if isinstance(part.get("$ref"), str) else inside
        return [name for one in part for name in references(one)] if isinstance(part, list) else []

    assert all(name.removeprefix("#/components/schemas/") in schemas for name in references(document))
    for path, methods in document["paths"].items():
        for method, asked in methods.items():
            for status, answer in asked["responses"].items():
                (content,) = answer["content"].values()
                assert content["schema"], (path, method, status)
            assert asked["operationId"] in ("tag", "tag_address", "explain", "health", "models", "metrics")
    assert set(document["paths"]["/tag"]["post"]["responses"]) == {"200", *map(str, answers.POSTED)}
    nullable = schemas["PlaceValue"]["properties"]["value"]["anyOf"]
    assert {"type": "null"} in nullable
    assert set(schemas["PlaceValue"]["required"]) == {"text", "kind", "value", "confidence", "slots"}
    assert set(schemas["Frame"]["properties"]) >= {"departure", "arrival", "return", "stops", "open", "other"}


def test_the_types_describe_each_field_of_the_structs() -> None:
    """A field that is added to the JSON must be added to OpenAPI."""
    for struct, kind in (
        (slotfill.PlaceValue, answers.PlaceValue),
        (slotfill.DateValue, answers.DateValue),
        (slotfill.TimeValue, answers.TimeValue),
        (slotfill.Slot, answers.Slot),
        (slotfill.Frame, answers.Frame),
    ):
        assert {name.rstrip("_") for name in struct.__match_args__} <= {*kind.__annotations__}


def test_examples_are_what_the_server_answers(start: Start, travel: Tagger) -> None:
    asked = {"text": answers.TAGGED["text"], "now": NOW}

    def rounded(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: rounded(value) for key, value in part.items() if key != "confidence"}
        return [rounded(one) for one in part] if isinstance(part, list) else part

    client = start(travel)
    assert rounded(client.post("/tag", json=asked).json()) == rounded(answers.TAGGED)
    fits(answers.Explanation, answers.EXPLAINED)


def test_a_language_that_the_model_has_not_learnt(start: Start, travel: Tagger) -> None:
    (found,) = start(travel).post("/tag", json={"texts": ["завтра в Москву"]}).json()
    note = "is in Cyrillic script, which the model has not learnt"
    assert found == {"text": "завтра в Москву", "intent": None, "slots": [], "frame": {}, "note": note}


def test_chinese(start: Start, travel: Tagger) -> None:
    client = start(travel)
    texts = ["11月2日到達台北", "arrive Taipei on November 2nd"]
    found = client.post("/tag", json={"texts": texts, "now": NOW}).json()
    assert [one["frame"]["arrival"]["date"]["value"] for one in found] == ["2027-11-02"] * 2
    assert [one["frame"]["arrival"]["place"]["value"] for one in found] == ["Taipei"] * 2
    explained = client.post("/explain", json={"text": texts[0], "now": NOW}).json()
    fits(answers.Explanation, explained)
    assert explained["slots"] == found[0]["slots"]
    assert [token["text"] for token in explained["tokens"]] == ["11", "月", "2", "日", "到", "達", "台", "北"]


def test_the_server_cuts_and_folds_as_the_model_says(start: Start) -> None:
    """A model for Chinese, whose weights are by chance: the server finds what the tagger does."""
    config = ModelConfig(tokenizer="scripts", folding="chinese", hidden=4, word_size=4, character_filters=0)
    words = Vocabulary(["从", "台", "北", "到", "日", "0", "月"])
    tags = LabelSet(["O", "B-city", "I-city"])
    vocabularies = Vocabularies(words, Vocabulary([]), tags, LabelSet([]), fold=folding_named("chinese"))
    tagger = Tagger(config, vocabularies, weights_of(config, vocabularies))
    client = start(tagger)
    texts = ["从台北到11月2日", "從臺北到11月2日"]
    simplified, traditional = (one["slots"] for one in client.post("/tag", json={"texts": texts}).json())
    assert simplified
    assert [slot | {"text": ""} for slot in simplified] == [slot | {"text": ""} for slot in traditional]
    assert all(slot["text"] == texts[1][slot["start"] : slot["end"]] for slot in traditional)


def weights_of(config: ModelConfig, vocabularies: Vocabularies) -> dict[str, Any]:
    rng = np.random.default_rng(3)
    shapes = shapes_of(config, vocabularies)
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    weights["emissions.b"][vocabularies.tags.id("O")] = -2  # so that there are slots
    return weights | {"temperature": np.ones(1, dtype=np.float32)}


def test_a_text_in_the_address(client: TestClient) -> None:
    text = "arrive Taipei & Rome on 11/2"
    settings: dict[str, Any] = {"now": NOW, "date_order": "dmy", "min_confidence": 0.1, "timezone": "Asia/Taipei"}
    found = client.get("/tag", params={"text": text, **settings})
    assert found.json() == client.post("/tag", json={"text": text, **settings}).json()
    for query, says in (
        ("", "text: it is missing"),
        ("?txt=a", "txt: unknown key; did you mean text?"),
        ("?text=a&now=soon", "now: expected a date and time"),
        ("?text=a&min_confidence=two", "min_confidence: expected a number from 0 to 1"),
        ("?text=" + "x" * 2001, "a text has 2,001 characters"),
    ):
        answer = client.get(f"/tag{query}")
        assert answer.status_code == 422
        assert says in answer.json()["error"]


def test_scripts_of_other_sites_cannot_use_the_address(client: TestClient) -> None:
    for site, mode, status in (
        ("cross-site", "no-cors", 403),
        ("same-site", "cors", 403),
        ("cross-site", "navigate", 200),  # a link
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
    ):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
        assert client.get("/tag?text=Rome", headers=headers).status_code == status


def test_details_say_where_what_and_what_was_expected(client: TestClient) -> None:
    answer = client.post("/tag", json={"text": 1, "nwo": 2, "min_confidence": 3}).json()
    by_place = {one["where"]: one for one in answer["details"]}
    assert set(by_place) == {"text", "nwo", "min_confidence"}
    assert by_place["text"]["expected"] == "a string"
    assert "now" in by_place["nwo"]["expected"]
    assert by_place["min_confidence"]["what"] == "expected a number from 0 to 1, got 3"


def test_now_is_that_of_the_time_zone(start: Start, travel: Tagger) -> None:
    client = start(travel)

    def day(**settings: str) -> str:
        found = client.post("/explain", json={"text": "arrive Taipei tomorrow", "gates": False, **settings}).json()
        return str(found["frame"]["arrival"]["date"]["value"])

    taipei = {"timezone": "Asia/Taipei"}
    assert day(now="2026-11-20T20:00") == "2026-11-21"
    assert day(now="2026-11-20T20:00", **taipei) == "2026-11-21"  # it is 8 pm there
    assert day(now="2026-11-20T20:00+00:00", **taipei) == "2026-11-22"  # when it is 4 am there
    assert day(now="2026-11-20T20:00Z", timezone="America/New_York") == "2026-11-21"
    zone = ZoneInfo("Pacific/Kiritimati")  # 14 hours ahead of UTC
    before, found, after = datetime.now(zone), day(timezone="Pacific/Kiritimati"), datetime.now(zone)
    assert datetime.fromisoformat(found).toordinal() - 1 in (before.toordinal(), after.toordinal())


def test_a_request_names_its_model(start: Start, travel: Tagger) -> None:
    class Other:
        own = travel.own

        def annotate(self, texts: list[str]) -> Any:
            return travel.annotate(["arrive Rome"] * len(texts))

    client = start(travel, names=("a", "b"), others={"b": Other()})
    assert [model["name"] for model in client.get("/models").json()] == ["a", "b"]
    for model, city in ((None, "Taipei"), ("a", "Taipei"), ("b", "Rome")):
        found = client.post("/tag", json={"text": "arrive Taipei", "model": model}).json()
        assert found["slots"][0]["text"] == city
    assert client.get("/tag?text=Rome&model=c").json()["error"] == "unknown model (known: a, b)"
    assert client.get("/health").json() == {"status": "ok"}


def test_what_is_large_is_compressed(client: TestClient) -> None:
    asked = {"text": "leave Boston for Denver via Chicago tomorrow after 6 pm, back in two weeks", "now": NOW}
    with client.stream("POST", "/explain", json=asked, headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert json.loads(gzip.decompress(packed))["gates"]
    for path, headers in (("/explain", {"Accept-Encoding": "identity"}), ("/tag", {"Accept-Encoding": "gzip"})):
        small = {"text": "arrive Taipei"} if path == "/tag" else asked
        assert "content-encoding" not in client.post(path, json=small, headers=headers).headers
    without = client.post("/explain", json=asked | {"gates": False})
    assert "gates" not in without.json()
    assert len(without.content) < 8_000
