"""What all tests share: the real data sets, what ships and nothing else, which tests are fast, which may be skipped."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before numpy and torch are imported: on a busy machine, more threads make small matrices many times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).parent.parent

# Skips that `--no-skips` lets pass: how the reason begins, and why CI cannot run the test.
MAY_BE_SKIPPED = {
    "the shared data sets are not here": "ATIS, SNIPS and SGD are not ours to keep in the repository",
    "root may read everything": "CI in a container runs as root, to which every file is readable",
}

# `make fast` leaves these files and tests out: they train, start processes or a browser, or import what is large.
SLOW = (
    "tests/benchmarks/",
    "tests/bulk/test_run.py",
    "tests/bulk/test_s3.py",
    "tests/cli/test_bulk.py",
    "tests/cli/test_compare.py",
    "tests/cli/test_distance.py",
    "tests/cli/test_eval.py",
    "tests/cli/test_explain.py",
    "tests/cli/test_export.py",
    "tests/cli/test_formats.py",
    "tests/cli/test_main.py",
    "tests/cli/test_suspects.py",
    "tests/cli/test_review.py",
    "tests/cli/test_tag.py",
    "tests/cli/test_train.py",
    "tests/distance/test_experiment.py",
    "tests/generator/",
    "tests/onnx/",
    "tests/readers/test_hub.py",
    "tests/readers/test_layout.py::test_a_bare_name_finds_data_only",
    "tests/readers/test_layout.py::test_atis_is_read_in_less_than_a_second",
    "tests/readers/test_layout.py::test_only_a_data_set_hides_the_one_that_ships",
    "tests/readers/test_layout.py::test_snips_and_sgd_have_no_problem",
    "tests/readers/test_round_trip.py",
    "tests/readers/test_sgd.py::test_our_copy_put_back_into_phrases_is_cut_the_same",
    "tests/resolvers/test_frame.py::test_any_slots_over_any_text",
    "tests/resolvers/test_frame.py::test_what_is_left_out_of_a_question_does_not_count",
    "tests/resolvers/test_places.py",
    "tests/server/test_page.py",
    "tests/server/test_running.py",
    "tests/test_cells.py",
    "tests/test_comparing.py",
    "tests/test_crf.py",
    "tests/test_decoding.py",
    "tests/test_docs.py",
    "tests/test_encoder.py",
    "tests/test_evaluation.py",
    "tests/test_explaining.py",
    "tests/test_fonts.py",
    "tests/test_gradients.py",
    "tests/test_hardships.py",
    "tests/test_json_lines.py",
    "tests/test_languages_page.py",
    "tests/test_lesson.py",
    "tests/test_locations.py",
    "tests/test_min_lstm.py",
    "tests/test_network.py",
    "tests/test_parity.py",
    "tests/test_plots.py",
    "tests/test_public.py",
    "tests/test_readme.py",
    "tests/test_runtime.py",
    "tests/test_statistics.py",
    "tests/test_suspects.py",
    "tests/test_tagger.py",
    "tests/training/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test fails, unless CI cannot run it")
    parser.addoption("--fast", action="store_true", help="leave out the slow tests")


def pytest_configure(config: pytest.Config) -> None:
    settings.register_profile("all", deadline=None)  # the machines are noisy: no test depends on the time it takes
    settings.register_profile("fast", max_examples=10, deadline=None)
    settings.register_profile("long", max_examples=int(os.environ.get("FUZZ", "0")) or 100, deadline=None)
    settings.load_profile("fast" if config.getoption("--fast") else "long" if "FUZZ" in os.environ else "all")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files out before they are imported: torch alone takes seconds."""
    name = collection_path.relative_to(ROOT).as_posix() + "/" * collection_path.is_dir()
    return True if config.getoption("--fast") and name in SLOW else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fast"):
        slow = [item for item in items if item.nodeid.startswith(SLOW)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report, config=item.config)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report, config=collector.config)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport, *, config: pytest.Config) -> None:
    """Turn a skip into a failure if `--no-skips` asks for it."""
    if not (report.skipped and config.getoption("--no-skips")):
        return
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not reason.startswith(tuple(MAY_BE_SKIPPED)):
        report.outcome = "failed"
        report.longrepr = f"skipped ({reason}), which --no-skips does not allow: see MAY_BE_SKIPPED in {__file__}"


@pytest.fixture(scope="session", autouse=True)
def _only_what_ships(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's own models and data in the checkout out of the tests: names are looked up in a copy."""
    shipped = tmp_path_factory.mktemp("shipped")
    tiny = [f"models/{model.name}" for model in ROOT.glob("models/tiny-*")]
    for folder in ("data/travel", "data/travel-zh", "data/twins", "models/travel", "models/travel-zh", *tiny):
        shutil.copytree(ROOT / folder, shipped / folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("slotfill.locations._shipped_roots", lambda: iter([str(shipped)]))
        yield


@pytest.fixture(scope="module", params=["core", "numpy"])
def core_or_numpy(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run all tests of a module twice: by the compiled core, and by numpy alone, which must say the same."""
    from slotfill import core

    if request.param == "core" and not core.in_use:
        pytest.skip("the compiled core is not built: pip install --editable . builds it where there is a compiler")
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(core, "in_use", False)
        yield request.param


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with `atis`, `snips` and `sgd`: SLOTFILL_SHARED_DATA, or ../shared/data beside the repository."""
    beside = ROOT.parent / "shared" / "data"
    path = Path(os.environ.get("SLOTFILL_SHARED_DATA", beside))
    if not (path / "atis").is_dir():
        pytest.skip("the shared data sets are not here (SLOTFILL_SHARED_DATA may name their folder)")
    return path
