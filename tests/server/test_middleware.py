"""What is checked for every request, by an application that answers with the body it gets: no socket, no model."""

import asyncio
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import Message

from slotfill.server.limits import MAX_BODY
from slotfill.server.metrics import Metrics
from slotfill.server.middleware import Middleware

Receive = Callable[[], Awaitable[Message]]
JSON = [(b"content-type", b"application/json")]


async def _echo(scope: Any, receive: Receive, send: Any) -> None:
    body = (await receive()).get("body", b"") if scope["method"] == "POST" else b"hello"
    await Response(body, headers={"X-Content-Type-Options": "mine", "Cache-Control": "public"})(scope, receive, send)


async def _not_at_once(_scope: Any, _body: bytes) -> None:
    return None


def asked(
    receive: Receive | None = None, *, headers: list[tuple[bytes, bytes]], method: str = "GET", version: str = "1.1"
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer."""
    middleware = Middleware(
        _echo,
        tag=_not_at_once,
        soon=lambda *_: False,
        paths={"/"},
        hosts={"localhost"},
        body_timeout=0.05,
        metrics=Metrics(),
        log=lambda _: None,
        log_texts=False,
    )
    scope = {"type": "http", "http_version": version, "method": method, "path": "/", "headers": headers}
    sent: list[Any] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(middleware(scope, receive or nothing, send))
    start, *bodies = sent
    found = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], found, b"".join(body.get("body", b"") for body in bodies)


@pytest.mark.parametrize(
    ("version", "headers", "status"),
    [
        ("1.1", [(b"host", b"localhost")], 200),
        ("1.0", [(b"host", b"localhost")], 200),
        ("1.0", [], 200),  # it had no such header
        ("1.0", [(b"host", b"elsewhere")], 421),
        ("1.1", [], 421),
    ],
)
def test_a_host_is_asked_for(version: str, headers: list[tuple[bytes, bytes]], status: int) -> None:
    assert asked(headers=headers, version=version)[0] == status


@pytest.mark.parametrize("host", [b"localhost", b"elsewhere"])
def test_every_answer_says_what_browsers_may_do(host: bytes) -> None:
    headers = asked(headers=[(b"host", host)])[1]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"):
        assert part in policy


def test_a_body_that_does_not_arrive_is_waited_for_no_longer() -> None:
    begun = False

    async def drips() -> Message:
        nonlocal begun
        if begun:
            await asyncio.sleep(0.01)
        begun = True
        return {"type": "http.request", "body": b" ", "more_body": True}

    status, headers, body = asked(drips, headers=[(b"host", b"localhost"), *JSON], method="POST")
    assert status == 408
    assert headers["connection"] == "close"
    assert b"did not arrive within 0.05 s" in body


def test_a_body_without_end_is_neither_read_for_ever_nor_kept() -> None:
    chunks = 0

    async def flood() -> Message:
        nonlocal chunks
        chunks += 1
        assert chunks < 100, "it reads for ever"
        return {"type": "http.request", "body": bytes(MAX_BODY), "more_body": True}

    tracemalloc.start()
    try:
        status, headers, _ = asked(flood, headers=[(b"host", b"localhost"), *JSON], method="POST")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (status, headers["connection"]) == (413, "close")
    assert peak < 8 * MAX_BODY
