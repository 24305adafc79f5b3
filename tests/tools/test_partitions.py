"""Our partition tables: nothing overlaps, everything fits, and the simulated chip has the same."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest

from tests.tree import ROOT
from tools.technician import partitions as p


@pytest.mark.parametrize("mib", p.TABLES)
def test_a_table_lies_in_its_flash(mib: int) -> None:
    """Rows follow one another in whole blocks, behind the table and below the flash's end."""
    table = p.TABLES[mib]
    assert table[0].offset >= p.TABLE_AT + p.BLOCK
    assert all(one.end <= other.offset for one, other in pairwise(table))
    assert table[-1].end <= mib * p.MIB
    assert all(row.offset % p.BLOCK == row.size % p.BLOCK == 0 for row in table)
    assert len({row.label for row in table}) == len(table)
    assert p.part(table, "factory").offset % 0x10000 == 0


@pytest.mark.parametrize("mib", p.TABLES)
def test_a_table_comes_back_as_it_was(mib: int) -> None:
    """Written and read it is the same; one bit changed, and it is none."""
    data = p.encode(p.TABLES[mib])
    assert len(data) == p.TABLE_BYTES
    assert p.decode(data) == p.TABLES[mib]
    rows = 32 * len(p.TABLES[mib])
    for bit in range(0, 8 * (rows + 32), 7):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ValueError, match="partition table"):
            p.decode(bytes(changed))


def test_nothing_is_no_table() -> None:
    """A blank flash, another's bytes and a cut one have no table."""
    for data in (b"", b"\xff" * 64, bytes(64), p.encode(p.TABLES[4])[:40]):
        with pytest.raises(ValueError, match="no partition table"):
            p.decode(data)


def test_the_simulated_chip_has_the_reference_boxs_table() -> None:
    """Where no flash was written, the simulated chip's partitions lie where 8 MiB have them."""
    source = (ROOT / "tools/home/machine_sim/esp32.py").read_text(encoding="utf-8")
    table = next(
        ast.literal_eval(node.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_TABLE"
    )
    rows = {row.label: (row.type, row.subtype, row.offset, row.size) for row in p.TABLES[8]}
    assert table == {label: rows[label] for label in table}
    assert {p.SLOT_A, p.SLOT_B, p.LOG, p.KEYS} <= table.keys()
