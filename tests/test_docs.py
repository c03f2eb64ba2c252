"""Every Python block of both READMEs and of docs/: it runs, and a user's strict type checker has nothing to say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    pytest.param(block, id=f"{page.name}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE), start=1
    )
]
PATIENCE = 300  # seconds; a guard against hanging, not a measure


def test_there_are_blocks() -> None:
    names = {str(block.id).rpartition("-")[0] for block in BLOCKS}
    assert names >= {"README.md", "values.md"}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_runs_and_prints_what_its_comments_say(block: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", block]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = re.findall(r"print\(.*\)  # (.*)$", block, re.MULTILINE)
    assert all(line in done.stdout.splitlines() for line in said), done.stdout


def test_all_blocks_have_right_types(tmp_path: Path) -> None:
    """One run for all: each block is the body of a function of its own."""
    functions = []
    for number, block in enumerate(BLOCKS, start=1):
        body = "".join(f"    {line}\n" if line.strip() else "\n" for line in str(block.values[0]).splitlines())
        functions.append(f"def block_{number}() -> None:\n{body}")
    file = tmp_path / "blocks.py"
    file.write_text("\n\n".join(functions), encoding="utf-8")
    # strict, as pyproject.toml says, and with the cache of `make check`
    command = [sys.executable, "-m", "mypy", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
