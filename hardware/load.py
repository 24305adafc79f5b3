"""What is built from: read, and judged by every rule.

Knows: reading and the rules. May not know: what is made of it.
"""

from __future__ import annotations

from pathlib import Path

from hardware import erc
from hardware.read import HERE, look
from hardware.shapes import Hardware, Refused


def load(folder: Path = HERE) -> Hardware:
    """The hardware; Refused with every mistake at once.

    Where the form is wrong, only pins are judged beside it: a circuit with holes in it would break
    rules that nobody broke.
    """
    hardware, mistakes = look(folder)
    mistakes += erc.check_boards(hardware)
    if not mistakes:
        mistakes = erc.check_circuits(hardware)
    if mistakes:
        raise Refused(mistakes)
    return hardware
