"""What ships: the `travel` model and the `travel` corpus."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import slotfill
from slotfill.bundle import read
from slotfill.evaluation import Scores, score
from slotfill.generator import generate
from slotfill.locations import SHIPPED
from slotfill.readers import load, markup
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "models" / "travel"
DATA = ROOT / "data" / "travel"
TWINS = 214  # sentences of the test part, from its first line on: pairs that differ in the role alone
HAND_WRITTEN = ("test", "hostile", "wild", "wild-dev")
GENERATED = re.compile(
    r"data generate --count (\d+) --seed (\d+)( --unseen)? \$\(EXAMS\) --output data/travel/(\w+)\.markup"
)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return slotfill.load()


@pytest.fixture(scope="module")
def travel() -> Dataset:
    return load(DATA)  # a single faulty line would be an error here


def slots(tagger: Tagger, text: str) -> dict[str, str]:
    (annotation,) = tagger.tag([text])
    return {slot.name: slot.text for slot in annotation.slots}


def key(example: Example) -> tuple[str, ...]:
    """What makes two sentences the same: their words, whatever their case and their punctuation."""
    words = (token.text.casefold() for token in example.tokens)
    return tuple(word for word in words if any(map(str.isalnum, word)))  # `10:30` is a word


# --- the model -------------------------------------------------------------------------------------


def test_the_model_is_there_whole_and_small() -> None:
    bundle = read(MODEL)  # which verifies every sum
    assert sum(file.stat().st_size for file in MODEL.iterdir()) < 8_000_000
    assert {part["source"] for part in bundle.training["data"]} >= {"travel", "atis"}
    assert bundle.training["dev"]["f1"] > 0.9


def test_its_card_is_beside_it() -> None:
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    training = read(MODEL).training
    assert f"slot F1 {training['dev']['f1']:.3f}" in card
    assert all(f"`{part['source']}`" in card for part in training["data"])
    assert "licence" in card


def test_arrive_and_leave(tagger: Tagger) -> None:
    assert slots(tagger, "arrive Taipei on November 2nd") == {
        "toloc.city_name": "Taipei",
        "arrive_date.month_name": "November",
        "arrive_date.day_number": "2nd",
    }
    assert slots(tagger, "leave Taipei on November 2nd") == {
        "fromloc.city_name": "Taipei",
        "depart_date.month_name": "November",
        "depart_date.day_number": "2nd",
    }


def test_the_names_that_mean_what_ships_are_those_of_what_ships() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {Path(one).name for one in packed["force-include"] if re.fullmatch(r"models/[\w-]+", one)} == SHIPPED


def test_it_is_found_from_everywhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "slotfill", "tag", "arrive Taipei on November 2nd"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)["slots"]
    assert [(slot["name"], slot["text"], slot["start"], slot["end"]) for slot in found] == [
        ("toloc.city_name", "Taipei", 7, 13),
        ("arrive_date.month_name", "November", 17, 25),
        ("arrive_date.day_number", "2nd", 26, 29),
    ]


@pytest.fixture(scope="module")
def scores(tagger: Tagger, travel: Dataset) -> Scores:
    test = travel.splits["test"]
    found = tagger.annotate([e.text for e in test], [e.tokens for e in test])
    return score(
        [e.tags for e in test],
        [a.tags for a in found],
        gold_intents=[e.intent for e in test],
        predicted_intents=[a.intent.name if a.intent else None for a in found],
    )


def test_it_is_good_at_sentences_written_by_hand(scores: Scores) -> None:
    assert scores.micro.f1 > 0.85
    assert scores.intent_accuracy is not None
    assert scores.intent_accuracy > 0.9


def test_it_tells_arrival_from_departure(tagger: Tagger, travel: Dataset) -> None:
    """The corpus begins with pairs: the same places and times, but one sentence arrives and the other leaves."""
    twins = travel.splits["test"][:TWINS]
    found = tagger.annotate([e.text for e in twins], [e.tokens for e in twins])
    right = [e.tags == a.tags for e, a in zip(twins, found, strict=True)]
    both = [one and other for one, other in zip(right[::2], right[1::2], strict=True)]
    assert sum(both) / len(both) > 0.6


# --- the corpus ------------------------------------------------------------------------------------


def test_sizes(travel: Dataset) -> None:
    sizes = {name: len(examples) for name, examples in travel.splits.items()}
    assert list(sizes) == ["train", "dev", *HAND_WRITTEN]
    assert sizes["train"] + sizes["dev"] >= 3000
    assert sizes["test"] >= 420
    assert sizes["hostile"] >= 110
    assert sizes["wild"] >= 300
    assert TWINS >= 200
    table = " ".join((ROOT / "data" / "README.md").read_text(encoding="utf-8").split())
    for part, count in sizes.items():
        assert f"| `travel/{part}.markup` | {count:,} |" in table
    assert f"Lines 1-{TWINS} of the test part are {TWINS // 2} twin pairs" in " ".join(table.split())


@pytest.mark.parametrize("part", HAND_WRITTEN)
def test_no_test_sentence_was_trained_on(travel: Dataset, part: str) -> None:
    seen = {key(example) for part in ("train", "dev") for example in travel.splits[part]}
    assert len(seen) > 3000
    # a sentence of a few words may be said by anyone
    assert [e.text for e in travel.splits[part] if key(e) in seen and len(e.tokens) > 3] == []


def test_no_sentence_comes_twice(travel: Dataset) -> None:
    for examples in travel.splits.values():
        texts = [example.text for example in examples]
        assert len(set(texts)) == len(texts)
    by_hand = [example.text.casefold() for part in HAND_WRITTEN for example in travel.splits[part]]
    assert len(set(by_hand)) >= len(by_hand) - 1  # two people wrote the same answer of two words


def test_the_twins_differ_in_their_roles_alone(travel: Dataset) -> None:
    def slots(example: Example) -> list[tuple[str, str, str]]:
        """Each slot as its role (empty if it has none), its kind and its text."""
        found = []
        for start, end, name in spans_of(example.tags):
            role, _, kind = name.rpartition(".")
            found.append((role, kind, fold(" ".join(token.text for token in example.tokens[start:end]))))
        return sorted(found, key=lambda slot: slot[1:])

    def times(example: Example, *roles: str) -> list[tuple[str, str]]:
        return [(kind, text) for role, kind, text in slots(example) if role in roles]

    test = travel.splits["test"]
    for one, other in zip(test[:TWINS:2], test[1:TWINS:2], strict=True):
        assert [slot[1:] for slot in slots(one)] == [slot[1:] for slot in slots(other)], one.text
        assert one.intent == other.intent, one.text
        assert times(one, "arrive_date", "arrive_time"), one.text
        assert times(one, "arrive_date", "arrive_time") == times(other, "depart_date", "depart_time"), one.text
        assert not times(one, "depart_date", "depart_time"), one.text
        assert not times(other, "arrive_date", "arrive_time"), other.text


@pytest.mark.parametrize("part", HAND_WRITTEN)
def test_it_asks_for_no_slot_and_no_intent_that_the_model_lacks(travel: Dataset, part: str) -> None:
    vocabularies = read(MODEL).vocabularies
    names = {tag[2:] for tag in vocabularies.tags.items}
    for example in travel.splits[part]:
        assert {span.name for span in spans_of(example.tags)} <= names, example.text
        assert example.intent in vocabularies.intents.items, example.text


@pytest.mark.parametrize(
    ("count", "seed", "unseen", "part"), GENERATED.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
)
def test_make_corpus_makes_what_ships(count: str, seed: str, unseen: str, part: str) -> None:
    lines = (DATA / f"{part}.markup").read_bytes().decode().split("\n")[:-1]
    assert len(lines) == int(count)
    exams = [e.text for name in HAND_WRITTEN for e in load(DATA).splits[name]]
    begins = list(markup.lines(generate(200, seed=int(seed), unseen=bool(unseen), without=exams)))
    assert lines[:200] == begins


def test_make_corpus_makes_train_and_dev() -> None:
    recipes = GENERATED.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert [part for *_, part in recipes] == ["train", "dev"]
