"""Rules about who drives what.

Knows: circuits, outputs, contacts. May not know: currents, volts. A rule gives (key, what) of each
violation.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.erc.rule import of_kind
from hardware.erc.wiring import is_supply, pulled
from hardware.shapes import Circuit, Component, Terminal

Found = Iterator[tuple[str, str]]


def lights_switched(circuit: Circuit) -> Found:
    """All that shines hangs behind a switch which LIGHTS_POWER closes; so does its data."""
    if circuit.limit is None:
        return
    lights = [c for c in circuit.components.values() if c.part.name == circuit.limit.part]
    switched = {
        c.pins.get(f.to)
        for c in circuit.components.values()
        for f in c.part.feeds
        if f.how == "switch" and _leads(circuit, c.pins.get(f.by, ""), "LIGHTS_POWER")
    }
    for c in lights:
        for pin in c.part.supply:
            if c.pins.get(pin) not in switched:
                yield f"component.{c.ref}", f"{c.pins.get(pin)} is no rail that LIGHTS_POWER closes"
    for net in {c.pins["DIN"] for c in lights if "DIN" in c.pins}:
        for driver in _drivers(circuit, net):
            rail = circuit.net(Terminal(driver.ref, circuit.part(driver).outputs[driver.pin]))
            if rail not in switched:
                yield net, f"{driver} drives dark lights' data from {rail}"


def _drivers(circuit: Circuit, net: str) -> list[Terminal]:
    """What drives a net, a resistor in between or none."""
    nets = {net} | {
        n for c in of_kind(circuit, "resistor") if net in c.pins.values() for n in c.pins.values()
    }
    every = [t for n in sorted(nets - {"GND"}) for t in circuit.nets[n]]
    return [t for t in every if t.pin in circuit.part(t).outputs]


def _leads(circuit: Circuit, net: str, to: str) -> bool:
    """Whether `net` reaches `to`, the right way up: 0 there is 0 here."""
    seen, edge = {net}, [net]
    while edge:
        here = edge.pop()
        for c in of_kind(circuit, "resistor", "transistor"):
            ends = {n for n in _through(circuit, c) if not is_supply(circuit, n)} - {"GND"}
            if here in ends:
                edge += sorted(ends - seen)
                seen |= ends
    return to in seen


def _through(circuit: Circuit, c: Component) -> set[str]:
    """The nets that a resistor joins; a FET its S and D, while a supply holds its gate.

    A FET that is switched at its gate turns 0 into 1 and joins nothing here.
    """
    if c.part.kind == "resistor":
        return set(c.pins.values())
    there = is_supply(circuit, c.pins.get("G", ""))
    return {c.pins[p] for p in ("S", "D") if p in c.pins} if there else set()


def input_driven(circuit: Circuit) -> Found:
    """Every input is told something: by an output, a contact, a rail whose presence it senses."""
    board = circuit.board
    for net, on in circuit.nets.items():
        told = _told(circuit, net)
        for t in on:
            if t.pin in circuit.part(t).inputs and not told and not _drivers(circuit, net):
                yield net, f"nothing drives {t}"
        constant = board.constants.get(net)
        senses = constant is not None and constant.wake == "high" and pulled(circuit, net)
        if constant is not None and constant.way == "in" and not (told or senses):
            yield net, "nothing drives it"


def _told(circuit: Circuit, net: str) -> bool:
    """Whether an output, a pin that pulls down, a contact or the processor acts on a net."""
    for t in circuit.nets.get(net, ()):
        part, c = circuit.part(t), circuit.board.constants.get(net)
        if t.pin in part.outputs or t.pin in part.open_drain or part.kind == "switch":
            return True
        if t.ref == circuit.board.processor and c is not None and c.way == "out":
            return True
    return False
