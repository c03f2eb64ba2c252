import struct
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from slotfill.errors import InputError, MissingExtraError
from slotfill.inside import Group, Strip, by_difference, by_peak, shown
from slotfill.plots import check, decay_curves, distance_curves, save, unit_maps

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float32]

TOKENS = ["arrive", "Taipei", "$5", "東京", "<b>", "&"]  # what no mark-up and no font may stumble over


def group(parts: dict[str, Array], *, cell: str = "0.forward", tokens: list[str] | None = None) -> Group:
    tokens = tokens or [str(number) for number in range(len(parts["h"]))]
    return Group(cell, [Strip("", tokens, shown(parts), by_peak(parts))])


def lstm() -> "Figure":
    rng = np.random.default_rng(1)
    cells = ("0.forward", "0.backward")
    random = {cell: {name: rng.random((len(TOKENS), 7), dtype=np.float32) for name in "gifoch"} for cell in cells}
    return unit_maps([group(parts, cell=cell, tokens=TOKENS) for cell, parts in random.items()])


def curves() -> "Figure":
    return decay_curves({"elman": [1, 0.1, 0.01], "lstm <b> & $x$": [1, 0.9]})


# --- files -----------------------------------------------------------------------------------------


def size_of_png(data: bytes) -> tuple[int, int]:
    """Check every part's sum, and that the pixels are all there."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, kinds, pixels, size = 8, [], b"", (0, 0)
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.pack(">I", zlib.crc32(kind + content)) == data[place + 8 + length : place + 12 + length]
        kinds.append(kind)
        if kind == b"IHDR":
            size = struct.unpack(">II", content[:8])
        elif kind == b"IDAT":
            pixels += content
        place += 12 + length
    assert kinds[-1] == b"IEND"
    assert len(zlib.decompress(pixels)) == size[1] * (1 + 4 * size[0])  # RGBA, and a filter byte a line
    return size


@pytest.mark.parametrize("draw", [lstm, curves])
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_same_figure_has_the_same_bytes(suffix: str, draw: "Callable[[], Figure]", tmp_path: Path) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    save(draw(), one)
    save(draw(), other)
    data = one.read_bytes()
    assert data == other.read_bytes()
    assert 1000 < len(data) < 200_000
    if suffix == ".png":
        width, height = size_of_png(data)
        assert 300 < width < 2000
        assert 300 < height < 2000
    else:
        assert ElementTree.fromstring(data).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("name", ["plot.pdf", "plot", "plot.PNG", ".png"])
def test_other_suffixes_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for refuse in (partial(save, curves()), check):
        with pytest.raises(InputError) as caught:
            refuse(path)
        assert str(caught.value) == f"{path}: a plot is a .png or an .svg file"
    assert not path.exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "plot.svg"
    with pytest.raises(InputError) as caught:
        save(curves(), path)
    assert str(caught.value) == f"{path}: cannot be written: No such file or directory"


def test_without_matplotlib_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for draw in (lstm, curves, lambda: check(tmp_path / "plot.png")):
        with pytest.raises(MissingExtraError) as caught:
            draw()
        message = 'plotting needs packages that are not installed: run `pip install "slotfill[plots]"`'
        assert str(caught.value) == message


# --- unit maps -------------------------------------------------------------------------------------


def maps(figure: "Figure") -> dict[str, Array]:
    """The pictures by their row and title, without the colour bars: (U, T)."""
    found, row = {}, ""
    for axes in figure.axes:
        if axes.images:
            row = axes.get_ylabel() or row
            found[f"{row}: {axes.get_title()}"] = np.asarray(axes.images[0].get_array(), dtype=np.float32)
    return found


def test_there_is_a_map_for_each_part_of_each_cell() -> None:
    figure = lstm()
    names = ("input gate i", "forget gate f", "output gate o", "candidate g", "memory tanh(c)", "state h")
    assert list(maps(figure)) == [f"layer 1, {direction}: {n}" for direction in ("forward", "backward") for n in names]
    labelled = [[label.get_text() for label in axes.get_xticklabels()] for axes in figure.axes if axes.images]
    assert labelled == [[token.replace("$", r"\$") for token in TOKENS]] * 12


def test_a_unit_is_a_row_and_a_token_a_column() -> None:
    state = np.array([[0.1, -0.9, 0.3, 0.2], [0.5, 0.2, -0.8, 0.1], [0.2, 0.1, 0.1, 0.9]], dtype=np.float32)
    figure = unit_maps([group({"c": state, "i": abs(state), "h": state})])
    found = maps(figure)
    # unit 1 is at its largest at token 0, units 0 and 2 at token 1 (the smaller value first), unit 3 at token 2
    order = [1, 2, 0, 3]
    assert found["layer 1, forward: input gate i"] == pytest.approx(abs(state[:, order].T))
    assert found["layer 1, forward: memory tanh(c)"] == pytest.approx(np.tanh(state[:, order].T))
    assert [axes.images[0].get_clim() for axes in figure.axes if axes.get_title()] == [(0, 1), (-1, 1), (-1, 1)]


def test_a_difference_has_a_scale_that_is_twice_as_long() -> None:
    state = np.array([[0.5, -0.5]], dtype=np.float32)
    strips = [
        Strip("one", ["a"], {"h": state}, by_difference({"h": state})),
        Strip("difference", ["a"], {"f": 2 * state, "h": 4 * state}, by_difference({"h": state}), is_difference=True),
    ]
    figure = unit_maps([Group("0.forward", strips)])
    assert [axes.images[0].get_clim() for axes in figure.axes if axes.get_title()] == [(-1, 1), (-1, 1), (-2, 2)]
    assert list(maps(figure)) == [
        "layer 1, forward\none: state h",
        "layer 1, forward\ndifference: forget gate f",
        "layer 1, forward\ndifference: state h",
    ]


def test_the_outputs_of_a_jordan_net_have_the_names_of_tags() -> None:
    parts = {"h": np.ones((1, 3), dtype=np.float32), "y": np.array([[0.2, 0.8]], dtype=np.float32)}
    figure = unit_maps([Group("0.forward", [Strip("", ["a"], shown(parts), by_peak(parts), ("O", "B-x"))])])
    (axes,) = (axes for axes in figure.axes if axes.get_title() == "output y")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["B-x", "O"]


def test_without_a_cell_there_is_no_map() -> None:
    with pytest.raises(InputError, match=r"^there is no cell to look into: nothing to plot$"):
        unit_maps([])


def test_a_text_that_no_picture_holds() -> None:
    rows = np.zeros((1001, 2), dtype=np.float32)
    with pytest.raises(InputError, match=r"^a plot has room for 1000 tokens of this network, not for 1001$"):
        unit_maps([group({"c": rows, "h": rows}, tokens=["a"] * 1001)])


# --- decay curves ----------------------------------------------------------------------------------


def test_each_net_has_a_line_over_the_distance() -> None:
    (axes,) = curves().axes
    assert axes.get_yscale() == "log"
    assert {str(line.get_label()): tuple(np.asarray(line.get_data()).tolist()) for line in axes.lines} == {
        "elman": ([1, 2, 3], [1, 0.1, 0.01]),
        "lstm <b> & $x$": ([1, 2], [1, 0.9]),
    }


def test_more_nets_than_markers() -> None:
    (axes,) = decay_curves({f"net {number}": [1, 0.5] for number in range(20)}).axes
    assert len(axes.lines) == 20


def test_no_curve_no_plot() -> None:
    with pytest.raises(InputError, match=r"^none of these nets remembers anything: nothing to plot$"):
        decay_curves({})


# --- distance curves -------------------------------------------------------------------------------


def test_each_net_has_its_share_over_the_distance() -> None:
    points = {"elman": [(0, 1.0, 0.0), (20, 0.5, 0.1)], "lstm": [(0, 1.0, 0.0), (20, 0.9, 0.2)]}
    (axes,) = distance_curves(points, caption="learnt at each distance (2 seeds)").axes
    assert axes.get_title() == "learnt at each distance (2 seeds)"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "20"]
    lines = {str(line.get_label()): np.asarray(line.get_data()).tolist() for line in axes.lines[:2]}
    assert lines == {"elman": [[0, 20], [1, 0.5]], "lstm": [[0, 20], [1, 0.9]]}
    assert np.asarray(axes.lines[2].get_ydata()).tolist() == [0.5, 0.5]  # what a guess gives
    highest = [band.get_paths()[0].get_extents().y1 for band in axes.collections]
    assert highest == pytest.approx([1.0, 1.0])  # no share is above 1
