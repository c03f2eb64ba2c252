"""`slotfill chat`: one turn a line, and after each the itinerary so far."""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from slotfill.cli import console, options
from slotfill.cli.streams import reading
from slotfill.errors import InputError
from slotfill.own_process import keep_freed_memory

if TYPE_CHECKING:
    from slotfill.dialogue import Dialogue, Turn
    from slotfill.dialogue.state import State

_COMMANDS = """\
/undo          take the last turn back
/reset         start over; `start over` in words does so, too
/asked PART    say what was asked for before the next turn, such as /asked departure.date
/heard WORDS   say the system's words before the next turn, such as /heard We have one at 6:10 am
/state         print the state, as `tag --context` takes it
/help          print this
/quit          end; so do Ctrl-D and Ctrl-C
"""
_MOST_UNDONE = 1000  # turns that can be taken back


def chat(
    model: options.Model = "travel",
    style: Annotated[
        Literal["auto", "table", "json"], options.format_("auto: a table on a terminal, JSON lines otherwise.")
    ] = "auto",
    now: options.Now = None,
    date_order: options.DateOrder = "mdy",
) -> None:
    """Talk about one trip: one turn a line, and after each the itinerary so far, with what the turn changed.

    On a terminal there is a prompt with a history; /help lists its commands. In a pipe each line is a turn, an empty
    one too, and gets one line of JSON at once. A line that begins with { is JSON: "text", and perhaps "asked" (what the
    system asked for, such as "departure.date", or a list) and "heard" (its words). A line that cannot be used gets
    {"error": ...}, and changes nothing.

        slotfill chat

        slotfill chat --format json < turns.txt

        echo '{"text": "the 5th", "asked": "return.date"}' | slotfill chat
    """
    from slotfill.cli.turns import is_coloured
    from slotfill.tagger import Tagger

    if sys.stdin is None:
        raise InputError("standard input is closed: slotfill chat reads a turn a line from it")
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    is_json = style == "json" or (style == "auto" and not sys.stdout.isatty())
    keep_freed_memory()
    dialogue = Tagger.load(model).dialogue(now=now, date_order=date_order)
    show = _shown_as_json if is_json else _Drawn(colour=is_coloured())
    if on_terminal:
        _session(dialogue, show)
    else:
        _pipe(dialogue, show)


Show = Callable[["Turn"], str]


def _shown_as_json(turn: "Turn") -> str:
    from slotfill.schema import one_line

    return f"{one_line(turn.to_dict())}\n"


class _Drawn:
    """A turn as a table for people."""

    def __init__(self, *, colour: bool) -> None:
        self.colour = colour

    def __call__(self, turn: "Turn") -> str:
        from slotfill.cli.trip_table import trip_table

        return trip_table(turn.itinerary, turn, colour=self.colour)


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode())  # whatever the encoding of the terminal, as `tag` does
    sys.stdout.buffer.flush()


# --- a pipe ----------------------------------------------------------------------------------------


class Said(NamedTuple):
    """One turn as a line gives it."""

    text: str
    asked: str | list[str] | None = None
    heard: str | None = None


def said_in(line: str) -> Said:
    """The turn of a line: its text, or JSON if it begins with {. InputError says what is wrong with such a line.

    >>> said_in('{"text": "the 5th", "asked": "return.date"}')
    Said(text='the 5th', asked='return.date', heard=None)
    """
    if not line.lstrip().startswith("{"):
        return Said(line)
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError('begins with { and is not JSON: expected {"text": ...}') from None
    keys = ", ".join(Said._fields)
    if unknown := [key for key in found if key not in Said._fields]:
        raise InputError(f"unknown key {unknown[0][:40]!r} (known: {keys})")
    if not isinstance(found.get("text"), str):
        raise InputError(f'expected {{"text": "..."}}, a text, got {repr(found.get("text"))[:40]}')
    said = Said(**found)
    asked = [said.asked] if isinstance(said.asked, str) else said.asked
    if asked is not None and not (isinstance(asked, list) and all(isinstance(part, str) for part in asked)):
        raise InputError(f'expected "asked" to be a part such as "departure.date", or a list, got {repr(asked)[:40]}')
    if said.heard is not None and not isinstance(said.heard, str):
        raise InputError(f'expected "heard" to be a text, got {repr(said.heard)[:40]}')
    if any("\ud800" <= sign <= "\udfff" for sign in f"{said.text}{said.heard or ''}"):
        raise InputError("half of a surrogate pair: expected whole characters")
    return said


def _pipe(dialogue: "Dialogue", show: Show) -> None:
    """Answer each line at once, line N for line N."""
    with reading([], None) as batches:
        for number, line in enumerate(chain.from_iterable(batches), 1):
            try:
                said = said_in(line)
                answer = show(dialogue.say(said.text, asked=said.asked, heard=said.heard))
            except InputError as error:
                answer = _refused(f"line {number}: {error}", show)
            _write(answer)


def _refused(message: str, show: Show) -> str:
    """The answer to a line that cannot be used."""
    if show is not _shown_as_json:
        console.fail(message)
        return ""
    from slotfill.schema import one_line

    return f"{one_line({'error': message})}\n"


# --- a terminal ------------------------------------------------------------------------------------


def _session(dialogue: "Dialogue", show: Show) -> None:
    """Ask for turns until the person ends it."""
    with suppress(ImportError):  # there is none on Windows: then there is no history
        import readline  # noqa: F401  # `input` uses it once it is imported
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="replace")
    console.notice("one turn a line, such as: Boston to Lima on December 4th. /help lists commands, Ctrl-D ends")
    session = _Session(dialogue, show)
    while not session.is_over:
        try:
            line = input("> ")
        except EOFError:
            _write("\n")
            return
        except KeyboardInterrupt:
            _write("\n")  # else the shell's prompt stands behind ^C
            raise
        try:
            _write(session.answer(line.strip()))
        except InputError as error:
            console.fail(str(error))


class _Session:
    """A conversation with the commands of a terminal: no terminal in it."""

    def __init__(self, dialogue: "Dialogue", show: Show) -> None:
        self.dialogue = dialogue
        self.show = show
        self.is_over = False
        self._before: list[State] = []  # the states, the last one last
        self._asked: str | None = None
        self._heard: str | None = None

    def answer(self, line: str) -> str:
        """What to print for a line; InputError for one that cannot be used, and that changes nothing."""
        if not line:
            return ""
        if line.startswith("/"):
            name, _, rest = line.partition(" ")
            return self._command(name, rest.strip())
        before = self.dialogue.state
        turn = self.dialogue.say(line, asked=self._asked, heard=self._heard)
        self._remember(before)
        self._asked = self._heard = None
        return self.show(turn)

    def _command(self, name: str, rest: str) -> str:
        commands: dict[str, Callable[[str], str]] = {
            "/undo": self._undo,
            "/reset": self._reset,
            "/asked": self._say_asked,
            "/heard": self._say_heard,
            "/state": self._state,
            "/help": lambda _: _COMMANDS,
            "/quit": self._quit,
        }
        if name not in commands:
            raise InputError(f"unknown command {name[:40]!r} (known: {', '.join(commands)})")
        return commands[name](rest)

    def _remember(self, state: "State") -> None:
        self._before = [*self._before[1 - _MOST_UNDONE :], state]

    def _undo(self, _: str) -> str:
        if not self._before:
            raise InputError("there is no turn to take back")
        self.dialogue.state = self._before.pop()
        return self._so_far()

    def _reset(self, _: str) -> str:
        state = self.dialogue.state
        self._remember(state)
        self.dialogue.state = type(state)(now=state.now, date_order=state.date_order)
        return self._so_far()

    def _so_far(self) -> str:
        """The itinerary, with nothing marked."""
        if self.show is _shown_as_json:
            from slotfill.schema import one_line

            return f"{one_line({'itinerary': self.dialogue.itinerary.to_dict()})}\n"
        from slotfill.cli.trip_table import trip_table

        colour = isinstance(self.show, _Drawn) and self.show.colour
        return trip_table(self.dialogue.itinerary, colour=colour)

    def _say_asked(self, rest: str) -> str:
        from slotfill.dialogue.parts import ASKABLE, asked_parts

        if not rest:
            raise InputError(f"expected a part: /asked departure.date (known: {', '.join(ASKABLE)})")
        (self._asked,) = asked_parts(rest)
        return ""

    def _say_heard(self, rest: str) -> str:
        if not rest:
            raise InputError("expected the system's words: /heard We have one at 6:10 am")
        self._heard = rest
        return ""

    def _state(self, _: str) -> str:
        from slotfill.schema import one_line

        return f"{one_line(self.dialogue.to_dict())}\n"

    def _quit(self, _: str) -> str:
        self.is_over = True
        return ""
