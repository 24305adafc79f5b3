"""The pill box's enclosure: measures in, files for the printer and pictures out.

Knows: the order of things (read, build, check, write). May not know: any measure.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from PIL import Image

from hardware.enclosure.checks import check as check_solids
from hardware.enclosure.estimate import mass_g, time_s
from hardware.enclosure.measures import read
from hardware.enclosure.overhang import hanging_mm2, steep_share
from hardware.enclosure.parts import Enclosure, Part, enclosure
from hardware.enclosure.picture import Canvas, draw, smooth, svg
from hardware.enclosure.scenes import scenes
from hardware.enclosure.section import section
from hardware.enclosure.stl import stl
from hardware.shapes import Refused

ROOM = Path(__file__).resolve().parent.parent
COLUMNS = (
    "file", "title", "count", "x_mm", "y_mm", "z_mm", "mass_g", "time_min", "steep_share",
    "hanging_mm2",
)  # fmt: skip


def check(data: Path = ROOM) -> list[str]:
    """What is wrong with the measures and with what is built from them; [] = nothing."""
    try:
        return _findings(_box(data))
    except Refused as refused:
        return list(refused.lines)


def build(into: Path, data: Path = ROOM) -> list[Path]:
    """Writes into/enclosure: STL files, parts.csv, pictures; gives what was written.

    `data`: the folder of enclosure/enclosure.toml and parts.toml. Raises Refused, before anything
    is written, when measures or solids are wrong.
    """
    box = _box(data)
    if findings := _findings(box):
        raise Refused(findings)
    folder = into / "enclosure"
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    files: dict[str, bytes] = {f"{part.name}.stl": stl(part.printed) for part in box.printed}
    files["parts.csv"] = table(box).encode()
    files["pictures/section.svg"] = section(box).encode()
    for name, things, view in scenes(box):
        canvas = draw(things, view)
        files[f"pictures/{name}.svg"] = svg(canvas, name).encode()
        files[f"pictures/{name}.png"] = _png(canvas)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in files]


def printed(data: Path = ROOM) -> list[tuple[str, str, int, str]]:
    """Every printed part: file, title, count, and size, mass and time in words."""
    box = _box(data)
    return [(f"{p.name}.stl", p.title, len(p.places), _says(box, p)) for p in box.printed]


def table(box: Enclosure) -> str:
    """parts.csv."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for part in box.printed:
        x, y, z, mass, minutes = _figures(box, part)
        p = box.sizes.printer
        share, hanging = steep_share(part.printed, p), hanging_mm2(part.printed, p)
        rows.writerow(
            [f"{part.name}.stl", part.title, len(part.places), f"{x:.1f}", f"{y:.1f}", f"{z:.1f}",
             f"{mass:.1f}", f"{minutes:.0f}", f"{share:.3f}", f"{hanging:.0f}"]
        )  # fmt: skip
    return out.getvalue()


def _box(data: Path) -> Enclosure:
    return enclosure(read(data / "enclosure" / "enclosure.toml", data / "parts.toml"))


def _findings(box: Enclosure) -> list[str]:
    return [f"hardware/enclosure: {line}" for line in check_solids(box)]


def _figures(box: Enclosure, part: Part) -> tuple[float, float, float, float, float]:
    x, y, z = part.printed.bounding_box()[3:]
    p = box.sizes.printer
    return x, y, z, mass_g(part.printed, p), time_s(part.printed, p) / 60


def _says(box: Enclosure, part: Part) -> str:
    x, y, z, mass, minutes = _figures(box, part)
    return f"{x:.0f} × {y:.0f} × {z:.0f} mm, {mass:.0f} g, {minutes:.0f} min"


def _png(canvas: Canvas) -> bytes:
    out = io.BytesIO()
    Image.fromarray(smooth(canvas)).save(out, format="PNG")
    return out.getvalue()
