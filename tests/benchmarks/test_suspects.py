"""The errors that the benchmark of suspects puts into data."""

from benchmarks.suspects import plant
from slotfill.confident_learning import KINDS
from slotfill.readers import parse_markup
from slotfill.schema import Dataset
from slotfill.tags import is_valid

LINES = [
    f"{verb} from [{city}](from) to [New York](to) [today](when)\t{intent}"
    for city in ("Rome", "Oslo", "Lima", "Bern", "Riga")
    for verb in ("fly", "go", "please travel")
    for intent in ("trip", "fare")
]


def test_each_planted_error_changes_the_labels_of_one_sentence() -> None:
    dataset = Dataset("mine", {"train": tuple(map(parse_markup, LINES))})
    before = plant(dataset, share=0, most=25, seed=1).dataset.splits["all"]
    planted = plant(dataset, share=0.8, most=25, seed=1)
    after = planted.dataset.splits["all"]
    changed = [f"all, sentence {n}" for n, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new]
    assert changed == list(planted.kinds)
    assert len(changed) == 20
    assert set(planted.kinds.values()) <= set(KINDS)
    assert all(is_valid(one.tags) for one in after)
    assert [one.text for one in before] == [one.text for one in after]
    assert plant(dataset, share=0.8, most=25, seed=1) == planted
