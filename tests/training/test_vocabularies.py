"""The gazetteers of a network, shipped and its own."""

from slotfill.config import ModelConfig
from slotfill.readers.markup import parse
from slotfill.tokenizer import tokenize
from slotfill.training.vocabularies import build_vocabularies, own_gazetteers, shipped_gazetteers


def test_shipped_names() -> None:
    names, all_names = shipped_gazetteers(), shipped_gazetteers(unseen=True)
    assert {"Taipei", "New York", "São Paulo"} <= set(names["city_name"])
    assert "LHR" in names["airport_code"]
    assert all(tokenize(name) for names_of_list in all_names.values() for name in names_of_list)
    assert set(names["city_name"]) < set(all_names["city_name"])
    assert {key: all_names[key] for key in names if key != "city_name"} == {
        key: names[key] for key in names if key != "city_name"
    }


TOWNS = [
    parse(line)
    for line in (
        "to [New York](toloc.city_name)",
        "from [NEW YORK](fromloc.city_name) to [Rome](toloc.city_name)",
        "from [Rome](toloc.city_name) to [Oslo](toloc.city_name) on [may](month_name) [22](day)",
        "from [Rome](toloc.city_name) to [Oslo](toloc.city_name) on [may](month_name) [22](day)",  # no other sentence
        "in [new](city_name)",
        "on [19](day)",
    )
]


def test_own_names() -> None:
    """Whatever their role and case; digits are folded."""
    assert own_gazetteers(TOWNS, least=1) == {
        "city_name": ("new", "new york", "oslo", "rome"),
        "day": ("00",),
        "month_name": ("may",),
    }
    assert own_gazetteers(TOWNS, least=2) == {"city_name": ("new york", "rome"), "day": ("00",), "month_name": ()}


def test_vocabularies_have_the_configured_gazetteers() -> None:
    plain, own, both = (
        build_vocabularies(TOWNS, ModelConfig(gazetteers=gazetteers, own_gazetteers=least)).gazetteers
        for gazetteers, least in (("no", 0), ("auto", 2), ("yes", 2))
    )
    assert plain.names == ()
    assert own.names == ("own city_name", "own day", "own month_name")
    assert set(own.entries.items[2:]) == {"new", "new york", "rome", "00"}
    assert both.names == (*shipped_gazetteers(), *own.names)
    unseen = build_vocabularies(TOWNS, ModelConfig(gazetteers="yes", own_gazetteers=2), unseen=True).gazetteers
    assert unseen.names == both.names
    assert len(unseen.entries) > len(both.entries)
