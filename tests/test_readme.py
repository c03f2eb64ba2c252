"""The README, in both languages, run: every command, every Python block, and what it says that they print."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")
PATIENCE = 300  # seconds; a guard against hanging, not a measure

# Blocks that are not run, by how they begin, and why.
NOT_RUN = {
    "pip install .": "it installs what runs the tests",
    "pip install --constraint": "so does this",
    "git clone ": "it fetches the repository and sets up an environment of its own",
    "slotfill serve": "it goes on until it is stopped: tests/server does that",
    "slotfill data get ": "it fetches data from the hub: tests/readers does that with a folder of the same shape",
}


def blocks(language: str, document: str = README) -> list[str]:
    """The fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", document, re.DOTALL | re.MULTILINE)


def commands(block: str) -> list[str]:
    """The lines of a block, those that end in a backslash joined."""
    return [line for line in block.replace("\\\n", "").splitlines() if line.strip()]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with whatever the README's commands name, all of it small, so that they can be run as they stand."""
    wishes = {"arrive": ("toloc", "arrive_date"), "leave": ("fromloc", "depart_date")}
    rows = [
        (verb, city, day, *wishes[verb])
        for day in ("1st", "2nd", "3rd")
        for city in ("Taipei", "Boston", "Rome", "Lima")
        for verb in wishes
    ]
    for part, some in {"train": rows, "dev": rows[:6], "test": rows[3:9]}.items():
        markup = [
            f"{verb} [{city}]({loc}.city_name) on [{day}]({on}.day_number)\tflight" for verb, city, day, loc, on in some
        ]
        spans = [
            {
                "text": f"{verb} {city}",
                "spans": [{"start": len(verb) + 1, "end": len(verb) + 1 + len(city), "label": f"{loc}.city_name"}],
                "intent": "flight",
            }
            for verb, city, _, loc, _ in some
        ]
        columns = {
            "seq.in": [f"{verb} {city} on {day}" for verb, city, day, _, _ in some],
            "seq.out": [f"O B-{loc}.city_name O B-{on}.day_number" for _, _, _, loc, on in some],
            "label": ["atis_flight"] * len(some),
        }
        files = {
            f"data/travel/{part}.markup": markup,  # stands before the one that ships
            f"path/to/my-data/{part}.jsonl": [json.dumps(span) for span in spans],
            **{f"path/to/atis/{part}/{name}": lines for name, lines in columns.items()},
        }
        for name, lines in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    shutil.copytree(ROOT / "recipes", tmp_path / "recipes")  # the README speaks to somebody in a checkout
    (tmp_path / "queries.txt").write_text("arrive Taipei on November 2nd\n\nleave Boston\n", encoding="utf-8")
    shim = tmp_path / "bin" / "slotfill"
    shim.parent.mkdir()
    shim.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m slotfill \"$@\"\n", encoding="utf-8")
    shim.chmod(0o755)
    return tmp_path


def shell(line: str, *, folder: Path) -> str:
    """What a line of shell prints; it must succeed, and have nothing to warn about."""
    environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail\n{line}"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert not re.search("warning|Traceback", done.stderr), f"{line}\n{done.stderr}"
    return done.stdout


def without_comment(line: str) -> str:
    return re.sub(r"\s+# .*", "", line)


# Blocks of the Chinese README that only repeat commands are not run again.
SAID = {without_comment(line) for block in blocks("sh") for line in commands(block)}
ALSO = [block for block in blocks("sh", CHINESE) if not SAID.issuperset(map(without_comment, commands(block)))]
RUN = [block for block in (*blocks("sh"), *ALSO) if not block.startswith(tuple(NOT_RUN))]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize("block", RUN, ids=lambda block: block.splitlines()[0][:40])
def test_every_command_runs(block: str, workplace: Path) -> None:
    for line in commands(block):
        shell(line, folder=workplace)


def test_what_is_not_run_is_there() -> None:
    assert all(any(block.startswith(beginning) for block in blocks("sh")) for beginning in NOT_RUN)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= targets


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_console_shows_what_is_printed(workplace: Path) -> None:
    consoles = [*blocks("console"), *blocks("console", CHINESE)]
    sessions = [session for block in consoles for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    assert len(sessions) > 1
    for session in sessions:
        command, _, printed = session.partition("\n")
        assert shell(command, folder=workplace) == printed


def without_confidences(value: Any) -> Any:
    """The same JSON without its confidences, which every training changes."""
    if isinstance(value, Mapping):
        return {key: without_confidences(item) for key, item in value.items() if key != "confidence"}
    return [without_confidences(item) for item in value] if isinstance(value, list) else value


def test_the_json_line_is_what_is_printed() -> None:
    (shown,) = map(json.loads, blocks("json"))
    assert "One JSON line, with `--now 2026-11-20T09:00`, wrapped here:" in README
    command = [sys.executable, "-m", "slotfill", "tag", "--now", "2026-11-20T09:00", shown["text"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    printed = json.loads(done.stdout)
    assert shown["text"] == "arrive Taipei on November 2nd"
    assert json.dumps(without_confidences(shown)) == json.dumps(without_confidences(printed))  # the order of keys too
    assert all(0 <= part["confidence"] <= 1 for part in (shown["intent"], *shown["slots"]))


def test_the_reasons_in_the_docs_are_those_that_explain_gives() -> None:
    """But for the figures, which every training changes."""
    page = (ROOT / "docs" / "how-it-works.md").read_text(encoding="utf-8")
    (text,) = re.findall(r'^    slotfill explain "(.*)" --plot gates.png$', page, re.MULTILINE)
    command = [sys.executable, "-m", "slotfill", "explain", text]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    shown = re.findall(r"^    (`.*)$", page, re.MULTILINE)
    assert len(shown) == 3
    found = [line for line in printed.splitlines() if line.startswith("`")]
    assert [re.sub(r"\d\.\d\d", "", line) for line in shown] == [re.sub(r"\d\.\d\d", "", line) for line in found]


def test_python_blocks_run(tmp_path: Path) -> None:
    assert blocks("python")
    printed = ""
    for block in blocks("python"):
        command = [sys.executable, "-W", "error", "-c", block]
        printed += subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=tmp_path
        ).stdout
    assert printed.splitlines()[:3] == [
        "toloc.city_name Taipei 7 13",
        "arrive_date.month_name November 17 25",
        "arrive_date.day_number 2nd 26 29",
    ]


def test_extras_that_it_names_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {extra for group in re.findall(r'(?:\.|slotfill)\[([a-z,]+)\]"', README) for extra in group.split(",")}
    assert "train" in named
    assert named <= set(extras)


DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "data/*.md", "models/*.md")
    for path in ROOT.glob(pattern)
    if not path.is_relative_to(ROOT / "models" / "travel")  # a card that training writes
)
LONGEST = 120
WHOLE = re.compile(r"\||!?\[[^\]]*\]\([^)]*\)$")  # a row of a table, or a link by itself


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lines_are_not_too_long(document: Path) -> None:
    """But for tables, links and what the benchmarks write."""
    text = re.sub(r"<!-- (\w+): .*?<!-- /\1 -->", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [line for line in text.splitlines() if len(line) > LONGEST and not WHOLE.match(line)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    inside = [link for link in links if link and not link.startswith("http")]
    assert [link for link in inside if not (document.parent / link).exists()] == []
