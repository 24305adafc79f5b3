"""Raised Hangul and Braille: what eyes and fingers read.

Knows: the strokes of the letters the box needs, and its words in Korean Braille (한국 점자 규정;
each word was judged by liblouis ko-g2.ctb). May not know: where a word stands. No font is used:
a printer's nozzle draws strokes, and a font would differ from machine to machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from manifold3d import CrossSection, Manifold, OpType

from hardware.enclosure.sizes import Braille
from hardware.enclosure.solids import Point, capsule, join

Stroke = Sequence[Point]
Frame = tuple[float, float, float, float]  # left, bottom, right, top

BRAILLE: Mapping[str, str] = {
    "월": "⠏⠂", "화": "⠚⠧", "수": "⠠⠍", "목": "⠑⠭", "금": "⠈⠪⠢", "토": "⠓⠥", "일": "⠕⠂",
    "아침": "⠣⠰⠕⠢", "점심": "⠨⠎⠢⠠⠕⠢", "저녁": "⠨⠎⠉⠱⠁", "자기전": "⠨⠈⠕⠨⠾",
    "확인": "⠚⠧⠁⠟", "도움": "⠊⠥⠍⠢",
}  # fmt: skip

CIRCLE: Stroke = tuple(
    (0.5 + 0.5 * math.cos(k * math.pi / 8), 0.5 + 0.5 * math.sin(k * math.pi / 8))
    for k in range(17)
)
LOW_CIRCLE: Stroke = tuple((0.1 + 0.8 * x, 0.5 * y) for x, y in CIRCLE)

CONSONANTS: Mapping[str, Sequence[Stroke]] = {
    "ㄱ": (((0, 1), (1, 1), (1, 0)),),
    "ㄴ": (((0, 1), (0, 0), (1, 0)),),
    "ㄷ": (((1, 1), (0, 1), (0, 0), (1, 0)),),
    "ㄹ": (((0, 1), (1, 1), (1, 0.5), (0, 0.5), (0, 0), (1, 0)),),
    "ㅁ": (((0, 0), (0, 1), (1, 1), (1, 0), (0, 0)),),
    "ㅅ": (((0.5, 1), (0, 0)), ((0.4, 0.65), (1, 0))),
    "ㅇ": (CIRCLE,),
    "ㅈ": (((0, 1), (1, 1)), ((0.5, 1), (0, 0)), ((0.4, 0.6), (1, 0))),
    "ㅊ": (((0.3, 1), (0.7, 1)), ((0, 0.7), (1, 0.7)), ((0.5, 0.7), (0, 0)), ((0.4, 0.4), (1, 0))),
    "ㅌ": (((1, 1), (0, 1), (0, 0), (1, 0)), ((0, 0.5), (1, 0.5))),
    "ㅎ": (((0.3, 1), (0.7, 1)), ((0, 0.76), (1, 0.76)), LOW_CIRCLE),
}
VOWELS: Mapping[str, Sequence[Stroke]] = {
    "ㅏ": (((0.3, 0), (0.3, 1)), ((0.3, 0.5), (1, 0.5))),
    "ㅓ": (((0.7, 0), (0.7, 1)), ((0, 0.5), (0.7, 0.5))),
    "ㅕ": (((0.7, 0), (0.7, 1)), ((0, 0.65), (0.7, 0.65)), ((0, 0.3), (0.7, 0.3))),
    "ㅣ": (((0.5, 0), (0.5, 1)),),
    "ㅗ": (((0, 0), (1, 0)), ((0.5, 0), (0.5, 1))),
    "ㅜ": (((0, 1), (1, 1)), ((0.5, 1), (0.5, 0))),
    "ㅡ": (((0, 0.5), (1, 0.5)),),
}
BESIDE, BELOW = "ㅏㅓㅕㅣ", "ㅗㅜㅡ"
DOUBLE: Mapping[str, tuple[str, str]] = {"ㅘ": ("ㅗ", "ㅏ"), "ㅝ": ("ㅜ", "ㅓ")}
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def letters_of(syllable: str) -> tuple[str, str, str]:
    """A syllable's initial, medial and final (" " where none), by Unicode's arithmetic."""
    rest = ord(syllable) - 0xAC00
    return INITIALS[rest // 588], MEDIALS[rest % 588 // 28], FINALS[rest % 28]


def frames(medial: str, final: str) -> dict[str, Frame]:
    """Where the letters of a syllable stand in the unit square: "initial", each vowel, "final"."""
    closed = final != " "
    low = 0.42 if closed else 0.0
    ending: dict[str, Frame] = {"final": (0.12, 0.0, 0.92, 0.26)} if closed else {}
    if medial in BESIDE:
        return {"initial": (0.0, low, 0.56, 1.0), medial: (0.68, low - 0.02, 1.0, 1.0), **ending}
    if medial in BELOW:
        top = 0.7 if closed else 0.52
        return {"initial": (0.15, top, 0.85, 1.0), medial: (0.0, low, 1.0, top - 0.16), **ending}
    under, beside = DOUBLE[medial]
    top = 0.72 if closed else 0.5
    return {
        "initial": (0.04, top, 0.54, 1.0),
        under: (0.0, low, 0.58, top - 0.14),
        beside: (0.72, low, 1.0, 1.0),
        **ending,
    }


def strokes(syllable: str) -> list[Stroke]:
    """A syllable's strokes in the unit square."""
    initial, medial, final = letters_of(syllable)
    names = {"initial": CONSONANTS[initial], "final": CONSONANTS.get(final, ())}
    found: list[Stroke] = []
    for name, (left, bottom, right, top) in frames(medial, final).items():
        for stroke in names.get(name) or VOWELS[name]:
            at = [(left + x * (right - left), bottom + y * (top - bottom)) for x, y in stroke]
            found += [at]
    return found


def raised(word: str, size: float, width: float, height: float) -> Manifold:
    """A word in raised strokes, its middle at 0, 0, its foot at z = 0."""
    step = size * 1.12
    start = -(len(word) - 1) * step / 2 - size / 2
    lines: list[CrossSection] = []
    for place, syllable in enumerate(word):
        for stroke in strokes(syllable):
            at = [(start + place * step + x * size, (y - 0.5) * size) for x, y in stroke]
            lines += [capsule(a, b, width) for a, b in pairwise(at)]
    return CrossSection.batch_boolean(lines, OpType.Add).extrude(height)


def dots(cell: str) -> list[int]:
    """A cell's dots, 1 to 6, from its Unicode character."""
    return [bit + 1 for bit in range(6) if (ord(cell) - 0x2800) >> bit & 1]


def braille(word: str, b: Braille) -> Manifold:
    """A word's dots, its middle at 0, 0, its foot at z = 0."""
    cells = BRAILLE[word]
    left = -((len(cells) - 1) * b.cell_mm + b.pitch_mm) / 2
    one = Manifold.cylinder(b.height_mm, b.dot_mm / 2, b.dot_mm / 5, 12)
    found = []
    for place, cell in enumerate(cells):
        for dot in dots(cell):
            column, row = divmod(dot - 1, 3)
            x = left + place * b.cell_mm + column * b.pitch_mm
            found.append(one.translate((x, (1 - row) * b.pitch_mm, 0.0)))
    return join(found)
