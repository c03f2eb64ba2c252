"""`slotfill data`, run as a user runs it: arguments in, streams and an exit code out."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slotfill.cli import console

GOOD = '{"text": "to Rome", "spans": [{"start": 3, "end": 7, "label": "toloc.city_name"}], "intent": "flight"}\n'
OTHER = '{"text": "to Oslo", "spans": [{"start": 3, "end": 7, "label": "city_name"}], "intent": "fare"}\n'

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(slotfill: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `slotfill` with arguments in an empty folder; gives the exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "100")
    return slotfill


def fill(files: dict[str, str]) -> None:
    """Write files, by their path from the working folder."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def test_check_of_a_sound_data_set(run: Run) -> None:
    fill({"mine/train.jsonl": GOOD, "mine/test.jsonl": GOOD + OTHER})
    assert run("data", "check", "mine") == (
        0,
        "warning: 1 sentence of test is also in train\n"
        "warning: tags of test that train lacks: B-city_name\n"
        "warning: intents of test that train lacks: fare\n"
        "mine: no problem; good sentences: train 1, test 2\n",
        "",
    )


def test_check_says_that_no_tokenizer_makes_the_tokens(run: Run) -> None:
    fill({"my.jsonl": '{"text": "to Rome", "tokens": ["t", "o", "Ro", "me"], "spans": []}\n'})
    code, out, _ = run("data", "check", "my.jsonl")
    assert code == 0
    assert out.startswith("warning: in 1 of 1 sentences, the tokenizer `slotfill` makes other tokens than the data has")


def test_check_lists_every_problem(run: Run) -> None:
    fill({"mine/train.jsonl": f"{GOOD}[]\n{GOOD}[]\n"})
    assert run("data", "check", "mine") == (
        1,
        "mine/train.jsonl:2: expected an object in braces, got []\n"
        "mine/train.jsonl:4: expected an object in braces, got []\n"
        "mine: 2 problems; good sentences: train 2\n",
        "",
    )


def test_check_of_nothing_but_problems(run: Run) -> None:
    fill({"my.jsonl": "[]\n"})
    assert run("data", "check", "my.jsonl") == (
        1,
        "my.jsonl:1: expected an object in braces, got []\n"
        "my.jsonl: no usable sentence\n"
        "my: 2 problems; good sentences: none\n",
        "",
    )


def test_a_missing_data_set_is_one_line_on_stderr(run: Run) -> None:
    for command in ("check", "stats"):
        code, out, err = run("data", command, "nope")
        assert (code, out) == (1, "")
        assert err.startswith('error: no data set or file "nope"')
        assert err.count("\n") == 1


def test_stats_as_json(run: Run) -> None:
    fill({"mine/train.jsonl": GOOD, "mine/test.jsonl": GOOD + OTHER})
    code, out, err = run("data", "stats", "mine", "--format", "json")
    assert (code, err) == (0, "")
    statistics = json.loads(out)
    assert statistics["splits"]["test"]["new_intents"] == ["fare"]
    assert statistics["splits"]["test"]["slots"]["city_name"]["unseen_mentions"] == 1.0
    assert statistics["overlaps"] == [{"first": "train", "second": "test", "sentences": 1}]


def test_stats_for_a_person(run: Run) -> None:
    fill({"mine/train.jsonl": GOOD, "mine/test.jsonl": GOOD + OTHER})
    code, out, err = run("data", "stats", "mine")
    assert code == 0
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert "mine train test" in rows
    assert "sentences 1 2" in rows
    assert "words that train lacks 25.0%" in rows
    assert "toloc.city_name 1 1 1" in rows
    assert "city_name 1 1" in rows
    assert "toloc.city_name 0.0%" in rows
    assert "city_name 100.0%" in rows
    assert "fare 1" in rows
    assert err.splitlines()[0] == "warning: 1 sentence of test is also in train"


def test_stats_stop_at_the_first_problem(run: Run) -> None:
    fill({"my.jsonl": f"{GOOD}[]\n"})
    expected = "error: my.jsonl:2: expected an object in braces, got []\n"
    assert run("data", "stats", "my.jsonl") == (1, "", expected)


def test_list_has_what_ships_and_what_is_in_data(run: Run) -> None:
    fill({"data/good/train.jsonl": GOOD, "data/bad/train.jsonl": f"[]\n{GOOD}"})
    fill({"data/odd/sentences.jsonl": GOOD, "data/tables/cities.tsv": "Rome\tIT\n", "data/tables/build.py": ""})
    Path("data/empty").mkdir()
    code, out, err = run("data", "list")
    assert code == 0
    rows = [" ".join(line.split()) for line in out.splitlines()]
    assert "good train 1" in rows
    assert "bad train 1; problems: 1" in rows
    assert any(row.startswith("odd data/odd: no data set: found sentences.jsonl") for row in rows)
    names = {row.split()[0] for row in rows if row[:1].isalpha()} & {"good", "bad", "odd", "tables", "empty", "places"}
    assert names == {"good", "bad", "odd"}  # whoever put a table or nothing there meant no data set
    assert "(known by name: bad, good, odd, travel, travel-zh, twins)" in run("data", "check", "nope")[2]
    assert "hub:tuetschek/atis" in err


def test_convert_a_folder(run: Run) -> None:
    fill({"mine/train.jsonl": GOOD, "mine/test.jsonl": OTHER})
    code, out, err = run("data", "convert", "mine", "new", "--to", "markup")
    assert (code, out, err) == (0, "", "wrote new/train.markup\nwrote new/test.markup\n")
    assert Path("new/train.markup").read_text(encoding="utf-8") == "to [Rome](toloc.city_name)\tflight\n"


def test_convert_a_file_there_and_back(run: Run) -> None:
    fill({"my.jsonl": GOOD})
    assert run("data", "convert", "my.jsonl", "my.conll")[0] == 0
    assert run("data", "convert", "my.conll", "back.jsonl")[0] == 0
    assert Path("back.jsonl").read_text(encoding="utf-8") == GOOD


@pytest.mark.parametrize(("source", "target"), [("my.jsonl", "there.jsonl"), ("mine", "there")])
def test_convert_overwrites_only_if_told_to(run: Run, source: str, target: str) -> None:
    fill({"my.jsonl": GOOD, "mine/train.jsonl": GOOD, "there.jsonl": OTHER, "there/train.jsonl": OTHER})
    code, out, err = run("data", "convert", source, target)
    assert (code, out) == (1, "")
    assert err == f"error: {target} holds a data set already: add --overwrite to replace it\n"
    assert run("data", "convert", source, target, "--overwrite")[0] == 0
    written = Path(target) if Path(target).is_file() else Path(target, "train.jsonl")
    assert written.read_text(encoding="utf-8") == GOOD


def test_convert_into_a_folder_with_other_files(run: Run) -> None:
    fill({"mine/train.jsonl": GOOD})
    Path("new").mkdir()
    Path("new/README.md").write_text("notes", encoding="utf-8")
    assert run("data", "convert", "mine", "new")[0] == 0
    assert sorted(path.name for path in Path("new").iterdir()) == ["README.md", "train.jsonl"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "my.jsonl", "my.conll", "--to", "markup"],
        ["convert", "my.jsonl", "out", "--to", "xml"],
        ["convert", "my.jsonl"],
        ["stats", "my.jsonl", "--format", "yaml"],
        ["nonsense"],
    ],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    fill({"my.jsonl": GOOD})
    code, out, err = run("data", *arguments)
    assert code == 2
    assert (out, err[:6]) == ("", "error:")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['slotfill', 'data', '--help']\n"
        "from slotfill.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({'numpy', 'torch', 'datasets'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "convert" in done.stdout
    assert done.stderr == "[]\n"


def test_generate_replaces_nothing_unasked(run: Run) -> None:
    fill({"mine.markup": "hello\n"})
    code, out, err = run("data", "generate", "--count", "3", "--output", "mine.markup")
    assert (code, out, err) == (1, "", "error: mine.markup holds a data set already: add --overwrite to replace it\n")
    assert Path("mine.markup").read_text(encoding="utf-8") == "hello\n"
    assert run("data", "generate", "--count", "3", "--output", "mine.markup", "--overwrite")[0] == 0
    assert len(Path("mine.markup").read_text(encoding="utf-8").splitlines()) == 3


FAULTY = "hi\tO\n\nto\tO\nNew York\tB-city\n\nyo\tO\n"
LEFT_OUT = 'left out 1 sentence: my.conll:4: token 2, "New York", has white space in it\n'
MENDED = "note: mended: tokens with white space cut there: 1 time, first in my.conll:4\n"


def test_check_says_what_would_be_left_out_or_mended(run: Run) -> None:
    fill({"my.conll": FAULTY})
    problem = 'my.conll:4: token 2, "New York", has white space in it\n'
    assert run("data", "check", "my.conll") == (1, f"{problem}my: 1 problem; good sentences: all 2\n", "")
    code, out, _ = run("data", "check", "my.conll", "--on-error", "skip")
    assert (code, out) == (0, f"{problem}my: 1 problem; good sentences: all 2\n")
    code, out, _ = run("data", "check", "my.conll", "--on-error", "fix")
    assert (code, out) == (0, f"{MENDED}my: no problem; good sentences: all 3\n")


@pytest.mark.parametrize("command", [("stats", "my.conll"), ("convert", "my.conll", "new.jsonl")])
def test_skip_and_fix_are_counted(run: Run, command: tuple[str, ...]) -> None:
    fill({"my.conll": FAULTY})
    assert run("data", *command)[0] == 1
    code, _, err = run("data", *command, "--on-error", "skip")
    assert (code, err.partition("\n")[0]) == (0, f"note: {LEFT_OUT.strip()}")
    options = ("--on-error", "fix", *(("--overwrite",) if command[0] == "convert" else ()))
    code, _, err = run("data", *command, *options)
    assert (code, err.partition("\n")[0]) == (0, MENDED.strip())


def test_convert_to_a_table_and_back(run: Run) -> None:
    fill({"my.jsonl": GOOD})
    assert run("data", "convert", "my.jsonl", "my.csv")[0] == 0
    assert Path("my.csv").read_text(encoding="utf-8") == (
        "text,tokens,tags,intent,values\nto Rome,to Rome,O B-toloc.city_name,flight,\n"
    )
    code, _, err = run("data", "convert", "my.csv", "back.jsonl")
    assert (code, err.splitlines()[0]) == (
        0,
        "note: my.csv: a table with words in `tokens`, text in `text`, tags in `tags`, intent in `intent`, "
        "values in `values`",
    )
    assert Path("back.jsonl").read_text(encoding="utf-8") == GOOD


def test_check_warns_of_two_labellings(run: Run) -> None:
    fill({"my.markup": "[lublin](departure)\n[lublin](arrival)\n"})
    code, out, _ = run("data", "check", "my.markup")
    assert (code, out.splitlines()[0]) == (
        0,
        'warning: 1 sentence with two labellings, as in "lublin": departure for "lublin" in all, '
        'arrival for "lublin" in all',
    )


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_cannot_be_read_does_not_hide_the_rest(slotfill: Run) -> None:
    """A folder, a file in one, and at last ./data and ./models themselves."""
    small = Path(__file__).parent.parent / "golden" / "model"
    for name in ("good", "shut", "shut-file"):
        Path("data", name).mkdir(parents=True)
        Path("data", name, "train.jsonl").write_text('{"text": "to rome", "spans": []}\n')
        shutil.copytree(small, f"models/{name}")
    lists = [("data", "list"), ("models", "list")]
    before = [slotfill(*command) for command in lists]  # whatever root imports late, and others may not read
    console.fail("")
    for path in ("data/shut", "models/shut", "data/shut-file/train.jsonl", "models/shut-file/config.json"):
        Path(path).chmod(0)
    for number, after in enumerate(("data", "models")):
        with somebody():
            found = [slotfill(*command) for command in lists]
        assert [code for code, _, _ in found] == [0, 0]
        assert [out.count("good") for _, out, _ in found] == [int(not number), 1]
        Path(after).chmod(0)
    with somebody():
        assert [code for code, _, _ in (slotfill(*command) for command in lists)] == [0, 0]
    for path in ("data", "models", "data/shut", "models/shut"):
        Path(path).chmod(0o700)
    assert [code for code, _, _ in before] == [0, 0]


@contextmanager
def somebody() -> Iterator[None]:
    """Who may read only what all may read, which root is for a while."""
    is_root = os.geteuid() == 0
    if is_root:
        for folder in (Path.cwd(), *Path.cwd().parents[:-2]):
            folder.chmod(0o755)
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
