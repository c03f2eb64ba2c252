"""What each key does. There is no terminal in it: tests press keys and look at what becomes of the draft."""

from collections.abc import Callable
from typing import NamedTuple

from slotfill.cli.reviewing.keys import QUIT
from slotfill.cli.reviewing.picker import Picker
from slotfill.readers.alignment import check_intent, is_slot_name
from slotfill.reviewing.doubt import Guesses
from slotfill.reviewing.draft import Draft
from slotfill.reviewing.session import Item, Session


class Selection(NamedTuple):
    """The tokens `anchor` to `at`, both included, in either direction."""

    anchor: int
    at: int

    @property
    def start(self) -> int:
        """The first token."""
        return min(self.anchor, self.at)

    @property
    def end(self) -> int:
        """The token after the last."""
        return max(self.anchor, self.at) + 1


class Dialogue:
    """A review as a person sees it: the sentence that is asked, what is chosen in it, and a list to choose from."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.picker: Picker | None = None
        self.shows_help = False
        self.is_over = False
        self.message = ""
        self._named: Callable[[str], None] = self._name  # what the picker's name is for
        self._keys: dict[str, Callable[[], None]] = {
            "enter": self._accept,
            "a": self._accept,
            " ": self._skip,
            "u": self._undo,
            "backspace": self._undo,
            "left": lambda: self._move(-1),
            "right": lambda: self._move(1),
            "shift-left": lambda: self._move(-1, extends=True),
            "shift-right": lambda: self._move(1, extends=True),
            "<": lambda: self._move(-1, extends=True),
            ">": lambda: self._move(1, extends=True),
            "home": lambda: self._move(-len(self.draft.tokens)),
            "end": lambda: self._move(len(self.draft.tokens)),
            "shift-home": lambda: self._move(-len(self.draft.tokens), extends=True),
            "shift-end": lambda: self._move(len(self.draft.tokens), extends=True),
            "tab": lambda: self._next_slot(1),
            "shift-tab": lambda: self._next_slot(-1),
            "s": self._pick_slot,
            "x": self._remove,
            "delete": self._remove,
            "i": self._pick_intent,
            "o": self._other,
            "r": self._reset,
        }
        self._turn()

    def _turn(self) -> None:
        """Begin with the sentence that the session asks: at what the model doubts most."""
        self.item: Item | None = self.session.current
        if self.item is None or self.session.draft is None:
            return
        self.draft: Draft = self.session.draft
        self.guesses: Guesses = self.session.guesses(self.item)
        tags = self.item.doubt.tags
        at = min(range(len(tags)), key=lambda token: tags[token])
        self._select(at)

    def _select(self, token: int) -> None:
        """Choose the slot of a token, or the token."""
        slot = self.draft.slot_at(token)
        self.selection = Selection(slot.start, slot.end - 1) if slot else Selection(token, token)

    def press(self, key: str) -> None:
        """Take one key."""
        self.message = ""
        if key == QUIT:
            self.is_over = True
        elif self.shows_help:
            self.shows_help = False
        elif self.picker is not None:
            self._press_in_picker(self.picker, key)
        elif key == "?":
            self.shows_help = True
        elif key == "q":
            self.is_over = True
        elif self.item is None:
            if key in ("u", "backspace"):
                self._undo()
            elif key == "enter":
                self.is_over = True
        elif key.isdecimal() and key != "0":
            self._choose_slot(int(key))
        elif key in self._keys:
            self._keys[key]()
        elif key not in ("escape", "ctrl-l"):
            self.message = f"{key} does nothing here: ? shows what each key does"

    # --- decisions ---------------------------------------------------------------------------------

    def _accept(self) -> None:
        self.session.accept(self.draft)
        self._turn()

    def _skip(self) -> None:
        self.session.skip()
        self._turn()

    def _undo(self) -> None:
        if self.session.undo():
            self._turn()
            self.message = "taken back: decide again"
        else:
            self.message = "there is nothing to take back"

    # --- what is chosen ----------------------------------------------------------------------------

    def _move(self, by: int, *, extends: bool = False) -> None:
        """Go to another token, or take it in, too. A slot is left at its edge."""
        last = len(self.draft.tokens) - 1
        if extends:
            self.selection = self.selection._replace(at=min(max(0, self.selection.at + by), last))
        else:
            edge = self.selection.start if by < 0 else self.selection.end - 1
            to = min(max(0, edge + by), last)
            self.selection = Selection(to, to)

    def _next_slot(self, by: int) -> None:
        slots = self.draft.slots
        if not slots:
            self.message = "there is no slot: choose words by the arrows, and s names them"
            return
        before = [number for number, slot in enumerate(slots) if slot.start < self.selection.start]
        here = [number for number, slot in enumerate(slots) if slot.start == self.selection.start]
        at = (here[0] + by if here else len(before) + (by < 0) * by) % len(slots)
        self._choose_slot(at + 1)

    def _choose_slot(self, number: int) -> None:
        if number <= len(self.draft.slots):
            slot = self.draft.slots[number - 1]
            self.selection = Selection(slot.start, slot.end - 1)
        else:
            self.message = f"there is no slot {number}"

    # --- changes -----------------------------------------------------------------------------------

    def _remove(self) -> None:
        chosen = self.draft.within(self.selection.start, self.selection.end)
        if not chosen:
            self.message = "there is no slot here: Tab chooses one"
            return
        self.draft = self.draft.without(self.selection.start, self.selection.end)

    def _other(self) -> None:
        """From the labels of the file to those of the model, and back."""
        if self.item is None or self.item.other is None:
            self.message = "the model has no other labels"
            return
        self.draft = self.item.first if self.draft == self.item.other else self.item.other

    def _reset(self) -> None:
        if self.item is not None:
            self.draft = self.item.first

    def _pick_slot(self) -> None:
        start, end = self.selection.start, self.selection.end
        here = self.draft.within(start, end)
        likely = self.guesses.of_span(start, end)
        names = list(dict.fromkeys([*likely, *self.session.names.slots]))
        chosen = here[0].name if len(here) == 1 else None
        self.picker = Picker("slot", names, is_name=is_slot_name, chosen=chosen)
        self._named = self._name

    def _name(self, name: str) -> None:
        self.draft = self.draft.named(self.selection.start, self.selection.end, name)

    def _pick_intent(self) -> None:
        self.picker = Picker("intent", self.session.names.intents, is_name=_is_intent, chosen=self.draft.intent)
        self._named = self._mean

    def _mean(self, intent: str) -> None:
        self.draft = self.draft.meaning(intent)

    def _press_in_picker(self, picker: Picker, key: str) -> None:
        if key == "escape":
            self.picker = None
            return
        name = picker.press(key)
        if name is not None:
            self.picker = None
            self._named(name)
            if picker.is_new(name):
                self.message = f"{name} is a new {picker.title}"


def _is_intent(name: str) -> bool:
    try:
        check_intent(name)
    except ValueError:
        return False
    return True
