"""The firmware's pins.py files are what pins.toml says.

Knows: both. May not know: how they are written.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hardware.generate import pins_py
from hardware.load import load
from tests.tree import ROOT

FILES = pins_py.firmware_files(load())


@pytest.mark.parametrize("path", sorted(FILES))
def test_committed_file_is_the_generated_one(path: Path) -> None:
    """No pin is changed in one place only: change pins.toml, then python -m hardware --pins."""
    assert (ROOT / path).read_text(encoding="utf-8") == FILES[path]


def test_every_pins_file_is_generated() -> None:
    """There is no pins.py in the firmware that pins.toml does not know."""
    there = {p.relative_to(ROOT) for p in (ROOT / "firmware").rglob("pins.py")}
    assert there == set(FILES)


def test_addresses_of_the_drivers_are_those_of_the_board() -> None:
    """What a driver's own file says of its chip's address is what the circuit straps."""
    boards = load().boards
    drivers = ROOT / "firmware/lib/anbu_device/edge"
    found = {}
    for name in ("ds3231", "max17048"):
        tree = ast.parse((drivers / f"{name}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_ADDRESS":
                assert isinstance(node.value, ast.Call)
                found[name] = ast.literal_eval(node.value.args[0])
    box = boards["pillbox-s3"].addresses
    assert found == {"ds3231": box["U4"], "max17048": box["U5"]}


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    """Writing twice writes once."""
    for path in FILES:
        (tmp_path / path).parent.mkdir(parents=True)
    assert len(pins_py.write(tmp_path, load())) == len(FILES)
    assert pins_py.write(tmp_path, load()) == []
