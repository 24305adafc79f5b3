"""pins.toml as the firmware's pins.py files.

Knows: how those files are written. May not know: circuits.
"""

from __future__ import annotations

from pathlib import Path

from hardware.shapes import Board, Constant, Hardware

_GROUPED_FROM = 10_000  # 400_000 is read more easily than 400000


def _hex(address: int) -> str:
    return f"0x{address:02X}"


def _value(board: Board, constant: Constant) -> str:
    """What stands behind the `=`; every address is known, or the rules have said so."""
    if constant.kind == "addresses":
        found = [_hex(board.addresses[ref]) for ref in constant.refs]
        return f"({', '.join(found)})" if len(found) > 1 else f"const({found[0]})"
    if constant.kind == "count":
        return f"const({_count(board, str(constant.value))})"
    if constant.value is None:
        return "None"
    if isinstance(constant.value, str):
        return f'"{constant.value}"'
    number = constant.value
    return f"const({number:_})" if number >= _GROUPED_FROM else f"const({number})"


def _count(board: Board, of: str) -> int:
    """Compartments in all, or of the expander that has the first one."""
    if of == "compartments" or not board.compartments:
        return len(board.compartments)
    first = board.compartments[0].lid.ref
    return sum(c.lid.ref == first for c in board.compartments)


def text(board: Board) -> str:
    """The whole file."""
    groups = []
    for group in board.groups:
        lines = []
        for constant in group:
            comment = f"  # {constant.says}" if constant.says else ""
            lines.append(f"{constant.name} = {_value(board, constant)}{comment}\n")
        groups.append("".join(lines))
    says = board.says.lstrip("\n")
    return f'"""{says}"""\n\nfrom micropython import const\n\n' + "\n".join(groups)


def firmware_files(hardware: Hardware) -> dict[Path, str]:
    """Every pins.py: its path from the root of the repository, its text."""
    return {Path(board.firmware): text(board) for board in hardware.boards.values()}


def write(root: Path, hardware: Hardware) -> list[Path]:
    """Writes what differs, below `root`; gives the files that were written."""
    written = []
    for path, wanted in firmware_files(hardware).items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != wanted:
            file.write_text(wanted, encoding="utf-8")
            written.append(file)
    return written
