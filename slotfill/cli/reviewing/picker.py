"""Choosing a name by typing a part of it."""

from collections.abc import Callable, Sequence


class Picker:
    """A list of names, best first, that typing makes shorter; a name that is not there may be new.

    >>> picker = Picker("slot", ["city", "day", "airline"], is_name=str.isidentifier)
    >>> for key in "ai":
    ...     _ = picker.press(key)
    >>> picker.names
    ['airline', 'ai']
    """

    def __init__(
        self, title: str, names: Sequence[str], *, is_name: Callable[[str], bool], chosen: str | None = None
    ) -> None:
        """`is_name` says whether what was typed can be a name; the cursor begins at `chosen`."""
        self.title = title
        self._all = list(names)
        self._is_name = is_name
        self.typed = ""
        self.at = self._all.index(chosen) if chosen in self._all else 0

    @property
    def names(self) -> list[str]:
        """The names that have what was typed in them, those that begin with it first; last what was typed, if new."""
        if not self.typed:
            return self._all
        wanted = self.typed.casefold()
        fitting = [name for name in self._all if wanted in name.casefold()]
        fitting.sort(key=lambda name: (name != self.typed, not name.casefold().startswith(wanted)))
        return fitting + [self.typed] * self.is_new(self.typed)

    def is_new(self, name: str) -> bool:
        """Whether a name would be a new one."""
        return name not in self._all and self._is_name(name)

    def press(self, key: str) -> str | None:
        """Take one key; the chosen name after Enter."""
        names = self.names
        if key == "enter":
            return names[self.at] if names else None
        if key in ("up", "down", "tab", "shift-tab") and names:
            self.at = (self.at + (1 if key in ("down", "tab") else -1)) % len(names)
        elif key in ("home", "end"):
            self.at = 0 if key == "home" else max(0, len(names) - 1)
        elif key in ("page-up", "page-down") and names:
            self.at = min(max(0, self.at + (10 if key == "page-down" else -10)), len(names) - 1)
        elif key == "backspace":
            self._type(self.typed[:-1])
        elif key == "ctrl-u":
            self._type("")
        elif len(key) == 1:
            self._type(self.typed + key)
        return None

    def _type(self, text: str) -> None:
        self.typed = text
        self.at = 0
