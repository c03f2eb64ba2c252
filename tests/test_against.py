"""Two models on the same sentences: what became of each, and the figures."""

import json

import pytest

from slotfill.against import Answers, compare, lines_of
from slotfill.schema import Annotation, Example, Intent, Token
from slotfill.tokenizer import tokenize

TEXT = "from Rome to Oslo"
GOLD = "O B-from O B-to"


def example(tags: str = GOLD, intent: str | None = "flight") -> Example:
    return Example(TEXT, tokenize(TEXT), tuple(tags.split()), intent)


def found(tags: str = GOLD, intent: str | None = "flight") -> Annotation:
    return Annotation(TEXT, tokenize(TEXT), tuple(tags.split()), (), None if intent is None else Intent(intent, 0.5))


def answers(*annotations: Annotation) -> Answers:
    return Answers([example()] * len(annotations), annotations)


WRONG, OTHER = "O B-from O O", "O B-to O B-to"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (found(), found(), None),
        (found(WRONG), found(), "improved"),
        (found(), found(WRONG), "broke"),
        (found(WRONG), found(OTHER), "otherwise wrong"),
        (found(WRONG), found(WRONG), None),
        (found(intent="fare"), found(), "intent improved"),
        (found(WRONG), found(WRONG, "fare"), "intent broke"),
        (found(intent="fare"), found(intent="meal"), None),
        (found(WRONG, "fare"), found(), "improved"),
        (found(intent=None), found(), "intent improved"),
        (found(intent="meal#flight"), found(intent="fare"), None),  # a set that is not that of the data
    ],
)
def test_what_becomes_of_a_sentence(before: Annotation, after: Annotation, kind: str | None) -> None:
    against = compare(answers(after), answers(before), name="old", knows_intents=True)
    assert [change.kind for change in against.changes] == ([] if kind is None else [kind])


def test_the_figures() -> None:
    before = answers(*[found(WRONG)] * 6, *[found()] * 4)
    after = answers(*[found()] * 9, found(OTHER))
    against = compare(after, before, name="old", knows_intents=True)
    assert against.slot_f1 == pytest.approx((2 * 14 / 34, 2 * 19 / 40))
    assert against.f1.value == pytest.approx(against.slot_f1[1] - against.slot_f1[0])
    assert against.sentences[:4] == (0.4, 0.9, 6, 1)
    assert against.sentences.p == pytest.approx(2 * 8 / 2**7)
    assert against.intents == (1.0, 1.0, 0, 0, 1.0)
    assert [change.number for change in against.changes] == [1, 2, 3, 4, 5, 6, 10]
    assert (against.count("improved"), against.count("broke")) == (6, 1)
    said = json.loads(json.dumps(against.to_dict(), allow_nan=False))
    assert said["sentences"] == pytest.approx({"before": 0.4, "after": 0.9, "improved": 6, "broke": 1, "p": 0.125})
    assert said["changes"][6] == {
        "number": 10,
        "change": "broke",
        "text": TEXT,
        "gold": "from [Rome](from) to [Oslo](to)\tflight",
        "before": "from [Rome](from) to [Oslo](to)\tflight",
        "after": "from [Rome](to) to [Oslo](to)\tflight",
    }


def test_intents_that_one_model_does_not_know_are_not_judged() -> None:
    against = compare(answers(found()), answers(found(intent=None)), name="old", knows_intents=False)
    assert (against.intents, against.changes) == (None, ())
    changed = compare(answers(found()), answers(found(WRONG, None)), name="old", knows_intents=False).changes
    assert lines_of(changed[0])["gold"] == "from [Rome](from) to [Oslo](to)"


def test_intents_are_sets() -> None:
    both = Answers([example(intent="flight#fare")], [found(intent="fare#flight")])
    one = both._replace(annotations=[found(intent="fare")])
    assert [change.kind for change in compare(both, one, name="old", knows_intents=True).changes] == ["intent improved"]


def test_other_tokens_with_the_same_slots_are_no_change() -> None:
    """With --from-text each model makes its own tokens, and its examples have them."""
    pieces = (Token("from", 0, 4), Token("Ro", 5, 7), Token("me", 7, 9), Token("to", 10, 12), Token("Oslo", 13, 17))
    tags = ("O", "B-from", "I-from", "O", "O")
    cut = Answers([Example(TEXT, pieces, (*tags[:4], "B-to"), "flight")], [Annotation(TEXT, pieces, tags, (), None)])
    whole = answers(found(WRONG, None))
    assert compare(whole, cut, name="old", knows_intents=False).changes == ()


def test_no_sentence() -> None:
    against = compare(Answers([], []), Answers([], []), name="old", knows_intents=True)
    assert (against.slot_f1, against.f1.p, against.sentences.p, against.changes) == ((0, 0), 1, 1, ())
