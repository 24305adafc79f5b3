"""The console in front of the trays: two halves, their bases, the buttons' cap and collar.

Knows: measures and plan. May not know: trays, but where their channels and screws come through.
The left half holds board, HELP and speaker; the right one OK and the battery. y runs from
-depth (the reader) to 0 (the trays).
"""

from __future__ import annotations

from collections.abc import Iterator

from manifold3d import Manifold

from hardware.enclosure.letters import braille, raised
from hardware.enclosure.plan import Plan
from hardware.enclosure.solids import Point, box, join, ring, rod_x, rod_y, rod_z
from hardware.enclosure.tray import PLATE_MM, SCREW_AT, SEAT_MM

POST = 8.0  # corner posts, which the base is screwed to
LABEL = (50.0, 13.0)  # a button's plate
JOINT_Z = (14.0, 30.0)  # bolts through the two walls in the middle


def middle_y(plan: Plan) -> float:
    """The buttons' line, a little behind the labels."""
    return -plan.s.console.depth_mm / 2 + 6.0


def help_at(plan: Plan) -> Point:
    """HELP: left, far from OK."""
    return 132.0, middle_y(plan)


def ok_at(plan: Plan) -> Point:
    """OK: right of the middle."""
    return plan.half + 56.0, middle_y(plan)


def speaker_at(plan: Plan) -> Point:
    """The loudspeaker: left half, towards the middle."""
    return plan.half - 34.0, -plan.s.console.depth_mm / 2


def battery_at(plan: Plan) -> Point:
    """The battery's middle."""
    return plan.half + 148.0, -plan.s.console.depth_mm / 2


def board_at(plan: Plan) -> Point:
    """The board's left near corner."""
    c = plan.s.console
    return c.wall_mm + POST + 2.0, -c.depth_mm / 2 - c.pcb_y_mm / 2


def label_at(plan: Plan, button: Point) -> Point:
    """A button's label: near the reader."""
    return button[0], -plan.s.console.depth_mm + LABEL[1] / 2 + 3.0


def left_shell(plan: Plan) -> Manifold:
    """The left half's cover."""
    c, b = plan.s.console, plan.s.bought
    body = _shell(plan, (0.0, plan.half))
    at = speaker_at(plan)
    under = c.height_mm - c.top_mm
    seat = b.speaker_mm + 2 * plan.s.printer.fit_mm
    body += ring(at, seat, seat + 3.2, (under - 5.0, under + 0.1))
    body -= _grille(at, b.speaker_hole_mm, (under - 1, c.height_mm + 1))
    body -= _button(plan, help_at(plan))
    inner, outer = guard_size(plan)
    fit = plan.s.printer.fit_mm
    body -= ring(help_at(plan), inner - fit, outer + fit, (c.height_mm - 1.0, c.height_mm + 1))
    usb = -c.depth_mm / 2
    low = c.base_mm + c.pcb_above_mm
    body -= box(
        (-1.0, c.wall_mm + 1),
        (usb - c.usb_slot_x_mm / 2, usb + c.usb_slot_x_mm / 2),
        (low - 1.0, low - 1.0 + c.usb_slot_z_mm),
    )
    return body


def right_shell(plan: Plan) -> Manifold:
    """The right half's cover, with two walls beside the battery."""
    c, b = plan.s.console, plan.s.bought
    body = _shell(plan, (plan.half, plan.width)) - _button(plan, ok_at(plan))
    x, y = battery_at(plan)
    for side in (-1, 1):
        wall = y + side * (b.battery_mm / 2 + 1.5)
        high = c.height_mm - c.top_mm + 0.1
        body += box((x - 30, x + 30), (wall - 0.8, wall + 0.8), (c.base_mm + 8.0, high))
    return body


def _shell(plan: Plan, x: Point) -> Manifold:
    """Top and walls, open below, with posts, cable slots and screw holes."""
    c, t = plan.s.console, plan.s.tray
    body = box(x, (-c.depth_mm, 0.0), (0.0, c.height_mm))
    inner = (x[0] + c.wall_mm, x[1] - c.wall_mm)
    deep = (-c.depth_mm + c.wall_mm, -c.wall_mm)
    body -= box(inner, deep, (-1.0, c.height_mm - c.top_mm))
    for at in posts(plan, x):
        half = POST / 2
        corner = box(
            (at[0] - half, at[0] + half), (at[1] - half, at[1] + half), (c.base_mm, c.height_mm - 1)
        )
        body += corner - rod_z(at, t.screw_pilot_mm, (c.base_mm - 1, c.base_mm + 14), 16)
    cuts = [_behind(plan, day) for day in range(t.days)]
    cuts.append(box((plan.half - 9, plan.half + 9), (-50.0, -30.0), (16.0, 28.0)))
    for z in JOINT_Z:
        bolt = rod_x((0.0, z), t.screw_hole_mm, (plan.half - 9, plan.half + 9), 16)
        cuts += [bolt.translate((0.0, y, 0.0)) for y in (-c.depth_mm + 16.0, -14.0)]
    body -= join(cuts)
    for button in (help_at(plan), ok_at(plan)):
        at = label_at(plan, button)
        seat = (LABEL[0] / 2 + 0.2, LABEL[1] / 2 + 0.2)
        body -= box(
            (at[0] - seat[0], at[0] + seat[0]),
            (at[1] - seat[1], at[1] + seat[1]),
            (c.height_mm - SEAT_MM, c.height_mm + 1),
        )
    return body


def posts(plan: Plan, x: Point) -> Iterator[Point]:
    """The corner posts' middles."""
    c = plan.s.console
    inset = c.wall_mm + POST / 2 - 0.2
    for px in (x[0] + inset, x[1] - inset):
        for py in (-c.depth_mm + inset, -inset):
            yield px, py


def _behind(plan: Plan, day: int) -> Manifold:
    """What comes through the wall to a tray: its strip's cable and its screw."""
    left, right = plan.channel
    start = day * plan.pitch_x
    wall = (-plan.s.console.wall_mm - 1, 1.0)
    cable = box((start + left + 2, start + right - 2), wall, (8.0, 17.0))
    screw = rod_y((start + SCREW_AT[0], SCREW_AT[1]), plan.s.tray.screw_hole_mm, wall, 16)
    return cable + screw


def _button(plan: Plan, at: Point) -> Manifold:
    c = plan.s.console
    hole = plan.s.bought.button_hole_mm + plan.s.printer.fit_mm
    return rod_z(at, hole, (c.height_mm - c.top_mm - 1, c.height_mm + 1), 64)


def _grille(at: Point, diameter: float, z: Point) -> Manifold:
    """Round holes in a hexagonal pattern."""
    step, hole = 4.4, 2.6
    found = []
    for row in range(-6, 7):
        for column in range(-6, 7):
            x, y = (column + (row % 2) / 2) * step, row * step * 0.866
            if x * x + y * y <= (diameter / 2 - 3.0) ** 2:
                found.append(rod_z((at[0] + x, at[1] + y), hole, z, 12))
    return join(found)


def guard_size(plan: Plan) -> Point:
    """The collar's inner and outer diameter."""
    inner = plan.s.bought.button_mm + 2.4
    return inner, inner + 2 * plan.s.console.guard_wall_mm


def guard(plan: Plan) -> Manifold:
    """HELP's collar: an arm that lies on it does not reach the plunger; a finger does."""
    c = plan.s.console
    inner, outer = guard_size(plan)
    top = c.height_mm + c.plunger_z_mm + c.guard_above_mm
    body = ring(help_at(plan), inner, outer, (c.height_mm - 1.0, top))
    cone = Manifold.cylinder(2.0, inner / 2, inner / 2 + 2.0, 64)
    return body - cone.translate((*help_at(plan), top - 2.0))


def cap(plan: Plan) -> Manifold:
    """OK's large cap: glued on the plunger, it stops on nothing before the button has clicked."""
    c = plan.s.console
    low = c.height_mm + c.bezel_z_mm + c.travel_mm + 0.6
    at = ok_at(plan)
    edge = Manifold.cylinder(1.6, c.cap_mm / 2, c.cap_mm / 2 - 1.6, 64)
    body = rod_z(at, c.cap_mm, (low, low + 3.0), 64) + edge.translate((*at, low + 3.0))
    plunger = c.plunger_mm + 2 * plan.s.printer.fit_mm
    return body - rod_z(at, plunger, (low - 1, c.height_mm + c.plunger_z_mm), 64)


def label(plan: Plan, word: str, button: Point) -> Manifold:
    """A button's name on its plate: letters left, Braille right."""
    foot = plan.s.console.height_mm - SEAT_MM
    x, y = label_at(plan, button)
    half = (LABEL[0] / 2, LABEL[1] / 2)
    body = box((x - half[0], x + half[0]), (y - half[1], y + half[1]), (foot, foot + PLATE_MM))
    signs = braille(word, plan.s.braille).translate((x + LABEL[0] / 4, y, foot + PLATE_MM))
    return body + letters(plan, word, button) + signs


def letters(plan: Plan, word: str, button: Point) -> Manifold:
    """A button's raised name."""
    b = plan.s.braille
    x, y = label_at(plan, button)
    top = plan.s.console.height_mm - SEAT_MM + PLATE_MM
    return raised(word, 7.5, 1.0, b.height_mm + 0.1).translate((x - LABEL[0] / 4, y, top - 0.1))
