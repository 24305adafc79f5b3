"""The tester's list: where the needle goes, what it must see, and what hangs on each pin.

Knows: circuits; CSV and Markdown. May not know: how the firmware tests itself.
"""

from __future__ import annotations

import csv
import io

from hardware.shapes import Circuit


def as_csv(circuit: Circuit) -> str:
    """One line a test point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["point", "net", "must be", "when"])
    writer.writerows([t.ref, t.net, t.expect, t.when] for t in circuit.tests)
    return out.getvalue()


def as_markdown(circuit: Circuit) -> str:
    """Test points, then the pins of the processor and of every plug with their nets."""
    lines = [f"# {circuit.title}: test points\n", "| point | net | must be | when |"]
    lines += ["|---|---|---|---|"]
    lines += [f"| {t.ref} | {t.net} | {t.expect} | {t.when} |" for t in circuit.tests]
    plugs = [c for c in circuit.components.values() if c.part.kind == "connector"]
    for c in [circuit.components[circuit.board.processor], *plugs]:
        says = f": {c.says}" if c.says else ""
        lines += ["", f"## {c.ref}, {c.part.value}{says}\n", "| pin | pad | net | also there |"]
        lines += ["|---|---|---|---|"]
        for pin, pads in c.part.pins.items():
            net = c.pins.get(pin)
            if net is not None:
                lines.append(f"| {pin} | {' '.join(pads)} | {net} | {_also(circuit, c.ref, net)} |")
    return "\n".join(lines) + "\n"


_MANY = 8


def _also(circuit: Circuit, ref: str, net: str) -> str:
    others = [str(t) for t in circuit.nets[net] if t.ref != ref]
    if len(others) > _MANY:
        return f"{len(others)} others"
    return ", ".join(others)
