"""The entry point of the `slotfill` command and of `python -m slotfill`."""

import atexit
import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        from slotfill import cli

        cli.main()
    except KeyboardInterrupt:  # also while Python still imports slotfill
        raise SystemExit(130) from None
    # Only a successful plain `tag` comes here: errors and Typer raise SystemExit. Python would now free memory piece by
    # piece, which takes a fifth of a single sentence's time; the end of the process does it at once.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
