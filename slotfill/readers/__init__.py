"""Data sets in the common formats -> a Dataset of IOB2 Examples, and back.

`read_data` reads data sets from anywhere, memory included; `load` reads files and the hub.

hub.py         data sets on the Hugging Face hub
public.py      where to get ATIS, SNIPS and SGD
sgd.py         dialogues of SGD -> single sentences with the slots of ATIS
layout.py      which files of a folder hold which split, in which format
seq_in_out.py  conll.py  jsonl.py  markup.py  text.py    one format each
tagged.py      tagged sentences in any scheme -> Examples
memory.py      checks examples made in memory
records.py     rows of a table in memory -> Examples
values.py      the values that a person reads in a sentence
alignment.py   strings and character spans -> tokens and tags
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

# One data set: a name, a path, `hub:NAME`, or a Dataset in memory.
Source = str | Path | Dataset
Data = Source | Sequence[Source | Example]  # one or more data sets, or examples

_LINES = {"jsonl": jsonl.lines, "conll": conll.lines, "markup": markup.lines}

# The formats that `save` writes.
FORMATS = tuple(_LINES)


def read_data(source: Source | Sequence[Example]) -> Dataset:
    """Read one data set, by name, path or `hub:NAME[@REVISION]`, or from memory.

        slotfill.read_data("travel").splits["test"]   # a data set that is known by name
        slotfill.read_data("my/data")                 # a folder, or a file such as train.jsonl
        slotfill.read_data("hub:tuetschek/atis")      # from the Hugging Face hub

    >>> dataset = read_data([parse_markup("arrive [Taipei](toloc.city_name)")])
    >>> {split: len(examples) for split, examples in dataset.splits.items()}
    {'all': 1}

    A Dataset is checked and returned as it is; examples are checked and become a data set that is not split. Raises
    InputError if there is no such data set or its examples are not valid, DataError for the first error in a file.
    """
    sources = sources_of(source)
    if len(sources) != 1:
        raise InputError(f"read_data() takes one data set: got {len(sources)}")
    return _read(sources[0])


def read_all(data: Data) -> list[Dataset]:
    """Read every data set of `data`, as `read_data` does."""
    return [_read(source) for source in sources_of(data)]


def sources_of(data: Data) -> list[Source]:
    """One source per data set; a sequence of examples is one data set that is not split.

    Raises InputError for anything else, and for nothing at all.
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
    """The name of a source in messages and recipes: the name of a Dataset, or the string or path itself."""
    return source.name if isinstance(source, Dataset) else str(source)


def _read(source: Source) -> Dataset:
    if not isinstance(source, Dataset):
        return load(source)
    check(source)
    return source


def parse_markup(line: str) -> Example:
    r"""Read one sentence with its slots in brackets; a tab and the intent may follow, and a tab and its values.

    >>> example = parse_markup("arrive [Taipei](toloc.city_name)\tflight")
    >>> example.text, example.tags, example.intent
    ('arrive Taipei', ('O', 'B-toloc.city_name'), 'flight')

    A slot must begin and end where a token does. Raises InputError if the line is malformed.
    """
    try:
        return markup.parse(line)
    except ValueError as error:
        raise InputError(f"{shown(line)}: {error}") from None


def load(source: str | Path, *, report: Callable[[DataError], None] | None = None) -> Dataset:
    """Read `hub:NAME[@REVISION]`, a file, a folder, or a data set that is known by name (`travel`).

    Without `report`, the first problem is raised as DataError; with it, each faulty sentence is reported and left out.
    Raises InputError if there is no such data set.
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
            report(DataError("no usable sentence", path=part.path))
    return Dataset(path.resolve().name if path.is_dir() else path.stem, splits)


def save(dataset: Dataset, path: str | Path, *, to: str = "jsonl") -> list[Path]:
    """Write a data set, and return the files written.

    A path with a known suffix becomes one file in that format, for a data set of one split; any other path becomes a
    folder with one file per split in the format `to`. The files are written all or none, and replace existing ones.
    Raises InputError if the data set does not fit the path or the format.
    """
    path = Path(path)
    format_ = format_of(path)
    if format_ and not path.is_dir():
        if len(dataset.splits) != 1:
            splits = ", ".join(dataset.splits)
            raise InputError(f"{path}: one file holds one split, but {dataset.name} has {splits}: name a folder")
        to = format_
        files = dict.fromkeys([path], *dataset.splits)
    else:
        files = _files_in(path, dataset, to)
    write_lines({file: _LINES[to](dataset.splits[split]) for file, split in files.items()})
    return list(files)


def _files_in(folder: Path, dataset: Dataset, format_: str) -> dict[Path, str]:
    """The file of each split in a folder; InputError if the folder cannot hold this data set."""
    if ALL in dataset.splits:
        example = f"all.{format_}"
        raise InputError(
            f"{folder}: {dataset.name} is not split into train, dev and test: name a file, as in {example}"
        )
    files = {folder / f"{split}.{format_}": split for split in dataset.splits}
    if folder.is_dir():
        others = ", ".join(part.path.name for part in found_in(folder) if part.path not in files)
        if others:
            raise InputError(f"{folder}: the folder holds {others} of another data set: remove it first")
    return files


def split_of(dataset: Dataset, name: str) -> tuple[Example, ...]:
    """The examples of a split, or all examples of a data set that is not split. Raises InputError if it has neither."""
    if name in dataset.splits:
        return dataset.splits[name]
    if set(dataset.splits) == {ALL}:
        return dataset.splits[ALL]
    raise InputError(f"{dataset.name} has no {name} split, only {', '.join(dataset.splits) or 'nothing'}")


def find(source: str | Path) -> Path:
    """The path of a file, a folder or a data set known by name; InputError if there is none."""
    name = str(source)
    path = locate("data", name, fits=is_data)
    if path is None:
        choices = known()
        near = get_close_matches(name, choices, n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        choice = f" (known by name: {', '.join(choices)})" if choices else ""
        raise InputError(f"no data set or file {shown(name)}{guess}{choice}")
    return Path(path)


def known() -> list[str]:
    """The data sets known by name, faulty ones included: those that ship with slotfill, and the folders in ./data."""
    return names("data", fits=has_data)


def _raise(problem: DataError) -> None:
    raise problem
