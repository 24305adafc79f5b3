"""A drawing with measures: the section through one compartment, across the day.

Knows: solids, plan; SVG. May not know: files. Cut where the magnet is; all lengths in mm.
"""

from __future__ import annotations

from collections.abc import Iterator

from manifold3d import Manifold

from hardware.enclosure.lid import turned
from hardware.enclosure.parts import Enclosure
from hardware.enclosure.picture import Colour
from hardware.enclosure.scenes import COLOURS, pouch
from hardware.enclosure.solids import Point

SCALE = 8.0  # pixels a millimetre
LEFT, RIGHT, ABOVE, UNDER = 34.0, 52.0, 90.0, 20.0  # mm round the tray, for measures and words
INK = "#222233"


def section(box: Enclosure) -> str:
    """Tuesday noon, cut at the magnet; dashed: the lid open, and the light pipe farther on."""
    body = "\n".join([*_faces(box), *_measures(box), *_words(box)])
    width = (box.plan.pitch_x + LEFT + RIGHT) * SCALE
    height = (ABOVE + UNDER) * SCALE
    move = f"translate({LEFT * SCALE:g} {ABOVE * SCALE:g}) scale({SCALE:g})"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        'font-family="Noto Sans CJK KR, sans-serif" font-size="2.6">'
        "<title>단면 · section, mm</title>"
        f'<g transform="{move}" stroke-linejoin="round">\n{body}\n</g></svg>\n'
    )


def _faces(box: Enclosure) -> Iterator[str]:
    """What the plane cuts; the tray in its own coordinates, lids' y from their compartment."""
    plan = box.plan
    here, at = plan.magnet[1], plan.slot_y(1)
    lid = box.part("lid-noon")
    yield _area(box.part("tray").solid, at + here, COLOURS["body"])
    yield _area(box.part("strip").solid, at + here, COLOURS["board"])
    yield _area(pouch(box).translate((-plan.pitch_x, 0.0, 0.0)), at + here, (239, 228, 188))
    yield _area(box.part("light-pipe").solid, plan.pipe[1], COLOURS["clear"], behind=True)
    opened = turned(plan, lid.solid, box.sizes.lid.open_deg)
    yield _area(opened, here, COLOURS[lid.colour], behind=True)
    yield _area(lid.solid, here, COLOURS[lid.colour])
    yield _area(box.part("magnet").solid, here, COLOURS["steel"])
    yield _area(box.part("hinge-wire").solid, at + here, COLOURS["steel"])


def _area(solid: Manifold, y: float, colour: Colour, *, behind: bool = False) -> str:
    """Where the plane at y cuts: x to the right, z up (SVG counts down)."""
    # Turned so that y becomes z: (x, y, z) → (x, -z, y), and -z is what SVG wants.
    face = solid.rotate((90.0, 0.0, 0.0)).slice(y)
    path = "".join(
        "M" + "L".join(f"{x:.2f} {z:.2f}" for x, z in loop) + "Z" for loop in face.to_polygons()
    )
    fill = "#{:02x}{:02x}{:02x}".format(*colour)
    dashes = ' stroke-dasharray="1.2 0.8" fill-opacity="0.25"' if behind else ""
    drawn = f'fill="{fill}" stroke="{INK}" stroke-width="0.2" fill-rule="evenodd"{dashes}'
    return f'<path d="{path}" {drawn}/>'


def _measures(box: Enclosure) -> Iterator[str]:
    s, plan = box.sizes, box.plan
    t, lid = s.tray, s.lid
    yield _across((t.hinge_mm, t.hinge_mm + t.inner_x_mm), -6.0, f"{t.inner_x_mm:g}")
    yield _across((0.0, t.hinge_mm), -6.0, f"{t.hinge_mm:g}")
    yield _across(plan.channel, -6.0, f"{t.channel_mm:g}")
    yield _across((0.0, plan.pitch_x), -13.0, f"하루 · one day {plan.pitch_x:g}")
    yield _up((t.floor_mm, plan.top), -6.0, f"{t.depth_mm:g}")
    yield _up((0.0, plan.top), -16.0, f"{plan.top:g}")
    end, high = plan.ridge[1] + lid.lip_reach_mm, plan.lid_z + lid.lip_rise_mm
    yield _across((plan.ridge[1], end), high + 6.0, f"턱 · lip {lid.lip_reach_mm:g}")
    beyond = plan.pitch_x + 5.0
    yield _up((plan.lid_z, high), beyond, f"{lid.lip_rise_mm:g} 손가락 자리 · room for a finger")
    yield _up((plan.reed_z, plan.lid_z), beyond, "")


def _words(box: Enclosure) -> Iterator[str]:
    """What is what: a line from the thing to its name."""
    plan, t = box.plan, box.sizes.tray
    x, z = plan.axis
    right = plan.pitch_x + 7.0
    yield _named(
        (plan.magnet[0], plan.reed_z),
        (right, 21.0),
        f"자석–리드 · magnet to reed {plan.magnet_gap:.2f}",
    )
    yield _named((plan.pipe[0], plan.top - 1.0), (right, 16.5), "도광봉 · light pipe (behind)")
    yield _named((plan.pipe[0] + 3.0, plan.strip_z - 0.8), (right, 12.0), "요일 기판 · day strip")
    yield _named((plan.channel[1], 5.0), (right, 7.5), "배선 통로 · cable way")
    yield _text((t.hinge_mm + t.inner_x_mm / 2, 9.5), "접은 약포지 · folded pouch")
    opened = f"열림 · open {box.sizes.lid.open_deg:g}°"
    yield _text((x - 16.0, z + 25.0), opened, "end")
    yield _named((x, z), (-4.0, z + 6.0), f"경첩 · hinge ⌀{box.sizes.lid.pin_mm:g}", "end")


def _named(thing: Point, at: Point, words: str, anchor: str = "start") -> str:
    path = f"M{thing[0]:.2f} {-thing[1]:.2f}L{at[0]:.2f} {-at[1]:.2f}"
    line = f'<path d="{path}" stroke="{INK}" stroke-width="0.15"/>'
    gap = 0.8 if anchor == "start" else -0.8
    return line + _text((at[0] + gap, at[1] - 0.9), words, anchor)


def _text(at: Point, words: str, anchor: str = "middle") -> str:
    return (
        f'<text x="{at[0]:.2f}" y="{-at[1]:.2f}" text-anchor="{anchor}" fill="{INK}">{words}</text>'
    )


def _across(x: Point, z: float, words: str) -> str:
    line = f"M{x[0]:.2f} {-z - 1:.2f}v2M{x[1]:.2f} {-z - 1:.2f}v2M{x[0]:.2f} {-z:.2f}H{x[1]:.2f}"
    drawn = f'<path d="{line}" stroke="{INK}" stroke-width="0.2" fill="none"/>'
    return drawn + _text(((x[0] + x[1]) / 2, z + 1.6), words)


def _up(z: Point, x: float, words: str) -> str:
    line = f"M{x - 1:.2f} {-z[0]:.2f}h2M{x - 1:.2f} {-z[1]:.2f}h2M{x:.2f} {-z[0]:.2f}V{-z[1]:.2f}"
    drawn = f'<path d="{line}" stroke="{INK}" stroke-width="0.2" fill="none"/>'
    start = x > 0
    at = (x + (1.6 if start else -1.6), (z[0] + z[1]) / 2 - 0.9)
    return drawn + (_text(at, words, "start" if start else "end") if words else "")
