"""Twins: pairs of sentences such as `arrive Taipei` and `leave Taipei`, of which only the verb tells the roles apart.

A pair is right if both sentences are, so a network that cannot look back to the verb scores 0 and not one half.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slotfill.schema import Annotation, Example
from slotfill.tagger import Tagger
from slotfill.tags import char_span, spans_of
from slotfill.tokenizer import fold

_TEMPLATES = (
    "{verb} {city}",
    "{verb} {city} on monday",
    "i want to {verb} {city} on friday morning",
    "show me flights that {verb} {city} before noon",
    "which flights {verb} {city} at 6 pm",
)
_VERBS = {"arrive": "toloc.city_name", "leave": "fromloc.city_name"}
_CITIES = 20  # of each kind
# Cities of the whole world; those in the train split are left out.
_WORLD = (
    *("taipei", "lisbon", "nairobi", "osaka", "quito", "riga", "hanoi", "perth", "kyoto", "dakar"),
    *("bergen", "krakow", "lima", "accra", "tallinn", "sofia", "bogota", "cardiff", "zagreb", "muscat"),
    *("porto", "hobart", "adelaide", "turin", "kigali", "vilnius", "colombo", "tbilisi", "galway", "santiago"),
)

# What stands between verb and city, as people write it, by its number of words.
_BETWEEN = {0: "", 2: "if possible", 4: "if at all possible", 8: "if at all possible with my two kids"}
_DATES = {"monday": ("day_name",), "november second": ("month_name", "day_number")}  # with the types of its slots
_DATE_ROLES = {"arrive": "arrive_date", "leave": "depart_date"}
_DISTANT_CITIES = 10


@dataclass(frozen=True, slots=True)
class DatedPair:
    """A pair with a city and a date, both of which the verb decides."""

    city: str
    date: str
    texts: tuple[str, ...]  # arrive ..., leave ...
    dates: tuple[tuple[str, ...], ...] | None  # the slots of the date in each; None: the data have no such slots


@dataclass(frozen=True, slots=True)
class Twins:
    """Pairs of sentences with cities of the train split, and with other cities."""

    seen: tuple[tuple[str, str, str], ...]  # (city, arrive ..., leave ...)
    unseen: tuple[tuple[str, str, str], ...]
    distant: Mapping[int, tuple[DatedPair, ...]]  # with seen cities, by the number of words between verb and city


@dataclass(frozen=True, slots=True)
class Distant:
    """The shares of pairs with so many words between verb and city in which the city is right, and the date."""

    words: int
    city: float
    date: float | None  # None if the data have no such slots


def twins(train: Sequence[Example]) -> Twins:
    """Pairs with the most frequent cities of a train split (by the slot names of ATIS), and with unseen cities."""
    cities: Counter[str] = Counter()
    names = set()
    for example in train:
        for span in spans_of(example.tags):
            names.add(span.name)
            if span.name in _VERBS.values():
                start, end = char_span(example.tokens, span.start, span.end)
                cities[example.text[start:end].lower()] += 1
    words = {fold(token.text) for example in train for token in example.tokens}
    seen = sorted(cities, key=lambda city: (-cities[city], city))[:_CITIES]
    unseen = [city for city in _WORLD if fold(city) not in words][:_CITIES] if seen else []
    near = seen[:_DISTANT_CITIES]
    distant = {count: tuple(_dated(near, between, names)) for count, between in _BETWEEN.items()} if seen else {}
    return Twins(_pairs(seen), _pairs(unseen), distant)


def _pairs(cities: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    arrive, leave = _VERBS
    return tuple(
        (city, template.format(verb=arrive, city=city), template.format(verb=leave, city=city))
        for city in cities
        for template in _TEMPLATES
    )


def _dated(cities: Sequence[str], between: str, names: set[str]) -> Iterator[DatedPair]:
    for city in cities:
        for date, types in _DATES.items():
            texts = tuple(" ".join(f"{verb} {between} {city} on {date}".split()) for verb in _VERBS)
            dates = tuple(tuple(f"{role}.{type_}" for type_ in types) for role in _DATE_ROLES.values())
            yield DatedPair(city, date, texts, dates if {name for one in dates for name in one} <= names else None)


def twins_right(tagger: Tagger, pairs: Sequence[tuple[str, str, str]]) -> float | None:
    """The share of pairs in which the city has the right role on both sides; None if there are no pairs."""
    right = 0
    for city, *sentences in pairs:
        right += _cities_right(tagger.tag(sentences), city)
    return right / len(pairs) if pairs else None


def distant_right(tagger: Tagger, distant: Mapping[int, Sequence[DatedPair]]) -> tuple[Distant, ...]:
    """How far from the verb cities and dates still have the right role."""
    return tuple(_distant(tagger, words, pairs) for words, pairs in distant.items())


def _distant(tagger: Tagger, words: int, pairs: Sequence[DatedPair]) -> Distant:
    cities, dates = 0, []
    for pair in pairs:
        annotations = tagger.tag(pair.texts)
        cities += _cities_right(annotations, pair.city)
        if pair.dates is not None:
            dates.append([_slots_of(annotation, pair.date) for annotation in annotations] == list(pair.dates))
    return Distant(words, cities / len(pairs), sum(dates) / len(dates) if dates else None)


def _cities_right(annotations: Sequence[Annotation], city: str) -> bool:
    roles = [[slot.name for slot in annotation.slots if slot.text == city] for annotation in annotations]
    return roles == [[role] for role in _VERBS.values()]


def _slots_of(annotation: Annotation, date: str) -> tuple[str, ...]:
    """The names of the slots within the date, one for each of its words; others where a word has none."""
    found = {slot.text: slot.name for slot in annotation.slots if slot.start >= annotation.text.rindex(date)}
    return tuple(found.get(word, "") for word in date.split())
