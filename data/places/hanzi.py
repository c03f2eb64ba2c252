"""Make `slotfill/hanzi.txt`, the traditional characters with the simplified ones that they become (`make places`).

The source is OpenCC's table of single characters (Apache-2.0), in the package that data/places/requirements.txt pins.
Of several simplified forms, the first is the usual one. Characters outside the block of the common 20,000 are left out.
"""

from pathlib import Path

import opencc

TABLE = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
HANZI = Path(__file__).parent.parent.parent / "slotfill" / "hanzi.txt"
A_LINE = 40  # pairs


def is_usual(character: str) -> bool:
    """Say whether a character is in the block of the common ones."""
    return len(character) == 1 and "\u4e00" <= character <= "\u9fff"


def build() -> str:
    """The pairs, forty on a line, in the order of their code points."""
    rows = [line.partition("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    table = {one: other.split(" ")[0] for one, _, other in rows if is_usual(one) and is_usual(other.split(" ")[0])}
    table = {one: other for one, other in table.items() if one != other}
    pairs = [one + table.get(other, other) for one, other in sorted(table.items())]  # 薴 becomes 苧, which becomes 苎
    return "\n".join("".join(pairs[n : n + A_LINE]) for n in range(0, len(pairs), A_LINE)) + "\n"


if __name__ == "__main__":
    HANZI.write_text(build(), encoding="utf-8")
