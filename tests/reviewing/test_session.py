"""One sentence after another, whatever asks."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slotfill.errors import DataError, InputError
from slotfill.readers import load
from slotfill.reviewing.session import Session, begin
from slotfill.tagger import Tagger
from tests.server.conftest import MODEL

TEXTS = "to taipei\nto maybe\n\nto taipei\nboston to taipei\n"
Begin = Callable[..., Session]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(MODEL)


@pytest.fixture
def start(tagger: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Begin a review of `queries.txt` into `out.jsonl`, or of something else; it ends after the test."""
    monkeypatch.chdir(tmp_path)
    Path("queries.txt").write_text(TEXTS, encoding="utf-8")
    sessions: list[Session] = []

    def call(source: str = "queries.txt", output: str = "out.jsonl", **options: object) -> Session:
        options = {"order": "file", "on_note": lambda _: None} | options
        sessions.append(begin(source, Path(output), tagger=tagger, **options))  # type: ignore[arg-type]
        return sessions[-1]

    yield call
    for session in sessions:
        session.close()


def text_of(session: Session) -> str | None:
    return session.current.first.text if session.current else None


def accept(session: Session) -> None:
    assert session.draft is not None
    session.accept(session.draft)


def written(path: str = "out.jsonl") -> list[str]:
    if not Path(path).read_bytes():
        return []
    return [example.text for split in load(path).splits.values() for example in split]


def test_each_sentence_is_asked_once(start: Begin) -> None:
    notes: list[str] = []
    session = start(on_note=notes.append)
    assert notes == ["sentences that are there several times, asked once: 1 left out"]
    asked = []
    while session.current is not None:
        asked.append(session.current.first.text)
        accept(session)
    assert asked == ["to taipei", "to maybe", "boston to taipei"] == written()
    assert (session.done, session.total, session.draft) == (3, 3, None)


def test_the_least_certain_comes_first(start: Begin) -> None:
    assert text_of(start(order="uncertain")) == "to maybe"


@pytest.mark.parametrize("output", ["out.jsonl", "out.markup"])
def test_what_is_written_is_what_was_decided(start: Begin, output: str) -> None:
    session = start(output=output)
    assert session.draft is not None
    mended = session.draft.named(0, 2, "a.new:slot").meaning("new intent")
    session.accept(mended)
    assert "a.new:slot" in session.names.slots
    assert "new intent" in session.names.intents
    ((example,),) = load(output).splits.values()
    assert example == mended.example


@pytest.mark.parametrize("output", ["out.jsonl", "out.markup"])
def test_undo_gives_back_what_was_decided(start: Begin, output: str) -> None:
    session = start(output=output)
    assert session.draft is not None
    mended = session.draft.without(0, 2).meaning(None)
    session.accept(mended)
    session.skip()
    accept(session)
    assert session.current is None
    assert [session.undo() for _ in range(4)] == [True, True, True, False]
    assert session.draft == mended
    assert (session.done, session.skipped) == (0, 0)
    assert written(output) == []
    assert Path(f"{output}.skipped").read_bytes() == b""


def test_a_review_goes_on_where_it_stopped(start: Begin) -> None:
    first = start()
    first.skip()
    accept(first)
    first.close()
    second = start()
    assert (second.done, second.total) == (1, 3)
    assert text_of(second) == "boston to taipei"  # what was skipped is asked last
    accept(second)
    assert text_of(second) == "to taipei"
    second.skip()  # twice: noted once
    assert len(Path("out.jsonl.skipped").read_bytes().splitlines()) == 1
    assert second.undo()
    assert len(Path("out.jsonl.skipped").read_bytes().splitlines()) == 1
    accept(second)
    second.close()
    third = start()
    assert third.current is None
    assert third.undo()  # of another day
    assert text_of(third) == "to taipei"
    assert len(written()) == 2


def test_it_adds_to_other_sentences_and_takes_none_of_them_back(start: Begin) -> None:
    other = '{"text": "hello", "spans": [], "from": "elsewhere"}'
    Path("out.jsonl").write_text(other, encoding="utf-8")
    session = start()
    assert not session.undo()
    accept(session)
    assert Path("out.jsonl").read_text(encoding="utf-8").startswith(f"{other}\n")
    assert session.undo()
    assert not session.undo()
    assert written() == ["hello"]


def test_the_labels_of_the_file_come_first_and_those_of_the_model_beside_them(start: Begin) -> None:
    lines = ["to [taipei](fromloc.city_name)\tairfare", "to [taipei](toloc.city_name) now\tflight"]
    Path("data.markup").write_text("\n".join(lines), encoding="utf-8")
    session = start("data.markup", order="uncertain")
    item = session.current
    assert item is not None
    assert item.other is not None
    assert (item.first.tags, item.first.intent) == (("O", "B-fromloc.city_name"), "airfare")
    assert (item.other.tags, item.other.intent) == (("O", "B-toloc.city_name"), "flight")
    assert item.doubt.whole < 0.1  # so it came first
    accept(session)
    assert session.current is not None
    assert session.current.other is None
    assert load("out.jsonl").splits["all"][0] == load("data.markup").splits["all"][0]


def test_intents_alone_get_the_slots_of_the_model(start: Begin) -> None:
    Path("data.jsonl").write_text('{"text": "to taipei", "intent": "airfare"}\n', encoding="utf-8")
    session = start("data.jsonl")
    assert session.draft is not None
    assert (session.draft.tags, session.draft.intent) == (("O", "B-toloc.city_name"), "airfare")


def test_tokens_of_the_data_are_kept(start: Begin) -> None:
    """`6:30pm` is two tokens there, which JSON lines can say, and markup cannot."""
    span = {"start": 3, "end": 7, "label": "time"}
    line = {"text": "at 6:30pm", "tokens": ["at", "6:30", "pm"], "spans": [span]}
    Path("data.jsonl").write_text(f"{json.dumps(line)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"out.markup: markup cannot keep the tokens of .*\.jsonl"):
        start("data.jsonl", "out.markup")
    session = start("data.jsonl")
    accept(session)
    assert load("out.jsonl").splits["all"] == load("data.jsonl").splits["all"]


def test_a_part_is_named_where_there_are_several(start: Begin) -> None:
    Path("data").mkdir()
    for part in ("train", "dev"):
        Path("data", f"{part}.markup").write_text(f"to [oslo](city) {part}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"data has the parts train, dev: name one, as in --split train"):
        start("data")
    assert text_of(start("data", split="dev")) == "to oslo dev"
    with pytest.raises(InputError, match="has no nope split"):
        start("data", "other.jsonl", split="nope")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("queries", b"", "there is no sentence in it"),
        ("queries.txt", b"\n\n", "there is no sentence in it"),
        ("queries", b"%PDF-1.7 \x00\xff\xfe" * 10, "this is a PDF document"),
        ("queries", b"\x00\x01\x02\xff\xfe" * 10, "unknown format"),
        ("queries", b"to Rome\nto Z\xfcrich\n", "queries:2: not UTF-8"),
        ("queries.txt", b"to Rome\nto Z\xfcrich\n", "queries.txt:2: not UTF-8"),
        ("nowhere.txt", None, "no data set or file"),
    ],
)
def test_files_that_are_none(start: Begin, name: str, content: bytes | None, says: str) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    with pytest.raises((InputError, DataError), match=says):
        start(name)
    assert not Path("out.jsonl").exists()


@pytest.mark.parametrize("name", ["out.conll", "out", "out.jsonl.gz", "out.txt"])
def test_other_formats_are_not_written(start: Begin, name: str) -> None:
    with pytest.raises(InputError, match=r"a review writes \.jsonl or \.markup"):
        start(output=name)


def test_a_faulty_output_is_told_with_its_line(start: Begin) -> None:
    Path("out.jsonl").write_text('{"text": "a", "spans": []}\n{"text": "b', encoding="utf-8")
    with pytest.raises(DataError, match=r"out\.jsonl:2: not JSON"):
        start()
    Path("out.jsonl").unlink()
    for content in ("nothing\n", "[" * 100_000):
        Path("out.jsonl.skipped").write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=r"out.jsonl.skipped: expected a JSON string a line"):
            start()


def test_a_text_with_every_sign(start: Begin) -> None:
    """Line ends, brackets, tabs and a byte order mark within the text."""
    texts = ["\ufeffto [taipei](x)\t\\n", "a\nb \u2028 c", "\u202eto taipei"]
    lines = "".join(json.dumps({"text": text, "intent": "x"}) + "\n" for text in texts)
    Path("data.jsonl").write_text(lines, encoding="utf-8")
    for output in ("out.jsonl", "out.markup"):
        session = start("data.jsonl", output)
        while session.current is not None:
            accept(session)
        session.close()
        assert written(output) == texts
        assert start("data.jsonl", output).current is None


def test_chinese_is_asked_with_the_tokens_and_the_doubt_of_the_model_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mixed.txt").write_text("11月2日到達台北\narrive Taipei\n", encoding="utf-8")
    names = ("travel", "travel-zh")
    for name in names:
        session = begin("mixed.txt", Path(f"{name}.jsonl"), tagger=Tagger.load(name), order="file")
        try:
            assert session.current is not None
            chinese = session.current
            assert [token.text for token in chinese.first.tokens] == ["11", "月", "2", "日", "到", "達", "台", "北"]
            assert [slot.text for slot in chinese.found.slots] == ["11月", "2日", "台北"]
            assert chinese.doubt.whole > 0.9
            assert session.guesses(chinese).of(6)[0].name == "toloc.city_name"
        finally:
            session.close()
