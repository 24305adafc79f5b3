"""One weekday: four compartments, the strip board's channel, hinges, the plate with the day.

Knows: measures and plan. May not know: lids, the console. x, y, z as in `plan`.
"""

from __future__ import annotations

import math

from manifold3d import Manifold

from hardware.enclosure.letters import braille, raised
from hardware.enclosure.plan import Plan
from hardware.enclosure.solids import box, dovetail, join, prism_y, rod_y, rod_z

PLATE_MM = 1.6  # a label's plate
SEAT_MM = 1.2  # how deep it lies
SCREW_AT = (3.5, 10.0)  # x, z of the screw from the console into the hinge wall
FEET_Y = (119.0, 174.0)  # screws from below, for a foot or a bracket
DOVETAILS = (0.24, 0.74)  # of the length


def tray(plan: Plan, *, left: bool = True, right: bool = True) -> Manifold:
    """A day's tray; `left`, `right`: a neighbour stands there, and the dovetail is cut."""
    body = box((0.0, plan.pitch_x), (0.0, plan.length), (0.0, plan.top))
    body = body - _hollows(plan) + _ledges(plan) + _knuckles(plan)
    depth, high = plan.s.tray.dovetail_mm, plan.s.tray.dovetail_z_mm
    for part in DOVETAILS:
        y = plan.length * part
        if right:
            body += dovetail(plan.pitch_x, y, (0.0, high), depth)
        if left:
            body -= dovetail(0.0, y, (-1.0, high + 0.4), depth, plan.s.printer.fit_mm)
    return body - _holes(plan)


def _hollows(plan: Plan) -> Manifold:
    t = plan.s.tray
    found = [
        box(
            (t.hinge_mm, t.hinge_mm + t.inner_x_mm),
            (plan.slot_y(slot), plan.slot_y(slot) + t.inner_y_mm),
            (t.floor_mm, plan.top + 1),
        )
        for slot in range(t.slots)
    ]
    end = plan.slot_y(0) + t.inner_y_mm
    found.append(box(plan.channel, (-1.0, end), (t.floor_mm, plan.top - t.roof_mm)))
    header = plan.length - t.header_mm
    under = (header + 2.0, plan.length - 2.4)
    found.append(box((10.0, plan.pitch_x - 3.0), under, (-1.0, plan.top - SEAT_MM - 2.0)))
    seat = plate_seat(plan)
    found.append(box(seat[0], seat[1], (plan.top - SEAT_MM, plan.top + 1)))
    return join(found)


def plate_seat(plan: Plan) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where the day's plate lies: x and y."""
    header = plan.length - plan.s.tray.header_mm
    return (4.0, plan.pitch_x - 4.0), (header + 1.5, plan.length - 1.5)


def _ledges(plan: Plan) -> Manifold:
    """Two ledges the strip board slides on, 45° below so that they print."""
    left, right = plan.channel
    high = plan.strip_z - plan.s.tray.strip_z_mm - plan.s.printer.fit_mm
    y = (0.0, plan.slot_y(0) + plan.s.tray.inner_y_mm)
    wide = 1.6
    return prism_y([(left, high), (left, high - wide), (left + wide, high)], y) + prism_y(
        [(right, high), (right - wide, high), (right, high - wide)], y
    )


def _knuckles(plan: Plan) -> Manifold:
    """Posts with the hinge's eye at both ends of each barrel, and the fin that stops the lid."""
    lid = plan.s.lid
    x, z = plan.axis
    radius = lid.barrel_mm / 2
    foot = plan.top - 1.0
    fin = stop_height(plan)
    found = []
    for slot in range(plan.s.tray.slots):
        y = plan.slot_y(slot)
        near = (y + plan.barrel_y[0] - lid.gap_mm - 5.0, y + plan.barrel_y[0] - lid.gap_mm)
        far = (y + plan.barrel_y[1] + lid.gap_mm, y + plan.barrel_y[1] + lid.gap_mm + 5.0)
        for side in (near, far):
            found.append(rod_y((x, z), 2 * radius, side))
            found.append(box((x - radius, x + radius), side, (foot, z)))
            found.append(box((0.0, x - radius + 0.01), side, (foot, z + fin)))
    return join(found)


def stop_height(plan: Plan) -> float:
    """How far above the axis the fin ends whose inner edge the lid's upper face meets.

    The upper face lies `up` above the axis; turned by θ its normal is (-sin θ, cos θ). The edge
    (-r, f) lies in it where r·sin θ + f·cos θ = up.
    """
    lid = plan.s.lid
    turn = math.radians(lid.open_deg)
    up = lid.thickness_mm - (plan.axis[1] - plan.lid_z)
    return (up - lid.barrel_mm / 2 * math.sin(turn)) / math.cos(turn)


def _holes(plan: Plan) -> Manifold:
    """Light pipes, troughs below the barrels, the hinge's wire, screws."""
    t, lid = plan.s.tray, plan.s.lid
    x, y = plan.pipe
    round_barrel = lid.barrel_mm + 2 * 0.4
    found = []
    for slot in range(t.slots):
        at = plan.slot_y(slot)
        stem = plan.s.pipe.stem_mm + plan.s.printer.fit_mm
        found.append(rod_z((x, at + y), stem, (plan.top - t.roof_mm - 1, plan.top + 1)))
        trough = (at + plan.barrel_y[0] - lid.gap_mm, at + plan.barrel_y[1] + lid.gap_mm)
        found.append(rod_y(plan.axis, round_barrel, trough))
    last = plan.slot_y(0) + plan.barrel_y[1] + lid.gap_mm + 3.5  # the far post stays blind
    found.append(rod_y(plan.axis, lid.pin_mm + plan.s.printer.fit_mm, (-1.0, last), 16))
    found.append(rod_y(SCREW_AT, t.screw_pilot_mm, (-1.0, 14.0), 16))
    pilot = rod_z((SCREW_AT[0], 0.0), t.screw_pilot_mm, (-1.0, 12.0), 16)
    found += [pilot.translate((0.0, y, 0.0)) for y in FEET_Y]
    return join(found)


def plate(plan: Plan, word: str) -> Manifold:
    """The day's name on its plate, in letters and in Braille, where it lies in the tray."""
    x, y = plate_seat(plan)
    fit = plan.s.printer.fit_mm
    foot = plan.top - SEAT_MM
    body = box((x[0] + fit, x[1] - fit), (y[0] + fit, y[1] - fit), (foot, foot + PLATE_MM))
    quarter = (x[1] - x[0]) / 4
    at = (x[1] - quarter, (y[0] + y[1]) / 2, foot + PLATE_MM)
    return body + letters(plan, word) + braille(word, plan.s.braille).translate(at)


def letters(plan: Plan, word: str) -> Manifold:
    """The day's raised name, left on its plate."""
    b = plan.s.braille
    x, y = plate_seat(plan)
    at = (x[0] + (x[1] - x[0]) / 4, (y[0] + y[1]) / 2, plan.top - SEAT_MM + PLATE_MM - 0.1)
    return raised(word, b.text_mm, b.stroke_mm, b.height_mm + 0.1).translate(at)
