"""What is wrong with a request, told to whoever sent it."""

import json
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from slotfill.server.answers import Detail

_SHOWN = 5  # problems of one request
_LONGEST = 40  # characters of what was sent

_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "a string of whole characters",
    "list_type": "a list of strings",
    "dict_type": "an object",
    "missing": "a value",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "float_type": "a number from 0 to 1",
    "float_parsing": "a number from 0 to 1",
    "finite_number": "a number from 0 to 1",
    "greater_than_equal": "a number from 0 to 1",
    "less_than_equal": "a number from 0 to 1",
}


def details_of(errors: Sequence[dict[str, Any]], *, keys: Iterable[str]) -> list[Detail]:
    """The problems that pydantic found in a request with these `keys`, the first five."""
    return [_detail(error, sorted(keys)) for error in errors[:_SHOWN]]


def sentence_of(details: Iterable[Detail]) -> str:
    """`texts.3: expected a string, got 1; nwo: unknown key, did you mean now?`."""
    return "; ".join(f"{one['where']}: {one['what']}" if one["where"] else one["what"] for one in details)


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """`unknown key; did you mean now? (known: now, text)`."""
    near = get_close_matches(name.lower(), known, n=1, cutoff=0.55)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"unknown {kind}{meant} (known: {', '.join(known)})"


def _detail(error: dict[str, Any], keys: Sequence[str]) -> Detail:
    kind, place = error["type"], error["loc"]
    if kind == "json_invalid":
        what = f"not JSON: {error['ctx']['error']}, at character {place[-1]}"
        return {"where": "", "what": what, "expected": "a JSON object"}
    if len(place) == 1 and kind in ("missing", "model_attributes_type", "dict_type"):
        what = 'expected a JSON object such as {"text": "arrive Taipei"}'
        return {"where": "", "what": what, "expected": "a JSON object"}
    where = ".".join(str(part)[:_LONGEST] for part in place[1:])
    if kind == "extra_forbidden":
        what = unknown("key", str(place[-1])[:_LONGEST], keys)
        return {"where": where, "what": what, "expected": f"one of {', '.join(keys)}"}
    if kind == "missing":
        return {"where": where, "what": "it is missing", "expected": "a value"}
    if kind == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "")
    elif kind in _EXPECTED:
        expected = _EXPECTED[kind]
    else:
        return {"where": where, "what": error["msg"].removeprefix("Value error, "), "expected": None}
    return {"where": where, "what": f"expected {expected}, got {_shown(error.get('input'))}", "expected": expected}


def _shown(content: Any) -> str:
    """What was sent, as JSON, cut."""
    text = json.dumps(content, ensure_ascii=True, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
