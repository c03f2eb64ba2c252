"""What the shell proposes for a word that is being typed; called by Typer, and only then is anything imported."""

from collections.abc import Iterable


def models(incomplete: str) -> list[str]:
    """Models known by name."""
    from slotfill.bundle import is_bundle
    from slotfill.locations import names

    return _beginning(names("models", fits=is_bundle), incomplete)


def data_sets(incomplete: str) -> list[str]:
    """Data sets known by name."""
    from slotfill.readers import known

    return _beginning(known(), incomplete)


def public_sets(incomplete: str) -> list[str]:
    """Data sets of `slotfill data get`."""
    from slotfill.readers.public import SOURCES

    return _beginning(SOURCES, incomplete)


def vectors(incomplete: str) -> list[str]:
    """Word vectors of `slotfill vectors get`."""
    from slotfill.training.vector_sources import SOURCES

    return _beginning(SOURCES, incomplete)


def splits(incomplete: str) -> list[str]:
    """Splits of data sets."""
    from slotfill.readers.layout import SPLITS

    return _beginning(dict.fromkeys(SPLITS.values()), incomplete)


def nets(incomplete: str) -> list[str]:
    """Nets of `slotfill compare`, separated by commas: those before the last comma stay."""
    from slotfill.cli.compare import NETS

    before, comma, last = incomplete.rpartition(",")
    chosen = before.split(",")
    return [f"{before}{comma}{net}" for net in NETS if net.startswith(last) and net not in chosen]


def parts(incomplete: str) -> list[str]:
    """Parts of an itinerary that a system asks for, separated by commas: those before the last comma stay."""
    from slotfill.dialogue.parts import ASKABLE

    before, comma, last = incomplete.rpartition(",")
    chosen = before.split(",")
    return [f"{before}{comma}{part}" for part in ASKABLE if part.startswith(last) and part not in chosen]


def settings(incomplete: str) -> list[str]:
    """Settings of --set, each with its `=`."""
    from slotfill.config import setting_names

    return [f"{name}=" for name in setting_names() if name.startswith(incomplete)]


def worked_settings(incomplete: str) -> list[str]:
    """Weights of `slotfill cell --set`, each with its `=`."""
    from slotfill.worked.lstm import setting_names
    from slotfill.worked.simple import WEIGHTS

    return _beginning([f"{name}=" for name in (*setting_names(), *WEIGHTS)], incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
