"""The vocabularies of a network: the words and tags of its train split, and the gazetteers that it reads."""

from collections.abc import Iterable, Mapping, Sequence

from slotfill.config import ModelConfig
from slotfill.errors import ConfigError
from slotfill.folding import Fold, folding_named, key_of
from slotfill.gazetteers import build_gazetteers, extended
from slotfill.generator import entries
from slotfill.intents import SIGNS
from slotfill.recipe_tables import NameList
from slotfill.schema import Example
from slotfill.slot_names import type_of
from slotfill.tags import TokenSpan, spans_of
from slotfill.tokenizer import fold
from slotfill.tokenizers import tokenizer_named
from slotfill.vocabulary import NO_GAZETTEERS, SPECIALS, Vocabularies, Vocabulary

SlotTypes = tuple[str, ...]  # of one or more neighbouring slots: `city_name`, `state_name`
SlotTexts = tuple[str, ...]  # the texts of these slots: `portland`, `maine`

_LEXICONS: Mapping[SlotTypes, Sequence[tuple[str, Sequence[str]]]] = {  # the generator's lexicons and their columns
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


def shipped_values(types: SlotTypes, *, unseen: bool = False) -> dict[SlotTexts, float]:
    """The values of these types in the generator's lexicons, each with its weight; empty if no lexicon has them.

    The cities that the generator holds out for dev are included only if `unseen`.
    """
    values: dict[SlotTexts, float] = {}
    for name, columns in _LEXICONS.get(types, ()):
        for entry, weight in entries(name, unseen=unseen):
            value = tuple(entry[column] for column in columns)
            values[value] = values.get(value, 0.0) + weight
    return values


def build_vocabularies(
    train: Sequence[Example],
    model: ModelConfig,
    *,
    words: Sequence[str] = (),
    lists: Sequence[NameList] = (),
    unseen: bool = False,
) -> Vocabularies:
    """The vocabularies of a network with this configuration; `unseen` as in `shipped_gazetteers`.

    `words` are known beside those of the train split, and come after them. `lists` are the recipe's own gazetteers.
    Raises ConfigError for a list without its names, as the configuration of a bundle has it.
    """
    gazetteers = shipped_gazetteers(unseen=unseen) if model.gazetteers == "yes" else {}
    fold, key = folding_named(model.folding), key_of(model.folding)
    if model.own_gazetteers:
        own = own_gazetteers(train, least=model.own_gazetteers, fold=fold)
        gazetteers |= {f"own {name}": values for name, values in own.items()}
    gazetteers |= {_of_list(one): _names_of(one) for one in lists}
    tokenizer = tokenizer_named(model.tokenizer)
    built = build_gazetteers(gazetteers, tokenizer=tokenizer, fold=fold, key=key) if gazetteers else NO_GAZETTEERS
    found = Vocabularies.of(train, gazetteers=built, sets=model.intents in SIGNS, folding=model.folding)
    new = [word for word in words if word not in found.words]
    return found._replace(words=Vocabulary([*found.words.items[len(SPECIALS) :], *new], key=key)) if new else found


def added_to(
    old: Vocabularies, train: Iterable[Example], model: ModelConfig, *, lists: Sequence[NameList]
) -> Vocabularies:
    """The words and labels of new data for a model that has `old`, whose gazetteers stay, with `lists` beside them.

    A list takes the place of the one that `old` has by its name; one without names here is one that `old` keeps.
    """
    names = {_of_list(one): one.names for one in lists if one.names}
    steps = tokenizer_named(model.tokenizer), folding_named(model.folding), key_of(model.folding)
    gazetteers = extended(old.gazetteers, names, tokenizer=steps[0], fold=steps[1], key=steps[2])
    return Vocabularies.of(train, gazetteers=gazetteers, sets=model.intents in SIGNS, folding=model.folding)


def _of_list(one: NameList) -> str:
    """The name of its gazetteer in a model, which keeps lists of the recipe apart from its others."""
    return f"list {one.name}"


def _names_of(one: NameList) -> tuple[str, ...]:
    if not one.names:
        raise ConfigError(f"gazetteers.{one.name}: a model keeps its lists, but no recipe: name the file of the list")
    return one.names


def shipped_gazetteers(*, unseen: bool = False) -> dict[str, tuple[str, ...]]:
    """The names that slotfill ships, by slot type.

    The cities that the generator holds out are missing, so that dev has names that no gazetteer knows. With `unseen`
    they are included: a model for use should know every name.
    """
    types = [types[0] for types in _LEXICONS if len(types) == 1]
    return {name: tuple(sorted({text for (text,) in shipped_values((name,), unseen=unseen)})) for name in types}


def share_in_gazetteers(examples: Iterable[Example], *, fold: Fold = fold) -> float:
    """The share of the slots whose text is a name in the shipped gazetteers, whatever their types; 0 without slots.

    No text with a digit counts: foldings make all numbers the same, and `100` is no aircraft.

    >>> from slotfill import parse_markup
    >>> share_in_gazetteers([parse_markup("from [new york](place) at [100](price)")])
    0.5
    """
    names = {" ".join(map(fold, name.split())) for names in shipped_gazetteers().values() for name in names}
    slots = [_value(example, span, fold) for example in examples for span in spans_of(example.tags)]
    return sum(slot in names and not any(map(str.isdigit, slot)) for slot in slots) / max(1, len(slots))


def slots_in(names: Iterable[str], examples: Iterable[Example], *, model: ModelConfig) -> tuple[int, int]:
    """How many slots have a text that is one of these names, as a network of this configuration reads it; of how many.

    >>> from slotfill import parse_markup
    >>> slots_in(["New  York"], [parse_markup("from [new york](place) at [100](price)")], model=ModelConfig())
    (1, 2)
    """
    fold, key, tokenizer = folding_named(model.folding), key_of(model.folding), tokenizer_named(model.tokenizer)
    known = {" ".join(fold(token.text) for token in tokenizer(name)) for name in names}
    values = [_value(example, span, fold) for example in examples for span in spans_of(example.tags)]
    if key is not None:
        known, values = set(map(key, known)), list(map(key, values))
    return sum(value in known for value in values), len(values)


def own_gazetteers(examples: Iterable[Example], *, least: int, fold: Fold = fold) -> dict[str, tuple[str, ...]]:
    """The folded values that at least `least` different sentences share, by slot type.

    With two or more, a sentence's own values are listed only if other sentences have them too. A gazetteer of all
    values would match every value of the train split and few in new text, and a network would learn to trust it
    blindly.
    """
    seen: dict[str, dict[str, set[str]]] = {}
    for example in examples:
        for span in spans_of(example.tags):
            seen.setdefault(type_of(span.name), {}).setdefault(_value(example, span, fold), set()).add(example.text)
    return {
        name: tuple(sorted(value for value, texts in values.items() if len(texts) >= least))
        for name, values in sorted(seen.items())
    }


def _value(example: Example, span: TokenSpan, fold: Fold) -> str:
    return " ".join(fold(token.text) for token in example.tokens[span.start : span.end])
