"""How good a Chinese model is on sentences written by hand: both scripts, twins, and real queries.

    python -m benchmarks.travel_zh MODEL [SPLIT ...] [--wrong] [--data ../shared/data/zh/smp_dev.jsonl]

SPLIT is one of data/travel-zh (default: wild-dev), or `twins`, the pairs in a file of their own. The test split begins
with pairs as well; a pair is right if every slot of both sentences is. With `--wrong`, the sentences with a wrong slot
are printed too.
"""

import argparse
from pathlib import Path

from benchmarks.documents import table
from benchmarks.travel import Pairs, row
from slotfill.evaluation import annotated
from slotfill.readers import load, split_of
from slotfill.schema import Annotation, Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of

TWINS = 54  # pairs: data/README.md


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("splits", nargs="*", default=["wild-dev"])
    parser.add_argument("--data", help="a file of other sentences, such as real queries")
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    tagger = Tagger.load(asked.model)
    parts = {split: examples_of(split) for split in asked.splits}
    if asked.data:
        parts |= {Path(asked.data).stem: every_one(asked.data)}
    rows: list[tuple[str, ...]] = []
    for name, examples in parts.items():
        pairs = list(zip(examples, annotated(tagger, examples), strict=True))
        rows.append(row(name, pairs))
        rows += [row(f"{name}, {script}", some) for script, some in by_script(pairs).items() if some]
        if name in ("test", "twins"):
            right = [is_right(*pair) for pair in (pairs[: 2 * TWINS] if name == "test" else pairs)]
            both = sum(map(min, right[::2], right[1::2]))
            print(f"{name}: both sentences right in {both} of {len(right) // 2} pairs of twins\n")
        if asked.wrong:
            print(*(wrong(*pair) for pair in pairs if not is_right(*pair)), sep="\n")
    titles = ("split", "sentences", "slot F1", "every slot right", "intents", "frame F1", "frames right")
    print(table(titles, rows))


def examples_of(split: str) -> tuple[Example, ...]:
    return every_one("data/travel-zh/twins.markup") if split == "twins" else split_of(load("data/travel-zh"), split)


def every_one(file: str) -> tuple[Example, ...]:
    return tuple(example for part in load(file).splits.values() for example in part)


def is_right(example: Example, annotation: Annotation) -> bool:
    return tuple(annotation.tags) == tuple(example.tags)


def by_script(pairs: Pairs) -> dict[str, Pairs]:
    """The sentences with a character that the other script writes otherwise, and those that are the same in both."""
    import opencc  # of data/travel-zh/requirements.txt

    simple, traditional = opencc.OpenCC("t2s").convert, opencc.OpenCC("s2t").convert
    found: dict[str, list[tuple[Example, Annotation]]] = {"simplified": [], "traditional": [], "same in both": []}
    for example, annotation in pairs:
        is_changed = (simple(example.text) != example.text, traditional(example.text) != example.text)
        name = "traditional" if is_changed[0] else "simplified" if is_changed[1] else "same in both"
        found[name].append((example, annotation))
    return dict(found)


def wrong(example: Example, annotation: Annotation) -> str:
    """A sentence, with the slots that it should have and does not, and those that it has and should not."""
    should, does = slots(example.tags, example), slots(annotation.tags, example)
    missing, odd = (", ".join(f"{text} {name}" for text, name in some) for some in (should - does, does - should))
    return f"{example.text}\n    expected: {missing}\n    got: {odd}"


def slots(tags: tuple[str, ...], example: Example) -> set[tuple[str, str]]:
    tokens = example.tokens
    return {(example.text[tokens[s.start].start : tokens[s.end - 1].end], s.name) for s in spans_of(tags)}


if __name__ == "__main__":
    main()
