"""What is wrong, and what is odd, in a data set."""

from typing import NamedTuple

from slotfill.data_checks import oddities_of
from slotfill.errors import DataError
from slotfill.readers import Source, load, read_data
from slotfill.readers.reports import Report
from slotfill.schema import Dataset
from slotfill.statistics import describe
from slotfill.tokenizer_fit import best_fit


class Checked(NamedTuple):
    """The result of `check_data`: the sentences without a problem, the problems, and what is allowed but odd.

    >>> import slotfill
    >>> slotfill.check_data("travel").problems
    ()
    """

    dataset: Dataset
    problems: tuple[DataError, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]  # how something was read, left out or mended


def check_data(source: Source, *, on_error: str = "stop") -> Checked:
    """Check a data set as `slotfill data check` does: all problems, not only the first, and warnings.

    >>> import slotfill
    >>> checked = slotfill.check_data("travel")
    >>> len(checked.problems), "train" in checked.dataset.splits
    (0, True)

    Only the first problem of a sentence is told. `on_error` is that of `read_data`. Raises InputError if there is no
    such data set, or if examples in memory are not valid.
    """
    problems: list[DataError] = []
    report = Report(on_error, tell=problems.append)
    dataset = read_data(source) if isinstance(source, Dataset) else load(source, report=report)
    warnings = [*describe(dataset).oddities(), *oddities_of(dataset)]
    if odd := best_fit([example for split in dataset.splits.values() for example in split]).problem():
        warnings.append(odd)
    return Checked(dataset, tuple(problems), tuple(warnings), tuple(report.said()))
