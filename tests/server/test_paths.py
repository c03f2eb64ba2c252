"""What each path answers, and how a request is refused."""

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from slotfill.contrast import contrast
from slotfill.explaining import explain, reasons
from slotfill.recipe_tables import kinds_of
from slotfill.server import problems, schemas
from slotfill.server.limits import MAX_BODY, MAX_CHARACTERS, MAX_EXPLAINED, MAX_TEXTS
from slotfill.tagger import Tagger, find_bundle
from tests.server.conftest import MODEL, Start

QUERIES = (Path(__file__).parent.parent / "golden" / "queries.txt").read_text(encoding="utf-8").splitlines()
NOW = "2026-11-20T09:00"
CLOCK = datetime.fromisoformat(NOW)


def test_one_text_gives_what_tag_gives(client: TestClient, tagger: Tagger) -> None:
    for text in QUERIES:
        answer = client.post("/tag", json={"text": text, "now": NOW})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == tagger.tag([text], now=CLOCK)[0].to_dict()
        assert list(answer.json()) == ["text", "intent", "slots", "frame"]


def test_only_what_is_wrong_takes_the_long_way(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    whole = FastAPI.__call__

    async def watched(app: FastAPI, scope: Scope, receive: Receive, send: Send) -> None:
        taken.append(scope["path"])
        await whole(app, scope, receive, send)

    monkeypatch.setattr(FastAPI, "__call__", watched)
    one, many = {"text": "to Taipei"}, {"texts": ["to Taipei"] * 50}
    assert [client.post("/tag", json=body).status_code for body in (one, many, {**one, "context": {}})] == [200] * 3
    assert taken == []
    assert client.post("/tag", json={"txt": "to Taipei"}).status_code == 422
    assert taken == ["/tag"]


def test_a_long_list_is_compressed_for_those_who_can_read_it(client: TestClient) -> None:
    body = {"texts": ["to Taipei"] * 50, "now": NOW}
    packed = client.post("/tag", json=body, headers={"Accept-Encoding": "gzip"})
    plain = client.post("/tag", json=body, headers={"Accept-Encoding": "identity"})
    assert [answer.headers.get("content-encoding") for answer in (packed, plain)] == ["gzip", None]
    assert packed.json() == plain.json()
    assert [answer.headers.get_list("vary") for answer in (packed, plain)] == [["Accept-Encoding"]] * 2


def test_a_list_gives_a_list_in_order(client: TestClient, tagger: Tagger) -> None:
    answer = client.post("/tag", json={"texts": QUERIES, "now": NOW})
    assert answer.json() == [a.to_dict() for a in tagger.tag(QUERIES, now=CLOCK)]
    assert client.post("/tag", json={"texts": []}).json() == []


def test_tokens_may_be_given(client: TestClient, tagger: Tagger) -> None:
    text, tokens = "to Taipei", ["to", "Tai", "pei"]
    expected = tagger.tag([text], tokens=[tokens], now=CLOCK)[0].to_dict()
    assert expected != tagger.tag([text], now=CLOCK)[0].to_dict()
    assert client.post("/tag", json={"text": text, "tokens": tokens, "now": NOW}).json() == expected
    assert client.post("/tag", json={"texts": [text], "tokens": [tokens], "now": NOW}).json() == [expected]


def test_the_settings_are_those_of_tag(client: TestClient, tagger: Tagger) -> None:
    text = "arrive Taipei on 11/2"
    for settings in (
        {"date_order": "dmy"},
        {"min_confidence": 0.99},
        {"min_value_confidence": 1},
        {"date_order": "mdy", "min_confidence": 1},
    ):
        found = client.post("/tag", json={"text": text, "now": "2026-11-20T09:00:00+05:00", **settings}).json()
        assert found == tagger.tag([text], now=CLOCK, **settings)[0].to_dict()


def test_slots_of_ones_own_have_values(start: Start) -> None:
    bundle = find_bundle(MODEL)
    kinds = kinds_of({"toloc": "text"}, origin="recipe.toml")
    client = start(Tagger.of(bundle._replace(config=bundle.config._replace(slots=kinds))))
    for path in ("/tag", "/explain"):
        frame = client.post(path, json={"text": "arrive Taipei on November 2nd", "now": NOW}).json()["frame"]
        assert frame["other"]["toloc"]["value"] == "Taipei"
        assert "place" not in frame.get("arrival", {})


def test_explain_gives_the_gates_and_the_reasons(client: TestClient, tagger: Tagger) -> None:
    text = "arrive Taipei on 11/2"
    found = client.post("/explain", json={"text": text, "now": NOW, "date_order": "dmy"}).json()
    explanation = explain(tagger, text, now=CLOCK, date_order="dmy")
    assert found == json.loads(json.dumps(explanation.to_dict())) | {"reasons": reasons(explanation)}
    assert len(found["reasons"]) == len(found["slots"])


def test_explain_compares_two_texts(client: TestClient, tagger: Tagger) -> None:
    texts = ("arrive Taipei", "leave Taipei today")
    found = client.post("/explain", json={"text": texts[0], "against": texts[1], "now": NOW}).json()
    two = contrast(tagger, *texts, now=CLOCK)
    for name, explanation in (("first", two.first), ("second", two.second)):
        assert found[name].pop("reasons") == reasons(explanation)
    assert found == json.loads(json.dumps(two.to_dict()))
    small = client.post("/explain", json={"text": texts[0], "against": texts[1], "gates": False}).json()
    assert "difference" not in small
    assert "gates" not in small["second"]
    refused = client.post("/explain", json={"text": texts[0], "against": " "})
    assert refused.status_code == 422
    assert "the text has no word" in refused.json()["error"]


def test_health_models_and_openapi(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    (model,) = client.get("/models").json()
    assert model["name"] == "small"
    assert "toloc.city_name" in model["slots"]
    assert set(client.get("/openapi.json").json()["paths"]) == {"/tag", "/explain", "/health", "/models", "/metrics"}


def test_metrics_count(client: TestClient) -> None:
    client.post("/tag", json={"texts": ["leave Rome", "arrive Rome", "hello"]})
    client.post("/tag", json={"texts": "no list"})
    client.post("/tag", content=b"x" * (MAX_BODY + 1), headers={"Content-Type": "application/json"})
    client.get("/somewhere/else")
    figures = client.get("/metrics").text.splitlines()
    for line in (
        'slotfill_requests_total{path="/tag",status="200"} 1.0',
        'slotfill_requests_total{path="/tag",status="422"} 1.0',
        'slotfill_requests_total{path="other",status="404"} 1.0',
        'slotfill_rejected_total{reason="invalid"} 1.0',
        'slotfill_rejected_total{reason="body size"} 1.0',
        "slotfill_sentences_total 3.0",
        "slotfill_batch_sentences_sum 3.0",
        "slotfill_waiting_sentences 0.0",
        'slotfill_request_seconds_count{path="/tag"} 3.0',
    ):
        assert line in figures


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 422, "expected a JSON object such as"),
        (b"[1]", 422, "expected a JSON object such as"),
        (b"{", 422, "not JSON"),
        (b"\xff", 400, "the JSON cannot be read"),
        (b"[" * 100_000, 400, "the JSON cannot be read"),
        (b"{}", 422, 'either "text" (one sentence) or "texts"'),
        (b'{"text": "a", "texts": ["a"]}', 422, 'either "text" (one sentence) or "texts"'),
        (b'{"text": null}', 422, 'either "text" (one sentence) or "texts"'),
        (b'{"text": "a b", "tokens": ["a"]}', 422, "tokens at 0 are not those of the text: the tokens end before"),
        (b'{"text": "a", "tokens": [["a"]]}', 422, 'expected "tokens" to be a list of strings for "text"'),
        (b'{"texts": ["a"], "tokens": ["a"]}', 422, 'expected "tokens" to be a list of strings for "text"'),
        (b'{"texts": ["a"], "tokens": []}', 422, 'got 1 "texts", but "tokens" of 0'),
        (b'{"text": "a", "tokens": [1]}', 422, "tokens"),
        (b'{"text": 1}', 422, "text: expected a string, got 1"),
        (b'{"texts": ["a", 1]}', 422, "texts.1: expected a string, got 1"),
        (b'{"texts": "a"}', 422, 'texts: expected a list of strings, got "a"'),
        (b'{"text": "a", "nwo": 1}', 422, "nwo: unknown key; did you mean now? (known: asked, "),
        (b'{"sentence": "a"}', 422, "sentence: unknown key (known: asked, "),
        (b'{"Text": "a", "min_conf": 1}', 422, "did you mean text?"),
        (b'{"text": "a", "model": "smal"}', 422, "unknown model; did you mean small? (known: small)"),
        (b'{"text": "a", "timezone": "Taipei"}', 422, "did you mean Asia/Taipei?"),
        (b'{"text": "a", "timezone": "new york"}', 422, "did you mean America/New_York?"),
        (b'{"text": "a", "timezone": "../../etc/passwd"}', 422, "timezone: expected an IANA time zone"),
        (b'{"text": "a", "timezone": "America"}', 422, "timezone: expected an IANA time zone"),
        (b'{"text": "a", "timezone": "UTC+8"}', 422, "timezone: expected an IANA time zone"),
        (b'{"text": "a", "timezone": "\\u0000"}', 422, "timezone: expected an IANA time zone"),
        (b'{"text": "a", "timezone": ""}', 422, "timezone: expected an IANA time zone"),
        (b'{"text": "a", "\\ud800": 1}', 422, "expected a string"),
        (b'{"text": "\\ud800"}', 422, "a surrogate without its other half"),
        (b'{"text": "a", "now": "soon"}', 422, "now: expected a date and time such as 2026-11-20T09:00, got 'soon'"),
        (b'{"text": "a", "date_order": "ymd"}', 422, 'date_order: expected mdy or dmy, got "ymd"'),
        (b'{"text": "a", "min_confidence": 2}', 422, "min_confidence: expected a number from 0 to 1, got 2"),
        (b'{"text": "a", "min_value_confidence": -1}', 422, "min_value_confidence: "),
        (b'{"text": "a", "min_confidence": NaN}', 422, "min_confidence: "),
        (b'{"text": "a", "min_confidence": ' + b"9" * 5000 + b"}", 400, "the JSON cannot be read"),
        (json.dumps({"text": "x" * (MAX_CHARACTERS + 1)}).encode(), 422, "text: a text has 2,001 characters"),
        (json.dumps({"texts": ["x"] * (MAX_TEXTS + 1)}).encode(), 422, "texts: got 1,001 texts"),
        (b" " * (MAX_BODY + 1), 413, "larger than 1,048,576 bytes"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_wrong_is_told(client: TestClient, body: bytes, status: int, says: str) -> None:
    answer = client.post("/tag", content=body, headers=JSON)
    assert answer.status_code == status
    assert list(answer.json()) == (["error", "details"] if status == 422 else ["error"])
    assert says in answer.json()["error"]
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("key", ["model", "timezone", "now", "date_order", "x" * 500_000])
def test_what_is_very_long_is_not_repeated_nor_looked_for(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    looked_for = [0]

    def look(word: str, *_: object, **__: object) -> list[str]:
        looked_for.append(len(word))
        return []

    monkeypatch.setattr(problems, "get_close_matches", look)
    monkeypatch.setattr(schemas, "_nearest_zone", look)
    answer = client.post("/tag", json={"text": "a", key: "taipei " * 20_000})
    assert answer.status_code == 422
    assert len(answer.json()["error"]) < 500
    assert len(answer.content) < 2_000
    assert max(looked_for) <= 40


def test_the_limits_themselves_are_allowed(client: TestClient) -> None:
    assert client.post("/tag", json={"text": "x" * MAX_CHARACTERS}).status_code == 200
    assert len(client.post("/tag", json={"texts": ["x"] * MAX_TEXTS}).json()) == MAX_TEXTS
    whole = b'{"text": "x"}'
    assert client.post("/tag", content=whole.ljust(MAX_BODY), headers=JSON).status_code == 200


def test_what_cannot_be_explained_is_told(client: TestClient) -> None:
    for text, says in (
        (" ", "no word"),
        ("x" * (MAX_EXPLAINED + 1), "501 characters"),
        (",6" * 51, "102 words"),
        ("\ud800", "a surrogate"),
    ):
        answer = client.post("/explain", content=json.dumps({"text": text}), headers=JSON)
        assert answer.status_code == 422
        assert says in answer.json()["error"]


def test_other_paths_and_methods(client: TestClient) -> None:
    assert client.put("/tag").status_code == 405
    assert client.get("/explain").status_code == 405
    assert client.get("/../../pyproject.toml").status_code == 404
    assert client.get("/app.py").status_code == 404
    assert client.options("/tag", headers={"Origin": "http://elsewhere"}).status_code == 405


def test_pages_of_others_stay_out(client: TestClient) -> None:
    """No CORS, no form posts, no foreign name for this address; and our page loads nothing from elsewhere."""
    answer = client.post("/tag", json={"text": "x"}, headers={"Origin": "http://elsewhere"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.post("/tag", content=b'{"text": "x"}', headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.get("/health", headers={"Host": "elsewhere:8000"}).status_code == 421
    assert client.get("/health", headers={"Host": "LOCALHOST"}).status_code == 200
    page = client.get("/")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    pages = ("/", "/docs", "/cell", "/learn", "/chat", "/chat.js", "/chat.css")
    for path in (*pages, "/style.css", "/page.js", "/docs.js", "/cell.js", "/cell.css", "/nets.js", "/icon.svg"):
        text = client.get(path).text.replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", ""), f"{path} names an address"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("[::1]:8000", 200),
        ("[::1]evil.com", 421),
        ("[::1", 421),
        ("localhost:8000:80", 421),
        ("localhost.evil.com", 421),
        ("evil.com#localhost", 421),
        ("", 421),
    ],
)
def test_only_its_own_names_will_do(start: Start, host: str, status: int) -> None:
    assert start(hosts={"localhost", "::1"}).get("/health", headers={"Host": host}).status_code == status


def test_a_token_is_asked_for(start: Start) -> None:
    client = start(token="s3cret:1")
    assert client.get("/health").status_code == 200
    for path in ("/", "/tag?text=x", "/models", "/metrics", "/docs", "/openapi.json"):
        refused = client.get(path)
        assert (refused.status_code, path) == (401, path)
        assert refused.headers["www-authenticate"].startswith("Basic")
        assert "Authorization: Bearer" in refused.json()["error"]
    basic = base64.b64encode(b"anybody:s3cret:1").decode()
    for value in ("Bearer s3cret:1", "bearer s3cret:1", f"Basic {basic}"):
        assert client.post("/tag", json={"text": "x"}, headers={"Authorization": value}).status_code == 200, value
    for value in (
        "Bearer s3cret",
        "Bearer",
        "s3cret:1",
        "Basic ???",
        "Basic czNjcmV0OjE=",
        "Bearer \xfc",
        "Digest s3cret:1",
    ):
        headers = {b"Authorization": value.encode("latin-1")}
        assert client.post("/tag", json={"text": "x"}, headers=headers).status_code == 401, value


def test_any_name_will_do_where_no_hosts_are_given(start: Start) -> None:
    assert start(hosts=None).get("/health", headers={"Host": "elsewhere"}).status_code == 200


def test_the_log_holds_no_text(client: TestClient, log: list[dict[str, Any]]) -> None:
    client.post("/tag", json={"texts": ["secret one", "secret two"]})
    client.get("/secret?secret=secret")
    first, second = log
    assert first["sentences"] == 2
    assert (first["method"], first["path"], first["status"]) == ("POST", "/tag", 200)
    assert first["ms"] > 0
    assert (second["path"], second["status"]) == ("other", 404)
    assert "secret" not in json.dumps(log)


def test_the_log_holds_texts_if_asked(start: Start, log: list[dict[str, Any]]) -> None:
    start(log_texts=True).post("/tag", json={"text": "é"})
    assert log[0]["texts"] == ["é"]
