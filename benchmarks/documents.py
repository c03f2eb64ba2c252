"""Figures -> Markdown tables, and documents that keep each table between its markers.

A table named `bulk` of the benchmark `speed` stands between `<!-- speed: bulk -->` and `<!-- /speed -->`; what stood
there is replaced.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import say
from slotfill.files import write_files


def publish(benchmark: str, tables: Mapping[str, Callable[[Any], str]], results: object, document: Path | None) -> None:
    """Print every table and put it into the document; a table that raises KeyError was not measured."""
    made = {}
    for name, table_of in tables.items():
        try:
            made[name] = table_of(results)
        except KeyError as missing:
            say(f"not measured yet: {name} ({missing})")
    print("\n\n".join(made.values()))
    if document:
        write_files({document: fill(document.read_text(encoding="utf-8"), benchmark, made).encode()})


def fill(document: str, benchmark: str, tables: Mapping[str, str]) -> str:
    """The document with these tables; what stands in the place of others stays."""

    def new(marked: re.Match[str]) -> str:
        return f"{marked[1]}\n{tables[marked[2]]}\n{marked[3]}" if marked[2] in tables else marked[0]

    marks = rf"(<!-- {benchmark}: ([\w-]+) -->)\n.*?(<!-- /{benchmark} -->)"
    return re.sub(marks, new, document, flags=re.DOTALL)


def table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, words: Container[int] = (0,)) -> str:
    """Columns of `words`, counted from 0, are aligned left, all others right; KeyError if there are no rows."""
    rows = list(rows)
    if not rows:
        raise KeyError(titles[0])
    rule = "|".join(" --- " if column in words else " ---: " for column in range(len(titles)))
    lines = ["| " + " | ".join(row) + " |" for row in (titles, *rows)]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])
