"""Every electrical rule holds for our circuits, and is broken once here and seen.

Knows: the rules by name, the TOML files. May not know: how a rule decides.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware import erc
from hardware.load import load
from tests.hardware.folder import changed, refusal, rules_of

PINS, PARTS = "pins.toml", "parts.toml"
BOX, NODE = "circuits/pillbox.toml", "circuits/light_sensor.toml"

# rule → (file, (what stands there, what is put there), what the line must name)
BROKEN = {
    "known-chip": (PINS, [('chip = "esp32-s3"', 'chip = "esp32-p9"')], "pillbox-s3.chip"),
    "pin-exists": (PINS, [("LED = { gpio = 6", "LED = { gpio = 44")], "metering-plug.LED"),
    "duplicate-pin": (PINS, [("LIGHTS_DATA = { gpio = 10", "LIGHTS_DATA = { gpio = 8")], "GPIO8"),
    "strapping-pin": (PINS, [("RTC_INT = { gpio = 5", "RTC_INT = { gpio = 3")], "RTC_INT"),
    "usb-pin": (PINS, [("TILT = { gpio = 21", "TILT = { gpio = 19")], "TILT"),
    "flash-pin": (PINS, [("LIGHTS_DATA = { gpio = 10", "LIGHTS_DATA = { gpio = 35")], "GPIO35"),
    "console-pin": (PINS, [("LED = { gpio = 10", "LED = { gpio = 21")], "care-node.LED"),
    "wake-pin": (PINS, [("BUTTON_OK = { gpio = 6", "BUTTON_OK = { gpio = 38")], "GPIO38"),
    "address-clash": (PINS, [("U3 = 0x21", "U3 = 0x20")], "addresses.U3"),
    "lids-have-inputs": (PINS, [('"U3.GPA0"', '"U2.GPA7"')], "U2.GPA7"),
    "lids-in-order": (PINS, [('["U2.GPA0", 1]', '["U2.GPA0", 28]')], "compartments.monday"),
    "nothing-leaves-mains": (
        PINS,
        [('I2C_SDA = { gpio = "none" }', "I2C_SDA = { gpio = 7 }")],
        "metering-plug.I2C_SDA",
    ),
    "single-pin-net": (BOX, [('pins = ["CC1", "GND"]', 'pins = ["CC3", "GND"]')], "CC3"),
    "forgotten-pin": (BOX, [('nc = ["SBU1", "SBU2"]', 'nc = ["SBU1"]')], "J1.SBU2"),
    "never-input": (
        BOX,
        [
            ('INTB = "LIDS_INT" }', 'INTB = "LIDS_INT", GPA7 = "TILT" }'),
            ('nc = ["NC1", "NC2", "GPA7", "GPB7"]', 'nc = ["NC1", "NC2", "GPB7"]'),
        ],
        "U2.GPA7",
    ),
    "firmware-pin-wired": (
        BOX,
        [('A = "LIGHTS_DATA"', 'A = "LIGHTS_OTHER"')],
        "LIGHTS_DATA",
    ),
    "wired-pin-known": (BOX, [('EN = "EN", IO0', 'EN = "EN", IO1 = "EN", IO0')], "IO1"),
    "lids-on-circuit": (PARTS, [("gpio_inputs = 14", "gpio_inputs = 13")], "14 lids on U2"),
    "address-strapped": (BOX, [('A0 = "3V3"', 'A0 = "GND"')], "component.U3"),
    "bus-joined": (
        BOX,
        [('SDA = "I2C_SDA", SCL = "I2C_SCL", INT', 'SDA = "I2C_SCL", SCL = "I2C_SDA", INT')],
        "U4.SDA",
    ),
    "bus-pull-ups": (
        BOX,
        [
            (
                '"r-2k2"\npins = ["3V3", "I2C_SDA"]',
                '"r-10k"\npins = ["3V3", "I2C_SDA"]',
            )
        ],
        "I2C_SDA",
    ),
    "open-drain-pulled": (
        NODE,
        [('pins = ["5V", "METER_LED"]', 'pins = ["GND", "METER_LED"]')],
        "METER_LED",
    ),
    "wake-line-pulled": (
        BOX,
        [('pins = ["3V3", "BUTTON_OK"]', 'pins = ["GND", "BUTTON_OK"]')],
        "BUTTON_OK",
    ),
    "decoupled": (BOX, [('near = "U10"', 'near = "U11"')], "U10.VCC"),
    "lights-switched": (
        BOX,
        [('_OUT", VCC = "LIGHTS_5V"', '_OUT", VCC = "5V"')],
        "CHAIN0",
    ),
    "battery-protected": (
        BOX,
        [('CELL = "VBAT"', 'CELL = "BAT_RAW"')],
        "BAT_RAW",
    ),
    "joined-by-connector": (
        BOX,
        [('part = "tilt"\n', 'part = "tilt"\nplace = "panel"\n')],
        "TILT",
    ),
    "creepage-said": (NODE, [("creepage_mm = 6.4", "creepage_mm = 3.0")], "component.M1"),
    "strips-alike": (BOX, [("count = 7", "count = 6")], "place.strip"),
    "rail-current": (PARTS, [("usual = 93, most = 193", "usual = 93, most = 800")], "3V3"),
    "source-current": (PARTS, [("usual_ma = 1300", "usual_ma = 600")], "component.BT1"),
    "lights-limit": (BOX, [("together_ma = 250", "together_ma = 240")], "LIGHTS_MOST_MA"),
    "supply-volts": (
        BOX,
        [('VDD = "3V3", RESET', 'VDD = "CC1", RESET')],
        "U9.VDD",
    ),
    "levels": (
        PARTS,
        [
            (
                'A = { least_v = 2.0, most_v = 5.5 } }\noutputs = { Y = "VCC" }',
                'A = { least_v = 3.5, most_v = 5.5 } }\noutputs = { Y = "VCC" }',
            )
        ],
        "LIGHTS_DATA",
    ),
    "two-drivers": (
        NODE,
        [('A = "METER_OUT", Y = "METER_RX"', 'A = "METER_RX", Y = "METER_OUT"')],
        "METER_OUT",
    ),
    "input-driven": (
        BOX,
        [('IO43 = "SERVICE_TX"', 'IO43 = "CHAIN_OUT"'), ('Y = "CHAIN_OUT"', 'Y = "SERVICE_TX"')],
        "CHAIN0",
    ),
    "grounded": (
        BOX,
        [
            (
                'pins = { VDD = "3V3", RESET = "EN", GND = "GND" }',
                'pins = { VDD = "3V3", RESET = "EN", GND = "EN" }',
            )
        ],
        "U9.GND",
    ),
    "held": (BOX, [('A2 = "GND", RESET = "3V3"', 'A2 = "GND", RESET = "GND"')], "U2.RESET"),
    "quiet-in-reset": (
        BOX,
        [('pins = ["3V3", "LIGHTS_POWER"]', 'pins = ["GND", "LIGHTS_POWER"]')],
        "LIGHTS_POWER",
    ),
    "starts": (
        BOX,
        [('pins = ["3V3", "BOOT"]', 'pins = ["GND", "BOOT"]')],
        "IO0 must be held high",
    ),
    "pulled-in-range": (
        BOX,
        [('pins = ["3V3", "BUTTON_OK"]', 'pins = ["5V", "BUTTON_OK"]')],
        "U1.IO6 to 5.10 V",
    ),
    "set-by-resistor": (
        BOX,
        [('part = "r-1k8"\npins = ["ISET"', 'part = "r-680"\npins = ["ISET"')],
        "U6.ISET",
    ),
    "switch-to-ground": (
        BOX,
        [('pins = ["{lid}", "GND"]', 'pins = ["{lid}", "LIGHTS_5V"]')],
        "component.S1",
    ),
    "two-sources": (
        BOX,
        [('pins = ["BAT_RAW", "VBAT"]', 'pins = ["BAT_RAW", "VBUS_F"]')],
        "VBUS_F",
    ),
    "set-volts": (
        BOX,
        [('part = "r-100k"\npins = ["FB"', 'part = "r-10k"\npins = ["FB"')],
        "make 44.15 V",
    ),
    "inrush": (
        BOX,
        [('pins = ["LIGHTS_5V", "LIGHTS_GATE"]', 'pins = ["LIGHTS_F", "LIGHTS_GATE"]')],
        "36 µF",
    ),
    "plugs-mate": (
        BOX,
        [('1 = "BAT_RAW", 2 = "NTC", 3 = "GND"', '1 = "GND", 2 = "NTC", 3 = "BAT_RAW"')],
        "component.J2",
    ),
    "usb-joined": (
        BOX,
        [('IO19 = "USB_DM", IO20 = "USB_DP"', 'IO19 = "USB_DP", IO20 = "USB_DM"')],
        "USB_DP",
    ),
}


def test_our_hardware_keeps_every_rule() -> None:
    """What is in the repository is taken."""
    assert erc.check(load()) == []


def test_every_rule_is_broken_once() -> None:
    """No rule is without an example of what it refuses, and none without a sentence."""
    table = {**erc.BOARD_RULES, **erc.CIRCUIT_RULES}
    assert set(BROKEN) == set(table)
    assert all(rule.__doc__ for rule in table.values())


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_broken_rule_is_seen(tmp_path: Path, rule: str) -> None:
    """The line names file, key and rule."""
    file, swaps, key = BROKEN[rule]
    lines = [line for line in refusal(changed(tmp_path, file, *swaps)) if f": {rule}: " in line]
    assert lines, f"nobody saw {rule}"
    assert any(key in line for line in lines), lines


@pytest.mark.parametrize(
    ("swap", "file", "rule"),
    [
        (
            ('part = "fuse-150"\npins = ["BAT_RAW"', 'part = "r-10k"\npins = ["BAT_RAW"'),
            BOX,
            "battery-protected",
        ),
        (("protected = true", "protected = false"), PARTS, "battery-protected"),
        (('EN1 = "USB500"', 'EN1 = "USB501"'), BOX, "single-pin-net"),
        (("usual = 61, most = 92", "usual = 361, most = 392"), PARTS, "rail-current"),
        (('pins = ["3V3", "I2C_SCL"]', 'pins = ["GND", "I2C_SCL"]'), BOX, "bus-pull-ups"),
        (('S = "LIGHTS_POWER"', 'S = "TILT"'), BOX, "lights-switched"),
        (
            ('isolated = "opto-couplers on its serial port, by its maker"\n', ""),
            PARTS,
            "creepage-said",
        ),
        (("trip_ma = 1000", "trip_ma = 1600"), PARTS, "lights-limit"),
        (
            ('A = "METER_OUT", Y = "METER_RX"', 'A = "METER_RX", Y = "METER_OUT"'),
            NODE,
            "two-drivers",
        ),
        (('pins = { VDD = "LIGHTS_5V"', 'pins = { VDD = "5V"'), BOX, "lights-switched"),
        (
            ('{ G = "3V3", S = "LIGHTS_POWER", D', '{ G = "LIGHTS_POWER", S = "GND", D'),
            BOX,
            "lights-switched",
        ),
        (('pins = { S = "LIGHTS_F"', 'pins = { S = "5V"'), BOX, "lights-limit"),
        (('"c-33n"', '"c-100n"'), BOX, "inrush"),
        (("uf = 0.033", "uf = 0.01"), PARTS, "inrush"),
        (('TMR = "TMR" }', 'TMR = "GND" }'), BOX, "set-by-resistor"),
        (('pins = ["MAINS_PRESENT", "GND"]', 'pins = ["CC1", "GND"]'), BOX, "pulled-in-range"),
        (('part = "r-150k"', 'part = "r-100k"'), BOX, "pulled-in-range"),
        (('RESET = "EN", GND', 'RESET = "BOOT", GND'), BOX, "starts"),
        (('VIN = "VSYS", CE', 'VIN = "3V3", CE'), BOX, "two-sources"),
        (('VOUT = "3V3", GND', 'VOUT = "5V", GND'), BOX, "supply-volts"),
        (
            ('pins = ["SOUND_ENABLE", "GND"]', 'pins = ["SOUND_ENABLE", "3V3"]'),
            BOX,
            "quiet-in-reset",
        ),
        (('INTA = "LIDS_INT"', 'INTA = "GND"'), BOX, "two-drivers"),
        (
            ('part = "c-100n"\npins = ["EN", "GND"]', 'part = "c-100n"\npins = ["I2C_SDA", "GND"]'),
            BOX,
            "bus-pull-ups",
        ),
        (('TS = "NTC"', 'TS = "GND"'), BOX, "battery-protected"),
        (('pins = { A = "LED_A", K = "GND" }', 'pins = { A = "GND", K = "LED_A" }'), NODE, "held"),
        (
            ('2 = "BUTTON_OK", 3 = "METER_RX"', '3 = "BUTTON_OK", 2 = "METER_RX"'),
            NODE,
            "plugs-mate",
        ),
        (('5 = "{lid1}", 6 = "{lid2}"', '6 = "{lid1}", 5 = "{lid2}"'), BOX, "plugs-mate"),
        (('pins = ["BUTTON_OK", "GND"]', 'pins = ["BUTTON_OK", "3V3"]'), BOX, "plugs-mate"),
        (('pins = ["VBUS", "VBUS_F"]', 'pins = ["CC1", "VBUS_F"]'), BOX, "source-current"),
        (('pins = { P = "COIN"', 'pins = { P = "CC1"'), BOX, "single-pin-net"),
    ],
)
def test_rule_sees_other_ways_too(
    tmp_path: Path, swap: tuple[str, str], file: str, rule: str
) -> None:
    """Each rule that guards against several things sees each."""
    text = (Path(__file__).parents[2] / "hardware" / file).read_text(encoding="utf-8")
    if swap[0] not in text:
        pytest.fail(f"{file} has no {swap[0]!r}")
    assert rule in rules_of(refusal(changed(tmp_path, file, swap)))


def test_data_wire_of_the_meter_would_harm_the_processor(tmp_path: Path) -> None:
    """5 V of a meter straight at the processor's pin is refused, with the volts it stands."""
    folder = changed(
        tmp_path,
        NODE,
        ('TX = "METER_OUT"', 'TX = "METER_RX"'),
    )
    assert any("METER_RX: levels: M1.TX gives 5.5 V" in line for line in refusal(folder))


def test_lights_on_an_unshifted_line_are_refused(tmp_path: Path) -> None:
    """3.3 V data straight into 5 V lights is too low, and is said with both figures."""
    folder = changed(
        tmp_path,
        BOX,
        ('A = "LIGHTS_DATA", Y = "CHAIN_OUT"', 'A = "LIGHTS_DATA", Y = "CHAIN_UP"'),
        ('pins = ["CHAIN_OUT", "CHAIN0"]', 'pins = ["CHAIN_UP", "CHAIN_END"]'),
        ('net = "CHAIN0"', 'net = "CHAIN_END"'),
        ('DIN = "{light_in}"', 'DIN = "LIGHTS_DATA"'),
    )
    lines = refusal(folder)
    assert any("LIGHTS_DATA: levels: U1.IO10 gives 3.23 V" in line for line in lines), lines
