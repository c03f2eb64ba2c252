"""The paths of the server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from slotfill.catalogue import ModelSummary
from slotfill.context import UnfitContext
from slotfill.errors import InputError
from slotfill.server import answers
from slotfill.server.desk import Desk, UnknownModelError, too_late
from slotfill.server.metrics import Metrics
from slotfill.server.middleware import Middleware, refusal
from slotfill.server.problems import details_of, sentence_of
from slotfill.server.review import DECISIONS, PAGE, STATE, Decision, Reviewed, add_review
from slotfill.server.schemas import ExplainRequest, TagQuery, TagRequest
from slotfill.server.worker import QueueFull, UnfitTokens, Worker
from slotfill.tagger import Tagger

_KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FILES = {
    f"/{file.name}": (file.read_bytes(), _KINDS[file.name.rpartition(".")[2]])
    for file in files("slotfill.server").joinpath("page").iterdir()
}
_FILES |= {"/": _FILES.pop("/index.html"), "/docs": _FILES.pop("/docs.html"), "/cell": _FILES.pop("/cell.html")}
_FILES |= {"/learn": _FILES.pop("/learn.html"), "/chat": _FILES.pop("/chat.html")}
_REVIEW_PAGE = _FILES.pop("/review.html")  # only where there is a review

_ABOUT = """Labels the places and times of departure and arrival, and every other ATIS slot, in travel requests.

Send JSON with `Content-Type: application/json`. An error is `{"error": "what is wrong, and what to do"}`."""

_MESSAGES = {
    400: "the JSON cannot be read",
    404: "there is nothing here: GET /docs lists the paths",
    405: "this path takes another method: GET /docs shows which",
}


def application(
    taggers: Mapping[str, Tagger],
    *,
    models: Collection[ModelSummary],
    hosts: Collection[str] | None,
    log: Callable[[str], Any],
    log_texts: bool = False,
    queue: int = 20_000,
    timeout: float = 10.0,
    review: Reviewed | None = None,
    token: str | None = None,
) -> Middleware:
    """The server as an ASGI application.

    `taggers` are by name, the default first, and `models` is what GET /models returns; `hosts` are the names that it
    answers to (None: any); `log` takes one JSON line for each request; `queue` is how many sentences may wait for each
    model; `timeout` is in seconds, for each request. `review` is a review to be done at /review. With a `token`,
    only requests that bring it are answered.
    """
    metrics = Metrics()
    workers = {name: Worker(tagger, capacity=queue, metrics=metrics) for name, tagger in taggers.items()}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        for worker in workers.values():
            worker.start()
        yield
        for worker in workers.values():
            await asyncio.to_thread(worker.stop)
        if review is not None:
            review.session.close()

    app = FastAPI(
        title="slotfill",
        version=version("slotfill"),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # fastapi's pages load scripts from elsewhere
        redoc_url=None,
    )
    desk = Desk(workers, timeout)
    _add_tagging(app, desk)
    _add_status(app, workers.values(), models=models, metrics=metrics, patience=timeout)
    for path, (content, kind) in _FILES.items():
        _add_file(app, path, content, kind)
    paths = {*_FILES, "/tag", "/explain", "/health", "/models", "/metrics", "/openapi.json"}
    if review is not None:
        _add_file(app, PAGE, *_REVIEW_PAGE)
        paths |= {PAGE, STATE, DECISIONS}
        add_review(app, review)
    _add_errors(app, timeout=timeout)
    return Middleware(
        app,
        tag=desk.at_once,
        soon=desk.soon,
        paths=paths,
        hosts=hosts,
        body_timeout=timeout,
        metrics=metrics,
        log=log,
        log_texts=log_texts,
        token=token,
    )


def _add_tagging(app: FastAPI, desk: Desk) -> None:
    tagged: Any = answers.Annotation | answers.Turn | list[answers.Annotation]
    explained: Any = answers.Explanation | answers.Contrast

    @app.post(
        "/tag",
        operation_id="tag",
        responses=answers.documented(tagged, *answers.POSTED, example=answers.TAGGED),
        response_class=Response,
    )
    async def tag(request: Request, asked: TagRequest) -> Response:
        """Label one text (the answer is an object) or a list of texts (the answer is a list, in order).

        With `context`, the text is the next turn of a conversation: the answer also says what it changed, and has the
        itinerary so far and the context for the turn after it. The server keeps nothing.
        """
        return await desk.tag(request.scope, asked)

    @app.get(
        "/tag",
        operation_id="tag_address",
        responses=answers.documented(answers.Annotation, *answers.GOTTEN, example=answers.TAGGED),
        response_class=Response,
    )
    async def tag_address(request: Request, asked: Annotated[TagQuery, Query()]) -> Response:
        """Label the text in the address, for a first try: /tag?text=arrive+Taipei. Programs use POST."""
        (found,) = await desk.answers(request.scope, asked, [asked.text])
        return Response(found, media_type="application/json")

    @app.post(
        "/explain",
        operation_id="explain",
        responses=answers.documented(explained, *answers.POSTED, example=answers.EXPLAINED),
        response_class=Response,
    )
    async def explain(request: Request, asked: ExplainRequest) -> Response:
        """Label a text and say why: runners-up, the words that decided, gates and states. Or compare two texts."""
        texts = [asked.text] if asked.against is None else [asked.text, asked.against]
        (found,) = await desk.answers(request.scope, asked, texts, explained=True, gates=asked.gates)
        return Response(found, media_type="application/json")


def _add_status(
    app: FastAPI,
    workers: Collection[Worker],
    *,
    models: Collection[ModelSummary],
    metrics: Metrics,
    patience: float,
) -> None:
    @app.get(
        "/health",
        operation_id="health",
        responses=answers.documented(answers.Health, *answers.STATUS, 503, example={"status": "ok"}),
    )
    async def health() -> dict[str, str]:
        """Whether the server can tag."""
        if not all(worker.alive for worker in workers):
            raise HTTPException(503, "a worker has ended: restart the server")
        busy = max(worker.busy_for for worker in workers)
        if busy > patience:
            raise HTTPException(503, f"a worker has been at one batch for {busy:.0f} s: try again in a moment")
        return {"status": "ok"}

    @app.get("/models", operation_id="models", responses=answers.documented(list[answers.Model], *answers.STATUS))
    async def listed() -> list[dict[str, Any]]:
        """The models that are served, the default first, with their slots and intents."""
        return [{key: part for key, part in model._asdict().items() if key != "sources"} for model in models]

    figures_text = {"description": "Done", "content": {"text/plain": {"schema": {"type": "string"}}}}

    @app.get(
        "/metrics",
        operation_id="metrics",
        responses={**answers.documented(str, *answers.STATUS), 200: figures_text},
        response_class=Response,
    )
    async def figures() -> Response:
        """Requests, sentences, seconds, batches, the queue and rejected requests, in the format of Prometheus."""
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _add_file(app: FastAPI, path: str, content: bytes, kind: str) -> None:
    @app.api_route(path, methods=["GET", "HEAD"], include_in_schema=False)
    async def file() -> Response:
        return Response(content, media_type=kind)


def _add_errors(app: FastAPI, *, timeout: float) -> None:
    @app.exception_handler(RequestValidationError)
    async def not_as_expected(request: Request, error: RequestValidationError) -> Response:
        details = details_of(error.errors(), keys=_keys(request))
        return refusal(422, sentence_of(details), details=details)

    @app.exception_handler(InputError)
    async def not_usable(_: Request, error: InputError) -> Response:
        where = {UnknownModelError: "model", UnfitTokens: "tokens", UnfitContext: "context"}.get(type(error), "text")
        details: list[answers.Detail] = [{"where": where, "what": str(error), "expected": None}]
        return refusal(422, str(error), details=details)

    @app.exception_handler(QueueFull)
    async def full(_: Request, error: QueueFull) -> Response:
        return refusal(503, str(error), headers={"Retry-After": "1"})

    @app.exception_handler(TimeoutError)
    async def timed_out(_: Request, __: TimeoutError) -> Response:
        return too_late(timeout)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        message = _MESSAGES.get(error.status_code, error.detail)
        return refusal(error.status_code, message, headers=dict(error.headers or {}))

    @app.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        return refusal(500, "the server made a mistake: see its standard error")


def _keys(request: Request) -> list[str]:
    """The keys that a request of this path may have."""
    requests: dict[tuple[str, str], type[BaseModel]] = {
        ("POST", "/tag"): TagRequest,
        ("GET", "/tag"): TagQuery,
        ("POST", "/explain"): ExplainRequest,
        ("POST", DECISIONS): Decision,
    }
    kind = requests.get((request.method, request.url.path))
    return [] if kind is None else list(kind.model_fields)
