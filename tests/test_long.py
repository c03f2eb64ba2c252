"""Long texts: the work grows with the length, not with its square. It is counted in lines of code, not in seconds."""

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import slotfill
from slotfill.readers import markup
from slotfill.resolvers import date_pieces, dates, numbers, places, time_words, times
from slotfill.resolvers.frame import frame_of
from tests.resolvers.conftest import WEDNESDAY, annotation_of

PACKAGE = str(Path(slotfill.__file__).parent)
N = 250  # tokens; and four times as many
PHRASES = (
    "half past",
    "quarter to",
    "six past",
    "7ish",
    "p m",
    "a.m.",
    "in 2 hours",
    "between 2 and",
    "two weeks from",
    "the first day of",
    "friday before",
    "no later than",
    "8 - dec -",
    "12:30",
    "11/2",
    "boston",
)
WORDS = sorted(time_words.VOCABULARY | date_pieces.VOCABULARY | numbers.VOCABULARY)


def steps(work: Callable[[], object]) -> int:
    """The lines of the package that run."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def resolving(words: str, slot: str, count: int) -> Callable[[], object]:
    texts = tuple((words.split() * count)[:count])
    marks = (f"B-{slot}", *[f"I-{slot}"] * (count - 1))
    if slot == "time":
        return lambda: times.resolve(texts, marks)
    return lambda: dates.resolve(texts, marks, today=date(2026, 11, 20), departure=None, order="mdy")


@pytest.mark.parametrize("slot", ["time", "date"])
@pytest.mark.parametrize("words", [*PHRASES, *WORDS[::40]])
def test_the_work_grows_with_the_length(words: str, slot: str) -> None:
    short, long = (steps(resolving(words, slot, count)) for count in (N, 4 * N))
    assert long < 5 * short + 1000


@pytest.mark.parametrize("slot", ["time", "date"])
@pytest.mark.parametrize("words", PHRASES)
def test_no_phrase_is_too_deep(words: str, slot: str) -> None:
    resolving(words, slot, 20 * N)()  # `half past half past ...` was a RecursionError


def test_a_very_long_name_is_not_divided_everywhere() -> None:
    assert places.resolve([("city_name", "london " + "central " * 3)]).kind == "venue"
    short, long = (steps(partial(places.resolve, [("city_name", "new york " * n)])) for n in (N, 4 * N))
    assert long < 5 * short + 1000
    # each way to divide a name is short to tell and long to look up: the lines do not show the square
    few, many = (steps(partial(places.resolve, [("city_name", "london " + "central " * n)])) for n in (11, 12))
    assert many < few


def test_slots_without_end_are_read() -> None:
    short, long = (steps(partial(markup.parse, "fly to [Boston](city) on monday " * n)) for n in (N, 4 * N))
    assert long < 5 * short + 1000


SENTENCES = (
    "fly from [lhr](fromloc.city_name) to [jfk](toloc.city_name) [monday](depart_date.day_name) ",
    "[lhr](fromloc.city_name) [jfk](toloc.city_name) [may](depart_date.month_name) [5](depart_date.day_number) "
    "[2027](depart_time.time) ",
    "i can't leave [oslo](fromloc.city_name) ",
    "not [oslo](toloc.city_name) or [rome](toloc.city_name) no wait [riga](toloc.city_name) ",
)


@pytest.mark.parametrize("words", SENTENCES)
def test_frames_of_many_slots(words: str) -> None:
    short, long = (annotation_of(words * n) for n in (40, 160))
    least, most = (steps(partial(frame_of, one, clock=WEDNESDAY)) for one in (short, long))
    assert most < 5 * least + 1000
