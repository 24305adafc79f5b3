"""Rules about volts and currents.

Knows: circuits, how power is passed on. May not know: which pin does what.
A rail's current is what hangs on it draws, and what it feeds draws, turned into its own volts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from hardware.erc.rule import ROOT
from hardware.shapes import Circuit, Component, Feed, Terminal

Found = Iterator[tuple[str, str]]
Volts = tuple[float, float]


@dataclass(frozen=True)
class Load:
    """What a net carries, mA: as long as it lasts, and for a moment."""

    usual_ma: float
    most_ma: float


def feeds(circuit: Circuit) -> list[tuple[Component, Feed, str, str]]:
    """(component, feed, from net, to net) of everything that passes power on."""
    return [
        (c, f, c.pins[f.source_pin], c.pins[f.to])
        for c in circuit.components.values()
        for f in c.part.feeds
        if f.source_pin in c.pins and f.to in c.pins
    ]


def rail_volts(circuit: Circuit) -> dict[str, Volts]:
    """The lowest and highest volts of every rail."""
    volts: dict[str, Volts] = {}
    for c in circuit.components.values():
        for pin, give in c.part.gives.items():
            if pin in c.pins:
                volts[c.pins[pin]] = _wider(volts.get(c.pins[pin]), give.volts)
    for _ in feeds(circuit):
        for _c, feed, one, other in feeds(circuit):
            if feed.volts is not None:
                volts.setdefault(other, feed.volts)
            elif feed.how in {"wire", "switch"} and one in volts and other not in volts:
                volts[other] = volts[one]
    return volts


def _wider(one: Volts | None, other: Volts) -> Volts:
    return other if one is None else (min(one[0], other[0]), max(one[1], other[1]))


def load(circuit: Circuit, net: str, *, low: bool = False) -> Load:
    """What a net must carry; `low`: from an empty cell, where a boost takes most."""
    return _load(circuit, net, low, frozenset())


def _load(circuit: Circuit, net: str, low: bool, seen: frozenset[str]) -> Load:
    usual, most, limited = 0.0, 0.0, 0.0
    for terminal in circuit.nets.get(net, ()):
        part = circuit.part(terminal)
        draw = part.draws.get(terminal.pin)
        if draw is None:
            continue
        if circuit.limit is not None and part.name == circuit.limit.part:
            limited = circuit.limit.together_ma  # the firmware dims them all alike
            continue
        usual, most = usual + draw.usual_ma, most + draw.most_ma
    usual, most = usual + limited, most + limited
    for _c, feed, one, other in feeds(circuit):
        if one == net and other not in seen | {net}:
            behind = _load(circuit, other, low, seen | {net})
            factor = _factor(circuit, feed, one, other, low)
            cap = feed.limit_ma or float("inf")
            usual += min(cap, behind.usual_ma * factor)
            most += min(cap, behind.most_ma * factor)
    return Load(usual, most)


def _factor(circuit: Circuit, feed: Feed, one: str, other: str, low: bool) -> float:
    """How many mA go in for each that comes out."""
    if feed.how != "boost":
        return 1.0
    volts = rail_volts(circuit)
    into = volts.get(one, (5.0, 5.0))[0 if low else 1]
    return volts.get(other, (5.0, 5.0))[1] / (into * feed.efficiency)


def rail_current(circuit: Circuit) -> Found:
    """Nothing that passes power on must carry more than it can."""
    for c, feed, one, other in feeds(circuit):
        behind = load(circuit, other, low=feed.limit_ma is None)
        if feed.limit_ma is not None and behind.usual_ma > feed.limit_ma:
            yield one, f"{c.ref} takes {feed.limit_ma:.0f} mA, {other} wants {behind.usual_ma:.0f}"
        if behind.most_ma > feed.most_ma:
            yield other, f"{behind.most_ma:.0f} mA over {c.ref}, which carries {feed.most_ma:.0f}"


def source_current(circuit: Circuit) -> Found:
    """No source gives more than it can, as long as it lasts and for a moment."""
    for c in circuit.components.values():
        for pin, give in c.part.gives.items():
            wanted = load(circuit, c.pins.get(pin, ""), low=c.part.kind == "battery")
            if not wanted.most_ma and c.part.kind != "coin":
                yield f"component.{c.ref}", f"nothing is fed from {c.ref}.{pin}"
            if wanted.usual_ma > give.usual_ma:
                what = f"{wanted.usual_ma:.0f} mA all the time"
                yield f"component.{c.ref}", f"{what}, it gives {give.usual_ma:.0f} mA"
            if wanted.most_ma > give.most_ma:
                what = f"{wanted.most_ma:.0f} mA for a moment"
                yield f"component.{c.ref}", f"{what}, it gives {give.most_ma:.0f} mA"


def lights_limit(circuit: Circuit) -> Found:
    """The lights' limit is the firmware's; without it a fuse trips before the converter."""
    limit = circuit.limit
    if limit is None:
        if circuit.board.compartments:
            yield "limit", "wanted: how much the firmware lets all lights take together"
        return
    told = _constant(limit.firmware, limit.constant)
    if told != limit.together_ma:
        yield "limit", f"{limit.together_ma:.0f} mA, the firmware's {limit.constant} is {told}"
    for c, feed, _one, other in feeds(circuit):
        if feed.how != "boost":
            continue
        fuses = [(f.part.trip_ma, b) for f, _feed, a, b in feeds(circuit) if a == other]
        behind = {b for trip, b in fuses if trip and trip < feed.most_ma}
        if not behind & {a for _c, f, a, _b in feeds(circuit) if f.how == "switch"}:
            yield other, f"all lights white are not cut off before {c.ref}'s {feed.most_ma:.0f} mA"


def _constant(file: str, name: str) -> int | None:
    """A `NAME = const(n)` of a firmware file; None where it is not there."""
    path = ROOT / file
    if not path.is_file():
        return None
    try:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
                value = node.value.args[0] if isinstance(node.value, ast.Call) else node.value
                found = ast.literal_eval(value)
                return found if isinstance(found, int) else None
    except (ValueError, SyntaxError, IndexError):  # no Python, or no number there
        return None
    return None


def supply_volts(circuit: Circuit) -> Found:
    """Every supply pin is on a rail, and within what its part stands."""
    volts = rail_volts(circuit)
    for c in circuit.components.values():
        for pin, (least, most) in c.part.supply.items():
            rail = volts.get(c.pins.get(pin, ""))
            if rail is None:
                yield f"component.{c.ref}", f"{c.ref}.{pin} is on no rail"
            elif least > _at_least(c, pin, rail) or rail[1] > most:
                allowed = f"{least} to {most} V allowed"
                yield f"component.{c.ref}", f"{c.ref}.{pin}: {rail[0]} to {rail[1]} V, {allowed}"


def _at_least(c: Component, pin: str, rail: Volts) -> float:
    """A rail's lowest volts; a charger may wait where USB sags below what it wants."""
    charges = any(f.source_pin == pin and f.how == "path" for f in c.part.feeds)
    return rail[1] if charges else rail[0]


def levels(circuit: Circuit) -> Found:
    """A 1 is a 1 to whoever listens, and harms nobody."""
    volts = rail_volts(circuit)
    for net, on in circuit.nets.items():
        for speaker in (t for t in on if _drives_from(circuit, t)):
            rail = volts.get(_drives_from(circuit, speaker) or "")
            if rail is None:
                continue
            for listener in on:
                yield from _heard(circuit, net, speaker, rail, listener, volts)


def two_drivers(circuit: Circuit) -> Found:
    """No two outputs drive one net against each other, none a rail."""
    rails = {"GND", *rail_volts(circuit)}
    for net, on in circuit.nets.items():
        driving = [t for t in on if _drives_from(circuit, t)]
        if len(driving) > 1:
            yield net, f"{' and '.join(map(str, driving))} drive it against each other"
        if net in rails:
            for t in on:
                if t in driving or t.pin in circuit.part(t).open_drain:
                    yield net, f"{t} drives it, and it is a rail"


def _drives_from(circuit: Circuit, terminal: Terminal) -> str | None:
    """The rail up to which a terminal drives its net; None where it does not drive."""
    component = circuit.components[terminal.ref]
    rail = component.part.outputs.get(terminal.pin)
    constant = circuit.board.constants.get(component.pins.get(terminal.pin, ""))
    if terminal.ref == circuit.board.processor and constant and constant.way == "out":
        rail = component.part.io
    return component.pins.get(rail) if rail else None


def _heard(
    circuit: Circuit,
    net: str,
    speaker: Terminal,
    rail: Volts,
    listener: Terminal,
    volts: dict[str, Volts],
) -> Found:
    part = circuit.part(listener)
    wants = part.inputs.get(listener.pin)
    if wants is not None:
        own = volts.get(circuit.components[listener.ref].pins.get(wants.least_of, ""), rail)
        same = own == rail and wants.least_of
        least = wants.least_v or (wants.least or 0) * (rail[0] if same else own[1])
        if rail[0] < least:
            yield net, f"{speaker} gives {rail[0]} V for a 1, {listener} wants {least:.2f} V"
        if wants.most_v is not None and rail[1] > wants.most_v:
            yield net, f"{speaker} gives {rail[1]} V, {listener} stands {wants.most_v} V"
    processor = listener.ref == circuit.board.processor and listener.pin.startswith("IO")
    if processor and listener != speaker:
        own = volts.get(circuit.components[listener.ref].pins.get(part.io, ""), (0.0, 0.0))
        most = own[0] + part.io_most_over
        if rail[1] > most:
            yield net, f"{speaker} gives {rail[1]} V, {listener} stands {most:.1f} V"
