"""Run one command and print what it cost: exit status, CPU seconds, wall seconds and peak bytes.

    python -I -S launch.py STDIN STDOUT STDERR COMMAND...

A process inherits the peak memory of the one that starts it, so this file, which measuring.py runs, stays small.
"""

import os
import sys
import time

source, target, errors, *command = sys.argv[1:]
WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
began = time.perf_counter()
child = os.posix_spawn(
    command[0],
    command,
    os.environ,
    file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, source, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, target, WRITING, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, errors, WRITING, 0o644),
    ],
)
_, status, usage = os.wait4(child, 0)  # of the command and of all children that it waited for
wall = time.perf_counter() - began
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, wall, peak)
