"""A real KiCad takes our netlists: every footprint found, every pad on the net that we mean.

Knows: circuits, the editor. May not know: KiCad's files.
Not in `make test`: KiCad, its footprints and a screen are 740 MB to install.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.generate import netlist
from hardware.load import load
from tests.hardware.kicad.editor import Editor, editor

HARDWARE = load()
BOARDS = [
    (circuit.name, place.name)
    for circuit in HARDWARE.circuits.values()
    for place in circuit.places.values()
    if place.pcb
]
DEBIANS_PYTHON = "/usr/bin/python3"
EMPTY = "(kicad_pcb (version 20211014) (generator pcbnew))\n"

pytestmark = [pytest.mark.kicad, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def kicad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One screen for all boards."""
    with editor(tmp_path_factory.mktemp("home")) as hands:
        yield hands


@pytest.mark.parametrize(("name", "place"), BOARDS)
def test_kicad_joins_what_we_join(kicad: Editor, tmp_path: Path, name: str, place: str) -> None:
    """Reference by reference and pad by pad; the pads are those of KiCad's own footprints."""
    circuit = HARDWARE.circuits[name]
    file, board = tmp_path / "board.net", tmp_path / "board.kicad_pcb"
    file.write_text(netlist.text(circuit, circuit.places[place]), encoding="utf-8")
    board.write_text(EMPTY, encoding="utf-8")
    kicad.take(file, board)
    reader = Path(__file__).with_name("read_board.py")
    words = subprocess.check_output([DEBIANS_PYTHON, str(reader), str(board)], text=True)
    wanted = {
        c.ref: {
            pad: c.pins.get(pin, f"unconnected-({c.ref}-Pad{pad})")
            for pin, pads in c.part.pins.items()
            for pad in pads
        }
        for c in netlist.on_board(circuit, circuit.places[place])
    }
    found = json.loads(words.splitlines()[-1])
    mounting = {r: {p: n for p, n in pads.items() if n} for r, pads in found.items()}
    assert mounting == wanted
