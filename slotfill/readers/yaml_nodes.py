"""YAML as a tree of nodes with their lines, in which `no` and `1.0` are strings as they are written."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slotfill.errors import DataError, MissingExtraError
from slotfill.readers.lines import read_lines
from slotfill.readers.reports import Report

if TYPE_CHECKING:
    import yaml


def compose(path: Path, *, report: Report) -> "list[yaml.Node]":
    """The trees of the documents in a file; what is not YAML is reported. Raises MissingExtraError without PyYAML."""
    try:
        import yaml
    except ImportError:
        raise MissingExtraError(f"reading {path}", extra="yaml") from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = "\n".join(line or "" for line in read_lines(path, report=report))
    try:
        return list(yaml.compose_all(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        report(DataError(f"not YAML: {error.problem}", path=path, line=mark.line + 1 if mark else None))
    except (yaml.YAMLError, RecursionError) as error:
        report(DataError(f"not YAML: {str(error).splitlines()[0]}", path=path))
    return []


def mapping_of(node: Any) -> Mapping[str, Any]:
    """The fields of a mapping; none for anything else."""
    if type(node).__name__ != "MappingNode":
        return {}
    return {key.value: value for key, value in node.value if is_scalar(key)}


def line_of_node(node: Any) -> int:
    """The line at which a node begins."""
    return int(node.start_mark.line) + 1


def items_of(node: Any) -> list[Any]:
    """The items of a list; none for anything else."""
    return list(node.value) if is_list(node) else []


def is_list(node: Any) -> bool:
    """Whether a node is a list."""
    return type(node).__name__ == "SequenceNode"


def is_scalar(node: Any) -> bool:
    """Whether a node is a string, or what YAML might take for a number and the like."""
    return type(node).__name__ == "ScalarNode"
