"""How much of a part would hang in the air while it is printed.

Knows: a solid as it lies on the bed, and the printer. May not know: which part it is.

A face counts as hanging when it looks down more steeply than the printer's overhang. Such faces
are taken together where they touch. What lies within a cantilever of the solid just below holds;
so does what lies between supports (within their convex hull) and within half a bridge of one.
"""

from __future__ import annotations

import math

import numpy as np
from manifold3d import CrossSection, FillRule, Manifold
from numpy.typing import NDArray

from hardware.enclosure.sizes import Printer

Floats = NDArray[np.float64]

BED_MM = 0.05  # faces this low lie on the bed
BELOW_MM = 0.06  # where the support is looked for, under a region's lowest point
ROUNDING = 0.002  # 45° exactly is allowed, whatever the last bit says


def hanging_mm2(solid: Manifold, printer: Printer) -> float:
    """The area (mm², seen from above) that needs support."""
    return sum(
        _unheld(solid, printer, low, region)
        for low, region in _regions(solid, printer.overhang_deg)
    )


def steep_share(solid: Manifold, printer: Printer) -> float:
    """The share of the surface that looks down too steeply, bridges included: for the report."""
    points, corners = triangles(solid)
    normals, areas = facing(points, corners)
    steep = _steep(points, corners, normals, printer.overhang_deg)
    return float(areas[steep].sum() / areas.sum())


def triangles(solid: Manifold) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A solid's points (n, 3) and triangles (m, 3)."""
    mesh = solid.to_mesh()
    points = np.asarray(mesh.vert_properties, dtype=np.float64)[:, :3]
    return points, np.asarray(mesh.tri_verts, dtype=np.int64)


def facing(
    points: NDArray[np.float64], corners: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit normals (m, 3) and areas (m)."""
    a, b, c = (points[corners[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    length = np.linalg.norm(cross, axis=1)
    return cross / np.maximum(length, 1e-12)[:, None], length / 2


def _steep(
    points: Floats, corners: NDArray[np.int64], normals: Floats, overhang_deg: float
) -> NDArray[np.bool_]:
    limit = -math.sin(math.radians(overhang_deg)) - ROUNDING
    low = points[corners, 2].max(axis=1) > BED_MM
    found: NDArray[np.bool_] = (normals[:, 2] < limit) & low
    return found


def _regions(solid: Manifold, overhang_deg: float) -> list[tuple[float, CrossSection]]:
    """Hanging faces that touch one another: their lowest z, and their area seen from above."""
    points, corners = triangles(solid)
    normals, _ = facing(points, corners)
    hanging = corners[_steep(points, corners, normals, overhang_deg)]
    names = _groups(hanging, len(points))
    found = []
    for name in np.unique(names):
        group = hanging[names == name]
        flat = [points[one][:, :2].tolist() for one in group]
        low = float(points[group, 2].min())
        found.append((low, CrossSection(flat, FillRule.NonZero)))
    return found


def _groups(corners: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """A name for each triangle, the same for those that share points."""
    name = np.arange(count)
    while len(corners):
        least = name[corners].min(axis=1)
        after = name.copy()
        for k in range(3):
            np.minimum.at(after, corners[:, k], least)
        if np.array_equal(after, name):
            break
        name = after
    return name[corners[:, 0]] if len(corners) else np.zeros(0, dtype=np.int64)


def _unheld(solid: Manifold, printer: Printer, low: float, region: CrossSection) -> float:
    below = solid.slice(low - BELOW_MM)
    near = below ^ region.offset(1.0)
    if near.is_empty():
        return float(region.area())
    ledge = near.offset(printer.cantilever_mm)
    bridge = near.hull() ^ near.offset(printer.bridge_mm / 2)
    return float((region - ledge - bridge).area())
