r"""Rasa's training data in YAML, versions 2 and 3: the sentences under `nlu`, in blocks by intent.

    version: "3.1"
    nlu:
    - intent: flight
      examples: |
        - fly to [Oslo](city)
        - fly from [Rome]{"entity": "city", "role": "from"}

Of a file, intents are read; synonyms and lookup tables tell values (synonyms.py); regexes are not read.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slotfill.errors import DataError
from slotfill.readers.rasa import Block, Line, examples_of_blocks, line_of
from slotfill.readers.reports import Report
from slotfill.readers.yaml_nodes import compose, is_list, is_scalar, line_of_node, mapping_of
from slotfill.schema import Example

NO_INTENT = "no_intent"  # Rasa has no sentence without one
_HEAD = re.compile(r"^nlu\s*:", re.MULTILINE)
_OTHER_HEAD = re.compile(
    r"^(?:stories|rules|responses|intents|entities|slots|actions|forms|pipeline|policies)\s*:", re.M
)
_BULLET = re.compile(r"\s*[-*+]\s+")
_KINDS = ("intent", "synonym", "lookup", "regex")
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def is_it(head: str) -> bool:
    """Whether a file begins as Rasa's YAML with sentences."""
    return _HEAD.search(head) is not None


def is_other_yaml(head: str) -> bool:
    """Whether a file is another of Rasa's: a domain, stories, rules, a configuration."""
    return not is_it(head) and _OTHER_HEAD.search(head) is not None


def read(path: Path, *, report: Report) -> Iterator[Example]:
    """The examples of one file. Raises MissingExtraError without PyYAML."""
    yield from examples_of_blocks(blocks(path, report=report), path=path, report=report)


def lines(examples: Iterable[Example]) -> Iterator[str]:
    """The lines of a file with these examples, by intent; Rasa makes tokens of its own.

    Raises InputError for a sentence that Rasa would read as another.
    """
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent or NO_INTENT, []).append(line_of(example))
    yield 'version: "3.1"'
    yield "nlu:"
    for intent, sentences in by_intent.items():
        yield f"- intent: {_quoted(intent)}"
        if any(_UNSAFE.search(sentence) for sentence in sentences):
            yield "  examples: " + _quoted("".join(f"- {sentence}\n" for sentence in sentences))
        else:
            yield "  examples: |"
            yield from (f"    - {sentence}" for sentence in sentences)


def blocks(path: Path, *, report: Report) -> Iterator[Block]:
    """The items under `nlu`; what is malformed is reported."""
    for root in compose(path, report=report):
        items = mapping_of(root).get("nlu")
        if is_list(items):
            yield from _blocks(items, path=path, report=report)
        else:
            report(DataError("expected a list under `nlu`, as in Rasa's training data", path=path, line=1))


def _blocks(items: Any, *, path: Path, report: Report) -> Iterator[Block]:
    for item in items.value:
        number = line_of_node(item)
        fields = mapping_of(item)
        kind = next((kind for kind in _KINDS if kind in fields), None)
        if kind is None or not is_scalar(fields[kind]):
            problem = f"expected an item with a name under {', '.join(_KINDS)}; got {', '.join(fields) or 'none'}"
            report(DataError(problem, path=path, line=number))
            continue
        yield Block(
            kind, fields[kind].value.strip(), list(_lines(fields.get("examples"), path=path, report=report)), number
        )


def _lines(node: Any, *, path: Path, report: Report) -> Iterator[Line]:
    """The lines of a block of text, or the items of a list: strings, or objects with `text`."""
    if node is None:
        return
    if is_list(node):
        for item in node.value:
            item = mapping_of(item).get("text", item)
            if not is_scalar(item):
                report(DataError("expected a sentence, or an object with `text`", path=path, line=line_of_node(item)))
            elif item.value.strip():
                yield Line(_BULLET.sub("", item.value.strip(), count=1).strip(), line_of_node(item))
    elif is_scalar(node):
        is_block = node.style == "|"
        for offset, line in enumerate(node.value.split("\n"), start=1):
            if line.strip():
                bullet = _BULLET.match(line)
                text = line[bullet.end() :] if bullet else line
                yield Line(text.strip(), line_of_node(node) + offset if is_block else None)


def _quoted(text: str) -> str:
    """A string of YAML: plain if it can be, in double quotes otherwise."""
    if re.fullmatch(r"[A-Za-z_][\w/+-]*", text, re.ASCII) and text.lower() not in _WORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'


_WORDS = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")
