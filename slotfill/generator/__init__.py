"""ATIS-style travel requests from a grammar that a linguist can edit; the code contains no sentences.

    grammar/*.txt           rules, whose alternatives are templates with typed slots
    lexicons/*.txt          words, with weights and further columns
    lexicons/cities/*.txt   the same, of city names, which are split into known and held-out ones

A rule is a name with a colon; its alternatives are indented below it. Lines that begin with `#` are comments.

    intent flight 60:
      {show me|find} flights <place from> <place to>
      3 * leave [fromloc.city_name:city] <date depart> {please|}

    place:
      @ [@loc.city_name:us_city], [@loc.state_name:us_city.state]

- `intent NAME WEIGHT:` makes whole sentences, and is drawn by its weight. `3 *` before an alternative is its
  weight; without one it is 1.
- `[slot:source]` is a slot, its text taken from a lexicon or another rule. `[slot=text]` gives the text itself, or a
  template for it. No slot stands within a slot.
- `<name>` is another rule, or a word from a lexicon. A rule that needs a role is called with one, `<name role>`, or
  with that of its caller, `<name @>`; in its slots `@` stands for the role.
- `us_city.state`, as a source or between `<` and `>`, is the column `state` of the entry last drawn from the lexicon
  `us_city`, so that Portland gets its own state.
- `leave~arrive` makes two lines of one: all the words left of a `~`, then all those right of one. So the twins
  `<leave_from~arrive_at> <place from~to> <when depart~arrive>` differ in nothing but their role. A rule named
  `say_out~say_in:` is two rules, each with its own side of every line. With spaces, `take off ~ touch down`, the sides
  are all that stands left and right.
- `{a|b|}` is one of these, all with equal odds; an empty one makes the whole optional. They nest.
- Write prose: names with capitals, other words without, even at the start; a question ends with `?`, another sentence
  with nothing. Casing, full stops and typing slips come later (`noise.py`), and `a` becomes `an` by itself.

A lexicon has one entry a line, `name` or `name TAB weight`. For more columns its first line names them all:
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
from slotfill.tokenizer import fold

__all__ = ["entries", "generate"]

_FOLDER = Path(__file__).parent
_PATIENCE = 1000  # sentences drawn in a row that were all there before: the grammar has no more


def generate(count: int, *, seed: int, unseen: bool = False) -> Iterator[Example]:
    """Yield `count` different sentences; `unseen` ones each name a held-out city, the others only other cities.

    The same arguments give the same sentences, on every machine.
    """
    rng = random.Random(seed)  # noqa: S311  # sentences, not secrets
    sampler = Sampler(_shipped(), rng, unseen=unseen)
    texts: set[str] = set()
    while len(texts) < count:
        for _ in range(_PATIENCE):
            example = roughen(sampler.sentence(), rng)
            if example.text not in texts and (not unseen or any(tag.endswith("city_name") for tag in example.tags)):
                break
        else:
            raise InputError(f"the grammar has only about {len(texts)} sentences: expected at least {count}")
        texts.add(example.text)
        yield example


def entries(lexicon: str, *, unseen: bool = False) -> list[tuple[dict[str, str], float]]:
    """The entries of a lexicon by column, with their weights; held-out cities too if `unseen`.

    KeyError if there is no such lexicon.
    """
    grammar = _shipped()
    asked = grammar.lexicons[lexicon]
    return [
        (entry, weight)
        for entry, weight in zip(asked.entries, asked.weights, strict=True)
        if unseen or not asked.of_cities or fold(entry["name"]) not in grammar.held_out
    ]


@lru_cache(maxsize=1)
def _shipped() -> Grammar:
    return load(_FOLDER)
