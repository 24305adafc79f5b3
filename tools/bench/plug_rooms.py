"""The care plug's pure rooms, as they are flashed, under this interpreter.

Knows: where they lie, what MicroPython has that this Python lacks. May not know: what they decide.
"""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path
from typing import Any

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware" / "careplug"


def room(name: str) -> Any:  # noqa: ANN401 - MicroPython's files have no types here
    """The module `careplug.name`."""
    if "micropython" not in sys.modules:
        shim = types.ModuleType("micropython")
        vars(shim)["const"] = lambda value: value
        sys.modules["micropython"] = shim
    if str(FIRMWARE) not in sys.path:
        sys.path.append(str(FIRMWARE))
    return importlib.import_module(f"careplug.{name}")
