"""Solids drawn as a picture: parallel projection, depth buffer, edges as lines.

Knows: triangles, colours, a view. May not know: what the solids are. No graphics card, the same
pixels every time. Rows of triangles become spans, spans become pixels, the nearest one stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from manifold3d import Manifold
from numpy.typing import NDArray

from hardware.enclosure.overhang import facing, triangles

Floats = NDArray[np.float64]
Colour = tuple[int, int, int]
FINE = 2  # pixels of the buffer for one of the picture, each way
LIGHT = np.array([-0.35, 0.25, 0.9])  # right, up, towards the eye
PAPER = 255.0
FAR = -1e9
TINY = 1e-9
BEND = 0.05  # a step of the shade that is drawn as an edge
COARSE = 8  # steps of a colour in an SVG


@dataclass(frozen=True)
class View:
    """Where it is seen from: degrees round z (0: from the reader's side) and above."""

    turn_deg: float
    above_deg: float
    width_px: int = 1200

    def axes(self) -> Floats:
        """Rows: right, up, towards the eye."""
        turn, above = math.radians(self.turn_deg), math.radians(self.above_deg)
        right = np.array([math.cos(turn), math.sin(turn), 0.0])
        back = np.array([math.sin(turn), -math.cos(turn), 0.0])
        eye = back * math.cos(above) + np.array([0.0, 0.0, math.sin(above)])
        return np.stack([right, np.cross(eye, right), eye])


@dataclass
class Canvas:
    """The depth buffer, with the triangle's shade, colour and object behind every pixel."""

    width: int
    height: int
    colours: Floats
    depth: Floats = field(init=False)
    shade: NDArray[np.float32] = field(init=False)
    owner: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        count = self.width * self.height
        self.depth = np.full(count, FAR)
        self.shade = np.zeros(count, dtype=np.float32)
        self.owner = np.full(count, -1, dtype=np.int32)


def draw(things: Sequence[tuple[Manifold, Colour]], view: View) -> Canvas:
    """What is seen at every fine pixel."""
    axes = view.axes()
    seen = [_seen(solid, axes) for solid, _ in things]
    low = np.min([points.reshape(-1, 3).min(axis=0) for points, _ in seen], axis=0)
    high = np.max([points.reshape(-1, 3).max(axis=0) for points, _ in seen], axis=0)
    margin = 0.03 * float(high[0] - low[0])
    scale = view.width_px * FINE / (float(high[0] - low[0]) + 2 * margin)
    height = math.ceil((float(high[1] - low[1]) + 2 * margin) * scale / FINE) * FINE
    colours = np.array([colour for _, colour in things], dtype=np.float64)
    canvas = Canvas(view.width_px * FINE, height, colours)
    for number, (points, shade) in enumerate(seen):
        flat = points.copy()
        flat[:, :, 0] = (points[:, :, 0] - low[0] + margin) * scale
        flat[:, :, 1] = (high[1] + margin - points[:, :, 1]) * scale
        _fill(canvas, flat, shade, number)
    return canvas


def _seen(solid: Manifold, axes: Floats) -> tuple[Floats, NDArray[np.float32]]:
    """The triangles that face the eye, turned into right, up, nearness; and how bright they are."""
    points, corners = triangles(solid)
    turned = points @ axes.T
    normals, _ = facing(turned, corners)
    front = normals[:, 2] > TINY
    light = normals[front] @ (LIGHT / np.linalg.norm(LIGHT))
    shade = 0.55 + 0.45 * np.clip(light, 0.0, 1.0)
    return turned[corners[front]], shade.astype(np.float32)


def _fill(canvas: Canvas, corners: Floats, shade: NDArray[np.float32], number: int) -> None:
    """Draws triangles (n, 3, 3) in pixels and nearness."""
    y = corners[:, :, 1]
    first = np.ceil(y.min(axis=1) - 0.5).astype(np.int64).clip(0)
    last = np.floor(y.max(axis=1) - 0.5).astype(np.int64).clip(None, canvas.height - 1)
    count = (last - first + 1).clip(0)
    which = np.repeat(np.arange(len(corners)), count)
    row = _counted(count) + first[which]
    left, right = _span(corners[which], row + 0.5)
    begin = np.ceil(left - 0.5).astype(np.int64).clip(0)
    end = np.floor(right - 0.5).astype(np.int64).clip(None, canvas.width - 1)
    width = (end - begin + 1).clip(0)
    span = np.repeat(np.arange(len(which)), width)
    column = _counted(width) + begin[span]
    face, line = which[span], row[span]
    _keep(
        canvas,
        line * canvas.width + column,
        _depth(corners, face, column, line),
        shade[face],
        number,
    )


def _counted(count: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … for each count, one after the other."""
    total = int(count.sum())
    starts = np.repeat(np.cumsum(count) - count, count)
    return np.arange(total) - starts


def _span(corners: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Where a row at y enters and leaves each triangle."""
    left = np.full(len(y), np.inf)
    right = np.full(len(y), -np.inf)
    for k in range(3):
        a, b = corners[:, k], corners[:, (k + 1) % 3]
        rise = b[:, 1] - a[:, 1]
        flat = np.abs(rise) < TINY
        part = (y - a[:, 1]) / np.where(flat, 1.0, rise)
        meets = ~flat & (part >= 0) & (part <= 1)
        x = a[:, 0] + part * (b[:, 0] - a[:, 0])
        left = np.where(meets, np.minimum(left, x), left)
        right = np.where(meets, np.maximum(right, x), right)
    empty = ~np.isfinite(left)
    return np.where(empty, 1.0, left), np.where(empty, 0.0, right)


def _depth(
    corners: Floats, face: NDArray[np.int64], column: NDArray[np.int64], row: NDArray[np.int64]
) -> Floats:
    """Nearness of each pixel, from the plane of its triangle."""
    a = corners[:, 0]
    u, v = corners[:, 1] - a, corners[:, 2] - a
    normal = np.cross(u, v)
    down = np.where(np.abs(normal[:, 2]) < TINY, TINY, normal[:, 2])
    slope_x, slope_y = -normal[:, 0] / down, -normal[:, 1] / down
    depth: Floats = (
        a[face, 2]
        + slope_x[face] * (column + 0.5 - a[face, 0])
        + slope_y[face] * (row + 0.5 - a[face, 1])
    )
    return depth


def _keep(
    canvas: Canvas, pixel: NDArray[np.int64], depth: Floats, shade: NDArray[np.float32], number: int
) -> None:
    """The nearest stays; of several at one pixel the nearest is written last."""
    nearer = depth > canvas.depth[pixel]
    pixel, depth, shade = pixel[nearer], depth[nearer], shade[nearer]
    order = np.argsort(depth, kind="stable")
    pixel = pixel[order]
    canvas.depth[pixel] = depth[order]
    canvas.shade[pixel] = shade[order]
    canvas.owner[pixel] = number


def smooth(canvas: Canvas) -> NDArray[np.uint8]:
    """The picture as (height, width, 3): FINE pixels each way become one."""
    size = (canvas.height // FINE, FINE, canvas.width // FINE, FINE, 3)
    mean = _coloured(canvas, 1).reshape(size).mean(axis=(1, 3))
    return np.asarray(np.round(mean), dtype=np.uint8)


def svg(canvas: Canvas, title: str) -> str:
    """The picture as an SVG of rows: a path for each colour, a dash for each run of pixels.

    WeasyPrint fetches no pictures, not even embedded ones; paths it draws.
    """
    picture = np.round(_coloured(canvas, FINE) / COARSE).astype(np.int64)
    code = (picture[:, :, 0] << 16) + (picture[:, :, 1] << 8) + picture[:, :, 2]
    height, width = code.shape
    changes = np.ones(code.shape, dtype=bool)
    changes[:, 1:] = code[:, 1:] != code[:, :-1]
    rows, starts = np.nonzero(changes)
    lengths = np.diff(np.append(rows * width + starts, height * width))
    paths: dict[int, list[str]] = {}
    for value, x, y, run in zip(code[rows, starts], starts, rows, lengths, strict=True):
        paths.setdefault(int(value), []).append(f"M{x} {y}h{run}")
    paths.pop(sum(round(PAPER / COARSE) << shift for shift in (0, 8, 16)), None)
    lines = "\n".join(
        f'<path stroke="#{_hex(value)}" d="{"".join(runs)}"/>'
        for value, runs in sorted(paths.items())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -0.5 {width} {height}" fill="none" '
        f'stroke-width="1.06"><title>{title}</title>\n{lines}\n</svg>\n'
    )


def _hex(code: int) -> str:
    return "".join(f"{min(255, (code >> shift & 255) * COARSE):02x}" for shift in (16, 8, 0))


def _coloured(canvas: Canvas, step: int) -> Floats:
    """Colour times shade, and lines where object or slope changes, at every step-th fine pixel."""
    size = (canvas.height, canvas.width)
    owner = canvas.owner.reshape(size)[::step, ::step]
    shade = canvas.shade.reshape(size)[::step, ::step]
    colours = canvas.colours[owner] * shade[:, :, None]
    picture = np.where((owner >= 0)[:, :, None], colours, PAPER)
    for axis in (0, 1):
        other = np.roll(owner, 1, axis=axis) != owner
        bent = np.abs(np.roll(shade, 1, axis=axis) - shade) > BEND
        line = other | (bent & (owner >= 0))
        weight = np.where(other, 0.25, 0.6)
        picture = np.where(line[:, :, None], picture * weight[:, :, None] + 8.0, picture)
    return picture
