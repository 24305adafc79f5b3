"""What the pictures show: the closed box, an open lid, everything apart, each part alone.

Knows: parts and their places, colours. May not know: how a picture is drawn or written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from manifold3d import Manifold

from hardware.enclosure.lid import turned
from hardware.enclosure.parts import Enclosure, Part
from hardware.enclosure.picture import Colour, View
from hardware.enclosure.solids import Triple

COLOURS: Mapping[str, Colour] = {
    "body": (232, 226, 214), "console": (222, 216, 204), "base": (150, 152, 156),
    "lid0": (255, 214, 130), "lid1": (176, 214, 160), "lid2": (240, 172, 140),
    "lid3": (170, 186, 226), "plate": (250, 250, 246), "clear": (120, 200, 255),
    "help": (214, 70, 60), "ok": (70, 160, 90), "steel": (196, 200, 206), "board": (44, 112, 76),
    "dark": (70, 70, 74), "battery": (84, 130, 196), "ink": (52, 56, 66),
}  # fmt: skip
Things = list[tuple[Manifold, Colour]]
OPENED = (("lid-noon", 1), ("lid-morning", 0))  # name and day
OPENED_MAGNETS = (5, 0)  # the magnets in them
ROW = ("tray", "lid", "light", "plate", "magnet", "hinge", "strip")
HAIR_MM = 0.03


def scenes(box: Enclosure) -> Iterator[tuple[str, Things, View]]:
    """Every picture: its name, what is on it, where it is seen from."""
    yield "closed", list(_assembled(box)), View(20.0, 44.0)
    yield "open", list(_opened(box)), View(26.0, 34.0)
    yield "exploded", list(_apart(box)), View(24.0, 28.0)
    yield "below", _over(_assembled(box)), View(-24.0, 40.0)
    yield "wall", list(_on_wall(box)), View(56.0, 14.0, 900)
    yield "step-magnets", _over(_lids(box)), View(20.0, 50.0, 800)
    yield "step-strip", list(_strip(box)), View(40.0, 38.0, 800)
    yield "step-panel", _over(_panel(box)), View(12.0, 68.0, 1000)
    yield "step-base", list(_bases(box)), View(20.0, 40.0, 1000)
    yield "sensor", list(_sensor(box)), View(24.0, 42.0, 700)
    for part in box.printed:
        yield f"part-{part.name}", [(part.printed, COLOURS[part.colour])], View(24.0, 40.0, 360)


def _shown(
    part: Part, move: Triple, open_at: Callable[[Manifold], Manifold] | None = None
) -> Things:
    """A part in its colour, its letters in ink: a hair higher, so that they are seen."""
    things = [(part.solid, COLOURS[part.colour])]
    if part.ink is not None:
        things.append((part.ink.translate((0.0, 0.0, HAIR_MM)), COLOURS["ink"]))
    return [
        ((open_at(solid) if open_at else solid).translate(move), colour) for solid, colour in things
    ]


def _copies(box: Enclosure, group: str = "box") -> Iterator[tuple[Part, int, Triple]]:
    for part in box.parts:
        if part.group == group:
            for number, place in enumerate(part.places):
                yield part, number, place


def _over(things: Iterable[tuple[Manifold, Colour]]) -> Things:
    """Seen from below."""
    return [(solid.rotate((180.0, 0.0, 0.0)), colour) for solid, colour in things]


def _assembled(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    for part, _, place in _copies(box):
        yield from _shown(part, place)


def _opened(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """Two days with open lids and a folded pouch, near enough to read."""
    limit = 2 * box.plan.pitch_x - 1.0
    angle = box.sizes.lid.open_deg - 0.5
    for part, number, place in _copies(box):
        if place[0] > limit or not part.name.startswith(ROW):
            continue
        lifted = (part.name, number) in OPENED or (
            part.name == "magnet" and number in OPENED_MAGNETS
        )
        yield from _shown(part, place, (lambda s: turned(box.plan, s, angle)) if lifted else None)
    yield pouch(box), (250, 246, 232)


def pouch(box: Enclosure) -> Manifold:
    """A folded pouch in Tuesday's noon."""
    p, t = box.sizes.pouch, box.sizes.tray
    short, long = p.folded_mm
    x = box.plan.pitch_x + t.hinge_mm + (t.inner_x_mm - short) / 2
    y = box.plan.slot_y(1) + (t.inner_y_mm - long) / 2
    low = t.floor_mm
    half = p.thickness_mm / 2
    flat = Manifold.cube((short, long, 0.6)).translate((x, y, low + half))
    full = Manifold.cube((short - 8, long - 8, p.thickness_mm)).translate((x + 4, y + 4, low))
    return (flat + full).hull()


def _apart(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    for part, _, place in _copies(box):
        x, y, z = (p + q for p, q in zip(place, part.apart, strict=True))
        yield from _shown(part, (x, y, z))


def _on_wall(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """At its angle on its brackets, before the wall."""
    stand = box.sizes.stand
    turn = (stand.wall_deg, 0.0, 0.0)
    for group in ("box", "wall"):
        for part, _, place in _copies(box, group):
            if part.name != "foot":
                for solid, colour in _shown(part, place):
                    yield solid.rotate(turn), colour
    far = box.plan.length * math.cos(math.radians(stand.wall_deg))
    wall = Manifold.cube((box.plan.width + 80.0, 4.0, 260.0)).translate((-40.0, far, -90.0))
    yield wall, (240, 240, 240)


def _lids(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """Monday's lids, each with its magnet on the way in."""
    magnet = box.part("magnet")
    for part in box.parts:
        if part.name.startswith("lid"):
            x, y, z = part.places[0]
            for k in range(2):
                yield from _shown(part, (x + 70.0 * k, y, z))
                yield from _shown(magnet, (x + 70.0 * k, y, z - (14.0 if k else 0.0)))


def _strip(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """A tray without lids, its strip on the way in, its light pipes above their holes."""
    yield from _shown(box.part("tray-first"), (0.0, 0.0, 0.0))
    yield from _shown(box.part("strip"), (0.0, -box.sizes.tray.strip_y_mm * 0.62, 0.0))
    for number, place in enumerate(box.part("light-pipe").places):
        if place[0] < 1.0:
            y = box.plan.slot_y(number % box.sizes.tray.slots)
            yield from _shown(box.part("light-pipe"), (0.0, y, 14.0))


def _panel(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """The covers from inside, with what is fixed to them."""
    for name in ("console-left", "console-right", "button-help", "button-ok", "speaker"):
        yield from _shown(box.part(name), (0.0, 0.0, 0.0))


def _bases(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    """Board on its base; battery and door on their way."""
    heights = {
        "base-left": 0.0,
        "base-right": 0.0,
        "main-board": 14.0,
        "battery": 40.0,
        "battery-door": -40.0,
    }
    for name, z in heights.items():
        yield from _shown(box.part(name), (0.0, 0.0, z))


def _sensor(box: Enclosure) -> Iterator[tuple[Manifold, Colour]]:
    yield from _shown(box.part("sensor-case"), (0.0, 0.0, 0.0))
    yield from _shown(box.part("sensor-back"), (0.0, 0.0, 34.0))
