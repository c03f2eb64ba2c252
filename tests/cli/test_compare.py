"""`slotfill compare`: its tables by runs made by hand, and the whole way on a toy task."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from slotfill import comparing
from slotfill.bundle import read
from slotfill.cli import main
from slotfill.cli.compare import NETS
from slotfill.comparing import Run as Result
from slotfill.training import loop
from slotfill.twins import Distant

GOLDEN = Path(__file__).parent.parent / "golden"
TINY = [
    argument
    for setting in (
        "model.hidden=4",
        "model.word_size=4",
        "model.character_filters=0",
        "training.epochs=2",
        "training.batch_size=8",
    )
    for argument in ("--set", setting)
]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill compare` in a folder with the data set `toy`; gives the exit code, stdout and stderr."""
    toy()

    def call(*arguments: str, data: str = "toy") -> tuple[int, str, str]:
        return slotfill("compare", "--data", data, *arguments)

    return call


def toy() -> None:
    """Cities that one comes to or leaves, in all three splits."""
    Path("toy").mkdir()
    for split, cities in (("train", ("oslo", "rome", "lima")), ("dev", ("oslo", "quito")), ("test", ("rome", "riga"))):
        lines = [
            f"i would like to {verb} [{city}]({role}.city_name){tail}\n"
            for city, (verb, role), tail in product(
                cities, {"arrive": "toloc", "leave": "fromloc"}.items(), ("", " on the morning of friday")
            )
        ]
        Path(f"toy/{split}.markup").write_text("".join(lines), encoding="utf-8")


# --- the tables ------------------------------------------------------------------------------------


def result(variant: str, seed: int, f1: float, **more: Any) -> Result:
    return Result(
        **{
            "variant": variant,
            "seed": seed,
            "f1": f1,
            "sentence_accuracy": f1 - 0.1,
            "twins_seen": 1.0,
            "twins_unseen": 0.955,
            "parameters": 312_345,
            "training_cpu_seconds": 61.7,
            "sentences_per_cpu_second": 12_345.6,
            **more,
        }
    )


RESULTS = {
    "one seed": [
        result("feedforward", 1, 0.8123, twins_seen=0.0, twins_unseen=0.0, parameters=9_876),
        result("lstm-peepholes-bi", 1, 0.95678),
    ],
    "three seeds": [
        result(variant, seed, f1 + seed / 1000, training_cpu_seconds=60.0 + seed)
        for seed in (1, 2, 3)
        for variant, f1 in (("lstm-peepholes-bi", 0.95), ("elman", 0.9))
    ],
}


def made_by_hand(monkeypatch: pytest.MonkeyPatch, results: list[Result]) -> None:
    monkeypatch.setattr(comparing, "compare", lambda *_, **__: iter(results))


@pytest.mark.parametrize("seeds", RESULTS)
@pytest.mark.parametrize("style", ["table", "markdown"])
def test_a_table(run: Run, monkeypatch: pytest.MonkeyPatch, seeds: str, style: str) -> None:
    made_by_hand(monkeypatch, RESULTS[seeds])
    code, out, _ = run("--format", style)
    assert code == 0
    assert out == (GOLDEN / "compare" / f"{seeds} {style}.txt").read_text(encoding="utf-8")
    assert style == "markdown" or max(len(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize("suffix", [".md", ".json"])
def test_a_report_is_what_is_printed_in_that_format(run: Run, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    made_by_hand(monkeypatch, RESULTS["three seeds"])
    code, out, _ = run("--format", {".md": "markdown", ".json": "json"}[suffix], "--report", f"report{suffix}")
    assert code == 0
    assert Path(f"report{suffix}").read_text(encoding="utf-8") == out
    code, table, _ = run("--report", f"report{suffix}", "--overwrite")
    assert code == 0
    assert Path(f"report{suffix}").read_text(encoding="utf-8") == out != table


def test_json_has_everything_unrounded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, RESULTS["one seed"])
    code, out, _ = run("--format", "json")
    assert code == 0
    assert json.loads(out)[1] == {
        "variant": "lstm-peepholes-bi",
        "seeds": 1,
        "f1": 0.95678,
        "f1_spread": 0.0,
        "sentence_accuracy": 0.95678 - 0.1,
        "sentence_accuracy_spread": 0.0,
        "twins_seen": 1.0,
        "twins_unseen": 0.955,
        "parameters": 312_345,
        "training_cpu_seconds": 61.7,
        "sentences_per_cpu_second": 12_345.6,
        "distant": [],
        "to_best": None,
    }


DISTANT = (Distant(0, 1.0, 0.95), Distant(8, 0.5, None))


def test_twins_with_words_between_have_a_table_of_their_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    half = (Distant(0, 0.5, 0.25), Distant(8, 0.0, None))
    made_by_hand(monkeypatch, [result("elman", 1, 0.9, distant=DISTANT), result("elman", 2, 0.9, distant=half)])
    table = run("--seeds", "1,2")[1]
    assert table.splitlines()[-3:] == [
        "net      0 words  8 words",
        "─" * 25,
        "elman  75 / 60 %   25 / -",
    ]
    assert run("--seeds", "1,2", "--format", "markdown")[1].endswith(
        "| net | 0 words | 8 words |\n| --- | ---: | ---: |\n| elman | 75 / 60 % | 25 / - |\n"
    )
    (row,) = json.loads(run("--seeds", "1,2", "--format", "json")[1])
    assert row["distant"] == [{"words": 0, "city": 0.75, "date": 0.6}, {"words": 8, "city": 0.25, "date": None}]


def spans(right: list[int]) -> NDArray[np.int64]:
    """Two slots in the data and two found, of which so many are right, in each sentence."""
    return np.array([[count, 2, 2] for count in right])


def test_a_line_says_which_nets_are_worse_by_more_than_chance(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    results = [
        result("lstm", 1, 0.75, spans=spans([2, 1] * 50)),
        result("gru-bi", 1, 0.74, spans=spans([2, 1] * 49 + [2, 0])),
        result("elman", 1, 0.25, spans=spans([0, 1] * 50)),
    ]
    made_by_hand(monkeypatch, results)
    code, out, _ = run("--format", "json")
    best, near, far = [row["to_best"] for row in json.loads(out)]
    assert (code, best) == (0, None)
    assert far["value"] == pytest.approx(-0.5)
    assert far["low"] < far["value"] < far["high"] < 0
    assert (far["p"] < 0.001, near["p"] > 0.1) == (True, True)
    said = (
        "Slot F1 below that of lstm, by more than chance: elman (p < 0.0001); "
        f"perhaps by chance: gru-bi (p {near['p']:.4f}) (paired bootstrap over sentences)"
    )
    assert run("--format", "markdown")[1].endswith(f"\n\n{said}\n")
    assert " ".join(run()[1].split()).endswith(said)


def test_nets_with_one_score_are_not_below_each_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, [result(name, 1, 0.0, spans=spans([0, 0])) for name in ("lstm", "elman")])
    assert run("--format", "markdown")[1].endswith("\n\nAll nets have the same slot F1\n")


def test_the_sentences_of_all_seeds_are_drawn_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """More seeds are not more sentences: p stays what it is."""
    one = [
        result(name, 1, f1, spans=spans(right))
        for name, f1, right in (("lstm", 1, [2] * 9), ("gru-bi", 0.9, [2] * 8 + [0]))
    ]
    found = []
    for seeds in (1, 3):
        made_by_hand(monkeypatch, [replace(run_, seed=seed) for seed in range(seeds) for run_ in one])
        found.append(json.loads(run("--format", "json")[1])[1]["to_best"])
    assert found[0] == pytest.approx(found[1])


def test_each_run_is_news(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, RESULTS["one seed"])
    _, _, err = run()
    expected = "feedforward, seed 1: F1 0.8123, twins 0 %\nlstm-peepholes-bi, seed 1: F1 0.9568, twins 100 %\n"
    assert err == expected


def test_data_without_twins(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, [result("elman", 1, 0.5, twins_seen=None, twins_unseen=None)])
    code, out, err = run("--format", "markdown")
    assert (code, err) == (0, "elman, seed 1: F1 0.5000, twins -\n")
    assert out.splitlines()[-1].startswith("| elman | 50.0 | 40.0 | - | - |")
    (row,) = json.loads(run("--format", "json")[1])
    assert (row["twins_seen"], row["twins_unseen"]) == (None, None)


def test_help_lists_the_nets(run: Run) -> None:
    """By names that stand twice, since `comparing` needs torch and help does not."""
    assert tuple(comparing.VARIANTS) == NETS
    code, out, _ = run("--help")
    assert code == 0
    told = " ".join(out.replace("│", " ").split())
    assert f"Some of {', '.join(comparing.VARIANTS)}." in told


def test_what_is_compared_by_default(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def compare(variants: list[str], **options: Any) -> Iterator[Result]:
        asked.update(options, variants=variants)
        return iter(RESULTS["one seed"])

    monkeypatch.setattr(comparing, "compare", compare)
    assert run()[0] == 0
    assert asked["variants"] == list(comparing.VARIANTS)
    assert asked["seeds"] == [1]
    assert asked["folder"] == Path("models/compare")
    assert [len(split) for split in (asked["splits"].train, asked["splits"].dev, asked["splits"].test)] == [12, 8, 8]
    (source,) = asked["splits"].sources
    assert source.to_dict() | {"digest": ""} == {"source": "toy", "train": 12, "dev": 8, "test": 8, "digest": ""}

    Path("my.toml").write_text("[training]\nepochs = 7\npatience = 2\n")
    options = ["--config", "my.toml", "--set", "training.patience=3", "--output", "nets"]
    assert run("--cells", "gru-bi, elman,gru-bi", "--seeds", "3,1,3", *options)[0] == 0
    assert (asked["variants"], asked["seeds"], asked["folder"]) == (["gru-bi", "elman"], [3, 1], Path("nets"))
    assert (asked["base"].training.epochs, asked["base"].training.patience) == (7, 3)


# --- the whole way ---------------------------------------------------------------------------------


def test_nets_are_trained_once_and_compared_as_often_as_one_likes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ["--cells", "feedforward,elman", "--seeds", "1,2", "--output", "nets", *TINY]
    code, out, err = run(*options, "--format", "json", "--report", "report.md")
    assert code == 0
    rows = json.loads(out)
    assert [(row["variant"], row["seeds"]) for row in rows] == [("feedforward", 2), ("elman", 2)]
    assert all(0 <= row["f1"] <= 1 for row in rows)
    assert rows[0]["twins_seen"] == 0  # a feed-forward net never has both sides right
    first, *runs = [line.split(":")[0] for line in err.splitlines()]
    assert first.startswith("training 2 nets x 2 seeds x ")
    assert runs[:4] == [f"{variant}, seed {seed}" for seed in (1, 2) for variant in ("feedforward", "elman")]
    table, tests, told, distant = Path("report.md").read_text(encoding="utf-8").split("\n\n")
    assert [part.count("\n") for part in (table, tests, told, distant)] == [3, 0, 0, 4]
    assert tests.startswith("Slot F1 below that of ")
    assert sorted(path.name for path in Path("nets").iterdir()) == [
        "elman-1",
        "elman-2",
        "feedforward-1",
        "feedforward-2",
    ]

    monkeypatch.setattr(loop, "fit", None)  # whoever trains now, fails
    code, out, err = run(*options, "--gradients", "fade.svg")
    assert code == 0
    table, tests, _, distant = out.split("\n\n")
    for part in (table, distant):
        assert [line.split()[0] for line in part.splitlines()[-2:]] == ["feedforward", "elman"]
    assert tests.startswith("Slot F1 below that of ")
    assert Path("fade.svg").read_text(encoding="utf-8").startswith("<?xml")
    heading, line = err.splitlines()[-2:]
    assert heading == "wrote fade.svg; the gradient's share of that for k = 1:"
    name, first, *others = line.split()
    assert (name, first) == ("elman", "1.0e+00")
    assert len(others) == 9  # the longer sentences have 11 tokens


def test_a_net_can_be_used_like_any_model(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--cells", "elman", "--output", "nets", *TINY)[0] == 0
    monkeypatch.setattr(sys, "argv", ["slotfill", "tag", "--model", "nets/elman-1", "leave rome"])
    main()
    assert json.loads(capsys.readouterr().out)["text"] == "leave rome"


RECIPE = """
[model]
gazetteers = true
own_gazetteers = 2

[[data]]
source = "toy"
share = 0.5
substituted = 2.0
gazetteers = 0.5

[[data]]
source = "songs"
out_of_domain = true
"""


def test_a_recipe_is_followed_as_by_train_and_eval(run: Run, slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("songs").mkdir()
    Path("songs/train.markup").write_text("play [Yesterday](track)\n" * 12, encoding="utf-8")  # and no test split
    Path("my.toml").write_text(RECIPE, encoding="utf-8")
    options = ["--config", "my.toml", *TINY, "--set", "training.epochs=8", "--set", "training.learning_rate=0.03"]
    for plain in ("model.direct=false", "model.affixes=no", "model.crf=false"):  # as all nets that are compared
        options += ["--set", plain]
    code, out, _ = slotfill("compare", "--cells", "lstm-bi", "--output", "nets", "--format", "json", *options)
    assert code == 0
    assert slotfill("train", *options, "--output", "model", "--quiet")[0] == 0
    net, model = read(Path("nets/lstm-bi-1")), read(Path("model"))
    assert [part["source"] for part in net.training["data"]] == ["toy", "songs"]
    for same in ("data", "fingerprint", "parameters"):
        assert net.training[same] == model.training[same]
    assert net.config == model.config
    assert net.vocabularies.gazetteers.names == model.vocabularies.gazetteers.names
    assert {"city_name", "own city_name"} <= set(net.vocabularies.gazetteers.names)
    assert net.weights.keys() == model.weights.keys()
    assert all(array.tobytes() == model.weights[name].tobytes() for name, array in net.weights.items())
    assert net.weights["temperature"] != 1  # both are calibrated
    assert net.training["dev"] == model.training["dev"]
    scores = json.loads(slotfill("eval", "--model", "model", "--data", "toy", "--format", "json")[1])
    assert json.loads(out)[0]["f1"] == scores["f1"] > 0

    monkeypatch.setattr(loop, "fit", None)  # whoever trains now, fails
    assert slotfill("compare", "--cells", "lstm-bi", "--output", "nets", "--format", "json", *options)[0] == 0


def test_data_that_the_recipe_does_not_name_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, RESULTS["one seed"])
    Path("my.toml").write_text('[[data]]\nsource = "atis"\n', encoding="utf-8")
    said = "toy: the recipe has [[data]] only for atis: it is used in the same way\n"
    assert run("--config", "my.toml")[2].startswith(said)


# --- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--cells", "lstm,lsmt"],
            f"--cells lsmt: did you mean lstm? expected some of {', '.join(comparing.VARIANTS)}",
        ),
        (["--cells", ""], f"--cells : expected some of {', '.join(comparing.VARIANTS)}"),
        (["--gradients", "fade.pdf"], "fade.pdf: a plot is a .png or an .svg file"),
        (["--set", "training.epochs=none"], "must be a whole number, got 'none'"),
        (["--config", "nowhere.toml"], "nowhere.toml: no such file"),
        (["--seeds=-1"], "`training.seed` must be between 0 and"),
        (["--set", "model.peepholes=true", "--cells", "gru-bi"], "model.peepholes belongs to the lstm"),
        (["--cells", "elman", "--set", "model.cell=gru"], "`model.cell` is 'gru', but the net elman has 'elman'"),
        (["--set", "model.bidirectional=false"], "`model.bidirectional` is False, but the net elman-bi has True"),
        (["--set", "model.layers=3"], "`model.layers` is 3, but the net lstm-bi-2-layers has 2: leave"),
        (["--set", "model.window=1"], "`model.window` is 1, but the net feedforward-window has 3"),
        (["--set", "training.seed=7", "--seeds", "1,2"], "`training.seed` is 7, but the seeds here are those of"),
        (["--config", "gru.toml", "--cells", "gru-bi,lstm"], "`model.cell` is 'gru', but the net lstm has 'lstm'"),
    ],
)
def test_what_a_person_can_mend(run: Run, arguments: list[str], message: str) -> None:
    """It is said before anything is trained."""
    Path("gru.toml").write_text('[model]\ncell = "gru"\n', encoding="utf-8")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert message in err
    assert err.count("\n") == 1
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seeds", "1,x"], "'1,x' is not a list such as 1,2,3"),
        (["--seeds", ""], "'' is not a list such as 1,2,3"),
        (["--report", "table.txt"], "table.txt ends neither in .md nor in .json"),
        (["--format", "yaml"], "'yaml' is not one of"),
    ],
)
def test_wrong_usage(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert not Path("models").exists()


def test_data_that_are_not_there(run: Run) -> None:
    code, out, err = run(data="nowhere")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert "nowhere" in err


def test_what_a_net_has_anyway_may_be_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made_by_hand(monkeypatch, RESULTS["one seed"])
    settings = ["model.cell=gru", "training.seed=2", "model.layers=2", "model.hidden=3"]
    options = [option for setting in settings for option in ("--set", setting)]
    assert run("--cells", "gru-bi", "--seeds", "1,2", *options)[0] == 0


def test_a_recipes_data_is_looked_for(slotfill: Run) -> None:
    recipe = Path(__file__).parents[2] / "recipes" / "atis.toml"
    code, out, err = slotfill("compare", "--cells", "lstm", "--config", str(recipe))
    assert (code, out) == (1, "")
    assert err.startswith('error: no data set or file "atis"')


def test_data_without_a_test_split(run: Run) -> None:
    Path("toy/test.markup").unlink()
    message = (
        "toy has no test split: a comparison needs sentences that no net was trained on; of data in one piece, "
        "slotfill data split makes parts"
    )
    assert run("--cells", "elman") == (1, "", f"error: {message}\n")
    assert not Path("models").exists()


def test_a_file_that_is_not_split_has_no_test_split(run: Run) -> None:
    """What `eval` would score as a whole: here it was trained on."""
    Path("all.markup").write_bytes(Path("toy/train.markup").read_bytes())
    code, out, err = run("--cells", "elman", "--data", "all.markup")  # beside one that has a test split
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("error: all.markup has no test split: ")
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "no/table.md"], "no/table.md: cannot be written: No such file or directory"),
        (["--gradients", "no/fade.png"], "no/fade.png: cannot be written: No such file or directory"),
        (["--cells", "feedforward", "--gradients", "a.png"], "none of these nets remembers anything: nothing to plot"),
    ],
)
def test_the_table_is_printed_whatever_comes_after(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run("--cells", "elman", *TINY, *arguments)
    assert code == 1
    assert out.splitlines()[-1].split()[0] in ("elman", "feedforward")
    assert err.splitlines()[-1] == f"error: {message}"


def test_without_matplotlib_it_is_said_before_the_training(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, module, None)
    message = 'plotting needs packages that are not installed: run `pip install "slotfill[plots]"`'
    assert run("--gradients", "fade.png") == (1, "", f"error: {message}\n")


def test_without_torch_the_message_names_the_extra(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    code, out, err = run("--cells", "elman")
    assert (code, out) == (1, "")
    assert err.startswith("error: comparing needs packages that are not installed: run `pip install ")
    assert '"slotfill[train]"`' in err
