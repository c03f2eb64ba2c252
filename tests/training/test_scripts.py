"""From raw text in any script to slots with the offsets of the text: trained, saved, loaded, tagged."""

from pathlib import Path
from typing import Any

import pytest

import slotfill
from slotfill.bundle import read
from slotfill.folding import best_folding
from slotfill.schema import Dataset
from slotfill.tokenizer_fit import best_fit

SETTINGS: dict[str, Any] = {
    "model": {"cell": "feedforward", "window": 2, "hidden": 16, "word_size": 16, "character_filters": 8},
    "training": {"epochs": 20, "learning_rate": 0.02, "word_dropout": 0.0, "ema": 0.0},
}


def trained(lines: list[str], path: Path, **model: object) -> slotfill.Tagger:
    """The tagger of a model that has learnt these sentences by heart, as its folder has it."""
    with path.with_suffix(".markup").open("w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    data = slotfill.read_data(path.with_suffix(".markup"))
    (examples,) = data.splits.values()
    settings = {**SETTINGS, "model": {**SETTINGS["model"], **model}}
    slotfill.train(Dataset("mine", {"train": examples * 8, "dev": examples}), config=settings).save(path)
    return slotfill.load(path)


def slots(tagger: slotfill.Tagger, text: str) -> list[tuple[str, str]]:
    (found,) = tagger.annotate([text])
    assert all(text[slot.start : slot.end] == slot.text for slot in found.slots)
    return [(slot.name, slot.text) for slot in found.slots]


CHINESE = [
    "从[北京](from)出发",
    "从[台北](from)起飞，[11月2日](date)到[东京](to)",
    "[18:00](time)前到[北京](to)",
    "坐[CA1234](flight)去[台北](to)",
]


def test_chinese(tmp_path: Path) -> None:
    tagger = trained(CHINESE, tmp_path / "mine")
    config = read(tmp_path / "mine").config.model
    assert (config.tokenizer, config.folding) == ("scripts", "chinese")
    assert slots(tagger, "从北京出发") == [("from", "北京")]
    # what was learnt in simplified characters is known in traditional ones
    assert slots(tagger, "從臺北起飛，11月2日到東京") == [("from", "臺北"), ("date", "11月2日"), ("to", "東京")]
    assert slots(tagger, "１８：００前到北京") == [("time", "１８：００"), ("to", "北京")]
    assert slots(tagger, "坐CA9999去臺北") == [("flight", "CA9999"), ("to", "臺北")]


def test_voicing_marks_tell_words_apart(tmp_path: Path) -> None:
    lines = ["[パリ](france)へ", "[バリ](indonesia)へ", "[ﾊﾟﾘ](france)から", "[ハノイ](vietnam)へ"]
    tagger = trained(lines, tmp_path / "mine")
    assert read(tmp_path / "mine").config.model.folding == "accented"
    assert slots(tagger, "パリへ") == [("france", "パリ")]
    assert slots(tagger, "バリへ") == [("indonesia", "バリ")]
    assert slots(tagger, "ハ\u309aリへ") == [("france", "ハ\u309aリ")]


def test_case_tells_names_from_words(tmp_path: Path) -> None:
    lines = ["see [Nice](city)", "a nice trip", "see [Reading](city)", "a reading room", "a [Nice](city) hotel"]
    tagger = trained(lines, tmp_path / "mine", folding="cased")
    assert slots(tagger, "a Nice hotel") == [("city", "Nice")]
    assert slots(tagger, "a nice trip") == []
    blind = trained(lines, tmp_path / "blind")
    assert read(tmp_path / "blind").config.model.folding == "plain"
    assert slots(blind, "see nice") == [("city", "nice")]


@pytest.mark.parametrize(
    ("line", "text", "found"),
    [
        (
            "vol [d'](of)[Alger](from) à [Oran](to)",
            "vol d'Alger à Oran",
            [("of", "d'"), ("from", "Alger"), ("to", "Oran")],
        ),
        ("[Denver](city)'s airport", "Denver's airport", [("city", "Denver")]),
        ("[Paris](city)'s airports", "Paris's airports", [("city", "Paris")]),
        ("l'[aéroport](kind) d'[Alger](city)", "l'aéroport d'Alger", [("kind", "aéroport"), ("city", "Alger")]),
    ],
)
def test_a_slot_in_a_part_of_a_word(line: str, text: str, found: list[tuple[str, str]], tmp_path: Path) -> None:
    assert slots(trained([line, "rien du tout"], tmp_path / "mine"), text) == found


def test_slots_of_cais_begin_and_end_at_the_tokens_of_raw_text(shared_data: Path) -> None:
    """Characters are its tokens; it has music and weather in Chinese."""
    if not (shared_data / "cais").is_dir():
        pytest.skip("CAIS is not here")
    splits = slotfill.read_data(shared_data / "cais", on_error="fix", on_note=lambda note: None).splits
    fit = best_fit([example for examples in splits.values() for example in examples])
    assert (fit.tokenizer, fit.others) == ("scripts", 0)
    assert fit.sentences > 9_900
    assert best_folding(token.text for example in splits["train"] for token in example.tokens) == "chinese"
