import errno
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
import torch
from safetensors.numpy import load, save

from slotfill import bundle, core
from slotfill.bundle import Bundle, is_bundle, read, write
from slotfill.config import Config, ModelConfig, TrainingConfig
from slotfill.errors import BundleError
from slotfill.gazetteers import build_gazetteers
from slotfill.network import SlotTagger
from slotfill.recipe_tables import kinds_of
from slotfill.tagger import Tagger
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

CHECKED = ("config.json", "words.tsv", "vocabulary.json", "weights.safetensors", "training.json", "history.jsonl")
MODEL = ModelConfig(hidden=3, layers=2, word_size=4, character_size=2, character_filters=3)


def make(*, model: ModelConfig = MODEL, seed: int = 1) -> Bundle:
    torch.manual_seed(seed)
    config = Config(model, TrainingConfig(seed=seed))
    vocabularies = Vocabularies(
        Vocabulary(["from", "zürich", "東京", "\u2028"]),
        Vocabulary("abcü東 "),
        LabelSet(["O", "B-city", "I-city"]),
        LabelSet(["flight", "book a flight"]),
    )
    network = SlotTagger(config, vocabularies)
    return Bundle(
        config=config,
        vocabularies=vocabularies,
        weights=network.arrays(),
        training={"seed": seed, "data": [{"source": "Zürich\n"}], "dev": {"f1": 0.1 + 0.2, "intent_accuracy": None}},
        history=[{"epoch": 1, "loss": 1 / 3, "best": True}, {"epoch": 2, "loss": 0.1, "best": False}],
        card="# A model\nof Zürich\n",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A bundle in a folder of its own, so that leftovers beside it show."""
    path = tmp_path / "models" / "mine"
    write(make(), path)
    return path


def forge(path: Path, name: str, data: bytes) -> None:
    """Put other contents into a file, and its right size and sum into the manifest."""
    (path / name).write_bytes(data)
    manifest = json.loads((path / "bundle.json").read_text())
    manifest["files"][name] = {"bytes": len(data), "crc32": f"{crc32(data):08x}"}
    (path / "bundle.json").write_text(json.dumps(manifest))


def change(path: Path, change: Callable[[Any], Any]) -> None:
    """Rewrite a JSON file."""
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


def same(one: Bundle, other: Bundle) -> bool:
    return (
        one.config == other.config
        and all(
            getattr(one.vocabularies, part).items == getattr(other.vocabularies, part).items
            for part in ("words", "characters", "tags", "intents")
        )
        and sorted(one.weights) == sorted(other.weights)
        and all(
            one.weights[n].dtype == other.weights[n].dtype and one.weights[n].tobytes() == other.weights[n].tobytes()
            for n in one.weights
        )
        and (one.training, one.history, one.card) == (other.training, other.history, other.card)
    )


# --- there and back --------------------------------------------------------------------------------


def test_what_is_written_is_read(path: Path) -> None:
    assert same(read(path), make())
    assert not same(read(path), make(seed=2))
    assert is_bundle(path)
    assert sorted(file.name for file in path.iterdir()) == sorted([*CHECKED, "README.md", "bundle.json"])


def test_kinds_of_slots_are_kept_and_checked(tmp_path: Path) -> None:
    made = make()
    kinds = kinds_of({"city": {"kind": "list", "values": {"Zürich": ["Zurigo"]}}}, origin="recipe.toml")
    write(made._replace(config=made.config._replace(slots=kinds)), tmp_path / "mine")
    assert read(tmp_path / "mine").config.slots == kinds
    config = json.loads((tmp_path / "mine" / "config.json").read_text(encoding="utf-8"))
    config["slots"] = {"town": {"kind": "text"}}
    forge(tmp_path / "mine", "config.json", json.dumps(config).encode())
    with pytest.raises(BundleError, match="no sentence of the data has a slot town"):
        read(tmp_path / "mine")


def test_odd_numbers_survive(tmp_path: Path) -> None:
    odd = np.array([[0.0, -0.0, 65504, -65504], [1e-45, -1e-38, 999_999, 1 / 3]], dtype=np.float32)
    bundle = make()._replace(weights={"turned": odd.T, "flat": odd[:, 0]})
    write(bundle, tmp_path / "mine")
    assert same(read(tmp_path / "mine"), bundle)


def test_without_characters_and_intents(tmp_path: Path) -> None:
    bundle = make()
    vocabularies = Vocabularies(bundle.vocabularies.words, Vocabulary([]), bundle.vocabularies.tags, LabelSet([]))
    network = SlotTagger(Config(MODEL._replace(character_filters=0)), vocabularies)
    bundle = bundle._replace(config=Config(), vocabularies=vocabularies, weights=network.arrays(), history=[], card="")
    write(bundle, tmp_path / "mine")
    assert same(read(tmp_path / "mine"), bundle)


def test_lexicons_are_part_of_it(tmp_path: Path) -> None:
    gazetteers = build_gazetteers({"city": ("New York", "Zürich"), "none": ()})
    bundle = make()
    write(bundle._replace(vocabularies=bundle.vocabularies._replace(gazetteers=gazetteers)), tmp_path / "mine")
    found = read(tmp_path / "mine").vocabularies.gazetteers
    assert found.names == ("city", "none")
    assert found.entries.table() == gazetteers.entries.table() == b"new\t2\nnew york\t3\nzurich\t3\n"


def test_the_same_bundle_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    write(make(), tmp_path / "other")
    for name in CHECKED:
        assert (path / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_a_tagger_is_the_same_after_writing(path: Path) -> None:
    bundle = make()
    texts = ["from Zürich to 東京", "abc cab"]
    assert Tagger.load(path).tag(texts) == Tagger(bundle.config.model, bundle.vocabularies, bundle.weights).tag(texts)


def test_the_card_is_for_people_to_edit(path: Path) -> None:
    (path / "README.md").write_bytes(b"mine \xff")
    assert read(path).card.startswith("mine ")
    (path / "README.md").unlink()
    assert read(path).card == ""


def test_other_files_do_not_matter(path: Path) -> None:
    (path / ".DS_Store").write_bytes(b"\x00")
    assert same(read(path), make())


# --- what is not whole -----------------------------------------------------------------------------


def refused(path: Path, *parts: str) -> None:
    """Reading raises one BundleError whose message has all of these."""
    with pytest.raises(BundleError) as caught:
        read(path)
    message = str(caught.value)
    for part in parts:
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize("name", CHECKED)
def test_a_missing_file(path: Path, name: str) -> None:
    (path / name).unlink()
    refused(path, f"{path / name}: missing: copy the whole model folder")


@pytest.mark.parametrize("name", CHECKED)
def test_a_cut_file(path: Path, name: str) -> None:
    whole = (path / name).read_bytes()
    (path / name).write_bytes(whole[:-1])
    refused(path, str(path / name), f"expected {len(whole)} bytes, got {len(whole) - 1}")


@pytest.mark.parametrize("name", CHECKED)
def test_one_flipped_bit(path: Path, name: str) -> None:
    data = bytearray((path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (path / name).write_bytes(data)
    refused(path, str(path / name), "CRC-32", "changed")


def test_a_file_that_changes_meanwhile_changes_nothing(path: Path) -> None:
    """Weights were mapped once: who replaced the file killed whoever had the model in use."""
    found = read(path)
    weights = path / "weights.safetensors"
    with weights.open("r+b") as file:
        file.truncate(0)
    assert same(found, make())


@pytest.mark.parametrize("kind", ["pipe", "endless"])
@pytest.mark.parametrize("name", ["bundle.json", "weights.safetensors", "README.md"])
@pytest.mark.skipif(os.name != "posix", reason="needs pipes and devices as files")
def test_what_is_no_file_is_not_read(path: Path, name: str, kind: str) -> None:
    (path / name).unlink()
    if kind == "pipe":
        os.mkfifo(path / name)
    else:
        (path / name).symlink_to("/dev/zero")
    if name == "README.md":
        assert read(path).card == ""
    else:
        refused(path, str(path / name), "not a file")


def test_a_card_and_a_manifest_without_end_are_not_read_whole(path: Path) -> None:
    large = 3 << 20
    (path / "README.md").write_bytes(b"x" * large)
    assert len(read(path).card) < large
    (path / "bundle.json").write_bytes((path / "bundle.json").read_bytes().rjust(large))
    refused(path, str(path / "bundle.json"), "not the manifest")


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38])
def test_weights_that_no_training_makes(path: Path, number: float) -> None:
    arrays = load((path / "weights.safetensors").read_bytes())
    name = next(iter(arrays))
    arrays[name] = np.full_like(arrays[name], number, dtype=np.float32)
    forge(path, "weights.safetensors", save(arrays))
    refused(path, name, "a weight is larger than 1,000,000, or no number")


@pytest.mark.parametrize(
    "entry",
    [
        {"data_offsets": [0, 2**70]},
        {"data_offsets": [2**64, 2**64 + 4]},
        {"data_offsets": [4, 8]},
        {"data_offsets": [8, 4]},
        {"data_offsets": [-4, 0]},
        {"data_offsets": ["0", "4"]},
        {"data_offsets": 4},
        {"data_offsets": None},
        {"data_offsets": [0, 0], "shape": [0]},
        {"data_offsets": [0, 4], "shape": [1.0]},
        {"data_offsets": [0, 4], "shape": 1},
        {"data_offsets": [0, 4], "shape": [1] * 65},
        {"data_offsets": [0, 4], "dtype": "F16"},
        {"data_offsets": [0, 4], "dtype": []},
        {"data_offsets": [0, 4], "shape": [2**40, 2**40]},
        {"data_offsets": [0, 4], "shape": [-1, -1]},
        {"data_offsets": [0, 4], "dtype": "PICKLE"},
    ],
)
def test_a_crafted_header(path: Path, entry: dict[str, object]) -> None:
    header = json.dumps({"a": {"dtype": "F32", "shape": [1], **entry}}).encode()
    header = header.ljust(-(-len(header) // 8) * 8)
    forge(path, "weights.safetensors", len(header).to_bytes(8, "little") + header + bytes(4))
    refused(path, "weights.safetensors", "not the content that a model has there")


@pytest.mark.parametrize("core_in_use", [True, False], ids=["core", "numpy"])
@pytest.mark.parametrize("padding", range(5))
def test_numbers_may_lie_anywhere(
    path: Path, monkeypatch: pytest.MonkeyPatch, padding: int, *, core_in_use: bool
) -> None:
    """A header of any length: loops in C read only what is aligned."""
    monkeypatch.setattr(core, "in_use", core_in_use and core.in_use)
    arrays, header, at = load((path / "weights.safetensors").read_bytes()), {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    told = json.dumps(header).encode() + b" " * padding
    numbers = b"".join(array.tobytes() for array in arrays.values())
    forge(path, "weights.safetensors", len(told).to_bytes(8, "little") + told + numbers)
    assert same(read(path), make())
    Tagger.load(path).tag(["arrive Taipei"])


def test_two_arrays_of_the_same_bytes(path: Path) -> None:
    entry = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    header = json.dumps({"a": entry, "b": entry}).encode()
    header = header.ljust(-(-len(header) // 8) * 8)
    forge(path, "weights.safetensors", len(header).to_bytes(8, "little") + header + bytes(4))
    refused(path, "expected its numbers to begin at 4, got 0 to 4")


def test_a_header_that_claims_a_lot(path: Path) -> None:
    forge(path, "weights.safetensors", (2**62).to_bytes(8, "little") + b"{}")
    refused(path, "weights.safetensors")


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\nb", "\x07"])
@pytest.mark.parametrize("kind", ["intents", "tags", "gazetteers"])
def test_names_that_a_terminal_would_obey(path: Path, name: str, kind: str) -> None:
    content = json.loads((path / "vocabulary.json").read_bytes())
    names = {"intents": [name], "tags": ["O", f"B-{name}"], "gazetteers": [name]}[kind]
    forge(path, "gazetteers.tsv", b"rome\t3\n")
    forge(path, "vocabulary.json", json.dumps(content | {kind: names}).encode())
    refused(path, "vocabulary.json", "characters that cannot be printed")


@pytest.mark.parametrize("tags", [[], ["B-city"], ["O", "city"], ["O", "I-city"], ["O", "B-"]])
def test_tags_that_are_none(path: Path, tags: list[str]) -> None:
    content = json.loads((path / "vocabulary.json").read_bytes())
    forge(path, "vocabulary.json", json.dumps(content | {"tags": tags}).encode())
    refused(path, "vocabulary.json", "the tags lack O" if "O" not in tags else "is no tag of IOB2")


def test_a_number_of_gazetteers_that_are_not_there(path: Path) -> None:
    content = json.loads((path / "vocabulary.json").read_bytes())
    forge(path, "vocabulary.json", json.dumps(content | {"gazetteers": ["cities"]}).encode())
    forge(path, "gazetteers.tsv", b"a\t2\nb\t3\nc\t4\n" + b"".join(b"d%d\t2\n" % number for number in range(9)))
    entries = read(path).vocabularies.gazetteers.entries
    assert [entries.id("a"), entries.id("b")] == [2, 3]
    with pytest.raises(BundleError, match="got '4' as the number of 'c'"):  # 2 + 1 for the one list, and no more
        entries.id("c")


@pytest.mark.parametrize("value", ["x", "", "-1", "0", "99999", "9" * 5000, "1_0", "١٢"])
def test_numbers_of_words_that_are_none(path: Path, value: str) -> None:
    words = (path / "words.tsv").read_bytes().decode().splitlines()
    word = words[0].split("\t")[0]
    forge(path, "words.tsv", "".join(f"{line}\n" for line in [f"{word}\t{value}", *words[1:]]).encode())
    with pytest.raises(BundleError, match="the model's words are damaged"):
        read(path).vocabularies.words.id(word)


def test_arrays_are_those_that_the_library_reads(path: Path) -> None:
    arrays = load((path / "weights.safetensors").read_bytes())
    mine = read(path).weights
    assert sorted(mine) == sorted(arrays)
    for name, array in arrays.items():
        assert array.dtype == mine[name].dtype
        assert np.array_equal(array, mine[name])


@pytest.mark.parametrize("dtype", [np.float64, np.int32])
def test_other_numbers_are_refused(path: Path, dtype: type) -> None:
    forge(path, "weights.safetensors", save({"emissions.b": np.zeros(3, dtype=dtype)}))
    refused(path, "expected numbers of type F32")


def test_a_folder_in_place_of_a_file(path: Path) -> None:
    (path / "weights.safetensors").unlink()
    (path / "weights.safetensors").mkdir()
    refused(path, str(path / "weights.safetensors"), "cannot be read: not a file")


# --- what is not ours ------------------------------------------------------------------------------


def test_no_such_folder(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", str(tmp_path / "nowhere"), "no such model folder")


def test_a_file_is_no_bundle(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    refused(tmp_path / "model.bin", str(tmp_path / "model.bin"), "a model is a folder")


def test_a_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "weights.safetensors").write_bytes(b"")
    assert not is_bundle(tmp_path)
    refused(tmp_path, str(tmp_path), "not a slotfill model", "bundle.json")


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", '"text"', "{}", '{"files": []}', '{"files": {"a": 1}}', "\udcff", "[" * 100_000],
    ids=lambda text: text[:9],
)
def test_a_broken_manifest(path: Path, text: str) -> None:
    (path / "bundle.json").write_bytes(text.encode(errors="surrogateescape"))
    refused(path, str(path / "bundle.json"), "not the manifest of a slotfill model")


def test_another_format(path: Path) -> None:
    change(path / "bundle.json", lambda manifest: manifest | {"format": "other"})
    refused(path, str(path / "bundle.json"), "'slotfill-bundle'", "'other'")


@pytest.mark.parametrize("version", [0, 1, 3, 5, "4", None])
def test_another_version(path: Path, version: object) -> None:
    change(path / "bundle.json", lambda manifest: manifest | {"version": version})
    refused(path, str(path), f"version {version}", "reads version 4", "train it again")


def test_a_manifest_that_does_not_list_everything(path: Path) -> None:
    change(path / "bundle.json", lambda m: m | {"files": {n: f for n, f in m["files"].items() if n != "config.json"}})
    refused(path, str(path / "bundle.json"), "does not list config.json")


def test_a_setting_of_another_version(path: Path) -> None:
    config = json.loads((path / "config.json").read_text())
    config["model"]["of_tomorrow"] = True
    forge(path, "config.json", json.dumps(config).encode())
    refused(path, str(path / "config.json"), "model.of_tomorrow", "another version")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("vocabulary.json", b"\xff"),
        ("vocabulary.json", b"[]"),
        ("vocabulary.json", b'{"tags": []}'),
        ("vocabulary.json", b'{"characters": null, "tags": [], "intents": []}'),
        ("vocabulary.json", b'{"characters": [["a"]], "tags": [], "intents": []}'),
        ("weights.safetensors", b""),
        ("weights.safetensors", b"\xff" * 64),
        ("training.json", b"{"),
        ("training.json", b'{"dev": null}'),
        ("training.json", b'{"dev": [1]}'),
        ("training.json", b'{"dev": {"f1": "high"}}'),
        ("training.json", b'{"data": 3}'),
        ("training.json", b'{"data": [{}]}'),
        ("training.json", b'{"data": [{"source": 3}]}'),
        *((name, b"[" * 100_000) for name in ("config.json", "vocabulary.json", "training.json", "history.jsonl")),
        ("weights.safetensors", (100_000).to_bytes(8, "little") + b"[" * 100_000),
        ("history.jsonl", b"{}\n{\n"),
    ],
)
def test_contents_of_another_kind(path: Path, name: str, data: bytes) -> None:
    """Even with the right sum."""
    forge(path, name, data)
    refused(path, str(path / name))


class Malice:
    """Makes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("with_torch", [False, True], ids=["pickle", "torch.save"])
def test_a_pickle_is_never_executed(path: Path, tmp_path: Path, with_torch: bool) -> None:
    mark = tmp_path / "executed"
    weights = tmp_path / "weights"
    if with_torch:
        torch.save(Malice(mark), weights)
    else:
        weights.write_bytes(pickle.dumps(Malice(mark)))
    pickle.loads(pickle.dumps(Malice(mark)))
    assert mark.exists()  # it would work
    mark.unlink()
    forge(path, "weights.safetensors", weights.read_bytes())
    refused(path, str(path / "weights.safetensors"))
    with pytest.raises(BundleError):
        Tagger.load(path)
    assert not mark.exists()


# --- what does not fit together --------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        pytest.param({"layers": 3}, id="a layer too few"),
        pytest.param({"layers": 1}, id="a layer too many"),
        pytest.param({"bidirectional": False}, id="a direction too many"),
        pytest.param({"hidden": 4}, id="other units"),
        pytest.param({"word_size": 5}, id="other word vectors"),
        pytest.param({"character_filters": 0}, id="filters too many"),
        pytest.param({"character_width": 5}, id="another width"),
        pytest.param({"window": 1}, id="another window"),
        pytest.param({"cell": "gru"}, id="another cell"),
        pytest.param({"peepholes": True}, id="peepholes too few"),
    ],
)
def test_weights_that_do_not_fit_the_configuration(tmp_path: Path, model: dict[str, Any]) -> None:
    path = tmp_path / "mine"
    write(make()._replace(config=Config(MODEL._replace(**model))), path)
    with pytest.raises(BundleError, match="do not fit the configuration") as caught:
        Tagger.load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "features.words",
        "features.characters",
        "features.filters_b",
        "encoder.0.forward.W",
        "encoder.1.backward.U",
        "encoder.1.backward.b",
        "emissions.W",
        "emissions.b",
        "intent.W",
    ],
)
@pytest.mark.parametrize("missing", [True, False], ids=["missing", "a row too few"])
def test_weights_that_do_not_fit_the_vocabulary(tmp_path: Path, name: str, missing: bool) -> None:
    path = tmp_path / "mine"
    bundle = make()
    weights = {n: array for n, array in bundle.weights.items() if n != name}
    if not missing:
        weights[name] = bundle.weights[name][:-1]
    write(bundle._replace(weights=weights), path)
    with pytest.raises(BundleError, match="do not fit the configuration") as caught:
        Tagger.load(path)
    assert str(path) in str(caught.value)


# --- writing ---------------------------------------------------------------------------------------


def beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_parents_are_made_and_nothing_is_left_beside(path: Path) -> None:
    assert beside(path) == ["mine"]


@pytest.mark.parametrize("call", range(1, 7))
def test_a_model_that_is_replaced_while_it_is_read(path: Path, monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Before each of its files, by `train --overwrite` elsewhere: then it is one of the two, not half of each."""
    whole, calls = bundle._content, []

    def content(*arguments: Any) -> bytes:
        calls.append(1)
        if len(calls) == call:
            write(make(seed=2), path, overwrite=True)
        return whole(*arguments)

    monkeypatch.setattr(bundle, "_content", content)
    found = read(path)
    assert same(found, make(seed=2)) or (same(found, make()) and call > 4)  # its weights were read before


def test_a_damaged_model_is_not_read_again_and_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path / "words.tsv").write_bytes(b"")
    whole, calls = bundle._verified, []

    def verified(where: Path) -> dict[str, bytes]:
        calls.append(1)
        return whole(where)

    monkeypatch.setattr(bundle, "_verified", verified)
    with pytest.raises(BundleError, match=r"words\.tsv"):
        read(path)
    assert calls == [1]


@pytest.mark.parametrize("is_renamed", [True, False])
def test_who_has_a_model_keeps_it_when_it_is_replaced(path: Path, is_renamed: bool) -> None:
    texts = ["to boston on friday", "arrive taipei"]
    tagger = Tagger.load(path)
    before = tagger.tag(texts)
    if is_renamed:
        write(make(seed=2), path, overwrite=True)
    else:
        for file in path.iterdir():
            file.write_bytes(bytes(file.stat().st_size))
    assert tagger.tag(texts) == before


def test_what_is_there_is_not_overwritten_unasked(path: Path) -> None:
    with pytest.raises(BundleError, match="exists already") as caught:
        write(make(seed=2), path)
    assert str(path) in str(caught.value)
    assert same(read(path), make())


def test_another_bundle_is_overwritten_if_asked(path: Path) -> None:
    (path / "of the old one").touch()
    write(make(seed=2), path, overwrite=True)
    assert same(read(path), make(seed=2))
    assert beside(path) == ["mine"]
    assert not (path / "of the old one").exists()


@pytest.mark.parametrize("as_file", [True, False], ids=["file", "folder"])
def test_what_is_no_bundle_is_never_overwritten(tmp_path: Path, as_file: bool) -> None:
    precious = tmp_path / "thesis"
    if not as_file:
        precious.mkdir()
    file = precious if as_file else precious / "chapter"
    file.write_text("the only copy")
    with pytest.raises(BundleError, match="exists already") as caught:
        write(make(), precious, overwrite=True)
    assert str(precious) in str(caught.value)
    assert file.read_text() == "the only copy"
    assert beside(precious) == ["thesis"]


@pytest.mark.parametrize(
    ("failing", "after"),
    [("mkdir", 0), ("rename", 0), ("rename", 1)],
    ids=["the new folder", "the old one's new name", "the new one's name"],
)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=type)
def test_the_old_bundle_stays_if_writing_fails(
    path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, after: int, error: BaseException
) -> None:
    calls = 0
    whole = getattr(os, failing)

    def fail(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == after + 1:
            raise error
        return whole(*arguments)

    monkeypatch.setattr(os, failing, fail)
    monkeypatch.setattr("slotfill.files._exchanged", lambda *_: False)  # a system that cannot do it in one step
    with pytest.raises((BundleError, KeyboardInterrupt)) as caught:
        write(make(seed=2), path, overwrite=True)
    monkeypatch.undo()
    assert calls > after
    if isinstance(error, OSError):
        assert isinstance(caught.value, BundleError)
        assert str(path) in str(caught.value)
        assert "No space left on device" in str(caught.value)
    assert same(read(path), make())
    assert beside(path) == ["mine"]


def test_a_first_bundle_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(BundleError, match="No space left on device"):
        write(make(), tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(BundleError, match="cannot be written") as caught:
        write(make(), tmp_path / "models" / "mine")
    assert str(tmp_path / "models" / "mine") in str(caught.value)
