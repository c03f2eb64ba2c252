"""Every setting, with its default and its limits: an inclusive range, or the choices.

Settings come from the defaults, a TOML file and `--set`. An unknown setting or a value outside its limits is a
ConfigError that says what is allowed.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from slotfill.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from slotfill.recipe_tables import NameList
    from slotfill.slot_kinds import SlotKind


DIRECT_WINDOW = 1  # neighbours on each side that the direct path of the network reads

_Value = TypeVar("_Value", bool, int, float, str)
_limits: list[tuple[Any, ...]] = []  # of the settings below, in their order


def setting(default: _Value, limits: tuple[_Value, ...] = ()) -> _Value:
    """The default of a setting, whose limits are the least and the largest value, or all choices; nothing is no limit.

    They would fit in its annotation too, but `Annotated` takes 1 % of a single sentence.

    >>> LIMITS["model", "hidden"], LIMITS["model", "crf"]
    ((1, 4096), ())
    """
    _limits.append(limits)
    return default


class ModelConfig(NamedTuple):
    """The network's shape."""

    cell: str = setting("lstm", ("feedforward", "elman", "jordan", "lstm", "gru"))
    hidden: int = setting(128, (1, 4096))  # units per direction
    layers: int = setting(1, (1, 16))
    bidirectional: bool = setting(True)
    window: int = setting(0, (0, 20))  # neighbouring tokens on each side that are read with each token
    peepholes: bool = setting(False)  # the LSTM's gates also see its cell state
    forget_bias: float = setting(1.0)  # initial bias of the LSTM's forget gate: above 0, it starts open
    word_size: int = setting(100, (1, 4096))  # a trained model's counts the given columns beside the learnt ones
    # also read what words begin and end with (slotfill/affixes.py); auto: where there are few sentences
    affixes: str = setting("auto", ("auto", "yes", "no"))
    character_size: int = setting(30, (1, 1024))
    character_filters: int = setting(50, (0, 4096))  # 0: no character network
    character_width: int = setting(3, (1, 15))
    direct: bool = setting(True)  # scores of tags also straight from the features of a token and its two neighbours
    crf: bool = setting(True)  # score whole tag sequences, not one tag at a time
    # also read whether a token is in slotfill's lists of cities, airports, airlines ...; auto: where they have the data
    gazetteers: str = setting("auto", ("auto", "yes", "no"))
    own_gazetteers: int = setting(0, (0, 1000))  # and in lists of slot values that this many sentences have
    # what makes tokens of a text (slotfill/tokenizers.py); auto: the one that makes those of the data
    tokenizer: str = setting("auto", ("auto", "slotfill", "scripts", "words", "characters", "whitespace"))
    # under which forms tokens share an entry of the vocabulary (slotfill/folding.py); auto: the one that fits the data
    folding: str = setting("auto", ("auto", "plain", "accented", "chinese", "cased"))
    # one: each name is a class; # or +: names such as a#b are sets, and so joined in answers (slotfill/intents.py);
    # auto: whatever fits the data
    intents: str = setting("auto", ("auto", "one", "#", "+"))
    # the model that answers sentences in a script that this one has not learnt; empty: none
    elsewhere: str = setting("")


class TrainingConfig(NamedTuple):
    """How the network learns. What is 0 is chosen by the size of the data (slotfill/training/sizing.py)."""

    epochs: int = setting(0, (0, 10_000))
    batch_size: int = setting(0, (0, 65_536))
    learning_rate: float = setting(0.0, (0.0, 10.0))  # at the schedule's peak
    warmup: float = setting(0.1, (0.0, 1.0))  # share of the steps; then the rate falls to 0 along a cosine
    weight_decay: float = setting(0.01, (0.0, 10.0))  # not on embeddings and biases
    clip: float = setting(5.0, (1e-3, 1e6))  # largest norm of the gradient
    dropout_in: float = setting(0.3, (0.0, 0.99))  # on the word features
    dropout_out: float = setting(0.4, (0.0, 0.99))  # on the output of each encoder layer
    word_dropout: float = setting(0.5, (0.0, 100.0))  # a: a word is unknown with probability base + a / (a + count)
    word_dropout_base: float = setting(0.0, (0.0, 1.0))
    gazetteer_dropout: float = setting(0.3, (0.0, 0.99))  # how often a list is hidden for a whole sentence
    ema: float = setting(0.995, (0.0, 0.99999))  # decay of the averaged weights; 0: no averaging
    vectors: str = setting("")  # a file of word vectors (slotfill/training/vectors.py); empty: none
    vector_words: int = setting(20_000, (0, 10_000_000))  # of them are known, beside those of the train split
    intent_weight: float = setting(0.3, (0.0, 100.0))  # of the intent's loss, beside the tags'
    temperature: float = setting(0.0, (0.0, 100.0))  # of the confidences; 0: the one that fits dev, if there is one
    patience: int = setting(0, (0, 10_000))  # stop after this many epochs without a better score on dev
    seed: int = setting(1, (0, 2**31 - 1))
    threads: int = setting(1, (1, 256))  # for torch; more are slower at this size


class DataConfig(NamedTuple):
    """How much of one data set goes into an epoch: one `[[data]]` table in TOML per data set."""

    source: str = setting("travel")  # name, path or hub:NAME
    share: float = setting(1.0, (0.01, 100.0))  # of its train split; 1.5 is all of it, and half of it again
    substituted: float = setting(0.0, (0.0, 100.0))  # copies per sentence, with other values of the same types
    gazetteers: float = setting(0.0, (0.0, 1.0))  # how often such a value comes from gazetteers
    out_of_domain: bool = setting(False)  # about something else: all its slots are dropped
    relabelled: bool = setting(False)  # arrive_* becomes depart_* where the sentence says nothing of arrival


class Config(NamedTuple):
    """All settings: `config.model.hidden` is `model.hidden` in TOML and in `--set`.

    >>> Config().model.cell, Config().training.seed
    ('lstm', 1)
    """

    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    data: tuple[DataConfig, ...] = ()
    slots: tuple["SlotKind", ...] = ()  # of what kind they are (slotfill/slot_kinds.py)
    gazetteers: tuple["NameList", ...] = ()  # lists of one's own (slotfill/recipe_tables.py)

    def to_dict(self) -> dict[str, Any]:
        """The settings as plain dictionaries, as a bundle stores them."""
        model = self.model._asdict()
        # as before there was a choice, so that the models and trainings of then stay what they are
        before = {"intents": "one", "folding": "plain", "direct": False, "affixes": "no", "elsewhere": ""}
        for name, value in before.items():
            if model[name] == value:
                del model[name]
        model["gazetteers"] = _SWITCHED.get(model["gazetteers"], model["gazetteers"])
        sections = {"model": model, "training": self.training._asdict()}
        slots = {"slots": {kind.name: kind.to_dict() for kind in self.slots}} if self.slots else {}
        lists = {"gazetteers": {one.name: one.to_dict() for one in self.gazetteers}} if self.gazetteers else {}
        return {**sections, "data": [data_set._asdict() for data_set in self.data], **slots, **lists}


_SWITCHED = {"yes": True, "no": False}


def from_dict(settings: Mapping[str, Any], *, base: Config | None = None, origin: str) -> Config:
    """Apply nested dictionaries to `base` (None: the defaults), and return the new configuration.

    Raises ConfigError for an unknown setting or a bad value; its message begins with `origin`.
    """
    config = base or Config()
    for section, values in settings.items():
        if section == "data":
            config = config._replace(data=_data(values, origin=origin))
            continue
        if section in _TABLES:
            config = _with_table(config, section, values, origin=origin)
            continue
        if section not in _SECTIONS:
            key = next(iter(values), "") if isinstance(values, Mapping) else ""
            raise ConfigError(f"{origin}: unknown setting `{section}`{_meant(section, str(key))}")
        if not isinstance(values, Mapping):
            raise ConfigError(f"{origin}: `{section}` is a section: write [{section}] with settings below it")
        checked = {key: _checked(section, key, value, origin=origin) for key, value in values.items()}
        config = config._replace(**{section: getattr(config, section)._replace(**checked)})
    return config


_TABLES = ("slots", "gazetteers")  # of names of one's own


def _with_table(config: Config, section: str, table: object, *, origin: str) -> Config:
    """The configuration with the entries of a table beside those that it has; a new one replaces that of its name."""
    from slotfill.recipe_tables import gazetteers_of, kinds_of  # late: few models have them

    if section == "slots":
        kinds = {kind.name: kind for kind in (*config.slots, *kinds_of(table, origin=origin))}
        return config._replace(slots=tuple(kinds.values()))
    lists = {one.name: one for one in (*config.gazetteers, *gazetteers_of(table, origin=origin))}
    return config._replace(gazetteers=tuple(lists.values()))


def of_sources(sources: Sequence[str], data: Sequence[DataConfig]) -> tuple[DataConfig, ...]:
    """The settings for each source, in order, with its name in place of its path: a path would not change the training.

    Settings are taken from the table of `data` with the same source, else from the one with the same name, else from
    the only one if there is one source too (a recipe for one data set is used for another), else from the defaults.
    Raises ConfigError if several tables match.
    """
    if list(sources) == [table.source for table in data] or len(sources) == len(data) == 1:
        settings = list(data)
    else:
        settings = [_settings_of(source, data) for source in sources]
    return tuple(one._replace(source=name_of(source)) for source, one in zip(sources, settings, strict=True))


def _settings_of(source: str, data: Sequence[DataConfig]) -> DataConfig:
    matches = [table for table in data if table.source == source]
    matches = matches or [table for table in data if name_of(table.source) == name_of(source)]
    if len(matches) > 1:
        candidates = ", ".join(table.source for table in matches)
        raise ConfigError(f"{source}: several [[data]] tables have this name: {candidates}; use one of these sources")
    return matches[0] if matches else DataConfig()


def name_of(source: str) -> str:
    """The name of a data set, without its location: `hub:NAME`, or the last part of its path."""
    return source if source.startswith("hub:") else os.path.basename(source.rstrip("/" + os.sep))


def _data(tables: object, *, origin: str) -> tuple[DataConfig, ...]:
    if not isinstance(tables, list | tuple) or not all(isinstance(table, Mapping) for table in tables):
        raise ConfigError(f"{origin}: `data` is a list: write [[data]] with settings below it, once for each data set")
    data_sets = []
    for table in tables:
        if "source" not in table:
            raise ConfigError(f"{origin}: a [[data]] without `source`: name the data set")
        checked: dict[str, Any] = {k: _checked("data", k, value, origin=origin) for k, value in table.items()}
        data_sets.append(DataConfig()._replace(**checked))
    return tuple(data_sets)


def from_toml(path: "Path", *, base: Config | None = None) -> Config:
    """Apply a TOML file to `base` (None: the defaults). Raises ConfigError."""
    import tomllib

    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, not TOML, or a number with too many digits
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    except RecursionError:
        raise ConfigError(f"{path}: not readable as TOML: its brackets are nested too deeply") from None
    return from_dict(settings, base=base, origin=str(path))


def config_of(settings: "Config | Mapping[str, Any] | str | Path | None", *, base: "Config | None" = None) -> Config:
    """A configuration from a Config, nested mappings as in TOML, the path of a TOML file, or None (`base`).

    `base`, or else the defaults, is what nested mappings and files change.

    Raises ConfigError for an unknown setting or a bad value.
    """
    if settings is None:
        return base or Config()
    if isinstance(settings, Config):
        return settings
    if isinstance(settings, Mapping):
        return from_dict(settings, base=base, origin="config")
    from pathlib import Path

    return from_toml(Path(settings), base=base)


def from_assignments(assignments: Iterable[str], *, base: Config | None = None) -> Config:
    """Apply `section.key=value` strings, as given to `--set`, in order. Raises ConfigError."""
    import tomllib

    config = base or Config()
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        section, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise ConfigError(_not_an_assignment(assignment, name.strip(), text.strip()))
        try:
            (value,) = tomllib.loads(f"value = {text.strip()}").values()
        except ValueError:  # not TOML, or more than one value
            value = text.strip()  # a bare word is a string
        except RecursionError:
            raise ConfigError(f"--set {assignment[:40]}...: the brackets are nested too deeply") from None
        config = from_dict({section: {key: value}}, base=config, origin=f"--set {assignment}")
    return config


_SECTIONS: dict[str, type[ModelConfig] | type[TrainingConfig]] = {"model": ModelConfig, "training": TrainingConfig}
_CHECKED: dict[str, type[ModelConfig] | type[TrainingConfig] | type[DataConfig]] = {**_SECTIONS, "data": DataConfig}
LIMITS = dict(zip([(section, key) for section, cls in _CHECKED.items() for key in cls._fields], _limits, strict=True))


def _checked(section: str, key: str, value: object, *, origin: str) -> object:
    """The value, with the type of its field and within its limits; ConfigError if it cannot be."""
    cls = _CHECKED[section]
    if key not in cls._fields:
        known = [f"{name}.{field}" for name, part in _CHECKED.items() for field in part._fields]
        raise ConfigError(f"{origin}: unknown setting `{section}.{key}`{_nearest(key, known)}")
    kind, limits = type(cls._field_defaults[key]), LIMITS[section, key]
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if kind is str and type(value) is bool and "yes" in limits:
        value = "yes" if value else "no"
    if type(value) is not kind:
        text = f"one of {', '.join(map(str, limits))}" if limits else "a string"
        expected = {bool: "true or false", int: "a whole number", float: "a number", str: text}[kind]
        raise ConfigError(f"{origin}: `{section}.{key}` must be {expected}, got {value!r}")
    missed = _limit_missed(value, limits)
    if missed is not None:
        raise ConfigError(f"{origin}: `{section}.{key}` must be {missed}")
    return value


def _limit_missed(value: Any, limits: Sequence[Any]) -> str | None:
    """What a value outside its limits should have been, and what it is; None within them."""
    if type(value) is bool:
        return None
    if type(value) is str:
        return f"one of {', '.join(limits)}; got {value!r}" if limits and value not in limits else None
    low, high = limits or (-float("inf"), float("inf"))
    if low <= value <= high and abs(value) < float("inf"):  # never true for NaN
        return None
    bounds = f"between {low:g} and {high:g}" if limits else "a finite number"
    return f"{bounds}, got {str(value)[:20]}"


def setting_names() -> list[str]:
    """The settings that `--set` takes, such as `model.cell`."""
    return [f"{section}.{key}" for section, cls in _SECTIONS.items() for key in cls._fields]


def setting_like(name: str) -> str | None:
    """The setting that a name without its section may mean: `training.epochs` for `epoch`, or None.

    >>> setting_like("lr"), setting_like("batch_sise"), setting_like("colour")
    ('training.learning_rate', 'training.batch_size', None)
    """
    from difflib import get_close_matches

    by_key = {name.partition(".")[2]: name for name in setting_names()}
    key = name.rpartition(".")[2]
    key = _OTHER_NAMES.get(key, key)
    near = [key] if key in by_key else get_close_matches(key, by_key, n=1, cutoff=0.7)
    return by_key[near[0]] if near else None


# What other programs call a setting -> its name here.
_OTHER_NAMES = {
    "lr": "learning_rate",
    "batch": "batch_size",
    "hidden_size": "hidden",
    "units": "hidden",
    "num_layers": "layers",
    "dropout": "dropout_out",
    "embedding": "word_size",
    "embedding_size": "word_size",
    "max_epochs": "epochs",
    "num_epochs": "epochs",
    "early_stopping": "patience",
    "bi": "bidirectional",
}


def _meant(section: str, key: str) -> str:
    """`; did you mean ...?` for a setting in an unknown section, or the empty string."""
    from difflib import get_close_matches

    near = get_close_matches(section, [*_SECTIONS, *_TABLES], n=1)
    if near and near[0] in _SECTIONS and key in _SECTIONS[near[0]]._fields:
        return f"; did you mean `{near[0]}.{key}`?"
    like = setting_like(key or section)
    if like is not None:
        return f"; did you mean `{like}`?"
    return f"; did you mean `{near[0]}`?" if near else ""


def _not_an_assignment(assignment: str, name: str, text: str) -> str:
    """What is wrong with `epochs=5` and `training.epochs`, and what to type."""
    like = setting_like(name)
    if like is None:
        return f"--set {assignment}: expected section.key=value, such as training.epochs=5"
    if text or "=" in assignment:
        return f"--set {assignment}: did you mean --set {like}={text}?"
    return f"--set {assignment}: no value: type it after =, as in --set {like}={_example(like)}"


def _example(setting: str) -> str:
    section, _, key = setting.partition(".")
    default = _CHOSEN.get(key, _SECTIONS[section]._field_defaults[key])
    return str(default).lower() if isinstance(default, bool) else str(default)


_CHOSEN = {"epochs": 20, "batch_size": 16, "learning_rate": 0.004, "patience": 8}  # examples of what is 0 by default


def differences(old: Config, new: Config) -> list[tuple[str, Any, Any]]:
    """The settings in which two configurations differ: (name, old value, new value).

    That of data sets is `data`, that of lists `gazetteers`.

    >>> base = Config()
    >>> differences(base, base._replace(training=base.training._replace(epochs=5)))
    [('training.epochs', 0, 5)]
    """
    found: list[tuple[str, Any, Any]] = []
    for section in _SECTIONS:
        before, after = getattr(old, section)._asdict(), getattr(new, section)._asdict()
        found += [(f"{section}.{key}", before[key], after[key]) for key in before if before[key] != after[key]]
    if old.data != new.data:
        found.append(("data", old.data, new.data))
    before, after = ({one.name: one.to_dict() for one in config.gazetteers} for config in (old, new))
    if before != after:
        found.append(("gazetteers", before, after))
    return found


def told(differences: Sequence[tuple[str, Any, Any]]) -> str:
    """Differences in words, with what to type for the old values.

    >>> told([("training.epochs", 20, 5)])
    'training.epochs was 20 and is 5 (--set training.epochs=20)'
    """
    return "; ".join(_told(*difference) for difference in differences)


def _told(name: str, old: Any, new: Any) -> str:
    if name == "gazetteers":
        others = sorted(one for one in old.keys() | new.keys() if old.get(one) != new.get(one))
        return f"the lists of [gazetteers] are others: {', '.join(others)} (--config)"
    if name != "data":
        written = str(old).lower() if isinstance(old, bool) else old
        return f"{name} was {old!r} and is {new!r} (--set {name}={written})"
    before, after = ([one.source for one in data] for data in (old, new))
    if before == after:
        return "the settings of [[data]] are others (--config)"
    options = " ".join(f"--data {source}" for source in before)
    return f"the data were {', '.join(before)} and are {', '.join(after)} ({options})"


def _nearest(name: str, known: list[str]) -> str:
    """`; did you mean ...?`, or the empty string."""
    from difflib import get_close_matches

    by_key = {full.partition(".")[2] or full: full for full in known}
    near = get_close_matches(name, by_key, n=1)
    return f"; did you mean `{by_key[near[0]]}`?" if near else ""
