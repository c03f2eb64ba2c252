"""The queue: batches, order, refusals, time-outs, faults, and the end."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from slotfill.tagger import Tagger
from tests.server.conftest import Start

PATIENCE = 30  # seconds; a guard against hanging, not a measure


class Gated:
    """A tagger that waits before each batch until it is let on, and notes what it gets."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger
        self.own = tagger.own
        self.begun = threading.Semaphore(0)
        self.let = threading.Semaphore(0)
        self.batches: list[list[str]] = []

    def annotate(self, texts: list[str]) -> Any:
        self.batches.append(texts)
        self.begun.release()
        assert self.let.acquire(timeout=PATIENCE)
        if "poison" in texts:
            raise RuntimeError("a bug")
        return self.tagger.annotate(texts)


@pytest.fixture
def gated(tagger: Tagger) -> Iterator[Gated]:
    gate = Gated(tagger)
    yield gate
    gate.let.release(1000)


@pytest.fixture
def people() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def waiting(client: TestClient) -> float:
    """How many sentences wait."""
    (line,) = [line for line in client.get("/metrics").text.splitlines() if line.startswith("slotfill_waiting")]
    return float(line.split()[1])


def wait_until(client: TestClient, sentences: int) -> None:
    while waiting(client) < sentences:
        pass


def test_what_waits_is_tagged_at_once_and_nobody_gets_anothers_answer(
    start: Start, gated: Gated, people: ThreadPoolExecutor
) -> None:
    client = start(gated)
    first = people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    # each with settings of its own: one batch all the same
    asked = [
        {"text": f"arrive Rome on 11/{day}", "now": f"20{day}-01-01T00:00", "date_order": order}
        for day, order in zip(range(10, 24), ["mdy", "dmy"] * 7, strict=True)
    ]
    others = [people.submit(client.post, "/tag", json=one) for one in asked]
    wait_until(client, len(asked))
    assert client.get("/health").status_code == 200  # the event loop goes on
    gated.let.release(2)
    assert first.result().json()["text"] == "first"
    for one, other in zip(asked, others, strict=True):
        (expected,) = gated.tagger.tag(
            [one["text"]], now=datetime.fromisoformat(one["now"]), date_order=one["date_order"]
        )
        assert other.result().json() == expected.to_dict()
    assert [len(batch) for batch in gated.batches] == [1, len(asked)]


def test_batches_are_bounded(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated)
    first = people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    others = [people.submit(client.post, "/tag", json={"texts": ["x"] * 100}) for _ in range(5)]
    wait_until(client, 500)
    gated.let.release(1000)
    assert [len(other.result().json()) for other in others] == [100] * 5
    assert first.result().status_code == 200
    assert [len(batch) for batch in gated.batches] == [1, 256, 244]


def test_a_long_request_lets_others_pass(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated)
    texts = [f"{number} " + "x" * 1_900 for number in range(20)]  # two slices and a half by their characters
    long = people.submit(client.post, "/tag", json={"texts": texts})
    assert gated.begun.acquire(timeout=PATIENCE)
    short = people.submit(client.post, "/tag", json={"text": "short"})
    wait_until(client, len(texts) - len(gated.batches[0]) + 1)
    gated.let.release(2)
    assert short.result().json()["text"] == "short"
    assert not long.done()
    gated.let.release(1000)
    assert [one["text"] for one in long.result().json()] == texts
    assert [len(batch) for batch in gated.batches] == [8, 9, 4]
    assert gated.batches[1][-1] == "short"


def test_who_has_timed_out_is_tagged_no_further(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated, timeout=0.3)
    long = people.submit(client.post, "/tag", json={"texts": ["x" * 1_900] * 20})
    assert gated.begun.acquire(timeout=PATIENCE)
    assert long.result().status_code == 504
    gated.let.release(1000)
    assert 200 in (client.post("/tag", json={"text": "next"}).status_code for _ in range(100))  # on a slow machine too
    assert max(len(batch) for batch in gated.batches[1:]) == 1


def test_health_tells_of_a_batch_that_takes_too_long(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated, timeout=0.1)
    people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    wait_until(client, 0)
    answers = (client.get("/health") for _ in range(10_000))
    ill = next(answer for answer in answers if answer.status_code != 200)
    assert ill.status_code == 503
    assert "has been at one batch for" in ill.json()["error"]
    gated.let.release(1000)
    assert 200 in (client.get("/health").status_code for _ in range(10_000))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_health_tells_of_a_worker_that_has_ended(start: Start) -> None:
    class Dying:
        own = None

        def annotate(self, texts: list[str]) -> Any:
            raise SystemExit  # which ends the thread

    client = start(Dying(), timeout=0.1)
    assert client.get("/health").status_code == 200
    assert client.post("/tag", json={"text": "first"}).status_code == 504
    ill = client.get("/health")
    assert ill.status_code == 503
    assert "a worker has ended" in ill.json()["error"]


def test_a_full_queue_is_told(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated, queue=10)
    first = people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    large = people.submit(client.post, "/tag", json={"texts": ["x"] * 50})  # nobody else waits: it is taken
    wait_until(client, 50)
    refused = client.post("/tag", json={"text": "one more"})
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"
    assert "50 sentences are waiting" in refused.json()["error"]
    assert 'slotfill_rejected_total{reason="queue full"} 1.0' in client.get("/metrics").text
    gated.let.release(1000)
    assert first.result().status_code == 200
    assert len(large.result().json()) == 50
    assert client.post("/tag", json={"text": "one more"}).status_code == 200


def test_who_waits_too_long_is_told_and_forgotten(start: Start, gated: Gated, people: ThreadPoolExecutor) -> None:
    client = start(gated, timeout=0.3)
    first = people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    late = client.post("/tag", json={"text": "late"})
    assert late.status_code == 504
    assert "no answer within 0.3 s" in late.json()["error"]
    assert first.result().status_code == 504
    gated.let.release(1000)
    assert 200 in (client.post("/tag", json={"text": "next"}).status_code for _ in range(100))  # on a slow machine too
    assert ["late"] not in gated.batches  # nobody wants it any more


def test_a_fault_is_not_the_neighbours(
    start: Start, gated: Gated, people: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    client = start(gated)
    first = people.submit(client.post, "/tag", json={"text": "first"})
    assert gated.begun.acquire(timeout=PATIENCE)
    others = [people.submit(client.post, "/tag", json={"text": text}) for text in ("a", "poison", "b")]
    wait_until(client, 3)
    gated.let.release(1000)
    assert first.result().status_code == 200
    answers = [other.result() for other in others]
    assert [answer.status_code for answer in answers] == [200, 500, 200]
    assert "a bug" not in answers[1].text
