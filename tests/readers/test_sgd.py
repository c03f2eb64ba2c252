"""SGD's dialogues become single sentences with the slots of ATIS: a folder of SGD's shape, made by hand."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from slotfill.errors import DataError, InputError
from slotfill.readers import load, sgd
from slotfill.schema import Example
from slotfill.tags import spans_of

Turn = dict[str, Any]


def turn(text: str, service: str = "Flights_1", speaker: str = "USER", **slots: str) -> Turn:
    """A turn as SGD writes it; `slots` are slot=phrase."""
    marked = [
        {"slot": slot, "start": text.index(phrase), "exclusive_end": text.index(phrase) + len(phrase)}
        for slot, phrase in slots.items()
    ]
    frame = {"service": service, "slots": marked, "state": {"active_intent": "NONE"}}
    return {"speaker": speaker, "utterance": text, "frames": [frame]}


def write(folder: Path, turns: Sequence[Turn], *, split: str = "train", number: int = 1) -> None:
    """One file of one dialogue."""
    (folder / split).mkdir(parents=True, exist_ok=True)
    dialogue = {"dialogue_id": "1_00000", "services": ["Flights_1"], "turns": turns}
    path = folder / split / f"dialogues_{number:03}.json"
    path.write_text(json.dumps([dialogue]), encoding="utf-8")


def slots_of(example: Example) -> list[tuple[str, str]]:
    return [
        (name, example.text[example.tokens[start].start : example.tokens[end - 1].end])
        for start, end, name in spans_of(example.tags)
    ]


Convert = Callable[..., tuple[list[Example], list[str]]]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Turns -> what comes of them as train, and the problems."""

    def call(*turns: Turn) -> tuple[list[Example], list[str]]:
        write(tmp_path, turns)
        write(tmp_path, [turn("Hi.")], split="dev")
        problems: list[DataError] = []
        dataset = sgd.read(tmp_path, report=problems.append)
        assert dataset.name == "sgd"
        return list(dataset.splits["train"]), [problem.problem for problem in problems]

    return call


@pytest.mark.parametrize(
    ("given", "slots"),
    [
        (
            turn("To Portland, OR on March 7th.", destination_city="Portland, OR", departure_date="March 7th"),
            "toloc.city_name Portland|toloc.state_code OR|depart_date.month_name March|depart_date.day_number 7th",
        ),
        (
            turn("from Paris France next Friday", origin="Paris France", departure_date="next Friday"),
            "fromloc.city_name Paris|fromloc.country_name France|depart_date.date_relative next"
            "|depart_date.day_name Friday",
        ),
        (
            turn("out of Toronto, Ontario", origin="Toronto, Ontario"),
            "fromloc.city_name Toronto|fromloc.state_name Ontario",
        ),
        (turn("NYC to ATL", origin="NYC", destination="ATL"), "fromloc.city_name NYC|toloc.airport_code ATL"),
        (
            turn("back the 14th of this month", return_date="14th of this month"),
            "return_date.day_number 14th|return_date.date_relative this",
        ),
        (
            turn("on Sunday this week", "Buses_1", leaving_date="Sunday this week"),
            "depart_date.day_name Sunday|depart_date.date_relative this",
        ),
        (
            turn("later today or so", departure_date="later today"),
            "depart_time.period_mod later|depart_date.today_relative today",
        ),
        (
            turn("leave the day after tomorrow", departure_date="the day after tomorrow"),
            "depart_date.today_relative the day after tomorrow",
        ),
        (
            turn("March 6th 2019", return_date="March 6th 2019"),
            "return_date.month_name March|return_date.day_number 6th|return_date.year 2019",
        ),
        (
            turn("around a quarter to 4 in the afternoon", "Buses_2", departure_time="quarter to 4 in the afternoon"),
            "depart_time.time_relative around|depart_time.time quarter to 4|depart_time.period_of_day afternoon",
        ),
        (
            turn("return by morning 10:15 am", inbound_departure_time="morning 10:15 am"),
            "return_time.time_relative by|return_time.period_of_day morning|return_time.time 10:15 am",
        ),
        (turn("at 11 o'clock", outbound_departure_time="11 o'clock"), "depart_time.time 11 o'clock"),
        (turn("Fly delta airlines or Air Canada"), "airline_name delta airlines|airline_name Air Canada"),
    ],
)
def test_phrases_are_split_as_in_atis(convert: Convert, given: Turn, slots: str) -> None:
    (example,), problems = convert(given)
    assert [" ".join(slot) for slot in slots_of(example)] == slots.split("|")
    assert problems == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            turn("on Whit Monday", departure_date="Whit Monday"),
            '"Whit Monday" in departure_date is not known as part of a date',
        ),
        (turn("at tea time", departure_time="tea time"), '"tea time" in departure_time is not known as part of a time'),
        (
            turn("to Lima, Peru", destination="Lima, Peru"),
            '"Lima, Peru" in destination is not a place with known parts',
        ),
        (turn("to Penn", "Buses_1", to_station="Penn"), 'ATIS has no name for the slot to_station, here "Penn"'),
        (turn("Yes, on the 5th"), '"5th" is in no slot'),
        (turn(" "), "the turn has no word"),
    ],
)
def test_turns_without_certain_labels_are_left_out(convert: Convert, given: Turn, problem: str) -> None:
    assert convert(turn("Hello"), given) == ([], [f"dialogue 1_00000, turn 2: {problem}"])


def test_which_turns_are_taken(convert: Convert) -> None:
    rome = turn("to Rome", destination="Rome")
    other = turn("a hotel in Rome", "Hotels_1", destination="Rome")
    hotel_too = turn("Rome and the Ritz", destination="Rome")
    hotel_too["frames"] += turn("Rome and the Ritz", "Hotels_1", hotel_name="Ritz")["frames"]
    examples, problems = convert(rome, turn("to Oslo", speaker="SYSTEM", destination="Oslo"), rome, other, hotel_too)
    assert [example.text for example in examples] == ["to Rome"]
    assert problems == ['dialogue 1_00000, turn 5: ATIS has no name for the slot hotel_name, here "Ritz"']


def test_a_fifth_has_no_slot(convert: Convert) -> None:
    full = [turn(f"to Rome {number}", destination="Rome") for number in range(8)]
    examples, _ = convert(*full, *(turn(f"Hello {number}") for number in range(10)))
    assert [example.text for example in examples][8:] == ["Hello 0", "Hello 5"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[{", "not JSON: is the clone complete?"),
        ("version https://git-lfs.github.com/spec/v1", "not JSON: is the clone complete?"),
        ('[{"turns": [{}]}]', "not as SGD writes it: expected a list of dialogues, whose turns have"),
        ("[1]", "not as SGD writes it"),
    ],
)
def test_a_file_of_another_shape(tmp_path: Path, content: str, problem: str) -> None:
    write(tmp_path, [])
    path = tmp_path / "train" / "dialogues_001.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(f"{path}: {problem}")):
        sgd.read(tmp_path, report=print)


def test_a_folder_of_another_shape(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dialogues: expected files such as dialogues_001"):
        sgd.read(tmp_path, report=print)


# How the data that our figures are made with says it -> how SGD does.
_SLOTS = {
    "fromloc": "origin",
    "toloc": "destination",
    "depart_date": "departure_date",
    "return_date": "return_date",
    "depart_time": "departure_time",
    "return_time": "inbound_departure_time",
}


def test_our_copy_put_back_into_phrases_is_cut_the_same(shared_data: Path, tmp_path: Path) -> None:
    """All but the airlines, of which our copy leaves out Air Canada and Air France."""
    ours = [
        e
        for split in load(shared_data / "sgd").splits.values()
        for e in split
        if "B-arrive_date.day_number" not in e.tags
    ]
    write(tmp_path, [_in_phrases(example) for example in ours])
    write(tmp_path, [], split="dev")
    problems: list[DataError] = []
    cut = {example.text: example for example in sgd.read(tmp_path, report=problems.append).splits["train"]}
    assert problems == []
    full = [example for example in ours if _without_airlines(example)]
    assert len(full) > 5000
    assert all(_without_airlines(cut[example.text]) == _without_airlines(example) for example in full)


def _without_airlines(example: Example) -> list[tuple[str, str]]:
    return [slot for slot in slots_of(example) if slot[0] != "airline_name"]


def _in_phrases(example: Example) -> Turn:
    marked: list[Turn] = []
    for first, last, name in spans_of(example.tags):
        start, end = example.tokens[first].start, example.tokens[last - 1].end
        slot = _SLOTS.get("depart_date" if name == "depart_time.period_mod" else name.split(".")[0])
        if slot is None or name.endswith("time_relative"):
            continue
        gap = example.text[marked[-1]["exclusive_end"] : start] if marked and marked[-1]["slot"] == slot else "x"
        if re.fullmatch(r"[\s,]*(?:(?:of|the|in|on|at|a|week|month)\s+)*", gap):
            marked[-1]["exclusive_end"] = end
        else:
            marked.append({"slot": slot, "start": start, "exclusive_end": end})
    return {"speaker": "USER", "utterance": example.text, "frames": [{"service": "Buses_2", "slots": marked}]}
