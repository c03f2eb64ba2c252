"""Run one command, wait for all that it leaves behind, and print their CPU seconds as the last line (Linux).

    python -I -S adopt.py COMMAND...

Nobody waits for Ray's processes: they end a moment after the one that started them, or are killed by one that asks for
no account. So each process below this one is looked at ten times a second, and its last figure counts.
"""

import ctypes
import os
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): orphans below this process become its children
PAUSE = 0.1  # seconds
PATIENCE = 60  # seconds that the others may take after the command
TICKS = os.sysconf("SC_CLK_TCK")  # a second

Name = tuple[str, str]  # the number of a process and when it began, since numbers come again


def look(seen: dict[Name, float]) -> None:
    """Note the CPU seconds of each process below this one."""
    found: dict[str, tuple[str, Name, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(errors="replace").rpartition(")")[2].split()  # after the name: state, parent, ...
        except OSError:
            continue  # it ended
        number = path.parent.name
        found[number] = fields[1], (number, fields[19]), (int(fields[11]) + int(fields[12])) / TICKS
    own = str(os.getpid())
    for number, (_, name, seconds) in found.items():
        above = number
        while above in found and above != own:
            above = found[above][0]
        if above == own != number:
            seen[name] = seconds


def main() -> None:
    """End as the command does."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        sys.exit("prctl failed: this needs Linux")
    child, status, seen, limit = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0, dict[Name, float](), 0.0
    while True:
        time.sleep(PAUSE)
        look(seen)
        try:
            ended, its_status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if ended == child:
            status, limit = its_status, time.monotonic() + PATIENCE
        if limit and time.monotonic() > limit:
            sys.exit(f"processes outlive the command by {PATIENCE} seconds")
    print(sum(seen.values()))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
