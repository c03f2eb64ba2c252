"""The dates and times of one role of a Chinese sentence -> their values."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from slotfill.hanzi import is_traditional, plain
from slotfill.resolvers.context import LIMIT, Sentence
from slotfill.resolvers.reading import Reading
from slotfill.resolvers.zh import dates, times
from slotfill.resolvers.zh.window import Window, characters_of, window_of
from slotfill.schema import DateValue, TimeValue
from slotfill.slot_names import type_of


def date_of(
    sentence: Sentence,
    numbers: Sequence[int],
    *,
    beside: Collection[int],
    today: date,
    departure: tuple[date, bool] | None,
    order: str,
) -> DateValue:
    """The value of the date slots of one role; `departure` and `order` are as in `dates.resolve`."""
    window = window_of(sentence, numbers, beside=beside)
    traditional = is_traditional(sentence.text)
    reading = dates.resolve(window, today=today, departure=departure, order=order, is_traditional=traditional)
    return sentence.made(DateValue, numbers, reading, *_span(sentence, numbers, window, reading))


def time_of(
    sentence: Sentence, numbers: Sequence[int], *, beside: Collection[int], clock: int | None, offset: str | None
) -> TimeValue:
    """The value of the time slots of one role; `beside` are the slots of its date, `clock` is as in `times.resolve`."""
    window = window_of(sentence, numbers, beside=beside)
    lent = next((part for n in sentence.kept([*beside]) if (part := times.part_in(plain(sentence.slots[n].text)))), "")
    reading = times.resolve(window, lent=lent, clock=clock)
    value = sentence.made(TimeValue, numbers, reading, *_span(sentence, numbers, window, reading))
    return value.replace(offset=offset) if reading.is_counted and offset else value


def time_of_date(sentence: Sentence, dated: Sequence[int]) -> TimeValue | None:
    """The part of the day of `今晚`, `明早`, where the sentence has no other time."""
    for number in dated:
        slot = sentence.slots[number]
        part = times.part_in(plain(slot.text))
        if part:
            reading = times.of_part(part)
            return sentence.made(TimeValue, [number], reading, slot.start, slot.end)
    return None


def day_and_time(text: str, *, clock: datetime, order: str) -> tuple[Reading, Reading | None] | None:
    """The day of a text, and its time if it has one: `明天晚上8点`, `下周五`; None if there is no day.

    >>> day, time = day_and_time("明天晚上8点", clock=datetime(2026, 11, 18, 9), order="mdy")
    >>> day.value, time.value
    ('2026-11-19', '20:00')
    """
    traditional = is_traditional(text)
    minutes = 60 * clock.hour + clock.minute
    several: tuple[Reading, Reading | None] | None = None  # `12月5号十` `八点` is a worse cut than `12月5号` `十八点`
    for cut in range(len(text), 0, -1):
        window = characters_of(text[:cut], "date")
        if text[cut - 1 : cut + 1].isdigit() and cut < len(text) and text[cut - 1].isascii():
            continue
        if not dates.is_understood(window):
            continue
        day = dates.resolve(window, today=clock.date(), order=order, is_traditional=traditional)
        if not _is_read(day):
            continue
        lent = times.part_in(plain(text[:cut]))
        if cut == len(text):
            return day, times.of_part(lent) if lent else None
        is_today = day.value == clock.date().isoformat()
        time = times.resolve(characters_of(text[cut:], "time"), lent=lent, clock=minutes if is_today else None)
        if _is_read(time) and not day.alternatives:
            return day, time
        several = several or ((day, time) if _is_read(time) else None)
    return several


def _is_read(reading: Reading) -> bool:
    """Say whether a text has a meaning, or several."""
    return bool(reading.value or reading.alternatives) and "not understood" not in (reading.note or "")


def time_alone(text: str, *, clock: datetime) -> Reading:
    """A time without a day: `三小时后`, `晚上8点`.

    >>> time_alone("三小时后", clock=datetime(2026, 11, 18, 9)).value
    '12:00'
    """
    return times.resolve(characters_of(text, "time"), clock=60 * clock.hour + clock.minute)


def is_limit(sentence: Sentence, timed: Sequence[int], dated: Sequence[int]) -> bool:
    """Say whether the times of a leg are only the limit of its date: `11月2号之前`."""
    slots = sentence.slots
    if any(type_of(slots[n].name) != LIMIT for n in timed):
        return False
    return slots[dated[-1]].end == slots[timed[0]].start or slots[timed[-1]].end == slots[dated[0]].start


def _span(sentence: Sentence, numbers: Sequence[int], window: Window, reading: Reading) -> tuple[int, int]:
    """The characters that a value of these slots was read from."""
    start, end = sentence.slots[numbers[0]].start, max([sentence.slots[n].end for n in numbers])
    if reading.value is None:
        return start, end
    return min(start, window.start + reading.first), max(end, window.start + reading.last + 1)
