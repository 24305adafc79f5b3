"""The enclosure's solids: sound as shipped, and every check sees what breaks it.

Knows: the shipped measures; solids made wrong on purpose.
"""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from manifold3d import Manifold

from hardware.enclosure import checks, estimate
from hardware.enclosure.lid import force_n, turned
from hardware.enclosure.measures import read
from hardware.enclosure.overhang import hanging_mm2, steep_share
from hardware.enclosure.parts import OVER, SIDE, Enclosure, Part, enclosure
from hardware.enclosure.solids import box as block
from hardware.enclosure.solids import prism_y, rod_y

NOUGHT = 1e-6


@pytest.fixture(scope="module")
def shipped() -> Enclosure:
    """The box as its measures say."""
    return enclosure(read())


def changed(section: str, **values: float) -> Enclosure:
    """The box of other measures, whatever the rules say of them."""
    sizes = read()
    part = dataclasses.replace(getattr(sizes, section), **cast("Any", values))
    return enclosure(dataclasses.replace(sizes, **{section: part}))


def instead(box: Enclosure, name: str, **values: object) -> Enclosure:
    """The box with one part made otherwise."""
    parts = tuple(
        dataclasses.replace(part, **cast("Any", values)) if part.name == name else part
        for part in box.parts
    )
    return dataclasses.replace(box, parts=parts)


def test_the_shipped_box_is_sound(shipped: Enclosure) -> None:
    """Every part is closed and printable, all fit, every lid swings: nothing is found."""
    assert checks.check(shipped) == []


def test_twenty_eight_lids_for_seven_trays(shipped: Enclosure) -> None:
    """Each compartment has its lid, its magnet and its light; each day a tray, strip and plate."""
    count = {part.name: len(part.places) for part in shipped.parts}
    assert sum(n for name, n in count.items() if name.startswith("lid-")) == 28
    assert (count["magnet"], count["light-pipe"]) == (28, 28)
    assert sum(n for name, n in count.items() if name.startswith("tray")) == 7
    assert (count["strip"], sum(n for name, n in count.items() if name.startswith("plate"))) == (
        7,
        7,
    )


def test_a_torn_surface_is_seen(shipped: Enclosure) -> None:
    """A solid that lacks one triangle is not closed."""
    mesh = shipped.part("ok-cap").printed.to_mesh()
    torn = SimpleNamespace(vert_properties=mesh.vert_properties, tri_verts=mesh.tri_verts[1:])
    part = SimpleNamespace(name="cap", printed=SimpleNamespace(to_mesh=lambda: torn))
    assert "the surface is closed" in checks.closed(cast("Part", part))[0]


def test_a_part_in_two_pieces_is_seen() -> None:
    """What would fall apart on the bed is told."""
    two = block((0, 5), (0, 5), (0, 5)) + block((6, 9), (0, 5), (0, 5))
    assert "2 pieces" in checks.closed(Part("two", "", two))[0]


def test_a_part_beyond_the_bed_is_seen(shipped: Enclosure) -> None:
    """217 mm do not fit 220 mm less two margins; turned on its side it may."""
    long = block((0, 217), (0, 5), (0, 5))
    assert "217.0 × 5.0 mm > 216 × 216" in checks.on_bed(shipped, Part("long", "", long))[0]
    assert checks.on_bed(shipped, Part("long", "", long, flip=SIDE)) == []


def gate(span: float) -> Manifold:
    """Two posts and a beam over the span between them."""
    beam = block((0, span + 10), (0, 30), (15, 20))
    return beam + block((0, 5), (0, 30), (0, 20)) + block((span + 5, span + 10), (0, 30), (0, 20))


def shelf(out: float, low: float) -> Manifold:
    """A post with a shelf that reaches out so far; its underside begins at `low` on the post."""
    return prism_y([(0, 0), (0, 20), (10 + out, 20), (10 + out, 15), (10, low)], (0, 30)) + block(
        (0, 10), (0, 30), (0, 20)
    )


@pytest.mark.parametrize(
    ("name", "solid", "hangs"),
    [
        ("block", block((0, 10), (0, 10), (0, 10)), False),
        ("bridge of 14 mm", gate(14.0), False),
        ("bridge of 24 mm", gate(24.0), True),
        ("ledge of 1 mm", shelf(1.0, 15.0), False),
        ("ledge of 10 mm", shelf(10.0, 15.0), True),
        ("slope of 45°", shelf(10.0, 5.0), False),
        ("slope of 60°", shelf(15.0, 6.4), True),
        ("hole of 6 mm", block((0, 20), (0, 20), (0, 20)) - rod_y((10, 10), 6.0, (-1, 21)), False),
        ("in the air", block((0, 5), (0, 5), (0, 5)) + block((20, 30), (0, 10), (5, 9)), True),
    ],
)
def test_overhang(shipped: Enclosure, name: str, solid: Manifold, hangs: bool) -> None:
    """A printer bridges 15 mm and holds a ledge of 1.2 mm and a slope of 45°, no more."""
    found = hanging_mm2(solid, shipped.sizes.printer)
    assert (found > 1.0) == hangs, (name, found)


def test_a_part_that_lies_wrong_is_seen(shipped: Enclosure) -> None:
    """The console's cover would need support if it were printed as it stands."""
    cover = dataclasses.replace(shipped.part("console-left"), flip=(0.0, 0.0, 0.0))
    assert "prints without support" in checks.printable(shipped, cover)[0]
    assert steep_share(cover.printed, shipped.sizes.printer) > 0.1


@pytest.mark.parametrize(
    ("name", "move"),
    [
        ("light-pipe", -1.5),
        ("battery", -1.5),
        ("plate-wed", -1.5),
        ("main-board", -1.5),
        ("sensor-back", -1.5),
        ("wall-bracket", 1.5),
    ],
)
def test_what_stands_in_another_is_seen(shipped: Enclosure, name: str, move: float) -> None:
    """A part or a bought body 1.5 mm too low or high cuts into its neighbour: both are named."""
    part = shipped.part(name)
    moved = instead(shipped, name, solid=part.solid.translate((0.0, 0.0, move)))
    assert any(name in line for line in checks.interference(moved))


def test_a_lip_too_long_hits_the_next_day(shipped: Enclosure) -> None:
    """Another lid's lip in the way of the opening lid is seen, with the angle."""
    lines = checks.swing(changed("lid", lip_reach_mm=9.0))
    assert len(lines) == 4
    assert all("opens freely: at " in line for line in lines)
    assert checks.swing(shipped) == []


def test_a_lid_without_stop_is_seen(shipped: Enclosure) -> None:
    """Without the fins an open lid falls on its neighbour."""
    axis_z = shipped.plan.axis[1]
    for name in ("tray-first", "tray", "tray-last"):
        whole = shipped.part(name).solid
        cut = whole - block((-1.0, 1.35), (0.0, 300.0), (shipped.plan.top + 0.01, axis_z + 20))
        shipped = instead(shipped, name, solid=cut)
    assert all("stops past upright" in line for line in checks.swing(shipped))
    assert len(checks.swing(shipped)) == 4


def test_a_tight_lid_is_seen(shipped: Enclosure) -> None:
    """A lid 0.2 mm lower has not its stated gap."""
    solid = shipped.part("lid-noon").solid.translate((0.0, 0.0, -0.2))
    lines = checks.clearance(instead(shipped, "lid-noon", solid=solid))
    assert len(lines) == 1
    assert lines[0].startswith("lid-noon: has its gap to the tray: 0.10 < 0.3 mm")


def test_a_magnet_that_is_felt_elsewhere_is_seen(shipped: Enclosure) -> None:
    """Too strong a pair of magnet and reed reacts to open lids and neighbours."""
    lines = checks.sensing(changed("bought", reed_release_mm=80.0))
    assert [line.split(":")[1] for line in lines] == [
        " open, it lets the reed switch go", " a neighbour's magnet does not count",
    ]  # fmt: skip
    assert checks.sensing(shipped) == []


def test_lifting_takes_little_force(shipped: Enclosure) -> None:
    """F = m·g·a/b by hand for ten grams; a lid that needs more than the limit is told."""
    plan = shipped.plan
    x, end = plan.axis[0], plan.ridge[1] + shipped.sizes.lid.lip_reach_mm
    by_hand = 0.010 * 9.81 * (end - x) / 2 / (end - x)
    assert force_n(plan, 10.0) == pytest.approx(by_hand)
    assert len(checks.lips(changed("lid", force_most_n=0.01))) == 4


def test_an_open_lid_shows_its_whole_compartment(shipped: Enclosure) -> None:
    """At its stop nothing of the lid is over the compartment any more."""
    lid = turned(shipped.plan, shipped.part("lid-noon").solid, shipped.sizes.lid.open_deg)
    left = shipped.sizes.tray.hinge_mm
    over = lid ^ block((left, left + 60.0), (-5.0, 60.0), (0.0, 200.0))
    assert float(over.volume()) < NOUGHT


def test_mass_and_time_by_hand(shipped: Enclosure) -> None:
    """A cube of 10 mm: 720 mm³ shell + 15 % of 280 = 762 mm³; 50 layers of 6 s."""
    cube, p = block((0, 10), (0, 10), (0, 10)), shipped.sizes.printer
    assert estimate.plastic_mm3(cube, p) == pytest.approx(762.0)
    assert estimate.mass_g(cube, p) == pytest.approx(0.96774)
    assert estimate.time_s(cube, p) == pytest.approx(762 / 8 + 300)


def test_a_printed_part_lies_on_the_bed(shipped: Enclosure) -> None:
    """Turned as it is printed, every part begins at 0, 0, 0."""
    for part in shipped.printed:
        assert np.allclose(part.printed.bounding_box()[:3], 0.0, atol=1e-4), part.name
    assert shipped.part("ok-cap").flip == OVER
