"""Rows of every format: none is lost, whatever it holds and wherever a part begins."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.bulk import rows, sources
from slotfill.bulk.rows import Columns, Row
from slotfill.bulk.sources import files_of, parts_of, read
from slotfill.errors import InputError

COLUMNS = Columns("text", None)
WITH_ID = Columns("text", "id")


@pytest.fixture
def rows_of(tmp_path: Path) -> Callable[..., list[Row]]:
    """The rows of a file with a name and bytes, in parts of a size."""

    def call(name: str, data: bytes, *, columns: Columns = COLUMNS, size: int = 2) -> list[Row]:
        path = tmp_path / name
        path.write_bytes(data)
        files, style = files_of(str(path))
        parts = list(parts_of(files, style, columns, size=size))
        found = [row for part in parts for row in read(part, style, columns)]
        assert [part.number for part in parts] == list(range(len(parts)))
        assert [part.first for part in parts] == [1 + sum(p.rows for p in parts[:n]) for n in range(len(parts))]
        assert len(found) == sum(part.rows for part in parts)
        return found

    return call


@pytest.mark.parametrize("data", [b"", b"\n", b"a", b"a\n", b"a\nb", b"\xef\xbb\xbfa\r\n\r\nb\r\n", b"a\n" * 7])
def test_lines_are_rows(rows_of: Callable[..., list[Row]], data: bytes) -> None:
    lines = data.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    lines = lines if lines[-1] else lines[:-1]
    assert [row.text for row in rows_of("a.txt", data)] == lines


BAD_JSON = {
    b"{": "not JSON: Expecting property name enclosed in double quotes at column 2",
    b"": "not JSON: Expecting value at column 1",
    b"[" * 100_000: "not JSON that can be read: too long a number, or nested too deeply",
    b"[1]": "expected an object in braces, got [1]",
    b'{"id": 7}': 'no "text", only ["id"]',
    b'{"text": null}': "expected text, got null",
    b'{"text": []}': "expected text, got []",
    b'{"text": ["a", 1]}': 'expected text, got ["a", 1]',
    b'{"text": ["a b"]}': 'token 1, "a b", has white space in it',
    b'{"text": "a\xff"}': "not UTF-8 at byte 12",
    b'{"text": "a\\ud800"}': "half a surrogate pair in the text",
    b'{"text": "' + b"a" * 100_001 + b'"}': "a text of 100,001 characters: at most 100,000 are tagged",
    b'{"text": "' + b"a" * rows.LONGEST_ROW + b'"}': "a row of more than 1,048,576 bytes",
}


@pytest.mark.parametrize(("line", "problem"), BAD_JSON.items(), ids=BAD_JSON.values())
def test_a_bad_line_says_why_and_the_next_is_read(rows_of: Callable[..., list[Row]], line: bytes, problem: str) -> None:
    first, bad, last = rows_of("a.jsonl", b'{"text": "a"}\n' + line + b'\n{"text": "b"}', size=1)
    assert (first, last) == (Row(None, "a"), Row(None, "b"))
    assert bad.problem == problem
    (bad.text or "").encode()  # can be written


def test_ids_are_text(rows_of: Callable[..., list[Row]]) -> None:
    lines = [{"text": "a", "id": id_} for id_ in ("x", 7, None, [1], "\ud800")] + [{"text": "a"}, {"id": 8}]
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    found = rows_of("a.jsonl", data, columns=WITH_ID)
    assert [row.id for row in found] == ["x", "7", None, "[1]", "\ufffd", None, "8"]


BAD_CSV = {
    b'2,"never closed': ["not CSV: unexpected end of data"],
    b'2,"shut"early': ["not CSV: ',' expected after '\"'"],
    b"2": ["expected 2 fields as in the header, got 1"],
    b"2,to Boston, please": ["expected 2 fields as in the header, got 3: is a comma not in quotes?"],
    b"2,\xff": ["not UTF-8 at byte 1"],
    b"2," + b"a" * rows.LONGEST_ROW: ["not CSV: a row of more than 1,048,576 bytes: is a quote not closed?"],
    b"": ["expected 2 fields as in the header, got 1"],
}


@pytest.mark.parametrize("line", BAD_CSV)
def test_a_bad_row_of_csv_ends_with_its_line(rows_of: Callable[..., list[Row]], line: bytes) -> None:
    data = b'id,text\r\n1,"two\nlines, ""and"" more"\r\n' + line + b"\n3,b\n4,c"
    first, *bad, third, fourth = rows_of("a.csv", data, columns=WITH_ID, size=1)
    assert (first, third, fourth) == (Row("1", 'two\nlines, "and" more'), Row("3", "b"), Row("4", "c"))
    assert [row.problem for row in bad] == BAD_CSV[line]


def test_a_row_of_many_lines_has_an_end(rows_of: Callable[..., list[Row]]) -> None:
    fields = b",".join([b'"' + b"a" * 200_000 + b'\n"'] * 7)  # none of which is too long by itself
    first, *_ = rows_of("a.csv", b"id,text\n2," + fields, columns=WITH_ID)
    assert first.problem == "not CSV: a row of more than 1,048,576 bytes: is a quote not closed?"


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=20)


@given(st.lists(st.tuples(texts, texts), max_size=12), st.integers(1, 5))
def test_csv_comes_back(table: list[tuple[str, str]], size: int) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("id", "text"), *table])
    data = stream.getvalue().encode()
    found = list(rows.csv_rows(io.BytesIO(data), WITH_ID, start=rows.csv_header(io.BytesIO(data))[1], count=99))
    assert [(row.id, row.text) for row in found] == table
    starts = list(rows.csv_starts(io.BytesIO(data), every=size))
    cut = [row for s, n in starts for row in rows.csv_rows(io.BytesIO(data), WITH_ID, start=s, count=n)]
    assert cut == found


@given(st.binary(max_size=60).map(lambda b: b.translate(bytes(b'",\n\ra\xff'[n % 6] for n in range(256)))), st.data())
def test_whatever_a_csv_file_holds_parts_do_not_matter(data: bytes, draw: st.DataObject) -> None:
    data = b"text\n" + data
    whole = list(rows.csv_rows(io.BytesIO(data), COLUMNS, start=5, count=99))
    every = draw.draw(st.integers(1, 4))
    starts = list(rows.csv_starts(io.BytesIO(data), every=every))
    assert [n for _, n in starts[:-1]] == [every] * (len(starts) - 1)
    assert [r for s, n in starts for r in rows.csv_rows(io.BytesIO(data), COLUMNS, start=s, count=n)] == whole


def test_what_cannot_be_a_source_is_told(tmp_path: Path) -> None:
    def problem(name: str, data: bytes, columns: Columns = COLUMNS) -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError) as error:
            list(parts_of(*files_of(str(tmp_path / name)), columns, size=2))
        return str(error.value).removeprefix(f"{tmp_path / name}: ")

    assert problem("a.tsv", b"") == "expected a name that ends in .jsonl, .ndjson, .csv, .txt, .parquet"
    assert problem("a.csv", b"") == "no header: the file is empty"
    assert problem("a.csv", b"id,query\n") == "no column 'text' in the header, only id, query"
    assert problem("a.csv", b"id,text\n", Columns("text", "n")) == "no column 'n' in the header, only id, text"
    assert problem("a.jsonl", b'[\n{"q": 1}\n') == 'no "text" in the first lines, only q: see --column'
    with pytest.raises(InputError, match="cannot be read: No such file"):
        files_of(str(tmp_path / "missing.txt"))


def test_a_folder_is_its_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "_SUCCESS"):
        (tmp_path / name).write_text(f"{name}\n")
    files, style = files_of(str(tmp_path))
    parts = list(parts_of(files, style, COLUMNS, size=2))
    assert [row.text for part in parts for row in read(part, style, COLUMNS)] == ["a.txt", "b.txt"]
    assert [part.first for part in parts] == [1, 2]
    (tmp_path / "c.csv").touch()
    with pytest.raises(InputError, match="expected files of one format"):
        files_of(str(tmp_path))


def test_a_source_that_changed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a\nb\nc\n")
    files, style = files_of(str(path))
    *_, last = parts_of(files, style, COLUMNS, size=2)
    path.write_text("a\n")
    with pytest.raises(InputError, match="expected 1 rows from 4, got 0: it has changed"):
        list(sources.read(last, style, COLUMNS))


def test_parquet(rows_of: Callable[..., list[Row]], tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="the extra `bulk` is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    good = [f"to Boston {n}" for n in range(10)]
    raw = [text.encode() for text in good]
    raw[3] = b"\xff!"
    broken = pa.Array.from_buffers(pa.string(), 10, pa.array(raw, pa.binary()).buffers())
    wanted = [Row(str(n), text) for n, text in enumerate(good)]
    wanted[3] = Row("3", "\ufffd!", "not UTF-8 at byte 1")
    for column, expected in (
        (broken, wanted),
        (pa.array(raw, pa.binary()), wanted),
        (pa.array([*good[:4], None]).dictionary_encode(), [Row(str(n), t) for n, t in enumerate(good[:4])] + [None]),
    ):
        table = pa.table({"other": column, "text": column, "id": range(len(column))})
        parquet.write_table(table, tmp_path / "a.parquet", row_group_size=3)
        for size in (1, 2, 4, 100):
            found = rows_of("a.parquet", (tmp_path / "a.parquet").read_bytes(), columns=WITH_ID, size=size)
            assert found == [row or Row("4", None, "expected text, got null") for row in expected]
    for columns, message in ((Columns("id", None), "holds int64, not text"), (Columns("x", None), "no column 'x'")):
        with pytest.raises(InputError, match=message):
            rows_of("a.parquet", (tmp_path / "a.parquet").read_bytes(), columns=columns)
    with pytest.raises(InputError, match="not Parquet"):
        rows_of("a.parquet", b"no")


def test_a_text_may_be_a_list_of_its_tokens(rows_of: Callable[..., list[Row]], tmp_path: Path) -> None:
    tokens = [["to", "(", "Oslo", ")"], ["去", "奥"]]
    lines = "".join(json.dumps({"tokens": words}) + "\n" for words in tokens).encode()
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    table = io.BytesIO()
    pq.write_table(pa.table({"tokens": tokens}), table)
    for name, data in (("a.jsonl", lines), ("a.parquet", table.getvalue())):
        found = rows_of(name, data, columns=Columns("tokens", None))
        assert [row.text for row in found] == ["to ( Oslo )", "去奥"]
        assert [[token.text for token in row.tokens or ()] for row in found] == tokens
