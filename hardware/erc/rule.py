"""What the electrical rules share: their shape, and the chips' data.

Knows: chips.toml, how a mistake is written. May not know: any rule.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hardware.shapes import Circuit, Component

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Chip:
    """What the pins of a chip may not be used for, by their numbers."""

    gpio: frozenset[int]
    strapping: frozenset[int]
    usb: frozenset[int]
    flash: frozenset[int]
    console: frozenset[int]
    wake: frozenset[int]
    start_high: frozenset[int]
    start_low: frozenset[int]
    source: str


def _numbers(rows: list[Any]) -> frozenset[int]:
    """Numbers and ranges [first, last] of them."""
    every: list[int] = []
    for row in rows:
        every += range(row[0], row[1] + 1) if isinstance(row, list) else [row]
    return frozenset(every)


@cache
def chips() -> dict[str, Chip]:
    """Every chip that is known, by name."""
    tables = tomllib.loads((Path(__file__).parent / "chips.toml").read_text(encoding="utf-8"))
    found = {}
    for name, table in tables.items():
        source = table.pop("source")
        found[name] = Chip(**{k: _numbers(v) for k, v in table.items()}, source=source)
    return found


def of_kind(circuit: Circuit, *kinds: str) -> list[Component]:
    """The components of these kinds."""
    return [c for c in circuit.components.values() if c.part.kind in kinds]


def joined(circuit: Circuit, one: str, other: str, kind: str) -> list[Component]:
    """Two-ended parts of a kind between two nets."""
    return [c for c in of_kind(circuit, kind) if set(c.pins.values()) == {one, other}]
