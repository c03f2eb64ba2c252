"""What all commands share: help, version, exit codes, one error handler, streams that may be gone."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from slotfill.cli import console
from slotfill.cli.app import app

COMMANDS = [*sorted(name for info in app.registered_commands if (name := info.name)), "data", "models"]
HEAVY = (
    "numpy",
    "torch",
    "datasets",
    "seqeval",
    "safetensors",
    "pandas",
    "sklearn",
    "matplotlib",
    "onnx",
    "onnxruntime",
)
PATIENCE = 60  # seconds; a guard against hanging, not a measure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill` in an empty folder; gives the exit code, stdout and stderr."""
    return slotfill


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"slotfill {version('slotfill')}\n", "")


def test_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert {"train", "eval", "tag", "data"} <= set(COMMANDS)
    codes = "Exit codes: 0 done, 1 an error that you can mend, 2 wrong usage, 130 interrupted."
    assert codes in " ".join(out.split())
    rows = out.split("Commands")[1].splitlines()
    assert [command for command in COMMANDS if not any(row.startswith(f"│ {command} ") for row in rows)] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    code, out, err = run(command, "-h")
    assert (code, err) == (0, "")
    assert f"slotfill {command}" in out
    assert "\x1b" not in out


def test_without_a_command_help_is_shown(run: Run) -> None:
    code, out, err = run()
    assert code == 2
    assert "Commands" in out + err


def test_a_command_that_does_not_exist(run: Run) -> None:
    code, out, err = run("tga", "to Rome")
    assert (code, out) == (2, "")
    assert err == (
        'error: there is no command tga: did you mean tag?\n  slotfill tag "to Rome"\nhelp: slotfill --help\n'
    )


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from slotfill.cli import main\n"
        "try: main()\n"
        f"finally: print(*sorted(set({HEAVY}) & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stderr == "\n"
    assert done.stdout


def test_python_m_slotfill() -> None:
    command = [sys.executable, "-m", "slotfill", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == f"slotfill {version('slotfill')}\n"


def test_words_for_a_person_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    text = "data.jsonl:100: write \\[ for [bold] or [/x] " + "long " * 50  # to rich: an emoji, an escape and tags
    console.notice(text)
    console.warn(text)
    console.fail(text)
    assert capsys.readouterr() == ("", f"{text}\nwarning: {text}\nerror: {text}\n")


def test_a_terminal_obeys_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Names of files, columns and settings may come from strangers."""
    name = "\x1b]0;mine\x07\x1b[31mred\u202e"
    for say in (console.say, console.notice, console.warn, console.fail):
        say(f"{name}\n{name}")
    rows = Table(name)
    rows.add_row(Text(name))
    console.print_table(rows)
    shown = "".join(capsys.readouterr())
    assert shown.count("red") >= 8
    assert all(character.isprintable() or character == "\n" for character in shown)


def test_a_value_as_long_as_a_book_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    for say in (console.warn, console.fail):
        say(f"mine.toml: `model.cell` must be one of lstm, gru; got '{'x' * 500_000}': choose one")
        shown = capsys.readouterr().err
        assert "mine.toml: `model.cell` must be one of" in shown
        assert shown.endswith("': choose one\n")
        assert 1_000 < len(shown) < 2_200


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FileNotFoundError(2, "No such file or directory", "x/y"), (1, "", "error: x/y: No such file or directory\n")),
        (OSError("the terminal went away"), (1, "", "error: output: the terminal went away\n")),
        (KeyboardInterrupt(), (130, "", "")),
    ],
)
def test_errors_of_the_system(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, expected: tuple[int, str, str]
) -> None:
    def fail(name: str) -> None:
        raise error

    monkeypatch.setattr("slotfill.tagger.Tagger.load", fail)
    # there is no descriptor behind pytest's stdout
    monkeypatch.setattr("slotfill.cli.console._forget_output", lambda: None)
    assert run("tag", "to Rome") == expected


# --- streams that are gone -------------------------------------------------------------------------


def shell(line: str) -> tuple[int, str, str]:
    """Run a line of bash in which `slotfill` is the command; gives the exit code, stdout and stderr."""
    script = f"set -o pipefail; unset PYTHONUNBUFFERED\nslotfill() {{ '{sys.executable}' -m slotfill \"$@\"; }}\n{line}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", ["--help", "--version", "tag --help", "data list"])
def test_a_full_disk(arguments: str) -> None:
    assert shell(f"slotfill {arguments} > /dev/full") == (1, "", "error: output: No space left on device\n")


@pytest.mark.skipif(os.name != "posix", reason="needs bash")
def test_closed_output_is_said(tmp_path: Path) -> None:
    closed = "error: standard output is closed: send it to a file, or to /dev/null\n"
    assert shell("slotfill data list >&-") == (1, "", closed)
    assert shell("slotfill tag --model nope a 2>&-") == (1, "", "")  # nobody to tell
    assert shell("slotfill data generate -n 1 2>&-")[0] == 0


# --- torch is not there ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("tag 'arrive Taipei'", 0, "toloc.city_name"),
        ("eval --data tiny.markup", 0, "all (micro)"),
        ("data check tiny.markup", 0, "no problem"),
        ("train", 1, 'run `pip install torch --index-url https://download.pytorch.org/whl/cpu && pip install "slot'),
        ("data get atis", 1, 'pip install "slotfill[hub]"'),
        ("data get snips --from nowhere", 1, "nowhere: no such folder"),
        ("data list", 0, "travel"),
        ("data stats hub:tuetschek/atis", 1, 'pip install "slotfill[hub]"'),
    ],
)
def test_without_the_extra(tmp_path: Path, arguments: str, code: int, said: str) -> None:
    """Python runs sitecustomize at its start: here it plays a machine with the base install only."""
    blocked = ("torch", "datasets", "seqeval", "pandas", "matplotlib")
    (tmp_path / "sitecustomize.py").write_text(f"import sys\nsys.modules.update(dict.fromkeys({blocked}))\n")
    (tmp_path / "tiny.markup").write_text("to [Rome](toloc.city_name)\n")
    line = f"cd '{tmp_path}' && PYTHONPATH=. slotfill {arguments}"
    found, out, err = shell(line)
    assert (found, said in (err if code else out)) == (code, True), (out, err)
    assert err.count("\n") == (code != 0 or arguments == "data list")


@pytest.mark.parametrize("arguments", [["tag", "to Rome"], ["tag", "--format=iob", "to Rome"], ["--version"]])
def test_what_was_to_be_done_at_the_end_is_done(arguments: list[str]) -> None:
    """A plain `tag` ends its process at once, but neither forgets output nor what somebody registered."""
    code = (
        "import atexit, sys; from slotfill.__main__ import main\n"
        "atexit.register(print, 'registered'); sys.stdout.write('buffered\\n'); main()"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    first, *result, last = done.stdout.splitlines()
    assert (first, last) == ("buffered", "registered")
    assert result


def told_at_the_end(text: str, told: str, *, before: str = "pass") -> str:
    """What an expression is when `slotfill tag` of a text ends; `before` is done before it begins."""
    code = (
        "import atexit, gc, sys, typing; from slotfill.__main__ import main\n"
        f"{before}\natexit.register(lambda: print({told})); main()"
    )
    done = subprocess.run([sys.executable, "-c", code, "tag", text], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_a_single_sentence_hardly_waits_for_garbage_collections() -> None:
    before = "phases = []; gc.collect(); gc.callbacks.append(lambda phase, _: phases.append(phase))"
    assert (
        int(told_at_the_end("to Rome", "phases.count('start')", before=before)) < 3
    )  # of eight with Python's threshold


@pytest.mark.parametrize(
    ("text", "dates", "times"),
    [("to Rome", False, False), ("to Rome on Friday", True, False), ("to Rome at 6 pm", False, True)],
)
def test_rules_are_imported_for_sentences_that_need_them(text: str, dates: bool, times: bool) -> None:
    rules = ("slotfill.resolvers.date_rules", "slotfill.resolvers.time_phrases")
    assert told_at_the_end(text, f"[name in sys.modules for name in {rules}]") == f"[{dates}, {times}]"


def test_no_annotation_is_compiled_for_a_single_sentence() -> None:
    """The first of them would take 10 of 200 million instructions (docs/decisions/0041-no-numpy.md)."""
    before = "made = []; typing.ForwardRef.__init__ = lambda *arguments, **others: made.append(arguments[1])"
    assert told_at_the_end("arrive Taipei on November 2nd at 6 pm", "made", before=before) == "[]"
