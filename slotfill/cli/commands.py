"""What all commands have in common under Typer: how usage errors are told, and how help is laid out."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from slotfill.cli import console
from slotfill.cli.which import say_which

# Typer brings a click of its own or depends on one; this is the root of its usage errors either way.
_UsageError: Any = typer.BadParameter.__mro__[1]


@contextmanager
def usage_told(words: Sequence[str]) -> Iterator[None]:
    """Tell a usage error in one line with what to type instead; `words` are those of the command line."""
    try:
        yield
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # help is asked for by typing nothing
            raise
        from slotfill.cli import slips

        told = str(slips.of(error, words))
        console.fail(told.replace("Value error, ", "", 1))  # as those who check types put it
        path = error.ctx.command_path if error.ctx is not None else " ".join((slips.PROGRAM, *words[:1]))
        console.notice(f"help: {path} --help")
        raise SystemExit(2) from None


class Group(TyperGroup):
    """A group of commands that says which one was meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the first word names; a usage error that says which one was meant."""
        if not ctx.resilient_parsing and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            from slotfill.cli import slips

            ctx.fail(str(slips.command(args, self.list_commands(ctx), path=ctx.command_path)))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        _narrow(self.get_params(ctx))
        super().format_help(ctx, formatter)


class Command(TyperCommand):
    """A command that refuses `-model` for `--model`, and whose help fits 80 columns."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the words; a usage error for a long option with one dash."""
        if not ctx.resilient_parsing and any(len(word) > 2 and word[0] == "-" != word[1] for word in args):
            from slotfill.cli import slips

            flags = [flag for parameter in self.params for flag in parameter.opts]
            if slip := slips.one_dash(args, flags, path=ctx.command_path):
                ctx.fail(str(slip))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; first say which model a name means, where there are two."""
        given = ctx.params.get("model") or ()
        say_which([given] if isinstance(given, str) else given)
        return super().invoke(ctx)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        _narrow(self.get_params(ctx))
        super().format_help(ctx, formatter)


class TagCommand(Command):
    """`slotfill tag`: it doubts texts that look like unquoted words or names of files, except after `--`."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the words; a usage error for texts that were hardly meant as sentences."""
        words = list(args)
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing and "--" not in words:
            from slotfill.cli import slips
            from slotfill.cli.tag import doubtful

            texts = list(ctx.params.get("texts") or ())
            if doubtful(texts):
                options = _without(words, texts)
                ctx.fail(str(slips.sentences(texts, options)))
        return rest


class TrainCommand(Command):
    """`slotfill train`, whose `--watch` may have a text or none."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read the words; `--watch` before another option, or at the end, has an empty text."""
        words = [
            f"{word}=" if word == "--watch" and (following is None or following.startswith("-")) else word
            for word, following in zip_longest(args, args[1:])
        ]
        return super().parse_args(ctx, words)


def _without(words: Sequence[str], texts: Sequence[str]) -> list[str]:
    left = list(words)
    for text in reversed(texts):  # an option's value that is the same word comes before it, if at all
        del left[len(left) - 1 - left[::-1].index(text)]
    return left


# --- help ------------------------------------------------------------------------------------------

_PLACEHOLDERS = {"int": "N", "float": "X", "path": "PATH", "str": "TEXT"}


def _narrow(parameters: Iterable[Any]) -> None:
    """Give the types of parameters one short word, and their choices and limits a place in the help.

    Typer writes both into a column that leaves 24 of 80 to the help. What is overridden here is its layout alone:
    another version that does not have these methods shows its own.
    """
    for parameter in parameters:
        if not hasattr(parameter, "display_type_rich") or hasattr(parameter, "narrowed"):
            continue
        written = parameter.metavar or parameter.display_type(None).strip("<>[]")
        kind = written.removeprefix("list[").removesuffix("]").split()[0] if written else ""
        limits = parameter._get_number_range_help_str() if parameter.param_type_name == "option" else None
        if "|" in written:
            _add(parameter, f"One of {', '.join(written.split('|'))}.")
            kind = ""
        elif kind == "bool":
            kind = ""
        if limits:
            _add(parameter, _in_words(parameter.min, parameter.max))
        parameter.display_type_rich = partial(_shown, _PLACEHOLDERS.get(kind, kind) or None)
        parameter._get_number_range_help_str = lambda: None
        parameter.narrowed = True


def _shown(word: str | None, ctx: Any) -> str | None:
    """The word, whatever the context."""
    return word


def _add(parameter: Any, words: str) -> None:
    parameter.help = f"{parameter.help} {words}" if parameter.help else words


def _in_words(low: float | None, high: float | None) -> str:
    if high is None:
        return f"At least {low:g}."
    return f"At most {high:g}." if low is None else f"From {low:g} to {high:,g}."
