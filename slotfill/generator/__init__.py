"""ATIS-style travel requests from a grammar that a linguist can edit; the code has no sentences in it.

    grammar/*.txt           rules, whose alternatives are templates with typed slots
    lexicons/*.txt          words, with weights and further columns
    lexicons/cities/*.txt   the same for city names, some of which are held out

A rule is a name with a colon; its alternatives are indented below it. Lines that begin with `#` are comments.

    intent flight 60:
      {show me|find} flights <place from> <place to>
      3 * leave [fromloc.city_name:city] <date depart> {please|}

    place:
      @ [@loc.city_name:us_city], [@loc.state_name:us_city.state]

- `intent NAME WEIGHT:` is a rule for whole sentences, drawn by its weight. `3 *` before an alternative is its weight;
  the default is 1.
- `[slot:source]` is a slot with text from a lexicon or another rule. `[slot=text]` has its own text, or a template for
  it. Slots do not nest.
- `<name>` is another rule, or an entry of a lexicon. A rule that needs a role is called with one, `<name role>`, or
  with the role of its caller, `<name @>`; in its slots `@` stands for the role.
- `us_city.state`, as a source or between `<` and `>`, is the column `state` of the entry last drawn from the lexicon
  `us_city`, so that Portland gets its own state.
- `leave~arrive` makes two lines of one: one with all the words to the left of a `~`, one with those to the right. So
  the twins `<leave_from~arrive_at> <place from~to> <when depart~arrive>` differ only in their role. A rule named
  `say_out~say_in:` is two rules, each with its own side of every line. With spaces, as in `take off ~ touch down`, the
  sides are everything to the left and to the right.
- `{a|b|}` is one of its options, with equal odds; an empty one makes it optional. They nest.
- Write prose: names with capitals, other words without, even at the start; end questions with `?`, and other sentences
  with nothing. Casing, full stops and typing errors come later (`noise.py`); `a` becomes `an` by itself.

A lexicon has one entry per line, `name` or `name TAB weight`. For more columns, its first line names them all:
`name TAB weight TAB country`.

About a tenth of the city names is held out, chosen by a hash of the name, but never a very big city. Only unseen
sentences have them, so that a tagger can be tested on cities that training has not seen.
"""

import random
from collections.abc import Iterable, Iterator
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
_PATIENCE = 1000  # sentences in a row that are not new, until the grammar counts as used up


def generate(count: int, *, seed: int, unseen: bool = False, without: Iterable[str] = ()) -> Iterator[Example]:
    """Yield `count` different sentences: with `unseen`, each has a held-out city; otherwise none has.

    Texts of `without` are left out, whatever their case and the signs at their ends: an exam must not be learnt by
    heart. The same arguments give the same sentences on every machine. Raises InputError if the grammar has fewer
    sentences.
    """
    left_out = {_bare(text) for text in without}
    rng = random.Random(seed)  # noqa: S311  # sentences, not secrets
    sampler = Sampler(_shipped(), rng, unseen=unseen)
    texts: set[str] = set()
    while len(texts) < count:
        for _ in range(_PATIENCE):
            example = roughen(sampler.sentence(), rng)
            if example.text in texts or _bare(example.text) in left_out:
                continue
            if not unseen or any(tag.endswith("city_name") for tag in example.tags):
                break
        else:
            raise InputError(f"the grammar has only about {len(texts)} sentences: expected at least {count}")
        texts.add(example.text)
        yield example


def _bare(text: str) -> str:
    return text.casefold().strip(" .,!?")


def entries(lexicon: str, *, unseen: bool = False) -> list[tuple[dict[str, str], float]]:
    """The entries of a lexicon by column, with their weights; held-out cities only with `unseen`.

    Raises KeyError if there is no such lexicon.
    """
    grammar = _shipped()
    source = grammar.lexicons[lexicon]
    return [
        (entry, weight)
        for entry, weight in zip(source.entries, source.weights, strict=True)
        if unseen or not source.of_cities or fold(entry["name"]) not in grammar.held_out
    ]


@lru_cache(maxsize=1)
def _shipped() -> Grammar:
    return load(_FOLDER)
