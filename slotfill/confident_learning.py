"""Which labels are likely wrong: confident learning, over slots and intents.

A model that has not seen a sentence says how likely each label of the data is, and how likely its own. The threshold of
a class is the mean probability of all that the data labels so (its self-confidence). A label is doubted where the model
says another one, and finds it as likely as the threshold of that class; so a class of which the model is never sure
accuses with less, and one of which it always is with more. The doubts are ranked by the normalized margin, how much
likelier the model's label is than that of the data (Northcutt, Jiang & Chuang 2021, "Confident learning: estimating
uncertainty in dataset labels", JAIR 70). They do so for the one label of an example. Here it is done for each slot, as
for each token by Wang & Mueller 2022 ("Detecting label errors in token classification data"), and for the intent.

What is outside of any slot is a class too: its probability is that of no slot on any token of a stretch.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from statistics import mean
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from slotfill.batching import Ids, chunks
from slotfill.decoding.confidence import Confidence
from slotfill.intents import are_same, parts_of
from slotfill.runtime.threads import one_thread
from slotfill.schema import Example
from slotfill.tagger import Tagger
from slotfill.tags import OUTSIDE, TokenSpan, spans_of, tags_of

MISSING, EXTRA, NAME, BOUNDS, INTENT = "missing slot", "extra slot", "other name", "other bounds", "intent"
KINDS = (MISSING, EXTRA, NAME, BOUNDS, INTENT)

Class: TypeAlias = tuple[str, str]  # `slot` or `intent`, and its name; or `_NOTHING`
Chances: TypeAlias = tuple[tuple[Class, float], ...]
Label: TypeAlias = tuple[TokenSpan, ...] | str  # the slots of a stretch of tokens, or an intent
_NOTHING: Class = ("outside", "")
# Enough in any class: where a model is nearly always sure, the mean is above most of what is right.
_SURE = 0.9
# A doubt about a class of which the model is hardly ever sure says less: it would say so of what is right, too.
_HARD = 0.25


class Side(NamedTuple):
    """What the data, or the model, says of a stretch of a sentence or of its intent, and how likely the model finds it.

    Of several slots, each has its probability. Without a slot, it is that of nothing in the stretch.
    """

    label: Label
    classes: Chances

    @property
    def confidence(self) -> float:
        """The probability, between 0 and 1; of several slots that of the least likely."""
        return min(chance for _, chance in self.classes)


class Disagreement(NamedTuple):
    """Where a model says something else than the data; `kind` is one of `KINDS`, as the data would be at fault."""

    kind: str
    data: Side
    model: Side


class Judgement(NamedTuple):
    """What a model that has not seen a sentence makes of its labels."""

    own: Chances  # each label of the data that the model knows, with its probability
    disagreements: tuple[Disagreement, ...]
    unknown: tuple[str, ...]  # labels that the model does not know, which it cannot judge

    @property
    def knows_labels(self) -> bool:
        """Whether the model knows any slot or intent of the sentence."""
        return any(name != _NOTHING for name, _ in self.own)


class Doubt(NamedTuple):
    """A disagreement in which the model is sure; `score` is the normalized margin, mostly from 0 to 1.

    Of a class whose threshold is below 0.25, it is less in proportion.
    """

    disagreement: Disagreement
    score: float


def doubts_of(judgements: Sequence[Judgement]) -> list[tuple[Doubt, ...]]:
    """The doubted labels of each sentence, the most doubtful first."""
    means = thresholds(judgements)
    doubts = []
    for judgement in judgements:
        sure = [one for one in judgement.disagreements if _is_sure(one, means)]
        found = [Doubt(one, _margin(one, means)) for one in sure]
        doubts.append(tuple(sorted(found, key=lambda doubt: -doubt.score)))
    return doubts


def thresholds(judgements: Sequence[Judgement]) -> dict[Class, float]:
    """The mean self-confidence of each class."""
    chances: defaultdict[Class, list[float]] = defaultdict(list)
    for judgement in judgements:
        for name, chance in judgement.own:
            chances[name].append(chance)
    return {name: mean(some) for name, some in chances.items()}


def _margin(disagreement: Disagreement, means: Mapping[Class, float]) -> float:
    data, model = disagreement.data, disagreement.model
    hardest = min(means.get(name, 0.0) for name, _ in data.classes)
    return (model.confidence - data.confidence) * min(1.0, hardest / _HARD)


def _is_sure(disagreement: Disagreement, means: Mapping[Class, float]) -> bool:
    """Whether the model finds its label likely enough, which the data must have somewhere."""
    return all(name in means and chance >= min(means[name], _SURE) for name, chance in disagreement.model.classes)


# --- judging ---------------------------------------------------------------------------------------


@one_thread()
def judge(tagger: Tagger, examples: Sequence[Example]) -> list[Judgement]:
    """What a tagger makes of the labels of examples that it has not seen, in order."""
    found: dict[int, Judgement] = {}
    for numbers in chunks([len(example.tokens) for example in examples]):
        chunk = [examples[number] for number in numbers]
        found.update(zip(numbers, _judge_chunk(tagger, chunk), strict=True))
    return [found.get(number) or Judgement((), (), ()) for number in range(len(examples))]


def _judge_chunk(tagger: Tagger, examples: Sequence[Example]) -> Iterator[Judgement]:
    """Judge sentences of which none is empty."""
    fold = tagger.vocabularies.fold
    emissions_NK, intents_BI, starts_B = tagger.runtime.run([[fold(t.text) for t in one.tokens] for one in examples])
    names = tagger.vocabularies.tags.items
    number_of = {tag: number for number, tag in enumerate(names)}
    gold_N = np.array(
        [
            number_of[tag]
            for example in examples
            for tag in tags_of(_sayable(example, number_of), length=len(example.tokens))
        ],
        dtype=np.int64,
    )
    paths: list[Ids] = [gold_N, tagger.chain.decode(emissions_NK, starts_B), np.full_like(gold_N, number_of[OUTSIDE])]
    gold, best, outside = (tagger.chain.confidence(emissions_NK, starts_B, path_N) for path_N in paths)
    tags = [names[number] for number in paths[1].tolist()]
    intents = _intents(tagger, examples, intents_BI)
    for example, start, intent in zip(examples, starts_B.tolist(), intents, strict=True):
        spans = [span for span in spans_of(example.tags) if f"B-{span.name}" in number_of]
        sure = _Sure(start, gold, best, outside, _sayable(example, number_of))
        bare = [sure.of_nothing(place, place + 1) for place, tag in enumerate(example.tags) if tag == OUTSIDE]
        own = [*((("slot", span.name), sure.of_data(span)) for span in spans), *intent.own]
        # what the model cannot say, it does not contradict either
        foreign = [span for span in spans_of(example.tags) if span not in spans]
        clusters = _clusters(spans, spans_of(tags[start : start + len(example.tokens)]))
        slots = [sure.disagreement(*cluster) for cluster in clusters if not _touch(foreign, cluster)]
        yield Judgement(
            (*own, (_NOTHING, mean(bare))) if bare else tuple(own),
            (*slots, *intent.disagreements),
            (*dict.fromkeys(span.name for span in foreign), *intent.unknown),
        )


def _sayable(example: Example, number_of: Mapping[str, int]) -> list[TokenSpan]:
    """The slots of the data whose tags the model knows: it may know a name, but not that it has several tokens."""
    return [span for span in spans_of(example.tags) if all(tag in number_of for tag in example.tags[slice(*span[:2])])]


def _clusters(
    data: Sequence[TokenSpan], model: Sequence[TokenSpan]
) -> Iterator[tuple[tuple[TokenSpan, ...], tuple[TokenSpan, ...]]]:
    """Yield the slots of both sides that differ, those that overlap together."""
    differing = sorted(
        {(span, True) for span in data if span not in model} | {(s, False) for s in model if s not in data}
    )
    cluster: list[tuple[TokenSpan, bool]] = []
    end = 0
    for span, is_data in differing:
        if cluster and span.start >= end:
            yield _sides(cluster)
            cluster = []
        cluster.append((span, is_data))
        end = max(end, span.end)
    if cluster:
        yield _sides(cluster)


def _sides(cluster: Sequence[tuple[TokenSpan, bool]]) -> tuple[tuple[TokenSpan, ...], tuple[TokenSpan, ...]]:
    return tuple(s for s, is_data in cluster if is_data), tuple(s for s, is_data in cluster if not is_data)


def _touch(foreign: Sequence[TokenSpan], cluster: tuple[tuple[TokenSpan, ...], tuple[TokenSpan, ...]]) -> bool:
    """Whether any slot of a cluster overlaps with one of `foreign`."""
    return any(one.start < span.end and span.start < one.end for one in foreign for side in cluster for span in side)


class _Sure(NamedTuple):
    """The probabilities of spans in the sentence that begins at `start`, by the path that has them."""

    start: int
    data: Confidence
    model: Confidence
    outside: Confidence
    sayable: Sequence[TokenSpan]

    def of_data(self, span: TokenSpan) -> float:
        if span not in self.sayable:
            return 0.0
        return self.data.of(self.start + span.start, self.start + span.end)

    def of_nothing(self, start: int, end: int) -> float:
        """The probability that no token from `start` to `end` is in a slot."""
        return self.outside.of(self.start + start, self.start + end)

    def disagreement(self, data: tuple[TokenSpan, ...], model: tuple[TokenSpan, ...]) -> Disagreement:
        """The two sides of a cluster."""
        both = data + model
        nothing = ((_NOTHING, self.of_nothing(min(s.start for s in both), max(s.end for s in both))),)
        said = tuple((("slot", span.name), self.of_data(span)) for span in data)
        found = tuple(
            (("slot", span.name), self.model.of(self.start + span.start, self.start + span.end)) for span in model
        )
        return Disagreement(_kind(data, model), Side(data, said or nothing), Side(model, found or nothing))


def _kind(data: Sequence[TokenSpan], model: Sequence[TokenSpan]) -> str:
    if not data:
        return MISSING
    if not model:
        return EXTRA
    return NAME if [span[:2] for span in data] == [span[:2] for span in model] else BOUNDS


# --- intents ---------------------------------------------------------------------------------------


def _intents(tagger: Tagger, examples: Sequence[Example], scores_BI: NDArray[np.float32] | None) -> Iterator[Judgement]:
    """What the model makes of the intent of each sentence; nothing where there is none."""
    for number, example in enumerate(examples):
        if scores_BI is None or example.intent is None:
            yield Judgement((), (), ())
            continue
        chances = {one.name: one.confidence for one in tagger.ranked(scores_BI[number : number + 1])}
        parts = (example.intent,) if tagger.sign is None else parts_of(example.intent)
        if not chances.keys() >= set(parts):
            yield Judgement((), (), (example.intent,))
            continue
        best = _best(chances, sign=tagger.sign)
        own, other = _side(example.intent, chances, tagger), _side(best, chances, tagger)
        differs = not are_same(example.intent, best)
        yield Judgement(own.classes, (Disagreement(INTENT, own, other),) if differs else (), ())


def _best(chances: Mapping[str, float], *, sign: str | None) -> str:
    """The likeliest intent, or set of intents, by the probabilities of single ones, the likeliest first."""
    likely = [name for name, chance in chances.items() if chance > 0.5]
    return next(iter(chances)) if sign is None or not likely else sign.join(sorted(likely))


def _side(intent: str, chances: Mapping[str, float], tagger: Tagger) -> Side:
    if tagger.sign is None:
        return Side(intent, ((("intent", intent), chances[intent]),))
    parts = parts_of(intent)
    chance = prod(chance if name in parts else 1 - chance for name, chance in chances.items())
    return Side(intent, ((("intent", tagger.sign.join(sorted(parts))), chance),))
