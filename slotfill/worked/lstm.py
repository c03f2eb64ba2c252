"""One LSTM unit, worked by hand in the notation of Hung-yi Lee's lectures."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from slotfill.errors import InputError
from slotfill.structs import Struct
from slotfill.worked.numbers import Matrix, Vector, check_finite, dot, logistic, number, short

Peepholes = Literal["none", "lee", "gers"]

INPUTS = 3  # x1, x2, x3
LINES = ("candidate", "input", "forget", "output")  # z, z^i, z^f, z^o
_PLACES = ("x1", "x2", "x3", "h", "c", "bias")


class Line(Struct):
    """The weights of one of the four inputs of a unit, and its bias."""

    x: Vector  # of x1, x2, x3
    bias: float = 0.0
    h: float = 0.0  # of h_{t-1}, the unit's own output one step ago
    c: float = 0.0  # of the memory, if there are peepholes

    def sum(self, x: Vector, h: float, c: float) -> float:
        """The weighted sum.

        >>> Line((0, 100, 0), bias=-10).sum((3, 1, 0), 0.0, 0.0)
        90.0
        """
        return dot(self.x, x) + self.h * h + self.c * c + self.bias


class LstmStep(Struct):
    """What one step computes, by Lee's names; `before` is the memory c of the step before."""

    x: Vector
    before: float
    z: float
    z_i: float
    z_f: float
    z_o: float
    g: float  # what z becomes: z itself, or its tanh
    i: float
    f: float
    o: float
    c: float
    shown: float  # what c becomes: c itself, or its tanh
    h: float


class LstmUnit(Struct):
    """One unit, with s the logistic function, and g and h the identity or tanh.

        z   = w x + b              the candidate: what could be written
        z^i = w_i x + b_i          i = s(z^i): how much of it is written
        z^f = w_f x + b_f          f = s(z^f): how much of the memory is kept (open, 1, means keep)
        z^o = w_o x + b_o          o = s(z^o): how much of the memory is shown
        c_t = f c_{t-1} + i g(z)
        h_t = o h(c_t)

    All four may also read h_{t-1} (weights `h`, 0 in the example). Peepholes read the memory (weights `c`):
    "gers" (Gers & Schmidhuber 2000) adds c_{t-1} to z^i and z^f, and the new c_t to z^o, as `model.peepholes` does;
    "lee", as in the last diagram of the lecture, adds c_{t-1} to all four, as if it were one more input.
    """

    candidate: Line
    input: Line
    forget: Line
    output: Line
    tanh: bool = False
    peepholes: Peepholes = "none"

    def steps(self, inputs: Iterable[Vector]) -> Iterator[LstmStep]:
        """One step for each of the inputs (x1, x2, x3); c_0 = h_0 = 0. InputError if a number becomes too large.

        >>> [round(step.c) for step in LEE.steps(LEE_WORKED)], [round(step.h) for step in LEE.steps(LEE_WORKED)]
        ([3, 7, 7, 7, 0], [0, 0, 0, 7, 0])
        """
        c = h = 0.0
        for count, x in enumerate(inputs, start=1):
            step = self._step(x, h, c)
            names = ("z", "z_i", "z_f", "z_o", "c", "h")
            check_finite(count, ((name.replace("_", "^"), getattr(step, name)) for name in names))
            yield step
            c, h = step.c, step.h

    def _step(self, x: Vector, h: float, before: float) -> LstmStep:
        seen = before if self.peepholes != "none" else 0.0
        z = self.candidate.sum(x, h, before if self.peepholes == "lee" else 0.0)
        z_i, z_f = self.input.sum(x, h, seen), self.forget.sum(x, h, seen)
        g = math.tanh(z) if self.tanh else z
        i, f = logistic(z_i), logistic(z_f)
        c = f * before + i * g
        z_o = self.output.sum(x, h, c if self.peepholes == "gers" else seen)
        o = logistic(z_o)
        shown = math.tanh(c) if self.tanh else c
        return LstmStep(x, before, z, z_i, z_f, z_o, g, i, f, o, c, shown, o * shown)

    def lines(self) -> Iterator[tuple[str, Line]]:
        """The four inputs with their names.

        >>> [name for name, _ in LEE.lines()]
        ['candidate', 'input', 'forget', 'output']
        """
        return ((name, getattr(self, name)) for name in LINES)

    def peeping(self) -> tuple[str, ...]:
        """The inputs that read the memory.

        >>> LEE.replace(peepholes="gers").peeping()
        ('input', 'forget', 'output')
        """
        return {"none": (), "gers": LINES[1:], "lee": LINES}[self.peepholes]

    def with_setting(self, name: str, text: str) -> "LstmUnit":
        """A copy with one weight changed; InputError if there is none of this name.

        >>> LEE.with_setting("forget.bias", "-10").forget.bias
        -10.0
        """
        line, _, place = name.partition(".")
        if line not in LINES or place not in _PLACES:
            raise InputError(_unknown(name, line, place))
        if place == "c" and line not in self.peeping():
            kinds = "lee" if line == "candidate" else "lee or --peepholes gers"
            raise InputError(f"--set {name}: this is a peephole: add --peepholes {kinds}")
        value = number(text, f"--set {name}")
        old: Line = getattr(self, line)
        if place in ("h", "c", "bias"):
            return self.replace(**{line: old.replace(**{place: value})})
        x = list(old.x)
        x[_PLACES.index(place)] = value
        return self.replace(**{line: old.replace(x=tuple(x))})

    def parameters(self) -> int:
        """How many weights and biases the unit has.

        >>> LEE.parameters()
        20
        """
        return lstm_parameters(INPUTS, 1, self.peepholes)

    def to_dict(self) -> dict[str, Any]:
        """The weights, for JSON."""
        peeping = self.peeping()
        return {
            name: {"x": line.x, "h": line.h} | ({"c": line.c} if name in peeping else {}) | {"bias": line.bias}
            for name, line in self.lines()
        }


def _unknown(name: str, line: str, place: str) -> str:
    from difflib import get_close_matches

    if line in LINES and place.startswith("x"):
        return f"--set {name}: the cell has three inputs: expected {line}.x1, {line}.x2 or {line}.x3"
    if len(name) == 1:
        return f"--set {name}: an LSTM has no such weights: add --kind elman or --kind jordan"
    asked = name.replace("keep.", "forget.")  # as some call that gate
    near = get_close_matches(asked, setting_names(), n=1)
    expected = f"expected {', '.join(LINES)} with .{', .'.join(_PLACES)}, such as forget.bias=10"
    return f"--set {name}: there is no such weight" + (
        f": did you mean {near[0]}? ({expected})" if near else f": {expected}"
    )


def setting_names() -> list[str]:
    """The names of all weights, as `--set` takes them.

    >>> setting_names()[:2], len(setting_names())
    (['candidate.x1', 'candidate.x2'], 24)
    """
    return [f"{line}.{place}" for line in LINES for place in _PLACES]


def lstm_parameters(inputs: int, units: int, peepholes: Peepholes = "none") -> int:
    """Weights and biases of a layer: four times those of an Elman net, and the peepholes.

    >>> lstm_parameters(3, 1), lstm_parameters(3, 1, "gers"), lstm_parameters(3, 1, "lee")
    (20, 23, 24)
    """
    return 4 * units * (inputs + units + 1) + {"none": 0, "gers": 3, "lee": 4}[peepholes] * units


# --- the example of the lectures -------------------------------------------------------------------
# Hung-yi Lee, "Machine Learning", the first lecture on recurrent networks: x2 = 1 writes x1 into the memory, x2 = -1
# empties it, x3 = 1 shows it.

LEE = LstmUnit(
    candidate=Line((1.0, 0.0, 0.0)),
    input=Line((0.0, 100.0, 0.0), bias=-10.0),
    forget=Line((0.0, 100.0, 0.0), bias=10.0),
    output=Line((0.0, 0.0, 100.0), bias=-10.0),
)
LEE_WORKED: Matrix = ((3, 1, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0))  # the five steps of its slides
LEE_WHOLE: Matrix = ((1, 0, 0), (3, 1, 0), (2, 0, 0), (4, 1, 0), (2, 0, 0), (1, 0, 1), (3, -1, 0), (6, 1, 0), (1, 0, 1))


# --- in words --------------------------------------------------------------------------------------

_OPEN, _SHUT = 0.95, 0.05
_NOTHING = 0.005  # what is shown as 0


def happened(step: LstmStep) -> str:
    """What a step did, in words.

    >>> [happened(step) for step in LEE.steps(LEE_WORKED)][1:]
    ['adds 4 to 3', 'ignores 2, keeps 7', 'ignores 1, keeps 7, shows 7', 'ignores 3, forgets 7']
    """
    is_empty = abs(step.before) < _NOTHING
    parts = [_written(step, is_empty=is_empty or step.f < _SHUT)]
    if not is_empty and not parts[0].startswith("adds"):
        parts.append(_amount(step.f, step.before, verb="keeps") or f"forgets {short(step.before)}")
    parts.append(_amount(step.o, step.shown, verb="shows"))
    return ", ".join(filter(None, parts))


def _written(step: LstmStep, *, is_empty: bool) -> str:
    if step.i < _SHUT:
        return "" if abs(step.g) < _NOTHING else f"ignores {short(step.g)}"
    if step.i > _OPEN and step.f > _OPEN and not is_empty:
        return f"adds {short(step.g)} to {short(step.before)}"
    return _amount(step.i, step.g, verb="writes")


def _amount(gate: float, value: float, *, verb: str) -> str:
    """`keeps 7`, `keeps 50 % of 7`; empty if the gate is shut."""
    if gate < _SHUT:
        return ""
    return f"{verb} {short(value)}" if gate > _OPEN else f"{verb} {gate:.0%} of {short(value)}".replace("%", " %")
