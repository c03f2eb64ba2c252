"""`slotfill review`: what each key does, what is on the screen, and the whole in a terminal."""

import os
import re
import select
import signal
import subprocess
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from slotfill.cli.reviewing.dialogue import Dialogue
from slotfill.cli.reviewing.drawing import screen
from slotfill.cli.reviewing.keys import parsed
from slotfill.cli.reviewing.picker import Picker
from slotfill.readers import load
from slotfill.reviewing.session import begin
from slotfill.tagger import Tagger

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
PATIENCE = 60  # seconds; a guard against hanging, not a measure

Run = Callable[..., tuple[int, str, str]]
Open = Callable[..., Dialogue]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(MODEL)


@pytest.fixture
def dialogue(tagger: Tagger, tmp_path: Path) -> Iterator[Open]:
    """A review of these lines, in their order."""
    opened: list[Dialogue] = []

    def call(*lines: str, name: str = "queries.txt", order: str = "file") -> Dialogue:
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        output = tmp_path / f"out{len(opened)}.jsonl"
        opened.append(Dialogue(begin(str(tmp_path / name), output, tagger=tagger, order=order)))  # type: ignore[arg-type]
        return opened[-1]

    yield call
    for one in opened:
        one.session.close()


def press(dialogue: Dialogue, *keys: str) -> None:
    for key in keys:
        dialogue.press(key)


def slots(dialogue: Dialogue) -> list[tuple[str, str]]:
    draft = dialogue.draft
    return [(draft.text[draft.tokens[s].start : draft.tokens[e - 1].end], name) for s, e, name in draft.slots]


def drawn(dialogue: Dialogue, *, width: int = 80, height: int = 24, is_plain: bool = False) -> str:
    out = Console(file=StringIO(), width=width, markup=False, emoji=False, highlight=False, color_system=None)
    with out.capture() as shown:
        out.print(screen(dialogue, title="queries.txt, by small", width=width, height=height, is_plain=is_plain))
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())


# --- what each key does ----------------------------------------------------------------------------


def test_a_wrong_slot_gets_other_words_and_another_name(dialogue: Open) -> None:
    one = dialogue("to taipei main station")
    assert slots(one) == [("taipei", "toloc.city_name")]
    press(one, "tab", "shift-right", ">", "s", *"airline", "enter")
    assert slots(one) == [("taipei main station", "airline_name")]
    press(one, "enter")
    ((example,),) = load(one.session.output.path).splits.values()
    assert example.tags == ("O", "B-airline_name", "I-airline_name", "I-airline_name")


def test_a_slot_is_removed_and_another_added(dialogue: Open) -> None:
    one = dialogue("to taipei by oslo")
    press(one, "1", "x", "x")
    assert (slots(one), one.message) == ([], "there is no slot here: Tab chooses one")
    press(one, "end", "s", *"via.stop", "down", "enter")
    assert slots(one) == [("oslo", "via.stop")]
    assert one.message == "via.stop is a new slot"
    press(one, "r")
    assert slots(one) == [("taipei", "toloc.city_name")]


def test_the_likeliest_names_come_first(dialogue: Open) -> None:
    one = dialogue("boston maybe")
    press(one, "end", "s")
    assert one.picker is not None
    assert one.picker.names[0] == "return_date.day_name"
    press(one, "escape", "home", "s")
    assert one.picker.names[one.picker.at] == "fromloc.city_name"
    press(one, "escape")
    assert one.picker is None


def test_a_slot_takes_the_words_of_others(dialogue: Open) -> None:
    one = dialogue("boston to taipei")
    press(one, "home", "shift-end", "s", *"cost", "enter")
    assert slots(one) == [("boston to taipei", "cost_relative")]


def test_arrows_go_over_slots_and_stay_within_the_sentence(dialogue: Open) -> None:
    one = dialogue("to são paulo price")
    press(one, "home", "left", "right", "right")
    assert one.selection == (2, 2)
    press(one, "tab")
    assert one.selection == (3, 3)
    press(one, "tab")
    assert one.selection == (1, 2)
    press(one, "right")
    assert one.selection == (3, 3)
    press(one, "right", "shift-tab", "left")
    assert one.selection == (0, 0)
    press(one, "shift-tab")
    assert one.selection == (3, 3)
    press(one, "9")
    assert one.message == "there is no slot 9"


def test_the_intent_is_chosen(dialogue: Open) -> None:
    one = dialogue("to taipei")
    assert one.draft.intent == "flight"
    press(one, "i", *"fare", "enter")
    assert one.draft.intent == "airfare"
    press(one, "i", *"a new one", "enter")
    assert (one.draft.intent, one.message) == ("a new one", "a new one is a new intent")
    press(one, "enter", "u", "i", *" x", "enter")
    assert one.picker is not None  # a space at the beginning names nothing
    press(one, "backspace", "ctrl-u", "escape")


def test_decisions_are_counted_and_taken_back(dialogue: Open) -> None:
    one = dialogue("to taipei", "boston", "price")
    press(one, "tab", "x", "a", " ", "enter")
    assert one.item is None
    assert (one.session.done, one.session.skipped) == (2, 1)
    press(one, "z", "u", "u", "u")
    assert slots(one) == []  # as it was decided
    press(one, "u")
    assert one.message == "there is nothing to take back"
    press(one, "enter", "enter", "enter", "enter")
    assert one.is_over
    texts = [example.text for example in load(one.session.output.path).splits["all"]]
    assert texts == ["to taipei", "boston", "price"]


def test_the_models_labels_are_taken_in_place_of_the_files(dialogue: Open) -> None:
    one = dialogue("to [taipei](fromloc.city_name)", "to [taipei](toloc.city_name) now", name="data.markup")
    press(one, "o")
    assert slots(one) == [("taipei", "toloc.city_name")]
    press(one, "o")
    assert slots(one) == [("taipei", "fromloc.city_name")]
    press(one, "enter", "o")
    assert one.message == "the model has no other labels"


@pytest.mark.parametrize("key", ["q", "ctrl-d"])
def test_quitting(dialogue: Open, key: str) -> None:
    one = dialogue("to taipei")
    press(one, key)
    assert one.is_over


def test_a_key_that_does_nothing_says_so(dialogue: Open) -> None:
    one = dialogue("to taipei")
    press(one, "z")
    assert one.message == "z does nothing here: ? shows what each key does"
    press(one, "escape")
    assert one.message == ""
    press(one, "?", "q")  # any key goes back, and does nothing else
    assert not one.is_over
    assert not one.shows_help


def test_a_list_goes_round(dialogue: Open) -> None:
    picker = Picker("slot", ["a", "b", "c"], is_name=str.isidentifier, chosen="b")
    for key, at in (("up", 0), ("up", 2), ("down", 0), ("tab", 1), ("page-down", 2), ("page-up", 0), ("end", 2)):
        picker.press(key)
        assert picker.at == at, key
    for key in "x y":
        picker.press(key)
    assert picker.names == []
    assert [picker.press(key) for key in ("enter", "up", "page-up")] == [None] * 3


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("a é\r", ["a", " ", "é", "enter"]),
        ("\x1b[A\x1bOB\x1b[1;2D\x1b[1;5C\x1b[Z\x1b[3~", ["up", "down", "shift-left", "right", "shift-tab", "delete"]),
        ("\x1b", ["escape"]),
        ("\x1bq", ["escape", "q"]),
        ("\x1b[200~\x1b[99;99X\x00\x01", []),
        ("\x7f\x08\t\x04\x15", ["backspace", "backspace", "tab", "ctrl-d", "ctrl-u"]),
    ],
)
def test_keys_of_a_terminal(typed: str, keys: list[str]) -> None:
    assert parsed(typed) == (keys, "")
    taken, rest = [], ""
    for character in typed:  # byte by byte, as from a slow line
        found, rest = parsed(rest + character, whole=False)
        taken += found
    assert taken + parsed(rest)[0] == keys


ALL_KEYS = [
    *(
        "enter",
        "a",
        " ",
        "u",
        "backspace",
        "left",
        "right",
        "shift-left",
        "shift-right",
        "<",
        ">",
        "home",
        "end",
        "tab",
    ),
    *("shift-home", "shift-end", "shift-tab", "1", "2", "9", "s", "x", "delete", "i", "o", "r", "?", "escape", "up"),
    *("down", "page-up", "page-down", "ctrl-u", "ctrl-l", "c", "é"),
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(keys=st.lists(st.sampled_from(ALL_KEYS), max_size=40))
def test_any_keys(dialogue: Open, keys: list[str]) -> None:
    """The file always has what is counted as decided, and the chosen words are words of the sentence."""
    one = dialogue("to [taipei](fromloc.city_name) now", "[boston](a) maybe", "price", name="data.markup")
    for key in keys:
        one.press(key)
        assert drawn(one)
        assert len(one.session.output.path.read_bytes().splitlines()) == one.session.done
        if one.item is not None:
            assert 0 <= one.selection.start < one.selection.end <= len(one.draft.tokens)
            assert one.draft.text == one.item.first.text
    if one.session.done:
        assert len(load(one.session.output.path).splits["all"]) == one.session.done


# --- what is on the screen -------------------------------------------------------------------------


def test_the_screen(dialogue: Open) -> None:
    one = dialogue("boston to são paulo \x1b maybe friday [ : ]", "to taipei")
    shown = [drawn(one)]
    press(one, "tab", "s", *"city")
    shown.append(drawn(one))
    press(one, "escape", "?")
    shown.append(drawn(one))
    press(one, "x", "x", "enter", " ", "z")
    shown.append(drawn(one))
    assert "\f\n".join(shown) == (GOLDEN / "review" / "screens.txt").read_text(encoding="utf-8")
    assert max(len(line) for part in shown for line in part.splitlines()) <= 80


def test_the_screen_of_data(dialogue: Open) -> None:
    one = dialogue("to [taipei](fromloc.city_name)\tairfare", name="data.markup")
    assert "the file's labels: o shows the model's" in drawn(one)
    press(one, "o")
    assert "the model's labels" in drawn(one)
    press(one, "tab", "x")
    assert "changed by you" in drawn(one)


def test_signs_that_a_terminal_lacks(dialogue: Open) -> None:
    one = dialogue("boston to taipei")
    assert "boston[1] to taipei[2]" in drawn(one, is_plain=True)
    assert "arrows word" in drawn(one, is_plain=True).replace("\u00a0", " ")


@pytest.mark.parametrize("width", [20, 40, 200])
def test_any_width(dialogue: Open, width: int) -> None:
    one = dialogue("boston to são paulo, " + "東京" * 30 + " friday", "price")
    for key in ("tab", "s", "escape", "?", "x", "enter", "enter"):
        assert drawn(one, width=width)
        press(one, key)


def test_on_a_narrow_screen_the_title_is_cut_and_not_the_count(dialogue: Open) -> None:
    one = dialogue("to taipei", "to oslo")
    press(one, " ", "a")
    assert drawn(one, width=40).splitlines()[0] == "queries.txt, by small  1 of 2, 1 skipped"
    assert drawn(one, width=30).splitlines()[0] == "queries.txt… 1 of 2, 1 skipped"


@pytest.mark.parametrize(("width", "height"), [(80, 24), (60, 18), (100, 40)])
def test_of_many_slots_those_around_the_chosen_one_are_shown_and_the_keys_stay(
    dialogue: Open, width: int, height: int
) -> None:
    one = dialogue(" ".join(f"[w{number:02d}](slot{number:02d})" for number in range(30)), name="data.markup")
    press(one, "home", "z")
    for number in range(30):
        shown = drawn(one, width=width, height=height)
        assert len(shown.splitlines()) <= height
        assert f"slot{number:02d}" in shown
        assert "? help  q quit" in " ".join(shown.split("\n")).replace("\u00a0", " ")
        assert "whole" in shown
        press(one, "tab")
    assert ("above and" in shown, "below: Tab goes on" in drawn(one, width=width, height=height)) == (False, True)


def test_of_a_long_sentence_the_lines_around_what_is_chosen_are_shown(dialogue: Open) -> None:
    one = dialogue(" ".join(f"word{number:03d}" for number in range(400)))
    press(one, "home")
    for number in (0, 200, 399):
        one.press("end") if number == 399 else press(one, *["right"] * number)
        shown = drawn(one)
        assert f"word{number:03d}" in shown
        assert len(shown.splitlines()) <= 24
        assert "whole" in shown
    assert "…" in shown


def test_a_name_with_a_space_is_refused_with_one_that_would_do(dialogue: Open) -> None:
    one = dialogue("to taipei")
    press(one, "s", *"seat type", "enter")
    assert "no slot has spaces in its name: seat_type could be a new one" in drawn(one)


def test_what_is_chosen_stands_out(dialogue: Open) -> None:
    one = dialogue("boston to taipei")
    press(one, "2")
    out = Console(file=StringIO(), width=80, force_terminal=True, color_system="standard")
    with out.capture() as shown:
        out.print(screen(one, title="", width=80, height=24, is_plain=False))
    assert re.search(r"\x1b\[1;4;7;32mtaipei\x1b\[0m", shown.get())
    assert re.search(r"\x1b\[1;4;36mboston\x1b\[0m", shown.get())


# --- the command -----------------------------------------------------------------------------------


def test_without_a_terminal_it_says_where_to_go(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("queries.txt").write_text("to taipei\n", encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", StringIO("enter"))
    code, out, err = slotfill("review", "queries.txt", "--model", MODEL)
    assert (code, out) == (1, "")
    assert err == (
        "error: a review asks by keys: run it in a terminal, or in a browser with slotfill serve --review FILE\n"
    )
    assert not Path("queries.reviewed.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["queries.txt", "-o", "queries.txt"], "is what is read here"),
        (["data.jsonl", "-o", "data.jsonl"], "is what is read here"),
        (["queries.txt", "-o", "model/x.jsonl"], "is inside the model"),
    ],
)
def test_what_is_read_is_never_written(slotfill: Run, arguments: list[str], says: str) -> None:
    Path("queries.txt").write_text("to taipei\n", encoding="utf-8")
    Path("data.jsonl").write_text('{"text": "to taipei", "spans": []}\n', encoding="utf-8")
    Path("model").symlink_to(MODEL)
    code, _, err = slotfill("review", *arguments, "--model", MODEL)
    assert (code, says in err) == (1, True)


# --- in a terminal ---------------------------------------------------------------------------------

if os.name == "posix":
    import fcntl
    import pty
    import struct
    import termios


class Terminal:
    """`slotfill review` in a terminal of 80 by 24."""

    def __init__(self, *arguments: str, term: str = "xterm-256color") -> None:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(theirs)
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "slotfill", "review", *arguments, "--model", MODEL],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment | {"TERM": term, "PYTHONUTF8": "1"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.file, self.theirs = ours, theirs
        self.seen = ""
        self._decode = getincrementaldecoder("utf-8")().decode

    def until(self, text: str) -> None:
        """Read until the screen has shown a text since the last call."""
        while text not in self.seen:
            ready, _, _ = select.select([self.file], [], [], PATIENCE)
            assert ready, f"{text!r} does not come: {self.seen[-2000:]!r}"
            self.seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.seen + self._decode(os.read(self.file, 65536)))
        self.seen = self.seen.partition(text)[2]

    def type(self, keys: str) -> None:
        os.write(self.file, keys.encode())

    def end(self, code: int) -> None:
        """Wait for the end, and look whether the terminal is as it was."""
        assert self.process.wait(timeout=PATIENCE) == code
        if code >= 0:
            assert termios.tcgetattr(self.theirs) == self.before

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for file in (self.file, self.theirs):
            os.close(file)


needs_terminal = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Terminal]]:
    """Start a review of three sentences; it ends after the test."""
    monkeypatch.chdir(tmp_path)
    Path("queries.txt").write_text("to taipei\nto maybe\nboston to taipei\n", encoding="utf-8")
    started: list[Terminal] = []

    def call(*arguments: str, **more: str) -> Terminal:
        started.append(Terminal(*arguments, **more))
        return started[-1]

    yield call
    for one in started:
        one.close()


def decided(path: str = "queries.reviewed.jsonl") -> list[str]:
    return [example.text for example in load(path).splits["all"]]


@needs_terminal
def test_a_review_in_a_terminal(review: Callable[..., Terminal]) -> None:
    """Accept one, mend one, kill it: nothing is lost, and it goes on with the third."""
    first = review("queries.txt")
    first.until("0 of 3")
    first.until("to maybe")  # the least certain first
    first.type("\r")
    first.until("1 of 3")
    first.type("\t")
    first.type("\x1b[1;2D")  # Shift and the left arrow
    first.type("sairl\r")
    first.until("airline_name")
    first.type("a")
    first.until("2 of 3")
    first.process.kill()
    first.end(-signal.SIGKILL)
    assert len(decided()) == 2
    second = review("queries.txt")
    second.until("2 of 3")
    second.type("a")
    second.until("Every sentence is decided.")
    second.type("q")
    second.until("3 of 3 sentences decided")
    second.until("slotfill train --data queries.reviewed.jsonl")
    second.end(0)
    assert sorted(decided()) == ["boston to taipei", "to maybe", "to taipei"]


@needs_terminal
def test_ctrl_c_ends_it_and_gives_the_terminal_back(review: Callable[..., Terminal]) -> None:
    one = review("queries.txt", "--output", "my own.jsonl")
    one.until("0 of 3")
    one.type("a")
    one.until("1 of 3")
    one.type("\x03")
    one.until("1 of 3 sentences decided; 2 left, which the same command goes on with")
    one.until("slotfill train --data 'my own.jsonl'")  # to be pasted
    one.end(130)
    assert decided("my own.jsonl") == ["to maybe"]


@needs_terminal
def test_the_screen_follows_the_size_of_the_terminal(review: Callable[..., Terminal]) -> None:
    one = review("queries.txt")
    one.until("q\u00a0quit")
    fcntl.ioctl(one.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 132, 0, 0))
    one.until("━" * 132)
    one.type("q")
    one.end(0)


@needs_terminal
def test_two_reviews_do_not_write_to_one_file(review: Callable[..., Terminal]) -> None:
    first = review("queries.txt")
    first.until("0 of 3")
    second = review("queries.txt")
    second.until("queries.reviewed.jsonl: another review is writing to it: end that one first")
    second.end(1)
    first.type("q")
    first.end(0)
    assert not Path("queries.reviewed.jsonl").exists()


@needs_terminal
def test_a_terminal_that_cannot_be_drawn_on(review: Callable[..., Terminal]) -> None:
    one = review("queries.txt", term="dumb")
    one.until("slotfill serve --review FILE")
    one.end(1)
