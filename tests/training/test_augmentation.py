"""Copies have other values, and labels that are still exact."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.generator import generate
from slotfill.readers.markup import parse
from slotfill.schema import Example
from slotfill.tags import is_valid, spans_of
from slotfill.training.augmentation import Substituter, substituted, tags_in, units_of

TRAIN = [
    parse(line)
    for line in (
        "from [Boston](fromloc.city_name) to [Denver](toloc.city_name) on [june](depart_date.month_name) "
        "[third](depart_date.day_number)\tflight",
        "to [Salt Lake City](toloc.city_name), [Utah](toloc.state_name), on [may](arrive_date.month_name) "
        "[twenty first](arrive_date.day_number)\tflight",
        "[Delta](airline_name) or [United Airlines](airline_name) from [Portland](fromloc.city_name) "
        "[Maine](fromloc.state_name)",
        "what is [nonstop](flight_stop)?\tother",
        "hello",
    )
]


def values(example: Example) -> list[tuple[str, str]]:
    """Slot names and texts."""
    return [
        (span.name, example.text[example.tokens[span.start].start : example.tokens[span.end - 1].end])
        for span in spans_of(example.tags)
    ]


def check(example: Example) -> None:
    """Tokens match their offsets, in order, with valid tags."""
    assert all(example.text[token.start : token.end] == token.text for token in example.tokens)
    assert all(one.end <= other.start for one, other in zip(example.tokens, example.tokens[1:], strict=False))
    assert len(example.tags) == len(example.tokens)
    assert is_valid(example.tags)


# --- putting other texts into spans ----------------------------------------------------------------


def test_substituted() -> None:
    example = TRAIN[0]
    boston, _, june, _ = spans_of(example.tags)
    found = substituted(example, [(boston, "Rio de Janeiro"), (june, "may")])
    check(found)
    assert found.text == "from Rio de Janeiro to Denver on may third"
    assert values(found) == [
        ("fromloc.city_name", "Rio de Janeiro"),
        ("toloc.city_name", "Denver"),
        ("depart_date.month_name", "may"),
        ("depart_date.day_number", "third"),
    ]
    assert found.intent == "flight"


@settings(deadline=None)
@given(st.integers(0, 1000), st.data())
def test_only_the_values_change(seed: int, data: st.DataObject) -> None:
    """On sentences of the generator, with any names in any of the spans."""
    (example,) = generate(1, seed=seed)
    spans = spans_of(example.tags)
    names = st.sampled_from(["Rome", "São Paulo", "St. Louis", "x", "10:30 p.m.", "a, b"])
    changes = [(span, data.draw(names)) for span in spans if data.draw(st.booleans())]
    found = substituted(example, changes)
    check(found)
    new = dict(changes)
    assert values(found) == [
        (span.name, new.get(span, old)) for span, (_, old) in zip(spans, values(example), strict=True)
    ]
    outside = [
        [token.text for token, tag in zip(e.tokens, e.tags, strict=True) if tag == "O"] for e in (example, found)
    ]
    assert outside[0] == outside[1]


def test_without_substitutions_nothing_changes() -> None:
    assert all(substituted(example, []) == example for example in TRAIN)


# --- which values change together, and for which ---------------------------------------------------


def test_neighbours_of_one_role_are_a_unit() -> None:
    assert [[span.name for span in unit] for example in TRAIN[:3] for unit in units_of(example)] == [
        ["fromloc.city_name"],
        ["toloc.city_name"],
        ["depart_date.month_name", "depart_date.day_number"],
        ["toloc.city_name", "toloc.state_name"],  # a comma between
        ["arrive_date.month_name", "arrive_date.day_number"],
        ["airline_name"],
        ["airline_name"],  # `or` between, and the same name
        ["fromloc.city_name", "fromloc.state_name"],
    ]


def copies(count: int = 200, *, gazetteers: float = 0.0, of: Sequence[Example] = TRAIN) -> list[Example]:
    substituter, rng = Substituter(of, tags=tags_in(of), gazetteers=gazetteers), Random(1)
    found = [substituter.copy(of[n % len(of)], rng) for n in range(count)]
    for example in found:
        check(example)
    return found


def test_values_are_substituted_by_type_whatever_the_role() -> None:
    seen = {name: set[str]() for name in ("fromloc.city_name", "toloc.city_name", "airline_name", "flight_stop")}
    for example in copies():
        for name, text in values(example):
            seen.setdefault(name, set()).add(text)
    cities = {"Boston", "Denver", "Portland"}  # Salt Lake City could not be one without I-fromloc.city_name
    assert seen["fromloc.city_name"] == cities
    assert seen["toloc.city_name"] == cities | {"Salt Lake City"}
    assert seen["airline_name"] == {"Delta", "United Airlines"}
    assert seen["flight_stop"] == {"nonstop"}  # there is no other


def test_a_pair_is_substituted_by_a_pair() -> None:
    pairs = Counter[tuple[str, str]]()
    for example in copies():
        texts = dict(values(example))
        for role in ("fromloc", "toloc"):
            if f"{role}.state_name" in texts:
                pairs[texts[f"{role}.city_name"], texts[f"{role}.state_name"]] += 1
    assert set(pairs) == {("Salt Lake City", "Utah"), ("Portland", "Maine")}
    assert min(pairs.values()) > 10


def test_a_type_whose_values_are_in_a_list_gets_the_names_of_that_list() -> None:
    lists = [["boston", "Denver", "Salt  Lake City", "Ulm", "Gera"], ["delta"], ["nonstop", "monday", "tuesday", "x"]]
    substituter, rng = Substituter(TRAIN, tags=tags_in(TRAIN), gazetteers=1.0, lists=lists), Random(1)
    new: dict[str, set[str]] = {}
    for example in (TRAIN[0], TRAIN[2], TRAIN[3]) * 100:
        for name, text in values(substituter.copy(example, rng)):
            new.setdefault(name, set()).add(text)
    assert {"Denver", "boston", "Ulm", "Gera"} < new["toloc.city_name"] <= {*lists[0]}
    assert new["flight_stop"] == {*lists[2]}
    assert new["airline_name"] == {"Delta", "United Airlines", "delta"}  # half of the values will do


def test_a_list_that_has_few_of_the_values_gives_none() -> None:
    lists = [["Boston", "Ulm", "Gera"], ["Delta Force", "x"]]
    substituter, rng = Substituter(TRAIN, tags=tags_in(TRAIN), gazetteers=1.0, lists=lists), Random(1)
    found = [text for n in range(200) for _, text in values(substituter.copy(TRAIN[n % len(TRAIN)], rng))]
    assert not {"Ulm", "Gera", "Delta Force", "x"} & {*found}


def test_shipped_values_include_names_that_no_sentence_has() -> None:
    own = {text for example in TRAIN for _, text in values(example)}
    new = [(name, text) for example in copies(gazetteers=1.0) for name, text in values(example) if text not in own]
    assert {name for name, _ in new} == {
        "fromloc.city_name", "toloc.city_name", "toloc.state_name", "fromloc.state_name", "airline_name"
    }  # fmt: skip
    for example in copies(gazetteers=1.0):
        texts = dict(values(example))
        if texts.get("fromloc.city_name") == "Birmingham":
            assert texts.get("fromloc.state_name") in (None, "Alabama")


def test_a_copy_has_only_tags_of_the_train_split() -> None:
    assert tags_in(copies(500, gazetteers=0.8)) <= tags_in(TRAIN)
