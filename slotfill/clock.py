"""The reference time that `tomorrow` is relative to."""

from datetime import datetime

from slotfill.errors import InputError


def clock_of(text: str) -> datetime:
    """Read a date and time in ISO 8601, which may have an offset from UTC; InputError if it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"expected a date and time such as 2026-11-20T09:00, got {text[:40]!r}") from None


def now_of(now: datetime | str | None) -> datetime | None:
    """The reference time that a user gives; InputError if it is none."""
    if isinstance(now, str):
        return clock_of(now)
    if now is not None and not isinstance(now, datetime):
        raise InputError(f"expected a datetime, or a text such as 2026-11-20T09:00, as now: got {now!r}")
    return now
