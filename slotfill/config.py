"""Every setting with its default and its limits, in one place: from defaults, a TOML file and `--set`.

An unknown key or an impossible value is an error that says what would do.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from slotfill.errors import ConfigError


def _setting(
    default: Any, *, low: float | None = None, high: float | None = None, choices: tuple[str, ...] = ()
) -> Any:
    """A field with limits (both inclusive) or with a list of choices."""
    return field(default=default, metadata={"low": low, "high": high, "choices": choices})


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """The network's shape."""

    cell: str = _setting("lstm", choices=("feedforward", "elman", "jordan", "lstm", "gru"))
    hidden: int = _setting(128, low=1, high=4096)  # units a direction
    layers: int = _setting(1, low=1, high=16)
    bidirectional: bool = _setting(True)
    window: int = _setting(0, low=0, high=20)  # tokens to each side that are read along with each token
    peepholes: bool = _setting(False)  # the LSTM's gates look into its memory
    forget_bias: float = _setting(1.0)  # where the LSTM's forget gate starts: above 0 is open
    word_size: int = _setting(100, low=1, high=4096)
    character_size: int = _setting(30, low=1, high=1024)
    character_filters: int = _setting(50, low=0, high=4096)  # 0: no character network
    character_width: int = _setting(3, low=1, high=15)
    crf: bool = _setting(False)  # score whole tag sequences, not one tag at a time
    lexicons: bool = _setting(False)  # read beside each word whether it is in a list of cities, airports, airlines ...


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How the network learns."""

    epochs: int = _setting(20, low=1, high=10_000)
    batch_size: int = _setting(32, low=1, high=65_536)
    learning_rate: float = _setting(4e-3, low=1e-8, high=10.0)  # at the schedule's peak
    warmup: float = _setting(0.1, low=0.0, high=1.0)  # share of the steps, then a cosine down to 0
    weight_decay: float = _setting(0.01, low=0.0, high=10.0)  # not on embeddings and biases
    clip: float = _setting(5.0, low=1e-3, high=1e6)  # largest norm of the gradient
    dropout_in: float = _setting(0.3, low=0.0, high=0.99)  # on the word features
    dropout_out: float = _setting(0.4, low=0.0, high=0.99)  # on what each encoder layer gives
    word_dropout: float = _setting(0.5, low=0.0, high=100.0)  # a: unknown with probability base + a / (a + count)
    word_dropout_base: float = _setting(0.0, low=0.0, high=1.0)
    lexicon_dropout: float = _setting(0.3, low=0.0, high=0.99)  # a sentence's names are in no list, list by list
    ema: float = _setting(0.995, low=0.0, high=0.99999)  # decay of the averaged weights; 0: no averaging
    intent_weight: float = _setting(0.3, low=0.0, high=100.0)  # the intent's share in the loss
    patience: int = _setting(8, low=1, high=10_000)  # epochs without a better dev F1 before stopping
    seed: int = _setting(1, low=0, high=2**31 - 1)
    threads: int = _setting(1, low=1, high=256)  # of torch; more were slower at this size


@dataclass(frozen=True, slots=True)
class DataConfig:
    """What an epoch takes of one data set: `[[data]]` in TOML, once for each set."""

    source: str = _setting("travel")  # name, path or hub:NAME
    share: float = _setting(1.0, low=0.01, high=100.0)  # of its training part an epoch; 1.5: all, and half of it again
    swapped: float = _setting(0.0, low=0.0, high=100.0)  # copies with other values of the same type, for each sentence
    lexicons: float = _setting(0.0, low=0.0, high=1.0)  # how often such a value is one of slotfill's own lexicons
    converted: float = _setting(0.0, low=0.0, high=1.0)  # how often a place becomes one of another type
    mended: bool = _setting(False)  # depart_* for arrive_* where ATIS has it without a word of arrival


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration: `config.model.hidden` is `model.hidden` in TOML and in `--set`."""

    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    data: tuple[DataConfig, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, as written into a bundle."""
        return asdict(self)


def from_dict(settings: Mapping[str, Any], *, base: Config | None = None, origin: str) -> Config:
    """A configuration from nested dictionaries over `base` (default: the defaults).

    Raises ConfigError for what does not fit; `origin` says in the message where it came from.
    """
    config = base or Config()
    for section, values in settings.items():
        if section == "data":
            config = replace(config, data=_data(values, origin=origin))
            continue
        if section not in _SECTIONS:
            known = [f"{name}.{f.name}" for name, cls in _SECTIONS.items() for f in fields(cls)]
            raise ConfigError(f"{origin}: unknown setting `{section}`{_nearest(section, [*_SECTIONS, *known])}")
        if not isinstance(values, Mapping):
            raise ConfigError(f"{origin}: `{section}` is a section: write [{section}] with settings below it")
        part = getattr(config, section)
        for key, value in values.items():
            part = replace(part, **{key: _checked(section, key, value, origin=origin)})
        config = replace(config, **{section: part})
    return config


def of_sources(sources: Iterable[str], data: Iterable[DataConfig]) -> tuple[DataConfig, ...]:
    """Settings for the data sets given: those of `data` for the set of the same name, else the defaults."""
    known = {part.source: part for part in data}
    names = [source if source.startswith("hub:") else Path(source).name for source in sources]
    return tuple(known.get(name, DataConfig(name)) for name in names)


def _data(tables: object, *, origin: str) -> tuple[DataConfig, ...]:
    if not isinstance(tables, list | tuple) or not all(isinstance(table, Mapping) for table in tables):
        raise ConfigError(f"{origin}: `data` is a list: write [[data]] with settings below it, once for each data set")
    parts = []
    for table in tables:
        if "source" not in table:
            raise ConfigError(f"{origin}: a [[data]] without `source`: name the data set")
        part = DataConfig()
        for key, value in table.items():
            setting: dict[str, Any] = {key: _checked("data", key, value, origin=origin)}
            part = replace(part, **setting)
        parts.append(part)
    return tuple(parts)


def from_toml(path: Path, *, base: Config | None = None) -> Config:
    """Read a TOML file over `base`."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, not TOML, or a number beyond all measure
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    return from_dict(settings, base=base, origin=str(path))


def from_assignments(assignments: Iterable[str], *, base: Config | None = None) -> Config:
    """Apply `section.key=value` strings, as given to `--set`, in order."""
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
    known = {f.name: f for f in fields(cls)}
    if key not in known:
        everywhere = [f"{name}.{f.name}" for name, part in _CHECKED.items() for f in fields(part)]
        raise ConfigError(f"{origin}: unknown setting `{section}.{key}`{_nearest(key, everywhere)}")
    kind, limits = type(known[key].default), known[key].metadata
    if kind is float and type(value) is int and abs(value) < 2**53:
        value = float(value)
    if type(value) is not kind:
        expected = {bool: "true or false", int: "a whole number", float: "a number", str: "a word"}[kind]
        raise ConfigError(f"{origin}: `{section}.{key}` must be {expected}, got {value!r}")
    if limits["choices"] and value not in limits["choices"]:
        choices = limits["choices"]
        raise ConfigError(f"{origin}: `{section}.{key}` must be one of {', '.join(choices)}; got {value!r}")
    if isinstance(value, int | float) and kind is not bool:
        low, high = limits["low"], limits["high"]
        # written so that NaN, which compares with nothing, is refused as well
        if not ((low is None or value >= low) and (high is None or value <= high) and abs(value) < float("inf")):
            bounds = f"between {low:g} and {high:g}" if low is not None else "a finite number"
            raise ConfigError(f"{origin}: `{section}.{key}` must be {bounds}, got {str(value)[:20]}")
    return value


def _nearest(name: str, known: list[str]) -> str:
    """`; did you mean ...?`, or the empty string."""
    by_key = {full.partition(".")[2] or full: full for full in known}
    near = get_close_matches(name, by_key, n=1)
    return f"; did you mean `{by_key[near[0]]}`?" if near else ""
