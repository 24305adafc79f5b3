"""The enclosure's files: STL that others read, letters, pictures; the same bytes twice.

Knows: the formats. Judges: trimesh reads the STL, liblouis wrote the Braille (`lou_translate
unicode.dis,ko-g2.ctb`, 3.24), an XML parser reads the SVG.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import trimesh

from hardware import enclosure
from hardware.enclosure.letters import BRAILLE, braille, dots, letters_of, raised, strokes
from hardware.enclosure.measures import read
from hardware.enclosure.parts import Enclosure
from hardware.enclosure.parts import enclosure as built
from hardware.enclosure.picture import View, draw, smooth, svg
from hardware.enclosure.plan import DAYS, SLOTS
from hardware.enclosure.scenes import scenes
from hardware.enclosure.section import section
from hardware.enclosure.solids import box as block
from hardware.enclosure.solids import prism_y
from hardware.enclosure.stl import stl
from hardware.shapes import Refused

LIBLOUIS = {
    "월": "⠏⠂", "화": "⠚⠧", "수": "⠠⠍", "목": "⠑⠭", "금": "⠈⠪⠢", "토": "⠓⠥", "일": "⠕⠂",
    "아침": "⠣⠰⠕⠢", "점심": "⠨⠎⠢⠠⠕⠢", "저녁": "⠨⠎⠉⠱⠁", "자기전": "⠨⠈⠕⠨⠾",
    "확인": "⠚⠧⠁⠟", "도움": "⠊⠥⠍⠢",
}  # fmt: skip
RED, BLUE = (200, 20, 20), (20, 20, 200)


@pytest.fixture(scope="module")
def shipped() -> Enclosure:
    """The box as its measures say."""
    return built(read())


@pytest.mark.parametrize("name", ["tray", "lid-bedtime", "console-left", "sensor-back"])
def test_stl_is_read_by_others(shipped: Enclosure, name: str) -> None:
    """A foreign reader finds the same closed solid: its volume, its size; no date stands in it."""
    solid = shipped.part(name).printed
    content = stl(solid)
    assert len(content) == 84 + 50 * int.from_bytes(content[80:84], "little")
    assert content[:80].strip() == b"Anbu pill box, millimetres"
    mesh = trimesh.load_mesh(io.BytesIO(content), file_type="stl")
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(float(solid.volume()), rel=1e-4)
    assert np.allclose(mesh.bounds.ravel(), solid.bounding_box(), atol=1e-3)


def test_files_are_the_same_twice(shipped: Enclosure) -> None:
    """Built anew, STL, table, drawing and picture have the same bytes."""
    again = built(read())
    for name in ("tray", "lid-noon", "plate-mon", "wall-bracket"):
        assert stl(shipped.part(name).printed) == stl(again.part(name).printed)
    assert enclosure.table(shipped) == enclosure.table(again)
    assert section(shipped) == section(again)
    pictures = [{name: (t, v) for name, t, v in scenes(one)} for one in (shipped, again)]
    drawn = [draw(*one["part-lid-noon"]) for one in pictures]
    assert svg(drawn[0], "lid") == svg(drawn[1], "lid")
    assert np.array_equal(smooth(drawn[0]), smooth(drawn[1]))


def test_stl_does_not_depend_on_the_order_of_triangles() -> None:
    """The same surface with its triangles and their corners in another order is the same file."""
    solid = block((0, 10), (0, 10), (0, 10)) - block((2, 8), (2, 8), (2, 12))
    mesh = solid.to_mesh()
    other = SimpleNamespace(
        vert_properties=mesh.vert_properties, tri_verts=np.roll(mesh.tri_verts[::-1], 1, axis=1)
    )
    assert stl(SimpleNamespace(to_mesh=lambda: other)) == stl(solid)


def test_braille_is_liblouis() -> None:
    """Every word of the box is written as liblouis writes it, and no word lacks."""
    assert dict(BRAILLE) == LIBLOUIS
    assert {*DAYS, *SLOTS} < set(BRAILLE)


def test_dots_stand_where_a_finger_looks_for_them(shipped: Enclosure) -> None:
    """⠓ is 1, 2, 5: left column two dots, right column the middle one; as high as the standard."""
    assert [dots(cell) for cell in "⠓⠥"] == [[1, 2, 5], [1, 3, 6]]
    b = shipped.sizes.braille
    boxes = [dot.bounding_box() for dot in braille("토", b).decompose()]
    middles = sorted((round((q[0] + q[3]) / 2, 2), round((q[1] + q[4]) / 2, 2)) for q in boxes)
    left = middles[0][0]
    assert [(round(x - left, 2), y) for x, y in middles] == [
        (0.0, 0.0), (0.0, 2.5), (2.5, 0.0), (6.0, -2.5), (6.0, 2.5), (8.5, -2.5)
    ]  # fmt: skip
    assert all(q[5] == pytest.approx(0.8) for q in boxes)


def test_hangul_by_strokes() -> None:
    """A syllable falls into its letters, every word of the box can be drawn, inside its square."""
    assert letters_of("월") == ("ㅇ", "ㅝ", "ㄹ")
    assert letters_of("기") == ("ㄱ", "ㅣ", " ")
    for word in BRAILLE:
        for syllable in word:
            points = [point for stroke in strokes(syllable) for point in stroke]
            assert len(points) > 3
            assert all(-0.05 <= x <= 1.05 and -0.05 <= y <= 1.05 for x, y in points)
    assert float(raised("확인", 10.0, 1.2, 0.8).bounding_box()[5]) == pytest.approx(0.8)


def test_the_nearer_thing_hides_the_farther() -> None:
    """A red block before a blue one: the middle of the picture is red, and blue shows beside it."""
    red, blue = block((0, 10), (0, 10), (0, 10)), block((-20, 30), (20, 30), (0, 10))
    for things in ([(red, RED), (blue, BLUE)], [(blue, BLUE), (red, RED)]):
        picture = smooth(draw(things, View(0.0, 0.0, 100)))
        row = picture[picture.shape[0] // 2]
        assert row[50][0] > row[50][2]
        assert row[10][2] > row[10][0]
        assert row[90][2] > row[90][0]


def test_a_ramp_comes_out_of_a_plate() -> None:
    """Seen from above, a red ramp is over the blue plate only where it has risen above it."""
    ramp = prism_y([(0, 0), (20, 0), (20, 20)], (0, 10))
    plate = block((0, 20), (0, 10), (0, 10))
    picture = smooth(draw([(ramp, RED), (plate, BLUE)], View(0.0, 90.0, 100)))
    rows = picture[6:-6].astype(int)  # every row: a plane wrong in one triangle shows in some
    assert (rows[:, 25, 2] > rows[:, 25, 0]).all()
    assert (rows[:, 75, 0] > rows[:, 75, 2]).all()


def test_a_picture_as_svg_has_its_pixels() -> None:
    """The dashes of the SVG cover what the picture shows, and only that."""
    canvas = draw([(block((0, 10), (0, 10), (0, 10)), RED)], View(0.0, 0.0, 60))
    root = ET.fromstring(svg(canvas, "block"))  # noqa: S314 - our own
    dashes = [
        int(dash.split("h")[1])
        for path in root.iter("{http://www.w3.org/2000/svg}path")
        for dash in path.attrib["d"].split("M")[1:]
    ]
    dark = int((smooth(canvas).mean(axis=2) < 250).sum())
    assert abs(sum(dashes) - dark) < 0.06 * dark


def test_the_section_names_its_measures(shipped: Enclosure) -> None:
    """The drawing is XML and says what it measures, with the numbers of the measures."""
    root = ET.fromstring(section(shipped))  # noqa: S314 - our own
    words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    for wanted in (
        "39",
        "12.4",
        "one day 61.6",
        "magnet to reed 3.55",
        "open 103°",
        "folded pouch",
    ):
        assert wanted in words


def test_every_step_of_the_guide_has_its_picture(shipped: Enclosure) -> None:
    """Pictures that the guide embeds are drawn, and every printed part has one."""
    names = {name for name, _, _ in scenes(shipped)}
    steps = {"closed", "open", "exploded", "below", "wall", "sensor"}
    steps |= {"step-magnets", "step-strip", "step-panel", "step-base"}
    assert steps | {f"part-{part.name}" for part in shipped.printed} == names


def test_the_table_of_parts(shipped: Enclosure) -> None:
    """One row for each printed part, none for what is bought."""
    rows = list(csv.DictReader(io.StringIO(enclosure.table(shipped))))
    assert [row["file"] for row in rows] == [f"{part.name}.stl" for part in shipped.printed]
    assert all(float(row["mass_g"]) > 0 and float(row["time_min"]) > 0 for row in rows)
    assert [name for name, _, _, _ in enclosure.printed()] == [row["file"] for row in rows]


def test_a_wrong_box_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding about the solids stops the build with its line, and the folder stays empty."""
    monkeypatch.setattr(enclosure, "check_solids", lambda _: ["lid: too wide"])
    with pytest.raises(Refused) as caught:
        enclosure.build(tmp_path)
    assert caught.value.lines == ("hardware/enclosure: lid: too wide",)
    assert list(tmp_path.iterdir()) == []
    assert enclosure.check() == ["hardware/enclosure: lid: too wide"]


def test_build_writes_what_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STL, table, drawing and the pictures (here: one) lie where build says, and nothing else."""
    first = [one for one in scenes(built(read())) if one[0] == "part-ok-cap"]
    monkeypatch.setattr(enclosure, "scenes", lambda _: iter(first))
    written = enclosure.build(tmp_path)
    assert sorted(written) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
    names = {path.relative_to(tmp_path / "enclosure").as_posix() for path in written}
    wanted = {"tray.stl", "parts.csv", "pictures/section.svg", "pictures/part-ok-cap.png"}
    assert wanted < names
