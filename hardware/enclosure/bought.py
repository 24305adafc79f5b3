"""What is bought, as bodies in their places: others must leave room for them, pictures show them.

Knows: measures, plan, where the console puts things. May not know: printed solids. A body is its
outline, not a likeness.
"""

from __future__ import annotations

from collections.abc import Iterator

from manifold3d import Manifold

from hardware.enclosure import console
from hardware.enclosure.plan import Plan
from hardware.enclosure.solids import Point, Triple, box, join, ring, rod_x, rod_y, rod_z

# name, colour, solid, places, apart: parts.py makes Parts of them
Body = tuple[str, str, Manifold, tuple[Triple, ...], Triple]


def bodies(plan: Plan) -> Iterator[Body]:
    """Every bought body that takes room."""
    days = tuple((day * plan.pitch_x, 0.0, 0.0) for day in range(plan.s.tray.days))
    lids = tuple(
        (x, plan.slot_y(slot), 0.0) for x, _, _ in days for slot in range(plan.s.tray.slots)
    )
    once = ((0.0, 0.0, 0.0),)
    up, down = (0.0, -60.0, 22.0), (0.0, -60.0, -50.0)
    yield "magnet", "steel", magnet(plan), lids, (0.0, 0.0, 62.0)
    yield "strip", "board", strip(plan), days, (0.0, 0.0, 0.0)
    yield "hinge-wire", "steel", wire(plan), days, (0.0, 0.0, 75.0)
    yield "button-help", "help", button(plan, console.help_at(plan)), once, up
    yield "button-ok", "ok", button(plan, console.ok_at(plan)), once, up
    yield "speaker", "dark", speaker(plan), once, down
    yield "main-board", "board", main_board(plan), once, (0.0, -60.0, -58.0)
    yield "battery", "battery", battery(plan), once, (0.0, -60.0, -60.0)


def magnet(plan: Plan) -> Manifold:
    """In its lid; y as for a lid."""
    b = plan.s.bought
    return rod_z(plan.magnet, b.magnet_mm, (plan.lid_z, plan.lid_z + b.magnet_z_mm))


def strip(plan: Plan) -> Manifold:
    """A day's board in its channel, with a reed switch and an LED for each slot."""
    t, b = plan.s.tray, plan.s.bought
    left, right = plan.channel
    middle, top = (left + right) / 2, plan.strip_z
    half = t.strip_x_mm / 2
    found = [box((middle - half, middle + half), (0.2, t.strip_y_mm), (top - t.strip_z_mm, top))]
    for slot in range(t.slots):
        y = plan.slot_y(slot)
        reed = (y + plan.reed_y - b.reed_x_mm / 2, y + plan.reed_y + b.reed_x_mm / 2)
        side = b.reed_z_mm / 2
        x = plan.magnet[0]
        found.append(box((x - side, x + side), reed, (top, top + b.reed_z_mm)))
        px, py = plan.pipe[0], y + plan.pipe[1]
        found.append(box((px - 2.5, px + 2.5), (py - 2.5, py + 2.5), (top, top + b.led_z_mm)))
    plug = (top - t.strip_z_mm - 9.8, top - t.strip_z_mm)  # below the board, towards the console
    found.append(box((middle - 3.0, middle + 3.0), (2.0, 15.0), plug))
    return join(found)


def wire(plan: Plan) -> Manifold:
    """A day's hinge."""
    far = plan.slot_y(0) + plan.barrel_y[1] + plan.s.lid.gap_mm + 3.0
    return rod_y(plan.axis, plan.s.lid.pin_mm, (0.5, far), 16)


def button(plan: Plan, at: Point) -> Manifold:
    """Bezel, plunger, body with its tabs."""
    c, b = plan.s.console, plan.s.bought
    top = c.height_mm
    bezel = ring(at, c.plunger_mm + 0.6, b.button_mm, (top, top + c.bezel_z_mm))
    plunger = rod_z(at, c.plunger_mm, (top - 1, top + c.plunger_z_mm), 64)
    body = rod_z(at, b.button_hole_mm - 0.3, (top - b.button_z_mm + 9.0, top), 64)
    tabs = box((at[0] - 6, at[0] + 6), (at[1] - 1, at[1] + 1), (top - b.button_z_mm, top - 10))
    return bezel + plunger + body + tabs


def speaker(plan: Plan) -> Manifold:
    """Rim under the cover, magnet below it."""
    b, at = plan.s.bought, console.speaker_at(plan)
    top = plan.s.console.height_mm - plan.s.console.top_mm
    rim = rod_z(at, b.speaker_mm, (top - 3.0, top), 64)
    return rim + rod_z(at, b.speaker_mm * 0.55, (top - b.speaker_z_mm, top), 64)


def main_board(plan: Plan) -> Manifold:
    """The board on its seats, with the room its parts take, and the USB socket at its left edge."""
    c = plan.s.console
    x, y = console.board_at(plan)
    low = c.base_mm + c.pcb_above_mm
    body = box((x, x + c.pcb_x_mm), (y, y + c.pcb_y_mm), (low, low + 1.6))
    inset = c.pcb_hole_mm
    for px in (x + inset, x + c.pcb_x_mm - inset):
        for py in (y + inset, y + c.pcb_y_mm - inset):
            body -= rod_z((px, py), 3.2, (low - 1, low + 3), 16)
    high = low + c.pcb_z_mm
    module = box(
        (x + 60, x + 78), (y + c.pcb_y_mm - 27, y + c.pcb_y_mm - 1.5), (low + 1.5, low + 4.7)
    )
    plugs = box((x + 14, x + 90), (y + 3, y + 9), (low + 1.5, high))
    usb = -c.depth_mm / 2
    socket = box((x, x + 7.4), (usb - 4.5, usb + 4.5), (low + 1.5, low + 4.8))
    return body + module + plugs + socket


def battery(plan: Plan) -> Manifold:
    """The cell over its door."""
    b = plan.s.bought
    x, y = console.battery_at(plan)
    z = plan.s.console.door_mm + b.battery_mm / 2 + 0.5
    return rod_x((y, z), b.battery_mm, (x - b.battery_x_mm / 2, x + b.battery_x_mm / 2))
