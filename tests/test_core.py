"""The compiled core: its border lets nothing wrong through, and each instruction set says the same as numpy."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from numpy.typing import NDArray

from slotfill import core, load
from slotfill.core import _core as compiled
from slotfill.decoding.compiled import compiled_chain
from slotfill.readers import load as read_splits
from slotfill.readers import split_of
from tests.conftest import ROOT

if not core.in_use:
    pytest.skip("the compiled core is not built: pip install --editable . builds it", allow_module_level=True)

Array = NDArray[np.float32]


def zeros(*shape: int) -> Array:
    return np.zeros(shape, dtype=np.float32)


def random(seed: int, *shape: int, scale: float = 1.0) -> Array:
    return np.random.default_rng(seed).normal(scale=scale, size=shape).astype(np.float32)


@pytest.fixture(params=["plain", "avx2", "avx512"])
def instructions(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each instruction set that this processor has; the others cannot be tried here."""
    try:
        compiled.instructions(request.param)
    except ValueError:
        compiled.instructions("plain")
    yield compiled.instructions()
    compiled.instructions(None)


# --- kernels ---------------------------------------------------------------------------------------


def by_feedforward(z: Array) -> Array:
    """The core's tanh."""
    out = np.empty_like(z)
    compiled.recur(0, z, None, None, 1, out, None)
    return out


def by_gru(z: Array) -> Array:
    """The core's logistic function of -z: a step of a GRU whose candidate is 1 is 1 - z."""
    inputs = np.repeat(z, 3, axis=1).reshape(len(z), 16, 3).transpose(0, 2, 1).reshape(len(z), 48)
    inputs[:, 32:] = 100
    out = np.empty_like(z)
    for row in range(len(z)):
        compiled.recur(
            2,
            np.ascontiguousarray(inputs[row : row + 1]),
            zeros(1, 1, 16, 3, 16),
            zeros(1, 1, 16),
            1,
            out[row : row + 1],
            None,
        )
    return 1 - out


@pytest.mark.usefixtures("instructions")
def test_tanh_and_the_logistic_function_are_right_to_six_digits() -> None:
    z = np.concatenate([np.linspace(-100, 100, 8001), np.linspace(-1, 1, 7999), [-1e30, 1e30, 0, -0.0]])
    z = z[: len(z) // 16 * 16].astype(np.float32).reshape(-1, 16)
    exact = z.astype(np.float64)
    assert np.abs(by_feedforward(z) - np.tanh(exact)).max() < 3e-7
    with np.errstate(over="ignore"):
        assert np.abs(by_gru(z) - 1 / (1 + np.exp(exact))).max() < 4e-7


@pytest.mark.usefixtures("instructions")
@pytest.mark.parametrize("columns", [1, 15, 16, 17, 47, 48, 141])
@pytest.mark.parametrize("rows", [0, 1, 5, 6, 7, 13])
def test_products(rows: int, columns: int) -> None:
    every = columns + -columns % 16
    x, W, b, out = random(1, rows, 37), random(2, 37, every), random(3, every), zeros(rows, columns)
    compiled.project(x, W, b, out)
    assert out == pytest.approx((x @ W + b)[:, :columns], abs=1e-5)
    for row in range(rows):  # alone, it is the same to the last bit
        alone = zeros(1, columns)
        compiled.project(x[row : row + 1], W, b, alone)
        assert (alone[0] == out[row]).all()


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 1, 5, 4, 16), (0,), (3, 0, 2)])
def test_new_arrays_are_zeros_on_a_line_of_the_cache(shape: tuple[int, ...]) -> None:
    views = [compiled.floats(*shape) for _ in range(20)]
    for view in views:
        array = np.asarray(view)
        assert array.dtype == np.float32
        assert array.shape == (shape if 0 not in shape else (0,))
        assert not array.any()
        assert array.ctypes.data % 64 == 0
        array += 1  # its own memory
    assert memoryview(views[0]).cast("B").nbytes == 4 * np.prod(shape)


def test_an_array_ends_with_its_last_view() -> None:
    kind = type(compiled.floats(1).obj)
    before = sys.getrefcount(kind)
    view = compiled.floats(2, 3)
    row = view.cast("B").cast("f")[3:]
    del view
    assert sys.getrefcount(kind) == before + 1
    row[2] = 7.0
    assert row.tolist() == [0, 0, 7]
    del row
    assert sys.getrefcount(kind) == before


@pytest.mark.parametrize(
    ("shape", "error", "reason"),
    [
        ((), TypeError, "takes 1 to 5 lengths: got 0"),
        ((1, 1, 1, 1, 1, 1), TypeError, "takes 1 to 5 lengths: got 6"),
        ((-1,), ValueError, "expected lengths, got -1"),
        ((1 << 40, 1 << 40), MemoryError, None),
        ((1 << 61,), MemoryError, None),
        (("3",), TypeError, "integer"),
    ],
)
def test_lengths_that_no_array_has(shape: Any, error: type[Exception], reason: str | None) -> None:
    with pytest.raises(error, match=reason):
        compiled.floats(*shape)


def test_all_instruction_sets_tag_alike(instructions: str) -> None:
    found = load().tag(["arrive Taipei on November 2nd"], now="2026-11-20T09:00")[0]
    compiled.instructions("plain")
    expected = load().tag(["arrive Taipei on November 2nd"], now="2026-11-20T09:00")[0]
    assert found.tags == expected.tags, instructions
    assert [s.confidence for s in found.slots] == pytest.approx([s.confidence for s in expected.slots], abs=1e-5)


def labels(texts: Sequence[str], *, alone: bool) -> tuple[list[Any], list[float]]:
    """Tags and intents of sentences by the model that ships, and the confidences of all slots."""
    tagger = load()
    found = [tagger.annotate([text])[0] for text in texts] if alone else tagger.annotate(texts)
    return (
        [(one.tags, one.intent and one.intent.name) for one in found],
        [slot.confidence for one in found for slot in one.slots],
    )


def test_labels_are_those_of_numpy_in_company_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [example.text for example in split_of(read_splits("travel"), "test")][:150]
    found = [labels(texts, alone=alone) for alone in (False, True)]
    monkeypatch.setattr(core, "in_use", False)
    expected = labels(texts, alone=False)
    assert len(expected[1]) > 150
    for tags, sure in found:
        assert tags == expected[0]
        assert sure == pytest.approx(expected[1], abs=1e-5)


def test_a_few_sentences_are_read_as_if_each_were_alone() -> None:
    runtime = load().runtime
    sentences = [["from", "boston", "to", "rome"], ["arrive", "taipei"], ["on", "may", "first"]]
    scores_NK, intents_BI, starts_B = runtime.run(sentences)
    alone = [runtime.run([sentence]) for sentence in sentences]
    assert np.array_equal(scores_NK, np.concatenate([scores for scores, _, _ in alone]))  # to the last bit
    assert intents_BI is not None
    assert np.array_equal(intents_BI, np.concatenate([intents for _, intents, _ in alone if intents is not None]))
    assert starts_B.tolist() == [0, 4, 6]


# --- words that are kept ---------------------------------------------------------------------------


def test_kept_words_are_let_go_and_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slotfill.runtime.one._KEPT", 40_000)  # some five words
    tight, wide = load().runtime, load().runtime
    sentences = [["from", "boston", "to", f"xyz{number % 9}", "on", "may", "first"] for number in range(20)]
    assert tight.one is not None
    monkeypatch.undo()
    for sentence in sentences:
        found, expected = tight.run([sentence]), wide.run([sentence])
        assert (found[0] == expected[0]).all()
        assert len(tight.one._known) <= 12


# --- the border ------------------------------------------------------------------------------------

LSTM: dict[str, Any] = {
    "cell": 3,
    "z": zeros(5, 64),
    "U": zeros(1, 1, 9, 4, 16),
    "own": None,
    "directions": 1,
    "out": zeros(5, 9),
    "state": None,
}
READ_ONLY = zeros(5, 9)
READ_ONLY.flags.writeable = False


@pytest.mark.parametrize(
    "wrong",
    [
        {"cell": 4},
        {"cell": -1},
        {"cell": "3"},
        {"cell": 2},
        {"directions": 0},
        {"directions": 3},
        {"directions": 2},
        {"z": zeros(5, 63)},
        {"z": zeros(4, 64)},
        {"z": zeros(64, 5).T},
        {"z": zeros(5, 64).astype(np.float64)},
        {"z": zeros(5, 64).astype(np.int32)},
        {"z": zeros(5, 64).astype(">f4")},
        {"z": zeros(320)},
        {"z": None},
        {"U": None},
        {"U": zeros(1, 1, 8, 4, 16)},
        {"U": zeros(1, 1, 9, 3, 16)},
        {"U": zeros(1, 9, 4, 16)},
        {"own": zeros(1, 2, 16)},
        {"own": zeros(1, 3, 9)},
        {"out": zeros(5, 17)},
        {"out": zeros(5, 0)},
        {"out": READ_ONLY},
        {"state": zeros(1, 2, 16)},
        {"state": zeros(1, 3, 9)},
        {"state": zeros(2, 3, 16)},
    ],
    ids=str,
)
def test_recur_refuses_what_does_not_fit(wrong: dict[str, Any]) -> None:
    compiled.recur(*LSTM.values())
    with pytest.raises((TypeError, ValueError, BufferError)):
        compiled.recur(*(LSTM | wrong).values())


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (compiled.recur, ()),
        (compiled.project, (zeros(2, 3), zeros(4, 16), zeros(16), zeros(2, 16))),
        (compiled.project, (zeros(2, 3), zeros(3, 15), zeros(15), zeros(2, 15))),
        (compiled.project, (zeros(2, 3), zeros(3, 16), zeros(16), zeros(2, 17))),
        (compiled.project, (zeros(2, 3), zeros(3, 16), zeros(15), zeros(2, 16))),
        (compiled.project, (zeros(2, 3), zeros(3, 16), zeros(16), zeros(1, 16))),
        (compiled.gather, ([zeros(4)], zeros(2, 3), zeros(3, 4), zeros(2, 4))),
        (compiled.gather, ([zeros(5)], zeros(1, 3), zeros(3, 4), zeros(1, 4))),
        (compiled.gather, ((zeros(4),), zeros(1, 3), zeros(3, 4), zeros(1, 4))),
        (compiled.gather, ([zeros(4)], zeros(1, 3), zeros(3, 4), zeros(1, 5))),
        (compiled.add_places, (zeros(2, 9), 1, 3, 3, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 3, 3, zeros(2, 2))),
        (compiled.add_places, (zeros(2, 9), -9, 3, 3, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 2, 3, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 3, -1, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 3, 2**62, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 3, 2**70, zeros(2, 3))),
        (compiled.add_places, (zeros(2, 9), 0, 999_999, 0, zeros(2, 3))),
        (compiled.largest, (zeros(0, 3), zeros(1, 3))),
        (compiled.largest, (zeros(2, 3), zeros(1, 4))),
        (compiled.instructions, ("mmx",)),
        (compiled.instructions, (1,)),
    ],
)
def test_the_border_refuses_what_does_not_fit(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError)):
        function(*arguments)


def unaligned(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, a byte beside where they should lie."""
    return np.frombuffer(b"\0" + array.tobytes(), dtype=np.uint8)[1:].view(array.dtype).reshape(array.shape)


def test_numbers_lie_where_the_processor_expects_them() -> None:
    compiled.largest(zeros(2, 3), zeros(1, 3))
    with pytest.raises(ValueError, match="x: expected numbers that are aligned"):
        compiled.largest(unaligned(zeros(2, 3)), zeros(1, 3))
    right = chain_arguments(compiled.best_paths)
    with pytest.raises(ValueError, match="starts: expected numbers that are aligned"):
        compiled.best_paths(right[0], unaligned(right[1]), *right[2:])


STEP: dict[str, Any] = {
    "z": zeros(4, 12),
    "ids": np.array([0, 3]),
    "u": zeros(1, 12),
    "products": np.array([0, 0]),
    "parents": np.array([2, 2]),
    "before": zeros(3, 3),
    "largest_before": zeros(3, 3),
    "c": zeros(2, 3),
    "h": zeros(2, 3),
    "largest": zeros(2, 3),
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"z": zeros(3, 12)},
        {"z": zeros(4, 11)},
        {"z": zeros(1, 12), "ids": None},
        {"ids": np.array([0, -1])},
        {"ids": np.array([0])},
        {"ids": np.array([0, 3], dtype=np.int32)},
        {"u": zeros(0, 12)},
        {"u": zeros(1, 13)},
        {"products": None},
        {"products": np.array([0, 1])},
        {"parents": np.array([0, 3])},
        {"parents": np.array([0, -2])},
        {"parents": None, "before": zeros(1, 3), "largest_before": zeros(1, 3)},
        {"before": None},
        {"before": zeros(3, 4)},
        {"largest_before": None},
        {"largest_before": zeros(2, 3)},
        {"c": zeros(2, 4)},
        {"c": zeros(3, 3)},
        {"h": None},
        {"h": READ_ONLY},
        {"largest": zeros(2, 4)},
    ],
    ids=str,
)
def test_a_step_refuses_what_does_not_fit(wrong: dict[str, Any]) -> None:
    compiled.lstm_step(*STEP.values())
    with pytest.raises((TypeError, ValueError, BufferError)):
        compiled.lstm_step(*(STEP | wrong).values())


@pytest.mark.usefixtures("instructions")
def test_a_step_reads_the_rows_that_are_named() -> None:
    z, u, before, most = random(1, 4, 12), random(2, 2, 12), random(3, 3, 3), random(4, 3, 3)
    ids, products, parents = np.array([3, 0]), np.array([1, 1]), np.array([2, 0])
    c, h, largest = zeros(2, 3), zeros(2, 3), zeros(2, 3)
    compiled.lstm_step(z, ids, u, products, parents, before, most, c, h, largest)
    i, f, o, g = np.split(1 / (1 + np.exp(z[ids] + u[products])), 4, axis=1)
    memory = f * before[parents] + i * (2 * g - 1)
    assert c == pytest.approx(memory, abs=1e-6)
    assert h == pytest.approx(o * np.tanh(memory), abs=1e-6)
    assert (largest == np.maximum(h, most[parents])).all()


class Broken:
    """A number that is none."""

    def __index__(self) -> int:
        raise RuntimeError("no number")


def test_two_numbers_that_are_none_are_one_error() -> None:
    """Python code must not run while an error is under way."""
    with pytest.raises(RuntimeError, match="no number"):
        compiled.recur(*(LSTM | {"cell": Broken(), "directions": Broken()}).values())


TAGS = ["B-a", "B-b", "I-a", "I-b", "O"]


def chain_arguments(function: Callable[..., Any]) -> list[Any]:
    """Those of a call that is right: two sentences of 3 and 2 tokens."""
    chain = compiled_chain(TAGS, None, temperature=1.0)
    assert chain is not None
    emissions, starts, path = random(1, 5, 5), np.array([0, 3]), np.zeros(5, dtype=np.int64)
    if function is compiled.best_paths:
        return [emissions, starts, *map(np.array, (*chain._places, *chain._scores, chain._bounds)), path]
    steps = map(np.array, (*chain._places, *chain._factors, chain._transposed))
    return [emissions, starts, *steps, 1.0, path, zeros(3, 5), zeros(5, 5)]


@pytest.mark.parametrize("function", [compiled.best_paths, compiled.sums], ids=lambda function: function.__name__)
def test_numbers_of_tags_are_checked(function: Callable[..., Any]) -> None:
    """No number of a tag, of a column or of a token leads out of an array, whichever it is and wherever it stands."""
    right = chain_arguments(function)
    function(*right)
    numbers = [place for place, given in enumerate(right) if isinstance(given, np.ndarray) and given.dtype == np.int64]
    for place in numbers:
        if function is compiled.best_paths and place == len(right) - 1:
            continue  # it is only written
        for at in range(right[place].size):
            for number in (-6, 6, 2**40, -(2**40)):
                wrong = [*right]
                wrong[place] = right[place].copy()
                wrong[place].flat[at] = number
                with pytest.raises(ValueError, match=r"range|sentences"):
                    function(*wrong)


@pytest.mark.parametrize("function", [compiled.best_paths, compiled.sums], ids=lambda function: function.__name__)
def test_shapes_of_a_chain_are_checked(function: Callable[..., Any]) -> None:
    right = chain_arguments(function)
    for place, given in enumerate(right):
        if isinstance(given, np.ndarray):
            for wrong in (given[:-1], given.astype(np.float16), given[..., None], None):
                if wrong is None and function is compiled.sums and place in (11, 13):
                    continue  # not wanted
                if place == 1 and wrong is not None and wrong.tolist() == [0]:
                    continue  # one sentence
                with pytest.raises((TypeError, ValueError)):
                    function(*right[:place], wrong, *right[place + 1 :])


def test_hostile_calls_are_refused_or_harmless() -> None:
    """In a process of its own, which a mistake would end."""
    command = [sys.executable, "-m", "tests.border", "1000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    ends = [line.split()[:2] for line in done.stdout.splitlines()]
    for function in {name for name, one in vars(compiled).items() if callable(one)} - {"__loader__", "instructions"}:
        assert [function, "taken"] in ends
        assert [function, "ValueError"] in ends


def test_scores_that_are_no_numbers_stay_inside() -> None:
    for function in (compiled.best_paths, compiled.sums):
        for poison in (np.nan, np.inf, -np.inf):
            given = chain_arguments(function)
            given[0][2] = poison
            function(*given)
            path = given[10 if function is compiled.best_paths else 11]
            assert ((path >= 0) & (path < len(TAGS))).all()


# --- without it ------------------------------------------------------------------------------------


GONE = {
    "told so": "",
    "not built": "import sys; sys.modules['slotfill.core._core'] = None",
    "of other sources": "import sys, types; sys.modules['slotfill.core._core'] = types.ModuleType('_core')",
}


def without(why: str, code: str, wanted: str = "") -> "subprocess.CompletedProcess[str]":
    """What a process says in which the core is not in use."""
    environment = os.environ | {"SLOTFILL_CORE": "no" if why == "told so" else wanted}
    command = [sys.executable, "-c", f"{GONE[why]}\n{code}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("why", GONE)
def test_without_the_core_numpy_does_the_same(why: str) -> None:
    done = without(
        why,
        "from slotfill import core, load; assert not core.in_use and core._core is None; "
        "print([(s.name, round(s.confidence, 4)) for s in load().tag(['arrive Taipei on November 2nd'])[0].slots])",
    )
    slots = load().tag(["arrive Taipei on November 2nd"])[0].slots
    assert eval(done.stdout) == [(s.name, pytest.approx(s.confidence, abs=1e-4)) for s in slots]
    assert ("RuntimeWarning: slotfill's compiled core is left out" in done.stderr) == (why == "of other sources")


COMMAND = "sys.argv = ['slotfill', 'tag', 'hello']; from slotfill.__main__ import main; main()"


def test_the_command_line_says_that_the_core_is_of_other_sources() -> None:
    """As after `git pull` in an editable install: functions that the old core lacks would end in a traceback."""
    done = without("of other sources", COMMAND)
    assert done.returncode == 0
    assert "hello" in done.stdout
    assert done.stderr.startswith("warning: slotfill's compiled core is left out, which is slower: it was built from ")
    assert "pip install --editable ." in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("why", ["not built", "of other sources"])
def test_a_core_that_must_be_there_is_an_error(why: str) -> None:
    done = without(why, COMMAND, wanted="must")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: SLOTFILL_CORE is `must`, and slotfill's compiled core is not in use: it ")
    assert done.stderr.count("\n") == 1


# The sum of what functions take, for each number of the interface. After a change of that, or of what it means, raise
# INTERFACE in slotfill/core/__init__.py and in module.c, and write the new sum down.
INTERFACES = {4: "62d39802"}


def test_another_interface_has_another_number() -> None:
    functions = {name: value for name, value in vars(compiled).items() if callable(value) and name[0] != "_"}
    signatures = "".join(f"{name}{value.__text_signature__}" for name, value in sorted(functions.items()))
    assert len(functions) > 8
    assert f"{crc32(f'{signatures} {compiled.UNITS}'.encode()):08x}" == INTERFACES[core.INTERFACE]
    assert compiled.INTERFACE == core.INTERFACE
