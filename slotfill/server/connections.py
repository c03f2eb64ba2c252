"""Connections that never ask: how long one may wait for its request, and how many there may be.

A request has to begin within HEAD seconds of the connection, or of the first byte after the last answer, and its head
has to end by then, and within LARGEST_HEAD bytes. One connection too many closes the one that has waited longest
without a request, so that a crowd that says nothing keeps nobody out.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slotfill.server.short_way import ShortWay

HEAD = 10.0  # seconds for the head of a request
LARGEST_HEAD = 1 << 16  # bytes, beyond those that come with its first; httptools would keep any number of them
BACKLOG = 128  # connections that are accepted at once
MOST = 1_000  # connections
_OTHERS = 64  # files that are not connections: the model, the log, libraries


def room(wanted: int = MOST) -> int:
    """How many connections there may be: `wanted`, or fewer if the system allows fewer open files.

    It asks the system for more first. asyncio accepts up to BACKLOG connections before it looks at one of them.
    """
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + BACKLOG + _OTHERS
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    with suppress(OSError, ValueError):  # it may be forbidden
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (needed if hard == resource.RLIM_INFINITY else min(needed, hard), hard)
        )
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, min(wanted, soft - BACKLOG - _OTHERS))


class _Bounded(ShortWay):
    """A connection whose requests have heads that end."""

    _head: int | None = None  # bytes of a head that has begun

    @property
    def is_being_answered(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += len(data)
        super().data_received(data)
        if self._head is not None and self._head > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response(f"the head of the request has more than {LARGEST_HEAD:,} bytes")

    def refuse(self, problem: str) -> None:
        """Answer with an error in JSON, and close; cut off an answer that is under way, of which it must be no part."""
        if self.is_being_answered:
            self.transport.abort()
            return
        body = json.dumps({"error": problem}).encode()
        start = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: %d\r\n" % len(body)
        self.transport.write(start + b"connection: close\r\n\r\n" + body)
        self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins, says httptools; h11 has a limit of its own."""
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head has ended."""
        self._head = None
        super().on_headers_complete()


def guarded(*, most: int, on_malformed: Callable[[str], None], head: float = HEAD) -> type[ShortWay]:
    """Uvicorn's protocol, with at most `most` connections and `head` seconds for the head of a request.

    `on_malformed` gets the address of who sent what is no request.
    """
    silent: dict[Any, None] = {}  # connections without a request, the one that waits longest first

    class Guarded(_Bounded):
        """One connection."""

        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self._expect()
            while len(self.connections) > most:
                if not silent:
                    transport.abort()  # all others are being answered
                    return
                oldest = next(iter(silent))
                oldest.relax()
                self.connections.discard(oldest)
                oldest.transport.abort()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.is_being_answered:
                self.relax()
            else:
                self._expect()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self.is_being_answered:
                silent[self] = None  # uvicorn closes it if no byte follows

        def connection_lost(self, exc: Exception | None) -> None:
            self.relax()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            """Refuse what is no request as everything else is refused, in JSON."""
            on_malformed(self.client[0] if self.client else "")
            self.refuse(msg)

        def relax(self) -> None:
            """Expect nothing of this connection."""
            silent.pop(self, None)
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _expect(self) -> None:
            silent.setdefault(self)
            if self._deadline is None:
                self._deadline = self.loop.call_later(head, self._close)

        def _close(self) -> None:
            self.relax()
            self.transport.abort()

    return Guarded
