"""Templates of one's own: the example of the documentation, and what is said of a mistake."""

import re
from pathlib import Path

import pytest

from slotfill.errors import DataError, InputError, SlotfillError
from slotfill.generator.templates import BUILT_IN, generate_own
from slotfill.markup import render
from slotfill.readers import load, save
from slotfill.schema import Dataset, Example
from slotfill.tags import char_span, is_valid, spans_of

PAGE = Path(__file__).parent.parent.parent / "docs" / "templates.md"


def marked(example: Example) -> str:
    spans = [(*char_span(example.tokens, s.start, s.end), s.name) for s in spans_of(example.tags)]
    return render(example.text, spans, intent=None)


def grammar(at: Path, *, lexicons: str = "lasagne\nomelette\n", **files: str) -> Path:
    (at / "lexicons").mkdir(parents=True)
    (at / "lexicons" / "dish.txt").write_text(lexicons, encoding="utf-8")
    for name, content in files.items():
        (at / f"{name}.txt").write_text(content, encoding="utf-8")
    return at


def drawn(at: Path, count: int) -> set[str]:
    return {marked(example) for example in generate_own(at, count, seed=1)}


def test_all_that_is_there_already_can_be_used(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", mine="".join(f"say [{name}]\n" for name in BUILT_IN))
    assert {name for line in drawn(at, 300) for name in re.findall(r"\]\((\w+)\)", line)} == set(BUILT_IN)
    page = PAGE.read_text(encoding="utf-8")
    assert not [name for name in BUILT_IN if f"`{name}`" not in page]


def test_a_file_alone_will_do(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", eat="[dish] please\n", drink="[drink=tea] please\n")
    assert drawn(at / "eat.txt", 2) == {"[lasagne](dish) please", "[omelette](dish) please"}


def test_intents_may_have_any_name_and_a_weight(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", all="intent eat+pay 9:\n  [dish] and the bill\nintent book-table:\n  a table\n")
    assert [example.intent for example in generate_own(at, 3, seed=1)].count("eat+pay") == 2


def test_two_slots_that_would_be_one_word_are_parted(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", eat="[day={11/2|下周五}][hour={9:30|三点}][dish=菜]\n")
    assert drawn(at, 4) == {
        "[11/2](day) [9:30](hour)[菜](dish)",
        "[11/2](day)[三点](hour)[菜](dish)",
        "[下周五](day)[9:30](hour)[菜](dish)",
        "[下周五](day)[三点](hour)[菜](dish)",
    }


@pytest.mark.parametrize("rough", [False, True])
def test_every_sentence_is_read_back_as_it_was(tmp_path: Path, rough: bool) -> None:
    at = grammar(tmp_path / "g", eat=r"{<b>|} \[now\] [dish] [n:number] x\<y" + "\nb:\n  we, the [who={two|3}],\n")
    examples = tuple(generate_own(at, 60, seed=3, rough=rough))
    assert all(is_valid(example.tags) for example in examples)
    for suffix in ("markup", "jsonl", "conll"):
        save(Dataset("mine", {"all": examples}), tmp_path / f"mine.{suffix}")
        (back,) = load(tmp_path / f"mine.{suffix}").splits.values()
        assert [(e.text, e.tags, e.intent) for e in back] == [(e.text, e.tags, e.intent) for e in examples]


def test_the_seed_decides_and_sentences_can_be_left_out(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", eat="[dish] for [number] {please|}\n")
    first = generate_own(at, 20, seed=1)
    assert first == generate_own(at, 20, seed=1) != generate_own(at, 20, seed=2)
    rest = generate_own(at, 19, seed=1, without=[first[0].text.upper()])
    assert rest == first[1:]


def test_other_languages_are_left_as_they_are(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", lexicons="Oslo\n", viaje="voy a [dish]\n", zh="我想去[city=北京]\n")
    assert drawn(at, 2) == {"voy a [Oslo](dish)", "我想去[北京](city)"}


@pytest.mark.parametrize(
    ("eat", "line", "problem"),
    [
        ("[dish\n", 1, "a `[` has no `]`: got '[dish'"),
        ("a [dish] {please\n", 1, "a `{` has no `}`"),
        ("a <dish\n", 1, "a `<` has no `>`"),
        ("fine\n\n[a b]\n", 3, "cannot read '[a b]': expected [slot], [slot:lexicon] or [slot=text]"),
        ("a [dishes]\n", 1, "there is no rule or lexicon 'dishes'; did you mean dish?"),
        ("a [eat]\n", 1, "'eat'; eat.txt has sentences: a list of names belongs in the folder lexicons"),
        ("[people:numbers]\n", 1, "there is no rule or lexicon 'numbers'; did you mean number?"),
        ("<a>\na:\n  <b>\nb:\n  <a>\n", 2, "the rule 'a' leads back to itself"),
        ("<eat>\neat:\n  x\n  <eat>\n", 2, "the rule 'eat' leads back to itself"),
        ("[a:b]\nb:\n  [dish]\n", 1, "the slot 'a' has slots inside"),
        ("# nothing\n\n", None, "no template: expected lines such as book a table for [people:number]"),
        ("a\nb:\n", 2, "the rule 'b' has no alternative"),
        ("a\ndish:\n  x\n", 2, "'dish' is both a rule and a lexicon"),
        ("a\nb:\n  x\nc d\n", 4, "got 'c d': expected `name:` or `intent NAME WEIGHT:`"),
        ("x\n[dish]s and so on\n", 2, "a slot is not made of whole words in '[lasagne]s and so on'"),
        ("b:\n  x\n", None, "no whole sentence: expected lines without indentation, or `intent NAME:`"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, eat: str, line: int | None, problem: str) -> None:
    at = grammar(tmp_path / "g", lexicons="lasagne\n", eat=eat)
    with pytest.raises(DataError) as caught:
        generate_own(at, 2, seed=1)
    assert problem in caught.value.problem
    assert caught.value.line == line


def test_other_mistakes(tmp_path: Path) -> None:
    def said(at: Path) -> str:
        with pytest.raises(SlotfillError) as caught:
            generate_own(at, 5, seed=1)

        return str(caught.value).replace(str(tmp_path), "")

    assert said(tmp_path / "no") == "/no: no such folder of templates: see docs/templates.md"
    assert said(grammar(tmp_path / "a")).startswith("/a has no template: expected files such as book.txt")
    assert (
        said(grammar(tmp_path / "b", eat="x\n", lexicons="# none\n"))
        == "/b/lexicons/dish.txt: the lexicon has no entry"
    )
    headed = grammar(tmp_path / "d", eat="x\n", lexicons="name\tcountry\nOslo\tNorway\n")
    assert said(headed).endswith(
        "dish.txt:1: got 'name\\tcountry': a line that names columns begins with name TAB weight"
    )
    at = grammar(tmp_path / "c", eat="x\n")
    (at / "eat.txt").write_bytes(b"x\ncr\xe8me\n")
    assert said(at) == "/c/eat.txt:2: not UTF-8: save it as UTF-8"


def test_too_few_sentences_are_counted(tmp_path: Path) -> None:
    at = grammar(tmp_path / "g", eat="{a|the} [dish]\n{|}\n")
    assert len(generate_own(at, 4, seed=1)) == 4
    problem = "has only about 4 sentences, not 5: write more templates or names, or ask for --count 4"
    with pytest.raises(InputError, match=problem):
        generate_own(at, 5, seed=1)
    at = grammar(tmp_path / "one", eat="hello\n")
    with pytest.raises(InputError, match="has only about 1 sentence, not 5"):
        generate_own(at, 5, seed=1)
