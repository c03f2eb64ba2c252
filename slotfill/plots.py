"""Arrays -> matplotlib figures (extra `plots`)."""

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from slotfill.errors import InputError, MissingExtraError
from slotfill.files import writing
from slotfill.fonts import fonts_for
from slotfill.inside import LETTERS, PARTS, Group, Strip, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

_WIDEST = 2000  # token columns of all maps side by side; beyond, older matplotlib stops at 65,536 pixels
_INCHES_A_TOKEN = 0.2
_MOST_NUMBERED = 40  # units; the numbers of more have no room


def unit_maps(groups: Sequence[Group]) -> "Figure":
    """Heat maps of gates and states over time: a row for each unit, a column for each token.

    The maps of one cell stand side by side, and what it is compared with below them: with the same order of the units
    and the same scale. Gates range from 0 (shut) to 1 (open), states and candidates from -1 to 1, c as tanh(c). Raises
    InputError if there are no cells or too many tokens, MissingExtraError without matplotlib. Characters that no font
    here has are boxes: slotfill/fonts.py names them.
    """
    new_figure = _figure_class()
    strips = [strip for group in groups for strip in group.strips]
    if not strips:
        raise InputError("there is no cell to look into: nothing to plot")
    longest = max(len(strip.tokens) for strip in strips)
    columns = max(len(strip.parts) for strip in strips)
    if longest * columns > _WIDEST:
        raise InputError(f"a plot has room for {_WIDEST // columns} tokens of this network, not for {longest}")
    tallest = max(len(token) for strip in strips for token in strip.tokens)
    width = max(1.5, _INCHES_A_TOKEN * longest + 0.4)
    size = (width * columns + 0.9, (2.4 + 0.07 * min(tallest, 20)) * len(strips) + 0.6)
    figure = new_figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(strips), columns, squeeze=False)
    family = list(fonts_for(texts_of(groups)).families)
    pictures: dict[tuple[float, float], AxesImage] = {}  # one for each scale
    rows = iter(grid)
    for group in groups:
        for strip in group.strips:
            row = next(rows)
            for axes, part in zip(row, strip.parts, strict=False):
                pictures[strip.scale(part)] = _draw_map(axes, strip, part, family=family)
            for axes in row[len(strip.parts) :]:
                axes.set_axis_off()
            name = f"{title_of(group.cell)}\n{_cut(strip.title)}" if strip.title else title_of(group.cell)
            row[0].set_ylabel(name, fontsize=8, family=family)
    for number, (scale, picture) in enumerate(sorted(pictures.items(), reverse=True)):
        beside = list(grid[min(number, len(grid) - 1)])  # a bar a row, as far as there are rows
        bar = figure.colorbar(picture, ax=beside, fraction=0.03, pad=0.01)
        bar.ax.tick_params(labelsize=7)
        bar.set_label(_legend(strips, scale), fontsize=7)
    return figure


def _legend(strips: Sequence[Strip], scale: tuple[float, float]) -> str:
    """What has this scale: `candidate, state h`."""
    drawn = [(part, strip) for part in PARTS for strip in strips if part in strip.parts]
    named = [
        f"differences of {_title(part)}" if strip.is_difference else _title(part)
        for part, strip in drawn
        if strip.scale(part) == scale
    ]
    return ",\n".join(dict.fromkeys(named))


def _title(part: str) -> str:
    """`forget gate f`, `memory tanh(c)`."""
    return f"{PARTS[part].title} {LETTERS.get(part, part)}"


def _draw_map(axes: "Axes", strip: Strip, part: str, *, family: Sequence[str]) -> "AxesImage":
    low, high = strip.scale(part)
    order = strip.order(part)
    picture = axes.imshow(
        strip.parts[part][:, order].T,
        aspect="auto",
        interpolation="nearest",
        cmap="RdBu_r" if low < 0 else "viridis",
        vmin=low,
        vmax=high,
    )
    axes.set_title(_title(part), fontsize=8)
    tokens = [_cut(token) for token in strip.tokens]
    axes.set_xticks(range(len(tokens)), tokens, fontsize=7, rotation=90, family=family)
    is_first = part == next(iter(strip.parts))
    if (strip.names and part == "y") or (is_first and len(order) <= _MOST_NUMBERED):
        axes.set_yticks(range(len(order)), [_cut(strip.label(part, unit)) for unit in order.tolist()], fontsize=5)
    else:
        axes.set_yticks([])
    return picture


def texts_of(groups: Sequence[Group]) -> list[str]:
    """The texts that a picture of these shows, beside its English."""
    return [_cut(text) for group in groups for strip in group.strips for text in (strip.title, *strip.tokens)]


def _cut(text: str) -> str:
    """A text that can stand beside a map: not too long, without what moves a cursor, and with no formula after a $."""
    text = "".join(character if character.isprintable() else "?" for character in text)
    return (f"{text[:27]}..." if len(text) > 30 else text).replace("$", r"\$")


def decay_curves(curves: Mapping[str, Sequence[float]]) -> "Figure":
    """How the gradient of each net decays: values at the distances k = 1, 2, ..., on a logarithmic axis.

    Raises InputError without a net, MissingExtraError without matplotlib.
    """
    if not curves:
        raise InputError("none of these nets remembers anything: nothing to plot")
    figure = _figure_class()(figsize=(6, 3.6), layout="constrained")
    axes = figure.subplots()
    for (name, values), marker in zip(curves.items(), "osD^vPX*" * len(curves), strict=False):
        axes.plot(range(1, len(values) + 1), values, marker=marker, markersize=4, label=name)
    axes.set_yscale("log")
    lowest = min(min(values) for values in curves.values() if len(values))
    axes.set_ylim(bottom=max(lowest / 2, 1e-6))  # below a millionth there is nothing to see
    axes.set_xlabel("distance k in tokens")
    axes.set_ylabel("|| d h_T / d s_{T-k} ||, as a share of k = 1")
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8)
    return figure


def distance_curves(curves: Mapping[str, Sequence[tuple[int, float, float]]], *, caption: str) -> "Figure":
    """The share of slots that each net has right, over the distance: (distance, mean, standard deviation) for each.

    A dashed line shows what guessing the verb gives. Distances are on a scale that is linear up to 5 words and
    logarithmic beyond. Raises MissingExtraError without matplotlib.
    """
    figure = _figure_class()(figsize=(6.4, 3.8), layout="constrained")
    axes = figure.subplots()
    widths = range(len(curves), 0, -1)  # of curves that lie one upon another, all are seen
    for (name, points), marker, width in zip(curves.items(), "osD^vPX*" * len(curves), widths, strict=False):
        distances, means, spreads = (list(values) for values in zip(*points, strict=True))
        (line,) = axes.plot(
            distances, means, label=name, marker=marker, markersize=4 + width, linewidth=0.8 + 0.9 * width
        )
        low = [max(0.0, mean - spread) for mean, spread in zip(means, spreads, strict=True)]
        high = [min(1.0, mean + spread) for mean, spread in zip(means, spreads, strict=True)]
        axes.fill_between(distances, low, high, color=line.get_color(), alpha=0.15, linewidth=0)
    asked = sorted({distance for points in curves.values() for distance, _, _ in points})
    axes.axhline(0.5, color="grey", linestyle="--", linewidth=1)
    axes.text(asked[0], 0.505, "a guess", color="grey", fontsize=8, va="bottom")
    axes.set_xscale("symlog", linthresh=5)
    axes.set_xticks(asked, [str(distance) for distance in asked])
    axes.minorticks_off()
    axes.set_xlim(asked[0] - 0.4, 1.1 * asked[-1] + 0.4)
    axes.set_ylim(-0.02, 1.04)
    axes.set_xlabel("neutral words between")
    axes.set_ylabel("share of slots right")
    axes.set_title(caption, fontsize=9)
    axes.grid(visible=True, alpha=0.3)
    axes.legend(fontsize=8, loc="lower left")
    return figure


def check(path: Path) -> None:
    """Raise the InputError or MissingExtraError of `save` before any work is done."""
    if path.suffix not in (".png", ".svg"):
        raise InputError(f"{path}: a plot is a .png or an .svg file")
    _figure_class()


def save(figure: "Figure", path: Path) -> None:
    """Write a figure as .png or .svg, by the suffix of the path. Raises InputError, MissingExtraError."""
    check(path)
    from matplotlib import rc_context

    # without date, version and random names, so that the same figure has the same bytes
    metadata = {"Date": None} if path.suffix == ".svg" else {"Software": None}
    with writing(path) as stream, rc_context({"svg.hashsalt": "slotfill"}), _no_complaints_of_fonts():
        figure.savefig(stream, format=path.suffix[1:], dpi=110, metadata=metadata)


@contextmanager
def _no_complaints_of_fonts() -> Iterator[None]:
    """What no font has is drawn as boxes, of which fonts.py tells; and a font may have no face of the usual weight."""
    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(_is_error)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")
            yield
    finally:
        log.removeFilter(_is_error)


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def _figure_class() -> "type[Figure]":
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise MissingExtraError("plotting", extra="plots") from None
    return Figure
