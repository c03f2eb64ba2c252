"""`slotfill cell`: one recurrent cell worked by hand, step by step."""

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from slotfill.cli import completions, console, options
from slotfill.cli.streams import STREAM
from slotfill.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from slotfill.worked.lstm import LstmStep, LstmUnit
    from slotfill.worked.simple import SimpleNet, SimpleStep


def cell(
    inputs: Annotated[
        str | None,
        typer.Option(
            "--inputs",
            metavar="STEPS",
            help='The inputs of each step, such as "3,1,0; 4,1,0"; - reads them from standard input, a step a line. '
            "Default: those of the lecture.",
        ),
    ] = None,
    kind: Annotated[Literal["lstm", "elman", "jordan"], typer.Option("--kind", help="The cell.")] = "lstm",
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            "-s",
            metavar="KEY=VALUE",
            help='One weight, such as forget.bias=-10 (LSTM) or "U=1 0; 0 1" (Elman, Jordan); may be repeated.',
            autocompletion=completions.worked_settings,
        ),
    ] = None,
    tanh: Annotated[
        bool,
        typer.Option("--tanh/--linear", help="Squash as real nets do, or, as in the lecture, not at all."),
    ] = False,
    peepholes: Annotated[
        Literal["none", "lee", "gers"],
        typer.Option(
            "--peepholes",
            help="Who reads the memory: nobody, all four inputs (Lee's last diagram), or the gates (Gers 2000).",
        ),
    ] = "none",
    style: options.TableOrJson = "table",
) -> None:
    """Work one cell by hand: what each step writes, keeps, forgets and shows, in numbers.

    The LSTM has the weights of Hung-yi Lee's lecture: x2 = 1 writes x1 into the memory, x2 = -1 empties it,
    x3 = 1 shows it. The forget gate is a keep gate: open means keep. The Elman and the Jordan net have two units.
    At /cell of `slotfill serve` the gates light up, and every weight has a slider.

        slotfill cell

        slotfill cell --inputs "8,1,0; 0,0,1; 0,0,1" --set forget.bias=0

        slotfill cell --peepholes gers --set output.c=20 --set output.bias=-100

        slotfill cell --kind elman --set U=0
    """
    if kind == "lstm":
        _work_lstm(_lstm(assignments, tanh=tanh, peepholes=peepholes), inputs, style)
        return
    if peepholes != "none":
        raise typer.BadParameter(
            f"a net of the kind {kind} has no gates to read the memory: leave it out", param_hint="--peepholes"
        )
    _work_simple(_simple(kind, assignments, tanh=tanh), inputs, style)


def _assigned(assignments: Sequence[str] | None, example: str) -> Iterator[tuple[str, str]]:
    for assignment in assignments or ():
        name, equals, text = assignment.partition("=")
        if not equals:
            raise InputError(f"--set {assignment}: expected KEY=VALUE, such as {example}")
        yield name.strip(), text


def _lstm(assignments: Sequence[str] | None, *, tanh: bool, peepholes: Literal["none", "lee", "gers"]) -> "LstmUnit":
    from slotfill.worked.lstm import LEE

    unit = LEE.replace(tanh=tanh, peepholes=peepholes)
    for name, text in _assigned(assignments, "forget.bias=10"):
        unit = unit.with_setting(name, text)
    return unit


def _simple(kind: Literal["elman", "jordan"], assignments: Sequence[str] | None, *, tanh: bool) -> "SimpleNet":
    from slotfill.worked.simple import LEE_ELMAN

    net = LEE_ELMAN.replace(kind=kind, tanh=tanh)
    for name, text in _assigned(assignments, "U=0"):
        net = net.with_setting(name, text)
    return net


def _typed(inputs: str | None) -> str | None:
    """The text of the inputs; None if there are none."""
    if inputs != STREAM:
        if inputs is not None and os.path.isfile(inputs):  # noqa: PTH113  # Path.is_file fails on a long text
            raise InputError(f"{inputs}: is a file: type slotfill cell --inputs - < {inputs}")
        return inputs
    if sys.stdin is None:
        raise InputError('standard input is closed: give the inputs themselves, such as --inputs "3,1,0; 4,1,0"')
    if sys.stdin.isatty():
        console.notice("reading inputs from the terminal, a step a line; Ctrl-D ends")
    return sys.stdin.buffer.read().decode(errors="replace").removeprefix("\ufeff")


def _print_json(found: dict[str, Any]) -> None:
    json.dump(found, sys.stdout)
    sys.stdout.write("\n")


# --- the LSTM --------------------------------------------------------------------------------------

_SYMBOLS = {"candidate": "z", "input": "z^i", "forget": "z^f", "output": "z^o"}
_SPOKEN = {"candidate": "candidate", "input": "input gate", "forget": "forget gate (keep)", "output": "output gate"}


def _work_lstm(unit: "LstmUnit", inputs: str | None, style: str) -> None:
    from slotfill.worked.lstm import INPUTS, LEE_WHOLE, happened
    from slotfill.worked.numbers import sequence

    text = _typed(inputs)
    steps = list(unit.steps(LEE_WHOLE if text is None else sequence(text, width=INPUTS)))
    if style == "json":
        _print_json(
            {
                "kind": "lstm",
                "tanh": unit.tanh,
                "peepholes": unit.peepholes,
                "weights": unit.to_dict(),
                "parameters": unit.parameters(),
                "steps": [
                    {name: getattr(step, name) for name in step.__match_args__} | {"happened": happened(step)}
                    for step in steps
                ],
            }
        )
        return
    squashed = "g and h are tanh" if unit.tanh else "g and h are linear"
    peeping = {
        "none": "no peepholes",
        "lee": "peepholes: c_{t-1} joins all four inputs (Lee)",
        "gers": "peepholes: c_{t-1} to z^i and z^f, c_t to z^o (Gers & Schmidhuber 2000)",
    }
    out = console.stdout()
    out.print(f"One LSTM unit with three inputs; {squashed}; {peeping[unit.peepholes]}\n")
    _print_weights(unit)
    if unit.peepholes != "none" and not any(line.c for _, line in unit.lines()):
        out.print("The peepholes are all 0: set one, such as --set output.c=20 --set output.bias=-100")
    out.print()
    _print_steps(unit, steps)
    out.print(f"\n{_counted(unit)}")


def _print_weights(unit: "LstmUnit") -> None:
    from slotfill.worked.numbers import short

    peeping = unit.peeping()
    rows = []
    for name, line in unit.lines():
        seen = [short(line.c) if name in peeping else ""] if peeping else []
        rows.append([_SYMBOLS[name], _SPOKEN[name], *map(short, (*line.x, line.h)), *seen, short(line.bias)])
    _print_table(("", "", "x1", "x2", "x3", "h", *(["c"] if peeping else []), "bias"), rows, words=(0, 1))


def _print_steps(unit: "LstmUnit", steps: Iterable["LstmStep"]) -> None:
    from slotfill.worked.lstm import happened
    from slotfill.worked.numbers import short

    squashed = ["g"] if unit.tanh else []
    headings = ("t", "x1", "x2", "x3", "z", "z^i", "z^f", "z^o", *squashed, "i", "f", "o", "c", "h", "what happens")
    rows = []
    for count, step in enumerate(steps, start=1):
        sums = map(short, (*step.x, step.z, step.z_i, step.z_f, step.z_o))
        values = map(_fixed, (*([step.g] if unit.tanh else []), step.i, step.f, step.o, step.c, step.h))
        rows.append([str(count), *sums, *values, happened(step)])
    _print_table(headings, rows, words=[len(headings) - 1], gates=[headings.index(gate) for gate in "ifo"])


def _fixed(value: float) -> str:
    """Two decimals, so that columns can be compared; `1.2e+08` for what is long."""
    return f"{value:.3g}" if abs(value) >= 1e6 else f"{value:.2f}".replace("-0.00", "0.00")


def _counted(unit: "LstmUnit") -> str:
    from slotfill.worked.simple import simple_parameters

    reads = "3 for x, 1 for h, 1 bias"
    seen = len(unit.peeping())
    peeping = f", and {seen} peepholes" if seen else ""
    hidden = simple_parameters(3, 1)
    return (
        f"Four inputs (z, z^i, z^f, z^o), so four times the parameters: 4 x ({reads}){peeping} = {unit.parameters()}; "
        f"a unit of an Elman net has one input: {hidden}."
    )


# --- Elman and Jordan ------------------------------------------------------------------------------


def _work_simple(net: "SimpleNet", inputs: str | None, style: str) -> None:
    from slotfill.worked.numbers import sequence
    from slotfill.worked.simple import LEE_SIMPLE, SIZE, happened

    text = _typed(inputs)
    steps = list(net.steps(LEE_SIMPLE if text is None else sequence(text, width=SIZE)))
    hidden, outputs = net.parameters()
    if style == "json":
        _print_json(
            {
                "kind": net.kind,
                "tanh": net.tanh,
                "weights": net.to_dict(),
                "parameters": hidden + outputs,
                "steps": [
                    {name: getattr(step, name) for name in step.__match_args__} | {"happened": happened(step, net.kind)}
                    for step in steps
                ],
            }
        )
        return
    is_elman = net.kind == "elman"
    squashed = "h is tanh(z), y is a softmax" if net.tanh else "nothing is squashed: h is z"
    memory = "h_{t-1}: the hidden layer one step ago" if is_elman else "y_{t-1}: the output one step ago"
    out = console.stdout()
    out.print(f"{'An Elman' if is_elman else 'A Jordan'} net with two inputs, units and outputs; {squashed}\n")
    out.print(f"z = W x + U m + b    m = {memory}\ny = V h + b_y\n")
    for name, weights in net.to_dict().items():
        out.print(f"{name} = {_matrix(weights)}")
    out.print()
    _print_simple(net, steps)
    share = "U reads the hidden layer" if is_elman else "U reads the output"
    out.print(
        f"\nParameters: 2 units x (2 for x, 2 for the memory, 1 bias) = {hidden}, and {outputs} in the output layer; "
        f"{share}."
    )


def _matrix(weights: Sequence[Any]) -> str:
    from slotfill.worked.numbers import short

    rows = weights if isinstance(weights[0], tuple) else [weights]
    return "; ".join(" ".join(map(short, values)) for values in rows)


def _print_simple(net: "SimpleNet", steps: Iterable["SimpleStep"]) -> None:
    from slotfill.worked.numbers import short
    from slotfill.worked.simple import happened

    headings = (
        "t",
        "x1",
        "x2",
        "m1",
        "m2",
        "z1",
        "z2",
        *(["h1", "h2"] if net.tanh else []),
        "y1",
        "y2",
        "what happens",
    )
    rows = []
    for count, step in enumerate(steps, start=1):
        values = chain(step.x, step.memory, step.z, step.h if net.tanh else (), step.y)
        rows.append([str(count), *map(short, values), happened(step, net.kind)])
    _print_table(headings, rows, words=[len(headings) - 1])


# --- both ------------------------------------------------------------------------------------------

_WORDS = 18  # columns that words have at least


def _print_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    words: Collection[int] = (),
    gates: Collection[int] = (),
) -> None:
    """Print numbers flush right; on a terminal, words in the last column wrap. What is piped has whole lines.

    Rich's tables would cut numbers to make room for words, and take 15 s for 10,000 steps.
    """
    out = console.stdout()
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    indent = sum(widths[:-1]) + 2 * len(widths[:-1])
    room = max(_WORDS, out.width - indent) if out.is_terminal else sys.maxsize
    for number, row in enumerate((headings, *rows)):
        first, *more = wrap(row[-1], room) or [""]
        padded = [
            text.ljust(width) if place in words else text.rjust(width)
            for place, (text, width) in enumerate(zip((*row[:-1], first), widths, strict=True))
        ]
        padded[-1] = padded[-1].rstrip()
        if out.is_terminal:
            out.print(_coloured(padded, gates if number else (), is_heading=not number), soft_wrap=True)
        else:
            sys.stdout.write(f"{'  '.join(padded)}\n")
        for line in more:
            out.print(f"{'':{indent}}{line}", soft_wrap=True)


def _coloured(padded: Sequence[str], gates: Collection[int], *, is_heading: bool) -> "Text":
    """A line in which gates are the brighter the more open they are."""
    from rich.text import Text

    pieces = []
    for place, text in enumerate(padded):
        style = "dim" if is_heading else ""
        if place in gates:
            style = "bold green" if float(text) > 0.95 else "dim" if float(text) < 0.05 else "yellow"
        pieces.append((text, style))
    return Text("  ").join(Text(text, style=style) for text, style in pieces)
