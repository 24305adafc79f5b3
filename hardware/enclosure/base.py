"""The console's bases with the board's seats, and the battery's door.

Knows: measures, plan, and where the console puts things. May not know: solids of the covers.
"""

from __future__ import annotations

from manifold3d import Manifold

from hardware.enclosure.console import battery_at, board_at, posts
from hardware.enclosure.plan import Plan
from hardware.enclosure.solids import Point, box, rod_z

DOOR = (92.0, 34.0)


def left_base(plan: Plan) -> Manifold:
    """Closes the left half; carries the main board."""
    c, t = plan.s.console, plan.s.tray
    body = _base(plan, (0.0, plan.half))
    x, y = board_at(plan)
    inset = c.pcb_hole_mm
    for px in (x + inset, x + c.pcb_x_mm - inset):
        for py in (y + inset, y + c.pcb_y_mm - inset):
            seat = rod_z((px, py), 6.0, (c.base_mm - 0.1, c.base_mm + c.pcb_above_mm))
            body += seat - rod_z((px, py), t.screw_pilot_mm, (1.5, c.base_mm + 9), 16)
            body -= rod_z((px, py), t.screw_pilot_mm, (1.5, c.base_mm + 9), 16)
    return body


def right_base(plan: Plan) -> Manifold:
    """Closes the right half; the battery is changed through its door."""
    c, t = plan.s.console, plan.s.tray
    x, y = battery_at(plan)
    wide, deep = plan.s.bought.battery_x_mm + 6.0, plan.s.bought.battery_mm + 5.0
    body = _base(plan, (plan.half, plan.width))
    body -= box((x - wide / 2, x + wide / 2), (y - deep / 2, y + deep / 2), (-1, c.base_mm + 1))
    fit = plan.s.printer.fit_mm
    body -= _door_plate(plan, fit, (-1.0, c.door_mm + 0.1))
    for at in _door_screws(plan):
        body -= rod_z(at, t.screw_pilot_mm, (-1, c.base_mm + 1), 16)
    return body


def door(plan: Plan) -> Manifold:
    """The battery's door: two screws, as a coin-sized lid would be a child's."""
    body = _door_plate(plan, 0.0, (0.0, plan.s.console.door_mm))
    for at in _door_screws(plan):
        body -= rod_z(at, plan.s.tray.screw_hole_mm, (-1, 9), 16)
    return body


def _door_plate(plan: Plan, play: float, z: Point) -> Manifold:
    x, y = battery_at(plan)
    half = (DOOR[0] / 2 + play, DOOR[1] / 2 + play)
    return box((x - half[0], x + half[0]), (y - half[1], y + half[1]), z)


def _door_screws(plan: Plan) -> tuple[Point, Point]:
    x, y = battery_at(plan)
    return (x - DOOR[0] / 2 + 4.0, y), (x + DOOR[0] / 2 - 4.0, y)


def _base(plan: Plan, x: Point) -> Manifold:
    c = plan.s.console
    play = c.wall_mm + plan.s.printer.fit_mm
    body = box((x[0] + play, x[1] - play), (-c.depth_mm + play, -play), (0.0, c.base_mm))
    for at in posts(plan, x):
        body -= rod_z(at, plan.s.tray.screw_hole_mm, (-1, c.base_mm + 1), 16)
        body -= rod_z(at, 6.4, (-1, 2.4), 24)  # the screw's head
    for px in (x[0] + 30, x[1] - 30):
        for py in (-c.depth_mm + 14, -14):
            body -= rod_z((px, py), c.foot_mm, (-1, 1.0))
    return body
