"""Write files and folders atomically: whole or not at all.

Everything is written into a hidden folder beside its target, a draft, and renamed when complete. An error, a Ctrl-C or
a full disk leaves what was there before, and nothing else. Only a kill may leave the draft behind; whoever writes into
the same folder next removes it, unless a living process has it. Links are followed, and an existing file or folder
keeps its permission bits. By `os.path`, since importing `pathlib` takes longer than tagging a sentence.

    .unfinished-ID/lock    locked by the process that writes, as long as it lives (slotfill/locks.py)
    .unfinished-ID/new     what will be there
    .unfinished-ID/old     what was there, while several things change places
    .unfinished-ID/whole   all of `new` is complete: now a kill does not undo the writing; who comes next ends it
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from io import BufferedWriter, FileIO
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

from slotfill.errors import InputError
from slotfill.locks import UNFINISHED, AnyPath, claimed, is_lock, is_of_this_machine, locked, owner_of, surely, sweep

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_BUFFER = 1 << 16  # bytes
_DAY = 86_400  # seconds

_Path = TypeVar("_Path", bound=AnyPath)


@contextmanager
def writing(path: AnyPath, *, is_shared: bool = False) -> Iterator[BinaryIO]:
    r"""Open a stream whose content replaces the file when the block ends without an error.

    A pipe or a device (`/dev/stdout`) is written to directly. With `is_shared`, other processes may write the same file
    at the same time, of which the last one wins. Raises InputError if the file cannot be written, or another process
    writes it, and BrokenPipeError if the reader of a pipe has gone.

    >>> with writing("scores.txt") as stream:
    ...     stream.write(b"F1 0.961\n")
    """
    with _opened(path, is_shared=is_shared) as (stream, place):
        yield stream
        with _naming(path):
            stream.close()  # flushes the buffer
            if place is not None:
                os.replace(place.new, place.target)  # in one step: the target exists at every moment


def write_files(contents: Mapping[_Path, bytes]) -> None:
    """Write several files, all or none; missing folders are created. Raises InputError."""
    with ExitStack() as stack:
        places: dict[str, _Place] = {}
        for path, content in contents.items():
            stack.enter_context(_folder_of(path))
            drafts = {place.folder: place.draft for place in places.values()}
            stream, place = stack.enter_context(_opened(path, drafts=drafts))
            with _naming(path):
                stream.write(content)
                stream.close()
            if place is not None:
                places[place.target] = place
        if len(places) == 1:
            (place,) = places.values()
            with _naming(place.path):
                os.replace(place.new, place.target)
        else:
            _put(list(places.values()))


def write_folder(path: AnyPath, contents: Mapping[str, bytes]) -> None:
    """Write a folder of files (name -> content), replacing an existing one; missing parents are created.

    A name with slashes is that of a file in a folder of the folder. Raises InputError.
    """
    target = _real(path)
    with _folder_of(path), claimed(path), _drafted(path, target) as draft:
        place = _Place(path, target, draft)
        with _naming(path):
            os.mkdir(place.new)
            for name, content in contents.items():
                os.makedirs(os.path.dirname(os.path.join(place.new, name)), exist_ok=True)
                with open(os.path.join(place.new, name), "xb") as stream:
                    stream.write(content)
            mode = _mode_of(target)
            if mode is None:
                os.rename(place.new, target)
                return
            os.chmod(place.new, mode | 0o700)
            is_shut = mode | 0o700 != mode  # a folder that its owner may not write to cannot change its parent
            if is_shut:
                os.chmod(target, mode | 0o700)
            try:
                if not _exchanged(place.new, target):
                    _put([place])
            finally:
                if is_shut:
                    os.chmod(target, mode)


@contextmanager
def alone(path: AnyPath) -> Iterator[None]:
    """Keep everybody else from writing to a path until the block ends; missing folders above it are created.

    What killed processes left beside it is removed. InputError at once if another process is writing to the path.
    """
    with _folder_of(path), claimed(path):
        tidy(os.path.dirname(_real(path)))
        yield


def tidy(folder: AnyPath) -> None:
    """Remove from a folder what killed processes left there, and end the writings that they had decided.

    What living processes write is not touched. It never fails: what cannot be removed stays.
    """
    with suppress(OSError):
        entries = [(entry.name, entry.path) for entry in os.scandir(folder) if entry.name.startswith(UNFINISHED)]
        for name, path in entries:
            if is_lock(name):
                sweep(path)
            elif os.path.isdir(path):
                _settle(path)


# --- drafts ----------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """What is written: the path as the user gave it, where it leads, and the draft."""

    path: AnyPath
    target: str
    draft: str

    @property
    def folder(self) -> str:
        return os.path.dirname(self.target)

    @property
    def new(self) -> str:
        return os.path.join(self.draft, "new", os.path.basename(self.target))

    @property
    def old(self) -> str:
        return os.path.join(self.draft, "old", os.path.basename(self.target))


@contextmanager
def _opened(
    path: AnyPath, *, drafts: Mapping[str, str] | None = None, is_shared: bool = False
) -> Iterator[tuple[BinaryIO, _Place | None]]:
    """A stream, and the place of what it writes (None: it writes to the target directly).

    `drafts` are those that there are already, by their folders.
    """
    target = _real(path)
    is_direct = os.path.exists(target) and not os.path.isfile(target)
    with ExitStack() as stack:
        place = None
        if not is_direct:
            if not is_shared:
                stack.enter_context(claimed(path))
            draft = (drafts or {}).get(os.path.dirname(target))
            known = nullcontext(draft) if draft is not None else _drafted(path, target, tidies=not is_shared)
            place = _Place(path, target, stack.enter_context(known))
        with _naming(path):
            if place is not None:
                _check_may_be_written(target)
            stream = BufferedWriter(_NamingFile(target if place is None else place.new, path), _BUFFER)
            stack.callback(_close, stream)
            if place is not None and (mode := _mode_of(target)) is not None:
                os.chmod(place.new, mode)
        yield stream, place


@contextmanager
def _drafted(path: AnyPath, target: str, *, tidies: bool = True) -> Iterator[str]:
    """A draft in the folder of a target, removed when the block ends; what the dead left there is removed first."""
    folder = os.path.dirname(target)
    if tidies:
        tidy(folder)
    lock = None
    draft = ""
    try:
        with _naming(path):
            while lock is None:
                draft = os.path.join(folder, f"{UNFINISHED}{os.urandom(8).hex()}")
                os.mkdir(draft)
                try:
                    lock = locked(os.path.join(draft, "lock"))
                except FileNotFoundError:  # who tidied up took it for a dead one's
                    continue
                except OSError:  # no locks here
                    break
            for part in ("new", "old"):
                os.mkdir(os.path.join(draft, part))
        yield draft
    finally:
        if lock is not None:
            os.close(lock)
        surely(_remove, draft)


def _settle(draft: str) -> None:
    """Remove a draft whose process has gone; what was whole is put into its place."""
    lock = os.path.join(draft, "lock")
    if not os.path.exists(lock):  # not yet, or not any more: then there is nothing else
        os.rmdir(draft)
        return
    # a network drive may keep locks to each machine
    if not is_of_this_machine(owner_of(lock)[1]) and time.time() - os.stat(lock).st_mtime < _DAY:
        return
    descriptor = locked(lock)
    if descriptor is None:
        return
    try:
        if os.path.exists(os.path.join(draft, "whole")):
            for name in os.listdir(os.path.join(draft, "new")):
                target = os.path.join(os.path.dirname(draft), name)
                _exchange_places(_Place(target, target, draft))
    finally:
        os.close(descriptor)
        _remove(draft)


def _put(places: Sequence[_Place]) -> None:
    """Put several things into their places, all or none.

    What exists is moved aside first, and moved back if anything fails. What must be undone is read from the disk, so
    that a Ctrl-C between two steps does no harm. A kill between two steps is mended by `_settle`.
    """
    marks = {os.path.join(place.draft, "whole"): place for place in places}
    try:
        for mark, place in marks.items():
            with _naming(place.path), open(mark, "xb"):
                pass
        for place in places:
            with _naming(place.path):
                _exchange_places(place)
    except BaseException:
        for place in places:
            if not os.path.lexists(place.new):
                with suppress(OSError):
                    os.rename(place.target, place.new)
            with suppress(OSError):
                _move(place.old, place.target)
        for mark in marks:
            with suppress(OSError):
                os.unlink(mark)
        raise


def _exchange_places(place: _Place) -> None:
    """Move the old aside, if there is one, and the new into its place."""
    _move(place.target, place.old)
    os.rename(place.new, place.target)


def _exchanged(one: str, other: str) -> bool:
    """Let two paths change places in one step, so that both exist at every moment; False where that is unknown."""
    import ctypes

    here = -100  # AT_FDCWD
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None)
        if hasattr(system, "renameat2"):  # Linux: RENAME_EXCHANGE
            return bool(system.renameat2(here, first, here, second, 2) == 0)
        return bool(system.renamex_np(first, second, 2) == 0)  # macOS: RENAME_SWAP
    except (AttributeError, OSError, TypeError):  # TypeError: on Windows the C library has a name
        return False


# --- one file --------------------------------------------------------------------------------------


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


def _real(path: AnyPath) -> str:
    with _naming(path):  # the folder that we are in may have gone
        return os.path.realpath(path)


def _check_may_be_written(target: str) -> None:
    """OSError for a file that is read-only, which a rename would replace all the same."""
    mode = _mode_of(target)
    effective = os.access in os.supports_effective_ids
    if mode is not None and not (mode & 0o222 and os.access(target, os.W_OK, effective_ids=effective)):
        raise PermissionError(0, "it is read-only: remove it, or give it write permission")


@contextmanager
def _folder_of(path: AnyPath) -> Iterator[None]:
    """Create the missing folders above a path; remove them again if the block fails."""
    folder = os.path.dirname(_real(path))
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


def _move(path: str, to: str) -> None:
    """Rename a path if it exists."""
    with suppress(FileNotFoundError):
        os.rename(path, to)


def _mode_of(target: str) -> int | None:
    """The permission bits of what is there; None if there is nothing."""
    try:
        return os.stat(target).st_mode & 0o7777
    except FileNotFoundError:
        return None


def _remove(draft: str) -> None:
    """Remove a draft if it exists, as far as possible: last its lock, which keeps others away."""
    for part in ("new", "old"):
        _empty(os.path.join(draft, part))
        with suppress(OSError):
            os.rmdir(os.path.join(draft, part))
    for name in ("whole", "lock"):
        with suppress(OSError):
            os.unlink(os.path.join(draft, name))
    with suppress(OSError):
        os.rmdir(draft)


def _empty(folder: str) -> None:
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            import shutil

            os.chmod(entry.path, 0o700)  # a read-only folder could not be emptied
            shutil.rmtree(entry.path, ignore_errors=True)
