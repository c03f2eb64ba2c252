"""Data sets in any format that people have -> one Dataset of IOB2 Examples, and back.

`read_data` takes whatever may stand for a data set, in memory too; `load` reads files and the hub.

hub.py         by name from the Hugging Face hub
public.py      where ATIS, SNIPS and SGD are to be had
sgd.py         dialogues of SGD -> single sentences with the slots of ATIS
layout.py      which files of a folder hold which split, in which format
seq_in_out.py  conll.py  jsonl.py  markup.py    one format each
tagged.py      tagged sentences in any scheme -> Examples
memory.py      examples made in memory, checked
alignment.py   words and character spans -> tokens and tags
lines.py       files <-> lines
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path

from slotfill.errors import DataError, InputError
from slotfill.locations import locate, names
from slotfill.readers import conll, hub, jsonl, markup
from slotfill.readers.alignment import shown
from slotfill.readers.layout import ALL, format_of, found_in, has_data, is_data, parts_of
from slotfill.readers.lines import write_lines
from slotfill.readers.memory import check
from slotfill.schema import Dataset, Example

# What stands for one data set, and for one or more: a name, a path, `hub:NAME`, or data in memory.
Source = str | Path | Dataset
Data = Source | Sequence[Source | Example]  # either data sets or examples

_LINES = {"jsonl": jsonl.lines, "conll": conll.lines, "markup": markup.lines}

# The formats that `save` writes.
FORMATS = tuple(_LINES)


def read_data(source: Source | Sequence[Example]) -> Dataset:
    """One data set: by its name, path or `hub:NAME[@REVISION]`, or from memory.

        slotfill.read_data("travel").splits["test"]   # a data set that is known by name
        slotfill.read_data("my/data")                 # a folder, or a file such as train.jsonl
        slotfill.read_data("hub:tuetschek/atis")      # from the Hugging Face hub
        slotfill.read_data([slotfill.parse_markup("arrive [Taipei](toloc.city_name)")])

    A Dataset comes back as it is, and examples become a data set that is not split; both are checked. Raises InputError
    for what is not there, not a data set or not sound, DataError for the first error in a file.
    """
    sources = sources_of(source)
    if len(sources) != 1:
        raise InputError(f"read_data() takes one data set: got {len(sources)}")
    return _read(sources[0])


def read_all(data: Data) -> list[Dataset]:
    """Every data set of `data`, as `read_data` reads it."""
    return [_read(source) for source in sources_of(data)]


def sources_of(data: Data) -> list[Source]:
    """One source for each data set of `data`; a sequence of examples is one data set that is not split.

    InputError for anything else, or for none at all.
    """
    if isinstance(data, str | Path | Dataset):
        return [data]
    examples: list[Example] = []
    sources: list[Source] = []
    for item in data:
        if isinstance(item, Example):
            examples.append(item)
        elif isinstance(item, str | Path | Dataset):
            sources.append(item)
        else:
            raise InputError(f"expected names or paths of data sets, Datasets or Examples: got {type(item).__name__}")
    if bool(examples) == bool(sources):
        got = "both" if examples else "nothing"
        raise InputError(f"expected either data sets or Examples: got {got}")
    return sources or [Dataset("examples", {ALL: tuple(examples)})]


def label_of(source: Source) -> str:
    """What a source is called in messages and recipes: as it was given, or the name of a Dataset."""
    return source.name if isinstance(source, Dataset) else str(source)


def _read(source: Source) -> Dataset:
    if not isinstance(source, Dataset):
        return load(source)
    check(source)
    return source


def parse_markup(line: str) -> Example:
    r"""One sentence as an example, its slots in brackets, perhaps with a tab and the intent behind it.

        slotfill.parse_markup("arrive [Taipei](toloc.city_name) on [Friday](arrive_date.day_name)\tflight")

    A slot must begin and end where a token does. Raises InputError that says what is wrong with the line.
    """
    try:
        return markup.parse(line)
    except ValueError as error:
        raise InputError(f"{shown(line)}: {error}") from None


def load(source: str | Path, *, report: Callable[[DataError], None] | None = None) -> Dataset:
    """Read `hub:NAME[@REVISION]`, a file, a folder, or a data set that is known by name (`travel`).

    Without `report` the first problem is raised as DataError; with it, each faulty sentence is reported
    and the good ones come out. Raises InputError for what is not there or not a data set.
    """
    report = report or _raise
    if str(source).startswith(hub.PREFIX):
        return hub.load(str(source), report=report)
    path = find(source)
    splits = {}
    for part in parts_of(path):
        examples = tuple(part.read(report=report))
        if examples:
            splits[part.split] = examples
        else:
            report(DataError("no sentence that can be used", path=part.path))
    return Dataset(path.resolve().name if path.is_dir() else path.stem, splits)


def save(dataset: Dataset, path: str | Path, *, to: str = "jsonl") -> list[Path]:
    """Write a data set, and return the files.

    A path that ends in a known suffix becomes one file in that format, and the data set must have only
    one split; any other becomes a folder with one file a split in the format `to`. The files are written
    whole or not at all, and replace those of their names. Raises InputError for what cannot be written so.
    """
    path = Path(path)
    format_ = format_of(path)
    if format_ and not path.is_dir():
        if len(dataset.splits) != 1:
            parts = ", ".join(dataset.splits)
            raise InputError(f"{path}: one file holds one split, but {dataset.name} has {parts}: name a folder")
        to = format_
        files = dict.fromkeys([path], *dataset.splits)
    elif ALL in dataset.splits:
        raise InputError(f"{path}: {dataset.name} is not split into train, dev and test: name a file, as in all.{to}")
    else:
        files = {path / f"{split}.{to}": split for split in dataset.splits}
        others = [part.path.name for part in found_in(path) if part.path not in files] if path.is_dir() else []
        if others:
            raise InputError(f"{path}: the folder holds {', '.join(others)} of another data set: remove it first")
    write_lines({file: _LINES[to](dataset.splits[split]) for file, split in files.items()})
    return list(files)


def split_of(dataset: Dataset, name: str) -> tuple[Example, ...]:
    """The examples of a split, or all of a data set that is one file without a split's name.

    Raises InputError if the data set has other splits only.
    """
    if name in dataset.splits:
        return dataset.splits[name]
    if set(dataset.splits) == {ALL}:
        return dataset.splits[ALL]
    raise InputError(f"{dataset.name} has no {name} split, only {', '.join(dataset.splits) or 'nothing'}")


def find(source: str | Path) -> Path:
    """The path of a file, a folder or a data set known by name; InputError that lists what there is."""
    name = str(source)
    path = locate("data", name, fits=is_data)
    if path is None:
        there = known()
        near = get_close_matches(name, there, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        choice = f" (known by name: {', '.join(there)})" if there else ""
        raise InputError(f"no data set or file {shown(name)}{guess}{choice}")
    return Path(path)


def known() -> list[str]:
    """The data sets known by name: those that come with slotfill, and the folders in ./data, faulty ones included."""
    return names("data", fits=has_data)


def _raise(problem: DataError) -> None:
    raise problem
