"""`slotfill tag --context FILE`: a sentence as the next turn of the conversation whose state is in a file."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from slotfill.context import UnfitContext, dialogue_of
from slotfill.dialogue import Turn
from slotfill.errors import InputError
from slotfill.schema import one_line

MOST_BYTES = 1 << 20  # of a state; those that slotfill writes are far smaller
# What a turn is not read with, and why a flag that is given would silently be ignored.
_SENTENCES = {
    "source": "a conversation takes one sentence: slotfill chat takes one turn a line",
    "tokens": "a turn is split into tokens by the model",
    "min_confidence": "a conversation decides by itself what is sure enough",
    "min_value_confidence": "a conversation decides by itself what is sure enough",
    "jobs": "turns come one after another",
}


def misuse(texts: Sequence[str], defaults: dict[str, Any], **options: Any) -> tuple[str, str] | None:
    """An option of `tag` that does not go with a conversation and why, or None; `defaults` are those of its table."""
    if options["context"] is None:
        name = next((name for name in ("asked", "heard") if options[name] is not None), None)
        return (f"--{name}", "it goes with --context") if name else None
    if options["context"] == "":
        return "--context", "the name of the file is empty"
    for name, why in _SENTENCES.items():
        if options[name] != defaults[name]:
            flag = "--input" if name == "source" else f"--{name.replace('_', '-')}"
            return flag, f"it does not go with --context: {why}"
    if options["style"] in ("iob", "markup"):
        return "--format", "with --context it is table or json: the other formats have no place for an itinerary"
    if len(texts) != 1 or texts[0] == "-":
        return "TEXT", "give one sentence with --context, in quotes: slotfill chat takes one turn a line"
    return None


def next_turn(
    text: str, *, context: str, model: str, now: str | None, date_order: str, asked: str | None, heard: str | None
) -> tuple[Turn, dict[str, Any]]:
    """A turn on the state of a file, and the state after it; InputError for a file that holds none."""
    from slotfill.tagger import Tagger

    data = stored(context)
    tagger = Tagger.load(model)
    try:
        # the order that a conversation began with stays, unless another than the usual one is asked for
        dialogue = dialogue_of(tagger, data, now=now, date_order=None if date_order == "mdy" else date_order)
    except UnfitContext as error:
        raise InputError(f"{context}: {error}") from None
    parts = None if asked is None else [part.strip() for part in asked.split(",")]
    turn = dialogue.say(decoded(text), asked=parts, heard=None if heard is None else decoded(heard))
    return turn, dialogue.to_dict()


def shown(turn: Turn, *, is_json: bool, colour: bool) -> bytes:
    """A turn as JSON in one line, or as tables of its sentence and of the itinerary after it."""
    if is_json:
        return f"{one_line(turn.to_dict())}\n".encode()
    from slotfill.cli.formats import table
    from slotfill.cli.trip_table import trip_table

    return (table(turn.annotation, colour=colour) + trip_table(turn.itinerary, turn, colour=colour)).encode()


def stored(path: str) -> object:
    """The JSON of a file that holds a state; InputError, with how a conversation begins, if there is none."""
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file: to begin a conversation, type echo {{}} > {path}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{path}: more than {MOST_BYTES:,} bytes: not the state of a conversation")
    if not content.strip():
        raise InputError(f"{path}: is empty: to begin a conversation, type echo {{}} > {path}")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        place = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else path
        raise InputError(
            f"{place}: not JSON: expected the state of a conversation, as --context writes it; {{}} begins one"
        ) from None


def write_state(path: str, state: dict[str, Any]) -> None:
    """Replace the file by the state, in one step."""
    from slotfill import files

    with files.writing(path) as stream:
        stream.write(f"{one_line(state)}\n".encode())


def decoded(text: str) -> str:
    """A text of the command line, in which bytes that are not UTF-8 become U+FFFD."""
    return os.fsencode(text).decode(errors="replace")


def is_coloured() -> bool:
    """Say whether standard output is a terminal that shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
