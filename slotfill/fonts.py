"""Which of the fonts here can draw a text (extra `plots`).

matplotlib's own font has Latin, Greek, Cyrillic and a few more; all other characters would be empty boxes. What a font
has is asked of the font, so that this holds for any script, whatever the font is called.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_OWN = "sans-serif"  # matplotlib's name for its own
# The families that are tried first, by how they begin: plain faces whose strokes are even in small sizes. An order is
# needed, since a Chinese sentence may be in dozens of fonts, and with one of these the others need not be opened.
_FIRST = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "WenQuanYi",
    "Noto Sans CJK",
    "Noto Sans",
    "SimHei",
    "Heiti",
)
# Families with pictures, or with other characters than their numbers say; matplotlib's own mathematics is among them.
_UNFIT = ("Last Resort", ".LastResort", "STIXNonUnicode", "STIXSiz", "cm", "Apple Color Emoji", "Noto Color Emoji")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


class Choice(NamedTuple):
    """The families that a text is drawn with, and the characters that none of the fonts here has."""

    families: tuple[str, ...]  # matplotlib's own first, for `family=`
    lacking: str


def choose(characters: Iterable[str], families: Sequence[str], has: Callable[[str], Collection[int]]) -> Choice:
    """The first of `families`, and of the others as few as have all that it lacks; `has` gives a family's code points.

    >>> choose("a台北ก", ["Plain", "Thai", "Chinese"], {"Plain": [97], "Thai": [3585], "Chinese": [21488]}.__getitem__)
    Choice(families=('Plain', 'Chinese', 'Thai'), lacking='北')
    """
    own = has(families[0])
    lacking = {ord(one): one for one in characters if not _is_invisible(one) and ord(one) not in own}
    chosen = [families[0]]
    found: dict[str, set[int]] = {}
    for family in families[1:] if lacking else ():
        codes = has(family)
        found[family] = {code for code in lacking if code in codes}
        if len(found[family]) == len(lacking):
            break  # the others need not be opened
    while lacking and found:
        best = max(found, key=lambda family: len(found[family] & lacking.keys()))
        if not found[best] & lacking.keys():
            break
        chosen.append(best)
        lacking = {code: one for code, one in lacking.items() if code not in found[best]}
    return Choice(tuple(chosen), "".join(lacking.values()))


def fonts_for(texts: Iterable[str]) -> Choice:
    """The families with which matplotlib draws these texts here. Raises ImportError without matplotlib.

    >>> fonts_for(["Zürich"])
    Choice(families=('sans-serif',), lacking='')
    """
    return _fonts_for("".join(dict.fromkeys("".join(texts))))


@lru_cache(maxsize=1)
def _fonts_for(characters: str) -> Choice:
    from matplotlib.font_manager import FontProperties, findfont

    files = _installed()
    own = findfont(FontProperties(family=[_OWN]))
    return choose(characters, [_OWN, *files], lambda family: _code_points(files.get(family, own)))


def _installed() -> Mapping[str, str]:
    """The families that matplotlib knows, in the order in which they are tried, with the file of their upright face."""
    from matplotlib.font_manager import fontManager

    fonts = [font for font in fontManager.ttflist if font.style == "normal" and not font.name.startswith(_UNFIT)]
    fonts.sort(key=lambda font: (_rank(font.name), font.name, font.fname))
    return {font.name: font.fname for font in fonts}


def _rank(name: str) -> int:
    return next((rank for rank, start in enumerate(_FIRST) if name.startswith(start)), len(_FIRST))


def _code_points(file: str) -> Collection[int]:
    from matplotlib.font_manager import get_font

    try:
        return get_font(file).get_charmap()
    except (OSError, RuntimeError):  # removed since matplotlib made its list, or broken
        return ()


def _is_invisible(character: str) -> bool:
    """Spaces, controls, joiners and variation selectors: nobody misses them."""
    return unicodedata.category(character) in ("Zs", "Cc", "Cf") or "\ufe00" <= character <= "\ufe0f"


def advice(lacking: str) -> str:
    """One line on characters that no font here has, and on what brings one.

    >>> advice("台北")
    'no font here has 台北: they are drawn as boxes; a package such as fonts-noto-cjk brings one'
    """
    shown = lacking if len(lacking) <= _MOST else f"{lacking[:_MOST]} and {len(lacking) - _MOST} more"
    return f"no font here has {shown}: they are drawn as boxes; a package such as {_package(lacking[0])} brings one"


_MOST = 12  # characters that the line shows


def _package(character: str) -> str:
    """The package of Debian and Ubuntu; others have it under names that resemble this one."""
    if unicodedata.category(character)[0] == "S":
        return "fonts-symbola"
    return "fonts-noto-cjk" if unicodedata.name(character, "").startswith(_EAST_ASIAN) else "fonts-noto-core"
