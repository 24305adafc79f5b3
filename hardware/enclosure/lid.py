"""A lid with its barrel, lip, magnet seat and name, and the light pipe beside it.

Knows: measures and plan. May not know: the tray. Coordinates of its tray; y is counted from the
near edge of its compartment, so that one lid serves every slot but for its name.
"""

from __future__ import annotations

import math

from manifold3d import Manifold

from hardware.enclosure.impossible import RIDGE_MM
from hardware.enclosure.letters import braille, raised
from hardware.enclosure.plan import Plan
from hardware.enclosure.solids import box, prism_y, rod_y, rod_z

GRAVITY = 9.81


def lid(plan: Plan, word: str) -> Manifold:
    """The closed lid of one time of day."""
    body = _plate(plan) + _barrel(plan) + _lip(plan)
    x, z = plan.magnet[0], plan.lid_z
    magnet = plan.s.bought.magnet_mm + plan.s.printer.fit_mm
    deep = plan.s.lid.thickness_mm + RIDGE_MM - plan.s.lid.skin_mm
    body -= rod_z((x, plan.magnet[1]), magnet, (z - 1, z + deep))
    return body + _name(plan, word)


def _plate(plan: Plan) -> Manifold:
    t, size = plan.s.tray, plan.s.lid
    low = plan.lid_z
    left = plan.axis[0] + size.barrel_mm / 2 + 0.8
    right = t.hinge_mm + t.inner_x_mm + t.wall_mm + 2.0
    half = t.wall_mm / 2 - size.gap_mm
    return box((left, right), (-half, t.inner_y_mm + half), (low, low + size.thickness_mm))


def _barrel(plan: Plan) -> Manifold:
    size = plan.s.lid
    x, z = plan.axis
    low = plan.lid_z
    along = plan.barrel_y
    arm = box((x, x + size.barrel_mm), along, (low, low + size.thickness_mm))
    round_part = rod_y((x, z), size.barrel_mm, along)
    below = box((x - 9, x + 9), (along[0] - 1, along[1] + 1), (low - 9, low))
    hole = rod_y((x, z), size.pin_mm + 2 * plan.s.printer.fit_mm, (along[0] - 1, along[1] + 1), 16)
    return arm + round_part - below - hole


def _lip(plan: Plan) -> Manifold:
    """The ridge over the magnet, and the lip that rises from it."""
    size = plan.s.lid
    low = plan.lid_z
    high = low + size.thickness_mm + RIDGE_MM
    left, right = plan.ridge
    end, tip = right + size.lip_reach_mm, low + size.lip_rise_mm
    across = (
        size.lip_thickness_mm * math.hypot(size.lip_reach_mm, size.lip_rise_mm) / size.lip_rise_mm
    )

    def upper(z: float) -> tuple[float, float]:
        """The lip's upper face at a height: its lower one, moved by its thickness."""
        return right - across + size.lip_reach_mm * (z - low) / size.lip_rise_mm, z

    return prism_y(
        [
            (left, low), (right, low), (end, tip), (end, tip + 1.0), (end - 0.8, tip + 1.8),
            upper(tip + 1.8), upper(high), (left + RIDGE_MM, high), (left, high - RIDGE_MM),
        ],
        plan.lip_y,
    )  # fmt: skip


def _middle(plan: Plan) -> float:
    return (plan.axis[0] + 3.5 + plan.ridge[0]) / 2


def letters(plan: Plan, word: str) -> Manifold:
    """The raised name in the far half."""
    b = plan.s.braille
    top = plan.lid_z + plan.s.lid.thickness_mm
    at = (_middle(plan), plan.s.tray.inner_y_mm / 2 + 9.0, top - 0.1)
    return raised(word, b.text_mm, b.stroke_mm, b.height_mm + 0.1).translate(at)


def _name(plan: Plan, word: str) -> Manifold:
    """Letters, and Braille below them."""
    top = plan.lid_z + plan.s.lid.thickness_mm
    at = (_middle(plan), plan.s.tray.inner_y_mm / 2 - 9.0, top)
    return letters(plan, word) + braille(word, plan.s.braille).translate(at)


def turned(plan: Plan, solid: Manifold, degrees: float) -> Manifold:
    """A lid opened by so many degrees about its hinge."""
    x, z = plan.axis
    return solid.translate((-x, 0.0, -z)).rotate((0.0, -degrees, 0.0)).translate((x, 0.0, z))


def force_n(plan: Plan, mass_g: float) -> float:
    """What a finger at the lip's end lifts: the lid's weight over the hinge, F = m·g·a/b.

    a: the hinge to the lid's middle, b: the hinge to the lip's end. Friction and the magnet (there
    is no iron below it but the reed's blades) are left out; the wire runs in 0.4 mm of play.
    """
    x = plan.axis[0]
    end = plan.ridge[1] + plan.s.lid.lip_reach_mm
    return mass_g / 1000 * GRAVITY * ((x + end) / 2 - x) / (end - x)


def pipe(plan: Plan) -> Manifold:
    """The light pipe where it stands; y as for a lid."""
    size = plan.s.pipe
    at = plan.pipe
    low = plan.strip_z + plan.s.bought.led_z_mm + size.above_led_mm
    stem = rod_z(at, size.stem_mm, (low, plan.top + 0.1))
    head = Manifold.cylinder(size.head_z_mm, size.head_mm / 2, size.head_mm / 2 - 1.0, 32)
    return stem + head.translate((*at, plan.top))
