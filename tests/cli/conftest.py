"""What the tests of the commands share."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from slotfill.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def slotfill(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `slotfill` with arguments in an empty folder, 80 columns wide; gives the exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["slotfill", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        assert isinstance(code, int)
        out, err = capsys.readouterr()
        return code, out, err

    return call
