"""Which files of the firmware a target's main imports, by whatever way: an image holds no others.

Knows: Python's syntax tree, how a name leads to a file. May not know: targets, mpy-cross, devices.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

_PACKAGE = "/__init__.py"


def reached(files: Mapping[str, Path], first: str) -> dict[str, Path]:
    """File name → source, of `first` and all it imports, in functions too; in the files' order.

    What stands under `if TYPE_CHECKING:` never reaches the chip. Raises SyntaxError as Python does.
    """
    found: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in files and name not in found:
            found.add(name)
            tree = ast.parse(files[name].read_text(encoding="utf-8"), name)
            waiting += [file for module in _imported(tree) for file in _files(module)]
    return {name: path for name, path in files.items() if name in found}


def _imported(node: ast.AST) -> Iterator[str]:
    """Every module, and every name of one, that is imported below."""
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


def _files(module: str) -> Iterator[str]:
    """Where a module may stand, and the packages above it."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        place = "/".join(parts[:count])
        yield from (place + _PACKAGE, place + ".py")
