import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.tags import TagError, TokenSpan, char_span, is_valid, may_follow, scheme_of, spans_of, tags_of, to_iob2
from slotfill.tokenizer import tokenize

NAMES = st.sampled_from(["fromloc.city_name", "toloc.city_name", "or"])


@st.composite
def sentences(draw: st.DrawFn) -> tuple[list[TokenSpan], int]:
    """Spans that do not overlap, and the number of tokens."""
    spans = []
    length = 0
    for gap, size, name in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), NAMES), max_size=5)):
        start = length + gap
        length = start + size
        spans.append(TokenSpan(start, length, name))
    return spans, length + draw(st.integers(0, 2))


@given(sentences())
def test_spans_and_tags_are_each_others_inverse(sentence: tuple[list[TokenSpan], int]) -> None:
    spans, length = sentence
    tags = tags_of(spans, length=length)
    assert len(tags) == length
    assert is_valid(tags)
    assert spans_of(tags) == spans


def encoded(spans: list[TokenSpan], length: int, *, scheme: str) -> list[str]:
    """Spans as tags of a scheme, written out from the definition of the scheme."""
    tags = ["O"] * length
    for before, (start, end, name) in zip([None, *spans], spans, strict=False):
        inside = [f"I-{name}"] * (end - start)
        if scheme == "IOB1":
            touches = before is not None and before.end == start and before.name == name
            tags[start:end] = [f"{'B' if touches else 'I'}-{name}", *inside[1:]]
        else:
            last, single = {"IOBES": ("E", "S"), "BILOU": ("L", "U")}[scheme]
            one = end - start == 1
            tags[start:end] = [f"{single}-{name}"] if one else [f"B-{name}", *inside[2:], f"{last}-{name}"]
    return tags


@pytest.mark.parametrize("scheme", ["IOB1", "IOBES", "BILOU"])
@given(sentence=sentences())
def test_other_schemes_become_iob2(scheme: str, sentence: tuple[list[TokenSpan], int]) -> None:
    spans, length = sentence
    tags = encoded(spans, length, scheme=scheme)
    assert to_iob2(tags, scheme=scheme) == tags_of(spans, length=length)
    if spans:
        assert scheme_of([tags, ["O"]]) == scheme
    else:
        assert scheme_of([tags]) == "IOB2"


@given(sentences())
def test_iob2_is_known_as_itself(sentence: tuple[list[TokenSpan], int]) -> None:
    spans, length = sentence
    tags = tags_of(spans, length=length)
    assert scheme_of([tags]) == "IOB2"
    assert to_iob2(tags, scheme="IOB2") == tags


@pytest.mark.parametrize(
    ("previous", "tag", "allowed"),
    [
        ("O", "O", True),
        ("O", "B-a", True),
        ("O", "I-a", False),
        ("B-a", "I-a", True),
        ("I-a", "I-a", True),
        ("B-a", "I-b", False),
        ("I-a", "B-a", True),
        ("I-a", "O", True),
    ],
)
def test_which_tag_may_follow(previous: str, tag: str, *, allowed: bool) -> None:
    assert may_follow(previous, tag) is allowed


@pytest.mark.parametrize(
    ("tags", "valid"),
    [
        ([], True),
        (["O", "B-a", "I-a", "B-a", "O"], True),
        (["I-a"], False),
        (["B-a", "O", "I-a"], False),
        (["B-a", "I-b"], False),
    ],
)
def test_a_sequence_is_valid_if_all_its_steps_are(tags: list[str], *, valid: bool) -> None:
    assert is_valid(tags) is valid


def test_one_slip_does_not_make_a_scheme() -> None:
    assert scheme_of([["B-a", "O", "B-b"], ["O", "I-a"]]) == "IOB2"


def test_letters_of_two_schemes_are_no_scheme() -> None:
    assert scheme_of([["B-a", "E-a"], ["U-a"]]) is None


@pytest.mark.parametrize(
    ("scheme", "tags", "message", "position"),
    [
        ("IOB2", ["O", "I-a"], "tag 2 is I-a after O: in IOB2 a span begins with B-a", 1),
        ("IOB2", ["B-a", "I-b"], "tag 2 is I-b after B-a: in IOB2 a span begins with B-b", 1),
        ("IOBES", ["O", "O", "E-a"], "tag 3 is E-a after O: not allowed in IOBES", 2),
        ("IOBES", ["B-a", "O"], "tag 2 is O after B-a: not allowed in IOBES", 1),
        ("IOBES", ["B-a", "E-b"], "tag 2 is E-b after B-a: not allowed in IOBES", 1),
        ("IOBES", ["S-a", "B-a"], "tag 2 is B-a at the end: IOBES closes a span with E- or S-", 1),
        ("BILOU", ["I-a", "L-a"], "tag 1 is I-a after O: not allowed in BILOU", 0),
        ("BILOU", ["B-a", "I-a"], "tag 2 is I-a at the end: BILOU closes a span with L- or U-", 1),
    ],
)
def test_what_a_scheme_does_not_allow(scheme: str, tags: list[str], message: str, position: int) -> None:
    with pytest.raises(TagError) as caught:
        to_iob2(tags, scheme=scheme)
    assert str(caught.value) == message
    assert caught.value.position == position


def test_char_span() -> None:
    tokens = tokenize("to New York now")
    assert [char_span(tokens, span.start, span.end) for span in spans_of(["O", "B-x", "I-x", "B-y"])] == [
        (3, 11),
        (12, 15),
    ]
