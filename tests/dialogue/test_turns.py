"""The rules of docs/dialogue.md, row by row.

turns.tsv has the turns before (between slashes), what was asked and heard, the turn, and what it changes.
"""

from pathlib import Path

import pytest

import slotfill
from slotfill import Change

NOW = "2026-11-18T09:00"  # a Wednesday
TABLE = Path(__file__).with_name("turns.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]


def shown(change: Change) -> str:
    """A change as the table has it."""
    readings = f" ? {', '.join(change.readings)}" if change.readings else ""
    after = "" if change.after is None else f" = {spelt(change.after)}"
    return f"{change.action} {change.part}{after}{readings} ({change.rule})"


def spelt(content: object) -> str:
    """A value with its end, its relation and what else it may be."""
    if isinstance(content, str | int):
        return str(content)
    assert isinstance(content, slotfill.DateValue | slotfill.TimeValue | slotfill.PlaceValue)
    others = [one if isinstance(one, str) else one.value for one in content.alternatives]
    if content.value is None:
        return f"null: {' or '.join(others)}" if others else "null"
    value = content.value
    if isinstance(content, slotfill.PlaceValue):
        value += f" ({content.country})"
    else:
        value = f"{content.relation} {value}" if content.relation else value
        value += f"/{content.to}" if content.to else ""
    return " or ".join([value, *[one for one in others if one != content.value]])


@pytest.fixture(scope="module")
def tagger() -> slotfill.Tagger:
    return slotfill.load()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}: {row[4] or row[1]}"[:60] for row in ROWS])
def test_turns(tagger: slotfill.Tagger, row: list[str]) -> None:
    _, context, asked, heard, text, expected = row
    dialogue = tagger.dialogue(now=NOW)
    for earlier in context.split(" / ") if context else []:
        dialogue.say(earlier)
    turn = dialogue.say(text, asked=asked.split(", ") if asked else None, heard=heard or None)
    assert "; ".join(map(shown, turn.changes)) == expected
    for change in turn.changes:
        for words in change.because:
            assert text[words.start : words.end] == words.text


def test_the_table_is_large() -> None:
    assert len(ROWS) >= 200
    assert len({tuple(row[1:5]) for row in ROWS}) == len(ROWS)
