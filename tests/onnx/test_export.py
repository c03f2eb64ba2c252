"""The ONNX network is held equal to the numpy runtime, and the JSON beside it says all that it takes to use it."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slotfill import readers
from slotfill.bundle import Bundle, is_bundle, read
from slotfill.config import Config, ModelConfig
from slotfill.errors import BundleError, InputError, MissingExtraError, SlotfillError
from slotfill.folding import FOLDINGS, folding_named, key_of
from slotfill.gazetteers import build_gazetteers
from slotfill.locations import locate
from slotfill.onnx import export
from slotfill.onnx.export import TOLERANCE, describe, inputs_of, largest_difference, write
from slotfill.onnx.graph import graph_of
from slotfill.runtime.forward import Runtime
from slotfill.tagger import Tagger
from slotfill.tokenizers import TOKENIZERS, tokenizer_named
from slotfill.vocabulary import MAX_CHARACTERS, PAD, UNKNOWN, LabelSet, Vocabularies, Vocabulary
from tests.onnx.elsewhere import Elsewhere

Array = NDArray[np.float32]

WORDS = ("from", "to", "a", "taipei", "new", "york", "on", "o'clock", "zurich")
INTENTS = LabelSet(["flight", "airfare", "time"])
VOCABULARIES = Vocabularies(
    Vocabulary(WORDS),
    Vocabulary("abcdefghijklmnopqrstuvwxyz'"),
    LabelSet(["O", "B-city", "I-city", "B-date", "I-date"]),
    INTENTS,
)
SENTENCES = [
    ["from", "taipei", "to", "new", "york"],
    ["a"],
    ["zanzibar"],  # unknown word
    ["東京", "?", "from", "ß"],  # unknown characters
    ["to", "l" * (MAX_CHARACTERS + 9), "l" * MAX_CHARACTERS],
    [("from", "to", "nowhere", "taipei", "york", "qux")[n * n % 6] for n in range(40)],
]
SMALL = ModelConfig(
    hidden=8, word_size=7, affixes="yes", character_size=5, character_filters=6, direct=False, crf=False
)
CELLS = ("feedforward", "elman", "jordan", "gru", "lstm", "lstm with peepholes")


def of(cell: str) -> ModelConfig:
    return SMALL._replace(cell=cell.split()[0], peepholes="peepholes" in cell)


def bundle_of(
    config: ModelConfig, *, vocabularies: Vocabularies = VOCABULARIES, scale: float = 1.0, seed: int = 1
) -> Bundle:
    """A model whose weights are all at random, the padding word too, which nothing reads; padding characters are 0."""
    rng = np.random.default_rng(seed)
    # the runtime knows which weights there must be: it is asked until it is content
    weights: dict[str, Array] = {}
    while True:
        try:
            Runtime(config, vocabularies, weights)
        except BundleError as error:
            name, shape = str(error).split(": ")[1], str(error).split("expected (")[1].split(")")[0]
            size = tuple(int(number) for number in shape.split(",") if number)
            weights[name] = (rng.normal(size=size) * scale / np.sqrt(size[-1])).astype(np.float32)
        else:
            break
    for name in weights.keys() & {"features.affixes", "features.characters"}:
        weights[name][PAD] = 0
    return Bundle(Config(config), vocabularies, weights, training={}, history=[], card="# Made up\n")


def session_of(bundle: Bundle) -> onnxruntime.InferenceSession:
    model = graph_of(bundle.config.model, bundle.weights)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def by_onnx(session: onnxruntime.InferenceSession, arrays: dict[str, NDArray[np.int64]]) -> list[Array]:
    taken = {entry.name for entry in session.get_inputs()}
    outputs: list[Array] = session.run(None, {name: array for name, array in arrays.items() if name in taken})
    return outputs


# --- the network -----------------------------------------------------------------------------------


@pytest.mark.parametrize("window", [0, 2], ids="window {}".format)
@pytest.mark.parametrize("bidirectional", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_onnx_equals_numpy_for_every_cell(cell: str, layers: int, bidirectional: bool, window: int) -> None:
    """In a batch and alone, and whatever stands beyond the end of a sentence."""
    config = of(cell)._replace(layers=layers, bidirectional=bidirectional, window=window)
    bundle = bundle_of(config._replace(intents="#" if layers == 2 else "one", direct=layers > 1), scale=2)
    runtime = Runtime(bundle.config.model, VOCABULARIES, bundle.weights)
    emissions_NK, intent_BI, _ = runtime.run(SENTENCES)
    session = session_of(bundle)
    arrays, mask_BT = inputs_of(SENTENCES, VOCABULARIES, padding=3)
    found = by_onnx(session, arrays)
    assert found[0].shape == (*mask_BT.shape, len(VOCABULARIES.tags))
    assert found[0][mask_BT] == pytest.approx(emissions_NK, abs=TOLERANCE)
    assert found[1] == pytest.approx(intent_BI, abs=TOLERANCE)
    for beyond in (1, -1, 10**9):  # the last two are ids of nothing
        for name in ("words", "characters"):
            arrays[name][~mask_BT] = beyond
        again = by_onnx(session, arrays)
        assert (again[0][mask_BT] == found[0][mask_BT]).all()
        assert (again[1] == found[1]).all()
    for number, sentence in enumerate(SENTENCES):
        alone = by_onnx(session, inputs_of([sentence], VOCABULARIES)[0])
        assert alone[0][0] == pytest.approx(found[0][number, : len(sentence)], abs=TOLERANCE)
        assert alone[1][0] == pytest.approx(found[1][number], abs=TOLERANCE)


@pytest.mark.parametrize("affixes", ["no", "yes"], ids="affixes {}".format)
@pytest.mark.parametrize("width", [None, 1, 2, 3, 4, 5], ids="width {}".format)
def test_onnx_reads_characters_as_numpy_does(width: int | None, affixes: str) -> None:
    config = SMALL._replace(character_filters=0) if width is None else SMALL._replace(character_width=width)
    config = config._replace(affixes=affixes)
    bundle = bundle_of(config)
    session = session_of(bundle)
    reads = width is not None or affixes == "yes"
    assert ("characters" in {entry.name for entry in session.get_inputs()}) == reads
    arrays, mask_BT = inputs_of(SENTENCES, VOCABULARIES)
    emissions_NK, _, _ = Runtime(config, VOCABULARIES, bundle.weights).run(SENTENCES)
    assert by_onnx(session, arrays)[0][mask_BT] == pytest.approx(emissions_NK, abs=1e-5)
    if not reads:
        return
    wider = np.pad(arrays["characters"], [(0, 0), (0, 0), (0, 4)])  # more padding than the longest word needs
    assert by_onnx(session, arrays | {"characters": wider})[0][mask_BT] == pytest.approx(emissions_NK, abs=1e-5)


def test_without_intents_there_are_emissions_only() -> None:
    bundle = bundle_of(SMALL, vocabularies=VOCABULARIES._replace(intents=LabelSet([])))
    assert [entry.name for entry in session_of(bundle).get_outputs()] == ["emissions"]


@pytest.mark.parametrize("cell", CELLS)
def test_an_empty_sentence_does_not_affect_others(cell: str) -> None:
    """The JSON says that there is none; a batch of a fixed size may be filled up with them all the same."""
    session = session_of(bundle_of(of(cell)._replace(window=1)))
    arrays, mask_BT = inputs_of(SENTENCES, VOCABULARIES)
    expected = by_onnx(session, arrays)
    filled = {name: np.concatenate([array, np.zeros_like(array[:1])]) for name, array in arrays.items()}
    found = by_onnx(session, filled)
    assert found[0][:-1][mask_BT] == pytest.approx(expected[0][mask_BT], abs=1e-6)
    assert found[1][:-1] == pytest.approx(expected[1], abs=1e-6)
    assert np.isfinite(found[1]).all()


def test_a_network_too_large_for_a_file() -> None:
    weights = {"features.words": np.broadcast_to(np.float32(0), (2**20, 2**10))}
    with pytest.raises(InputError, match="2 GiB"):
        graph_of(SMALL, weights)


# --- the check -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
def test_the_check_sees_a_wrong_network(cell: str) -> None:
    """Each array of weights matters to it, and equal ones pass."""
    bundle = bundle_of(of(cell)._replace(layers=2))
    runtime = Runtime(bundle.config.model, VOCABULARIES, bundle.weights)

    def difference(weights: dict[str, Array]) -> float:
        network = graph_of(bundle.config.model, weights).SerializeToString()
        return largest_difference(network, runtime, VOCABULARIES)

    weights = dict(bundle.weights)
    assert difference(weights) < 1e-5
    for name, array in weights.items():
        changed = array.copy()
        if name == "features.affixes":
            changed += 0.1  # an affix may fall into any row
        else:
            changed[UNKNOWN if name.startswith("features.") else 0] += 0.1
        assert difference(weights | {name: changed}) > 1e-4, name


def test_the_check_sees_padding_that_is_read() -> None:
    """A network whose sentences all seem as long as the batch."""
    bundle = bundle_of(SMALL)
    model = graph_of(SMALL, bundle.weights)
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            if node.op_type == "LSTM" and place == 4:
                node.input[place] = ""
            assert name or place > 4
    runtime = Runtime(SMALL, VOCABULARIES, bundle.weights)
    assert largest_difference(model.SerializeToString(), runtime, VOCABULARIES) > 1e-3


def test_a_network_that_differs_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for difference in (2e-4, float("nan")):
        monkeypatch.setattr(export, "largest_difference", lambda *_, d=difference: d)
        with pytest.raises(SlotfillError, match="numpy differ by"):
            write(bundle_of(SMALL), tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())


def test_large_scores_may_be_rounded_more(tmp_path: Path) -> None:
    bundle = bundle_of(SMALL)
    weights = {**bundle.weights, "emissions.W": bundle.weights["emissions.W"] * 1e5}
    write(bundle._replace(weights=weights), tmp_path / "a.onnx")


def test_an_empty_vocabulary_can_be_checked(tmp_path: Path) -> None:
    vocabularies = VOCABULARIES._replace(words=Vocabulary([]), characters=Vocabulary([]))
    assert write(bundle_of(SMALL, vocabularies=vocabularies), tmp_path / "a.onnx") < 1e-5


# --- the files -------------------------------------------------------------------------------------


def test_files_are_written_whole_and_never_over_others(tmp_path: Path) -> None:
    path = tmp_path / "new" / "mine.v2.onnx"
    assert write(bundle_of(SMALL), path) < 1e-5
    names = ["mine.v2.onnx", "mine.v2.onnx.json"]
    assert sorted(file.name for file in path.parent.iterdir()) == names  # and nothing unfinished
    before = [(path.parent / name).read_bytes() for name in names]
    for there in names:
        (path.parent / next(name for name in names if name != there)).unlink()
        with pytest.raises(InputError, match=f"{there} exists already: add --overwrite"):
            write(bundle_of(SMALL, seed=2), path)
        assert [file.name for file in path.parent.iterdir()] == [there]
        write(bundle_of(SMALL), path, overwrite=True)
        assert [(path.parent / name).read_bytes() for name in names] == before  # the same model, the same bytes
    write(bundle_of(SMALL, seed=2), path, overwrite=True)
    assert [(path.parent / name).read_bytes() == old for name, old in zip(names, before, strict=True)] == [False] * 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.txt", "ends in .onnx"),
        (".onnx", "ends in .onnx"),
        ("folder.onnx", "is a folder"),
        ("file/a.onnx", "written"),
    ],
)
def test_paths_that_are_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.onnx").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=message):
        write(bundle_of(SMALL), tmp_path / name, overwrite=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.onnx"]


def test_a_full_disk_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.onnx"
    write(bundle_of(SMALL), path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    whole = os.rename

    targets: list[str] = []

    def fails(path: str, to: str) -> None:
        targets.append(to)
        if targets.count(str(path_of_network)) == 1 and to == str(path_of_network):  # not when it is undone
            raise OSError(28, "No space left on device")
        whole(path, to)

    path_of_network = path.resolve()
    monkeypatch.setattr(os, "rename", fails)
    with pytest.raises(InputError, match=r"a\.onnx: cannot be written: No space left on device"):
        write(bundle_of(SMALL, seed=2), path, overwrite=True)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r'pip install "slotfill\[onnx\]"'):
        write(bundle_of(SMALL), tmp_path / "a.onnx")


def test_weights_that_do_not_fit(tmp_path: Path) -> None:
    bundle = bundle_of(SMALL)
    with pytest.raises(BundleError, match="the weights do not fit the configuration"):
        write(bundle._replace(config=Config(SMALL._replace(hidden=9))), tmp_path / "a.onnx")


# --- what the JSON says ----------------------------------------------------------------------------


def test_the_description() -> None:
    model = graph_of(SMALL, bundle_of(SMALL).weights)
    said = describe(bundle_of(SMALL), model, file="a.onnx")
    assert json.loads(json.dumps(said))["tags"] == ["B-city", "B-date", "I-city", "I-date", "O"]
    assert [(entry["name"], entry["type"], entry["shape"]) for entry in said["inputs"] + said["outputs"]] == [
        ("words", "int64", ["B", "T"]),
        ("characters", "int64", ["B", "T", "C"]),
        ("lengths", "int64", ["B"]),
        ("emissions", "float32", ["B", "T", 5]),
        ("intents", "float32", ["B", 3]),
    ]
    assert said["decoding"]["only_after"] == {"I-city": ["B-city", "I-city"], "I-date": ["B-date", "I-date"]}
    assert (said["words"], said["intents"]) == (WORDS, INTENTS.items)
    assert said["card"] == "# Made up\n"  # where the weights come from, and whose licences bind them


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Elsewhere]:
    """A model of each folding, with another tokenizer each."""
    found = {}
    for folding, tokenizer in zip(FOLDINGS, TOKENIZERS, strict=False):
        path = tmp_path_factory.mktemp("made-up") / "a.onnx"
        write(bundle_of(SMALL._replace(folding=folding, tokenizer=tokenizer)), path)
        found[folding] = Elsewhere(Path(f"{path}.json"))
    return found


@pytest.mark.parametrize(("folding", "tokenizer"), [*zip(FOLDINGS, TOKENIZERS, strict=False)])
@settings(deadline=None)
@given(
    text=st.text()
    | st.text("aAéßİ\u0301’'.-:/,0٣２ \u200d\ufeff🇹🇼st臺北ﾊﾞパก่")
    | st.from_regex(r"(St\. |[0-9][.:/-]|[ap]\.m\.){1,4}")
)
def test_texts_are_read_elsewhere_as_here(
    made_up: dict[str, Elsewhere], folding: str, tokenizer: str, text: str
) -> None:
    tokens = tokenizer_named(tokenizer)(text)
    there = made_up[folding]
    assert there.tokens(text) == [(token.text, token.start, token.end) for token in tokens]
    assert [there.fold(token.text) for token in tokens] == [folding_named(folding)(token.text) for token in tokens]


@pytest.mark.parametrize("folding", FOLDINGS)
def test_a_model_of_any_folding_tags_elsewhere_as_here(folding: str, tmp_path: Path) -> None:
    texts = ["From TAIPEI to New York", "到臺北", "Zürich o’clock ＮＥＷ ＹＯＲＫ 12"]
    config = SMALL._replace(folding=folding, tokenizer="scripts", gazetteers="yes")
    vocabularies = Vocabularies(
        Vocabulary([*WORDS, "台", "北", "臺"], key=key_of(folding)),
        Vocabulary("abcdefghijklmnopqrstuvwxyzTNY'台北臺\u0308"),
        VOCABULARIES.tags,
        INTENTS,
        build_gazetteers({"city": ("Taipei", "New York", "台北")}, key=key_of(folding), fold=folding_named(folding)),
        folding_named(folding),
    )
    bundle = bundle_of(config, vocabularies=vocabularies, scale=3)
    write(bundle, tmp_path / "a.onnx")
    for _ in range(2):  # the second time, features of words are remembered
        check(Elsewhere(tmp_path / "a.onnx.json").tag(texts), Tagger.of(bundle), texts)
    tagger = Tagger.of(bundle)
    upper, lower, again = (tagger.annotate([text])[0] for text in (texts[0], texts[0].lower(), texts[0]))
    assert upper == again
    assert (upper.intent == lower.intent) == (folding != "cased")


ODD = ["", " ", "to\u200bRome", "Bogota\u0301, Zürich & São Paulo!", "6:30pm on 11/2/2026", "١٢", "x" * 99, "I- O"]


@pytest.mark.parametrize("model", ["golden", "travel"])
def test_the_json_is_enough_to_tag_elsewhere(model: str, tmp_path: Path) -> None:
    """What a model says is found without slotfill: tags, offsets, confidences and intents."""
    golden = Path(__file__).parent.parent / "golden" / "model"
    path = golden if model == "golden" else locate("models", model, fits=is_bundle)
    assert path is not None
    bundle = read(path)
    assert write(bundle, tmp_path / "a.onnx") < 1e-4
    texts = ODD + [example.text for example in readers.load("travel").splits["dev"][:150]]
    tagger = Tagger(bundle.config.model, bundle.vocabularies, bundle.weights)
    check(Elsewhere(tmp_path / "a.onnx.json").tag(texts), tagger, texts)


GAZETTEERS = build_gazetteers({"city": ("Taipei", "New York", "Zanzibar"), "other": ("york", "from a")})


@pytest.mark.parametrize("extras", [False, True], ids=["", "with CRF and gazetteers"])
@pytest.mark.parametrize("cell", CELLS)
def test_rules_are_kept_elsewhere_as_here(cell: str, extras: bool, tmp_path: Path) -> None:
    """A network that has learnt nothing breaks IOB2 all the time, and must be mended in the same way."""
    config = of(cell)._replace(crf=extras, window=1 if extras and cell == "elman" else 0)
    config = config._replace(intents="+" if extras else "one")
    bundle = bundle_of(
        config, vocabularies=VOCABULARIES._replace(gazetteers=GAZETTEERS) if extras else VOCABULARIES, scale=3
    )
    bundle = bundle._replace(weights={**bundle.weights, "temperature": np.array([1.7], dtype=np.float32)})
    write(bundle, tmp_path / "a.onnx")
    tagger = Tagger(bundle.config.model, bundle.vocabularies, bundle.weights)
    texts = [" ".join(sentence) for sentence in SENTENCES]
    texts = [text for text in texts if tagger.tag([text])[0].note is None]  # only here it abstains from other scripts
    assert len(texts) >= len(SENTENCES) - 1
    check(Elsewhere(tmp_path / "a.onnx.json").tag(texts), tagger, texts)


def check(found: Sequence[dict[str, Any]], tagger: Tagger, texts: Sequence[str]) -> None:
    for one, annotation in zip(found, tagger.tag(texts), strict=True):
        assert tuple(one["tags"]) == annotation.tags, annotation.text
        assert [slot[:4] for slot in one["slots"]] == [[s.name, s.text, s.start, s.end] for s in annotation.slots]
        assert [slot[4] for slot in one["slots"]] == pytest.approx([s.confidence for s in annotation.slots], abs=1e-4)
        assert (one["intent"] is None) == (annotation.intent is None)
        if annotation.intent is not None:
            assert one["intent"][0] == annotation.intent.name
            assert one["intent"][1] == pytest.approx(annotation.intent.confidence, abs=1e-4)


def test_elsewhere_knows_nothing_of_slotfill() -> None:
    source = (Path(__file__).parent / "elsewhere.py").read_text(encoding="utf-8")
    imported = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert imported
    assert not [line for line in imported if "slotfill" in line or "tests" in line]
