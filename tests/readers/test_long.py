"""Files without an end: the time grows with their length, not with its square.

Regular expressions do not count their steps, so that it is measured: CPU seconds of a file and of one eight times as
long, which would take 64 times as long by the square.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from slotfill.errors import SlotfillError
from slotfill.readers import brat, load, luis, markup, rasa, snips_yaml, top, unread, word_tag
from slotfill.readers.offsets import in_unit
from slotfill.readers.reports import Report
from slotfill.tokenizer import fold, tokenize
from slotfill.tokenizers import tokenizer_named

TIMES = 8
MOST = 24  # between 8 times and 64 times the time
SLACK = 0.03  # seconds


def seconds(work: Callable[[], object]) -> float:
    """The CPU time of the faster of two tries."""
    took = []
    for _ in range(2):
        before = time.process_time()
        work()
        took.append(time.process_time() - before)
    return min(took)


def is_linear(work: Callable[[int], object], count: int) -> bool:
    return seconds(lambda: work(TIMES * count)) < MOST * seconds(lambda: work(count)) + SLACK


# What reads a line, and what is there again and again.
MARKS: list[tuple[Callable[[str], object], str]] = [
    *[(rasa.marked, piece) for piece in ("[", "[a](", "[a]{", "[a][{", "[a](:")],
    *[(snips_yaml.entities_in, piece) for piece in ("[", "[a](", "[a:")],
    *[(lambda line: list(markup.synonyms_in(f"[b](c:d) {line}")), piece) for piece in ("[", "[a](b:", "\\[", "](")],
]


@pytest.mark.parametrize(("read", "piece"), MARKS)
def test_brackets_that_are_never_closed(read: Callable[[str], object], piece: str) -> None:
    assert is_linear(lambda count: read(piece * count), 4000)


@pytest.mark.parametrize(
    ("line", "text", "spans"),
    [
        ("to [[Rome](city) [Aix](town:x) [b", "to [Rome Aix [b", [(3, 8, "city"), (9, 12, "town")]),
        ('[a](:b) [] [][{}] [Rome][{"entity": "c"}]', "[a](:b) [] [][{}] Rome", [(18, 22, "c")]),
        ('[a](b [c]{"entity": "d"}', "[a](b c", [(6, 7, "d")]),
        ("[a]{b [c](d)", "[a]{b c", [(6, 7, "d")]),
    ],
)
def test_marks_among_other_brackets(line: str, text: str, spans: list[tuple[int, int, str]]) -> None:
    marked = rasa.marked(line)
    assert (marked.text, [span[:3] for span in marked.spans]) == (text, spans)


def test_a_list_in_each_line(tmp_path: Path) -> None:
    """The file was read anew for each of them."""
    record = '{"utterances": [{"text": "to Rome", "entities": [{"entity": "city", "startPos": 3, "endPos": 6}]}]}\n'

    def work(count: int) -> None:
        (tmp_path / "a.json").write_text(record * count, encoding="utf-8")
        report = Report()
        list(luis.read(tmp_path / "a.json", report=report))
        assert report.places[-1] == f"{tmp_path / 'a.json'}:{count}"

    assert is_linear(work, 50)


def test_no_list_at_all(tmp_path: Path) -> None:
    def work(count: int) -> None:
        (tmp_path / "a.json").write_text('{"utterances": ' + "\u3000" * count, encoding="utf-8")
        list(luis.read(tmp_path / "a.json", report=Report("skip")))

    assert is_linear(work, 4000)


def test_words_between_nested_brackets() -> None:
    assert is_linear(lambda count: top._parse("[IN:A " * count + "to " * count + "] " * count, print), 300)


def test_a_span_for_each_line(tmp_path: Path) -> None:
    """And for each of them, its offsets in UTF-16 units."""

    def work(count: int) -> None:
        (tmp_path / "a.txt").write_text("to Rome\n" * count, encoding="utf-8")
        marks = [f"T{n}\tcity {8 * n + 3} {8 * n + 7}\tRome\n" for n in range(count)]
        (tmp_path / "a.ann").write_text("".join(marks), encoding="utf-8")
        assert len(list(brat.read(tmp_path / "a.ann", report=Report()))) == count

    assert is_linear(work, 300)


def test_many_spans_of_one_sentence(tmp_path: Path) -> None:
    """Whose offsets count UTF-16 units, and of which two overlap."""

    def work(count: int) -> None:
        text = "😀 " + "Rome " * count
        spans = ", ".join([f'[{5 * n + 3}, {5 * n + 7}, "city"]' for n in range(count)])
        (tmp_path / "a.json").write_text(f'[{{"text": "{text}", "label": [{spans}, [3, 7, "x"]]}}]', encoding="utf-8")
        (example,) = load(tmp_path / "a.json", report=Report("fix")).splits["all"]
        assert example.tags.count("B-city") == count

    assert is_linear(work, 100)
    assert in_unit("😀 a", 3, 4, unit="UTF-16 units") == (2, 3)
    assert in_unit("😀 a", 1, 4, unit="UTF-16 units") is None


@pytest.mark.parametrize("digits", [20, 5000])
@pytest.mark.parametrize("name", ["a.ann", "a.conll"])
def test_numbers_without_an_end(tmp_path: Path, name: str, digits: int) -> None:
    """Python makes no number of more than 4,300 digits."""
    number = "9" * digits
    (tmp_path / "a.txt").write_text("to Rome\n", encoding="utf-8")
    (tmp_path / "a.ann").write_text(f"T1\tcity 3 {number}\tRome\n", encoding="utf-8")
    (tmp_path / "a.conll").write_text(
        f"# global.columns = ID FORM NER\n{number}\tto\tO\n{number}-{number}\tRome\tB-city\n", encoding="utf-8"
    )
    for report in (Report("skip"), Report("fix")):
        with suppress(SlotfillError):
            load(tmp_path / name, report=report)
        assert not any("int()" in str(problem) for problem in report.problems)


# --- what a file is --------------------------------------------------------------------------------


@pytest.mark.parametrize("item", ["a|", "a:", "a__", "a###", "|O|", ":B-x:"])
def test_words_with_tags(item: str) -> None:
    assert is_linear(lambda count: word_tag.is_it(f"to|O {item * count}! Rome|B-city"), 1000)


@pytest.mark.parametrize(
    ("labelled", "word", "tag"),
    [("Rome|B-to|city", "Rome", "B-to|city"), ("New|NNP|B-city", "New", "B-city"), ("a___O", "a_", "O")],
)
def test_a_word_ends_at_the_first_separator(labelled: str, word: str, tag: str) -> None:
    separator = "__" if "__" in labelled else "|"
    found = word_tag._form(separator).fullmatch(labelled)
    assert found is not None
    assert found.groups() == (word, tag)


@pytest.mark.parametrize("piece", ["\t", "[IN:A ", "\t[IN:A ", "]"])
def test_trees(piece: str) -> None:
    assert is_linear(lambda count: top.is_it("x\t[IN:A b ]c" + piece * count), 4000)


def test_spans_of_mtop_are_read_in_one_way() -> None:
    """Else the time would double with each of them."""
    assert not top.is_it("1\tIN:FLY\t" + "1:2:SL:A" * 60)
    assert top.is_it("1\tIN:FLY\t1:2:SL:A,3:4:SL:B\tto Rome\t")


def test_the_lines_of_an_lu_file() -> None:
    shape = next(one for one in unread.SHAPES if "LUDown" in one.title or ".lu" in one.title)
    assert is_linear(lambda count: shape.is_it("# fly\n" + "\n" * count), 4000)


# --- tokens ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["", " é"])
@pytest.mark.parametrize("tokenizer", ["slotfill", "scripts"])
def test_a_chain_of_codes(tokenizer: str, ending: str) -> None:
    make = tokenizer_named(tokenizer)
    assert is_linear(lambda count: make("LHR-" * count + "JFK" + ending), 2000)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("LHR-JFK-BOS", ["LHR", "-", "JFK", "-", "BOS"]),
        ("LHR-JFK-boston", ["LHR-JFK-boston"]),
        ("LHR-JFK-", ["LHR-JFK", "-"]),
        ("LHR-JFK-BOS1", ["LHR-JFK-BOS1"]),
    ],
)
def test_codes(text: str, tokens: list[str]) -> None:
    assert [token.text for token in tokenize(text)] == tokens


@pytest.mark.parametrize("marks", ["\u0301\u0316", "\u0301\uff9e", "\u0f73"])
@pytest.mark.parametrize("name", ["plain", "accented"])
def test_a_pile_of_accents(name: str, marks: str) -> None:
    from slotfill.folding import _normal, folding_named

    def work(count: int) -> None:
        _normal.cache_clear()
        folding_named(name)("e" + marks * count)

    assert is_linear(work, 1000)


def test_accents_of_a_long_word_are_as_those_of_a_short_one() -> None:
    assert fold("é\u0316" * 200) == fold("é\u0316") * 200 == "e" * 200
