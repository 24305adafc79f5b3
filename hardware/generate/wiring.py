"""Drawings: cables from plug to plug (WireViz) and the way of the power (Graphviz); SVG and PDF.

Knows: circuits, WireViz' input, the `dot` program. May not know: rules.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

from wireviz.wireviz import parse  # type: ignore[import-untyped]

from hardware.erc import power
from hardware.shapes import Circuit, Component

_GROUND, _SUPPLY = "BK", "RD"
_COLOURS = ("GN", "YE", "BU", "VT", "GY", "WH", "BN", "OG")
_FONT = "DejaVu Sans"  # measured and drawn with the same one, or words leave their boxes
_DATE = re.compile(rb"/CreationDate \(D:[^)]*\)")


def cables(circuit: Circuit) -> dict[str, dict[str, Any]]:
    """WireViz' input: a drawing for the strips (one for all), one for what hangs on wires."""
    found = {}
    for place in circuit.places.values():
        if place.name == "main" or place.plugged:
            continue
        ends = [c for c in circuit.components.values() if c.place == place.name and c.copy == 1]
        drawing = _drawing(circuit, [c for c in ends if not place.pcb or _is_plug(c)])
        if drawing["cables"]:
            found[place.name] = drawing
    return found


def _is_plug(c: Component) -> bool:
    return c.part.kind == "connector"


def _drawing(circuit: Circuit, ends: list[Component]) -> dict[str, Any]:
    connectors: dict[str, Any] = {}
    lines: dict[str, Any] = {}
    joins: list[Any] = []
    for end in ends:
        for plug in _plugs_of(circuit, end):
            pairs = [(p, q) for p, n in plug.pins.items() for q, m in end.pins.items() if n == m]
            pairs = [(p, q) for i, (p, q) in enumerate(pairs) if p not in [x for x, _ in pairs[:i]]]
            connectors[plug.ref] = _plug(circuit, plug)
            connectors[end.ref] = _plug(circuit, end)
            name = f"{plug.ref} to {end.ref}"
            lines[name] = {
                "wirecount": len(pairs),
                "colors": _colours([plug.pins[p] for p, _ in pairs]),
                "gauge": "0.22 mm2",
                "notes": _note(circuit, end),
            }
            joins.append(
                [
                    {plug.ref: [_pad(plug, p) for p, _ in pairs]},
                    {name: list(range(1, len(pairs) + 1))},
                    {end.ref: [_pad(end, q) for _, q in pairs]},
                ]
            )
    options = {"fontname": _FONT}
    return {
        "connectors": connectors, "cables": lines, "connections": joins, "options": options,
    }  # fmt: skip


def _colours(nets: list[str]) -> list[str]:
    """Ground is black, the first supply red, everything else neither."""
    found, rest = [], list(_COLOURS)
    for net in nets:
        supply = net in {"5V", "LIGHTS_5V", "BAT_RAW"}
        found.append(_GROUND if net == "GND" else _SUPPLY if supply else rest.pop(0))
    return found


def _plugs_of(circuit: Circuit, end: Component) -> list[Component]:
    """The main board's plugs that share every net of theirs with that end."""
    nets = set(end.pins.values())
    main = [c for c in circuit.components.values() if c.place == "main" and _is_plug(c)]
    whole = [c for c in main if nets & set(c.pins.values()) - {"GND"}]
    return [c for c in whole if set(c.pins.values()) <= nets]


def _note(circuit: Circuit, end: Component) -> str:
    place = circuit.places[end.place]
    if place.count == 1:
        return ""
    rows = [
        f"{a.ref} to {b.ref}: {' '.join(n for n in b.pins.values() if n.startswith('LID'))}"
        for b in circuit.components.values()
        if b.place == end.place and _is_plug(b)
        for a in _plugs_of(circuit, b)
    ]
    return f"{place.count} cables, all alike:\n" + "\n".join(rows)


def _plug(circuit: Circuit, c: Component) -> dict[str, Any]:
    wired = [p for p in c.part.pins if p in c.pins]
    return {
        "type": c.part.value,
        "subtype": circuit.places[c.place].title,
        "pins": [_pad(c, p) for p in wired],
        "pinlabels": [c.pins[p] for p in wired],
    }


def _pad(c: Component, pin: str) -> int | str:
    """WireViz reads "2" as the number 2, so it is one from the start."""
    pad = c.part.pins[pin][0]
    return int(pad) if pad.isdigit() else pad


def power_tree(circuit: Circuit) -> str:
    """Graphviz: sources, what passes power on, rails with their volts and currents."""
    volts = power.rail_volts(circuit)
    lines = [
        "digraph power { rankdir=LR; nodesep=0.35; ranksep=0.5;",
        f'node [fontname="{_FONT}", fontsize=12]; edge [fontname="{_FONT}", fontsize=10];',
    ]
    rails: set[str] = set()
    for c in circuit.components.values():
        for pin in c.part.gives:
            if pin in c.pins:
                rails.add(c.pins[pin])
                lines.append(f'"{c.ref}" [shape=box, label="{c.ref}\\n{c.part.value}"];')
                lines.append(f'"{c.ref}" -> "{c.pins[pin]}";')
    for c, feed, one, other in power.feeds(circuit):
        rails |= {one, other}
        shown = f"{c.ref}: {c.part.value}\\nup to {feed.limit_ma or feed.most_ma:.0f} mA"
        lines.append(f'"{one}" -> "{other}" [label="{shown}"];')
    for rail in sorted(rails):
        load = power.load(circuit, rail)
        low, high = volts.get(rail, (0.0, 0.0))
        what = (
            f"{rail}\\n{low:.2f} to {high:.2f} V\\n{load.usual_ma:.0f} mA, peak {load.most_ma:.0f}"
        )
        lines.append(
            f'"{rail}" [shape=box, style="rounded,filled", fillcolor="#eef4ff", label="{what}"];'
        )
    return "\n".join(lines) + "\n}\n"


def dot(text: str, kind: str) -> bytes:
    """What Graphviz draws; RuntimeError with its own words where it cannot."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of Debian's, our own text
            ["dot", f"-T{kind}"],  # noqa: S607 - found by PATH like every other program
            input=text.encode(),
            capture_output=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise RuntimeError("drawings want Graphviz: apt-get install graphviz") from error
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"Graphviz: {error.stderr.decode().strip()}") from error
    return _DATE.sub(b"/CreationDate (D:20000101000000Z)", done.stdout)


def draw(circuit: Circuit, into: Path) -> list[Path]:
    """Writes every drawing of a circuit; gives the files."""
    texts = {}
    for name, drawing in cables(circuit).items():
        harness = parse(drawing, return_types="harness")
        texts[f"cable-{name}"] = harness.graph.source
    texts["power"] = power_tree(circuit)
    written = []
    for name, text in texts.items():
        for kind in ("svg", "pdf"):
            path = into / f"{name}.{kind}"
            path.write_bytes(dot(text, kind))
            written.append(path)
    return written
