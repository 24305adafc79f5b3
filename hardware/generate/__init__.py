"""Everything that follows from pins, parts and circuits, written into a folder.

Knows: which files there are and where they go. May not know: what stands in them.
"""

from __future__ import annotations

from pathlib import Path

from hardware import erc
from hardware.erc import power
from hardware.generate import bom, labels, netlist, testpoints, wiring
from hardware.shapes import Circuit, Hardware


def texts(hardware: Hardware, circuit: Circuit) -> dict[str, str]:
    """Every text file of a circuit, by name."""
    found = {
        "parts.csv": bom.as_csv(hardware, circuit),
        "parts.md": bom.as_markdown(hardware, circuit),
        "parts.html": bom.as_html(hardware, circuit),
        "test-points.csv": testpoints.as_csv(circuit),
        "test-points.md": testpoints.as_markdown(circuit),
        "rules.md": _rules(circuit),
    }
    for place in circuit.places.values():
        if place.pcb:
            found[f"{circuit.name}-{place.name}.net"] = netlist.text(circuit, place)
    for c in circuit.components.values():
        if c.says == "service connector":
            found["label-service.svg"] = labels.service(circuit, c)
    if circuit.board.compartments:
        found["label-strips.svg"] = labels.strips(circuit)
    return found


def _rules(circuit: Circuit) -> str:
    """The rules this circuit was held against, and its rails' currents."""
    lines = [f"# {circuit.title}: held against these rules\n"]
    table = {**erc.BOARD_RULES, **erc.CIRCUIT_RULES}
    lines += [
        f"- **{name}** {(rule.__doc__ or '').splitlines()[0]}" for name, rule in table.items()
    ]
    lines += ["", "## Rails\n", "| rail | V | mA, lasting | mA, peak | mA, peak, empty cell |"]
    lines += ["|---|---|---:|---:|---:|"]
    for rail, (least, most) in power.rail_volts(circuit).items():
        full, empty = power.load(circuit, rail), power.load(circuit, rail, low=True)
        row = f"{full.usual_ma:.0f} | {full.most_ma:.0f} | {empty.most_ma:.0f}"
        lines.append(f"| {rail} | {least:.2f} to {most:.2f} | {row} |")
    return "\n".join(lines) + "\n"


def everything(hardware: Hardware, into: Path) -> list[Path]:
    """Writes all of it below `into`, a folder a board; gives the files in their order."""
    written = []
    for circuit in hardware.circuits.values():
        folder = into / circuit.board.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts(hardware, circuit).items():
            (folder / name).write_text(text, encoding="utf-8")
            written.append(folder / name)
        written += wiring.draw(circuit, folder)
    return written
