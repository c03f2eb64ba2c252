"""What every generated sentence must be: well tagged, reproducible, new, and of the right cities."""

import subprocess
import sys
from collections import Counter
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotfill.generator import generate
from slotfill.generator.engine import Sampler
from slotfill.generator.grammar import load
from slotfill.generator.noise import read_shipped, roughen
from slotfill.readers import load as load_data
from slotfill.schema import Example
from slotfill.tags import is_valid, spans_of
from slotfill.tokenizer import fold, tokenize

REPOSITORY = Path(__file__).parent.parent.parent
GENERATOR = REPOSITORY / "slotfill" / "generator"
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
# Ours: the venues and addresses of rides, and a country without a direction.
OURS = {"fromloc.place_name", "toloc.place_name", "stoploc.place_name", "country_name"}


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
        assert example.text == example.text.strip()
        assert not set("\t\n\r{}<[]|") & set(example.text) - {"<"}, "signs of the grammar"
        assert example.intent


def test_slot_names_are_those_of_atis_and_sgd_and_ours(known: list[Example]) -> None:
    used = {name for example in known for name, _ in slots(example)}
    assert used <= KNOWN | OURS
    assert len(used) > 65


def test_known_slot_names_are_in_the_real_data(shared_data: Path) -> None:
    tags = (shared_data / "atis" / "train" / "seq.out").read_text(encoding="utf-8").split()
    sgd = (shared_data / "sgd" / "train.jsonl").read_text(encoding="utf-8")
    assert not {name for name in KNOWN if f"B-{name}" not in tags and f'"{name}"' not in sgd}


def test_no_text_is_repeated(known: list[Example]) -> None:
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


@pytest.mark.parametrize("unseen", [False, True])
def test_held_out_cities_are_only_in_unseen_sentences(unseen: bool) -> None:
    """Read before the noise, which misspells; stations such as `Vigo Central` are no city of a lexicon."""
    grammar = load(GENERATOR)
    sampler = Sampler(grammar, Random(5), unseen=unseen)
    pieces = [piece for _ in range(COUNT) for piece in sampler.sentence().pieces]
    cities = {fold(piece.text) for piece in pieces if piece.slot and piece.slot.endswith("city_name")}
    names = {fold(e["name"]) for lexicon in grammar.lexicons.values() if lexicon.of_cities for e in lexicon.entries}
    assert len(cities & names) > 250
    assert {city in grammar.held_out for city in cities & names} == {unseen}


def test_held_out_cities_are_a_tenth_and_none_is_very_big() -> None:
    grammar = load(GENERATOR)
    lexicons = [lexicon for lexicon in grammar.lexicons.values() if lexicon.of_cities]
    names = {fold(entry["name"]) for lexicon in lexicons for entry in lexicon.entries}
    assert len(names) > 5000
    assert 0.08 < len(grammar.held_out) / len(names) < 0.12
    assert not grammar.held_out & {"london", "taipei", "tokyo", "sao paulo", "new york", "zurich"}


def test_the_twins_are_told_apart(known: list[Example]) -> None:
    """The mission's own pair: the place right after the verb gets the role of the verb."""
    seen = Counter[str]()
    for example in known:
        places = [number for number, tag in enumerate(example.tags) if tag.startswith("B-") and "loc." in tag]
        for number in places:
            before = " ".join(token.text.lower() for token in example.tokens[max(0, number - 2) : number])
            for verb, role in {
                "arrive in": "toloc",
                "land in": "toloc",
                "leave from": "fromloc",
                "depart": "fromloc",
            }.items():
                if before.endswith(verb):
                    seen[verb] += 1
                    assert example.tags[number].startswith(f"B-{role}."), example.text
    assert min(seen.values()) >= 5
    assert len(seen) == 4


GRAMMAR = load(GENERATOR)


def letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_noise_changes_the_surface_and_no_label(seed: int) -> None:
    """As many slots, of the same names in the same order, each still much like its text of before."""
    sentence = Sampler(GRAMMAR, Random(seed), unseen=False).sentence()
    example = roughen(sentence, Random(seed))
    before = [(piece.slot, piece.text) for piece in sentence.pieces if piece.slot]
    after = slots(example)
    assert example.tokens == tokenize(example.text)
    assert example.intent == sentence.intent
    assert [name for name, _ in before] == [name for name, _ in after]
    typed = {fold(entry["typed"]) for entry in read_shipped("spellings")}  # `~` for `around` among them
    for (_, old), (_, new) in zip(before, after, strict=True):
        same = SequenceMatcher(None, letters(old), letters(new)).ratio()
        assert same >= 0.5 or any(word in fold(new) for word in typed), (old, new)


@pytest.mark.parametrize(
    ("out", "into"),
    [("say_out", "say_in"), ("say_when_out", "say_when_in"), ("say_from", "say_to")],
)
def test_twin_rules_have_the_same_frames(out: str, into: str) -> None:
    """What is told of leaving and of arriving differs in the role's words alone, line by line."""
    rules = load(GENERATOR).rules
    assert rules[out].lines == rules[into].lines
    assert rules[out].weights == rules[into].weights
    assert all(one != other for one, other in zip(rules[out].alternatives, rules[into].alternatives, strict=True))


def test_arrivals_are_common(known: list[Example]) -> None:
    count = Counter(name.partition("_")[0] for example in known for name in {name for name, _ in slots(example)})
    assert count["arrive"] > 0.4 * count["depart"]


def test_the_folder_stays_small() -> None:
    files = [path for path in (GENERATOR).rglob("*") if path.suffix in {".py", ".txt"}]
    assert sum(path.stat().st_size for path in files) < 720_000


def test_no_sentence_is_in_the_hand_written_splits() -> None:
    """The exam must not be learnt by heart."""
    splits = load_data(REPOSITORY / "data" / "travel").splits
    exam = {
        e.text.casefold().strip(" .,!?")
        for name, split in splits.items()
        if name not in ("train", "dev")
        for e in split
    }
    made = [*splits["train"], *splits["dev"]]
    # a number, lest a failure print the exam
    assert sum(e.text.casefold().strip(" .,!?") in exam for e in made) == 0


def test_sentences_can_be_left_out() -> None:
    first = [example.text for example in generate(20, seed=3)]
    rest = [example.text for example in generate(20, seed=3, without=[f"{first[0].upper()}!", first[7]])]
    assert rest[:6] == first[1:7]
    assert rest[6:18] == first[8:]


def test_the_verb_may_stand_far_before_what_it_tells(known: list[Example]) -> None:
    """Over so many words a tagger must remember `arrive` or `leave`, and learns from both kinds when to."""
    ends = {"arrive": {"toloc", "arrive_date", "arrive_time"}, "leave": {"fromloc", "depart_date", "depart_time"}}
    told: dict[str, list[set[str]]] = {verb: [] for verb in ends}
    for example in known:
        words = [token.text.lower() for token in example.tokens]
        spans = spans_of(example.tags)
        for verb in ends:
            if verb in words and spans and spans[0].start - words.index(verb) > 5:
                told[verb].append({span.name.partition(".")[0] for span in spans})
    for verb, names in told.items():
        own = sum(found <= ends[verb] for found in names)
        assert 3 <= own < len(names)  # and the contrasts, in which a nearer verb or preposition tells more
