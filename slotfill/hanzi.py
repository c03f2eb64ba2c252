"""Chinese characters: whether a text is of them, and its plain form, by which rules and tables know it.

`simplified.txt`, made by `data/simplified/characters.py` from OpenCC's tables, has pairs of a traditional character and
its simplified one. It is read when the first text is made plain.
"""

import os.path
import re
from functools import cache

_LATIN = re.compile("[A-Za-z]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}  # full-width signs, digits, letters


def has_han(text: str) -> bool:
    """Say whether a text has a Chinese character.

    >>> has_han("到台北"), has_han("São Paulo")
    (True, False)
    """
    return not text.isascii() and _han().search(text) is not None


def is_chinese(text: str) -> bool:
    """Say whether a text has at least as many Chinese characters as words in Latin letters.

    >>> is_chinese("飞往New York"), is_chinese("a flight to 台北 please")
    (True, False)
    """
    return not text.isascii() and len(_han().findall(text)) >= max(1, len(_LATIN.findall(text)))


@cache
def _han() -> re.Pattern[str]:
    """A Chinese character; compiling takes 1 ms, which a sentence in ASCII need not wait for."""
    return re.compile("[\u3007\u4e00-\u9fff]")


def simplified(text: str) -> str:
    """The text with simplified characters; it has the same length, so that offsets stay.

    >>> simplified("從臺北出發")
    '从台北出发'
    """
    return text.translate(table())


def plain(text: str) -> str:
    """The text simplified, in lower case, with signs and digits of ordinary width; it has the same length.

    >>> plain("下週五１８：００")
    '下周五18:00'
    """
    return "".join([c.lower() if len(c.lower()) == 1 else c for c in simplified(text).translate(_WIDE)])


def is_traditional(text: str) -> bool:
    """Say whether a text has a character that is not simplified.

    >>> is_traditional("下週五"), is_traditional("下周五")
    (True, False)
    """
    return simplified(text) != text


@cache
def table() -> dict[int, str]:
    """The simplified character for the code point of each traditional one, for `str.translate`.

    >>> table()[ord("臺")]
    '台'
    """
    with open(os.path.join(os.path.dirname(__file__), "simplified.txt"), encoding="utf-8") as file:
        return {ord(pair[0]): pair[1] for line in file if line[0] != "#" for pair in line.split()}
