"""Lists of names in files, as gazetteers and as values of slots: what is read, and what is said of the rest."""

import gzip
from pathlib import Path

import pytest

from slotfill.config import config_of
from slotfill.errors import ConfigError, SlotfillError
from slotfill.recipe_tables import gazetteers_of, kinds_of

RASA = """version: "3.1"
nlu:
- intent: eat
  examples: |
    - some [norweg](cuisine:norwegian) food in [oslo](town)
- synonym: italian
  examples: |
    - tuscan
- lookup: cuisine
  examples: |
    - italian
    - thai
- lookup: town
  examples: |
    - Oslo
"""
SNIPS = """---
type: intent
name: book
utterances:
- a room in [where:room](the attic)
---
type: entity
name: room
values:
- bedroom
- [living room, main room]
"""
SNIPS_JSON = (
    '{"intents": {"eat": {"utterances": [{"data": [{"text": "lasagna", "entity": "dish", "slot_name": "dish"}]}]}},'
    ' "entities": {"dish": {"data": [{"value": "lasagne", "synonyms": ["lasagna"]}], "use_synonyms": true}}}'
)


def names(folder: Path, table: object) -> tuple[str, ...]:
    recipe = folder / "recipe.toml"
    recipe.touch()
    (found,) = gazetteers_of(table, origin=str(recipe))
    return found.names


def write(folder: Path, name: str, content: str | bytes) -> str:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return name


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", "# dishes\nlasagne: lasagna,  lasagnes\n\n  ti \r\n", ("lasagne", "lasagna", "lasagnes", "ti")),
        ("a", "tiramisu\ntiramisu\n", ("tiramisu",)),
        ("a.txt", "\ufefftiramisu", ("tiramisu",)),
        ("a.txt", "crème brûlée".encode("utf-16"), ("crème brûlée",)),
        ("a.txt.gz", gzip.compress(b"lasagne\n", mtime=0), ("lasagne",)),
        ("a.txt", "name\tweight\tcountry\nRome\t3\tItaly\nOslo\t1\tNorway\n", ("Rome", "Oslo")),
        ("a.txt", "Rome\t3\nOslo\n", ("Rome", "Oslo")),
        ("nlu.yml", RASA, ("norwegian", "norweg", "italian", "tuscan", "thai")),
        ("nlu.yml.gz", gzip.compress(RASA.encode(), mtime=0), ("norwegian", "norweg", "italian", "tuscan", "thai")),
        ("data.json", SNIPS_JSON.replace("dish", "cuisine"), ("lasagne", "lasagna")),
        ("rooms.yaml", SNIPS, ("bedroom", "living room", "main room")),
    ],
)  # fmt: skip
def test_files_that_have_a_list(name: str, content: str | bytes, expected: tuple[str, ...], tmp_path: Path) -> None:
    assert names(tmp_path, {"cuisine": write(tmp_path, name, content)}) == expected


def test_a_file_with_several_lists_needs_a_choice(tmp_path: Path) -> None:
    write(tmp_path, "nlu.yml", RASA)
    assert names(tmp_path, {"place": {"file": "nlu.yml", "entity": "town"}}) == ("Oslo",)
    with pytest.raises(ConfigError) as error:
        names(tmp_path, {"place": "nlu.yml"})
    assert "has lists of cuisine, town: none is 'place'; choose one, as in" in str(error.value)
    assert '{ file = "nlu.yml", entity = "cuisine" }' in str(error.value)


def test_a_slot_takes_its_values_from_the_file_of_a_tool(tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.touch()
    write(tmp_path, "nlu.yml", RASA)
    table = {"dish": {"kind": "list", "file": "nlu.yml", "entity": "cuisine"}}
    (kind,) = kinds_of(table, origin=str(recipe))
    assert dict(kind.values) == {"norwegian": ("norweg",), "italian": ("tuscan",), "thai": ()}


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"dish": "dish.txt"}, "{}/dish.txt; a path counts from the folder of the recipe; did you mean dishes.txt?"),
        ({"dish": "folder"}, "{}/folder is a folder: name a file"),
        ({"dish": "empty.txt"}, "empty.txt: the list is empty: a plain list has a name a line"),
        ({"dish": "blank.txt"}, "blank.txt:2: the name '\\u200b' has no token: leave it out"),
        ({"dish": "latin.txt"}, "latin.txt:2: not UTF-8: save the list as UTF-8"),
        ({"dish": "colon.txt"}, "colon.txt:1: no value before the colon"),
        ({"dish": "table.csv"}, "table.csv: not a list"),
        ({"dish": "nothing.yml"}, "nothing.yml has no list: expected lookup tables"),
        ({"dish": "odd.json"}, "unknown format"),
        ({"dish": "cut.txt.gz"}, "cannot be read"),
        ({"dish": {"file": "dishes.txt", "entity": "dish"}}, "{}/dishes.txt is a plain list"),
        ({"dish": {"files": "dishes.txt"}}, "unknown key 'files'; expected file, entity"),
        ({"dish": {}}, 'expected the path of a list, as in dish = "dish.txt"'),
        ({"dish": True}, 'expected the path of a list, as in dish = "dish.txt", got True'),
        ({"dish": {"file": 3}}, "a file must be a path, got 3"),
        ({"dish": []}, "expected a list of names"),
        ({"dish": ["a", 3]}, "expected a list of names"),
        ("dishes.txt", "`gazetteers` is a section"),
    ],
)  # fmt: skip
def test_errors_say_what_to_do(table: object, problem: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    write(tmp_path, "dishes.txt", "lasagne\n")
    write(tmp_path, "empty.txt", "# nothing\n\n")
    write(tmp_path, "blank.txt", "a\n\u200b\n")
    write(tmp_path, "latin.txt", "lasagne\ncr\xe8me\n".encode("latin-1"))
    write(tmp_path, "colon.txt", ": lasagna\n")
    write(tmp_path, "table.csv", "a,b\n")
    write(tmp_path, "nothing.yml", "version: '3.1'\nnlu:\n- intent: a\n  examples: |\n    - hello\n")
    write(tmp_path, "odd.json", "[1, 2]")
    write(tmp_path, "cut.txt.gz", gzip.compress(b"lasagne\n" * 99)[:20])
    with pytest.raises(SlotfillError) as error:
        names(tmp_path, table)
    assert problem.replace("{}", str(tmp_path)) in str(error.value)


def test_a_recipe_keeps_no_path_of_its_lists(tmp_path: Path) -> None:
    """The digest tells lists apart, wherever they are and in whatever order."""
    found = []
    for place, content in (("here", "Rome\nOslo\n"), ("there", "Oslo\nRome\n"), ("other", "Oslo\n")):
        (tmp_path / place).mkdir()
        write(tmp_path / place, "mine.txt", content)
        write(tmp_path / place, "recipe.toml", '[gazetteers]\ncity = "mine.txt"\n')
        found.append(config_of(tmp_path / place / "recipe.toml").to_dict()["gazetteers"])
    assert found[0] == found[1] != found[2]
