"""Rules about what makes a rail and what switches it.

Knows: circuits, rails, resistors and capacitors. May not know: which pin of the firmware does what.
A rule gives (key, what) of each violation.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from hardware.erc.power import feeds, rail_volts
from hardware.erc.rule import joined, of_kind
from hardware.shapes import Circuit, Component, Feed

Found = Iterator[tuple[str, str]]
_ON_V = 1.3  # volts of gate at which even the laziest P-FET of such a kind begins to conduct
_LIGHT_MS = 24 * 1.25e-3  # a WS2812B's 24 bits
_SMALL_UF = 1.0  # so much every switch charges without anybody's noticing


def two_sources(circuit: Circuit) -> Found:
    """No rail is fed by two parts, one backwards into the other; nothing feeds itself."""
    sources: dict[str, set[str]] = {}
    for c, _feed, one, other in feeds(circuit):
        sources.setdefault(other, set()).add(c.ref)
        if one == other:
            yield other, f"{c.ref} feeds itself"
    for c in circuit.components.values():
        for pin in c.part.gives:
            if pin in c.pins:
                sources.setdefault(c.pins[pin], set()).add(c.ref)
    for net, refs in sorted(sources.items()):
        if len(refs) > 1 or net == "GND":
            yield net, f"fed by {' and '.join(sorted(refs))}"


def set_volts(circuit: Circuit) -> Found:
    """A converter's divider makes the volts that its rail is said to have."""
    for c, feed, _one, other in feeds(circuit):
        if not feed.sense or feed.volts is None:
            continue
        net = c.pins.get(feed.sense, "")
        upper, lower = _ohm(circuit, other, net), _ohm(circuit, net, "GND")
        made = feed.reference_v * (1 + upper / lower) if upper and lower else 0.0
        if not feed.volts[0] <= made <= feed.volts[1]:
            said = f"{feed.volts[0]} to {feed.volts[1]} V are said"
            yield other, f"{c.ref}.{feed.sense}'s resistors make {made:.2f} V, {said}"


def _ohm(circuit: Circuit, one: str, other: str) -> float:
    """The one resistor between two nets; 0 where there is none, or more than one."""
    ohms = [c.part.ohm or 0.0 for c in joined(circuit, one, other, "resistor")]
    return ohms[0] if len(ohms) == 1 else 0.0


def inrush(circuit: Circuit) -> Found:
    """A switch fills the capacitors behind it slowly, and is on before the lights' second word."""
    volts = rail_volts(circuit)
    for c, feed, one, other in feeds(circuit):
        behind_uf = sum(k.part.uf or 0.0 for k in joined(circuit, other, "GND", "capacitor"))
        if feed.how != "switch" or behind_uf <= _SMALL_UF or one not in volts:
            continue
        ohm_uf = _gate_ohm_uf(circuit, c, feed, one, other)
        if ohm_uf <= 0:
            yield other, f"{behind_uf:.0f} µF at once: no capacitor from {c.ref}'s gate to {other}"
            continue
        rail = max(volts[one][1], 2 * _ON_V)
        most_ma = min((f.most_ma for _c, f, _a, b in feeds(circuit) if b == one), default=0.0)
        peak_ma = behind_uf * (rail - _ON_V / 2) / ohm_uf * 1000
        if peak_ma > most_ma:
            yield other, f"{peak_ma:.0f} mA into {behind_uf:.0f} µF, {one} carries {most_ma:.0f}"
        # The gate falls to where the switch conducts, then the output rises at a steady pace.
        on_ms = ohm_uf / 1000 * (log(rail / (rail - _ON_V)) + rail / (rail - _ON_V))
        word_ms = len(circuit.board.compartments) * _LIGHT_MS
        if word_ms and on_ms > word_ms:
            yield other, f"on after {on_ms:.2f} ms, a first word to all lights lasts {word_ms:.2f}"


def _gate_ohm_uf(circuit: Circuit, c: Component, feed: Feed, one: str, other: str) -> float:
    """Ω of what pulls the gate × µF from the gate to the output; 0: there is none."""
    gate = c.pins.get(feed.by, "")
    slow_uf = sum(k.part.uf or 0.0 for k in joined(circuit, gate, other, "capacitor"))
    ohms = [
        r.part.ohm or 0.0
        for r in of_kind(circuit, "resistor")
        if gate in r.pins.values() and one not in r.pins.values()
    ]
    return slow_uf * min(ohms, default=0.0)
