"""Figures -> Markdown tables, and documents that keep each table between its markers.

A table named `bulk` of the benchmark `speed` stands between `<!-- speed: bulk -->` and `<!-- /speed -->`; what stood
there is replaced.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence


def fill(document: str, benchmark: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """The document with these tables; one whose figures are not there (KeyError) leaves what stood in its place."""

    def new(marked: re.Match[str]) -> str:
        try:
            return f"{marked[1]}\n{tables[marked[2]]()}\n{marked[3]}"
        except KeyError:
            return marked[0]

    marks = rf"(<!-- {benchmark}: ([\w-]+) -->)\n.*?(<!-- /{benchmark} -->)"
    return re.sub(marks, new, document, flags=re.DOTALL)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """The first columns are words, the others figures."""
    rule = [" --- " if column < left else " ---: " for column in range(len(titles))]
    lines = ["| " + " | ".join(row) + " |" for row in (titles, *rows)]
    return "\n".join([lines[0], f"|{'|'.join(rule)}|", *lines[1:]])
