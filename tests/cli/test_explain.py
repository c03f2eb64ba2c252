"""`slotfill explain`: what is printed of an explanation, and what the options do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import slotfill.contrast  # noqa: F401  # before `explain` is replaced, which it would keep
from slotfill import explaining, fonts
from slotfill.bundle import Bundle, write
from slotfill.cli.explain import _sure
from slotfill.config import Config, ModelConfig
from slotfill.explaining import Choice, Explanation, Influence
from slotfill.schema import Annotation, Intent, Slot
from slotfill.tokenizer import tokenize
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
PATIENCE = 60  # seconds; a guard against hanging, not a measure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill explain` in an empty folder, 80 columns wide; gives the exit code, stdout and stderr."""

    def call(*arguments: str, model: str = MODEL) -> tuple[int, str, str]:
        return slotfill("explain", "--model", model, *arguments)

    return call


# --- an explanation made by hand -------------------------------------------------------------------

TEXT = "arrive [b]New York on November\x07 2nd"


def ramp(*, units: int, low: float, high: float) -> NDArray[np.float32]:
    """A token a row, each more open than the last, and a unit a column."""
    tokens = len(tokenize(TEXT))
    rows = np.linspace(low, high, tokens, dtype=np.float32)[:, None] + np.linspace(0, 0.25, units, dtype=np.float32)
    return np.asarray(rows[:, ::-1], dtype=np.float32)


def explanation() -> Explanation:
    """With all that there may be: mark-up and a bell in the text, every kind of reason, and cells of two sizes."""
    tokens = tokenize(TEXT)
    assert [token.text for token in tokens] == ["arrive", "[", "b", "]", "New", "York", "on", "November", "2nd"]
    tags = ["O"] * 4 + ["B-toloc.city_name", "I-toloc.city_name", "O", "B-depart_date.month_name", "B-x"]
    slots = (
        Slot("toloc.city_name", "New York", 10, 18, 0.8),
        Slot("depart_date.month_name", "November", 22, 30, 0.75),
        Slot("x", "2nd", 32, 35, 0.5),
    )
    annotation = Annotation(TEXT, tokens, tuple(tags), slots, Intent("flight", 0.912345))
    return Explanation(
        annotation=annotation,
        choices=tuple(
            Choice(tag, 0.9 - number / 100, "B-fromloc.city_name", 0.0512345) for number, tag in enumerate(tags)
        ),
        removed=(
            Influence(0, 0, "fromloc.city_name", 0.651234, 0.7),
            Influence(0, 1, "toloc.city_name", 0.8, 0.0),
            Influence(1, 3, "depart_date.month_name", 0.7, 0.2),
            Influence(2, 7, None, 0.6, 0.1),
        ),
        masked=(Influence(0, 6, None, 0.5, -0.25),),
        gates={
            "0.forward": {name: ramp(units=4, low=0.0, high=0.75) for name in "gifo"}
            | {name: ramp(units=4, low=-1.5, high=1.5) for name in "ch"},
            "0.backward": {name: ramp(units=20, low=0.0, high=0.75) for name in "rznh"},
            "1.forward": {"h": ramp(units=3, low=-1, high=0.75), "y": ramp(units=2, low=0.0, high=0.75)},
        },
        outputs=("O", "B-fromloc.city_name"),
    )


INSIDE = ("cell", "gates", "units", "outputs")


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "explain", lambda _tagger, _text, **_: explanation())


@pytest.mark.usefixtures("by_hand")
def test_the_table(run: Run) -> None:
    code, out, err = run(TEXT)
    assert (code, err) == (0, "")
    assert out == (GOLDEN / "explain.txt").read_text(encoding="utf-8")
    # a reason stays one line, and so does the line of the words
    assert max(len(line) for line in out.splitlines() if line[0:1] != "`") <= 80


def test_a_narrow_table_breaks_no_name(run: Run) -> None:
    _, out, _ = run("from Constantinople tomorrow to Rome in the afternoon", model="travel")
    table = out.partition("\n\n")[0]
    assert max(map(len, table.splitlines())) <= 80
    words = table.split()
    assert {"B-fromloc.", "city_name", "B-depart_date.", "today_relative"} <= {*words}


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(1, "1.0000"), (0.99999, "0.9999"), (0.9988, "0.9988"), (0.0005, "0.0005"), (3e-7, "3e-07")],
)
def test_a_probability_tells_something(probability: float, shown: str) -> None:
    assert _sure(probability) == shown


@pytest.mark.usefixtures("by_hand")
def test_json(run: Run) -> None:
    code, out, err = run(TEXT, "--format", "json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    found = json.loads(out)
    assert list(found) == ["text", "intent", "slots", "frame", "intents", "tokens", "removed", "masked", *INSIDE]
    assert found["text"] == TEXT
    assert found["intent"] == {"name": "flight", "confidence": 0.9123}
    assert [slot["text"] for slot in found["slots"]] == ["New York", "November", "2nd"]
    assert len(found["tokens"]) == 9
    assert found["tokens"][4] == {
        "text": "New",
        "start": 10,
        "end": 13,
        "tag": "B-toloc.city_name",
        "confidence": 0.86,
        "second": "B-fromloc.city_name",
        "second_confidence": 0.0512,
    }
    assert found["removed"][0] == {
        "slot": 0,
        "word": 0,
        "name": "fromloc.city_name",
        "confidence": 0.6512,
        "drop": 0.7,
    }
    assert found["masked"] == [{"slot": 0, "word": 6, "name": None, "confidence": 0.5, "drop": -0.25}]
    assert {cell: list(gates) for cell, gates in found["gates"].items()} == {
        "0.forward": ["g", "i", "f", "o", "c", "h"],
        "0.backward": ["r", "z", "n", "h"],
        "1.forward": ["h", "y"],
    }
    assert found["units"]["0.forward"] == {"h": [3, 2, 1, 0]}
    assert found["units"]["1.forward"] == {"h": [2, 1, 0], "y": [0, 1]}
    assert found["gates"]["0.forward"]["c"][8] == [1.75, 1.667, 1.583, 1.5]


def elman() -> Bundle:
    """A net without gates, and with weights of zero."""
    vocabularies = Vocabularies(Vocabulary(["to"]), Vocabulary([]), LabelSet(["O", "B-x"]), LabelSet([]))
    config = Config(
        ModelConfig("elman", hidden=2, bidirectional=False, word_size=2, character_filters=0, direct=False, crf=False)
    )
    weights = {
        "features.words": np.zeros((3, 2), dtype=np.float32),
        "encoder.0.forward.W": np.zeros((2, 2), dtype=np.float32),
        "encoder.0.forward.U": np.zeros((2, 2), dtype=np.float32),
        "encoder.0.forward.b": np.zeros(2, dtype=np.float32),
        "emissions.W": np.zeros((2, 2), dtype=np.float32),
        "emissions.b": np.array([0, 1], dtype=np.float32),
    }
    return Bundle(config, vocabularies, weights, training={}, history=[], card="")


# --- a real one ------------------------------------------------------------------------------------


def test_the_golden_model(run: Run) -> None:
    """Its cities say by themselves what they are."""
    code, out, err = run("to Taipei and Boston")
    assert (code, err) == (0, "")
    assert "`Taipei` is toloc.city_name (1.00), whichever other word is left out\n" in out
    assert "`Boston` is fromloc.city_name (1.00), whichever other word is left out\n" in out
    code, out, _ = run("to Taipei and Boston", "-f", "json")
    assert code == 0
    (gates,) = json.loads(out)["gates"].values()
    assert gates["f"] == [[0.0] * len(gates["f"][0])] * 4  # it remembers nothing
    assert gates["i"] == [[1.0] * len(gates["f"][0])] * 4


def test_as_a_program_of_its_own() -> None:
    """The shipped model, a text that is not Unicode, and no colour where nobody looks."""
    command: list[str | bytes] = [sys.executable, "-m", "slotfill", "explain", b"leave \xfc for boston"]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, env=environment, check=True)
    assert done.stderr == b""
    out = done.stdout.decode()
    assert "`boston` is toloc.city_name" in out
    assert "\n�  " in out
    assert "\x1b" not in out
    assert "layer 1, backward, read from the right" in out


def test_long_words_leave_the_bars_whole(run: Run) -> None:
    code, out, _ = run("to Llanfairpwllgwyngyll via 東京東京東京東京 " + "x" * 200, "--units", "3")
    assert code == 0
    _, legend, heading, numbers, *rows = out.split("layer 1, forward")[1].splitlines()
    assert legend == f"1:to 2:Llanfairpwllgwyngyll 3:via 4:東京東京東京東京 5:{'x' * 200}"
    assert heading.split() == ["unit", "i", "f", "o", "g", "tanh(c)", "h"]
    assert numbers.split() == ["1", "2", "3", "4", "5"] * 6
    assert len(rows) == 3
    for row in rows:
        unit, i, f, o, *states = row.split()
        assert unit.isdigit()
        assert (i, f, o) == ("█" * 10, "▁" * 10, "█" * 10)
        assert [len(state) for state in states] == [10] * 3


def test_a_long_text_has_a_column_a_token_and_fewer_parts_side_by_side(run: Run) -> None:
    _, out, _ = run("to " * 30, "--units", "1")
    rows = out.split("layer 1, forward")[1].splitlines()
    assert [row.split() for row in rows if row.startswith("unit")] == [
        ["unit", "i", "f"],
        ["unit", "o", "g"],
        ["unit", "tanh(c)", "h"],
    ]
    assert [len(part) for part in rows[4].split()[1:]] == [30, 30]


@pytest.mark.parametrize("arguments", [["to", "--units", "0"], ["to", "--against", "from", "-m", "x", "-m", "y"]])
def test_what_does_not_go_together(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.endswith("help: slotfill explain --help\n")


# --- two side by side ------------------------------------------------------------------------------


def test_two_sentences_and_their_difference(run: Run) -> None:
    code, out, err = run("to Taipei today", "--against", "via Boston", "--units", "2")
    assert (code, err) == (0, "")
    assert out == (GOLDEN / "explain_against.txt").read_text(encoding="utf-8")


def test_two_sentences_as_json(run: Run) -> None:
    alone = json.loads(run("to Taipei", "-f", "json")[1])
    code, out, _ = run("to Taipei", "--against", "to Boston today", "-f", "json")
    assert code == 0
    found = json.loads(out)
    assert list(found) == ["first", "second", "pairs", "difference"]
    assert found["pairs"] == [[0, 0], [1, 1], [None, 2]]
    order = found["first"].pop("units")
    assert order == found["second"]["units"]
    del alone["units"]
    assert found["first"] == alone
    one, other = (np.array(found[name]["gates"]["0.forward"]["c"])[:2] for name in ("first", "second"))
    difference = np.array(found["difference"]["0.forward"]["c"])
    assert difference == pytest.approx(np.tanh(one) - np.tanh(other), abs=0.002)
    # the units that differ most are the first
    apart = np.abs(difference).sum(0)[order["0.forward"]["h"]]
    assert (np.diff(apart) <= 0.002).all()


def test_one_sentence_in_two_nets(run: Run) -> None:
    write(elman(), Path("elman"))
    code, out, err = run("to", "-m", "elman", "--units", "1")
    assert (code, err) == (0, "")
    rows = out.splitlines()
    assert rows[0].split() == ["token", MODEL, "elman"] or MODEL in rows[0] + rows[1]
    inside = out.split("layer 1, forward")[1].splitlines()
    assert [row for row in inside if row in (MODEL, "elman")] == [MODEL, "elman"]
    assert [row.split()[1:] for row in inside if row.startswith("unit")] == [[*"ifog", "tanh(c)", "h"], ["h"]]
    assert "difference" not in out
    found = json.loads(run("to", "-m", "elman", "-f", "json")[1])
    assert [found[one]["cell"] for one in ("first", "second")] == ["lstm", "elman"]
    assert "difference" not in found


def test_three_models_are_too_many(run: Run) -> None:
    code, _, err = run("to", "-m", "a", "-m", "b")
    assert code == 2
    assert "two models can be compared, not 3" in err


def test_a_feedforward_net_has_no_memory(run: Run) -> None:
    weights = {name: rows for name, rows in elman().weights.items() if not name.endswith("U")}
    bundle = elman()
    config = bundle.config._replace(model=bundle.config.model._replace(cell="feedforward"))
    write(bundle._replace(config=config, weights=weights), Path("plain"))
    _, out, _ = run("to", model="plain")
    assert out.endswith(
        "\nA feed-forward net has no memory: its h at a word depends on that word alone, and with a window on its "
        "neighbours.\n"
    )
    assert [row.split()[1:] for row in out.splitlines() if row.startswith("unit ")] == [["h"]]


def test_without_slots_there_is_one_empty_line(run: Run) -> None:
    _, out, _ = run("via")
    assert out.count("\n\n") == 2
    assert "\n\n\n" not in out


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_plot_is_drawn_beside_what_is_printed(run: Run, suffix: str) -> None:
    plain = run("to Taipei")
    path = Path(f"gates{suffix}")
    code, out, err = run("to Taipei", "--plot", str(path))
    assert (code, out) == plain[:2]
    assert err == f"wrote gates{suffix}\n"
    assert path.read_bytes().startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")


def test_a_plot_without_a_font_for_its_characters_says_what_brings_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "_installed", dict)
    fonts._fonts_for.cache_clear()
    code, _, err = run("to 台北 and Zürich", "--plot", "gates.png")
    fonts._fonts_for.cache_clear()
    lacking = "no font here has 台北: they are drawn as boxes; a package such as fonts-noto-cjk brings one"
    assert (code, err) == (0, f"wrote gates.png\n{lacking}\n")


# --- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "there is nothing to explain: the text has no word"),
        ([" \t"], "there is nothing to explain: the text has no word"),
        (["to " * 401], "the text has 401 words: expected at most 400 to explain"),
        (["to", "--plot", "gates.pdf"], "gates.pdf: a plot is a .png or an .svg file"),
        (["to", "--plot", "no/gates.png"], "no/gates.png: cannot be written: No such file or directory"),
    ],
)
def test_what_a_person_can_mend(run: Run, arguments: list[str], message: str) -> None:
    assert run(*arguments) == (1, "", f"error: {message}\n")


def test_a_model_that_is_not_there(run: Run) -> None:
    code, out, err = run("to", model="nowhere")
    assert (code, out) == (1, "")
    assert err.startswith("error: no model 'nowhere'")


@pytest.mark.parametrize("arguments", [[], ["two", "texts"], ["to", "--format", "yaml"]])
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.endswith("help: slotfill explain --help\n")


def test_without_matplotlib_the_message_names_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, module, None)
    message = 'plotting needs packages that are not installed: run `pip install "slotfill[plots]"`'
    assert run("to", "--plot", "gates.png") == (1, "", f"error: {message}\n")
