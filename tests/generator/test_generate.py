"""What every generated sentence must be: well tagged, reproducible, new, and of the right cities."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from slotfill.generator import generate
from slotfill.generator.grammar import load
from slotfill.readers import markup
from slotfill.schema import Example
from slotfill.tags import is_valid, spans_of
from slotfill.tokenizer import fold, tokenize

REPOSITORY = Path(__file__).parent.parent.parent
COUNT = 2000
# The slots of ATIS and SGD train, by type; a role of its own stands before each.
TYPES = {
    "fromloc": "city_name state_name state_code country_name airport_name airport_code",
    "toloc": "city_name state_name state_code country_name airport_name airport_code",
    "stoploc": "city_name state_code airport_name",
    "depart_date": "day_name day_number month_name year date_relative today_relative",
    "arrive_date": "day_name day_number month_name date_relative today_relative",
    "return_date": "day_name day_number month_name year date_relative today_relative",
    "depart_time": "time time_relative period_of_day period_mod start_time end_time",
    "arrive_time": "time time_relative period_of_day period_mod start_time end_time",
    "return_time": "time time_relative period_of_day period_mod",
}
ALONE = (
    "aircraft_code airline_code airline_name airport_code airport_name city_name class_type connect cost_relative "
    "day_name economy fare_amount fare_basis_code flight_days flight_mod flight_number flight_stop flight_time meal "
    "meal_description or restriction_code round_trip state_code state_name today_relative transport_type"
)
KNOWN = {f"{role}.{kind}" for role, kinds in TYPES.items() for kind in kinds.split()} | set(ALONE.split())


@pytest.fixture(scope="module")
def known() -> list[Example]:
    return list(generate(COUNT, seed=5))


@pytest.fixture(scope="module")
def unseen() -> list[Example]:
    return list(generate(COUNT, seed=5, unseen=True))


def slots(example: Example) -> list[tuple[str, str]]:
    """Names and texts."""
    return [
        (name, example.text[example.tokens[start].start : example.tokens[end - 1].end])
        for start, end, name in spans_of(example.tags)
    ]


def test_every_example_is_well_formed(known: list[Example], unseen: list[Example]) -> None:
    for example in known + unseen:
        assert example.tokens == tokenize(example.text)
        assert all(example.text[token.start : token.end] == token.text for token in example.tokens)
        assert len(example.tags) == len(example.tokens)
        assert is_valid(example.tags)
        assert example.text == " ".join(example.text.split()), "stray spaces"
        assert example.intent


def test_slot_names_are_those_of_atis_and_sgd(known: list[Example]) -> None:
    used = {name for example in known for name, _ in slots(example)}
    assert used <= KNOWN
    assert len(used) > 65


def test_known_slot_names_are_in_the_real_data(shared_data: Path) -> None:
    tags = (shared_data / "atis" / "train" / "seq.out").read_text(encoding="utf-8").split()
    sgd = (shared_data / "sgd" / "train.jsonl").read_text(encoding="utf-8")
    assert not {name for name in KNOWN if f"B-{name}" not in tags and f'"{name}"' not in sgd}


def test_no_text_comes_twice(known: list[Example]) -> None:
    assert len({example.text for example in known}) == COUNT


def test_the_same_seed_gives_the_same_bytes(known: list[Example]) -> None:
    assert list(generate(300, seed=5)) == known[:300]
    assert list(generate(300, seed=6)) != known[:300]


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_gives_the_same_bytes_in_another_process(known: list[Example], hash_seed: str) -> None:
    code = (
        "import hashlib; from slotfill.generator import generate;"
        "print(hashlib.sha256(repr(list(generate(300, seed=5))).encode()).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(REPOSITORY)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == sha256(repr(known[:300]).encode()).hexdigest()


def test_held_out_cities_stand_only_in_the_unseen_part(known: list[Example], unseen: list[Example]) -> None:
    held_out = load(REPOSITORY / "slotfill" / "generator").held_out
    for part, expected in ((known, False), (unseen, True)):
        cities = {fold(text) for example in part for name, text in slots(example) if name.endswith("city_name")}
        assert len(cities) > 250
        assert {city in held_out for city in cities} == {expected}


def test_held_out_cities_are_a_tenth_and_none_is_very_big() -> None:
    grammar = load(REPOSITORY / "slotfill" / "generator")
    lexicons = [lexicon for lexicon in grammar.lexicons.values() if lexicon.of_cities]
    names = {fold(entry["name"]) for lexicon in lexicons for entry in lexicon.entries}
    assert len(names) > 5000
    assert 0.08 < len(grammar.held_out) / len(names) < 0.12
    assert not grammar.held_out & {"london", "taipei", "tokyo", "sao paulo", "new york", "zurich"}


def test_the_twins_are_told_apart(known: list[Example]) -> None:
    """The mission's own pair: the same words get the role of their verb."""
    for example in known:
        words, names = example.text.lower().split(), {name for name, _ in slots(example)}
        if words[0] == "arrive" and not {"leave", "depart"} & set(words) and "fromloc.city_name" not in names:
            assert not any(name.startswith(("fromloc", "depart")) for name in names), example.text
        if (
            words[0] == "leave"
            and "for" not in words
            and "toloc.city_name" not in names
            and "return_" not in str(names)
        ):
            assert not any(name.startswith("toloc") for name in names), example.text


def test_the_folder_stays_small() -> None:
    files = [path for path in (REPOSITORY / "slotfill" / "generator").rglob("*") if path.suffix in {".py", ".txt"}]
    assert sum(path.stat().st_size for path in files) < 400_000


def test_no_sentence_is_one_of_the_hand_written_parts(known: list[Example], unseen: list[Example]) -> None:
    """The exam must not be learnt by heart."""
    folder = REPOSITORY / "data" / "travel"
    read = {
        part: list(markup.read(folder / f"{part}.markup", report=fail)) for part in ("train", "dev", "test", "hostile")
    }
    exam = {example.text.casefold() for example in read["test"] + read["hostile"]}
    made = known + unseen + read["train"] + read["dev"]
    shared = sum(example.text.casefold() in exam for example in made)  # a number, lest a failure print the exam
    assert shared == 0


def fail(problem: Exception) -> None:
    raise problem
