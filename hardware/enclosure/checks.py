"""What must hold of the built parts; each line says part, rule, numbers and what to do.

Knows: solids, plan, printer. May not know: files. An empty list means: print it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import trimesh
from manifold3d import Manifold

from hardware.enclosure.estimate import mass_g
from hardware.enclosure.lid import force_n, turned
from hardware.enclosure.overhang import hanging_mm2
from hardware.enclosure.parts import Enclosure, Part
from hardware.enclosure.solids import Triple, join, rod_z
from hardware.enclosure.solids import box as block
from hardware.enclosure.stl import stl

TOUCH_MM3 = 0.05  # faces that lie on one another have rounding between them
STEP_DEG = 4.0
STOP_DEG = 2.0  # past its stop by this much, a lid must meet it
ROUNDING_MM = 1e-6


def check(box: Enclosure) -> list[str]:
    """Every finding about every part and about their assembly."""
    found = [line for part in box.printed for line in check_part(box, part)]
    return [*found, *interference(box), *swing(box), *clearance(box), *lips(box), *sensing(box)]


def check_part(box: Enclosure, part: Part) -> list[str]:
    """One part: a closed surface in one piece, on the bed, printable without support."""
    return [*closed(part), *on_bed(box, part), *printable(box, part)]


def closed(part: Part) -> list[str]:
    """The file's surface has no hole, its volume is positive, and it is one piece."""
    mesh = trimesh.load_mesh(io.BytesIO(stl(part.printed)), file_type="stl")
    if not mesh.is_watertight or not mesh.volume > 0:
        what = f"watertight {mesh.is_watertight}, volume {mesh.volume:.1f} mm³"
        return [f"{part.name}: the surface is closed: {what}, mend the solid"]
    pieces = len(part.printed.decompose())
    if pieces != 1:
        return [f"{part.name}: a part is one piece: {pieces} pieces, let them overlap"]
    return []


def on_bed(box: Enclosure, part: Part) -> list[str]:
    """Within the bed less its margin."""
    p = box.sizes.printer
    _, _, _, x, y, _ = part.printed.bounding_box()
    room = (p.bed_x_mm - 2 * p.margin_mm, p.bed_y_mm - 2 * p.margin_mm)
    if x <= room[0] + ROUNDING_MM and y <= room[1] + ROUNDING_MM:
        return []
    what = f"{x:.1f} × {y:.1f} mm > {room[0]:g} × {room[1]:g}"
    return [f"{part.name}: fits the bed: {what}, split it"]


def printable(box: Enclosure, part: Part) -> list[str]:
    """No more hangs free than the printer forgives."""
    p = box.sizes.printer
    hanging = hanging_mm2(part.printed, p)
    share = hanging / float(part.printed.surface_area())
    if share <= p.unsupported_most:
        return []
    what = f"{hanging:.0f} mm² hang free ({share:.1%})"
    return [f"{part.name}: prints without support: {what}, turn it or slope the face"]


def placed(box: Enclosure, group: str = "box") -> Iterator[tuple[Part, Triple, Manifold]]:
    """Every copy where it stands in the assembly."""
    for part in box.parts:
        if part.group == group:
            for place in part.places:
                yield part, place, part.solid.translate(place)


def interference(box: Enclosure) -> list[str]:
    """No two parts are in the same place, what is bought included, on a table or a wall."""
    found: list[str] = []
    trays = [copy for copy in placed(box) if copy[0].name.startswith("tray")]
    for copies in (placed(box), placed(box, "sensor"), [*placed(box, "wall"), *trays]):
        seen: set[tuple[str, str, tuple[float, ...]]] = set()
        for (a, at_a, solid_a), (b, at_b, solid_b) in combinations(copies, 2):
            apart = tuple(round(q - p, 3) for p, q in zip(at_a, at_b, strict=True))
            if (a.name, b.name, apart) in seen or not _near(solid_a, solid_b):
                continue
            seen.add((a.name, b.name, apart))
            common = float((solid_a ^ solid_b).volume())
            if common > TOUCH_MM3:
                what = f"{common:.2f} mm³ in common"
                found.append(
                    f"{a.name}, {b.name}: two parts are not in one place: {what}, move or cut one"
                )
    return found


def _near(a: Manifold, b: Manifold) -> bool:
    p, q = a.bounding_box(), b.bounding_box()
    return all(p[k] < q[k + 3] and q[k] < p[k + 3] for k in range(3))


def _around(box: Enclosure) -> Manifold:
    """Tuesday's surroundings: both neighbours' trays and lids, all closed."""
    step = box.plan.pitch_x
    names = ("tray", "lid", "light", "plate")
    return join(
        part.solid.translate(place)
        for part in box.parts
        if part.group == "box" and part.name.startswith(names)
        for place in part.places
        if place[0] <= 2 * step + ROUNDING_MM
    )


def _lids(box: Enclosure) -> list[Part]:
    return [part for part in box.parts if part.name.startswith("lid")]


def swing(box: Enclosure) -> list[str]:
    """Each lid opens to its stop without touching anything, and the stop stops it."""
    around = _around(box)
    wide = box.sizes.lid.open_deg
    found = []
    for part in _lids(box):
        place = part.places[1]
        still = around - part.solid.translate(place)  # what moves is not in its own way

        def common(angle: float, part: Part = part, still: Manifold = still) -> float:
            moved = turned(box.plan, part.solid, angle).translate(part.places[1])
            return float((moved ^ still).volume())

        for angle in (*np.arange(0.0, wide, STEP_DEG), wide - STOP_DEG / 10):
            if common(angle) > TOUCH_MM3:
                what = f"at {angle:.0f}° {common(angle):.2f} mm³ in common"
                found.append(
                    f"{part.name}: opens freely: {what}, shorten the lip or widen the tray"
                )
                break
        past = turned(box.plan, part.solid, wide + STOP_DEG).translate(place)
        tray = box.part("tray").solid.translate((place[0], 0.0, 0.0))
        if float((past ^ tray).volume()) <= TOUCH_MM3:
            what = f"nothing stops it at {wide:g}°"
            found.append(f"{part.name}: stops past upright: {what}, raise the fin")
    return found


def clearance(box: Enclosure) -> list[str]:
    """A closed lid has the stated gap to its tray all round."""
    gap = box.sizes.lid.gap_mm
    found = []
    for part in _lids(box):
        x, y, z = part.places[1]
        tray = box.part("tray").solid.translate((x, 0.0, 0.0))
        real = float(part.solid.translate((x, y, z)).min_gap(tray, 2.0))
        if real < gap - 0.02:
            what = f"{real:.2f} < {gap:g} mm"
            found.append(f"{part.name}: has its gap to the tray: {what}, cut the tray back")
    return found


def lips(box: Enclosure) -> list[str]:
    """Less force than a stiff hand has."""
    most = box.sizes.lid.force_most_n
    found = []
    for part in _lids(box):
        force = force_n(box.plan, mass_g(part.printed, box.sizes.printer))
        if force > most:
            what = f"{force:.2f} N > {most:g} N"
            found.append(
                f"{part.name}: opens with little force at the lip: {what}, lighten the lid"
            )
    return found


def sensing(box: Enclosure) -> list[str]:
    """Open, the magnet lets the reed switch go; a neighbour's magnet is too far to count."""
    plan, b = box.plan, box.sizes.bought
    middle = b.magnet_z_mm / 2
    magnet = rod_z(plan.magnet, 0.1, (plan.lid_z + middle, plan.lid_z + middle + 0.1))
    side = b.reed_z_mm / 2
    reed = block(
        (plan.magnet[0] - side, plan.magnet[0] + side),
        (plan.reed_y - b.reed_x_mm / 2, plan.reed_y + b.reed_x_mm / 2),
        (plan.strip_z, plan.strip_z + b.reed_z_mm),
    )
    far = 100.0
    opened = float(turned(plan, magnet, box.sizes.lid.open_deg).min_gap(reed, far))
    beside = float(magnet.translate((0.0, plan.pitch_y, 0.0)).min_gap(reed, far))
    found = []
    if opened < b.reed_release_mm:
        what = f"{opened:.1f} < {b.reed_release_mm:g} mm"
        found.append(f"lid: open, it lets the reed switch go: {what}, open it wider")
    if beside < b.reed_release_mm:
        what = f"{beside:.1f} < {b.reed_release_mm:g} mm"
        found.append(f"lid: a neighbour's magnet does not count: {what}, move the reed")
    return found
