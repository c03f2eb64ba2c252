"""What each format means, where its own writer would not write it so."""

import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

import slotfill
from slotfill.errors import InputError
from slotfill.markup import render
from slotfill.readers import load, save, split_of
from slotfill.readers.formats import FORMATS, RECOGNISED
from slotfill.readers.lines import HEAD
from slotfill.readers.records import opening
from slotfill.schema import Dataset, Example, GoldValues

TEXT = "arrive Taipei on May 2nd"
TAIPEI = ("O", "B-toloc.city_name", "O", "B-date", "I-date")


def read(path: Path, content: str | bytes) -> tuple[Example, ...]:
    """The examples of one file with this content."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return split_of(load(path), "train")


@pytest.mark.parametrize("separator", ["\t", " ", "   ", " NN ", "\tNN\t_\t"])
def test_columns_are_separated_by_tabs_or_spaces(tmp_path: Path, separator: str) -> None:
    lines = [f"{word}{separator}{tag}" for word, tag in zip(TEXT.split(), TAIPEI, strict=True)]
    (example,) = read(tmp_path / "my.conll", "\n".join(lines))
    assert (example.text, example.tags) == (TEXT, TAIPEI)


@pytest.mark.parametrize(
    "tags",
    [
        ["I-x O I-y I-y B-y", "O"],
        ["S-x O B-y E-y S-y", "O"],
        ["U-x O B-y L-y U-y", "O"],
        ["B-x O B-y I-y B-y", "O"],
    ],
    ids=["IOB1", "IOBES", "BILOU", "IOB2"],
)
def test_every_scheme_comes_out_as_iob2(tmp_path: Path, tags: list[str]) -> None:
    expected = ("B-x", "O", "B-y", "I-y", "B-y")
    columns = "\n".join(f"{word} {tag}" for word, tag in zip("abcde", tags[0].split(), strict=True))
    assert read(tmp_path / "my.conll", f"{columns}\n\nf O\n")[0].tags == expected
    (tmp_path / "seq.in").write_text("a b c d e\nf\n", encoding="utf-8")
    (tmp_path / "seq.out").write_text("\n".join(tags), encoding="utf-8")
    assert split_of(load(tmp_path), "train")[0].tags == expected


def test_comments_and_document_starts_are_not_tokens(tmp_path: Path) -> None:
    content = """
-DOCSTART- -X- O

# sent_id = 1
# intent: flight
#
# text = to  Rome!
to O
Rome B-x
! O

# O
# O

# text = # not a comment
# O
not O
a O
comment O
"""
    rome, hashes, mixed = read(tmp_path / "my.conll", content)
    assert (rome.text, rome.intent, rome.tags) == ("to  Rome!", "flight", ("O", "B-x", "O"))
    assert [(token.start, token.end) for token in rome.tokens] == [(0, 2), (4, 8), (8, 9)]
    assert [token.text for token in hashes.tokens] == ["#", "#"]
    assert [token.text for token in mixed.tokens] == ["#", "not", "a", "comment"]


def test_a_byte_order_mark_and_carriage_returns_are_dropped(tmp_path: Path) -> None:
    (example,) = read(tmp_path / "my.conll", b"\xef\xbb\xbfto O\r\nRome B-x\r\n\r\n")
    assert (example.text, example.tags) == ("to Rome", ("O", "B-x"))


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    (example,) = read(tmp_path / "my.markup", "to\u2028[Rome](x)\x0b\x85now")
    assert example.text == "to\u2028Rome\x0b\x85now"


def test_parallel_files_may_hold_spare_white_space(tmp_path: Path) -> None:
    folder = tmp_path / "test"
    folder.mkdir()
    for name, content in (("seq.in", "to  Rome \n"), ("seq.out", "O B-x \n"), ("label", " atis_a#atis_b\n")):
        (folder / name).write_text(content, encoding="utf-8")
    (example,) = split_of(load(folder), "test")
    assert (example.text, example.tags, example.intent) == ("to Rome", ("O", "B-x"), "a+b")


@pytest.mark.parametrize(
    ("label", "intent"),
    [
        ("atis_flight", "flight"),
        ("atis_flight#atis_airfare", "flight+airfare"),
        ("AddToPlaylist", "AddToPlaylist"),
        ("atis_flight#other", "atis_flight#other"),
    ],
)
def test_intents_of_atis_lose_their_prefix(tmp_path: Path, label: str, intent: str) -> None:
    for name, content in (("seq.in", "to"), ("seq.out", "O"), ("label", label)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert load(tmp_path).splits["all"][0].intent == intent


def test_json_lines_may_have_other_keys_tokens_and_no_intent(tmp_path: Path) -> None:
    content = """
{"id": 5, "text": "fly to Xi'an", "spans": [{"start": 7, "end": 12, "label": "x", "text": "Xi'an"}], "intent": null}

{"text": "New-York", "tokens": ["New-", "York"], "spans": [{"start": 4, "end": 8, "label": "x"}], "intent": "flight"}
{"text": "to Rome", "tokens": null, "spans": []}
"""
    xian, york, rome = read(tmp_path / "my.jsonl", content)
    assert (xian.tags, xian.intent) == (("O", "O", "B-x"), None)
    assert ([token.text for token in york.tokens], york.tags, york.intent) == (["New-", "York"], ("O", "B-x"), "flight")
    assert [token.text for token in rome.tokens] == ["to", "Rome"]


def test_spans_may_come_in_any_order(tmp_path: Path) -> None:
    spans = '[{"start": 3, "end": 7, "label": "b"}, {"start": 0, "end": 2, "label": "a"}]'
    (example,) = read(tmp_path / "my.jsonl", f'{{"text": "to Rome", "spans": {spans}}}')
    assert example.tags == ("B-a", "B-b")


@pytest.mark.parametrize(
    ("line", "text", "tags", "intent"),
    [
        ("arrive [Taipei](toloc.city_name)", "arrive Taipei", ("O", "B-toloc.city_name"), None),
        ("[New York](a)\t flight ", "New York", ("B-a", "I-a"), "flight"),
        (r"a \[b\] (c) \\", r"a [b] (c) \ ".rstrip(), ("O",) * 8, None),
        (r"[a](x\)y)[,](\\)", "a,", ("B-x)y", "B-\\"), None),
        (r"a\tb\nc\rd", "a\tb\nc\rd", ("O",) * 4, None),
        (r"a\)", "a)", ("O", "O"), None),
        ("  a ", "  a ", ("O",), None),
    ],
)
def test_markup(tmp_path: Path, line: str, text: str, tags: tuple[str, ...], intent: str | None) -> None:
    (example,) = read(tmp_path / "my.markup", line)
    assert (example.text, example.tags, example.intent) == (text, tags, intent)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("my.markup", "[Rome](a)\tflight\t2026-11-18T09:00; open.place = Rome ;arrival.date=null"),
        ("my.markup", "[Rome](a)\t flight \t 2026-11-18 09:00; open.place = Rome; arrival.date = null "),
        (
            "my.jsonl",
            '{"text": "Rome", "spans": [{"start": 0, "end": 4, "label": "a"}], "intent": "flight", '
            '"values": "2026-11-18T09:00+02:00; open.place = Rome; arrival.date = null"}',
        ),
        (
            "my.conll",
            "# intent: flight\n# values: 2026-11-18T09; open.place = Rome; arrival.date = null\nRome B-a\n",
        ),
    ],
)
def test_values(tmp_path: Path, name: str, content: str) -> None:
    (example,) = read(tmp_path / name, content)
    assert (example.text, example.tags, example.intent) == ("Rome", ("B-a",), "flight")
    assert example.values == GoldValues(datetime(2026, 11, 18, 9), (("open.place", "Rome"), ("arrival.date", None)))


def test_values_without_an_intent(tmp_path: Path) -> None:
    (example,) = read(tmp_path / "my.markup", "Rome\t\t2026-11-18T09:00")
    assert (example.intent, example.values) == (None, GoldValues(datetime(2026, 11, 18, 9)))


def test_values_made_in_memory_are_checked() -> None:
    example = slotfill.parse_markup("Rome")._replace(values=GoldValues(datetime(2026, 11, 18), (("stop.place", "x"),)))
    with pytest.raises(InputError, match=r'"Rome": the values: "stop.place" is no part of a frame'):
        slotfill.read_data([example])


def test_render_writes_a_line_of_markup() -> None:
    assert render("a [b]\tc", [(0, 1, "x"), (6, 7, "y)")], intent="z") == r"[a](x) \[b\]\t[c](y\))" + "\tz"
    assert render("a", [], intent=None) == "a"


@pytest.mark.parametrize(
    ("line", "tokens", "tags"),
    [
        ("[Alger](city) d'[Alger](city)", ["Alger", "d", "'", "Alger"], ["B-city", "O", "O", "B-city"]),
        ("[Xi'an](city) via pre-[Oslo](city)", ["Xi", "'", "an", "via", "pre", "-", "Oslo"], None),
        ("去[奥斯陆](city)玩", ["去", "奥", "斯", "陆", "玩"], ["O", "B-city", "I-city", "I-city", "O"]),
        ("[Denver](city)'s", ["Denver", "'s"], ["B-city", "O"]),
        ("[Xi'an](city) at 6:30pm", ["Xi'an", "at", "6:30pm"], ["B-city", "O", "O"]),
    ],
)
def test_a_slot_inside_a_token_cuts_it(tmp_path: Path, line: str, tokens: list[str], tags: list[str] | None) -> None:
    (example,) = read(tmp_path / "my.markup", f"{line}\n")
    assert [token.text for token in example.tokens] == tokens
    assert tags is None or list(example.tags) == tags
    assert slotfill.parse_markup(line) == example
    save(Dataset("mine", {"all": (example,)}), tmp_path / "again.markup")
    assert split_of(load(tmp_path / "again.markup"), "train") == (example,)
    save(Dataset("mine", {"all": (example,)}), tmp_path / "again.jsonl")
    assert split_of(load(tmp_path / "again.jsonl"), "train") == (example,)


def test_one_slot_inside_a_token_cuts_the_tokens_of_the_whole_file(tmp_path: Path) -> None:
    first, second = read(tmp_path / "my.markup", "at 6:30pm\nd'[Alger](city)\n")
    assert [token.text for token in first.tokens] == ["at", "6", ":", "30pm"]
    assert [token.text for token in second.tokens] == ["d", "'", "Alger"]


def test_columns_in_a_script_without_spaces_make_a_text_without_spaces(tmp_path: Path) -> None:
    (example,) = read(tmp_path / "my.conll", "去\tO\n奥\tB-city\n斯\tI-city\nby\tO\nbus\tO\n车\tO\n")
    assert example.text == "去奥斯 by bus 车"
    (tmp_path / "seq.in").write_text("去 奥 斯\n", encoding="utf-8")
    (tmp_path / "seq.out").write_text("O B-city I-city\n", encoding="utf-8")
    assert split_of(load(tmp_path), "train")[0].text == "去奥斯"


@pytest.mark.parametrize("piece", ["[a ", "[IN:", '{"a":', "[[1,", '[{"text": "a", "b": [', "(a ", "[a](b", "## "])
def test_telling_a_format_costs_no_more_than_the_head_is_long(piece: str) -> None:
    """A thousand open brackets were a thousand copies of what closes them: memory stands for the work."""
    head = (piece * HEAD)[:HEAD]
    opening.cache_clear()
    tracemalloc.start()
    for is_it in (*[one.is_it for one in FORMATS], *[one.is_it for one in RECOGNISED]):
        is_it(head)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * HEAD
