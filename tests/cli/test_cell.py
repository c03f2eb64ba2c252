"""`slotfill cell`: what is printed, as text and as JSON, and how slips are told."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden" / "cell"
Run = Callable[..., tuple[int, str, str]]

SHOWN = {
    "lstm": [],
    "gers": ["--peepholes", "gers", "--set", "output.c=20", "--set", "output.bias=-100"],
    "tanh": ["--inputs", "3,1,0; 4,1,0; 2,0,0; 1,0,1", "--set", "forget.bias=0", "--tanh"],
    "elman": ["--kind", "elman"],
    "jordan": ["--kind", "jordan", "--tanh", "--inputs", "1 0; 0 1"],
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_printed(slotfill: Run, name: str) -> None:
    code, out, err = slotfill("cell", *SHOWN[name])
    assert (code, err) == (0, "")
    assert out == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_on_a_terminal_gates_are_lit_and_words_wrap(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal, for rich
    _, out, _ = slotfill("cell", "--tanh")
    assert "\x1b[1;32m1.00\x1b[0m" in out  # open
    assert "\x1b[2m0.00\x1b[0m" in out  # shut
    lines = re.sub(r"\x1b\[[\d;]*m", "", out).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80 + 8  # words have 18 columns, even if there are fewer
    place = next(n for n, line in enumerate(lines) if line.startswith("6 "))
    words = " ".join(line[70:].strip() for line in lines[place : place + 3])
    assert words == "ignores 0.76, keeps 1.99, shows 0.96"


def test_json_has_every_number(slotfill: Run) -> None:
    code, out, err = slotfill("cell", "--format", "json", "--peepholes", "lee")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["kind", "tanh", "peepholes", "weights", "parameters", "steps"]
    assert found["weights"]["forget"] == {"x": [0, 100, 0], "h": 0, "c": 0, "bias": 10}
    assert found["parameters"] == 24
    assert list(found["steps"][3]) == [
        *("x", "before", "z", "z_i", "z_f", "z_o", "g", "i", "f", "o", "c", "shown", "h", "happened")
    ]
    assert [round(step["c"]) for step in found["steps"]] == [0, 3, 3, 7, 7, 7, 0, 6, 6]
    found = json.loads(slotfill("cell", "--format", "json", "--kind", "jordan")[1])
    assert (found["parameters"], found["steps"][2]["y"]) == (16, [88, 88])


def typed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_inputs_come_from_standard_input(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, b"\xef\xbb\xbf3,1,0\r\n4 1 0\r\n\r\n1,0,1")
    _, out, _ = slotfill("cell", "--inputs", "-", "--format", "json")
    assert [round(step["h"]) for step in json.loads(out)["steps"]] == [0, 0, 7]


def test_ten_thousand_steps(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, b"1,1,0\n" * 10_000)
    code, out, _ = slotfill("cell", "--inputs", "-")
    assert code == 0
    assert "adds 1 to 9999" in out


def test_a_long_text_is_no_file(slotfill: Run) -> None:
    assert slotfill("cell", "--inputs", "1,1,0;" * 5000)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--inputs", "3,1"], 1, "error: step 1: expected 3 numbers (x1, x2, x3), got 2: '3,1'"),
        (["--kind", "elman", "--inputs", "3,1,0"], 1, "error: step 1: expected 2 numbers (x1, x2), got 3: '3,1,0'"),
        (["--inputs", ""], 1, 'error: no inputs: expected numbers for each step, such as "3,1,0; 4,1,0"'),
        (["--inputs", "steps.txt"], 1, "error: steps.txt: is a file: type slotfill cell --inputs - < steps.txt"),
        (["3,1,0;", "4,1,0"], 2, "error: the inputs are given to --inputs\n"
         '  slotfill cell --inputs "3,1,0; 4,1,0"'),
        (["--set", "forget.bias", "0"], 2, "error: a setting and its value are joined by =\n"
         "  slotfill cell --set forget.bias=0"),
        (["--set", "forget.bias"], 1, "error: --set forget.bias: expected KEY=VALUE, such as forget.bias=10"),
        (["--set", "U=0"], 1, "error: --set U: an LSTM has no such weights: add --kind elman or --kind jordan"),
        (["--kind", "jordan", "--set", "forget.bias=0"], 1, "error: --set forget.bias: there are no such weights: "
         "expected W, U, b, V, b_y, such as U=0, or --kind lstm"),
        (["--epochs", "3"], 2, "error: slotfill cell has no option --epochs"),
        (["--kind", "elman", "--peepholes", "lee"], 2, "error: Invalid value for --peepholes: a net of the kind elman "
         "has no gates to read the memory: leave it out"),
        (["--inputs", "1e308,0,0; 1,1e308,0"], 1, "error: step 2: z^i is too large for a computer's number (above "
         "1.8e308): expected smaller inputs or weights"),
    ],
)  # fmt: skip
def test_slips(slotfill: Run, arguments: list[str], code: int, said: str) -> None:
    Path("steps.txt").write_text("3,1,0\n", encoding="utf-8")
    found, out, err = slotfill("cell", *arguments)
    assert (found, out) == (code, "")
    assert err.removesuffix("help: slotfill cell --help\n") == f"{said}\n"
