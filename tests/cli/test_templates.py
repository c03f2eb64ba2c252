"""`slotfill data generate --grammar`: what docs/templates.md shows, and options."""

import re
from pathlib import Path

import pytest

from slotfill.config import config_of
from slotfill.readers import load
from slotfill.tags import spans_of
from tests.cli.conftest import Run

PAGE = Path(__file__).parent.parent.parent / "docs" / "templates.md"


@pytest.fixture
def documented(slotfill: Run) -> Path:
    """The grammar of docs/templates.md, in the working directory."""
    files = re.findall(r"`(templates/\S+\.txt)`:\n\n```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(files) == 4
    for name, content in files:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")
    return Path("templates")


def test_the_example_of_the_documentation(slotfill: Run, documented: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    (shown,) = re.findall(r"The first command prints:\n\n```\n(.*?)```", page, re.DOTALL)
    assert slotfill("data", "generate", "--grammar", str(documented), "--count", "5")[:2] == (0, shown)
    wanted = ("--count", "200", "--seed", "2", "--output", "all.markup")
    assert slotfill("data", "generate", "--grammar", "templates", *wanted)[0] == 0
    (examples,) = load("all.markup").splits.values()
    assert len({example.text for example in examples}) == 200
    assert {example.intent for example in examples} == {"book", "order"}
    names = {span.name for example in examples for span in spans_of(example.tags)}
    assert names == {"people", "restaurant", "day", "time", "dish"}
    texts = " ".join(example.text for example in examples)
    assert "an omelette" in texts
    assert "a lasagn" in texts
    assert "an outside table" in texts
    assert "a nice indoor table" in texts


def test_its_recipe_reads_the_lexicons(documented: Path) -> None:
    (recipe,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    Path("recipe.toml").write_text(recipe, encoding="utf-8")
    config = config_of("recipe.toml")
    assert config.gazetteers[0].names == (
        "lasagne", "lasagna", "omelette", "mushroom risotto", "risotto", "tiramisu"
    )  # fmt: skip
    assert config.slots[1].values[0] == ("lasagne", ("lasagna",))
    assert documented.exists()


def test_too_few_sentences_write_nothing(slotfill: Run) -> None:
    Path("eat.txt").write_text("{a|the} meal\n")
    code, _, err = slotfill("data", "generate", "--grammar", "eat.txt", "--output", "x.jsonl")
    assert code == 1
    assert "the grammar has only about 2 sentences, not 1000: write more templates or names" in err.replace("\n", " ")
    assert not Path("x.jsonl").exists()


def test_options_that_do_not_go_together(slotfill: Run) -> None:
    Path("eat.txt").write_text("{a|the} meal\n")
    for arguments in (["--grammar", "eat.txt", "--unseen"], ["--rough"]):
        assert slotfill("data", "generate", *arguments)[0] == 2
