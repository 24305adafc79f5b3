"""The label beside the service connector, and those of the day strips' plugs: SVG.

Knows: circuits, segno's QR codes. May not know: a device's keys (their label is `anbu label`'s).
"""

from __future__ import annotations

import io
from html import escape

import segno

from hardware.shapes import Circuit, Component

_DAYS = {
    "monday": "월 Mon", "tuesday": "화 Tue", "wednesday": "수 Wed", "thursday": "목 Thu",
    "friday": "금 Fri", "saturday": "토 Sat", "sunday": "일 Sun",
}  # fmt: skip
_WIDTH, _HEIGHT = 60, 24  # mm
_ROW = 3.0


def service(circuit: Circuit, plug: Component) -> str:
    """Pins in their order with their nets, beside a QR code that says the same in one line."""
    pins = [(pin, plug.pins[pin]) for pin in plug.part.pins if pin in plug.pins]
    said = f"Anbu {circuit.name} {plug.ref}: " + ", ".join(f"{p} {n}" for p, n in pins)
    out = io.BytesIO()
    code = segno.make(said, micro=False, error="m")
    code.save(out, kind="svg", xmldecl=False, svgns=False, scale=1, border=2, omitsize=True)
    picture = out.getvalue().decode().strip()
    picture = picture.replace("<svg ", '<svg x="1" y="1" width="22" height="22" ', 1)
    rows = "".join(
        f'<text x="26" y="{6.5 + _ROW * i:.1f}">{escape(pin)}  {escape(net)}</text>'
        for i, (pin, net) in enumerate(pins)
    )
    title = f'<text x="26" y="3.4" font-weight="bold">{escape(plug.ref)} {escape(circuit.title)}'
    note = '<text x="44" y="6.5">3.3 V!</text><text x="44" y="9.5">not 5 V</text>'
    return _svg(_WIDTH, _HEIGHT, f"{picture}{title}</text>{rows}{note}")


def strips(circuit: Circuit) -> str:
    """One small label a day: the main board's plug and the strip's, with the day."""
    days = list(dict.fromkeys(c.day for c in circuit.board.compartments))
    plugs = [c for c in circuit.components.values() if c.part.kind == "connector"]
    cells = []
    for i, day in enumerate(days):
        those = [c for c in circuit.board.compartments if c.day == day]
        first, last = those[0].number + 1, those[-1].number + 1
        net = f"LID{first:02}"
        pair = " – ".join(c.ref for c in plugs if net in c.pins.values())
        cells.append(
            f'<g transform="translate({1 + i * 25} 1)"><rect width="24" height="12" fill="none" '
            f'stroke="black" stroke-width="0.2"/><text x="12" y="5" font-size="4.5" '
            f'text-anchor="middle" font-weight="bold">{_DAYS.get(day, day)}</text>'
            f'<text x="12" y="9.5" text-anchor="middle">{pair} · {first}–{last}</text></g>'
        )
    return _svg(1 + 25 * len(days), 14, "".join(cells))


def _svg(width: int, height: int, inside: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}" font-family="Noto Sans CJK KR, sans-serif" '
        f'font-size="2.6"><rect width="{width}" height="{height}" fill="white"/>{inside}</svg>\n'
    )
