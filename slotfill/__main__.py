"""The entry point of the `slotfill` command and of `python -m slotfill`."""

import atexit
import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        from slotfill import cli

        cli.main()
    except KeyboardInterrupt:  # also while Python still reads our files
        raise SystemExit(130) from None
    # Only a plain `tag` that succeeded comes here: errors and Typer raise SystemExit. What is left is to free memory
    # piece by piece, which the end of the process does at once: a fifth of a single sentence's time.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
