"""`slotfill tag`.

Importing Typer takes longer than tagging a sentence. So slotfill/cli/fast/arguments.py reads plain command lines, and
only those that ask for help or have a mistake go to Typer, as `command()`. Both follow `OPTIONS` and call `run`;
tests/cli/test_arguments.py holds them equal.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args

from slotfill.cli.streams import STREAM, reading, writing
from slotfill.clock import clock_of
from slotfill.errors import InputError
from slotfill.own_process import keep_freed_memory
from slotfill.thresholds import MIN_VALUE_CONFIDENCE

if TYPE_CHECKING:
    from slotfill.schema import Token
    from slotfill.tagger import Tagger

Style = Literal["auto", "table", "json", "iob", "markup"]
DateOrder = Literal["mdy", "dmy"]


class Option(NamedTuple):
    """One option: its flags, type, default, and the limits of its values."""

    flags: tuple[str, ...]
    kind: type[str] | type[float] | type[int]  # bool: a flag without a value
    default: str | float | int | None
    help: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    metavar: str | None = None
    panel: str | None = None  # of the help, which groups options


VALUES = "Values"  # the panel of options for the values of frames
TURNS = "A turn of a conversation"
OPTIONS = {
    "model": Option(("--model", "-m"), str, "travel", "A model's name or folder.", metavar="NAME"),
    "source": Option(
        ("--input", "-i"), str, None, "Read this file, one sentence a line; .gz is unpacked.", metavar="FILE"
    ),
    "target": Option(("--output", "-o"), str, None, "Write to this file instead of standard output.", metavar="FILE"),
    "overwrite": Option(("--overwrite",), bool, False, "Replace what is there."),
    "style": Option(
        ("--format", "-f"),
        str,
        "auto",
        "auto: a table on a terminal, JSON lines otherwise.",
        choices=get_args(Style),
    ),
    "tokens": Option(("--tokens",), bool, False, "Sentences are tokenized already: what is between spaces is a token."),
    "min_confidence": Option(
        ("--min-confidence",), float, 0.0, "Leave out slots that are less sure.", low=0.0, high=1.0
    ),
    "min_value_confidence": Option(
        ("--min-value-confidence",),
        float,
        MIN_VALUE_CONFIDENCE,
        "Leave null the values that are less sure.",
        low=0.0,
        high=1.0,
        panel=VALUES,
    ),
    "now": Option(
        ("--now",),
        str,
        None,
        "The clock that `tomorrow` counts from, as 2026-11-20T09:00. Default: now, local time.",
        metavar="TIME",
        panel=VALUES,
    ),
    "date_order": Option(
        ("--date-order",),
        str,
        "mdy",
        "How 11/2 is read: month or day first.",
        choices=get_args(DateOrder),
        panel=VALUES,
    ),
    "jobs": Option(("--jobs", "-j"), int, 1, "Tag with this many processes.", low=1, high=256),
    "context": Option(
        ("--context",),
        str,
        None,
        "The state of a conversation; {} begins one. The sentence is its next turn, and the new state replaces it.",
        metavar="FILE",
        panel=TURNS,
    ),
    "asked": Option(
        ("--asked",),
        str,
        None,
        "What the system asked for before the turn, such as departure.date; several: a comma between.",
        metavar="PART",
        panel=TURNS,
    ),
    "heard": Option(
        ("--heard",), str, None, "What the system said before the turn, in its words.", metavar="TEXT", panel=TURNS
    ),
}
# Older names of flags of every command, without the hyphens. They still work, but no help text has them.
RENAMED = {"out": "output", "force": "overwrite"}


def command() -> Callable[..., None]:
    """The command for Typer, which is imported only here: a plain `tag` does without it."""
    import typer

    from slotfill.cli import completions

    def option(name: str) -> Any:
        entry = OPTIONS[name]
        return typer.Option(
            *entry.flags,
            help=entry.help,
            min=entry.low,
            max=entry.high,
            metavar=entry.metavar,
            rich_help_panel=entry.panel,
            autocompletion={"model": completions.models, "asked": completions.parts}.get(name),
        )

    def tag(
        texts: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="TEXT",
                help="Sentences in quotes; after `--` any text is one. With none, or `-`: standard input, one a line.",
            ),
        ] = None,
        model: Annotated[str, option("model")] = "travel",
        source: Annotated[str | None, option("source")] = None,
        target: Annotated[str | None, option("target")] = None,
        overwrite: Annotated[bool, option("overwrite")] = False,
        style: Annotated[Style, option("style")] = "auto",
        tokens: Annotated[bool, option("tokens")] = False,
        min_confidence: Annotated[float, option("min_confidence")] = 0.0,
        min_value_confidence: Annotated[float, option("min_value_confidence")] = MIN_VALUE_CONFIDENCE,
        now: Annotated[str | None, option("now")] = None,
        date_order: Annotated[DateOrder, option("date_order")] = "mdy",
        jobs: Annotated[int, option("jobs")] = 1,
        context: Annotated[str | None, option("context")] = None,
        asked: Annotated[str | None, option("asked")] = None,
        heard: Annotated[str | None, option("heard")] = None,
    ) -> None:
        """Label sentences: one result for each line, in order, as soon as possible.

        An empty line gives an empty result. Bytes that are not UTF-8 are replaced by U+FFFD, with a
        warning that names the line.

            slotfill tag "arrive Taipei on November 2nd"

            slotfill tag --input queries.txt --format json | jq .slots

            echo {} > trip.json; slotfill tag --context trip.json "to Lima tomorrow"
        """
        texts = texts or []
        options: dict[str, Any] = {
            "model": model,
            "source": source,
            "target": target,
            "overwrite": overwrite,
            "style": style,
            "tokens": tokens,
            "min_confidence": min_confidence,
            "min_value_confidence": min_value_confidence,
            "now": now,
            "date_order": date_order,
            "jobs": jobs,
            "context": context,
            "asked": asked,
            "heard": heard,
        }
        if problem := misuse(texts, **options):
            raise typer.BadParameter(problem[1], param_hint=problem[0])
        run(texts, **options)

    return tag


# The ends of names that are files, not sentences.
_SUFFIXES = (
    *(".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".gz", ".zip", ".xlsx", ".xls", ".pdf", ".md"),
    *(".doc", ".docx", ".log", ".conll", ".markup"),
)


def is_named_like_a_file(text: str) -> bool:
    """Say whether a text is the name of a file that exists, or a single word that ends like one."""
    if os.path.isfile(text):
        return True
    return len(text.split()) == 1 and (text.lower().endswith(_SUFFIXES) or (os.sep in text and os.path.isdir(text)))


def doubtful(texts: Sequence[str]) -> bool:
    """Say whether texts were hardly meant as sentences: names of files, or the words of one without quotes.

    After `--` they are sentences whatever they look like, so a program can give any text.
    """
    if len(texts) > 1 and all(len(text.split()) == 1 and text != STREAM for text in texts):
        from slotfill.tokenizers import is_unspaced  # late: most command lines have spaces

        return not any(map(is_unspaced, texts))  # a sentence in Chinese has none
    return any(map(is_named_like_a_file, texts))


def misuse(
    texts: Sequence[str], *, source: str | None, target: str | None, now: str | None, **others: Any
) -> tuple[str, str] | None:
    """An argument that its type allows and what is wrong with it, or None."""
    if any(others[name] is not None for name in ("context", "asked", "heard")):
        from slotfill.cli import turns  # late: most command lines have no conversation

        defaults = {name: option.default for name, option in OPTIONS.items()}
        if problem := turns.misuse(texts, defaults, source=source, **others):
            return problem
    if texts and source is not None:
        return "TEXT", "give sentences or --input, not both"
    for name, path in (("source", source), ("target", target)):
        if path == "":
            return OPTIONS[name].flags[0], "the name of the file is empty"
    if STREAM in texts and len(texts) > 1:
        return "TEXT", "`-` means standard input: give it alone"
    if now is not None:
        try:
            clock_of(now)
        except InputError as error:
            return "--now", str(error)
    return None


def run(
    texts: Sequence[str],
    *,
    model: str,
    source: str | None,
    target: str | None,
    overwrite: bool,
    style: str,
    tokens: bool,
    min_confidence: float,
    min_value_confidence: float,
    now: str | None,
    date_order: str,
    jobs: int,
    context: str | None,
    asked: str | None,
    heard: str | None,
) -> None:
    """Label sentences: one result for each line, in order, as soon as possible. With a context: the next turn of it."""
    if target not in (None, STREAM):
        from slotfill.cli.targets import check_target

        check_target(target, overwrite=overwrite, inputs=[context] if context else _inputs(texts, source))
    if context is not None:
        from slotfill.cli import turns
        from slotfill.files import alone

        with alone(context), writing(target) as write:
            on_terminal = target in (None, STREAM) and sys.stdout.isatty()
            is_json = style == "json" or (style == "auto" and not on_terminal)
            found = turns.next_turn(
                texts[0], context=context, model=model, now=now, date_order=date_order, asked=asked, heard=heard
            )
            write(turns.shown(found[0], is_json=is_json, colour=on_terminal and turns.is_coloured()))
            turns.write_state(context, found[1])  # last: who got no answer asks again
        return
    # The output first: a mistake in its name must not cost the time of loading a model.
    with reading(texts, source, tell_waits=jobs > 1) as batches, writing(target) as write:
        from slotfill.tagger import Tagger

        keep_freed_memory()
        on_terminal = target in (None, STREAM) and sys.stdout.isatty()
        if style == "auto":
            style = "table" if on_terminal else "json"
        colour = on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        settings = {
            "min_confidence": min_confidence,
            "min_value_confidence": min_value_confidence,
            "now": None if now is None else clock_of(now),
            "date_order": date_order,
        }
        work = _Work(Tagger.load(model), settings, style=style, tokens=tokens, colour=colour)
        told: set[str] = set()
        for result, notes in _results(work, batches, jobs=jobs):
            write(result)
            if new := notes.keys() - told:
                _warn({note: text for note, text in notes.items() if note in new})
                told |= new


def _inputs(texts: Sequence[str], source: str | None) -> list[str]:
    """The file that is read, if any; standard input may be one, too (`< queries.txt`)."""
    if texts and list(texts) != [STREAM]:
        return []
    return ["/dev/stdin" if source is None or source == STREAM else source]


def _warn(notes: Mapping[str, str]) -> None:
    """Say once of each language and script that it is not known, with the first sentence in it."""
    from slotfill.cli import console
    from slotfill.cli.formats import printable

    for note, text in notes.items():
        console.warn(f'no slots where a sentence {note}: "{printable(text[:60])}{"…" if len(text) > 60 else ""}"')


def _results(work: "_Work", batches: Iterable[list[str]], *, jobs: int) -> Iterator[tuple[bytes, dict[str, str]]]:
    if jobs == 1:
        return map(work, batches)
    from slotfill.jobs import spread

    return spread(work, batches, jobs=jobs)


class _Work:
    """Lines -> results as bytes, and for each note that they do not show its first sentence.

    It is sent to other processes as a whole.
    """

    def __init__(
        self, tagger: "Tagger", settings: Mapping[str, Any], *, style: str, tokens: bool, colour: bool
    ) -> None:
        self.tagger = tagger
        self.settings = settings  # of Tagger.tag
        self.style = style
        self.tokens = tokens  # whether sentences are tokenized already
        self.colour = colour

    def __call__(self, lines: list[str]) -> tuple[bytes, dict[str, str]]:
        from slotfill.cli.formats import render_all
        from slotfill.tagger import resolve, without_doubtful

        found = self.tagger.annotate(lines, self._tokens(lines))
        least: float = self.settings["min_confidence"]
        if self.style not in ("iob", "markup"):  # leaving frames out saves a fifth of the time
            found = resolve(found, **self.settings, own=self.tagger.own)
        elif least:
            found = [without_doubtful(annotation, confidence=least) for annotation in found]
        notes: dict[str, str] = {}
        for one in found if self.style != "table" else ():
            if one.note:
                notes.setdefault(one.note, one.text)
        return render_all(found, style=self.style, colour=self.colour).encode(), notes

    def _tokens(self, lines: list[str]) -> "list[tuple[Token, ...]] | None":
        if not self.tokens:
            return None
        from slotfill.tokenizers import tokenizer_named

        return list(map(tokenizer_named("whitespace"), lines))
