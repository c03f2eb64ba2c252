"""Immutable structs: what `@dataclass(frozen=True, slots=True)` makes, at a tenth of its cost at import.

Ten dataclasses, and the module that makes them, would take a tenth of the time that a single sentence waits for
(docs/decisions/0010-fast-start.md). Type checkers know structs as frozen dataclasses (PEP 681).
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, dataclass_transform


class _Missing:
    """Stands for a default that is made for each struct."""

    def __repr__(self) -> str:
        return "<made>"


_MISSING = _Missing()
_LOOSE = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
_set_class = vars(object)["__class__"].__set__  # frozen structs refuse `self.__class__ = ...`


class _Factory:
    """A default that is made anew for each struct."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def made(*, default_factory: Callable[[], Any]) -> Any:
    """A field whose default is made anew for each struct, as `field` of a dataclass."""
    return _Factory(default_factory)


@dataclass_transform(frozen_default=True, field_specifiers=(made,))
class _Fields(type):
    """Makes slots and a constructor of annotated fields, and takes their defaults out of the class."""

    def __new__(cls, name: str, bases: tuple[type, ...], space: dict[str, Any], *, frozen: bool = True) -> Any:
        kinds = _kinds(space)
        own = tuple(field for field, kind in kinds.items() if getattr(kind, "__origin__", None) is not ClassVar)
        defaults = {field: space.pop(field) for field in own if field in space}
        space["__slots__"] = own
        if own:
            space["__match_args__"] = own
            space["__init__"] = _Constructor({field: kinds[field] for field in own}, defaults, frozen=frozen)
            space["_optional"] = defaults
        if not frozen:
            space |= _LOOSE
        return super().__new__(cls, name, bases, space)

    def __dir__(cls) -> list[str]:
        """The public names, so that `help` of a struct fits a screen."""
        return [name for name in super().__dir__() if not name.startswith("_")]


def _kinds(space: Mapping[str, Any]) -> Mapping[str, Any]:
    """The annotated names of a class that is being made, and their types."""
    if "__annotations__" in space:
        return space["__annotations__"]  # type: ignore[no-any-return]
    annotate = space.get("__annotate_func__")  # since Python 3.14 there is a function instead (PEP 749)
    return annotate(1) if annotate else {}  # annotationlib.Format.VALUE, without the import of annotationlib


class _Constructor:
    """The `__init__` of a class of structs until somebody asks for it, which is then compiled and takes its place.

    A single sentence makes structs of half of the classes.
    """

    def __init__(self, kinds: Mapping[str, Any], defaults: Mapping[str, Any], *, frozen: bool) -> None:
        self.kinds, self.defaults, self.frozen = kinds, defaults, frozen

    def __set_name__(self, owner: type, name: str) -> None:
        self.owner: Any = owner

    def __get__(self, struct: object, kind: type | None = None) -> Any:
        self.owner.__init__ = compiled = self._compiled()
        return compiled.__get__(struct, kind)

    def _compiled(self) -> Any:
        scope: dict[str, Any] = {"missing": _MISSING}
        parameters, lines = ["self"], []
        for name in self.kinds:
            value = parameter = name
            if name in self.defaults:
                default = self.defaults[name]
                if isinstance(default, _Factory):
                    scope[f"make_{name}"], default = default.make, _MISSING
                    value = f"make_{name}() if {name} is missing else {name}"
                scope[f"default_{name}"] = default
                parameter = f"{name}=default_{name}"
            parameters.append(parameter)
            lines.append(f" self.{name} = {value}")
        if self.frozen:  # while it gets its fields it is of a class that is not: setters would take twice as long
            scope["_set_class"], scope["_loose"] = _set_class, self._loose()
            lines = [" _class = self.__class__", " _set_class(self, _loose)", *lines, " self.__class__ = _class"]
        exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), scope)  # noqa: S102  # our own names alone
        scope["__init__"].__annotations__ = {**self.kinds, "return": None}
        return scope["__init__"]

    def _loose(self) -> type:
        """The class with the same fields, which can be set."""
        made: type = type.__new__(
            type(self.owner), self.owner.__name__, self.owner.__bases__, {"__slots__": tuple(self.kinds), **_LOOSE}
        )
        return made


class Struct(metaclass=_Fields):
    """A struct has the annotated fields of its class. Only structs of one class can be equal.

    Its `repr` leaves out optional fields that are empty or have their default. `replace` gives a copy with other values
    in some fields.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()  # the names of all fields
    _optional: ClassVar[Mapping[str, Any]] = {}  # the names of the optional fields, and their defaults

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.__match_args__])

    def replace(self, **changes: Any) -> Self:
        """A copy in which these fields have other values; TypeError for a field that the struct lacks."""
        kept = [changes.pop(name) if name in changes else getattr(self, name) for name in self.__match_args__]
        return type(self)(*kept, **changes)

    __replace__ = replace  # for `copy.replace` of Python 3.13

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Struct) or type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        fields = zip(self.__match_args__, self._values(), strict=True)
        optional = self._optional
        known = [
            f"{name}={value!r}" for name, value in fields if name not in optional or (value and value != optional[name])
        ]
        return f"{type(self).__name__}({', '.join(known)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._values()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed: a copy with another value is replace()")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be deleted")
