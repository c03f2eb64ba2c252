"""Files and folders: those of this machine, and with pyarrow those of an address (`s3://`, `gs://`, `hdfs://`)."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol, cast
from uuid import uuid4

from slotfill import files
from slotfill.errors import InputError, MissingExtraError
from slotfill.locks import UNFINISHED


class File(NamedTuple):
    """A file in a listing; `modified` is in nanoseconds, None if the storage does not know."""

    path: str
    bytes: int
    modified: int | None


class Storage(Protocol):
    """What differs between storages. Every method may raise OSError."""

    def files(self, path: str) -> list[File]:
        """The file at `path`, or the files directly in that folder, by name; FileNotFoundError if neither exists."""

    def open(self, path: str) -> BinaryIO:
        """Open a file that can seek."""

    def make(self, folder: str) -> None:
        """Make a folder and its parents, unless they exist."""

    def writing(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Write a file that appears whole or not at all, even if other processes write it at the same time.

        Until it is complete, or after a kill, its name begins with `UNFINISHED`.
        """

    def tidy(self, folder: str) -> None:
        """Remove what killed processes left behind in a folder."""


class _Here:
    """This machine, through the standard library."""

    def files(self, path: str) -> list[File]:
        if not Path(path).is_dir():
            return [self._file(path)]
        return sorted(self._file(str(entry)) for entry in Path(path).iterdir() if entry.is_file())

    def _file(self, path: str) -> File:
        found = Path(path).stat()
        return File(path, found.st_size, found.st_mtime_ns)

    def open(self, path: str) -> BinaryIO:
        return Path(path).open("rb")

    def make(self, folder: str) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)

    def writing(self, path: str) -> AbstractContextManager[BinaryIO]:
        return files.writing(path, is_shared=True)

    def tidy(self, folder: str) -> None:
        files.tidy(folder)


class _Arrow:
    """A file system of pyarrow."""

    def files(self, path: str) -> list[File]:
        from pyarrow.fs import FileSelector, FileType

        system, inside = self._system(path)
        found = system.get_file_info(inside)
        if found.type == FileType.NotFound:
            raise FileNotFoundError(2, "No such file or folder", path)
        infos = [found] if found.type == FileType.File else system.get_file_info(FileSelector(inside))
        base = path.rstrip("/")
        return sorted(
            File(base if info is found else f"{base}/{info.base_name}", info.size, info.mtime_ns)
            for info in infos
            if info.type == FileType.File
        )

    def open(self, path: str) -> BinaryIO:
        system, inside = self._system(path)
        return cast("BinaryIO", io.BufferedReader(system.open_input_file(inside), 1 << 20))

    def make(self, folder: str) -> None:
        system, inside = self._system(folder)
        system.create_dir(inside, recursive=True)

    @contextmanager
    def writing(self, path: str) -> Iterator[BinaryIO]:
        system, inside = self._system(path)
        fresh = f"{inside[: -len(base_name(path))]}{UNFINISHED}{uuid4().hex}"
        try:
            with system.open_output_stream(fresh) as stream:
                yield cast("BinaryIO", stream)
            system.move(fresh, inside)
        except BaseException as error:
            with suppress(OSError):
                system.delete_file(fresh)
            if isinstance(error, OSError):  # of the reader too, but that one is an InputError already
                raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
            raise

    def tidy(self, folder: str) -> None:
        for file in self.files(folder):
            if base_name(file.path).startswith(UNFINISHED):
                system, inside = self._system(file.path)
                system.delete_file(inside)

    def _system(self, path: str) -> tuple[Any, str]:
        from pyarrow import ArrowInvalid
        from pyarrow.fs import FileSystem

        try:
            return cast("tuple[Any, str]", FileSystem.from_uri(path))
        except ArrowInvalid as error:
            raise InputError(f"{path}: not an address that pyarrow knows: {error}") from None


def storage_of(path: str) -> Storage:
    """The storage of a path; MissingExtraError if it is an address and pyarrow is not installed."""
    scheme, mark, _ = path.partition("://")
    return _storage(scheme if mark else "")


@lru_cache
def _storage(scheme: str) -> Storage:
    if not scheme:
        return _Here()
    try:
        import pyarrow.fs  # noqa: F401
    except ImportError:
        raise MissingExtraError(f"{scheme}://", extra="bulk") from None
    return _Arrow()


def join(folder: str, name: str) -> str:
    """The path of a file in a folder."""
    return f"{folder.rstrip('/')}/{name}" if "://" in folder else str(Path(folder) / name)


def base_name(path: str) -> str:
    """The last component of a path."""
    return path.rstrip("/").rpartition("/")[2] if "://" in path else Path(path).name
