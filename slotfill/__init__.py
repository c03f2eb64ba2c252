"""Label the places and times of departure and arrival in travel requests.

    import slotfill
    tagger = slotfill.load()                                  # the model that ships, or a name or path
    (found,) = tagger.tag(["arrive Taipei on November 2nd"], now="2026-11-20T09:00")
    for slot in found.slots:
        print(slot.name, slot.text, slot.start, slot.end, slot.confidence)
    print(found.frame.arrival.place, found.frame.return_.date)  # the second is None

`dir(slotfill)` lists what is meant to be used: load, explain, read_data, split_data, train,
evaluate and what they return.
docs/python.md and docs/values.md say more.

Tagging: text -> `tokenizer` -> `vocabulary` -> `runtime` (the network in numpy) -> `decoding` -> `resolvers` (one rule
for each phrase in `date_rules` and `time_rules`), all of it behind `tagger`. `schema` has the results and their JSON,
`slot_names` the roles of slots. Training: `readers` or `generator` -> `network` (cells, encoder) -> `training` ->
`bundle`. Only training needs torch. docs/decisions/ has the reasons.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from slotfill.checking import Checked, check_data
    from slotfill.config import Config
    from slotfill.dialogue import Change, Dialogue, Turn
    from slotfill.errors import (
        BundleError,
        ConfigError,
        DataError,
        DataWarning,
        InputError,
        MissingExtraError,
        SlotfillError,
    )
    from slotfill.evaluation import Scores, evaluate
    from slotfill.explaining import Explanation, explain
    from slotfill.merging import Conflict, Merged, merge_data
    from slotfill.readers import parse_markup, read_data
    from slotfill.readers.dictionaries import read_records
    from slotfill.schema import (
        Alternative,
        Annotation,
        Dataset,
        DateValue,
        Example,
        Frame,
        GoldValues,
        Intent,
        Leg,
        PlaceValue,
        Slot,
        SlotValue,
        TimeValue,
        Token,
    )
    from slotfill.splitting import split_data
    from slotfill.suspects import Suspect, Suspects, find_suspects
    from slotfill.tagger import Tagger
    from slotfill.training.history import EpochReport
    from slotfill.training.pipeline import Trained, train

    __version__: str

__all__ = [
    "Alternative",
    "Annotation",
    "BundleError",
    "Change",
    "Checked",
    "Config",
    "ConfigError",
    "Conflict",
    "DataError",
    "DataWarning",
    "Dataset",
    "DateValue",
    "Dialogue",
    "EpochReport",
    "Example",
    "Explanation",
    "Frame",
    "GoldValues",
    "InputError",
    "Intent",
    "Leg",
    "Merged",
    "MissingExtraError",
    "PlaceValue",
    "Scores",
    "Slot",
    "SlotValue",
    "SlotfillError",
    "Suspect",
    "Suspects",
    "Tagger",
    "TimeValue",
    "Token",
    "Trained",
    "Turn",
    "__version__",
    "check_data",
    "evaluate",
    "explain",
    "find_suspects",
    "load",
    "merge_data",
    "parse_markup",
    "read_data",
    "read_records",
    "split_data",
    "train",
]

# The module of each public name. They are imported late, so that `slotfill --help` does not wait for numpy.
_NAMES = {
    "slotfill.checking": "Checked check_data",
    "slotfill.config": "Config",
    "slotfill.dialogue": "Change Dialogue Turn",
    "slotfill.errors": "BundleError ConfigError DataError DataWarning InputError MissingExtraError SlotfillError",
    "slotfill.evaluation": "Scores evaluate",
    "slotfill.explaining": "Explanation explain",
    "slotfill.merging": "Conflict Merged merge_data",
    "slotfill.readers": "parse_markup read_data",
    "slotfill.readers.dictionaries": "read_records",
    "slotfill.schema": "Alternative Annotation Dataset DateValue Example Frame GoldValues Intent Leg PlaceValue Slot "
    "SlotValue TimeValue Token",
    "slotfill.splitting": "split_data",
    "slotfill.suspects": "Suspect Suspects find_suspects",
    "slotfill.tagger": "Tagger",
    "slotfill.training.history": "EpochReport",
    "slotfill.training.pipeline": "Trained train",
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}


def load(model: "str | Path" = "travel") -> "Tagger":
    """Load the tagger of a model by name (`travel` comes with slotfill) or by the path of its folder.

    BundleError if there is no such model, or if its folder is not whole.

    >>> import slotfill
    >>> tagger = slotfill.load()
    >>> tagger.tag(["arrive Taipei"])
    [Annotation('arrive [Taipei](toloc.city_name)', intent='flight')]
    """
    from slotfill.tagger import Tagger

    return Tagger.load(model)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("slotfill")
    raise AttributeError(f"module 'slotfill' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
