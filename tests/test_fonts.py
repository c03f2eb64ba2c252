"""Fonts for characters that matplotlib's own font lacks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager

from slotfill import fonts
from slotfill.fonts import advice, choose, fonts_for
from slotfill.inside import Group, Strip, by_peak, shown
from slotfill.plots import save, unit_maps

FONTS = {  # what each of a machine's families has
    "Plain": "ab ",
    "Chinese": "台北上海",
    "Everything": "台北上海ไทย東京",
    "Thai": "ไทย",
}


def has(family: str) -> set[int]:
    return set(map(ord, FONTS[family]))


@pytest.mark.parametrize(
    ("text", "families", "lacking"),
    [
        ("ab ab", ["Plain"], ""),
        ("台北", ["Plain", "Chinese"], ""),  # the first that has all
        ("台北 ไทย", ["Plain", "Everything"], ""),  # one is better than two
        ("b\u200d\ufe0f\n", ["Plain"], ""),  # nobody sees these
        ("東й台", ["Plain", "Everything"], "й"),
        ("йц", ["Plain"], "йц"),  # in the order of the text
    ],
)
def test_as_few_families_as_have_all(text: str, families: list[str], lacking: str) -> None:
    assert choose(text, [*FONTS], has) == (tuple(families), lacking)


@given(st.text(alphabet="ab台ไทй東"), st.permutations([*FONTS][1:]))
def test_what_is_lacking_is_in_no_font(text: str, others: list[str]) -> None:
    choice = choose(text, ["Plain", *others], has)
    drawn = set().union(*map(has, choice.families))
    assert {*choice.lacking} == {one for one in text if not any(ord(one) in has(family) for family in FONTS)}
    assert all(ord(one) in drawn for one in text if one not in choice.lacking)


def test_fonts_that_are_not_needed_are_not_opened() -> None:
    opened: list[str] = []

    def watched(family: str) -> set[int]:
        opened.append(family)
        return has(family)

    choose("a", [*FONTS], watched)
    choose("台", [*FONTS], watched)
    assert opened == ["Plain", "Plain", "Chinese"]


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("台", "no font here has 台: they are drawn as boxes; a package such as fonts-noto-cjk brings one"),
        ("か台", "fonts-noto-cjk"),
        ("ไ", "fonts-noto-core"),
        ("🛫", "fonts-symbola"),
        ("台" * 20, f"no font here has {'台' * 12} and 8 more: "),
    ],
)
def test_the_line_says_which_package_brings_a_font(lacking: str, said: str) -> None:
    assert said in advice(lacking)


def write_font(path: Path, *, family: str, characters: str) -> None:
    """A font in which every character is a square."""
    glyphs = [".notdef", *(f"u{ord(one):04X}" for one in characters)]
    pen = TTGlyphPen(None)
    for act, *point in (("moveTo", 0, 0), ("lineTo", 0, 700), ("lineTo", 700, 700), ("lineTo", 700, 0)):
        getattr(pen, act)(tuple(point))
    pen.closePath()
    square = pen.glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap({ord(one): f"u{ord(one):04X}" for one in characters})
    font.setupGlyf(dict.fromkeys(glyphs, square))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (800, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family})
    font.setupOS2(sTypoAscender=800, usWeightClass=500)  # as WenQuanYi, of which matplotlib complains
    font.setupPost()
    font.save(path)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine with a font of two Chinese characters beside matplotlib's own; the family is called as its file."""
    path = tmp_path / f"{tmp_path.name}.ttf"  # another for each test, since matplotlib remembers where a family is
    write_font(path, family=path.stem, characters="台北")
    own = [font for font in font_manager.fontManager.ttflist if "mpl-data" in font.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    font_manager.fontManager.addfont(path)
    fonts._fonts_for.cache_clear()
    yield path
    fonts._fonts_for.cache_clear()


def test_a_font_that_is_there_is_found_by_what_it_has(installed: Path) -> None:
    assert fonts_for(["Zürich", "台", "北"]) == (("sans-serif", installed.stem), "")
    assert fonts_for(["台", "海"]) == (("sans-serif", installed.stem), "海")
    assert fonts_for(["arrive", "Zürich", "Łódź", "Москва"]) == (("sans-serif",), "")


def test_a_font_that_is_gone_is_left_out(installed: Path) -> None:
    installed.unlink()
    assert fonts_for(["台"]) == (("sans-serif",), "台")


def test_a_plot_uses_it(installed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Warnings are errors here, and matplotlib warns of a character that it draws as a box."""
    values = np.zeros((2, 3), dtype=np.float32)
    parts = {"i": values, "c": values, "h": values}
    figure = unit_maps([Group("0.forward", [Strip("", ["台北", "a"], shown(parts), by_peak(parts))])])
    families = [label.get_fontfamily() for axes in figure.axes if axes.images for label in axes.get_xticklabels()]
    assert ["sans-serif", installed.stem] in families
    save(figure, tmp_path / "plot.svg")
    assert not caplog.records
    assert f'"#{installed.stem}-' in (tmp_path / "plot.svg").read_text(encoding="utf-8")
