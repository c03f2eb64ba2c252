"""ATIS-style travel requests from a grammar that a linguist can edit: no sentence stands in the code.

    grammar/*.txt           phrases: rules whose alternatives are templates with typed slots
    lexicons/*.txt          words, with weights and further columns
    lexicons/cities/*.txt   the same, split into known and held-out cities (see below)

A rule is a name with a colon, its alternatives stand indented below it; `#` begins a line of comment:

    intent flight 60:                                   # a whole sentence of this intent, drawn 60 parts in the sum
      {show me|find} flights <place from> <place to>    # one of several texts; other rules, with a role
      3 * leave [fromloc.city_name:city] <date depart>  # a weight (1 if none); a slot: its name, where its text is from

    place:                                              # a phrase that needs a role: `@` stands for it
      @ [@loc.city_name:us_city], [@loc.state_name:us_city.state]

- `[slot:source]`: the source is a lexicon, or a rule without slots of its own. `us_city.state` is the column
  `state` of the entry last drawn from `us_city`, so that Portland gets its own state.
- `{a|b|}`: one of these, all with equal odds; an empty one makes the whole optional. They nest.
- `<name>`: another rule, or a word from a lexicon; `<name role>`, `<name @>`: in that role, or in one's own.
- Templates are written as prose: names with capitals, sentences without; questions end with `?`, other
  sentences with nothing. Casing, full stops and typing slips come later (`noise.py`).

A lexicon has one entry a line: `name`, or `name TAB weight`; more columns need a first line that names them,
`name TAB weight TAB country`.

About a tenth of the city names is held out, chosen by a hash of the name, never a very big city. They make the
unseen part: a tagger trained on the rest and measured on these has never met the cities it is asked about.
"""

import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from slotfill.errors import InputError
from slotfill.generator.engine import Sampler
from slotfill.generator.grammar import Grammar, load
from slotfill.generator.noise import roughen
from slotfill.schema import Example

__all__ = ["Grammar", "Sampler", "generate", "load"]

_FOLDER = Path(__file__).parent
_PATIENCE = 1000  # sentences drawn in a row that were all there before: the grammar has no more


def generate(count: int, *, seed: int, unseen: bool = False) -> Iterator[Example]:
    """Yield `count` different sentences; `unseen` ones name only held-out cities, the others only the rest.

    The same arguments give the same sentences, on every machine.
    """
    rng = random.Random(seed)  # noqa: S311  # sentences, not secrets
    sampler = Sampler(_shipped(), rng, unseen=unseen)
    texts: set[str] = set()
    while len(texts) < count:
        for _ in range(_PATIENCE):
            example = roughen(sampler.sentence(), rng)
            if example.text not in texts:
                break
        else:
            raise InputError(f"the grammar has only about {len(texts)} sentences: expected at least {count}")
        texts.add(example.text)
        yield example


@lru_cache(maxsize=1)
def _shipped() -> Grammar:
    return load(_FOLDER)
