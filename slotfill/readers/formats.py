"""The registry of formats: how each is read, recognised and written, and what is recognised but not read.

A format is a module of this folder with `read`, `is_it` and perhaps `lines`; it is in use once it is in FORMATS.
"""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from slotfill.errors import InputError
from slotfill.readers import (
    brat,
    conll,
    dataturks,
    dialogflow,
    doccano,
    gliner,
    jsonl,
    label_studio,
    luis,
    markup,
    massive,
    nemo,
    parquet,
    prodigy,
    rasa_json,
    rasa_markdown,
    rasa_yaml,
    saved_dataset,
    sentence_lines,
    seq_in_out,
    snips,
    snips_yaml,
    spacy_docbin,
    spacy_json,
    tables,
    text,
    token_rows,
    top,
    unread,
    watson,
    wit,
    word_tag,
)
from slotfill.readers.alignment import shown
from slotfill.readers.lines import HEAD, utf16_of
from slotfill.readers.reports import Report
from slotfill.schema import Example

_GZIPPED = b"\x1f\x8b"


class Read(Protocol):
    """Reads a file, or the folder of a split; each faulty sentence is reported and left out."""

    def __call__(self, path: Path, /, *, report: Report) -> Iterator[Example]:
        """The examples of one split."""


class Format(NamedTuple):
    """A format that is read; `lines`, `lines_of_files` or `content` writes it.

    `by_suffix`: its reader says best what is wrong with such a file.
    """

    name: str  # as in `data convert --to`
    title: str  # for messages
    suffixes: tuple[str, ...]  # usual ones, best first
    read: Read
    is_it: Callable[[str], bool]  # says by the first characters of a file (the last line may be cut) if it is this one
    lines: Callable[[Iterable[Example]], Iterator[str]] | None = None
    lines_of_files: Callable[[Sequence[Example]], Mapping[str, Iterable[str]]] | None = None  # the same for a folder
    content: Callable[[Sequence[Example]], bytes] | None = None  # the same for a file without lines
    by_suffix: bool = False
    is_folder: Callable[[Path], bool] | None = None  # says if a folder is one split in this format


def _never(head: str) -> bool:
    return False


# Most specific first: the first that fits by its content is taken.
FORMATS: tuple[Format, ...] = (
    Format(
        "seq.in",
        "parallel files",
        (),
        seq_in_out.read,
        _never,
        lines_of_files=seq_in_out.lines_of_files,
        is_folder=seq_in_out.is_folder,
    ),
    Format("brat", "BRAT's folders", (".ann",), brat.read, brat.is_it, is_folder=brat.is_folder),
    Format(
        "saved-dataset",
        "data sets saved by `datasets`",
        (),
        saved_dataset.read,
        _never,
        is_folder=saved_dataset.is_folder,
    ),
    Format("parquet", "Parquet", (".parquet",), parquet.read, parquet.is_it),
    Format(
        "spacy-docbin",
        "spaCy's .spacy",
        (".spacy",),
        spacy_docbin.read,
        spacy_docbin.is_it,
        content=spacy_docbin.content,
    ),
    Format("rasa-yaml", "Rasa's YAML", (".yml", ".yaml"), rasa_yaml.read, rasa_yaml.is_it, rasa_yaml.lines),
    Format("rasa-markdown", "Rasa's Markdown", (".md",), rasa_markdown.read, rasa_markdown.is_it),
    Format("snips", "Snips's JSON", (), snips.read, snips.is_it),
    Format("snips-yaml", "Snips's YAML", (), snips_yaml.read, snips_yaml.is_it),
    Format("watson", "Watson's JSON", (), watson.read, watson.is_it),
    Format("luis", "LUIS's JSON", (), luis.read, luis.is_it),
    Format("wit", "wit.ai's JSON", (), wit.read, wit.is_it),
    Format("dialogflow", "Dialogflow's JSON", (), dialogflow.read, dialogflow.is_it, is_folder=dialogflow.is_folder),
    Format("label-studio", "Label Studio's JSON", (), label_studio.read, label_studio.is_it),
    Format("spacy-documents", "spaCy 2's JSON", (), spacy_json.read_documents, spacy_json.is_document),
    Format("spacy", "spaCy's pairs in JSON", (".json",), spacy_json.read, spacy_json.is_it, spacy_json.lines),
    Format("dataturks", "Dataturks's JSON lines", (), dataturks.read, dataturks.is_it),
    Format("gliner", "GLiNER's JSON", (), gliner.read, gliner.is_it),
    Format("massive", "MASSIVE's JSON lines", (), massive.read, massive.is_it),
    Format("prodigy", "Prodigy's JSON lines", (), prodigy.read, prodigy.is_it),
    Format("token-rows", "JSON with tokens and tags", (), token_rows.read, token_rows.is_it),
    Format("doccano", "doccano's JSON lines", (), doccano.read, doccano.is_it),
    Format("rasa-json", "Rasa's JSON", (), rasa_json.read, rasa_json.is_it),
    Format("top", "TOP's trees", (), top.read, top.is_it),
    Format("nemo", "NeMo's tables", (), nemo.read, nemo.is_it),
    Format("jsonl", "JSON lines", (".jsonl", ".ndjson"), jsonl.read, jsonl.is_it, jsonl.lines, by_suffix=True),
    Format("csv", "tables with a header", (".csv",), tables.read, tables.is_it, tables.lines, by_suffix=True),
    Format("sentence-lines", "words, a tab and tags", (), sentence_lines.read, sentence_lines.is_it),
    Format("word-tag", "words with tags", (), word_tag.read, word_tag.is_it),
    Format(
        "conll",
        "columns",
        (".conll", ".iob", ".iob2", ".bio", ".bmes", ".bioes", ".conllu", ".tsv"),
        conll.read,
        conll.is_it,
        conll.lines,
        by_suffix=True,
    ),
    Format("markup", "markup", (".markup",), markup.read, markup.is_it, markup.lines, by_suffix=True),
    # any text would fit, and would have no slot: so its suffix must say it
    Format("text", "plain text", (".txt",), text.read, _never, by_suffix=True),
)

RECOGNISED = unread.SHAPES


def format_of(path: Path) -> Format | None:
    """The format of a file by its content, whatever its name; else by its suffix, if its reader can say what is wrong.

    None for a folder that is not one split, and for what no format fits. InputError if the file cannot be read.
    """
    if path.is_dir():
        return next((one for one in FORMATS if one.is_folder is not None and one.is_folder(path)), None)
    head = head_of(path)
    fitting = next((one for one in FORMATS if one.is_it(head)), None)
    if fitting is not None or any(one.is_it(head) for one in RECOGNISED):
        return fitting
    suffix = suffix_of(path)
    return next((one for one in FORMATS if one.by_suffix and suffix in one.suffixes), None)


def suffix_format(path: Path) -> Format | None:
    """The format that a name has by its suffix alone, as for a file that is yet to be written."""
    suffix = suffix_of(path)
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def suffix_of(path: Path) -> str:
    """The suffix of a file, without that of gzip: `.iob` of `test.iob.gz`."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def unknown(path: Path) -> InputError:
    """What to say of a file that no format fits."""
    head = head_of(path)
    known = next((one for one in RECOGNISED if one.is_it(head)), None)
    if known is not None:
        return InputError(f"{path}: this is {known.title}: {known.advice}")
    titles = ", ".join(dict.fromkeys(one.title for one in FORMATS if one.by_suffix))
    first = next((line for line in head.splitlines() if line.strip()), "")
    if not first:
        return InputError(f"{path}: the file is empty: expected sentences, in a format of docs/formats.md")
    found = f"its first line is {shown(first)}"
    expected = f"{titles}, or a tool's export, as in docs/formats.md"
    return InputError(f"{path}: unknown format: expected {expected}; {found}")


def head_of(path: Path) -> str:
    """The first characters of a file, which may be gzipped; bytes that are not UTF-8 are replaced.

    InputError if the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4 * HEAD)
        if start.startswith(_GZIPPED):
            with gzip.open(path) as unzipped:
                start = unzipped.read(4 * HEAD)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path}: cannot be read: {reason}") from None
    coding = utf16_of(start) or "utf-8-sig"
    return start.decode(coding, errors="replace").replace("\r\n", "\n")[:HEAD]
