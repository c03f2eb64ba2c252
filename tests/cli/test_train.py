"""`slotfill train`: from a few sentences to a model folder, whatever comes between."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

import slotfill
from slotfill.bundle import Bundle, read
from slotfill.config import DataConfig, from_toml
from slotfill.evaluation import evaluate
from slotfill.tagger import Tagger
from slotfill.training import data, loop
from slotfill.training.history import EpochReport

PATIENCE = 120  # seconds; a guard against hanging, not a measure
SMALL = [
    *("--set", "model.hidden=4", "--set", "model.word_size=4"),
    *("--set", "model.character_size=2", "--set", "model.character_filters=2", "--set", "model.affixes=no"),
    *("--set", "training.batch_size=32", "--set", "training.learning_rate=0.004"),  # what they would be, it says
]
QUICK = ["--data", "mine", "--output", "model", *SMALL, "--set", "training.epochs=2", "--set", "model.gazetteers=no"]
EPOCH = re.compile(
    r"epoch +(\d+)/(\d+)  loss \d+\.\d{3}  dev F1 [01]\.\d{4}  sentences [01]\.\d{4}  intent [01]\.\d{4}(?:  \*)?"
)

Run = Callable[..., tuple[int, str, str]]


def sentences(count: int) -> str:
    """Markup, a sentence a line, no two alike."""
    verbs = {"arrive": ("toloc", "arrive_date"), "leave": ("fromloc", "depart_date")}
    lines = []
    for number in range(count):
        verb = list(verbs)[number % 2]
        place, date = verbs[verb]
        city = ("Rome", "Oslo", "Taipei", "Boston", "Lima")[number % 5]
        lines.append(f"{verb} [{city}]({place}.city_name) on November [{number + 1}]({date}.day_number)\tflight\n")
    return "".join(lines)


def learnt_from(bundle: Bundle) -> list[dict[str, object]]:
    """What a model says of the data that it learnt from, but for their digests, each of which it must have."""
    return [
        {key: said for key, said in data.items() if key != "digest"}
        for data in bundle.training["data"]
        if data["digest"]
    ]


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill train` in a folder with the data set `mine`; gives the exit code, stdout and stderr."""
    write("mine/train.markup", sentences(30))
    write("mine/dev.markup", sentences(6))

    def call(*arguments: str) -> tuple[int, str, str]:
        return slotfill("train", *arguments)

    return call


def there() -> set[str]:
    """What is in the working folder, beside the data."""
    return {path.name for path in Path().iterdir()} - {"mine"}


def weights(model: str) -> bytes:
    return Path(model, "weights.safetensors").read_bytes()


# --- what it says and what it makes ----------------------------------------------------------------


def test_a_log_has_a_line_an_epoch_and_a_summary(run: Run) -> None:
    code, out, err = run(*QUICK)
    assert (code, out) == (0, "")  # a model is no text: stdout stays empty
    lines = err.splitlines()
    assert [match and match.groups() for match in map(EPOCH.fullmatch, lines[:2])] == [("1", "2"), ("2", "2")]
    assert lines[0].endswith("  *")  # the first epoch is the best so far
    assert lines[2] == "model"
    assert re.search(r"dev slot F1 \(strict IOB2\) +[01]\.\d{4}", err)
    assert re.search(r"best epoch +[12] of 2", err)
    assert lines[-1].split() == []  # the summary's; without a test split, there is nothing to score next
    assert max(map(len, lines)) < 80
    assert "next:" not in err
    assert "\x1b" not in err


def test_it_makes_a_model_that_tags(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    assert there() == {"model"}  # no checkpoint is left
    (annotation,) = Tagger.load("model").tag(["arrive Rome on November 2"])
    assert len(annotation.tags) == 5
    bundle = read(Path("model"))
    assert learnt_from(bundle) == [{"source": "mine", "train": 30, "dev": 6, "test": 0}]
    assert (bundle.config.model.hidden, bundle.training["epochs"], len(bundle.history)) == (4, 2, 2)
    assert "| `mine` | 30 | 6 |" in bundle.card


def test_by_default_it_learns_travel_into_models_mine(run: Run) -> None:
    Path("mine").rename("travel")
    Path("data").mkdir()
    Path("travel").rename("data/travel")  # stands before the one that ships
    assert run(*SMALL, "--set", "training.epochs=1")[0] == 0
    assert learnt_from(read(Path("models/mine"))) == [{"source": "travel", "train": 30, "dev": 6, "test": 0}]


def test_several_data_sets_are_pooled(run: Run) -> None:
    write("more/train.markup", sentences(40))
    write("more/dev.markup", sentences(2))
    assert run(*QUICK, "--data", "more")[0] == 0
    assert [part["train"] for part in read(Path("model")).training["data"]] == [30, 40]


def test_what_comes_next_names_what_has_a_test_split(run: Run) -> None:
    write("more/train.markup", sentences(40))
    write("more/test.markup", sentences(2))
    write("and more/train.markup", sentences(20))
    write("and more/test.markup", sentences(3))
    _, _, err = run(*QUICK, "--data", "more", "--data", "and more")
    assert err.splitlines()[-1] == "next: slotfill eval --model model --data more --data 'and more'"
    assert [part["test"] for part in read(Path("model")).training["data"]] == [0, 2, 3]
    assert "next:" not in run(*QUICK, "--data", "more", "--overwrite", "--quiet")[2]


def test_quiet_says_nothing(run: Run) -> None:
    Path("mine/dev.markup").unlink()  # which would be worth a notice
    assert run(*QUICK, "--quiet") == (0, "", "")
    assert run(*QUICK, "--quiet", "--resume") == (0, "", "")
    assert run(*QUICK, "--quiet")[2].startswith("error: ")  # errors are said nonetheless


def test_of_large_data_without_a_dev_split_a_tenth_is_held_out_and_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "ENOUGH_TO_HOLD_OUT", 30)
    Path("mine/dev.markup").unlink()
    code, _, err = run(*QUICK)
    assert code == 0
    assert err.startswith("mine has no dev split: held out 3 of 30 sentences of train\n")
    assert learnt_from(read(Path("model"))) == [{"source": "mine", "train": 27, "dev": 3, "test": 0}]


def test_little_data_without_a_dev_split_is_all_trained_on(run: Run) -> None:
    Path("mine/dev.markup").unlink()
    pace = ["--set", "training.batch_size=0", "--set", "training.learning_rate=0", "--set", "training.epochs=60"]
    pace += ["--set", "model.affixes=auto", "--set", "model.gazetteers=auto"]
    code, out, err = run(*QUICK, *pace)
    assert (code, out) == (0, "")
    lines = err.splitlines()
    assert lines[:4] == [
        "no dev split: all 30 sentences are trained on, and the last epoch counts; `slotfill eval --folds 5 --data "
        "mine` (with the same --config and --set) tells how good that is",
        "for 30 sentences: batch_size 8, learning_rate 0.008 (--set training.NAME=... for others)",
        "for 30 sentences: words are also read by their affixes (--set model.affixes=no: they are not)",
        "50% of the slots are in slotfill's lists of cities, airports and airlines: it reads which words are in them "
        "(--set model.gazetteers=no: it does not)",
    ]
    epochs = [line.split("/")[0] for line in lines if line.startswith("epoch")]
    assert epochs == [f"epoch {epoch:>3}" for epoch in (1, *range(3, 61, 3))]  # not each of so many
    assert "dev" not in "".join(lines[3:])
    assert re.search(r"train slot F1 \(strict IOB2\) +[01]\.\d{4}", err)
    bundle = read(Path("model"))
    assert learnt_from(bundle) == [{"source": "mine", "train": 30, "dev": 0, "test": 0}]
    assert (bundle.training["best_epoch"], bundle.config.model.affixes) == (60, "yes")
    assert "none was held out" in bundle.card
    assert run(*QUICK, *pace, "--resume")[0] == 0  # the settings that it chose are no others


def test_a_training_that_learns_nothing_says_so(run: Run) -> None:
    for part in ("train", "dev"):  # in two steps it learns at most that nearly everything is no slot
        write(f"mine/{part}.markup", "".join(f"{'well ' * 20}[{n}](number) please\n" for n in range(30)))
    assert "hardly any slot was learnt: are the labels right" in run(*QUICK, "--set", "training.learning_rate=0.1")[2]


def test_data_without_intents(run: Run) -> None:
    for part in ("train", "dev"):
        write(f"mine/{part}.markup", sentences(8).replace("\tflight", ""))
    code, _, err = run(*QUICK)
    assert (code, "intent" in err) == (0, False)


def test_data_without_slots(run: Run) -> None:
    for part, count in (("train", 40), ("dev", 12)):
        write(f"mine/{part}.markup", "".join(f"{w} it now {n}\t{w}\n" for n in range(count) for w in ("book", "sing")))
    options = ["--set", "training.patience=4", "--set", "training.learning_rate=0.03", "--set", "training.ema=0.9"]
    code, _, err = run("--data", "mine", "--output", "model", *SMALL, *options)
    assert code == 0, err
    training = read(Path("model")).training
    assert err.startswith("no sentence has a slot: only intents are learnt\n")
    assert "slot F1" not in err.split("model\n")[1]
    history = [json.loads(line) for line in Path("model/history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert training["dev"]["intent_accuracy"] == max(epoch["intent_accuracy"] for epoch in history) == 1.0
    assert training["best_epoch"] > 1


def test_data_without_any_label(run: Run) -> None:
    """It made a model that finds nothing, with a sentence accuracy of 1."""
    write("my.txt", "a table for two\n" * 3)
    code, out, err = run("--data", "my.txt", "--output", "model", *SMALL)
    assert (code, out) == (1, "")
    assert err.splitlines()[-1].startswith("error: my.txt: no sentence has a slot or an intent, so that there is noth")
    assert there() == {"my.txt"}


def test_one_sentence(run: Run) -> None:
    write("my.markup", "a table for [two](people)\n")
    code, _, err = run("--data", "my.markup", "--output", "model", *SMALL, "--set", "training.epochs=3")
    assert (code, "no dev split: the one sentence is trained on, and the last epoch counts\n" in err) == (0, True)
    assert re.search(r"\n +epochs +3 +\n", err), err  # the last one counts: none is best


def test_the_command_that_tells_how_good_it_is_can_be_typed(run: Run, slotfill: Run) -> None:
    write("my.markup", "a table for [two](people)\na table for [three](people)\n")
    write("my.toml", "".join(f"{line}\n" for line in ("[model]", "hidden = 4", "[training]", "epochs = 1")))
    code, _, err = run("--data", "my.markup", "--output", "model", "--config", "my.toml")
    command = "slotfill eval --folds 2 --data my.markup"
    assert (code, f"`{command}` (with the same --config and --set) tells how good that is\n" in err) == (0, True), err
    assert slotfill(*command.split()[1:], "--config", "my.toml")[0] == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are characters")
def test_a_name_that_is_no_utf_8(run: Run, slotfill: Run) -> None:
    """As of a file from an old archive. The training ended with a traceback, and so did what writes the name."""
    name = os.fsdecode("donn\xe9es.markup".encode("latin-1"))
    write(name, sentences(30))
    code, _, err = run("--data", name, "--output", "model", *SMALL, "--set", "training.epochs=1")
    assert code == 0, err
    assert read(Path("model")).config.data[0].source == name
    assert slotfill("eval", "--model", "model", "--data", name, "--report", "scores.html", "--errors", "e.txt")[0] == 0
    more = ["--from", "model", "--data", "mine", "--output", "next", "--set", "training.epochs=1"]
    assert "of 30 sentences an epoch\n" in run(*more)[2]  # it is found again
    golden = str(Path(__file__).parent.parent / "golden" / "model")
    lines = ("to [Taipei](fromloc.city_name)", "to [Taipei](toloc.city_name)", "[Boston](fromloc.city_name)")
    write(name, "".join(f"{line}\n" for line in lines))
    assert slotfill("data", "suspects", name, "--model", golden, "--output", "doubtful.jsonl")[0] == 0
    assert slotfill("data", "check", "doubtful.jsonl")[0] == 0


def test_how_much_is_in_word_vectors_and_in_lists_is_said(run: Run) -> None:
    """What is of no use was taken without a word."""
    write("en.txt", "".join(f"{word} 1 2\n" for word in ("arrive", "leave", "on", "november", "rome", "oslo")))
    write("de.txt", "ankommen 1 2\n")
    write("recipe.toml", '[gazetteers]\ncity = ["Rome", "Oslo", "Taipei", "Porto"]\ndish = ["pho"]\n')
    options = [*QUICK, "--set", "training.epochs=1", "--config", "recipe.toml", "--overwrite"]
    code, _, err = run(*options, "--set", "training.vectors=en.txt")
    assert code == 0, err
    assert re.search(r"^en\.txt has vectors for 6 of the \d+ words of train$", err, re.MULTILINE), err
    assert "list city: 4 names; 18 of 60 slots of train are in it\n" in err
    assert "warning: list dish: 1 name; 0 of 60 slots of train are in it: the tagger cannot learn what it is for" in err
    _, _, err = run(*options, "--set", "training.vectors=de.txt")
    assert re.search(r"^warning: de\.txt has vectors for only 0 of the \d+ words of train: are they", err, re.MULTILINE)


def test_the_seed_decides(run: Run) -> None:
    options = ["--data", "mine", *SMALL, "--set", "training.epochs=1", "--quiet"]
    for out, seed in (("a", 1), ("b", 1), ("c", 2)):
        assert run(*options, "--output", out, "--seed", str(seed))[0] == 0
    assert weights("a") == weights("b") != weights("c")
    assert read(Path("c")).training["seed"] == 2


def test_nobody_to_tell(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", None)  # what Python makes of `2>&-`
        assert run(*QUICK) == (0, "", "")
        sys.stderr.close()
    assert there() == {"model"}


# --- settings --------------------------------------------------------------------------------------


def test_settings_from_a_file_and_over_it(run: Run) -> None:
    write("my.toml", "[model]\nhidden = 3\nword_size = 5\n[training]\nepochs = 1\nseed = 7\n")
    assert run("--data", "mine", "--output", "model", "--config", "my.toml", "--set", "model.hidden=2")[0] == 0
    config = read(Path("model")).config
    assert (config.model.hidden, config.model.word_size, config.training.seed) == (2, 5, 7)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--config", "typo.toml"], "typo.toml: unknown setting `model.hiden`; did you mean `model.hidden`?"),
        (["--config", "none.toml"], "none.toml: no such file"),
        (
            ["--set", "model.hiden=3"],
            "--set model.hiden=3: unknown setting `model.hiden`; did you mean `model.hidden`?",
        ),
        (
            ["--set", "hidden=3"],
            "--set hidden=3: did you mean --set model.hidden=3?",
        ),
        (["--set", "model.hidden=many"], "--set model.hidden=many: `model.hidden` must be a whole number, got 'many'"),
    ],
)
def test_wrong_settings(run: Run, arguments: list[str], message: str) -> None:
    write("typo.toml", "[model]\nhiden = 3\n")
    assert run(*QUICK, *arguments) == (1, "", f"error: {message}\n")
    assert "model" not in there()


@pytest.mark.parametrize(
    "arguments",
    [["--device", "tpu"], ["--seed", "x"], ["mine"], ["--bogus"], ["--output", "."], ["--resume", "--overwrite"]],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*QUICK, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert there() == set()


# --- errors that can be mended ---------------------------------------------------------------------


def test_a_bad_line_is_named(run: Run) -> None:
    write("mine/train.markup", sentences(3) + "to [Rome\n")
    expected = "error: mine/train.markup:4: column 4: the slot is not closed: expected ](name)\n"
    assert run(*QUICK) == (1, "", expected)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"mine/train.markup": ""}, "mine/train.markup: no usable sentence"),
        ({"lone/test.markup": sentences(2)}, "lone has no train split, only test"),
        ({"lone/train.markup": ""}, "lone/train.markup: no usable sentence"),
    ],
)
def test_data_that_will_not_do(run: Run, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        write(name, text)
    code, out, err = run(*QUICK[2:], "--data", next(iter(files)).split("/")[0], "--quiet")
    assert (code, out, err) == (1, "", f"error: {message}\n")


def test_a_gpu_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    code, out, err = run(*QUICK, "--device", "cuda")
    assert (code, out) == (1, "")
    assert err == "error: device cuda: torch sees no GPU here: use cpu\n"
    assert run(*QUICK, "--device", "auto", "--quiet")[0] == 0


def test_torch_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    code, out, err = run("--data", "nope", "--output", "model")  # said before data is looked for
    assert (code, out, err.count("\n")) == (1, "", 1)
    small = "pip install torch --index-url https://download.pytorch.org/whl/cpu"
    assert f'training needs packages that are not installed: run `{small} && pip install "slotfill[train]"`' in err


def test_a_training_that_diverges(run: Run) -> None:
    wild = ["learning_rate=10", "weight_decay=10", "warmup=0", "epochs=200", "patience=1000"]
    code, out, err = run(*QUICK, *(option for setting in wild for option in ("--set", f"training.{setting}")), "-q")
    assert (code, out) == (1, "")
    message = r"error: the loss is (nan|inf) in epoch \d+: the training diverges: "
    assert re.fullmatch(message + r"lower training\.learning_rate, which is 10\n", err)
    assert not Path("model").exists()


def test_a_folder_that_cannot_be_is_said_at_once(run: Run) -> None:
    write("file", "")
    code, _, err = run("--data", "mine", "--output", "file/model", *SMALL)
    assert code == 1
    assert err.startswith("error: file/model: cannot be written: ")  # before the first epoch
    assert err.count("\n") == 1


# --- nothing is lost that was not asked to be ------------------------------------------------------


def test_a_model_is_replaced_only_if_asked(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    first = weights("model")
    expected = "error: model holds a model already: choose another --output, or add --overwrite\n"
    assert run(*QUICK, "--seed", "2") == (1, "", expected)
    assert weights("model") == first
    assert run(*QUICK, "--seed", "2", "--overwrite")[0] == 0
    assert weights("model") != first
    assert there() == {"model"}


@pytest.mark.parametrize("option", [[], ["--overwrite"], ["--resume"]])
def test_what_is_no_model_is_never_replaced(run: Run, option: list[str]) -> None:
    write("model/thesis.txt", "years of work")
    assert run(*QUICK, *option) == (1, "", "error: model exists and is not a model: choose another --output\n")
    assert Path("model/thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_resume_when_there_is_nothing_left_to_do(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    first = weights("model")
    assert run(*QUICK, "--resume") == (0, "", "model is complete: nothing to resume\n")
    assert weights("model") == first


def test_resume_of_a_complete_model_with_other_data(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    first = weights("model")
    for part, count in (("train", 29), ("dev", 5)):
        write(f"mine/{part}.markup", sentences(count))
        expected = "error: model is complete, with other data: choose another --output, or --overwrite it\n"
        assert run(*QUICK, "--resume") == (1, "", expected)
        write("mine/train.markup", sentences(30))
    assert weights("model") == first


def test_an_interrupted_training_is_not_forgotten(run: Run, slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        stop_after(1, patch)
        code, out, err = run(*QUICK)
    assert (code, out, there()) == (130, "", {"model.checkpoint"})
    typed = f"slotfill train {' '.join(QUICK)}"
    assert err.endswith(
        f"interrupted; to go on from the last whole epoch:\n  {typed} --resume\n"
        f"to make a model of the best epoch so far:\n  {typed} --finish\n"
    )
    code, _, err = run(*QUICK)
    assert (code, err.count("\n")) == (1, 1)
    assert "--resume" in err
    code, _, err = run(*QUICK, "--resume", "--seed", "9")
    assert (code, err.count("\n")) == (1, 1)
    assert "training.seed was 1 and is 9 (--set training.seed=1)" in err
    code, _, err = slotfill("tag", "--model", "model", "to Rome")
    assert (code, "model is an unfinished training" in err) == (1, True)
    assert run(*QUICK, "--overwrite", "--seed", "9")[0] == 0
    assert there() == {"model"}


def test_the_best_of_an_interrupted_training_becomes_a_model(
    run: Run, slotfill: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = "error: model.checkpoint: no interrupted training is there: leave out --finish to train\n"
    assert run(*QUICK, "--finish") == (1, "", expected)
    options = ["--data", "mine", *SMALL, "--set", "training.epochs=5", "--output", "models/m"]
    assert run(*options)[0] == 0
    whole = weights("models/m")
    shutil.rmtree("models/m")
    with monkeypatch.context() as patch:
        stop_after(2, patch)
        assert run(*options)[0] == 130
    code, listed, _ = slotfill("models", "list")
    assert code == 0
    assert re.search(r"m \(unfinished\) +epoch 2 of 5 +[01]\.\d{4} +mine", listed), listed
    assert run(*options, "--finish")[0] == 0
    bundle = read(Path("models/m"))
    assert (len(bundle.history), bundle.training["epochs"]) == (2, 2)
    assert slotfill("tag", "--model", "m", "to Rome")[0] == 0
    assert run(*options, "--resume")[0] == 0  # it may still go on
    assert weights("models/m") == whole
    assert not Path("models/m.checkpoint").exists()


def test_an_interrupted_training_without_dev_has_no_score(
    run: Run, slotfill: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("mine/dev.markup").unlink()
    stop_after(2, monkeypatch)
    assert run("--data", "mine", *SMALL, "--set", "training.epochs=5", "--output", "models/m")[0] == 130
    assert re.search(r"m \(unfinished\) +epoch 2 of 5 +mine", slotfill("models", "list")[1])


def test_before_the_first_epoch_there_is_nothing_to_go_on_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_after(0, monkeypatch)
    assert run(*QUICK) == (130, "", "")
    assert there() == set()


def stop_after(epochs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C when so many epochs are over."""
    fit = loop.fit

    def interrupted(*arguments: object, **options: object) -> Iterator[EpochReport]:
        reports = fit(*arguments, **options)  # type: ignore[arg-type]
        for _ in range(epochs):
            yield next(reports)
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "fit", interrupted)


# --- as a process ----------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_however_it_is_interrupted_it_goes_on_to_the_same_weights(run: Run) -> None:
    epochs = 60
    options = ["--data", "mine", *SMALL, "--set", f"training.epochs={epochs}", "--set", "training.patience=1000"]
    assert run(*options, "--output", "whole", "--quiet")[0] == 0

    command = [sys.executable, "-m", "slotfill", "train", *options, "--output", "model"]
    checkpoint = Path("model.checkpoint")
    before = None
    for signal_, resume, code in ((signal.SIGINT, [], 130), (signal.SIGKILL, ["--resume"], -signal.SIGKILL)):
        with subprocess.Popen([*command, *resume], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            try:
                give_up = time.monotonic() + PATIENCE
                while not checkpoint.exists() or checkpoint.stat().st_mtime_ns == before:
                    assert child.poll() is None, "it was done before it could be interrupted"
                    assert time.monotonic() < give_up
                    time.sleep(0.001)
                child.send_signal(signal_)
                out, err = child.communicate(timeout=PATIENCE)
            finally:
                child.kill()
        assert (child.returncode, out) == (code, "")
        assert "Traceback" not in err
        assert ("interrupted; to go on" in err) == (signal_ == signal.SIGINT)
        assert not Path("model").exists()
        before = checkpoint.stat().st_mtime_ns

    code, _, err = run(*options, "--output", "model", "--resume")
    assert code == 0
    epochs_told = [match[1] for match in map(EPOCH.fullmatch, err.splitlines()) if match]
    assert epochs_told == [
        str(epoch) for epoch in (1, *range(3, epochs + 1, 3))
    ]  # from the first on; not all of so many
    assert weights("model") == weights("whole")
    assert not list(Path().glob("model.checkpoint"))


def test_a_terminal_gets_a_progress_bar(run: Run) -> None:
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**clean, "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "slotfill", "train", *QUICK]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment) as child:
        os.close(theirs)
        shown = b""
        while True:
            try:
                block = os.read(ours, 4096)
            except OSError:  # the other side is closed, says Linux
                break
            if not block:
                break
            shown += block
        os.close(ours)
        out, _ = child.communicate(timeout=PATIENCE)
        assert (child.returncode, out) == (0, b"")
    text = shown.decode()
    assert "━" in text
    assert "100 %" in text
    assert "epoch   2/2  loss" in text  # the log's line stays above the bar
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1  # the cursor comes back


def test_history_has_every_epoch(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    history = [json.loads(line) for line in Path("model/history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [entry["epoch"] for entry in history] == [1, 2]


def test_resume_of_a_complete_model_with_another_configuration(run: Run) -> None:
    few = ("--data", "mine", "--output", "m", "--set", "training.epochs=1", "--set", "model.hidden=4")
    assert run(*few)[0] == 0
    assert run(*few, "--resume")[0] == 0
    code, _, err = run(*few, "--set", "training.epochs=2", "--resume")
    assert code == 1
    told = "training.epochs was 1 and is 2 (--set training.epochs=1)"
    expected = f"error: m is complete, with another configuration: {told}; or choose another --output, or --overwrite"
    assert err == f"{expected} it\n"


def test_a_mistake_leaves_no_folder_behind(run: Run) -> None:
    assert run("--data", "nowhere", "--output", "deep/er/m")[0] == 1
    assert not Path("deep").exists()


# --- recipes ---------------------------------------------------------------------------------------

RECIPE = """
[model]
crf = true
gazetteers = true
own_gazetteers = 2

[training]
epochs = 2

[[data]]
source = "mine"
share = 0.5
substituted = 1.0
gazetteers = 0.5
"""


def test_a_recipe_says_it_all(run: Run) -> None:
    write("recipe.toml", RECIPE)
    code, _, err = run("--config", "recipe.toml", "--output", "model", *SMALL, "--quiet")
    assert (code, err) == (0, "")
    bundle = read(Path("model"))
    assert bundle.config.data == (DataConfig("mine", share=0.5, substituted=1.0, gazetteers=0.5),)
    assert learnt_from(bundle) == [{"source": "mine", "train": 30, "dev": 6, "test": 0}]
    assert {"crf.A", "temperature"} <= bundle.weights.keys()
    assert {"city_name", "own city_name"} <= set(bundle.vocabularies.gazetteers.names)
    assert "taipei" in bundle.vocabularies.gazetteers.entries
    assert Tagger.load("model").tag(["arrive Rome on November 2"])[0].tokens
    assert run("--config", "recipe.toml", "--output", "model", *SMALL, "--resume")[0] == 0


def test_out_of_domain_data_is_learnt_from_and_not_known(run: Run) -> None:
    write("songs/train.markup", "play [Yesterday](track)\tmusic\n" * 12)
    write("recipe.toml", RECIPE + '\n[[data]]\nsource = "songs"\nout_of_domain = true\n')
    assert run("--config", "recipe.toml", "--output", "model", *SMALL, "--quiet")[0] == 0
    bundle = read(Path("model"))
    assert "yesterday" not in bundle.vocabularies.words
    assert not {"B-track", "music"} & {*bundle.vocabularies.tags.items, *bundle.vocabularies.intents.items}
    assert learnt_from(bundle)[1] == {"source": "songs", "train": 12, "dev": 0, "test": 0}


def test_a_recipes_data_may_be_elsewhere(run: Run) -> None:
    write("recipe.toml", RECIPE)
    Path("elsewhere").mkdir()
    Path("mine").rename("elsewhere/mine")
    code, _, err = run("--config", "recipe.toml", "--output", "model", *SMALL, "--quiet")
    assert code == 1
    assert 'no data set or file "mine"' in err
    assert run("--config", "recipe.toml", "--data", "elsewhere/mine", "--output", "model", *SMALL, "--quiet")[0] == 0
    assert read(Path("model")).config.data == (DataConfig("mine", share=0.5, substituted=1.0, gazetteers=0.5),)


@pytest.mark.parametrize("source", ["mine", "./mine", "{here}/mine", "sub/two.jsonl"])
def test_a_recipe_may_name_its_data_by_a_path(run: Run, source: str) -> None:
    source = source.format(here=Path().absolute())
    write("sub/two.jsonl", '{"text": "to Rome", "spans": [{"start": 3, "end": 7, "label": "city"}]}\n' * 30)
    write("recipe.toml", RECIPE.replace("mine", source))
    _, _, err = run("--config", "recipe.toml", "--output", "model", *SMALL)
    assert "the recipe has" not in err
    name = source.split("/")[-1]
    assert read(Path("model")).config.data == (DataConfig(name, share=0.5, substituted=1.0, gazetteers=0.5),)


def test_data_that_the_recipe_does_not_name_is_said(run: Run) -> None:
    write("recipe.toml", RECIPE)
    write("other/train.markup", sentences(12))
    options = ["--config", "recipe.toml", "--data", "mine", "--data", "other", *SMALL]
    _, _, err = run(*options, "--output", "model")
    assert "other: the recipe has [[data]] only for mine: all of it is used as it is" in err
    assert "mine: the recipe" not in err
    assert read(Path("model")).config.data[1] == DataConfig("other")
    assert "the recipe has" not in run(*options, "--output", "silent", "--quiet")[2]
    assert "the recipe has" not in run("--data", "other", "--output", "plain", *SMALL, "--set", "training.epochs=1")[2]


@pytest.mark.parametrize("recipe", sorted((Path(__file__).parents[2] / "recipes").glob("*.toml")), ids=lambda p: p.stem)
def test_what_ships_can_be_read(recipe: Path) -> None:
    config = from_toml(recipe)
    assert config.data
    real = {"multiwoz", "frames_train.jsonl", "multidogo", "multidogo_airline_rest.txt", "msr_taxi", "train.conll"}
    real |= {"smp_train.jsonl", "raw_smp_other_domains.txt"}
    assert {part.source for part in config.data} <= {"atis", "snips", "sgd", "travel", "travel-zh", "twins", *real}


def test_other_tokens_than_those_of_the_data_are_told(run: Run) -> None:
    write("odd/train.conll", "".join(f"t O\no O\nRo{n} B-city\nme O\n\n" for n in range(20)))
    odd = [*QUICK, "--data", "odd", "--set", "model.tokenizer=characters"]
    code, _, err = run(*odd)
    assert code == 0
    assert "warning: in 56 of 56 sentences, the tokenizer `characters` makes other tokens than the data has" in err
    assert read(Path("model")).config.model.tokenizer == "characters"
    code, _, err = run(*odd, "--resume")  # the tokenizer is part of the configuration
    assert (code, "is complete" in err) == (0, True)


def test_a_complete_model_whose_data_told_the_tokenizer_is_complete(run: Run) -> None:
    assert run(*QUICK)[0] == 0
    code, _, err = run(*QUICK, "--resume")
    assert (code, "model is complete: nothing to resume" in err) == (0, True)


def test_faulty_sentences_are_left_out_if_asked_for_and_eval_knows_its_training_data(run: Run) -> None:
    write("mine.conll", "New York\tB-city\n\n" + "to\tO\nRome\tB-city\n\n" * 20)
    quick = ["--data", "mine.conll", "--output", "model", *SMALL, "--set", "training.epochs=2"]
    assert run(*quick)[0] == 1
    code, _, err = run(*quick, "--on-error", "skip")
    assert code == 0
    assert 'note: left out 1 sentence: mine.conll:1: token 1, "New York", has white space in it' in err
    notes: list[str] = []
    scores = evaluate("model", data="mine.conll", on_error="skip", on_note=notes.append)
    assert scores.sentences == 20
    assert notes[-1] == (
        "mine.conll: model was trained on these very sentences: the scores say nothing about other ones"
    )
    notes.clear()
    strange = "model knows none of the slots of the data: examples has place; the model has city"
    with pytest.raises(slotfill.SlotfillError, match=strange):
        evaluate("model", data=[slotfill.parse_markup("go [there](place)")], on_note=notes.append)


# --- watching --------------------------------------------------------------------------------------


def test_watching_changes_nothing_but_what_is_said(run: Run) -> None:
    plain = run(*QUICK)
    code, _, err = run(*QUICK, "--overwrite", "--watch")
    assert (code, plain[0]) == (0, 0)
    lines = err.splitlines()
    for epoch in (1, 2):
        at = next(n for n, line in enumerate(lines) if re.match(rf"epoch +{epoch}/2", line))
        assert [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in lines[at + 1 : at + 3]] == [
            "  arrive Taipei on November 2nd",
            "  leave Taipei on November 2nd",
        ]
    weights = Path("model/weights.safetensors").read_bytes()
    run(*QUICK, "--overwrite")
    assert Path("model/weights.safetensors").read_bytes() == weights
    assert run(*QUICK, "--overwrite", "--quiet", "--watch") == (0, "", "")


def test_texts_of_ones_own_are_watched(run: Run) -> None:
    code, _, err = run(*QUICK, "--watch", "to Oslo", "--watch", "to \x07 Rome", "--set", "model.cell=elman")
    assert code == 0
    said = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in err.splitlines()]
    assert said.count("  to Oslo") == said.count("  to � Rome") == 2
    assert "  arrive Taipei on November 2nd" not in said


def test_the_gradient_over_distance_is_watched(run: Run) -> None:
    long = "please let me know how I may [Rome](toloc.city_name) at noon or so\n"  # of at least 10 tokens
    write("mine/dev.markup", sentences(6) + long)
    for cell, is_said in (("elman", True), ("feedforward", False)):
        _, _, err = run(*QUICK, "--watch", "--overwrite", "--set", f"model.cell={cell}")
        found = re.findall(r"^  gradient by distance: 1\.00( \d\S*){10}$", err, re.MULTILINE)
        assert len(found) == 2 * is_said
