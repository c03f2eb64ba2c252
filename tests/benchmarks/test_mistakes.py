"""Wrong spans by their kind: one case for each rule."""

import pytest

from benchmarks.accuracy.mistakes import KINDS, OF_THE_DATA, Train, classified, f1_without
from slotfill.evaluation import score
from slotfill.readers.alignment import align
from slotfill.schema import Example


def example(words: str, tags: str) -> Example:
    return Example(words, align(words, words.split()), tuple(tags.split()))


TRAIN = [
    example("from boston to denver", "O B-from.city O B-to.city"),
    example("from denver to boston", "O B-from.city O B-to.city"),
    example("before noon", "B-relative B-time"),
    example("at noon today", "O B-time B-day"),
    example("new york", "B-from.city I-from.city"),
    example("arriving early", "O B-mod"),
]

CASES = {  # kind: words, gold, predicted
    "label": ("from zzz to denver", "O B-from.code O B-to.city", "O B-from.city O B-to.city"),
    "convention": ("by noon", "O B-period", "O B-time"),
    "border": ("new york", "B-from.city I-from.city", "B-from.city O"),
    "roleless": ("via boston", "O B-city", "O B-from.city"),
    "role": ("via boston", "O B-to.city", "O B-from.city"),
    "type": ("on zzz", "O B-day", "O B-time"),
    "missed": ("arriving early", "O B-mod", "O O"),
    "invented": ("some zzz", "O O", "O B-mod"),
    "other": ("new york", "B-from.city I-from.city", "B-to.city O"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_rule_finds_its_kind(kind: str) -> None:
    words, gold, predicted = CASES[kind]
    known = [example("zzz", "B-period"), example("yyy", "B-city")]  # so that these labels are known
    (mistake,) = classified([*TRAIN, *known], [example(words, gold)], [predicted.split()])
    assert mistake.kind == kind


def test_counts_are_of_the_same_words() -> None:
    (mistake,) = classified(
        [*TRAIN, example("period", "B-period")], [example("by noon", "O B-period")], [["O", "B-time"]]
    )
    assert (mistake.as_gold, mistake.as_predicted, mistake.otherwise) == (0, 2, 0)
    assert not mistake.unknown


def test_neighbours_narrow_the_count() -> None:
    train = Train(TRAIN)
    assert train.labels(["boston"]).total() == 2
    assert train.labels(["boston"], before="to", after="") == {("B-to.city",): 1}


def test_right_spans_are_no_mistakes() -> None:
    assert classified(TRAIN, TRAIN, [e.tags for e in TRAIN]) == []


def test_f1_without_mistakes_of_all_kinds_is_whole_and_of_none_is_the_score() -> None:
    test = [example(words, gold) for words, gold, _ in CASES.values()]
    predicted = [tags.split() for _, _, tags in CASES.values()]
    found = classified(TRAIN, test, predicted)
    assert f1_without(found, test, predicted, kinds=list(KINDS)) == 100.0
    assert f1_without(found, test, predicted, kinds=()) == pytest.approx(
        100 * score([e.tags for e in test], predicted).micro.f1
    )
    assert 0 < f1_without(found, test, predicted, kinds=OF_THE_DATA) < 100
