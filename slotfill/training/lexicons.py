"""The values that slotfill ships: the generator's lexicons by slot type."""

from collections.abc import Mapping, Sequence

from slotfill.generator import entries

SlotTypes = tuple[str, ...]  # of one or more neighbouring slots: `city_name`, `state_name`
SlotTexts = tuple[str, ...]  # the texts of these slots: `portland`, `maine`

_COLUMNS: Mapping[SlotTypes, Sequence[tuple[str, Sequence[str]]]] = {  # lexicons and their columns
    ("city_name",): [("us_city", ["name"]), ("world_city", ["name"])],
    ("city_name", "state_code"): [("us_city", ["name", "code"])],
    ("city_name", "state_name"): [("us_city", ["name", "state"])],
    ("city_name", "country_name"): [("world_city", ["name", "country"])],
    ("state_code",): [("us_city", ["code"])],
    ("state_name",): [("state", ["name"])],
    ("country_name",): [("country", ["name"])],
    ("airport_code",): [("airport_code", ["name"])],
    ("airport_name",): [("airport_stem", ["name"])],
    ("airline_name",): [("airline_name", ["name"])],
    ("airline_code",): [("airline_code", ["name"])],
    ("aircraft_code",): [("aircraft_code", ["name"])],
}
SINGLE_TYPES = tuple(types[0] for types in _COLUMNS if len(types) == 1)


def shipped_values(types: SlotTypes, *, unseen: bool = False) -> dict[SlotTexts, float]:
    """The values of these types, each with its weight; none if no lexicon has them.

    The cities that the generator holds out for dev are there only if `unseen`.
    """
    values: dict[SlotTexts, float] = {}
    for name, columns in _COLUMNS.get(types, ()):
        for entry, weight in entries(name, unseen=unseen):
            value = tuple(entry[column] for column in columns)
            values[value] = values.get(value, 0.0) + weight
    return values
