"""A toy task: the verb alone decides whether a city is an origin or a destination."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.numpy import save_file

from slotfill.config import Config, DataConfig, ModelConfig, TrainingConfig
from slotfill.encoder import SharedDropout
from slotfill.errors import ConfigError, InputError
from slotfill.evaluation import Scores
from slotfill.gazetteers import build_gazetteers
from slotfill.network import IGNORED, SlotTagger
from slotfill.schema import Example
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize
from slotfill.training import loop
from slotfill.training.checkpoint import Checkpoint, fingerprint
from slotfill.training.history import EpochReport
from slotfill.training.loop import build, dev_scores, fit
from slotfill.training.mixture import Mixture
from slotfill.vocabulary import PAD, UNKNOWN, Vocabularies

VERBS = {"leave": "fromloc", "arrive in": "toloc", "please get me to": "toloc"}
TAILS = {"": "flight", " cheaply": "airfare", "?": None}


def sentences(cities: Sequence[str]) -> tuple[Example, ...]:
    examples = []
    for city, (verb, name), (tail, intent) in product(cities, VERBS.items(), TAILS.items()):
        text = f"{verb} {city}{tail}"
        tokens, start = tokenize(text), len(verb.split())
        tags = tags_of([TokenSpan(start, start + len(city.split()), name)], length=len(tokens))
        examples.append(Example(text, tokens, tags, intent))
    return tuple(examples)


VEGAS = sentences(["las vegas"])
TRAIN = sentences(["boston", "denver", "taipei", "rome", "new york", "san francisco"]) + VEGAS[2::-1]
DEV = sentences(["oslo", "lima"]) + VEGAS[3:]  # cities, and ways of saying one, that training never saw

TINY = Config(
    ModelConfig(hidden=8, word_size=8, character_size=3, character_filters=4),
    TrainingConfig(epochs=4, batch_size=2, learning_rate=0.03, patience=8, ema=0.9, dropout_in=0.2, dropout_out=0.2),
)
EPOCHS = TINY.training.epochs
VOCABULARIES = Vocabularies.of(TRAIN)


def kept_at(
    path: Path | None,
    config: Config,
    vocabularies: Vocabularies,
    train: Sequence[Example],
    dev: Sequence[Example],
    mixture: Mixture | None = None,
) -> Checkpoint | None:
    return None if path is None else Checkpoint(path, fingerprint(config, vocabularies, train, dev, mixture))


def run(
    config: Config = TINY,
    *,
    train: Sequence[Example] = TRAIN,
    dev: Sequence[Example] = DEV,
    until: int | None = None,
    checkpoint: Path | None = None,
    on_batch: Callable[[int], None] = lambda sentences: None,
    judge: Callable[..., Scores] = dev_scores,
) -> tuple[SlotTagger, list[EpochReport]]:
    """Train, and stop after the epoch `until` as if interrupted; `judge` replaces `dev_scores`."""
    vocabularies = Vocabularies.of(train)
    network = build(config, vocabularies)
    epochs = fit(
        network,
        train,
        dev,
        config=config,
        vocabularies=vocabularies,
        checkpoint=kept_at(checkpoint, config, vocabularies, train, dev),
        on_batch=on_batch,
    )
    reports = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "dev_scores", judge)
        for report in epochs:
            reports.append(report)
            if report.epoch == until:
                epochs.close()  # type: ignore[attr-defined]  # an Iterator by its type, a generator in fact
    return network, reports


def weights(network: SlotTagger) -> dict[str, bytes]:
    """All its weights, bit by bit."""
    return {name: tensor.numpy().tobytes() for name, tensor in network.state_dict().items()}


def untimed(reports: Sequence[EpochReport]) -> list[EpochReport]:
    return [replace(report, sentences_per_second=0, cpu_seconds=0) for report in reports]


def with_training(config: Config = TINY, **settings: Any) -> Config:
    return config._replace(training=config.training._replace(**settings))


START = build(TINY, VOCABULARIES).arrays()


def farther(network: SlotTagger, *arguments: Any, **settings: Any) -> Scores:
    """Score an epoch by how far its weights have moved, so that the last one is the best."""
    scores = dev_scores(network, *arguments, **settings)
    way = sum(float(((array - START[name]) ** 2).sum()) for name, array in network.arrays().items())
    return replace(scores, micro=replace(scores.micro, f1=way))


@pytest.fixture(scope="module")
def whole() -> tuple[SlotTagger, list[EpochReport]]:
    """An uninterrupted run."""
    network, reports = run(judge=farther)
    assert all(report.best for report in reports)
    return network, reports


# --- learning --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learnt() -> tuple[SlotTagger, list[EpochReport], Config]:
    model = ModelConfig(hidden=16, word_size=16, character_filters=0)
    config = Config(
        model, TrainingConfig(epochs=14, batch_size=8, learning_rate=0.03, patience=14, ema=0.9, word_dropout=2.0)
    )
    return *run(config), config


def test_the_toy_task_is_learnt(learnt: tuple[SlotTagger, list[EpochReport], Config]) -> None:
    network, reports, config = learnt
    scores = dev_scores(network, DEV, config=config, vocabularies=VOCABULARIES)
    assert scores.micro.f1 > 0.9
    assert scores.intent_accuracy is not None
    assert scores.intent_accuracy > 0.9
    assert scores.micro.f1 == max(report.f1 for report in reports)
    untrained = dev_scores(build(config, VOCABULARIES), DEV, config=config, vocabularies=VOCABULARIES)
    assert untrained.micro.f1 < 0.5


def test_the_loss_falls(learnt: tuple[SlotTagger, list[EpochReport], Config]) -> None:
    _, reports, _ = learnt
    assert [report.epoch for report in reports] == list(range(1, 15))
    assert reports[-1].loss < reports[0].loss / 2


def test_padding_of_characters_stays_zero(whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    """The runtime relies on it."""
    characters = whole[0].arrays()["features.characters"]
    assert not characters[PAD].any()
    assert characters[UNKNOWN + 1 :].any(1).all()


def test_the_unknown_word_learns_from_dropped_words() -> None:
    for rate, learns in ((0.0, False), (0.5, True)):
        config = with_training(epochs=1, word_dropout=rate)
        before = build(config, VOCABULARIES).arrays()["features.words"][UNKNOWN]
        network, _ = run(config)
        after = network.arrays()["features.words"][UNKNOWN]
        assert (before != after).any() == learns


def test_data_without_intents() -> None:
    train, dev = ([example._replace(intent=None) for example in part] for part in (TRAIN, DEV))
    network, reports = run(with_training(epochs=2), train=train, dev=dev)
    assert [report.intent_accuracy for report in reports] == [None, None]
    assert reports[1].loss < reports[0].loss
    assert network.intent is None


def test_a_sentence_without_intent_has_no_intent_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: Counter[int] = Counter()
    loss = SlotTagger.loss

    def spy(self: SlotTagger, *arguments: torch.Tensor) -> torch.Tensor:
        taught.update(arguments[-1].tolist())
        return loss(self, *arguments)

    monkeypatch.setattr(SlotTagger, "loss", spy)
    run(with_training(epochs=1))
    wanted = Counter(IGNORED if e.intent is None else VOCABULARIES.intents.id(e.intent) for e in TRAIN)
    assert taught == wanted
    assert wanted[IGNORED] > 0


def test_every_sentence_is_counted() -> None:
    counts: list[int] = []
    run(on_batch=counts.append)
    assert sum(counts) == EPOCHS * len(TRAIN)
    assert max(counts) == TINY.training.batch_size
    assert min(counts) > 0


# --- the same again --------------------------------------------------------------------------------


def test_the_initial_weights_depend_only_on_the_seed() -> None:
    first = weights(build(TINY, VOCABULARIES))
    torch.rand(3)
    assert weights(build(TINY, VOCABULARIES)) == first
    assert weights(build(with_training(learning_rate=0.1), VOCABULARIES)) == first
    assert weights(build(with_training(seed=2), VOCABULARIES)) != first


def test_one_seed_gives_one_network(whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    torch.manual_seed(99)  # the state of the world outside does not matter
    network, reports = run(judge=farther)
    assert weights(network) == weights(whole[0])
    assert untimed(reports) == untimed(whole[1])
    other, _ = run(with_training(seed=2), judge=farther)
    assert weights(other).keys() == weights(network).keys()
    assert weights(other) != weights(network)


def test_the_seed_decides_the_order_too() -> None:
    """Not only the initial weights and dropout: without either, two seeds still give different weights."""
    networks = [build(TINY, VOCABULARIES), build(TINY, VOCABULARIES)]
    for seed, network in enumerate(networks):
        config = with_training(seed=seed, epochs=1, dropout_in=0.0, dropout_out=0.0, word_dropout=0.0)
        for module in network.modules():
            if isinstance(module, SharedDropout):
                module.rate = 0.0
        list(fit(network, TRAIN, DEV, config=config, vocabularies=VOCABULARIES))
    assert weights(networks[0]) != weights(networks[1])


# --- interrupted and resumed -----------------------------------------------------------------------


@pytest.mark.parametrize("until", range(1, EPOCHS + 1))
def test_resumed_after_any_epoch(until: int, tmp_path: Path, whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    checkpoint = tmp_path / "new" / "checkpoint"
    interrupted, reports = run(until=until, checkpoint=checkpoint, judge=farther)
    assert untimed(reports) == untimed(whole[1][:until])
    assert weights(interrupted) != weights(whole[0])
    counts: list[int] = []
    resumed, again = run(checkpoint=checkpoint, on_batch=counts.append, judge=farther)
    assert weights(resumed) == weights(whole[0])
    assert untimed(again) == untimed(whole[1])
    assert again[:until] == reports  # reported as they were, times too
    assert sum(counts) == (EPOCHS - until) * len(TRAIN)  # and not run again
    assert [file.name for file in checkpoint.parent.iterdir()] == ["checkpoint"]


def test_resumed_twice(tmp_path: Path, whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    checkpoint = tmp_path / "checkpoint"
    for until in (1, 3):
        run(until=until, checkpoint=checkpoint, judge=farther)
    network, reports = run(checkpoint=checkpoint, judge=farther)
    assert weights(network) == weights(whole[0])
    assert untimed(reports) == untimed(whole[1])


def test_a_checkpoint_changes_nothing(tmp_path: Path, whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    network, _ = run(checkpoint=tmp_path / "checkpoint", judge=farther)
    assert weights(network) == weights(whole[0])


def train_until_killed(checkpoint: Path, sentences: int) -> None:
    """Run in another process, which dies after so many sentences."""
    seen = 0

    def count(batch: int) -> None:
        nonlocal seen
        seen += batch
        if seen >= sentences:
            os.kill(os.getpid(), signal.SIGKILL)

    run(checkpoint=checkpoint, on_batch=count, judge=farther)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_resumed_after_kill_9(tmp_path: Path, whole: tuple[SlotTagger, list[EpochReport]]) -> None:
    checkpoint = tmp_path / "checkpoint"
    middle_of_epoch_3 = 2 * len(TRAIN) + len(TRAIN) // 2
    code = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from pathlib import Path\n"
        f"import {Path(__file__).stem} as tests\n"
        f"tests.train_until_killed(Path({str(checkpoint)!r}), {middle_of_epoch_3})"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    counts: list[int] = []
    network, reports = run(checkpoint=checkpoint, on_batch=counts.append, judge=farther)
    assert sum(counts) == (EPOCHS - 2) * len(TRAIN)
    assert weights(network) == weights(whole[0])
    assert untimed(reports) == untimed(whole[1])


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: tuple[SlotTagger, list[EpochReport]]
) -> None:
    checkpoint = tmp_path / "checkpoint"
    run(until=2, checkpoint=checkpoint, judge=farther)

    def fail(*_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        run(checkpoint=checkpoint, judge=farther)
    monkeypatch.undo()
    network, _ = run(checkpoint=checkpoint, judge=farther)
    assert weights(network) == weights(whole[0])


MIXED = TINY._replace(
    model=TINY.model._replace(crf=True, gazetteers="yes"),
    data=(DataConfig("towns", share=0.5, substituted=1.0, gazetteers=0.5), DataConfig("vegas", share=1.5)),
)


def run_mixed(*, until: int | None = None, checkpoint: Path | None = None) -> tuple[SlotTagger, list[EpochReport]]:
    """Everything that the recipes use: a CRF, gazetteers, and data sets sampled anew by each epoch."""
    vocabularies = Vocabularies.of(TRAIN, gazetteers=build_gazetteers({"city": ("Rome", "New York", "Oslo")}))
    mixture = Mixture.of([TRAIN[:-3], TRAIN[-3:]], config=MIXED.data)
    network = build(MIXED, vocabularies)
    reports = []
    kept = kept_at(checkpoint, MIXED, vocabularies, TRAIN, DEV, mixture)
    epochs = fit(network, TRAIN, DEV, config=MIXED, vocabularies=vocabularies, mixture=mixture, checkpoint=kept)
    for report in epochs:
        reports.append(report)
        if report.epoch == until:
            epochs.close()  # type: ignore[attr-defined]  # an Iterator by its type, a generator in fact
    return network, reports


def test_a_mixture_is_resumed_exactly(tmp_path: Path) -> None:
    whole, reports = run_mixed()
    for until in (1, 3):
        run_mixed(until=until, checkpoint=tmp_path / "checkpoint")
    resumed, again = run_mixed(checkpoint=tmp_path / "checkpoint")
    assert weights(resumed) == weights(whole)
    assert untimed(again) == untimed(reports)


def test_out_of_domain_sentences_are_in_the_fingerprint(tmp_path: Path) -> None:
    """They are neither in the train split nor in dev, but still decide the weights."""
    config = TINY._replace(data=(DataConfig("mine"), DataConfig("out_of_domain", out_of_domain=True)))

    def first_epoch(out_of_domain: Sequence[Example]) -> None:
        mixture = Mixture.of([TRAIN, out_of_domain], config=config.data)
        kept = kept_at(tmp_path / "checkpoint", config, VOCABULARIES, TRAIN, DEV, mixture)
        network = build(config, VOCABULARIES)
        next(fit(network, TRAIN, DEV, config=config, vocabularies=VOCABULARIES, mixture=mixture, checkpoint=kept))

    first_epoch(DEV[:3])
    first_epoch(DEV[:3])
    with pytest.raises(InputError, match="other data"):
        first_epoch(DEV[:4])


def test_a_network_with_a_crf_and_gazetteers_tags_as_it_is_scored() -> None:
    network, reports = run_mixed()
    vocabularies = Vocabularies.of(TRAIN, gazetteers=build_gazetteers({"city": ("Rome", "New York", "Oslo")}))
    scores = dev_scores(network, DEV, config=MIXED, vocabularies=vocabularies)
    assert scores.micro.f1 == max(report.f1 for report in reports) > 0
    assert (network.arrays()["crf.A"] != 0).any()
    assert scores.calibration_error is not None


# --- checkpoints that do not fit -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "train", "dev"),
    [
        pytest.param(with_training(seed=2), TRAIN, DEV, id="another seed"),
        pytest.param(with_training(learning_rate=0.02), TRAIN, DEV, id="another setting"),
        pytest.param(with_training(epochs=5), TRAIN, DEV, id="another number of epochs"),
        pytest.param(TINY._replace(model=TINY.model._replace(hidden=7)), TRAIN, DEV, id="another network"),
        pytest.param(TINY, TRAIN[:-1], DEV, id="other sentences to train on"),
        pytest.param(TINY, (TRAIN[0]._replace(intent="airfare"), *TRAIN[1:]), DEV, id="another intent"),
        pytest.param(TINY, TRAIN[::-1], DEV, id="another order"),
        pytest.param(TINY, TRAIN, DEV[:-1], id="another dev split"),
        pytest.param(TINY, TRAIN[:-1], (TRAIN[-1], *DEV), id="another border between the splits"),
    ],
)
def test_the_checkpoint_of_another_training_is_refused(
    config: Config, train: Sequence[Example], dev: Sequence[Example], tmp_path: Path
) -> None:
    checkpoint = tmp_path / "checkpoint"
    run(until=1, checkpoint=checkpoint)
    before = checkpoint.read_bytes()
    with pytest.raises(InputError, match="other data, another configuration or another seed") as caught:
        run(config, train=train, dev=dev, checkpoint=checkpoint)
    assert str(checkpoint) in str(caught.value)
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize("kept", [0, 4, 100, 0.5, -1], ids=str)
def test_a_truncated_checkpoint_is_refused(kept: float, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    run(until=1, checkpoint=checkpoint)
    data = checkpoint.read_bytes()
    checkpoint.write_bytes(data[: kept if isinstance(kept, int) else int(kept * len(data))])
    with pytest.raises(InputError, match="not a checkpoint") as caught:
        run(checkpoint=checkpoint)
    assert str(checkpoint) in str(caught.value)


@pytest.mark.parametrize("place", [0.1, 0.3, 0.6, 0.9])
def test_a_flipped_bit_is_told(place: float, tmp_path: Path) -> None:
    """In the numbers it would go on from other weights, and in the history from other scores."""
    checkpoint = tmp_path / "checkpoint"
    run(until=1, checkpoint=checkpoint)
    data = bytearray(checkpoint.read_bytes())
    data[int(place * len(data))] ^= 1
    checkpoint.write_bytes(data)
    with pytest.raises(InputError, match="delete it") as caught:
        run(checkpoint=checkpoint)
    assert str(checkpoint) in str(caught.value)


def test_a_score_that_was_changed_is_told(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint"
    run(until=1, checkpoint=checkpoint)
    changed, count = re.subn(rb'(f1\\": )[0-9]', rb"\g<1>9", checkpoint.read_bytes(), count=1)
    assert count == 1
    checkpoint.write_bytes(changed)
    with pytest.raises(InputError, match="its sum is not that of its content"):
        run(checkpoint=checkpoint)


def test_a_bundles_weights_are_no_checkpoint(tmp_path: Path) -> None:
    save_file(build(TINY, VOCABULARIES).arrays(), tmp_path / "weights.safetensors")
    with pytest.raises(InputError, match="it was made by another version of slotfill") as caught:
        run(checkpoint=tmp_path / "weights.safetensors")
    assert str(tmp_path / "weights.safetensors") in str(caught.value)


def test_a_folder_is_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a checkpoint"):
        run(checkpoint=tmp_path)


# --- the best epoch --------------------------------------------------------------------------------


class Judge:
    """Replaces `dev_scores` with given scores, and records the networks."""

    def __init__(self, f1: Sequence[float]) -> None:
        self.f1 = iter(f1)
        self.seen: list[dict[str, bytes]] = []

    def __call__(self, network: SlotTagger, *arguments: Any, **settings: Any) -> Scores:
        self.seen.append(weights(network))
        scores = dev_scores(network, *arguments, **settings)
        return replace(scores, micro=replace(scores.micro, f1=next(self.f1)))


@pytest.mark.parametrize(
    ("f1", "best"),
    [
        ([0.1, 0.5, 0.3, 0.4], [True, True, False, False]),
        ([0.1, 0.2, 0.3, 0.4], [True, True, True, True]),
        ([0.0, 0.0, 0.0, 0.0], [True, True, True, True]),  # while nothing is found, later is better
        ([0.0, 0.0, 0.2, 0.0], [True, True, True, False]),
        ([0.5, 0.1, 0.5, 0.1], [True, False, False, False]),  # as good is not better
    ],
)
def test_the_network_ends_with_the_best_weights(f1: list[float], best: list[bool]) -> None:
    judge = Judge(f1)
    network, reports = run(judge=judge)
    assert [report.f1 for report in reports] == f1
    assert [report.best for report in reports] == best
    last = max(number for number, is_best in enumerate(best) if is_best)
    assert weights(network) == judge.seen[last]
    assert len(set(map(str, judge.seen))) == EPOCHS  # so that no other epoch's weights would do


class IntentJudge(Judge):
    """The same for intent accuracies."""

    def __call__(self, network: SlotTagger, *arguments: Any, **settings: Any) -> Scores:
        self.seen.append(weights(network))
        return replace(dev_scores(network, *arguments, **settings), intent_accuracy=next(self.f1))


NO_SLOTS = [example._replace(tags=("O",) * len(example.tags)) for example in DEV]


@pytest.mark.parametrize(
    ("accuracy", "best"),
    [
        ([0.1, 0.5, 0.3, 0.6], [True, True, False, True]),
        ([0.5, 0.1, 0.5, 0.1], [True, False, False, False]),  # as good is not better
    ],
)
def test_without_slots_in_dev_the_intents_decide(accuracy: list[float], best: list[bool], tmp_path: Path) -> None:
    judge = IntentJudge(accuracy)
    network, reports = run(dev=NO_SLOTS, judge=judge)
    assert [report.best for report in reports] == best
    assert weights(network) == judge.seen[max(number for number, is_best in enumerate(best) if is_best)]

    checkpoint = tmp_path / "checkpoint"
    run(dev=NO_SLOTS, until=2, checkpoint=checkpoint, judge=IntentJudge(accuracy))
    resumed, again = run(dev=NO_SLOTS, checkpoint=checkpoint, judge=IntentJudge(accuracy[2:]))
    assert untimed(again) == untimed(reports)
    assert weights(resumed) == weights(network)


def test_without_slots_in_dev_patience_waits_for_intents() -> None:
    config = with_training(epochs=8, patience=2)
    assert len(run(config, dev=NO_SLOTS, judge=IntentJudge([0.1, 0.2, 0.3, 0.3, 0.2]))[1]) == 5


def test_without_slots_and_intents_in_dev_the_last_epoch_counts() -> None:
    _, reports = run(with_training(patience=1), dev=[example._replace(intent=None) for example in NO_SLOTS])
    assert [report.best for report in reports] == [True] * EPOCHS


# --- a training that diverges ----------------------------------------------------------------------


@pytest.mark.parametrize("loss", ["nan", "inf"])
def test_it_stops_as_soon_as_the_loss_is_not_finite(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    take_step = loop._Run.take_step

    def diverging(self: Any, batch: Any) -> float:
        return take_step(self, batch) if sum(counts) < 1.5 * len(TRAIN) else float(loss)

    monkeypatch.setattr(loop._Run, "take_step", diverging)
    expected = f"^the loss is {loss} in epoch 2: .* lower training.learning_rate, which is 0.03$"
    with pytest.raises(ConfigError, match=expected):
        run(on_batch=counts.append)
    assert sum(counts) < 2 * len(TRAIN)


def test_the_last_step_of_an_epoch_may_diverge(monkeypatch: pytest.MonkeyPatch) -> None:
    take_step = loop._Run.take_step

    def diverging(self: Any, batch: Any) -> float:
        loss = take_step(self, batch)
        self.averages[0].data.fill_(float("inf"))
        return loss

    monkeypatch.setattr(loop._Run, "take_step", diverging)
    with pytest.raises(ConfigError, match=r"^some weights are not finite after epoch 1: "):
        run()


def test_without_a_dev_split_the_last_epoch_counts() -> None:
    judge = Judge([0.0] * EPOCHS)
    network, reports = run(with_training(patience=1), dev=(), judge=judge)
    assert [report.best for report in reports] == [True] * EPOCHS
    assert weights(network) == judge.seen[-1]


def test_the_averaged_weights_are_scored() -> None:
    """The result differs from the weights after the last step, unless averaging is off."""
    averaged, _ = run(with_training(epochs=1, ema=0.9))
    plain, _ = run(with_training(epochs=1, ema=0.0))
    assert weights(averaged) != weights(plain)


@pytest.mark.parametrize(
    ("patience", "f1", "epochs"),
    [
        (1, [0.1, 0.2, 0.2, 0.3], 3),
        (2, [0.1, 0.2, 0.3, 0.3, 0.4, 0.2, 0.4, 0.5], 7),
        (3, [0.1, 0.2, 0.2, 0.1, 0.3, 0.1, 0.1, 0.1], 8),
        (4, [0.4, 0.2, 0.3, 0.4, 0.1, 0.5], 5),
        (9, [0.4, 0.2, 0.3, 0.4, 0.1, 0.1, 0.1, 0.1], 8),
    ],
)
def test_patience_ends_the_training(patience: int, f1: list[float], epochs: int) -> None:
    """Training ends after so many epochs in a row without a better one."""
    judge = Judge(f1)
    network, reports = run(with_training(epochs=8, patience=patience), judge=judge)
    assert len(reports) == epochs
    assert weights(network) == judge.seen[f1.index(max(f1[:epochs]))]


def test_exhausted_patience_stays_exhausted_when_resumed(tmp_path: Path) -> None:
    config, checkpoint = with_training(epochs=8, patience=2), tmp_path / "checkpoint"
    first, reports = run(config, checkpoint=checkpoint, judge=Judge([0.3, 0.2, 0.1]))
    again, reported = run(config, checkpoint=checkpoint, judge=Judge([]))
    assert reported == reports
    assert len(reports) == 3
    assert weights(again) == weights(first)
