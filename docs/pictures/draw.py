"""Draw the diagrams of docs/how-it-works.md, light or dark as the reader's screen is.

python docs/pictures/draw.py [FOLDER]
"""

import re
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

STYLE = """
  rect.page { fill: #ffffff } text { fill: #1f2328; font: 15px sans-serif; text-anchor: middle }
  text.small { font-size: 12.5px; fill: #59636e } text.left { text-anchor: start }
  .box { fill: #ddf4ff; stroke: #0969da; stroke-width: 1.5 } .gate { fill: #fff1c2; stroke: #9a6700; stroke-width: 1.5 }
  .end { fill: #f6f8fa; stroke: #818b98; stroke-width: 1.2 } .op { fill: #ffe3e0; stroke: #cf222e; stroke-width: 1.5 }
  .line { fill: none; stroke: #59636e; stroke-width: 1.5 } .belt { fill: none; stroke: #0969da; stroke-width: 4 }
  .back { fill: none; stroke: #cf222e; stroke-width: 1.5; stroke-dasharray: 5 3 }
  #tip path { fill: #59636e } #belt-tip path { fill: #0969da } #back-tip path { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    rect.page { fill: #0d1117 } text { fill: #f0f6fc } text.small { fill: #9198a1 }
    .box { fill: #0c2d6b; stroke: #58a6ff } .gate { fill: #3b2a00; stroke: #d29922 }
    .end { fill: #161b22; stroke: #6e7681 } .op { fill: #490b10; stroke: #ff7b72 }
    .line { stroke: #9198a1 } .belt { stroke: #58a6ff } .back { stroke: #ff7b72 }
    #tip path { fill: #9198a1 } #belt-tip path { fill: #58a6ff } #back-tip path { fill: #ff7b72 }
  }
"""
TIPS = "".join(
    f'<marker id="{name}" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto" '
    'markerUnits="userSpaceOnUse">'
    '<path d="M0,0 L9,4 L0,8 z"/></marker>'
    for name in ("tip", "belt-tip", "back-tip")
)
TOKENS = ("arrive", "Taipei", "on", "November", "2nd")
TAGS = ("O", "to", "O", "arrival", "arrival")


class Picture:
    """An SVG of so many pixels; y grows downward."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.size = width, height
        self.title = title
        self.parts: list[str] = []

    def box(self, x: float, y: float, text: str, *, kind: str = "box", width: float = 46, height: float = 34) -> None:
        """A rounded box around (x, y)."""
        left, top = x - width / 2, y - height / 2
        self.parts.append(f'<rect class="{kind}" x="{left}" y="{top}" width="{width}" height="{height}" rx="7"/>')
        self.text(x, y, text)

    def op(self, x: float, y: float, text: str) -> None:
        """A small circle: what is done unit by unit."""
        self.parts.append(f'<circle class="op" cx="{x}" cy="{y}" r="13"/>')
        self.text(x, y, text)

    def text(self, x: float, y: float, text: str, kind: str = "") -> None:
        """Centred text; `h_{t-1}` has a subscript, `z^i` a superscript."""
        pieces = []
        for plain, sign, braced, bare in re.findall(r"([^_^]*)(?:([_^])(?:\{([^}]+)\}|([^_^\s]+)))?", text):
            pieces.append(escape(plain))
            if sign:
                shift = 4 if sign == "_" else -6
                marked = escape((braced or bare).replace("-", "\N{MINUS SIGN}"))
                pieces.append(
                    f'<tspan dy="{shift}" font-size="75%">{marked}</tspan><tspan dy="{-shift}">&#8203;</tspan>'
                )
        self.parts.append(
            f'<text{f" class={chr(34)}{kind}{chr(34)}" if kind else ""} x="{x}" y="{y + 5}">{"".join(pieces)}</text>'
        )

    def arrow(self, *points: tuple[float, float], kind: str = "line") -> None:
        """A line through these points, with a tip."""
        tip = {"line": "tip", "belt": "belt-tip", "back": "back-tip"}[kind]
        self.line(*points, kind=kind, tip=f' marker-end="url(#{tip})"')

    def line(self, *points: tuple[float, float], kind: str = "line", tip: str = "") -> None:
        """A line without a tip."""
        way = " L".join(f"{x},{y}" for x, y in points)
        self.parts.append(f'<path class="{kind}" d="M{way}"{tip}/>')

    def __str__(self) -> str:
        """The SVG."""
        width, height = self.size
        body = "\n".join(self.parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img">\n<title>{escape(self.title)}</title>\n<style>{STYLE}</style>\n<defs>{TIPS}</defs>\n'
            f'<rect class="page" width="{width}" height="{height}" rx="10"/>\n{body}\n</svg>\n'
        )


def columns(count: int, *, first: float, step: float) -> Sequence[float]:
    """Where the tokens stand."""
    return [first + step * number for number in range(count)]


def unrolled() -> Picture:
    """A recurrent net as a loop, and the same net with a copy for each token."""
    picture = Picture(760, 250, "A recurrent net as a loop, and unrolled over the tokens of a sentence")
    picture.box(70, 125, "h")
    picture.box(70, 45, "y", kind="end")
    picture.box(70, 205, "x", kind="end")
    picture.arrow((70, 188), (70, 143))
    picture.arrow((70, 108), (70, 63))
    picture.arrow((93, 118), (125, 118), (125, 140), (94, 140))
    for x, y, letter in ((57, 167, "W"), (138, 129, "U"), (57, 87, "V")):
        picture.text(x, y, letter, "small")
    picture.text(170, 125, "=")
    at = columns(5, first=265, step=105)
    picture.text(205, 125, "h_0")
    picture.arrow((217, 125), (241, 125))
    for t, (x, token, tag) in enumerate(zip(at, TOKENS, TAGS, strict=True), start=1):
        picture.box(x, 125, f"h_{t}")
        picture.box(x, 45, tag, kind="end", width=66)
        picture.box(x, 205, token, kind="end", width=84)
        picture.arrow((x, 188), (x, 143))
        picture.arrow((x, 108), (x, 63))
        picture.text(x - 13, 167, "W", "small")
        picture.text(x - 13, 87, "V", "small")
        if t < len(at):
            picture.arrow((x + 23, 125), (x + 81, 125))
            picture.text(x + 52, 113, "U", "small")
    return picture


def backward() -> Picture:
    """Where the gradient flows."""
    picture = Picture(
        760, 260, "Back-propagation through time: each hidden layer hears of its own loss and of all later ones"
    )
    at = columns(4, first=130, step=165)
    for t, x in enumerate(at, start=1):
        name = f"T-{len(at) - t}" if t < len(at) else "T"
        picture.box(x, 150, f"h_{{{name}}}", width=58)
        picture.box(x, 55, f"L_{{{name}}}", kind="end", width=58)
        picture.box(x, 225, f"x_{{{name}}}", kind="end", width=58)
        picture.arrow((x - 12, 208), (x - 12, 168))
        picture.arrow((x - 12, 133), (x - 12, 73))
        picture.arrow((x + 12, 73), (x + 12, 132), kind="back")
        picture.text(x + 42, 102, f"e_{{{name}}}", "small")
        if t > 1:
            picture.arrow((x - 136, 140), (x - 30, 140))
            picture.arrow((x - 30, 160), (x - 135, 160), kind="back")
            picture.text(x - 82, 178, f"U^T δ_{{{name}}}", "small")
    picture.text(380, 20, "forward: solid; backward: dashed", "small")
    picture.text(48, 150, "...")
    return picture


def lstm() -> Picture:
    """The LSTM cell: the conveyor belt above, the gates below."""
    picture = Picture(
        760, 330, "An LSTM cell: the memory runs along the top; four layers read the input and the state before"
    )
    top, gates, bottom = 60, 205, 262
    picture.text(50, top - 22, "c_{t-1}")
    picture.text(712, top - 22, "c_t")
    picture.line((30, top), (217, top), kind="belt")
    picture.line((243, top), (367, top), kind="belt")
    picture.arrow((393, top), (728, top), kind="belt")
    for x, name, squash, letter in (
        (230, "forget", "σ", "f_t"),
        (330, "input", "σ", "i_t"),
        (430, "candidate", "tanh", "g_t"),
        (530, "output", "σ", "o_t"),
    ):
        picture.box(x, gates, squash, kind="gate", width=56)
        picture.arrow((x, bottom), (x, gates + 18))
        picture.text(x + 17, gates - 28, letter, "small")
        picture.text(x, bottom + 17, name, "small")
    picture.op(230, top, "×")
    picture.op(380, top, "+")
    picture.op(380, 132, "×")
    picture.op(610, 160, "×")
    picture.arrow((230, gates - 17), (230, top + 14))
    picture.arrow((330, gates - 17), (330, 132), (366, 132))
    picture.arrow((430, gates - 17), (430, 132), (394, 132))
    picture.arrow((380, 118), (380, top + 14))
    picture.arrow((530, gates - 17), (530, 160), (596, 160))
    picture.box(610, 108, "tanh", kind="op", width=50, height=28)
    picture.arrow((610, top), (610, 93))
    picture.arrow((610, 122), (610, 146))
    picture.arrow((610, 173), (610, bottom), (728, bottom))
    picture.text(712, bottom - 20, "h_t")
    picture.line((30, bottom), (530, bottom))
    picture.text(50, bottom - 20, "h_{t-1}")
    picture.arrow((120, 312), (120, bottom + 2))
    picture.text(97, 305, "x_t")
    return picture


def directions() -> Picture:
    """Both directions; and a stack."""
    picture = Picture(760, 300, "A bidirectional net, and a stack of two layers")
    for first, title in ((75, "both directions"), (470, "two layers")):
        at = columns(3, first=first, step=110)
        both = first < 100
        picture.text(at[1], 22, title, "small")
        for t, x in enumerate(at, start=1):
            picture.box(x, 268, f"x_{t}", kind="end")
            picture.box(x, 60, f"y_{t}", kind="end")
            if both:
                picture.box(x - 20, 205, "→", width=40)
                picture.box(x + 20, 130, "←", kind="gate", width=40)
                picture.arrow((x - 20, 251), (x - 20, 223))
                picture.arrow((x + 20, 251), (x + 20, 148))
                picture.arrow((x - 20, 188), (x - 20, 78))
                picture.arrow((x + 20, 113), (x + 20, 78))
                if t < len(at):
                    picture.arrow((x, 205), (x + 69, 205))
                    picture.arrow((x + 90, 130), (x + 41, 130))
            else:
                picture.box(x, 200, f"h_{t}^1")
                picture.box(x, 130, f"h_{t}^2")
                for start, end in ((251, 218), (183, 148), (113, 78)):
                    picture.arrow((x, start), (x, end))
                if t < len(at):
                    picture.arrow((x + 23, 200), (x + 86, 200))
                    picture.arrow((x + 23, 130), (x + 86, 130))
    return picture


def shapes() -> Picture:
    """What goes in and what comes out."""
    picture = Picture(760, 230, "Four shapes: one to one, many to one, many to many, sequence to sequence")
    for first, inputs, outputs, steps, title, example in (
        (60, {0}, {0}, 1, "one to one", "no memory"),
        (165, {0, 1, 2}, {2}, 3, "many to one", "the intent"),
        (370, {0, 1, 2}, {0, 1, 2}, 3, "many to many", "the slots"),
        (570, {0, 1}, {2, 3}, 4, "sequence to sequence", "translation"),
    ):
        step = 62 if steps < 4 else 48
        at = columns(steps, first=first, step=step)
        middle = (at[0] + at[-1]) / 2
        picture.text(middle, 20, title)
        picture.text(middle, 213, example, "small")
        for t, x in enumerate(at):
            picture.box(x, 110, "", width=32, height=30)
            if t in inputs:
                picture.box(x, 172, "", kind="end", width=32, height=26)
                picture.arrow((x, 158), (x, 126))
            if t in outputs:
                picture.box(x, 52, "", kind="gate", width=32, height=26)
                picture.arrow((x, 95), (x, 66))
            if t + 1 < steps:
                picture.arrow((x + 16, 110), (x + step - 17, 110))
    return picture


PICTURES = {"unrolled": unrolled, "backward": backward, "lstm": lstm, "directions": directions, "shapes": shapes}


def main(folder: Path) -> None:
    """Write all of them."""
    for name, draw in PICTURES.items():
        (folder / f"{name}.svg").write_text(str(draw()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
