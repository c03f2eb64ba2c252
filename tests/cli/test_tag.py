"""`slotfill tag`: what goes in, what comes out, and how it behaves as a process.

Most tests use the golden model, whose weights were written by hand (tests/golden/remake_model.py).
"""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from slotfill import core
from slotfill.cli import main
from slotfill.cli.formats import printable, style_of
from slotfill.json_lines import json_line
from slotfill.readers import load
from slotfill.schema import Annotation, Intent, Slot
from slotfill.tokenizer import tokenize

GOLDEN = Path(__file__).parent.parent / "golden"
MODEL = str(GOLDEN / "model")
COMMAND = [sys.executable, "-m", "slotfill", "tag", "--model", MODEL]
PATIENCE = 60  # seconds; a guard against hanging, not a measure

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Run:
    """Run `slotfill tag` in an empty folder; gives the exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str, stdin: bytes = b"", model: str = MODEL) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slotfill", "tag", "--model", model, *arguments])
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin)))
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        assert isinstance(code, int)
        out, err = capsysbinary.readouterr()
        return code, out.decode(), err.decode()

    return call


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_language_that_the_model_does_not_know_is_told_once(run: Run, jobs: str) -> None:
    lines = ["fly to Rome", "vuelo a Lima mañana por la tarde", "в Рим", "vuelo a Roma el viernes", "в Рим"]
    code, out, err = run("--format", "json", "--jobs", jobs, model="travel", stdin="\n".join(lines).encode())
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, ["note" in one for one in found]) == (0, [False, True, True, True, True])
    assert all(one["slots"] == [] and one["frame"] == {} and one["intent"] is None for one in found[1:])
    assert err.splitlines() == [
        "warning: no slots where a sentence looks like Spanish, which the model has not learnt: "
        '"vuelo a Lima mañana por la tarde"',
        'warning: no slots where a sentence is in Cyrillic script, which the model has not learnt: "в Рим"',
    ]


def test_a_table_has_the_note_itself(run: Run) -> None:
    _, out, err = run("--format", "table", "в Рим\x1b[31m", model="travel")
    assert "note: is in Cyrillic script, which the model has not learnt" in out
    assert err == ""


MIXED = ("11月2日到達台北", "arrive Taipei on November 2nd", "", "11月2日離開台北")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            "markup",
            "[11月](arrive_date.month_name)[2日](arrive_date.day_number)到達[台北](toloc.city_name)\tflight\n"
            "arrive [Taipei](toloc.city_name) on [November](arrive_date.month_name) [2nd](arrive_date.day_number)"
            "\tflight\n"
            "\n"
            "[11月](depart_date.month_name)[2日](depart_date.day_number)離開[台北](fromloc.city_name)\tflight\n",
        ),
        ("iob", None),
        ("json", None),
    ],
)
def test_chinese_and_english_in_one_stream(run: Run, style: str, jobs: str, expected: str | None) -> None:
    given = "\n".join(MIXED).encode()
    code, out, err = run("--format", style, "--now", "2026-11-20T09:00", "--jobs", jobs, model="travel", stdin=given)
    assert (code, err) == (0, "")
    if expected is not None:
        assert out == expected
        return
    alone = [run("--format", style, "--now", "2026-11-20T09:00", text, model="travel")[1] for text in MIXED if text]
    answers = out.split("\n" if style == "json" else "\n\n")
    assert [one.strip("\n") for one in answers if "台" in one] == [one.strip("\n") for one in alone if "台" in one]
    if style == "json":
        legs = [json.loads(one)["frame"] for one in answers if "台" in one]
        assert [(role, leg["place"]["value"], leg["date"]["value"]) for one in legs for role, leg in one.items()] == [
            ("arrival", "Taipei", "2027-11-02"),
            ("departure", "Taipei", "2027-11-02"),
        ]


def test_tokens_are_handed_on(run: Run) -> None:
    _, out, err = run("--format", "iob", "--tokens", "11 月 2 日 到 達 台 北", model="travel")
    assert err == ""
    assert [line.split("\t")[-1] for line in out.split("\n") if line][-2:] == ["B-toloc.city_name", "I-toloc.city_name"]


def test_english_opens_no_other_model() -> None:
    script = (
        "import atexit, sys; opened = []; "
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0]))); "
        "from slotfill.__main__ import main; sys.argv = ['slotfill', 'tag', sys.argv[1]]; "
        "late = 'slotfill.resolvers.zh'; "
        "atexit.register(lambda: print(sum('travel-zh' in path for path in opened), late in sys.modules)); "
        "main()"
    )

    def opened(text: str) -> str:
        done = subprocess.run([sys.executable, "-c", script, text], capture_output=True, check=True)
        return done.stdout.decode().splitlines()[-1]

    assert opened("arrive Taipei on November 2nd") == "0 False"
    assert opened("11月2日到達台北").split()[0] != "0"


def there() -> list[str]:
    """What is in the working folder."""
    return sorted(path.name for path in Path().iterdir())


def parsed(out: str) -> list[dict[str, Any]]:
    """JSON lines; every line must end in a line feed, and nothing else may look like a line's end."""
    assert out.splitlines(keepends=True) == [f"{line}\n" for line in out.split("\n")[:-1]]
    return [json.loads(line) for line in out.splitlines()]


# --- what people see -------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["table", "json", "iob", "markup"])
def test_golden(run: Run, style: str) -> None:
    now = ("--now", "2026-11-20T09:00")
    code, out, err = run("--input", str(GOLDEN / "queries.txt"), "--format", style, *now)
    assert (code, err) == (0, "")
    assert out == (GOLDEN / "tag" / f"{style}.txt").read_bytes().decode()


def test_json_has_the_keys_of_the_contract_in_their_order(run: Run) -> None:
    _, out, _ = run("to Taipei")
    (result,) = parsed(out)
    assert list(result) == ["text", "intent", "slots", "frame"]
    assert list(result["intent"]) == ["name", "confidence"]
    assert list(result["slots"][0]) == ["name", "text", "start", "end", "confidence"]
    assert (result["intent"]["name"], result["slots"][0]["name"]) == ("flight", "toloc.city_name")


def test_the_clock_can_be_set(run: Run) -> None:
    def date(*options: str) -> dict[str, Any]:
        result: dict[str, Any] = parsed(run("from Boston on Friday", *options)[1])[0]["frame"]["departure"]["date"]
        return result

    assert date("--now", "2026-11-20T09:00")["value"] == "2026-11-20"  # a Friday
    assert date("--now", "2026-11-21")["value"] == "2026-11-27"
    assert date("--now", "2026-11-20T23:59:59+09:00")["value"] == "2026-11-20"
    assert date()["value"] is not None  # from now on


def test_the_order_of_a_date_of_digits_can_be_set(run: Run) -> None:
    def date(*options: str) -> str | None:
        _, out, _ = run("leave on 11/2", "--now", "2026-11-20T09:00", *options, model="travel")
        value: str | None = parsed(out)[0]["frame"]["departure"]["date"]["value"]
        return value

    assert (date(), date("--date-order", "mdy"), date("--date-order", "dmy")) == (
        "2027-11-02",
        "2027-11-02",
        "2027-02-11",
    )


def test_auto_is_json_where_no_terminal_is(run: Run) -> None:
    assert run("to Taipei") == run("to Taipei", "--format", "json") != run("to Taipei", "--format", "table")


def test_markup_is_what_the_reader_reads(run: Run) -> None:
    _, out, _ = run("--input", str(GOLDEN / "queries.txt"), "--format", "markup")
    Path("out.markup").write_text(out, encoding="utf-8", newline="")
    (examples,) = load("out.markup").splits.values()
    lines = (GOLDEN / "queries.txt").read_bytes().decode().split("\n")
    assert [example.text for example in examples] == [line for line in lines if line]
    assert examples[0].tags[1] == "B-toloc.city_name"
    assert examples[0].intent == "flight"


def test_a_narrow_terminal_cuts_no_figure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, wide, _ = run("to Taipei from Boston", "--format", "table")
    monkeypatch.setenv("COLUMNS", "12")
    _, narrow, _ = run("to Taipei from Boston", "--format", "table")
    assert max(map(len, narrow.splitlines())) <= 60
    for line in ("toloc.city_name     Taipei", "  3-9   1.00\n", "15-21   1.00\n"):
        assert line in narrow
    words, others = ({word for word in shown.split() if "─" not in word} for shown in (narrow, wide))
    assert words == others  # folded, and nothing lost


def test_long_names_and_texts_are_folded_not_cut(run: Run) -> None:
    _, out, _ = run("to Taipei " + "São" + " Paulo" * 40, "--format", "table")
    rows = out.splitlines()[1:]
    assert max(map(len, rows)) <= 80
    assert "".join(rows).count("Paulo") == 40


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("São Paulo 台北 🛫", "São Paulo 台北 🛫"),
        ("\x1b[31mred\x07", "�[31mred�"),
        ("tab\tnewline\nnbsp\xa0wide\u3000", "tab newline nbsp\xa0wide "),
        ("می‌خواهم 👩‍👧", "می‌خواهم 👩‍👧"),  # joiners belong to the letters
        ("a\u202eb\u2066c", "a�b�c"),  # these turn the direction of what follows
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert len(shown) == len(text)  # offsets hold


def test_each_role_has_its_colour() -> None:
    styles = [style_of(name) for name in ("fromloc.city_name", "toloc.x", "return_date.x", "stoploc.x", "airline_name")]
    assert len(set(styles)) == len(styles)
    assert style_of("depart_time.time") == style_of("fromloc.city_name")
    assert style_of("arrive_date.day_name") == style_of("toloc.city_name")


def test_a_json_line_is_one_line_for_every_reader() -> None:
    text = "a\u2028b\u2029c\x85d\ne\x0bf\x1cg\r"
    annotation = Annotation(text, tokenize(text), ("O",) * 7, (Slot("x", "b", 2, 3, 0.123456),), Intent("i", 1 / 3))
    (line,) = json_line(annotation).splitlines()
    assert json.loads(line) == {
        "text": text,
        "intent": {"name": "i", "confidence": 0.3333},
        "slots": [{"name": "x", "text": "b", "start": 2, "end": 3, "confidence": 0.1235}],
        "frame": {},
    }


# --- odd input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stdin", "texts"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"\n\n\n", ["", "", ""]),
        (b"  \t \n", ["  \t "]),
        (b"to Taipei", ["to Taipei"]),
        (b"to Taipei\n\nto Boston", ["to Taipei", "", "to Boston"]),
        (b"to Taipei\r\nto Boston\r\n", ["to Taipei", "to Boston"]),
        (b"a\rb\n", ["a\rb"]),
        (b"\xef\xbb\xbfto Taipei\n\xef\xbb\xbfx\n", ["to Taipei", "\ufeffx"]),  # only the file's own mark goes
        (b"to Tai\0pei\n\0\n", ["to Tai\0pei", "\0"]),
        ("fly 🛫 to Taipei 🇹🇼 👩‍👩‍👧\n".encode(), ["fly 🛫 to Taipei 🇹🇼 👩‍👩‍👧"]),
        ("טיסה to Taipei\n".encode(), ["טיסה to Taipei"]),
        ("a\u2028to Taipei\x85b\x0cc\n".encode(), ["a\u2028to Taipei\x85b\x0cc"]),
        ("to Sa\u0303o Paulo\n".encode(), ["to Sa\u0303o Paulo"]),
        (b"\x1b[31mto Taipei\n", ["\x1b[31mto Taipei"]),
        (b"--to Taipei\n-\n", ["--to Taipei", "-"]),
    ],
)
def test_line_n_is_line_n(run: Run, stdin: bytes, texts: list[str]) -> None:
    code, out, err = run(stdin=stdin)
    results = parsed(out)
    assert (code, err) == (0, "")
    assert [result["text"] for result in results] == texts
    for text, result in zip(texts, results, strict=True):
        assert (result["intent"] is None) == (not tokenize(text))
        assert [text[slot["start"] : slot["end"]] for slot in result["slots"]] == [s["text"] for s in result["slots"]]
        assert ("Taipei" in text) == any("Taipei" in slot["text"] for slot in result["slots"])


_PIECES = (
    "to from Boston Taipei the 5th at 6 pm next 11/2 27:00 no not or two weeks , . ? 台北 明天 İ ﬁ \u2028 \x85 \x1b[31m"
)
LINES = st.lists(
    st.lists(st.sampled_from(_PIECES.split(" ")), max_size=12).map(lambda words: " ".join(words).encode())
    | st.text(max_size=20).map(str.encode)
    | st.binary(max_size=20),
    max_size=4,
).map(b"\n".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from(["json", "table", "iob", "markup"]), st.sampled_from([(), ("--tokens",)]))
@example(b"\x89PNG", "json", ())
def test_any_bytes_are_tagged_or_refused(run: Run, stdin: bytes, style: str, more: tuple[str, ...]) -> None:
    """Each line has its result, or there is an error for people; `FUZZ=5000 pytest` tries more."""
    code, out, err = run("--format", style, *more, stdin=stdin, model="travel")
    assert "Traceback" not in err
    if code:
        assert (code, out) == (1, "")
        assert err.startswith("error: ")
    elif style == "json":
        lines = stdin.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        texts = [line.removesuffix(b"\r").decode(errors="replace") for line in (lines if lines[-1] else lines[:-1])]
        assert [found["text"] for found in parsed(out)] == texts
        for found in parsed(out):
            assert all(found["text"][slot["start"] : slot["end"]] == slot["text"] for slot in found["slots"])


@pytest.mark.parametrize("style", ["table", "iob", "markup"])
def test_an_empty_line_gives_an_empty_result(run: Run, style: str) -> None:
    _, one, _ = run("--format", style, stdin=b"to Taipei\n")
    assert run("--format", style, stdin=b"\n")[1].strip("\n") == ""
    assert len(run("--format", style, stdin=b"to Taipei\n\n")[1]) > len(one)


def test_a_file_and_standard_input_give_the_same(run: Run) -> None:
    data = b"to Taipei\n\xff\n\nto Boston"
    Path("queries.txt").write_bytes(data)
    assert run(stdin=data) == run("-", stdin=data) == run("--input", "queries.txt") == run("-i", "-", stdin=data)


def test_bytes_that_are_not_utf8_are_replaced_and_named(run: Run) -> None:
    code, out, err = run(stdin=b"to Taipei\nto \xff\xfe Boston\n")
    assert code == 0
    assert [result["text"] for result in parsed(out)] == ["to Taipei", "to �� Boston"]
    assert err == "warning: line 2: not UTF-8 at byte 4: replaced by U+FFFD\n"


def test_many_bad_lines_are_counted_not_listed(run: Run) -> None:
    code, out, err = run(stdin=b"\xff\n" * 100)
    assert (code, len(parsed(out))) == (0, 100)
    assert err.count("\n") == 6
    assert err.endswith("warning: 100 lines in all were not UTF-8\n")


def test_a_line_of_100_000_characters(run: Run) -> None:
    text = "to Taipei " * 10_000
    code, out, _ = run(stdin=f"{text}\n{'x' * 100_000}\n".encode())
    first, second = parsed(out)
    assert code == 0
    assert len(first["slots"]) == 10_000
    assert first["slots"][-1]["start"] == 99_993
    assert second["slots"] == []


def test_input_without_end_is_refused_and_what_came_before_is_answered(run: Run) -> None:
    code, out, err = run(stdin=b"to Taipei\n" + b"x" * 1_000_000)
    assert (code, len(parsed(out))) == (1, 1)
    assert err == "error: line 2: more than 524,288 bytes: expected a sentence a line\n"


def test_arguments_are_texts_as_given(run: Run) -> None:
    texts = ["to Taipei", "", " a\nb\r", "\ufeffx", "München", os.fsdecode(b"to \xff")]
    code, out, err = run(*texts)
    assert code == 0
    assert [result["text"] for result in parsed(out)] == [*texts[:-1], "to �"]
    assert err == "warning: text 6: not UTF-8 at byte 4: replaced by U+FFFD\n"


def test_a_text_that_begins_with_a_dash(run: Run) -> None:
    assert run("--", "--to Taipei", "-x")[1].count("\n") == 2
    assert run("--to Taipei")[0] == 2


def test_min_value_confidence_leaves_doubtful_values_null(run: Run) -> None:
    def place(*options: str) -> dict[str, Any]:
        (line,) = parsed(run("to Taipei", "--format", "json", *options)[1])
        found: dict[str, Any] = line["frame"]["arrival"]["place"]
        return found

    assert place("--min-value-confidence", "0.9") == place()
    assert place()["value"] == "Taipei"
    doubtful = place("--min-value-confidence", "1")
    assert (doubtful["value"], doubtful["alternatives"][0]["value"]) == (None, "Taipei")
    assert doubtful["note"] == "less sure (0.99) than asked (1.00)"


def test_min_confidence_leaves_out_the_doubtful(run: Run) -> None:
    def names(*options: str) -> list[str]:
        _, out, _ = run("to Taipei, maybe, on Friday", *options)
        return [slot["name"] for slot in parsed(out)[0]["slots"]]

    assert names() == ["toloc.city_name", "return_date.day_name", "depart_date.day_name"]
    assert names("--min-confidence", "0.6") == ["toloc.city_name", "depart_date.day_name"]
    assert names("--min-confidence", "0.995") == ["toloc.city_name"]
    assert names("--min-confidence", "1") == []
    _, iob, _ = run("maybe", "--format", "iob", "--min-confidence", "0.6")
    assert iob == "maybe\tO\n\n"


def test_tokens_are_between_spaces_where_they_are_given(run: Run) -> None:
    tokens = ["--format", "iob", "--tokens"]
    assert run("from a.b-c to Taipei", *tokens)[1] == "from\tO\na.b-c\tO\nto\tO\nTaipei\tB-toloc.city_name\n\n"
    assert run("to Taipei,", *tokens)[1].splitlines()[1].startswith("Taipei,\t")
    (found,) = parsed(run("to   Taipei", "--tokens")[1])
    assert (found["text"], [(slot["start"], slot["end"]) for slot in found["slots"]]) == ("to   Taipei", [(5, 11)])
    assert parsed(run(stdin=b"to Taipei\n\n", model=MODEL)[1]) == parsed(run("--tokens", stdin=b"to Taipei\n\n")[1])


# --- wrong usage and errors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "xml", "a"],
        ["--min-confidence", "2", "a"],
        ["--min-confidence", "-0.1", "a"],
        ["--min-confidence", "nan", "a"],
        ["--min-confidence", "much", "a"],
        ["--now", "tomorrow", "a"],
        ["--date-order", "ymd", "a"],
        ["--bogus", "a"],
        ["a", "-"],
        ["a", "--input", "b"],
        ["--input"],
    ],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--input", "missing.txt"], "missing.txt: cannot be read: No such file or directory"),
        (["--input", "folder"], "folder: cannot be read: Is a directory: type slotfill bulk folder tagged"),
        (["a", "--output", "folder"], "folder: cannot be written: Is a directory"),
        (["a", "--output", "none/out"], "none/out: cannot be written: No such file or directory"),
        (["a", "--output", "file/out"], "file/out: cannot be written: Not a directory"),
    ],
)
def test_what_cannot_be_read_or_written(run: Run, arguments: list[str], message: str) -> None:
    Path("folder").mkdir()
    Path("file").touch()
    assert run(*arguments) == (1, "", f"error: {message}\n")


@pytest.mark.parametrize("option", ["--input", "-i", "--output", "-o"])
def test_a_file_needs_a_name(run: Run, option: str) -> None:
    code, out, err = run(option, "")
    assert (code, out) == (2, "")
    assert f"{'--input' if option in ('--input', '-i') else '--output'}: the name of the file is empty" in err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(run: Run) -> None:
    Path("secret").touch(mode=0)
    assert run("--input", "secret") == (1, "", "error: secret: cannot be read: Permission denied\n")


def test_an_unknown_model_names_the_known_ones(run: Run) -> None:
    code, out, err = run("a", model="travl")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: ")
    assert "'travl'" in err
    assert "travel" in err


def test_a_name_is_shown_as_it_is(run: Run) -> None:
    for model in ("[/]", "a[bold]b", "line:100: x"):  # rich would choke on these, swallow, or make an emoji
        assert model in run("a", model=model)[2]


@pytest.mark.parametrize("broken", ["bundle.json", "config.json", "vocabulary.json", "weights.safetensors"])
def test_a_broken_model_is_one_line(run: Run, broken: str) -> None:
    for number, damage in enumerate((lambda data: data[:-1], lambda data: b"x" + data[1:], None)):
        folder = Path(f"model{number}")
        folder.mkdir()
        for file in Path(MODEL).iterdir():
            data = file.read_bytes()
            if file.name != broken or damage is not None:
                (folder / file.name).write_bytes(damage(data) if damage and file.name == broken else data)
        code, out, err = run("to Taipei", model=str(folder))
        if code == 0:  # only a line feed fell off the manifest
            assert (broken, number) == ("bundle.json", 0)
        else:
            assert (code, out, err.count("\n")) == (1, "", 1)
            assert err.startswith(f"error: {folder}")
            assert broken in err


# --- --output --------------------------------------------------------------------------------------


def test_output_goes_to_the_file_alone(run: Run) -> None:
    expected = run("to Taipei", "to Boston")[1]
    assert run("to Taipei", "to Boston", "--output", "out.jsonl") == (0, "", "")
    assert Path("out.jsonl").read_text(encoding="utf-8") == expected
    assert there() == ["out.jsonl"]


def test_output_to_a_dash_is_standard_output(run: Run) -> None:
    assert run("to Taipei", "--output", "-") == run("to Taipei")
    assert there() == []


@pytest.mark.parametrize("name", ["file", "./file", "hard", "soft"])
def test_output_is_never_the_input(run: Run, name: str) -> None:
    Path("file").write_text("to Taipei\n", encoding="utf-8")
    Path("hard").hardlink_to("file")
    Path("soft").symlink_to("file")
    for more in ([], ["--overwrite"]):
        code, out, err = run("--input", "file", "--output", name, *more)
        assert (code, out) == (1, "")
        assert err == f"error: {name}: is what is read here: write to another file\n"
    assert Path("file").read_text(encoding="utf-8") == "to Taipei\n"


def test_a_file_that_is_there_is_replaced_only_if_told_to(run: Run) -> None:
    Path("out").write_text("old", encoding="utf-8")
    expected = "error: out: there is a file already: add --overwrite to replace it\n"
    assert run("to Taipei", "--output", "out") == (1, "", expected)
    assert Path("out").read_text(encoding="utf-8") == "old"
    assert run("to Taipei", "--output", "out", "--overwrite") == (0, "", "")
    assert Path("out").read_text(encoding="utf-8").startswith('{"text": "to Taipei"')


def test_nothing_is_written_into_a_model(run: Run) -> None:
    target = str(Path(MODEL) / "new.jsonl")
    code, out, err = run("to Taipei", "--output", target)
    assert (code, out) == (1, "")
    assert "is inside the model" in err


@pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")
def test_output_replaces_a_file_but_not_its_mode_nor_a_link(run: Run) -> None:
    Path("file").write_text("old", encoding="utf-8")
    Path("file").chmod(0o600)
    Path("link").symlink_to("file")
    assert run("to Taipei", "--output", "link", "--overwrite")[0] == 0
    assert Path("link").is_symlink()
    assert Path("file").read_text(encoding="utf-8").startswith('{"text": "to Taipei"')
    assert stat.S_IMODE(Path("file").stat().st_mode) == 0o600


def test_after_an_error_the_old_output_stands(run: Run) -> None:
    Path("out").write_text("old", encoding="utf-8")
    assert run("a", "--output", "out", "--overwrite", model="nope")[0] == 1
    assert run("--output", "out", "--overwrite", stdin=b"to Taipei\n" + b"x" * 1_000_000)[0] == 1
    assert there() == ["out"]
    assert Path("out").read_text(encoding="utf-8") == "old"


# --- as a process ----------------------------------------------------------------------------------


@contextmanager
def process(*arguments: str, **options: Any) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """A running `slotfill tag`, with its input and its output."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen([*COMMAND, *arguments], env=buffered, **pipes | options) as child:
        guard = Timer(PATIENCE, child.kill)  # a read from it would wait for ever
        guard.start()
        try:
            assert child.stdin is not None
            yield child, child.stdin, child.stdout or BytesIO()
        finally:
            guard.cancel()
            child.kill()


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_trickle_is_answered_line_by_line(jobs: str) -> None:
    with process("--jobs", jobs) as (child, stdin, stdout):
        for text in ("to Taipei", "", "to Boston"):
            stdin.write(f"{text}\n".encode())
            stdin.flush()
            assert json.loads(stdout.readline())["text"] == text  # before the next line is written
        stdin.write(b"no line end")
        stdin.close()
        assert json.loads(stdout.readline())["text"] == "no line end"
        assert stdout.read() == b""
        assert child.wait(PATIENCE) == 0


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_flood_is_answered_in_order(jobs: str) -> None:
    texts = [f"{'to Taipei ' * (number % 7)}{number}" for number in range(20_000)]
    command = [*COMMAND, "--jobs", jobs]
    done = subprocess.run(command, input="\n".join(texts).encode(), capture_output=True, timeout=PATIENCE, check=True)
    assert [result["text"] for result in parsed(done.stdout.decode())] == texts
    assert done.stderr == b""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs wait4")
def test_memory_does_not_grow_with_the_input() -> None:
    lines = b"to Taipei from Boston on Friday%s\n" % (b" " * 2000)

    def peak(count: int) -> int:
        with process(stdout=subprocess.DEVNULL) as (child, stdin, _):
            for _ in range(count // 100):
                stdin.write(lines * 100)
            stdin.close()
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            assert child.returncode == 0
            return usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)

    few, many = peak(300), peak(4_000)
    assert many - few < 4_000, f"{few} KiB for 300 lines, {many} KiB for 4,000, which are 8,000 KiB in all"


def test_who_stops_reading_is_no_error() -> None:
    with process() as (child, stdin, stdout):
        stdin.write(b"to Taipei\n")
        stdin.flush()
        assert stdout.readline()
        stdout.close()
        _, err = child.communicate(b"to Boston\n" * 10_000, timeout=PATIENCE)
        assert (child.returncode, err) == (0, b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_while_waiting() -> None:
    with process("--format", "markup") as (child, stdin, stdout):
        stdin.write(b"to Taipei\n")
        stdin.flush()
        assert stdout.readline() == b"to [Taipei](toloc.city_name)\tflight\n"
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
        assert (child.returncode, out, err) == (130, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(("options", "code"), [([], -signal.SIGTERM), (["--jobs", "2"], 130)])
def test_what_leaves_nothing_behind_just_ends(options: list[str], code: int) -> None:
    """What writes only to standard output needs no time to tidy up; who has other processes ends them first."""
    with process("--format", "markup", *options) as (child, stdin, stdout):
        stdin.write(b"to Taipei\n")
        stdin.flush()
        assert stdout.readline() == b"to [Taipei](toloc.city_name)\tflight\n"
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=PATIENCE)
        assert (child.returncode, out, err) == (code, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old", encoding="utf-8")
    # the warning of a bad line tells that the work has begun
    with process("--output", str(tmp_path / "out"), "--overwrite") as (child, stdin, _):
        stdin.write(b"to Taipei\n\xff\n")
        stdin.flush()
        assert child.stderr is not None
        assert child.stderr.readline().startswith(b"warning: line 2")
        assert len(list(tmp_path.iterdir())) > 1
        child.send_signal(signal.SIGINT)
        assert child.wait(PATIENCE) == 130
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text(encoding="utf-8") == "old"


def shell(line: str) -> tuple[int, str]:
    """Run a line of shell in which `tag` is the command; gives the exit code and stderr."""
    command = " ".join(f"'{part}'" for part in COMMAND)
    script = f'unset PYTHONUNBUFFERED\ntag() {{ {command} "$@"; }}\n{line}'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=PATIENCE)
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tag a > /dev/full", "output: No space left on device"),
        ("tag a --output /dev/full", "/dev/full: cannot be written: No space left on device"),
    ],
)
def test_a_full_disk(line: str, message: str) -> None:
    assert shell(line) == (1, f"error: {message}\n")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tag <&-", "standard input is closed: give sentences or --input"),
        ("tag a >&-", "standard output is closed: send it to a file, or to /dev/null"),
    ],
)
def test_closed_streams(line: str, message: str) -> None:
    assert shell(line) == (1, f"error: {message}\n")


# --- on a terminal ---------------------------------------------------------------------------------


def on_terminal(arguments: Sequence[str], **environment: str) -> str:
    """What `slotfill tag` shows on a terminal of 80 columns."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")
    ours, theirs = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**clean, "TERM": "xterm", "COLUMNS": "80", **environment}
    with subprocess.Popen([*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as child:
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
        assert child.wait(PATIENCE) == 0
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_table_in_colour() -> None:
    shown = on_terminal(["to Taipei from Boston"])
    assert "\x1b[1;32mTaipei\x1b[0m" in shown
    assert "\x1b[36mfromloc.city_name\x1b[0m" in shown
    assert on_terminal(["to Taipei"], NO_COLOR="") == on_terminal(["to Taipei"])  # no-color.org: empty is unset


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(run: Run, environment: dict[str, str]) -> None:
    assert on_terminal(["to Taipei"], **environment) == run("to Taipei", "--format", "table")[1]


# --- what it loads ---------------------------------------------------------------------------------


def test_tagging_loads_nothing_heavy() -> None:
    code = (
        "import sys; from slotfill.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted({'numpy', 'torch', 'datasets', 'seqeval'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *COMMAND[3:], "to Taipei"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert (parsed(done.stdout)[0]["text"], done.stderr) == ("to Taipei", "\n" if core.in_use else "numpy\n")


def test_sentences_of_a_script_without_spaces_need_no_spaces(run: Run) -> None:
    code, out, _ = run("11月2日到達台北", "从台北出发", "-f", "markup")
    assert code == 0
    assert len(out.splitlines()) == 2
