"""How many dates and times of real language get a value, and how others read the same phrases: docs/values.md.

    python -m benchmarks.values coverage ../shared/data/atis@1991-05-20T09:00 ../shared/data/sgd@2019-03-01T09:00
    python -m benchmarks.values coverage ... --sample 200 --seed 1     # and 200 resolved ones, to be judged by reading
    python -m benchmarks.values compare                                # with benchmarks/requirements.txt installed

Coverage takes the gold slots of the train and dev splits, role by role, at a fixed clock (`PATH@CLOCK`).
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.documents import table
from slotfill.readers import load
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Example, Slot, Value
from slotfill.tags import spans_of

# Null by rule: the phrase is understood, and does not say which day or time it means. Parts of notes.
_BY_RULE = ("morning or afternoon?", "relative to", "later than what?", ", not a ", "before the departure")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("coverage", "compare"))
    parser.add_argument("data", nargs="*", metavar="PATH@CLOCK")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "compare":
        compare()
    else:
        coverage(arguments.data, sample=arguments.sample, seed=arguments.seed)


# --- coverage --------------------------------------------------------------------------------------


def coverage(sources: list[str], *, sample: int, seed: int) -> None:
    counts: dict[tuple[str, str], Counter[str]] = {}
    unread: Counter[str] = Counter()
    resolved: list[tuple[str, Value]] = []
    for source in sources:
        path, _, clock = source.partition("@")
        for text, value in _values(Path(path), clock=datetime.fromisoformat(clock)):
            kind = _outcome(value)
            for key in ((Path(path).name, value.kind), ("all", "")):
                counts.setdefault(key, Counter())[kind] += 1
            if value.value is not None:
                resolved.append((text, value))
            else:
                unread[f"{value.text.lower()}  ({value.note})"] += 1
    outcomes = ("resolved", "null by rule", "not understood")
    rows = []
    for (name, kind), own in sorted(counts.items(), key=lambda item: item[0][0] == "all"):
        total = own.total()
        rows.append((name, kind, str(total), *(f"{own[o]} ({own[o] / total:.1%})" for o in outcomes)))
    print(table(("source", "kind", "phrases", *outcomes), rows, words=(0, 1)), "\n\nwithout a value:")
    for phrase, count in unread.most_common(25):
        print(f"{count:4}  {phrase}")
    for text, value in random.Random(seed).sample(resolved, sample):
        print(f"\n{text}\n    {value.to_dict()}")


def _values(path: Path, *, clock: datetime) -> Iterator[tuple[str, Value]]:
    """Every date and time of the gold slots, with its sentence; no place is looked up."""
    splits = load(path).splits
    for example in (*splits["train"], *splits["dev"]):
        frame = frame_of(_without_places(example), clock=clock)
        for leg in (frame.departure, frame.arrival, frame.return_):
            if leg.date:
                yield example.text, leg.date
            # `tonight` is a date that gives a time as well
            if leg.time and not (leg.date and set(leg.time.slots) & set(leg.date.slots)):
                yield example.text, leg.time


def _without_places(example: Example) -> Annotation:
    tokens = example.tokens
    spans = [(tokens[s.start].start, tokens[s.end - 1].end, s.name) for s in spans_of(example.tags)]
    # as slots of another role, since no resolver reads those
    names = [f"other.{name}" if "loc." in name else name for _, _, name in spans]
    slots = [Slot(n, example.text[a:b], a, b, 1.0) for n, (a, b, _) in zip(names, spans, strict=True)]
    return Annotation(example.text, tokens, example.tags, tuple(slots), None)


def _outcome(value: Value) -> str:
    if value.value is not None:
        return "resolved"
    return "null by rule" if any(words in (value.note or "") for words in _BY_RULE) else "not understood"


# --- comparison ------------------------------------------------------------------------------------

_CLOCK = datetime(2026, 11, 18, 9, 0)  # a Wednesday

# What there is to read, in the markup of slotfill; None: no one day or time is meant, so that none may be named.
_DATES = {
    "[November](month_name) [2nd](day_number)": "2027-11-02",
    "[november](month_name) [second](day_number)": "2027-11-02",
    "[august](month_name) [twenty seventh](day_number)": "2027-08-27",
    "[july](month_name) [twenty fifth](day_number) [1991](year)": "1991-07-25",
    "the [twenty eighth](day_number) of [december](month_name)": "2026-12-28",
    "the [12th](day_number) of [March](month_name)": "2027-03-12",
    "the [13th](day_number) of [this](date_relative) month": "2026-11-13",
    "the [1st](day_number) of [next](date_relative) month": "2026-12-01",
    "the [2nd](day_number)": "2026-12-02",
    "[today](today_relative)": "2026-11-18",
    "[tomorrow](today_relative)": "2026-11-19",
    "[the day after tomorrow](today_relative)": "2026-11-20",
    "[two](date_relative) days from [today](today_relative)": "2026-11-20",
    "a week from [today](today_relative)": "2026-11-25",
    "in [two](date_relative) weeks": "2026-12-02",
    "[friday](day_name)": "2026-11-20",
    "[wednesday](day_name)": "2026-11-18",
    "[this](date_relative) [sunday](day_name)": "2026-11-22",
    "[next](date_relative) [monday](day_name)": "2026-11-23",
    "[next](date_relative) [wednesday](day_name)": "2026-11-25",
    "[wednesday](day_name) of [next](date_relative) week": "2026-11-25",
    "[tuesday](day_name) [next](date_relative) week": "2026-11-24",
    "[wednesday](day_name) [june](month_name) [second](day_number)": "2027-06-02",
    "[2026-12-05](day_number)": "2026-12-05",
    "[11/2](day_number)": "2027-11-02",
    "[february](month_name) [29](day_number)": "2028-02-29",
    "[february](month_name) [thirtieth](day_number)": None,
    "[friday](day_name) [november](month_name) [3rd](day_number)": None,
    "the [same](date_relative) day": None,
    "a [weekday](day_name)": None,
}
_TIMES = {
    "[6:30 pm](time)": "18:30",
    "[1115am](time)": "11:15",
    "[1030 am](time)": "10:30",
    "[838 am](time)": "08:38",
    "[6pm](time)": "18:00",
    "[noon](time)": "12:00",
    "[12 noon](time)": "12:00",
    "[twelve noon](time)": "12:00",
    "[midnight](period_of_day)": "00:00",
    "[five o'clock](time) in the [afternoon](period_of_day)": "17:00",
    "[5 o'clock pm](time)": "17:00",
    "[6](time) in the [evening](period_of_day)": "18:00",
    "[half past 8](time) in the [morning](period_of_day)": "08:30",
    "[quarter to 4](time) in the [afternoon](period_of_day)": "15:45",
    "[quarter to five pm](time)": "16:45",
    "[six thirty pm](time)": "18:30",
    "[18:30](time)": "18:30",
    "[1700](time)": "17:00",
    "[1200 hours](time)": "12:00",
    "[6](time)": None,
    "[25:00](time)": None,
    "[later](period_mod)": None,
}


def compare() -> None:
    rows = []
    right: dict[str, Counter[str]] = {name: Counter() for name in _READERS}
    for kind, phrases in (("date", _DATES), ("time", _TIMES)):
        for markup, expected in phrases.items():
            text, annotation = _parse(markup, kind)
            found = {name: read(text, annotation, kind) for name, read in _READERS.items()}
            for name, value in found.items():
                right[name]["right" if value == expected else "missed" if value is None else "wrong"] += 1
            cells = (value or "null" if value == expected else f"**{value or 'null'}**" for value in found.values())
            rows.append((text, expected or "null", *cells))
    print(table(("phrase", "means", *_READERS), rows, words=range(9)), "\n")
    for name, counts in right.items():
        print(f"{name}: {counts['right']} right, {counts['missed']} missed, {counts['wrong']} silently wrong")


def _parse(markup: str, kind: str) -> tuple[str, Annotation]:
    """The phrase as plain text, and with its slots, as the markup reader reads it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "all.markup"
        file.write_text(markup.replace("](", f"](depart_{kind}."), encoding="utf-8")
        (example,) = load(file).splits["all"]
    return example.text, _without_places(example)


def _ours(_: str, annotation: Annotation, kind: str) -> str | None:
    leg = frame_of(annotation, clock=_CLOCK).departure
    value = leg.date if kind == "date" else leg.time
    return value.value if value else None


def _dateparser(text: str, _: Annotation, kind: str) -> str | None:
    settings: dict[str, Any] = {"RELATIVE_BASE": _CLOCK, "PREFER_DATES_FROM": "future", "DATE_ORDER": "MDY"}
    found = import_module("dateparser").parse(text, languages=["en"], settings=settings)
    return found and (found.date().isoformat() if kind == "date" else f"{found:%H:%M}")


def _text2num(text: str, annotation: Annotation, kind: str) -> str | None:
    return _dateparser(import_module("text_to_num").alpha2digit(text, "en"), annotation, kind)


_READERS: dict[str, Callable[[str, Annotation, str], str | None]] = {
    "slotfill": _ours,
    "dateparser": _dateparser,
    "text2num + dateparser": _text2num,
}

if __name__ == "__main__":
    main()
