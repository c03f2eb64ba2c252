"""seqeval with `mode="strict", scheme=IOB2` is the referee of our own scores."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import classification_report, f1_score
from seqeval.scheme import IOB2

from slotfill.evaluation import (
    Confusion,
    FrameScores,
    Scores,
    SpanScore,
    calibration_error,
    evaluate,
    score,
    score_frames,
)
from slotfill.schema import Example, Token
from slotfill.tags import is_valid, spans_of

Tags = Sequence[str]
Pairs = list[tuple[list[str], list[str]]]

NAMES = ("fromloc.city_name", "toloc.city_name", "depart_date.day_name", "or")
TAGS = ("O", *(f"{letter}-{name}" for letter in "BI" for name in NAMES))


@st.composite
def tag_sequences(draw: st.DrawFn, *, length: int) -> list[str]:
    """A valid IOB2 sequence: an `I-` that continues nothing becomes a `B-`."""
    tags: list[str] = []
    for tag in draw(st.lists(st.sampled_from(TAGS), min_size=length, max_size=length)):
        tags.append(tag if is_valid([*tags, tag]) else f"B-{tag[2:]}")
    return tags


@st.composite
def pairs(draw: st.DrawFn) -> Pairs:
    """Gold and predicted tags of some sentences; half of the predictions begin as copies of the gold tags."""
    sentences: Pairs = []
    for length in draw(st.lists(st.integers(1, 7), min_size=1, max_size=6)):
        gold = draw(tag_sequences(length=length))
        other = draw(tag_sequences(length=length))
        kept = draw(st.integers(0, length))
        mixed = [*gold[:kept], *other[kept:]]
        sentences.append((gold, mixed if is_valid(mixed) else other))
    return sentences


def seqeval(gold: Sequence[Tags], predicted: Sequence[Tags]) -> dict[str, dict[str, float]]:
    """Its report; undefined figures count as 0."""
    options: dict[str, Any] = {"mode": "strict", "scheme": IOB2, "zero_division": 0, "output_dict": True}
    report: dict[str, dict[str, float]] = classification_report(gold, predicted, **options)
    return report


def check(ours: SpanScore, theirs: dict[str, float]) -> None:
    assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
        (theirs["precision"], theirs["recall"], theirs["f1-score"]), abs=1e-12
    )
    assert ours.support == theirs["support"]


def of(gold: str, predicted: str) -> Scores:
    """Scores of one sentence, its tags parted by spaces."""
    return score([gold.split()], [predicted.split()])


# --- equal to seqeval ------------------------------------------------------------------------------


@settings(deadline=None)
@given(pairs())
def test_scores_are_those_of_seqeval(sentences: Pairs) -> None:
    # seqeval cannot average over nothing: one span is always there
    sentences = [*sentences, (["B-or"], ["O"])]
    gold, predicted = [g for g, _ in sentences], [p for _, p in sentences]
    theirs = seqeval(gold, predicted)
    ours = score(gold, predicted)
    check(ours.micro, theirs.pop("micro avg"))
    check(ours.macro, theirs.pop("macro avg"))
    del theirs["weighted avg"]
    assert list(ours.per_slot) == sorted(theirs)
    for name, figures in theirs.items():
        check(ours.per_slot[name], figures)


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        ("B-a I-a O", "B-a I-a O"),
        ("B-a I-a O", "B-a O O"),  # too short
        ("B-a O O", "B-a I-a O"),  # too long
        ("B-a I-a O", "B-b I-b O"),  # wrong name
        ("B-a I-a O", "B-a B-a O"),  # cut in two
        ("B-a B-a O", "B-a I-a O"),  # joined
        ("B-a O B-b", "B-a O O"),
        ("B-a O O", "B-a O B-b"),
        ("B-a B-b B-a", "O O O"),
        ("O O O", "B-a B-b B-a"),
    ],
)
def test_scores_are_those_of_seqeval_by_hand(gold: str, predicted: str) -> None:
    theirs = seqeval([gold.split()], [predicted.split()])
    ours = of(gold, predicted)
    check(ours.micro, theirs["micro avg"])
    check(ours.macro, theirs["macro avg"])
    assert ours.sentence_accuracy == (gold == predicted)


def test_strict_is_not_seqevals_default() -> None:
    """The example of the design: `I-A I-A` for `B-A I-A` is right for seqeval's default, and wrong for us."""
    gold = [["B-A", "I-A"], ["B-A"]]
    predicted = [["I-A", "I-A"], ["B-A"]]
    assert f1_score(gold, predicted) == 1
    assert f1_score(gold, predicted, mode="strict", scheme=IOB2) == pytest.approx(2 / 3)
    assert score(gold, predicted).micro.f1 == pytest.approx(2 / 3)


# --- by hand ---------------------------------------------------------------------------------------


def test_figures_by_hand() -> None:
    scores = score(
        [["B-a", "I-a", "O", "B-b"], ["B-a", "O"], ["O"]],
        [["B-a", "I-a", "O", "B-a"], ["B-a", "B-a"], ["O"]],
    )
    assert scores.sentences == 3
    # precision, recall, F1, support
    assert astuple(scores.micro) == pytest.approx((2 / 4, 2 / 3, 4 / 7, 3))
    assert list(scores.per_slot) == ["a", "b"]
    assert astuple(scores.per_slot["a"]) == pytest.approx((2 / 4, 1, 2 / 3, 2))
    assert astuple(scores.per_slot["b"]) == (0, 0, 0, 1)
    assert astuple(scores.macro) == pytest.approx((0.25, 0.5, 1 / 3, 3))
    assert scores.sentence_accuracy == pytest.approx(1 / 3)


@pytest.mark.parametrize("sentences", [[], [["O", "O"]]])
def test_without_any_slot_the_figures_are_0(sentences: list[list[str]]) -> None:
    scores = score(sentences, sentences)
    assert scores.micro == scores.macro == SpanScore(0.0, 0.0, 0.0, 0)
    assert scores.per_slot == {}
    assert scores.sentence_accuracy == len(sentences)


@settings(deadline=None)
@given(pairs())
def test_a_sentence_is_right_if_all_its_slots_are(sentences: Pairs) -> None:
    scores = score([g for g, _ in sentences], [p for _, p in sentences])
    right = sum(spans_of(gold) == spans_of(predicted) for gold, predicted in sentences)
    assert scores.sentence_accuracy == pytest.approx(right / len(sentences))


# --- intents ---------------------------------------------------------------------------------------


def test_intents_are_scored_if_the_gold_data_has_them() -> None:
    tags = [["O"]] * 4
    scores = score(
        tags,
        tags,
        gold_intents=["flight", None, "airfare", "flight"],
        predicted_intents=["flight", "flight", "flight", None],
    )
    assert scores.intent_accuracy == pytest.approx(1 / 3)
    assert scores.per_intent["flight"] == SpanScore(precision=0.5, recall=0.5, f1=0.5, support=2)
    assert [*scores.per_intent] == ["airfare", "flight"]
    assert scores.intent_confusions == (Confusion("airfare", "flight", 1), Confusion("flight", None, 1))
    assert scores.sentence_accuracy == 1


@pytest.mark.parametrize("intents", [[], [None, None]])
def test_without_intents_there_is_no_accuracy(intents: list[None]) -> None:
    tags = [["O"]] * 2
    scores = score(tags, tags, gold_intents=intents, predicted_intents=["flight"] * len(intents))
    assert scores.intent_accuracy is None
    assert scores.to_dict()["intent_accuracy"] is None


def test_a_tagger_without_intents_is_not_scored_on_them() -> None:
    tags = [["O"]] * 2
    judged = partial(score, tags, tags, gold_intents=["flight", "airfare"], predicted_intents=[None, None])
    assert judged().intent_accuracy == 0
    assert judged(knows_intents=False).intent_accuracy is None
    assert judged(knows_intents=False).intent_confusions == ()


# --- confusions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "predicted", "confusion"),
    [
        ("B-a I-a", "O O", Confusion("a", None, 1)),  # missed
        ("O O", "B-a I-a", Confusion(None, "a", 1)),  # spurious
        ("B-a I-a", "B-b I-b", Confusion("a", "b", 1)),  # wrong name
        ("B-a I-a", "O B-b", Confusion("a", "b", 1)),  # wrong name and span
        ("B-a I-a", "O B-a", Confusion("a", "a", 1)),  # wrong span
    ],
)
def test_the_kinds_of_confusion(gold: str, predicted: str, confusion: Confusion) -> None:
    assert of(gold, predicted).confusions == (confusion,)


def test_confusions_leave_out_what_is_right() -> None:
    assert of("B-a I-a O B-b", "B-a I-a O B-b").confusions == ()
    assert of("B-a I-a O B-b", "B-a I-a O B-a").confusions == (Confusion("b", "a", 1),)


def test_two_for_one_is_a_confusion_and_a_spurious_slot() -> None:
    assert set(of("B-a I-a", "B-b B-c").confusions) == {Confusion("a", "b", 1), Confusion(None, "c", 1)}
    assert set(of("B-b B-c", "B-a I-a").confusions) == {Confusion("b", "a", 1), Confusion("c", None, 1)}


def test_confusions_come_most_frequent_first() -> None:
    scores = score([["B-a"], ["B-b"], ["B-b"]], [["O"], ["B-c"], ["B-c"]])
    assert scores.confusions == (Confusion("b", "c", 2), Confusion("a", None, 1))


@settings(deadline=None)
@given(pairs())
def test_confusions_account_for_every_error(sentences: Pairs) -> None:
    scores = score([g for g, _ in sentences], [p for _, p in sentences])
    agreed = sum(len(set(spans_of(gold)) & set(spans_of(predicted))) for gold, predicted in sentences)
    missed = sum(c.count for c in scores.confusions if c.gold is not None)
    wrong = sum(c.count for c in scores.confusions if c.predicted is not None)
    assert missed == scores.micro.support - agreed
    assert wrong == sum(len(spans_of(predicted)) for _, predicted in sentences) - agreed
    assert all(c.gold is not None or c.predicted is not None for c in scores.confusions)


# --- what does not match ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([["O"]], []), ([], [["O"]]), ([["O", "O"]], [["O"]]), ([["O"]], [["O", "O"]])],
)
def test_sentences_that_do_not_match_are_refused(gold: list[list[str]], predicted: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"shorter|longer|gold tags against"):
        score(gold, predicted)


def test_intents_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score([["O"], ["O"]], [["O"], ["O"]], gold_intents=["flight", "flight"], predicted_intents=["flight"])


# --- frames ----------------------------------------------------------------------------------------


def frames_of(gold: str, predicted: str) -> FrameScores:
    """Scores of the frame of one sentence, its tags parted by spaces."""
    return score_frames([gold.split()], [predicted.split()])


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        ("B-toloc.city_name", "B-toloc.city_name", True),
        ("B-toloc.city_name O", "O B-toloc.city_name", False),
        ("B-toloc.city_name", "B-fromloc.city_name", False),
        ("B-toloc.city_name I-toloc.city_name", "B-toloc.city_name O", False),
        # within a part, neither names nor edges count
        ("B-toloc.city_name O B-toloc.state_name", "B-toloc.city_name O B-toloc.city_name", True),
        ("B-toloc.city_name I-toloc.city_name", "B-toloc.city_name B-toloc.state_code", True),
        (
            "B-depart_date.month_name B-depart_date.day_number",
            "B-depart_date.month_name I-depart_date.month_name",
            True,
        ),
        # between date and time of one role they do
        ("B-depart_date.day_name", "B-depart_time.period_of_day", False),
        # what is no part of the five roles
        ("B-stoploc.city_name", "O", True),
        ("B-airline_name", "B-class_type", True),
        ("B-city_name", "O", True),
        ("O", "O", True),
    ],
)
def test_when_a_frame_is_right(gold: str, predicted: str, right: bool) -> None:
    scores = frames_of(gold, predicted)
    assert scores.accuracy == right
    assert scores.micro.f1 == (right and scores.micro.support > 0)


def test_each_part_counts_once_a_sentence() -> None:
    scores = frames_of(
        "B-fromloc.city_name O B-fromloc.city_name B-toloc.city_name B-arrive_time.time O",
        "B-fromloc.city_name O B-fromloc.city_name O B-arrive_time.time B-return_date.day_name",
    )
    assert (scores.micro.precision, scores.micro.recall, scores.micro.support) == (2 / 3, 2 / 3, 3)
    assert scores.micro.f1 == pytest.approx(2 / 3)
    assert scores.accuracy == 0
    assert {part: (s.f1, s.support) for part, s in scores.per_part.items()} == {
        "from place": (1.0, 1),
        "to place": (0.0, 1),
        "arrival time": (1.0, 1),
        "return date": (0.0, 0),
    }


def test_frame_accuracy_is_over_all_sentences() -> None:
    scores = score_frames([["O"], ["B-toloc.city_name"], ["B-toloc.city_name"]], [["O"], ["O"], ["B-toloc.city_name"]])
    assert scores.accuracy == pytest.approx(2 / 3)
    assert score_frames([], []) == FrameScores(SpanScore(0.0, 0.0, 0.0, 0), 0.0, {})


@settings(deadline=None)
@given(pairs())
def test_frames_are_right_where_all_slots_are(sentences: Pairs) -> None:
    gold, predicted = [g for g, _ in sentences], [p for _, p in sentences]
    assert score_frames(gold, gold).accuracy == 1
    assert score_frames(gold, predicted).accuracy >= score(gold, predicted).sentence_accuracy


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [([["O"]], []), ([], [["O"]]), ([["O"]], [["O", "O"]])],
)
def test_frames_that_do_not_match_are_refused(gold: list[list[str]], predicted: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"shorter|longer|gold tags against"):
        score_frames(gold, predicted)


# --- JSON ------------------------------------------------------------------------------------------


def test_sets_of_intents_count_as_wholes_and_one_by_one() -> None:
    gold = ["a#b", "a", "b+c", None, "a#b"]
    found = ["b#a", "a", "b", "c", "c"]
    scores = score([["O"]] * 5, [["O"]] * 5, gold_intents=gold, predicted_intents=found)
    assert scores.intent_accuracy == 0.5
    assert scores.intent_f1 == pytest.approx(2 * (4 / 5 * 4 / 7) / (4 / 5 + 4 / 7))
    assert [(one.gold, one.predicted) for one in scores.intent_confusions] == [("a#b", "c"), ("b+c", "b")]
    assert score([["O"]], [["O"]], gold_intents=["a"], predicted_intents=["a#b"]).intent_f1 is None


def test_the_dictionary_is_that_of_the_contract() -> None:
    scores = score([["B-a", "I-a", "O", "B-b"]], [["B-a", "I-a", "O", "O"]])
    found = json.loads(json.dumps(scores.to_dict(), allow_nan=False))
    assert found == {
        "sentences": 1,
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
        "macro_f1": 0.5,
        "sentence_accuracy": 0.0,
        "intent_accuracy": None,
        "intent_f1": None,
        "frame_f1": None,
        "frame_accuracy": None,
        "calibration_error": None,
        "calibration_by_source": {},
        "values": None,
        "value_calibration_error": None,
        "per_slot": {
            "a": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1},
            "b": {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 1},
        },
        "confusions": [{"gold": "b", "predicted": None, "count": 1}],
        "per_intent": {},
        "intent_confusions": [],
        "intervals": {},
        "scheme": "IOB2",
        "mode": "strict",
    }


# --- calibration -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confidences", "correct", "error"),
    [
        ([], [], 0.0),
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 0.0], [False, False], 0.5),
        ([0.75] * 4, [True, True, True, False], 0.0),
        ([0.75] * 4, [True, False, False, False], 0.5),
        ([0.05, 0.95], [True, True], (0.95 + 0.05) / 2),
        ([0.91, 0.99], [True, False], 0.45),  # one bin: 0.95 against 0.5
    ],
)
def test_calibration_error(confidences: list[float], correct: list[bool], error: float) -> None:
    assert calibration_error(confidences, correct) == pytest.approx(error)


def test_every_predicted_slot_has_its_confidence() -> None:
    gold, predicted = [["B-a", "O", "B-b"], ["O"], ["B-a"]], [["B-a", "B-b", "O"], ["O"], ["B-a"]]
    scores = score(gold, predicted, confidences=[[1.0, 0.5], [], [0.9]])
    assert scores.calibration_error == pytest.approx((0.1 + 0.5) / 3)  # 1.0 and 0.9 are one bin, 0.5 another
    with pytest.raises(ValueError, match="zip"):
        score(gold, predicted, confidences=[[1.0], [], [0.9]])
    assert score(gold, predicted).calibration_error is None


def test_scores_from_the_text_are_those_of_its_characters() -> None:
    text = "fly to Denver/Oslo"
    tokens = tuple(Token(text[a:b], a, b) for a, b in [(0, 3), (4, 6), (7, 18)])
    whole = Example(text, tokens, ("O", "O", "B-toloc.city_name"))
    given = evaluate(data=[whole], from_text=False)
    from_text = evaluate(data=[whole], from_text=True)
    assert (given.micro.support, from_text.micro.support) == (1, 1)
    assert from_text.micro.recall == 0.0  # the tagger's tokens are `Denver`, `/`, `Oslo`


def test_scores_from_the_text_do_not_differ_where_tokens_do_not() -> None:
    assert evaluate(split="hostile", from_text=True) == evaluate(split="hostile")
