"""Files that people try and that are no labelled sentences: what they are, and what to do."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from slotfill.readers import rasa_markdown, rasa_yaml
from slotfill.readers.records import objects, opening


class Recognised(NamedTuple):
    """A shape of files that is recognised and not read; `advice` says what to do."""

    title: str
    is_it: Callable[[str], bool]
    advice: str


_SPACY_CONFIG = re.compile(r"^\[(?:nlp|components(?:\.\w+)*|training|corpora(?:\.\w+)*)\]\s*$", re.MULTILINE)
_LU = re.compile(r"^#\s*\w[\w. -]*\n(?:\s*[-*+] .*\n)*\s*[-*+] .*\{@?\w+(?:\s*=|:)", re.MULTILINE)
_MARKED_UP = re.compile(r"\s*(?:<!doctype html|<html|<\?xml)", re.IGNORECASE)
_FASTTEXT = re.compile(r"__label__\S+\s")


def _is_duckling(head: str) -> bool:
    return any({"body", "dim"} <= set(one) for one in objects(head))


def _is_alexa(head: str) -> bool:
    content = opening(head)
    return isinstance(content, dict) and ("interactionModel" in content or "languageModel" in content)


def _is_dialogue(head: str) -> bool:
    return any({"dialogue_id", "turns"} <= set(one) or {"goal", "log"} <= set(one) for one in objects(head))


def _is_chat(head: str) -> bool:
    return any("messages" in one or {"instruction", "output"} <= set(one) for one in objects(head))


def _is_notebook(head: str) -> bool:
    content: Any = opening(head)
    return isinstance(content, dict) and "cells" in content


SHAPES: tuple[Recognised, ...] = (
    Recognised(
        "a domain, stories or a configuration of Rasa",
        rasa_yaml.is_other_yaml,
        "it has no labelled sentences; give the file with `nlu:`, often data/nlu.yml",
    ),
    Recognised(
        "stories of Rasa",
        rasa_markdown.is_story,
        "they have no labelled sentences; give the file with `## intent:`, often data/nlu.md",
    ),
    Recognised(
        "a configuration of spaCy",
        lambda head: _SPACY_CONFIG.search(head) is not None,
        "it has no sentences; give the .spacy or .json file that its [paths] name",
    ),
    Recognised(
        "what Duckling answers",
        _is_duckling,
        "it has values but no labelled sentences, from which slotfill learns slots (docs/formats.md)",
    ),
    Recognised(
        "an .lu file of the Bot Framework",
        lambda head: _LU.search(head) is not None,
        "make JSON of it with `bf luis:convert`, which slotfill reads",
    ),
    Recognised(
        "an interaction model of Alexa",
        _is_alexa,
        "its samples have names in braces where sentences have words; put words in, and mark them: [Oslo](city)",
    ),
    Recognised(
        "dialogues of several turns",
        _is_dialogue,
        "slotfill reads single sentences; `slotfill data get sgd --from CLONE` takes those of SGD about travel",
    ),
    Recognised(
        "chats or instructions for a language model",
        _is_chat,
        "they have no slots with places; write the sentences as JSON lines with text and spans",
    ),
    Recognised(
        "a ZIP archive, as .xlsx and .docx are",
        lambda head: head.startswith("PK\x03\x04"),
        "save the sheet as .csv, or unpack the archive",
    ),
    Recognised("a PDF document", lambda head: head.startswith("%PDF"), "save its data as text, CSV or JSON lines"),
    Recognised("a notebook", _is_notebook, "export the data from it, for example as JSON lines with text and spans"),
    Recognised(
        "fastText's lines with `__label__`",
        lambda head: _FASTTEXT.match(head) is not None,
        'they have intents but no slots; write {"text": ..., "intent": ...}, one a line',
    ),
    Recognised(
        "HTML or XML",
        lambda head: _MARKED_UP.match(head) is not None,
        "export from the tool as JSON, or download the raw file rather than the page that shows it",
    ),
)
