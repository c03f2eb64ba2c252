"""Copies have other values, and labels that are exact all the same."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.config import DataConfig, ModelConfig
from slotfill.generator import generate
from slotfill.readers.markup import _parse as parse
from slotfill.schema import Example
from slotfill.tags import is_valid, spans_of
from slotfill.tokenizer import tokenize
from slotfill.training.augmentation import (
    Mixture,
    Substituter,
    build_vocabularies,
    own_gazetteers,
    relabelled,
    shipped_gazetteers,
    substituted,
    tags_in,
    units_of,
)

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
    """Slot names and what stands in them."""
    return [
        (span.name, example.text[example.tokens[span.start].start : example.tokens[span.end - 1].end])
        for span in spans_of(example.tags)
    ]


def check(example: Example) -> None:
    """Tokens are where they say they are, in order, with valid tags."""
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
def test_all_but_the_values_stays(seed: int, data: st.DataObject) -> None:
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


def test_nothing_changed_is_the_same() -> None:
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


def test_values_are_swapped_by_type_whatever_the_role() -> None:
    seen = {name: set[str]() for name in ("fromloc.city_name", "toloc.city_name", "airline_name", "flight_stop")}
    for example in copies():
        for name, text in values(example):
            seen.setdefault(name, set()).add(text)
    cities = {"Boston", "Denver", "Portland"}  # Salt Lake City could not be one without I-fromloc.city_name
    assert seen["fromloc.city_name"] == cities
    assert seen["toloc.city_name"] == cities | {"Salt Lake City"}
    assert seen["airline_name"] == {"Delta", "United Airlines"}
    assert seen["flight_stop"] == {"nonstop"}  # there is no other


def test_a_pair_is_swapped_for_a_pair() -> None:
    pairs = Counter[tuple[str, str]]()
    for example in copies():
        texts = dict(values(example))
        for role in ("fromloc", "toloc"):
            if f"{role}.state_name" in texts:
                pairs[texts[f"{role}.city_name"], texts[f"{role}.state_name"]] += 1
    assert set(pairs) == {("Salt Lake City", "Utah"), ("Portland", "Maine")}
    assert min(pairs.values()) > 10


def test_lexicons_have_names_that_no_sentence_has() -> None:
    own = {text for example in TRAIN for _, text in values(example)}
    new = [(name, text) for example in copies(gazetteers=1.0) for name, text in values(example) if text not in own]
    assert {name for name, _ in new} == {
        "fromloc.city_name", "toloc.city_name", "toloc.state_name", "fromloc.state_name", "airline_name"
    }  # fmt: skip
    for example in copies(gazetteers=1.0):
        texts = dict(values(example))
        if texts.get("fromloc.city_name") == "Birmingham":
            assert texts.get("fromloc.state_name") in (None, "Alabama")


def test_a_copy_has_no_tag_that_training_has_not() -> None:
    assert tags_in(copies(500, gazetteers=0.8)) <= tags_in(TRAIN)


# --- epochs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "originals", "sentences"),
    [
        ({"share": 1.0}, 5, 5),
        ({"share": 0.4}, 2, 2),
        ({"share": 2.2}, 11, 11),
        ({"substituted": 0.6}, 5, 8),
        ({"share": 2.0, "substituted": 1.0}, 10, 20),
    ],
)
def test_shares(settings: dict[str, float], originals: int, sentences: int) -> None:
    mixture = Mixture([(TRAIN, DataConfig("mine", **settings))])  # type: ignore[arg-type]
    epoch = mixture.epoch(1, seed=1)
    assert len(epoch) == len(mixture) == sentences
    assert sum(example in TRAIN for example in epoch[:originals]) == originals
    counts = Counter(example.text for example in epoch[:originals])
    assert max(counts.values()) - min(counts[example.text] for example in TRAIN) <= 1


def test_an_epoch_depends_on_seed_and_number_alone() -> None:
    def mixture() -> Mixture:
        return Mixture(
            [(TRAIN, DataConfig("mine", substituted=2.0, gazetteers=0.5)), (TRAIN[:2], DataConfig("other", share=0.5))]
        )

    one = mixture()
    epochs = [one.epoch(number, seed=seed) for number, seed in ((1, 1), (2, 1), (1, 2))]
    assert mixture().epoch(2, seed=1) == epochs[1]
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_an_epoch_is_the_same_in_every_process() -> None:
    """Where a set were gone through, the order would depend on the process."""
    code = (
        "from slotfill.training.augmentation import Mixture; from slotfill.config import DataConfig; "
        "from slotfill.generator import generate; "
        "mixture = Mixture([(list(generate(300, seed=1)), DataConfig('mine', substituted=1.0, gazetteers=0.5))]); "
        "print([example.text for example in mixture.epoch(1, seed=1)])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


def test_no_mixture_where_an_epoch_is_all_there_is() -> None:
    assert Mixture.of([TRAIN[:2], TRAIN[2:]], config=[DataConfig("a"), DataConfig("b")]) is None
    mixture = Mixture.of([TRAIN[:2], TRAIN[2:]], config=[DataConfig("a", share=2.0), DataConfig("b")])
    assert mixture is not None
    assert Counter(e.text for e in mixture.epoch(1, seed=1)) == Counter([e.text for e in [*TRAIN[:2], *TRAIN]])


def test_foreign_sentences_have_no_slots() -> None:
    mixture = Mixture(
        [(TRAIN[:1], DataConfig("mine")), (TRAIN[1:], DataConfig("other", share=0.5, out_of_domain=True))]
    )
    own, *out_of_domain = mixture.epoch(1, seed=1)
    assert own == TRAIN[0]
    assert len(out_of_domain) == 2
    for example in out_of_domain:
        assert (set(example.tags), example.intent) == ({"O"}, "other")
        assert example.text in {original.text for original in TRAIN[1:]}


# --- the flaw of ATIS ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[nonstop](flight_stop) on [monday](arrive_date.day_name)", "depart_date.day_name"),
        ("[nonstop](flight_stop) leaving [at noon](arrive_time.time)", "arrive_time.time"),  # no such departure
        ("[nonstop](flight_stop) arriving on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("[nonstop](flight_stop) that gets in on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("a flight on [monday](arrive_date.day_name)", "arrive_date.day_name"),
    ],
)
def test_mended(before: str, after: str) -> None:
    tags = frozenset({"O", "B-flight_stop", "B-arrive_date.day_name", "B-depart_date.day_name", "B-arrive_time.time"})
    found = relabelled(parse(before), tags=tags)
    assert spans_of(found.tags)[-1].name == after
    assert found.text == parse(before).text


def test_known_names() -> None:
    names, all_names = shipped_gazetteers(), shipped_gazetteers(unseen=True)
    assert {"Taipei", "New York", "São Paulo"} <= set(names["city_name"])
    assert "LHR" in names["airport_code"]
    assert all(tokenize(name) for names_of_list in all_names.values() for name in names_of_list)
    assert set(names["city_name"]) < set(all_names["city_name"])
    assert {key: all_names[key] for key in names if key != "city_name"} == {
        key: names[key] for key in names if key != "city_name"
    }


TOWNS = [
    parse(line)
    for line in (
        "to [New York](toloc.city_name)",
        "from [NEW YORK](fromloc.city_name) to [Rome](toloc.city_name)",
        "from [Rome](toloc.city_name) to [Oslo](toloc.city_name) on [may](month_name) [22](day)",
        "from [Rome](toloc.city_name) to [Oslo](toloc.city_name) on [may](month_name) [22](day)",  # no other sentence
        "in [new](city_name)",
        "on [19](day)",
    )
]


def test_own_names() -> None:
    """Whatever their role and case; digits are as a network sees them."""
    assert own_gazetteers(TOWNS, least=1) == {
        "city_name": ("new", "new york", "oslo", "rome"),
        "day": ("00",),
        "month_name": ("may",),
    }
    assert own_gazetteers(TOWNS, least=2) == {"city_name": ("new york", "rome"), "day": ("00",), "month_name": ()}


def test_take_stock_reads_the_lists_that_are_asked_for() -> None:
    plain, own, both = (
        build_vocabularies(TOWNS, ModelConfig(gazetteers=gazetteers, own_gazetteers=least)).gazetteers
        for gazetteers, least in ((False, 0), (False, 2), (True, 2))
    )
    assert plain.names == ()
    assert own.names == ("own city_name", "own day", "own month_name")
    assert set(own.entries.items[2:]) == {"new", "new york", "rome", "00"}
    assert both.names == (*shipped_gazetteers(), *own.names)
    unseen = build_vocabularies(TOWNS, ModelConfig(gazetteers=True, own_gazetteers=2), unseen=True).gazetteers
    assert unseen.names == both.names
    assert len(unseen.entries) > len(both.entries)
