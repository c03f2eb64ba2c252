"""The two ways to read a `tag` command cannot drift apart: same table, same function, same bytes."""

import sys
from collections.abc import Callable
from inspect import signature
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import get_args

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from slotfill.cli import main
from slotfill.cli import tag as tag_command
from slotfill.cli.fast import arguments as fast
from slotfill.cli.options import normalize
from slotfill.cli.tag import OPTIONS

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
QUERIES = str(GOLDEN / "queries.txt")
CONTEXT = "trip.json"  # in the folder of each run
DEFAULTS = {name: option.default for name, option in OPTIONS.items()}

Outcome = tuple[int, bytes, bytes, dict[str, bytes]]
Run = Callable[[list[str]], Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """Run `slotfill` in a folder of its own: the exit code, stdout, stderr and the files that are there then."""
    monkeypatch.setenv("COLUMNS", "80")
    count = iter(range(100))

    def call(arguments: list[str]) -> Outcome:
        folder = tmp_path / str(next(count))
        folder.mkdir()
        folder.joinpath(CONTEXT).write_text("{}", encoding="utf-8")
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["slotfill", *arguments])
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"to Taipei\n\nto \xff Boston\n")))
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        assert isinstance(code, int)
        out, err = capsysbinary.readouterr()
        return code, out, err, {path.name: path.read_bytes() for path in folder.iterdir()}

    return call


PLAIN = [
    ["to Taipei"],
    ["to Taipei", "from Boston", ""],
    ["--model", MODEL, "to Taipei"],
    ["to Taipei", "-m", MODEL],
    [f"--model={MODEL}", "to Taipei"],
    ["-m", "nowhere", "-m", MODEL, "to Taipei"],
    ["--model", "travl", "to Taipei"],
    ["--model=", "to Taipei"],
    ["-m", MODEL, "--", "--to Taipei", "-x"],
    ["-m", MODEL],
    ["-m", MODEL, "-"],
    ["-m", MODEL, "-i", QUERIES],
    ["-m", MODEL, "-i", "-"],
    ["-m", MODEL, "-i", "missing.txt"],
    ["-m", MODEL, "-i", QUERIES, "-o", "out.json"],
    ["-m", MODEL, "to Taipei", "-o", "none/out"],
    ["-m", MODEL, "-o", "-", "to Taipei"],
    ["-m", MODEL, "to Taipei", "--out", "out.json"],
    ["-m", MODEL, "to Taipei", "--output=a.json", "--out=b.json"],
    *(["-m", MODEL, "-i", QUERIES, "--format", style] for style in OPTIONS["style"].choices),
    ["-m", MODEL, "--min-confidence", "0.5", "maybe"],
    ["-m", MODEL, "--min-confidence=1e-1", "maybe"],
    ["-m", MODEL, "--min-value-confidence", "0.6", "maybe"],
    ["-m", MODEL, "-i", QUERIES, "--jobs", "2"],
    ["-m", MODEL, "-j", "1", "to Taipei"],
    ["-m", MODEL, "--tokens", "to (Taipei)"],
    ["-m", MODEL, "-i", QUERIES, "--tokens", "--jobs", "2", "--format", "iob"],
    ["--now", "2026-11-20T09:00", "--date-order", "dmy", "to Rome tomorrow"],
    ["--now=2026-11-20", "to Rome tomorrow", "--format", "table"],
    ["-m", MODEL, "--context", "none.json", "to Rome"],
    ["-m", MODEL, "--context", CONTEXT, "to Rome", "-o", "out.json"],
    ["-m", MODEL, f"--context={CONTEXT}", "--asked", "departure.date", "the 5th", "--format", "table"],
    ["-m", MODEL, "--context", CONTEXT, "--asked", "x", "the 5th"],
    ["-m", MODEL, "--context", CONTEXT, "yes", "--heard", "At noon?"],
]
TYPERS = [
    [],
    ["--help"],
    ["-h", "to Taipei"],
    ["--bogus", "a"],
    ["-x"],
    ["--to Taipei"],
    ["--format", "xml", "a"],
    ["--min-confidence", "2", "a"],
    ["--min-confidence", "٠.٥", "a"],
    ["--min-value-confidence", "1.5", "a"],
    ["--jobs", "２", "a"],
    ["--min-confidence", "nan", "a"],
    ["--min-confidence", "-0.5", "a"],
    ["--jobs", "0", "a"],
    ["--jobs", "1.5", "a"],
    ["--model"],
    ["--model", "--help"],
    [f"-m{MODEL}", "to Taipei"],
    ["--now", "tomorrow", "a"],
    ["--date-order", "ymd", "a"],
    ["a", "-"],
    ["a", "--input", "b"],
    ["--input", ""],
    ["--output=", "a"],
    ["--format=JSON", "a"],
    ["--context", CONTEXT],
    ["--context=", "a"],
    ["--context", CONTEXT, "a", "b"],
    ["--context", CONTEXT, "-"],
    ["--context", CONTEXT, "--tokens", "a"],
    ["--context", CONTEXT, "--jobs", "2", "a"],
    ["--context", CONTEXT, "--format", "iob", "a"],
    ["--context", CONTEXT, "--min-confidence", "0.5", "a"],
    ["--context", CONTEXT, "--input", "a"],
    ["--asked", "departure.date", "a"],
    ["--heard", "When?", "a"],
]


@pytest.mark.parametrize("arguments", [["tag", *arguments] for arguments in (*PLAIN, *TYPERS)], ids=" ".join)
def test_both_ways_give_the_same_bytes(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    either = run(arguments)
    monkeypatch.setattr(fast, "parse", lambda arguments: None)
    assert either == run(arguments)


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_what_is_plain_does_not_wait_for_typer(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setitem(sys.modules, "slotfill.cli.app", None)  # importing it would raise
    assert run(["tag", *arguments])[0] in (0, 1)


@pytest.mark.parametrize("arguments", [["tag", *arguments] for arguments in TYPERS if arguments], ids=" ".join)
def test_what_needs_words_is_left_to_typer(arguments: list[str]) -> None:
    assert fast.parse(arguments) is None


@pytest.mark.parametrize("arguments", [[], ["eval"], ["--version"], ["data", "list"], ["tagg", "a"]])
def test_other_commands_are_left_to_typer(arguments: list[str]) -> None:
    assert fast.parse(arguments) is None


FLAGS = [*(flag for option in OPTIONS.values() for flag in option.flags), "--out"]
OTHERS = (
    "a",
    "",
    "-",
    "--",
    "-x",
    "--model=b",
    "--format=json",
    "json",
    "table",
    "0.5",
    "2",
    "nan",
    "1",
    "--help",
    "-1",
)
words = st.sampled_from([*FLAGS, *OTHERS])


@given(st.lists(words, max_size=6))
def test_what_plain_reads_typer_reads_alike(arguments: list[str]) -> None:
    parsed = fast.parse(["tag", *arguments])
    if parsed is None:
        return
    seen = []
    app = typer.Typer()
    app.command(context_settings={"token_normalize_func": normalize})(tag_command.command())
    before = tag_command.run
    try:
        tag_command.run = lambda texts, **options: seen.append((list(texts), options))
        app(arguments, standalone_mode=False)
    finally:
        tag_command.run = before
    assert seen == [parsed]


def test_options_have_defaults_that_their_limits_allow() -> None:
    for name, option in OPTIONS.items():
        if option.default is not None and option.kind is not bool:
            assert fast.parse(["tag", option.flags[0], str(option.default)]) == ([], DEFAULTS), name
    assert list(signature(tag_command.run).parameters) == ["texts", *OPTIONS]


def test_typer_is_given_what_the_table_says() -> None:
    given = signature(tag_command.command()).parameters
    assert list(given) == ["texts", *OPTIONS]
    for name, option in OPTIONS.items():
        kind, info = get_args(given[name].annotation)
        assert (
            info.default,
            *info.param_decls,
        ) == option.flags  # in `Annotated`, Typer takes the first one for a default
        assert (info.help, info.min, info.max) == (option.help, option.low, option.high)
        assert given[name].default == option.default, name
        expected = option.kind if option.default is not None else option.kind | None
        assert get_args(kind) == option.choices if option.choices else kind == expected, name


def test_old_flags_are_in_no_help_text(run: Run) -> None:
    code, out, _, _ = run(["tag", "--help"])
    assert code == 0
    assert b"--output " in out
    assert b"--out " not in out
