"""The socket, uvicorn, and the graceful stop."""

import ipaddress
import signal
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from slotfill.errors import InputError
from slotfill.server.connections import BACKLOG, guarded, room
from slotfill.server.short_way import Short

_GRACE = 5  # seconds beyond a request's time-out, for the answer to be written


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; InputError if the address cannot be used."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise InputError(
            f"cannot listen on {host} port {port}: {error.strerror or error}; try another --port"
        ) from None
    # Every connection inherits this. asyncio does not set it on a socket that does not name its protocol, and without
    # it each answer, sent as head and body, waits 40 ms for the client to acknowledge the head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(listening: socket.socket) -> str:
    """`http://127.0.0.1:8000`."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_private(listening: socket.socket) -> bool:
    """Whether only this machine can reach the socket."""
    return ipaddress.ip_address(listening.getsockname()[0]).is_loopback


def run(
    app: ASGIApp,
    listening: socket.socket,
    *,
    timeout: float,
    on_ready: Callable[[], None],
    on_malformed: Callable[[str], None],
    short: Short | None = None,
) -> None:
    """Serve until SIGTERM, SIGHUP or Ctrl-C; then answer what was accepted, and return.

    `on_malformed` gets the address of who sent what is no request. `short` answers, before `app` is asked, what it can
    (slotfill/server/short_way.py).
    """
    protocol = guarded(most=room(), on_malformed=on_malformed)
    if short is not None:
        protocol.short = staticmethod(short)
    config = uvicorn.Config(
        app,
        http=protocol,
        backlog=BACKLOG,
        log_config=None,  # the access log is ours, and errors go to standard error as they are
        log_level="error",  # a warning for each request that is malformed would fill a disk
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=int(timeout) + _GRACE,
    )
    server = _Server(config, on_ready)
    # Until uvicorn sets its own, and after: at the end it raises once more the signal that stopped it.
    for name, number in (("SIGTERM", signal.SIGTERM), ("SIGINT", signal.SIGINT), ("SIGHUP", signal.SIGTERM)):
        if hasattr(signal, name):  # SIGHUP: the terminal has gone
            signal.signal(getattr(signal, name), lambda *_, number=number: server.handle_exit(number, None))
    server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Says that it is ready only when it listens to signals, too: a stop that follows at once is not lost."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    async def main_loop(self) -> None:
        self.on_ready()
        await super().main_loop()
