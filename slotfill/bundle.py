"""The model folder: everything that tagging needs, as text, JSON and safetensors; nothing in it can run code.

    bundle.json             what this is: format version, and size and CRC-32 of every other file
    config.json             the complete configuration
    words.tsv               folded words and their rows in the table of word vectors, sorted
    gazetteers.tsv          the names in the gazetteers, where there are any (slotfill/gazetteers.py)
    vocabulary.json         characters, tags, intents, and the names of the gazetteers
    weights.safetensors     the arrays of SlotTagger.arrays()
    training.json           data, seed, scores on dev, versions, cost
    history.jsonl           one line an epoch
    README.md               the model card: for people, theirs to edit, and the one file without a sum

A bundle is there whole or not at all (slotfill/files.py). Reading
checks sizes and sums before anything is parsed, by `os.path`, since importing `pathlib` takes longer than
tagging a sentence. The sum is there against damage, and for that CRC-32 is as
good as a digest whose import alone would take longer than tagging a sentence.
"""

import json
import mmap
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from slotfill.config import Config, from_dict
from slotfill.errors import BundleError, ConfigError, InputError
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import NO_GAZETTEERS, Gazetteers, LabelSet, Vocabularies, Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "slotfill-bundle"
VERSION = 3
MANIFEST = "bundle.json"
_REQUIRED = ("config.json", "words.tsv", "vocabulary.json", "weights.safetensors", "training.json", "history.jsonl")
_OPTIONAL = ("gazetteers.tsv",)

# Of a larger file only the size is checked, and only the parts that are used are read: a big vocabulary must
# not slow the start.
_SUMMED = 16 << 20  # bytes


class Bundle(NamedTuple):
    """A model folder in memory."""

    config: Config
    vocabularies: Vocabularies
    weights: Mapping[str, NDArray[np.float32]]
    training: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    card: str


def is_bundle(path: "str | Path") -> bool:
    """Say whether a folder looks like a bundle (which `read` may still refuse)."""
    return os.path.isfile(os.path.join(path, MANIFEST))


def write(bundle: Bundle, path: "Path", *, overwrite: bool = False) -> None:
    """Write a bundle, whole or not at all; only another bundle is ever overwritten, and only if asked."""
    from safetensors.numpy import save

    from slotfill.files import write_folder

    if path.exists() and not (overwrite and is_bundle(path)):
        raise BundleError(f"{path} exists already: choose another name for the model")
    vocabularies = bundle.vocabularies
    vocabulary = {
        "characters": vocabularies.characters.items[2:],
        "tags": vocabularies.tags.items,
        "intents": vocabularies.intents.items,
        "gazetteers": vocabularies.gazetteers.names,
    }
    contents = {
        "config.json": _json(bundle.config.to_dict()),
        "words.tsv": vocabularies.words.table(),
        "vocabulary.json": json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")).encode(),
        "weights.safetensors": save({name: np.ascontiguousarray(a) for name, a in sorted(bundle.weights.items())}),
        "training.json": _json(bundle.training),
        "history.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in bundle.history),
    }
    if vocabularies.gazetteers.names:
        contents["gazetteers.tsv"] = vocabularies.gazetteers.entries.table()
    files = {name: {"bytes": len(data), "crc32": f"{crc32(data):08x}"} for name, data in contents.items()}
    contents[MANIFEST] = _json({"format": FORMAT, "version": VERSION, "files": files})
    contents["README.md"] = bundle.card.encode()
    try:
        write_folder(path, contents)
    except InputError as error:
        raise BundleError(str(error)) from None


def read(path: "str | Path", *, every_sum: bool = False) -> Bundle:
    """Read and verify a bundle; BundleError names the file that is missing, cut, changed or foreign.

    The weights are not copied, and not to be changed. `every_sum` also reads all of the large files.
    """
    contents = _verified(path, summed=2**63 if every_sum else _SUMMED)
    name = ""
    try:
        name = "config.json"
        config = from_dict(json.loads(contents[name]), origin=os.path.join(path, name))
        name = "words.tsv"
        words = Vocabulary.of_table(bytes(contents[name]))
        name = "vocabulary.json"
        lists = json.loads(contents[name])
        gazetteers = NO_GAZETTEERS
        if lists.get("gazetteers"):
            name = "gazetteers.tsv"
            gazetteers = Gazetteers(tuple(lists["gazetteers"]), Vocabulary.of_table(bytes(contents[name])))
        vocabularies = Vocabularies(
            words, Vocabulary(lists["characters"]), LabelSet(lists["tags"]), LabelSet(lists["intents"]), gazetteers
        )
        _check_tags(vocabularies.tags)
        name = "weights.safetensors"
        weights = _arrays(contents[name])
        name = "training.json"
        training = dict(json.loads(contents[name]).items())
        name = "history.jsonl"
        history = [json.loads(line) for line in contents[name].splitlines()]
    except ConfigError as error:
        raise BundleError(f"{error}; the model was made by another version of slotfill?") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"{os.path.join(path, name)}: not what a model holds there: {error}") from None
    try:
        with open(os.path.join(path, "README.md"), encoding="utf-8", errors="replace") as file:
            card = file.read()
    except OSError:
        card = ""
    return Bundle(config, vocabularies, weights, training, history, card)


def _arrays(data: bytes | mmap.mmap) -> dict[str, NDArray[np.float32]]:
    """The arrays of a safetensors file, where they lie: its library would copy them.

    The format: the length of a JSON header in 8 bytes, the header, and the arrays' bytes. ValueError or KeyError for
    what is something else.
    """
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{name}: expected numbers of type F32, got {entry['dtype']}")
        start, end = entry["data_offsets"]
        flat = np.frombuffer(data, dtype="<f4", count=(end - start) // 4, offset=begin + start)
        arrays[name] = flat.reshape(entry["shape"])
    return arrays


def _verified(path: "str | Path", *, summed: int) -> dict[str, Any]:
    """The files that the manifest lists, each as long as it says, and with its sum if of at most `summed` bytes."""
    manifest_path = os.path.join(path, MANIFEST)
    if not os.path.isdir(path):
        raise BundleError(
            f"{path}: no such model folder" if not os.path.exists(path) else f"{path}: a model is a folder"
        )
    try:
        with open(manifest_path, "rb") as file:
            manifest = json.loads(file.read())
        files = {name: (entry["bytes"], entry["crc32"]) for name, entry in manifest["files"].items()}
        format_, version = manifest["format"], manifest["version"]
    except FileNotFoundError:
        raise BundleError(f"{path}: not a slotfill model: it has no {MANIFEST}") from None
    except OSError as error:
        raise BundleError(f"{manifest_path}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BundleError(f"{manifest_path}: not the manifest of a slotfill model") from None
    if format_ != FORMAT:
        raise BundleError(f"{manifest_path}: expected format {FORMAT!r}, got {format_!r}")
    if version != VERSION:
        raise BundleError(
            f"{path}: the model has format version {version}, and this slotfill reads version {VERSION}: "
            "train it again, or install the slotfill that made it"
        )
    contents: dict[str, Any] = {}
    for name in (*_REQUIRED, *(name for name in _OPTIONAL if name in files)):
        if name not in files:
            raise BundleError(f"{manifest_path}: does not list {name}")
        contents[name] = _content(os.path.join(path, name), *files[name], summed=summed)
    return contents


def _content(where: str, size: int, expected: str, *, summed: int) -> bytes | mmap.mmap:
    """A file of this size, and with this sum if it is of at most `summed` bytes; a larger one is mapped."""
    try:
        with open(where, "rb") as file:
            large = os.fstat(file.fileno()).st_size > summed
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if large else file.read()
    except FileNotFoundError:
        raise BundleError(f"{where}: missing: copy the whole model folder again, or train it again") from None
    except OSError as error:
        raise BundleError(f"{where}: cannot be read: {error.strerror}") from None
    if len(data) != size:
        raise BundleError(f"{where}: expected {size} bytes, got {len(data)}: the copy is not whole")
    if not large and f"{crc32(data):08x}" != expected:
        raise BundleError(f"{where}: its CRC-32 is not the one in {MANIFEST}: the file was changed")
    return data


def _check_tags(tags: LabelSet) -> None:
    """ValueError unless every tag has a place in some valid IOB2 sequence."""
    for tag in tags.items:
        if tag != OUTSIDE and not (len(tag) > 2 and (tag[:2] == "B-" or (tag[:2] == "I-" and f"B-{tag[2:]}" in tags))):
            raise ValueError(f"{tag!r} is no tag of IOB2")
    if OUTSIDE not in tags:
        raise ValueError(f"the tags lack {OUTSIDE}")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
