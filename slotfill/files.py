"""Write files and folders atomically: whole or not at all.

Everything is written under a hidden name in the same folder, and renamed when complete. An error, a Ctrl-C or a full
disk leaves what was there before, and nothing else; only a kill may leave the hidden file behind. Links are followed,
and an existing file or folder keeps its permission bits. By `os.path`, since importing `pathlib` takes longer than
tagging a sentence.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedWriter, FileIO
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from slotfill.errors import InputError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

UNFINISHED = ".unfinished-"  # the prefix of every hidden name
_BUFFER = 1 << 16  # bytes

AnyPath = str | os.PathLike[str]
_Path = TypeVar("_Path", bound=AnyPath)


@contextmanager
def writing(path: AnyPath) -> Iterator[BinaryIO]:
    r"""Open a stream whose content replaces the file when the block ends without an error.

    A pipe or a device (`/dev/stdout`) is written to directly. Raises InputError if the file cannot be written, and
    BrokenPipeError if the reader of a pipe has gone.

    >>> with writing("scores.txt") as stream:
    ...     stream.write(b"F1 0.961\n")
    """
    with _draft(path) as (stream, hidden, target):
        yield stream
        with _naming(path):
            stream.close()  # flushes the buffer
        if hidden is not None:
            _replace(hidden, target, path)


def write_files(contents: Mapping[_Path, bytes]) -> None:
    """Write several files, all or none; missing folders are created. Raises InputError."""
    with ExitStack() as stack:
        renames: dict[str, tuple[_Path, str]] = {}
        for path, content in contents.items():
            stack.enter_context(_folder_of(path))
            stream, hidden, target = stack.enter_context(_draft(path))
            with _naming(path):
                stream.write(content)
                stream.close()
            if hidden is not None:
                renames[target] = path, hidden
        if len(renames) == 1:
            ((target, (path, hidden)),) = renames.items()
            _replace(hidden, target, path)
        else:
            _rename(renames)


def write_folder(path: AnyPath, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files (name -> content), replacing an existing one; missing parents are created.

    Raises InputError.
    """
    target = os.path.realpath(path)
    hidden = _neighbour(target)
    with _folder_of(path):
        try:
            with _naming(path):
                os.mkdir(hidden)
                for name, content in contents.items():
                    with open(os.path.join(hidden, name), "xb") as stream:
                        stream.write(content)
                _keep_mode(target, hidden)
            _rename({target: (path, hidden)})
        finally:
            _remove(hidden)


@contextmanager
def _draft(path: AnyPath) -> Iterator[tuple[BinaryIO, str | None, str]]:
    """A stream, the hidden file behind it (None: it writes to the target directly), and the target's real path."""
    target = os.path.realpath(path)
    hidden = _neighbour(target) if os.path.isfile(target) or not os.path.exists(target) else None
    with ExitStack() as stack:
        if hidden is not None:
            stack.callback(_remove, hidden)
        with _naming(path):
            stream = BufferedWriter(_NamingFile(hidden or target, path), _BUFFER)
            stack.callback(_close, stream)
            if hidden is not None:
                _keep_mode(target, hidden)
        yield stream, hidden, target


def _close(stream: BinaryIO) -> None:
    with suppress(OSError, InputError):  # already reported
        stream.close()


class _NamingFile(FileIO):
    """A file whose errors name the path that the user gave, not the hidden one."""

    def __init__(self, name: str, path: AnyPath) -> None:
        super().__init__(name, "w")
        self._path = path

    def write(self, data: "ReadableBuffer", /) -> int:
        with _naming(self._path):
            return super().write(data)


@contextmanager
def _naming(path: AnyPath) -> Iterator[None]:
    """Turn an OSError into an InputError that names `path`."""
    try:
        yield
    except BrokenPipeError:  # the reader has gone: no error
        raise
    except OSError as error:
        raise InputError(f"{os.fspath(path)}: cannot be written: {error.strerror or error}") from None


@contextmanager
def _folder_of(path: AnyPath) -> Iterator[None]:
    """Create the missing folders above a path; remove them again if the block fails."""
    folder = os.path.dirname(os.path.realpath(path))
    missing = []
    above = folder
    while not os.path.lexists(above) and above != os.path.dirname(above):
        missing.append(above)
        above = os.path.dirname(above)
    try:
        if missing:
            with _naming(path):
                os.makedirs(folder, exist_ok=True)
        yield
    except BaseException:
        for created in missing:
            with suppress(OSError):  # another process may have put something there
                os.rmdir(created)
        raise


def _replace(hidden: str, target: str, path: AnyPath) -> None:
    """Rename one hidden file, in one step: the target exists at every moment."""
    with _naming(path):
        os.replace(hidden, target)


def _rename(renames: Mapping[str, tuple[AnyPath, str]]) -> None:
    """Rename hidden files or folders, all or none: real path -> (path for messages, hidden path).

    What exists is moved aside first, and moved back if anything fails. What must be undone is read from the disk, so
    that a Ctrl-C between two steps does no harm.
    """
    aside = {target: _neighbour(target) for target in renames}
    try:
        for target, (path, hidden) in renames.items():
            with _naming(path):
                _move(target, aside[target])
                os.rename(hidden, target)
    except BaseException:
        for target, (_, hidden) in renames.items():
            if not os.path.lexists(hidden):
                with suppress(OSError):
                    os.rename(target, hidden)
            with suppress(OSError):
                _move(aside[target], target)
        raise
    finally:
        for target, old in aside.items():
            if os.path.lexists(target):
                _remove(old)


def _move(path: str, to: str) -> None:
    """Rename a path if it exists."""
    with suppress(FileNotFoundError):
        os.rename(path, to)


def _keep_mode(target: str, hidden: str) -> None:
    """Give the new file or folder the permission bits of the old one."""
    with suppress(FileNotFoundError):
        os.chmod(hidden, os.stat(target).st_mode & 0o7777)


def _neighbour(target: str) -> str:
    """A new hidden path in the same folder."""
    return os.path.join(os.path.dirname(target), f"{UNFINISHED}{os.urandom(8).hex()}")


def _remove(path: str) -> None:
    """Remove a file or a folder if it exists, and as far as possible."""
    with suppress(OSError):
        if not os.path.isdir(path):
            os.unlink(path)
            return
        import shutil

        os.chmod(path, 0o700)  # a read-only folder could not be emptied
        shutil.rmtree(path, ignore_errors=True)
