"""The JSON of requests."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from slotfill.clock import clock_of
from slotfill.errors import InputError
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

MAX_TEXTS = 1_000  # a request
MAX_CHARACTERS = 2_000  # a text
MAX_EXPLAINED = 500  # characters: each token is left out once, so the work grows with the square


def _whole(text: str) -> str:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("the text has a surrogate without its other half: send whole characters")
    return text


def _short_enough(text: str) -> str:
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a text has {len(text):,} characters: expected at most {MAX_CHARACTERS:,}; split it")
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


Text = Annotated[str, AfterValidator(_whole), AfterValidator(_short_enough)]
Now = Annotated[str, AfterValidator(_is_clock)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")  # a misspelt key must not silently mean the default

    now: Now | None = Field(
        None,
        description="What `tomorrow` counts from, as 2026-11-20T09:00. Default: the server's local time.",
        examples=["2026-11-20T09:00"],
    )
    date_order: Literal["mdy", "dmy"] = Field("mdy", description="How 11/2 is read: month or day first.")

    @property
    def clock(self) -> datetime | None:
        """`now`, parsed."""
        return None if self.now is None else clock_of(self.now)


class TagRequest(_Request):
    """One text, or a list of texts."""

    text: Text | None = Field(
        None,
        description=f"One sentence, of at most {MAX_CHARACTERS:,} characters.",
        examples=["arrive Taipei on November 2nd"],
    )
    texts: Annotated[list[Text], AfterValidator(_few_enough)] | None = Field(
        None, description=f"Or a list of at most {MAX_TEXTS:,} sentences."
    )
    min_confidence: float = Field(0.0, ge=0, le=1, description="Leave out slots that are less sure.")
    min_value_confidence: float = Field(
        MIN_VALUE_CONFIDENCE, ge=0, le=1, description="Leave null the values that are less sure."
    )

    @model_validator(mode="after")
    def _has_either(self) -> Self:
        if (self.text is None) == (self.texts is None):
            raise ValueError('expected either "text" (one sentence) or "texts" (a list of sentences)')
        return self


class ExplainRequest(_Request):
    """One text."""

    text: Annotated[str, AfterValidator(_whole)] = Field(
        description=f"One sentence, of at most {MAX_EXPLAINED} characters.", examples=["arrive Taipei on November 2nd"]
    )

    @model_validator(mode="after")
    def _explainable(self) -> Self:
        if len(self.text) > MAX_EXPLAINED:
            raise ValueError(f"the text has {len(self.text):,} characters: expected at most {MAX_EXPLAINED} to explain")
        return self
