"""How many dates and times of real language get a value, and how others read the same phrases: docs/values.md.

    python benchmarks/values.py coverage ../shared/data/atis@1991-05-20T09:00 ../shared/data/sgd@2019-03-01T09:00
    python benchmarks/values.py coverage ... --sample 200 --seed 1     # and 200 resolved ones, to be judged by reading
    pip install dateparser==1.5.0 text2num==3.1.0
    python benchmarks/values.py compare

Coverage takes the gold slots of the train and dev parts, role by role, at a fixed clock (`PATH@CLOCK`).
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from slotfill.readers import load
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Example, Slot, Value
from slotfill.tags import spans_of

# Null by rule: the phrase is understood, and does not say which day or time it means.
_BY_RULE = {
    "morning or afternoon?": "am or pm unsaid",
    "relative to": "relative to an unsaid date",
    "later than what?": "relative to an unsaid time",
    ", not a ": "weekday and date disagree",
    "before the departure": "return before departure",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    coverage = commands.add_parser("coverage")
    coverage.add_argument("data", nargs="+", metavar="PATH@CLOCK")
    coverage.add_argument("--sample", type=int, default=0)
    coverage.add_argument("--seed", type=int, default=1)
    coverage.set_defaults(run=_coverage)
    commands.add_parser("compare").set_defaults(run=_compare)
    arguments = parser.parse_args()
    arguments.run(arguments)


# --- coverage --------------------------------------------------------------------------------------


def _coverage(arguments: argparse.Namespace) -> None:
    rows = []
    unread: Counter[tuple[str, str]] = Counter()
    resolved: list[tuple[str, Value]] = []
    for source in arguments.data:
        path, _, clock = source.partition("@")
        counts: dict[str, Counter[str]] = {"date": Counter(), "time": Counter()}
        for text, value in _values(Path(path), clock=datetime.fromisoformat(clock)):
            outcome = _outcome(value)
            counts[value.kind][outcome] += 1
            if value.value is not None:
                resolved.append((text, value))
            else:
                unread[value.text.lower(), value.note or ""] += 1
        for kind, outcomes in counts.items():
            total = outcomes.total()
            rule = sum(n for outcome, n in outcomes.items() if outcome in _BY_RULE.values())
            lost = outcomes["not understood"]
            rows.append((Path(path).name, kind, total, total - rule - lost, rule, lost))
            print(f"{Path(path).name} {kind}: {dict(outcomes)}")
    print("\n| source | kind | phrases | resolved | null by rule | not understood |")
    print("| --- | --- | --- | --- | --- | --- |")
    rows.append(("all", "", *(sum(int(row[n]) for row in rows) for n in (2, 3, 4, 5))))  # type: ignore[arg-type]
    for name, kind, total, good, rule, lost in rows:
        shares = " | ".join(f"{n} ({100 * n / total:.1f} %)" for n in (good, rule, lost))
        print(f"| {name} | {kind} | {total} | {shares} |")
    print("\nwithout a value:")
    for (phrase, note), count in unread.most_common(25):
        print(f"{count:4}  {phrase}  ({note})")
    for text, value in random.Random(arguments.seed).sample(resolved, arguments.sample):
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
    return next((name for part, name in _BY_RULE.items() if part in (value.note or "")), "not understood")


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


def _compare(_: argparse.Namespace) -> None:
    readers = {"slotfill": _ours, "dateparser": _dateparser, "text2num + dateparser": _text2num}
    right: dict[str, Counter[str]] = {name: Counter() for name in readers}
    print(f"| phrase | means | {' | '.join(readers)} |\n| --- | --- |{' --- |' * len(readers)}")
    for kind, table in (("date", _DATES), ("time", _TIMES)):
        for markup, expected in table.items():
            found = {name: read(markup, kind) for name, read in readers.items()}
            for name, value in found.items():
                outcome = "right" if value == expected else "null" if value is None else "wrong"
                right[name][outcome] += 1
            cells = " | ".join(
                ("" if value == expected else "**") + (value or "null") + ("" if value == expected else "**")
                for value in found.values()
            )
            print(f"| {_parse(markup, kind)[0]} | {expected or 'null'} | {cells} |")
    print()
    for name, outcomes in right.items():
        print(f"{name}: {outcomes['right']} right, {outcomes['null']} missed, {outcomes['wrong']} wrong without a word")


def _parse(markup: str, kind: str) -> tuple[str, Annotation]:
    """The phrase as plain text, and with its slots, as the markup reader reads it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "all.markup"
        file.write_text(markup.replace("](", f"](depart_{kind}."), encoding="utf-8")
        (example,) = load(file).splits["all"]
    return example.text, _without_places(example)


def _ours(markup: str, kind: str) -> str | None:
    leg = frame_of(_parse(markup, kind)[1], clock=_CLOCK).departure
    value = leg.date if kind == "date" else leg.time
    return value.value if value else None


def _dateparser(markup: str, kind: str) -> str | None:
    return _by_dateparser(_parse(markup, kind)[0], kind)


def _text2num(markup: str, kind: str) -> str | None:
    return _by_dateparser(import_module("text_to_num").alpha2digit(_parse(markup, kind)[0], "en"), kind)


def _by_dateparser(text: str, kind: str) -> str | None:
    settings: dict[str, Any] = {"RELATIVE_BASE": _CLOCK, "PREFER_DATES_FROM": "future", "DATE_ORDER": "MDY"}
    found = import_module("dateparser").parse(text, languages=["en"], settings=settings)
    return found and (found.date().isoformat() if kind == "date" else f"{found:%H:%M}")


if __name__ == "__main__":
    main()
