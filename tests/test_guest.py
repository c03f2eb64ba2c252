"""`slotfill.load()` and `Tagger.tag` are guests in somebody else's process: they leave everything as it was."""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import faulthandler, gc, json, locale, os, signal, sys, threading, warnings
import numpy as np

def stays_with_glibc():
    # by its first setting, glibc gives a freed block of a megabyte back at once; it keeps the block if that was changed
    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    block = np.ones(8 << 20, dtype=np.uint8)
    before = resident()
    del block
    return before - resident() < 4 << 20

def state():
    return {
        "garbage collector": [gc.get_threshold(), gc.isenabled(), gc.get_freeze_count(), len(gc.callbacks)],
        "environment": dict(os.environ),
        "threads of numpy": [library["num_threads"] for library in threadpool_info()],
        "threads": threading.active_count(),
        "warnings": [str(one) for one in warnings.filters],
        "floating-point errors": np.geterr(),
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
        "streams": [(id(s), s.encoding, s.errors, s.line_buffering) for s in (sys.stdin, sys.stdout, sys.stderr)],
        "hooks": [str(hook) for hook in (sys.excepthook, sys.displayhook, threading.excepthook)],
        "limits": [sys.getrecursionlimit(), sys.getswitchinterval(), faulthandler.is_enabled()],
        "path": [sys.path, os.getcwd(), sys.argv],
    }

from threadpoolctl import threadpool_info

# what `threadpoolctl` finds comes with numpy, and nothing of it may be there only because slotfill was imported
np.zeros((2, 2)) @ np.zeros((2, 2))
before = state()
import slotfill
tagger = slotfill.load()
tagger.tag(["arrive Taipei on November 2nd", "from \\u6771\\u4eac to Rome next friday", ""])
tagger.tag(["arrive Taipei on November 2nd"])
after = state()
try:
    tagger.runtime.run = lambda sentences: 1 / 0
    tagger.tag(["to Rome"] * 100)
except ZeroDivisionError:
    pass
else:
    raise AssertionError
print(json.dumps([before, after, state(), sys.platform == "linux" and stays_with_glibc()]))
"""


@pytest.mark.parametrize("environment", [{}, {"OPENBLAS_NUM_THREADS": "1"}], ids=["", "one thread"])
def test_somebody_elses_process_is_as_it_was(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.delenv("MALLOC_TRIM_THRESHOLD_", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    before, after, after_an_error, keeps_memory = json.loads(done.stdout)
    assert after == before
    assert after_an_error == before
    assert not keeps_memory


def test_the_environment_is_as_it_was() -> None:
    """By itself, since the test above imports what slotfill imports, which sets a variable."""
    script = "import os; before = dict(os.environ); import slotfill; slotfill.load().tag(['to Rome']); "
    command = [sys.executable, "-c", f"{script} assert dict(os.environ) == before, os.environ"]
    subprocess.run(command, check=True, env={k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"})
