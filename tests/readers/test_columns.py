"""Columns as other people write them: which of them are read, in which scheme, and what is said of it."""

import gzip
from pathlib import Path

import pytest

from slotfill.errors import DataError, DataWarning, InputError
from slotfill.readers import load, read_data
from slotfill.readers.reports import Report

FLY = "Fly/O to/O Oslo/B-city"


def shown(path: Path, *, on_error: str = "stop") -> tuple[list[str], list[str]]:
    """The sentences of a file as words with tags and intents, and what is said, without the folder."""
    report = Report(on_error)
    (examples,) = load(path, report=report).splits.values()
    sentences = [
        " ".join(f"{token.text}/{tag}" for token, tag in zip(one.tokens, one.tags, strict=True))
        + (f" <{one.intent}>" if one.intent else "")
        for one in examples
    ]
    return sentences, [note.replace(f"{path}: ", "").replace(str(path), path.name) for note in report.said()]


def read(
    tmp_path: Path, content: str, *, name: str = "my.conll", on_error: str = "stop"
) -> tuple[list[str], list[str]]:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return shown(tmp_path / name, on_error=on_error)


@pytest.mark.parametrize(
    ("content", "sentences", "notes"),
    [
        (
            "-DOCSTART- -X- O\nFly -X- _ O\nOslo -X- _ B-City\n\nHi -X- _ O\n",
            ["Fly/O Oslo/B-City", "Hi/O"],
            ["1 -DOCSTART- line left out", "4 columns: words in column 1, tags in column 4; not read: 2, 3"],
        ),
        ("Fly O\n-DOCSTART-\nOslo B-city\n", ["Fly/O", "Oslo/B-city"], ["1 -DOCSTART- line left out"]),
        (
            "1\tFly\tO\n2\tto\tO\n3\tOslo\tB-city\n\n1\tLeave\tO\n2\tNew\tB-city\n3\tYork\tI-city\n",
            [FLY, "Leave/O New/B-city York/I-city"],
            ["3 columns: words in column 2, tags in column 3; not read: 1"],
        ),
        (
            "1\tFly\tO\n2\tto\tO\n3\tOslo\tB-city\n1\tHi\tO\n",
            [FLY, "Hi/O"],
            [
                "3 columns: words in column 2, tags in column 3; not read: 1",
                "no blank lines between sentences: the numbers in column 1 say where they begin",
            ],
        ),
        (
            "0 Fly O\n1 to O\n2 Oslo B-city\n\n0 Hi O\n",
            [FLY, "Hi/O"],
            ["3 columns: words in column 2, tags in column 3; not read: 1"],
        ),
        (
            "7 Fly O\n7 to O\n7 Oslo B-city\n8 Hi O\n",
            [FLY, "Hi/O"],
            [
                "3 columns: words in column 2, tags in column 3; not read: 1",
                "no blank lines between sentences: the numbers in column 1 say where they begin",
            ],
        ),
        (
            "# text = Fly to Oslo.\n1\tFly\t_\tV\t_\t_\t0\troot\t_\t_\n2\tto\t_\tP\t_\t_\t3\tcase\t_\t_\n"
            "3\tOslo\t_\tN\t_\t_\t1\tobl\t_\tSpaceAfter=No|NER=B-city\n4\t.\t_\t.\t_\t_\t1\tpunct\t_\t_\n",
            [f"{FLY} ./O"],
            ["CoNLL-U: the words are column 2, the tags those of `NER=` in column 10"],
        ),
        (
            "# text = im Haus\n1-2\tim\t_\t-\n1\tin\tO\t-\n2\tdem\tO\t-\n3\tHaus\tB-place\tme\n",
            ["im/O Haus/B-place"],
            ["4 columns: words in column 2, tags in column 3; not read: 1, 4"],
        ),
        (
            "# global.columns = ID FORM NER UPOS\n1\tFly\tO\tV\n2\tOslo\tB-city\tN\n",
            ["Fly/O Oslo/B-city"],
            ["4 columns: words in column 2, tags in column 3 (`FORM` and `NER`); not read: 1, 4"],
        ),
        (
            "# intent = weather/find\n1\tWill\tweather/find\tO\n2\train\tweather/find\tB-what\n",
            ["Will/O rain/B-what <weather/find>"],
            ["4 columns: words in column 2, tags in column 4; not read: 1, 3"],
        ),
        ("#intent: a b\nHi O\n", ["Hi/O <a b>"], []),
        ("O\tfly\nB-city\tOslo\n", ["fly/O Oslo/B-city"], ["the tags come first: column 1; the words are column 2"]),
        (
            "Word POS Tag\nFly VB O\nOslo NNP B-city\n",
            ["Fly/O Oslo/B-city"],
            ["3 columns: words in column 1, tags in column 3 (`Word` and `Tag`); not read: 2"],
        ),
        (
            "EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n",
            ["EU/B-ORG rejects/O"],
            ["4 columns: words in column 1, tags in column 4, other tags in column 3; not read: 2, 3"],
        ),
        ("Fly,O\nto,O\n,,O\nOslo,B-city\n,\nHi,O\n", ["Fly/O to/O ,/O Oslo/B-city", "Hi/O"], []),
        ("Fly;O\nOslo;B-city\n", ["Fly/O Oslo/B-city"], []),
    ],
)
def test_which_columns_are_read(tmp_path: Path, content: str, sentences: list[str], notes: list[str]) -> None:
    assert read(tmp_path, content) == (sentences, notes)


@pytest.mark.parametrize(
    ("tags", "read_as", "note"),
    [
        ("0 B_city M-city E_city S-day", "O B-city I-city I-city B-day", "0 is read as O"),
        ("O B-city M-city E-city W-day", "O B-city I-city I-city B-day", None),
        ("O B-city I-city E-city S-day", "O B-city I-city I-city B-day", None),
        ("O B-city I-city L-city U-day", "O B-city I-city I-city B-day", None),
        ("O I-city E-city E-day O", "O B-city I-city B-day O", None),
        ("O B_city I_city O O", "O B-city I-city O O", "B_city is read as a prefix and a name"),
        ("O city-B city-I O O", "O B-city I-city O O", "city-B is read as a name and its prefix"),
        ("o b-city i-city o o", "O B-city I-city O O", "o is read as O"),
        (
            "O city city day O",
            "O B-city I-city B-day O",
            "the tags have no prefix (IO): ",
        ),
        ("O I I O I", "O B-slot I-slot O B-slot", "the tags name no slot: all slots are called `slot`"),
        (
            "O B-city|B-land I-city|O B-land O",
            "O B-city I-city B-land O",
            "some tokens have several tags, as in B-city|B-land: the first of them is read",
        ),
        ("O B I B O", "O B-slot I-slot B-slot O", "the tags name no slot: all slots are called `slot`"),
    ],
)
def test_tags_as_people_write_them(tmp_path: Path, tags: str, read_as: str, note: str | None) -> None:
    content = "".join(f"{word} {tag}\n" for word, tag in zip("vwxyz", tags.split(), strict=True))
    sentences, notes = read(tmp_path, content)
    assert sentences == [" ".join(f"{w}/{tag}" for w, tag in zip("vwxyz", read_as.split(), strict=True))]
    assert [said[: len(note or "")] for said in notes][:1] == ([note] if note else [])


def test_names_with_spaces_get_underscores(tmp_path: Path) -> None:
    sentences, notes = read(tmp_path, "to\tO\nNew\tB-arrival city\nYork\tI-arrival city\n")
    assert sentences == ["to/O New/B-arrival_city York/I-arrival_city"]
    assert notes == ["names of slots must not have spaces: B-arrival city is read as B-arrival_city"]


def test_a_file_without_blank_lines_is_noted(tmp_path: Path) -> None:
    sentences, (note,) = read(tmp_path, "fly O\nto O\nOslo B-city\n. O\n" * 100)
    assert len(sentences) == 1
    assert note == (
        "my.conll:1: a sentence of 400 tokens, 100 of which end sentences: "
        "are the blank lines between sentences missing?"
    )
    short = "fly O\nto O\nOslo B-city\n" * 25
    assert read(tmp_path, short)[1][0].startswith("my.conll:1: a sentence of 75 tokens, 0 of which end sentences: ")
    assert read(tmp_path, f"{short}\nhi O\n")[1] == []


@pytest.mark.parametrize(
    ("content", "problem", "mended", "what"),
    [
        (
            "George B-name\nWashington I-name\n\t O\nTurin B-city\n",
            'my.conll:3: token 3, "", has nothing visible in it',
            "George/B-name Washington/I-name Turin/B-city",
            "tokens without anything visible left out: 1 time, first in my.conll:3",
        ),
        (
            "fly\tO\nNew York\tB-city\n",
            'my.conll:2: token 2, "New York", has white space in it',
            "fly/O New/B-city York/I-city",
            "tokens with white space cut there: 1 time, first in my.conll:2",
        ),
        (
            "to O\nOslo I-city\nor O\nBonn B-city\n",
            "my.conll:2: tag 2 is I-city after O: in IOB2 a span begins with B-city",
            "to/O Oslo/B-city or/O Bonn/B-city",
            "tags that break their scheme: what continues no slot begins one: 1 time, first in my.conll:2",
        ),
        (
            "to O\nthe O\nNew York B-city\n",
            'my.conll:3: got 3 columns: expected 2, as in most lines; "New York B-city"',
            "to/O the/O New/B-city York/I-city",
            "lines with more or fewer columns than the others: what is before the tag was read: 1 time, "
            "first in my.conll:3",
        ),
    ],
)
def test_what_can_be_mended_is_counted(tmp_path: Path, content: str, problem: str, mended: str, what: str) -> None:
    good = "\nhi O\n"
    with pytest.raises(DataError) as caught:
        read(tmp_path, f"{content}{good}")
    assert str(caught.value) == f"{tmp_path}/{problem}"
    assert read(tmp_path, f"{content}{good}", on_error="skip") == (["hi/O"], [f"left out 1 sentence: {problem}"])
    sentences, notes = read(tmp_path, f"{content}{good}", on_error="fix")
    assert sentences == [mended, "hi/O"]
    assert notes[0] == f"mended: {what}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Fly\nto\nOslo\n", 'expected a token and a tag in each line, separated by a tab or a space; got only "Fly"'),
        ("Fly VB\nto TO\n", 'no column of tags: the last one has "VB", "TO"; expected O, B-city, I-city'),
        (
            "1\tFly\tfly\tV\t_\t_\t0\troot\t_\t_\n",
            "this is CoNLL-U without tags of slots: write them into its last column as NER=B-city, or into a column",
        ),
        (
            "bc 0 0 In IN (PP* -\nbc 0 1 Oslo NN *) -\n",
            'no column of tags: the last one has "-"; expected O, B-city, I-city; '
            "brackets as in CoNLL-2012 are not read",
        ),
        ("1 2 0\n1 0 0\n", "all columns are numbers: expected words, and tags with the names of slots"),
        (
            "1\tO\n2\tO\n3\tB-a\n\n1\tO\n2\tO\n3\tO\n\n",
            "the first column counts the tokens, and there is no column of words beside the tags",
        ),
    ],
)
def test_one_message_for_a_file_without_words_or_tags(tmp_path: Path, content: str, message: str) -> None:
    problems: list[DataError] = []
    (tmp_path / "my.conll").write_text(content * 100, encoding="utf-8")
    load(tmp_path / "my.conll", report=problems.append)
    assert [problem.problem for problem in problems] == [message, "no usable sentence"]


@pytest.mark.parametrize(
    ("content", "sentences", "notes"),
    [
        ("fly to Oslo\tO O B-city\nhi\tO\n", ["fly/O to/O Oslo/B-city", "hi/O"], []),
        ("fly to Oslo\tO O B-city\tflight\n", ["fly/O to/O Oslo/B-city <flight>"], []),
        (
            "BOS fly to oslo EOS\tO O O B-city atis_flight\n",
            ["fly/O to/O oslo/B-city <flight>"],
            ["BOS and EOS are no words, and are left out"],
        ),
        ("fly to Oslo\tO O B-city flight\n", ["fly/O to/O Oslo/B-city <flight>"], []),
        ("fly|O to|O Oslo|B-city\nhi|O\n", ["fly/O to/O Oslo/B-city", "hi/O"], []),
        ("fly/VB/O to/TO/O Oslo/NNP/B-city\tflight\n", ["fly/O to/O Oslo/B-city <flight>"], []),
        (
            "BOS:O fly:O Oslo:B-city EOS:O <=> atis_flight\n",
            ["fly/O Oslo/B-city <flight>"],
            ["BOS and EOS are no words, and are left out"],
        ),
    ],
)
def test_a_sentence_a_line(tmp_path: Path, content: str, sentences: list[str], notes: list[str]) -> None:
    assert read(tmp_path, content, name="my.iob") == (sentences, notes)


@pytest.mark.parametrize(
    ("content", "sentences", "note"),
    [
        (
            'Sentence #,Word,POS,Tag\nSentence: 1,Fly,VB,O\n,to,TO,O\n,Oslo,NNP,B-city\nSentence: 2,",",",",O\n',
            [FLY, ",/O"],
            "a table with sentence numbers in `Sentence #`, words in `Word`, tags in `Tag`; not read: POS",
        ),
        (
            'sentence_id\tword\ttag\n1\tsay\tO\n1\t"\tO\n2\thi\tO\n',
            ['say/O "/O', "hi/O"],
            "a table with sentence numbers in `sentence_id`, words in `word`, tags in `tag`",
        ),
        ("word,tag\nFly,O\n,\nhi,O\n", ["Fly/O", "hi/O"], "a table with words in `word`, tags in `tag`"),
        (
            'text,slots,intent\n"Fly to Oslo","O O B-city",flight\nhi,O,\n',
            [f"{FLY} <flight>", "hi/O"],
            "a table with text in `text`, tags in `slots`, intent in `intent`",
        ),
        (
            "Sentence #,Sentence,POS,Tag\nSentence: 1,Fly to Oslo,\"['VB', 'TO', 'NN']\",\"['O', 'O', 'B-city']\"\n",
            [FLY],
            "a table with sentence numbers in `Sentence #`, text in `Sentence`, tags in `Tag`; not read: POS",
        ),
        (
            "tokens,ner_tags\n\"['Fly' 'to' 'Oslo']\",\"['O' 'O' 'B-city']\"\n",
            [FLY],
            "a table with words in `tokens`, tags in `ner_tags`",
        ),
        (
            "sentence;label\nfly to Oslo;flight\n",
            ["fly/O to/O Oslo/O <flight>"],
            "a table with text in `sentence`, intent in `label`; no column of tags, so that no sentence has a slot",
        ),
    ],
)
def test_tables_with_a_header(tmp_path: Path, content: str, sentences: list[str], note: str) -> None:
    assert read(tmp_path, content, name="my.csv") == (sentences, [note])
    assert read(tmp_path, content, name="my.txt") == (sentences, [note])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("tokens,ner_tags\n\"['Fly']\",[5]\n", 'my.csv:2: the tags are numbers, "[5]": replace them by their names'),
        ("text,tags\nfly to Oslo\n", "my.csv:2: expected 2 columns, as in the header line; got 1"),
        ("text,tags\nfly to Oslo,O\n", 'my.csv:2: expected a tag for each token; got 1 for 3: "O" for "fly to Oslo"'),
    ],
)
def test_faulty_tables(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, content, name="my.csv")
    assert str(caught.value) == f"{tmp_path}/{message}"


@pytest.mark.parametrize("name", ["my.csv", "my.tsv", "my.dat"])
def test_columns_can_be_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("id;asked for;NER;label\n7;fly to Oslo;O O B-city;go\n", encoding="utf-8")
    columns = {"text": "asked for", "tags": "NER", "intent": "label"}
    (example,) = read_data(path, columns=columns, on_note=lambda _: None).splits["all"]
    assert (example.text, example.tags, example.intent) == ("fly to Oslo", ("O", "O", "B-city"), "go")
    with pytest.raises(InputError, match='no column "NERC", only id, asked for, NER, label'):
        read_data(path, columns={"text": "asked for", "tags": "NERC"})
    with pytest.raises(InputError, match='"txt" is not text, tokens'):
        read_data(path, columns={"txt": "asked for"})
    for source in (tmp_path, "hub:some/thing"):
        with pytest.raises(InputError, match="columns are named for one CSV or TSV file"):
            read_data(source, columns=columns)


def test_cells_may_have_spans(tmp_path: Path) -> None:
    rows = [
        "text,label,intent",
        'to Oslo,"[{""start"": 3, ""end"": 7, ""label"": ""city""}]",go',
        "to Rome,\"[(3, 7, 'city')]\",",
        'to Bern,"[{""start"": 3, ""end"": 7, ""text"": ""Bern"", ""labels"": [""city""]}]",go',
        'to Lima,"{""entities"": [[3, 7, ""city""]]}",go',
        "hi,[],",
        "ho,,greet",
    ]
    towns = [f"to/O {town}/B-city" for town in ("Oslo <go>", "Rome", "Bern <go>", "Lima <go>")]
    towns = [one.replace(" <go>/B-city", "/B-city <go>") for one in towns]
    content = "\n".join(rows) + "\n"
    assert read(tmp_path, content, name="my.csv")[0] == [*towns, "hi/O", "ho/O <greet>"]
    with pytest.raises(DataError, match=r'my\.csv:8: expected spans as in .* in `label`; got "O B-city"'):
        read(tmp_path, content + "to Oslo,O B-city,\n", name="my.csv")
    with pytest.raises(DataError, match=r"my\.csv:8: spans\[0\] is 3 to 9: expected"):
        read(tmp_path, content + 'to Oslo,"[[3, 9, ""city""]]",\n', name="my.csv")


def test_a_table_of_other_columns_is_no_data(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r'my.csv:1: expected a header line with .*; got "a,b": rename the columns, or name them: '
    ):
        read(tmp_path, "a,b\n1,2\n", name="my.csv")
    with pytest.raises(InputError, match=r'unknown format: expected .*; its first line is "a,b"$'):
        read(tmp_path, "a,b\n1,2\n", name="my.data")


def test_splits_that_look_different_may_stand_in_one_folder_if_their_suffix_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("Fly O\nto O\nOslo B-city\n", encoding="utf-8")
    (tmp_path / "test.txt").write_text("fly|O to|O Oslo|B-city\n", encoding="utf-8")
    assert list(load(tmp_path).splits) == ["train", "test"]


def test_latin_1_is_named_and_read_if_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "my.conll"
    path.write_bytes("Fly O\nGröße B-city\n".encode("latin-1"))
    with pytest.raises(DataError, match=r'my.conll:2: not UTF-8: .*, in Latin-1 "ö"; convert the file, by `iconv'):
        shown(path)
    sentences, notes = shown(path, on_error="fix")
    assert sentences == ["Fly/O Größe/B-city"]
    assert notes == ["mended: what is not UTF-8 read as Latin-1 (Windows-1252): 1 time, first in my.conll:2"]


@pytest.mark.parametrize("coding", ["gb18030", "cp1251"])
def test_other_encodings_are_not_taken_for_latin_1(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "my.conll"
    path.write_bytes(("Осло B-city\n" if coding == "cp1251" else "奥 B-city\n").encode(coding))
    with pytest.raises(DataError, match="find out its encoding, and save the file as UTF-8"):
        shown(path, on_error="fix")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_and_read_if_asked_for(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "my.conll"
    path.write_bytes("Fly O\r\nZürich B-city\r\n".encode(coding))
    with pytest.raises(DataError, match="this is UTF-16, not UTF-8: convert the file, by `iconv -f UTF-16"):
        shown(path)
    assert shown(path, on_error="fix") == (
        ["Fly/O Zürich/B-city"],
        ["mended: a file in UTF-16 read as such: 1 time, first in my.conll"],
    )


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (["eng.train", "eng.testa", "eng.testb"], ["train", "dev", "test"]),
        (["train.txt", "valid.txt", "test.txt"], ["train", "dev", "test"]),
        (["train.char.bmes", "dev.char.bmes"], ["train", "dev"]),
        (["atis.train.w-intent.iob", "atis.test.w-intent.iob"], ["train", "test"]),
        (["en_ewt-ud-train.iob2", "en_ewt-ud-dev.iob2"], ["train", "dev"]),
        (["engtrain.bio", "engtest.bio"], ["train", "test"]),
        (["en.valid.conll", "en.test.conll"], ["dev", "test"]),
        (["train.conll", "old-train.conll", "train.py"], ["train"]),
    ],
)
def test_usual_names_of_files(tmp_path: Path, names: list[str], splits: list[str]) -> None:
    for name in names:
        (tmp_path / name).write_text("Fly O\nto O\nOslo B-city\n", encoding="utf-8")
    assert list(load(tmp_path).splits) == splits
    if names[0].count(".") > 1 or names[0].startswith("eng."):
        assert list(load(tmp_path / names[0]).splits) == splits[:1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("test.iob.gz", "Fly O\nto O\nOslo B-city\n"),
        ("test.markup.gz", "Fly to [Oslo](city)\n"),
        ("test.jsonl.gz", '{"text": "Fly to Oslo", "spans": [{"start": 7, "end": 11, "label": "city"}]}\n'),
        ("test.csv.gz", "text,tags\nFly to Oslo,O O B-city\n"),
    ],
)
def test_gzipped_files(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    assert shown(tmp_path / name)[0] == [FLY]
    assert list(load(tmp_path).splits) == ["test"]
    (tmp_path / name).write_bytes(gzip.compress(content.encode())[:-9])
    with pytest.raises(InputError, match="cannot be read: "):
        load(tmp_path / name)


def test_from_python_notes_are_warnings_or_go_to_a_function(tmp_path: Path) -> None:
    path = tmp_path / "my.conll"
    path.write_text("hi\tO\n\nNew York\tB-city\n\nyo\tO\n", encoding="utf-8")
    notes: list[str] = []
    (examples,) = read_data(path, on_error="skip", on_note=notes.append).splits.values()
    assert len(examples) == 2
    assert notes == [f'left out 1 sentence: {path}:3: token 1, "New York", has white space in it']
    with pytest.warns(DataWarning, match="mended"):
        read_data(path, on_error="fix")
    with pytest.raises(InputError, match="on_error is 'ignore': expected stop, skip, fix"):
        read_data(path, on_error="ignore")


def test_a_file_with_nothing_but_faults_is_an_error_even_where_faults_are_skipped(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'my.conll:1: token 1, "New York", has white space'):
        read(tmp_path, "New York\tB-city\n", on_error="skip")


def test_a_first_line_that_is_no_token_may_name_columns(tmp_path: Path) -> None:
    content = "Foo\tBar\n" + "to\tO\nRome\tB-city\n" * 10
    with pytest.raises(DataError, match=r'my.conll:1: tag 1 is "Bar": .*; if the first line names the columns, name'):
        read(tmp_path, content)


def test_tabs_in_plain_text_are_noted(tmp_path: Path) -> None:
    sentences, (note,) = read(tmp_path, "fly to Oslo\tflight\nhi\tgreet\n", name="my.txt")
    assert sentences == ["fly/O to/O Oslo/O flight/O", "hi/O greet/O"]
    assert note == "in plain text, what follows a tab is read as words; sentence, tab, intent are .markup"
