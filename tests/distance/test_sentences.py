from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from slotfill.distance.sentences import DAYS, NEUTRAL, ROLES, cities, sentences
from slotfill.tags import spans_of

DISTANCES = st.integers(0, 60)


@given(DISTANCES, st.integers(1, 5), st.integers(0, 10), st.booleans(), st.booleans())
def test_twins_differ_in_the_verb_and_in_the_roles_alone(
    distance: int, pairs: int, seed: int, unseen: bool, verb_last: bool
) -> None:
    made = sentences(distance, pairs, seed=seed, unseen=unseen, verb_last=verb_last)
    assert len(made) == 2 * pairs
    for arrive, leave in zip(made[::2], made[1::2], strict=True):
        words, others = arrive.text.split(), leave.text.split()
        assert [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]] == [("arrive", "leave")]
        for example, verb in ((arrive, "arrive"), (leave, "leave")):
            assert [span.name for span in spans_of(example.tags)] == list(ROLES[verb].values())
        assert [s[:2] for s in spans_of(arrive.tags)] == [s[:2] for s in spans_of(leave.tags)]


@given(DISTANCES, st.booleans(), st.booleans())
def test_neutral_words_and_nothing_else_stand_between(distance: int, unseen: bool, verb_last: bool) -> None:
    for example in sentences(distance, 2, seed=1, unseen=unseen, verb_last=verb_last):
        words = [token.text for token in example.tokens]
        if verb_last:
            (city, on, day), between, verb = words[:3], words[3:-1], words[-1]
        else:
            verb, between, (city, on, day) = words[0], words[1:-3], words[-3:]
        assert (verb in ROLES, on, day in DAYS) == (True, "on", True)
        assert city in cities(unseen=unseen)
        assert len(between) == distance
        assert set(between) <= set(NEUTRAL)
        assert [words[span.start] for span in spans_of(example.tags)] == [city, day]


def test_no_word_has_two_parts_to_play() -> None:
    parts = [set(NEUTRAL), set(DAYS), set(ROLES), {"on"}, set(cities(unseen=False)), set(cities(unseen=True))]
    words = [word for part in parts for word in part]
    assert len(words) == len(set(words))


def test_the_same_arguments_give_the_same_sentences() -> None:
    ways = [{"seed": 1}, {"seed": 2}, {"seed": 1, "unseen": True}, {"seed": 1, "verb_last": True}]
    made = [sentences(3, 4, **way) for way in ways]  # type: ignore[arg-type]
    assert made == [sentences(3, 4, **way) for way in ways]  # type: ignore[arg-type]
    assert all(one != other for one, other in pairwise(made))
    assert made[0][0].text == "arrive possible as this baku on tuesday"  # on every machine
