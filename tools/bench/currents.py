"""What each part of the box draws in each state, where the figure is from, and the sum over a day.

Knows: data sheets, a Duty. May not know: how the duty cycle came about.

Two figures each: `typical`, and `cautious` for what boards are known to do beyond their data sheet.
A row whose source begins with "assumed" was neither read in a data sheet nor measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tools.home.machine.duty import Duty

CELL_MAH = 2_600
CHIP_SLOWER = 30  # assumed: the chip runs MicroPython so much slower than the machine that measured
HOURS_A_DAY = 24
_WAKE_S = 0.001  # a wake's own time, "less than 1 ms" (Espressif), at the current of the idle chip


@dataclass(frozen=True)
class Row:
    """One consumer. `share(duty)` is the part of the time for which it draws its current."""

    name: str
    typical_ma: float
    cautious_ma: float
    source: str
    share: Callable[[Duty], float]


_S3 = "ESP32-S3 data sheet"
_BLE = "TX 193 mA at 9 dBm, RX 93 mA: " + _S3 + ", table 5-8"

ROWS = (
    Row("chip in light sleep", 0.240, 1.9,
        _S3 + ", table 5-10; cautious: 1.90 mA of a board whose flash stays powered, "
        "esp32.com/viewtopic.php?t=41048",
        lambda d: d.asleep_s / d.total_s),
    Row("chip awake, idle (160 MHz)", 27.6, 42.3,
        _S3 + ", table 5-9 (WAITI; peripheral clocks off, all on)",
        lambda d: d.idle_s / d.total_s),
    Row("chip awake, busy (160 MHz)", 39.9, 54.6,
        _S3 + ", table 5-9 (one core); its time: host's times 30, assumed",
        lambda d: d.busy_s / d.total_s),
    Row("advertising, above the chip", 0.5, 50.7,
        "assumed: each 500 ms 3 × (0.38 ms sending, 0.15 ms receiving), " + _BLE + "; cautious: "
        "the receiver never sleeps, 93 mA in all",
        lambda d: d.advertising_s / d.total_s),
    Row("connected, above the chip", 1.0, 50.7,
        "assumed: each 50 ms 0.2 ms receiving, 0.15 ms sending, " + _BLE + "; cautious as above",
        lambda d: d.connected_s / d.total_s),
    Row("flash erasing, programming", 20.0, 25.0, "assumed: as a W25Q64JV about draws",
        lambda d: d.flash_ms / 1000 / d.total_s),
    Row("closed lids, each", 0.033, 0.033,
        "assumed: plain contacts, 3.3 V over the MCP23017's 100 kΩ pull-up",
        lambda d: d.closed_lid_s / d.total_s),
    Row("two MCP23017 at rest", 0.002, 0.006, "assumed: 1 µA each, 3 µA hot",
        lambda _d: 1.0),
    Row("DS3231", 0.001, 0.110, "DS3231 data sheet: 0.84 µA on VBAT; 110 µA (most) on VCC",
        lambda _d: 1.0),
    Row("MAX17048", 0.003, 0.023, "MAX17048 data sheet: 3 µA hibernating, 23 µA active",
        lambda _d: 1.0),
    Row("regulator", 0.001, 0.055, "assumed: a 1 µA regulator; cautious: a common 55 µA one",
        lambda _d: 1.0),
    Row("28 lights, dark but powered", 19.6, 28.0,
        "assumed: 0.7 mA each, as lists of such lights say; cautious: 1 mA each",
        lambda d: d.rail_s / d.total_s),
    Row("a light's colour, fully lit", 12.0, 20.0,
        "assumed: 12 mA a channel (newer WS2812B); cautious: 20 mA (older ones)",
        lambda d: d.channel_s / d.total_s),
    Row("sound", 60.0, 150.0, "assumed: 0.2 W and 0.5 W of a class-D amplifier at 3.7 V",
        lambda d: d.sound_s / d.total_s),
)  # fmt: skip


@dataclass(frozen=True)
class Budget:
    """Averages in mA: of each row by name, and in all."""

    rows: dict[str, float]
    total_ma: float

    @property
    def days(self) -> float:
        """How long the cell lasts by this alone."""
        return CELL_MAH / self.total_ma / HOURS_A_DAY


def as_on_the_chip(duty: Duty, cpu_s: float) -> Duty:
    """The duty cycle with what the host computed `cpu_s` long made as long as the chip needs.

    What is added was idle time or sleep here; the day does not get longer.
    """
    more_s = cpu_s * (CHIP_SLOWER - 1) + duty.naps * _WAKE_S
    from_sleep_s = min(more_s, duty.asleep_s)
    from_idle_s = min(more_s - from_sleep_s, duty.idle_s)
    whole = vars(duty) | {
        "asleep_s": duty.asleep_s - from_sleep_s,
        "idle_s": duty.idle_s - from_idle_s,
        "busy_s": duty.busy_s + from_sleep_s + from_idle_s,
    }
    return Duty(**whole)


def always_awake(duty: Duty) -> Duty:
    """The same day without any rest: for comparison, as a box on mains lives it."""
    on_s = duty.asleep_s + duty.idle_s
    whole = vars(duty) | {"asleep_s": 0.0, "idle_s": on_s, "advertising_s": 0.0}
    return Duty(**whole | {"connected_s": duty.total_s, "radio_off_s": 0.0})


def budget(duty: Duty, *, cautious: bool = False) -> Budget:
    """What that duty cycle draws on the average."""
    each = {
        row.name: (row.cautious_ma if cautious else row.typical_ma) * row.share(duty)
        for row in ROWS
    }
    return Budget(each, sum(each.values()))
