"""The short way from a connection to `POST /tag` and back: no task, no messages of ASGI, one write.

Uvicorn parses; what it has parsed whole goes to `short` (`Middleware.short`), and all else, as well as whatever `short`
does not take, to the application, as always. This builds on the insides of uvicorn's protocol on httptools. With
another (h11), or an older one that starts its tasks elsewhere, everything goes to the application.
"""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple, TypeAlias

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_Base: Any = AutoHTTPProtocol


class Plain(NamedTuple):
    """An answer as bytes."""

    status: int
    headers: bytes  # lines, each with its end
    body: bytes


# Takes the scope of a request, its body, and what to call with the answer, or with None if the application is to be
# asked after all; returns whether that will be called.
Short: TypeAlias = Callable[[Any, bytes, Callable[[Plain | None], None]], bool]


class ShortWay(_Base):  # type: ignore[misc]
    """A connection."""

    short: Short | None = None
    _reading = False  # whether bytes are being parsed
    _held: Any = None  # a request and the application, until all bytes that came with its head are parsed

    def data_received(self, data: bytes) -> None:
        """Parse, and answer what came whole."""
        self._reading = self.short is not None
        super().data_received(data)
        self._reading = False
        if self._held is not None:
            (cycle, app), self._held = self._held, None
            self._begin(cycle, app)

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if self._reading and self._held is None:
            self._held = cycle, app
        else:
            super()._start_asgi_task(cycle, app)

    def _begin(self, cycle: Any, app: Any) -> None:
        def reply(answer: Plain | None) -> None:
            if answer is None:
                super(ShortWay, self)._start_asgi_task(cycle, app)
            elif not (cycle.disconnected or self.transport.is_closing()):
                self._write(cycle, answer)

        if self.transport.is_closing():  # what came after the request was none
            return
        is_whole = not (cycle.more_body or cycle.waiting_for_100_continue or self.flow.write_paused)
        if not (is_whole and self.short is not None and self.short(cycle.scope, bytes(cycle.body), reply)):
            super()._start_asgi_task(cycle, app)

    def _write(self, cycle: Any, answer: Plain) -> None:
        """Send an answer in one piece."""
        others = b"".join([b"%b: %b\r\n" % header for header in self.server_state.default_headers])
        close = b"" if cycle.keep_alive else b"connection: close\r\n"
        self.transport.write(b"".join([_first(answer.status), others, answer.headers, close, b"\r\n", answer.body]))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()


@cache
def _first(status: int) -> bytes:
    """The first line of an answer."""
    return b"HTTP/1.1 %d %b\r\n" % (status, HTTPStatus(status).phrase.encode())
