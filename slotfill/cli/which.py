"""Which model a name means, where there are two of that name."""

from collections.abc import Iterable

from slotfill.cli import console
from slotfill.locations import SHIPPED


def say_which(models: Iterable[str]) -> None:
    """Say so where a name means the model that ships, though another one of that name is in the working folder."""
    for model in models:
        if model in SHIPPED:
            from slotfill.bundle import is_bundle
            from slotfill.locations import passed_over

            if own := passed_over(model, fits=is_bundle):
                console.note(f"{model} is the model that ships; the one here is {own}: type that for it")
