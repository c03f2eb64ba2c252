"""The Chinese lesson, exercises and lectures keep in step: in each section the English formulas, figures, code."""

import re
from collections import Counter
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
WORDS = re.compile(r"\\text\{[^}]*\}|\s+")  # which a formula may have in any language
LINKS = re.compile(r"\]\(([^)#]*)")
TWIN = re.compile(r"\.zh\.md$")  # a Chinese page leads to Chinese ones
PAGES = ("how-it-works", "exercises", "lectures")


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
        self.links = Counter(TWIN.sub(".md", link) for link in LINKS.findall(body))
        body = re.sub(r"!\[[^\]]*\]", "![]", re.sub(r"\]\([^)]*\)", "]", body))
        self.symbols = Counter(WORDS.sub("", one) for one in re.findall(r"\$([^$]+)\$", body))
        body = re.sub(r"\$[^$]+\$", "", body)
        self.code = Counter(re.findall(r"`([^`]+)`", body))
        body = re.sub(r"`[^`]+`", "", body)
        self.cells = [line.count("|") for line in body.splitlines() if line.startswith("|")]
        self.figures = Counter(re.findall(r"\d+(?:[.,]\d+)*", body))


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def sections(name: str) -> list[Section]:
    text = re.sub(r"^.*English.* · .*中文.*\n", "", text_of(name), flags=re.MULTILINE)
    return [Section(part) for part in re.split(r"^(?=##? )", text, flags=re.MULTILINE) if part]


def headings(name: str) -> list[str]:
    return re.findall(r"^##? (.*)$", text_of(name), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_there_are_as_many_sections(page: str) -> None:
    english, chinese = (sections(f"{page}{end}") for end in (".md", ".zh.md"))
    assert [section.level for section in chinese] == [section.level for section in english]


@pytest.mark.parametrize(
    ("page", "number"),
    [
        pytest.param(page, number, id=f"{page}: {heading}")
        for page in PAGES
        for number, heading in enumerate(headings(f"{page}.md"))
    ],
)
def test_a_section_has_what_the_english_one_has(page: str, number: int) -> None:
    english, chinese = (vars(sections(f"{page}{end}")[number]) for end in (".md", ".zh.md"))
    for part in english:
        assert chinese[part] == english[part], part


def test_links_lead_somewhere() -> None:
    """To a heading, as GitHub writes it in an address: in lower case, without signs, with hyphens for spaces."""
    anchors = {
        f"{page}.zh.md": {
            re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings(f"{page}.zh.md")
        }
        for page in PAGES
    }
    for page in PAGES:
        links = re.findall(r"\]\(([^)#]*\.zh\.md)?#([^)]*)\)", text_of(f"{page}.zh.md"))
        assert links
        for name, anchor in links:
            assert anchor in anchors[name or f"{page}.zh.md"], (page, name, anchor)


@pytest.mark.parametrize("page", PAGES)
def test_symbols_stand_free(page: str) -> None:
    """GitHub shows `$x$` as a formula only if no letter and no full-width sign touches it."""
    text = re.sub(r"^```.*?^```$|^    .*$|\$\$.*?\$\$", "", text_of(f"{page}.zh.md"), flags=re.DOTALL | re.MULTILINE)
    around = re.finditer(r"(.?)\$[^$\n]+\$(.?)", text)
    assert [found[0] for found in around if not (found[1] + found[2]).isascii()] == []
