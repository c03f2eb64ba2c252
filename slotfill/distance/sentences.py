"""The sentences of the distance experiment: a verb, k neutral words, a city and a date, of which the verb tells all.

    arrive and we bring a bag taipei on monday        toloc.city_name, arrive_date.day_name
    leave and we bring a bag taipei on monday         fromloc.city_name, depart_date.day_name

With the verb at the end the clue comes last, for nets that read from the right: `taipei on monday and we bring a bag
arrive`. Every sentence has a twin that differs in the verb alone, so nothing else in it, nor by chance, tells the role.
"""

from collections.abc import Iterator
from functools import lru_cache
from random import Random

from slotfill.generator import entries
from slotfill.schema import Example
from slotfill.tags import TokenSpan, tags_of
from slotfill.tokenizer import tokenize

CITY, DATE = "city", "date"
# What a city and a date are called after each verb.
ROLES = {
    "arrive": {CITY: "toloc.city_name", DATE: "arrive_date.day_name"},
    "leave": {CITY: "fromloc.city_name", DATE: "depart_date.day_name"},
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# None is a city, a day, a verb of travel or a preposition of place.
NEUTRAL = (
    *("a", "all", "alone", "and", "as", "at", "bag", "because", "bring", "dog", "for", "have", "if", "kids", "know"),
    *(
        "maybe",
        "my",
        "our",
        "please",
        "possible",
        "quietly",
        "small",
        "some",
        "the",
        "this",
        "time",
        "together",
        "trip",
    ),
    *("two", "usual", "we", "well", "with", "you"),
)
_CITIES = 300  # the best known; one in three is kept for unseen sentences


def sentences(
    distance: int, pairs: int, *, seed: int, unseen: bool = False, verb_last: bool = False
) -> tuple[Example, ...]:
    """Twins, arriving and leaving in turns, with `distance` neutral words between the verb and what is next to it.

    That is the city, and the date follows after one more word; with `verb_last` it is the date. `unseen` sentences have
    cities that others never have. The same arguments give the same sentences on every machine.

    >>> arrive, leave = sentences(2, 1, seed=1)
    >>> [word for word, other in zip(arrive.text.split(), leave.text.split()) if word != other]
    ['arrive']
    >>> arrive.tags
    ('O', 'O', 'O', 'B-toloc.city_name', 'O', 'B-arrive_date.day_name')
    """
    rng = Random(f"{seed} {distance} {unseen} {verb_last}")  # noqa: S311  # sentences, not secrets
    return tuple(example for _ in range(pairs) for example in _twins(distance, rng, unseen, verb_last))


def _twins(distance: int, rng: Random, unseen: bool, verb_last: bool) -> Iterator[Example]:
    between = [rng.choice(NEUTRAL) for _ in range(distance)]
    trip = [rng.choice(cities(unseen=unseen)), "on", rng.choice(DAYS)]
    for verb, roles in ROLES.items():
        words = [*trip, *between, verb] if verb_last else [verb, *between, *trip]
        text = " ".join(words)
        first = 0 if verb_last else distance + 1
        spans = [TokenSpan(first, first + 1, roles[CITY]), TokenSpan(first + 2, first + 3, roles[DATE])]
        yield Example(text, tokenize(text), tags_of(spans, length=len(words)))


@lru_cache(maxsize=2)
def cities(*, unseen: bool) -> tuple[str, ...]:
    """Cities of one word, in lower case: those of training, or the others.

    >>> len(cities(unseen=False)), len(cities(unseen=True))
    (200, 100)
    """
    weights = {
        entry["name"].lower(): weight
        for entry, weight in entries("world_city", unseen=True)
        if entry["name"].isascii() and entry["name"].isalpha()
    }
    known = sorted(weights, key=lambda name: (-weights[name], name))[:_CITIES]
    return tuple(name for number, name in enumerate(known) if (number % 3 == 0) == unseen)
