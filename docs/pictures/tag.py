"""Draw docs/pictures/tag.svg: what `slotfill tag` prints on a terminal (`python docs/pictures/tag.py`)."""

import os
import pty
import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

COMMAND = ["tag", "--now", "2026-11-20T09:00", "leave Boston for Taipei next friday before noon"]
COLUMNS = 90
WITHOUT_FONTS = re.sub(r"@font-face \{\{.*?\n    \}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)  # they are fetched


def printed() -> str:
    """The output of the command on a terminal, with its colours."""
    chunks = []

    def keep(descriptor: int) -> bytes:
        chunks.append(os.read(descriptor, 4096))
        return b""

    os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    pty.spawn([sys.executable, "-m", "slotfill", *COMMAND], keep)
    return b"".join(chunks).decode().replace("\r\n", "\n").rstrip()


def main() -> None:
    """Write the picture."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere)
        *options, text = COMMAND
        console.print(Text(f'$ slotfill {" ".join(options)} "{text}"', style="bold"))
        console.print(Text.from_ansi(printed()))
        svg = console.export_svg(title="slotfill tag", code_format=WITHOUT_FONTS, unique_id="tag")
    Path(__file__).with_name("tag.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
