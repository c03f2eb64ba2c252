"""The model folder: everything that tagging needs, as text, JSON and safetensors; nothing in it can run code.

    bundle.json             the format's version, and the size and CRC-32 of every other file
    config.json             the complete configuration
    words.tsv               folded words and their rows in the table of word vectors, sorted
    gazetteers.tsv          the names in the gazetteers, if there are any (slotfill/gazetteers.py)
    vocabulary.json         characters, tags, intents, and the names of the gazetteers
    weights.safetensors     the arrays of SlotTagger.arrays()
    training.json           data, seed, scores on dev, versions, cost
    history.jsonl           one line per epoch
    README.md               the model card, for people to read and edit: the only file without a checksum

A bundle is written whole or not at all (slotfill/files.py). Reading checks sizes and checksums before it parses
anything. The checksums are against damage, not attack; importing a cryptographic digest, or `pathlib`, would take
longer than tagging a sentence.
"""

import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from slotfill.arrays import Raw, Weights, are_within, shaped
from slotfill.config import Config, ModelConfig, from_dict
from slotfill.errors import BundleError, ConfigError, InputError
from slotfill.folding import folding_named, key_of
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import NO_GAZETTEERS, Gazetteers, LabelSet, Vocabularies, Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

FORMAT = "slotfill-bundle"
VERSION = 4
_FORMATS = {"F32": ("f", 4), "F16": ("H", 2)}  # of arrays.py, and bytes of a number
MANIFEST = "bundle.json"
_REQUIRED = ("config.json", "words.tsv", "vocabulary.json", "weights.safetensors", "training.json", "history.jsonl")
_OPTIONAL = ("gazetteers.tsv",)

# What a bundle that does not say it has: models were made with one tokenizer and one folding before they could have
# others, with one intent for a sentence, without a direct path and without affixes.
_BEFORE = Config(
    ModelConfig(
        tokenizer="slotfill",
        folding="plain",
        intents="one",
        direct=False,
        affixes="no",
        crf=False,
        gazetteers="no",
    )
)

_LARGEST = 1 << 20  # bytes of the manifest and of the card, whose sizes are nowhere else
_TRIES = 10  # at reading a bundle that others replace meanwhile
_HEAVIEST = 1e6  # no weight is larger: products with such would not be numbers


class Bundle(NamedTuple):
    """A model folder in memory."""

    config: Config
    vocabularies: Vocabularies
    weights: Mapping[str, "NDArray[np.float32]"]
    training: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    card: str


def is_bundle(path: "str | Path") -> bool:
    """Say whether a path looks like a bundle; `read` may still refuse it."""
    return os.path.isfile(os.path.join(path, MANIFEST))


def write(bundle: Bundle, path: "Path", *, overwrite: bool = False) -> None:
    """Write a bundle, whole or not at all. Only another bundle is replaced, and only with `overwrite`.

    Raises BundleError.
    """
    import numpy as np
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
    # the name of data may have bytes that are no characters
    contents["README.md"] = bundle.card.encode(errors="replace")
    try:
        write_folder(path, contents)
    except InputError as error:
        raise BundleError(str(error)) from None


def read(path: "str | Path") -> Bundle:
    """Read and verify a bundle. Raises BundleError, which names the file that is missing, damaged or malformed.

    The arrays are views of the file's bytes in memory, which a file replaced meanwhile cannot change, and must not be
    changed. A model that is replaced while it is read is read again.
    """
    for _ in range(_TRIES):
        before = _stamp(path)
        try:
            return _read(path)
        except BundleError:
            if _stamp(path) == before:
                raise
    return _read(path)


def _stamp(path: "str | Path") -> tuple[int, int, int] | None:
    """What tells whether a bundle has been replaced."""
    with suppress(OSError):
        found = os.stat(os.path.join(path, MANIFEST))
        return found.st_ino, found.st_mtime_ns, found.st_size
    return None


def _read(path: "str | Path") -> Bundle:
    contents = _verified(path)
    with _parsing(path, "config.json") as where:
        config = from_dict(json.loads(contents["config.json"]), base=_BEFORE, origin=where)
    with _parsing(path, "vocabulary.json"):
        lists = dict(json.loads(contents["vocabulary.json"]).items())
    folding = config.model.folding
    gazetteers = NO_GAZETTEERS
    if lists.get("gazetteers"):
        with _parsing(path, "gazetteers.tsv"):
            limit = 2 + 2 ** len(lists["gazetteers"])  # each id is a set of gazetteers
            entries = Vocabulary.of_table(contents["gazetteers.tsv"], key=key_of(folding), limit=limit)
            gazetteers = Gazetteers(tuple(lists["gazetteers"]), entries)
    with _parsing(path, "vocabulary.json"):
        vocabularies = Vocabularies(
            words=Vocabulary.of_table(contents["words.tsv"], key=key_of(folding)),
            characters=Vocabulary(lists["characters"]),
            tags=LabelSet(lists["tags"]),
            intents=LabelSet(lists["intents"]),
            gazetteers=gazetteers,
            fold=folding_named(folding),
        )
        _check_tags(vocabularies.tags)
        _check_names((*vocabularies.tags.items, *vocabularies.intents.items, *gazetteers.names))
    if config.slots:
        from slotfill.slot_kinds import check_names  # late: few models have kinds of slots

        with _parsing(path, "config.json"):
            check_names(config.slots, {tag[2:] for tag in vocabularies.tags.items if tag != OUTSIDE})
    with _parsing(path, "weights.safetensors"):
        weights = _arrays(contents["weights.safetensors"])
    with _parsing(path, "training.json"):
        training = dict(json.loads(contents["training.json"]).items())
        _check_training(training)
    with _parsing(path, "history.jsonl"):
        history = [json.loads(line) for line in contents["history.jsonl"].splitlines()]
    try:
        card = _bytes_of(os.path.join(path, "README.md"), _LARGEST).decode(errors="replace")
    except OSError:
        card = ""
    return Bundle(config, vocabularies, weights, training, history, card)


def weights_digest(path: "str | Path") -> str:
    """The SHA-256 of a bundle's weights, as `sha256sum` prints it; tells models apart, and costs reading the file."""
    import hashlib

    with open(os.path.join(path, "weights.safetensors"), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _parsing(path: "str | Path", name: str) -> Iterator[str]:
    """Turn whatever the parser of a file raises into a BundleError that names the file."""
    where = os.path.join(path, name)
    try:
        yield where
    except ConfigError as error:
        raise BundleError(f"{error}; was the model made by another version of slotfill?") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, IndexError) as error:
        raise BundleError(f"{where}: not the content that a model has there: {error}") from None


def _arrays(data: bytes) -> Weights:
    """The arrays of a safetensors file, as views of its bytes; the safetensors library would copy them.

    The format: the length of a JSON header in 8 bytes, the header, and the arrays' bytes, one after another. Raises
    ValueError, KeyError or TypeError for anything else, and for numbers that no training makes.
    """
    begin = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:begin])
    header.pop("__metadata__", None)
    arrays = {}
    at = 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        if entry["dtype"] not in _FORMATS:
            raise ValueError(f"{name}: expected numbers of type F32 or F16, got {entry['dtype']}")
        format_, size = _FORMATS[entry["dtype"]]
        start, end = entry["data_offsets"]
        if start != at or end <= start:
            raise ValueError(f"{name}: expected its numbers to begin at {at}, got {start} to {end}")
        numbers: Raw = memoryview(data)[begin + start : begin + end]
        if (begin + start) % size:  # a loop in C reads only what is aligned
            numbers = memoryview(bytes(numbers))
        array = arrays[name] = shaped(_native(numbers, size), format_, entry["shape"])
        if not are_within(array, _HEAVIEST):
            raise ValueError(f"{name}: a weight is larger than {_HEAVIEST:,.0f}, or no number")
        at = end
    if begin + at != len(data):
        raise ValueError(f"expected {begin + at} bytes, got {len(data)}")
    return Weights(arrays)


def _native(numbers: Raw, size: int) -> Raw:
    """Numbers of so many bytes, as this machine writes them."""
    if sys.byteorder == "little":
        return numbers
    turned = bytearray(len(numbers))
    for place in range(size):
        turned[place::size] = numbers[size - 1 - place :: size]
    return memoryview(turned)


def _verified(path: "str | Path") -> dict[str, bytes]:
    """The content of the files in the manifest, checked by their sizes and sums."""
    files = _read_manifest(path)
    contents = {}
    for name in (*_REQUIRED, *(name for name in _OPTIONAL if name in files)):
        if name not in files:
            raise BundleError(f"{os.path.join(path, MANIFEST)}: does not list {name}")
        contents[name] = _content(os.path.join(path, name), *files[name])
    return contents


def _bytes_of(where: str, most: int) -> bytes:
    """The content of a file, or its first bytes if it has more than `most`: at most `most` + 1. Raises OSError."""
    if not stat.S_ISREG(os.stat(where).st_mode):  # a pipe or a device would be read for ever
        raise OSError(0, "not a file")
    with open(where, "rb") as file:
        return file.read(most + 1)


def _read_manifest(path: "str | Path") -> dict[str, tuple[int, str]]:
    """The size and CRC-32 of each file; BundleError if this is not a bundle of our format and version."""
    manifest_path = os.path.join(path, MANIFEST)
    if not os.path.isdir(path):
        raise BundleError(
            f"{path}: no such model folder" if not os.path.exists(path) else f"{path}: a model is a folder"
        )
    try:
        manifest = json.loads(_bytes_of(manifest_path, _LARGEST))
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
    return files


def _content(where: str, size: int, expected: str) -> bytes:
    """A file, checked against its size and its sum."""
    try:
        data = _bytes_of(where, os.stat(where).st_size)
    except FileNotFoundError:
        raise BundleError(f"{where}: missing: copy the whole model folder again, or train it again") from None
    except OSError as error:
        raise BundleError(f"{where}: cannot be read: {error.strerror}") from None
    if len(data) != size:
        raise BundleError(f"{where}: expected {size} bytes, got {len(data)}: the copy is not whole")
    if f"{crc32(data):08x}" != expected:
        raise BundleError(f"{where}: its CRC-32 is not the one in {MANIFEST}: the file was changed")
    return data


def _check_names(found: Iterable[str]) -> None:
    """Raise ValueError for a name with control characters, which a terminal would obey."""
    for name in found:
        if not name.isprintable():
            raise ValueError(f"a name has characters that cannot be printed: {name!r}")


def _check_training(training: Mapping[str, Any]) -> None:
    """Raise ValueError or AttributeError unless what lists of models show is of the kind that they show."""
    f1 = training.get("dev", {}).get("f1")
    if not (f1 is None or isinstance(f1, int | float)) or not all(
        isinstance(data.get("source"), str) for data in training.get("data", ())
    ):
        raise ValueError("expected a number as dev.f1, and data sets with a source")


def _check_tags(tags: LabelSet) -> None:
    """Raise ValueError unless every tag can occur in some valid IOB2 sequence."""
    for tag in tags.items:
        if tag != OUTSIDE and not (len(tag) > 2 and (tag[:2] == "B-" or (tag[:2] == "I-" and f"B-{tag[2:]}" in tags))):
            raise ValueError(f"{tag!r} is no tag of IOB2")
    if OUTSIDE not in tags:
        raise ValueError(f"the tags lack {OUTSIDE}")


def _json(value: object) -> bytes:
    """As JSON; bytes that are no characters, as names of data may have, become its escapes."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode(errors="backslashreplace") + b"\n"
