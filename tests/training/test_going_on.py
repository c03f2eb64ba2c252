"""To go on from a model: what is taken over, what is added, what is rehearsed, and that little is forgotten."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import slotfill
from slotfill.errors import ConfigError, InputError
from slotfill.evaluation import scores_of
from slotfill.gazetteers import GazetteerMatcher
from slotfill.readers import parse_markup, save
from slotfill.schema import Dataset, Example
from slotfill.tagger import Tagger
from slotfill.training import going_on
from slotfill.training.data import with_sources
from slotfill.training.going_on import Rehearsal, pool_with, rehearsal_of, start_of
from slotfill.training.pipeline import Trained, train
from slotfill.vocabulary import UNKNOWN

torch.set_num_threads(1)  # more are slower at this size

CITIES = ("Rome", "Oslo", "Taipei", "Boston", "Lima", "New York", "Bern", "Quito")
OLD = tuple(
    parse_markup(f"{verb} [{city}]({role}.city){tail}\tflight")
    for city in CITIES
    for tail in ("", " please", " at noon", " by the window")
    for verb, role in {"arrive": "to", "leave": "from"}.items()
)
SEATS = ("aisle", "window", "front row", "Zürich lounge")
NEW = tuple(
    parse_markup(line)
    for seat in SEATS
    for line in (f"an [{seat}](seat) to [Rome](to.city)\tflight", f"I want the [{seat}](seat)\tseat")
)
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"hidden": 12, "word_size": 12, "character_filters": 6, "character_size": 6, "crf": True},
    "training": {"epochs": 10, "batch_size": 8, "learning_rate": 0.05, "ema": 0.9},
}
MINE = Dataset("mine", {"train": OLD, "dev": OLD[::3]})
STILL = {"training": {"epochs": 1, "learning_rate": 1e-8, "ema": 0.0}}  # a training that changes next to nothing


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that knows cities."""
    folder = tmp_path_factory.mktemp("going on") / "old"
    train(MINE, config=SETTINGS).save(folder)
    return folder


def on(old: Path, data: Any = NEW, **options: Any) -> Trained:
    return train(data, start=old, **{"rehearse": MINE, **options})


def tags_by(tagger: Tagger, examples: tuple[Example, ...]) -> list[list[tuple[str, str]]]:
    found = tagger.tag([example.text for example in examples])
    return [[(slot.name, slot.text) for slot in annotation.slots] for annotation in found]


# --- what is taken over ----------------------------------------------------------------------------


def test_words_and_labels_are_added_and_old_rows_are_copied_by_name(old: Path) -> None:
    before, after = Tagger.load(old), on(old, config=STILL)
    was, now = before.vocabularies, after.bundle.vocabularies
    assert now.words.items[: len(was.words)] == was.words.items
    assert {"aisle", "an", "lounge"} <= {*now.words.items[len(was.words) :]}
    assert {*now.tags.items} == {*was.tags.items, "B-seat", "I-seat"}
    assert now.intents.items == ("flight", "seat")
    old_weights, weights = slotfill.bundle.read(old).weights, after.bundle.weights
    np.testing.assert_allclose(
        weights["features.words"][: len(was.words)], old_weights["features.words"], rtol=1e-4, atol=1e-5
    )
    for word in ("aisle", "lounge"):
        row = weights["features.words"][now.words.id(word)]
        np.testing.assert_allclose(row, old_weights["features.words"][UNKNOWN], rtol=1e-4, atol=1e-5)
    for tag in was.tags.items:
        row, old_row = weights["emissions.W"][now.tags.id(tag)], old_weights["emissions.W"][was.tags.id(tag)]
        np.testing.assert_allclose(row, old_row, rtol=1e-4, atol=1e-5)
        for following in was.tags.items:
            old_score = old_weights["crf.A"][was.tags.id(tag), was.tags.id(following)]
            assert weights["crf.A"][now.tags.id(tag), now.tags.id(following)] == pytest.approx(old_score, abs=1e-5)
    outside = old_weights["emissions.W"][was.tags.id("O")]
    np.testing.assert_allclose(weights["emissions.W"][now.tags.id("B-seat")], outside, rtol=1e-4, atol=1e-5)


LISTS = {"seat": ["by the window", "aisle"], "town": ["Rome"]}


@pytest.mark.parametrize(
    ("model", "lists"),
    [
        ({"crf": False}, {}),
        ({"cell": "gru", "layers": 2, "window": 1}, LISTS),
        ({"cell": "jordan", "crf": False}, LISTS),
        ({"bidirectional": False, "character_filters": 0, "own_gazetteers": 2}, {}),
        ({"gazetteers": True}, LISTS),
        ({"folding": "cased", "direct": False}, {}),
    ],
    ids=str,
)
def test_before_it_has_learnt_anything_it_tags_as_before(
    model: dict[str, Any], lists: dict[str, list[str]], tmp_path: Path
) -> None:
    settings = {"model": SETTINGS["model"] | model, "training": SETTINGS["training"] | {"epochs": 3}}
    train(MINE, config=settings | {"gazetteers": {"town": ["Rome", "New York"]}}).save(tmp_path / "old")
    before = Tagger.load(tmp_path / "old")
    after = on(tmp_path / "old", config=STILL | {"gazetteers": lists}).tagger
    # New York is in the list no more, so its sentences may differ
    texts = [example.text for example in (*OLD, *NEW) if not lists or "New York" not in example.text]
    for one, other in zip(before.tag(texts), after.tag(texts), strict=True):
        assert [(s.name, s.start, s.end) for s in one.slots] == [(s.name, s.start, s.end) for s in other.slots]
        assert (one.intent and one.intent.name) == (other.intent and other.intent.name)


def test_lists_are_added_and_replaced_and_their_old_weights_kept(tmp_path: Path) -> None:
    """A new list is two new columns of every place in a window; those of the others stay where they are."""
    settings = {**SETTINGS, "gazetteers": {"town": ["Rome"], "day": ["noon"]}}
    train(MINE, config=settings | {"model": SETTINGS["model"] | {"window": 1, "gazetteers": "no"}}).save(
        tmp_path / "old"
    )
    lists = {"seat": ["front row"], "town": ["Accra", "New York"]}
    after = on(tmp_path / "old", config=STILL | {"gazetteers": lists}).bundle
    assert after.vocabularies.gazetteers.names == ("list town", "list day", "list seat")
    matches = GazetteerMatcher(after.vocabularies.gazetteers)
    assert matches.match(["rome", "accra", "noon", "front", "row"]).argmax(1).tolist() == [0, 0, 2, 4, 5]
    assert matches.match(["rome"]).sum() == 0  # the list of the recipe has the place of the old one
    assert [(one.name, one.size) for one in after.config.gazetteers] == [("town", 2), ("day", 1), ("seat", 1)]
    before = slotfill.bundle.read(tmp_path / "old").weights
    for name, places in (("encoder.0.forward.W", 3), ("encoder.0.backward.W", 3)):
        old, new = (a[name].reshape(len(a[name]), places, -1) for a in (before, after.weights))
        np.testing.assert_allclose(new[:, :, :-2], old, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(new[:, :, -2:], 0, atol=1e-5)


def test_what_only_a_new_list_has_is_found(tmp_path: Path) -> None:
    model = SETTINGS["model"] | {"character_filters": 0}  # or letters would tell food from chairs
    train(MINE, config=SETTINGS | {"model": model}).save(tmp_path / "old")
    foods, things = ("tea", "ginger ale", "pho", "stew"), ("chair", "glass", "bill", "spoon")
    new = [parse_markup(f"{verb} the [{one}](food)") for one in foods for verb in ("bring", "take", "order")]
    new += [parse_markup(f"{verb} the {one}") for one in things for verb in ("bring", "take", "order")]
    listed = ("moussaka", "ceviche", "bibimbap", "chili", "spring roll")
    settings = {"training": {"word_dropout_base": 0.25, "gazetteer_dropout": 0.1}}

    def found(lists: dict[str, list[str]]) -> list[list[tuple[str, str]]]:
        tagger = on(tmp_path / "old", new, config=settings | {"gazetteers": lists}).tagger
        return tags_by(tagger, tuple(parse_markup(f"bring the {one}") for one in listed))

    assert found({"food": [*foods, *listed]}) == [[("food", one)] for one in listed]
    assert found({}) != [[("food", one)] for one in listed]


def test_a_model_keeps_its_folding(tmp_path: Path) -> None:
    """Capitals count in a cased model, and the same word in another case is no new one."""
    train(MINE, config=SETTINGS | {"model": SETTINGS["model"] | {"folding": "cased"}}).save(tmp_path / "old")
    bundle = on(tmp_path / "old", [parse_markup("ROME and Bergen [aisle](seat)")], config=STILL).bundle
    old = Tagger.load(tmp_path / "old").vocabularies
    assert {*bundle.vocabularies.words.items} - {*old.words.items} == {"and", "bergen", "aisle"}
    assert {"M", "g"} <= {*bundle.vocabularies.characters.items}


def test_a_model_with_word_vectors_goes_on_without_their_file(tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("rome 1 0\noslo 0 1\nparis 1 1\n", encoding="utf-8")
    settings = SETTINGS | {"training": SETTINGS["training"] | {"vectors": str(tmp_path / "vectors.txt"), "epochs": 2}}
    train(MINE, config=settings).save(tmp_path / "old")
    (tmp_path / "vectors.txt").unlink()
    after = on(tmp_path / "old", config=STILL)
    assert "paris" in after.bundle.vocabularies.words
    assert tags_by(after.tagger, OLD) == tags_by(Tagger.load(tmp_path / "old"), OLD)


def test_word_vectors_again_are_refused(old: Path) -> None:
    with pytest.raises(ConfigError, match=r"training.vectors is 'glove.txt': .* has the word vectors of its model"):
        on(old, config={"training": {"vectors": "glove.txt"}})


def test_the_labels_of_the_old_model_may_go(old: Path) -> None:
    after = on(old, rehearse="none", config={"training": {"epochs": 1}})
    now = after.bundle.vocabularies
    assert {*now.tags.items} == {"O", "B-seat", "I-seat", "B-to.city"}
    assert now.intents.items == ("flight", "seat")
    assert "boston" in now.words  # a word of the old model
    assert after.bundle.config.model == slotfill.bundle.read(old).config.model


# --- what is rehearsed -----------------------------------------------------------------------------


def test_new_slots_are_learnt_and_old_ones_kept(old: Path) -> None:
    before, after = Tagger.load(old), on(old).tagger
    others = [example for example in OLD if "window" not in example.text]  # which is a seat now
    lost = scores_of(before, others).micro.f1 - scores_of(after, others).micro.f1
    assert scores_of(before, others).micro.f1 > 0.9
    assert lost < 0.05
    new = scores_of(after, tuple(parse_markup(f"an [{seat}](seat) to [Oslo](to.city)") for seat in SEATS))
    assert new.per_slot["seat"].f1 > 0.7


def test_less_is_forgotten_with_rehearsal_than_without(old: Path) -> None:
    """Sentences in which every city is `to.city` teach that there is no other."""
    new = [parse_markup(f"to [{city}](to.city) with an [aisle](seat) seat") for city in CITIES]
    settings = {"training": {"epochs": 60, "learning_rate": 0.05}}
    with_old = on(old, new, config=settings).tagger
    without = on(old, new, config=settings, rehearse=Dataset("little", {"train": OLD[:1], "dev": ()})).tagger
    kept, lost = (scores_of(tagger, OLD).micro.f1 for tagger in (with_old, without))
    assert kept > lost + 0.1


def test_old_sentences_that_contradict_are_left_out(old: Path) -> None:
    """`by the window` has no label in the old data."""
    start = start_of(old)
    new = Dataset("new", {"train": (parse_markup("sit [by the window](seat)"),)})
    sources, config = with_sources(new, start.config)
    splits, config, said = pool_with(rehearsal_of(start, [MINE]), sources, config, start)
    (_, rehearsed) = splits.sources
    assert [e.text for e in rehearsed.train] == [e.text for e in OLD if "window" not in e.text]
    assert f"left out {len(OLD) // 4} old sentences that mention a value of a new slot without its label" in said


def test_the_sample_of_the_old_data_depends_on_the_seed(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "REPLAYED", 8)
    start = start_of(old)
    sources, config = with_sources(Dataset("new", {"train": NEW}), start.config)
    splits, _, _ = pool_with(rehearsal_of(start, [MINE]), sources, config, start)
    assert splits.mixture is not None
    first, again, other = (splits.mixture.epoch(1, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len([example for example in first if example in OLD]) == 8
    assert splits.mixture.epoch(2, seed=1) != first


def test_what_it_learnt_from_is_found_by_name_and_must_be_the_same(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    start = start_of(old)
    assert rehearsal_of(start, None) == Rehearsal(missing=(("mine", "not found"),))
    save(Dataset("mine", {"train": OLD}), tmp_path / "data" / "mine")
    assert rehearsal_of(start, None).sources == ("mine",)
    assert rehearsal_of(start, None, new=["elsewhere/mine"]).missing == (("mine", "the new data have this name"),)
    save(Dataset("mine", {"train": OLD[1:]}), tmp_path / "mine")
    assert rehearsal_of(start, None).missing == (("mine", "no longer the sentences that the model learnt from"),)


def test_errors_in_python(old: Path) -> None:
    with pytest.raises(InputError, match="rehearse goes with start"):
        train(NEW, rehearse=MINE)
    with pytest.raises(InputError, match="data is missing: what shall"):
        train(start=old)
    with pytest.raises(ConfigError, match=r"model\.hidden was 12 and is 8: a training that goes on from"):
        on(old, config={"model": {"hidden": 8}})
