"""A care plug's user gains from a resistive reference load: what they must be, what they may be.

Knows: readings of METER, the reference, which gains are plausible.
May not know: a terminal, a radio, who switches the load.

What the plug tells is raw x factory gain x user gain. Through a resistive load the current is watts
by volts, and watts are volts times amperes: a plug that says otherwise measures another load.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from anbu_wire import metering, settings

LEAST_W, MOST_W = 25, 3680  # below, the chips' own noise is more than a percent; 16 A at 230 V
LEAST_V, MOST_V = 90, 265
STEADY = 0.02  # how far the readings of one measurement may lie apart
RESISTIVE = 0.10  # how far watts may lie from volts times amperes, before any user gain
EXACT = 0.02  # how far the readings may lie from the reference afterwards
RAW = ("raw_voltage_mv", "raw_current_ma", "raw_power_mw")
TOLD = ("voltage_mv", "current_ma", "power_mw")
NAMES = ("voltage", "current", "power")
FACTORY = (
    settings.FACTORY_VOLTAGE_GAIN,
    settings.FACTORY_CURRENT_GAIN,
    settings.FACTORY_POWER_GAIN,
)
USER = (settings.VOLTAGE_GAIN, settings.CURRENT_GAIN, settings.POWER_GAIN)
_KNOWN = metering.VOLTAGE | metering.CURRENT | metering.POWER

Triple = tuple[int, int, int]  # of voltage, current, power


class Implausible(Exception):  # noqa: N818  # a finding, not an error of this program
    """Nothing may be calibrated by this; the text is one line: what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the reference meter shows through a resistive load."""

    watts: float
    volts: float

    def __post_init__(self) -> None:
        if not LEAST_W <= self.watts <= MOST_W:
            raise Implausible(f"{self.watts:g} W: take a load of {LEAST_W} to {MOST_W} W")
        if not LEAST_V <= self.volts <= MOST_V:
            raise Implausible(
                f"{self.volts:g} V: {LEAST_V} to {MOST_V} V come out of a mains socket"
            )

    @property
    def thousandths(self) -> tuple[float, float, float]:
        """Millivolts, milliamperes, milliwatts."""
        return self.volts * 1000, self.watts / self.volts * 1000, self.watts * 1000


def measured(readings: Sequence[Mapping[str, int]], names: tuple[str, ...]) -> Triple:
    """The medians of METER's fields `names`. Raises Implausible.

    Every reading must be valid, and the load steady.
    """
    if any(~r["flags"] & _KNOWN for r in readings):
        raise Implausible("the meter gives no valid values: is the load on, the meter wired?")
    middles = []
    for name in names:
        values = [r[name] for r in readings]
        middle = median(values)
        if middle <= 0:
            raise Implausible(
                f"{name} is {middle:g}: is the load on? negative watts: turn it round"
            )
        if max(values) - min(values) > STEADY * middle:
            spread = (max(values) - min(values)) / middle
            raise Implausible(
                f"{name} moves by {spread:.1%}: let the load warm up, or take another"
            )
        middles.append(round(middle))
    return middles[0], middles[1], middles[2]


def gains(reference: Reference, raw: Triple, factory: Triple) -> Triple:
    """The user gains, parts of settings.GAIN_ONE, by which the plug tells the reference.

    Raises Implausible for a load that is not resistive and for gains further than 20 % from one.
    """
    shown = [r * f / settings.GAIN_ONE for r, f in zip(raw, factory, strict=True)]
    factor = shown[2] * 1000 / (shown[0] * shown[1])
    if abs(factor - 1) > RESISTIVE:
        raise Implausible(
            f"the power factor is {factor:.2f}: take a heater or a lamp with a filament, no motor"
        )
    found = [
        round(wanted / told * settings.GAIN_ONE)
        for wanted, told in zip(reference.thousandths, shown, strict=True)
    ]
    for name, parameter, gain in zip(NAMES, USER, found, strict=True):
        if not settings.allowed(parameter, gain):
            raise Implausible(
                f"{name} would need a gain of {gain / settings.GAIN_ONE:.3f}, more than 20 % off: "
                "wrong reference, or a plug for the repair"
            )
    return found[0], found[1], found[2]


def exact(reference: Reference, told: Triple) -> bool:
    """Whether the plug tells the reference now."""
    pairs = zip(reference.thousandths, told, strict=True)
    return all(abs(is_told - wanted) <= EXACT * wanted for wanted, is_told in pairs)


def applied(raw: Triple, told: Triple, factory: Triple, user: Triple) -> bool:
    """Whether what is told is what is raw by both gains, but for rounding."""
    one = settings.GAIN_ONE
    return all(
        abs(t - r * f / one * u / one) <= 2 + 0.001 * abs(t)
        for r, t, f, u in zip(raw, told, factory, user, strict=True)
    )
