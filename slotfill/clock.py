"""The reference time that `tomorrow` counts from, as people write it."""

from datetime import datetime

from slotfill.errors import InputError


def clock_of(text: str) -> datetime:
    """A date and time in ISO 8601, without its time zone: what the clock on the wall says there.

    Raises InputError for anything else.
    """
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise InputError(f"expected a date and time such as 2026-11-20T09:00, got {text[:40]!r}") from None
