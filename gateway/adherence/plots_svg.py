"""What charts are drawn with: text that wraps, and one sign for each thing that can be said.

Knows: SVG, the signs, the colours. May not know: doses, days, where a chart is shown.

A sign differs from the others in shape and in shade: it is told without its colour, on paper
printed in grey, and by who does not see colours. Lengths are user units; a chart is 344 wide and
made to be read at 320 px.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

WIDTH = 344
MARGIN = 4

INK = "#17231f"
SOFT = "#3d4a45"
LINE = "#78857e"
PAPER = "#ffffff"
WASH = "#d9eae2"
SHADE = "#e6e9e6"
CELADON = "#1b5a53"
VERMILION = "#9b2b18"
SLATE = "#414d57"
UMBER = "#5c3d00"

FONT = (
    "'Noto Sans KR','Noto Sans CJK KR','Apple SD Gothic Neo','Malgun Gothic',system-ui,sans-serif"
)
# How wide characters are in their size, rather too wide than too narrow.
WIDE_EM = 0.95  # of Hangul
EMS = {" ": 0.25, **dict.fromkeys(".,:;·'!|iljI()", 0.33), **dict.fromkeys("tfr-–/", 0.42)}
EMS |= dict.fromkeys("mwMW%", 0.93)
CAPITAL_EM, SMALL_EM = 0.69, 0.575


class Sign(StrEnum):
    """What a chart says of one dose."""

    OPENED = "opened"
    OUTSIDE = "outside"
    WORD = "word"
    NOT_OPENED = "not_opened"
    UNKNOWN = "unknown"
    AWAY = "away"
    AHEAD = "ahead"


def escape(text: str) -> str:
    """Text as it may stand between tags and in attributes."""
    for character, name in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        text = text.replace(character, f"&{name};")
    return text


def element(tag: str, *children: str, **attributes: object) -> str:
    """One element. `_` in an attribute's name stands for `-`; None leaves the attribute out."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{tag}{written}>{inside}</{tag}>" if inside else f"<{tag}{written}/>"


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(x: float, y: float, words: str, size: float = 16, **attributes: object) -> str:
    """A line of text with its base line at y."""
    return element("text", escape(words), x=x, y=y, font_size=size, **attributes)


def width_of(words: str, size: float) -> float:
    """About how wide a line is; a little more than it is."""
    ems = 0.0
    for character in words:
        if unicodedata.east_asian_width(character) in "WF":
            ems += WIDE_EM
        else:
            plain = CAPITAL_EM if character.isupper() else SMALL_EM
            ems += EMS.get(character, plain)
    return ems * size


def wrap(words: str, size: float, room: float) -> list[str]:
    """The lines of a text, broken at spaces."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def paragraph(
    x: float, y: float, words: str, size: float, room: float, **attributes: object
) -> tuple[str, float]:
    """A text over as many lines as it needs, and the y below it."""
    lines = wrap(words, size, room)
    step = size * 1.42
    drawn = [text(x, y + n * step, line, size, **attributes) for n, line in enumerate(lines)]
    return "".join(drawn), y + len(lines) * step


def hatch(ident: str) -> str:
    """The pattern behind a question mark."""
    lines = element("path", d="M-1 5 L5 -1", stroke=LINE, stroke_width=1.1)
    return element(
        "defs",
        element(
            "pattern", lines, id=f"{ident}-hatch", width=4, height=4, patternUnits="userSpaceOnUse"
        ),
    )


def framed(ident: str, says: tuple[str, str], language: str, height: float, drawn: str) -> str:
    """A whole chart, so high: `says` is its title, and all of it in words for who cannot see it.

    Its width is for who shows it: a page may forbid styles here.
    """
    title, told = says
    return element(
        "svg",
        element("title", escape(title), id=f"{ident}-title"),
        element("desc", escape(told), id=f"{ident}-desc"),
        hatch(ident),
        element("rect", width=WIDTH, height=round(height), fill=PAPER),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {round(height)}",
        width="100%",
        role="img",
        lang=language,
        aria_labelledby=f"{ident}-title {ident}-desc",
        font_family=FONT,
        fill=INK,
        class_="chart",
    )


def sign(kind: Sign, x: float, y: float, size: float, ident: str, *, halo: bool = False) -> str:
    """The sign of a dose, its middle at x, y; `halo` parts it from what lies behind it."""
    drawn = element("circle", r=size * 0.56, fill=PAPER) if halo else ""
    drawn += _SHAPES[kind](size, ident)
    return element("g", drawn, transform=f"translate({_plain(float(x))} {_plain(float(y))})")


def _check(size: float, colour: str) -> str:
    a = size / 20
    middle, end = f"{-1.3 * a:.2f} {3.8 * a:.2f}", f"{5 * a:.2f} {-3.6 * a:.2f}"
    return element(
        "path",
        d=f"M{-4.6 * a:.2f} {0.4 * a:.2f} L{middle} L{end}",
        fill="none",
        stroke=colour,
        stroke_width=2.7 * a,
        stroke_linecap="round",
        stroke_linejoin="round",
    )


def _opened(size: float, _ident: str) -> str:
    return element("circle", r=size / 2, fill=CELADON) + _check(size, PAPER)


def _word(size: float, _ident: str) -> str:
    ring = element("circle", r=size * 0.44, fill=PAPER, stroke=CELADON, stroke_width=size * 0.11)
    return ring + _check(size * 0.9, CELADON)


def _outside(size: float, _ident: str) -> str:
    r = size * 0.54
    shape = element(
        "path",
        d=f"M0 {-r:.2f} L{r:.2f} {r * 0.78:.2f} L{-r:.2f} {r * 0.78:.2f} Z",
        fill=UMBER,
        stroke=UMBER,
        stroke_width=size * 0.1,
        stroke_linejoin="round",
    )
    bar = element(
        "path",
        d=f"M0 {-r * 0.35:.2f} V{r * 0.2:.2f} M0 {r * 0.52:.2f} V{r * 0.54:.2f}",
        stroke=PAPER,
        stroke_width=size * 0.14,
        stroke_linecap="round",
    )
    return shape + bar


def _square(size: float, **attributes: object) -> str:
    side = size * 0.88
    half = -side / 2
    return element("rect", x=half, y=half, width=side, height=side, rx=size * 0.16, **attributes)


def _not_opened(size: float, _ident: str) -> str:
    a = size * 0.22
    cross = element(
        "path",
        d=f"M{-a:.2f} {-a:.2f} L{a:.2f} {a:.2f} M{a:.2f} {-a:.2f} L{-a:.2f} {a:.2f}",
        stroke=VERMILION,
        stroke_width=size * 0.13,
        stroke_linecap="round",
    )
    return _square(size, fill=PAPER, stroke=VERMILION, stroke_width=size * 0.11) + cross


def _unknown(size: float, ident: str) -> str:
    back = _square(size, fill=PAPER)
    square = _square(
        size,
        fill=f"url(#{ident}-hatch)",
        stroke=SLATE,
        stroke_width=size * 0.08,
        stroke_dasharray=f"{size * 0.16:.2f} {size * 0.11:.2f}",
    )
    mark = "".join(_question(size, stroke, wide) for stroke, wide in ((PAPER, 0.3), (INK, 0.12)))
    return back + square + mark


def _question(size: float, stroke: str, wide: float) -> str:
    """A question mark that no font has to bring; drawn wide in paper first, it stands apart."""
    a = size / 20
    hook = f"M{-3 * a:.2f} {-3 * a:.2f} a{3 * a:.2f} {3 * a:.2f} 0 1 1 {4.2 * a:.2f} {2.7 * a:.2f}"
    stem = f"Q0 {0.8 * a:.2f} 0 {2.2 * a:.2f} M0 {5.4 * a:.2f} v{0.1 * a:.2f}"
    return element(
        "path", d=f"{hook} {stem}", fill="none", stroke=stroke, stroke_width=size * wide,
        stroke_linecap="round",
    )  # fmt: skip


def _away(size: float, _ident: str) -> str:
    a = size * 0.28
    return element(
        "path", d=f"M{-a:.2f} 0 H{a:.2f}", stroke=SLATE, stroke_width=size * 0.15,
        stroke_linecap="round",
    )  # fmt: skip


def _ahead(size: float, _ident: str) -> str:
    return element("circle", r=size * 0.2, fill=PAPER, stroke=SOFT, stroke_width=size * 0.09)


_SHAPES = {
    Sign.OPENED: _opened,
    Sign.OUTSIDE: _outside,
    Sign.WORD: _word,
    Sign.NOT_OPENED: _not_opened,
    Sign.UNKNOWN: _unknown,
    Sign.AWAY: _away,
    Sign.AHEAD: _ahead,
}
