"""Slips of the keyboard and of memory: what is said, and the command that is proposed."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from slotfill.config import setting_like

Run = Callable[..., tuple[int, str, str]]

# typed -> (the problem, or a part of it; the command to type, None if there is none)
SLIPS: list[tuple[list[str], str, str | None]] = [
    (
        ["tag", *["leave", "Boston", "tomorrow", "at", "6", "pm"]],
        "6 sentences of one word each: put quotes around a sentence; if they are sentences, put -- before them",
        'tag "leave Boston tomorrow at 6 pm"',
    ),
    (["tag", "leave", "Boston", "-f", "json"], "2 sentences of one word each", 'tag "leave Boston" -f json'),
    (["tag", "it's", "$5"], "2 sentences of one word each", """tag 'it'"'"'s $5'"""),
    (["arrive Taipei"], '"arrive Taipei" is not a command; to label a sentence', 'tag "arrive Taipei"'),
    (["leave", "Boston"], '"leave" is not a command', 'tag "leave Boston"'),
    (["q.txt"], "q.txt is not a command; to tag a file", "tag --input q.txt"),
    (["tag", "-5 degrees"], '"-5 degrees" begins with a dash', 'tag -- "-5 degrees"'),
    (["tag", "-5"], "begins with a dash", 'tag -- "-5"'),
    (["chat", "q.txt"], "chat reads turns from standard input", "chat < q.txt"),
    (["chat", "-f", "json", "to", "Rome"], "one a line", 'echo "to Rome" | slotfill chat -f json'),
    (["talk"], "there is no command talk", "chat"),
    (["explain", "leave", "Boston"], "explain takes one sentence", 'explain "leave Boston"'),
    (["tag", "q.txt"], "q.txt is a file, not a sentence", "tag --input q.txt"),
    (["tag", "my queries"], "my queries is a file, not a sentence", 'tag --input "my queries"'),
    (["tag", "t.csv"], "t.csv is a file, not a sentence", "bulk t.csv tagged"),
    (["tag", "nowhere.txt"], "nowhere.txt looks like the name of a file, but there is none", None),
    (["tag", "q.txt", "t.csv"], "2 names of files", "cat q.txt t.csv | slotfill tag"),
    (["tag", "--file", "q.txt"], "has no option --file: did you mean --input?", "tag --input q.txt"),
    (["tag", "--modle", "travel", "to Rome"], "did you mean --model?", 'tag --model travel "to Rome"'),
    (["tag", "-model", "travel", "to Rome"], "have two dashes", 'tag --model travel "to Rome"'),
    (["tag", "--json", "to Rome"], "did you mean --format json?", 'tag --format json "to Rome"'),
    (["train", "--epochs", "5"], "settings are given to --set", "train --set training.epochs=5"),
    (["train", "--batch-size=8", "-q"], "given to --set", "train --set training.batch_size=8 -q"),
    (["train", "--lr", "0.1"], "given to --set", "train --set training.learning_rate=0.1"),
    (["train", "--crf"], "given to --set", "train --set model.crf=true"),
    (["train", "--no-crf"], "given to --set", "train --set model.crf=false"),
    (["train", "--set", "training.epochs", "5"], "joined by =", "train --set training.epochs=5"),
    (
        ["train", "--set", "training.epochs=5", "model.hidden=4"],
        "joined by =",
        "train --set training.epochs=5 --set model.hidden=4",
    ),
    (["train", "data/mine"], "data/mine: data is given to --data", "train --data data/mine"),
    (["compare", "lstm", "gru-bi"], "nets are given to --cells", "compare --cells lstm,gru-bi"),
    (["compare", "--cells", "lstm", "gru-bi"], "with commas", "compare --cells lstm,gru-bi"),
    (["serve", "travel"], "travel: a model is given to --model", "serve --model travel"),
    (["tga", "to Rome"], "there is no command tga: did you mean tag?", 'tag "to Rome"'),
    (["evaluate"], "there is no command evaluate", "eval"),
    (["convert", "a.jsonl", "b.conll"], "there is no command convert", "data convert a.jsonl b.conll"),
    (["data", "chek", "travel"], "did you mean check?", "data check travel"),
    (["data", "travel"], "travel is not one of slotfill data", "data stats travel"),
    (["models", "travel"], "travel is not one of slotfill models", "models show travel"),
    (["help", "train"], "there is no command help", "train --help"),
    (["data", "check", "a", "b"], "slotfill data check does not take b", None),
    (["--input", "q.txt"], "--input belongs to a command, which comes first", "tag --input q.txt"),
    (["tag", "“leave", "Boston”"], "2 sentences of one word each", 'tag "leave Boston"'),
    (["--bogus"], "slotfill has no option --bogus", None),
]


@pytest.fixture
def run(slotfill: Run) -> Run:
    """Run `slotfill` in a folder with a few files."""
    Path("q.txt").write_text("to Rome\n", encoding="utf-8")
    Path("my queries").write_text("to Rome\n", encoding="utf-8")
    Path("t.csv").write_text("text\nto Rome\n", encoding="utf-8")
    return slotfill


@pytest.mark.parametrize(("typed", "problem", "command"), SLIPS, ids=[" ".join(typed) for typed, _, _ in SLIPS])
def test_what_was_meant_is_said(run: Run, typed: list[str], problem: str, command: str | None) -> None:
    code, out, err = run(*typed)
    assert (code, out) == (2, "")
    first, *rest = err.splitlines()
    assert first.startswith("error: ")
    assert problem in first
    commands = [line for line in rest if line.startswith("  ")]
    said = f"  {command}" if command and command.startswith(("cat ", "echo ")) else f"  slotfill {command}"
    assert commands == ([] if command is None else [said])
    assert rest[-1].startswith("help: slotfill")


@pytest.mark.parametrize(
    "texts",
    [
        ["arrive Taipei", "leave Boston"],
        ["arrive Taipei", "Boston"],
        ["Boston"],
        ["Boston", ""],
        ["--", "Boston", "Rome"],
        ["--", "q.txt"],
        ["--", "-5 degrees"],
    ],
)
def test_sentences_stay_sentences(run: Run, texts: list[str]) -> None:
    code, out, err = run("tag", *texts)
    assert (code, err) == (0, "")
    assert [json.loads(line)["text"] for line in out.splitlines()] == [text for text in texts if text != "--"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "epochs=5"], "--set epochs=5: did you mean --set training.epochs=5?"),
        (["--set", "lr=0.1"], "--set lr=0.1: did you mean --set training.learning_rate=0.1?"),
        (
            ["--set", "training.epochs"],
            "no value: type it after =, as in --set training.epochs=20",
        ),
        (["--set", "traning.epochs=5"], "unknown setting `traning`; did you mean `training.epochs`?"),
        (["--set", "training.epohcs=5"], "unknown setting `training.epohcs`; did you mean `training.epochs`?"),
    ],
)
def test_settings(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run("train", *arguments)
    assert (code, out) == (1, "")
    assert message in err


def test_names_of_settings() -> None:
    assert setting_like("epoch") == "training.epochs"
    assert setting_like("num_layers") == "model.layers"
    assert setting_like("colour") is None


# --- files that `tag --input` reads, and those it does not -----------------------------------------


def test_a_gz_file_is_unpacked(run: Run) -> None:
    Path("q.txt.gz").write_bytes(gzip.compress(b"to Rome\n\nto Oslo\n", mtime=0))
    Path("same.txt").write_bytes(b"to Rome\n\nto Oslo\n")
    assert run("tag", "--input", "q.txt.gz") == run("tag", "--input", "same.txt")
    Path("cut.gz").write_bytes(gzip.compress(b"to Rome\n" * 100)[:-9])
    code, _, err = run("tag", "--input", "cut.gz")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("error: ")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("q.csv", b"text\nto Rome\n", "type slotfill bulk q.csv tagged --column NAME"),
        ("q.jsonl", b'{"text": "to Rome"}\n', "type slotfill bulk q.jsonl tagged --column NAME"),
        ("q.tsv", b"to Rome\t1\n", "type cut -f1 q.tsv | slotfill tag"),
        ("q.markup", b"to [Rome](city)\n", "type slotfill eval --data q.markup"),
        ("q.xlsx", b"PK\x03\x04rest", "got a ZIP archive, as .zip and .xlsx are"),
        ("q.parquet", b"PAR1rest", "type slotfill bulk q.parquet tagged"),
        ("packed", gzip.compress(b"to Rome\n", mtime=0), "compressed by gzip"),
        ("utf16.txt", "to Rome\n".encode("utf-16"), "iconv -f UTF-16 -t UTF-8"),
        ("program", b"\x7fELF" + bytes(100), "got a binary file"),
    ],
)
def test_other_files_are_refused(run: Run, name: str, content: bytes, message: str) -> None:
    Path(name).write_bytes(content)
    code, out, err = run("tag", "--input", name)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"error: {name}: ")
    assert message in err


# --- what `tag` prints is read back ----------------------------------------------------------------


def test_tag_correct_by_hand_and_check(run: Run) -> None:
    code, out, _ = run("tag", "arrive Taipei on November 2nd", "", "leave Boston", "--now", "2026-11-20T09:00")
    assert code == 0
    Path("mine.jsonl").write_text(out, encoding="utf-8")
    code, said, _ = run("data", "check", "mine.jsonl")
    assert (code, said) == (0, "mine: no problem; good sentences: all 2\n")
    assert run("data", "convert", "mine.jsonl", "mine.markup")[0] == 0
    assert Path("mine.markup").read_text(encoding="utf-8") == (
        "arrive [Taipei](toloc.city_name) on [November](arrive_date.month_name) [2nd](arrive_date.day_number)\tflight\n"
        "leave [Boston](fromloc.city_name)\tflight\n"
    )
    corrected = out.replace('"fromloc.city_name"', '"city_name"')
    Path("mine.jsonl").write_text(corrected, encoding="utf-8")
    code, table, _ = run("eval", "--data", "mine.jsonl", "--format", "json")
    assert code == 0
    assert json.loads(table)["per_slot"]["city_name"]["recall"] == 0


def test_a_slot_whose_text_is_elsewhere_is_a_fault(run: Run) -> None:
    slot = {"name": "toloc.city_name", "text": "Taipei", "start": 0, "end": 6, "confidence": 1.0}
    Path("mine.jsonl").write_text(json.dumps({"text": "arrive Taipei", "slots": [slot]}) + "\n", encoding="utf-8")
    code, out, _ = run("data", "check", "mine.jsonl")
    assert code == 1
    assert out.startswith('mine.jsonl:1: slots[0] is "Taipei", but characters 0 to 6 are "arrive"\n')
