"""`data split`, `data merge` and the pictures of `data stats`, as a user runs them."""

from pathlib import Path

from slotfill.cli.histograms import bars
from tests.cli.conftest import Run

LINES = "".join(f"number {n} to [Rome](city)\tgo\n" for n in range(18)) + "a [rare](thing)\task\nhello\task\n"


def test_split_writes_three_files(slotfill: Run) -> None:
    Path("my.markup").write_text(LINES, encoding="utf-8")
    code, out, err = slotfill("data", "split", "my.markup", "data/mine", "--to", "markup")
    assert (code, out) == (0, "my: train 16, dev 2, test 2 (seed 1)\n")
    assert "wrote data/mine/train.markup" in err
    assert "dev has no sentence with intent ask, slot thing" in err
    read = [
        line for part in ("train", "dev", "test") for line in Path(f"data/mine/{part}.markup").read_text().splitlines()
    ]
    assert sorted(read) == sorted(LINES.splitlines())
    assert slotfill("data", "split", "my.markup", "data/mine")[0] == 1  # nothing is replaced unasked
    assert slotfill("data", "split", "my.markup", "data/mine", "--to", "markup", "--overwrite")[0] == 0


def test_split_refuses_what_is_split(slotfill: Run) -> None:
    for part in ("train", "test"):
        Path(f"mine/{part}.markup").parent.mkdir(exist_ok=True)
        Path(f"mine/{part}.markup").write_text("hello\n", encoding="utf-8")
    code, _, err = slotfill("data", "split", "mine", "other")
    assert (code, "mine is split already (train 1, test 1)" in err) == (1, True)
    assert slotfill("data", "split", "mine/train.markup", "other.jsonl")[0] == 2


def test_merge_counts_duplicates_and_conflicts(slotfill: Run) -> None:
    Path("one.markup").write_text("to [Rome](city)\nhello\n", encoding="utf-8")
    Path("two.markup").write_text("to [Rome](town)\nhello\n", encoding="utf-8")
    code, out, err = slotfill("data", "merge", "one.markup", "two.markup", "both.markup")
    assert (code, out) == (0, "both: all 3; duplicates left out: 1; conflicts kept: 1\n")
    assert "two labellings of one text (all): to [Rome](city) and to [Rome](town)" in err
    assert Path("both.markup").read_text() == "to [Rome](city)\nhello\nto [Rome](town)\n"


def test_merge_needs_a_target(slotfill: Run) -> None:
    assert slotfill("data", "merge", "one.markup")[0] == 2
    Path("one.markup").write_text("hello\n", encoding="utf-8")
    assert slotfill("data", "merge", "one.markup", "one.markup", "one.markup", "--overwrite")[0] == 1


def test_stats_has_pictures(slotfill: Run) -> None:
    Path("mine").mkdir()
    Path("mine/train.markup").write_text(LINES, encoding="utf-8")
    Path("mine/test.markup").write_text("to [Rome](city)\nto [Oslo](city)\n", encoding="utf-8")
    _, out, _ = slotfill("data", "stats", "mine")
    picture = out.partition("sentences by their number of tokens\n")[2].splitlines()
    assert picture == [
        "  1    ██▎ 1",
        "  2    ██████▋ 3",
        "  3-4  ████████████████████████████████████████ 18",
        "",
        "mentions of each slot",
        "  city   ████████████████████████████████████████ 20",
        "  thing  ██ 1",
        "",
        "mentions of test with a value that train has, in %",
        "  city  ████████████████████ 50",
        "",
    ]
    assert max(map(len, out.splitlines())) <= 80


def test_bars_fit_a_terminal_and_plain_letters() -> None:
    (line,) = bars([("a" * 40, 1_000_000)])
    assert len(line) <= 80
    assert list(bars([("a", 4), ("b", 1), ("c", 0)], ascii_only=True)) == [
        f"  a  {'#' * 40} 4",
        f"  b  {'#' * 10} 1",
        "  c   0",
    ]


def test_bars_begin_below_each_other_after_wide_characters() -> None:
    assert list(bars([("菜名", 2), ("送达时间", 1), ("a", 1)], ascii_only=True)) == [
        f"  菜名      {'#' * 40} 2",
        f"  送达时间  {'#' * 20} 1",
        f"  a         {'#' * 20} 1",
    ]
