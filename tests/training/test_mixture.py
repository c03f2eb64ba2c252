"""What an epoch takes from each data set."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from slotfill.config import DataConfig
from slotfill.readers.markup import parse
from slotfill.tags import spans_of
from slotfill.training.mixture import Mixture, relabelled

TRAIN = [
    parse(line)
    for line in (
        "from [Boston](fromloc.city_name) to [Denver](toloc.city_name) on [june](depart_date.month_name) "
        "[third](depart_date.day_number)\tflight",
        "to [Salt Lake City](toloc.city_name), [Utah](toloc.state_name), on [may](arrive_date.month_name) "
        "[twenty first](arrive_date.day_number)\tflight",
        "[Delta](airline_name) or [United Airlines](airline_name) from [Portland](fromloc.city_name) "
        "[Maine](fromloc.state_name)",
        "what is [nonstop](flight_stop)?\tother",
        "hello",
    )
]


@pytest.mark.parametrize(
    ("settings", "originals", "sentences"),
    [
        ({"share": 1.0}, 5, 5),
        ({"share": 0.4}, 2, 2),
        ({"share": 2.2}, 11, 11),
        ({"substituted": 0.6}, 5, 8),
        ({"share": 2.0, "substituted": 1.0}, 10, 20),
    ],
)
def test_shares(settings: dict[str, float], originals: int, sentences: int) -> None:
    mixture = Mixture([(TRAIN, DataConfig("mine", **settings))])  # type: ignore[arg-type]
    epoch = mixture.epoch(1, seed=1)
    assert len(epoch) == len(mixture) == sentences
    assert sum(example in TRAIN for example in epoch[:originals]) == originals
    counts = Counter(example.text for example in epoch[:originals])
    assert max(counts.values()) - min(counts[example.text] for example in TRAIN) <= 1


def test_an_epoch_depends_only_on_seed_and_number() -> None:
    def mixture() -> Mixture:
        return Mixture(
            [(TRAIN, DataConfig("mine", substituted=2.0, gazetteers=0.5)), (TRAIN[:2], DataConfig("other", share=0.5))]
        )

    one = mixture()
    epochs = [one.epoch(number, seed=seed) for number, seed in ((1, 1), (2, 1), (1, 2))]
    assert mixture().epoch(2, seed=1) == epochs[1]
    assert epochs[0] != epochs[1] != epochs[2] != epochs[0]


def test_an_epoch_is_the_same_in_every_process() -> None:
    """The order of a Python set would depend on the process."""
    code = (
        "from slotfill.training.mixture import Mixture; from slotfill.config import DataConfig; "
        "from slotfill.generator import generate; "
        "mixture = Mixture([(list(generate(300, seed=1)), DataConfig('mine', substituted=1.0, gazetteers=0.5))]); "
        "print([example.text for example in mixture.epoch(1, seed=1)])"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


def test_no_mixture_if_every_epoch_takes_everything() -> None:
    assert Mixture.of([TRAIN[:2], TRAIN[2:]], config=[DataConfig("a"), DataConfig("b")]) is None
    mixture = Mixture.of([TRAIN[:2], TRAIN[2:]], config=[DataConfig("a", share=2.0), DataConfig("b")])
    assert mixture is not None
    assert Counter(e.text for e in mixture.epoch(1, seed=1)) == Counter([e.text for e in [*TRAIN[:2], *TRAIN]])


def test_out_of_domain_sentences_have_no_slots() -> None:
    mixture = Mixture(
        [(TRAIN[:1], DataConfig("mine")), (TRAIN[1:], DataConfig("other", share=0.5, out_of_domain=True))]
    )
    own, *out_of_domain = mixture.epoch(1, seed=1)
    assert own == TRAIN[0]
    assert len(out_of_domain) == 2
    for example in out_of_domain:
        assert (set(example.tags), example.intent) == ({"O"}, "other")
        assert example.text in {original.text for original in TRAIN[1:]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[nonstop](flight_stop) on [monday](arrive_date.day_name)", "depart_date.day_name"),
        ("[nonstop](flight_stop) leaving [at noon](arrive_time.time)", "arrive_time.time"),  # no such departure
        ("[nonstop](flight_stop) arriving on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("[nonstop](flight_stop) that gets in on [monday](arrive_date.day_name)", "arrive_date.day_name"),
        ("a flight on [monday](arrive_date.day_name)", "arrive_date.day_name"),
    ],
)
def test_relabelled(before: str, after: str) -> None:
    tags = frozenset({"O", "B-flight_stop", "B-arrive_date.day_name", "B-depart_date.day_name", "B-arrive_time.time"})
    repaired = relabelled(parse(before), tags=tags)
    assert spans_of(repaired.tags)[-1].name == after
    assert repaired.text == parse(before).text
