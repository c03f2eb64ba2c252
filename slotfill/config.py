"""Every setting with its limits (both inclusive, or the choices) and its default, in one place.

Settings come from the defaults, a TOML file and `--set`.

An unknown key or an impossible value is an error that says what would do.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from slotfill.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


class ModelConfig(NamedTuple):
    """The network's shape."""

    cell: Annotated[str, "feedforward", "elman", "jordan", "lstm", "gru"] = "lstm"
    hidden: Annotated[int, 1, 4096] = 128  # units a direction
    layers: Annotated[int, 1, 16] = 1
    bidirectional: bool = True
    window: Annotated[int, 0, 20] = 0  # tokens to each side that are read along with each token
    peepholes: bool = False  # the LSTM's gates look into its memory
    forget_bias: float = 1.0  # where the LSTM's forget gate starts: above 0 is open
    word_size: Annotated[int, 1, 4096] = 100
    character_size: Annotated[int, 1, 1024] = 30
    character_filters: Annotated[int, 0, 4096] = 50  # 0: no character network
    character_width: Annotated[int, 1, 15] = 3
    crf: bool = False  # score whole tag sequences, not one tag at a time
    gazetteers: bool = False  # read beside each word whether it is in a list of cities, airports, airlines ...
    own_gazetteers: Annotated[int, 0, 1000] = 0  # the same of lists of the values that so many training sentences have


class TrainingConfig(NamedTuple):
    """How the network learns."""

    epochs: Annotated[int, 1, 10_000] = 20
    batch_size: Annotated[int, 1, 65_536] = 32
    learning_rate: Annotated[float, 1e-8, 10.0] = 4e-3  # at the schedule's peak
    warmup: Annotated[float, 0.0, 1.0] = 0.1  # share of the steps, then a cosine down to 0
    weight_decay: Annotated[float, 0.0, 10.0] = 0.01  # not on embeddings and biases
    clip: Annotated[float, 1e-3, 1e6] = 5.0  # largest norm of the gradient
    dropout_in: Annotated[float, 0.0, 0.99] = 0.3  # on the word features
    dropout_out: Annotated[float, 0.0, 0.99] = 0.4  # on what each encoder layer gives
    word_dropout: Annotated[float, 0.0, 100.0] = 0.5  # a: unknown with probability base + a / (a + count)
    word_dropout_base: Annotated[float, 0.0, 1.0] = 0.0
    gazetteer_dropout: Annotated[float, 0.0, 0.99] = 0.3  # how often a list says nothing of a sentence
    ema: Annotated[float, 0.0, 0.99999] = 0.995  # decay of the averaged weights; 0: no averaging
    intent_weight: Annotated[float, 0.0, 100.0] = 0.3  # the intent's share in the loss
    patience: Annotated[int, 1, 10_000] = 8  # epochs without a better one on dev before stopping
    seed: Annotated[int, 0, 2**31 - 1] = 1
    threads: Annotated[int, 1, 256] = 1  # of torch; more were slower at this size


class DataConfig(NamedTuple):
    """What an epoch takes of one data set: `[[data]]` in TOML, once for each set."""

    source: str = "travel"  # name, path or hub:NAME
    share: Annotated[float, 0.01, 100.0] = 1.0  # of its train split in an epoch; 1.5: all, and half of it again
    substituted: Annotated[float, 0.0, 100.0] = 0.0  # copies with other values of the same type, for each sentence
    gazetteers: Annotated[float, 0.0, 1.0] = 0.0  # how often such a value is one of slotfill's own gazetteers
    out_of_domain: bool = False  # sentences of another kind: whatever their labels, they have no slots here
    relabelled: bool = False  # depart_* for arrive_* where ATIS has it without a word of arrival


class Config(NamedTuple):
    """The whole configuration: `config.model.hidden` is `model.hidden` in TOML and in `--set`."""

    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    data: tuple[DataConfig, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, as written into a bundle."""
        sections = {"model": self.model._asdict(), "training": self.training._asdict()}
        return {**sections, "data": [part._asdict() for part in self.data]}


def from_dict(settings: Mapping[str, Any], *, base: Config | None = None, origin: str) -> Config:
    """A configuration from nested dictionaries over `base` (default: the defaults).

    Raises ConfigError for what does not fit; `origin` says in the message where it came from.
    """
    config = base or Config()
    for section, values in settings.items():
        if section == "data":
            config = config._replace(data=_data(values, origin=origin))
            continue
        if section not in _SECTIONS:
            known = [f"{name}.{key}" for name, cls in _SECTIONS.items() for key in cls._fields]
            raise ConfigError(f"{origin}: unknown setting `{section}`{_nearest(section, [*_SECTIONS, *known])}")
        if not isinstance(values, Mapping):
            raise ConfigError(f"{origin}: `{section}` is a section: write [{section}] with settings below it")
        checked = {key: _checked(section, key, value, origin=origin) for key, value in values.items()}
        config = config._replace(**{section: getattr(config, section)._replace(**checked)})
    return config


def of_sources(sources: Sequence[str], data: Sequence[DataConfig]) -> tuple[DataConfig, ...]:
    """Settings for the data sets given, each with its name: where a data set is does not change what is learnt.

    They are those of `data` for the same source, or else for one of the same name wherever it is, or else the defaults.
    ConfigError where several would do.
    """
    if list(sources) == [part.source for part in data]:
        found = list(data)
    else:
        found = [_settings_of(source, data) for source in sources]
    return tuple(part._replace(source=name_of(source)) for source, part in zip(sources, found, strict=True))


def _settings_of(source: str, data: Sequence[DataConfig]) -> DataConfig:
    alike = [part for part in data if part.source == source]
    alike = alike or [part for part in data if name_of(part.source) == name_of(source)]
    if len(alike) > 1:
        tables = ", ".join(part.source for part in alike)
        raise ConfigError(f"{source}: several [[data]] have its name: {tables}: name it as one of them does")
    return alike[0] if alike else DataConfig()


def name_of(source: str) -> str:
    """What a data set is called wherever it is: `hub:NAME`, or the last part of its path."""
    return source if source.startswith("hub:") else source.rstrip("/").rpartition("/")[2]


def _data(tables: object, *, origin: str) -> tuple[DataConfig, ...]:
    if not isinstance(tables, list | tuple) or not all(isinstance(table, Mapping) for table in tables):
        raise ConfigError(f"{origin}: `data` is a list: write [[data]] with settings below it, once for each data set")
    parts = []
    for table in tables:
        if "source" not in table:
            raise ConfigError(f"{origin}: a [[data]] without `source`: name the data set")
        checked: dict[str, Any] = {k: _checked("data", k, value, origin=origin) for k, value in table.items()}
        parts.append(DataConfig()._replace(**checked))
    return tuple(parts)


def from_toml(path: "Path", *, base: Config | None = None) -> Config:
    """Read a TOML file over `base`."""
    import tomllib

    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, not TOML, or a number beyond all measure
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    return from_dict(settings, base=base, origin=str(path))


def config_of(settings: "Config | Mapping[str, Any] | str | Path | None") -> Config:
    """A configuration from whatever says it: itself, nested mappings as in TOML, the path of a TOML file, or nothing.

    Raises ConfigError for what does not fit.
    """
    if settings is None:
        return Config()
    if isinstance(settings, Config):
        return settings
    if isinstance(settings, Mapping):
        return from_dict(settings, origin="config")
    from pathlib import Path

    return from_toml(Path(settings))


def from_assignments(assignments: Iterable[str], *, base: Config | None = None) -> Config:
    """Apply `section.key=value` strings, as given to `--set`, in order."""
    import tomllib

    config = base or Config()
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        section, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise ConfigError(f"--set {assignment}: expected section.key=value, such as training.epochs=5")
        try:
            (value,) = tomllib.loads(f"value = {text.strip()}").values()
        except ValueError:  # not TOML, or more than one value
            value = text.strip()  # a bare word is a string
        config = from_dict({section: {key: value}}, base=config, origin=f"--set {assignment}")
    return config


_SECTIONS: dict[str, type[ModelConfig] | type[TrainingConfig]] = {"model": ModelConfig, "training": TrainingConfig}
_CHECKED: dict[str, type[ModelConfig] | type[TrainingConfig] | type[DataConfig]] = {**_SECTIONS, "data": DataConfig}


def _checked(section: str, key: str, value: object, *, origin: str) -> object:
    """The value as its field's type and within its limits, or ConfigError."""
    cls = _CHECKED[section]
    if key not in cls._fields:
        everywhere = [f"{name}.{key}" for name, part in _CHECKED.items() for key in part._fields]
        raise ConfigError(f"{origin}: unknown setting `{section}.{key}`{_nearest(key, everywhere)}")
    kind, limits = type(cls._field_defaults[key]), getattr(cls.__annotations__[key], "__metadata__", ())
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not kind:
        expected = {bool: "true or false", int: "a whole number", float: "a number", str: "a word"}[kind]
        raise ConfigError(f"{origin}: `{section}.{key}` must be {expected}, got {value!r}")
    if kind is str and limits and value not in limits:
        raise ConfigError(f"{origin}: `{section}.{key}` must be one of {', '.join(limits)}; got {value!r}")
    if isinstance(value, int | float) and kind is not bool:
        low, high = limits or (-float("inf"), float("inf"))
        # written so that NaN, which compares with nothing, is refused as well
        if not (low <= value <= high and abs(value) < float("inf")):
            bounds = f"between {low:g} and {high:g}" if limits else "a finite number"
            raise ConfigError(f"{origin}: `{section}.{key}` must be {bounds}, got {str(value)[:20]}")
    return value


def _nearest(name: str, known: list[str]) -> str:
    """`; did you mean ...?`, or the empty string."""
    from difflib import get_close_matches

    by_key = {full.partition(".")[2] or full: full for full in known}
    near = get_close_matches(name, by_key, n=1)
    return f"; did you mean `{by_key[near[0]]}`?" if near else ""
