"""The JSON line is written by hand for speed: it is held equal to `json.dumps` here."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.cli.formats import json_line, to_dict
from slotfill.schema import Alternative, Annotation, Frame, Intent, Slot, Value

# signs that JSON escapes, that break lines, and lone surrogates, among everything else
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from('"\\/\b\f\n\r\t\x00\x1f\x7f\x85\u2028\u2029\ud800\udfff😀')))
CONFIDENCES = st.floats(0, 1)
MAYBE = st.none() | TEXTS
OTHER_PLACES = st.builds(Alternative, MAYBE, TEXTS, MAYBE, MAYBE, st.lists(TEXTS, max_size=2).map(tuple))
VALUES = st.builds(
    Value,
    TEXTS,
    TEXTS,
    MAYBE,
    st.lists(st.integers(0, 30), max_size=3).map(tuple),
    grain=MAYBE,
    to=MAYBE,
    relation=MAYBE,
    country=MAYBE,
    region=MAYBE,
    airports=st.lists(TEXTS, max_size=2).map(tuple),
    alternatives=st.lists(TEXTS | OTHER_PLACES, max_size=2).map(tuple),
    corrected=st.booleans(),
    note=MAYBE,
)
LEGS = st.dictionaries(st.sampled_from(["place", "date", "time"]), VALUES)
OTHERS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS | st.integers(), max_size=3), max_size=3)
ANNOTATIONS = st.builds(
    Annotation,
    TEXTS,
    st.just(()),
    st.just(()),
    st.lists(st.builds(Slot, TEXTS, TEXTS, st.integers(0), st.integers(0), CONFIDENCES), max_size=3).map(tuple),
    st.none() | st.builds(Intent, TEXTS, CONFIDENCES),
    st.none() | st.builds(Frame, LEGS, LEGS, LEGS, st.lists(LEGS, max_size=2).map(tuple), OTHERS),
)


@settings(deadline=None, max_examples=300)
@given(ANNOTATIONS)
def test_a_json_line_is_what_json_dumps_writes(annotation: Annotation) -> None:
    written = json.dumps(to_dict(annotation), ensure_ascii=False)
    for character in "\x85\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    assert json_line(annotation) == f"{written}\n"


@given(ANNOTATIONS)
def test_a_json_line_is_one_line_that_says_everything(annotation: Annotation) -> None:
    line = json_line(annotation)
    assert line.splitlines() == [line[:-1]]
    found: dict[str, Any] = json.loads(line)
    assert found == json.loads(json.dumps(to_dict(annotation)))
    assert list(found) == ["text", "intent", "slots", *(["frame"] if annotation.frame else [])]
