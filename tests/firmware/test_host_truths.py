"""Where the firmware would lean on the 64-bit host, it fails here instead of on the chip."""

from __future__ import annotations

import ast

import pytest

from tests.tree import Source, sources

FIRMWARE = [s for s in sources() if s.path.startswith("firmware/")]
TICKS = "firmware/lib/anbu_device/edge/ticks.py"
WAITS = "firmware/loader/main.py"  # takes sleep_ms alone, and asks nothing


def clocks(tree: ast.AST) -> list[str]:
    """Every import of a module that knows the time."""
    found = []
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name in {"time", "utime", "datetime"}]
    return found


def floats(tree: ast.AST) -> list[int]:
    """Lines with a float literal or a true division: the chip's floats have 30 bits."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))
    ]


@pytest.mark.parametrize("source", FIRMWARE, ids=lambda s: s.path)
def test_only_the_ticks_room_asks_the_time(source: Source) -> None:
    """Ticks wrap at 2^30 and the epoch is 2000: nobody else may take the host's time for it."""
    assert clocks(source.tree) == (["time"] if source.path in (TICKS, WAITS) else [])


@pytest.mark.parametrize("source", FIRMWARE, ids=lambda s: s.path)
def test_no_floats(source: Source) -> None:
    """Whole numbers only: a float on the chip is coarse and allocates."""
    assert floats(source.tree) == []


def test_the_rules_can_fail() -> None:
    """Both rules find what they look for."""
    bad = ast.parse("import time\nfrom utime import ticks_ms\nx = 1 / 2\ny = 0.5\n")
    assert clocks(bad) == ["time", "utime"]
    assert sorted(floats(bad)) == [3, 4]
