"""The cells worked by hand are those of the product, and every number that is typed is read or refused."""

import doctest
import importlib
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from slotfill.batching import Packing
from slotfill.cells import Cell
from slotfill.cells.elman import Elman
from slotfill.cells.jordan import Jordan
from slotfill.cells.lstm import Lstm
from slotfill.errors import InputError
from slotfill.runtime.cell import CellRuntime
from slotfill.runtime.elman import ElmanRuntime
from slotfill.runtime.jordan import JordanRuntime
from slotfill.runtime.lstm import LstmRuntime
from slotfill.worked import lstm, numbers, simple
from slotfill.worked.lstm import LEE, LEE_WHOLE, LEE_WORKED, Line, LstmUnit, lstm_parameters
from slotfill.worked.simple import LEE_ELMAN, LEE_JORDAN, LEE_SIMPLE, SimpleNet, simple_parameters

torch.set_num_threads(1)  # more are slower at this size

Rows = Sequence[Sequence[float]]


def rounded(values: Sequence[float]) -> list[int]:
    return [round(value) for value in values]


@pytest.mark.parametrize("name", ["numbers", "lstm", "simple"])
def test_the_examples_of_the_docstrings_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"slotfill.worked.{name}"))
    assert found.attempted
    assert not found.failed


# --- the examples of the lectures ------------------------------------------------------------------


def test_the_whole_sequence_of_the_lecture() -> None:
    steps = list(LEE.steps(LEE_WHOLE))
    assert rounded([step.c for step in steps]) == [0, 3, 3, 7, 7, 7, 0, 6, 6]
    assert rounded([step.h for step in steps]) == [0, 0, 0, 0, 0, 7, 0, 0, 6]
    assert [lstm.happened(step) for step in steps] == [
        "ignores 1",
        "writes 3",
        "ignores 2, keeps 3",
        "adds 4 to 3",
        "ignores 2, keeps 7",
        "ignores 1, keeps 7, shows 7",
        "ignores 3, forgets 7",
        "writes 6",
        "ignores 1, keeps 6, shows 6",
    ]


def test_the_worked_steps_of_the_lecture() -> None:
    """The numbers of its slides: 90, 110 and -10 go into the gates of the first step."""
    step = next(LEE.steps(LEE_WORKED))
    assert (step.z, step.z_i, step.z_f, step.z_o) == (3, 90, 110, -10)
    assert rounded([step.i, step.f, step.o]) == [1, 1, 0]


def test_the_elman_and_the_jordan_net_of_the_lecture() -> None:
    assert [step.y for step in LEE_ELMAN.steps(LEE_SIMPLE)] == [(4, 4), (12, 12), (32, 32)]
    assert [step.y for step in LEE_JORDAN.steps(LEE_SIMPLE)] == [(4, 4), (20, 20), (88, 88)]
    order = [LEE_SIMPLE[2], *LEE_SIMPLE[:2]]
    assert [step.y for step in LEE_ELMAN.steps(order)] == [(8, 8), (20, 20), (44, 44)]  # the order matters
    forgetful = LEE_ELMAN.with_setting("U", "0")
    assert [step.y for step in forgetful.steps(LEE_SIMPLE)] == [(4, 4), (4, 4), (8, 8)]


def test_both_peepholes_show_what_exceeds_5_by_itself() -> None:
    """Gers's output gate sees the new memory at once, Lee's one step later."""
    eager = LEE.with_setting("output.bias", "-100")
    for kind, expected in (("gers", [0, 7, 7, 7, 0]), ("lee", [0, 0, 7, 7, 0])):
        kinds: Any = kind
        unit = eager.replace(peepholes=kinds).with_setting("output.c", "20")
        assert rounded([step.h for step in unit.steps(LEE_WORKED)]) == expected


def test_what_half_open_gates_do_is_told_in_percent() -> None:
    half = LEE.with_setting("input.x2", "0").with_setting("input.bias", "0").with_setting("forget.bias", "-1")
    half = half.with_setting("output.bias", "1")
    said = [lstm.happened(step) for step in half.steps([(8, 0, 0), (8, 0, 0)])]
    assert said == ["writes 50 % of 8, shows 73 % of 4", "writes 50 % of 8, keeps 27 % of 4, shows 73 % of 5.08"]


# --- the same as the product's cells ---------------------------------------------------------------


def rows_of(unit: LstmUnit) -> tuple[Line, ...]:
    """In the order of the product's blocks."""
    return unit.input, unit.forget, unit.candidate, unit.output


def arrays_of(units: Sequence[LstmUnit]) -> dict[str, NDArray[np.float64]]:
    """The weights of a layer of these units, which do not read each other."""
    lines = [[rows_of(unit)[block] for unit in units] for block in range(4)]
    U = np.concatenate([np.diag([line.h for line in block]) for block in lines])
    arrays = {
        "W": np.array([line.x for block in lines for line in block]),
        "U": U,
        "b": np.array([line.bias for block in lines for line in block]),
    }
    if units[0].peepholes == "gers":
        arrays["p"] = np.array([[line.c for line in lines[block]] for block in (0, 1, 3)])
    return arrays


def states_of(cell: Cell, arrays: dict[str, Any], inputs: Rows) -> NDArray[np.float64]:
    """What a cell of the product gives for one sentence, (T, H)."""
    cell = cell.double()
    cell.load(arrays)
    with torch.no_grad():
        found: NDArray[np.float64] = cell(torch.tensor([inputs], dtype=torch.float64))[0].numpy()
    return found


def tagged(runtime: CellRuntime, inputs: Rows) -> NDArray[np.float32]:
    """What a cell of the runtime gives for one sentence, (T, H)."""
    x = np.array(inputs, dtype=np.float32)
    shown = np.empty((len(x), runtime.hidden), dtype=np.float32)

    def read(start: int, end: int, out: NDArray[np.float32]) -> None:
        runtime.project(x[start:end], out)

    runtime.run(read, Packing.of([len(x)]), out=shown)
    return shown


def as_float32(arrays: dict[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}


def random_unit(seed: int, peepholes: Literal["none", "gers"]) -> LstmUnit:
    draw = np.random.default_rng(seed).normal

    def line(name: str) -> Line:
        c = float(draw()) if peepholes == "gers" and name != "candidate" else 0.0
        return Line(tuple(draw(size=3).tolist()), bias=float(draw()), h=float(draw()), c=c)

    names = ("candidate", "input", "forget", "output")
    return LstmUnit(**{name: line(name) for name in names}, tanh=True, peepholes=peepholes)


@pytest.mark.parametrize("peepholes", ["none", "gers"])
@pytest.mark.parametrize("seeds", [(1,), (2, 3)])
def test_the_unit_is_a_unit_of_the_product(seeds: Sequence[int], peepholes: Literal["none", "gers"]) -> None:
    units = [random_unit(seed, peepholes) for seed in seeds]
    inputs = np.random.default_rng(0).normal(size=(7, 3)).tolist()
    by_hand = np.array([[step.h for step in unit.steps(map(tuple, inputs))] for unit in units]).T
    arrays = arrays_of(units)
    cell = Lstm(3, len(units), peepholes=peepholes == "gers")
    assert states_of(cell, arrays, inputs) == pytest.approx(by_hand, abs=1e-12)
    assert tagged(LstmRuntime(as_float32(arrays)), inputs) == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.parametrize("kind", ["elman", "jordan"])
@pytest.mark.parametrize("units", [1, 2])
def test_the_simple_nets_are_those_of_the_product(kind: Literal["elman", "jordan"], units: int) -> None:
    draw = np.random.default_rng(units).normal
    shapes = {"W": (units, 2), "U": (units, units if kind == "elman" else 2), "V": (2, units)}
    matrices: dict[str, Any] = {name: tuple(map(tuple, draw(size=shape).tolist())) for name, shape in shapes.items()}
    b, b_y = tuple(draw(size=units).tolist()), tuple(draw(size=2).tolist())
    net = SimpleNet(kind, **matrices, b=b, b_y=b_y, tanh=True)
    inputs = draw(size=(7, 2)).tolist()
    steps = list(net.steps(map(tuple, inputs)))
    by_hand = np.array([step.h for step in steps])
    arrays = {name: np.array(values) for name, values in net.to_dict().items()}
    arrays["c"] = arrays.pop("b_y")  # its name in the files of models
    if kind == "elman":
        arrays = {name: arrays[name] for name in "WUb"}
    cell: Cell = Elman(2, units) if kind == "elman" else Jordan(2, units, outputs=2)
    runtime = (ElmanRuntime if kind == "elman" else JordanRuntime)(as_float32(arrays))
    assert states_of(cell, arrays, inputs) == pytest.approx(by_hand, abs=1e-12)
    assert tagged(runtime, inputs) == pytest.approx(by_hand, abs=1e-5)
    assert [sum(step.y) for step in steps] == pytest.approx([1.0] * 7)


@pytest.mark.parametrize(("inputs", "units"), [(3, 1), (3, 2), (50, 20)])
def test_parameters_are_those_of_the_product(inputs: int, units: int) -> None:
    def size(cell: Cell) -> int:
        return sum(array.size for array in cell.arrays().values())

    assert lstm_parameters(inputs, units) == size(Lstm(inputs, units)) == 4 * size(Elman(inputs, units))
    assert lstm_parameters(inputs, units, "gers") == size(Lstm(inputs, units, peepholes=True))
    assert simple_parameters(inputs, units) == size(Elman(inputs, units))
    assert simple_parameters(inputs, units, 7) + 7 * (units + 1) == size(Jordan(inputs, units, outputs=7))


# --- odd input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'no inputs: expected numbers for each step, such as "3,1,0; 4,1,0"'),
        (" ; \n;", 'no inputs: expected numbers for each step, such as "3,1,0; 4,1,0"'),
        ("3,1,0; 4,1", "step 2: expected 3 numbers (x1, x2, x3), got 2: '4,1'"),
        ("3,1,0\n\n1 2 3 4", "step 2: expected 3 numbers (x1, x2, x3), got 4: '1 2 3 4'"),
        ("3,one,0", "step 1: expected a number such as 100 or -0.5, got 'one'"),
        ("3,nan,0", "step 1: expected a number such as 100 or -0.5, got 'nan'"),
        ("3,1e999,0", "step 1: expected a number such as 100 or -0.5, got '1e999'"),
    ],
)
def test_inputs_that_are_none(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        numbers.sequence(text, width=3)
    assert str(caught.value) == said


def test_a_number_that_is_too_large_is_told_with_its_step() -> None:
    with pytest.raises(InputError, match=r"^step 2: z\^i is too large"):
        list(LEE.steps([(1, 1, 0), (1, 1e308, 0)]))
    with pytest.raises(InputError, match=r"^step 2: c is too large"):
        list(LEE.steps([(1e308, 1, 0), (1e308, 1, 0)]))
    with pytest.raises(InputError, match=r"^step 1: z is too large"):
        list(LEE_ELMAN.steps([(1e308, 1e308)]))
    with pytest.raises(InputError, match=r"^step 1: y is too large"):
        list(LEE_JORDAN.steps([(5e307, 5e307)]))


FLOATS = st.floats(-1e308, 1e308)


@given(st.lists(st.tuples(FLOATS, FLOATS, FLOATS), max_size=5), st.booleans())
def test_a_unit_gives_numbers_or_says_why_not(inputs: list[tuple[float, float, float]], tanh: bool) -> None:
    try:
        steps = list(LEE.replace(tanh=tanh).steps(inputs))
    except InputError:
        return
    for step in steps:
        assert 0 <= min(step.i, step.f, step.o) <= max(step.i, step.f, step.o) <= 1
        assert math.isfinite(step.h)
        assert "nan" not in lstm.happened(step)


@given(st.lists(st.tuples(FLOATS, FLOATS, FLOATS), min_size=1, max_size=5), st.sampled_from([",", " ", ", "]))
def test_a_sequence_is_read_as_it_is_written(inputs: list[tuple[float, float, float]], between: str) -> None:
    text = "; ".join(between.join(map(repr, step)) for step in inputs)
    assert numbers.sequence(text, width=3) == tuple(inputs)


def test_marks_of_a_chinese_keyboard() -> None:
    assert numbers.sequence("３，１，０；4，－1，0", width=3) == ((3, 1, 0), (4, -1, 0))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("forget.bais", "1", "--set forget.bais: there is no such weight: did you mean forget.bias? "
         "(expected candidate, input, forget, output with .x1, .x2, .x3, .h, .c, .bias, such as forget.bias=10)"),
        ("keep.bias", "1", "--set keep.bias: there is no such weight: did you mean forget.bias?"),
        ("input.x4", "1", "--set input.x4: the cell has three inputs: expected input.x1, input.x2 or input.x3"),
        ("input.c", "1", "--set input.c: this is a peephole: add --peepholes lee or --peepholes gers"),
        ("candidate.c", "1", "--set candidate.c: this is a peephole: add --peepholes lee"),
        ("input.x1", "much", "--set input.x1: expected a number such as 100 or -0.5, got 'much'"),
        ("input.x1", "inf", "--set input.x1: expected a number such as 100 or -0.5, got 'inf'"),
    ],
)  # fmt: skip
def test_weights_that_there_are_not(name: str, value: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        LEE.with_setting(name, value)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("Q", "1", "--set Q: there are no such weights: expected W, U, b, V, b_y, such as U=0"),
        ("U", "1 0", "--set U: expected \"1 0; 0 1\" (two rows of two) or one number for all, got '1 0'"),
        ("b", "1; 0", "--set b: expected \"1 0\" (two numbers) or one number for all, got '1; 0'"),
        ("b", "", "--set b: expected \"1 0\" (two numbers) or one number for all, got ''"),
        ("V", "a", "--set V: expected a number such as 100 or -0.5, got 'a'"),
    ],
)
def test_matrices_that_do_not_fit(name: str, value: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        LEE_ELMAN.with_setting(name, value)
    assert str(caught.value) == said


def test_every_weight_can_be_set() -> None:
    unit = LEE.replace(peepholes="lee")
    for count, name in enumerate(lstm.setting_names()):
        line, _, place = name.partition(".")
        unit = unit.with_setting(name, str(count))
        changed: Line = getattr(unit, line)
        assert (changed.x[int(place[1]) - 1] if place[0] == "x" else getattr(changed, place)) == count
    assert simple.LEE_ELMAN.with_setting("b", "1 2").b == (1, 2)
