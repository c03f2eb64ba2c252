"""The numpy runtime agrees with the torch network, which is the definition."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slotfill import readers
from slotfill.batching import Ids, Packing, character_ids
from slotfill.config import Config, ModelConfig, TrainingConfig
from slotfill.decoding.chain import Chain
from slotfill.gazetteers import GazetteerMatcher, build_gazetteers
from slotfill.network import SlotTagger
from slotfill.runtime.forward import Runtime
from slotfill.runtime.inputs import MANY
from slotfill.tagger import Tagger
from slotfill.tokenizer import fold
from slotfill.training.loop import build, fit
from slotfill.vocabulary import (
    MAX_CHARACTERS,
    NO_GAZETTEERS,
    PAD,
    UNKNOWN,
    Gazetteers,
    LabelSet,
    Vocabularies,
    Vocabulary,
)

Array = NDArray[np.float32]

pytestmark = pytest.mark.usefixtures("core_or_numpy")

torch.set_num_threads(1)  # more are slower at this size

WORDS = ("from", "to", "a", "taipei", "new", "york", "on", "o'clock", "zürich")
TAGS = LabelSet(["O", "B-city", "I-city", "B-date", "I-date"])
LONG = "llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
SENTENCES = [
    ["from", "taipei", "to", "new", "york"],
    ["a"],
    ["zanzibar"],  # unknown word
    ["東京", "?", "from", "ß"],  # unknown characters, no known one among them
    ["to", LONG, LONG + "x", LONG[:MAX_CHARACTERS]],
    ["from", "to", "from", "to"],
    ["to", "zanzibar", "zanzibar", "to"],
    [("from", "to", "nowhere", "taipei", "york", "qux")[n * n % 6] for n in range(60)],
]


def make(
    model: ModelConfig,
    *,
    intents: Sequence[str] = (),
    gazetteers: Gazetteers = NO_GAZETTEERS,
    scale: float = 1.0,
    seed: int = 1,
) -> tuple[SlotTagger, Vocabularies]:
    """An untrained network; all weights are multiplied, so that the padding vectors stay zero."""
    torch.manual_seed(seed)
    characters = Vocabulary("abcdefghijklmnopqrstuvwxyz'ü")
    vocabularies = Vocabularies(Vocabulary(WORDS), characters, TAGS, LabelSet(intents), gazetteers)
    network = SlotTagger(Config(model=model), vocabularies).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(scale)
        for parameter in network.encoder.parameters():
            if parameter.requires_grad and not parameter.any():
                parameter.normal_()  # biases and peepholes begin as zeros
        if network.features.affixes is not None:
            network.features.affixes.weight[PAD + 1 :].normal_()
        if network.features.characters is not None:  # a trained network has zeros there, but need not
            network.features.characters.weight[UNKNOWN].normal_()
    return network, vocabularies


SMALL = ModelConfig(
    hidden=8, word_size=7, affixes="yes", character_size=5, character_filters=6, direct=False, crf=False
)
CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")


def of(cell: str) -> ModelConfig:
    return SMALL._replace(cell=cell.split()[0], peepholes="peepholes" in cell)


def by_torch(
    network: SlotTagger, vocabularies: Vocabularies, sentence: Sequence[str], *, matches: torch.Tensor | None = None
) -> tuple[Array, Array | None]:
    """Emissions (T, K) and intent scores (I) of one sentence: a batch of one, so that nothing is padded."""
    forms = list(dict.fromkeys(sentence))
    with torch.no_grad():
        emissions, intent = network(
            torch.tensor([[vocabularies.words.id(word) for word in sentence]]),
            torch.tensor([[forms.index(word) for word in sentence]]),
            torch.from_numpy(character_ids(forms, vocabularies.characters)),
            matches,
        )
    return emissions[0].numpy(), None if intent is None else intent[0].numpy()


def by_numpy(runtime: Runtime, sentences: Sequence[Sequence[str]]) -> list[tuple[Array, Array | None]]:
    """The same of a batch of sentences."""
    emissions, intent, starts = runtime.run(sentences)
    return [
        (emissions[start : start + len(sentence)], None if intent is None else intent[number])
        for number, (start, sentence) in enumerate(zip(starts.tolist(), sentences, strict=True))
    ]


def same(one: tuple[Array, Array | None], other: tuple[Array, Array | None], *, tolerance: float = 1e-5) -> bool:
    return one[0] == pytest.approx(other[0], abs=tolerance) and (
        one[1] is other[1] is None or one[1] == pytest.approx(other[1], abs=tolerance)
    )


# --- numpy equals torch ----------------------------------------------------------------------------


# torch says that an even width needs a copy
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("intents", [(), ("flight", "airfare", "time")], ids=["", "intents"])
@pytest.mark.parametrize("width", [None, 1, 2, 3, 4, 5], ids="width {}".format)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_numpy_equals_torch(layers: int, bidirectional: bool, width: int | None, intents: tuple[str, ...]) -> None:
    config = SMALL._replace(layers=layers, bidirectional=bidirectional)
    config = config._replace(character_filters=0) if width is None else config._replace(character_width=width)
    network, vocabularies = make(config, intents=intents)
    runtime = Runtime(config, vocabularies, network.arrays())
    for found, sentence in zip(by_numpy(runtime, SENTENCES), SENTENCES, strict=True):
        expected = by_torch(network, vocabularies, sentence)
        assert expected[0].shape == (len(sentence), len(TAGS))
        assert (found[1] is None) == (not intents)
        assert same(found, expected), sentence
        assert same(by_numpy(runtime, [sentence])[0], expected), sentence  # alone, its directions go abreast


@pytest.mark.parametrize("window", [0, 2], ids="window {}".format)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_numpy_equals_torch_for_every_cell(cell: str, layers: int, bidirectional: bool, window: int) -> None:
    config = of(cell)._replace(layers=layers, bidirectional=bidirectional, window=window)
    config = config._replace(intents="#" if layers == 2 else "one", direct=layers > 1)
    network, vocabularies = make(config, intents=["flight", "time"])
    runtime = Runtime(config, vocabularies, network.arrays())
    chain, start = Chain(TAGS.items), np.zeros(1, dtype=np.int64)
    for found, sentence in zip(by_numpy(runtime, SENTENCES), SENTENCES, strict=True):
        expected = by_torch(network, vocabularies, sentence)
        assert same(found, expected), sentence
        assert same(by_numpy(runtime, [sentence])[0], expected), sentence
        assert (chain.decode(found[0], start) == chain.decode(expected[0], start)).all(), sentence


@pytest.mark.parametrize("cell", CELLS)
def test_backward_is_forward_on_the_reversed_sentences(cell: str) -> None:
    config = of(cell)._replace(bidirectional=False)
    network, vocabularies = make(config)
    ((runtime,),) = Runtime(config, vocabularies, network.arrays()).layers
    lengths, sentences = [4, 7, 1, 7], [slice(0, 4), slice(4, 11), slice(11, 12), slice(12, 19)]
    z = np.random.default_rng(1).normal(size=(19, len(runtime.b))).astype(np.float32)
    reversed_z = np.concatenate([z[sentence][::-1] for sentence in sentences])
    found = []
    for projected, backward in ((z, False), (reversed_z, True)):
        packing = Packing.of(lengths, backward=backward)
        packed = projected[packing.tokens]
        out = np.empty((19, config.hidden), dtype=np.float32)

        def read(start: int, end: int, z: Array, packed: Array = packed) -> None:
            z[:] = packed[start:end]

        runtime.run(read, packing, out=out)
        found.append(out[packing.rows])
    for sentence in sentences:
        assert found[1][sentence] == pytest.approx(found[0][sentence][::-1], abs=1e-6)


def test_saturated_gates() -> None:
    config = SMALL._replace(layers=2)
    network, vocabularies = make(config, intents=["flight", "time"], scale=3)
    runtime = Runtime(config, vocabularies, network.arrays())
    for found, sentence in zip(by_numpy(runtime, SENTENCES), SENTENCES, strict=True):
        assert same(found, by_torch(network, vocabularies, sentence), tolerance=1e-4), sentence


def test_exp_beyond_float32() -> None:
    """Huge weights make exp infinite: no warning and no NaN."""
    config = SMALL._replace(layers=2)
    network, vocabularies = make(config, intents=["flight", "time"], scale=1000)
    runtime = Runtime(config, vocabularies, network.arrays())
    z = runtime.layers[0][0].project(runtime.features(WORDS))
    assert z.max() > 89 > -89 > z.min()  # where exp leaves float32
    for (emissions, intent), sentence in zip(by_numpy(runtime, SENTENCES), SENTENCES, strict=True):
        assert np.isfinite(emissions).all()
        assert intent is not None
        assert np.isfinite(intent).all()
        if len(sentence) == 1:  # in longer ones, such a network makes much of the smallest difference
            assert same((emissions, intent), by_torch(network, vocabularies, sentence), tolerance=1e-2), sentence


def test_unknown_words_differ_by_their_characters_only() -> None:
    network, vocabularies = make(SMALL)
    runtime = Runtime(SMALL, vocabularies, network.arrays())
    one, other = by_numpy(runtime, [["zanzibar"], ["zebra"]])
    assert not same(one, other)
    for affixes in ("no", "yes"):  # affixes are read from the characters, too
        blind = SMALL._replace(character_filters=0, affixes=affixes)
        network, vocabularies = make(blind)
        one, other = by_numpy(Runtime(blind, vocabularies, network.arrays()), [["zanzibar"], ["zebra"]])
        assert same(one, other) == (affixes == "no")


@pytest.mark.parametrize("others", [0, 62], ids="{} other lists".format)  # more than an integer has bits
@pytest.mark.parametrize("window", [0, 2], ids="window {}".format)
@pytest.mark.parametrize("layers", [1, 2])
def test_numpy_equals_torch_with_lexicons(layers: int, window: int, others: int) -> None:
    lists: dict[str, tuple[str, ...]] = {"city": ("taipei", "new york", "zanzibar"), "day": ("york", "from to")}
    lists = {**{str(number): ("to", "new york") for number in range(others)}, **lists}
    gazetteers = build_gazetteers(lists)
    config = SMALL._replace(layers=layers, window=window, direct=layers == 2)
    network, vocabularies = make(config, intents=["flight", "time"], gazetteers=gazetteers)
    runtime = Runtime(config, vocabularies, network.arrays())
    without = Runtime(
        config, vocabularies._replace(gazetteers=build_gazetteers(dict.fromkeys(lists, ()))), network.arrays()
    )
    matcher = GazetteerMatcher(gazetteers)
    for found, blind, sentence in zip(
        by_numpy(runtime, SENTENCES), by_numpy(without, SENTENCES), SENTENCES, strict=True
    ):
        expected = by_torch(network, vocabularies, sentence, matches=torch.from_numpy(matcher.match(sentence))[None])
        assert same(found, expected), sentence
        assert same(blind, by_torch(network, vocabularies, sentence)), sentence
        assert same(found, blind) != matcher.match(sentence).any()


# --- sentences of a batch do not meet --------------------------------------------------------------


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.sampled_from([*WORDS, "zanzibar", "東京", LONG]), min_size=1, max_size=9), max_size=12))
def test_a_batch_of_n_is_n_batches_of_one(sentences: list[list[str]]) -> None:
    sentences = [*sentences, ["to", "taipei"]]
    config = SMALL._replace(layers=2)
    network, vocabularies = make(config, intents=["flight", "time"])
    runtime = Runtime(config, vocabularies, network.arrays())
    batch = by_numpy(runtime, sentences)
    for number, sentence in enumerate(sentences):
        # what a runtime keeps of words that it has seen must not matter either: one is fresh, one is used
        for alone in (runtime, Runtime(config, vocabularies, network.arrays())):
            assert same(batch[number], by_numpy(alone, [sentence])[0])


@pytest.mark.parametrize("window", [0, 2], ids="window {}".format)
@pytest.mark.parametrize("cell", CELLS)
def test_neither_other_sentences_nor_order_matter_in_any_cell(cell: str, window: int) -> None:
    config = of(cell)._replace(layers=2, window=window, direct=window > 0)
    network, vocabularies = make(config, intents=["flight", "time"])
    runtime = Runtime(config, vocabularies, network.arrays())
    expected = [by_numpy(runtime, [sentence])[0] for sentence in SENTENCES]
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(SENTENCES)).tolist()
        found = by_numpy(runtime, [SENTENCES[number] for number in order])
        assert all(same(found[place], expected[number]) for place, number in enumerate(order))


WIDE = ModelConfig(  # as wide as what is trained
    hidden=32, word_size=20, affixes="yes", character_size=30, character_filters=50
)


def test_the_features_of_a_word_never_depend_on_other_words() -> None:
    """They are cached, so if other words mattered, results would depend on earlier calls."""
    network, vocabularies = make(WIDE)
    forms = [*WORDS, "zanzibar", "東京", LONG, "", "x" * 8, "x" * 9, *(f"un{n}known"[: n % 12] for n in range(600))]
    forms = list(dict.fromkeys(forms))
    together = Runtime(WIDE, vocabularies, network.arrays()).features(forms)
    assert (together[:, 20:] > 0).any(0).sum() > 25  # it means something
    used = Runtime(WIDE, vocabularies, network.arrays())
    for form, expected in zip(forms, together, strict=True):
        fresh = Runtime(WIDE, vocabularies, network.arrays())
        for runtime in (fresh, used):
            assert (runtime.features([form])[0] == expected).all(), form
    assert (used.features(forms) == together).all()


@pytest.mark.parametrize("window", [0, 1], ids="window {}".format)
@pytest.mark.parametrize("cell", CELLS)
def test_earlier_calls_change_no_bit(cell: str, window: int) -> None:
    config = WIDE._replace(cell=cell.split()[0], peepholes="peepholes" in cell, layers=2, window=window)
    config = config._replace(direct=window == 0)
    network, vocabularies = make(config, intents=["flight", "time"])
    fresh, used = (Runtime(config, vocabularies, network.arrays()) for _ in range(2))
    for sentence in SENTENCES:
        used.run([sentence])
    used.run(SENTENCES[::-1])
    for found, expected in zip(used.run(SENTENCES)[:2], fresh.run(SENTENCES)[:2], strict=True):
        assert found is not None
        assert expected is not None
        assert (found == expected).all()


# --- gates -----------------------------------------------------------------------------------------


def with_gates(cell: str) -> tuple[Array, dict[str, dict[str, Array]], Ids, dict[str, Array]]:
    """Emissions, gates and starts of a batch in two layers and both directions, and the network's weights."""
    config = of(cell)._replace(layers=2)
    network, vocabularies = make(config, scale=1.5)
    runtime = Runtime(config, vocabularies, network.arrays())
    gates: dict[str, dict[str, Array]] = {}
    emissions, _, starts = runtime.run(SENTENCES, gates=gates)
    assert emissions == pytest.approx(runtime.run(SENTENCES)[0], abs=1e-5)  # looking changes nothing
    assert list(gates) == CELLS_OF_TWO_LAYERS
    for values in gates.values():
        shapes = {array.shape for name, array in values.items() if name != "y"}
        assert shapes == {(sum(map(len, SENTENCES)), config.hidden)}
    return emissions, gates, starts, network.arrays()


CELLS_OF_TWO_LAYERS = ["0.forward", "0.backward", "1.forward", "1.backward"]


def before(state: Array, starts: Ids, *, backward: bool) -> Array:
    """The state of each token's neighbour in its own sentence, or 0."""
    found = np.zeros_like(state)
    if backward:
        found[:-1] = state[1:]
        found[starts[1:] - 1] = 0
    else:
        found[1:] = state[:-1]
        found[starts] = 0
    return found


def logistic(x: Array) -> Array:
    share: Array = np.reciprocal(1 + np.exp(-x))
    return share


def check_emissions(emissions: Array, states: dict[str, Array], arrays: dict[str, Array]) -> None:
    """The states of the gates are those behind the emissions."""
    top = np.concatenate([states["1.forward"], states["1.backward"]], axis=1)
    assert emissions == pytest.approx(top @ arrays["emissions.W"].T + arrays["emissions.b"], abs=1e-5)


@pytest.mark.parametrize("cell", ["lstm", "lstm with peepholes"])
def test_the_gates_of_an_lstm_satisfy_its_equations(cell: str) -> None:
    emissions, gates, starts, arrays = with_gates(cell)
    h = {name: values["o"] * np.tanh(values["c"]) for name, values in gates.items()}
    for name, values in gates.items():
        i, f, g, o, c = (values[letter] for letter in "ifgoc")
        assert values["h"] == pytest.approx(h[name], abs=1e-6)
        backward = name.endswith("backward")
        c_before, h_before = (before(state, starts, backward=backward) for state in (c, h[name]))
        assert c == pytest.approx(f * c_before + i * g, abs=1e-6)
        if name.startswith("0"):
            continue
        # of the upper layer the input is known: what the lower one gave
        W, U, b = (arrays[f"encoder.{name}.{letter}"] for letter in "WUb")
        p_i, p_f, p_o = arrays.get(f"encoder.{name}.p", np.zeros((3, SMALL.hidden), dtype=np.float32))
        x = np.concatenate([h["0.forward"], h["0.backward"]], axis=1)
        z_i, z_f, z_g, z_o = np.split(x @ W.T + h_before @ U.T + b, 4, axis=1)
        assert i == pytest.approx(logistic(z_i + p_i * c_before), abs=1e-5)
        assert f == pytest.approx(logistic(z_f + p_f * c_before), abs=1e-5)
        assert g == pytest.approx(np.tanh(z_g), abs=1e-5)
        assert o == pytest.approx(logistic(z_o + p_o * c), abs=1e-5)
    check_emissions(emissions, h, arrays)


def test_the_gates_of_a_gru_satisfy_its_equations() -> None:
    emissions, gates, starts, arrays = with_gates("gru")
    h = {}
    for name, values in gates.items():
        r, z, n = (values[letter] for letter in "rzn")
        backward = name.endswith("backward")
        # z and n say what h is, token by token
        state = np.zeros_like(n)
        for _ in range(max(map(len, SENTENCES))):
            state = (1 - z) * n + z * before(state, starts, backward=backward)
        h[name] = state
        if name.startswith("0"):
            continue
        W, U, b, d = (arrays[f"encoder.{name}.{letter}"] for letter in "WUbd")
        x = np.concatenate([h["0.forward"], h["0.backward"]], axis=1)
        x_r, x_z, x_n = np.split(x @ W.T + b, 3, axis=1)
        u_r, u_z, u_n = np.split(before(state, starts, backward=backward) @ U.T, 3, axis=1)
        assert r == pytest.approx(logistic(x_r + u_r), abs=1e-5)
        assert z == pytest.approx(logistic(x_z + u_z), abs=1e-5)
        assert n == pytest.approx(np.tanh(x_n + r * (u_n + d)), abs=1e-5)
        assert values["h"] == pytest.approx(state, abs=1e-6)
    check_emissions(emissions, h, arrays)


@pytest.mark.parametrize("cell", ["feedforward", "elman"])
def test_the_states_of_a_cell_without_gates_satisfy_its_equation(cell: str) -> None:
    emissions, gates, starts, arrays = with_gates(cell)
    for name, values in gates.items():
        assert list(values) == ["h"]
        if name.startswith("0"):
            continue
        W, b = (arrays[f"encoder.{name}.{letter}"] for letter in "Wb")
        U = arrays.get(f"encoder.{name}.U", np.zeros((len(b), len(b)), dtype=np.float32))
        x = np.concatenate([gates["0.forward"]["h"], gates["0.backward"]["h"]], axis=1)
        h_before = before(values["h"], starts, backward=name.endswith("backward"))
        assert values["h"] == pytest.approx(np.tanh(x @ W.T + h_before @ U.T + b), abs=1e-5)
    check_emissions(emissions, {name: values["h"] for name, values in gates.items()}, arrays)


def test_the_states_of_a_jordan_net_satisfy_its_equations() -> None:
    emissions, gates, starts, arrays = with_gates("jordan")
    for name, values in gates.items():
        h, y = values["h"], values["y"]
        W, U, b, V, c = (arrays[f"encoder.{name}.{letter}"] for letter in "WUbVc")
        scores = np.exp(h @ V.T + c)
        assert y == pytest.approx(scores / scores.sum(1, keepdims=True), abs=1e-5)
        if name.startswith("0"):
            continue
        x = np.concatenate([gates["0.forward"]["h"], gates["0.backward"]["h"]], axis=1)
        y_before = before(y, starts, backward=name.endswith("backward"))
        assert h == pytest.approx(np.tanh(x @ W.T + y_before @ U.T + b), abs=1e-5)
    check_emissions(emissions, {name: values["h"] for name, values in gates.items()}, arrays)


# --- limits ----------------------------------------------------------------------------------------


def test_running_does_not_change_the_weights() -> None:
    network, vocabularies = make(SMALL)
    arrays = network.arrays()
    before = {name: array.copy() for name, array in arrays.items()}
    runtime = Runtime(SMALL, vocabularies, arrays)
    first = by_numpy(runtime, SENTENCES)
    assert all((one[0] == other[0]).all() for one, other in zip(first, by_numpy(runtime, SENTENCES), strict=True))
    assert all((arrays[name] == before[name]).all() for name in before)


@pytest.mark.parametrize("window", [0, 1], ids="window {}".format)
@pytest.mark.parametrize("cell", CELLS)
def test_with_many_distinct_words_each_step_is_projected_by_itself(cell: str, window: int) -> None:
    config = of(cell)._replace(window=window)
    network, vocabularies = make(config, intents=["flight", "time"])
    runtime = Runtime(config, vocabularies, network.arrays())
    sentences = [[f"w{11 * number + n}" for n in range(number % 7 + 8)] for number in range(300)]
    words = {word for sentence in sentences for word in sentence}
    assert max(sum(map(len, sentences)) // 2, MANY) < len(words)
    for found, sentence in zip(by_numpy(runtime, sentences), sentences, strict=True):
        assert same(found, by_torch(network, vocabularies, sentence))


@pytest.mark.parametrize("length", [255, 256, 257, 258])
def test_sentences_around_the_limit_of_running_abreast(length: int) -> None:
    network, vocabularies = make(SMALL, intents=["flight", "time"])
    sentence = [WORDS[n * n % 7] for n in range(length)]
    (found,) = by_numpy(Runtime(SMALL, vocabularies, network.arrays()), [sentence])
    assert same(found, by_torch(network, vocabularies, sentence))


def test_a_sentence_of_20_000_tokens() -> None:
    network, vocabularies = make(SMALL, intents=["flight", "time"])
    sentence = [(*WORDS, "zanzibar")[n * n % 10] for n in range(20_000)]
    runtime = Runtime(SMALL, vocabularies, network.arrays())
    (found,) = by_numpy(runtime, [sentence])
    assert same(found, by_torch(network, vocabularies, sentence))


# --- on real data ----------------------------------------------------------------------------------


def test_a_trained_network_tags_atis_the_same_in_numpy_and_torch(shared_data: Path) -> None:
    atis = readers.load(shared_data / "atis").splits
    train, dev, test = atis["train"][:400], atis["dev"][:20], atis["test"]
    config = Config(
        ModelConfig(hidden=32, word_size=24, character_size=8, character_filters=12, direct=False, crf=False),
        TrainingConfig(
            epochs=2, batch_size=4, learning_rate=0.02, patience=2, ema=0.9, dropout_in=0.1, dropout_out=0.1
        ),
    )
    vocabularies = Vocabularies.of(train)
    network = build(config, vocabularies)
    reports = list(fit(network, train, dev, config=config, vocabularies=vocabularies))
    assert len(reports) == 2
    network.eval()

    texts, tokens = [example.text for example in test], [example.tokens for example in test]
    annotations = Tagger(config.model, vocabularies, network.arrays()).annotate(texts, tokens)
    sentences = [[fold(token.text) for token in example.tokens] for example in test]
    runtime = Runtime(config.model, vocabularies, network.arrays())
    chain, start = Chain(vocabularies.tags.items), np.zeros(1, dtype=np.int64)
    for sentence, found, annotation in zip(sentences, by_numpy(runtime, sentences), annotations, strict=True):
        expected = by_torch(network, vocabularies, sentence)
        assert same(found, expected, tolerance=1e-4), sentence
        tags = chain.decode(expected[0], start).tolist()
        assert annotation.tags == tuple(vocabularies.tags.items[tag] for tag in tags), sentence
        assert annotation.intent is not None
        assert expected[1] is not None
        assert annotation.intent.name == vocabularies.intents.items[int(expected[1].argmax())], sentence
    # the network has learnt enough for this to mean something
    names = {slot.name for annotation in annotations for slot in annotation.slots}
    assert {"fromloc.city_name", "toloc.city_name"} <= names


# --- sentences without end -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "window", "intents", "block"),
    [(1, 0, "one", 7), (1, 2, "#", 1), (2, 0, "#", 10), (3, 2, "one", 7), (2, 0, "one", 1000)],
)
@pytest.mark.parametrize("cell", CELLS)
def test_a_long_sentence_in_blocks(
    cell: str, layers: int, window: int, intents: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("slotfill.runtime.long.BLOCK", block)
    lists = build_gazetteers({"city": ["new york", "york taipei from new"], "month": ["may"]})
    config = of(cell)._replace(layers=layers, bidirectional=layers != 2, window=window)
    config = config._replace(intents=intents, direct=window == 0)
    network, vocabularies = make(config, intents=["flight", "time"], gazetteers=lists)
    runtime = Runtime(config, vocabularies, network.arrays())
    sentence = [("from", "to", "new", "taipei", "york", "qux")[n * n % 6 - n % 4] for n in range(40)]
    emissions, expected, _ = runtime.run([sentence])
    long = runtime.run_long(sentence)
    found = {number: long.emissions(number) for number in (len(long) - 1, *range(len(long)))}
    assert np.concatenate([found[number] for number in range(len(long))]) == pytest.approx(emissions, abs=1e-5)
    assert long.intents() == pytest.approx(expected, abs=1e-5)
