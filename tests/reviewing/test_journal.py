"""A file that grows by whole lines."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from slotfill.errors import InputError
from slotfill.reviewing.journal import Journal

PATIENCE = 60  # seconds; a guard against hanging, not a measure


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "out.jsonl"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    opened = Journal(path)
    yield opened
    opened.close()


def test_lines_are_added_and_taken_back(journal: Journal, path: Path) -> None:
    for line in (b"one", b"two", b"three"):
        journal.add(line)
    journal.take_back()
    assert journal.lines == [b"one", b"two"]
    assert path.read_bytes() == b"one\ntwo\n"


@pytest.mark.parametrize("before", [b"x\r\n\ny\n", b"x\r\n\ny"])
def test_what_was_there_is_not_touched(path: Path, before: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(before)
    journal = Journal(path)
    assert journal.lines == [b"x\r", b"", b"y"]
    journal.add(b"z")
    assert path.read_bytes() == b"x\r\n\ny\nz\n"
    journal.take_back()
    assert path.read_bytes() == b"x\r\n\ny\n"
    journal.take_back()
    assert path.read_bytes() == b"x\r\n\n"
    journal.close()


def test_a_last_line_without_an_end_is_taken_back_whole(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"x\ny")
    journal = Journal(path)
    journal.take_back()
    journal.close()
    assert path.read_bytes() == b"x\n"


def test_a_file_of_no_line_is_not_left(path: Path) -> None:
    Journal(path).close()
    assert not path.exists()
    path.write_bytes(b"")
    Journal(path).close()
    assert path.exists()  # it was there before


def test_two_do_not_write_at_once(journal: Journal, path: Path) -> None:
    with pytest.raises(InputError, match="another review is writing to it"):
        Journal(path)
    journal.close()
    Journal(path).close()


@pytest.mark.skipif(os.name == "nt", reason="Windows lets no other program in")
@pytest.mark.parametrize("how", ["appended", "replaced", "removed"])
def test_a_change_by_another_program_is_noticed(journal: Journal, path: Path, how: str) -> None:
    journal.add(b"one")
    if how == "appended":
        with path.open("ab") as stream:
            stream.write(b"two\n")
    else:
        path.unlink()
    if how == "replaced":
        path.write_bytes(b"one\n")
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(InputError, match="another program has changed it: start the review again"):
        journal.add(b"three")
    with pytest.raises(InputError, match="another program has changed it"):
        journal.take_back()
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_a_full_disk_leaves_no_half_line(path: Path) -> None:
    """A limit on the size of files stands for the disk."""
    script = (
        "import resource, signal, sys; from pathlib import Path; from slotfill.reviewing.journal import Journal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))\n"
        "journal = Journal(Path(sys.argv[1])); journal.add(b'one')\n"
        "try: journal.add(b'three')\n"
        "except Exception as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == f"{path}: cannot be written: the disk is full\n"
    assert path.read_bytes() == b"one\n"
