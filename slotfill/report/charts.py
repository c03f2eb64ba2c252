"""Small charts as SVG, in the colours of the page; each says in words what it shows, and a table beside it has more.

A chart is 320 by 220 units, and as wide on the page as there is room for.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import accumulate
from typing import Any, NamedTuple

from slotfill.evaluation import Bin

_WIDTH, _HEIGHT = 320, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 10, 10, 34  # what the axes take
_POINTS = 400  # of a curve: more cannot be seen

Point = tuple[float, float]


class _Axes(NamedTuple):
    """What the two axes go from and to."""

    x: Point
    y: Point

    def at(self, point: Point) -> Point:
        """The place of a point in the chart."""
        (x_low, x_high), (y_low, y_high) = self
        across = (point[0] - x_low) / ((x_high - x_low) or 1)
        up = (point[1] - y_low) / ((y_high - y_low) or 1)
        return (_LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM))


def reliability(bins: Sequence[Bin], *, error: float) -> str:
    """How often slots are right, by how sure they are; one that means what it says lies on the diagonal.

    >>> "<circle" in reliability([Bin(0.9, 1.0, 20, 0.95, 0.9)], error=0.05)
    True

    After Niculescu-Mizil & Caruana (2005), "Predicting good probabilities with supervised learning".
    """
    if not bins:
        return ""
    axes = _Axes((0, 1), (0, 1))
    most = max(one.count for one in bins)
    dots = []
    for one in bins:
        x, y = axes.at((one.confidence, one.accuracy))
        said = f"{one.count:,} slots: {one.confidence:.4f} sure, {one.accuracy:.4f} right"
        radius = 3 + 6 * (one.count / most) ** 0.5
        dots.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{said}</title></circle>')
    diagonal = _line([axes.at((0, 0)), axes.at((1, 1))], "ideal")
    ticks = _ticks(axes, _TENTHS, _TENTHS)
    label = f"Reliability diagram: expected calibration error {error:.4f}; the table has the figures"
    chart = _chart(f"{diagonal}{''.join(dots)}{ticks}", label=label, x="how sure", y="right")
    return f"<figcaption>reliability, with an expected calibration error of {error:.4f}</figcaption>{chart}"


def risk_and_coverage(curves: Mapping[str, Sequence[tuple[float, bool]]]) -> str:
    """How much of what is found is wrong, if only the surest part of it is kept.

    >>> "<path" in risk_and_coverage({"slots": [(0.9, True), (0.6, False)]})
    True

    `curves` has for each line what was found: how sure it is, and whether it is right. After El-Yaniv & Wiener (2010),
    "On the foundations of noise-free selective classification".
    """
    lines = {name: risks_of(given) for name, given in curves.items() if given}
    if not lines:
        return ""
    highest = max(max(risk for _, risk in line) for line in lines.values())
    axes = _Axes((0, 1), (0, _rounded_up(highest)))
    drawn = "".join(
        _line([axes.at(point) for point in _thinned(line)], f"line-{number}")
        for number, line in enumerate(lines.values(), start=1)
    )
    said = ", ".join(
        f"{name}: {line[-1][1]:.4f} wrong of all, {_at(line, 0.8):.4f} of the surest 80 %"
        for name, line in lines.items()
    )
    label = f"Risk against coverage; {said}"
    parts = f"{drawn}{_ticks(axes, _TENTHS, _steps(axes.y))}"
    chart = _chart(parts, label=label, x="kept, the surest first", y="wrong")
    return f"<figcaption>risk against coverage</figcaption>{_legend(lines)}{chart}"


def risks_of(given: Sequence[tuple[float, bool]]) -> list[Point]:
    """The share that is kept, and the share of it that is wrong, from the surest one on; ties are kept together.

    >>> risks_of([(0.5, False), (0.9, True)])
    [(0.5, 0.0), (1.0, 0.5)]
    """
    ranked = sorted(given, key=lambda one: -one[0])
    wrong = accumulate(not is_right for _, is_right in ranked)
    points = []
    for kept, count in enumerate(wrong, start=1):
        if kept == len(ranked) or ranked[kept][0] != ranked[kept - 1][0]:
            points.append((kept / len(ranked), count / kept))
    return points


def learning_curve(histories: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    """Slot F1 and whole sentences on dev by epoch, of one training or of several; nothing of those without dev.

    >>> epoch = {"epoch": 1, "f1": 0.5, "sentence_accuracy": 0.4, "best": True}
    >>> "<path" in learning_curve([[epoch, {**epoch, "epoch": 2}]])
    True
    """
    histories = [history for history in histories if any(report["sentence_accuracy"] for report in history)]
    if not histories:
        return ""
    last = max(report["epoch"] for history in histories for report in history)
    axes = _Axes((1, max(last, 2)), (0, 1))
    names = {"f1": "slot F1 on dev", "sentence_accuracy": "sentences right on dev"}
    drawn = ""
    for history in histories:
        for number, key in enumerate(names, start=1):
            points = [axes.at((report["epoch"], report[key])) for report in history]
            drawn += _line(points, f"line-{number}")
        best = [report for report in history if report["best"]][-1:]
        for report in best:
            x, y = axes.at((report["epoch"], report["f1"]))
            drawn += (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>the best epoch, {report["epoch"]}</title></circle>'
            )
    label = f"Learning curve over {last} epochs; the table has the figures"
    epochs = [(float(epoch), str(epoch)) for epoch in _whole_steps(last)]
    return _legend(names.values()) + _chart(f"{drawn}{_ticks(axes, epochs, _TENTHS)}", label=label, x="epoch", y="")


_TENTHS = [(tenth / 10, f"{tenth / 10:.1f}") for tenth in range(0, 11, 2)]


def _steps(axis: Point) -> list[tuple[float, str]]:
    """Five steps of an axis from 0."""
    return [(axis[1] * step / 5, f"{axis[1] * step / 5:.3g}") for step in range(6)]


def _whole_steps(last: int) -> list[int]:
    """At most seven epochs to name."""
    step = next(size for unit in (1, 10, 100, 1000, 10_000) for size in (unit, 2 * unit, 5 * unit) if last / size <= 6)
    return [1, *range(step if step > 1 else 2, last + 1, step)]


def _rounded_up(highest: float) -> float:
    """The end of an axis of shares."""
    return next(end for end in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if highest <= end)


def _at(line: Sequence[Point], coverage: float) -> float:
    """The risk at the first point with at least so much coverage."""
    return next(risk for covered, risk in line if covered >= coverage)


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    step = max(1, len(points) // _POINTS)
    return [*points[::step], points[-1]]


def _line(points: Iterable[Point], kind: str) -> str:
    steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<path class="{kind}" d="M{steps}"/>'


def _ticks(axes: _Axes, xs: Iterable[tuple[float, str]], ys: Iterable[tuple[float, str]]) -> str:
    bottom = _HEIGHT - _BOTTOM
    parts = [f'<path class=axis d="M{_LEFT},{_TOP} {_LEFT},{bottom} {_WIDTH - _RIGHT},{bottom}"/>']
    for value, said in xs:
        x, _ = axes.at((value, axes.y[0]))
        parts.append(f'<text x="{x:.1f}" y="{bottom + 13}" text-anchor=middle>{said}</text>')
    for value, said in ys:
        _, y = axes.at((axes.x[0], value))
        parts.append(f'<text x="{_LEFT - 5}" y="{y + 3:.1f}" text-anchor=end>{said}</text>')
    return "".join(parts)


def _chart(inside: str, *, label: str, x: str, y: str) -> str:
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    titles = f'<text x="{middle}" y="{_HEIGHT - 5}" text-anchor=middle>{escape(x)}</text>'
    if y:
        up = (_TOP + _HEIGHT - _BOTTOM) / 2
        titles += f'<text transform="translate(9 {up}) rotate(-90)" text-anchor=middle>{escape(y)}</text>'
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg class=chart {size} role=img aria-label="{escape(label)}">{inside}{titles}</svg>'


def _legend(names: Iterable[str]) -> str:
    """The names of the lines, each beside a piece of its line."""
    entries = [
        f'<span><svg class=chart viewBox="0 0 24 8" aria-hidden=true><path class="line-{number}" d="M0,4 24,4"/></svg>'
        f"{escape(name)}</span>"
        for number, name in enumerate(names, start=1)
    ]
    return f"<p class=legend>{''.join(entries)}</p>" if len(entries) > 1 else ""
