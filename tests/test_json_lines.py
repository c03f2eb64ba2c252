"""The JSON line is written by hand for speed: it is held equal to the plain definition here."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.json_lines import json_line
from slotfill.schema import (
    Alternative,
    Annotation,
    DateValue,
    Frame,
    Intent,
    Leg,
    PlaceValue,
    Slot,
    SlotValue,
    TimeValue,
)

# signs that JSON escapes, that break lines, and lone surrogates, among everything else
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\x85\u2028\u2029\ud800\udfff😀')))
CONFIDENCES = st.floats(0, 1)
MAYBE = st.none() | TEXTS
SOME = st.lists(TEXTS, max_size=2).map(tuple)
NUMBERS = st.lists(st.integers(0, 30), max_size=3).map(tuple)
KINDS = st.sampled_from(["city", "airport"]) | TEXTS
OTHER_PLACES = st.builds(Alternative, KINDS, TEXTS, country=MAYBE, region=MAYBE, airports=SOME)
PLACES = st.builds(
    PlaceValue,
    TEXTS,
    KINDS,
    MAYBE,
    NUMBERS,
    country=MAYBE,
    region=MAYBE,
    airports=SOME,
    alternatives=st.lists(OTHER_PLACES, max_size=3).map(tuple),
    homonyms=st.lists(OTHER_PLACES, max_size=3).map(tuple),
    corrected=st.booleans(),
    note=MAYBE,
    confidence=CONFIDENCES,
)
MOMENT = {
    "grain": MAYBE,
    "to": MAYBE,
    "relation": MAYBE,
    "offset": MAYBE,
    "alternatives": SOME,
    "note": MAYBE,
    "confidence": CONFIDENCES,
}
DATES = st.builds(DateValue, TEXTS, MAYBE, NUMBERS, **MOMENT)
TIMES = st.builds(TimeValue, TEXTS, MAYBE, NUMBERS, **MOMENT)
LEGS = st.builds(Leg, st.none() | PLACES, st.none() | DATES, st.none() | TIMES)
SCALARS = TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
OWN = st.builds(
    SlotValue,
    TEXTS,
    TEXTS,
    st.none() | SCALARS,
    NUMBERS,
    currency=MAYBE,
    grain=MAYBE,
    to=st.none() | SCALARS,
    relation=MAYBE,
    alternatives=st.lists(SCALARS, max_size=2).map(tuple),
    note=MAYBE,
    confidence=CONFIDENCES,
)
ONE = TEXTS | st.integers() | OWN | PLACES | DATES | TIMES
OTHERS = st.dictionaries(TEXTS, ONE | st.lists(ONE, max_size=3), max_size=3)
FRAMES = st.builds(Frame, LEGS, LEGS, LEGS, *[st.lists(LEGS, max_size=2).map(tuple)] * 2, OTHERS)
ANNOTATIONS = st.builds(
    Annotation,
    TEXTS,
    st.just(()),
    st.just(()),
    st.lists(st.builds(Slot, TEXTS, TEXTS, st.integers(0), st.integers(0), CONFIDENCES), max_size=3).map(tuple),
    st.none() | st.builds(Intent, TEXTS, CONFIDENCES),
    st.builds(lambda frame, legs: frame.replace(legs=tuple(legs)), FRAMES, st.lists(FRAMES, max_size=2)),
    MAYBE,
)


@settings(max_examples=max(300, settings().max_examples))
@given(ANNOTATIONS)
def test_a_json_line_is_the_plain_one(annotation: Annotation) -> None:
    assert json_line(annotation) == f"{annotation.to_json()}\n"


@settings(deadline=None)
@given(ANNOTATIONS)
def test_a_json_line_is_one_line_that_says_everything(annotation: Annotation) -> None:
    line = json_line(annotation)
    assert line.splitlines() == [line[:-1]]
    found: dict[str, Any] = json.loads(line)
    assert found == json.loads(json.dumps(annotation.to_dict()))
    assert list(found) == ["text", "intent", "slots", "frame", *(["note"] if annotation.note else [])]
