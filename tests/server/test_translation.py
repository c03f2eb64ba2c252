"""The page in two languages: every English text has its Chinese, and no Chinese is left over."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from slotfill.languages import script_of
from slotfill.readers import load
from slotfill.resolvers.frame import frame_of
from slotfill.schema import Annotation, Example, Slot
from slotfill.tagger import Tagger
from slotfill.tags import char_span, spans_of
from tests.resolvers.conftest import WEDNESDAY
from tests.resolvers.test_chinese import _TABLE as PHRASES
from tests.resolvers.test_chinese import value_of

ROOT = Path(__file__).parent.parent.parent
PAGE = files("slotfill.server").joinpath("page")
LABELS = ("aria-label", "placeholder", "title")
VOID = {"meta", "link", "input", "br", "img", "hr", "wbr"}
STRING = r'"(?:[^"\\]|\\.)*"'
CALL = re.compile(rf"\bt\(\s*({STRING}(?:\s*\+\s*{STRING})*)")  # `t("one" + "two"`
PLACEHOLDER = re.compile(r"\{\w+\}")


def text_of(strings: str) -> str:
    """`"one" + "two"` -> `onetwo`."""
    return "".join(part[1:-1] for part in re.findall(STRING, strings))


def scripts() -> Iterator[str]:
    """The text of each script but zh.js, without comments."""
    for file in PAGE.iterdir():
        if file.name.endswith(".js") and file.name != "zh.js":
            yield re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)


def said_in_scripts() -> Iterator[str]:
    for script in scripts():
        yield from map(text_of, CALL.findall(script))


class Texts(HTMLParser):
    """What translation.js translates in a page: all text and labels, except inside translate="no"."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []  # the elements around, and whether they are left as they are
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_left = tag == "script" or given.get("translate") == "no" or bool(self.open and self.open[-1][1])
        if not is_left:
            self.found += [given[name] or "" for name in LABELS if name in given]
        if tag not in VOID:
            self.open.append((tag, is_left))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(" ".join(data.split()))


def said_in_pages() -> Iterator[str]:
    for file in PAGE.iterdir():
        if file.name.endswith(".html"):
            texts = Texts()
            texts.feed(file.read_text(encoding="utf-8"))
            yield from (text for text in texts.found if re.search(r"[^\W\d_]", text) and not text.startswith("&"))


def table(name: str) -> dict[str, str]:
    """WORDS, SLOTS or NOTES of zh.js."""
    text = PAGE.joinpath("zh.js").read_text(encoding="utf-8")
    (body,) = re.findall(rf"^export const {name} = \{{\n(.*?)^\}};$", text, re.MULTILINE | re.DOTALL)
    pairs = re.findall(rf"^  ({STRING}|\w+):\s+({STRING}),$", body, re.MULTILINE)
    keys = [key.strip('"') for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a text stands twice"
    # what is not a pair of strings would be lost here
    assert not re.sub(rf"^  (?:{STRING}|\w+):\s+{STRING},$|//.*$|\s", "", body, flags=re.MULTILINE)
    return {key.strip('"'): value[1:-1] for key, value in pairs}


def test_every_text_has_its_chinese_and_no_chinese_is_left_over() -> None:
    said = {*said_in_scripts(), *said_in_pages()}
    words = table("WORDS")
    assert len(said) > 100
    assert said - words.keys() == set(), "add these to slotfill/server/page/zh.js"
    assert words.keys() - said == set(), "nothing says these: remove them from slotfill/server/page/zh.js"


def test_the_chinese_fills_in_what_the_english_fills_in() -> None:
    for english, chinese in (table("WORDS") | table("NOTES")).items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(chinese)), english


def test_the_chinese_is_chinese() -> None:
    for english, chinese in (table("WORDS") | table("SLOTS") | table("NOTES")).items():
        has_words = re.search(r"[A-Za-z]", PLACEHOLDER.sub("", english))
        assert bool(re.search("[一-鿿]", chinese)) == bool(has_words), english


def test_texts_are_literal() -> None:
    """Else this test would not find them, and nobody would miss their Chinese."""
    # of translation.js: what calls t with the texts of the HTML
    own = {"export function t(", "before + t(", "name, t("}
    calls = [call for script in scripts() for call in re.findall(r"[^\n;]*?\bt\((?!\s*\")", script)]
    assert [call for call in calls if not call.endswith(tuple(own))] == []


@pytest.mark.parametrize("model", ["travel", "travel-zh"])
def test_slots_of_the_models_that_ship_have_chinese_names(model: str) -> None:
    """Those that a role names are in WORDS (see names.js)."""
    roles = ("fromloc", "toloc", "stoploc", "depart_", "arrive_", "return_")
    tags = Tagger.load(model).vocabularies.tags.items
    slots = {tag[2:] for tag in tags if tag != "O" and not tag[2:].startswith(roles)}
    assert slots <= table("SLOTS").keys()


def test_no_chinese_name_of_a_slot_is_left_over() -> None:
    tags = [tag for model in ("travel", "travel-zh") for tag in Tagger.load(model).vocabularies.tags.items]
    assert table("SLOTS").keys() <= {tag[2:] for tag in tags}


# --- notes of the server ---------------------------------------------------------------------------


def pattern(key: str) -> str:
    """As notes.js understands a key with placeholders."""
    parts = re.split(r"(\{\w+\})", key)
    return "".join(r"\d+" if part == "{n}" else ".+" if part.startswith("{") else re.escape(part) for part in parts)


def notes_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("note"), str):
            yield from value["note"].split("; ")
        for part in value.values():
            yield from notes_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from notes_in(part)


def test_notes_that_chinese_sentences_get_have_chinese() -> None:
    """Those of the sentences by hand, and of the table of phrases."""
    forms = re.compile("|".join(map(pattern, table("NOTES"))))
    found = {note for kind, phrase, *_ in PHRASES for note in notes_in(value_of(kind, phrase).to_dict())}
    for part in ("test", "wild-dev"):
        (examples,) = load(ROOT / "data" / "travel-zh" / f"{part}.markup").splits.values()
        for example in examples:
            found.update(notes_in(frame_of(gold(example), clock=WEDNESDAY).to_dict()))
    assert len(found) > 100
    assert [note for note in found if not forms.fullmatch(note)] == []


def gold(example: Example) -> Annotation:
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    slots = tuple([Slot(name, example.text[start:end], start, end, 1.0) for start, end, name in spans])
    return Annotation(example.text, example.tokens, example.tags, slots, None)


def test_notes_with_chinese_are_notes_that_there_are() -> None:
    """What is said of each stands in the sources, so that a note that is changed there loses no Chinese unseen."""
    package = ROOT / "slotfill"
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py")))
    sources += (package / "languages.txt").read_text(encoding="utf-8")
    scripts_named = {script_of(chr(code)) for code in range(0x3000) if chr(code).isalpha()}
    for key in table("NOTES").keys() - scripts_named:
        longest = max(re.split(r"\{\w+\}", key), key=len).strip(" ,")
        parts = longest.removesuffix(" there").split(" on Monday")
        assert any(part.lower() in sources.lower() for part in parts if part), key
