"""How many dates and times of real language get a value, and how others read the same phrases: docs/values.md.

    python -m benchmarks.values coverage ../shared/data/atis@1991-05-20T09:00 ../shared/data/sgd@2019-03-01T09:00
    python -m benchmarks.values coverage ... --sample 200 --seed 1     # and 200 resolved ones, to be judged by reading
    python -m benchmarks.values compare                                # with benchmarks/requirements.txt installed

Coverage takes the gold slots of the train and dev splits, role by role, at a fixed time (`PATH@TIME`). The comparison
reads phrases.tsv: kind, expected value (empty if no single day or time is meant, so that none may be named), markup.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.documents import table
from slotfill.readers import load
from slotfill.readers.markup import parse
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Example, Slot, Value
from slotfill.slot_names import PLACE_TYPES, type_of
from slotfill.tags import char_span, spans_of

# Parts of the notes of phrases that are understood but do not say which day or time they mean.
_BY_RULE = (
    *("morning or afternoon?", "relative to", "later than what?", ", not a ", "before the departure"),
    *("the week after?", "next year?", "next month?", "ruled out"),
    *("day?", "these days?", "is not known"),  # which Tuesday?
)
_CLOCK = datetime(2026, 11, 18, 9, 0)  # a Wednesday


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("coverage", "compare"))
    parser.add_argument("data", nargs="*", metavar="PATH@TIME")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "compare":
        compare()
    else:
        coverage(arguments.data, sample=arguments.sample, seed=arguments.seed)


def coverage(sources: list[str], *, sample: int, seed: int) -> None:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    unread: Counter[str] = Counter()
    resolved: list[tuple[str, Value]] = []
    for source in sources:
        path, _, clock = source.partition("@")
        for text, value in _values(Path(path), clock=datetime.fromisoformat(clock)):
            for key in ((Path(path).name, value.kind), ("all", "")):
                counts[key][_outcome(value)] += 1
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
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    # with a role that no resolver reads
    named = [(f"other.{name}" if type_of(name) in PLACE_TYPES else name, start, end) for start, end, name in spans]
    slots = tuple(Slot(name, example.text[start:end], start, end, 1.0) for name, start, end in named)
    return Annotation(example.text, example.tokens, example.tags, slots, None)


def _outcome(value: Value) -> str:
    if value.value is not None:
        return "resolved"
    return "null by rule" if any(words in (value.note or "") for words in _BY_RULE) else "not understood"


def compare() -> None:
    rows = []
    right: dict[str, Counter[str]] = {name: Counter() for name in _READERS}
    for line in Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8").splitlines():
        kind, meant, markup = line.split("\t")
        annotation = _without_places(parse(markup.replace("](", f"](depart_{kind}.")))
        cells = [annotation.text, meant or "null"]
        for name, read in _READERS.items():
            value = read(annotation, kind) or ""
            right[name]["right" if value == meant else "wrong" if value else "missed"] += 1
            cells.append(value or "null" if value == meant else f"**{value or 'null'}**")
        rows.append(cells)
    print(table(("phrase", "means", *_READERS), rows, words=range(9)), "\n")
    for name, counts in right.items():
        print(f"{name}: {counts['right']} right, {counts['missed']} missed, {counts['wrong']} silently wrong")


def _ours(annotation: Annotation, kind: str) -> str | None:
    leg = frame_of(annotation, clock=_CLOCK).departure
    value = leg.date if kind == "date" else leg.time
    return value.value if value else None


def _dateparser(annotation: Annotation, kind: str, *, text: str = "") -> str | None:
    settings: dict[str, Any] = {"RELATIVE_BASE": _CLOCK, "PREFER_DATES_FROM": "future", "DATE_ORDER": "MDY"}
    found = import_module("dateparser").parse(text or annotation.text, languages=["en"], settings=settings)
    return found and (found.date().isoformat() if kind == "date" else f"{found:%H:%M}")


def _text2num(annotation: Annotation, kind: str) -> str | None:
    return _dateparser(annotation, kind, text=import_module("text_to_num").alpha2digit(annotation.text, "en"))


_READERS: dict[str, Callable[[Annotation, str], str | None]] = {
    "slotfill": _ours,
    "dateparser": _dateparser,
    "text2num + dateparser": _text2num,
}

if __name__ == "__main__":
    main()
