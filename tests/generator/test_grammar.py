"""The grammar's language: what it means, and what it says of a slip."""

from pathlib import Path
from random import Random

import pytest

from slotfill.errors import DataError, InputError
from slotfill.generator.engine import Sampler
from slotfill.generator.grammar import load
from slotfill.generator.noise import roughen

TWINS = (("leave", "from"), ("arrive", "to"))
COLOURS = ("red", "blue")
CITIES = "name\tweight\tstate\nPortland\t20\tMaine\nReno\t20\tNevada\n"


def folder(at: Path, rules: str, *, colours: str = "red\nblue\t3\n", cities: str = CITIES) -> Path:
    (at / "grammar").mkdir()
    (at / "lexicons" / "cities").mkdir(parents=True)
    (at / "grammar" / "rules.txt").write_text(rules, encoding="utf-8")
    (at / "lexicons" / "colour.txt").write_text(colours, encoding="utf-8")
    (at / "lexicons" / "cities" / "town.txt").write_text(cities, encoding="utf-8")
    return at


def drawn(at: Path, rules: str, *, count: int = 60) -> set[str]:
    """Sentences with their slots in brackets."""
    sampler = Sampler(load(folder(at, rules)), Random(1), unseen=False)
    sentences = [sampler.sentence() for _ in range(count)]
    return {"".join(f"[{p.text}]({p.slot})" if p.slot else p.text for p in s.pieces) for s in sentences}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain words", {"plain words"}),
        ("{a|b|}", {"a", "b", ""}),
        ("x {a {b|c}|} , y", {"x a b, y", "x a c, y", "x, y"}),
        ("<colour>", {"red", "blue"}),
        ("[c:colour]", {"[red](c)", "[blue](c)"}),
        ("[c=deep  <colour>] sea", {"[deep red](c) sea", "[deep blue](c) sea"}),
        ("<at from>", {"from [Portland](from.town)", "from [Reno](from.town)"}),
        ("[t:town], [s:town.state]", {"[Portland](t), [Maine](s)", "[Reno](t), [Nevada](s)"}),
        ("<town> to <town>", {"Portland to Reno", "Reno to Portland"}),
        ("a [n={old|new}] car", {"an [old](n) car", "a [new](n) car"}),
        ("2 * one or {two}", {"one or two"}),
        ("I leave~arrive [from~to:colour]", {f"I {w} [{c}]({s})" for w, s in TWINS for c in ("red", "blue")}),
        ("get out ~ get in", {"get out", "get in"}),
        ("[colour] [my.colour] sea", {f"[{a}](colour) [{b}](my.colour) sea" for a in COLOURS for b in COLOURS}),
        (r"1 \< 2 \{a\|b\} \[c\] \~", {"1 < 2 {a|b} [c] ~"}),
        ("<out> and <in>", {"take off and land", "leave and land", "take off and arrive", "leave and arrive"}),
    ],
)
def test_templates(tmp_path: Path, template: str, expected: set[str]) -> None:
    rules = (
        f"intent talk 1:\n  {template}\nat:\n  <prep @>\nprep:\n  {{from|from}} [@.town:town]\n"
        "out~in:\n  take off ~ land\n  leave~arrive\n"
    )
    assert drawn(tmp_path, rules) == expected


def test_weights(tmp_path: Path) -> None:
    rules = "intent rare 1:\n  rare\nintent common 9:\n  9 * often\n  # a comment\n  0.5 * seldom\n"
    sampler = Sampler(load(folder(tmp_path, rules)), Random(1), unseen=False)
    texts = [sampler.sentence().pieces[0].text for _ in range(1000)]
    assert 60 < texts.count("rare") < 150
    assert 20 < texts.count("seldom") < 90


@pytest.mark.parametrize(
    ("rules", "line", "problem"),
    [
        ("intent talk 1:\n  <nowhere>\n", 2, "there is no rule or lexicon 'nowhere'"),
        ("intent talk 1:\n  fine\n  [a:nowhere]\n", 3, "there is no rule or lexicon 'nowhere'"),
        ("intent talk 1:\n  [a:town.mayor]\n", 2, "the lexicon 'town' has no column 'mayor'"),
        ("intent talk 1:\n  <other.name>\nother:\n  x\n", 2, "there is no lexicon 'other'"),
        ("intent talk 1:\n  {a|b\n", 2, "a `{` has no `}`"),
        ("intent talk 1:\n  a|b\n", 2, "`|` without a `{` before it: write {one|another}"),
        ("intent talk 1:\n  a}\n", 2, "`}` without a `{` before it: write {one|another}"),
        ("intent talk 1:\n  to [toloc.city_name\n", 2, "a `[` has no `]`: got '[toloc.city_name'"),
        ("intent talk 1:\n  to [to:]\n", 2, "cannot read '[to:]': expected [slot], [slot:lexicon] or [slot=text]"),
        ("intent talk 1:\n  to] b\n", 2, "`]` without a `[` before it"),
        ("intent talk 1:\n  <colou>\n", 2, "there is no rule or lexicon 'colou'; did you mean colour?"),
        ("intent talk 1:\n  <to where\n", 2, "a `<` has no `>`: got '<to where'"),
        ("intent talk 1:\n  0 * a\n", 2, "the weight is '0': expected a number above 0"),
        ("intent talk many:\n  a\n", 1, "the weight is 'many': expected a number above 0"),
        ("intent talk 1\n  a\n", 1, "got 'intent talk 1': expected `name:` or `intent NAME WEIGHT:`"),
        ("  a\n", 1, "an alternative comes before the first rule"),
        ("intent talk 1:\n  a\nb:\n", 3, "the rule 'b' has no alternative"),
        ("intent talk 1:\n  a\nb:\n  b\nb:\n  c\n", 5, "the rule 'b' is there twice"),
        ("intent talk 1:\n  a\ncolour:\n  c\n", 3, "'colour' is both a rule and a lexicon"),
        ("intent talk 1:\n  <b>\nb:\n  <c>\nc:\n  <b>\n", 3, "the rule 'b' leads back to itself"),
        ("intent talk 1:\n  {a b}~c\n", 2, "a `~` joins two words, or is between spaces, once: got '~c'"),
        ("intent talk 1:\n  <b>\nb:\n  [@.x:colour]\n", 2, "'b' needs a role"),
        ("intent talk 1:\n  <colour from>\n", 2, "'colour' has no role"),
        ("intent talk 1:\n  [@.x:colour]\n", 1, "a whole sentence has no role: `@` cannot be here"),
        ("intent talk 1:\n  [a:b]\nb:\n  [c:colour]\n", 2, "the slot 'a' has slots inside"),
        ("b:\n  words\n", None, "no rule `intent NAME WEIGHT:` makes whole sentences"),
    ],
)
def test_a_mistake_in_a_rule_is_reported_with_its_line(
    tmp_path: Path, rules: str, line: int | None, problem: str
) -> None:
    at = folder(tmp_path, rules)
    with pytest.raises(DataError) as caught:
        load(at)
    assert caught.value.problem == problem
    assert caught.value.line == line
    assert caught.value.path == (at / "grammar" / "rules.txt" if line else at)


@pytest.mark.parametrize(
    ("colours", "line", "problem"),
    [
        ("red\nblue\tmany\n", 2, "the weight is 'many': expected a number above 0"),
        ("red\t1\tdeep\n", 1, "got 'red\\t1\\tdeep': expected name TAB weight"),
        ("name\tweight\tshade\nred\t1\n", 2, "got 'red\\t1': expected name TAB weight TAB shade"),
        ("# only a comment\n\n", None, "the lexicon has no entry"),
    ],
)
def test_a_mistake_in_a_lexicon_is_reported_with_its_line(
    tmp_path: Path, colours: str, line: int | None, problem: str
) -> None:
    at = folder(tmp_path, "intent talk 1:\n  a\n", colours=colours)
    with pytest.raises(DataError) as caught:
        load(at)
    assert (caught.value.problem, caught.value.line) == (problem, line)
    assert caught.value.path == at / "lexicons" / "colour.txt"


def test_a_slot_of_half_a_token_is_refused(tmp_path: Path) -> None:
    sampler = Sampler(load(folder(tmp_path, "intent talk 1:\n  [c:colour]ish\n")), Random(1), unseen=False)
    with pytest.raises(InputError, match="is not made of whole tokens"):
        roughen(sampler.sentence(), Random(1))


def test_a_lexicon_without_held_out_cities_is_refused(tmp_path: Path) -> None:
    grammar = load(folder(tmp_path, "intent talk 1:\n  <town>\n"))
    with pytest.raises(InputError, match="'town' has no city that is held out"):
        Sampler(grammar, Random(1), unseen=True)


def test_a_small_lexicon_of_cities_repeats_itself(tmp_path: Path) -> None:
    assert drawn(tmp_path, "intent talk 1:\n  <town> <town> <town>\n")
