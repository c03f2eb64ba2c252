"""The model folder: everything that tagging needs, in JSON and safetensors; nothing in it can run code.

    bundle.json             what this is: format version, and size and SHA-256 of every other file
    config.json             the complete configuration
    vocabulary.json         words, characters, tags, intents
    weights.safetensors     the arrays of SlotTagger.arrays()
    training.json           data, seed, scores on dev, versions, cost
    history.jsonl           one line an epoch
    README.md               the model card: for people, theirs to edit, and the one file without a sum

A bundle is written to a temporary folder and renamed, so that it is there whole or not at all. Reading
checks sizes and sums before anything is parsed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from slotfill.config import Config, from_dict
from slotfill.errors import BundleError, ConfigError
from slotfill.tags import OUTSIDE
from slotfill.vocabulary import Inventory, LabelSet, Vocabulary

FORMAT = "slotfill-bundle"
VERSION = 1
MANIFEST = "bundle.json"
_REQUIRED = ("config.json", "vocabulary.json", "weights.safetensors", "training.json", "history.jsonl")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model folder in memory."""

    config: Config
    inventory: Inventory
    weights: Mapping[str, NDArray[np.float32]]
    training: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]
    card: str


def is_bundle(path: Path) -> bool:
    """Say whether a folder looks like a bundle (which `read` may still refuse)."""
    return (path / MANIFEST).is_file()


def write(bundle: Bundle, path: Path, *, overwrite: bool = False) -> None:
    """Write a bundle atomically; only another bundle is ever overwritten, and only if asked."""
    from safetensors.numpy import save

    path = path.resolve()  # `.` gets a name, and a link stays one
    if path.exists() and not (overwrite and is_bundle(path)):
        raise BundleError(f"{path} exists already: choose another name for the model")
    inventory = bundle.inventory
    vocabulary = {
        "words": inventory.words.items[2:],
        "characters": inventory.characters.items[2:],
        "tags": inventory.tags.items,
        "intents": inventory.intents.items,
        "lexicons": dict(inventory.lexicons),
    }
    contents = {
        "config.json": _json(bundle.config.to_dict()),
        "vocabulary.json": json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")).encode(),
        "weights.safetensors": save({name: np.ascontiguousarray(a) for name, a in sorted(bundle.weights.items())}),
        "training.json": _json(bundle.training),
        "history.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in bundle.history),
    }
    files = {name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in contents.items()}
    contents[MANIFEST] = _json({"format": FORMAT, "version": VERSION, "files": files})
    contents["README.md"] = bundle.card.encode()
    fresh, old = (path.with_name(f".{path.name}.{word}-{os.getpid()}") for word in ("new", "old"))
    try:
        shutil.rmtree(fresh, ignore_errors=True)  # of a killed process that had our number
        fresh.mkdir(parents=True)
        for name, data in contents.items():
            (fresh / name).write_bytes(data)
        if path.exists():
            path.rename(old)
        fresh.rename(path)
    except OSError as error:
        raise BundleError(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        if old.exists() and not path.exists():  # whatever happened, a Ctrl-C too
            old.rename(path)
        for leftover in (fresh, old):
            shutil.rmtree(leftover, ignore_errors=True)


def read(path: Path) -> Bundle:
    """Read and verify a bundle; BundleError names the file that is missing, cut, changed or foreign."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    contents = _verified(path)
    name = ""
    try:
        name = "config.json"
        config = from_dict(json.loads(contents[name]), origin=str(path / name))
        name = "vocabulary.json"
        lists = json.loads(contents[name])
        inventory = Inventory(
            Vocabulary(lists["words"]),
            Vocabulary(lists["characters"]),
            LabelSet(lists["tags"]),
            LabelSet(lists["intents"]),
            {key: tuple(names) for key, names in lists.get("lexicons", {}).items()},
        )
        _check_tags(inventory.tags)
        name = "weights.safetensors"
        weights = load(contents[name])
        name = "training.json"
        training = dict(json.loads(contents[name]).items())
        name = "history.jsonl"
        history = [json.loads(line) for line in contents[name].splitlines()]
    except ConfigError as error:
        raise BundleError(f"{error}; the model was made by another version of slotfill?") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, SafetensorError) as error:
        raise BundleError(f"{path / name}: not what a model holds there: {error}") from None
    card = path / "README.md"
    card_text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    return Bundle(config, inventory, weights, training, history, card_text)


def _verified(path: Path) -> dict[str, bytes]:
    """The files that the manifest lists, each as long as it says and with its sum."""
    if not path.is_dir():
        raise BundleError(f"{path}: no such model folder" if not path.exists() else f"{path}: a model is a folder")
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        files = {name: (entry["bytes"], entry["sha256"]) for name, entry in manifest["files"].items()}
        format_, version = manifest["format"], manifest["version"]
    except FileNotFoundError:
        raise BundleError(f"{path}: not a slotfill model: it has no {MANIFEST}") from None
    except OSError as error:
        raise BundleError(f"{path / MANIFEST}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BundleError(f"{path / MANIFEST}: not the manifest of a slotfill model") from None
    if format_ != FORMAT:
        raise BundleError(f"{path / MANIFEST}: expected format {FORMAT!r}, got {format_!r}")
    if version != VERSION:
        raise BundleError(
            f"{path}: the model has format version {version}, and this slotfill reads version {VERSION}: "
            "train it again, or install the slotfill that made it"
        )
    contents = {}
    for name in _REQUIRED:
        if name not in files:
            raise BundleError(f"{path / MANIFEST}: does not list {name}")
        size, digest = files[name]
        try:
            data = (path / name).read_bytes()
        except FileNotFoundError:
            raise BundleError(f"{path / name}: missing: copy the whole model folder again, or train it again") from None
        except OSError as error:
            raise BundleError(f"{path / name}: cannot be read: {error.strerror}") from None
        if len(data) != size:
            raise BundleError(f"{path / name}: expected {size} bytes, got {len(data)}: the copy is not whole")
        if hashlib.sha256(data).hexdigest() != digest:
            raise BundleError(f"{path / name}: its SHA-256 is not the one in {MANIFEST}: the file was changed")
        contents[name] = data
    return contents


def _check_tags(tags: LabelSet) -> None:
    """ValueError unless every tag has a place in some valid IOB2 sequence."""
    for tag in tags.items:
        if tag != OUTSIDE and not (len(tag) > 2 and (tag[:2] == "B-" or (tag[:2] == "I-" and f"B-{tag[2:]}" in tags))):
            raise ValueError(f"{tag!r} is no tag of IOB2")
    if OUTSIDE not in tags:
        raise ValueError(f"the tags lack {OUTSIDE}")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
