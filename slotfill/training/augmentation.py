"""What an epoch learns from: the sentences of each data set by its share, and copies of them with other values.

A copy has the words and slots of its original, but other values of the same slot type: what stands after the dot of
`fromloc.city_name`, whatever the role. Neighbouring slots of one role (`june` + `seventh`, `portland` + `maine`) change
together, for a pair that was seen together, so that they go on agreeing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from slotfill.config import DataConfig, ModelConfig
from slotfill.gazetteers import build_gazetteers
from slotfill.generator import entries
from slotfill.schema import Example, Token
from slotfill.slot_names import role_of, type_of
from slotfill.tags import OUTSIDE, TokenSpan, spans_of, tags_of
from slotfill.tokenizer import fold, tokenize
from slotfill.vocabulary import NO_GAZETTEERS, Vocabularies

Value = tuple[str, ...]  # the texts of one or more neighbouring slots
Types = tuple[str, ...]  # their types
Change = tuple[TokenSpan, str]  # a span of an example, and the text that it gets

OTHER = "other"  # the intent of data/travel's sentences that want nothing
_SWAPPED = 0.5  # the odds of each value of a copy


class Pool(NamedTuple):
    """Values to draw from, by running sums of their weights."""

    values: Sequence[Value]
    cumulated: Sequence[float]

    @classmethod
    def of(cls, values: Mapping[Value, float]) -> "Pool":
        """From values and their weights."""
        return cls(list(values), list(accumulate(values.values())))

    def draw(self, rng: Random) -> Value:
        """One value, by its weight."""
        (value,) = rng.choices(self.values, cum_weights=self.cumulated)
        return value


class Substituter:
    """Makes copies of examples with other values: the examples' own, each as likely as any other, or a lexicon's."""

    def __init__(self, examples: Iterable[Example], *, tags: frozenset[str], gazetteers: float = 0.0) -> None:
        """`tags` are those that a copy may have; `gazetteers` is how often a value comes from one that has its type."""
        self._tags = tags
        seen: dict[Types, dict[Value, float]] = {}
        for example in examples:
            for unit in units_of(example):
                for spans in dict.fromkeys([unit, *((span,) for span in unit)]):  # in an order, which a set has not
                    value = tuple(_text(example, span) for span in spans)
                    seen.setdefault(tuple(type_of(span.name) for span in spans), {})[value] = 1.0
        self._own = {types: Pool.of(values) for types, values in seen.items() if len(values) > 1}
        self._lexicons = gazetteers

    def copy(self, example: Example, rng: Random) -> Example:
        """The example with about half of its values changed; itself where none has another."""
        changes: list[Change] = []
        for unit in units_of(example):
            if rng.random() < _SWAPPED:
                change = list(self._change(unit, rng))
                if all(map(self._fits, change)):
                    changes += change
        return substituted(example, changes) if changes else example

    def _fits(self, change: Change) -> bool:
        span, text = change
        tokens = len(tokenize(text))
        return tokens == 1 or (tokens > 1 and f"I-{span.name}" in self._tags)

    def _change(self, unit: tuple[TokenSpan, ...], rng: Random) -> Iterator[Change]:
        types = tuple(type_of(span.name) for span in unit)
        known, own = _lexicon(types), self._own.get(types)
        if known is not None and rng.random() < self._lexicons:
            yield from zip(unit, known.draw(rng), strict=True)
        elif own is not None:
            yield from zip(unit, own.draw(rng), strict=True)


def tags_in(examples: Iterable[Example]) -> frozenset[str]:
    """All tags that occur."""
    return frozenset(tag for example in examples for tag in example.tags)


def units_of(example: Example) -> list[tuple[TokenSpan, ...]]:
    """The spans of an example; neighbours of one role with at most a comma between are one unit."""
    units: list[tuple[TokenSpan, ...]] = []
    for span in spans_of(example.tags):
        before = units[-1][-1] if units else None
        if (
            before
            and role_of(before.name) == role_of(span.name)
            and before.name != span.name
            and (before.end == span.start or (before.end + 1 == span.start and example.tokens[before.end].text == ","))
        ):
            units[-1] = (*units[-1], span)
        else:
            units.append((span,))
    return units


def substituted(example: Example, changes: Iterable[Change]) -> Example:
    """The example with other texts in some of its spans; no text may be without a token."""
    new = dict(changes)
    text, tokens, spans = "", list[Token](), list[TokenSpan]()
    end = position = 0  # up to where old text and old tokens are copied

    def append(piece: str, piece_tokens: Iterable[Token], *, start: int) -> None:
        """Add text whose tokens count from `start` on."""
        nonlocal text
        shift = len(text) - start
        tokens.extend(Token(token.text, token.start + shift, token.end + shift) for token in piece_tokens)
        text += piece

    for span in spans_of(example.tags):
        start, stop = example.tokens[span.start].start, example.tokens[span.end - 1].end
        append(example.text[end:start], example.tokens[position : span.start], start=end)
        first = len(tokens)
        if span in new:
            append(new[span], tokenize(new[span]), start=0)
        else:
            append(example.text[start:stop], example.tokens[span.start : span.end], start=start)
        spans.append(TokenSpan(first, len(tokens), span.name))
        end, position = stop, span.end
    append(example.text[end:], example.tokens[position:], start=end)
    return Example(text, tuple(tokens), tags_of(spans, length=len(tokens)), example.intent)


def _text(example: Example, span: TokenSpan) -> str:
    return example.text[example.tokens[span.start].start : example.tokens[span.end - 1].end]


# --- gazetteers --------------------------------------------------------------------------------------

_COLUMNS: Mapping[Types, Sequence[tuple[str, Sequence[str]]]] = {  # where the values of these types stand
    ("city_name",): [("us_city", ["name"]), ("world_city", ["name"])],
    ("city_name", "state_code"): [("us_city", ["name", "code"])],
    ("city_name", "state_name"): [("us_city", ["name", "state"])],
    ("city_name", "country_name"): [("world_city", ["name", "country"])],
    ("state_code",): [("us_city", ["code"])],
    ("state_name",): [("state", ["name"])],
    ("country_name",): [("country", ["name"])],
    ("airport_code",): [("airport_code", ["name"])],
    ("airport_name",): [("airport_stem", ["name"])],
    ("airline_name",): [("airline_name", ["name"])],
    ("airline_code",): [("airline_code", ["name"])],
    ("aircraft_code",): [("aircraft_code", ["name"])],
}


def shipped_gazetteers(*, unseen: bool = False) -> dict[str, tuple[str, ...]]:
    """The names of slotfill's gazetteers by slot type.

    Without the cities that the generator holds out, so that dev can have names that no list has; with them if
    `unseen`, for a model that is to know all names there are.
    """
    return {
        types[0]: tuple(sorted({e[column] for name, (column,) in places for e, _ in entries(name, unseen=unseen)}))
        for types, places in _COLUMNS.items()
        if len(types) == 1
    }


def own_gazetteers(examples: Iterable[Example], *, least: int) -> dict[str, tuple[str, ...]]:
    """By slot type, the folded values that at least so many different sentences have.

    With two or more, a sentence is told of its values what the others know. A list of all values would have every
    value of training and few of a new text: a network that reads it learns to trust it blindly.
    """
    seen: dict[str, dict[str, set[str]]] = {}
    for example in examples:
        for span in spans_of(example.tags):
            value = " ".join(fold(token.text) for token in example.tokens[span.start : span.end])
            seen.setdefault(type_of(span.name), {}).setdefault(value, set()).add(example.text)
    return {
        name: tuple(sorted(value for value, texts in values.items() if len(texts) >= least))
        for name, values in sorted(seen.items())
    }


def build_vocabularies(train: Sequence[Example], model: ModelConfig, *, unseen: bool = False) -> Vocabularies:
    """What a network of this configuration counts by: the part's words and tags, and the lists of names that it reads.

    `unseen` is that of `shipped_gazetteers`.
    """
    lists: dict[str, tuple[str, ...]] = shipped_gazetteers(unseen=unseen) if model.gazetteers else {}
    if model.own_gazetteers:
        lists |= {f"own {name}": values for name, values in own_gazetteers(train, least=model.own_gazetteers).items()}
    return Vocabularies.of(train, gazetteers=build_gazetteers(lists) if lists else NO_GAZETTEERS)


@cache
def _lexicon(types: Types) -> Pool | None:
    """The values that slotfill's gazetteers have of these types, or None."""
    if types not in _COLUMNS:
        return None
    values: dict[Value, float] = {}
    for name, columns in _COLUMNS[types]:
        for entry, weight in entries(name):
            value = tuple(entry[column] for column in columns)
            values[value] = values.get(value, 0.0) + weight
    return Pool.of(values)


# --- mixing ----------------------------------------------------------------------------------------


def blanked(example: Example) -> Example:
    """The same text, with no slots and with the intent `other`, which is talk without a request."""
    return example._replace(tags=(OUTSIDE,) * len(example.tags), intent=OTHER)


class Mixture:
    """The training parts of several data sets; every epoch draws anew from them."""

    def __init__(self, parts: Sequence[tuple[Sequence[Example], DataConfig]]) -> None:
        tags = tags_in(example for examples, config in parts if not config.out_of_domain for example in examples)
        self._parts = []
        self.out_of_domain: list[Example] = []  # those of other kinds, which no vocabularies and no dev part knows of
        for examples, config in parts:
            if config.out_of_domain:
                examples = [blanked(example) for example in examples]
                self.out_of_domain += examples
            if config.relabelled:
                examples = [relabelled(example, tags=tags) for example in examples]
            self._parts.append((examples, config, Substituter(examples, tags=tags, gazetteers=config.gazetteers)))

    @classmethod
    def of(cls, parts: Sequence[Sequence[Example]], *, config: Sequence[DataConfig]) -> "Mixture | None":
        """From the training part of each data set; None if every epoch is simply all of them."""
        if all(part == DataConfig(part.source) for part in config):
            return None
        return cls(list(zip(parts, config, strict=True)))

    def __len__(self) -> int:
        """How many sentences an epoch has."""
        shares = [
            (len(examples), config.share, config.share * config.substituted) for examples, config, _ in self._parts
        ]
        return sum(_count(size, share) + _count(size, substituted) for size, share, substituted in shares)

    def epoch(self, number: int, *, seed: int) -> list[Example]:
        """The sentences of an epoch, which depend on the seed and its number alone."""
        sentences: list[Example] = []
        for place, (examples, config, substituter) in enumerate(self._parts):
            rng = Random(f"{seed}/{number}/{place}")  # noqa: S311  # no secret
            sentences += _some(examples, config.share, rng)
            sentences += [substituter.copy(e, rng) for e in _some(examples, config.share * config.substituted, rng)]
        return sentences


def _some(examples: Sequence[Example], share: float, rng: Random) -> list[Example]:
    """All examples as often as `share` has wholes, and as many at random as its rest says."""
    return [*examples] * int(share) + rng.sample(examples, _count(len(examples), share % 1))


def _count(size: int, share: float) -> int:
    return size * int(share) + round(size * (share % 1))


# --- a flaw of ATIS --------------------------------------------------------------------------------

_OF_ARRIVAL = re.compile(r"(?:arriv|reach|land|touch|return|get)\w*|into|back")


def relabelled(example: Example, *, tags: frozenset[str]) -> Example:
    """The example with departures where ATIS has arrivals in a sentence that speaks of none.

    In about 24 sentences of its training part, `nonstop` draws the times after it to `arrive_*`
    (`nonstop flights from dallas to oakland july twenty seventh`); its other sentences have `depart_*` there.
    Only `tags` are given.
    """
    if not any(tag.endswith("flight_stop") for tag in example.tags) or _speaks_of_arrival(example):
        return example
    departing = (tag.replace("-arrive_", "-depart_") for tag in example.tags)
    return example._replace(
        tags=tuple(new if new in tags else old for old, new in zip(example.tags, departing, strict=True))
    )


def _speaks_of_arrival(example: Example) -> bool:
    return any(_OF_ARRIVAL.fullmatch(fold(token.text)) for token in example.tokens)
