"""Run one command and write what it cost; measure.py starts this, and nothing else should.

    python -I -S launch.py STDIN STDOUT STDERR COMMAND...

A process inherits the peak memory of the one that started it, which must therefore be small: that is why this file
exists and why it imports nothing that Python has not loaded anyway.
"""

import os
import sys
import time


def main() -> None:
    source, target, errors, *command = sys.argv[1:]
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    began = time.perf_counter()
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, source, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, target, writing, 0o644),
            (os.POSIX_SPAWN_OPEN, 2, errors, writing, 0o644),
        ],
    )
    _, status, usage = os.wait4(child, 0)  # of the command and of all children that it waited for
    wall = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    code = os.waitstatus_to_exitcode(status)
    sys.stdout.write(f"{code} {usage.ru_utime + usage.ru_stime} {wall} {usage.ru_maxrss * unit}")


if __name__ == "__main__":
    main()
