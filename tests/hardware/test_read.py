"""Bad files are refused with file, key and rule, every mistake at once.

Knows: the forms of the files. May not know: electrical rules.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.load import load
from hardware.shapes import Refused
from tests.hardware.folder import changed, refusal

MISTAKES = [
    ("pins.toml", 'TILT = { gpio = 21, way = "in"', 'TILT = { gpio = "21", way = "in"',
     "pins.toml: pillbox-s3.group[1].TILT.gpio: form:"),
    ("pins.toml", "RTC_INT = { gpio = 5", "RTC_INT = { gipo = 5",
     "pins.toml: pillbox-s3.group[1].RTC_INT.gipo: unknown-key:"),
    ("pins.toml", 'wake = "high"', 'wake = "sometimes"',
     "pins.toml: pillbox-s3.group[1].MAINS_PRESENT.wake: form:"),
    ("pins.toml", '["U2.GPA1", 2]', '["U2GPA1", 2]',
     "pins.toml: pillbox-s3.compartments.monday: form:"),
    ("parts.toml", 'like = "fuse-075"', 'like = "fuse-99"',
     "parts.toml: fuse-050.like: unknown-part:"),
    ("parts.toml", "cost_usd = [4.5, 3.4, 3.0]", "cost_usd = [4.5, 3.4, 3.9]",
     "parts.toml: esp32-s3-wroom-1-n8.cost_usd: cost:"),
    ("parts.toml", 'suppliers = ["LCSC", "DeviceMart", "Digi-Key"]', 'suppliers = ["LCSC"]',
     "parts.toml: ws2812b.suppliers: two-suppliers:"),
    ("parts.toml", 'open_drain = ["INTA", "INTB"]', 'open_drain = ["INTA", "INTC"]',
     "parts.toml: mcp23017.open_drain: unknown-pin:"),
    ("parts.toml", 'GPB1 = "2"', 'GPB1 = "1"', "parts.toml: mcp23017.pins: pad-twice:"),
    ("circuits/pillbox.toml", 'part = "bss138"', 'part = "bss139"',
     "pillbox.toml: component.Q2.part: unknown-part:"),
    ("circuits/pillbox.toml", 'FB = "FB", GND', 'FX = "FB", GND',
     "pillbox.toml: component.U8.pins: unknown-pin:"),
    ("circuits/pillbox.toml", 'IO0 = "BOOT"', 'IO8 = "BOOT"',
     "pillbox.toml: component.U1.pins: duplicate-pin:"),
    ("circuits/pillbox.toml", 'pins = ["CC1", "GND"]', 'pins = ["CC1"]',
     "pillbox.toml: component.R1.pins: form:"),
    ("circuits/pillbox.toml", '"{light_in}"', '"{light_up}"',
     "pillbox.toml: each_compartment.D.pins: unknown-word:"),
    ("circuits/pillbox.toml", "magnet = 28", "magnte = 28",
     "pillbox.toml: bought.magnte: unknown-part:"),
    ("circuits/light_sensor.toml", 'board = "care-node"', 'board = "care-nod"',
     "light_sensor.toml: board: unknown-board:"),
    ("circuits/light_sensor.toml", 'place = "sensor"', 'place = "sensro"',
     "light_sensor.toml: U1: unknown-place:"),
    ("circuits/light_sensor.toml", "board = ", "board == ", "light_sensor.toml: -: form:"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES)
def test_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """A line begins with file, key and rule."""
    lines = refusal(changed(tmp_path, file, (old, new)))
    assert any(line.startswith(said) for line in lines), lines


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    """A duplicate pin, an unknown part and a lid without an input are told together."""
    changed(tmp_path, "pins.toml", ("RTC_INT = { gpio = 5", "RTC_INT = { gpio = 4"))
    changed(tmp_path, "pins.toml", ('["U2.GPA1", 2]', '["U2.GPA7", 2]'))
    lines = refusal(changed(tmp_path, "circuits/pillbox.toml", ('"tlv803s"', '"tlv999"')))
    text = "\n".join(lines)
    for rule in ("duplicate-pin", "lids-have-inputs", "unknown-part"):
        assert f": {rule}: " in text
    assert all(len(line.split(": ")) >= 4 for line in lines)


def test_more_lids_than_inputs_is_said_with_both_numbers(tmp_path: Path) -> None:
    """A fifteenth lid on an expander is refused: it has fourteen inputs."""
    folder = changed(tmp_path, "pins.toml", ('["U3.GPA0", 15]', '["U2.GPA0", 15]'))
    assert any("15 lids on U2, which has 14 inputs" in line for line in refusal(folder))


def test_nothing_there_is_a_refusal(tmp_path: Path) -> None:
    """An empty folder is refused, not a crash."""
    with pytest.raises(Refused, match=r"pins\.toml: -: form:"):
        load(tmp_path)
