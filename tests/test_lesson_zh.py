"""docs/how-it-works.zh.md keeps in step with the English page: the same formulas, figures and code in each section."""

import re
from collections import Counter
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
WORDS = re.compile(r"\\text\{[^}]*\}|\s+")  # which a formula may have in any language
LINKS = re.compile(r"\]\(([^)#]*)")


class Section:
    """What a section has besides words."""

    def __init__(self, text: str) -> None:
        heading, _, body = text.partition("\n")
        self.level = heading.count("#")
        self.commands = re.findall(r"^```\w+\n(.*?)^```$", body, re.DOTALL | re.MULTILINE)
        body = re.sub(r"^```.*?^```$", "", body, flags=re.DOTALL | re.MULTILINE)
        self.examples = re.findall(r"^    .*$", body, re.MULTILINE)
        body = re.sub(r"^    .*$", "", body, flags=re.MULTILINE)
        self.formulas = [WORDS.sub("", one) for one in re.findall(r"\$\$(.*?)\$\$", body, re.DOTALL)]
        body = re.sub(r"\$\$.*?\$\$", "", body, flags=re.DOTALL)
        self.links = Counter(LINKS.findall(body))
        body = re.sub(r"!\[[^\]]*\]", "![]", re.sub(r"\]\([^)]*\)", "]", body))
        self.symbols = Counter(WORDS.sub("", one) for one in re.findall(r"\$([^$]+)\$", body))
        body = re.sub(r"\$[^$]+\$", "", body)
        self.code = Counter(re.findall(r"`([^`]+)`", body))
        body = re.sub(r"`[^`]+`", "", body)
        self.cells = [line.count("|") for line in body.splitlines() if line.startswith("|")]
        self.figures = Counter(re.findall(r"\d+(?:[.,]\d+)*", body))


def sections(name: str) -> list[Section]:
    text = re.sub(r"^.*English.* · .*中文.*\n", "", (DOCS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [Section(part) for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE) if part]


ENGLISH, CHINESE = sections("how-it-works.md"), sections("how-it-works.zh.md")
TITLES = re.findall(r"^## (.*)$", (DOCS / "how-it-works.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_there_are_as_many_sections() -> None:
    assert [section.level for section in CHINESE] == [section.level for section in ENGLISH]


@pytest.mark.parametrize("number", range(len(ENGLISH)), ids=["the beginning", *TITLES])
def test_a_section_has_what_the_english_one_has(number: int) -> None:
    english, chinese = vars(ENGLISH[number]), vars(CHINESE[number])
    for part in english:
        assert chinese[part] == english[part], part


def test_links_within_the_page_lead_somewhere() -> None:
    text = (DOCS / "how-it-works.zh.md").read_text(encoding="utf-8")
    anchors = set(re.findall(r"^## (.*)$", text, re.MULTILINE))
    links = re.findall(r"\]\(#([^)]*)\)", text)
    assert links
    assert set(links) <= anchors


def test_symbols_stand_free() -> None:
    """GitHub shows `$x$` as a formula only if no letter and no full-width sign touches it."""
    text = (DOCS / "how-it-works.zh.md").read_text(encoding="utf-8")
    text = re.sub(r"^```.*?^```$|^    .*$|\$\$.*?\$\$", "", text, flags=re.DOTALL | re.MULTILINE)
    around = re.finditer(r"(.?)\$[^$\n]+\$(.?)", text)
    assert [found[0] for found in around if not (found[1] + found[2]).isascii()] == []
