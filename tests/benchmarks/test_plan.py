"""What is taken away from a recipe, and what makes two trainings the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.accuracy.plan import FOLDS, GROUPS, Plan, digest, without
from benchmarks.accuracy.training import splits_of
from slotfill.config import Config, DataConfig, from_assignments

DATA = (DataConfig("atis", substituted=0.7),)


def test_only_what_a_recipe_has_can_be_taken_away() -> None:
    plain = without(from_assignments(["model.crf=false"], base=Config(data=(DataConfig("atis"),))))
    assert "CRF" not in plain
    assert "averaged weights (EMA)" in plain
    recipe = without(from_assignments(["model.crf=true"], base=Config(data=DATA)))
    assert not recipe["CRF"].model.crf
    assert recipe["CRF"].data == DATA
    assert recipe["copies with other values"].data[0].substituted == 0.0


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    for source in ("atis", "snips"):
        (tmp_path / source).mkdir()
        (tmp_path / source / "train.markup").write_text(f"from {source}\n")
    return Plan(tmp_path, [1, 2, 3, 4])


def test_each_training_has_its_own_file(plan: Plan) -> None:
    wanted = [training for name in GROUPS for training in plan.group(name)]
    different = {training.file: training for training in wanted}
    assert len(different) == len(set(wanted))


def test_the_whole_curve_is_the_recipe_and_its_crf_has_no_seed(plan: Plan) -> None:
    ours, theirs = zip(*plan.curve()[-1], strict=True)
    assert list(ours) == plan.recipe("atis")[:3]
    assert set(theirs) == {plan.crfsuite("atis")}


def test_the_ablation_is_of_the_recipe_on_every_fold(plan: Plan) -> None:
    rows = plan.ablation()
    assert rows[""][0].config == plan.recipe("atis")[0].config
    for trainings in rows.values():
        assert {(training.seed, training.fold) for training in trainings} == {
            (training.seed, training.fold) for training in rows[""]
        }
        assert {training.fold for training in trainings} == set(range(FOLDS))


def test_a_fold_has_rare_words_on_dev_and_does_not_look_at_test(plan: Plan) -> None:
    lines = "".join(f"{letter} again\n" for letter in "abcdefghi")
    for split in ("train", "dev", "test"):
        (plan.data / "atis" / f"{split}.markup").write_text(lines)
    splits = splits_of(plan.ablation()[""][0])
    known = {token.text for example in splits["train"] for token in example.tokens}
    assert splits["dev"]
    assert all({token.text for token in example.tokens} - known for example in splits["dev"])
    assert splits["test"] == []


def test_data_and_settings_make_the_identity(plan: Plan) -> None:
    first, second = plan.recipe("atis")[:2]
    assert first.identity != second.identity
    assert first.config
    (shorter,) = {replace(first, config=changed) for changed in without(first.config).values() if not changed.model.crf}
    assert shorter.identity != first.identity
    before = first.identity
    digest.cache_clear()
    (plan.data / "atis" / "train.markup").write_text("other sentences\n")
    assert first.identity != before
