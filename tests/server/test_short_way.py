"""The short way to `POST /tag`: the same answers as by the application, to the byte, and tagged where it should be."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from slotfill.catalogue import summarize
from slotfill.server.app import application
from slotfill.server.connections import BACKLOG, guarded
from slotfill.server.metrics import Metrics
from slotfill.server.middleware import Middleware
from slotfill.server.worker import Worker
from slotfill.tagger import Tagger, find_bundle
from tests.server.conftest import MODEL, PATIENCE, serving

pytestmark = pytest.mark.skipif(
    not hasattr(AutoHTTPProtocol, "_start_asgi_task"), reason="this uvicorn has no place for the short way"
)
NOW = "2026-11-20T09:00"
ROME: dict[str, Any] = {"text": "leave Rome on May 9th", "now": NOW}


class Watched:
    """A tagger that notes its batches and the threads that ask for them."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger
        self.own = tagger.own
        self.batches: list[tuple[bool, list[str]]] = []  # whether in the event loop
        self.let = threading.Event()
        self.let.set()

    def annotate(self, texts: list[str]) -> Any:
        self.batches.append((threading.current_thread() is threading.main_thread(), texts))
        assert self.let.wait(PATIENCE)
        if "poison" in texts:
            raise RuntimeError("a bug")
        return self.tagger.annotate(texts)


class House:
    """A server in the loop of the test."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.long = 0  # requests that took the long way
        self.lines: list[dict[str, Any]] = []

    async def send(self, *parts: bytes, answers: int = 1) -> list[bytes]:
        """The parts, one after another has arrived; as many answers, without their date."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        found = []
        for part in parts:
            writer.write(part)
            await writer.drain()
            for _ in range(10):  # turns of the loop, in which the server reads it
                await asyncio.sleep(0)
        for _ in range(answers):
            head = await reader.readuntil(b"\r\n\r\n")
            lines = [line for line in head.lower().split(b"\r\n") if not line.startswith(b"date:")]
            (length,) = (line for line in lines if line.startswith(b"content-length: "))
            found.append(b"\r\n".join([*sorted(lines), b""]) + await reader.readexactly(int(length.split()[1])))
        if b"connection: close" in found[-1]:
            assert await reader.read() == b""
        writer.close()
        return found


@asynccontextmanager
async def house(tagger: Any, *, short: bool = True, **options: Any) -> AsyncIterator[House]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    found = House(listening.getsockname()[1])
    settings: dict[str, Any] = {"hosts": {"localhost"}, "log": lambda line: found.lines.append(json.loads(line))}
    app: Middleware = application(
        {"small": tagger}, models=[summarize("small", find_bundle(MODEL))], **settings | options
    )

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        found.long += scope["type"] == "http"
        await app(scope, receive, send)

    protocol = guarded(most=100, on_malformed=lambda _: None)
    if short:
        protocol.short = staticmethod(app.short)
    config = uvicorn.Config(
        counted, http=protocol, log_config=None, log_level="critical", server_header=False, ws="none"
    )
    async with serving(config, listening):
        yield found


def request(body: Any, *headers: str, host: str = "localhost", path: str = "/tag") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(content)}", *headers]
    if not any(header.startswith("Content-Type") for header in headers):
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + content


TAKEN = [
    request(ROME),
    request({"texts": ["leave Rome", "arrive Paris on 11/9"], "now": NOW, "date_order": "dmy"}),
    request({"texts": []}),
    request({"text": "leave Rome", "tokens": ["leave", "Rome"], "now": NOW}),
    request({"text": "the 9th", "context": {}, "asked": "return.date", "now": NOW}),
    request(ROME, "Connection: close"),
    request(ROME, "Accept-Encoding: gzip"),
    request({"texts": ["leave Rome on May 9th"] * 9, "now": NOW}, "Accept-Encoding: deflate, gzip"),
    request(ROME, "Content-Type: Application/JSON; charset=utf-8", host="localhost:8000"),
    request(ROME).replace(b"HTTP/1.1", b"HTTP/1.0"),
]
LEFT = [
    request(b"{"),
    request({"text": "leave Rome", "nwo": NOW}),
    request({"text": "leave Rome", "model": "huge"}),
    request({"text": "leave Rome", "tokens": ["arrive"]}),
    request({"text": "leave Rome", "context": {"itinerary": 7}}),
    request({"text": "x" * 3_000}),
    request(b" " * (1 << 20) + b"{}"),
    request(ROME, host="elsewhere.example"),
    request(ROME, "Content-Type: text/plain"),
    request(ROME, path="/tags"),
]


@pytest.mark.parametrize("asked", [*TAKEN, *LEFT])
def test_both_ways_give_the_same(tagger: Tagger, asked: bytes) -> None:
    async def play() -> None:
        async with house(tagger) as short, house(tagger, short=False) as long:
            answers = [await one.send(asked) for one in (short, long)]
            assert answers[0] == answers[1]
            assert [one.long for one in (short, long)] == [int(asked in LEFT), 1]
            lines = [[line | {"time": 0, "ms": 0} for line in one.lines] for one in (short, long)]
            assert lines[0] == lines[1]
            assert len(lines[0]) == 1
            counts = [await counted(one) for one in (short, long)]
            assert counts[0] == counts[1]

    asyncio.run(play())


async def counted(one: House) -> list[bytes]:
    (text,) = await one.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    names = (b"slotfill_requests_total", b"slotfill_sentences_total", b"slotfill_rejected_total")
    found = [line for line in text.splitlines() if line.startswith(names)]
    assert found
    return found


def test_a_token_is_asked_for(tagger: Tagger) -> None:
    async def play() -> None:
        async with house(tagger, token="secret") as opened:
            (refused,) = await opened.send(request(ROME))
            (answered,) = await opened.send(request(ROME, "Authorization: Bearer secret"))
            assert refused.count(b"http/1.1 401 ") == 1
            assert answered.count(b"http/1.1 200 ") == 1
            assert opened.long == 1

    asyncio.run(play())


def test_a_request_in_pieces_takes_the_long_way(tagger: Tagger) -> None:
    async def play() -> None:
        async with house(tagger) as opened:
            (whole,) = await opened.send(request(ROME))
            assert await opened.send(request(ROME)[:-5], request(ROME)[-5:]) == [whole]
            assert opened.long == 1

    asyncio.run(play())


def test_who_waits_to_be_told_to_go_on_is_told(tagger: Tagger) -> None:
    async def play() -> None:
        async with house(tagger) as opened:
            reader, writer = await asyncio.open_connection("127.0.0.1", opened.port)
            writer.write(request(ROME, "Expect: 100-continue"))
            heads = [await reader.readuntil(b"\r\n\r\n") for _ in range(2)]
            assert [head[:13] for head in heads] == [b"HTTP/1.1 100 ", b"HTTP/1.1 200 "]
            writer.close()

    asyncio.run(play())


def test_pipelined_requests_are_answered_in_order(tagger: Tagger) -> None:
    async def play() -> None:
        async with house(tagger) as opened:
            texts = [f"leave Rome on May {day}" for day in range(1, 6)]
            answers = await opened.send(b"".join(request({"text": text}) for text in texts), answers=5)
            assert [json.loads(answer.rpartition(b"\r\n")[2])["text"] for answer in answers] == texts

    asyncio.run(play())


def test_who_waits_too_long_is_told(tagger: Tagger) -> None:
    async def play() -> None:
        watched = Watched(tagger)
        watched.let.clear()
        async with house(watched, timeout=0.2) as opened:
            (late,) = await opened.send(request({"texts": ["leave Rome", "arrive Rome"]}))
            watched.let.set()
            assert b"http/1.1 504 " in late
            assert b"no answer within 0.2 s" in late
            assert opened.lines[0]["status"] == 504
            assert opened.long == 0

    asyncio.run(play())


def test_a_fault_is_not_the_neighbours(tagger: Tagger) -> None:
    async def play() -> None:
        async with house(Watched(tagger)) as opened:
            texts = ["leave Rome", "poison", "arrive Rome"]
            answers = await asyncio.gather(*(opened.send(request({"text": text})) for text in texts))
            statuses = [answer.partition(b"http/1.1 ")[2][:3] for (answer,) in answers]
            assert statuses == [b"200", b"500", b"200"]

    asyncio.run(play())


# --- who tags --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "in_the_loop"),
    [
        (ROME, True),
        ({"text": "x" * 200}, True),
        ({"text": "x" * 201}, False),
        ({"text": "arrive Zürich"}, False),  # perhaps another model's, which takes time to load
        ({"texts": ["leave Rome"] * 2}, False),
    ],
)
def test_a_short_text_is_tagged_in_the_event_loop(tagger: Tagger, asked: Any, in_the_loop: bool) -> None:
    async def play() -> None:
        watched = Watched(tagger)
        async with house(watched) as opened:
            await opened.send(request(asked))
            assert watched.batches[0][0] == in_the_loop

    asyncio.run(play())


def _worker(watched: Watched) -> Worker:
    return Worker(watched, capacity=1_000, metrics=Metrics())  # type: ignore[arg-type]


def _ask(worker: Worker, texts: Sequence[str], *, here: bool = True) -> "asyncio.Future[list[bytes]]":
    settings: dict[str, Any] = {"now": None, "date_order": "mdy", "min_confidence": 0.0, "min_value_confidence": 0.0}
    return worker.enqueue(texts, here=here, **settings)


@pytest.mark.parametrize(
    ("texts", "here", "batches"),
    [
        ([["a"], ["b"], ["c"]], True, [(True, ["a", "b", "c"])]),  # what one turn of the loop brings
        ([["a"], ["b"], ["c", "d"]], True, [(False, ["a", "b", "c", "d"])]),
        ([["x" * 200]] * 11, True, [(False, ["x" * 200] * 11)]),
        ([["a"], ["b"]], False, [(False, ["a", "b"])]),
        ([["a"]] * 300, True, [(True, ["a"] * 256), (False, ["a"] * 44)]),
    ],
)
def test_what_comes_in_one_turn_is_one_batch(
    tagger: Tagger, texts: list[list[str]], here: bool, batches: list[tuple[bool, list[str]]]
) -> None:
    async def play() -> None:
        watched = Watched(tagger)
        worker = _worker(watched)
        worker.start()
        with worker._changed:  # so that the thread cannot begin before all have come
            answers = [_ask(worker, some, here=here) for some in texts]
        found = await asyncio.gather(*answers)
        assert [[json.loads(one)["text"] for one in answer] for answer in found] == texts
        assert watched.batches == batches
        worker.stop()

    asyncio.run(play())


def test_while_the_thread_is_busy_the_loop_tags_nothing(tagger: Tagger) -> None:
    async def play() -> None:
        watched = Watched(tagger)
        watched.let.clear()
        worker = _worker(watched)
        worker.start()
        first = _ask(worker, ["one", "two"])
        while not watched.batches:
            await asyncio.sleep(0)
        second = _ask(worker, ["three"])
        for _ in range(10):
            await asyncio.sleep(0)
        watched.let.set()
        await asyncio.gather(first, second)
        assert watched.batches == [(False, ["one", "two"]), (False, ["three"])]
        worker.stop()

    asyncio.run(play())
