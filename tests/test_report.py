"""The page of `slotfill eval --report`, read as a browser would read it."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from slotfill.against import Answers, compare
from slotfill.evaluation import Scores, score, score_sources
from slotfill.report import About, Source, page, wrong_ones
from slotfill.report.charts import learning_curve, risk_and_coverage, risks_of
from slotfill.report.matrix import NEAR, matrix, note
from slotfill.report.tables import epochs
from slotfill.schema import Annotation, Example, Intent, Slot
from slotfill.significance import Interval
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
        if tag == "wbr":  # a name goes on behind it
            return
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


def about(*, title: str = "mine", sources: tuple[Source, ...] = (Source("data", "test", 2),)) -> About:
    moment = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    clock = datetime(2026, 11, 18, 9)
    return About(title, "0123abcd", 7, sources, "1.2.3", moment, clock, date_order="mdy")


def scores_of(examples: list[Example], annotations: list[Annotation]) -> Scores:
    return score(
        [e.tags for e in examples],
        [a.tags for a in annotations],
        gold_intents=[e.intent for e in examples],
        predicted_intents=[a.intent.name if a.intent else None for a in annotations],
        confidences=[[slot.confidence for slot in a.slots] for a in annotations],
    )


def made(examples: list[Example], annotations: list[Annotation], *, said: About | None = None) -> Read:
    scores = scores_of(examples, annotations)
    return Read(page(scores, list(wrong_ones(examples, annotations)), said or about()))


RIGHT = "to Rome", "O B-toloc.city_name"
GOLD = "from Rome to Oslo", "O B-fromloc.city_name O B-toloc.city_name"
FOUND = "from Rome to Oslo", "O B-fromloc.city_name O B-stoploc.city_name"


def test_a_wrong_sentence_has_two_lines() -> None:
    read = made([example(*RIGHT), example(*GOLD)], [annotation(*RIGHT), annotation(*FOUND)])
    assert "2" in read.said("span")
    assert [item["data-slots"] for item in read.named("li")] == ['[["toloc.city_name", "stoploc.city_name"]]']
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
    assert read.said("option") == [
        "any or none",
        "any wrong slot",
        "stoploc.city_name",
        "toloc.city_name",
        "toloc.city_name → stoploc.city_name (1)",
        "of any kind",
        "wrong name (1)",
        "any or none",
        "a wrong intent",
    ]


def test_a_wrong_intent() -> None:
    read = made([example(*RIGHT, "airfare")], [annotation(*RIGHT)])
    assert read.said("em") == ["airfare", "flight 0.50"]
    assert [one["class"] for one in read.named("em")] == ["wrong", "wrong"]
    assert [(one["data-slots"], one["data-intents"]) for one in read.named("li")] == [("[]", '[["airfare", "flight"]]')]
    assert "airfare → flight (1)" in read.said("option")


def test_an_intent_that_one_side_knows_is_not_judged() -> None:
    assert made([example(*RIGHT, None)], [annotation(*RIGHT)]).named("li") == []
    read = made([example(*GOLD, None)], [annotation(*FOUND)])
    assert (len(read.named("li")), read.named("em")) == (1, [])


def test_nothing_wrong() -> None:
    read = made([example(*RIGHT)], [annotation(*RIGHT)])
    assert read.named("li") == []
    assert "Errors: 0 of 1 sentences" in read.said("h2")
    assert "Nothing is wrong." in read.said("p")


def test_nothing_in_the_data_is_markup_or_script() -> None:
    evil = '</script><script>alert("1")</script> & <b>Rome</b> ${title}'
    tags = ["O"] * len(tokenize(evil))
    name = "a<b>&\"'"
    gold, found = " ".join([f"B-{name}", *tags[1:]]), " ".join([*tags[:-1], f"B-{name}"])
    plain = made([example(*GOLD)], [annotation(*FOUND)])
    said = about(title="<i>x", sources=(Source("$source<hr>", "<hr>", 1),))
    read = made([example(evil, gold, "<hr>")], [annotation(evil, found, "</template><hr>")], said=said)
    assert read.named("hr") == []
    assert len(read.named("script")) == len(plain.named("script")) == 1
    assert len(read.named("b")) == len(plain.named("b"))
    assert read.said("h1") == ["<i>x"]


def test_the_page_needs_nothing_else() -> None:
    read = made([example(*GOLD)], [annotation(*FOUND)])
    assert [a["href"] for _, a in read.tags if not (a.get("href") or "#").startswith("#")] == []
    assert not [a for _, a in read.tags if "src" in a]
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
        about(),
    )
    lines = re.findall(r"<bdi>(.*?)</bdi>", inside, re.DOTALL)
    assert [_plain(line) for line in lines] == [text, text]


def _plain(line: str) -> str:
    from html import unescape

    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<small>.*?</small>", "", line)))


def test_the_head_says_what_was_scored() -> None:
    sources = (Source("data", "test", 1_500), Source("my.markup", "all of it", 2))
    read = made([example(*GOLD)], [annotation(*FOUND)], said=about(sources=sources))
    text = " ".join(text for _, text in read.texts)
    for piece in ("data (test), 1,500 sentences", "my.markup (all of it), 2 sentences", "mine, trained with seed 7"):
        assert piece in text
    assert "2026-11-20 09:30 UTC by slotfill 1.2.3" in text
    assert "0123abcd" in read.said("code")


def test_a_sentence_is_right_by_one_definition() -> None:
    """Every slot right, whatever the intent: in the score, in the note under it, and in what the errors say."""
    examples = [example(*RIGHT), example(*RIGHT, "airfare"), example(*GOLD), example(*GOLD, "airfare")]
    annotations = [annotation(*RIGHT), annotation(*RIGHT), annotation(*FOUND), annotation(*FOUND)]
    assert scores_of(examples, annotations).sentence_accuracy == 0.5
    read = made(examples, annotations)
    assert "2 of 4: every slot right, whatever the intent" in read.said("small")
    assert "Errors: 3 of 4 sentences" in read.said("h2")
    assert "A slot is wrong in 2; in the other 1 only the intent is." in read.said("p")


def test_a_row_of_a_confused_pair_chooses_its_sentences() -> None:
    examples, annotations = [example(*GOLD, "airfare")], [annotation(*FOUND)]
    read = made(examples, annotations)
    rows = [(row["data-kind"], json.loads(row["data-choice"] or "")) for row in read.named("tr") if row]
    assert rows == [("slots", ["toloc.city_name", "stoploc.city_name"]), ("intents", ["airfare", "flight"])]
    chosen = {option["value"] for option in read.named("option")}
    assert {button["data-choice"] for button in read.named("button") if "data-choice" in button} <= chosen


def test_intents_have_a_table() -> None:
    read = made([example(*RIGHT), example(*RIGHT, "airfare")], [annotation(*RIGHT), annotation(*RIGHT)])
    assert {"flight", "airfare"} <= {*read.said("button"), *read.said("th")}
    nothing = made([example(*RIGHT, None)], [annotation(*RIGHT)])
    assert "flight" not in {*nothing.said("button"), *nothing.said("th")}


def test_values_risk_and_calibration_by_source() -> None:
    examples, annotations = [example(*RIGHT), example(*GOLD)], [annotation(*RIGHT), annotation(*FOUND)]
    sources = [("mine", examples[:1]), ("other", examples[1:])]
    settings = {"knows_intents": True, "clock": None, "date_order": "mdy", "min_value_confidence": 0.7}
    scores = score_sources(sources, annotations, **settings)  # type: ignore[arg-type]
    read = Read(page(scores, list(wrong_ones(examples, annotations)), about()))
    assert scores.values is not None
    heads = read.said("th")
    for head in ("arrival.place", "departure.place", "0.95", "mine", "other", "0.7 to 0.8"):
        assert head in heads
    assert any(
        "They are judged by the values of the gold slots. 11/2 is read as month/day" in t for t in read.said("p")
    )


def test_many_errors_wait_in_a_template() -> None:
    """A browser lays out the first ones alone."""
    examples, annotations = [example(*GOLD)] * 45, [annotation(*FOUND)] * 45
    inside = page(scores_of(examples, annotations), list(wrong_ones(examples, annotations)), about())
    shown, rest = inside.split("<template", 1)
    assert (shown.count("<li "), rest.split("</template>")[0].count("<li ")) == (20, 25)


# --- the confusion matrix, the curves, another model ------------------------------------------------

KINDS = [  # of wrong name, wrong span, missed, invented
    ("a b c d", "B-x O O O", "B-y O O O"),
    ("a b c d", "B-x I-x O O", "B-x O O O"),
    ("a b c d", "O O B-x O", "O O O O"),
    ("a b c d", "O O O O", "O O O B-y"),
    ("a b c d", "B-z O O B-x", "B-z O O B-x"),
]


def of_kinds(rows: list[tuple[str, str, str]]) -> tuple[list[Example], list[Annotation]]:
    return [example(text, gold) for text, gold, _ in rows], [annotation(text, found) for text, _, found in rows]


def test_the_matrix_has_what_is_right_missed_and_invented() -> None:
    examples, annotations = of_kinds(KINDS)
    said = matrix(scores_of(examples, annotations))
    rows = [re.sub(r"<t[dh][^>]*>", "|", row) for row in said.split("<tr")[1:]]
    plain = [[_plain(cell).strip() for cell in row.split("|")[1:]] for row in rows]
    assert plain == [
        ["", "right", "other span", "missed", "1", "2"],
        ["x1", "1", "1", "1", "·", "1"],
        ["y2", "", "", "", "", "·"],
        ["invented", "", "", "", "", "1"],
    ]
    assert "1 slots are always right and left out." not in said
    assert note(scores_of(examples, annotations)) == " One slot is always right and left out."


def test_the_matrix_of_80_names_begins_with_the_most_wrong() -> None:
    rows = [("a b", f"B-name{n} O", f"O B-name{n + 1}") for n in range(80) for _ in range(n + 1)]
    said = matrix(scores_of(*of_kinds(rows)))
    assert said.count("<tr") == 83
    assert said.count("<tr data-far") == 81 - NEAR
    assert re.findall(r"scope=row>(name\d+)", said)[:3] == ["name79", "name78", "name77"]


def test_nothing_is_wrong_and_there_is_no_matrix() -> None:
    read = made([example(*RIGHT)], [annotation(*RIGHT)])
    assert not [one for one in read.named("td") if "hot" in (one.get("class") or "")]


def test_kinds_of_errors_are_choices() -> None:
    read = made(*of_kinds(KINDS))
    kinds = ["wrong name (1)", "wrong span (1)", "missed (1)", "invented (1)"]
    assert [option for option in read.said("option") if option in kinds] == kinds


def test_intervals_stand_under_their_figures() -> None:
    examples, annotations = of_kinds(KINDS)
    scores = replace(scores_of(examples, annotations), intervals={"f1": Interval(0.25, 0.75)})
    read = Read(page(scores, list(wrong_ones(examples, annotations)), about()))
    assert "0.2500 to 0.7500 (95 %)" in read.said("small")


def epoch(number: int, f1: float, *, best: bool) -> dict[str, Any]:
    return {"epoch": number, "loss": 1.0, "f1": f1, "sentence_accuracy": f1 / 2, "intent_accuracy": None, "best": best}


def test_the_learning_curve_is_a_picture_and_a_table() -> None:
    examples, annotations = of_kinds(KINDS)
    history = [epoch(1, 0.4, best=True), epoch(2, 0.8, best=True), epoch(3, 0.6, best=False)]
    inside = page(scores_of(examples, annotations), [], about(), histories=[history])
    read = Read(inside)
    labels = [svg["aria-label"] for svg in read.named("svg") if "aria-label" in svg]
    assert "Learning curve over 3 epochs; the table has the figures" in labels
    assert [head for head in read.said("th") if head.startswith(("1", "2 *", "3"))][-3:] == ["1", "2 *", "3"]
    folds = Read(page(scores_of(examples, annotations), [], about(), histories=[history, history]))
    assert "2, 2 *" in folds.said("th")


def test_the_epochs_of_a_training_without_dev_have_no_scores() -> None:
    """They were shown as 0.0000, as if nothing had been learnt."""
    row, last = epochs([[epoch(number, 0.0, best=True) for number in (1, 2)]]).splitlines()
    assert row.count("0.0000") == 0
    assert "1.0000" in row  # the loss
    assert "2 *" in last
    scored = [epoch(1, 0.0, best=True), epoch(2, 0.0, best=False)]  # on dev, with nothing right
    assert epochs([scored]).count("0.0000") == 4


@pytest.mark.parametrize("epochs", [1, 2, 20, 60, 61, 10_000])
def test_a_learning_curve_names_few_epochs(epochs: int) -> None:
    svg = learning_curve([[epoch(n, 0.5, best=n == 1) for n in range(1, epochs + 1)]])
    assert 2 <= svg.count("text-anchor=middle") <= 9
    assert "nan" not in svg


def test_risk_falls_with_coverage_and_ties_stay_together() -> None:
    given = [(0.9, True), (0.5, False), (0.5, True), (0.2, False)]
    assert risks_of(given) == [(0.25, 0.0), (0.75, pytest.approx(1 / 3)), (1.0, 0.5)]
    assert risk_and_coverage({"slots": given, "values": ()}).count('class="line-') == 1
    assert risk_and_coverage({"slots": ()}) == ""
    assert "0.5000 wrong of all" in risk_and_coverage({"slots": given})


def test_another_model_on_the_page() -> None:
    examples, annotations = of_kinds(KINDS)
    right = [annotation(text, gold) for text, gold, _ in KINDS]
    against = compare(Answers(examples, right), Answers(examples, annotations), name="<old>", knows_intents=True)
    read = Read(page(scores_of(examples, right), [], about(), against=against))
    assert "Against <old>" in read.said("h2")
    assert "improved: 4 sentences" in read.said("summary")
    assert len(read.named("li")) == 4
    assert [b for b in read.said("b") if b in ("should be", "<old>", "mine")][:3] == ["should be", "<old>", "mine"]
    assert "Against" not in " ".join(made(examples, annotations).said("h2"))
