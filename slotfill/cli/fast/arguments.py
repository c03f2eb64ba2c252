"""Plain command lines of `slotfill tag`, read without Typer."""

from collections.abc import Sequence
from typing import Any

from slotfill.cli.tag import OPTIONS, RENAMED, Option, doubtful, misuse

_BY_FLAG = {flag: name for name, option in OPTIONS.items() for flag in option.flags}
_BY_FLAG |= {f"--{old}": _BY_FLAG[f"--{new}"] for old, new in RENAMED.items() if f"--{new}" in _BY_FLAG}


def parse(arguments: Sequence[str]) -> tuple[list[str], dict[str, Any]] | None:
    """Texts and options of a `tag` command, or None if Typer must show help or an error.

    It understands less than Typer, and nothing differently: flags are written out, and a value follows a space or,
    after a long flag, `=`.
    """
    if not arguments or arguments[0] != "tag":
        return None
    texts: list[str] = []
    values: dict[str, Any] = {name: option.default for name, option in OPTIONS.items()}
    rest = iter(arguments[1:])
    explicit = False
    for argument in rest:
        if argument == "--":
            explicit = True
            texts += rest
        elif argument == "-" or not argument.startswith("-"):
            texts.append(argument)
        else:
            flag, glued, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
            name = _BY_FLAG.get(flag)
            if name is None:
                return None
            if OPTIONS[name].kind is bool:
                if glued:
                    return None
                values[name] = True
                continue
            if not glued:
                value = next(rest, "--")
                if value.startswith("-") and value != "-":
                    return None
            values[name] = _value(OPTIONS[name], value)
            if values[name] is None:
                return None
    if misuse(texts, **values) or (not explicit and doubtful(texts)):
        return None
    return texts, values


def _value(option: Option, text: str) -> str | float | int | None:
    """The value of an option from its text, or None if it is not allowed."""
    if option.kind is str:
        return text if not option.choices or text in option.choices else None
    try:
        number = option.kind(text)
    except ValueError:
        return None
    if not text.isascii():  # Python reads the digits of any script
        return None
    low, high = option.low, option.high
    return number if low is not None and high is not None and low <= number <= high else None  # type: ignore[operator]
