"""`[slots]` of a recipe: what may be there, and what is said of the rest."""

from pathlib import Path
from typing import Any

import pytest

from slotfill.config import Config, config_of, from_assignments, from_dict
from slotfill.errors import ConfigError
from slotfill.recipe_tables import kinds_of
from slotfill.slot_kinds import SlotKind, check_names, own_of

DISH = {"kind": "list", "values": {"lasagne": ["lasagna"], "tiramisu": []}}


def test_a_recipe_has_kinds_and_a_bundle_keeps_them() -> None:
    config = from_dict({"slots": {"day": "date", "from": {"city": "place"}, "dish": DISH}}, origin="x")
    assert [(kind.name, kind.kind) for kind in config.slots] == [
        ("day", "date"),
        ("from.city", "place"),
        ("dish", "list"),
    ]
    assert from_dict(config.to_dict(), origin="config.json") == config
    assert "slots" not in Config().to_dict()  # what is stored of models without them stays as it was


def test_a_list_may_be_in_a_file_beside_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "dishes.txt").write_text("# what we have\nlasagne: lasagna,  lasagnes\n\ntiramisu\n", encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[slots]\ndish = { kind = "list", file = "dishes.txt" }\n', encoding="utf-8")
    (kind,) = config_of(recipe).slots
    assert kind.values == (("lasagne", ("lasagna", "lasagnes")), ("tiramisu", ()))


def test_set_adds_a_kind() -> None:
    base = from_dict({"slots": {"day": "date"}}, origin="x")
    assert [kind.name for kind in from_assignments(["slots.time=time"], base=base).slots] == ["day", "time"]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ({"day": "dat"}, "unknown kind 'dat'; did you mean date?"),
        ({"day": "city"}, "unknown kind 'city'; did you mean place?"),
        ({"day": "colour"}, "kinds are date, time, datetime, place"),
        ({"day": 3}, 'expected a kind, as in day = "date"'),
        ({"day": {"kind": "date", "colour": 1}}, "unknown key 'colour'"),
        ({"day": {"kind": "date", "values": ["a"]}}, "only a list has `values`"),
        ({"day": {"kind": "date", "negated": 1}}, "`negated` must be true or false"),
        ({"dish": "list"}, "a list needs its values"),
        ({"dish": {"kind": "list", "values": []}}, "the list is empty"),
        ({"dish": {"kind": "list", "values": {"a": 3}}}, "must be a list of strings"),
        ({"dish": {"kind": "list", "values": ["?"]}}, "no letter or digit"),
        ({"dish": {"kind": "list", "values": {"a": ["x"], "b": ["X"]}}}, "'X' stands for both 'a' and 'b'"),
        ({"dish": {"kind": "list", "file": "no.txt"}}, "no file no.txt"),
        ("date", "is a section"),
    ],
)
def test_errors_say_what_to_write(table: Any, problem: str) -> None:
    with pytest.raises(ConfigError) as error:
        kinds_of(table, origin="recipe.toml")
    assert problem in str(error.value)
    assert str(error.value).startswith("recipe.toml: `slots")


def test_a_faulty_line_of_a_list_is_named(tmp_path: Path) -> None:
    (tmp_path / "dishes.txt").write_text("lasagne\nlasagne: again\n", encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('[slots]\ndish = { kind = "list", file = "dishes.txt" }\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"dishes.txt:2: 'lasagne' is there twice"):
        config_of(recipe)


def test_a_misspelt_section_is_told() -> None:
    with pytest.raises(ConfigError, match="unknown setting `slot`; did you mean `slots`"):
        from_dict({"slot": {"day": "date"}}, origin="x")


def test_a_kind_of_a_slot_that_no_sentence_has_is_an_error() -> None:
    check_names([SlotKind("day", "date"), SlotKind("from", "place"), SlotKind("city", "place")], {"day", "from.city"})
    with pytest.raises(ConfigError, match="no sentence of the data has a slot dai: did you mean day"):
        check_names([SlotKind("dai", "date")], {"day", "time"})


def test_the_whole_name_comes_before_the_type_and_the_role() -> None:
    kinds = (SlotKind("city", "place"), SlotKind("to.city", "text"), SlotKind("to", "date"))
    found = {name: own_of(name, kinds) for name in ("to.city", "from.city", "to.day", "dish")}
    assert {name: own and (own.key, own.kind.kind) for name, own in found.items()} == {
        "to.city": ("to.city", "text"),
        "from.city": ("from.city", "place"),
        "to.day": ("to", "date"),
        "dish": None,
    }
