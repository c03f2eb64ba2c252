"""The paths of a review: the page, what it shows, and what a person decides there (extra paths of `serve --review`)."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from fastapi import FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from slotfill.errors import InputError
from slotfill.readers.alignment import CharSpan, check_intent, tags_of_spans
from slotfill.reviewing.draft import Draft
from slotfill.reviewing.session import Item, Session
from slotfill.schema import Example
from slotfill.server.limits import MAX_CHARACTERS
from slotfill.server.middleware import TEXTS
from slotfill.tags import char_span

PAGE, STATE, DECISIONS = "/review", "/review/state", "/review/decisions"
T = TypeVar("T")
_Name = Annotated[str, Field(max_length=MAX_CHARACTERS)]


class MarkedSlot(BaseModel):
    """A named span of the text, in code points."""

    model_config = ConfigDict(extra="forbid")

    name: _Name
    start: int
    end: int


class Decision(BaseModel):
    """What a person decided about a sentence; `text` is that of the sentence that the page showed, null at the end."""

    model_config = ConfigDict(extra="forbid")

    text: str | None
    action: Literal["accept", "skip", "undo"]
    slots: list[MarkedSlot] = []
    intent: _Name | None = None


class Reviewed(NamedTuple):
    """A review, and what it is of, in words for the page."""

    session: Session
    title: str


def add_review(app: FastAPI, review: Reviewed) -> None:
    """Add the paths to an application; the page itself is a file like the others."""
    lock = asyncio.Lock()  # one decision at a time: each waits for the disk

    async def alone(work: Callable[[], T]) -> T:
        async with lock:
            return await asyncio.to_thread(work)

    @app.get(STATE, include_in_schema=False)
    async def state() -> dict[str, Any]:
        """The sentence that is asked, and how far the review is."""
        return await alone(lambda: state_of(review))

    @app.post(DECISIONS, include_in_schema=False)
    async def decide(request: Request, decision: Decision) -> dict[str, Any]:
        """Take a decision; the answer is the state after it."""
        request.scope[TEXTS] = [] if decision.text is None else [decision.text]
        return await alone(lambda: decided(review, decision))


def decided(review: Reviewed, decision: Decision) -> dict[str, Any]:
    """The state after a decision; 409 if the page shows another sentence than the one that is asked."""
    session = review.session
    item = session.current
    if decision.text != (None if item is None else item.first.text):
        raise HTTPException(409, "another page has decided this sentence: reload this one")
    if decision.action == "undo":
        if not session.undo():
            raise HTTPException(409, "there is nothing to take back")
    elif item is None:
        raise HTTPException(409, "every sentence is decided")
    elif decision.action == "skip":
        session.skip()
    else:
        session.accept(_draft(item.first, decision))
    return state_of(review)


def _draft(first: Draft, decision: Decision) -> Draft:
    """The labels that a page has sent; InputError if they do not fit the sentence."""
    spans = [CharSpan(slot.start, slot.end, slot.name, f"slots.{n}") for n, slot in enumerate(decision.slots)]
    try:
        tags = tags_of_spans(spans, text=first.text, tokens=first.tokens)
        check_intent(decision.intent)
    except ValueError as error:
        raise InputError(str(error)) from None
    return Draft.of(Example(first.text, first.tokens, tags, decision.intent, first.values))


def state_of(review: Reviewed) -> dict[str, Any]:
    """What the page shows, as JSON."""
    session = review.session
    shown: dict[str, Any] = {
        "title": review.title,
        "done": session.done,
        "total": session.total,
        "skipped": session.skipped,
        "slots": session.names.slots,
        "intents": session.names.intents,
        "sentence": None,
    }
    if session.current is not None and session.draft is not None:
        shown["sentence"] = _sentence(session, session.current, session.draft)
    return shown


def _sentence(session: Session, item: Item, draft: Draft) -> dict[str, Any]:
    guesses = session.guesses(item)
    found = item.found.intent
    rows = []
    for slot in draft.slots:
        other = guesses.instead(slot)
        start, end = char_span(draft.tokens, slot.start, slot.end)
        row: dict[str, Any] = {"name": slot.name, "text": draft.text[start:end], "sure": round(guesses.sure(slot), 4)}
        rows.append(row | ({"instead": other.name, "probability": round(other.probability, 4)} if other else {}))
    for token, maybe in guesses.missed(draft):
        row = {"name": maybe.name, "text": draft.tokens[token].text, "sure": round(maybe.probability, 4)}
        rows.append(row | {"maybe": True})
    return {
        **_labels(draft),
        "text": draft.text,
        "tokens": [{"text": token.text, "start": token.start, "end": token.end} for token in draft.tokens],
        "rows": rows,
        "whole": round(item.doubt.whole, 4),
        "intent_sure": round(found.confidence, 4) if found is not None and found.name == draft.intent else None,
        **_other(item, draft),
        "note": item.found.note,
    }


def _other(item: Item, draft: Draft) -> dict[str, Any]:
    """The labels of the model beside those of the file, or the other way round, and whose they are."""
    if item.other is None:
        return {"whose": None, "other": None}
    if draft == item.other:
        return {"whose": "the model's labels", "other": _labels(item.first) | {"whose": "the file's labels"}}
    whose = "the file's labels; the model has others" if draft == item.first else "your labels"
    return {"whose": whose, "other": _labels(item.other) | {"whose": "the model's labels"}}


def _labels(draft: Draft) -> dict[str, Any]:
    """The slots and the intent of a draft."""
    spans = [(*char_span(draft.tokens, slot.start, slot.end), slot.name) for slot in draft.slots]
    return {
        "slots": [{"name": name, "start": start, "end": end} for start, end, name in spans],
        "intent": draft.intent,
    }
