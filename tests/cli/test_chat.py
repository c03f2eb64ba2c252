"""`slotfill chat`: a line in, a turn out; and the commands of a terminal."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slotfill.cli.chat import Said, _Drawn, _Session, said_in
from slotfill.cli.trip_table import trip_table
from slotfill.dialogue.changes import Change, Turn, Words
from slotfill.errors import InputError
from slotfill.schema import Annotation, DateValue, Frame, Leg, PlaceValue, TimeValue
from slotfill.tagger import Tagger
from tests.cli.conftest import Run, slotfill

__all__ = ["slotfill"]  # a fixture
NOW = "2026-11-20T09:00"
PATIENCE = 60  # seconds; a guard against hanging, not a measure

Chat = Callable[..., tuple[int, str, str]]


@pytest.fixture
def chat(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> Chat:
    def talk(lines: bytes, *options: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(lines)))
        return slotfill("chat", "--now", NOW, *options)

    return talk


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load("travel")


def test_each_line_of_a_pipe_is_a_turn_and_gets_a_line(chat: Chat, tagger: Tagger) -> None:
    turns = ["Boston to Lima on December 4th", "", "a day earlier", "  hello \t", "start over"]
    code, out, err = chat("\n".join(turns).encode())
    assert (code, err) == (0, "")
    dialogue = tagger.dialogue(now=NOW)
    assert [json.loads(line) for line in out.splitlines()] == [dialogue.say(turn).to_dict() for turn in turns]


def test_a_line_may_be_json_with_what_was_asked_and_heard(chat: Chat, tagger: Tagger) -> None:
    lines = [
        {"text": "the 9th", "asked": ["return.date"]},
        {"text": "Boston", "asked": "departure.place"},
        {"text": "that works", "heard": "We have one at 6:10 am"},
        {"text": "ok", "asked": None, "heard": None},
    ]
    code, out, err = chat("\n".join(map(json.dumps, lines)).encode())
    assert (code, err) == (0, "")
    dialogue = tagger.dialogue(now=NOW)
    expected = [dialogue.say(**line).to_dict() for line in lines]  # type: ignore[arg-type]
    assert [json.loads(line) for line in out.splitlines()] == expected
    assert dialogue.itinerary.departure.time


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"text": "a"', 'line 2: begins with { and is not JSON: expected {"text": ...}'),
        ("{}", 'line 2: expected {"text": "..."}, a text, got None'),
        ('{"text": "a", "txt": 1}', "line 2: unknown key 'txt' (known: text, asked, heard)"),
        ('{"text": "a", "asked": {}}', 'line 2: expected "asked" to be a part such as "departure.date", or a'),
        ('{"text": "a", "asked": "when"}', "line 2: unknown part in asked: 'when' (known: departure.place,"),
        ('{"text": "a", "heard": 1}', 'line 2: expected "heard" to be a text, got 1'),
        ('{"text": "\\ud800"}', "line 2: half of a surrogate pair: expected whole characters"),
        ('{"text":' + "[" * 100_000, "line 2: begins with { and is not JSON"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_changes_nothing(chat: Chat, line: str, error: str) -> None:
    code, out, err = chat(f"to Lima\n{line}\n\n".encode())
    assert (code, err) == (0, "")
    first, refused, last = map(json.loads, out.splitlines())
    assert list(refused) == ["error"]
    assert refused["error"].startswith(error)
    assert last["itinerary"] == first["itinerary"]


BOSTON = PlaceValue("Boston", "city", "Boston", (), country="US", airports=("BOS",))
LIMA = PlaceValue("Lima", "city", "Lima", (), country="PE", airports=("LIM",))
DENVER = PlaceValue("Denver", "city", "Denver", (), country="US", airports=("DEN",))
THIRD, FOURTH = DateValue("a day earlier", "2026-12-03", ()), DateValue("December 4th", "2026-12-04", ())
LATER = TimeValue("later around noon", None, (), note="both after and around")


def because(text: str) -> tuple[Words, ...]:
    return (Words(text, 0, len(text)),)


def test_what_a_person_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    itinerary = Frame(
        Leg(DENVER, THIRD, TimeValue("6:10 am", "06:10", ())),
        Leg(LIMA),
        Leg(time=LATER),
        open=(Leg(BOSTON),),
        other={"class_type": "business class", "meal": ["lunch", 2]},
    )
    changes = (
        Change("departure.place", "replace", BOSTON, DENVER, because("Denver"), "named"),
        Change("departure.date", "shift", FOURTH, THIRD, because("a day earlier"), "shift"),
        Change("departure.time", "set", None, itinerary.departure.time, (), "accepted"),
        Change("arrival.place", "confirm", LIMA, LIMA, because("same place"), "same"),
        Change("return.time", "set", None, LATER, because("later around noon"), "named"),
        Change(
            "open[0].place", "set", None, BOSTON, because("Bos\x1bton"), "open", ("departure.place", "return.place")
        ),
        Change("stops[0].place", "remove", LIMA, None, because("not via Lima"), "removal"),
    )
    turn = Turn(Annotation("", (), (), (), None), changes, itinerary, ("over midnight",))
    assert trip_table(itinerary, turn, colour=False) == (
        "~ departure.place    Denver, US (DEN)       was Boston, US   Denver (named)\n"
        "~ departure.date     2026-12-03             was 2026-12-04   a day earlier (shift)\n"
        "+ departure.time     06:10                                   as the system said (accepted)\n"
        "= arrival.place      Lima, PE (LIM)                          same place (same)\n"
        '+ return.time        "later around noon"?                    later around noon (named)\n'
        "   both after and around\n"
        "+ open[0].place      Boston, US (BOS)                        Bos�ton (open)\n"
        "   may be departure.place or return.place\n"
        "  other.class_type   business class\n"
        "  other.meal         lunch, 2\n"
        "- stops[0].place                            was Lima, PE     not via Lima (removal)\n"
        "note: over midnight\n"
        "\n"
    )
    assert "~" not in trip_table(itinerary, colour=False)
    assert trip_table(Frame(), colour=False) == "nothing is known yet\n\n"


def test_a_trip_of_several_legs_shows_them(tagger: Tagger) -> None:
    turn = tagger.dialogue(now=NOW).say("fly from Rome to Paris on Friday then from Paris to Berlin on Sunday")
    shown = trip_table(turn.itinerary, turn, colour=False)
    assert "  legs[1].arrival.place     Berlin, DE (BER)\n" in shown


def test_a_table_for_a_pipe(chat: Chat) -> None:
    code, out, err = chat(b"to Lima\none way then", "--format", "table")
    assert (code, err) == (0, "")
    assert out.startswith("+ arrival.place   Lima, PE (LIM)      Lima (named)\n\n")


def test_an_error_in_a_table_goes_to_standard_error(chat: Chat) -> None:
    assert chat(b"{a", "--format", "table") == (
        0,
        "",
        'error: line 1: begins with { and is not JSON: expected {"text": ...}\n',
    )


def test_without_an_input(slotfill: Run, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chat(b"") == (0, "", "")
    monkeypatch.setattr(sys, "stdin", None)
    code, out, err = slotfill("chat")
    assert (code, out) == (1, "")
    assert err == "error: standard input is closed: slotfill chat reads a turn a line from it\n"


# --- what is typed in a terminal -------------------------------------------------------------------


def test_the_commands_of_a_terminal(tagger: Tagger) -> None:
    session = _Session(tagger.dialogue(now=NOW), _Drawn(colour=False))
    session.answer("from Boston to Lima on December 4th")
    first = session.dialogue.state
    assert "- departure.date" in session.answer("start over")
    assert "  departure.date    2026-12-04" in session.answer("/undo")
    assert session.dialogue.state == first
    assert session.answer("/asked return.date") == ""
    assert "+ return.date       2026-12-09            9th (asked)" in session.answer("the 9th")
    assert session.answer("/heard We have one at 6:10 am") == ""
    assert "+ departure.time    06:10" in session.answer("that works")
    assert json.loads(session.answer("/state")) == session.dialogue.to_dict()
    assert session.answer("/reset") == "nothing is known yet\n\n"
    assert session.dialogue.to_dict() == tagger.dialogue(now=NOW).to_dict()
    assert "departure.time" in session.answer("/undo")
    assert session.answer("") == ""
    assert "/undo" in session.answer("/help")
    for _ in range(3):
        session.answer("/undo")
    for line, error in (
        ("/undo", "there is no turn to take back"),
        ("/asked", "expected a part"),
        ("/asked when", "unknown part"),
        ("/heard", "expected the system's words"),
        ("/what", "unknown command '/what' [(]known: /undo, /reset"),
    ):
        with pytest.raises(InputError, match=error):
            session.answer(line)
    session.answer("/quit")
    assert session.is_over


@pytest.mark.parametrize(("keys", "code"), [(b"\x04", 0), (b"\x03", 130), (b"/quit\n", 0)])
def test_a_session_ends_quietly(keys: bytes, code: int, tmp_path: Path) -> None:
    """A real terminal, where there are such."""
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "dumb"
        os.execv(sys.executable, [sys.executable, "-m", "slotfill", "chat", "--now", NOW])
    seen = b""
    is_over = False

    def read(until: bytes, patience: float = PATIENCE) -> bytes:
        nonlocal is_over
        found = b""
        while until not in found and select.select([terminal], [], [], patience)[0]:
            try:
                block = os.read(terminal, 4096)
            except OSError:  # the end, on Linux
                block = b""
            if not block:
                is_over = True
                break
            found += block
        return found

    seen += read(b"\n> ")
    for line in (b"to Lima", b"\xff", b"/nothing", b"/undo"):
        os.write(terminal, line + b"\n")
        seen += read(b"\n> ")
    for _ in range(int(PATIENCE)):  # Ctrl-C between the prompt and the reading is seen with the next key: press again
        os.write(terminal, keys)
        seen += read(b"\0", 1.0 if keys == b"\x03" else PATIENCE)
        if is_over:
            break
    os.close(terminal)
    found = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert found in ((code, -signal.SIGINT) if keys == b"\x03" else (code,))  # pressed again while Python ends
    assert b"+ arrival.place   Lima, PE (LIM)      Lima" in seen
    assert b"unknown command '/nothing'" in seen
    assert b"Traceback" not in seen


def test_each_answer_comes_at_once_and_a_reader_that_goes_ends_it() -> None:
    command = [sys.executable, "-m", "slotfill", "chat"]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        for text in (b"to Lima\n", b"\n"):
            process.stdin.write(text)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["itinerary"]["arrival"]["place"]["value"] == "Lima"
        process.stdout.close()
        process.stdin.write(b"from Boston\n")
        process.stdin.close()
        assert (process.wait(PATIENCE), process.stderr.read()) == (0, b"")


# --- any line --------------------------------------------------------------------------------------


WORDS = st.sampled_from(
    [
        "/undo",
        "/reset",
        "/asked",
        "/heard",
        "departure.date",
        "to",
        "Lima",
        "the 5th",
        "a week earlier",
        "not",
        "or",
        "12/4",
    ]
)


@given(st.lists(st.lists(WORDS, max_size=5).map(" ".join) | st.text(max_size=20), max_size=6))
def test_any_session_goes_on(tagger: Tagger, lines: list[str]) -> None:
    session = _Session(tagger.dialogue(now=NOW), _Drawn(colour=True))
    for line in lines:
        before = session.dialogue.state
        try:
            session.answer(line.strip()).encode()
        except InputError:
            assert session.dialogue.state == before
    json.loads(session.answer("/state"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.sampled_from(["text", "asked", "heard", "txt"]), VALUES, max_size=4)


@given(st.text(max_size=30) | OBJECTS.map(json.dumps) | st.text(max_size=20).map("{{{}".format))
@example('{"text": "a", "asked": ["departure.date", 1]}')
@example('{"text": NaN}')
def test_any_line_is_a_turn_or_is_refused(line: str) -> None:
    try:
        said = said_in(line)
    except InputError:
        assert line.lstrip().startswith("{")
        return
    assert isinstance(said, Said)
    json.dumps(said).encode()
    assert line.lstrip().startswith("{") or said == Said(line)
