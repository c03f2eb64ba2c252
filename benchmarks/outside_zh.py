"""How bold a Chinese model is in sentences that are not about travel.

    python -m benchmarks.outside_zh MODEL [FILE ...] [--wrong]

FILE is data with sentences about other things (default: data/travel-zh/outside.markup, xSID's Chinese part, CAIS test).
A place or a date counts if the frame has it in a departure, an arrival, a return or a stop. With `--wrong`, the
sentences that have one are printed as well.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from benchmarks.documents import table
from slotfill.readers import load
from slotfill.schema import Annotation
from slotfill.tagger import Tagger

NOW = "2026-11-20T09:00"
SHARED = Path("../shared/data")
FILES = ("data/travel-zh/outside.markup", str(SHARED / "xsid/zh.jsonl"), str(SHARED / "cais/test.conll"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("files", nargs="*", default=list(FILES))
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    tagger, rows = Tagger.load(asked.model), []
    for file in asked.files:
        found = tagger.tag(texts(file), now=NOW)
        rows.append(row(file, found))
        if asked.wrong:
            print(*(told(one) for one in found if parts(one)), sep="\n")
    titles = ("sentences about other things", "number", "a note", "any role", "a place", "with a value", "intent other")
    print(table(titles, rows))


def texts(file: str) -> list[str]:
    """The sentences, those of columns without spaces between their tokens; faulty ones are left out."""
    examples = [example for part in load(file, report=lambda _: None).splits.values() for example in part]
    if file.endswith(".conll"):
        return ["".join(token.text for token in example.tokens) for example in examples]
    return [example.text for example in examples]


def row(file: str, found: Iterable[Annotation]) -> tuple[str, ...]:
    """How many sentences have what."""
    found = list(found)
    has = [parts(annotation) for annotation in found]
    counts = (
        sum(annotation.note is not None for annotation in found),
        sum(map(bool, has)),
        sum("place" in one for one in has),
        sum("value" in one for one in has),
        sum(annotation.intent is not None and annotation.intent.name == "other" for annotation in found),
    )
    return Path(file).stem if Path(file).stem not in ("zh", "test") else file, f"{len(found):,}", *map(str, counts)


def parts(annotation: Annotation) -> set[str]:
    """What the frame's roles have: `place`, `value` (a place with one), `date`, `time`."""
    legs = [leg for name, leg in annotation.frame.items() if name != "open"]
    has = {name for leg in legs for name in ("place", "date", "time") if getattr(leg, name)}
    return has | {"value" for leg in legs if leg.place and leg.place.value}


def told(annotation: Annotation) -> str:
    slots = ", ".join(f"{slot.text} {slot.name}" for slot in annotation.slots)
    return f"{annotation.text}\n    got: {slots}"


if __name__ == "__main__":
    main()
