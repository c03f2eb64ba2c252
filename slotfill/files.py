"""Files and folders that appear whole or not at all.

Everything is first written under a hidden name in the same folder, and renamed when it is complete. So an error, a
Ctrl-C or a full disk leaves what was there before, and nothing else. (After a kill the hidden name may stay.)

A link is followed, and an existing file or folder keeps its permission bits. Paths are handled by `os.path`, since
importing `pathlib` takes longer than tagging a sentence.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedWriter, FileIO
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from slotfill.errors import InputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

UNFINISHED = ".unfinished-"  # how every hidden name begins
_BUFFER = 1 << 16  # bytes

AnyPath = str | os.PathLike[str]
_Path = TypeVar("_Path", bound=AnyPath)


@contextmanager
def writing(path: AnyPath) -> Iterator[BinaryIO]:
    r"""A stream into a file, which is replaced when the block ends without an error.

    A pipe or a device (`/dev/stdout`) is written to as it is. Raises InputError if the file cannot be written;
    BrokenPipeError if nobody reads the pipe any more.

    >>> with writing("scores.txt") as stream:
    ...     stream.write(b"F1 0.961\n")
    """
    with _draft(path) as (stream, fresh, whole):
        yield stream
        with _told(path):
            stream.close()  # writes what is still in the buffer
        if fresh is not None:
            _replace(fresh, whole, path)


def write_files(contents: Mapping[_Path, bytes]) -> None:
    """Write several files, all of them or none; missing folders are made. Raises InputError."""
    with ExitStack() as stack:
        renames: dict[str, tuple[_Path, str]] = {}
        for path, content in contents.items():
            stack.enter_context(_folder_of(path))
            stream, fresh, whole = stack.enter_context(_draft(path))
            with _told(path):
                stream.write(content)
                stream.close()
            if fresh is not None:
                renames[whole] = path, fresh
        if len(renames) == 1:
            ((whole, (path, fresh)),) = renames.items()
            _replace(fresh, whole, path)
        else:
            _rename(renames)


def write_folder(path: AnyPath, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files by name, in place of the folder that is there; missing parents are made.

    Raises InputError.
    """
    whole = os.path.realpath(path)
    fresh = _neighbour(whole)
    with _folder_of(path):
        try:
            with _told(path):
                os.mkdir(fresh)
                for name, content in contents.items():
                    with open(os.path.join(fresh, name), "xb") as stream:
                        stream.write(content)
                _keep_mode(whole, fresh)
            _rename({whole: (path, fresh)})
        finally:
            _remove(fresh)


@contextmanager
def _draft(path: AnyPath) -> Iterator[tuple[BinaryIO, str | None, str]]:
    """A stream, the hidden file that it writes to (None: it writes to the path itself), and the file's real path."""
    whole = os.path.realpath(path)
    fresh = _neighbour(whole) if os.path.isfile(whole) or not os.path.exists(whole) else None
    with ExitStack() as stack:
        if fresh is not None:
            stack.callback(_remove, fresh)
        with _told(path):
            stream = BufferedWriter(_Raw(fresh or whole, path), _BUFFER)
            stack.callback(_close, stream)
            if fresh is not None:
                _keep_mode(whole, fresh)
        yield stream, fresh, whole


def _close(stream: BinaryIO) -> None:
    with suppress(OSError, InputError):  # it was told already
        stream.close()


class _Raw(FileIO):
    """A file whose errors name the path that the user gave."""

    def __init__(self, name: str, path: AnyPath) -> None:
        super().__init__(name, "w")
        self._path = path

    def write(self, data: "ReadableBuffer", /) -> int:
        with _told(self._path):
            return super().write(data)


@contextmanager
def _told(path: AnyPath) -> Iterator[None]:
    """Turn an OSError into an InputError that names `path`."""
    try:
        yield
    except BrokenPipeError:  # whoever read it has gone, which is no error
        raise
    except OSError as error:
        raise InputError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from None


@contextmanager
def _folder_of(path: AnyPath) -> Iterator[None]:
    """Make the folders above a path; remove them again if the block fails."""
    folder = os.path.dirname(os.path.realpath(path))
    missing = []
    above = folder
    while not os.path.lexists(above) and above != os.path.dirname(above):
        missing.append(above)
        above = os.path.dirname(above)
    try:
        if missing:
            with _told(path):
                os.makedirs(folder, exist_ok=True)
        yield
    except BaseException:
        for made in missing:
            with suppress(OSError):  # somebody else may have put something there
                os.rmdir(made)
        raise


def _replace(fresh: str, whole: str, path: AnyPath) -> None:
    """Rename one hidden file: in one step, so that there is a file at every moment."""
    with _told(path):
        os.replace(fresh, whole)


def _rename(renames: Mapping[str, tuple[AnyPath, str]]) -> None:
    """Rename hidden files or folders: real path -> (path for messages, hidden path). All of them or none.

    What is there is set aside first, and put back if anything fails. What has to be undone is read from the disk, so
    that a Ctrl-C between two steps does no harm.
    """
    aside = {whole: _neighbour(whole) for whole in renames}
    try:
        for whole, (path, fresh) in renames.items():
            with _told(path):
                _move(whole, aside[whole])
                os.rename(fresh, whole)
    except BaseException:
        for whole, (_, fresh) in renames.items():
            if not os.path.lexists(fresh):
                with suppress(OSError):
                    os.rename(whole, fresh)
            with suppress(OSError):
                _move(aside[whole], whole)
        raise
    finally:
        for whole, old in aside.items():
            if os.path.lexists(whole):
                _remove(old)


def _move(path: str, to: str) -> None:
    """Rename what is there, if anything is."""
    with suppress(FileNotFoundError):
        os.rename(path, to)


def _keep_mode(whole: str, fresh: str) -> None:
    """Give the new file or folder the permission bits of the old one."""
    with suppress(FileNotFoundError):
        os.chmod(fresh, os.stat(whole).st_mode & 0o7777)


def _neighbour(whole: str) -> str:
    """A hidden path in the same folder, and nobody else's."""
    return os.path.join(os.path.dirname(whole), f"{UNFINISHED}{os.urandom(8).hex()}")


def _remove(path: str) -> None:
    """Remove a file or a folder, if it is there and as far as that can be done."""
    with suppress(OSError):
        if not os.path.isdir(path):
            os.unlink(path)
            return
        import shutil

        os.chmod(path, 0o700)  # or a read-only folder could not be emptied
        shutil.rmtree(path, ignore_errors=True)
