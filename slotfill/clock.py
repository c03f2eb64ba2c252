"""The reference time that `tomorrow` is relative to."""

from datetime import datetime

from slotfill.errors import InputError


def clock_of(text: str) -> datetime:
    """Read a date and time in ISO 8601; a time zone is dropped, and the local time kept. Raises InputError."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise InputError(f"expected a date and time such as 2026-11-20T09:00, got {text[:40]!r}") from None
