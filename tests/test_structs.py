"""Structs: what a frozen dataclass with slots does, they do."""

import copy
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, ClassVar

import pytest

from slotfill.structs import Struct, made


class Ours(Struct):
    name: str
    size: int
    note: str | None = None
    more: Mapping[str, int] = made(default_factory=dict)
    kind: ClassVar[str] = "ours"


@dataclass(frozen=True, slots=True)
class Theirs:
    name: str
    size: int
    note: str | None = None
    more: Mapping[str, int] = field(default_factory=dict)
    kind: ClassVar[str] = "ours"


class Sub(Ours):
    kind = "sub"


class Loose(Struct, frozen=False):
    name: str


ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a", 1), {}),
    (("a", 1, "x"), {}),
    (("a",), {"size": 2, "more": {"b": 3}}),
    ((), {"size": 0, "name": ""}),
]


@pytest.mark.parametrize(("positional", "named"), ARGUMENTS)
def test_a_struct_holds_what_a_dataclass_holds(positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, theirs = Ours(*positional, **named), Theirs(*positional, **named)
    assert [getattr(ours, name) for name in Ours.__match_args__] == [
        getattr(theirs, name) for name in Theirs.__match_args__
    ]
    assert (Ours.__match_args__, ours.kind) == (Theirs.__match_args__, theirs.kind)
    assert ours == Ours(*positional, **named) == copy.deepcopy(ours) == pickle.loads(pickle.dumps(ours))
    assert not hasattr(ours, "__dict__")


@pytest.mark.parametrize(("positional", "named"), [(("a",), {}), (("a", 1, None, {}, 5), {}), (("a", 1), {"odd": 1})])
def test_wrong_arguments_are_a_type_error(positional: tuple[Any, ...], named: dict[str, Any]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(TypeError):
            kind(*positional, **named)


def test_equal_are_only_structs_of_one_class() -> None:
    one: object = Ours("a", 1)
    assert one != Sub("a", 1)
    assert one != ("a", 1, None, {})
    assert one != Ours("a", 2)
    assert Sub("a", 1).kind == "sub"
    assert hash(Loose("a")) == hash(Loose("a"))


def test_a_default_is_made_for_each_struct() -> None:
    assert Ours("a", 1).more is not Ours("a", 1).more


def test_a_constructor_is_compiled_when_it_is_first_needed() -> None:
    class First(Struct):
        name: str
        size: int = 0

    class Second(First):
        def __init__(self) -> None:
            super().__init__("b")

    class Asked(First):
        pass

    class Third(Struct):
        name: str
        note: str | None = None

    assert not any(isinstance(vars(kind)["__init__"], FunctionType) for kind in (First, Third))
    assert (Second().name, Asked("a", size=2).size) == ("b", 2)
    assert isinstance(vars(First)["__init__"], FunctionType)  # from then on a plain function: nothing is slower
    assert not isinstance(vars(Third)["__init__"], FunctionType)
    assert str(inspect.signature(Third)) == "(name: str, note: str | None = None) -> None"


def test_a_struct_cannot_be_changed_but_copied() -> None:
    one: Any = Ours("a", 1)
    for name in ("size", "new"):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(one, name, 2)
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del one.size
    assert one.replace(size=2) == Ours("a", 2)
    assert one == Ours("a", 1)
    with pytest.raises(TypeError):
        one.replace(odd=1)
    loose: Any = Loose("a")
    loose.name = "b"
    assert loose == Loose("b")


def test_repr_leaves_out_empty_optional_fields() -> None:
    assert repr(Ours("", 0)) == "Ours(name='', size=0)"
    assert repr(Ours("a", 1, more={"b": 2})) == "Ours(name='a', size=1, more={'b': 2})"


def test_fields_that_a_function_says() -> None:
    """As in classes of Python 3.14, on every Python: without it no struct there has a field."""
    space = {"__module__": __name__, "__qualname__": "Later", "size": 1}
    meta: Any = type(Struct)
    later = meta("Later", (Struct,), {**space, "__annotate_func__": lambda form: LATER if form == 1 else {}})
    assert later.__match_args__ == ("name", "size")
    assert (later("a").name, later("a").size, later("a", size=2).size) == ("a", 1, 2)


LATER = {"name": str, "size": int, "kind": ClassVar[str]}
