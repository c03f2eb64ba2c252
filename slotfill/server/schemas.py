"""The JSON of requests."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from slotfill.clock import clock_of
from slotfill.dialogue.parts import ASKABLE, asked_parts
from slotfill.errors import InputError
from slotfill.server.limits import MAX_CHARACTERS, MAX_CONTEXT, MAX_EXPLAINED, MAX_TEXTS
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

_EXAMPLE = "arrive Taipei on November 2nd"


def _whole(text: str) -> str:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("the text has a surrogate without its other half: send whole characters")
    return text


def _short_enough(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a text has {len(text):,} characters: expected at most {MAX_CHARACTERS:,}; split it")
    return text


def _explainable(text: str) -> str:
    if len(text) > MAX_EXPLAINED:
        raise ValueError(f"the text has {len(text):,} characters: expected at most {MAX_EXPLAINED} to explain")
    return text


def _few_enough(texts: list[str]) -> list[str]:
    if len(texts) > MAX_TEXTS:
        raise ValueError(f"got {len(texts):,} texts: expected at most {MAX_TEXTS:,}; send several requests")
    return texts


def _is_clock(text: str) -> str:
    try:
        clock_of(text)
    except InputError as error:
        raise ValueError(str(error)) from None
    return text


def _are_parts(asked: str | list[str]) -> str | list[str]:
    try:
        asked_parts(asked)
    except InputError as error:
        raise ValueError(str(error)) from None
    return asked


def _sendable(context: dict[str, Any]) -> dict[str, Any]:
    """What could not be sent back is no state; the rest is checked where the turn is taken."""
    try:
        size = len(json.dumps(context, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise ValueError("a text in it has a surrogate without its other half: send whole characters") from None
    except RecursionError:
        raise ValueError("it is nested too deeply: expected the context of an answer, as it came") from None
    if size > MAX_CONTEXT:
        raise ValueError(f"it has {size:,} bytes: expected at most {MAX_CONTEXT:,}; those of answers are far smaller")
    return context


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # what is missing, what is a path, and what is a folder
        guess = _nearest_zone(name[:40].lower())
        meant = f"; did you mean {guess}?" if guess else ""
        raise ValueError(f"expected an IANA time zone such as Asia/Taipei, got {name[:40]!r}{meant}") from None
    return name


@lru_cache(maxsize=64)
def _nearest_zone(name: str) -> str | None:
    """`taipei` -> `Asia/Taipei`."""
    from difflib import get_close_matches

    wanted = name.replace(" ", "_")
    by_name = {known.lower(): known for known in _zones()} | {known.split("/")[-1].lower(): known for known in _zones()}
    near = get_close_matches(wanted, by_name, n=1, cutoff=0.75)
    return by_name[near[0]] if near else None


@lru_cache(maxsize=1)
def _zones() -> list[str]:
    return sorted(available_timezones())  # which reads a whole tree of files


Text = Annotated[str, AfterValidator(_whole), AfterValidator(_short_enough)]
Context = Annotated[dict[str, Any], AfterValidator(_sendable)]
Parts = Annotated[str | list[str], AfterValidator(_are_parts)]
Now = Annotated[str, AfterValidator(_is_clock)]
Zone = Annotated[str, AfterValidator(_is_zone)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt key must not silently mean the default

    model: str | None = Field(
        None, description="The name of a model of GET /models. Default: the first.", examples=["travel"]
    )
    now: Now | None = Field(
        None,
        description="What `tomorrow` counts from, as 2026-11-20T09:00, perhaps with an offset. Default: the present.",
        examples=["2026-11-20T09:00"],
    )
    timezone: Zone | None = Field(
        None,
        description="The traveller's time zone, an IANA name: `now` is read in it, and converted to it if it has an "
        "offset of its own. Default: that of the server.",
        examples=["Asia/Taipei"],
    )
    date_order: Literal["mdy", "dmy"] = Field("mdy", description="How 11/2 is read: month or day first.")
    min_confidence: float = Field(0.0, ge=0, le=1, description="Leave out slots that are less sure.")
    min_value_confidence: float = Field(
        MIN_VALUE_CONFIDENCE, ge=0, le=1, description="Leave null the values that are less sure."
    )

    @property
    def clock(self) -> datetime | None:
        """The traveller's time, with its offset if it is known; None for the local time of the server."""
        moment = None if self.now is None else clock_of(self.now)
        if self.timezone is None:
            return moment
        zone = ZoneInfo(self.timezone)
        if moment is None:
            return datetime.now(zone)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


class TagRequest(_Request):
    """One text, or a list of texts."""

    text: Text | None = Field(
        None, description=f"One sentence, of at most {MAX_CHARACTERS:,} characters.", examples=[_EXAMPLE]
    )
    texts: Annotated[list[Text], AfterValidator(_few_enough)] | None = Field(
        None, description=f"Or a list of at most {MAX_TEXTS:,} sentences."
    )

    tokens: list[str] | list[list[str]] | None = Field(
        None,
        description="The tokens of the text if it is tokenized already; of `texts`, a list of tokens for each.",
        examples=[_EXAMPLE.split()],
    )
    context: Context | None = Field(
        None,
        description="The text is the next turn of a conversation: the `context` of the answer before, as it came; {} "
        "or null begin one. Then `now` and `date_order` count until others are given.",
        examples=[{}],
    )
    asked: Parts | None = Field(
        None,
        description="With `context`: what the system asked for before the turn, one of these or a list of them: "
        f"{', '.join(ASKABLE)}.",
        examples=["departure.date"],
    )
    heard: Text | None = Field(
        None,
        description="With `context`: what the system said before the turn, in its words.",
        examples=["We have one at 6:10 am"],
    )

    @model_validator(mode="after")
    def _has_either(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError('expected either "text" (one sentence) or "texts" (a list of sentences)')
        if self.tokens and isinstance(self.tokens[0], str) != (self.texts is None):
            raise ValueError('expected "tokens" to be a list of strings for "text", a list of such lists for "texts"')
        if self.texts is not None and self.tokens is not None and len(self.texts) != len(self.tokens):
            raise ValueError(f'got {len(self.texts):,} "texts", but "tokens" of {len(self.tokens):,}')
        return self

    @model_validator(mode="after")
    def _goes_with_turns(self) -> Self:
        given = self.model_fields_set
        if "context" not in given:
            if alone := [name for name in ("asked", "heard") if getattr(self, name) is not None]:
                raise ValueError(f'"{alone[0]}" goes with "context": {{}} begins a conversation')
        elif self.text is None:
            raise ValueError('"context" goes with "text": turns come one after another')
        elif others := [name for name in ("tokens", "min_confidence", "min_value_confidence") if name in given]:
            raise ValueError(f'"{others[0]}" does not go with "context": a conversation decides that by itself')
        return self

    @property
    def turn(self) -> dict[str, Any] | None:
        """What the text is the next turn of, for `slotfill.context`; None for a text that stands alone."""
        if "context" not in self.model_fields_set:
            return None
        order = self.date_order if "date_order" in self.model_fields_set else None
        return {"context": self.context, "asked": self.asked, "heard": self.heard, "date_order": order}

    @property
    def sentences(self) -> list[str]:
        """The texts of the request."""
        return (self.texts or []) if self.text is None else [self.text]

    @property
    def given(self) -> list[list[str]] | None:
        """The tokens of each of them, if the request has them."""
        if self.tokens is None:
            return None
        return self.tokens if self.text is None else [self.tokens]  # type: ignore[list-item,return-value]  # checked


class TagQuery(_Request):
    """One text, in the address."""

    text: Text = Field(description=f"One sentence, of at most {MAX_CHARACTERS:,} characters.", examples=[_EXAMPLE])


class ExplainRequest(_Request):
    """One text, or two side by side."""

    text: Annotated[str, AfterValidator(_whole), AfterValidator(_explainable)] = Field(
        description=f"One sentence, of at most {MAX_EXPLAINED} characters.", examples=[_EXAMPLE]
    )
    against: Annotated[str, AfterValidator(_whole), AfterValidator(_explainable)] | None = Field(
        None,
        description="A second sentence, to be compared: the answer has both, and how their gates and states differ.",
        examples=["leave Taipei on November 2nd"],
    )
    gates: bool = Field(True, description="Also the gates and states, which are nine tenths of the answer.")
