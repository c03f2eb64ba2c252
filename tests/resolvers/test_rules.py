"""Every rule of dates and times is reached by a row of the tables, so that none is dead and none is untested."""

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any

import pytest

from slotfill.resolvers import clock_times, date_pieces, date_rules, dates, frame, time_rules, times
from slotfill.resolvers.rules import Rule, Rules
from tests.resolvers import test_dates, test_times
from tests.resolvers.conftest import departure

REGISTRIES = [date_rules, time_rules]


def rows(*tables: dict[Any, list[str]]) -> Iterator[str]:
    for table in tables:
        for phrases in table.values():
            yield from phrases


def resolve_tables() -> None:
    """Resolve every row, whatever has been resolved before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "_cached_date", dates.resolve)
        patch.setattr(frame, "_cached_time", times.resolve)
        for phrase in rows(test_dates.TABLE, test_dates.NULL, test_dates.NO_VALUE):
            departure("date", phrase)
        for phrase in rows(test_times.TABLE, test_times.NULL, test_times.NO_VALUE):
            departure("time", phrase)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Of each registry, the names of the rules that answered while the tables were resolved."""
    answered: dict[str, set[str]] = {}

    def watched(read: Callable[..., Any], registry: str) -> Callable[..., Any]:
        def watch(*args: Any) -> Any:
            answer = read(*args)
            if answer is not None:
                answered[registry].add(read.__name__)
            return answer

        return watch

    def watch_rules(module: ModuleType, attribute: str) -> None:
        answered.setdefault(module.__name__, set())
        rules = [(needs, allows, watched(read, module.__name__)) for needs, allows, read in getattr(module, attribute)]
        monkeypatch.setattr(module, attribute, Rules(rules))

    def watch_functions(module: ModuleType, attribute: str, functions: Sequence[Callable[..., Any]]) -> None:
        answered[f"{module.__name__}.{attribute}"] = set()
        monkeypatch.setattr(
            module, attribute, tuple(watched(one, f"{module.__name__}.{attribute}") for one in functions)
        )

    watch_rules(date_rules, "PERIODS")
    watch_rules(date_rules, "RULES")
    watch_rules(time_rules, "RULES")
    watch_functions(date_pieces, "NUMBERS", date_pieces.NUMBERS)
    watch_functions(clock_times, "RULES", clock_times.RULES)
    answered["neighbours"] = set()
    neighbours = {
        text: tuple(watched(one, "neighbours") for one in rules) for text, rules in date_pieces.NEIGHBOURS.items()
    }
    monkeypatch.setattr(date_pieces, "NEIGHBOURS", neighbours)
    resolve_tables()
    return answered


def names(rules: Sequence[Rule[Any, Any]]) -> list[str]:
    return [read.__name__ for _, _, read in rules]


ALL = {
    date_rules.__name__: names(date_rules.RULES),
    time_rules.__name__: names(time_rules.RULES),
    f"{date_pieces.__name__}.NUMBERS": [one.__name__ for one in date_pieces.NUMBERS],
    f"{clock_times.__name__}.RULES": [one.__name__ for one in clock_times.RULES],
    "neighbours": sorted({one.__name__ for rules in date_pieces.NEIGHBOURS.values() for one in rules}),
}


def test_every_rule_is_reached_by_a_row(reached: dict[str, set[str]]) -> None:
    dead = {where: sorted(set(rules) - reached[where]) for where, rules in ALL.items()}
    assert not any(dead.values()), dead


@pytest.mark.parametrize("where", ALL)
def test_the_names_of_rules_are_unique(where: str) -> None:
    assert len(set(ALL[where])) == len(ALL[where])


@pytest.mark.parametrize("module", REGISTRIES)
def test_every_rule_gives_an_example(module: ModuleType) -> None:
    for _, _, read in module.RULES:
        assert (read.__doc__ or "").startswith("`"), read.__name__


def test_the_rules_of_periods_are_rules_of_dates() -> None:
    assert date_rules.RULES[-len(date_rules.PERIODS) :] == [*date_rules.PERIODS]
