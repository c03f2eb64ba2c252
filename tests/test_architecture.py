"""The tree is the architecture: these tests keep it true.

A module may import only from a lower layer of LAYERS, or from its own folder.
Torch may be imported only where TORCH says so, so that tagging runs without it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "slotfill"
LAYERS = (  # lowest first; siblings on one floor do not know each other
    {"errors", "hanzi", "intents", "markup", "lists", "own_process", "structs", "slot_names", "thresholds"},
    {"core", "display", "fonts", "inside", "locks", "slot_kinds", "worked"},
    {"arrays", "schema"},
    {"clock", "files", "jobs", "json_lines", "locations", "tags", "tokenizer"},
    {"common_tokens", "folding", "tokenizers"},
    {"tokenizer_fit"},
    {"vocabulary"},
    {"affixes", "batching", "languages"},
    {
        "readers",
        "generator",
        "resolvers",
        "decoding",
        "gazetteers",
        "statistics",
        "significance",
        "data_checks",
        "plots",
    },
    {"list_files", "given_tokens", "dialogue"},
    {"recipe_tables", "context"},
    {"config"},
    {"bundle"},
    {"catalogue", "cells", "embeddings", "crf", "checking", "splitting"},
    {"merging"},
    {"encoder"},
    {"network", "runtime"},
    {"tagger", "value_scores"},
    {"evaluation", "confident_learning"},
    {"against", "twins"},
    {"training", "onnx", "explaining", "gradients", "report", "reviewing"},
    {"comparing", "contrast", "suspects", "watching"},
    {"distance"},
    {"server", "bulk"},
    {"cli"},
    {"__init__", "__main__"},
)
TORCH = {
    "cells",
    "embeddings",
    "crf",
    "encoder",
    "network",
    "training.loop",
    "training.batches",
    "training.anchor",
    "training.checkpoint",
    "training.bundling",
    "gradients",
}
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}
MODULES = sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    """`slotfill/cells/lstm.py` -> `cells.lstm`; `slotfill/cells/__init__.py` -> `cells`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(path: Path, *, top_level_only: bool = False) -> Iterator[str]:
    """Yield the dotted names that a module imports; relative imports are a style error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write absolute imports"
            # `from slotfill import tags` imports slotfill.tags, not slotfill itself
            module = node.module or ""
            yield from (f"{module}.{a.name}" if module == "slotfill" else module for a in node.names)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_point_downward(path: Path) -> None:
    unit = dotted(path).split(".")[0]
    assert unit in RANK, f"{unit} has no layer yet: give it one in LAYERS"
    for name in imports(path):
        if not name.startswith("slotfill."):
            continue
        target = name.split(".")[1]
        assert target == unit or RANK.get(target, -1) < RANK[unit], f"{dotted(path)} must not import {name}"


def needs_torch(name: str) -> bool:
    """Say whether importing `name` loads torch: torch itself, or one of our modules built on it."""
    ours = name.removeprefix("slotfill.")
    return name.split(".")[0] == "torch" or (ours != name and (ours in TORCH or ours.split(".")[0] in TORCH))


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_torch_stays_in_its_layers(path: Path) -> None:
    if not needs_torch(f"slotfill.{dotted(path)}"):
        loads = [name for name in imports(path, top_level_only=True) if needs_torch(name)]
        assert not loads, f"{dotted(path)} runs without torch: import {loads} inside the function that needs it"


def test_every_system_can_hold_our_file_names() -> None:
    """Windows refuses some characters, and could not check out the whole."""
    top = [path for path in ROOT.iterdir() if path.name not in {".git", ".venv", "build", "data", "dist", "models"}]
    below = [path for folder in top if folder.is_dir() for path in folder.rglob("*")]
    assert [str(path) for path in [*top, *below] if re.search(r'[<>:"|?*\\\0-\37]|[. ]$', path.name)] == []
