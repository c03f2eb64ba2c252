"""Whatever goes wrong, a file or folder is there whole, and nothing lies beside it."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from slotfill.errors import InputError
from slotfill.files import tidy, write_files, write_folder, writing
from slotfill.locks import UNFINISHED, claimed

posix_only = pytest.mark.skipif(os.name != "posix", reason="permissions and signals of POSIX")
FULL = OSError(errno.ENOSPC, "No space left on device")


def write_one(path: Path, content: bytes) -> None:
    with writing(path) as stream:
        stream.write(content)


def write_several(path: Path, content: bytes) -> None:
    write_files({path: content})


ONE = pytest.mark.parametrize("write", [write_one, write_several])
Write = Callable[[Path, bytes], None]


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: the content of each file, None for a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


def failing(monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException, *, call: int = 1) -> list[int]:
    """Make the n-th call of a function of `os` fail; gives the list that counts the calls."""
    whole = getattr(os, name)
    calls: list[int] = []

    def fail(*arguments: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == call:
            raise error
        return whole(*arguments, **options)

    monkeypatch.setattr(os, name, fail)
    return calls


# --- one file --------------------------------------------------------------------------------------


@ONE
@pytest.mark.parametrize("content", [b"", b"new", b"x" * 1_000_000], ids=len)
def test_a_file_is_written_and_replaced(tmp_path: Path, write: Write, content: bytes) -> None:
    write(tmp_path / "a", content)
    assert tree(tmp_path) == {"a": content}
    write(tmp_path / "a", content + b"er")
    assert tree(tmp_path) == {"a": content + b"er"}


def test_the_name_may_be_text_and_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with writing("a") as stream:
        stream.write(b"1")
        assert {name[: len(UNFINISHED)] for name in tree(tmp_path)} == {UNFINISHED}  # nothing at the path itself
    write_files({"b": b"2"})
    assert tree(tmp_path) == {"a": b"1", "b": b"2"}


def test_the_longest_name_that_a_file_may_have(tmp_path: Path) -> None:
    write_one(tmp_path / ("a" * 255), b"1")
    assert tree(tmp_path) == {"a" * 255: b"1"}


@posix_only
@ONE
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_permission_bits_are_kept(tmp_path: Path, write: Write, mode: int) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "a").chmod(mode)
    write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o7777 == mode


@ONE
def test_a_read_only_file_is_not_replaced(tmp_path: Path, write: Write) -> None:
    """By its bits: root, who may write to it all the same, has not said so either."""
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(InputError, match="a: cannot be written: it is read-only"):
        write(tmp_path / "a", b"new")
    assert tree(tmp_path) == {"a": b"old"}


@posix_only
@ONE
def test_nor_a_file_of_others(as_nobody: Path, write: Write) -> None:
    if os.getuid():
        pytest.skip("root may read everything: only root can make a file of others")
    os.seteuid(0)
    (as_nobody / "a").write_bytes(b"old")
    os.seteuid(65534)
    with pytest.raises(InputError, match="a: cannot be written: it is read-only"):
        write(as_nobody / "a", b"new")
    assert tree(as_nobody) == {"a": b"old"}


@posix_only
@ONE
def test_a_new_file_has_the_usual_permissions(tmp_path: Path, write: Write) -> None:
    (tmp_path / "usual").touch()
    write(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


@posix_only
@ONE
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(tmp_path: Path, write: Write, there: bool) -> None:
    (tmp_path / "far").mkdir()
    if there:
        (tmp_path / "far" / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "a")
    write(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path) == {"far": None, "far/a": b"new", "link": b"new"}


@posix_only
@ONE
def test_a_device_is_written_to_directly(write: Write) -> None:
    write(Path(os.devnull), b"1")
    assert Path(os.devnull).is_char_device()


@posix_only
def test_a_pipe_is_written_to_directly(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        write_one(tmp_path / "pipe", b"1")
        assert reader.communicate()[0] == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@posix_only
def test_a_closed_pipe_is_not_an_input_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (
        subprocess.Popen(["head", "-c", "1", tmp_path / "pipe"], stdout=subprocess.DEVNULL),
        pytest.raises(BrokenPipeError),
    ):
        write_one(tmp_path / "pipe", b"x" * 1_000_000)


@ONE
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "Is a directory"),
        ("file/a", "Not a directory"),
        pytest.param("full", "No space left on device", marks=posix_only),
    ],
)
def test_an_error_names_the_path_that_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("file").touch()
    if name == "full":
        Path("full").symlink_to("/dev/full")
    before = tree(tmp_path)
    with pytest.raises(InputError) as caught:
        write(Path(name), b"new")
    assert str(caught.value).startswith(f"{name}: cannot be written: ")
    if write is write_one:
        assert str(caught.value).endswith(reason)
    assert tree(tmp_path) == before


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder of a user who may not write everywhere, which root is for as long as it lasts."""
    with TemporaryDirectory() as folder:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        yield Path(folder)
        if is_root:
            os.seteuid(0)


@posix_only
@ONE
def test_a_read_only_folder(as_nobody: Path, write: Write) -> None:
    shut = as_nobody / "shut"
    shut.mkdir()
    (shut / "a").write_bytes(b"old")
    shut.chmod(0o500)
    with pytest.raises(InputError, match="a: cannot be written: Permission denied"):
        write(shut / "a", b"new")
    assert tree(shut) == {"a": b"old"}
    shut.chmod(0o700)


@posix_only
def test_a_read_only_folder_is_replaced_and_leaves_nothing(as_nobody: Path) -> None:
    write_folder(as_nobody / "f", {"a": b"old"})
    (as_nobody / "f").chmod(0o500)
    write_folder(as_nobody / "f", {"b": b"new"})
    assert tree(as_nobody) == {"f": None, "f/b": b"new"}
    (as_nobody / "f").chmod(0o700)


def test_no_folder_is_made_for_a_stream(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written: No such file or directory"):
        write_one(tmp_path / "none" / "a", b"")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize(
    "error", [ValueError("mine"), KeyboardInterrupt(), OSError(5, "another file's error")], ids=type
)
@pytest.mark.parametrize("old", [None, b"old"])
def test_an_error_in_the_middle_leaves_the_old_file(tmp_path: Path, error: BaseException, old: bytes | None) -> None:
    if old is not None:
        (tmp_path / "a").write_bytes(old)

    def fail() -> None:
        with writing(tmp_path / "a") as stream:
            stream.write(b"half of")
            stream.flush()
            raise error

    with pytest.raises(type(error)) as caught:
        fail()
    assert caught.value is error  # also an OSError: it is not the file's
    assert tree(tmp_path) == ({} if old is None else {"a": old})


@ONE
@pytest.mark.parametrize("function", ["replace", "chmod"])
@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()], ids=type)
def test_a_failing_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, function: str, error: BaseException
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    calls = failing(monkeypatch, function, error)
    with pytest.raises((InputError, KeyboardInterrupt)):
        write(tmp_path / "a", b"new")
    assert calls
    assert tree(tmp_path) == {"a": b"old"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_only_at_the_end() -> None:
    with pytest.raises(InputError, match="/dev/full: cannot be written: No space left"), writing("/dev/full") as stream:
        stream.write(b"little, and so still in the buffer")


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_killed_in_the_middle(tmp_path: Path, number: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    code = (
        "import os, sys; from slotfill.files import writing\n"
        "try:\n"
        "    with writing(sys.argv[1]) as stream:\n"
        "        stream.write(b'half'); stream.flush(); os.kill(os.getpid(), int(sys.argv[2]))\n"
        "        import time; time.sleep(10)\n"
        "except KeyboardInterrupt: sys.exit(130)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a"), str(int(number))]
    done = subprocess.run(command, check=False)
    assert done.returncode == (130 if number == signal.SIGINT else -number)
    assert (tmp_path / "a").read_bytes() == b"old"
    hidden = [name for name in tree(tmp_path) if name != "a"]
    assert bool(hidden) == (number == signal.SIGKILL)
    assert all(name.startswith(UNFINISHED) for name in hidden)
    write_one(tmp_path / "b", b"")  # whoever writes here next removes what the dead left
    assert tree(tmp_path) == {"a": b"old", "b": b""}


# --- several files ---------------------------------------------------------------------------------


def test_several_files_in_folders_that_are_made(tmp_path: Path) -> None:
    write_files({tmp_path / "x" / "y" / "a": b"1", tmp_path / "x" / "b": b"2", tmp_path / "c": b"3"})
    assert tree(tmp_path) == {"x": None, "x/y": None, "x/y/a": b"1", "x/b": b"2", "c": b"3"}


def test_no_file_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files({})
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()], ids=type)
@pytest.mark.parametrize(
    ("function", "call"),
    [("chmod", 1), ("chmod", 2), *(("rename", call) for call in range(1, 7)), ("open", 1)],
)
def test_all_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, function: str, call: int
) -> None:
    old = {"a": b"old a", "b": b"old b"}
    for name, content in old.items():
        (tmp_path / name).write_bytes(content)
    if function == "open":
        monkeypatch.setattr("slotfill.files._NamingFile.write", lambda *_: (_ for _ in ()).throw(error))
    else:
        failing(monkeypatch, function, error, call=call)
    new = {tmp_path / name: b"new" for name in ("a", "deep/er/c", "b")}
    with pytest.raises((InputError, KeyboardInterrupt, OSError)):
        write_files(new)
    monkeypatch.undo()
    assert tree(tmp_path) == old


@pytest.mark.parametrize("call", range(1, 7))
def test_all_or_none_where_the_interrupt_comes_after_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    old = {"a": b"old a", "b": b"old b"}
    for name, content in old.items():
        (tmp_path / name).write_bytes(content)
    whole, calls = os.rename, []

    def interrupted(*paths: str) -> None:
        whole(*paths)
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "rename", interrupted)
    new = {tmp_path / name: b"new" for name in ("a", "b", "c")}
    try:
        write_files(new)
    except KeyboardInterrupt:
        assert tree(tmp_path) == old
    else:
        assert tree(tmp_path) == dict.fromkeys("abc", b"new")
    assert sum(calls) >= min(call, 5)


def test_the_interrupt_comes_just_after_a_single_file_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"old")
    whole = os.replace

    def interrupted(*paths: str) -> None:
        whole(*paths)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_files({tmp_path / "a": b"new"})
    assert tree(tmp_path) == {"a": b"new"}


def test_the_second_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder: cannot be written: Is a directory"):
        write_files({tmp_path / "a": b"new", tmp_path / "new" / "b": b"new", tmp_path / "folder": b"new"})
    assert tree(tmp_path) == {"a": b"old", "folder": None}


# --- folders ---------------------------------------------------------------------------------------


def test_a_folder_replaces_another_as_a_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "new" / "f", {"a": b"1", "b": b"2"})
    assert tree(tmp_path) == {"new": None, "new/f": None, "new/f/a": b"1", "new/f/b": b"2"}
    (tmp_path / "new" / "f" / "deep").mkdir()
    (tmp_path / "new" / "f" / "deep" / "d").touch()
    write_folder(tmp_path / "new" / "f", {"c": b"3"})
    assert tree(tmp_path) == {"new": None, "new/f": None, "new/f/c": b"3"}


@posix_only
def test_a_folder_behind_a_link_and_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "old").touch()
    (tmp_path / "far").chmod(0o750)
    (tmp_path / "link").symlink_to(tmp_path / "far")
    write_folder(tmp_path / "link", {"a": b"1"})
    assert (tmp_path / "link").is_symlink()
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["a"]
    assert (tmp_path / "far").stat().st_mode & 0o7777 == 0o750


@posix_only
def test_what_a_link_in_the_old_folder_points_to_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis").write_bytes(b"the only copy")
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "link").symlink_to(tmp_path / "precious")
    write_folder(tmp_path / "f", {})
    assert tree(tmp_path) == {"f": None, "precious": None, "precious/thesis": b"the only copy"}


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="a: cannot be written"):
        write_folder(tmp_path / "file" / "a", {"b": b""})
    assert tree(tmp_path) == {"file": b""}


@pytest.mark.parametrize("error", [FULL, KeyboardInterrupt()], ids=type)
@pytest.mark.parametrize(("function", "call"), [("mkdir", 1), ("mkdir", 4), ("chmod", 1), ("rename", 1), ("rename", 2)])
def test_the_old_folder_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, function: str, call: int
) -> None:
    write_folder(tmp_path / "f", {"a": b"old"})
    monkeypatch.setattr("slotfill.files._exchanged", lambda *_: False)  # as where the system cannot
    calls = failing(monkeypatch, function, error, call=call)
    with pytest.raises((InputError, KeyboardInterrupt)):
        write_folder(tmp_path / "f", {"a": b"new"})
    monkeypatch.undo()
    assert calls
    assert tree(tmp_path) == {"f": None, "f/a": b"old"}


def test_a_first_folder_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "rename", FULL)
    with pytest.raises(InputError, match="f: cannot be written: No space left on device"):
        write_folder(tmp_path / "deep" / "er" / "f", {"a": b"new"})
    assert tree(tmp_path) == {}


# --- what killed processes leave, and what living ones write ---------------------------------------

LEFT = """
import os, signal, sys
from slotfill import files
kept = getattr(os, sys.argv[1])
calls = []
def dying(*arguments, **options):
    calls.append(1)
    if len(calls) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return kept(*arguments, **options)
files._exchanged = lambda *_: False
setattr(os, sys.argv[1], dying)
if sys.argv[3] == "files":
    files.write_files({name: b"new" for name in ("a", "b", "c")})
else:
    files.write_folder("f", {"a": b"new"})
"""


@posix_only
@pytest.mark.parametrize(
    ("kind", "call"), [*(("files", call) for call in range(1, 6)), *(("folder", call) for call in (1, 2))]
)
def test_a_kill_between_renames_is_mended_by_who_comes_next(tmp_path: Path, kind: str, call: int) -> None:
    """Every file is whole by then, so that the writing is ended, not undone."""
    old = {"a": b"old", "b": b"old"} if kind == "files" else {"f": None, "f/z": b"old"}
    new: dict[str, bytes | None] = dict.fromkeys("abc", b"new") if kind == "files" else {"f": None, "f/a": b"new"}
    for name, content in old.items():
        (tmp_path / name).mkdir() if content is None else (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", LEFT, "rename", str(call), kind]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == -signal.SIGKILL
    assert any(name.startswith(UNFINISHED) for name in tree(tmp_path))
    tidy(tmp_path)
    assert tree(tmp_path) == new


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    with writing(tmp_path / "a") as stream:
        stream.write(b"1")
        tidy(tmp_path)
        write_one(tmp_path / "b", b"2")
    assert tree(tmp_path) == {"a": b"1", "b": b"2"}


def test_a_draft_of_another_machine_is_left_alone_for_a_day(tmp_path: Path) -> None:
    """A network drive may keep the locks of each machine to itself."""
    draft = tmp_path / f"{UNFINISHED}0123456789abcdef"
    (draft / "new").mkdir(parents=True)
    (draft / "lock").write_text("1 elsewhere")
    tidy(tmp_path)
    assert draft.is_dir()
    os.utime(draft / "lock", (0, 0))
    tidy(tmp_path)
    assert tree(tmp_path) == {}


def test_one_process_at_a_time(tmp_path: Path) -> None:
    code = (
        "import sys; from slotfill.files import alone, writing\n"
        "with alone('a'), writing('a') as stream:\n"  # again by the same thread
        "    print('begun', flush=True); sys.stdin.read(); stream.write(b'1')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"begun\n"
        for writes in (write_one, write_several):
            with pytest.raises(InputError, match=f"a: process {other.pid} is writing it: wait for it, or name another"):
                writes(tmp_path / "a", b"2")
        with pytest.raises(InputError, match="is writing it"):
            write_folder(tmp_path / "a", {})
        write_one(tmp_path / "b", b"2")
        other.communicate(b"")
    assert tree(tmp_path) == {"a": b"1", "b": b"2"}


def test_a_lock_that_somebody_left_blocks_nobody(tmp_path: Path) -> None:
    lock = tmp_path / f"{UNFINISHED}a.lock"
    lock.write_text("1 elsewhere")
    with claimed(tmp_path / "a"):
        assert lock.read_text().startswith(f"{os.getpid()} ")
    assert tree(tmp_path) == {}


def test_where_there_are_no_locks_nobody_waits_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slotfill.locks.lock", lambda _: (_ for _ in ()).throw(OSError(errno.ENOLCK, "no locks")))
    with writing(tmp_path / "a") as stream:
        tidy(tmp_path)  # nobody can know who is alive
        stream.write(b"1")
    assert (tmp_path / "a").read_bytes() == b"1"


def test_another_thread_is_not_the_same(tmp_path: Path) -> None:
    from threading import Thread

    told: list[str] = []

    def other() -> None:
        try:
            write_one(tmp_path / "a", b"2")
        except InputError as error:
            told.append(str(error))

    with claimed(tmp_path / "a"):
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert ["is writing it" in one for one in told] == [True]
    assert tree(tmp_path) == {}
