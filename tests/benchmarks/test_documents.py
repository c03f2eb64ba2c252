"""Tables between markers."""

import re
from pathlib import Path

from benchmarks.accuracy.tables import TABLES as ACCURACY
from benchmarks.documents import fill, table
from benchmarks.speed.measurements import TABLES as SPEED
from benchmarks.training import TABLES as TRAINING

DOCUMENT = """before
<!-- speed: known -->
old
<!-- /speed -->
<!-- speed: unknown -->
kept
<!-- /speed -->
<!-- accuracy: known -->
of another benchmark
<!-- /accuracy -->
"""


def test_only_what_was_measured_is_replaced() -> None:
    assert fill(DOCUMENT, "speed", {"known": "new"}) == DOCUMENT.replace("old", "new")


def test_first_columns_are_words() -> None:
    assert table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |"


def test_every_table_has_its_place_and_every_place_its_table() -> None:
    root = Path(__file__).parents[2]
    documents = [root / "README.md", *root.glob("docs/**/*.md")]
    marks = re.compile(r"<!-- (speed|accuracy|training): ([\w-]+) -->")
    marked = {mark for file in documents for mark in marks.findall(file.read_text())}
    tables = {"speed": SPEED, "accuracy": ACCURACY, "training": TRAINING}
    assert marked == {(benchmark, name) for benchmark, own in tables.items() for name in own}
