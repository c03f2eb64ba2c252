"""How good the shipped model is on data/travel's hand-written parts: cities seen and unseen apart, twins, foreign text.

    python benchmarks/travel.py ../shared/data

DATA holds `atis`, `sgd` and `snips`. A city is seen if it is the value of a city slot in a training part of the model.
Twins are the pairs at the beginning of the test part; a pair is right if every slot of both sentences is.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from slotfill.evaluation import score
from slotfill.readers import load, split_of
from slotfill.schema import Annotation, Example
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold

TWINS = 107  # pairs: data/README.md


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="travel")
    arguments = parser.parse_args()
    tagger = Tagger.load(arguments.model)
    sources = [arguments.data / "atis", arguments.data / "sgd", Path("data/travel")]
    seen = {city for source in sources for e in split_of(load(source), "train") for city in cities(e)}
    travel = load("data/travel")
    print("| part | sentences | slot F1 | every slot right | intents | frame F1 | frames right |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for split in ("test", "hostile"):
        examples = split_of(travel, split)
        found = annotate(tagger, examples)
        unseen = [any(city not in seen for city in cities(e)) for e in examples]
        row(split, examples, found)
        row(f"{split}, a city never seen", *chosen(examples, found, unseen))
        row(f"{split}, all cities seen, or none", *chosen(examples, found, [not u for u in unseen]))
        if split == "test":
            right = [tuple(a.tags) == tuple(e.tags) for e, a in zip(examples, found, strict=True)][: 2 * TWINS]
            both = sum(one and other for one, other in zip(right[::2], right[1::2], strict=True))
            print(f"\ntwins: both sentences right in {both} of {TWINS} pairs\n")
    foreign = {
        "SNIPS test": [e.text for e in split_of(load(arguments.data / "snips"), "test")],
        "prose (LICENSE)": lines(Path("LICENSE")),
        "code (slotfill/*.py)": [line for path in sorted(Path("slotfill").glob("*.py")) for line in lines(path)],
    }
    print("\n| foreign text | sentences | slots a sentence above confidence 0.5 |\n| --- | ---: | ---: |")
    for name, texts in foreign.items():
        slots = sum(len(a.slots) for a in tagger.tag(texts, min_confidence=0.5))
        print(f"| {name} | {len(texts):,} | {slots / len(texts):.3f} |")


def row(name: str, examples: Sequence[Example], found: Sequence[Annotation]) -> None:
    scores = score(
        [e.tags for e in examples],
        [a.tags for a in found],
        gold_intents=[e.intent for e in examples],
        predicted_intents=[a.intent.name if a.intent else None for a in found],
    )
    frames = scores.frames
    figures = (scores.micro.f1, scores.sentence_accuracy, scores.intent_accuracy or 0, frames.micro.f1, frames.accuracy)
    print(f"| {name} | {len(examples)} | {' | '.join(f'{100 * figure:.1f}' for figure in figures)} |")


def chosen(
    examples: Sequence[Example], found: Sequence[Annotation], wanted: Sequence[bool]
) -> tuple[list[Example], list[Annotation]]:
    pairs = [pair for pair, want in zip(zip(examples, found, strict=True), wanted, strict=True) if want]
    return [e for e, _ in pairs], [a for _, a in pairs]


def annotate(tagger: Tagger, examples: Sequence[Example]) -> list[Annotation]:
    return tagger.annotate([e.text for e in examples], [e.tokens for e in examples])


def cities(example: Example) -> set[str]:
    """The folded city names of a sentence."""
    return {
        " ".join(fold(token.text) for token in example.tokens[span.start : span.end])
        for span in spans_of(example.tags)
        if span.name.endswith("city_name")
    }


def lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
