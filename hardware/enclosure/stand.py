"""Feet for a table, brackets for a wall, and the light sensor's case.

Knows: measures and plan. May not know: other parts. Both stands take the same screws below a tray.
"""

from __future__ import annotations

import math

from manifold3d import Manifold

from hardware.enclosure.plan import Plan
from hardware.enclosure.sizes import Sizes
from hardware.enclosure.solids import Point, box, outline, prism_x, rod_z
from hardware.enclosure.tray import FEET_Y, SCREW_AT

PILLAR_MM = 4.0  # the light sensor's board lies on four, face to the window
PCB_MM = 1.6
HEAD_MM = 7.0  # an M3 screw's head goes through


def foot(plan: Plan) -> Manifold:
    """Lifts the far end: the box leans towards the reader by tilt_deg."""
    rise = math.tan(math.radians(plan.s.stand.tilt_deg))
    near, far = FEET_Y[0] - 12.0, FEET_Y[1] + 12.0
    low = [-(y + plan.s.console.depth_mm) * rise for y in (near, far)]
    shape = outline([(near, 0.0), (near, low[0]), (far, low[1]), (far, 0.0)])
    return _stand(plan, shape, 8.0)


def bracket(plan: Plan) -> Manifold:
    """Holds the box at wall_deg on one screw; the box's far edge lies against the wall."""
    turn = math.radians(plan.s.stand.wall_deg)
    far, near = plan.length, plan.length - 150.0
    leg = (far - near) * math.sin(turn)
    corner = (far - leg * math.sin(turn), -leg * math.cos(turn))
    body = _stand(plan, outline([(near, 0.0), corner, (far, 0.0)]), 10.0)
    # Below the way of the upper screw's driver, above the frame's lower corner.
    down = 0.58 * leg
    return body - _keyhole(plan, (far - down * math.sin(turn), -down * math.cos(turn)))


def _stand(plan: Plan, shape: Manifold, wall: float) -> Manifold:
    """A frame of that outline under the hinge wall of a tray, screwed to it from below."""
    x = (_left(plan), _left(plan) + plan.s.stand.width_mm)
    points = [tuple(p) for p in shape.to_polygons()[0]]
    inner = [tuple(p) for p in shape.offset(-wall).to_polygons()[0]]
    body = prism_x(points, x) - prism_x(inner, (x[0] - 1, x[1] + 1))
    for y in FEET_Y:
        at = (SCREW_AT[0], y)
        body -= rod_z(at, plan.s.tray.screw_hole_mm, (-200.0, 1.0), 16)
        body -= rod_z(at, HEAD_MM, (-200.0, -6.0), 24)
    return body


def _left(plan: Plan) -> float:
    """A stand's left face: a wall left of the screws' heads."""
    return SCREW_AT[0] - HEAD_MM / 2 - plan.s.console.wall_mm


def _keyhole(plan: Plan, at: Point) -> Manifold:
    """A keyhole square to the wall: the head goes in below and slides up."""
    s = plan.s.stand
    down = 11.0
    head = Manifold.cylinder(30.0, s.keyhole_mm / 2, s.keyhole_mm / 2, 24).translate(
        (0.0, -down, -15)
    )
    slot = box((-s.keyhole_slot_mm / 2, s.keyhole_slot_mm / 2), (-down, 0.0), (-15.0, 15.0))
    # Built in x, y with the screw along z; then y becomes the wall's up, seen from the tilted box.
    turned = (head + slot).rotate((90.0 - s.wall_deg, 0.0, 0.0))
    return turned.translate((_left(plan) + s.width_mm / 2, at[0], at[1]))


def sensor_case(s: Sizes) -> Manifold:
    """The light sensor's box: a thin window in front, open behind."""
    c = s.sensor
    outer = _sensor_outer(s)
    body = box((0.0, outer[0]), (0.0, outer[1]), (0.0, c.inner_z_mm + c.wall_mm))
    body -= box(
        (c.wall_mm, outer[0] - c.wall_mm), (c.wall_mm, outer[1] - c.wall_mm), (c.wall_mm, 99.0)
    )
    body -= rod_z((outer[0] / 2, outer[1] / 2), c.window_mm, (c.window_skin_mm, 9.0))
    x, y = (outer[0] - c.board_x_mm) / 2, (outer[1] - c.board_y_mm) / 2
    for px in (x, x + c.board_x_mm - PILLAR_MM):
        for py in (y, y + c.board_y_mm - PILLAR_MM):
            high = (c.wall_mm - 0.1, c.wall_mm + c.board_z_mm - PCB_MM)
            body += box((px, px + PILLAR_MM), (py, py + PILLAR_MM), high)
    for at in _sensor_screws(s):
        post = box(
            (at[0] - 3.5, at[0] + 3.5), (at[1] - 3.5, at[1] + 3.5), (0.5, c.inner_z_mm + c.wall_mm)
        )
        body += post - rod_z(at, s.tray.screw_pilot_mm, (6.0, 99.0), 16)
    cable = (outer[1] / 2 - c.cable_mm / 2, outer[1] / 2 + c.cable_mm / 2)
    return body - box((-1.0, c.wall_mm + 1), cable, (c.inner_z_mm + c.wall_mm - c.cable_mm, 99.0))


def sensor_back(s: Sizes) -> Manifold:
    """The back with its keyhole; stands where the case ends."""
    outer = _sensor_outer(s)
    low = s.sensor.inner_z_mm + s.sensor.wall_mm
    z = (low, low + s.sensor.wall_mm + 0.4)
    body = box((0.0, outer[0]), (0.0, outer[1]), z)
    cut = (z[0] - 1, z[1] + 1)
    for at in _sensor_screws(s):
        body -= rod_z(at, s.tray.screw_hole_mm, cut, 16)
    x, y = outer[0] / 2, outer[1] / 2
    slot = s.stand.keyhole_slot_mm / 2
    return (
        body
        - rod_z((x, y - 6.0), s.stand.keyhole_mm, cut)
        - box((x - slot, x + slot), (y - 6, y + 5), cut)
    )


def _sensor_outer(s: Sizes) -> Point:
    return s.sensor.inner_x_mm + 2 * s.sensor.wall_mm, s.sensor.inner_y_mm + 2 * s.sensor.wall_mm


def _sensor_screws(s: Sizes) -> tuple[Point, Point]:
    outer = _sensor_outer(s)
    inset = s.sensor.wall_mm + 3.3
    return (inset, inset), (outer[0] - inset, outer[1] - inset)
