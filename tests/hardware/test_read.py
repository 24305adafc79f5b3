"""Bad files are refused with file, key and rule, every mistake at once.

Knows: the forms of the files. May not know: electrical rules.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    ("circuits/pillbox.toml", '"{light_in}"', '"{n.up}"',
     "pillbox.toml: each_compartment.D.pins: unknown-word:"),
    ("circuits/pillbox.toml", "magnet = 28", "magnet = -28", "pillbox.toml: bought.magnet: form:"),
    ("parts.toml", 'SDA = "8"', "SDA = 8", "parts.toml: max17048.pins.SDA: form:"),
    ("parts.toml", "volts = [3.0, 4.4]", "volts = [0, 4.4]",
     "parts.toml: bq24074.feeds[0].volts: form:"),
    ("parts.toml", "cost_usd = [4.5,", "cost_usd = [inf,",
     "parts.toml: esp32-s3-wroom-1-n8.cost_usd: form:"),
    ("parts.toml", 'OE = "low"', 'OE = "down"', "parts.toml: sn74ahct1g125.held.OE: form:"),
    ("pins.toml", 'word = "bh1750"', "word = 'a\"b'", "pins.toml: care-node.group[3].LIGHT: form:"),
    ("circuits/light_sensor.toml", "board = ", "board == ", "light_sensor.toml: -: form:"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES)
def test_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    """A line begins with file, key and rule."""
    lines = refusal(changed(tmp_path, file, (old, new)))
    assert any(line.startswith(said) for line in lines), lines


ODD = (
    '""', "0", "-1", "1.5", "inf", "nan", "true", "[]", "{}", "[[]]", "[1]", "[{}]", "{ a = 1 }",
    '"GND"', '"3V3"', '"none"', '"{"', '"{n}"', '"{n.x}"', '"{n[x]}"', '"rest"', '"a\\nb"',
    "1979-05-27", "9999999999", '"U2.GPA7"', "[0, 0, 0]", '"README.md"',
)  # fmt: skip
FILES = ("pins.toml", "parts.toml", "circuits/pillbox.toml", "circuits/light_sensor.toml")
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|\b\d[\d_.x]*\b|\btrue\b')


@settings(max_examples=60, deadline=None)
@given(
    file=st.sampled_from(FILES),
    at=st.floats(0, 1, exclude_max=True),
    odd=st.sampled_from(ODD),
    line=st.booleans(),
)
def test_no_damage_is_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, file: str, at: float, odd: str, line: bool
) -> None:
    """A value replaced or a line lost: taken, or refused with file, key and rule, a line each."""
    folder = changed(tmp_path_factory.mktemp("odd"), file)
    text = (folder / file).read_text(encoding="utf-8")
    if line:
        lines = text.splitlines(keepends=True)
        del lines[int(at * len(lines))]
        text = "".join(lines)
    else:
        tokens = list(TOKEN.finditer(text))
        token = tokens[int(at * len(tokens))]
        text = text[: token.start()] + odd + text[token.end() :]
    (folder / file).write_text(text, encoding="utf-8")
    try:
        load(folder)
    except Refused as refused:
        for said in refused.lines:
            assert re.match(r"[\w]+\.toml: [^:]+: [\w-]+: .", said), said


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
