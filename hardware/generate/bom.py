"""The list of what is bought, with what it costs at 1, 100 and 1,000 devices.

Knows: parts and how many; CSV, Markdown, HTML. May not know: nets.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from html import escape

from hardware.shapes import QUANTITIES, Circuit, Hardware, Part


@dataclass(frozen=True)
class Row:
    """A part, how many of it, where."""

    part: Part
    count: int
    refs: tuple[str, ...]

    def sum_usd(self, quantity: int) -> float:
        """What these cost in one of so many devices."""
        return self.count * self.part.cost.each[quantity]


def _by_number(ref: str) -> tuple[str, int]:
    match = re.fullmatch(r"(\D+)(\d+)", ref)
    return (match[1], int(match[2])) if match else (ref, 0)


def rows(hardware: Hardware, circuit: Circuit) -> list[Row]:
    """Every part that is fitted, dearest first; what is optional comes last."""
    refs: dict[str, list[str]] = {}
    for c in circuit.components.values():
        if c.part.kind != "test":
            refs.setdefault(c.part.name, []).append(c.ref)
    found = [
        Row(hardware.parts[name], len(places), tuple(sorted(places, key=_by_number)))
        for name, places in refs.items()
    ]
    found += [Row(hardware.parts[name], n, ()) for name, n in circuit.bought.items()]
    return sorted(found, key=lambda r: (not r.part.fitted, -r.sum_usd(1), r.part.name))


def sums(hardware: Hardware, circuit: Circuit) -> dict[int, float]:
    """US dollars for the parts of one device, by how many devices are made."""
    fitted = [r for r in rows(hardware, circuit) if r.part.fitted]
    return {q: round(sum(r.sum_usd(q) for r in fitted), 2) for q in QUANTITIES}


_HEAD = (
    "count", "part", "value", "package", "maker", "number", "suppliers and order terms",
    *(f"US$ each at {q}" for q in QUANTITIES), *(f"US$ at {q}" for q in QUANTITIES),
    "why", "where",
)  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    part = row.part
    optional = "" if part.fitted else " (optional, not in the sums)"
    return (
        str(row.count), part.name, part.value + optional, part.package, part.maker, part.mpn,
        "; ".join(f"{who}: {term}" for who, term in part.order.items()),
        *(f"{part.cost.each[q]:.3f}" for q in QUANTITIES),
        *(f"{row.sum_usd(q):.2f}" for q in QUANTITIES),
        part.reason, " ".join(row.refs),
    )  # fmt: skip


def as_csv(hardware: Hardware, circuit: Circuit) -> str:
    """One line a part, the sums last."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows(_cells(r) for r in rows(hardware, circuit))
    total = [f"{s:.2f}" for s in sums(hardware, circuit).values()]
    writer.writerow(["", "sum", "", "", "", "", _ground(hardware), "", "", "", *total, "", ""])
    return out.getvalue()


def _ground(hardware: Hardware) -> str:
    cost = next(iter(hardware.parts.values())).cost
    return f"{'estimate, ' if cost.estimate else ''}{cost.date}: {cost.source}"


def as_markdown(hardware: Hardware, circuit: Circuit) -> str:
    """What a reader wants at a glance: count, part, number, cost, where."""
    total = sums(hardware, circuit)
    lines = [f"# {circuit.title}: parts\n", f"Prices in US dollars: {_ground(hardware)}.\n"]
    lines += ["| devices | parts of one |", "|---:|---:|"]
    lines += [f"| {q:,} | {s:.2f} |" for q, s in total.items()]
    lines += ["", "| count | part | number | at 1 | at 100 | at 1,000 | where |"]
    lines += ["|---:|---|---|---:|---:|---:|---|"]
    for row in rows(hardware, circuit):
        cells = _cells(row)
        cost = " | ".join(cells[10:13])
        lines.append(f"| {row.count} | {cells[2]} | {cells[5]} | {cost} | {cells[14]} |")
    return "\n".join(lines) + "\n"


_STYLE = (
    "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:3px 6px;text-align:left;vertical-align:top}"
)


def as_html(hardware: Hardware, circuit: Circuit) -> str:
    """Everything, on one page."""
    head = "".join(f"<th>{escape(h)}</th>" for h in _HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _cells(r)) + "</tr>\n"
        for r in rows(hardware, circuit)
    )
    total = "".join(
        f"<tr><td>{q:,}</td><td>{s:.2f}</td></tr>" for q, s in sums(hardware, circuit).items()
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(circuit.title)}: parts</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{escape(circuit.title)}: parts</h1><p>US dollars; {escape(_ground(hardware))}.</p>\n"
        f"<table><tr><th>devices</th><th>parts of one</th></tr>{total}</table><br>\n"
        f"<table><tr>{head}</tr>\n{body}</table></body></html>\n"
    )
