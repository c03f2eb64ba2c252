"""Checks of examples that were made in memory."""

from collections.abc import Sequence

from slotfill.errors import InputError
from slotfill.readers import values
from slotfill.readers.alignment import shown
from slotfill.readers.placed import check_text
from slotfill.readers.tagged import is_tag
from slotfill.schema import Dataset, Example, GoldValues
from slotfill.tags import is_valid


def check(dataset: Dataset) -> None:
    """Raise InputError for the first example that is not valid."""
    for split, examples in dataset.splits.items():
        for number, example in enumerate(examples):
            problem = _problem(example)
            if problem:
                raise InputError(
                    f"{dataset.name}, {split}, example {number} (from 0), {shown(example.text)}: {problem}"
                )


def _problem(example: Example) -> str | None:
    tokens, tags = example.tokens, example.tags
    if not tokens:
        return "expected tokens, got none"
    if len(tokens) != len(tags):
        return f"expected a tag for each token; got {len(tags)} for {len(tokens)}"
    return (
        _problem_with_letters(example)
        or _problem_with_tokens(example)
        or _problem_with_tags(tags)
        or _problem_with_values(example.values)
    )


def _problem_with_letters(example: Example) -> str | None:
    try:
        for text in (example.text, *example.tags, example.intent or ""):
            check_text(text)
    except ValueError as error:
        return str(error)
    return None


def _problem_with_tokens(example: Example) -> str | None:
    end = 0
    for token in example.tokens:
        if not end <= token.start < token.end or example.text[token.start : token.end] != token.text:
            return f"the token {shown(token.text)} is not at {token.start} to {token.end} of the text, after the others"
        end = token.end
    return None


def _problem_with_values(found: GoldValues | None) -> str | None:
    if found is not None:
        try:
            values.check(found)
        except ValueError as error:
            return str(error)
    return None


def _problem_with_tags(tags: Sequence[str]) -> str | None:
    for tag in tags:
        if not is_tag(tag) or tag[0] not in "BIO":
            return f"expected O, or B- or I- and the name of a slot; got the tag {shown(tag)}"
    return None if is_valid(tags) else f"expected IOB2, where I- continues a slot; got {' '.join(tags)}"
