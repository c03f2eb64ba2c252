import re
from collections.abc import Sequence
from functools import partial
from itertools import groupby

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from slotfill import explaining
from slotfill.batching import chunks
from slotfill.config import Config, ModelConfig
from slotfill.errors import InputError
from slotfill.explaining import Choice, Explanation, Influence, explain, reasons
from slotfill.network import SlotTagger
from slotfill.schema import Annotation, Slot, Token
from slotfill.tagger import Tagger
from slotfill.tags import spans_of
from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import LabelSet, Vocabularies, Vocabulary

torch.set_num_threads(1)  # more are slower at this size

Array = NDArray[np.float32]

SINGLE = ("O", "B-a", "B-b", "B-c")  # any order of these is valid
SPANS = ("O", "B-a", "I-a", "B-b", "I-b")
TEXTS = [
    "arrive Taipei on November 2nd",
    "leave leave leave",
    "Zanzibar, please",
    "to zürich",
    "from boston to arrive taipei on monday or to leave zanzibar",
]


def make(
    tags: Sequence[str] = SINGLE, *, cell: str = "lstm", bias: dict[str, float] | None = None, crf: bool = False
) -> Tagger:
    """A random network in which neighbours matter."""
    torch.manual_seed(3)
    vocabularies = Vocabularies(
        Vocabulary(["arrive", "leave", "on", "to", "from", "taipei"]),
        Vocabulary("abdefilmnoprtuvwyz0"),
        LabelSet(tags),
        LabelSet([]),
    )
    config = ModelConfig(cell, hidden=6, word_size=7, character_size=3, character_filters=4, crf=crf)
    network = SlotTagger(Config(config), vocabularies).eval()
    bias = bias or ({"I-a": 5} if tags == SPANS else {})  # or long slots would be rare
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(4)
        assert network.emissions is not None
        for tag, size in bias.items():
            network.emissions.bias[vocabularies.tags.id(tag)] = size
        if network.crf is not None:
            network.crf.A.normal_()
    return Tagger(config, vocabularies, network.arrays() | {"temperature": np.array([1.5], dtype=np.float32)})


def folded(text: str) -> list[str]:
    return [fold(token.text) for token in tokenize(text)]


# --- choices ---------------------------------------------------------------------------------------


NETS = {"single": (SINGLE, False), "spans": (SPANS, False), "spans with CRF": (SPANS, True)}
of_every_net = pytest.mark.parametrize(("tags", "crf"), NETS.values(), ids=list(NETS))
of_every_text = pytest.mark.parametrize("text", TEXTS)


def marginals(tagger: Tagger, words: Sequence[str]) -> Array:
    """(T, K)."""
    emissions, _, starts = tagger.runtime.run([words])
    return tagger.chain.marginals(emissions, starts)


@of_every_text
@of_every_net
def test_each_token_has_its_tag_and_the_runner_up(text: str, tags: Sequence[str], crf: bool) -> None:
    tagger = make(tags, crf=crf)
    explanation = explain(tagger, text)
    assert explanation.annotation == tagger.tag([text])[0]
    assert len(explanation.choices) == len(tokenize(text))
    chances_TK = marginals(tagger, folded(text))
    for choice, tag, chances in zip(explanation.choices, explanation.annotation.tags, chances_TK, strict=True):
        by_tag = dict(zip(tagger.vocabularies.tags.items, chances.tolist(), strict=True))
        assert choice.tag == tag
        assert choice.confidence == pytest.approx(by_tag.pop(tag), abs=1e-5)
        assert choice.second == max(by_tag, key=by_tag.__getitem__)
        assert choice.second_confidence == pytest.approx(by_tag[choice.second], abs=1e-5)


def test_a_slot_of_one_token_has_the_confidence_of_its_tag() -> None:
    tagger = make(SINGLE)
    explanations = [explain(tagger, text) for text in TEXTS]
    sure = [c.confidence for e in explanations for c in e.choices if c.tag != "O"]
    assert sure == pytest.approx([slot.confidence for e in explanations for slot in e.annotation.slots], abs=1e-5)


def test_the_only_tag_has_no_runner_up() -> None:
    explanation = explain(make(["O"]), "to taipei")
    assert explanation.choices == (Choice("O", 1.0, None, 0.0),) * 2
    assert explanation.to_dict()["tokens"][0]["second"] is None


def test_no_more_than_400_tokens() -> None:
    """The work grows with the square of the length."""
    tagger = make()
    assert len(explain(tagger, "to " * 400).choices) == 400
    with pytest.raises(InputError, match=r"^the text has 401 words: expected at most 400 to explain$"):
        explain(tagger, "to " * 401)


# --- leaving out words -----------------------------------------------------------------------------


def check(tagger: Tagger, text: str, influences: Sequence[Influence], *, instead: bool) -> None:
    """Check each influence against the tags of the text with the word removed or masked."""
    (annotation,) = tagger.tag([text])
    tokens = annotation.tokens
    before = marginals(tagger, folded(text))
    spans = spans_of(annotation.tags)
    outside = {(n, word) for n, s in enumerate(spans) for word in range(len(tokens)) if not s.start <= word < s.end}
    assert {(found.slot, found.word) for found in influences} == outside
    assert len(influences) == len(outside)
    for found in influences:
        word, (first, _, name) = found.word, spans[found.slot]
        blank = (Token("", tokens[word].start, tokens[word].start),) if instead else ()
        left = (*tokens[:word], *blank, *tokens[word + 1 :])
        (other,) = tagger.annotate([text], [left])
        at = left.index(tokens[first])
        now = next((n for n, span in enumerate(spans_of(other.tags)) if span.start <= at < span.end), None)
        chances = marginals(tagger, [fold(token.text) for token in left])[at]
        own = tagger.vocabularies.tags.id(f"B-{name}")
        assert found.name == (None if now is None else other.slots[now].name)
        sure = chances[tagger.vocabularies.tags.id("O")] if now is None else other.slots[now].confidence
        assert found.confidence == pytest.approx(sure, abs=1e-5)
        assert found.drop == pytest.approx(before[first, own] - chances[own], abs=1e-5)
    for _, group in groupby(influences, key=lambda found: found.slot):
        drops = [found.drop for found in group]
        assert drops == sorted(drops, reverse=True)
    assert [found.slot for found in influences] == sorted(found.slot for found in influences)


@of_every_text
@of_every_net
def test_a_removed_word_is_not_in_the_text(text: str, tags: Sequence[str], crf: bool) -> None:
    tagger = make(tags, crf=crf)
    check(tagger, text, explain(tagger, text).removed, instead=False)


@of_every_text
@of_every_net
def test_a_masked_word_has_no_characters(text: str, tags: Sequence[str], crf: bool) -> None:
    tagger = make(tags, crf=crf)
    check(tagger, text, explain(tagger, text).masked, instead=True)


def test_these_texts_have_something_to_explain() -> None:
    """Slots, some of them long, and words that change a slot's name or make it none."""
    explanations = [explain(make(tags), text) for text in TEXTS for tags in (SINGLE, SPANS)]
    assert any("I-a" in explanation.annotation.tags for explanation in explanations)
    changes = {
        (found.name is None, found.name == explanation.annotation.slots[found.slot].name)
        for explanation in explanations
        for found in explanation.removed
    }
    assert changes == {(True, False), (False, True), (False, False)}


def test_a_long_text_is_run_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = make(SPANS)
    monkeypatch.setattr(explaining, "chunks", partial(chunks, tokens=25))
    explanation = explain(tagger, TEXTS[-1])
    check(tagger, TEXTS[-1], explanation.removed, instead=False)
    check(tagger, TEXTS[-1], explanation.masked, instead=True)


def test_a_text_of_one_word() -> None:
    explanation = explain(make(bias={"B-b": 60}), "taipei")
    assert explanation.annotation.tags == ("B-b",)
    assert len(explanation.choices) == 1
    assert explanation.removed == explanation.masked == ()
    assert reasons(explanation) == ["`taipei` is b (1.00): there is no other word"]


def test_a_text_without_slots() -> None:
    explanation = explain(make(bias={"O": 60}), "to taipei")
    assert [choice.tag for choice in explanation.choices] == ["O", "O"]
    assert explanation.removed == explanation.masked == ()
    assert reasons(explanation) == []


@pytest.mark.parametrize("text", ["", " \t\n"])
def test_a_text_without_words(text: str) -> None:
    with pytest.raises(InputError, match=r"^there is nothing to explain: the text has no word$"):
        explain(make(), text)


# --- gates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "letters"), [("lstm", "ifgoch"), ("gru", "rznh"), ("elman", "h"), ("feedforward", "h"), ("jordan", "hy")]
)
def test_the_gates_are_of_the_whole_text(cell: str, letters: str) -> None:
    if cell == "jordan":  # its output layers are its own
        torch.manual_seed(3)
        vocabularies = make().vocabularies
        config = ModelConfig(cell, hidden=6, word_size=7, character_filters=0)
        tagger = Tagger(config, vocabularies, SlotTagger(Config(config), vocabularies).arrays())
    else:
        tagger = make(cell=cell)
    explanation = explain(tagger, TEXTS[0])
    expected: dict[str, dict[str, Array]] = {}
    tagger.runtime.run([folded(TEXTS[0])], gates=expected)
    assert list(explanation.gates) == ["0.forward", "0.backward"]
    for name, gates in explanation.gates.items():
        assert sorted(gates) == sorted(letters)
        for letter, values in gates.items():
            assert values.shape == (5, len(tagger.vocabularies.tags) if letter == "y" else 6)
            assert (values == expected[name][letter]).all()
    assert explanation.cell == cell
    assert explanation.outputs == (tagger.vocabularies.tags.items if cell == "jordan" else ())
    found = explanation.to_dict()
    assert found["cell"] == cell
    assert ("outputs" in found) == (cell == "jordan")
    for of_cell in found["units"].values():
        assert sorted(of_cell["h"]) == list(range(6))
        assert ("y" in of_cell) == (cell == "jordan")


# --- reasons ---------------------------------------------------------------------------------------


def told(*influences: Influence, masked: tuple[Influence, ...] = ()) -> list[str]:
    """Reasons for two slots of a text, from given influences."""
    text = "arrive new york on monday"
    slots = (Slot("toloc.city_name", "new york", 7, 15, 0.987), Slot("day", "monday", 19, 25, 0.5))
    annotation = Annotation(text, tokenize(text), ("O", "B-toloc", "I-toloc", "O", "B-day"), slots, None)
    choice = Choice("O", 0.9, "B-day", 0.1)
    return reasons(Explanation(annotation, (choice,) * 5, influences, masked, {}))


OTHER = Influence(slot=1, word=0, name="day", confidence=0.5, drop=0.0)


@pytest.mark.parametrize(
    ("influences", "line"),
    [
        ([], "`new york` is toloc.city_name (0.99): there is no other word"),
        (
            [Influence(0, 0, "fromloc.city_name", 0.75, 0.6), Influence(0, 3, "toloc.city_name", 0.9, 0.1)],
            "`new york` is toloc.city_name (0.99) because of `arrive`: without it, fromloc.city_name (0.75)",
        ),
        (
            [Influence(0, 3, None, 0.8, 0.6)],
            "`new york` is toloc.city_name (0.99) because of `on`: without it, no slot (0.80)",
        ),
        (
            [Influence(0, 3, "toloc.city_name", 0.9, 0.049), Influence(0, 0, "toloc.city_name", 0.99, 0.0)],
            "`new york` is toloc.city_name (0.99), whichever other word is left out",
        ),
        (
            [Influence(0, 3, "toloc.city_name", 0.9, 0.051), Influence(0, 0, "toloc.city_name", 0.99, 0.0)],
            "`new york` is toloc.city_name (0.99); `on` matters most: without it, still toloc.city_name (0.90)",
        ),
        (  # a change of name decides, even where another word costs more confidence
            [Influence(0, 3, "toloc.city_name", 0.4, 0.6), Influence(0, 0, "fromloc.city_name", 0.5, 0.55)],
            "`new york` is toloc.city_name (0.99) because of `arrive`: without it, fromloc.city_name (0.50)",
        ),
    ],
    ids=["alone", "because", "no slot", "whichever", "most", "name first"],
)
def test_a_slots_reason(influences: list[Influence], line: str) -> None:
    of_monday = "`monday` is day (0.50), whichever other word is left out"
    assert told(*influences, OTHER) == [line, of_monday]


def test_reasons_come_from_removed_and_not_from_masked_words() -> None:
    masked = (Influence(0, 0, "fromloc.city_name", 0.75, 0.9),)
    assert told(OTHER, masked=masked)[0] == "`new york` is toloc.city_name (0.99): there is no other word"


# --- the shipped model -----------------------------------------------------------------------------


def test_november_is_a_date_of_arrival_because_of_arrive() -> None:
    explanation = explain(Tagger.load("travel"), "arrive Taipei on November 2nd")
    (line,) = (line for line in reasons(explanation) if line.startswith("`November`"))
    assert re.fullmatch(
        r"`November` is arrive_date\.month_name \(\d\.\d\d\) because of `arrive`: "
        r"without it, depart_date\.month_name \(\d\.\d\d\)",
        line,
    )
    by_name = {slot.text: number for number, slot in enumerate(explanation.annotation.slots)}
    for influences in (explanation.removed, explanation.masked):
        strongest = next(found for found in influences if found.slot == by_name["November"])
        assert (strongest.word, strongest.name) == (0, "depart_date.month_name")
        assert strongest.drop > 0.5
