"""The enclosure's measures: read, refused with file, key and rule, all mistakes at once.

Knows: the shipped enclosure.toml, changed key by key in a copy.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hardware.enclosure.measures import HERE, read
from hardware.shapes import Refused

SHIPPED = (HERE / "enclosure.toml").read_text(encoding="utf-8")
PARTS = HERE.parent / "parts.toml"


def changed(section: str, key: str, value: str, text: str = SHIPPED) -> str:
    """The text with another value for one key of one section."""
    head, rest = text.split(f"[{section}]", 1)
    body, count = re.subn(
        rf"^{key} = [^#\n]*", f"{key} = {value} ", rest, count=1, flags=re.MULTILINE
    )
    assert count == 1, (section, key)
    return f"{head}[{section}]{body}"


def refused(tmp_path: Path, text: str, parts: Path = PARTS) -> list[str]:
    """What is said of these measures."""
    file = tmp_path / "enclosure.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read(file, parts)
    return list(caught.value.lines)


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("pouch", "width_mm", "90.0", "pouch: the folded pouch fits its compartment"),
        ("pouch", "thickness_mm", "30.0", "pouch: the folded pouch fits its compartment"),
        ("tray", "wall_mm", "0.8", "printer.wall_least_mm: no wall is thinner"),
        ("lid", "skin_mm", "0.4", "printer.wall_least_mm: no wall is thinner"),
        ("tray", "inner_y_mm", "230.0", "printer.bed_x_mm: every part fits the bed"),
        ("tray", "inner_x_mm", "42.0", "half of the console, x 226.1 > 216"),
        ("lid", "thickness_mm", "2.0", "lid.thickness_mm: the magnet is thinner than the lid"),
        ("lid", "lip_width_mm", "46.0", "tray.inner_y_mm: the lid is larger than its lip"),
        ("lid", "lip_width_mm", "20.0", "lid.lip_width_mm: the lip is as wide"),
        ("lid", "lip_rise_mm", "8.0", "lid.lip_reach_mm: a finger finds room below the lip"),
        ("lid", "lip_reach_mm", "3.0", "lid.lip_reach_mm: a finger finds room below the lip"),
        ("lid", "open_deg", "85.0", "lid.open_deg: an open lid stands past upright"),
        ("lid", "axis_mm", "5.5", "lid.axis_mm: the hinge fits the wall"),
        ("tray", "strip_x_mm", "12.4", "tray.channel_mm: the strip board slides in"),
        ("tray", "strip_y_mm", "140.0", "the board's length to the last light 140 <"),
        ("tray", "strip_below_mm", "2.0", "tray.channel_mm: the strip board slides in"),
        ("tray", "roof_mm", "5.0", "lid.gap_mm: the magnet closes the reed switch"),
        ("pipe", "head_mm", "18.0", "pipe.head_mm: the light is beside the lip"),
        ("braille", "height_mm", "0.4", "braille: dots are as 한국 점자 규정 says"),
        ("braille", "cell_mm", "7.2", "six cells"),
        ("console", "guard_above_mm", "0.5", "no leaning arm presses HELP"),
        ("console", "height_mm", "30.0", "console.height_mm: what is built in fits"),
        ("console", "pcb_y_mm", "80.0", "console.height_mm: what is built in fits"),
        ("sensor", "inner_x_mm", "60.0", "the light sensor's board fits its case"),
        ("tray", "slots", "5", "tray.slots: every compartment has a name"),
    ],
)
def test_impossible_is_refused(
    tmp_path: Path, section: str, key: str, value: str, said: str
) -> None:
    """A measure that cannot be built or used is refused with its key and its rule."""
    lines = refused(tmp_path, changed(section, key, value))
    assert any(said in line for line in lines), lines
    assert all(line.startswith("hardware/enclosure/enclosure.toml: ") for line in lines)


def test_every_mistake_of_form_at_once(tmp_path: Path) -> None:
    """Unknown, missing, wrong in kind or sign: each has its line, with file and key."""
    text = changed("tray", "wall_mm", '"thick"')
    text = changed("lid", "gap_mm", "-0.3", text)
    text = changed("pouch", "source", '""', text)
    text = changed("tray", "days", "7.5", text)
    text = text.replace("stem_mm = 5.0", "stemm_mm = 5.0") + "\n[lamp]\nx = 1\n"
    lines = refused(tmp_path, text)
    for key in ("tray.wall_mm", "lid.gap_mm", "pouch.source", "tray.days", "pipe.stem_mm"):
        assert sum(f": {key}: " in line for line in lines) == 1, key
    assert any("pipe.stemm_mm: unknown key" in line for line in lines)
    assert any("lamp: unknown section" in line for line in lines)
    assert len(lines) == 7


def test_two_impossible_things_are_both_told(tmp_path: Path) -> None:
    """The second broken rule is not hidden by the first."""
    text = changed("lid", "open_deg", "85.0", changed("pouch", "width_mm", "90.0"))
    keys = {line.split(": ")[1] for line in refused(tmp_path, text)}
    assert {"pouch", "lid.open_deg"} <= keys


def test_a_body_without_measure_is_refused(tmp_path: Path) -> None:
    """What is bought has its size in parts.toml, or the line names that file and part."""
    parts = tmp_path / "parts.toml"
    parts.write_text(
        PARTS.read_text(encoding="utf-8").replace("diameter = 6.0, z = 3.0", "diameter = 6.0"),
        encoding="utf-8",
    )
    assert refused(tmp_path, SHIPPED, parts) == [
        "hardware/parts.toml: magnet.body.z: a number above 0 and below 1000: None, write one"
    ]


def test_no_toml_is_refused(tmp_path: Path) -> None:
    """A file that is not TOML says so once, before the keys that it therefore lacks."""
    assert "not readable as TOML" in refused(tmp_path, "[tray\n")[0]


def test_boards_are_as_large_as_the_circuits_say() -> None:
    """The seats are made for the boards of the circuits, not for others."""
    sizes = read()
    circuits = HERE.parent / "circuits"
    pillbox = tomllib.loads((circuits / "pillbox.toml").read_text(encoding="utf-8"))["place"]
    sensor = tomllib.loads((circuits / "light_sensor.toml").read_text(encoding="utf-8"))["place"]
    c, t, s = sizes.console, sizes.tray, sizes.sensor
    assert pillbox["main"]["size_mm"] == [c.pcb_x_mm, c.pcb_y_mm, c.pcb_z_mm]
    assert pillbox["strip"]["size_mm"][:2] == [t.strip_x_mm, t.strip_y_mm]
    assert sensor["main"]["size_mm"] == [s.board_x_mm, s.board_y_mm, s.board_z_mm]
