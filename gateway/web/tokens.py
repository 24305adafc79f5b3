"""The look's tokens, read out of the style sheet, and how well one is read on another.

Knows: custom properties of page.css, the contrast of WCAG 2.2 (1.4.3, 1.4.11). May not know: Flask,
which page uses what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT_LEAST = 4.5  # WCAG AA, text of any size
SHAPE_LEAST = 3.0  # WCAG AA, edges and signs
_ROOT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_SHADES = 3
_KNEE, _SLOPE, _OFFSET, _GAMMA = 0.04045, 12.92, 0.055, 2.4
_WEIGHTS = (0.2126, 0.7152, 0.0722)
_GLARE = 0.05

# What is written on what: (ink, ground, least).
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("ink", "paper", TEXT_LEAST),
    ("ink", "card", TEXT_LEAST),
    ("soft", "paper", TEXT_LEAST),
    ("soft", "card", TEXT_LEAST),
    *((f"{colour}", f"{colour}-wash", TEXT_LEAST)
      for colour in ("celadon", "vermilion", "indigo", "gardenia", "slate")),
    *((colour, "card", TEXT_LEAST)
      for colour in ("celadon", "vermilion", "indigo", "gardenia", "slate")),
    *(("white", colour, TEXT_LEAST)
      for colour in ("celadon", "vermilion", "indigo", "gardenia", "slate", "ink")),
    ("edge", "paper", SHAPE_LEAST),
    ("edge", "card", SHAPE_LEAST),
    ("focus", "paper", SHAPE_LEAST),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Two colours as they meet, "#rrggbb", and how well that is read."""

    ink: str
    ground: str
    ink_hex: str
    ground_hex: str
    ratio: float
    least: float


def tokens(css: str) -> dict[str, str]:
    """Name → value of every token, without the dashes before it. {} where there is no :root."""
    root = _ROOT.search(css)
    return dict(_TOKEN.findall(root[1])) if root else {}


def colours(css: str) -> dict[str, str]:
    """The tokens that are colours."""
    return {name: value for name, value in tokens(css).items() if value.startswith("#")}


def pairs(css: str) -> list[Pair]:
    """PAIRS in the style sheet's colours. KeyError for a token it does not have."""
    known = {"white": "#ffffff", **colours(css)}
    return [
        Pair(ink, ground, known[ink], known[ground], contrast(known[ink], known[ground]), least)
        for ink, ground, least in PAIRS
    ]


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white), of two "#rrggbb"."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + _GLARE) / (dark + _GLARE)


def _luminance(colour: str) -> float:
    shades = [int(colour[1 + 2 * n : 3 + 2 * n], 16) / 255 for n in range(_SHADES)]
    linear = [
        s / _SLOPE if s <= _KNEE else ((s + _OFFSET) / (1 + _OFFSET)) ** _GAMMA for s in shades
    ]
    return sum(weight * shade for weight, shade in zip(_WEIGHTS, linear, strict=True))
