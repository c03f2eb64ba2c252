"""`slotfill serve --review`: what its paths answer; tests/server/test_page.py has the page in a browser."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from slotfill.errors import InputError
from slotfill.reviewing.session import Session, begin
from slotfill.server.review import Reviewed
from slotfill.tagger import Tagger
from tests.server.conftest import Start
from tests.server.test_running import PATIENCE, Server

TEXTS = "to taipei\nto são paulo 🧳 maybe\nboston to taipei\n"
PAGE = Path(__file__).parent.parent.parent / "slotfill" / "server" / "page"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.fixture
def session(tagger: Tagger, output: Path) -> Iterator[Session]:
    queries = output.with_name("queries.txt")
    queries.write_text(TEXTS, encoding="utf-8")
    begun = begin(str(queries), output, tagger=tagger, order="file")
    yield begun
    begun.close()


@pytest.fixture
def review(start: Start, session: Session) -> TestClient:
    return start(review=Reviewed(session, "queries.txt, by small"))


def decide(client: TestClient, action: str, text: str | None = None, **labels: Any) -> Any:
    answer = client.post("/review/decisions", json={"text": text, "action": action, **labels})
    return answer.json() | {"status": answer.status_code}


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_first_sentence(review: TestClient) -> None:
    state = review.get("/review/state").json()
    assert {key: state[key] for key in ("title", "done", "total", "skipped")} == {
        "title": "queries.txt, by small", "done": 0, "total": 3, "skipped": 0
    }  # fmt: skip
    assert "toloc.city_name" in state["slots"]
    assert state["intents"] == ["airfare", "flight"]
    asked = state["sentence"]
    assert (asked["text"], asked["intent"], asked["other"], asked["note"]) == ("to taipei", "flight", None, None)
    assert asked["slots"] == [{"name": "toloc.city_name", "start": 3, "end": 9}]
    assert asked["tokens"][1] == {"text": "taipei", "start": 3, "end": 9}
    (row,) = asked["rows"]
    assert (row["name"], row["text"]) == ("toloc.city_name", "taipei")
    assert 0.9 < row["sure"] <= 1
    assert 0 < asked["whole"] <= 1


def test_decisions_are_written_in_code_points(review: TestClient, output: Path) -> None:
    state = decide(review, "accept", "to taipei", slots=[{"name": "x", "start": 0, "end": 9}], intent=None)
    assert (state["status"], state["done"], state["sentence"]["text"]) == (200, 1, "to são paulo 🧳 maybe")
    spans = [{"name": "return_date.day_name", "start": 15, "end": 20}]
    state = decide(review, "accept", "to são paulo 🧳 maybe", slots=spans, intent="new one")
    assert "new one" in state["intents"]
    assert written(output) == [
        {"text": "to taipei", "spans": [{"start": 0, "end": 9, "label": "x"}]},
        {
            "text": "to são paulo 🧳 maybe",
            "spans": [{"start": 15, "end": 20, "label": "return_date.day_name"}],
            "intent": "new one",
        },
    ]


def test_skip_and_undo(review: TestClient, output: Path) -> None:
    assert decide(review, "skip", "to taipei")["skipped"] == 1
    decide(review, "accept", "to são paulo 🧳 maybe", intent="flight")
    state = decide(review, "accept", "boston to taipei")
    assert (state["sentence"], state["done"]) == (None, 2)
    for text in ("boston to taipei", "to são paulo 🧳 maybe", "to taipei"):
        state = decide(review, "undo", state["sentence"] and state["sentence"]["text"])
        assert state["sentence"]["text"] == text
    assert state["done"] == state["skipped"] == 0
    again = decide(review, "undo", "to taipei")
    assert (again["status"], again["error"]) == (409, "there is nothing to take back")
    assert output.read_bytes() == b""


def test_labels_of_the_file_and_of_the_model(start: Start, tagger: Tagger, output: Path) -> None:
    data = output.with_name("data.markup")
    data.write_text("to [taipei](fromloc.city_name)\tflight\n", encoding="utf-8")
    session = begin(str(data), output, tagger=tagger)
    client = start(review=Reviewed(session, ""))
    asked = client.get("/review/state").json()["sentence"]
    assert asked["whose"] == "the file's labels; the model has others"
    assert asked["slots"][0]["name"] == "fromloc.city_name"
    assert asked["other"]["whose"] == "the model's labels"
    decide(client, "accept", "to taipei", **{key: asked["other"][key] for key in ("slots", "intent")})
    asked = decide(client, "undo")["sentence"]
    assert (asked["whose"], asked["other"]["whose"]) == ("the model's labels", "the file's labels")
    decide(client, "accept", "to taipei")
    assert decide(client, "undo")["sentence"]["whose"] == "your labels"


def test_a_page_that_is_behind_decides_nothing(review: TestClient, output: Path) -> None:
    decide(review, "accept", "to taipei")
    again = decide(review, "accept", "to taipei")
    assert (again["status"], again["error"]) == (409, "another page has decided this sentence: reload this one")
    assert len(written(output)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"slots": [{"name": "x", "start": 3, "end": 8}]}, "inside the token"),
        ({"slots": [{"name": "x", "start": 3, "end": 99}]}, "expected 0 <= start < end <= 9"),
        ({"slots": [{"name": "x", "start": 0, "end": 2}, {"name": "x", "start": 0, "end": 2}]}, "overlaps"),
        ({"slots": [{"name": "a b", "start": 0, "end": 2}]}, "cannot name a slot"),
        ({"slots": [{"name": "x", "start": 0}]}, "slots.0.end: it is missing"),
        ({"intent": " "}, "cannot name an intent"),
        ({"action": "burn"}, "action: expected accept, skip or undo"),
        ({"itent": "flight"}, "itent: unknown key; did you mean intent?"),
    ],
)
def test_what_does_not_fit_is_told(review: TestClient, output: Path, change: dict[str, Any], says: str) -> None:
    answer = decide(review, **({"action": "accept", "text": "to taipei"} | change))
    assert (answer["status"], says in answer["error"]) == (422, True), answer
    assert output.read_bytes() == b""


def test_an_output_that_cannot_be_written_is_told(review: TestClient, output: Path) -> None:
    output.write_bytes(b"something else\n")
    answer = decide(review, "accept", "to taipei")
    assert (answer["status"], "another program has changed it" in answer["error"]) == (422, True)
    assert review.get("/review/state").json()["sentence"]["text"] == "to taipei"


def test_without_a_review_there_is_no_page(client: TestClient, review: TestClient) -> None:
    for path in ("/review", "/review/state", "/review.html"):
        assert client.get(path).status_code == 404
    assert review.get("/review").headers["content-type"].startswith("text/html")
    assert review.get("/openapi.json").json()["paths"].keys() == client.get("/openapi.json").json()["paths"].keys()


def test_the_file_is_free_once_the_server_has_stopped(start: Start, session: Session, tagger: Tagger) -> None:
    client = start(review=Reviewed(session, ""))
    with pytest.raises(InputError, match="another review is writing to it"):
        begin(str(session.output.path.with_name("queries.txt")), session.output.path, tagger=tagger)
    client.__exit__(None, None, None)
    begin(str(session.output.path.with_name("queries.txt")), session.output.path, tagger=tagger).close()


@pytest.mark.parametrize(("option", "value"), [("--output", "x.jsonl"), ("--order", "file"), ("--split", "dev")])
def test_the_options_go_with_a_review(tmp_path: Path, option: str, value: str) -> None:
    command = [sys.executable, "-m", "slotfill", "serve", option, value]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=tmp_path)
    assert (done.returncode, f"{option}: it goes with --review" in done.stderr) == (2, True), done.stderr


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "queries.txt").write_text(TEXTS, encoding="utf-8")
    output = tmp_path / "out.markup"
    running = Server("--review", str(tmp_path / "queries.txt"), "--output", str(output), "--order", "file")
    assert running.process.stderr is not None
    assert running.process.stderr.readline() == f"review at http://127.0.0.1:{running.port}/review, into {output}\n"
    connection = running.connect()
    decision = {"text": "to taipei", "action": "accept", "intent": "flight"}
    connection.request("POST", "/review/decisions", json.dumps(decision), {"Content-Type": "application/json"})
    assert json.load(connection.getresponse())["done"] == 1
    connection.close()
    code, _, err = running.end(signal.SIGTERM)
    assert (code, err) == (0, "")
    assert output.read_text(encoding="utf-8") == "to taipei\tflight\n"


def test_every_element_that_the_script_names_is_on_the_page() -> None:
    script, page = (PAGE.joinpath(f"review.{kind}").read_text(encoding="utf-8") for kind in ("js", "html"))
    ids = {*re.findall(r'id="(\w+)"', page)}
    assert {*re.findall(r'at\("(\w+)"\)', script), "accept", "skip", "undo", "other"} <= ids
