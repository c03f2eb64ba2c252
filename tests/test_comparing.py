"""The toy task of the lectures: `arrive Taipei` against `leave Taipei`, over eight cities."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch

from slotfill import comparing
from slotfill.bundle import read
from slotfill.comparing import VARIANTS, Run, compare, reaches, summarize
from slotfill.config import Config, DataConfig, ModelConfig, TrainingConfig, from_assignments
from slotfill.errors import BundleError
from slotfill.schema import Dataset, Example
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize
from slotfill.training import loop
from slotfill.training.data import PooledSplits, pool
from slotfill.training.history import EpochReport
from slotfill.training.loop import build, fit
from slotfill.vocabulary import Vocabularies

torch.set_num_threads(1)  # more are slower at this size

CITIES = ("boston", "cairo", "denver", "lyon", "madrid", "new york", "oslo", "rome")
ROLES = {"arrive": "toloc.city_name", "leave": "fromloc.city_name"}
FRAMES = (
    "{verb} {city}",
    "{verb} {city} on monday",
    "i want to {verb} {city} on friday morning",
    "show me flights that {verb} {city} before noon",
    "which flights {verb} {city} at 6 pm",
)


def sentences(cities: Sequence[str], *, frames: Sequence[str] = FRAMES, verbs: bool = False) -> tuple[Example, ...]:
    """Each city in each template, arrived at and left; with `verbs`, the verbs are slots too."""
    examples = []
    for city, frame, (verb, role) in product(cities, frames, ROLES.items()):
        text = frame.format(verb=verb, city=city)
        tokens = tokenize(text)
        start = [token.text for token in tokens].index(verb) + 1
        spans = [TokenSpan(start - 1, start, verb)] if verbs else []
        spans.append(TokenSpan(start, start + len(city.split()), role))
        examples.append(Example(text, tokens, tags_of(spans, length=len(tokens))))
    return tuple(examples)


def pooled(train: Sequence[Example], dev: Sequence[Example]) -> PooledSplits:
    """`dev` is also the test split."""
    dataset = Dataset("toy", {"train": tuple(train), "dev": tuple(dev), "test": tuple(dev)})
    return pool([dataset], Config(data=(DataConfig("toy"),)))


# --- what a memory is good for ---------------------------------------------------------------------

TOY = Config(
    ModelConfig(hidden=16, word_size=8, character_filters=0),
    TrainingConfig(
        epochs=25, batch_size=8, learning_rate=0.05, ema=0.9, dropout_in=0.1, dropout_out=0, patience=10_000
    ),
)


def learnt(variant: str, folder: Path, *, verbs: bool = False) -> Run:
    train = sentences(CITIES, verbs=verbs)
    dev = train + sentences(["lima"], verbs=verbs)
    (run,) = compare([variant], seeds=[1], base=TOY, splits=pooled(train, dev), folder=folder)
    return run


def test_without_memory_a_city_is_the_same_after_arrive_as_after_leave(tmp_path: Path) -> None:
    run = learnt("feedforward", tmp_path)
    assert run.twins_seen == run.twins_unseen == 0.0
    assert run.f1 <= 0.5  # one of two: the same for both verbs


@pytest.mark.parametrize(
    "variant", ["feedforward-window", "elman", "elman-bi", "jordan-window", "lstm", "lstm-peepholes-bi", "gru-bi"]
)
def test_a_net_with_memory_distinguishes_twins(variant: str, tmp_path: Path) -> None:
    run = learnt(variant, tmp_path)
    assert run.twins_seen == 1.0
    assert run.f1 == 1.0
    assert run.twins_unseen is not None
    assert run.twins_unseen > 0.5


def test_a_jordan_net_remembers_the_tag_of_the_verb(tmp_path: Path) -> None:
    """The verb's tag identifies the verb; the feed-forward net outputs it as well, and forgets it."""
    assert learnt("jordan", tmp_path, verbs=True).twins_seen == 1.0
    assert learnt("feedforward", tmp_path, verbs=True).twins_seen == 0.0


# --- variants --------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [Config(), from_assignments(["model.bidirectional=false", "model.cell=gru"])])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_what_its_name_says(variant: str, base: Config) -> None:
    model = from_assignments(VARIANTS[variant], base=base).model
    cell, *words = variant.split("-")
    assert model.cell == cell
    assert model.bidirectional == ("bi" in words)
    assert (model.window > 0) == ("window" in words)
    assert model.peepholes == ("peepholes" in words)
    assert model.layers == (2 if "layers" in words else 1)
    assert build(Config(model._replace(hidden=2, word_size=2)), Vocabularies.of(sentences(["rome"])))


# --- again, and after an interruption --------------------------------------------------------------

TINY = TOY._replace(
    model=ModelConfig(hidden=4, word_size=4, character_filters=0),
    training=TOY.training._replace(epochs=3, dropout_in=0.0),
)
TRAIN, DEV = sentences(CITIES[:3]), sentences(["lima"])
EPOCH = len(TRAIN)


class Watch:
    """Counts the sentences that `compare` reports as done, and those really trained on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.told = self.trained = self.fits = 0
        self.stop_after: int | None = None

        def counted(*args: Any, on_batch: Callable[[int], None], **kwargs: Any) -> Iterator[EpochReport]:
            self.fits += 1

            def count(sentences: int) -> None:
                self.trained += sentences
                on_batch(sentences)

            return fit(*args, on_batch=count, **kwargs)

        monkeypatch.setattr(loop, "fit", counted)

    def on_batch(self, sentences: int) -> None:
        self.told += sentences
        if self.stop_after is not None and self.trained >= self.stop_after:
            raise KeyboardInterrupt

    def compare(self, folder: Path, *variants: str, base: Config = TINY, seeds: Sequence[int] = (1,)) -> list[Run]:
        """Run `compare` with the counters at 0."""
        self.told = self.trained = self.fits = 0
        runs = compare(
            variants,
            seeds=seeds,
            base=base,
            splits=pooled(TRAIN, DEV),
            folder=folder,
            on_batch=self.on_batch,
        )
        return [steady(run) for run in runs]


def steady(run: Run) -> Run:
    """Without the timings."""
    return replace(run, sentences_per_cpu_second=0.0, training_cpu_seconds=0.0)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def weights(folder: Path) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in read(folder).weights.items()}


def test_a_trained_network_is_not_trained_again(watch: Watch, tmp_path: Path) -> None:
    first = watch.compare(tmp_path, "elman", "feedforward", seeds=[1, 2])
    assert [(run.variant, run.seed) for run in first] == [
        ("elman", 1),
        ("feedforward", 1),
        ("elman", 2),
        ("feedforward", 2),
    ]
    assert (watch.fits, watch.trained, watch.told) == (4, 12 * EPOCH, 12 * EPOCH)
    kept = ["elman-1", "elman-2", "feedforward-1", "feedforward-2"]
    assert sorted(path.name for path in tmp_path.iterdir()) == kept
    assert read(tmp_path / "elman-2").config.training.seed == 2
    (source,) = read(tmp_path / "elman-2").training["data"]
    assert len(source.pop("digest")) == 32
    assert source == {"source": "toy", "train": EPOCH, "dev": len(DEV), "test": len(DEV)}
    assert weights(tmp_path / "elman-1") != weights(tmp_path / "elman-2")

    assert watch.compare(tmp_path, "elman", "feedforward", seeds=[1, 2]) == first
    assert (watch.fits, watch.trained, watch.told) == (0, 0, 12 * EPOCH)
    # a further one is trained beside them
    assert watch.compare(tmp_path, "elman", "jordan") != first
    assert (watch.fits, watch.trained, watch.told) == (1, 3 * EPOCH, 6 * EPOCH)


@pytest.mark.parametrize("stop_after", [1, EPOCH, EPOCH + 1, 3 * EPOCH - 1])
def test_an_interrupted_run_is_resumed(watch: Watch, tmp_path: Path, stop_after: int) -> None:
    """From the last whole epoch to the same weights; the reported progress still adds up."""
    expected = watch.compare(tmp_path / "whole", "lstm")
    watch.stop_after = stop_after
    with pytest.raises(KeyboardInterrupt):
        watch.compare(tmp_path / "stopped", "lstm")
    watch.stop_after = None
    done = (stop_after - 1) // EPOCH
    left = [path.name.split(".")[-1] for path in (tmp_path / "stopped").glob("*")]
    assert left == ["checkpoint"] * (done > 0)

    assert watch.compare(tmp_path / "stopped", "lstm") == expected
    assert (watch.trained, watch.told) == ((3 - done) * EPOCH, 3 * EPOCH)
    assert weights(tmp_path / "stopped" / "lstm-1") == weights(tmp_path / "whole" / "lstm-1")
    assert [path.name for path in (tmp_path / "stopped").iterdir()] == ["lstm-1"]


def test_another_configuration_is_trained_anew(watch: Watch, tmp_path: Path) -> None:
    watch.compare(tmp_path, "elman")
    before = weights(tmp_path / "elman-1")
    other = TINY._replace(training=TINY.training._replace(learning_rate=0.01))
    watch.compare(tmp_path, "elman", base=other)
    assert watch.trained == 3 * EPOCH
    assert weights(tmp_path / "elman-1") != before


def test_the_checkpoint_of_another_configuration_is_ignored(watch: Watch, tmp_path: Path) -> None:
    watch.stop_after = 2 * EPOCH
    with pytest.raises(KeyboardInterrupt):
        watch.compare(tmp_path, "elman")
    watch.stop_after = None
    other = TINY._replace(training=TINY.training._replace(learning_rate=0.01))
    expected = watch.compare(tmp_path / "fresh", "elman", base=other)
    assert watch.compare(tmp_path, "elman", base=other) == expected
    assert watch.trained == 3 * EPOCH
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elman-1", "fresh"]


def test_epochs_saved_by_patience_count_as_done(watch: Watch, tmp_path: Path) -> None:
    impatient = TINY._replace(training=TINY.training._replace(epochs=50, patience=1))
    watch.compare(tmp_path, "feedforward", base=impatient)
    assert watch.trained < 50 * EPOCH
    assert watch.told == 50 * EPOCH


def test_a_folder_of_the_user_is_left_alone(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "elman-1").mkdir()
    (tmp_path / "elman-1" / "mine.txt").write_text("mine")
    with pytest.raises(BundleError, match="elman-1 exists already"):
        watch.compare(tmp_path, "elman")
    assert (tmp_path / "elman-1" / "mine.txt").read_text() == "mine"


# --- the table -------------------------------------------------------------------------------------


def run(variant: str, seed: int, f1: float, **more: Any) -> Run:
    return Run(
        **{
            "variant": variant,
            "seed": seed,
            "f1": f1,
            "sentence_accuracy": f1 / 2,
            "twins_seen": 0.5,
            "twins_unseen": 0.25,
            "parameters": 1000,
            "training_cpu_seconds": 2.0,
            "sentences_per_cpu_second": 100.0,
            **more,
        }
    )


def test_a_row_holds_means_and_spreads() -> None:
    first, second = summarize(
        [
            run("lstm", 1, 0.9, twins_seen=1.0, twins_unseen=0.75, sentences_per_cpu_second=50.0),
            run("elman", 1, 0.5),
            run("lstm", 2, 0.8, training_cpu_seconds=5.0, sentences_per_cpu_second=9000.0),
            run("lstm", 3, 0.7, twins_seen=0.0, twins_unseen=0.5),
        ]
    )
    assert (first.variant, first.seeds) == ("lstm", 3)
    assert (first.f1, first.f1_spread) == pytest.approx((0.8, 0.1))  # of a sample: by n - 1
    assert (first.sentence_accuracy, first.sentence_accuracy_spread) == pytest.approx((0.4, 0.05))
    assert (first.twins_seen, first.twins_unseen) == (0.5, 0.5)
    assert first.parameters == 1000
    assert first.training_cpu_seconds == pytest.approx(3.0)
    assert first.sentences_per_cpu_second == 100.0  # the median: one slow machine is not the net's fault
    assert (second.variant, second.seeds, second.f1) == ("elman", 1, 0.5)
    assert second.f1_spread == second.sentence_accuracy_spread == 0.0


def test_a_row_without_twins() -> None:
    (row,) = summarize([run("lstm", seed, 0.9, twins_seen=None, twins_unseen=None) for seed in (1, 2)])
    assert (row.twins_seen, row.twins_unseen) == (None, None)


def test_the_speed_is_taken_from_the_shortest_pass(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seconds = iter([3.0, 2.0, 5.0, 0.5, 4.0, 2.0, 9.0])

    def clocked(work: Callable[[], object]) -> float:
        work()
        return next(seconds)

    monkeypatch.setattr(comparing, "_cpu_seconds", clocked)
    (found,) = compare(["elman"], seeds=[1], base=TINY, splits=pooled(TRAIN, DEV), folder=tmp_path)
    assert found.sentences_per_cpu_second == len(DEV) / 0.5
    assert list(seconds) == []


def test_no_runs_give_no_rows() -> None:
    assert summarize([]) == []


def test_the_reach_of_the_nets(watch: Watch, tmp_path: Path) -> None:
    variants = ["elman", "feedforward", "lstm"]
    watch.compare(tmp_path, *variants)
    long = sentences(["rome"], frames=["i would like to {verb} {city} on the morning of friday"])
    curves = reaches(variants, seed=1, folder=tmp_path, test=long)
    assert list(curves) == ["elman", "lstm"]  # a feed-forward net has no such gradient
    length = len(long[0].tokens)
    assert length >= 10
    for curve in curves.values():
        assert len(curve) == length - 1
        assert curve[0] == 1.0
        assert all(value > 0 for value in curve)
