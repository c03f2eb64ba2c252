"""The paths of the server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from slotfill.catalogue import ModelSummary
from slotfill.errors import InputError
from slotfill.server.metrics import Metrics
from slotfill.server.middleware import MAX_BODY, TEXTS, Middleware, refusal
from slotfill.server.schemas import ExplainRequest, TagRequest
from slotfill.server.worker import QueueFull, Worker
from slotfill.tagger import Tagger

_FILES = {
    "/": ("index.html", "text/html"),
    "/style.css": ("style.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/docs": ("docs.html", "text/html"),
    "/docs.js": ("docs.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_ABOUT = """Labels the places and times of departure and arrival, and every other ATIS slot, in travel requests.

Send JSON with `Content-Type: application/json`. An error is `{"error": "what is wrong, and what to do"}`."""

_EXAMPLE = {
    "text": "arrive Taipei",
    "intent": {"name": "flight", "confidence": 1.0},
    "slots": [{"name": "toloc.city_name", "text": "Taipei", "start": 7, "end": 13, "confidence": 1.0}],
    "frame": {
        "arrival": {
            "place": {
                "text": "Taipei",
                "kind": "city",
                "value": "Taipei",
                "confidence": 1.0,
                "country": "TW",
                "airports": ["TPE", "TSA"],
                "slots": [0],
            }
        }
    },
}


_MESSAGES = {
    400: "the JSON cannot be read",
    404: "there is nothing here: GET /docs lists the paths",
    405: "this path takes another method: GET /docs shows which",
}


def _documented(example: Any) -> dict[int | str, dict[str, Any]]:
    """The responses of a path, for OpenAPI."""
    errors = {
        413: f"The request is larger than {MAX_BODY:,} bytes",
        415: "The content type is not application/json",
        422: "The JSON is not as expected",
        503: "Too many sentences are waiting: try again after the seconds in Retry-After",
        504: "It took too long",
    }
    answers: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {"example": example}}}}
    for status, meaning in errors.items():
        answers[status] = {
            "description": meaning,
            "content": {"application/json": {"example": {"error": "what is wrong, and what to do"}}},
        }
    return answers


def application(
    tagger: Tagger,
    *,
    model: ModelSummary,
    hosts: Collection[str] | None,
    log: Callable[[str], Any],
    log_texts: bool = False,
    queue: int = 20_000,
    timeout: float = 10.0,
) -> ASGIApp:
    """The server as an ASGI application.

    `model` is what GET /models returns; `hosts` are the names that it answers to (None: any); `log` takes one JSON line
    for each request; `queue` is how many sentences may wait; `timeout` is in seconds, for each request.
    """
    metrics = Metrics()
    worker = Worker(tagger, capacity=queue, metrics=metrics)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        worker.start()
        yield
        await asyncio.to_thread(worker.stop)

    app = FastAPI(
        title="slotfill",
        version=version("slotfill"),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # fastapi's pages load scripts from elsewhere
        redoc_url=None,
    )

    async def answers(request: Request, texts: list[str], **work: Any) -> list[bytes]:
        request.scope[TEXTS] = texts
        async with asyncio.timeout(timeout):
            return await worker.submit(texts, **work)

    _add_tagging(app, answers)
    _add_status(app, worker, model=model, metrics=metrics)
    for path, (name, kind) in _FILES.items():
        _add_file(app, path, name, kind)
    _add_errors(app, timeout=timeout)
    paths = {*_FILES, "/tag", "/explain", "/health", "/models", "/metrics", "/openapi.json"}
    return Middleware(
        app, paths=paths, hosts=hosts, body_timeout=timeout, metrics=metrics, log=log, log_texts=log_texts
    )


def _add_tagging(app: FastAPI, answers: Callable[..., Awaitable[list[bytes]]]) -> None:
    @app.post("/tag", responses=_documented(_EXAMPLE), response_class=Response)
    async def tag(request: Request, asked: TagRequest) -> Response:
        """Label one text (the answer is an object) or a list of texts (the answer is a list, in order)."""
        texts = asked.texts if asked.text is None else [asked.text]
        found = await answers(
            request,
            texts or [],
            clock=asked.clock,
            date_order=asked.date_order,
            min_confidence=asked.min_confidence,
            min_value_confidence=asked.min_value_confidence,
        )
        body = found[0] if asked.texts is None else b"[%b]" % b", ".join(found)
        return Response(body, media_type="application/json")

    @app.post("/explain", responses=_documented(_EXAMPLE | {"reasons": [], "gates": {}}), response_class=Response)
    async def explain(request: Request, asked: ExplainRequest) -> Response:
        """Label one text and say why: runners-up, the words that decided, and the gates."""
        settings = {"now": asked.clock, "date_order": asked.date_order}
        (found,) = await answers(request, [asked.text], explained=True, **settings)
        return Response(found, media_type="application/json")


def _add_status(app: FastAPI, worker: Worker, *, model: ModelSummary, metrics: Metrics) -> None:
    @app.get("/health")
    async def health() -> dict[str, str]:
        """Whether the server can tag."""
        if not worker.alive:
            raise HTTPException(503, "the worker has ended: restart the server")
        return {"status": "ok"}

    @app.get("/models")
    async def models() -> list[dict[str, Any]]:
        """The model that is served, with its slots and intents."""
        summary = model._asdict()
        del summary["sources"]
        return [summary]

    @app.get("/metrics", response_class=Response)
    async def figures() -> Response:
        """Requests, sentences, seconds, batches, the queue and rejected requests, in the format of Prometheus."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _add_file(app: FastAPI, path: str, name: str, kind: str) -> None:
    content = files("slotfill.server").joinpath(name).read_bytes()

    @app.api_route(path, methods=["GET", "HEAD"], include_in_schema=False)
    async def file() -> Response:
        return Response(content, media_type=kind)


def _add_errors(app: FastAPI, *, timeout: float) -> None:
    @app.exception_handler(RequestValidationError)
    async def not_as_expected(_: Request, error: RequestValidationError) -> Response:
        return refusal(422, "; ".join(_problem(problem) for problem in error.errors()[:5]))

    @app.exception_handler(InputError)
    async def not_explained(_: Request, error: InputError) -> Response:
        return refusal(422, str(error))

    @app.exception_handler(QueueFull)
    async def full(_: Request, error: QueueFull) -> Response:
        return refusal(503, str(error), headers={"Retry-After": "1"})

    @app.exception_handler(TimeoutError)
    async def too_late(_: Request, __: TimeoutError) -> Response:
        return refusal(504, f"no answer within {timeout:g} s: send fewer or shorter texts, or try again later")

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        message = _MESSAGES.get(error.status_code, error.detail)
        return refusal(error.status_code, message, headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        return refusal(500, "the server made a mistake: see its standard error")


def _problem(problem: dict[str, Any]) -> str:
    """`texts.3: Input should be a valid string`."""
    if problem["type"] == "json_invalid":
        return f"not JSON: {problem['ctx']['error']}, at character {problem['loc'][-1]}"
    if problem["type"] in ("missing", "model_attributes_type", "dict_type") and len(problem["loc"]) == 1:
        return 'expected a JSON object such as {"text": "arrive Taipei"}'
    where = ".".join(str(part) for part in problem["loc"][1:])
    what = "unknown key" if problem["type"] == "extra_forbidden" else problem["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what
