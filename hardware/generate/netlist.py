"""A KiCad netlist (.net) for each circuit board.

Knows: KiCad's netlist form "E" (s-expressions, KiCad 5 to 8). May not know: rules.
Of boards that are alike one is written, the first. Wires in the case have no board and no netlist.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from hardware.shapes import Circuit, Component, Place


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _stamp(circuit: Circuit, ref: str) -> str:
    """KiCad finds a part again by this number: the same every time."""
    return str(uuid5(NAMESPACE_URL, f"anbu/{circuit.name}/{ref}"))


def _component(circuit: Circuit, c: Component) -> str:
    return (
        f"    (comp (ref {_text(c.ref)})\n"
        f"      (value {_text(c.part.value)})\n"
        f"      (footprint {_text(c.part.footprint)})\n"
        f"      (libsource (lib {_text('anbu')}) (part {_text(c.part.name)})"
        f" (description {_text(c.part.mpn)}))\n"
        f'      (sheetpath (names "/") (tstamps "/"))\n'
        f"      (tstamps {_text(_stamp(circuit, c.ref))}))\n"
    )


def on_board(circuit: Circuit, place: Place) -> list[Component]:
    """What is soldered to the board, of alike ones to the first."""
    every = circuit.components.values()
    return [c for c in every if c.place == place.name and c.copy == 1]


def text(circuit: Circuit, place: Place) -> str:
    """The netlist of one board."""
    parts = {c.ref: c for c in on_board(circuit, place)}
    nets = {
        net: [(t.ref, pad) for t in on if t.ref in parts for pad in circuit.part(t).pins[t.pin]]
        for net, on in circuit.nets.items()
    }
    # KiCad's own name for what stays open on purpose: without it every such pad is a warning.
    nets |= {
        f"unconnected-({c.ref}-Pad{pad})": [(c.ref, pad)]
        for c in parts.values()
        for pin in c.nc
        for pad in c.part.pins[pin]
    }
    lines = ['(export (version "E")\n', "  (design\n"]
    lines += [f"    (source {_text(f'{circuit.name}.toml')})\n"]
    lines += [f"    (tool {_text('anbu hardware')}))\n", "  (components\n"]
    lines += [_component(circuit, c) for c in parts.values()]
    lines += ["  )\n", "  (nets\n"]
    code = 0
    for net, nodes in nets.items():
        if nodes:
            code += 1
            lines.append(f"    (net (code {_text(str(code))}) (name {_text(net)})\n")
            lines += [f"      (node (ref {_text(r)}) (pin {_text(p)}))\n" for r, p in nodes]
            lines.append("    )\n")
    return "".join(lines) + "  )\n)\n"
