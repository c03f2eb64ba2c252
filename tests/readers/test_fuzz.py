"""Any bytes in a file of any format, and any recipe: a result, or an error for people. Never a traceback, never a hang.

`FUZZ=50000 pytest tests/readers/test_fuzz.py` tries more, here and in every other test of random inputs.
"""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotfill.config import from_assignments, from_toml, setting_names
from slotfill.errors import ConfigError, SlotfillError
from slotfill.readers import load

# A small file of each format, to be damaged.
SEEDS = {
    "a.jsonl": b'{"text": "to Rome", "spans": [{"start": 3, "end": 7, "label": "city"}], "intent": "fly"}\n',
    "b.jsonl": b'{"text": "to Rome", "tokens": ["to", "Rome"], "tags": ["O", "B-city"]}\n',
    "a.markup": b"to [Rome](city)\tfly\nto [Aix](city)\n",
    "a.conll": b"# intent = fly\nto\tO\nRome\tB-city\n\nAix\tB-city\n",
    "a.csv": b"text,tokens,tags,intent\nto Rome,to Rome,O B-city,fly\n",
    "a.tsv": b"tokens\ttags\nto Rome\tO B-city\n",
    "a.txt": b"BOS to Rome EOS\tO O B-city fly\n",
    "a.yml": b'version: "3.1"\nnlu:\n- intent: fly\n  examples: |\n    - to [Rome](city)\n',
    "b.yml": b"type: intent\nname: fly\nutterances:\n  - to [c:city](Rome)\n",
    "a.json": b'[["to Rome", {"entities": [[3, 7, "city"]]}]]',
    "b.json": b'{"rasa_nlu_data": {"common_examples": [{"text": "to Rome", "intent": "fly", "entities": '
    b'[{"start": 3, "end": 7, "value": "Rome", "entity": "city"}]}]}}',
    "c.json": b'{"utterances": [{"text": "to Rome", "intent": "fly", "entities": [{"entity": "c", "startPos": 3, '
    b'"endPos": 6}]}]}',
    "d.json": b'[{"data": {"text": "to Rome"}, "annotations": [{"result": [{"value": {"start": 3, "end": 7, "labels": '
    b'["city"]}}]}]}]',
    "e.json": b'[{"tokenized_text": ["to", "Rome"], "ner": [[1, 1, "city"]]}]',
    "a.md": b"## intent:fly\n- to [Rome](city)\n",
    "a.spacy": bytes(range(40)),
    "a.parquet": b"PAR1" + bytes(20) + b"PAR1",
    "a.iob": b"-DOCSTART- -X- O O\n\nto O\nRome B-city\n",
}
BINARY = ("a.spacy", "a.parquet")
# What breaks parsers: numbers out of range, nesting, marks of other formats, odd line ends, half of characters.
PIECES = [
    *(b"", b"\n", b"\r", b"\0", b"\t", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", "\u2028İ".encode(), b"\\ud800"),
    *(b"-1", b"1e999", b"NaN", b"9" * 5000, b"true", b"null", b"[]", b"{}", b"[" * 2000, b'{"a":' * 2000, b"'", b'"'),
    *(b"[", b"]", b"(", b")", b"](", b"B-", b"I-city", b": ", b"- ", b"|", b"&a ", b"*a", b"<<: ", b"!!python/name:os"),
]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file with pieces cut out, put in and doubled, under its name or another one."""
    name = draw(st.sampled_from(sorted(SEEDS)))
    content = SEEDS[draw(st.sampled_from(sorted(SEEDS)))] if draw(st.booleans()) else SEEDS[name]
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content)))))
        end = end if draw(st.booleans()) else min(end, start + 2)
        content = content[:start] + draw(st.sampled_from(PIECES) | st.binary(max_size=6)) + content[end:]
    return name, content


@given(damaged())
def test_readers(file: tuple[str, bytes]) -> None:
    name, content = file
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        for report in (None, print):
            with suppress(SlotfillError):
                load(path, report=report)


SETTINGS = st.sampled_from(setting_names()) | st.text(max_size=12)
HARD = ["[" * 500, "{a=" * 300, "9" * 5000, "1e999", "nan", "-0", '"', "'" * 3, "1979-05-27", "\0", "=", "1\nx=2"]


@given(SETTINGS, st.sampled_from(HARD) | st.text())
def test_settings(name: str, value: str) -> None:
    with suppress(ConfigError):
        from_assignments([f"{name}={value}"])


LINES = [
    *(
        "[model]",
        "[training]",
        "[[data]]",
        "[slots.city]",
        "[gazetteers]",
        'source = "travel"',
        "hidden = 4",
        "a.b = {",
    ),
    *('kind = "list"', "values = [1]", "values = {a = [1]}", "epochs = nan", "share = -1", "[" * 999, "x = 1\nx = 2"),
    *('kind = "number"', "slots = 1", "model = []", "data = [1]", "gazetteers = {a = 1}", 'cities = "none.txt"', "}"),
]


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=9), max_size=6).map("\n".join) | st.binary(max_size=40))
def test_recipes(content: str | bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "recipe.toml")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with suppress(SlotfillError):
            from_toml(path)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_seeds_are_read(name: str, tmp_path: Path) -> None:
    """Else nothing but the refusal of nonsense would be tried."""
    (tmp_path / name).write_bytes(SEEDS[name])
    if name not in BINARY:
        assert load(tmp_path / name).splits
