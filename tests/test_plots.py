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
from slotfill.plots import check, decay_curves, gate_maps, save

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float32]

TOKENS = ["arrive", "Taipei", "$5", "東京", "<b>", "&"]  # what no mark-up and no font may stumble over


def gates(letters: str, *, cells: tuple[str, ...] = ("0.forward", "0.backward")) -> dict[str, dict[str, Array]]:
    rng = np.random.default_rng(1)
    return {cell: {name: rng.random((len(TOKENS), 7), dtype=np.float32) for name in letters} for cell in cells}


def lstm() -> "Figure":
    return gate_maps(gates("gifoc"), tokens=TOKENS)


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


# --- gate maps -------------------------------------------------------------------------------------


def maps(figure: "Figure") -> dict[str, Array]:
    """The pictures by their titles, without the colour bars."""
    return {
        axes.get_title(): np.asarray(axes.images[0].get_array(), dtype=np.float32)
        for axes in figure.axes
        if axes.images
    }


def test_there_is_a_map_for_each_gate_of_each_cell() -> None:
    figure = lstm()
    assert list(maps(figure)) == [
        f"{gate}, layer 1 {direction}"
        for direction in ("forward", "backward")
        for gate in ("input gate", "forget gate", "output gate", "cell state (tanh)")
    ]
    labelled = [[label.get_text() for label in axes.get_yticklabels()] for axes in figure.axes if axes.images]
    assert labelled == [TOKENS, *[[""] * len(TOKENS)] * 3] * 2


def test_a_gru_has_other_gates() -> None:
    figure = gate_maps(gates("rzn", cells=("1.backward",)), tokens=TOKENS)
    assert list(maps(figure)) == [f"{gate}, layer 2 backward" for gate in ("reset gate", "update gate", "candidate")]


def test_a_grus_candidate_is_shown_as_it_is() -> None:
    """It comes out of a tanh already, while an LSTM's cell state may be of any size."""
    candidate = np.array([[0.9, -0.25], [-0.5, 1.0]], dtype=np.float32)
    figure = gate_maps({"0.forward": {"z": abs(candidate), "n": candidate}}, tokens=["a", "b"])
    found = maps(figure)
    assert (found["candidate, layer 1 forward"] == candidate).all()
    assert (found["update gate, layer 1 forward"] == abs(candidate)).all()
    assert [axes.images[0].get_clim() for axes in figure.axes if axes.get_title()] == [(0, 1), (-1, 1)]


def test_units_stand_in_one_order_by_the_token_of_their_largest_state() -> None:
    state = np.array([[0.1, -0.9, 0.3, 0.2], [0.5, 0.2, -0.8, 0.1], [0.2, 0.1, 0.1, 0.9]], dtype=np.float32)
    of_units = np.tile(np.array([0, 0.1, 0.2, 0.3], dtype=np.float32), (3, 1))
    found = maps(gate_maps({"0.forward": {"i": of_units, "c": state}}, tokens=["a", "b", "c"]))
    # unit 1 is at its largest at token 0, units 0 and 2 at token 1 (the smaller value first), unit 3 at token 2
    order = [1, 2, 0, 3]
    assert found["input gate, layer 1 forward"][0].tolist() == pytest.approx([number / 10 for number in order])
    assert found["cell state (tanh), layer 1 forward"] == pytest.approx(np.tanh(state[:, order]))


def test_a_cell_without_gates_has_no_map() -> None:
    with pytest.raises(InputError, match=r"^this network's cell has no gates: nothing to plot$"):
        gate_maps({"0.forward": {}}, tokens=TOKENS)


def test_a_text_that_no_picture_holds() -> None:
    rows = np.zeros((1001, 2), dtype=np.float32)
    with pytest.raises(InputError, match=r"^a plot has room for 1000 tokens of this network, not for 1001$"):
        gate_maps({cell: {"c": rows} for cell in ("0.forward", "0.backward")}, tokens=["a"] * 1001)


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
