"""Rules about the level at which a pin stands while nobody drives it: in reset, at rest, for good.

Knows: circuits, volts of rails. May not know: currents. A rule gives (key, what) of each violation.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.erc.power import rail_volts
from hardware.erc.rule import chips, joined, of_kind
from hardware.shapes import Circuit, Component

Found = Iterator[tuple[str, str]]
_GROUNDS = {"GND", "VSS"}
_ENDS = 2
_ONE = 0.75  # of the supply: what an ESP32 pin takes for a 1 (its data sheet, DC characteristics)


def grounded(circuit: Circuit) -> Found:
    """Every pin called GND or VSS is on GND."""
    for c in circuit.components.values():
        for pin in sorted(_GROUNDS & set(c.part.pins)):
            if c.pins.get(pin) != "GND":
                yield f"component.{c.ref}", f"{c.ref}.{pin} is on {c.pins.get(pin)}"


def held(circuit: Circuit) -> Found:
    """Every pin that a part wants high or low for good is at a rail or at GND."""
    for c in circuit.components.values():
        for pin, level in c.part.held.items():
            if level not in _levels(circuit, c.pins.get(pin, "")):
                yield f"component.{c.ref}", f"{c.ref}.{pin} must be held {level}"


def rests(circuit: Circuit) -> Found:
    """What must be quiet while the processor is in reset is held so by a resistor."""
    for name, constant in circuit.board.constants.items():
        if constant.rest and circuit.board.wired(constant):
            held_at = _levels(circuit, name)
            if held_at != {constant.rest}:
                yield name, f"floats or is wrong in reset: no resistor holds it {constant.rest}"


def straps(circuit: Circuit) -> Found:
    """A strapping pin that is wired is held at the level at which the chip starts its program."""
    chip, data = circuit.components.get(circuit.board.processor), chips().get(circuit.board.chip)
    if chip is None or data is None:
        return
    for level, pins in (("high", data.start_high), ("low", data.start_low)):
        for gpio in sorted(pins):
            net = chip.pins.get(f"IO{gpio}")
            if net is not None and _levels(circuit, net) != {level}:
                yield net, f"IO{gpio} must be held {level}, or the {circuit.board.chip} stays dumb"
    if "EN" in chip.part.pins:
        yield from _reset(circuit, chip)


def _reset(circuit: Circuit, chip: Component) -> Found:
    net = chip.pins.get("EN", "")
    if _levels(circuit, net) != {"high"}:
        yield net, "no resistor lets the processor out of reset"
    if not any(t.pin in circuit.part(t).open_drain for t in circuit.nets.get(net, ())):
        yield net, "no supervisor holds the processor in reset while its supply is low"


def _levels(circuit: Circuit, net: str) -> set[str]:
    """At which levels a net is held: itself a rail or GND, or a resistor leads there."""
    volts = rail_volts(circuit)
    nets = {net} if net in volts or net == "GND" else set[str]()
    for c in of_kind(circuit, "resistor"):
        if net in c.pins.values() and not nets & {net}:
            nets |= set(c.pins.values()) - {net}
    return {"low" if n == "GND" else "high" for n in nets if n == "GND" or n in volts}


def pulled_in_range(circuit: Circuit) -> Found:
    """What resistors pull a processor's pin to is no more than it stands, and enough for a 1."""
    chip = circuit.components.get(circuit.board.processor)
    supply = rail_volts(circuit).get(chip.pins.get(chip.part.io, "")) if chip else None
    if chip is None or supply is None:
        return
    for pin, net in chip.pins.items():
        pulled = _pulled_to(circuit, net) if pin.startswith("IO") or pin == "EN" else None
        if pulled is None:
            continue
        low, high = pulled
        stands = supply[0] + chip.part.io_most_over
        if high > stands:
            yield net, f"resistors pull {chip.ref}.{pin} to {high:.2f} V, it stands {stands:.2f} V"
        constant = circuit.board.constants.get(net)
        if constant and constant.wake == "high" and low < _ONE * supply[1]:
            yield net, f"resistors pull it to {low:.2f} V, a 1 is {_ONE * supply[1]:.2f} V"


def _pulled_to(circuit: Circuit, net: str) -> tuple[float, float] | None:
    """(lowest, highest) volts that the resistors at a net make of the rails; None without any."""
    volts = rail_volts(circuit) | {"GND": (0.0, 0.0)}
    ends = [
        (volts[other], 1 / c.part.ohm)
        for c in of_kind(circuit, "resistor")
        for other in set(c.pins.values()) - {net}
        if net in c.pins.values() and other in volts and c.part.ohm
    ]
    all_of_it = sum(siemens for _volts, siemens in ends)
    if not all_of_it:
        return None
    low, high = (sum(v[i] * siemens for v, siemens in ends) / all_of_it for i in (0, 1))
    return low, high


def set_by_resistor(circuit: Circuit) -> Found:
    """A pin whose resistor to GND sets something has one within its part's bounds."""
    for c in circuit.components.values():
        for pin, (least, most) in c.part.set_ohm.items():
            net = c.pins.get(pin, "")
            ohms = [r.part.ohm for r in joined(circuit, net, "GND", "resistor") if r.part.ohm]
            wanted = f"{least:.0f} to {most:.0f} Ω"
            if len(ohms) != 1 or not least <= ohms[0] <= most:
                yield f"component.{c.ref}", f"{c.ref}.{pin} wants {wanted} to GND, has {ohms}"


def switch_to_ground(circuit: Circuit) -> Found:
    """A button or contact joins its line with GND, as the firmware reads it, never a rail."""
    volts = rail_volts(circuit)
    for c in of_kind(circuit, "switch"):
        ends = set(c.pins.values())
        good = "GND" in ends and len(ends) == len(c.part.pins) and not ends & set(volts)
        if len(c.part.pins) == _ENDS and not good:
            yield f"component.{c.ref}", f"{c.ref} joins {' and '.join(sorted(ends))}"
