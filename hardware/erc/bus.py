"""Rules about I2C: addresses, joints, pull-ups.

Knows: circuits, the bus (NXP UM10204). May not know: what the chips on it are for.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.erc.rule import joined, of_kind
from hardware.shapes import Circuit, Component

Found = Iterator[tuple[str, str]]
_RELIABLE = 0.4  # volts a chip may leave on a line it pulls down (UM10204)
_SINK_MA = 3.0
_RISE_NS = {100_000: 1000.0, 400_000: 300.0, 1_000_000: 120.0}
_TRACK_PF = 30.0  # assumed: 20 cm of track, at 1.5 pF/cm
_RISE = 0.8473  # from 30 to 70 %


def _bus(circuit: Circuit) -> list[Component]:
    """The chips on I2C, the processor too."""
    return [c for c in circuit.components.values() if c.part.i2c is not None]


def address_strapped(circuit: Circuit) -> Found:
    """The address that the straps make is the one that pins.toml names; no chip is without."""
    for ref in circuit.board.addresses:
        if ref not in circuit.components:
            yield f"component.{ref}", "pins.toml gives it an address, and it is not there"
    for c in _bus(circuit):
        bus = c.part.i2c
        if bus is None or bus.base is None:
            continue
        made = bus.base
        for bit, strap in enumerate(bus.straps):
            net = c.pins.get(strap, "")
            if net not in {"GND", "3V3"}:
                yield f"component.{c.ref}", f"{c.ref}.{strap} must be at GND or 3V3"
            made |= (net == "3V3") << bit
        told = circuit.board.addresses.get(c.ref)
        if told != made:
            shown = "none" if told is None else f"0x{told:02X}"
            yield f"component.{c.ref}", f"answers at 0x{made:02X}, pins.toml says {shown}"


def bus_joined(circuit: Circuit) -> Found:
    """Every chip on I2C hangs with SDA on SDA and SCL on SCL."""
    for c in _bus(circuit):
        bus = c.part.i2c
        pairs = ((bus.sda, "I2C_SDA"), (bus.scl, "I2C_SCL")) if bus else ()
        for pin, net in pairs:
            if c.pins.get(pin) != net:
                yield f"component.{c.ref}", f"{c.ref}.{pin} is not on {net}"


def bus_pull_ups(circuit: Circuit) -> Found:
    """I2C's pull-ups are there, weak enough for a chip's 3 mA, strong enough for its speed."""
    speed = circuit.board.constants.get("I2C_FREQUENCY_HZ")
    chips = _bus(circuit)
    if not chips or speed is None or not isinstance(speed.value, int):
        return
    rise_ns = next((ns for hz, ns in sorted(_RISE_NS.items()) if speed.value <= hz), 120.0)
    farads_pf = _TRACK_PF + sum(c.part.i2c.pf for c in chips if c.part.i2c)
    most = rise_ns * 1000 / (_RISE * farads_pf)
    least = (3.3 - _RELIABLE) / _SINK_MA * 1000
    for c in of_kind(circuit, "capacitor"):
        for net in sorted({"I2C_SDA", "I2C_SCL"} & set(c.pins.values())):
            yield net, f"{c.ref} swallows every edge"
    for net in ("I2C_SDA", "I2C_SCL"):
        ohms = [c.part.ohm for c in joined(circuit, net, "3V3", "resistor") if c.part.ohm]
        ohms += [c.part.i2c.pullup_ohm for c in chips if c.part.i2c and c.part.i2c.pullup_ohm]
        if not ohms:
            yield net, "no pull-up to 3V3"
            continue
        ohm = 1 / sum(1 / o for o in ohms)
        if not least <= ohm <= most:
            yield net, f"pull-up of {ohm:.0f} Ω in all; {least:.0f} to {most:.0f} Ω are wanted"
