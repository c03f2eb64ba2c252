"""From the texts of a request to the worker of its model, and back."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import Scope

from slotfill.errors import InputError
from slotfill.server.middleware import TEXTS, refusal
from slotfill.server.problems import unknown
from slotfill.server.schemas import ExplainRequest, TagQuery, TagRequest
from slotfill.server.worker import Worker

_Asked: TypeAlias = TagRequest | TagQuery | ExplainRequest


class UnknownModelError(InputError):
    """A request names a model that is not served."""


class Desk:
    """Hands the texts of a request to the worker of its model."""

    def __init__(self, workers: Mapping[str, Worker], timeout: float) -> None:
        """An answer may take `timeout` seconds."""
        self.workers = workers
        self.timeout = timeout
        self.default = next(iter(workers))

    def begin(self, scope: Scope, asked: _Asked, texts: list[str], **work: Any) -> "asyncio.Future[list[bytes]]":
        """The JSON of each text to come; UnknownModelError, or what `Worker.enqueue` raises."""
        scope[TEXTS] = texts
        name = self.default if asked.model is None else asked.model
        if name not in self.workers:
            raise UnknownModelError(unknown("model", name[:40], [*self.workers]))
        return self.workers[name].enqueue(
            texts,
            now=asked.clock,
            date_order=asked.date_order,
            min_confidence=asked.min_confidence,
            min_value_confidence=asked.min_value_confidence,
            **work,
        )

    async def answers(self, scope: Scope, asked: _Asked, texts: list[str], **work: Any) -> list[bytes]:
        """The JSON of each text; TimeoutError, UnknownModelError, or what `Worker.submit` raises."""
        async with asyncio.timeout(self.timeout):
            return await self.begin(scope, asked, texts, **work)

    async def tag(self, scope: Scope, asked: TagRequest) -> Response:
        """The answer to a request; raises what `answers` does."""
        found = await self.answers(scope, asked, asked.sentences, tokens=asked.given, turn=asked.turn)
        return Response(_joined(found, asked), media_type="application/json")

    async def at_once(self, scope: Scope, body: bytes) -> Response | None:
        """The answer to `POST /tag`, or None where something is wrong with it, which the application then tells.

        Through the application a request would take three times as much of the event loop's time.
        """
        try:
            return await self.tag(scope, TagRequest.model_validate_json(body))
        except TimeoutError:
            return too_late(self.timeout)
        except Exception:  # it happens again in the application, which has an answer to each
            return None

    def soon(self, scope: Scope, body: bytes, then: Callable[[bytes | Response | None], None]) -> bool:
        """Whether `then` will get the JSON of `POST /tag`, a response for a request that took too long, or None.

        None, and False at once, where something is wrong with the request, which the application then tells.
        """
        try:
            asked = TagRequest.model_validate_json(body)
            answer = self.begin(scope, asked, asked.sentences, tokens=asked.given, turn=asked.turn, here=True)
        except Exception:  # as in `at_once`
            return False
        timer = answer.get_loop().call_later(self.timeout, answer.cancel)

        def done(answer: "asyncio.Future[list[bytes]]") -> None:
            timer.cancel()
            if answer.cancelled():
                then(too_late(self.timeout))
            elif answer.exception() is not None:
                then(None)
            else:
                then(_joined(answer.result(), asked))

        answer.add_done_callback(done)
        return True


def _joined(found: list[bytes], asked: TagRequest) -> bytes:
    """The JSON of one text, or of a list."""
    return found[0] if asked.texts is None else b"[%b]" % b", ".join(found)


def too_late(timeout: float) -> Response:
    """The answer when an answer has taken more than `timeout` seconds."""
    return refusal(504, f"no answer within {timeout:g} s: send fewer or shorter texts, or try again later")
