"""One thing has one flag in every command, and the older names of flags still work."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from slotfill.cli.app import app
from slotfill.cli.options import normalize

Run = Callable[..., tuple[int, str, str]]

COMMAND = typer.main.get_command(app)
ALL = {
    f"{name} {inner}".strip(): command
    for name, outer in COMMAND.commands.items()  # type: ignore[attr-defined]
    for inner, command in getattr(outer, "commands", {"": outer}).items()
}
SENTENCES = '{"text": "to Rome", "spans": []}\n'


@pytest.mark.parametrize("name", ALL)
def test_old_names_of_flags_are_in_no_help(slotfill: Run, name: str) -> None:
    code, out, err = slotfill(*name.split(), "--help")
    assert (code, err) == (0, "")
    assert not re.search(r"--out\b|--force\b", out)


def test_one_flag_has_one_meaning() -> None:
    """The same long flag has the same short one and, where it is shared, the same help."""
    shorts: dict[str, set[tuple[str, ...]]] = {}
    for command in ALL.values():
        for parameter in command.params:
            if long := next((flag for flag in parameter.opts if flag.startswith("--")), None):
                shorts.setdefault(long, set()).add(tuple(parameter.opts))
    assert {long: found for long, found in shorts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("flag", ["--now", "--date-order"])
def test_where_values_are_shown_the_clock_can_be_set(flag: str) -> None:
    assert {name for name, command in ALL.items() for p in command.params if flag in p.opts} == {
        *("tag", "chat", "explain", "bulk", "eval")
    }


@pytest.mark.parametrize(
    "written", [["--output", "a.markup"], ["--output=a.markup"], ["-o", "a.markup"], ["--out", "a.markup"],
                ["--out=a.markup"]]
)  # fmt: skip
@pytest.mark.parametrize("replace", ["--overwrite", "--force"])
def test_new_and_old_flags(slotfill: Run, written: list[str], replace: str) -> None:
    for _ in range(2):
        assert slotfill("data", "generate", "-n", "2", *written, replace) == (0, "", "wrote a.markup\n")
    code, _, err = slotfill("data", "generate", "-n", "2", *written)
    assert (code, err) == (1, "error: a.markup holds a data set already: add --overwrite to replace it\n")


def test_values_are_never_renamed(slotfill: Run) -> None:
    Path("force").write_text(SENTENCES, encoding="utf-8")
    assert slotfill("data", "generate", "-n", "1", "-o", "out.markup")[0] == 0
    assert slotfill("data", "convert", "--", "out.markup", "force.jsonl")[0] == 0
    assert Path("force.jsonl").exists()
    code, _, err = slotfill("data", "check", "out")
    assert (code, err.startswith('error: no data set or file "out"')) == (1, True)
    code, _, err = slotfill("data", "check", "--", "--out")
    assert (code, err.startswith('error: no data set or file "--out"')) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "flag"),
    [(["export", "travel", "--to", "onnx", "--out"], "--output"), (["train", "--out"], "--output")],
)
def test_a_missing_value_is_told_with_the_present_name(slotfill: Run, arguments: list[str], flag: str) -> None:
    code, _, err = slotfill(*arguments)
    assert (code, f"'{flag}'" in err or flag in err) == (2, True)


def completed(*words: str) -> list[str]:
    """What the shell would propose for the last word."""
    code = "import sys; sys.argv[0] = 'slotfill'; from slotfill.cli import main; main()"
    environment = {
        **os.environ,
        "_SLOTFILL_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("slotfill", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return done.stdout.split()


def test_the_shell_proposes_present_names_alone() -> None:
    assert completed("data", "generate", "--o") == ["--output", "--overwrite"]
    assert completed("data", "generate", "--force", "--out", "a.markup", "--s") == ["--seed"]
    assert completed("explain", "a", "--date-order", "d") == ["dmy"]


def test_normalize() -> None:
    assert [normalize(flag) for flag in ("out", "force", "o", "output", "now")] == [
        *("output", "overwrite", "o", "output", "now")
    ]


def test_explain_reads_dates_as_it_is_told(slotfill: Run) -> None:
    for order, expected in (("mdy", "2027-03-02"), ("dmy", "2027-02-03")):
        options = ("--now", "2026-11-20T09:00", "--date-order", order)
        code, out, err = slotfill("explain", "leave boston on 3/2", *options)
        assert (code, err) == (0, "")
        assert expected in out


def test_a_clock_that_is_none(slotfill: Run) -> None:
    said = []
    for command in (["tag", "a"], ["explain", "a"], ["bulk", "a.jsonl", "b"]):
        code, out, err = slotfill(*command, "--now", "soon")
        assert (code, out) == (2, "")
        said.append(err.splitlines()[0])
    expected = "error: Invalid value for --now: expected a date and time such as 2026-11-20T09:00, got 'soon'"
    assert [" ".join(line.split()) for line in said] == [expected] * 3


# --- completion ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("tag", "--model", "tra"), ["travel", "travel-zh"]),
        (("explain", "a", "-m", "tiny-f"), ["tiny-feedforward"]),
        (("models", "show", "tr"), ["travel", "travel-zh"]),
        (("eval", "--data", "tr"), ["travel", "travel-zh"]),
        (("data", "stats", "tr"), ["travel", "travel-zh"]),
        (("eval", "--split", "wi"), ["wild", "wild-dev"]),
        (("data", "get", ""), ["atis", "snips", "sgd"]),
        (("compare", "--cells", "gr"), ["gru", "gru-bi"]),
        (("compare", "--cells", "lstm,el"), ["lstm,elman", "lstm,elman-bi"]),
        (("train", "--set", "training.ep"), ["training.epochs="]),
        (("cell", "--set", "forget.b"), ["forget.bias="]),
    ],
)
def test_the_shell_proposes_names(
    words: tuple[str, ...], expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed(*words) == expected


# --- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["80", "120"])
@pytest.mark.parametrize("name", ALL)
def test_help_has_an_example_and_room_for_words(
    slotfill: Run, monkeypatch: pytest.MonkeyPatch, name: str, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    _, out, _ = slotfill(*name.split(), "--help")
    lines = [line.rstrip() for line in out.splitlines()]
    assert max(map(len, lines)) <= int(columns)
    assert any(line.strip().startswith(f"slotfill {name}") for line in lines), out
    assert not re.search(r"<(str|bool|int|float|path|list)\b|<=x", out)
    rows = [line for line in lines if re.match(r"│ +--", line)]
    begins = [re.match(r"│ +--\S+(?: +-\w)?(?: +[A-Z][A-Z=,.]*(?= {2,}))? +", row) for row in rows]
    assert all(match is not None and match.end() <= 42 for match in begins), out


def test_what_people_need_first_comes_first(slotfill: Run) -> None:
    _, out, _ = slotfill("--help")
    commands = re.findall(r"^│ (\w+) ", out.split("Commands")[1], re.MULTILINE)
    assert commands[:3] == ["tag", "train", "eval"]
    _, out, _ = slotfill("tag", "--help")
    assert all(f"--{option}" in out.split("─ Values ─")[1] for option in ("now", "date-order", "min-value-confidence"))
