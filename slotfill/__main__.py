"""The entry point of the `slotfill` command and of `python -m slotfill`."""

from slotfill.cli import main

if __name__ == "__main__":
    main()
