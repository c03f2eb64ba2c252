"""slotfill labels the places and times of departure and arrival in travel requests.

    import slotfill
    tagger = slotfill.load()                                  # the model that ships, or a name or path
    for slot in tagger.tag(["arrive Taipei on November 2nd"])[0].slots:
        print(slot.name, slot.text, slot.start, slot.end, slot.confidence)

The way of the data: text -> `tokenizer` -> `vocabulary` -> `runtime` (the network in numpy) -> `decoding` ->
`tagger`. How a model is made: `readers` or `generator` -> `network` (cells, encoder) -> `training` -> `bundle`.
Only training needs torch. docs/decisions/ says why things are as they are.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from slotfill.config import Config
    from slotfill.errors import SlotfillError
    from slotfill.evaluation import Scores, evaluate
    from slotfill.readers import parse_markup, read_data
    from slotfill.schema import Annotation, Dataset, Example, Intent, Slot, Token
    from slotfill.tagger import Tagger
    from slotfill.training.history import EpochReport
    from slotfill.training.pipeline import Trained, train

__all__ = [
    "Annotation",
    "Config",
    "Dataset",
    "EpochReport",
    "Example",
    "Intent",
    "Scores",
    "Slot",
    "SlotfillError",
    "Tagger",
    "Token",
    "Trained",
    "evaluate",
    "load",
    "parse_markup",
    "read_data",
    "train",
]

_HOMES = {
    "SlotfillError": "slotfill.errors",
    "Annotation": "slotfill.schema",
    "Intent": "slotfill.schema",
    "Slot": "slotfill.schema",
    "Token": "slotfill.schema",
    "Tagger": "slotfill.tagger",
    "Config": "slotfill.config",
    "Dataset": "slotfill.schema",
    "EpochReport": "slotfill.training.history",
    "Example": "slotfill.schema",
    "Scores": "slotfill.evaluation",
    "Trained": "slotfill.training.pipeline",
    "evaluate": "slotfill.evaluation",
    "parse_markup": "slotfill.readers",
    "read_data": "slotfill.readers",
    "train": "slotfill.training.pipeline",
}


def load(model: "str | Path" = "travel") -> "Tagger":
    """The tagger of a model, by name (`travel` ships) or by the path of its folder.

    Raises slotfill.SlotfillError if there is no such model or its folder is not whole.
    """
    from slotfill.tagger import Tagger

    return Tagger.load(model)


def __getattr__(name: str) -> Any:
    # looked up late, so that `slotfill --help` does not wait for numpy
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'slotfill' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
