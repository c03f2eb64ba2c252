"""`slotfill eval --against`: two models on the same sentences, for a terminal and for a file."""

from typing import TYPE_CHECKING

from slotfill.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from slotfill.against import Against, Change

_SHOWN = 5  # sentences of each kind on the terminal


def print_against(against: "Against", *, model: str, source: str, sentences: int) -> None:
    """The figures of both models with p, a line that says what they mean, and the first sentences of each kind."""
    from slotfill.significance import FEW

    out = console.stdout()
    console.print_table(_figures(against, model=model, source=source))
    low, high = against.f1.low, against.f1.high
    out.print(f"difference in slot F1: {low:+.4f} to {high:+.4f} (95 % interval)")
    out.print(verdict(against, model=model))
    if sentences < FEW:
        out.print(f"of fewer than {FEW} sentences, the interval is too narrow and p of slot F1 too small", style="dim")
    out.print(f"by {tests()}", style="dim")
    if against.changes:
        out.print(f"- as it should be, < by {against.name}, + by {model}", style="dim")
    for kind, said in _titles(against).items():
        out.print()
        out.print(said, style="bold")
        for change in [one for one in against.changes if one.kind == kind][:_SHOWN]:
            out.print(f"\n{change.number:,}", style="dim")
            out.print("".join(_lines(change)), end="", soft_wrap=True)


def verdict(against: "Against", *, model: str) -> str:
    """What the tests say, in one line.

    >>> from slotfill.against import Paired
    >>> from slotfill.significance import Difference
    >>> same = Against("old", (0.5, 0.5), Difference(0, 0, 0, 1.0), Paired(0.5, 0.5, 0, 0, 1.0), None, ())
    >>> verdict(same, model="new")
    'slot F1 is the same'
    """
    from slotfill.significance import CUSTOMARY

    value, p = against.f1.value, against.f1.p
    if not value:
        return "slot F1 is the same"
    better = model if value > 0 else against.name
    if p < CUSTOMARY:
        return f"{better} is better in slot F1, by more than chance"
    return f"{better} is better in slot F1 here, but that may be chance"


def tests() -> str:
    """The tests, by name."""
    from slotfill.significance import DRAWS

    return f"the paired bootstrap over sentences ({DRAWS:,} draws) for slot F1, else by McNemar's exact test"


def changed_text(against: "Against") -> str:
    """Every changed sentence, for --errors: `-` as it should be, `<` by the other model, `+` by this one."""
    return "\n".join(f"# {change.number}: {change.kind}\n{''.join(_lines(change))}" for change in against.changes)


def counted(against: "Against") -> str:
    """How many sentences changed, and how, in one line."""
    kinds = ", ".join(f"{kind} {against.count(kind)}" for kind in _kinds(against))
    return f"{len(against.changes)} sentences are tagged differently{': ' * bool(kinds)}{kinds}"


def _kinds(against: "Against") -> "Iterable[str]":
    from slotfill.against import KINDS

    return [kind for kind in KINDS if against.count(kind)]


def _titles(against: "Against") -> dict[str, str]:
    titles = {}
    for kind in _kinds(against):
        count = against.count(kind)
        first = f"; the first {_SHOWN}, --errors FILE has all" if count > _SHOWN else ""
        titles[kind] = f"{kind}: {count} sentence{'' if count == 1 else 's'}{first}"
    return titles


def _lines(change: "Change") -> "Iterable[str]":
    from slotfill.against import lines_of

    lines = lines_of(change)
    return [f"{sign} {lines[key]}\n" for sign, key in (("-", "gold"), ("<", "before"), ("+", "after"))]


def _figures(against: "Against", *, model: str, source: str) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from slotfill.significance import written

    rows = Table(box=SIMPLE_HEAD, title=f"{model} against {against.name} on {source}", title_justify="left")
    rows.title_style = "bold"
    rows.add_column("", no_wrap=True)
    for heading in ("before", "now", "difference", "improved", "broke", "p"):
        rows.add_column(heading, justify="right", no_wrap=True)
    before, after = against.slot_f1
    rows.add_row("slot F1", f"{before:.4f}", f"{after:.4f}", f"{against.f1.value:+.4f}", "", "", written(against.f1.p))
    for name, paired in (("sentences right", against.sentences), ("intents right", against.intents)):
        if paired is not None:
            change = f"{paired.after - paired.before:+.4f}"
            counts = str(paired.improved), str(paired.broke)
            rows.add_row(name, f"{paired.before:.4f}", f"{paired.after:.4f}", change, *counts, written(paired.p))
    return rows
