"""The wiring of the reference box, read from the firmware's own pins.py.

Knows: how to read constants out of that file. May not know: what they mean.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PINS_FILE = Path(__file__).parents[3] / "firmware" / "pillbox" / "pins.py"


@cache
def read_pins(path: Path = PINS_FILE) -> dict[str, int | str | tuple[int, ...] | None]:
    """Constants by name: `NAME = const(8)`, `NAME = 8`, `NAME = (1, 2)`, `NAME = "word"`, None."""
    pins: dict[str, int | str | tuple[int, ...] | None] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            if isinstance(value, ast.Call):
                value = value.args[0]
            pins[node.targets[0].id] = ast.literal_eval(value)
    return pins


def pin(name: str, path: Path = PINS_FILE) -> int:
    """One number of pins.py. Raises KeyError or TypeError if it is not there or not a number."""
    number = read_pins(path)[name]
    if not isinstance(number, int):
        raise TypeError(f"{name} in {path} is not one number")
    return number
