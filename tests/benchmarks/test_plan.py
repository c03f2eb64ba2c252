"""What is taken away from a recipe, and what makes two trainings the same."""

from pathlib import Path

import pytest

from benchmarks.accuracy.plan import FOLDS, RECIPES, Plan, without
from slotfill.config import Config, DataConfig, from_assignments

DATA = (DataConfig("atis", substituted=0.7),)


def test_only_what_a_recipe_has_can_be_taken_away() -> None:
    plain = without(Config(data=(DataConfig("atis"),)))
    assert "CRF" not in plain
    assert "averaged weights (EMA)" in plain
    recipe = without(from_assignments(["model.crf=true"], base=Config(data=DATA)))
    assert not recipe["CRF"].model.crf
    assert recipe["CRF"].data == DATA
    assert recipe["copies with other values"].data[0].substituted == 0.0


def test_other_settings_go_back_to_their_defaults() -> None:
    config = from_assignments(["training.batch_size=16"], base=Config(data=DATA))
    (name,) = (name for name in without(config) if "batch_size" in name)
    assert without(config)[name] == Config(data=DATA)
    assert not any("batch_size" in name for name in without(Config(data=DATA)))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    for source in ("atis", "snips"):
        (tmp_path / source).mkdir()
        (tmp_path / source / "train.markup").write_text(f"from {source}\n")
    return Plan(tmp_path, seeds=[1, 2, 3, 4])


def test_each_training_has_its_own_file(plan: Plan) -> None:
    wanted = [t for name in (*RECIPES, "crfsuite", "curve", "ablation") for t in plan.part(name)]
    different = {training.file: training._replace(tested=True) for training in wanted}
    assert len(different) == len(set(different.values()))


def test_the_whole_curve_is_the_recipe_and_its_crf_has_no_seed(plan: Plan) -> None:
    ours, theirs = zip(*plan.curve()[1.0], strict=True)
    assert list(ours) == plan.recipe("atis")[:3]
    assert set(theirs) == {plan.crfsuite("atis")}


def test_the_ablation_looks_at_no_test_part(plan: Plan) -> None:
    rows = plan.ablation()
    assert rows[""][0].config == plan.recipe("atis")[0].config
    for trainings in rows.values():
        assert {(training.seed, training.fold) for training in trainings} == {
            (training.seed, training.fold) for training in rows[""]
        }
        assert {training.fold for training in trainings} == set(range(FOLDS))
        assert not any(training.tested for training in trainings)


def test_data_and_settings_make_the_identity(plan: Plan, tmp_path: Path) -> None:
    first, second = plan.recipe("atis")[:2]
    assert first.identity != second.identity
    other = Plan(tmp_path, seeds=[1], assignments=["training.epochs=1"]).recipe("atis")[0]
    assert other.identity != first.identity
