"""SVG: the few shapes a sheet is made of, and text that fits its place.

Knows: SVG, about how wide letters are. May not know: what is drawn.
Lengths are tenths of a millimetre.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape

FONTS = "'Noto Sans CJK KR','Noto Sans KR','Apple SD Gothic Neo','Malgun Gothic',sans-serif"
_WIDE_EM = 1.0
_BOLD = 1.06
# What other letters take of the height, as Noto Sans has them at their widest.
_NARROW_EM = {" ": 0.24, ".": 0.3, ",": 0.3, "!": 0.34, "i": 0.29, "l": 0.29, "m": 0.93, "w": 0.82}
_CAPITAL_EM = 0.7
_SMALL_EM = 0.58


class UnfitError(ValueError):
    """A text is too long for its place."""


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text of that size is, rather too much than too little."""
    em = sum(_letter_em(letter) for letter in text)
    return em * size * (_BOLD if bold else 1)


def _letter_em(letter: str) -> float:
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE_EM
    if letter in _NARROW_EM:
        return _NARROW_EM[letter]
    return _CAPITAL_EM if letter.isupper() or not letter.isascii() else _SMALL_EM


def lines(text: str, size: float, room: float, most: int, *, bold: bool = False) -> list[str]:
    """The text in as many lines as it needs. Raises UnfitError where it needs more than `most`."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and width(longer, size, bold=bold) <= room:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > most or any(width(line, size, bold=bold) > room for line in found):
        raise UnfitError(f"“{text}” does not fit {room / 10:.0f} mm × {most} lines: shorten it")
    return found


def rect(
    x: float, y: float, w: float, h: float, fill: str, *, radius: float = 0, edge: str = ""
) -> str:
    """A rectangle, with rounded corners and an edge where asked for."""
    more = f' rx="{radius:g}"' if radius else ""
    more += f' stroke="{edge}" stroke-width="4"' if edge else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="{fill}"{more}/>'


def circle(x: float, y: float, radius: float, fill: str, edge: str) -> str:
    """A disc with an edge."""
    where = f'cx="{x:g}" cy="{y:g}" r="{radius:g}"'
    return f'<circle {where} fill="{fill}" stroke="{edge}" stroke-width="8"/>'


def line(x: float, y: float, x2: float, y2: float, colour: str, thick: float = 3) -> str:
    """A straight line."""
    where = f'x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}"'
    return f'<line {where} stroke="{colour}" stroke-width="{thick:g}"/>'


def check(x: float, y: float, size: float, colour: str) -> str:
    """A tick: yes."""
    points = f"{x - size:g},{y:g} {x - size / 3:g},{y + size * 0.7:g} {x + size:g},{y - size:g}"
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="15"/>'


def cross(x: float, y: float, size: float, colour: str) -> str:
    """A cross: no."""
    down = line(x - size, y - size, x + size, y + size, colour, 15)
    return down + line(x - size, y + size, x + size, y - size, colour, 15)


def text(
    x: float,
    y: float,
    said: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = "#111",
    anchor: str = "start",
) -> str:
    """A line of text; `y` is the line it stands on."""
    how = f'font-size="{size:g}" fill="{colour}"'
    how += ' font-weight="700"' if bold else ""
    how += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}" {how}>{escape(said)}</text>'


def page(w: int, h: int, title: str, language: str, parts: Sequence[str]) -> str:
    """A whole picture of that size, in tenths of a millimetre."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w / 10:g}mm" height="{h / 10:g}mm" '
        f'viewBox="0 0 {w} {h}" lang="{language}" font-family="{FONTS}" role="img">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", *parts, "</svg>", ""])
