"""Files that one process at a time may have; the system gives the lock back when the process ends, however it ends.

A lock is one of the system (flock, or on Windows a locked byte), never the mere presence of a file: what a killed
process leaves behind blocks nobody. Where a file system has no locks, as some network drives, there are none.
"""

import os
from _thread import get_ident
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from slotfill.errors import InputError

UNFINISHED = ".unfinished-"  # the prefix of every hidden name
_ENDING = ".lock"
_LONGEST = 255 - len(UNFINISHED) - len(_ENDING)  # bytes of a name that the name of its lock has room for

AnyPath = str | os.PathLike[str]

if os.name == "nt":
    import msvcrt

    _FAR = 1 << 40  # the byte that is locked, where nobody reads

    def lock(descriptor: int) -> None:
        """Lock an open file until it is closed; BlockingIOError if another has it, OSError if there are no locks."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def lock(descriptor: int) -> None:
        """Lock an open file until it is closed; BlockingIOError if another has it, OSError if there are no locks."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def locked(path: str) -> int | None:
    """Open a file and lock it, made if need be, until the descriptor is closed; None if another process has it.

    Its content then says whose it is. OSError if it cannot be opened, or if its file system has no locks.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), os.stat(path)):
                with suppress(OSError):  # a full disk
                    os.truncate(descriptor, 0)
                    os.write(descriptor, f"{os.getpid()} {_host()}".encode())
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # who had it before has just removed it: ours has no name any more


def owner_of(path: str) -> tuple[str, str]:
    """The process and the machine that a lock's content names; empty where it names none."""
    try:
        with open(path, "rb") as file:
            process, _, host = file.read(1000).decode(errors="replace").partition(" ")
    except OSError:
        return "", ""
    return process, host


def is_of_this_machine(host: str) -> bool:
    """Say whether a lock is one of this machine, or of nobody."""
    return host in ("", _host())


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


_claims: dict[str, int] = {}  # the locks of this process -> the thread that has them


@contextmanager
def claimed(path: AnyPath) -> Iterator[None]:
    """Keep everybody else from writing to a path until the block ends; its folder must be there.

    The same thread may claim a path again. InputError at once if another process, or another thread, has it.
    """
    target = os.path.realpath(path)
    beside = lock_of(target)
    if _claims.get(beside) == get_ident():
        yield
        return
    descriptor = None
    try:
        try:
            descriptor = locked(beside)
        except OSError:  # no locks here, or a folder in which nothing can be written, as the writing will say
            pass
        else:
            if descriptor is None:
                raise InputError(f"{os.fspath(path)}: {_owner(beside)} is writing it: wait for it, or name another one")
            _claims[beside] = get_ident()
        yield
    finally:
        if descriptor is not None:
            _claims.pop(beside, None)
            os.close(descriptor)
        surely(sweep, beside)


def _owner(path: str) -> str:
    process, host = owner_of(path)
    who = f"process {process}" if process else "another process"
    return who if is_of_this_machine(host) else f"{who} on {host}"


def lock_of(target: str) -> str:
    """The hidden file beside a path that is locked while the path is claimed."""
    folder, name = os.path.split(target)
    if len(os.fsencode(name)) > _LONGEST:
        from zlib import crc32

        name = f"{crc32(os.fsencode(name)):08x}"
    return os.path.join(folder, f"{UNFINISHED}{name}{_ENDING}")


def is_lock(name: str) -> bool:
    """Say whether a name is that of a lock of `claimed`."""
    return name.startswith(UNFINISHED) and name.endswith(_ENDING)


def sweep(path: str) -> None:
    """Remove a lock of `claimed`, unless a process has it."""
    with suppress(OSError):
        descriptor = locked(path) if os.path.lexists(path) else None
        if descriptor is not None:
            if os.name == "nt":  # an open file cannot be removed there
                os.close(descriptor)
            try:
                os.unlink(path)
            finally:
                if os.name != "nt":
                    os.close(descriptor)


def surely(tidy: Callable[[str], None], path: str) -> None:
    """Call what tidies a path up; once more if it is interrupted, and only then end."""
    try:
        tidy(path)
    except BaseException:
        tidy(path)
        raise
