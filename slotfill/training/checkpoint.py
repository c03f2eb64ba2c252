"""An interrupted training on disk: one safetensors file, replaced after each epoch."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from slotfill.errors import InputError
from slotfill.files import write_files
from slotfill.training.history import EpochReport


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The file of one training, which `fingerprint` (of slotfill.training.fingerprint) tells from all others."""

    path: Path
    fingerprint: str

    def write(self, tensors: Mapping[str, Tensor], history: Sequence[EpochReport]) -> None:
        """Replace the file, whole or not at all; InputError if it cannot be written."""
        metadata = {"identity": self.fingerprint, "history": json.dumps([asdict(report) for report in history])}
        write_files({self.path: save({name: t.cpu().contiguous() for name, t in tensors.items()}, metadata)})

    def read(self) -> tuple[dict[str, Tensor], list[EpochReport]] | None:
        """What `write` was given; None if there is no file. InputError if it is damaged or of another training."""
        if not self.path.exists():
            return None
        try:
            with safe_open(self.path, framework="pt") as file:
                metadata = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
        except (OSError, SafetensorError) as error:
            raise InputError(f"{self.path}: not a checkpoint: {error}: delete it and train anew") from None
        if metadata.get("identity") != self.fingerprint:
            raise InputError(
                f"{self.path}: belongs to a training with other data, another configuration or another seed: "
                "go on with those, or delete it to begin anew"
            )
        return tensors, [EpochReport(**entry) for entry in json.loads(metadata["history"])]
