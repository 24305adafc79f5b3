"""Rules about what is plugged together: pin on pin.

Knows: circuits, places. May not know: volts, currents. A rule gives (key, what) of each violation.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.erc.rule import chips, of_kind
from hardware.shapes import Circuit, Component

Found = Iterator[tuple[str, str]]
_MATED = {"connector", "battery", "module"}


def plugs_mate(circuit: Circuit) -> Found:
    """Cables go straight: a plug's pins meet the other end's in its own order, all of them."""
    plugs = [c for c in of_kind(circuit, "connector") if c.place == "main"]
    ends = [c for c in of_kind(circuit, *_MATED) if c.place != "main"]
    for plug in plugs:
        meant = [end for end in ends if _mostly(plug, end)]
        if meant and not any(_offsets(plug, end) for end in meant):
            refs = " or ".join(end.ref for end in meant)
            yield f"component.{plug.ref}", f"pin for pin it does not meet {refs}"
    for end in circuit.components.values():
        place = circuit.places[end.place]
        loose = end.place != "main" and not place.pcb and not place.plugged
        if loose and not any(set(end.pins.values()) <= set(p.pins.values()) for p in plugs):
            yield f"component.{end.ref}", "no plug has all of its wires"
    for end in ends:
        met = {n for p in plugs if _mostly(p, end) and _offsets(p, end) for n in p.pins.values()}
        for net in sorted(_signals(end) - met):
            yield f"component.{end.ref}", f"{net} is in no plug that it fits"


def _mostly(plug: Component, end: Component) -> bool:
    """Whether more than half of the plug's signals are the end's: they are meant for each other."""
    signals = _signals(plug)
    return len(signals & _signals(end)) * 2 > len(signals)


def _signals(c: Component) -> set[str]:
    """Its nets but GND, which nearly everybody has."""
    return set(c.pins.values()) - {"GND"}


def _offsets(plug: Component, end: Component) -> set[int]:
    """By how much the end's pads may lie behind the plug's pins so that every net meets itself."""
    found: set[int] | None = None
    for pin, net in plug.pins.items():
        pads = [p for q, n in end.pins.items() if n == net for p in end.part.pins[q]]
        own = [p for p in plug.part.pins[pin] if p.isdecimal()]
        here = {int(pad) - int(p) for p in own for pad in pads if pad.isdecimal()}
        found = here if found is None else found & here
    return found or set()


def usb_joined(circuit: Circuit) -> Found:
    """The processor's USB pins lead to a socket's DM and DP, past a protection against sparks."""
    chip, data = circuit.components.get(circuit.board.processor), chips().get(circuit.board.chip)
    if chip is None or data is None:
        return
    for gpio, line in zip(sorted(data.usb), ("DM", "DP"), strict=True):
        net = chip.pins.get(f"IO{gpio}")
        if net is None:
            continue
        there = circuit.nets[net]
        if not any(t.pin == line and circuit.part(t).kind == "source" for t in there):
            yield net, f"IO{gpio} is {line}, and no socket's {line} is there"
        if not any(circuit.part(t).kind == "protection" for t in there):
            yield net, "a finger's spark goes straight into the processor"
