from itertools import accumulate, pairwise, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from slotfill.batching import Packing
from slotfill.decoding import forward_backward, inside_pairs
from slotfill.decoding.chain import Chain
from slotfill.decoding.confidence import probabilities
from slotfill.decoding.pruned import by_argmax, by_candidates
from slotfill.decoding.transitions import Array, Ids, Transitions, allowed_transitions
from slotfill.decoding.viterbi import best_path
from slotfill.tags import is_valid, may_follow, spans_of

pytestmark = pytest.mark.usefixtures("core_or_numpy")

TAGS = ("B-a", "B-b", "I-a", "I-b", "O")
LABELS = st.lists(st.sampled_from([*TAGS, "B-a.c", "I-a.c"]), min_size=1, max_size=5, unique=True)
SEEDS = st.integers(0, 2**32)


def random_scores(seed: int, *shape: int, scale: float = 3) -> Array:
    return np.random.default_rng(seed).normal(scale=scale, size=shape).astype(np.float32)


def total(emissions: Array, path: NDArray[np.int64]) -> float:
    return float(emissions.astype(np.float64)[np.arange(len(path)), path].sum())


def named(path: Ids, tags: tuple[str, ...] = TAGS) -> list[str]:
    return [tags[k] for k in path.tolist()]


# --- transitions -----------------------------------------------------------------------------------


@settings(deadline=None)
@given(LABELS)
def test_transitions_are_those_of_iob2(tags: list[str]) -> None:
    allowed = allowed_transitions(tags)
    assert allowed.shape == (len(tags) + 1, len(tags))
    for k, tag in enumerate(tags):
        assert allowed[-1, k] == is_valid([tag])
        for j, previous in enumerate(tags):
            # `previous` itself may need something before it: what matters is this one step
            before = [f"B-{previous[2:]}"] if previous[0] == "I" else []
            assert allowed[j, k] == is_valid([*before, previous, tag]) == may_follow(previous, tag)


# --- Viterbi ---------------------------------------------------------------------------------------


@settings(deadline=None)
@given(LABELS, st.integers(1, 4), SEEDS)
def test_viterbi_is_the_best_of_all_valid_paths(tags: list[str], length: int, seed: int) -> None:
    tags = [*tags, "O"] if "O" not in tags else tags  # every label set has it, so that a valid path exists
    emissions = random_scores(seed, length, len(tags))
    every = [path for path in product(range(len(tags)), repeat=length) if is_valid([tags[k] for k in path])]
    best = max(every, key=lambda path: total(emissions, np.array(path)))
    assert best_path(emissions, Transitions.of(tags)).tolist() == list(best)


def test_viterbi_gives_up_an_early_score_for_a_later_one() -> None:
    # argmax says O I-a I-a, which is not valid; the two I-a are worth more than the O
    emissions = np.zeros((3, len(TAGS)), dtype=np.float32)
    emissions[0, TAGS.index("O")] = 1
    emissions[1, TAGS.index("I-a")] = emissions[2, TAGS.index("I-a")] = 2
    assert named(best_path(emissions, Transitions.of(TAGS))) == ["B-a", "I-a", "I-a"]
    emissions[0, TAGS.index("O")] = 9  # now it is worth more than both
    assert named(best_path(emissions, Transitions.of(TAGS)))[0] == "O"


# --- decode ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), SEEDS)
def test_decode_is_viterbi_for_each_sentence(lengths: list[int], seed: int) -> None:
    chain = Chain(TAGS)
    emissions = random_scores(seed, sum(lengths), len(TAGS))
    starts = [0, *accumulate(lengths)]
    found = chain.decode(emissions, np.array(starts[:-1]))
    assert found.dtype == np.int64
    for start, end in pairwise(starts):
        assert is_valid(named(found[start:end]))
        assert found[start:end].tolist() == best_path(emissions[start:end], chain.transitions).tolist()


@settings(deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=8), SEEDS)
def test_only_sentences_with_an_invalid_argmax_change(broken: list[bool], seed: int) -> None:
    """Neighbours of a broken sentence keep their argmax path."""
    emissions = random_scores(seed, 2 * len(broken), len(TAGS))
    for n, is_broken in enumerate(broken):
        emissions[2 * n, TAGS.index("I-a" if is_broken else "B-a")] += 100
        emissions[2 * n + 1, TAGS.index("I-a")] += 100
    found = named(Chain(TAGS).decode(emissions, np.arange(0, len(emissions), 2)))
    for n, is_broken in enumerate(broken):
        sentence = found[2 * n : 2 * n + 2]
        assert is_valid(sentence) if is_broken else sentence == ["B-a", "I-a"]


def test_a_sentence_does_not_continue_the_one_before() -> None:
    emissions = np.zeros((2, len(TAGS)), dtype=np.float32)
    emissions[0, TAGS.index("B-a")] = 5
    emissions[1] = [1, 2, 5, 3, 0]  # I-a is best, I-b next; neither can begin a sentence
    assert named(Chain(TAGS).decode(emissions, np.array([0]))) == ["B-a", "I-a"]
    assert named(Chain(TAGS).decode(emissions, np.array([0, 1]))) == ["B-a", "B-b"]


# --- with the scores of a CRF ----------------------------------------------------------------------


def totals(emissions: Array, tags: list[str], learned: Array | None) -> dict[tuple[int, ...], float]:
    """The score of every valid path, by enumeration."""
    by_step = np.zeros((len(tags) + 1, len(tags))) if learned is None else learned.astype(np.float64)
    return {
        path: total(emissions, np.array(path)) + sum(by_step[j, k] for j, k in pairwise((len(tags), *path)))
        for path in product(range(len(tags)), repeat=len(emissions))
        if is_valid([tags[k] for k in path])
    }


@settings(deadline=None)
@given(LABELS, st.integers(1, 4), st.sampled_from([0.1, 1.0, 5.0]), SEEDS)
def test_the_best_path_is_that_of_the_enumeration(tags: list[str], length: int, scale: float, seed: int) -> None:
    tags = [*tags, "O"] if "O" not in tags else tags
    emissions = random_scores(seed, length, len(tags))
    learned = random_scores(seed + 1, len(tags) + 1, len(tags), scale=scale)
    every = totals(emissions, tags, learned)
    best = max(every, key=lambda path: every[path])
    chain = Chain(tags, learned)
    assert best_path(emissions, chain.transitions).tolist() == list(best)
    assert chain.decode(emissions, np.zeros(1, dtype=np.int64)).tolist() == list(best)


def worth_of(path: Ids, emissions: Array, learned: Array) -> float:
    """The score of a valid path in double precision."""
    assert is_valid([MANY[k] for k in path.tolist()])
    steps = pairwise((len(MANY), *path.tolist()))
    return sum(float(row[k]) for row, k in zip(emissions, path, strict=True)) + sum(
        float(learned[j, k]) for j, k in steps
    )


MANY = ["O", *(f"{prefix}-{number}" for number in range(25) for prefix in "BI")]


@settings(deadline=None, max_examples=60)
@example([1, 1, 1, 5, 9, 9, 2], 3.0, 1.0, 3818)  # a tie to seven digits
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=8),
    st.sampled_from([0.5, 3.0, 10.0]),
    st.sampled_from([0.1, 1.0, 4.0]),
    SEEDS,
)
def test_pruning_changes_nothing(lengths: list[int], scale: float, learned_scale: float, seed: int) -> None:
    """Few of 51 tags are candidates, whether they suffice for all of the sentences, some or none."""
    emissions = random_scores(seed, sum(lengths), len(MANY), scale=scale)
    learned = random_scores(seed + 1, len(MANY) + 1, len(MANY), scale=learned_scale)
    chain = Chain(MANY, learned)
    starts = [0, *accumulate(lengths)]
    found = chain.decode(emissions, np.array(starts[:-1]))
    for start, end in pairwise(starts):
        every, few = best_path(emissions[start:end], chain.transitions), found[start:end]
        # two sequences that are as good as each other to six digits may change places: sums are rounded by their order
        if few.tolist() != every.tolist():
            worth, best = (worth_of(path, emissions[start:end], learned) for path in (few, every))
            assert worth == pytest.approx(best, rel=1e-6)


def test_few_sentences_need_all_tags() -> None:
    """With clear emissions, such as a trained network's, Viterbi over all tags hardly ever runs."""
    emissions, learned = random_scores(1, 400, len(MANY)), random_scores(2, len(MANY) + 1, len(MANY), scale=0.5)
    emissions[np.arange(400), np.random.default_rng(3).choice(np.arange(1, 50, 2), 400)] += 20
    _, doubtful = by_candidates(emissions, np.arange(0, 400, 10), Transitions.of(MANY, learned), count=16)
    assert len(doubtful) <= 2


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.integers(1, 6), SEEDS)
def test_sentences_not_in_doubt_have_the_path_of_viterbi(lengths: list[int], count: int, seed: int) -> None:
    """However few candidates there are, a sentence has its best path or is returned as doubtful."""
    emissions = random_scores(seed, sum(lengths), len(MANY))
    transitions = Transitions.of(MANY, random_scores(seed + 1, len(MANY) + 1, len(MANY), scale=1))
    plain = Transitions.of(MANY)
    starts = [0, *accumulate(lengths)]
    few, doubtful_few = by_candidates(emissions, np.array(starts[:-1]), transitions, count=count)
    first, doubtful_first = by_argmax(emissions, np.array(starts[:-1]), plain.allowed)
    for number, (start, end) in enumerate(pairwise(starts)):
        for found, doubtful, steps in ((few, doubtful_few, transitions), (first, doubtful_first, plain)):
            if number not in doubtful:
                expected = best_path(emissions[start:end], steps)
                worth = [
                    worth_of(path, emissions[start:end], np.where(steps.allowed, steps.scores, 0))
                    for path in (found[start:end], expected)
                ]
                assert worth[0] == pytest.approx(worth[1], rel=1e-6)


# --- confidence ------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(LABELS, st.integers(1, 4), st.booleans(), st.sampled_from([0.5, 1.0, 3.0]), SEEDS)
def test_confidence_and_marginals_are_shares_of_all_paths(
    tags: list[str], length: int, has_crf: bool, temperature: float, seed: int
) -> None:
    """Between two other sentences, so that neither the one before nor the one after matters."""
    tags = [*tags, "O"] if "O" not in tags else tags
    starts = np.array([0, 2, 2 + length])
    emissions = random_scores(seed, length + 5, len(tags), scale=1)
    learned = random_scores(seed + 1, len(tags) + 1, len(tags), scale=1) if has_crf else None
    chain = Chain(tags, learned, temperature=temperature)
    path = chain.decode(emissions, starts)
    found = chain.confidence(emissions, starts, path)
    every = totals(emissions[2 : 2 + length], tags, learned)
    weights = {p: float(np.exp(score / temperature)) for p, score in every.items()}
    for span in spans_of([tags[k] for k in path[2 : 2 + length].tolist()]):
        agreeing = sum(weight for p, weight in weights.items() if span in spans_of([tags[k] for k in p]))
        assert found.of(2 + span.start, 2 + span.end) == pytest.approx(agreeing / sum(weights.values()), abs=1e-5)
    chances = chain.marginals(emissions, starts)
    for time, tag in product(range(length), range(len(tags))):
        agreeing = sum(weight for p, weight in weights.items() if p[time] == tag)
        assert chances[2 + time, tag] == pytest.approx(agreeing / sum(weights.values()), abs=1e-5)


@settings(deadline=None, max_examples=60)
@given(LABELS, st.lists(st.integers(1, 6), min_size=1, max_size=8), st.sampled_from([0.5, 1.0, 3.0]), SEEDS)
def test_without_a_crf_the_pairs_of_b_and_i_are_enough(
    tags: list[str], lengths: list[int], temperature: float, seed: int
) -> None:
    """Sums over few pairs and over all pairs lead to the same probability of every span."""
    tags = [*tags, "O"] if "O" not in tags else tags
    emissions, packing = random_scores(seed, sum(lengths), len(tags)), Packing.of(lengths)
    starts = np.array([0, *accumulate(lengths)][:-1])
    transitions, path = Transitions.of(tags), Chain(tags).decode(emissions, starts)
    weights = forward_backward.weights_of(emissions, packing, temperature)
    few = inside_pairs.confidence(weights.copy(), transitions, packing, path)
    factors = np.exp(transitions.scores)
    sums = forward_backward.forward_backward(weights, factors, packing)
    every = forward_backward.confidence(sums, factors, transitions, packing, path, starts=starts)
    for start, length in zip(starts.tolist(), lengths, strict=True):
        for span in spans_of([tags[k] for k in path[start : start + length].tolist()]):
            first, end = start + span.start, start + span.end
            assert few.of(first, end) == pytest.approx(every.of(first, end), abs=1e-5)


@pytest.mark.parametrize("starts", [[0], [0, 2]], ids=["alone", "in company"])
@pytest.mark.filterwarnings("error")
def test_confidence_if_all_valid_paths_are_unlikely(starts: list[int]) -> None:
    """The likeliest tag must not come first, and all others have a probability near 0."""
    emissions = np.array([[0, 0, 200, 0, 0], [0, 0, 0, 0, 0], [5, 0, 0, 0, 0]][: starts[-1] + 1 + (len(starts) == 1)])
    chain = Chain(TAGS)
    found = chain.confidence(emissions.astype(np.float32), np.array(starts), np.array([1, 2, 0][: len(emissions)]))
    assert 0 <= found.of(0, 1) <= 0.5


def test_confidence_of_huge_scores() -> None:
    emissions = np.array([[1e30, 0, 0, 0, -1e30], [0, 0, 1e30, 0, 0]], dtype=np.float32)
    found = Chain(TAGS).confidence(emissions, np.array([0]), np.array([0, 2]))
    assert found.of(0, 2) == 1


# --- probabilities ---------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 6), st.sampled_from([0.1, 1.0, 100.0, 1e4]), SEEDS)
def test_probabilities_are_a_softmax(rows: int, labels: int, scale: float, seed: int) -> None:
    scores = random_scores(seed, rows, labels) * np.float32(scale)
    before = scores.copy()
    found = probabilities(scores)
    assert found.sum(-1) == pytest.approx(np.ones(rows), abs=1e-6)
    assert ((found >= 0) & (found <= 1)).all()
    exact = np.exp(scores.astype(np.float64) - scores.max(-1, keepdims=True).astype(np.float64))
    assert found == pytest.approx(exact / exact.sum(-1, keepdims=True), abs=1e-6)
    assert (scores == before).all()


def test_huge_scores_do_not_overflow() -> None:
    assert probabilities(np.array([[1e38, -1e38], [1e38, 1e38]], dtype=np.float32)).tolist() == [[1, 0], [0.5, 0.5]]


# --- sentences without end -------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(LABELS, st.integers(1, 40), st.integers(1, 9), st.booleans(), st.sampled_from([0.5, 1.0, 3.0]), SEEDS)
def test_a_long_sentence_in_blocks(
    tags: list[str], length: int, block: int, has_crf: bool, temperature: float, seed: int
) -> None:
    tags = [*tags, "O"] if "O" not in tags else tags
    emissions, start = random_scores(seed, length, len(tags)), np.array([0])
    learned = random_scores(seed + 1, len(tags) + 1, len(tags), scale=1) if has_crf else None
    chain = Chain(tags, learned, temperature=temperature)
    expected = chain.decode(emissions, start)
    path, found = chain.decode_long(lambda number: emissions[number * block :][:block], -(-length // block))
    assert path.tolist() == expected.tolist()
    sure = chain.confidence(emissions, start, expected)
    for span in spans_of([tags[k] for k in expected.tolist()]):
        assert found.of(span.start, span.end) == pytest.approx(sure.of(span.start, span.end), abs=1e-5)


def test_a_long_sentence_of_large_scores_is_exact() -> None:
    """Summed up in float32, the scores would lose what decides."""
    emissions = np.full((400, len(TAGS)), 1e6, dtype=np.float32)
    emissions[:, TAGS.index("B-b")] += 1
    path, _ = Chain(TAGS).decode_long(lambda number: emissions[number * 100 :][:100], 4)
    assert set(path.tolist()) == {TAGS.index("B-b")}
