"""For every request: the checks that do not depend on the path, the metrics and the access log."""

import asyncio
import base64
import gzip
import hmac
import json
import re
import time
from collections.abc import Awaitable, Callable, Container, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from slotfill.server.answers import Detail
from slotfill.server.limits import MAX_BODY
from slotfill.server.metrics import Metrics
from slotfill.server.short_way import Plain

_PATIENCE = 16  # times MAX_BODY to read and discard, so that the client sees an error and not a broken pipe

_HEADERS = {
    # nothing from elsewhere: no script, style, picture, font or frame
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Encoding",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_NAMES = frozenset(name for name, _ in _RAW_HEADERS)
_SMALL = 1024  # bytes: what is not larger is sent as it is
_EFFORT = 4  # of 9: higher ones take the event loop's time for a few percent

_REASONS = {
    401: "token",
    403: "another site",
    408: "too slow",
    413: "body size",
    421: "host",
    503: "queue full",
    504: "timeout",
}

TEXTS = "slotfill.texts"  # the key under which a path leaves its texts in the scope, for the log


def refusal(
    status: int, message: str, *, details: Sequence[Detail] = (), headers: dict[str, str] | None = None
) -> Response:
    """The response of every error."""
    return JSONResponse({"error": message} | ({"details": details} if details else {}), status, headers)


class Middleware:
    """Lets requests through to `app`, or refuses them."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        tag: Callable[[Scope, bytes], Awaitable[Response | None]],
        soon: Callable[[Scope, bytes, Callable[[bytes | Response | None], None]], bool],
        paths: Container[str],
        hosts: Container[str] | None,
        body_timeout: float,
        metrics: Metrics,
        log: Callable[[str], Any],
        log_texts: bool,
        token: str | None = None,
    ) -> None:
        """`tag` answers a POST to /tag before `app` sees it, or returns None to leave that to `app`.

        `soon` is the same without a coroutine (`Desk.soon`), for `short`.
        Paths that are not in `paths` are counted as `other`. `hosts` are the names to answer to (None: any). A body
        must arrive within `body_timeout` seconds. With a `token`, everything but /health asks for it.
        """
        self.app = app
        self.compressed = _compressed(app)
        self.tag = tag
        self.soon = soon
        self.paths = paths
        self.hosts = hosts
        self.body_timeout = body_timeout
        self.metrics = metrics
        self.log = log
        self.log_texts = log_texts
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [one for one in message["headers"] if one[0] not in _NAMES] + _RAW_HEADERS
            await send(message)

        try:
            answer = await self._answer(scope, receive)
            await answer(scope, receive, sending)
        finally:
            self._record(scope, status, time.perf_counter() - began)

    def short(self, scope: Scope, body: bytes, reply: Callable[[Plain | None], None]) -> bool:
        """Whether a request that has come whole gets its answer by `reply`, without ASGI's messages and a task.

        False, or None to `reply`, where it has to take the long way, by `__call__`: whatever is no right POST to /tag.
        """
        if scope["path"] != "/tag" or scope["method"] != "POST" or len(body) > MAX_BODY:
            return False
        began = time.perf_counter()
        headers = Headers(scope=scope)
        if self._refusal(scope, headers) is not None:
            return False
        may_compress = "gzip" in headers.get("accept-encoding", "")

        def then(answer: bytes | Response | None) -> None:
            if answer is None:
                reply(None)
                return
            plain = _plain(answer, may_compress=may_compress)
            reply(plain)
            self._record(scope, plain.status, time.perf_counter() - began)

        return self.soon(scope, body, then)

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        """The application, or a refusal of this request."""
        headers = Headers(scope=scope)
        may_compress = "gzip" in headers.get("accept-encoding", "")
        app: ASGIApp = self.compressed if may_compress else self.app
        if (refused := self._refusal(scope, headers)) is not None:
            return refused
        if scope["method"] != "POST":
            return app
        try:
            async with asyncio.timeout(self.body_timeout):
                body = await _read(receive)
        except TimeoutError:
            return refusal(
                408, f"the request did not arrive within {self.body_timeout:g} s", headers={"Connection": "close"}
            )
        if body is None:
            return refusal(
                413, f"the request is larger than {MAX_BODY:,} bytes: send several", headers={"Connection": "close"}
            )

        if scope["path"] == "/tag" and (answer := await self.tag(scope, body)) is not None:
            return _compressed(answer) if may_compress and len(answer.body) >= _SMALL else answer

        async def again() -> Message:
            nonlocal body
            if body is None:
                return await receive()
            message, body = {"type": "http.request", "body": body, "more_body": False}, None
            return message

        async def application(scope: Scope, _receive: Receive, send: Send) -> None:
            await app(scope, again, send)

        return application

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """What the head of a request alone is refused for."""
        host = headers.get("host", "" if scope["http_version"] != "1.0" else None)
        if self.hosts is not None and host is not None and _name(host) not in self.hosts:
            # another site may make its own name point here, and read the answers
            return refusal(421, "this server does not answer to that name: start it with --allow-host NAME")
        if self.token is not None and scope["path"] != "/health" and not _has(self.token, headers):
            # a browser asks for a password by itself, whatever the name
            return refusal(
                401,
                "this server asks for a token: send the header `Authorization: Bearer TOKEN`",
                headers={"WWW-Authenticate": 'Basic realm="slotfill", charset="UTF-8"'},
            )
        if scope["method"] != "POST":
            return _of_another_site() if scope["path"] == "/tag" and _is_of_another_site(headers) else None
        if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            # this also keeps other sites out: their pages may not send JSON without asking
            return refusal(415, "expected JSON: send the header `Content-Type: application/json`")
        return None

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        path = scope["path"] if scope["path"] in self.paths else "other"
        texts = scope.get(TEXTS, ())
        self.metrics.count(path, status, seconds)
        if status == HTTPStatus.OK:
            self.metrics.sentences.inc(len(texts))
        elif (scope["method"] == "POST" or path == "/tag") and status != HTTPStatus.INTERNAL_SERVER_ERROR:
            self.metrics.rejected.labels(_REASONS.get(status, "invalid")).inc()
        line = _line(
            (scope.get("client") or ("",))[0],
            method=scope["method"],
            path=path,  # not as it came: people put texts there too
            status=status,
            seconds=seconds,
            sentences=len(texts),
        )
        if self.log_texts:
            line["texts"] = list(texts)
        self.log(_JSON.encode(line))


_LINES = b"".join(b"%b: %b\r\n" % header for header in _RAW_HEADERS)


def _plain(answer: bytes | Response, *, may_compress: bool) -> Plain:
    """An answer with its headers; bytes are JSON."""
    if isinstance(answer, Response):
        lines = b"".join(b"%b: %b\r\n" % header for header in answer.raw_headers)
        return Plain(answer.status_code, lines + _LINES, bytes(answer.body))
    lines = b"content-type: application/json\r\n"
    if may_compress and len(answer) >= _SMALL:
        answer, lines = gzip.compress(answer, _EFFORT, mtime=0), lines + b"content-encoding: gzip\r\n"
    return Plain(HTTPStatus.OK, b"content-length: %d\r\n%b%b" % (len(answer), lines, _LINES), answer)


_JSON = json.JSONEncoder(ensure_ascii=False)


def _compressed(app: ASGIApp) -> ASGIApp:
    return GZipMiddleware(app, minimum_size=_SMALL, compresslevel=_EFFORT)


def malformed(client: str) -> str:
    """The line of the access log for what is no request."""
    return json.dumps(_line(client, method=None, path="other", status=400, seconds=0.0, sentences=0))


def _line(client: str, *, method: str | None, path: str, status: int, seconds: float, sentences: int) -> dict[str, Any]:
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "client": client,
        "method": method,
        "path": path,
        "status": status,
        "ms": round(seconds * 1000, 2),
        "sentences": sentences,
    }


def _has(token: str, headers: Headers) -> bool:
    """Whether a request brings the token, as a bearer or as the password of any name."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    found = given.strip().encode("latin-1")
    if scheme.lower() == "basic":
        try:
            found = base64.b64decode(found, validate=True).partition(b":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(found, token.encode())


def _is_of_another_site(headers: Headers) -> bool:
    """Whether a script or a picture of another site asks; to follow a link from there is no harm."""
    site = headers.get("sec-fetch-site", "none")
    return site not in ("none", "same-origin") and headers.get("sec-fetch-mode") != "navigate"


def _of_another_site() -> Response:
    return refusal(403, "pages of other sites may not ask this server")


async def _read(receive: Receive) -> bytes | None:
    """The body; None if it is too large."""
    parts, size = [], 0
    while size <= MAX_BODY * _PATIENCE:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= MAX_BODY:
            parts.append(part)
        if not message.get("more_body"):
            break
    return b"".join(parts) if size <= MAX_BODY else None


def _name(host: str) -> str:
    """`localhost:8000` -> `localhost`; `[::1]:8000` -> `::1`; of what is no host, nothing."""
    found = re.fullmatch(r"(?:\[([^\[\]]*)\]|([^\[\]:]*))(?::[0-9]*)?", host)
    return (found[1] or found[2]).lower() if found else ""
