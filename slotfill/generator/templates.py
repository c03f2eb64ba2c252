"""Sentences of any domain, from templates and lexicons of one's own (docs/templates.md).

    DIR/*.txt               templates; those before the first rule of a file are of the intent that it is named after
    DIR/lexicons/*.txt      names, one a line, perhaps with synonyms or weights

The language is that of the package's docstring. Unlike in the grammar that ships, no names are held out, and nothing
depends on English but the slips of `roughen`, which is asked for.
"""

import random
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from slotfill.errors import DataError, InputError
from slotfill.generator.engine import Sampler, Sentence
from slotfill.generator.grammar import Grammar, Lexicon, Rule, check, load, reached_from, read_lexicon, read_rules
from slotfill.generator.noise import example_of, roughen
from slotfill.generator.syntax import Call, leaves
from slotfill.schema import Example
from slotfill.tokenizers import tokenizer_named

# What a grammar may use without saying it: of the grammar that ships, and in builtin/.
BUILT_IN = (
    "number", "day", "month", "ordinal_digits", "ordinal_words", "clock", "us_city", "world_city", "state", "country",
    "airline_name", "airport_code",
)  # fmt: skip
_FOLDER = Path(__file__).parent
_PATIENCE = 2000  # sentences in a row that are not new, until the grammar counts as used up
_TOKENIZERS = ("slotfill", "scripts")  # the second is for text without spaces


def generate_own(
    grammar: Path | str, count: int, *, seed: int, without: Iterable[str] = (), rough: bool = False
) -> list[Example]:
    """`count` different sentences from the templates in a folder, or in one file beside its folder `lexicons`.

    Texts of `without` are left out. With `rough` they are as people type English: with slips, in any case. The same
    arguments give the same sentences on every machine. Raises DataError, with file and line, for a mistake in the
    grammar, and InputError if there is none or it has fewer sentences.
    """
    loaded = load_own(Path(grammar))
    left_out = {text.casefold() for text in without}
    problems = []
    for name in _TOKENIZERS:
        try:
            return list(_sentences(loaded, count, seed=seed, left_out=left_out, rough=rough, tokenizer=name))
        except DataError as error:
            problems.append(error)
    raise problems[0]


def _sentences(
    grammar: Grammar, count: int, *, seed: int, left_out: set[str], rough: bool, tokenizer: str
) -> Iterator[Example]:
    rng = random.Random(seed)  # noqa: S311  # sentences, not secrets
    sampler = Sampler(grammar, rng, unseen=False)
    seen: set[str] = set()
    for _ in range(count):
        for _ in range(_PATIENCE):
            example = _example(grammar, sampler, rng if rough else None, tokenizer)
            if example is not None and example.text not in seen and example.text.casefold() not in left_out:
                break
        else:
            advice = f"write more templates or names, or ask for --count {len(seen)}" if seen else "write some"
            there = f"only about {len(seen)} sentence{'' if len(seen) == 1 else 's'}" if seen else "no sentence"
            raise InputError(f"the grammar has {there}, not {count}: {advice}")
        seen.add(example.text)
        yield example


def _example(grammar: Grammar, sampler: Sampler, noise: random.Random | None, tokenizer: str) -> Example | None:
    """A sentence, or None if it is empty; DataError if a slot begins or ends within a token."""
    sentence = sampler.sentence()
    if not any(piece.text.strip() for piece in sentence.pieces):
        return None
    example = example_of(sentence, tokenizer_named(tokenizer))
    if example is None:
        rule = grammar.rules[f"intent {sentence.intent}"]
        raise DataError(_split_token(sentence), path=rule.path, line=rule.lines[sampler.alternative])
    return example if noise is None else roughen(sentence, noise)


def _split_token(sentence: Sentence) -> str:
    marked = "".join(f"[{piece.text}]" if piece.slot else piece.text for piece in sentence.pieces)
    return f"a slot is not made of whole words in {marked!r}: put the whole word into the slot, or a space beside it"


# --- reading ---------------------------------------------------------------------------------------


def load_own(path: Path) -> Grammar:
    """Read a grammar; DataError names file and line, InputError a folder that is none."""
    folder = path if path.is_dir() else path.parent
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not path.exists():
        raise InputError(f"{path}: no such folder of templates: see docs/templates.md")
    if not files:
        raise InputError(f"{path} has no template: expected files such as book.txt with lines such as a table for two")
    lexicons = {
        file.stem: read_lexicon(file, of_cities=False, distinct=True) for file in sorted(folder.glob("lexicons/*.txt"))
    }
    rules: dict[str, Rule] = {}
    for file in files:
        before = len(rules)
        read_rules(file, into=rules, intent=file.stem.replace(" ", "_"))
        if len(rules) == before:
            raise DataError("no template: expected lines such as book a table for [people:number]", path=file)
    if not any(rule.intent for rule in rules.values()):
        raise DataError("no whole sentence: expected lines without indentation, or `intent NAME:`", path=path)
    _add_built_in(rules, lexicons)
    check(rules, lexicons, others=BUILT_IN)
    return Grammar(rules, lexicons, frozenset(), is_own=True)


def _add_built_in(rules: dict[str, Rule], lexicons: dict[str, Lexicon]) -> None:
    """Add what the rules call, do not have, and ships."""
    for name in sorted(_called(rules) - rules.keys() - lexicons.keys()):
        if name in BUILT_IN:
            more_rules, more_lexicons = _built_in(name)
            for one, rule in more_rules.items():
                rules.setdefault(one, rule)
            for one, lexicon in more_lexicons.items():
                lexicons.setdefault(one, lexicon)


def _called(rules: dict[str, Rule]) -> set[str]:
    templates = [template for rule in rules.values() for template in rule.alternatives]
    return {leaf.name for template in templates for leaf in leaves(template) if isinstance(leaf, Call)}


@cache
def _built_in(name: str) -> tuple[dict[str, Rule], dict[str, Lexicon]]:
    """The rules and lexicons behind a name."""
    file = _FOLDER / "builtin" / f"{name}.txt"
    if file.exists():
        return {}, {name: read_lexicon(file, of_cities=False, distinct=True)}
    shipped = load(_FOLDER)
    if name in shipped.lexicons:
        found = shipped.lexicons[name]
        return {}, {
            name: Lexicon(found.columns, of_cities=False, distinct=True, entries=found.entries, weights=found.weights)
        }
    names = {name, *reached_from(shipped.rules[name].alternatives, shipped.rules)}
    rules = {one: rule for one, rule in shipped.rules.items() if one in names}
    return rules, {one: shipped.lexicons[one] for one in _called(rules) & shipped.lexicons.keys()}
