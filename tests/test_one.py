"""One sentence by the compiled core, from words to tags and without numpy: it says what numpy says."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slotfill import core, load
from slotfill.arrays import Weights, are_within, flat, floats
from slotfill.config import ModelConfig
from slotfill.core import _core as compiled
from slotfill.decoding.chain import Chain
from slotfill.errors import BundleError
from slotfill.gazetteers import build_gazetteers
from slotfill.runtime.forward import Runtime
from slotfill.runtime.one import OneSentence, one_sentence
from slotfill.runtime.weights import shapes_of
from slotfill.tokenizer import fold
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

if not core.in_use:
    pytest.skip("the compiled core is not built: pip install --editable . builds it", allow_module_level=True)

# --- no numpy --------------------------------------------------------------------------------------

FORBIDDEN = "import sys; sys.modules['numpy'] = None\n"
TEXT = "arrive Taipei on November 2nd"


def run(code: str) -> "subprocess.CompletedProcess[str]":
    """A process in which an import of numpy is an error."""
    return subprocess.run([sys.executable, "-c", FORBIDDEN + code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "options",
    [
        [TEXT],
        [TEXT, "--format", "json", "--min-confidence", "0.5"],
        [TEXT, "--format", "table"],
        [TEXT, "--format", "iob"],
        [TEXT, "--format", "markup"],
        ["from São Paulo to 東京 at 6:30pm, please!", "11月2日到達台北", "", "vuelos a Madrid"],
        ["arrive Taipei", "--tokens"],
    ],
    ids=" ".join,
)
def test_a_plain_command_imports_no_numpy(options: list[str]) -> None:
    done = run(f"sys.argv = ['slotfill', 'tag', *{options!r}]\nfrom slotfill.__main__ import main; main()")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    assert done.stdout.count("\n") >= 1


def test_a_program_that_asks_for_a_sentence_imports_no_numpy() -> None:
    done = run(f"import slotfill; print(slotfill.load().tag([{TEXT!r}] * 64)[63].slots[0].text)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Taipei\n", "")


# --- the same answers ------------------------------------------------------------------------------

WORDS = ("from", "to", "a", "taipei", "new", "york", "on", "o'clock", "zürich")
TAGS = ("O", "B-city", "I-city", "B-date", "I-date", "B-day")
SMALL = ModelConfig(hidden=8, word_size=7, affixes="yes", character_size=5, character_filters=6, gazetteers="yes")
LISTS = {"city": ["new york", "york taipei from new", "zürich"], "month": ["may"]}


def parts_of(
    config: ModelConfig, *, seed: int = 1, intents: int = 3, half: bool = False, tags: tuple[str, ...] = TAGS
) -> tuple[ModelConfig, Vocabularies, dict[str, NDArray[np.float32]]]:
    """A network of random weights, in which three layers make more of what rounding does than training would."""
    rng = np.random.default_rng(seed)
    lists = build_gazetteers(LISTS if config.gazetteers == "yes" else {})
    characters = Vocabulary("abcdefghijklmnopqrstuvwxyz'ü")
    names = LabelSet([f"intent {number}" for number in range(intents)])
    vocabularies = Vocabularies(Vocabulary(WORDS), characters, LabelSet(tags), names, lists)
    weights = {
        name: rng.normal(scale=0.25, size=shape).astype(np.float32)
        for name, shape in shapes_of(config, vocabularies).items()
    }
    if half:
        weights["features.words"] = weights["features.words"].astype(np.float16)
    weights["temperature"] = np.array([1.3], dtype=np.float32)
    return config, vocabularies, weights


def networks() -> st.SearchStrategy[ModelConfig]:
    """Networks of every kind that the core knows."""
    return st.builds(
        SMALL._replace,
        cell=st.sampled_from(["feedforward", "elman", "gru", "lstm"]),
        hidden=st.sampled_from([1, 8, 16, 17, 33]),
        layers=st.integers(1, 3),
        bidirectional=st.booleans(),
        window=st.integers(0, 2),
        affixes=st.sampled_from(["yes", "no"]),
        character_filters=st.sampled_from([0, 1, 16, 21]),
        character_width=st.integers(1, 5),
        direct=st.booleans(),
        crf=st.booleans(),
        gazetteers=st.sampled_from(["yes", "no"]),
        intents=st.sampled_from(["one", "#"]),
    )


SENTENCES = st.lists(st.sampled_from(WORDS) | st.text(min_size=1, max_size=40).map(fold), min_size=1, max_size=9)


@settings(max_examples=60)
@given(networks(), st.booleans(), st.integers(0, 99), st.integers(0, 3), st.booleans(), st.data())
def test_scores_tags_and_confidence_are_those_of_numpy(
    config: ModelConfig, peepholes: bool, seed: int, intents: int, half: bool, data: st.DataObject
) -> None:
    parts = parts_of(
        config._replace(peepholes=peepholes and config.cell == "lstm"), seed=seed, intents=intents, half=half
    )
    one = one_sentence(parts[0], parts[1], Weights.of(parts[2]))
    assert one is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "in_use", False)
        runtime = Runtime(*parts)
        chain = Chain(parts[1].tags.items, parts[2].get("crf.A"), temperature=1.3)
        for sentence in data.draw(st.lists(SENTENCES, min_size=1, max_size=3)):
            emissions_NK, intents_BI, starts_B = runtime.run([sentence])
            found_NK, found_1I = one.run(sentence)
            assert np.asarray(found_NK) == pytest.approx(emissions_NK, abs=1e-4)
            assert (found_1I is None) == (intents_BI is None)
            if found_1I is not None:
                assert np.asarray(found_1I) == pytest.approx(intents_BI, abs=1e-4)
            found = one.tag(sentence)
            path_N = chain.decode(emissions_NK, starts_B)
            best = sorted(emissions_NK.ravel())
            if min(np.diff(best)) > 1e-3 or len(best) < 2:  # else two paths may be equally good
                assert found.path == path_N.tolist()
            if found.sure is not None and found.path == path_N.tolist():
                sure = chain.confidence(emissions_NK, starts_B, path_N)
                for name in ("opening", "going", "closing"):
                    assert [*getattr(found.sure, name)] == pytest.approx([*getattr(sure, name)], rel=1e-3, abs=1e-4)


def test_a_cell_that_the_core_does_not_know_is_left_to_numpy() -> None:
    config, vocabularies, weights = parts_of(SMALL._replace(cell="jordan"))
    assert one_sentence(config, vocabularies, Weights.of(weights)) is None


@pytest.mark.parametrize("tags", [("O",), ("O", "B-a"), ("O", "B-a", "I-a")])
def test_few_tags(tags: tuple[str, ...]) -> None:
    config, vocabularies, weights = parts_of(SMALL, tags=tags)
    one = OneSentence(config, vocabularies, Weights.of(weights))
    assert len(one.tag(["from", "taipei"]).path) == 2


def test_words_that_are_no_numbers_are_found_when_they_are_read() -> None:
    config, vocabularies, weights = parts_of(SMALL)
    weights["features.words"][vocabularies.words.id("taipei")] = np.nan
    one = OneSentence(config, vocabularies, Weights.of(weights))
    one.tag(["from"])
    with pytest.raises(BundleError, match=r"features\.words"):
        one.tag(["from", "taipei"])


# --- the border ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, -6.1e-5, 1e-7])
def test_numbers_of_16_bits(number: float) -> None:
    table, out = np.full((2, 3), number, dtype=np.float16), np.zeros(3, dtype=np.float32)
    for form in (table, table.view(np.uint16)):
        assert compiled.embed(form, 1, None, [], 1.0, out)
        assert out.tobytes() == table[1].astype(np.float32).tobytes()


@pytest.mark.parametrize("kind", [np.float32, np.float16])
@pytest.mark.parametrize("at", [0, 1, 30, 99])
def test_what_is_too_large_or_no_number_is_seen(kind: type, at: int) -> None:
    for number, expected in ((np.nan, False), (np.inf, False), (-np.inf, False), (1000.0, False), (999.0, True)):
        numbers: Any = np.zeros(100, dtype=kind)
        numbers[at] = number
        raw = memoryview(numbers.view(np.uint16) if kind is np.float16 else numbers)
        assert compiled.within(raw, 1000.0) is expected
        assert are_within(raw, 1000.0) is expected
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(core, "in_use", False)
            assert are_within(raw, 1000.0) is expected
            assert are_within(raw, 1e6) is bool(np.isfinite(number))  # no float16 is as large


@pytest.mark.parametrize("most", [6e-8, 1.0, 1000.0, 65504.0, 65505.0, 1e6, np.inf])
def test_each_float16_is_within_what_it_is_smaller_than(most: float) -> None:
    every: Any = np.arange(1 << 16, dtype=np.uint16)
    smaller = np.abs(every.view(np.float16).astype(np.float32)) < np.float32(most)
    assert compiled.within(memoryview(every[smaller]), most)
    assert not any(compiled.within(memoryview(every[n : n + 1]), most) for n in np.flatnonzero(~smaller))


F = np.zeros(8, dtype=np.float32)
READ_ONLY = memoryview(bytes(32)).cast("f")
ODD = memoryview(bytearray(33))[1:].cast("f")  # not aligned


def lay(**changes: Any) -> None:
    right = {"source": floats(6), "out": floats(8), "factor": 1.0, "A": 1, "B": 2, "C": 3, "a": 0, "b": 3, "c": 1}
    right |= {"x": 0, "y": 4, "z": 1, "first": 0}
    compiled.lay(*(right | changes).values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"A": 0},
        {"A": -1},
        {"B": 3},
        {"C": 4},
        {"A": 2},
        {"A": 2**62},
        {"A": 2**62, "a": 0, "x": 1},
        {"B": 2**62, "b": 2**62},
        {"b": 4},
        {"b": -1},
        {"c": 2**62},
        {"y": 6},
        {"z": 3},
        {"x": -1},
        {"first": 2},
        {"first": -1},
        {"first": 2**62},
        {"first": 2**70},
        {"source": floats(5)},
        {"source": floats(2, 3)},
        {"source": F.astype(np.float64)},
        {"source": ODD},
        {"out": READ_ONLY},
        {"out": floats(6)},
        {"factor": None},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_laying_out_stays_inside(wrong: dict[str, Any]) -> None:
    lay()
    lay(first=1)
    with pytest.raises((TypeError, ValueError, OverflowError, BufferError)):
        lay(**wrong)


def test_laying_out_turns_and_multiplies() -> None:
    source, out = floats(6), floats(8)
    numbers: Any = np.arange(6, dtype=np.float32)
    source[:] = memoryview(numbers)
    compiled.lay(source, out, -2.0, 1, 2, 3, 0, 3, 1, 0, 1, 2, 1)
    assert out.tolist() == [0, 0, -6, -2, -8, -4, -10, 0]


VECTORS, FILTERS, BIAS = floats(4, 2), floats(6, 16), floats(16)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (compiled.within, (None, 1.0)),
        (compiled.within, (F.astype(np.float64), 1.0)),
        (compiled.within, (F[::2], 1.0)),
        (compiled.within, (ODD, 1.0)),
        (compiled.within, (F, "1")),
        (compiled.embed, (VECTORS, 4, None, [], 1.0, floats(2))),
        (compiled.embed, (VECTORS, -1, None, [], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 2**70, None, [], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, None, [], 1.0, floats(3))),
        (compiled.embed, (flat(VECTORS), 0, None, [], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, VECTORS, [4], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, VECTORS, [-1], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, VECTORS, ["0"], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, VECTORS, (0,), 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, floats(4, 3), [0], 1.0, floats(2))),
        (compiled.embed, (VECTORS, 0, None, [], 1.0, READ_ONLY[:2])),
        (compiled.convolve, ([4], VECTORS, FILTERS, BIAS, floats(9))),
        (compiled.convolve, ([-1], VECTORS, FILTERS, BIAS, floats(9))),
        (compiled.convolve, ([2**70], VECTORS, FILTERS, BIAS, floats(9))),
        (compiled.convolve, ([None], VECTORS, FILTERS, BIAS, floats(9))),
        (compiled.convolve, ((1,), VECTORS, FILTERS, BIAS, floats(9))),
        (compiled.convolve, ([1], VECTORS, FILTERS, BIAS, floats(17))),
        (compiled.convolve, ([1], VECTORS, FILTERS, floats(15), floats(9))),
        (compiled.convolve, ([1], VECTORS, floats(6, 15), floats(15), floats(9))),
        (compiled.convolve, ([1], VECTORS, floats(5, 16), BIAS, floats(9))),
        (compiled.convolve, ([1], VECTORS, floats(1, 16), BIAS, floats(9))),
        (compiled.convolve, ([1] * 65536, VECTORS, FILTERS, BIAS, floats(9))),
    ],
)
def test_the_border_refuses_what_does_not_fit(function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    with pytest.raises((TypeError, ValueError, OverflowError, BufferError)):
        function(*arguments)


def test_the_steps_of_a_chain_are_checked() -> None:
    """Wherever a number of a tag leads out of the tables, and whatever has another shape."""
    tags, number = 5, np.int64
    right: list[Any] = [
        np.zeros((tags + 1, tags), dtype=np.float32),
        np.array([0, 1, 4], dtype=number),
        np.array([[2, 0, 2], [3, 1, 3]], dtype=number),
        np.array([0, 1, -1, -2, 2], dtype=number),
        1.0,
        *[floats(tags), floats(tags, 16), floats(2, 2), floats(2, tags)],
        *[floats(tags), floats(tags, 16), floats(2, 2), floats(3, 16)],
    ]
    check: Any = compiled.lay_chain
    check(*right)
    for place in (1, 2):
        for at in range(right[place].size):
            for wrong in (tags, -2, 2**40):
                given = [*right]
                given[place] = right[place].copy()
                given[place].flat[at] = wrong
                with pytest.raises(ValueError, match="range"):
                    check(*given)
    for place, one in enumerate(right):
        for other in (None, 1, floats(1), floats(tags, 3), READ_ONLY):
            if not (place == 0 and other is None) and not (place == 4 and other == 1):
                with pytest.raises((TypeError, ValueError, BufferError)):
                    check(*right[:place], other, *right[place + 1 :])
        assert one is right[place]


def test_the_environment_says_no() -> None:
    environment = os.environ | {"SLOTFILL_CORE": "no"}
    code = "import slotfill, sys; slotfill.load().tag(['to Rome']); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout == "True\n"


def test_the_model_that_ships_goes_without_numpy() -> None:
    assert load().one is not None
