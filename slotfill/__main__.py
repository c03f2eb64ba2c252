"""The entry point of the `slotfill` command and of `python -m slotfill`."""


def main() -> None:
    """Run the command line."""
    try:
        from slotfill import cli
    except KeyboardInterrupt:  # a Ctrl-C while Python still reads our files; later ones are the command line's to tell
        raise SystemExit(130) from None
    cli.main()


if __name__ == "__main__":
    main()
