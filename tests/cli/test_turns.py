"""`slotfill tag --context`: a sentence as the next turn of the conversation in a file."""

import json
from pathlib import Path

import pytest

from slotfill.cli.turns import MOST_BYTES
from slotfill.tagger import Tagger
from tests.cli.conftest import Run

NOW = "2026-11-20T09:00"


def state() -> dict[str, object]:
    found = json.loads(Path("trip.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def begun(slotfill: Run) -> Run:
    """The command, in a folder with a conversation that begins."""
    Path("trip.json").write_text("{}\n", encoding="utf-8")
    return slotfill


def test_the_file_holds_the_conversation(begun: Run) -> None:
    dialogue = Tagger.load("travel").dialogue(now=NOW)
    turns: tuple[tuple[str, list[str], dict[str, object]], ...] = (
        ("Boston to Lima on December 4th", ["--now", NOW], {}),
        ("the 9th", ["--asked", "departure.time, return.date"], {"asked": ["departure.time", "return.date"]}),
        ("that works", ["--heard", "We have one at 6:10 am"], {"heard": "We have one at 6:10 am"}),
        ("", [], {}),
        ("a day earlier", [], {}),
    )
    for text, options, said in turns:
        code, out, err = begun("tag", "--context", "trip.json", text, *options)
        assert (code, err) == (0, "")
        assert json.loads(out) == dialogue.say(text, **said).to_dict()  # type: ignore[arg-type]
        assert state() == dialogue.to_dict()
    assert [path.name for path in Path().iterdir()] == ["trip.json"]


def test_the_clock_and_the_order_of_dates_stay_until_others_are_given(begun: Run) -> None:
    begun("tag", "--context", "trip.json", "to Lima", "--now", NOW, "--date-order", "dmy")
    begun("tag", "--context", "trip.json", "on 2/12")
    assert (state()["now"], state()["date_order"]) == (f"{NOW}:00", "dmy")
    assert state()["itinerary"]["departure"]["date"]["value"] == "2026-12-02"  # type: ignore[index]
    begun("tag", "--context", "trip.json", "hello", "--now", "2027-01-01T10:00")
    assert (state()["now"], state()["date_order"]) == ("2027-01-01T10:00:00", "dmy")


def test_on_a_terminal_the_sentence_and_the_itinerary(begun: Run) -> None:
    code, out, err = begun("tag", "--context", "trip.json", "to Lima", "--format", "table")
    assert (code, err) == (0, "")
    assert out.startswith("to Lima   flight ")
    assert out.endswith("\n\n+ arrival.place   Lima, PE (LIM)      Lima (named)\n\n")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "there is no such file: to begin a conversation, type echo {} > trip.json"),
        (b"", "is empty: to begin a conversation, type echo {} > trip.json"),
        (b'{"version": 1,\n', "not JSON: expected the state of a conversation"),
        (b"\xff\xfe", "not JSON: expected the state of a conversation"),
        (b"[" * 100_000, "not JSON: expected the state of a conversation"),
        (b"[]", "not a state of a dialogue: state: expected an object, got []"),
        (b'{"version": 2}', "a state of version 2 cannot be read"),
        (b'{"version": 1, "itinerary": {"departure": 3}}', "state.itinerary.departure: expected an object, got 3"),
        (b" " * (MOST_BYTES + 1), "more than 1,048,576 bytes: not the state of a conversation"),
    ],
    ids=range(9),
)
def test_a_file_that_holds_no_state_is_refused_and_stays(slotfill: Run, content: bytes | None, error: str) -> None:
    path = Path("trip.json")
    if content is not None:
        path.write_bytes(content)
    code, out, err = slotfill("tag", "--context", "trip.json", "to Lima")
    assert (code, out) == (1, "")
    assert err.startswith("error: trip.json")
    assert error in err
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_turn_that_fails_leaves_the_file(begun: Run) -> None:
    for options in (["--asked", "when"], ["--output", "none/out.json"], ["--output", "trip.json", "--overwrite"]):
        code, out, err = begun("tag", "--context", "trip.json", "to Lima", *options)
        assert (code, out, err[:6]) == (1, "", "error:")
        assert state() == {}
        assert [path.name for path in Path().iterdir()] == ["trip.json"]


def test_bytes_that_are_not_utf8_are_replaced(begun: Run) -> None:
    code, out, _ = begun("tag", "--context", "trip.json", "to Lima \udcff")
    assert (code, json.loads(out)["text"]) == (0, "to Lima �")
