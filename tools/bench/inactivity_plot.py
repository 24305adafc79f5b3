"""The trade-off between worrying for nothing and worrying late, as an SVG chart.

Knows: axes, lines, signs that are told apart without their colour. May not know: homes, detectors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gateway.adherence.plots_svg import CELADON, INK, LINE, SLATE, SOFT, UMBER, element, text

WIDTH, HEIGHT = 800, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 264, 56, 44
LEGEND = WIDTH - RIGHT + 16
MOST_H, LEAST_TOP = 24, 1.0
ROOM_X, ROOM_Y = 24, 10  # a label needs so much room
STYLES = ((CELADON, "none"), (UMBER, "6 3"), (SLATE, "2 3"))
_FONT = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Point:
    """Mean delay in hours, false alarms per 30 days, and what stands beside it."""

    late_h: float
    alarms: float
    name: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One source: curves by name, and single marks by name."""

    source: str
    homes: int
    curves: dict[str, list[Point]]
    marks: dict[str, list[Point]]


def chart(panels: list[Panel]) -> str:
    """All panels below one another, as one document."""
    drawn = [
        element("g", _panel(panel), transform=f"translate(0 {n * HEIGHT})")
        for n, panel in enumerate(panels)
    ]
    high = HEIGHT * len(panels)
    ground = element("rect", width=WIDTH, height=high, fill="#ffffff")
    return element(
        "svg", ground, *drawn, xmlns="http://www.w3.org/2000/svg", font_family=_FONT,
        viewBox=f"0 0 {WIDTH} {high}", width=WIDTH, height=high, fill=INK,
    )  # fmt: skip


def _panel(panel: Panel) -> str:
    homes = f"mean over {panel.homes} home{'s' * (panel.homes != 1)}"
    marked = [point.alarms for points in panel.marks.values() for point in points]
    top = math.ceil(max(LEAST_TOP, *(1.5 * alarms for alarms in marked)))
    drawn = [text(LEFT, 20, f"{panel.source}, {homes}", 14), _axes(top)]
    labels: list[tuple[float, float]] = []
    for n, (name, points) in enumerate(panel.curves.items()):
        drawn.append(_curve(name, points, n, top, labels))
    for n, (name, points) in enumerate(panel.marks.items()):
        drawn += [_mark(name, point, n, top) for point in points]
    return "".join(drawn)


def _x(late_h: float) -> float:
    return LEFT + min(late_h, MOST_H) / MOST_H * (WIDTH - LEFT - RIGHT)


def _y(alarms: float, top: int) -> float:
    return HEIGHT - BOTTOM - min(alarms, top) / top * (HEIGHT - TOP - BOTTOM)


def _axes(top: int) -> str:
    drawn = []
    for hour in range(0, MOST_H + 1, 4):
        x = _x(hour)
        drawn.append(element("path", d=f"M{x:.1f} {TOP} V{HEIGHT - BOTTOM}", stroke="#e6e9e6"))
        drawn.append(text(x, HEIGHT - BOTTOM + 16, str(hour), 11, text_anchor="middle"))
    for quarter in range(5):
        alarms = top * quarter / 4
        y = _y(alarms, top)
        drawn.append(element("path", d=f"M{LEFT} {y:.1f} H{WIDTH - RIGHT}", stroke="#e6e9e6"))
        drawn.append(text(LEFT - 6, y + 4, f"{alarms:g}", 11, text_anchor="end"))
    drawn.append(text(WIDTH - RIGHT, HEIGHT - 8, "mean delay, h", 12, text_anchor="end"))
    drawn.append(text(LEFT, TOP - 20, f"false alarms per 30 days ({top} and more at the top)", 11))
    return element("g", *drawn, fill=SOFT) + element(
        "path", d=f"M{LEFT} {TOP} V{HEIGHT - BOTTOM} H{WIDTH - RIGHT}", stroke=LINE, fill="none"
    )


def _curve(
    name: str, points: list[Point], n: int, top: int, labels: list[tuple[float, float]]
) -> str:
    colour, dashes = STYLES[n % len(STYLES)]
    way = " L".join(f"{_x(p.late_h):.1f} {_y(p.alarms, top):.1f}" for p in points)
    drawn = [element("path", d=f"M{way}", stroke=colour, stroke_dasharray=dashes, fill="none")]
    for point in points:
        x, y = _x(point.late_h), _y(point.alarms, top)
        drawn.append(element("circle", cx=x, cy=y, r=2.5, fill=colour))
        free = all(abs(x - a) >= ROOM_X or abs(y - b) >= ROOM_Y for a, b in labels)
        if free and point.alarms < top:  # what is cut off at the top lies elsewhere
            labels.append((x, y))
            drawn.append(text(x + 4, y - 5, point.name, 9, fill=colour))
    y = TOP + 16 + 18 * n
    legend = element("path", d=f"M{LEGEND} {y - 4} h24", stroke=colour, stroke_dasharray=dashes)
    return "".join([*drawn, legend, text(LEGEND + 30, y, name, 11, fill=colour)])


def _mark(name: str, point: Point, n: int, top: int) -> str:
    at = TOP + 16 + 18 * (n + len(STYLES))
    shapes = (
        _shape(n, x, y)
        for x, y in ((_x(point.late_h), _y(point.alarms, top)), (LEGEND + 12, at - 4))
    )
    figures = f"{name}: {point.alarms:.2f} / {point.late_h:.1f} h"
    return "".join([*shapes, text(LEGEND + 30, at, figures, 11)])


def _shape(n: int, x: float, y: float) -> str:
    if n % 2:
        return element("circle", cx=x, cy=y, r=7, fill="none", stroke=INK, stroke_width=2)
    return element("rect", x=x - 5, y=y - 5, width=10, height=10, fill="none", stroke=INK)
