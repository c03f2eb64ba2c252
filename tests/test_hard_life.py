"""docs/hard-life.md names guards and tests that exist."""

import re

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "hard-life.md").read_text(encoding="utf-8")
ROWS = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "::" in line]


def test_there_are_rows() -> None:
    assert len(ROWS) > 50
    assert len(PAGE.splitlines()) <= 120


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip("| "))
def test_what_a_row_names_exists(row: list[str]) -> None:
    _, guards, tests = row
    content = ""
    for name in re.findall(r"`([^`]+)`", guards):
        if "." in name:
            content = (ROOT / "slotfill" / name).read_text(encoding="utf-8")
        else:
            assert re.search(rf"\b{name}\b", content), name
    found = re.findall(r"`([^`]+)::([^`]+)`", tests)
    assert found
    for file, test in found:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), test
