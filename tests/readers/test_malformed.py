"""Every way that a file can break its format, with the whole message that a user gets."""

from pathlib import Path

import pytest

from slotfill.errors import DataError, InputError
from slotfill.readers import load, parse_markup, read_data, save
from slotfill.readers.values import PARTS
from slotfill.schema import Dataset, Example, Token

LONGEST = "--on-error fix keeps the longest"


def problems_of(path: Path, *, base: Path) -> list[str]:
    """All that is reported of a data set, with paths from `base`."""
    problems: list[DataError] = []
    load(path, report=problems.append)
    assert problems
    with pytest.raises(DataError) as caught:
        load(path)
    assert str(caught.value) == str(problems[0])
    found = [str(problem).replace(f"{base}/", "") for problem in problems]
    return [problem for problem in found if not problem.endswith(": no usable sentence")]


def spans(*triples: tuple[object, object, object], text: str = "to Rome", more: str = "") -> str:
    """A JSON line with these spans."""
    listed = ", ".join(f'{{"start": {start}, "end": {end}, "label": {label}}}' for start, end, label in triples)
    return f'{{"text": "{text}", "spans": [{listed}]{more}}}'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "to Rome", x}', "not JSON: Expecting property name enclosed in double quotes at column 21"),
        ("[" * 100_000, "not JSON: nested too deeply"),
        (f'{{"text": {"9" * 5000}}}', "not JSON that can be read: a number has thousands of digits"),
        ("[]", "expected an object in braces, got []"),
        ('{"spans": []}', 'the object has no "text", only ["spans"]'),
        ('{"text": 5, "spans": []}', '"text" of the object must be a string, got 5'),
        ('{"text": "to Rome", "x": []}', 'the object has no "spans", only ["text", "x"]'),
        ('{"text": "to Rome", "spans": {}}', '"spans" of the object must be a list, got {}'),
        ('{"text": " ", "spans": []}', "the sentence has no token"),
        (r'{"text": "to \ud800", "spans": []}', "half a surrogate pair at character 3 of the text"),
        (spans(more=', "tokens": ["to"]'), 'the tokens end before the text does: no token has "Rome"'),
        (spans(more=', "tokens": ["to", "Paris"]'), 'token 2 is "Paris", but the text continues with "Rome"'),
        (spans(more=', "tokens": ["Rome"]'), 'token 1 is "Rome", but the text continues with "to Rome"'),
        (spans(more=', "tokens": ["to Rome"]'), 'token 1, "to Rome", has white space in it'),
        (spans(more=', "tokens": ["to", ""]'), 'token 2, "", has nothing visible in it'),
        (spans(more=r', "tokens": ["to", "\u200b"]'), r"token 2, '\u200b', has nothing visible in it"),
        (spans(more=', "tokens": ["to", 5]'), 'tokens must be strings, got ["to", 5]'),
        (spans(more=', "tokens": "to Rome"'), '"tokens" of the object must be a list, got "to Rome"'),
        ('{"text": "to", "spans": [5]}', "spans[0] must be an object with start, end and label, got 5"),
        ('{"text": "to", "spans": [{"start": 0, "end": 2}]}', 'spans[0] has no "label", only ["start", "end"]'),
        (spans((3, "true", '"a"')), '"end" of spans[0] must be a whole number, got true'),
        (spans((3.0, 7, '"a"')), '"start" of spans[0] must be a whole number, got 3.0'),
        (spans((3, 7, "null")), '"label" of spans[0] must be a string, got null'),
        (spans((3, 7, '"a b"')), 'spans[0]: "a b" cannot name a slot: expected visible characters without a space'),
        (spans((3, 7, '""')), 'spans[0]: "" cannot name a slot: expected visible characters without a space'),
        (spans((3, 6, '"a"')), 'spans[0] "Rom" ends at character 6, inside the token "Rome" (3 to 7)'),
        (spans((4, 7, '"a"')), 'spans[0] "ome" starts at character 4, inside the token "Rome" (3 to 7)'),
        (spans((2, 7, '"a"')), 'spans[0] " Rome" begins with a blank, which --on-error fix cuts off'),
        (spans((0, 3, '"a"')), 'spans[0] "to " ends with a blank, which --on-error fix cuts off'),
        (spans((3, 8, '"a"')), "spans[0] is 3 to 8: expected 0 <= start < end <= 7, the text's length"),
        (spans((-4, 7, '"a"')), "spans[0] is -4 to 7: expected 0 <= start < end <= 7, the text's length"),
        (spans((3, 3, '"a"')), "spans[0] is 3 to 3: expected 0 <= start < end <= 7, the text's length"),
        (
            spans((3, 7, '"a"'), (0, 7, '"b"')),
            f"spans[0] (3 to 7) overlaps spans[1] (0 to 7); {LONGEST}",
        ),
        (
            spans((3, 7, '"a"'), (3, 7, '"a"')),
            f"spans[1] (3 to 7) overlaps spans[0] (3 to 7); {LONGEST}",
        ),
        (spans(more=', "intent": 5'), '"intent" of the object must be a string, got 5'),
        (
            spans(more=', "intent": ""'),
            '"" cannot name an intent: expected visible characters, no space at either end',
        ),
    ],
)
def test_jsonl(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "train.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    assert problems_of(path, base=tmp_path) == [f"train.jsonl:2: {message}"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("to [Rome", "column 4: the slot is not closed: expected ](name)"),
        ("to [Rome]", "column 9: expected the slot's name after ], as in [Taipei](toloc.city_name)"),
        ("to [Rome] (a)", "column 9: expected the slot's name after ], as in [Taipei](toloc.city_name)"),
        ("to [Rome](a", "column 9: expected the slot's name after ], as in [Taipei](toloc.city_name)"),
        ("to Rome]", r"column 8: ] closes nothing; write \] for a bracket"),
        ("to Rome](a)", r"column 8: ] closes nothing; write \] for a bracket"),
        ("to [a [b](c)](d)", r"column 7: a slot cannot begin within a slot; write \[ for a bracket"),
        ("to [](a)", "column 4: the slot is empty"),
        (
            "to [Rome]()",
            'column 4: the slot: "" cannot name a slot: expected visible characters without a space',
        ),
        ("to [Ro](a)me", 'column 4: the slot "Ro" ends at character 5, inside the token "Rome" (3 to 7)'),
        ("to [ Rome](a)", 'column 4: the slot " Rome" begins with a blank, which --on-error fix cuts off'),
        (r"to \Rome", r"column 4: \R means nothing; write \\ for a backslash"),
        ("to Rome\\", "column 8: \\ means nothing; write \\\\ for a backslash"),
        (r"to [Rome](a\b)", r"column 9: \b means nothing; write \\ for a backslash"),
        ("to Rome\t", '"" cannot name an intent: expected visible characters, no space at either end'),
        (
            "to\ta\tb\tc",
            "got 4 columns: expected the sentence, its intent and its values; write \\t for a tab",
        ),
        ("to\ta\tb", "the values: expected a date and time such as 2026-11-20T09:00, got 'b'"),
        ("to\t\t", "the values: expected a date and time such as 2026-11-20T09:00, got ''"),
        (
            "to\t\t2026-11-18T09:00; Boston",
            'the values: expected a part and its value, as in departure.place = Boston; got "Boston"',
        ),
        (
            "to\t\t2026-11-18T09:00; stop.place = x",
            f'the values: "stop.place" is no part of a frame: expected {", ".join(PARTS)}, '
            "or other.NAME for a slot of one's own",
        ),
        (
            "to\t\t2026-11-18; open.place = a; arrival.date=null; arrival.date=null",
            "the values: arrival.date is there twice",
        ),
        (
            "to\t\t2026-11-18; departure.place =",
            'the values: departure.place is "": expected the name of a place, without a semicolon, or null',
        ),
        *(
            (
                f"to\t\t2026-11-18; return.date = {value}",
                f'the values: return.date is "{value}": expected 2026-12-01 or 2026-12-01/2026-12-31, or null',
            )
            for value in ("2026-02-30", "tomorrow", "2026-12-05/2026-12-04", "20261205")
        ),
        *(
            (
                f"to\t\t2026-11-18; return.time = {value}",
                f'the values: return.time is "{value}": expected 14:00 or 14:00/17:00, or null',
            )
            for value in ("24:00", "9:00", "14:00-17:00")
        ),
        ("\u200b", "the sentence has no token"),
    ],
)
def test_markup(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "train.markup"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    assert problems_of(path, base=tmp_path) == [f"train.markup:2: {message}"]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("to O\nRome", 2, 'expected a token and a tag, separated by a tab or a space; got "Rome"'),
        ("to O\nRome city\nby O\nBonn B-a", 2, 'tag 2 is "city": expected O, or B- or I- and the name of a slot'),
        ("to TO\nRome NNP", 1, 'no column of tags: the last one has "TO", "NNP"; expected O, B-city, I-city'),
        ("a O\nb O\nNew York B-c", 3, 'got 3 columns: expected 2, as in most lines; "New York B-c"'),
        ("to O\nRome X-a", 2, 'tag 2 is "X-a": expected O, or B- or I- and the name of a slot'),
        ("to O\nRome B-", 2, 'tag 2 is "B-": expected O, or B- or I- and the name of a slot'),
        ("to\t\nRome\tO", 1, 'tag 1 is "": expected O, or B- or I- and the name of a slot'),
        ("x B-b\n\n# a\nto O\nRome I-a", 5, "tag 2 is I-a after O: in IOB2 a span begins with B-a"),
        ("x S-a\n\nto B-a\nRome E-b", 4, "tag 2 is E-b after B-a: not allowed in IOBES"),
        ("x U-a\n\nto O\nRome B-a", 4, "tag 2 is B-a at the end: BILOU closes a span with L- or U-"),
        (
            "a S-a\n\nto B-a\nRome L-a",
            4,
            "tag 2 is L-a in a file with S-a, B-a: no scheme has them all (IOB2, IOB1, IOBES, BILOU, BMES, BMEWO)",
        ),
        ("to\tO\nNew York\tO", 2, 'token 2, "New York", has white space in it'),
        ("# text = to Paris\nto O\nRome O", 2, 'token 2 is "Rome", but the text continues with "Paris"'),
        ("# text_json = to\nto O", 1, 'expected a JSON string after # text_json =, got "to"'),
        ("# text_json = 5\nto O", 1, 'expected a JSON string after # text_json =, got "5"'),
        ("# intent: a\n\nto O", 1, "comments on a sentence that does not follow"),
        ("# intent: \nto O", 2, '"" cannot name an intent: expected visible characters, no space at either end'),
    ],
)
def test_conll(tmp_path: Path, content: str, place: int, message: str) -> None:
    path = tmp_path / "train.conll"
    path.write_text(f"{content}\n", encoding="utf-8")
    assert problems_of(path, base=tmp_path) == [f"train.conll:{place}: {message}"]


@pytest.mark.parametrize(
    ("words", "tags", "intents", "problems"),
    [
        (["to"], None, None, ["seq.out: no such file: expected seq.in and seq.out side by side"]),
        (None, ["O"], None, ["seq.in: no such file: expected seq.in and seq.out side by side"]),
        (["a", "b"], ["O"], None, ["seq.out: expected 2 lines, as many as seq.in has; got 1"]),
        (["a"], ["O"], ["x", "y"], ["label: expected 1 lines, as many as seq.in has; got 2"]),
        (
            ["to Rome now", "a"],
            ["O B-a", "O O"],
            None,
            [
                'seq.out:1: expected a tag for each token; got 2 for 3: "O B-a" for "to Rome now"',
                'seq.out:2: expected a tag for each token; got 2 for 1: "O O" for "a"',
            ],
        ),
        (
            ["a", " ", "b"],
            ["O", "O", ""],
            None,
            [
                "seq.in:2: empty line: expected a line for each sentence",
                "seq.out:3: empty line: expected a line for each sentence",
            ],
        ),
        (["a"], ["O"], [""], ["label:1: empty line: expected a line for each sentence"]),
        (["a", "b"], ["B-x", "I-x"], None, ["seq.out:2: tag 1 is I-x after O: in IOB2 a span begins with B-x"]),
        (["a \u200b"], ["O O"], None, [r"seq.out:1: token 2, '\u200b', has nothing visible in it"]),
    ],
)
def test_parallel_files(
    tmp_path: Path, words: list[str] | None, tags: list[str] | None, intents: list[str] | None, problems: list[str]
) -> None:
    (tmp_path / "train").mkdir()
    for name, lines in (("seq.in", words), ("seq.out", tags), ("label", intents)):
        if lines is not None:
            (tmp_path / "train" / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert problems_of(tmp_path, base=tmp_path) == [f"train/{problem}" for problem in problems]


@pytest.mark.parametrize("name", ["train.jsonl", "train.markup", "train.conll"])
def test_what_is_not_utf8(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\n\xef\xbb\xbfto Z\xfcrich\n")
    assert problems_of(path, base=tmp_path)[0] == (
        f'{name}:2: not UTF-8: byte 8 of the line is 0xfc, in Latin-1 "ü"; '
        "convert the file, by `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW` or --on-error fix"
    )


def test_parallel_files_that_are_not_utf8_keep_their_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "seq.in").write_bytes(b"to Z\xfcrich\nto Rome\n")
    (tmp_path / "seq.out").write_bytes(b"O B-a\nO B-b\n")
    problems: list[DataError] = []
    splits = load(tmp_path, report=problems.append).splits
    assert [str(problem) for problem in problems] == [
        f'{tmp_path / "seq.in"}:1: not UTF-8: byte 5 of the line is 0xfc, in Latin-1 "ü"; '
        "convert the file, by `iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW` or --on-error fix"
    ]
    assert [example.tags for examples in splits.values() for example in examples] == [("O", "B-b")]


def test_a_sentence_of_columns_with_a_broken_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "train.conll").write_bytes(b"a O\n\nto O\nZ\xfcrich O\nnow O\n\nb O\n")
    problems: list[DataError] = []
    splits = load(tmp_path, report=problems.append).splits
    assert [(problem.path.name, problem.line) for problem in problems] == [("train.conll", 4)]
    assert [example.text for example in splits["train"]] == ["a", "b"]


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").symlink_to(tmp_path / "gone.jsonl")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert str(caught.value) == f"{tmp_path / 'train.jsonl'}: cannot be read: No such file or directory"


def test_half_a_surrogate_pair_is_told_of_wherever_it_comes_from(tmp_path: Path) -> None:
    """JSON and Python know such strings, and no file can hold them."""
    with pytest.raises(InputError, match="half a surrogate pair at character 3"):
        parse_markup("to \ud800 [Rome](city)")
    whole = parse_markup("to [Rome](city)\tflight")
    text, token = "\ud800", Token("\ud800", 0, 1)
    for broken in (
        Example(text, (token,), ("O",)),
        whole._replace(tags=("O", "B-\ud800")),
        whole._replace(intent="\ud800"),
    ):
        with pytest.raises(InputError, match="half a surrogate pair at character"):
            read_data([broken])
        for suffix in ("jsonl", "conll", "markup", "csv", "yml", "json"):
            with pytest.raises(InputError):  # what comes first of what is wrong with it
                save(Dataset("mine", {"all": (broken,)}), tmp_path / f"a.{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "conll", "md", "yml"])
@pytest.mark.parametrize("content", [f"[{'9' * 5000}", f'[{{"text": {"9" * 5000}}}]', f'{{"a": {"9" * 5000}}}\n{{}}'])
def test_a_number_of_thousands_of_digits(tmp_path: Path, suffix: str, content: str) -> None:
    """Python refuses to read one, and not as it refuses what is no JSON. Found by test_fuzz.py."""
    path = tmp_path / f"a.{suffix}"
    path.write_text(content)
    with pytest.raises((DataError, InputError)):
        load(path)
