"""The lines of a list of names: one each, perhaps with its synonyms, `lasagne: lasagna, lasagnes`, or with columns.

Lists are in this form for `[slots]` and `[gazetteers]` of a recipe, and as the lexicons of a grammar.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

_HEADER = ["name", "weight"]


class Listed(NamedTuple):
    """A line of a list, counted from 1; `columns` are what follows the name after tabs."""

    line: int
    value: str
    synonyms: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def listed(lines: Iterable[str]) -> Iterator[Listed]:
    r"""The names of a list; blank lines and those that begin with `#` have none. A value before a colon may be empty.

    >>> list(listed(["# dishes", "lasagne: lasagna, lasagnes", "tiramisu\t3"]))[1]
    Listed(line=3, value='tiramisu', synonyms=(), columns=('3',))
    """
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            first, *columns = line.rstrip().split("\t")
            value, _, rest = first.partition(":")
            synonyms = tuple(one.strip() for one in rest.split(",") if one.strip())
            yield Listed(number, value.strip(), synonyms, tuple(columns))


def is_header(entry: Listed) -> bool:
    """Whether a line names columns: `name TAB weight TAB country`."""
    return [entry.value, *entry.columns[:1]] == _HEADER
