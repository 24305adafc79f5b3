"""What is generated is the same every time, and says what the circuit says.

Knows: the files, an s-expression. May not know: rules.
"""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from hardware.generate import bom, everything, netlist, wiring
from hardware.load import load
from hardware.shapes import Circuit

HARDWARE = load()
BOX = HARDWARE.circuits["pillbox"]
NODE = HARDWARE.circuits["light_sensor"]
NODE_OF = re.compile(r'\(node \(ref "([^"]+)"\) \(pin "([^"]+)"\)\)')


def nodes(text: str) -> dict[str, set[tuple[str, str]]]:
    """Net → (reference, pad), read from a netlist."""
    found = {}
    for block in text.split("(net (code ")[1:]:
        name = re.search(r'\(name "([^"]+)"\)', block)
        assert name is not None
        found[name[1]] = set(NODE_OF.findall(block))
    return found


def test_two_runs_are_byte_identical(tmp_path: Path) -> None:
    """No date, no random number, no order that a run invents; drawings and PDFs too."""
    first = everything(HARDWARE, tmp_path / "a")
    second = everything(HARDWARE, tmp_path / "b")
    assert [p.relative_to(tmp_path / "a") for p in first] == [
        p.relative_to(tmp_path / "b") for p in second
    ]
    pairs = zip(first, second, strict=True)
    differing = [p.name for p, q in pairs if p.read_bytes() != q.read_bytes()]
    assert differing == []


@pytest.mark.parametrize("circuit", [BOX, NODE], ids=["pillbox", "light_sensor"])
def test_netlist_has_every_pad_once(circuit: Circuit) -> None:
    """Every pad of every part of a board is on exactly one net, open ones on one of their own."""
    for place in circuit.places.values():
        if not place.pcb:
            continue
        there = netlist.on_board(circuit, place)
        pads = sorted((c.ref, p) for c in there for pin in c.part.pins.values() for p in pin)
        text = netlist.text(circuit, place)
        assert sorted(n for on in nodes(text).values() for n in on) == pads
        assert text.count("(") == text.count(")")
        assert text.count("    (comp ") == len(there)


def test_netlist_joins_what_the_firmware_means() -> None:
    """Monday's first lid ends at GPA0 of U2 (pad 21), light data at GPIO10 (pad 18)."""
    main = nodes(netlist.text(BOX, BOX.places["main"]))
    assert main["LID01"] == {("U2", "21"), ("J11", "5")}
    assert main["LIGHTS_DATA"] == {("U1", "18"), ("U10", "2")}
    assert {("U1", "4"), ("U2", "20"), ("U2", "19"), ("U3", "20"), ("U3", "19")} <= main["LIDS_INT"]
    strip = nodes(netlist.text(BOX, BOX.places["strip"]))
    assert strip["LID01"] == {("J21", "5"), ("S1", "1")}
    assert strip["CHAIN1"] == {("D1", "2"), ("D2", "4")}


def test_every_board_part_has_a_footprint() -> None:
    """What is soldered says where; the library's own check is `make test-kicad`."""
    missing = [
        c.ref
        for circuit in (BOX, NODE)
        for c in circuit.components.values()
        if circuit.places[c.place].pcb and not re.fullmatch(r"[\w.-]+:[\w.-]+", c.part.footprint)
    ]
    assert missing == []


@pytest.mark.parametrize("circuit", [BOX, NODE], ids=["pillbox", "light_sensor"])
def test_list_of_parts_is_complete(circuit: Circuit) -> None:
    """Every component is bought once, its sum is the sum of its lines, prices are estimates."""
    rows = list(csv.DictReader(io.StringIO(bom.as_csv(HARDWARE, circuit))))
    refs = [r for row in rows for r in row["where"].split()]
    assert sorted(refs) == sorted(
        c.ref for c in circuit.components.values() if c.part.kind != "test"
    )
    for quantity, total in bom.sums(HARDWARE, circuit).items():
        fitted = [r for r in rows[:-1] if "optional" not in r["value"]]
        lines = sum(int(r["count"]) * float(r[f"US$ each at {quantity}"]) for r in fitted)
        assert total == pytest.approx(lines, abs=0.05)
    assert "estimate" in rows[-1]["suppliers and order terms"]
    for page in (bom.as_html(HARDWARE, circuit), bom.as_markdown(HARDWARE, circuit)):
        assert "estimate" in page
        assert all(row["number"].split(",")[0] in page for row in rows[:-1])


def test_a_strip_cable_has_its_eight_wires() -> None:
    """Drawn once for all seven, pin n to pin n, ground black and the lights' supply red."""
    drawing = wiring.cables(BOX)["strip"]
    cable = drawing["cables"]["J11 to J21"]
    assert cable["wirecount"] == 8
    assert cable["colors"][:2] == ["RD", "BK"]
    assert drawing["connections"] == [
        [{"J11": list(range(1, 9))}, {"J11 to J21": list(range(1, 9))}, {"J21": list(range(1, 9))}]
    ]
    assert all(f"J1{d} to J2{d}" in cable["notes"] for d in range(1, 8))


def test_drawings_and_labels_are_xml(tmp_path: Path) -> None:
    """Every SVG is well formed, and the service label names every pin of the plug."""
    written = everything(HARDWARE, tmp_path)
    pictures = [p for p in written if p.suffix == ".svg"]
    assert {p.stem for p in pictures} >= {"cable-strip", "cable-panel", "power", "label-service"}
    for path in pictures:
        root = ET.parse(path).getroot()  # noqa: S314 - written a moment ago by ourselves
        assert root.tag.endswith("svg")
    label = next(p for p in pictures if p.stem == "label-service").read_text(encoding="utf-8")
    for net in ("GND", "3V3", "SERVICE_TX", "SERVICE_RX", "EN", "BOOT"):
        assert f"  {net}<" in label
