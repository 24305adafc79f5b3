"""Rules about what is joined with what.

Knows: circuits. May not know: currents, volts. A rule gives (key, what) of each violation.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardware.erc.rule import chips, joined, of_kind
from hardware.shapes import Circuit

Found = Iterator[tuple[str, str]]
_WIRES = {"battery", "connector", "test"}
_SYSTEM = {"EN", "GND", "3V3", "5V"}


def single_pin_net(circuit: Circuit) -> Found:
    """No net ends where it begins; a test point is no end."""
    for net, on in circuit.nets.items():
        ends = [t for t in on if circuit.part(t).kind != "test"]
        if len(ends) < 2:  # noqa: PLR2004 - two ends
            yield net, f"only {on[0]} hangs on it"


def forgotten_pin(circuit: Circuit) -> Found:
    """Every pin is wired, or said to stay open; none is both."""
    for c in circuit.components.values():
        for pin in c.part.pins:
            if (pin in c.pins) == (pin in c.nc):
                both = "is wired and said to stay open" if pin in c.nc else "is forgotten"
                yield f"component.{c.ref}", f"{c.ref}.{pin} {both}"


def never_input(circuit: Circuit) -> Found:
    """What may not be an input leads nowhere."""
    for c in circuit.components.values():
        for pin in c.part.never_input:
            if pin in c.pins:
                yield f"component.{c.ref}", f"{c.ref}.{pin} may not be an input, and is wired"


def firmware_pin_wired(circuit: Circuit) -> Found:
    """Every pin the firmware uses leads to something on this circuit."""
    board = circuit.board
    for name in board.gpios:
        if board.wired(board.constants[name]) and len(circuit.nets.get(name, ())) < 2:  # noqa: PLR2004 - two ends
            yield name, f"pins.toml gives it GPIO{board.gpios[name]}, and nothing hangs there"


def wired_pin_known(circuit: Circuit) -> Found:
    """Every wired pin of the processor is one the firmware knows, or the chip's own."""
    chip = circuit.components.get(circuit.board.processor)
    if chip is None:
        yield "board", f"its processor {circuit.board.processor!r} is no component"
        return
    data = chips().get(circuit.board.chip)
    own = data.strapping | data.usb | data.console if data else frozenset[int]()
    system = _SYSTEM | {f"IO{n}" for n in own}
    for pin, net in chip.pins.items():
        if net not in circuit.board.gpios and pin not in system:
            yield f"component.{chip.ref}", f"{pin} is wired to {net}: the firmware has no such pin"


def lids_on_circuit(circuit: Circuit) -> Found:
    """Every lid's input is a part's pin, and no part has more lids than inputs."""
    for c in circuit.board.compartments:
        there = circuit.components.get(c.lid.ref)
        if there is None or c.lid.pin not in there.part.pins:
            yield f"compartments.{c.day}", f"{c.lid} is not in this circuit"
    for chip in circuit.components.values():
        lids = sum(c.lid.ref == chip.ref for c in circuit.board.compartments)
        if chip.part.gpio_inputs is not None and lids > chip.part.gpio_inputs:
            yield "compartments", f"{lids} lids on {chip.ref}, with {chip.part.gpio_inputs} inputs"


def open_drain_pulled(circuit: Circuit) -> Found:
    """Every line that is only pulled down has a resistor that pulls it up."""
    for c in circuit.components.values():
        for pin in c.part.open_drain:
            net = c.pins.get(pin)
            if net is not None and not pulled(circuit, net):
                yield net, f"{c.ref}.{pin} only pulls down, and nothing pulls up"


def wake_line_pulled(circuit: Circuit) -> Found:
    """A line that wakes at low is held up from outside: a sleeping chip's own may be off."""
    for name, constant in circuit.board.constants.items():
        if constant.wake == "low" and not pulled(circuit, name):
            yield name, "wakes at low, and no resistor outside the chip pulls it up"


def pulled(circuit: Circuit, net: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a resistor leads from there to a supply, over another resistor at the most."""
    for c in of_kind(circuit, "resistor"):
        ends = set(c.pins.values())
        if net not in ends:
            continue
        for other in ends - {net, "GND"} - seen:
            if is_supply(circuit, other) or (not seen and pulled(circuit, other, seen | {net})):
                return True
    return False


def is_supply(circuit: Circuit, net: str) -> bool:
    """Whether something feeds or gives power there."""
    on = circuit.nets.get(net, ())
    return any(t.pin == f.to for t in on for f in circuit.part(t).feeds) or any(
        t.pin in circuit.part(t).gives for t in on
    )


def decoupled(circuit: Circuit) -> Found:
    """Every chip has a capacitor of its own beside each supply pin that wants one."""
    for c in circuit.components.values():
        for pin in c.part.decouple:
            net = c.pins.get(pin, "")
            beside = [k for k in joined(circuit, net, "GND", "capacitor") if k.near == c.ref]
            if not beside:
                yield f"component.{c.ref}", f"no capacitor beside {c.ref}.{pin} ({net})"


def battery_protected(circuit: Circuit) -> Found:
    """A cell that can be charged is protected in itself, keyed, watched, and meets a fuse first."""
    for c in of_kind(circuit, "battery"):
        if not c.part.protected:
            yield f"component.{c.ref}", f"{c.part.name} has no protection of its own"
        net = c.pins.get("P", "")
        kinds = {circuit.part(t).kind for t in circuit.nets.get(net, ()) if t.ref != c.ref}
        if "fuse" not in kinds:
            yield net, "no fuse at the cell's +"
        for kind in sorted(kinds - {"fuse", "connector"}):
            yield net, f"a {kind} hangs at the cell's + before the fuse"
        warmth = circuit.nets.get(c.pins.get("NTC", ""), ())
        if "NTC" in c.part.pins and all(circuit.part(t).kind in _WIRES for t in warmth):
            yield f"component.{c.ref}", "nobody looks at the cell's thermistor"
        if c.place != "main" and "connector" not in kinds:
            yield net, "the cell is not plugged in by a connector"


def joined_by_connector(circuit: Circuit) -> Found:
    """A net that goes from one circuit board to another goes through a connector on each."""
    for net, on in circuit.nets.items():
        places = {(circuit.components[t.ref].place, circuit.components[t.ref].copy) for t in on}
        boards = {p for p in places if circuit.places[p[0]].pcb}
        if len(places) < 2:  # noqa: PLR2004 - one place alone
            continue
        for place, copy in sorted(boards):
            plugs = [
                t
                for t in on
                if circuit.part(t).kind == "connector"
                and (circuit.components[t.ref].place, circuit.components[t.ref].copy)
                == (place, copy)
            ]
            if not plugs:
                yield net, f"leaves {place} {copy} without a connector"


def creepage_said(circuit: Circuit) -> Found:
    """Whatever comes near mains says what isolates it, and how far it is away."""
    for c in circuit.components.values():
        if not c.part.near_mains:
            continue
        if not c.part.isolated:
            yield f"component.{c.ref}", f"{c.part.name} is near mains and nothing isolates it"
        if not c.creepage or (c.creepage_mm or 0) < 6.4:  # noqa: PLR2004 - IEC 60950-1/62368-1
            yield f"component.{c.ref}", "wants a creepage note and at least 6.4 mm"
        if circuit.places[c.place].pcb:
            yield f"component.{c.ref}", "near mains, and on a board of ours"


def strips_alike(circuit: Circuit) -> Found:
    """Boards of which there are several are alike, pin for pin."""
    for place in circuit.places.values():
        shapes: dict[int, tuple[tuple[str, str, int], ...]] = {}
        for c in circuit.components.values():
            if c.place == place.name:
                shapes.setdefault(c.copy, _shape(circuit, place.name, c.copy))
        if place.pcb and place.count != max(len(shapes), 1):
            yield f"place.{place.name}", f"{len(shapes)} of them are wired, {place.count} are said"
        if len(set(shapes.values())) > 1:
            yield f"place.{place.name}", "they differ: one board cannot be used for all"


def _shape(circuit: Circuit, place: str, copy: int) -> tuple[tuple[str, str, int], ...]:
    """Every pin with its net's number in the order of appearance: the same on alike boards."""
    numbers: dict[str, int] = {}
    return tuple(
        (c.part.name, pin, numbers.setdefault(net, len(numbers)))
        for c in circuit.components.values()
        if (c.place, c.copy) == (place, copy)
        for pin, net in c.pins.items()
    )
