"""The page of `slotfill eval --report`, read as a browser would read it."""

import re
from html.parser import HTMLParser

from slotfill.evaluation import score
from slotfill.report import page, wrong_ones
from slotfill.schema import Annotation, Example, Intent, Slot
from slotfill.tags import spans_of
from slotfill.tokenizer import tokenize


def example(text: str, tags: str, intent: str | None = "flight") -> Example:
    return Example(text, tokenize(text), tuple(tags.split()), intent)


def annotation(text: str, tags: str, intent: str | None = "flight") -> Annotation:
    tokens, own = tokenize(text), tuple(tags.split())
    spans = [(tokens[s.start].start, tokens[s.end - 1].end, s.name) for s in spans_of(own)]
    slots = tuple(Slot(name, text[start:end], start, end, 0.75) for start, end, name in spans)
    return Annotation(text, tokens, own, slots, None if intent is None else Intent(intent, 0.5))


class Read(HTMLParser):
    """Every tag with its attributes, and the text of each list item and table row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        self.texts.append(("", ""))  # what follows belongs to nobody

    def handle_data(self, data: str) -> None:
        if self.texts:
            tag, text = self.texts[-1]
            self.texts[-1] = tag, text + data

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    def said(self, name: str) -> list[str]:
        return [text.strip() for tag, text in self.texts if tag == name]


def made(examples: list[Example], annotations: list[Annotation], *, title: str = "mine", source: str = "data") -> Read:
    scores = score(
        [e.tags for e in examples],
        [a.tags for a in annotations],
        gold_intents=[e.intent for e in examples],
        predicted_intents=[a.intent.name if a.intent else None for a in annotations],
        confidences=[[slot.confidence for slot in a.slots] for a in annotations],
    )
    return Read(page(scores, list(wrong_ones(examples, annotations)), title=title, source=source))


RIGHT = "to Rome", "O B-toloc.city_name"
GOLD = "from Rome to Oslo", "O B-fromloc.city_name O B-toloc.city_name"
FOUND = "from Rome to Oslo", "O B-fromloc.city_name O B-stoploc.city_name"


def test_a_wrong_sentence_has_two_lines() -> None:
    read = made([example(*RIGHT), example(*GOLD)], [annotation(*RIGHT), annotation(*FOUND)])
    assert "2" in read.said("span")
    assert [item["data-slots"] for item in read.named("li")] == ['["stoploc.city_name", "toloc.city_name"]']
    assert list(zip(read.said("mark"), read.named("mark"), strict=True)) == [
        ("Rome", {"class": "right"}),
        ("Oslo", {"class": "wrong"}),
        ("Rome", {"class": "right"}),
        ("Oslo", {"class": "wrong"}),
    ]
    assert [name for name in read.said("small") if "city" in name] == [
        "fromloc.city_name",
        "toloc.city_name",
        "fromloc.city_name 0.75",
        "stoploc.city_name 0.75",
    ]
    assert read.said("option") == ["any", "stoploc.city_name", "toloc.city_name"]


def test_a_wrong_intent() -> None:
    read = made([example(*RIGHT, "airfare")], [annotation(*RIGHT)])
    assert read.said("em") == ["airfare", "flight 0.50"]
    assert [one["class"] for one in read.named("em")] == ["wrong", "wrong"]


def test_an_intent_that_one_side_knows_is_not_judged() -> None:
    assert made([example(*RIGHT, None)], [annotation(*RIGHT)]).named("li") == []
    read = made([example(*GOLD, None)], [annotation(*FOUND)])
    assert (len(read.named("li")), read.named("em")) == (1, [])


def test_nothing_wrong() -> None:
    read = made([example(*RIGHT)], [annotation(*RIGHT)])
    assert read.named("li") == []
    assert "0 of 1" in read.said("span")


def test_nothing_in_the_data_is_markup_or_script() -> None:
    evil = '</script><script>alert("1")</script> & <b>Rome</b> ${title}'
    tags = ["O"] * len(tokenize(evil))
    name = "a<b>&\"'"
    gold, found = " ".join([f"B-{name}", *tags[1:]]), " ".join([*tags[:-1], f"B-{name}"])
    plain = made([example(*GOLD)], [annotation(*FOUND)])
    read = made([example(evil, gold)], [annotation(evil, found)], title="<i>x", source="$source<hr>")
    assert read.named("hr") == []
    assert len(read.named("script")) == len(plain.named("script")) == 1
    assert len(read.named("b")) == len(plain.named("b"))
    assert read.said("h1") == ["<i>x"]


def test_the_page_needs_nothing_else() -> None:
    read = made([example(*GOLD)], [annotation(*FOUND)])
    assert not [a for _, a in read.tags if {"src", "href"} & a.keys()]
    assert not [text for _, text in read.texts if re.search(r"https?:|url\(|@import", text)]


def test_the_text_is_kept() -> None:
    """Read without its slots' names, a line is the sentence as it was."""
    text = " de  São Paulo\u202e to <Oslo>!"
    gold = "O B-fromloc.city_name I-fromloc.city_name O O B-toloc.city_name O O"
    found = "O O O O O O O O"
    assert len(tokenize(text)) == 8
    inside = page(
        score([gold.split()], [found.split()]),
        list(wrong_ones([example(text, gold)], [annotation(text, found)])),
        title="",
        source="",
    )
    lines = re.findall(r"<bdi>(.*?)</bdi>", inside, re.DOTALL)
    assert [_plain(line) for line in lines] == [text, text]


def _plain(line: str) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<small>.*?</small>", "", line)))
