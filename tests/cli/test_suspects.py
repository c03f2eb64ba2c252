"""`slotfill data suspects`, as a user runs it: by the golden model, whose answers are known, and by tiny folds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slotfill.readers import read_data
from tests.cli.conftest import Run

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
DATA = str(GOLDEN / "suspects.markup")
TINY = [
    word
    for setting in ("model.hidden=4", "model.word_size=4", "model.character_filters=0", "training.epochs=2")
    for word in ("--set", setting)
]


def write(name: str, text: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def test_the_table(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN.parent)
    code, out, err = slotfill("data", "suspects", "golden/suspects.markup", "--model", "golden/model")
    assert (code, out) == (0, (GOLDEN / "suspects.txt").read_text(encoding="utf-8"))
    assert err == ("note: not judged, since a model that has not seen them does not know them: town (1)\n")


def test_the_file_is_data_in_the_order_of_the_table(slotfill: Run) -> None:
    code, out, err = slotfill("data", "suspects", DATA, "--model", MODEL, "--most", "2", "--output", "doubtful.jsonl")
    assert code == 0
    assert "3 suspects among 8 sentences" in out
    assert "; the 2 likeliest: --most N gives more" in out
    assert err.endswith("wrote doubtful.jsonl: 2 sentences, the likeliest error first\n")
    read = read_data("doubtful.jsonl").splits["all"]
    assert [example.text for example in read] == ["what price is it", "to Boston"]
    assert [example.intent for example in read] == ["flight", "flight"]  # as the data has them
    assert read[0].tags == ("B-cost_relative", "I-cost_relative", "O", "O")
    first = json.loads(Path("doubtful.jsonl").read_text(encoding="utf-8").splitlines()[0])["suspect"]
    assert first["place"] == f"{DATA}:7"
    assert first["doubts"][1]["model"] == [{"start": 5, "end": 10, "label": "cost_relative", "text": "price"}]
    assert slotfill("data", "suspects", DATA, "--model", MODEL, "--output", "doubtful.jsonl")[0] == 1  # is there


def test_json(slotfill: Run) -> None:
    code, out, _ = slotfill("data", "suspects", DATA, "--model", MODEL, "--format", "json", "--most", "1")
    found = json.loads(out)
    assert (code, found["sentences"], found["suspects"], len(found["shown"])) == (0, 8, 3, 1)
    assert found["shown"][0]["suspect"]["doubts"][0]["kind"] == "intent"


def test_nothing_to_doubt(slotfill: Run) -> None:
    data = write("good.markup", "to [Taipei](toloc.city_name)\n\nto [Boston](fromloc.city_name)\n")
    code, out, _ = slotfill("data", "suspects", data, "--model", MODEL)
    assert (code, out.splitlines()[0]) == (0, "no suspect among 2 sentences of good.markup (all)")


def test_a_split_of_data_in_one_piece_is_all_of_it_and_that_is_said(slotfill: Run) -> None:
    data = write("good.markup", "to [Taipei](toloc.city_name)\n\nto [Boston](fromloc.city_name)\n")
    code, out, err = slotfill("data", "suspects", data, "--model", MODEL, "--split", "test")
    assert (code, err) == (0, "note: good.markup has no parts: all of it is judged\n")
    assert out.splitlines()[0] == "no suspect among 2 sentences of good.markup (all)"


def test_places_are_lines_of_the_file(slotfill: Run) -> None:
    rows = [
        "to",
        "Taipei\tB-fromloc.city_name",
        "",
        "to",
        "Taipei\tB-toloc.city_name",
        "",
        "Boston\tB-fromloc.city_name",
    ]
    data = write("mine/train.conll", "\n".join("to\tO" if row == "to" else row for row in rows) + "\n")
    write("mine/test.conll", "to\tO\n")
    _, out, _ = slotfill("data", "suspects", "mine", "--model", MODEL)
    assert out.splitlines()[0] == f"{data}:1"


def test_folds(slotfill: Run) -> None:
    cities = ("Rome", "Oslo", "Lima", "Bern", "Riga", "Perth")
    lines = "".join(f"{verb} [{city}](city)\tgo\n" for city in cities for verb in ("to", "for"))
    write("mine/train.markup", lines)
    write("mine/test.markup", "to [Bonn](city)\tgo\nto [Rome](town)\tgo\nhi\tgo\nto [Kyiv](city)\tgo\n")
    code, out, err = slotfill("data", "suspects", "mine", "--folds", "3", *TINY)
    assert code == 0
    assert "among 12 sentences of mine (train)" in out
    assert "for 3 trainings of 2 epochs, less where they stop early\n" in err
    assert sum("epoch" in line and line.startswith("fold 3/3") for line in err.splitlines()) == 2
    code, out, err = slotfill("data", "suspects", "mine", "--split", "test", *TINY)
    assert code == 0
    assert "among 4 sentences of mine (test)" in out
    assert "for a training of 2 epochs" in err
    assert "note: not judged, since a model that has not seen them does not know them: town (1)\n" in err
    code, out, err = slotfill("data", "suspects", "mine/test.markup", "--folds", "2", "--quiet", *TINY)
    assert (code, "among 4 sentences of mine/test.markup (test)" in out) == (0, True)
    assert "epoch 1" not in err
    assert "too little was learnt to judge. If training.epochs, batch_size or learning_rate are set, leave" in err


def test_folds_go_on_after_an_interruption(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    cities = ("Rome", "Oslo", "Lima", "Bern", "Riga", "Perth")
    write("mine.markup", "".join(f"{verb} [{city}](city)\tgo\n" for city in cities for verb in ("to", "for")))
    command = ("data", "suspects", "mine.markup", "--folds", "2", "--checkpoint", "kept", *TINY, "--format", "json")
    whole = json.loads(slotfill(*command)[1])
    assert not Path("kept").exists()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("slotfill.suspects.judge", interrupted)  # when the first fold is trained
        code, out, err = slotfill(*command)
    assert (code, out) == (130, "")
    assert err.endswith("interrupted; the same command goes on from the last whole epoch, in kept\n")
    assert [file.name for file in Path("kept").iterdir()] == ["fold-1.checkpoint"]
    code, _, err = slotfill(*command, "--set", "training.seed=2")
    assert (code, "belongs to a training with other" in err) == (1, True)
    runs: list[int] = []
    monkeypatch.setattr("slotfill.training.loop._Run.take_epoch", counted(runs))
    assert json.loads(slotfill(*command)[1]) == whole
    assert runs == [1, 2]  # the second fold alone
    assert not Path("kept").exists()


def counted(runs: list[int]) -> Callable[..., float]:
    """`take_epoch`, which also notes the number of the epoch."""
    from slotfill.training.loop import _Run

    take = _Run.take_epoch

    def taken(self: _Run, epoch: int, *arguments: Any, **more: Any) -> float:
        runs.append(epoch)
        return take(self, epoch, *arguments, **more)

    return taken


@pytest.mark.parametrize(
    ("lines", "arguments", "message"),
    [
        ("to Rome\n", [], "one.markup (all) has neither slots nor intents: no label to doubt"),
        ("to [Rome](city)\n", [], "folds need two sentences or more that differ, but only 1 is there: add some"),
        ("to [Rome](city)\nhi\n", ["--folds", "3"], "2 different sentences are too few for 3 folds: take fewer folds"),
        ("to [Rome](city)\n", ["--model", MODEL], "knows none of the slots and intents of one.markup: take a model"),
        ("to [Rome](city)\n", ["--model", "nope"], "no model 'nope'"),
        ("", [], "no usable sentence"),
        ("to [Rome](city)\n", ["--output", "one.markup"], "one.markup does not end in .jsonl"),
        (
            "to [Rome](city)\n",
            ["--folds", "2", "--model", "travel"],
            "leave out --folds, --config, --set and --checkpoint",
        ),
        ("to [Rome](city)\n", ["--split", "nope"], "'nope' is not one of train, dev, test"),
        ("to [Rome](city)\n", ["--split", "dev"], "only 1 is there: add some"),  # in one piece, it is taken whole
        ("to [Rome](city)\n", ["--most", "0"], "Input should be greater than or equal to 1"),
        ("to [Rome](city)\n", ["--output", "-"], "standard output has the table, or JSON with --format json"),
    ],
)
def test_what_cannot_be_judged(slotfill: Run, lines: str, arguments: list[str], message: str) -> None:
    write("one.markup", lines)
    code, out, err = slotfill("data", "suspects", "one.markup", *arguments)
    assert (code in (1, 2), out) == (True, "")
    assert message in " ".join(err.replace("│", " ").split())


def test_folds_are_of_train(slotfill: Run) -> None:
    write("mine/train.markup", "to [Rome](city)\nto [Oslo](city)\n")
    write("mine/test.markup", "to [Bonn](city)\n")
    code, _, err = slotfill("data", "suspects", "mine", "--split", "test", "--folds", "2", *TINY)
    assert (code, "test is judged by one model of train: leave out --folds" in err) == (2, True)


def test_a_model_that_has_seen_the_sentences(slotfill: Run) -> None:
    write("mine/train.markup", "to [Rome](city)\nto [Oslo](city)\nto [Lima](city)\n")
    assert slotfill("train", "--data", "mine", "--output", "model", *TINY)[0] == 0
    code, _, err = slotfill("data", "suspects", "mine", "--model", "model")
    assert (code, "model was trained on these very sentences, and has learnt their errors" in err) == (1, True)
