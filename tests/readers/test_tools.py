"""The exports of annotation tools: what is recognised, what is read, and what is said of the rest."""

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from slotfill.errors import DataError, InputError, MissingExtraError
from slotfill.markup import render
from slotfill.readers import WRITTEN, load, losses, save
from slotfill.readers.alignment import align
from slotfill.readers.formats import format_of
from slotfill.readers.reports import Report
from slotfill.readers.synonyms import synonyms_of
from slotfill.schema import Dataset, Example, GoldValues
from slotfill.tags import char_span, spans_of
from slotfill.tokenizer import tokenize


def marked(example: Example) -> str:
    """A sentence in markup, with its intent."""
    spans = [(*char_span(example.tokens, start, end), name) for start, end, name in spans_of(example.tags)]
    return render(example.text, spans, intent=example.intent)


def read(path: Path, *, on_error: str = "stop") -> tuple[list[str], list[str]]:
    """The sentences of a file in markup, and what is said."""
    report = Report(on_error)
    (examples,) = load(path, report=report).splits.values()
    return [marked(example) for example in examples], report.said()


def problems_of(path: Path) -> list[str]:
    """What is reported of a file."""
    problems: list[DataError] = []
    load(path, report=problems.append)
    return [str(problem).removeprefix(f"{path.parent}/") for problem in problems]


def write(folder: Path, content: Any, *, name: str = "my.data") -> Path:
    """A file with a text, JSON, or lines of JSON (a tuple)."""
    if isinstance(content, tuple):
        content = "".join(json.dumps(line) + "\n" for line in content)
    elif not isinstance(content, str):
        content = json.dumps(content, indent=1)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


RASA_YAML = """\
version: "3.1"
nlu:
- intent: book_train
  examples: |
    - a train to [Graz](city)
    - from [Linz]{"entity": "city", "role": "from"} to [Graz]{"entity": "city", "role": "to", "group": "1"}
    - to [the capital]{"entity": "city", "value": "Vienna"} and [NYC](city:New York)
- intent: faq/ask_price
  examples:
  - how much is it
  - text: |
      what does it cost
    metadata: x
- synonym: Vienna
  examples: |
    - the capital
- lookup: airline
  examples: |
    - Austrian
- regex: code
  examples: |
    - [A-Z]{3}
"""
RASA_YAML_SENTENCES = [
    "a train to [Graz](city)\tbook_train",
    "from [Linz](from.city) to [Graz](to.city)\tbook_train",
    "to [the capital](city) and [NYC](city)\tbook_train",
    "how much is it\tfaq/ask_price",
    "what does it cost\tfaq/ask_price",
]
RASA_YAML_NOTES = [
    "Rasa's synonyms (1): not used for labels, but they can be values of slots",
    "Rasa's lookup tables (1): not used for labels, but they can be values of slots",
    "Rasa's regexes (1) are not read: slotfill has no patterns",
    "groups of entities are not kept: 1 time",
    "entities with a value that is not their text: not used for labels, but they can be values of slots: 2 times",
]
RASA_MARKDOWN = """\
<!-- made by hand
## intent:nothing -->
## intent:book_table
- a table at [noon](time) for [two](guests:2)
* [Thai](cuisine) please

## intent: goodbye
- see you
## synonym:2
- two
## lookup:cuisine
data/cuisines.txt
## regex:zip
- [0-9]{4}
"""
LUIS = {
    "luis_schema_version": "7.0.0",
    "utterances": [
        {
            "text": "to graz and linz",
            "intent": "None",
            "entities": [
                {
                    "entity": "city",
                    "startPos": 3,
                    "endPos": 6,
                    "children": [{"entity": "x", "startPos": 3, "endPos": 3}],
                },
                {"entity": "city", "role": "via", "startPos": 12, "endPos": 15},
            ],
        },
        {"text": "hello", "intent": "greet", "entities": []},
    ],
}
CLU = {
    "projectFileVersion": "2022-10-01-preview",
    "assets": {
        "projectKind": "Conversation",
        "utterances": [
            {"text": "to graz", "intent": "go", "entities": [{"category": "city", "offset": 3, "length": 4}]}
        ],
    },
}
LABEL_STUDIO = [
    {
        "id": 1,
        "data": {"text": "to Graz 😀 or Linz"},
        "annotations": [
            {"result": [], "was_cancelled": True},
            {
                "result": [
                    {"type": "labels", "value": {"start": 3, "end": 7, "text": "Graz", "labels": ["Big city"]}},
                    {"type": "labels", "value": {"start": 14, "end": 18, "text": "Linz", "labels": ["City"]}},
                    {"type": "choices", "value": {"choices": ["go"]}},
                    {"type": "relation", "from_id": "a", "to_id": "b"},
                ]
            },
            {"result": []},
        ],
    },
    {"id": 2, "data": {"text": "nobody looked at this"}, "annotations": []},
]
SNIPS_BENCHMARK = {
    "GetWeather": [
        {"data": [{"text": "rain in "}, {"text": "Graz", "entity": "city"}, {"text": "?"}]},
        {"data": [{"text": "is it warm"}]},
    ]
}
WIT = {
    "utterances": [
        {
            "text": "to graz and linz",
            "intent": "go",
            "entities": [
                {"entity": "city:city", "start": 3, "end": 7, "body": "graz", "entities": []},
                {"entity": "wit$location:via", "start": 12, "end": 16, "body": "linz", "entities": []},
            ],
            "traits": [{"entity": "wit$sentiment", "value": "positive"}],
        }
    ]
}
WIT_OLD = {
    "data": [
        {
            "text": "to graz",
            "entities": [
                {"entity": "intent", "value": '"go"'},
                {"entity": "city", "value": '"graz"', "start": 3, "end": 7},
            ],
        }
    ]
}
SPACY_DOCUMENTS = [
    {
        "id": 0,
        "paragraphs": [
            {
                "raw": "to New York?",
                "sentences": [
                    {
                        "tokens": [
                            {"orth": "to", "ner": "O"},
                            {"orth": "New", "ner": "B-city"},
                            {"orth": "York", "ner": "L-city"},
                            {"orth": "?", "ner": "-"},
                        ]
                    }
                ],
            }
        ],
    }
]
DIALOGFLOW_API = {
    "displayName": "go",
    "trainingPhrases": [
        {"type": "EXAMPLE", "parts": [{"text": "to "}, {"text": "graz", "entityType": "@city", "alias": "dest"}]},
        {"type": "TEMPLATE", "parts": [{"text": "to @city:dest"}]},
    ],
}


@pytest.mark.parametrize(
    ("content", "format_name", "sentences", "notes"),
    [
        pytest.param(RASA_YAML, "rasa-yaml", RASA_YAML_SENTENCES, RASA_YAML_NOTES, id="rasa yaml"),
        pytest.param(
            RASA_MARKDOWN,
            "rasa-markdown",
            [
                "a table at [noon](time) for [two](guests)\tbook_table",
                "[Thai](cuisine) please\tbook_table",
                "see you\tgoodbye",
            ],
            [
                "Rasa's synonyms (1): not used for labels, but they can be values of slots",
                "Rasa's lookup tables (1): not used for labels, but they can be values of slots",
                "Rasa's regexes (1) are not read: slotfill has no patterns",
                "entities with a value that is not their text: not used for labels, "
                "but they can be values of slots: 1 time",
            ],
            id="rasa markdown",
        ),
        pytest.param(
            {
                "rasa_nlu_data": {
                    "common_examples": [
                        {"text": "to Graz", "entities": [{"start": 3, "end": 7, "value": "Graz", "entity": "city"}]}
                    ],
                    "regex_features": [{"name": "zip", "pattern": "[0-9]*"}],
                    "entity_synonyms": [{"value": "Graz", "synonyms": ["graz"]}],
                }
            },
            "rasa-json",
            ["to [Graz](city)"],
            [
                "Rasa's synonyms (1): not used for labels, but they can be values of slots",
                "Rasa's regexes (1) are not read: slotfill has no patterns",
            ],
            id="rasa json",
        ),
        pytest.param(
            (
                {"text": "hello", "intent": "greet", "entities": []},
                {
                    "text": "to Graz",
                    "entities": [{"start": 3, "end": 7, "value": "Graz", "entity": "city", "role": "to"}],
                },
            ),
            "rasa-json",
            ["hello\tgreet", "to [Graz](to.city)"],
            [],
            id="rasa lines",
        ),
        pytest.param(
            {
                "language": "de",
                "entities": {"city": {"data": [{"value": "Graz", "synonyms": []}], "use_synonyms": True}},
                "intents": {
                    "go": {
                        "utterances": [
                            {"data": [{"text": "nach "}, {"text": "Graz", "entity": "city", "slot_name": "ziel"}]}
                        ]
                    }
                },
            },
            "snips",
            ["nach [Graz](ziel)\tgo"],
            ["Snips's lists of entities: not used for labels, but they can be values of slots"],
            id="snips",
        ),
        pytest.param(
            SNIPS_BENCHMARK,
            "snips",
            ["rain in [Graz](city)?\tGetWeather", "is it warm\tGetWeather"],
            [],
            id="benchmark",
        ),
        pytest.param(
            LUIS,
            "luis",
            ["to [graz](city) and [linz](via.city)\tNone", "hello\tgreet"],
            ["children of entities are not read: 1 time"],
            id="luis",
        ),
        pytest.param(
            [
                {
                    "text": "to graz",
                    "intentName": "go",
                    "entityLabels": [{"entityName": "city", "startCharIndex": 3, "endCharIndex": 6}],
                }
            ],
            "luis",
            ["to [graz](city)\tgo"],
            [],
            id="luis labels",
        ),
        pytest.param(CLU, "luis", ["to [graz](city)\tgo"], [], id="clu"),
        pytest.param(
            [
                {"data": [{"text": "to "}, {"text": "graz", "meta": "@sys.geo-city", "userDefined": True}], "count": 0},
                {"data": [{"text": "hello"}], "isTemplate": False},
            ],
            "dialogflow",
            ["to [graz](sys.geo-city)", "hello"],
            [],
            id="dialogflow",
        ),
        pytest.param(
            DIALOGFLOW_API,
            "dialogflow",
            ["to [graz](dest)\tgo"],
            ["sentences in template mode are left out, since they have no words for their slots: 1 time"],
            id="dialogflow api",
        ),
        pytest.param(
            WIT,
            "wit",
            ["to [graz](city) and [linz](via.wit$location)\tgo"],
            ["traits are not read: 1 time"],
            id="wit",
        ),
        pytest.param(WIT_OLD, "wit", ["to [graz](city)\tgo"], [], id="wit expressions"),
        pytest.param(
            (["to Graz", {"entities": [[3, 7, "city"]], "cats": {"GO": 1, "STAY": 0}}], ["hello", {"entities": []}]),
            "spacy",
            ["to [Graz](city)\tGO", "hello"],
            [],
            id="spacy lines",
        ),
        pytest.param([["to Graz", {"entities": [[3, 7, "city"]]}]], "spacy", ["to [Graz](city)"], [], id="spacy list"),
        pytest.param(
            'TRAIN_DATA = [\n    ("to Graz", {"entities": [(3, 7, "city")]}),\n    ("hello", {"entities": []}),\n]\n',
            "spacy",
            ["to [Graz](city)", "hello"],
            [],
            id="spacy python",
        ),
        pytest.param(
            {"classes": ["CITY"], "annotations": [["to Graz", {"entities": [[3, 7, "CITY"]]}], None]},
            "spacy",
            ["to [Graz](CITY)"],
            [],
            id="ner annotator",
        ),
        pytest.param(
            SPACY_DOCUMENTS,
            "spacy-documents",
            ["to [New York](city)?"],
            ['tokens of which spaCy does not know whether they are in an entity ("-") are in no slot'],
            id="spacy 2",
        ),
        pytest.param(
            LABEL_STUDIO,
            "label-studio",
            ["to [Graz](Big_city) 😀 or [Linz](City)\tgo"],
            [
                "of several annotations of a task, the first is read: 1 time",
                "relations are not read: 1 time",
                "offsets that count UTF-16 units, put right by the text that is given with them: 1 time",
                '"Big city" became the slot Big_city, since names have no blanks: 1 time',
                "tasks without an annotation, or skipped, are left out: 1 time",
            ],
            id="label studio",
        ),
        pytest.param(
            [{"id": 1, "sentence": "to Graz", "cities": [{"start": 3, "end": 7, "text": "Graz", "labels": ["City"]}]}],
            "label-studio",
            ["to [Graz](City)"],
            [],
            id="label studio min",
        ),
        pytest.param(
            ({"text": "to Graz", "label": [[3, 7, "city"]], "cats": ["go"]}, {"text": "hello", "label": []}),
            "doccano",
            ["to [Graz](city)\tgo", "hello"],
            [],
            id="doccano",
        ),
        pytest.param(
            (
                {
                    "id": 7,
                    "text": "to Graz",
                    "entities": [{"id": 1, "label": "city", "start_offset": 3, "end_offset": 7}],
                    "relations": [{"id": 1}],
                },
            ),
            "doccano",
            ["to [Graz](city)"],
            ["relations are not read: 1 time"],
            id="doccano relations",
        ),
        pytest.param(
            [{"text": "hello", "intent": "greet"}, {"text": "bye", "intent": "leave"}],
            "doccano",
            ["hello\tgreet", "bye\tleave"],
            ["a sentence without `spans` has no slots: 2 times"],
            id="a list of intents alone",
        ),
        pytest.param(
            ({"text": "hello", "intent": "greet", "spans": None},),
            "jsonl",
            ["hello\tgreet"],
            ["1 sentence has no `spans`, and so no slots"],
            id="no spans as null",
        ),
        pytest.param(
            (
                {"text": "to Graz", "spans": [{"start": 3, "end": 7, "label": "city"}], "_task_hash": 1},
                {"text": "in Linz", "spans": [], "answer": "reject", "_task_hash": 2},
                {"text": "in Wien", "spans": [], "answer": "ignore", "_task_hash": 3},
                {"text": "hello", "label": "GREET", "answer": "accept"},
                {"text": "bye", "options": [], "accept": ["LEAVE"], "answer": "accept"},
            ),
            "prodigy",
            ["to [Graz](city)", "hello\tGREET", "bye\tLEAVE"],
            [
                "lines with the answer `reject` are left out: 1 time",
                "lines with the answer `ignore` are left out: 1 time",
            ],
            id="prodigy",
        ),
        pytest.param(
            "---\ntype: entity\nname: city\nvalues:\n- [Graz, graz]\n---\ntype: intent\nname: go\nutterances:\n"
            "- from [start:city](Linz) to [city](Graz)\n- later\n",
            "snips-yaml",
            ["from [Linz](start) to [Graz](city)\tgo", "later\tgo"],
            ["Snips's lists of entities: not used for labels, but they can be values of slots"],
            id="snips yaml",
        ),
        pytest.param(
            {
                "intents": [
                    {
                        "intent": "go",
                        "examples": [
                            {"text": "to graz", "mentions": [{"entity": "city", "location": [3, 7]}]},
                            {"text": "let us go"},
                        ],
                    }
                ],
                "entities": [],
            },
            "watson",
            ["to [graz](city)\tgo", "let us go\tgo"],
            [],
            id="watson",
        ),
        pytest.param(
            (
                {
                    "content": "to Graz",
                    "annotation": [
                        {"label": ["City"], "points": [{"start": 3, "end": 6, "text": "Graz"}]},
                        {"label": [], "points": [{"start": 0, "end": 1, "text": "to"}]},
                    ],
                    "extras": None,
                },
                {"content": "hello", "annotation": None},
            ),
            "dataturks",
            ["to [Graz](City)", "hello"],
            ["spans without a label are not read: 1 time"],
            id="dataturks",
        ),
        pytest.param(
            '# my sentences\n- to [Graz](city)\n- [Linz]{"entity": "city"} please\n- hello\n',
            "rasa-markdown",
            ["to [Graz](city)", "[Linz](city) please", "hello"],
            [],
            id="bullets alone",
        ),
        pytest.param(
            [{"text": "to Graz", "tokens": ["to", "Gr", "az"], "spans": [{"start": 3, "end": 7, "label": "city"}]}],
            "doccano",
            ["to [Graz](city)"],
            [],
            id="our keys in a list",
        ),
        pytest.param(
            ({"text": "hello", "label": "greet"}, {"text": "bye", "label": ["leave", "x"]}),
            "doccano",
            ["hello\tgreet", "bye\tleave"],
            ["of several categories, the first is the intent: 1 time"],
            id="categories alone",
        ),
        pytest.param(
            {
                "examples": [
                    {"content": "to Graz", "annotations": [{"start": 3, "end": 7, "tag": "c", "value": "Graz"}]}
                ]
            },
            "doccano",
            ["to [Graz](c)"],
            [],
            id="lighttag",
        ),
        pytest.param(
            (
                {
                    "textContent": "to Graz",
                    "textSegmentAnnotations": [{"startOffset": 3, "endOffset": 7, "displayName": "city"}],
                },
            ),
            "doccano",
            ["to [Graz](city)"],
            [],
            id="vertex",
        ),
        pytest.param(
            ({"tokenized_text": ["to", "New", "York"], "ner": [[1, 2, "big city"]]},),
            "gliner",
            ["to [New York](big_city)"],
            ['"big city" became the slot big_city, since names have no blanks: 1 time'],
            id="gliner",
        ),
        pytest.param(
            ({"utt": "to new york", "annot_utt": "to [city : new york]", "intent": "go", "partition": "dev"},),
            "massive",
            ["to [new york](city)\tgo"],
            ["sentences of the partition dev are read together with the others of the file: 1 time"],
            id="massive",
        ),
        pytest.param(
            ({"tokens": ["to", "Graz"], "ner_tags": ["O", "B-city"], "intent": "go"},),
            "token-rows",
            ["to [Graz](city)\tgo"],
            [],
            id="tokens and tags",
        ),
        pytest.param(
            ({"text": "to  Graz", "slots": "O B-city"},), "token-rows", ["to  [Graz](city)"], [], id="text and slots"
        ),
        pytest.param(
            "domain\tutterance\tsemantic_parse\nx\tto Graz now\t[IN:GO to [SL:TO [IN:PLACE [SL:CITY Graz ] ] ] now ]\n",
            "top",
            ["to [Graz](TO) now\tGO"],
            ["intents and slots within others are not read: 2 times"],
            id="topv2",
        ),
        pytest.param(
            "7\tIN:GO\t3:7:SL:CITY,8:11:SL:WHEN\tto Graz now\tmaps\ten_XX\t[IN:GO [SL:CITY Graz ] ]\t{}\n"
            "8\tIN:GREET\t\thello\tchat\ten_XX\t[IN:GREET ]\t{}\n",
            "top",
            ["to [Graz](CITY) [now](WHEN)\tGO", "hello\tGREET"],
            [],
            id="mtop",
        ),
        pytest.param(
            "[IN:GO to [SL:CITY Graz ] ]\n[IN:GREET hello ]\n",
            "top",
            ["to [Graz](CITY)\tGO", "hello\tGREET"],
            [],
            id="trees",
        ),
        pytest.param(
            ({"text": "hello", "intent": "greet"},),
            "jsonl",
            ["hello\tgreet"],
            ["1 sentence has no `spans`, and so no slots"],
            id="intents alone",
        ),
        pytest.param(
            "show [norweg](cuisine:norwegian) food\tsearch\n",
            "markup",
            ["show [norweg](cuisine) food\tsearch"],
            ["1 value behind a colon, as in (cuisine:norwegian): not used for labels, but they can be values of slots"],
            id="value in markup",
        ),
    ],
)
def test_an_export_is_read(
    tmp_path: Path, content: Any, format_name: str, sentences: list[str], notes: list[str]
) -> None:
    path = write(tmp_path, content, name="x.jsonl" if format_name == "jsonl" else "my.data")
    found = format_of(path)
    assert found is not None
    assert found.name == format_name
    assert read(path) == (sentences, notes)


# --- folders and files beside each other -----------------------------------------------------------


def test_a_long_text_before_its_spans(tmp_path: Path) -> None:
    text = "to Graz " + "and on " * 1_500
    entity = {"label": ["City"], "points": [{"start": 3, "end": 6, "text": "Graz"}]}
    (sentence,), _ = read(write(tmp_path, ({"content": text, "annotation": [entity]},)))
    assert sentence.startswith("to [Graz](City) and on")


def test_a_project_of_rasa_names_the_file_to_take(tmp_path: Path) -> None:
    write(tmp_path, "version: '3.1'\nstories: []\n", name="stories.yml")
    write(tmp_path, RASA_YAML, name="nlu.yml")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: no data set: found nlu.yml, stories.yml; expected names of splits, as in train.jsonl; "
        f"{tmp_path / 'nlu.yml'} can be read (Rasa's YAML): name it"
    )


def test_a_folder_of_brat(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"First line.\r\n\r\nto New York and back\r\n")
    write(
        tmp_path,
        "T1\tCity 18 26\tNew York\nT2\tWay 15 17;31 35\tto back\n"
        "R1\tgoes Arg1:T1 Arg2:T2\nA1\tBig T1\n#1\tNote T1\tx\n",
        name="b.ann",
    )
    write(tmp_path, "to Graz", name="a.txt")
    write(tmp_path, "T1\tCity 3 7\tGraz\n", name="a.ann")
    write(tmp_path, "", name="alone.ann")
    report = Report("fix")
    (examples,) = load(tmp_path, report=report).splits.values()
    assert [marked(one) for one in examples] == ["to [Graz](City)", "First line.", "[to New York and back](Way)"]
    assert report.said() == [
        ".ann files without a .txt file beside them (1) are not read",
        "spans in several pieces (1) are read from the first piece to the last",
        "BRAT's relations (1) are not read",
        "BRAT's attributes (1) are not read",
        f"mended: of overlapping spans the longest kept: 1 time, first in {tmp_path / 'b.txt'}:3",
    ]


def test_one_file_of_brat_has_its_text_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "to Graz", name="a.txt")
    assert read(write(tmp_path, "T1\tCity 3 7\tGraz\n", name="a.ann"))[0] == ["to [Graz](City)"]


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("T1\tCity 3 7\tLinz", 'a.txt:1: the span in a.ann:1 is said to be "Linz", but characters 3 to 7 are "Graz"'),
        (
            "T1\tCity 3 11\tGraz\nLin",
            "a.txt:1: the span in a.ann:1 goes beyond the line: expected a sentence on one line",
        ),
        ("T1\tCity 30 31\tx", "a.ann:1: the span begins at 30, but a.txt ends at 15"),
        (
            "T1 City 3 7",
            r'a.ann:1: expected a name, two offsets and the text, as in `T1\tcity 7 11\tOslo`; got "T1 City 3 7"',
        ),
    ],
)
def test_marks_of_brat_that_do_not_fit(tmp_path: Path, mark: str, message: str) -> None:
    write(tmp_path, "to Graz\nin Linz", name="a.txt")
    write(tmp_path, mark, name="a.ann")
    problems: list[DataError] = []
    load(tmp_path, report=problems.append)
    assert str(problems[0]).replace(f"{tmp_path}/", "") == message


def test_the_intents_of_an_agent_of_dialogflow(tmp_path: Path) -> None:
    (tmp_path / "intents").mkdir()
    write(tmp_path, {}, name="agent.json")
    write(tmp_path, [{"data": [{"text": "hi"}]}], name="intents/greet_usersays_en.json")
    write(tmp_path, {"name": "greet", "responses": []}, name="intents/greet.json")
    pieces = [{"text": "to "}, {"text": "graz", "alias": "city"}]
    write(tmp_path, [{"data": pieces}], name="intents/go there_usersays_en-us.json")
    assert read(tmp_path)[0] == ["to [graz](city)\tgo there", "hi\tgreet"]


def test_the_tables_of_nemo(tmp_path: Path) -> None:
    write(tmp_path, "O\ncity\n", name="dict.slots.csv")
    write(tmp_path, "go\nstay\n", name="dict.intents.csv")
    write(tmp_path, "0 1 1\n1\n", name="train_slots.tsv")
    path = write(tmp_path, "sentence\tlabel\nto new york\t0\ngraz\t1\n", name="train.tsv")
    assert read(path)[0] == ["to [new york](city)\tgo", "[graz](city)\tstay"]
    (tmp_path / "train_slots.tsv").unlink()
    assert problems_of(path)[0] == "train_slots.tsv: no such file, but train.tsv is of NeMo, which has it beside"


# --- what is wrong, and what is only recognised ----------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            'nlu:\n- intent: go\n  examples: |\n    - hello\n    - to [Graz]{"city": 1}\n',
            ':5: "[Graz]{"city": 1}" has no "entity" with a name: got {"city": 1}',
        ),
        ("nlu:\n- intents: go\n", ":2: expected an item with a name under intent, synonym, lookup, regex; got intents"),
        ("nlu: 5\n", ":1: expected a list under `nlu`, as in Rasa's training data"),
        ("nlu:\n- intent: go\n  examples: [\n", ":4: not YAML: did not find expected node content"),
        (
            "nlu:\n- regex: zip\n  examples: |\n    - x\n",
            ": no sentence: Rasa's sentences stand under `intent`, and the file has only `regex`",
        ),
        (
            "## intent:go\n- hello\nthe rest\n",
            ':3: expected `- ` and a sentence, or a heading such as `## intent:greet`; got "the rest"',
        ),
        (
            '[\n {"text": "x", "label": [[0, 1, "a"]]},\n {"text": "to Graz", "label": [[3, 9, "a"]]}\n]\n',
            ":3: label[0] is 3 to 9: expected 0 <= start < end <= 7, the text's length",
        ),
        (
            '[\n {"text": "x", "label": [[0, 1, "a"]]},\n {"text" "x"}\n]\n',
            ":3: not JSON: Expecting ':' delimiter at column 10",
        ),
        (
            {"luis_schema_version": "7", "utterances": [{"text": "x", "entities": [{"entity": "a"}]}]},
            ':4: entities[0] has no "startPos", only ["entity"]',
        ),
        (
            ({"tokenized_text": ["a"], "ner": [[0, 1, "x"]]},),
            ":1: ner[0] is of the tokens 0 to 1: expected 0 <= first <= last < 1",
        ),
        (
            ({"tokens": ["a"], "ner_tags": [1]},),
            ': "ner_tags" are numbers, and the file does not say which slots they stand for',
        ),
        ("[IN:GO to [SL:CITY Graz ]\n[IN:GO x ]", ':1: 1 brackets are not closed in "[IN:GO to [SL:CITY Graz ]"'),
        (
            ({"utt": "x", "annot_utt": "to [city : graz"},),
            ':1: brackets that do not match in "to [city : graz": expected [place : oslo]',
        ),
        (
            [{"id": 1, "text": "to Graz", "label": [{"start": 3, "end": 7, "text": "Linz", "labels": ["City"]}]}],
            ':2: label 1 is said to be "Linz", but characters 3 to 7 are "Graz"',
        ),
        (
            'DATA = [("to Graz", {"entities": [(3, 7, f())]})]',
            ": not a list in Python: malformed node or string on line 1",
        ),
    ],
)
def test_a_problem_names_its_line(tmp_path: Path, content: Any, message: str) -> None:
    problem = problems_of(write(tmp_path, content))[0]
    assert problem.startswith(f"my.data{message}")


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (
            'version: "3.1"\nintents:\n- greet\nresponses:\n  utter_greet: []\n',
            "a domain, stories or a configuration of Rasa",
        ),
        ("stories:\n- story: x\n", "a domain, stories or a configuration of Rasa"),
        ("## happy path\n* greet\n  - utter_greet\n", "stories of Rasa"),
        ('[paths]\ntrain = null\n\n[nlp]\nlang = "en"\n', "a configuration of spaCy"),
        ([{"body": "at 6", "start": 0, "value": {}, "end": 4, "dim": "time"}], "what Duckling answers"),
        ("# Greeting\n- hi\n- hello {name=Ann}\n", "an .lu file of the Bot Framework"),
        ({"interactionModel": {"languageModel": {}}}, "an interaction model of Alexa"),
        ([{"dialogue_id": "1", "services": [], "turns": []}], "dialogues of several turns"),
        (({"messages": [{"role": "user", "content": "hi"}]},), "chats or instructions for a language model"),
        ({"cells": [], "metadata": {}}, "a notebook"),
        ("__label__go to Graz\n", "fastText's lines with `__label__`"),
        ("<!DOCTYPE html>\n<html>", "HTML or XML"),
        ("PK\x03\x04\x14\x00", "a ZIP archive, as .xlsx and .docx are"),
        ("%PDF-1.7\n", "a PDF document"),
    ],
)
def test_what_is_not_read_is_named_once(tmp_path: Path, content: Any, title: str) -> None:
    path = write(tmp_path, content, name="my.txt")
    with pytest.raises(InputError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: this is {title}: ")


# --- offsets ---------------------------------------------------------------------------------------

EMOJI = {"text": "😀 to New York", "spans": [{"start": 6, "end": 14, "label": "city"}]}
BYTES = {"text": "größer: Graz", "spans": [{"start": 10, "end": 14, "label": "city"}]}
PLAIN = {"text": "to Graz", "spans": [{"start": 3, "end": 7, "label": "city"}]}
BLANK = {"text": "to Graz now", "spans": [{"start": 2, "end": 8, "label": "city"}]}
NESTED = {"text": "to New York", "spans": [{"start": 3, "end": 11, "label": "a"}, {"start": 3, "end": 6, "label": "b"}]}


@pytest.mark.parametrize(
    ("record", "problem", "sentence", "mended"),
    [
        (
            EMOJI,
            "the offsets of this file count UTF-16 units, as other programs do, not characters, so that every span "
            'after "😀" is off: --on-error fix mends it',
            "😀 to [New York](city)",
            "offsets that count UTF-16 units",
        ),
        (
            BYTES,
            "the offsets of this file count bytes of UTF-8, as other programs do, not characters, so that every span "
            'after "ö" is off: --on-error fix mends it',
            "größer: [Graz](city)",
            "offsets that count bytes of UTF-8",
        ),
        (
            BLANK,
            'spans[0] " Graz " begins with a blank, which --on-error fix cuts off',
            "to [Graz](city) now",
            "blanks cut off the ends of spans",
        ),
        (
            NESTED,
            "spans[1] (3 to 6) overlaps spans[0] (3 to 11); --on-error fix keeps the longest",
            "to [New York](a)",
            "of overlapping spans the longest kept",
        ),
    ],
)
def test_spans_that_can_be_mended(tmp_path: Path, record: Any, problem: str, sentence: str, mended: str) -> None:
    path = write(tmp_path, (PLAIN, record), name="my.jsonl")
    assert problems_of(path) == [f"my.jsonl:2: {problem}"]
    assert read(path, on_error="skip")[0] == ["to [Graz](city)"]
    assert read(path, on_error="fix") == (
        ["to [Graz](city)", sentence],
        [f"mended: {mended}: 1 time, first in {path}:2"],
    )


def test_offsets_after_an_emoji_that_count_characters_stay(tmp_path: Path) -> None:
    right = {"text": "😀 to New York", "spans": [{"start": 5, "end": 13, "label": "city"}]}
    assert read(write(tmp_path, (right, right), name="my.jsonl"))[0] == ["😀 to [New York](city)"] * 2


# --- values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "synonyms"),
    [
        (
            RASA_YAML,
            {
                "city": {"Vienna": ["the capital"], "New York": ["NYC"]},
                "airline": {"Austrian": []},
            },
        ),
        (
            RASA_MARKDOWN,
            {"guests": {"2": ["two"]}, "cuisine": {"Thai": [], "Greek": []}},
        ),
        ("## synonym:Vienna\n- the capital\n## intent:go\n- hello\n", {"": {"Vienna": ["the capital"]}}),
        (
            {
                "rasa_nlu_data": {
                    "common_examples": [
                        {"text": "to wien", "entities": [{"start": 3, "end": 7, "value": "Vienna", "entity": "city"}]}
                    ],
                    "entity_synonyms": [{"value": "Vienna", "synonyms": ["the capital"]}],
                    "lookup_tables": [{"name": "airline", "elements": ["Austrian"]}],
                }
            },
            {"city": {"Vienna": ["wien", "the capital"]}, "airline": {"Austrian": []}},
        ),
        (
            {
                "entities": {"place": {"data": [{"value": "Vienna", "synonyms": ["Wien"]}], "use_synonyms": True}},
                "intents": {
                    "go": {"utterances": [{"data": [{"text": "Wien", "entity": "place", "slot_name": "dest"}]}]}
                },
            },
            {"dest": {"Vienna": ["Wien"]}},
        ),
        (
            {
                "luis_schema_version": "7.0.0",
                "closedLists": [{"name": "city", "subLists": [{"canonicalForm": "Vienna", "list": ["Wien"]}]}],
                "utterances": [],
            },
            {"city": {"Vienna": ["Wien"]}},
        ),
        ("to [wien](city:Vienna) by [bus](way)\n", {"city": {"Vienna": ["wien"]}}),
        ((PLAIN,), {}),
    ],
)
def test_synonyms(tmp_path: Path, content: Any, synonyms: dict[str, dict[str, list[str]]]) -> None:
    (tmp_path / "data").mkdir()
    write(tmp_path, "Thai\n\nGreek\n", name="data/cuisines.txt")
    assert synonyms_of(write(tmp_path, content)) == synonyms


# --- the way back ----------------------------------------------------------------------------------

NAMES = st.sampled_from(["city", "to.city", "a.b.c", "a:b", "faq/x", "名"])
SENTENCES = st.lists(
    st.tuples(
        st.lists(st.text(alphabet="ab1é東'-.\"#😀\u2028\x00", min_size=1, max_size=4), min_size=1, max_size=4),
        NAMES,
        st.sampled_from(["go", "faq/ask", "no", "book a flight", "- x", 'a"b', "null", "1.0"]),
    ),
    min_size=1,
    max_size=3,
)


def made(words: list[str], name: str, intent: str | None) -> Example:
    """A sentence whose first token is a slot."""
    text = " ".join(words).strip()
    tokens = tokenize(text)
    return Example(text, tokens, (f"B-{name}", *["O"] * (len(tokens) - 1)), intent)


@pytest.mark.parametrize("to", ["rasa-yaml", "spacy"])
@given(SENTENCES)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, to: str, sentences: list[tuple[list[str], str, str]]
) -> None:
    assume(all(tokenize(" ".join(words)) for words, _, _ in sentences))
    examples = sorted((made(*one) for one in sentences), key=lambda one: one.intent or "")
    path = tmp_path_factory.mktemp("tools") / f"all{WRITTEN[to].suffixes[0]}"
    save(Dataset("all", {"all": tuple(examples)}), path)
    again = load(path).splits["all"]
    assert sorted(again, key=lambda one: one.intent or "") == examples


def test_parallel_files_are_read_again(tmp_path: Path) -> None:
    examples = tuple(made(["Graz", "now"], "city", intent) for intent in ("go", "stay"))
    dataset = Dataset("mine", {"train": examples, "test": examples[:1]})
    files = save(dataset, tmp_path / "mine", to="seq.in")
    assert [str(file.relative_to(tmp_path)) for file in files] == [
        f"mine/{split}/{name}" for split in ("train", "test") for name in ("seq.in", "seq.out", "label")
    ]
    assert load(tmp_path / "mine") == dataset
    save(Dataset("one", {"all": examples}), tmp_path / "one", to="seq.in")
    assert load(tmp_path / "one").splits == {"all": examples}
    with pytest.raises(InputError, match='1 of 2 sentences have no intent, as "Graz now": parallel files have one'):
        save(Dataset("x", {"all": (examples[0], examples[0]._replace(intent=None))}), tmp_path / "x", to="seq.in")


def test_what_a_format_of_another_tool_loses() -> None:
    values = GoldValues(datetime(2026, 11, 18, 9))
    odd = Example("to  Graz.", align("to  Graz.", ["to", "Graz."]), ("O", "B-city"), None, values)
    dataset = Dataset("mine", {"all": (odd, odd, made(["hi"], "greeting", "greet"))})
    tokens = "2 of 3 sentences lose their tokens, which slotfill's tokenizer does not make"
    kept = "2 of 3 sentences lose their values"
    intents = "2 of 3 sentences have no intent: they got the intent no_intent"
    text = "2 of 3 sentences lose their text, which is not their tokens joined by spaces"
    assert losses(dataset, "rasa-yaml") == [tokens, kept, intents]
    assert losses(dataset, "spacy") == [tokens, kept]
    blank = Dataset("mine", {"all": (made(["hi"], "greeting", "greet")._replace(text="hi "),)})
    assert losses(blank, "rasa-yaml") == ["1 of 1 sentences loses the blanks at its ends"]
    assert losses(dataset, "seq.in") == [text, kept]
    assert {name for name in WRITTEN if losses(dataset, name)} == {"seq.in", "rasa-yaml", "spacy", "spacy-docbin"}


def test_rasa_yaml_for_people(tmp_path: Path) -> None:
    path = tmp_path / "nlu.yml"
    save(Dataset("all", {"all": (made(["Graz", "now"], "to.city", "go"), made(["hi"], "greeting", None))}), path)
    assert path.read_text(encoding="utf-8") == (
        'version: "3.1"\nnlu:\n- intent: go\n  examples: |\n    - [Graz]{"entity": "city", "role": "to"} now\n'
        "- intent: no_intent\n  examples: |\n    - [hi](greeting)\n"
    )


def test_brackets_that_rasa_would_read(tmp_path: Path) -> None:
    example = made(["see", "[1](x)"], "verb", "go")
    with pytest.raises(InputError, match="has signs that Rasa would read as something else: save as jsonl"):
        save(Dataset("all", {"all": (example,)}), tmp_path / "nlu.yml")


# --- libraries -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "name", "content", "extra"),
    [
        ("spacy", "train.spacy", "x\x9c", "spacy"),
        ("yaml", "nlu.yml", "nlu:\n", "yaml"),
        ("pyarrow", "train.parquet", "PAR1", "hub"),
    ],
)
def test_a_library_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, name: str, content: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(MissingExtraError) as caught:
        load(path)
    assert str(caught.value).startswith(f"reading {path} needs packages that are not installed")
    assert str(caught.value).endswith(f'"slotfill[{extra}]"`')


def test_a_docbin_of_spacy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """spaCy's documented interface, in a stand-in where it is not installed."""
    words = ["to", "New", "York", "\n", "now"]

    class Doc(list[SimpleNamespace]):
        text = "to New York\nnow"
        ents = (SimpleNamespace(start_char=3, end_char=11, label_="GPE"),)
        cats = MappingProxyType({"go": 1.0, "stay": 0.0})
        spans = MappingProxyType({"sc": [1]})

    doc = Doc(SimpleNamespace(text=word, is_space=not word.strip()) for word in words)
    reader = SimpleNamespace(get_docs=lambda vocab: [doc])
    module = ModuleType("spacy")
    module.blank = lambda language: SimpleNamespace(vocab=None)  # type: ignore[attr-defined]
    inside = ModuleType("spacy.tokens")
    inside.DocBin = lambda: SimpleNamespace(from_disk=lambda path: reader)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    monkeypatch.setitem(sys.modules, "spacy.tokens", inside)
    path = tmp_path / "train.spacy"
    path.write_bytes(b"x\x9c...")
    assert read(path) == (
        ["to [New York](GPE)\\nnow\tgo"],
        ["groups of spans (spancat) are not read, only entities: 1 time"],
    )


class FakeDoc(list[SimpleNamespace]):
    """What slotfill uses of spaCy's documented `Doc`."""

    def __init__(self, vocab: None, *, words: list[str], spaces: list[bool]) -> None:
        super().__init__(SimpleNamespace(text=word, is_space=not word.strip()) for word in words)
        self.text = "".join(word + " " * space for word, space in zip(words, spaces, strict=True))
        pieces = [len(word) + space for word, space in zip(words, spaces, strict=True)]
        self.starts = [sum(pieces[:n]) for n in range(len(words))]
        self.ends = [start + len(word) for start, word in zip(self.starts, words, strict=True)]
        self.cats: dict[str, float] = {}
        self.ents: list[SimpleNamespace] = []

    def char_span(self, start: int, end: int, label: str) -> SimpleNamespace:
        assert (start in self.starts, end in self.ends) == (True, True)
        return SimpleNamespace(start_char=start, end_char=end, label_=label)

    def set_ents(self, entities: list[SimpleNamespace]) -> None:
        self.ents = entities


def test_a_docbin_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the stand-in, too; spaCy has no token without a place, so that other gaps than a space are tokens."""
    kept: list[FakeDoc] = []
    module, inside = ModuleType("spacy"), ModuleType("spacy.tokens")
    module.blank = lambda language: SimpleNamespace(vocab=None)  # type: ignore[attr-defined]
    inside.Doc = FakeDoc  # type: ignore[attr-defined]

    class DocBin:
        def __init__(self, docs: list[FakeDoc] | None = None) -> None:
            kept.extend(docs or [])

        def to_bytes(self) -> bytes:
            return b"x\x9c..."

        def from_disk(self, path: Path) -> SimpleNamespace:
            return SimpleNamespace(get_docs=lambda vocab: kept)

    inside.DocBin = DocBin  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spacy", module)
    monkeypatch.setitem(sys.modules, "spacy.tokens", inside)
    odd = "  to  Graz,\nnow "
    tags = ("O", "B-city", "O", "O")
    dataset = Dataset(
        "all",
        {
            "all": (
                Example(odd, align(odd, ["to", "Graz", ",", "now"]), tags, "go"),
                made(["New", "York"], "city", "stay"),
                Example("d'Alger", align("d'Alger", ["d'", "Alger"]), ("O", "B-city")),
            )
        },
    )
    path = tmp_path / "all.spacy"
    assert save(dataset, path) == [path]
    assert load(path) == dataset
    assert kept[0].cats == {"go": 1.0, "stay": 0.0}


def class_labels(tmp_path: Path) -> Any:
    """A data set of the Hugging Face library with numbers for tags and intents."""
    datasets = pytest.importorskip("datasets", reason="the extra `train` is not installed")
    datasets.config.HF_DATASETS_CACHE = tmp_path / "cache"
    features = datasets.Features(
        {
            "tokens": datasets.Sequence(datasets.Value("string")),
            "ner_tags": datasets.Sequence(datasets.ClassLabel(names=["O", "B-city", "I-city"])),
            "intent": datasets.ClassLabel(names=["go", "stay"]),
        }
    )
    rows = {"tokens": [["to", "New", "York"], ["hello"]], "ner_tags": [[0, 1, 2], [0]], "intent": [0, 1]}
    return datasets.DatasetDict({"train": datasets.Dataset.from_dict(rows, features=features)})


def test_numbers_with_names(tmp_path: Path) -> None:
    data = class_labels(tmp_path)
    data.save_to_disk(str(tmp_path / "saved"))
    (tmp_path / "hub").mkdir()
    data["train"].to_parquet(str(tmp_path / "hub" / "train.parquet"))
    for source in (tmp_path / "saved", tmp_path / "saved" / "train", tmp_path / "hub", f"hub:{tmp_path / 'hub'}"):
        (examples,) = load(source).splits.values()
        assert [marked(example) for example in examples] == ["to [New York](city)\tgo", "hello\tstay"]


# --- docs/formats.md -------------------------------------------------------------------------------

PAGE = Path(__file__).parent.parent.parent / "docs" / "formats.md"
EXPORTS = PAGE.read_text(encoding="utf-8").partition("## Exports of tools")[2]
LINES = "((?:(?!```).*\n)*)"
PAIRS = re.findall(f"^```(?:yaml|markdown|json|text)\n{LINES}```\n\n```markup\n{LINES}```$", EXPORTS, re.MULTILINE)


def test_each_tool_has_an_example() -> None:
    assert len(PAIRS) == len(re.findall("^```markup$", EXPORTS, re.MULTILINE)) == 15


@pytest.mark.parametrize(("example", "expected"), PAIRS)
def test_an_example_in_the_documentation(tmp_path: Path, example: str, expected: str) -> None:
    assert read(write(tmp_path, example))[0] == expected.splitlines()
