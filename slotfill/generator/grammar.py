"""Grammar and lexicon files -> rules and entries, checked as a whole, so that drawing from them cannot fail."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path

from slotfill.errors import DataError
from slotfill.generator.syntax import ROLE, Call, Fill, Template, Words, leaves, parse, twins
from slotfill.lists import is_header, listed
from slotfill.tokenizer import fold

VERY_BIG = 20  # a city of this weight or more is never held out


@dataclass(slots=True)
class Rule:
    """Weighted alternatives, each with its line in `path`; `intent` is None unless they are whole sentences."""

    path: Path
    line: int
    intent: str | None = None
    weight: float = 1.0
    alternatives: list[Template] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def needs_role(self) -> bool:
        """Say whether `@` occurs in the rule."""
        return any(
            (isinstance(leaf, Call) and leaf.role == ROLE) or (isinstance(leaf, Fill) and ROLE in leaf.slot)
            for template in self.alternatives
            for leaf in leaves(template)
        )


@dataclass(slots=True)
class Lexicon:
    """Entries by column (`name`, `weight`, then any others); city names (`of_cities`) may be held out.

    The entries of a line with synonyms share its weight.
    """

    columns: list[str]
    of_cities: bool
    distinct: bool  # a sentence has no entry twice, as long as there are others: nobody flies from Rome to Rome
    entries: list[dict[str, str]] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grammar:
    """All rules and lexicons by name, and the folded names of the held-out cities."""

    rules: dict[str, Rule]
    lexicons: dict[str, Lexicon]
    held_out: frozenset[str]
    is_own: bool = False  # of any language: `a` before a vowel stays, and only `a(n)` is `a` or `an`


def load(folder: Path) -> Grammar:
    """Read `grammar/*.txt`, `lexicons/*.txt` and `lexicons/cities/*.txt`; DataError names file and line."""
    lexicons = {path.stem: read_lexicon(path, of_cities=False) for path in sorted(folder.glob("lexicons/*.txt"))}
    lexicons |= {path.stem: read_lexicon(path, of_cities=True) for path in sorted(folder.glob("lexicons/cities/*.txt"))}
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("grammar/*.txt")):
        read_rules(path, into=rules)
    if not any(rule.intent for rule in rules.values()):
        raise DataError("no rule `intent NAME WEIGHT:` makes whole sentences", path=folder)
    check(rules, lexicons)
    return Grammar(rules, lexicons, _held_out(lexicons))


# --- reading ------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither blank nor comments, numbered from 1."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = path.read_bytes()[: error.start]
        raise DataError("not UTF-8: save it as UTF-8", path=path, line=before.count(b"\n") + 1) from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.rstrip()


def _weight(text: str, path: Path, line: int) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = 0.0
    if not 0.0 < weight < float("inf"):
        raise DataError(f"the weight is {text!r}: expected a number above 0", path=path, line=line)
    return weight


def read_lexicon(path: Path, *, of_cities: bool, distinct: bool | None = None) -> Lexicon:
    """Read one lexicon, `distinct` if it is of cities; DataError names file and line."""
    lexicon = Lexicon(["name", "weight"], of_cities, of_cities if distinct is None else distinct)
    for number, line in _lines(path):
        (entry,) = listed([line])
        if is_header(entry):
            lexicon.columns = [entry.value, *entry.columns]
            continue
        if entry.value == "name" and entry.columns and not entry.columns[0][:1].isdigit():
            raise DataError(
                f"got {line!r}: a line that names columns begins with name TAB weight", path=path, line=number
            )
        if (entry.columns and len(entry.columns) + 1 != len(lexicon.columns)) or not all([entry.value, *entry.columns]):
            raise DataError(f"got {line!r}: expected {' TAB '.join(lexicon.columns)}", path=path, line=number)
        weight = _weight(entry.columns[0], path, number) if entry.columns else 1.0
        for name in (entry.value, *entry.synonyms):
            lexicon.entries.append(dict(zip(lexicon.columns, (name, *entry.columns), strict=False)))
            lexicon.weights.append(weight / (1 + len(entry.synonyms)))
    if not lexicon.entries:
        raise DataError("the lexicon has no entry", path=path)
    return lexicon


def _held_out(lexicons: dict[str, Lexicon]) -> frozenset[str]:
    """Chosen by hash, not at random: a held-out city stays held out when the lexicons grow."""
    heaviest: dict[str, float] = {}  # a folded name may be there more than once: Birmingham, Zurich and Zürich
    for lexicon in lexicons.values():
        if lexicon.of_cities:
            for entry, weight in zip(lexicon.entries, lexicon.weights, strict=True):
                name = fold(entry["name"])
                heaviest[name] = max(weight, heaviest.get(name, 0.0))
    return frozenset(
        name for name, weight in heaviest.items() if weight < VERY_BIG and sha256(name.encode()).digest()[0] % 10 == 0
    )


_HEAD = re.compile(r"(?:intent (?P<intent>[^\s:]+)(?: (?P<weight>\S+))?|(?P<name>[\w-]+)):")
_WEIGHTED = re.compile(r"\s+(?:(?P<weight>[\d.]+) \* )?(?P<template>.*)")


def read_rules(path: Path, *, into: dict[str, Rule], intent: str = "") -> None:
    """Read the rules of a file; DataError names file and line.

    With `intent`, alternatives before the first rule belong to a rule of this intent, and need not be indented.
    """
    rules: list[Rule] = []  # the one being read, or two that are twins
    for number, line in _lines(path):
        is_first = intent and (not rules or rules[0].intent == intent) and not _is_head(line)
        if is_first and not rules:
            rules = [_read_head(f"intent {intent}:", path, number, into=into)]
        alternative = _WEIGHTED.fullmatch(f" {line}" if is_first else line)
        if alternative is None:
            rules = [_read_head(side, path, number, into=into) for side in twins(line)]
        elif not rules:
            raise DataError("an alternative comes before the first rule", path=path, line=number)
        else:
            weight = _weight(alternative["weight"] or "1", path, number)
            sides = twins(alternative["template"])
            # each of two twin rules takes its own side of a line, and both take a line without sides
            pairs = zip(rules, sides * 2, strict=False) if len(rules) > 1 else ((rules[0], side) for side in sides)
            for rule, side in pairs:
                try:
                    rule.alternatives.append(parse(side))
                except ValueError as problem:
                    raise DataError(str(problem), path=path, line=number) from None
                rule.weights.append(weight)
                rule.lines.append(number)


def _is_head(line: str) -> bool:
    """Whether a line begins a rule, or may be meant to."""
    return line.startswith("intent ") or _HEAD.fullmatch(line) is not None


def _read_head(text: str, path: Path, line: int, *, into: dict[str, Rule]) -> Rule:
    """The rule that `name:` or `intent NAME WEIGHT:` begins, put `into` the others."""
    head = _HEAD.fullmatch(text)
    if head is None:
        raise DataError(f"got {text!r}: expected `name:` or `intent NAME WEIGHT:`", path=path, line=line)
    name = head["name"] or f"intent {head['intent']}"
    if name in into:
        raise DataError(f"the rule {name!r} is there twice", path=path, line=line)
    into[name] = Rule(path, line, head["intent"], _weight(head["weight"] or "1", path, line))
    return into[name]


# --- checking -----------------------------------------------------------------------------------


def check(rules: dict[str, Rule], lexicons: dict[str, Lexicon], *, others: Iterable[str] = ()) -> None:
    """Raise DataError for whatever would make drawing fail; `others` are names that could have been meant."""
    for name, rule in rules.items():
        if not rule.alternatives:
            raise DataError(f"the rule {name!r} has no alternative", path=rule.path, line=rule.line)
        if name in lexicons:
            raise DataError(f"{name!r} is both a rule and a lexicon", path=rule.path, line=rule.line)
        if rule.intent and rule.needs_role:
            raise DataError("a whole sentence has no role: `@` cannot be here", path=rule.path, line=rule.line)
        for template, line in zip(rule.alternatives, rule.lines, strict=True):
            for leaf in leaves(template):
                problem = _problem_with(leaf, rules, lexicons)
                if problem and isinstance(leaf, Call) and leaf.name not in rules.keys() | lexicons.keys():
                    problem += _meant(leaf.name, {*rules, *lexicons, *others})
                if problem:
                    raise DataError(problem, path=rule.path, line=line)
    for name, rule in rules.items():
        if name in reached_from(rule.alternatives, rules):
            raise DataError(f"the rule {name!r} leads back to itself", path=rule.path, line=rule.line)


def _meant(name: str, known: set[str]) -> str:
    """What a name that is none could have been meant for, or nothing."""
    if f"intent {name}" in known:
        return f"; {name}.txt has sentences: a list of names belongs in the folder lexicons"
    near = get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _problem_with(leaf: Words | Call | Fill, rules: dict[str, Rule], lexicons: dict[str, Lexicon]) -> str | None:
    if isinstance(leaf, Call):
        return _problem_with_call(leaf, rules, lexicons)
    if isinstance(leaf, Fill):
        inside = [template for name in reached_from([leaf.content], rules) for template in rules[name].alternatives]
        if any(isinstance(part, Fill) for template in inside for part in leaves(template)):
            return f"the slot {leaf.slot!r} has slots inside"
    return None


def _problem_with_call(call: Call, rules: dict[str, Rule], lexicons: dict[str, Lexicon]) -> str | None:
    if call.name not in lexicons and (call.column or call.name not in rules):
        return f"there is no {'' if call.column else 'rule or '}lexicon {call.name!r}"
    if call.column and call.column not in lexicons[call.name].columns:
        return f"the lexicon {call.name!r} has no column {call.column!r}"
    if (call.name in rules and rules[call.name].needs_role) != bool(call.role):
        return f"{call.name!r} {'has no' if call.role else 'needs a'} role"
    return None


def reached_from(templates: Iterable[Template], rules: dict[str, Rule]) -> set[str]:
    """The rules that these templates call, directly or through others."""
    reached: set[str] = set()
    waiting = list(templates)
    while waiting:
        for leaf in leaves(waiting.pop()):
            if isinstance(leaf, Call) and leaf.name in rules and leaf.name not in reached:
                reached.add(leaf.name)
                waiting += rules[leaf.name].alternatives
    return reached
