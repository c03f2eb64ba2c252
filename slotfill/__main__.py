"""The entry point of the `slotfill` command and of `python -m slotfill`."""

import os
import sys


def main() -> None:
    """Run the command line."""
    try:
        from slotfill import cli

        cli.main()
    except KeyboardInterrupt:  # also while Python still reads our files
        raise SystemExit(130) from None
    # All is written: Python need not tidy up a process that ends. (Whatever went wrong has raised SystemExit.)
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
