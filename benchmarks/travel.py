"""How good the shipped model is on hand-written sentences: unseen cities apart, twins, text about other things.

    python -m benchmarks.travel ../shared/data

DATA holds `atis`, `sgd`, `snips`, `multiwoz`, `multidogo`, `msr_taxi` and `raw`. A city is seen if it is the value of
a city slot in a training split of the model. Twins are the pairs at the beginning of the test split; a pair is right
if every slot of both sentences is.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.documents import table
from slotfill.evaluation import annotated, score_annotations
from slotfill.readers import load, split_of
from slotfill.schema import Annotation, Example
from slotfill.slot_names import frame_part_of
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold

TWINS = 107  # pairs: data/README.md
TURNS = 221  # sentences at the beginning of `wild` that are turns of dialogues; the others are single messages
Pairs = Sequence[tuple[Example, Annotation]]


def main(data: Path) -> None:
    tagger = Tagger.load()
    folders = ("atis", "sgd", "multiwoz", "multidogo", "msr_taxi")
    sources = [*(data / folder for folder in folders), Path("data/travel")]
    seen = {city for source in sources for e in split_of(load(source), "train") for city in cities(e)}
    rows: list[tuple[str, ...]] = []
    right: list[bool] = []  # of the twins
    for split in ("test", "hostile", "wild"):
        examples = split_of(load("data/travel"), split)
        pairs = list(zip(examples, annotated(tagger, examples), strict=True))
        rows.append(row(split, pairs))
        for title, seen_all in (("a city never seen", False), ("all cities seen, or none", True)):
            rows.append(row(f"{split}, {title}", [p for p in pairs if (cities(p[0]) <= seen) == seen_all]))
        if split == "wild":
            rows += [row("wild, turns", pairs[:TURNS]), row("wild, single messages", pairs[TURNS:])]
        if split == "test":
            right = [tuple(annotation.tags) == tuple(example.tags) for example, annotation in pairs[: 2 * TWINS]]
    both = sum(map(min, right[::2], right[1::2]))
    titles = ("split", "sentences", "slot F1", "every slot right", "intents", "frame F1", "frames right")
    print(table(titles, rows), f"\n\ntwins: both sentences right in {both} of {TWINS} pairs\n")
    texts_of = {
        "SNIPS test": [e.text for e in split_of(load(data / "snips"), "test")],
        "prose (LICENSE)": lines(Path("LICENSE")),
        "code (slotfill/*.py)": lines(*sorted(Path("slotfill").glob("*.py"))),
    }
    for name in ("multidogo_airline_rest", "clinc150_out_of_scope"):
        texts_of[f"{name} (raw)"] = lines(data / "raw" / f"{name}.txt")
    rows = []
    for name, texts in texts_of.items():
        found = tagger.tag(texts, min_confidence=0.5)
        slots = sum(len(annotation.slots) for annotation in found)
        with_role = sum(any(frame_part_of(slot.name) for slot in a.slots) for a in tagger.tag(texts))
        rows.append((name, f"{len(texts):,}", f"{slots / len(texts):.3f}", f"{100 * with_role / len(texts):.1f}"))
    print(table(("out of domain", "sentences", "slots a sentence above confidence 0.5", "with a role, %"), rows))


def row(name: str, pairs: Pairs) -> tuple[str, ...]:
    scores = score_annotations([example for example, _ in pairs], [annotation for _, annotation in pairs])
    frames = scores.frames
    figures = (scores.micro.f1, scores.sentence_accuracy, scores.intent_accuracy or 0, frames.micro.f1, frames.accuracy)
    return name, str(len(pairs)), *(f"{100 * figure:.1f}" for figure in figures)


def cities(example: Example) -> set[str]:
    """The folded city names of a sentence."""
    return {
        " ".join(fold(token.text) for token in example.tokens[span.start : span.end])
        for span in spans_of(example.tags)
        if span.name.endswith("city_name")
    }


def lines(*paths: Path) -> list[str]:
    return [line.strip() for path in paths for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
