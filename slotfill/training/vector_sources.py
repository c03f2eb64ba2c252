"""Where to get the word vectors that others have learnt: GloVe's, on the hub or from a file fetched by other means.

Pennington, Socher and Manning, "GloVe: Global Vectors for Word Representation", 2014. Its authors keep archives of text
files; one of them is taken out, with its most frequent words if that is enough.
"""

import gzip
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from slotfill.errors import InputError
from slotfill.readers import hub


class VectorSource(NamedTuple):
    """Word vectors: the repository and its archive, and the file in it."""

    repository: str
    archive: str
    member: str
    about: str


def _glove(archive: str, texts: str, *sizes: int) -> dict[str, VectorSource]:
    return {
        f"{archive}.{size}d": VectorSource(
            "stanfordnlp/glove", f"{archive}.zip", f"{archive}.{size}d.txt", f"{size} numbers a word, from {texts}"
        )
        for size in sizes
    }


LICENCE = "PDDL 1.0 (public domain)"
SOURCES: Mapping[str, VectorSource] = MappingProxyType(
    _glove("glove.6B", "Wikipedia and newspapers in English, lower case", 50, 100, 200, 300)
    | _glove("glove.twitter.27B", "tweets in English, lower case", 25, 50, 100, 200)
)


def find(name: str) -> VectorSource:
    """The vectors of this name; InputError that names those there are."""
    if name not in SOURCES:
        raise InputError(
            f"no word vectors {name!r}: expected {', '.join(SOURCES)}; other files, such as fastText's .vec, need no "
            "getting: name them in training.vectors"
        )
    return SOURCES[name]


def lines(source: VectorSource, place: Path | None, *, words: int | None = None) -> Iterator[bytes]:
    """The lines of the vectors' text file, each with its end; of the `words` first words only.

    `place` is the archive, the file itself (.gz too) or a folder with either; without it, the hub is asked.

    Raises InputError for a place that has neither, and for a file that is damaged; MissingExtraError without the hub's
    library.
    """
    file = hub.download(source.repository, source.archive) if place is None else _in(place, source)
    try:
        with ExitStack() as stack:
            yield from islice(_opened(file, source, stack), words)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"{file}: the word vectors cannot be read: {error}") from None


def _in(place: Path, source: VectorSource) -> Path:
    candidates = [source.archive, source.member, f"{source.member}.gz"]
    if place.is_file():
        return place
    for name in candidates:
        if (place / name).is_file():
            return place / name
    problem = "no such file or folder" if not place.exists() else "has no word vectors of this name"
    raise InputError(f"{place}: {problem}: expected {', '.join(candidates)}")


def _opened(file: Path, source: VectorSource, stack: ExitStack) -> Iterable[bytes]:
    if file.suffix == ".gz":
        return stack.enter_context(gzip.open(file))
    if file.suffix != ".zip":
        return stack.enter_context(file.open("rb"))
    archive = stack.enter_context(zipfile.ZipFile(file))
    if source.member not in archive.namelist():
        raise InputError(f"{file}: has no {source.member}: got {', '.join(archive.namelist()[:5]) or 'nothing'}")
    return stack.enter_context(archive.open(source.member))
