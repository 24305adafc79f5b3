"""Small solids: boxes, prisms, cylinders, dovetails, letters' strokes.

Knows: manifold3d, and how round is round. May not know: any measure of the box. Millimetres.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from manifold3d import CrossSection, FillRule, Manifold, OpType

ROUND = 32  # sides of a circle
Point = tuple[float, float]
Triple = tuple[float, float, float]


def box(x: Point, y: Point, z: Point) -> Manifold:
    """A block from corner to corner."""
    size = (x[1] - x[0], y[1] - y[0], z[1] - z[0])
    return Manifold.cube(size).translate((x[0], y[0], z[0]))


def rod_z(at: Point, diameter: float, z: Point, sides: int = ROUND) -> Manifold:
    """An upright cylinder."""
    rod = Manifold.cylinder(z[1] - z[0], diameter / 2, diameter / 2, sides)
    return rod.translate((at[0], at[1], z[0]))


def rod_y(at: Point, diameter: float, y: Point, sides: int = ROUND) -> Manifold:
    """A cylinder along y, through x, z."""
    rod = Manifold.cylinder(y[1] - y[0], diameter / 2, diameter / 2, sides)
    return rod.rotate((-90.0, 0.0, 0.0)).translate((at[0], y[0], at[1]))


def rod_x(at: Point, diameter: float, x: Point, sides: int = ROUND) -> Manifold:
    """A cylinder along x, through y, z."""
    rod = Manifold.cylinder(x[1] - x[0], diameter / 2, diameter / 2, sides)
    return rod.rotate((0.0, 90.0, 0.0)).translate((x[0], at[0], at[1]))


def outline(points: Sequence[Point]) -> CrossSection:
    """The area within a polygon, whichever way round."""
    return CrossSection([list(points)], FillRule.NonZero)


def prism_z(points: Sequence[Point], z: Point) -> Manifold:
    """An outline in x, y raised from z to z."""
    return outline(points).extrude(z[1] - z[0]).translate((0.0, 0.0, z[0]))


def prism_y(points: Sequence[Point], y: Point) -> Manifold:
    """An outline in x, z drawn along y."""
    raised = outline(points).extrude(y[1] - y[0])
    return raised.rotate((90.0, 0.0, 0.0)).translate((0.0, y[1], 0.0))


def prism_x(points: Sequence[Point], x: Point) -> Manifold:
    """An outline in y, z drawn along x."""
    raised = outline(points).extrude(x[1] - x[0])
    turned = ((0.0, 0.0, 1.0, x[0]), (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0))
    return raised.transform(turned)


def dovetail(x: float, y: float, z: Point, depth: float, play: float = 0.0) -> Manifold:
    """A tail that widens to the right of x; `play` makes the seat for it."""
    root, head = 3.5 + play, 5.5 + play
    reach = x + depth + play
    tail = prism_z([(x, y - root), (reach, y - head), (reach, y + head), (x, y + root)], z)
    return tail + box((x - 0.5, x + 0.01), (y - root, y + root), z)  # rooted in its wall


def ring(at: Point, inner: float, outer: float, z: Point) -> Manifold:
    """A tube: diameters."""
    return rod_z(at, outer, z, 2 * ROUND) - rod_z(at, inner, (z[0] - 1, z[1] + 1), 2 * ROUND)


def capsule(a: Point, b: Point, width: float) -> CrossSection:
    """A stroke with round ends."""
    end = CrossSection.circle(width / 2, 10)
    return CrossSection.batch_hull([end.translate(a), end.translate(b)])


def join(solids: Iterable[Manifold]) -> Manifold:
    """The union of all."""
    return Manifold.batch_boolean([Manifold(), *solids], OpType.Add)
