"""Any body and any address: an answer of the type that OpenAPI says, or an error for people. Never a 500.

`FUZZ=5000 pytest tests/server/test_any_request.py` tries more.
"""

import json
from typing import Any
from urllib.parse import urlencode

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slotfill.server import answers
from slotfill.server.schemas import ExplainRequest, TagRequest
from tests.server.test_answers import fits
from tests.server.test_turns import ANY

WORDS = "to from Boston Taipei the 5th at 6 pm next friday or not 11/2 İ ﬁ 台北 明天 \0 $ , ."
PHRASES = st.lists(st.sampled_from([*WORDS.split(" "), "\ud800"]), max_size=9).map(" ".join)
TEXTS = PHRASES | st.text(st.characters(codec=None), max_size=12)
# For each key something that might be right, so that what is wrong with one does not hide what is wrong with another.
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "model": st.sampled_from(["small", None, "travel", ""]),
    "now": st.sampled_from(["2026-11-20T09:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "2026-02-30"]),
    "timezone": st.sampled_from(["Asia/Taipei", "America", "../UTC", "", "\0", "Pacific/Kiritimati"]),
    "date_order": st.sampled_from(["mdy", "dmy"]),
    "min_confidence": st.floats() | st.integers(),
    "min_value_confidence": st.floats(0, 1),
    "text": TEXTS,
    "texts": st.lists(TEXTS, max_size=4),
    "tokens": st.lists(TEXTS | st.lists(TEXTS, max_size=3), max_size=4),
    "context": st.just({}) | ANY,
    "asked": st.sampled_from(["departure.date", ["arrival.place"], "evil"]),
    "heard": TEXTS,
    "against": TEXTS,
    "gates": st.booleans(),
}


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """What is to be tagged, mostly, and some other keys; mostly with something that might be right."""
    keys = [*draw(st.sampled_from([["text"]] * 3 + [["texts"], []]))]
    keys += draw(st.lists(st.sampled_from([*LIKELY, "evil"]), max_size=draw(st.sampled_from([0, 1, 3]))))
    return {key: draw(LIKELY.get(key, ANY) if draw(st.integers(0, 3)) else ANY) for key in keys}


TYPES = ["application/json", "text/plain", "", "application/json; charset=utf-16", "application/x-www-form-urlencoded"]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A body in JSON, as it is or with some of it cut out or replaced."""
    body = json.dumps(draw(bodies())).encode()
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(body)), st.integers(0, len(body)))))
        body = (
            body[:start] + draw(st.sampled_from([b"", b"[" * 999, b"\xff", b'"', b"1e999"]) | st.binary()) + body[end:]
        )
    return body


def check(path: str, answer: Any, body: object) -> None:
    assert answer.status_code in (200, 400, 403, 404, 411, 413, 415, 422), (answer.status_code, answer.text, body)
    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    if answer.status_code != 200:
        fits(answers.Error, found)
    elif path == "/explain":
        fits(answers.Explanation | answers.Contrast, found)
    else:
        fits(answers.Annotation | answers.Turn | list[answers.Annotation], found)


def test_each_key_is_tried() -> None:
    assert set(LIKELY) == {*TagRequest.model_fields, *ExplainRequest.model_fields}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["/tag", "/tag", "/explain"]), damaged(), st.sampled_from(TYPES[:1] * 9 + TYPES[1:]))
@example("/tag", b'{"text": "to Boston"}', TYPES[0])
def test_any_body(client: TestClient, path: str, body: bytes, kind: str) -> None:
    check(path, client.post(path, content=body, headers={"Content-Type": kind}), body)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([*LIKELY, "evil"]), st.text(max_size=9)), max_size=4), st.binary(max_size=9))
def test_any_address(client: TestClient, named: list[tuple[str, str]], raw: bytes) -> None:
    check("/tag", client.get(f"/tag?{urlencode(named)}"), named)
    query = "text=" + "".join(f"%{byte:02x}" for byte in raw)
    check("/tag", client.get(f"/tag?{query}"), raw)
    check("/tag", client.get("/tag?text=%" + raw.hex()), raw)


def test_the_bodies_are_not_all_refused(client: TestClient) -> None:
    """Else only refusals would be tried."""
    statuses = set()

    @settings(max_examples=100, database=None, derandomize=True)
    @given(damaged())
    def tried(body: bytes) -> None:
        statuses.add(client.post("/tag", content=body, headers={"Content-Type": TYPES[0]}).status_code)

    tried()
    assert {200, 422} <= statuses
