"""Those who connect and do not ask: they are shown out, and nobody else waits for them."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from slotfill.server.connections import BACKLOG, guarded, room
from tests.server.conftest import serving

REQUEST = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def _answers(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers everything with `hello`, `/slow` after a while."""
    if scope["path"] == "/slow":
        await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


class Door:
    """A server with that application in the loop of the test."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.malformed: list[str] = []

    async def knock(self, words: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(words)
        return reader, writer

    async def ask(self, words: bytes = REQUEST) -> bytes:
        reader, writer = await self.knock(words)
        try:
            return await reader.readuntil(b"hello")
        finally:
            writer.close()


@asynccontextmanager
async def door(**limits: Any) -> AsyncIterator[Door]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
    opened = Door(listening.getsockname()[1])
    protocol = guarded(on_malformed=opened.malformed.append, **limits)
    config = uvicorn.Config(_answers, http=protocol, log_config=None, log_level="error", lifespan="off", ws="none")
    async with serving(config, listening):
        yield opened


def test_silence_and_half_a_head_are_shown_out() -> None:
    async def play() -> None:
        async with door(most=100, head=0.2) as opened:
            silent = [await opened.knock(words) for words in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nx: y\r\n")]
            for reader, writer in silent:
                with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                    await reader.readexactly(1)
                writer.close()
            assert b"200" in await opened.ask()

    asyncio.run(play())


def test_a_head_that_drips_is_shown_out() -> None:
    async def play() -> None:
        async with door(most=100, head=0.3) as opened:
            reader, writer = await opened.knock(b"GET / HTTP/1.1\r\n")
            for _ in range(100):
                writer.write(b"a")  # a byte every now and then does not begin the wait anew
                await asyncio.sleep(0.05)
                if reader.at_eof() or reader.exception():
                    break
            assert reader.at_eof() or reader.exception()
            writer.close()

    asyncio.run(play())


def test_an_answer_may_take_longer_than_a_head() -> None:
    async def play() -> None:
        async with door(most=100, head=0.1) as opened:
            assert b"200" in await opened.ask(b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n")

    asyncio.run(play())


def test_a_crowd_that_says_nothing_keeps_nobody_out() -> None:
    async def play() -> None:
        async with door(most=5, head=60) as opened:
            crowd = [await opened.knock() for _ in range(20)]
            for _ in range(3):
                assert b"200" in await opened.ask()
            first, _ = crowd[0]
            with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
                await first.readexactly(1)
            for _, writer in crowd:
                writer.close()

    asyncio.run(play())


def test_who_is_being_answered_is_not_shown_out() -> None:
    async def play() -> None:
        async with door(most=2, head=60) as opened:
            slow = b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n"
            answers = [asyncio.create_task(opened.ask(slow)) for _ in range(2)]
            await asyncio.sleep(0.1)
            crowd = [await opened.knock() for _ in range(10)]
            assert all(b"200" in answer for answer in await asyncio.gather(*answers))
            for _, writer in crowd:
                writer.close()

    asyncio.run(play())


def test_two_requests_of_one_connection() -> None:
    async def play() -> None:
        async with door(most=5, head=60) as opened:
            reader, writer = await opened.knock(REQUEST + REQUEST)
            assert [await reader.readuntil(b"hello") for _ in range(2)]
            writer.write(REQUEST)
            assert b"200" in await reader.readuntil(b"hello")
            writer.close()

    asyncio.run(play())


@pytest.mark.parametrize("words", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\x16\x03\x01\x02\x00"])
def test_what_is_no_request_gets_json(words: bytes) -> None:
    async def play() -> None:
        async with door(most=5, head=0.3) as opened:
            reader, writer = await opened.knock(words + b"\r\n\r\n")
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 400 ")
            assert b"content-type: application/json" in head
            assert json.loads(body) == {"error": "Invalid HTTP request received."}
            assert opened.malformed == ["127.0.0.1"]
            writer.close()

    asyncio.run(play())


LINES, ONE_LINE = b"x: " + b"a" * 9_000 + b"\r\n", b"a" * 9_000
SLOW = b"GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (b"GET / HTTP/1.1\r\n", LINES),
        (b"GET / HTTP/1.1\r\nx: ", ONE_LINE),
        (b"GET /", ONE_LINE),
        (SLOW + b"GET / HTTP/1.1\r\n", LINES),
    ],
    ids=["lines", "one line", "target", "behind another"],
)
def test_a_head_without_end_is_refused(start: bytes, piece: bytes) -> None:
    async def play() -> None:
        async with door(most=5, head=60) as opened:
            reader, writer = await opened.knock(start)
            for _ in range(1_000):
                if reader.at_eof() or opened.malformed:
                    break
                writer.write(piece)
                await asyncio.sleep(0)
            assert opened.malformed == ["127.0.0.1"]
            if b"slow" not in start:  # otherwise it is an answer that is under way, and is cut off
                assert b"the head of the request has more than 65,536 bytes" in await reader.read()
            writer.close()

    asyncio.run(play())


def test_a_large_body_is_no_large_head() -> None:
    async def play() -> None:
        async with door(most=5, head=60) as opened:
            long = b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"a" * 60_000 + b"\r\n\r\n"
            large = b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900000\r\n\r\n" + bytes(900_000)
            reader, writer = await opened.knock(long + large + large + REQUEST)
            for _ in range(4):
                assert b" 200 " in await reader.readuntil(b"hello")
            assert opened.malformed == []
            writer.close()

    asyncio.run(play())


@pytest.fixture
def few_files() -> Iterator[None]:
    """A limit of 300 open files, which may not be raised."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_of_open_files_is_raised_as_far_as_needed(few_files: None) -> None:
    import resource

    assert room(500) == 500
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 500 + BACKLOG


def test_no_more_connections_than_files(few_files: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    def refused(*_: object) -> None:
        raise ValueError("not allowed to raise it")

    monkeypatch.setattr(resource, "setrlimit", refused)
    assert 1 <= room(500) < 300 - BACKLOG
    monkeypatch.undo()
