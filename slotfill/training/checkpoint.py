"""An interrupted training on disk: one safetensors file, replaced after each epoch."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, uint8

from slotfill.config import Config, ModelConfig, differences, from_dict, told
from slotfill.errors import InputError
from slotfill.files import write_files
from slotfill.folding import PLAIN
from slotfill.intents import ONE
from slotfill.schema import Example
from slotfill.training.history import EpochReport, history_of
from slotfill.training.mixture import Mixture
from slotfill.training.vectors import Vectors
from slotfill.vocabulary import Vocabularies


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The file of one training; `fingerprint` is the digest that tells it from the files of others.

    With `config`, an error about another training names the settings that differ.
    """

    path: Path
    fingerprint: str
    config: Config | None = None

    def write(self, tensors: Mapping[str, Tensor], history: Sequence[EpochReport]) -> None:
        """Replace the file, whole or not at all; InputError if it cannot be written."""
        metadata = {"identity": self.fingerprint, "history": json.dumps([asdict(report) for report in history])}
        if self.config is not None:
            metadata["config"] = json.dumps(self.config.to_dict())
        kept = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
        write_files({self.path: save(kept, metadata | {"sum": _sum(kept, metadata)})})

    def read(self) -> tuple[dict[str, Tensor], list[EpochReport]] | None:
        """The tensors and history last written, or None without a file.

        InputError if the file is damaged or belongs to another training.
        """
        if not self.path.exists():
            return None
        try:
            with safe_open(self.path, framework="pt") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        except (OSError, SafetensorError) as error:
            raise InputError(f"{self.path}: not a checkpoint: {error}: delete it and train anew") from None
        claimed = metadata.pop("sum", None)
        if claimed != _sum(tensors, metadata):
            problem = "its sum is not that of its content" if claimed else "it was made by another version of slotfill"
            raise InputError(f"{self.path}: {problem}: delete it and train anew")
        if metadata.get("identity") != self.fingerprint:
            raise InputError(f"{self.path}: {self._misfit(metadata)}: go on with those, or delete it to start over")
        return tensors, history_of(metadata)

    def _misfit(self, metadata: Mapping[str, str]) -> str:
        """How the training of the file differs from this one, as far as the file tells."""
        if self.config is None or "config" not in metadata:
            return "belongs to a training with other data, another configuration or another seed"
        before = Config(ModelConfig(intents=ONE, folding=PLAIN, direct=False, affixes="no"))  # which to_dict leaves out
        saved = from_dict(json.loads(metadata["config"]), base=before, origin=str(self.path))
        different = differences(saved, self.config)
        if not different:
            return "belongs to a training with other data of the same name"
        return f"belongs to a training with other settings: {told(different)}"


def _sum(tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> str:
    """The SHA-256 of a checkpoint's content, which safetensors does not check."""
    digest = hashlib.sha256(json.dumps(sorted(metadata.items())).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(uint8).numpy().tobytes())
    return digest.hexdigest()


def fingerprint(
    config: Config,
    vocabularies: Vocabularies,
    train: Sequence[Example],
    dev: Sequence[Example],
    mixture: Mixture | None,
    vectors: Vectors | None = None,
    start: str | None = None,
) -> str:
    """A digest of everything that decides the weights, which tells one training from another: 64 hexadecimal digits.

    `start` is the digest of the model that the training goes on from. It covers the configuration with its seed, the
    data, and which sentences belong to which data set, since each set
    has its own settings. It is made of plain strings and numbers, so it does not depend on the `repr` of a class.
    """
    digest = hashlib.sha256()

    def add(fact: object) -> None:
        digest.update(json.dumps(fact, sort_keys=True).encode() + b"\n")  # the order of settings is no difference

    # the kinds of slots decide no weights, nor does the model for other scripts
    add(config._replace(slots=(), model=config.model._replace(elsewhere="")).to_dict())
    add(vocabularies.words.items)
    add(vocabularies.gazetteers.names)
    digest.update(vocabularies.gazetteers.entries.table())
    if start is not None:
        add(start)
    if vectors is not None:
        digest.update(vectors.table.tobytes())
    add(mixture.sizes if mixture is not None else None)
    for split in (train, dev, mixture.out_of_domain if mixture is not None else ()):
        add(len(split))
        for e in split:
            add([e.text, [[token.text, token.start, token.end] for token in e.tokens], e.tags, e.intent])
    return digest.hexdigest()
