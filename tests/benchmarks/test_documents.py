"""Tables between markers."""

from benchmarks.documents import fill, table

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
