"""docs/formats.md: each example of columns, lines and tables is read as the markup that follows it says."""

import re
from pathlib import Path

import pytest

from slotfill.readers import load, parse_markup

PAGE = (Path(__file__).parent.parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```text\n((?:(?!^```$).*\n)*)```\n\n```markup\n((?:(?!^```$).*\n)*)```$", PAGE, re.MULTILINE)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize(("content", "expected"), EXAMPLES)
def test_an_example_is_read_as_it_says(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "my.txt"  # whatever its name
    path.write_text(content, encoding="utf-8")
    (examples,) = load(path).splits.values()
    sentences = [parse_markup(line) for line in expected.splitlines()]
    assert [(one.text, one.tags, one.intent) for one in examples] == [
        (one.text, one.tags, one.intent) for one in sentences
    ]
