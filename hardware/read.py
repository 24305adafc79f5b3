"""The TOML files of this folder as shapes.

Knows: which files there are. May not know: what is electrically right (hardware/erc).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hardware import read_circuit, read_parts, read_pins
from hardware.shapes import Board, Circuit, Hardware, Refused
from hardware.sheet import whole

HERE = Path(__file__).parent


def look(folder: Path = HERE) -> tuple[Hardware, list[str]]:
    """What could be understood, and every mistake of form, one line each."""
    mistakes: list[str] = []
    boards = read_pins.boards(whole(folder / "pins.toml", mistakes))
    parts = read_parts.parts(whole(folder / "parts.toml", mistakes))
    circuits = {}
    for path in sorted((folder / "circuits").glob("*.toml")):
        found = read_circuit.circuit(path.stem, whole(path, mistakes), boards, parts)
        if found is not None:
            circuits[path.stem] = found
    mistakes += _missing(boards, circuits)
    return Hardware(boards, parts, circuits), mistakes


def _missing(boards: dict[str, Board], circuits: Mapping[str, Circuit]) -> list[str]:
    return [
        f"pins.toml: {board.name}.circuit: unknown-circuit: no circuits/{board.circuit}.toml"
        for board in boards.values()
        if board.circuit and board.circuit not in circuits
    ]


def read(folder: Path = HERE) -> Hardware:
    """Everything; Refused with every mistake of form."""
    hardware, mistakes = look(folder)
    if mistakes:
        raise Refused(mistakes)
    return hardware
