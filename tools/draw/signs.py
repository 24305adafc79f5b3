"""How a light or a sound of the box is drawn: where it is lit, four seconds of it, its notes.

Knows: the firmware's tables of lights and sounds. May not know: any word, the page around it.
Lengths are tenths of a millimetre.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.draw import svg
from tools.draw.page import firmware

STRIP_MS = 4000
_OFF = "#2e2e2e"
_EDGE = "#111111"
_TICK = "#555555"
_DAYS, _TIMES, _LIDS_SHOWN = 7, 4, 4
_HIGH = 64

Notes = tuple[tuple[int, int], ...]  # (frequency Hz or 0, for ms)


def one_lid(x: float, y: float, w: float, ink: str) -> list[str]:
    """A lid that is lit."""
    return [svg.rect(x + 20, y, w - 40, 72, ink, radius=14, edge=_EDGE)]


def all_lids(x: float, y: float, w: float, meaning: int, ink: str) -> list[str]:
    """The whole box as it is at one moment: a column a day, four times a day."""
    lit = firmware("pillbox.signals").lit
    step_x, step_y = w / _DAYS, 19
    return [
        svg.rect(
            x + place // _TIMES * step_x,
            y + place % _TIMES * step_y,
            step_x - 4,
            step_y - 4,
            ink if lit(meaning, 0, place) else _OFF,
            edge=_EDGE,
        )
        for place in range(_DAYS * _TIMES)
    ]


def spans(meaning: int, lid: int) -> Iterator[tuple[int, int]]:
    """From when until when that lid is lit within the strip, ms."""
    signals = firmware("pillbox.signals")
    begin = None
    for ms in range(0, STRIP_MS + signals.TICK_MS, signals.TICK_MS):
        on = ms < STRIP_MS and signals.lit(meaning, ms, lid)
        if on and begin is None:
            begin = ms
        elif not on and begin is not None:
            yield begin, ms
            begin = None


def strip(x: float, y: float, w: float, meaning: int, ink: str) -> list[str]:
    """Four seconds of a lid, or of neighbours where they differ, with a tick a second."""
    _name, _r, _g, _b, apart_ms, steps = firmware("pillbox.signals").LIGHTS[meaning]
    lids = min(_LIDS_SHOWN, sum(steps) // apart_ms) if apart_ms else 1
    gap = 4 if lids > 1 else 0
    high = _HIGH / lids
    parts = []
    for lid in range(lids):
        top = y + lid * high
        parts.append(svg.rect(x, top, w, high - gap, _OFF))
        for begin, end in spans(meaning, lid):
            left, right = x + w * begin / STRIP_MS, x + w * end / STRIP_MS
            parts.append(svg.rect(left, top + 3, right - left, high - gap - 6, ink))
    seconds = STRIP_MS // 1000
    for second in range(seconds + 1):
        at = x + w * second / seconds
        parts.append(svg.line(at, y - 9, at, y - 1, _TICK))
    return parts


def melody(x: float, y: float, w: float, notes: Notes) -> list[str]:
    """Four seconds of a sound: the higher the tone, the higher the bar."""
    sounds = firmware("pillbox.signals").SOUNDS.values()
    tones = sorted({hz for _name, _loudness, row in sounds for hz, _ms in row if hz}, reverse=True)
    parts, at = [], 0
    while at < STRIP_MS:
        for hz, ms in notes:
            end = min(at + ms, STRIP_MS)
            if hz and at < STRIP_MS:
                left, long = x + w * at / STRIP_MS, w * (end - at) / STRIP_MS - 3
                top = y + tones.index(hz) * 16
                parts.append(svg.rect(left, top, long, 14, _EDGE, radius=7))
            at += ms
    return parts
