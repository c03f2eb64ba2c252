"""Data sets in the common formats -> a Dataset of IOB2 Examples, and back.

`read_data` reads data sets from anywhere, memory included; `load` reads files and the hub.

hub.py         data sets on the Hugging Face hub
public.py      where to get ATIS, SNIPS and SGD
sgd.py         dialogues of SGD -> single sentences with the slots of ATIS
layout.py      which files of a folder hold which split, in which format
formats.py     the registry: how each format is recognised, read and written
unread.py      files that are recognised and not read

seq_in_out.py  conll.py  jsonl.py  markup.py  text.py  tables.py  sentence_lines.py  word_tag.py    one format each
rasa_yaml.py  rasa_markdown.py  rasa_json.py  snips.py  snips_yaml.py  luis.py  watson.py  dialogflow.py  wit.py
spacy_json.py  spacy_docbin.py  label_studio.py  doccano.py  prodigy.py  dataturks.py  brat.py    the exports of tools
token_rows.py  parquet.py  saved_dataset.py  gliner.py  massive.py  top.py  nemo.py    public data sets as they are

tagged.py      tagged sentences in any scheme -> Examples
placed.py      sentences with character spans -> Examples; what is mended in them
offsets.py     in what a file counts its offsets
rows.py        rows of a table -> Examples, by their columns
records.py     JSON in files; yaml_nodes.py the same for YAML; rasa.py what Rasa's formats share
span_cells.py  spans in a cell of a table
synonyms.py    what values the texts of slots have, as far as files say it
memory.py      checks examples made in memory
dictionaries.py  rows of a table in memory -> Examples
values.py      the values that a person reads in a sentence
alignment.py   strings and character spans -> tokens and tags
lines.py       files <-> lines
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from slotfill.errors import InputError
from slotfill.files import tidy, write_files
from slotfill.locations import locate, names
from slotfill.readers import hub, markup, rasa_yaml, tables
from slotfill.readers.alignment import shown, text_of
from slotfill.readers.formats import FORMATS, Format
from slotfill.readers.layout import ALL, found_in, has_data, is_data, parts_of, table_in, written_format
from slotfill.readers.lines import content_of
from slotfill.readers.memory import check
from slotfill.readers.reports import Notes, Problems, Report
from slotfill.schema import Dataset, Example
from slotfill.tokenizer import tokenize

# One data set: a name, a path, `hub:NAME`, or a Dataset in memory.
Source = str | Path | Dataset
Data = Source | Sequence[Source | Example]  # one or more data sets, or examples

# The formats that `save` writes, by name.
WRITTEN = {one.name: one for one in FORMATS if one.lines or one.lines_of_files or one.content}


def read_data(
    source: Source | Sequence[Example],
    *,
    columns: Mapping[str, str] | None = None,
    on_error: str = "stop",
    on_note: Notes | None = None,
) -> Dataset:
    """Read one data set, by name, path or `hub:NAME[@REVISION]`, or from memory.

        slotfill.read_data("travel").splits["test"]   # a data set that is known by name
        slotfill.read_data("my/data")                 # a folder, or a file such as train.jsonl
        slotfill.read_data("hub:tuetschek/atis")      # from the Hugging Face hub

    >>> dataset = read_data([parse_markup("arrive [Taipei](toloc.city_name)")])
    >>> {split: len(examples) for split, examples in dataset.splits.items()}
    {'all': 1}

    A Dataset is checked and returned as it is; examples are checked and become a data set that is not split.

    `on_error` says what to do with a faulty sentence: `stop` raises the first, `skip` leaves them out, `fix` mends what
    can be mended and leaves out the rest. `on_note` is called with what was left out, mended, not read or taken in an
    unusual way; without it, these are warnings (DataWarning).

    `columns` name those of a CSV or TSV file whose header does not: `{"text": "utterance text", "tags": "NER"}`; also
    `tokens`, `intent`, `sentence` (a number) and `values`.

    Raises InputError if there is no such data set or its examples are not valid, DataError for the first error in a
    file, or for a file without a good sentence.
    """
    sources = sources_of(source)
    if len(sources) != 1:
        raise InputError(f"read_data() takes one data set: got {len(sources)}")
    return _read(sources[0], columns=columns, report=Report(on_error), on_note=on_note)


def read_all(data: Data, *, on_error: str = "stop", on_note: Notes | None = None) -> list[Dataset]:
    """Read every data set of `data`, as `read_data` does."""
    return [_read(source, report=Report(on_error), on_note=on_note) for source in sources_of(data)]


def read_placed(
    source: Source | Sequence[Example], *, on_error: str = "stop", on_note: Notes | None = None
) -> tuple[Dataset, dict[str, tuple[str, ...]]]:
    """`read_data`, and where each sentence of each split is: `a.conll:3`, or its number where nobody knows.

    >>> read_placed([parse_markup("hello")])[1]
    {'all': ('all, sentence 1',)}
    """
    (one,) = sources_of(source)
    report = Report(on_error)
    dataset = _read(one, report=report, on_note=on_note)
    if len(report.places) == sum(map(len, dataset.splits.values())):
        places = iter(report.places)
        return dataset, {name: tuple(islice(places, len(some))) for name, some in dataset.splits.items()}
    return dataset, {
        name: tuple([f"{name}, sentence {number}" for number in range(1, len(some) + 1)])
        for name, some in dataset.splits.items()
    }


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


def _read(
    source: Source, *, columns: Mapping[str, str] | None = None, report: Report, on_note: Notes | None
) -> Dataset:
    if columns:
        try:
            tables.check_columns(columns)
        except ValueError as error:
            raise InputError(f"columns: {error}") from None
        if isinstance(source, Dataset) or str(source).startswith(hub.PREFIX):
            raise InputError("columns are named for one CSV or TSV file")
    if not isinstance(source, Dataset):
        dataset = load(source, report=report, columns=columns)
        report.pass_on(on_note)
        return dataset
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


def load(
    source: str | Path, *, report: Report | Problems | None = None, columns: Mapping[str, str] | None = None
) -> Dataset:
    """Read `hub:NAME[@REVISION]`, a file, a folder, or a data set that is known by name (`travel`).

    Without `report`, the first problem is raised as DataError, and notes are lost; a function is called with each
    problem, and the faulty sentence is left out. `columns` are those of `read_data`.
    Raises InputError if there is no such data set.
    """
    report = Report.of(report)
    if str(source).startswith(hub.PREFIX):
        return hub.load(str(source), report=report)
    path = Path(source) if columns and Path(source).exists() else find(source)
    if path.is_dir():
        tidy(path)  # a kill may have come between two files of one data set
    splits = {}
    for part in table_in(path, columns) if columns else parts_of(path):
        examples = tuple(part.read(report=report))
        if examples:
            splits[part.split] = examples
        else:
            report.is_empty(part.path)
    return Dataset(path.resolve().name if path.is_dir() else path.stem, splits)


def save(dataset: Dataset, path: str | Path, *, to: str = "jsonl") -> list[Path]:
    """Write a data set, and return the files written.

    A path with a known suffix becomes one file in that format, for a data set of one split; any other path becomes a
    folder with one file per split in the format `to`. The files are written all or none, and replace existing ones.
    Raises InputError if the data set does not fit the path or the format.
    """
    path = Path(path)
    format_ = written_format(path)
    if format_ and not path.is_dir():
        if len(dataset.splits) != 1:
            splits = ", ".join(dataset.splits)
            raise InputError(f"{path}: one file holds one split, but {dataset.name} has {splits}: name a folder")
        to = format_.name
        files = dict.fromkeys([path], *dataset.splits)
    elif to not in WRITTEN:
        raise InputError(f"to is {to!r}: expected {', '.join(WRITTEN)}")
    else:
        files = _files_in(path, dataset, WRITTEN[to])
    try:
        written = {
            file: content
            for target, split in files.items()
            for file, content in _contents(target, dataset.splits[split], to)
        }
    except UnicodeEncodeError as error:
        near = shown(error.object[max(0, error.start - 20) : error.start + 20])
        raise InputError(f"{path}: half a surrogate pair, which cannot be written to a file, in {near}") from None
    write_files(written)
    return list(written)


def losses(dataset: Dataset, to: str) -> list[str]:
    """What of a data set another tool's format does not keep, each in one line; slotfill's own formats keep all.

    >>> losses(read_data([parse_markup("arrive [Taipei](toloc.city_name)")]), "rasa-yaml")
    ['1 of 1 sentences has no intent: it got the intent no_intent']
    """
    examples = [example for split in dataset.splits.values() for example in split]
    lost = [(_LOSSES[loss], sum(map(loss, examples))) for loss in _LOST.get(to, ())]
    return [
        f"{count:,} of {len(examples):,} sentences {one if count == 1 else many}"
        for (one, many), count in lost
        if count
    ]


def _has_other_text(example: Example) -> bool:
    return text_of(token.text for token in example.tokens) != example.text


def _has_other_tokens(example: Example) -> bool:
    return example.tokens != tokenize(example.text)


def _has_blank_ends(example: Example) -> bool:
    return example.text != example.text.strip()


def _has_values(example: Example) -> bool:
    return example.values is not None


def _has_no_intent(example: Example) -> bool:
    return example.intent is None


_LOSSES: dict[Callable[[Example], bool], tuple[str, str]] = {
    _has_other_text: (
        "loses its text, which is not its tokens joined by spaces",
        "lose their text, which is not their tokens joined by spaces",
    ),
    _has_other_tokens: (
        "loses its tokens, which slotfill's tokenizer does not make",
        "lose their tokens, which slotfill's tokenizer does not make",
    ),
    _has_blank_ends: ("loses the blanks at its ends", "lose the blanks at their ends"),
    _has_values: ("loses its values", "lose their values"),
    _has_no_intent: (
        f"has no intent: it got the intent {rasa_yaml.NO_INTENT}",
        f"have no intent: they got the intent {rasa_yaml.NO_INTENT}",
    ),
}
_LOST = {
    "rasa-yaml": (_has_other_tokens, _has_blank_ends, _has_values, _has_no_intent),
    "spacy": (_has_other_tokens, _has_values),
    "spacy-docbin": (_has_values,),
    "seq.in": (_has_other_text, _has_values),
}


def _contents(target: Path, examples: Sequence[Example], to: str) -> Iterator[tuple[Path, bytes]]:
    """The files of one split with their contents."""
    one = WRITTEN[to]
    if one.lines is not None:
        yield target, content_of(one.lines(examples))
    elif one.content is not None:
        yield target, one.content(examples)
    elif one.lines_of_files is not None:
        yield from ((target / name, content_of(lines)) for name, lines in one.lines_of_files(examples).items())


def _files_in(folder: Path, dataset: Dataset, format_: Format) -> dict[Path, str]:
    """The file, or folder, of each split in a folder; InputError if the folder cannot hold this data set."""
    suffix = format_.suffixes[0] if format_.suffixes else ""
    if ALL in dataset.splits and format_.lines_of_files is not None:
        return {folder: ALL}
    if ALL in dataset.splits:
        example = f"all{suffix}"
        raise InputError(
            f"{folder}: {dataset.name} is not split into train, dev and test: name a file, as in {example}"
        )
    files = {folder / f"{split}{suffix}": split for split in dataset.splits}
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
