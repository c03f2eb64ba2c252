"""`slotfill eval`: figures, tables and error lists, by the golden model, whose answers are known."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import util
from importlib.metadata import version
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from slotfill.bundle import read
from slotfill.bundle import write as write_bundle
from slotfill.vocabulary import LabelSet, Vocabulary

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
PATIENCE = 60  # seconds; a guard against hanging, not a measure

# What the golden model makes of it: right; right; a slot too many; the wrong intent, a slot missed and one wrong.
GOLD = (GOLDEN / "eval.markup").read_text(encoding="utf-8")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill eval` in a folder with the data set `mine`; gives the exit code, stdout and stderr."""
    write("mine/test.markup", GOLD)

    def call(*arguments: str, model: str = MODEL) -> tuple[int, str, str]:
        return slotfill("eval", "--model", model, *arguments)

    return call


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_table(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN.parent)  # so that the title says golden/model
    code, out, err = run("--data", "golden/eval.markup", model="golden/model")
    assert (code, err) == (0, "")
    assert out == (GOLDEN / "eval.txt").read_text(encoding="utf-8")


def test_json(run: Run) -> None:
    code, out, err = run("--data", "mine", "--format", "json")
    assert (code, err) == (0, "")
    scores = json.loads(out)
    per_slot = scores.pop("per_slot")
    confusions = scores.pop("confusions")
    assert scores.pop("macro_f1") == pytest.approx((3 * 2 / 3 + 1) / 6)
    expected = {
        "sentences": 4,
        "precision": 5 / 8,
        "recall": 5 / 8,
        "f1": 5 / 8,
        "sentence_accuracy": 2 / 4,
        "intent_accuracy": 3 / 4,
        "scheme": "IOB2",
        "mode": "strict",
    }
    assert {key: scores[key] for key in expected} == expected
    assert per_slot["toloc.city_name"] == pytest.approx(
        {"precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3, "support": 3}
    )
    assert per_slot["return_date.day_name"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    assert {"gold": "stoploc.city_name", "predicted": "fromloc.city_name", "count": 1} in confusions
    assert {"gold": None, "predicted": "return_date.day_name", "count": 1} in confusions
    assert scores["intent_confusions"] == [{"gold": "capacity", "predicted": "flight", "count": 1}]
    assert scores["per_intent"]["capacity"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1}
    assert sum(intent["support"] for intent in scores["per_intent"].values()) == 4


VALUES = """\
to [Taipei](toloc.city_name)\tflight\t2026-11-18T09:00; arrival.place = Taipei
to [Taipei](toloc.city_name) on [Friday](depart_date.day_name)\tflight\t2026-11-18T09:00; arrival.place = null
"""


def test_values_that_the_data_name(run: Run) -> None:
    write("my.markup", VALUES)

    def values(*options: str) -> dict[str, Any]:
        code, out, err = run("--data", "my.markup", "--format", "json", *options)
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)["values"]
        return found

    found = values()
    assert (found["sentences"], found["by_hand"], found["threshold"]) == (2, 2, 0.8)
    assert (found["right"], found["wrong"], found["null"], found["tellable"]) == (1, 2, 0, 1)
    assert (found["coverage"], found["risk"], found["sentences_wrong"]) == (1.0, pytest.approx(2 / 3), 0.5)
    assert list(found["per_part"]) == ["arrival.place", "departure.date"]
    assert [one["threshold"] for one in found["thresholds"]] == [0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]
    none = values("--min-value-confidence", "1")
    assert (none["threshold"], none["right"], none["wrong"], none["null"]) == (1.0, 0, 0, 1)


def test_the_clock_and_the_order_of_dates(run: Run) -> None:
    """They change both what is given and what the gold slots tell."""
    write("my.markup", "to [Taipei](toloc.city_name) on [Friday](depart_date.day_name)\n")
    for options in ([], ["--now", "2020-01-01T09:00"], ["--date-order", "dmy"]):
        _, out, err = run("--data", "my.markup", "--format", "json", *options)
        assert (json.loads(out)["values"]["right"], err) == (2, "")


def test_data_without_parts_of_a_frame_has_no_values(run: Run) -> None:
    write("my.markup", "maybe the best [price](cost_relative)\n")
    assert json.loads(run("--data", "my.markup", "--format", "json")[1])["values"] is None
    assert "value risk" not in run("--data", "my.markup")[1]


def test_several_data_sets_have_each_a_calibration_error(run: Run) -> None:
    write("other/test.markup", "to [Taipei](toloc.city_name)\n")
    options = ("--data", "mine", "--data", "other")
    found = json.loads(run(*options, "--format", "json")[1])["calibration_by_source"]
    assert list(found) == ["mine", "other"]
    assert f"{found['mine']:.4f}   of mine\n" in run(*options)[1]


def test_intervals_are_in_json_and_in_the_table(run: Run) -> None:
    found = json.loads(run("--data", "mine", "--format", "json")[1])
    assert list(found["intervals"]) == ["precision", "recall", "f1", "sentence_accuracy", "intent_accuracy"]
    for name, interval in found["intervals"].items():
        assert 0 <= interval["low"] <= found[name] <= interval["high"] <= 1
    slots, sentences = (f"{one['low']:.4f} to {one['high']:.4f}" for one in list(found["intervals"].values())[2:4])
    assert f"95 % intervals     slot F1 {slots}, sentences right {sentences}\n" in run("--data", "mine")[1]


# --- seqeval's own report --------------------------------------------------------------------------


def test_seqeval_prints_its_own_report_with_our_figures(run: Run) -> None:
    code, out, err = run("--data", "mine", "--format", "seqeval")
    assert (code, err) == (0, "")
    rows = {" ".join(words[:-4]): words[-4:] for line in out.splitlines()[1:] if (words := line.split())}
    scores = json.loads(run("--data", "mine", "--format", "json")[1])
    ours = {name: (one["precision"], one["recall"], one["f1"]) for name, one in scores["per_slot"].items()}
    ours["micro avg"] = scores["precision"], scores["recall"], scores["f1"]
    assert {name: tuple(row[:3]) for name, row in rows.items() if name in ours} == {
        name: tuple(f"{figure:.4f}" for figure in figures) for name, figures in ours.items()
    }


def test_seqeval_that_is_not_installed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "seqeval" else find_spec(name))
    code, out, err = run("--data", "nowhere", "--format", "seqeval")  # said before any work
    expected = "error: --format seqeval needs seqeval: run `pip install seqeval` (the extra train has it too)\n"
    assert (code, out, err) == (1, "", expected)


def test_seqeval_has_nothing_to_say_of_no_slot(run: Run) -> None:
    write("my.markup", "on and on\n")
    code, out, err = run("--data", "my.markup", "--format", "seqeval")
    assert (code, out) == (1, "")
    assert err == (
        "error: my.markup (all of it): neither data nor model has a slot here: seqeval has nothing to report\n"
    )


# --- against another model -------------------------------------------------------------------------


def other_model(**renamed: str) -> str:
    """The golden model as if it had never read of Taipei, with other names for some slots."""
    bundle = read(Path(MODEL))
    tags = [tag[:2] + renamed.get(tag[2:].replace(".", "_"), tag[2:]) for tag in bundle.vocabularies.tags.items]
    words = Vocabulary.of_table(bundle.vocabularies.words.table().replace(b"taipei", b"taipeh"))
    vocabularies = bundle.vocabularies._replace(tags=LabelSet(tags), words=words)
    write_bundle(bundle._replace(vocabularies=vocabularies), Path("other"))
    return "other"


def test_against_another_model(run: Run) -> None:
    copytree(MODEL, "golden")
    code, out, err = run("--data", "mine", "--against", other_model(), model="golden")
    assert (code, err) == (0, "")
    assert out == (GOLDEN / "against.txt").read_text(encoding="utf-8")


def test_against_in_json(run: Run) -> None:
    found = json.loads(run("--data", "mine", "--against", other_model(), "--format", "json")[1])
    against = found["against"]
    assert against["model"] == "other"
    assert against["f1"]["after"] == found["f1"] == 5 / 8
    assert against["f1"]["difference"]["value"] == pytest.approx(5 / 8 - against["f1"]["before"])
    assert (against["sentences"]["improved"], against["sentences"]["broke"]) == (1, 0)
    assert [one["change"] for one in against["changes"]] == ["improved", "otherwise wrong"]


def test_changed_sentences_go_to_the_files(run: Run) -> None:
    options = ("--against", other_model(), "--errors", "changed.txt", "--report", "scores.html")
    code, _, err = run("--data", "mine", *options)
    said = "changed.txt: 2 sentences are tagged differently: improved 1, otherwise wrong 1\n"
    assert (code, err) == (0, f"{said}scores.html: scores and 2 of 4 sentences\n")
    blocks = Path("changed.txt").read_text(encoding="utf-8").split("\n\n")
    assert [[line[:2] for line in block.splitlines()] for block in blocks] == [["# ", "- ", "< ", "+ "]] * 2
    assert "<h2>Against other</h2>" in Path("scores.html").read_text(encoding="utf-8")


def test_against_a_model_with_other_slots(run: Run) -> None:
    """What it does not know, it misses; a notice says so. One that knows none of them is an error."""
    model = other_model(cost_relative="price")
    code, _, err = run("--data", "mine", "--against", model)
    assert code == 0
    assert err == f"note: other does not know cost_relative of the data, as {MODEL} does\n"
    write("my.markup", "maybe the best [price](cost_relative)\n")
    code, _, err = run("--data", "my.markup", "--against", model)
    assert (code, err[:45]) == (1, "error: other knows none of the slots of the d")


def test_against_itself_and_against_nothing(run: Run) -> None:
    assert "slot F1 is the same\n" in run("--data", "mine", "--against", MODEL)[1]
    assert run("--data", "mine", "--against", "nope")[0] == 1


# --- folds -----------------------------------------------------------------------------------------

TINY = [
    word
    for setting in ("model.hidden=4", "model.word_size=4", "model.character_filters=0", "training.epochs=1")
    for word in ("--set", setting)
]


@pytest.fixture
def folds(slotfill: Run) -> Run:
    """Run `slotfill eval --folds 2` on twelve sentences in one file."""
    cities = ("Rome", "Oslo", "Lima", "Bern", "Riga", "Perth")
    write("one.markup", "".join(f"{verb} [{city}](city)\tgo\n" for city in cities for verb in ("to", "for")))

    def call(*arguments: str) -> tuple[int, str, str]:
        return slotfill("eval", "--folds", "2", "--data", "one.markup", *TINY, *arguments)

    return call


def test_folds(folds: Run) -> None:
    code, out, err = folds("--format", "json", "--report", "scores.html", "--errors", "wrong.txt")
    assert code == 0
    found = json.loads(out)
    assert (found["sentences"], found["folds"]["count"]) == (12, 2)
    scores = found["folds"]["scores"]
    assert [(one["fold"], one["sentences"], one["epochs"]) for one in scores] == [(1, 6, 1), (2, 6, 1)]
    assert found["folds"]["spread"]["f1"]["mean"] == pytest.approx(sum(one["f1"] for one in scores) / 2)
    lines = err.splitlines()
    assert [line.split("  ")[0] for line in lines if "epoch" in line][:2] == ["fold 1/2", "fold 2/2"]
    assert "fold 2/2: 6 sentences, slot F1 " in err
    page = Path("scores.html").read_text(encoding="utf-8")
    assert "2 folds" in page
    assert "SHA-256" not in page


def test_folds_as_a_table(folds: Run) -> None:
    code, out, err = folds("--quiet")
    assert code == 0
    assert out.startswith("2 folds on one.markup (2 folds)")
    assert [line.split()[0] for line in out.split("by fold")[1].splitlines()[4:] if line.strip()] == [
        "1",
        "2",
        "mean",
        "spread",
    ]
    assert "loss" not in err


def test_folds_leave_a_test_split_alone(folds: Run) -> None:
    write("parts/train.markup", "".join(f"to [{city}](city)\n" for city in ("Rome", "Oslo", "Lima", "Bern")))
    write("parts/test.markup", "to [Riga](city)\n")
    code, out, err = folds("--data", "parts", "--format", "json")
    assert (code, json.loads(out)["sentences"]) == (0, 16)
    assert "parts has a test split, which is left alone: the folds are cut from train\n" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--folds", "1"], "Input should be greater than or equal to 2"),
        (["--folds", "2", "--model", "mine"], "it trains models of its own: leave out --model and --against"),
        (["--folds", "2", "--against", "travel"], "it trains models of its own: leave out --model and --against"),
        (["--folds", "2", "--split", "dev"], "folds are cut from the train split: leave out --split"),
        (["--set", "training.epochs=2"], "they are for the trainings of --folds: a model has its own"),
        (["--against", "travel", "--format", "seqeval"], "seqeval reports on one model: leave out --against"),
    ],
)
def test_options_that_exclude_each_other(slotfill: Run, arguments: list[str], message: str) -> None:
    code, out, err = slotfill("eval", *arguments)
    assert (code, out) == (2, "")
    assert message in " ".join(err.replace("│", " ").split())


def test_folds_of_data_without_labels(slotfill: Run) -> None:
    write("plain.txt", "hello there\ngoodbye\n")
    code, _, err = slotfill("eval", "--data", "plain.txt", "--folds", "2", *TINY)
    assert (code, err.splitlines()[-1][:60]) == (1, "error: plain.txt: no sentence has a slot or an intent, so th")


def test_too_many_folds(folds: Run) -> None:
    code, out, err = folds("--folds", "13")
    assert (code, out) == (1, "")
    assert err.endswith("error: 12 different sentences are too few for 13 folds: take fewer folds\n")


def test_errors_go_to_a_file(run: Run) -> None:
    code, _, err = run("--data", "mine", "--errors", "wrong.txt")
    assert (code, err) == (0, "wrong.txt: 2 of 4 sentences\n")
    assert Path("wrong.txt").read_text(encoding="utf-8") == (
        "- maybe the best [price](cost_relative)\tairfare\n"
        "+ [maybe](return_date.day_name) the best [price](cost_relative)\tairfare\n"
        "\n"
        "- to [Taipei on](toloc.city_name) [Monday](depart_date.day_name), from [Boston](stoploc.city_name)\tcapacity\n"
        "+ to [Taipei](toloc.city_name) on Monday, from [Boston](fromloc.city_name)\tflight\n"
    )


def test_a_wrong_intent_alone_is_an_error_too(run: Run) -> None:
    write("my.markup", "to [Taipei](toloc.city_name)\tairfare\n")
    assert run("--data", "my.markup", "--errors", "wrong.txt")[2] == (
        "wrong.txt: 1 of 1 sentences, 1 with the intent alone wrong\n"
    )
    assert Path("wrong.txt").read_text(encoding="utf-8").count("[Taipei](toloc.city_name)") == 2


def test_without_errors_the_file_is_empty(run: Run) -> None:
    write("my.markup", "to [Taipei](toloc.city_name)\n")
    write("wrong.txt", "of an earlier run")
    expected = "error: wrong.txt: there is a file already: add --overwrite to replace it\n"
    assert run("--data", "my.markup", "--errors", "wrong.txt") == (1, "", expected)
    assert run("--data", "my.markup", "--errors", "wrong.txt", "--overwrite")[2] == "wrong.txt: 0 of 1 sentences\n"
    assert Path("wrong.txt").read_text(encoding="utf-8") == ""


def test_the_report_is_a_page(run: Run) -> None:
    code, _, err = run("--data", "mine", "--errors", "wrong.txt", "--report", "scores.html")
    assert (code, err) == (0, "wrong.txt: 2 of 4 sentences\nscores.html: scores and 2 of 4 sentences\n")
    page = Path("scores.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "on mine (test)" in page
    assert "<dd>0.6250<" in page
    assert page.count("<li ") == 2
    digest = hashlib.sha256((GOLDEN / "model/weights.safetensors").read_bytes()).hexdigest()
    for piece in ("mine (test), 4 sentences", digest, "seed unknown"):  # the golden model was not trained
        assert piece in page
    assert re.search(rf"<dd>\d{{4}}-\d\d-\d\d \d\d:\d\d .*by slotfill {re.escape(version('slotfill'))}<", page)
    assert [path.name for path in Path().iterdir() if path.name.startswith(".")] == []  # nothing half written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "scores.pdf"], "scores.pdf does not end in .html"),
        (["--report", "-"], "- does not end in .html"),
        (["--errors", "-"], "standard output is for the scores: name a file"),
        (["--errors", "a.html", "--report", "a.html"], "a.html is the file of --errors already"),
    ],
)
def test_files_that_cannot_be(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run("--data", "mine", *arguments)
    assert (code, out) == (2, "")
    assert message in " ".join(err.replace("│", " ").split())


def test_several_data_sets_are_pooled(run: Run) -> None:
    write("other/test.markup", "to Taipei\n")
    sizes = []
    for sources in (["mine"], ["other"], ["mine", "other"]):
        _, out, _ = run(*(part for source in sources for part in ("--data", source)), "--format", "json")
        sizes.append(json.loads(out)["sentences"])
    assert sizes == [4, 1, 5]
    assert " on mine (test), other (test)" in " ".join(run("-d", "mine", "-d", "other")[1].split())


def test_data_without_intents(run: Run) -> None:
    write("my.markup", "to [Taipei](toloc.city_name)\n")
    assert json.loads(run("--data", "my.markup", "--format", "json")[1])["intent_accuracy"] is None
    assert "intent accuracy    not both model and data have intents\n" in run("--data", "my.markup")[1]


def test_a_model_without_intents(run: Run) -> None:
    """Intents that it cannot know are neither scored nor errors."""
    write(
        "my.markup",
        "to [Taipei](toloc.city_name)\tflight\n"
        "to [Rome](toloc.city_name)\tairfare\n"  # a city that the model does not know
        "to [Boston](toloc.city_name)\n",
    )
    model = without_intents()
    _, out, err = run("--data", "my.markup", "--format", "json", "--errors", "wrong.txt", model=model)
    assert json.loads(out)["intent_accuracy"] is None
    assert err == "wrong.txt: 2 of 3 sentences\n"
    wrong = Path("wrong.txt").read_text(encoding="utf-8")
    pairs = [pair.splitlines() for pair in wrong.split("\n\n")]
    assert [(gold[:2], found[:2]) for gold, found in pairs] == [("- ", "+ ")] * 2
    assert [gold for gold, found in pairs if gold[2:] == found[2:]] == []
    assert "\t" not in wrong  # no intent on either side
    assert "not both model and data have intents\n" in run("--data", "my.markup", model=model)[1]


def without_intents() -> str:
    """The golden model as if it had learnt from data without intents."""
    bundle = read(Path(MODEL))
    vocabularies = bundle.vocabularies._replace(intents=LabelSet([]))
    weights = {name: array for name, array in bundle.weights.items() if not name.startswith("intent.")}
    write_bundle(bundle._replace(vocabularies=vocabularies, weights=weights), Path("no-intents"))
    return "no-intents"


def test_sentences_without_intent_do_not_count_for_intents(run: Run) -> None:
    write("my.markup", "to [Taipei](toloc.city_name)\tflight\nto [Taipei](toloc.city_name)\n")
    assert json.loads(run("--data", "my.markup", "--format", "json")[1])["intent_accuracy"] == 1.0


def test_data_without_slots(run: Run) -> None:
    write("my.markup", "hello there\n")
    code, _, err = run("--data", "my.markup")
    about = "slot F1 says nothing, and a sentence is right where none is found"
    assert (code, err) == (0, f"note: my.markup (all of it): no sentence has a slot: {about}\n")


def test_another_split(run: Run) -> None:
    write("mine/train.markup", "to Taipei\n")
    assert json.loads(run("--data", "mine", "--split", "train", "--format", "json")[1])["sentences"] == 1


def test_the_title_says_what_was_scored(run: Run) -> None:
    write("my.markup", GOLD)
    write("train.markup", GOLD)
    options = ["--split", "train", "-d", "my.markup", "-d", "train.markup"]
    title = " ".join(run(*options)[1].split("slot ")[0].split())
    assert title.endswith(" on my.markup (all of it), train.markup (train)")


def test_by_default_the_travel_data(run: Run) -> None:
    write("data/travel/test.markup", "to Taipei\n")  # stands before the one that ships
    assert json.loads(run("--format", "json")[1])["sentences"] == 1


def test_names_are_shown_as_they_are(run: Run) -> None:
    write("my.markup", "to [Taipei](a[/b]) from [Boston](:100:)\nto [Taipei](toloc.city_name)\n")
    _, out, _ = run("--data", "my.markup")
    assert "a[/b]" in out
    assert ":100:" in out


def test_a_narrow_terminal_cuts_no_figure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    _, out, _ = run("--data", "mine")
    assert "…" not in out
    assert out.count("0.6250") == 3
    _, out, _ = run("--data", "mine", "--against", other_model())  # a table that needs more than the least width
    assert "…" not in out
    assert re.search(r"slot F1 +0\.\d{4} +0\.6250 +\+0\.\d{4} +[01]\.\d{4}", out), out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--data", "mine", "--split", "dev"], "mine has no dev split, only test"),
        (
            ["--data", "mine", "--errors", "none/wrong.txt"],
            "none/wrong.txt: cannot be written: No such file or directory",
        ),
        (["--data", "mine", "--errors", "mine"], "mine: cannot be written: Is a directory"),
        (["--data", "mine", "--report", "none/r.html"], "none/r.html: cannot be written: No such file or directory"),
        (["--data", "bad.markup"], "bad.markup:2: column 4: ] closes nothing; write \\] for a bracket"),
        (
            ["--data", "values.markup"],
            "values.markup:1: the values: expected a date and time such as 2026-11-20T09:00, got 'soon'",
        ),
        (["--data", "empty.markup"], "empty.markup: no usable sentence"),
    ],
)
def test_errors_that_can_be_mended(run: Run, arguments: list[str], message: str) -> None:
    write("bad.markup", "to Taipei\nto ]\n")
    write("values.markup", "to Taipei\t\tsoon\n")
    write("empty.markup", "")
    assert run(*arguments) == (1, "", f"error: {message}\n")


@pytest.mark.parametrize("arguments", [["--model", "nope"], ["--data", "nope"]])
def test_what_is_not_there(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: no ")
    assert "nope" in err


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["mine"], ["--bogus"], ["--split", "all"]])
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")


def test_a_split_that_is_none(run: Run) -> None:
    """Even of a file that is not split; and it is said before the model is looked for."""
    code, out, err = run("--data", "my.markup", "--split", "tset", model="nowhere")
    assert (code, out) == (2, "")
    assert "'tset' is not train, dev, test, hostile, wild or wild-dev" in " ".join(err.replace("│", "").split())


def test_the_hostile_split(run: Run) -> None:
    write("mine/hostile.markup", GOLD.splitlines()[0] + "\n")
    code, out, err = run("--data", "mine", "--split", "hostile", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["sentences"] == 1


# --- as a process ----------------------------------------------------------------------------------


def shell(line: str) -> tuple[int, str, str]:
    """Run a line of shell in which `evaluate` is the command; gives the exit code, stdout and stderr."""
    command = [sys.executable, "-m", "slotfill", "eval", "--model", MODEL, "--data", str(GOLDEN / "eval.markup")]
    quoted = " ".join(f"'{part}'" for part in command)
    script = f'evaluate() {{ {quoted} "$@"; }}\n{line}'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; unset PYTHONUNBUFFERED\n{script}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("style", ["table", "json"])
def test_results_that_go_nowhere(style: str) -> None:
    closed = "error: standard output is closed: send it to a file, or to /dev/null\n"
    assert shell(f"evaluate --format {style} > /dev/full") == (1, "", "error: output: No space left on device\n")
    assert shell(f"evaluate --format {style} >&-") == (1, "", closed)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_who_stops_reading_is_no_error() -> None:
    assert shell("evaluate | true") == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_an_encoding_that_lacks_characters(tmp_path: Path) -> None:
    (tmp_path / "my.markup").write_text("to [Taipei](städte)\nto [Taipei](toloc.city_name)\n", encoding="utf-8")
    code, out, err = shell(f"PYTHONIOENCODING=ascii evaluate --data '{tmp_path / 'my.markup'}'")
    assert (code, err) == (0, "")
    assert "st\\xe4dte" in out


def test_scoring_loads_nothing_heavy() -> None:
    code = (
        "import sys; from slotfill.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted({'numpy', 'torch', 'datasets', 'seqeval'} & set(sys.modules)), file=sys.stderr)"
    )
    arguments = ["eval", "--model", MODEL, "--data", str(GOLDEN / "eval.markup"), "--format", "json"]
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert (json.loads(done.stdout)["sentences"], done.stderr) == (4, "numpy\n")


def test_what_another_model_answers_is_said(run: Run) -> None:
    """Chinese data is scored by what `travel` hands it to, whose tokens are those of the data."""
    chinese = "[11月](arrive_date.month_name)[2日](arrive_date.day_number)到達[台北](toloc.city_name)\tflight\n"
    write("zh/test.markup", chinese + "to [Rome](toloc.city_name)\tflight\n")
    code, out, err = run("--data", "zh", "--format", "json", model="travel")
    assert (code, json.loads(out)["f1"]) == (0, 1.0)
    assert err == "note: travel hands 1 of 2 sentences to travel-zh, whose answers are scored\n"
    assert run("--data", "zh", "--format", "json", model="travel-zh")[2] == ""
