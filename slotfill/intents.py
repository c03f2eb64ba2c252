"""Intents that are several: `flight#airfare` and `flight+airfare` are the set of `flight` and `airfare`."""

from collections.abc import Iterable

SIGNS = ("#", "+")  # between the intents of a set; also the settings of `model.intents` with which sets are learnt
ONE = "one"  # the setting with which every name is a class of its own
_LEAST = 0.05  # of the sentences: so many sets are no accident of the labelling, as those of ATIS are (0.5 %)


def parts_of(name: str) -> tuple[str, ...]:
    """The intents of a set, or the only one; a sign at an end joins nothing.

    >>> parts_of("flight#airfare"), parts_of("flight"), parts_of("c++")
    (('flight', 'airfare'), ('flight',), ('c++',))
    """
    parts = tuple([part.strip() for part in name.replace(SIGNS[0], SIGNS[1]).split(SIGNS[1])])
    return tuple(dict.fromkeys(parts)) if all(parts) else (name,)


def are_same(one: str | None, other: str | None) -> bool:
    """Whether two names stand for the same set.

    >>> are_same("flight#airfare", "airfare+flight"), are_same("flight", None)
    (True, False)
    """
    return one == other or (one is not None and other is not None and set(parts_of(one)) == set(parts_of(other)))


def fitting(intents: Iterable[str | None]) -> str:
    """The setting of `model.intents` for sentences with these intents: the sign of their sets, or `one`.

    They are sets if one sentence in twenty has several, and most of these are those of other sentences by themselves:
    `alarm+set` and `alarm+stop` are only names.

    >>> fitting(["flight", "airfare", "flight#airfare"]), fitting(["alarm+set", "alarm+stop"])
    ('#', 'one')
    """
    names = [name for name in intents if name is not None]
    alone = {name for name in names if len(parts_of(name)) == 1}
    several = [name for name in names if len(parts_of(name)) > 1]
    parts = [part for name in several for part in parts_of(name)]
    if not several or len(several) < _LEAST * len(names) or 2 * sum(part in alone for part in parts) < len(parts):
        return ONE
    return max(SIGNS, key=lambda sign: sum(sign in name for name in several))
