"""Rules about a processor's pins: what pins.toml says, against the chip's data sheet.

Knows: boards, chips. May not know: circuits. A rule gives (key, what) of each violation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hardware.erc.rule import Chip, chips
from hardware.shapes import Board, Constant

_PORT = 7  # GPA0–6, GPB0–6
_PER_EXPANDER = 14
Found = Iterator[tuple[str, str]]


def _chip(board: Board) -> Chip | None:
    return chips().get(board.chip)


def _on(board: Board, pins: frozenset[int]) -> list[Constant]:
    return [c for n, c in board.constants.items() if board.gpios.get(n, -1) in pins]


def known_chip(board: Board) -> Found:
    """The chip's pins are known here."""
    if _chip(board) is None:
        yield "chip", f"{board.chip!r} is not in erc/chips.toml; there are {', '.join(chips())}"


def pin_exists(board: Board) -> Found:
    """Every pin exists on the chip."""
    chip = _chip(board)
    for name, gpio in board.gpios.items():
        if chip and gpio not in chip.gpio:
            yield name, f"the {board.chip} has no GPIO{gpio}"


def duplicate_pin(board: Board) -> Found:
    """No pin is named twice."""
    for gpio, times in sorted(Counter(board.gpios.values()).items()):
        if times > 1:
            names = [n for n, g in board.gpios.items() if g == gpio]
            yield names[-1], f"GPIO{gpio} is {names[0]}'s already"


def strapping_pin(board: Board) -> Found:
    """No pin is one that says at reset how the chip starts."""
    chip = _chip(board)
    for c in _on(board, chip.strapping if chip else frozenset()):
        yield c.name, f"GPIO{c.value} is a strapping pin of the {board.chip}"


def usb_pin(board: Board) -> Found:
    """No pin is the chip's USB."""
    chip = _chip(board)
    for c in _on(board, chip.usb if chip else frozenset()):
        yield c.name, f"GPIO{c.value} is USB of the {board.chip}: it could not be flashed any more"


def flash_pin(board: Board) -> Found:
    """No pin is the flash's or the PSRAM's."""
    chip = _chip(board)
    for c in _on(board, chip.flash if chip else frozenset()):
        yield c.name, f"GPIO{c.value} belongs to the flash or PSRAM of the {board.chip}"


def console_pin(board: Board) -> Found:
    """Only a meter that is told to be on the console's pins is there."""
    told = board.constants.get("CONSOLE_IS_METER")
    meter = {"METER_RX", "METER_TX"} if told is not None and told.value == 1 else set()
    chip = _chip(board)
    for c in _on(board, chip.console if chip else frozenset()):
        if c.name not in meter:
            yield c.name, f"GPIO{c.value} is the console; only a meter with CONSOLE_IS_METER = 1"


def wake_pin(board: Board) -> Found:
    """What must wake the chip hangs on a pin that can."""
    chip = _chip(board)
    for c in board.constants.values():
        if chip and c.wake and board.gpios.get(c.name, -1) not in chip.wake:
            pin = "no pin" if c.value is None else f"GPIO{c.value}"
            yield c.name, f"{pin} cannot wake a sleeping {board.chip}"


def address_clash(board: Board) -> Found:
    """Every chip on I2C has an address of its own, one that a chip may have."""
    for ref, address in board.addresses.items():
        first = next(r for r, a in board.addresses.items() if a == address)
        if first != ref:
            yield f"addresses.{ref}", f"0x{address:02X} is {first}'s already"
        if not 0x08 <= address <= 0x77:  # noqa: PLR2004 - UM10204 reserves the rest
            yield f"addresses.{ref}", f"0x{address:02X} is reserved (UM10204): 0x08 to 0x77"
    for c in board.constants.values():
        for ref in c.refs:
            if ref not in board.addresses:
                yield c.name, f"{ref} has no address in [{board.name}.addresses]"


def lids_have_inputs(board: Board) -> Found:
    """Every lid has an input of its own, at most fourteen on an expander, never GPA7 or GPB7."""
    taken: dict[str, int] = {}
    for c in board.compartments:
        lid = str(c.lid)
        if lid in taken:
            yield f"compartments.{c.day}", f"{lid} is compartment {taken[lid]}'s already"
        taken.setdefault(lid, c.number)
        if c.lid.pin in {"GPA7", "GPB7"}:
            yield f"compartments.{c.day}", f"{lid} is an output only: as an input it disturbs SDA"
    for ref, lids in sorted(Counter(c.lid.ref for c in board.compartments).items()):
        if lids > _PER_EXPANDER:
            yield "compartments", f"{lids} lids on {ref}, which has {_PER_EXPANDER} inputs"


def lids_in_order(board: Board) -> Found:
    """Lids and lights come in the order in which the firmware reads and writes them."""
    refs = list(dict.fromkeys(c.lid.ref for c in board.compartments))
    for c in board.compartments:
        expander, bit = divmod(c.number, _PER_EXPANDER)
        port, place = divmod(bit, _PORT)
        wanted = f"GP{'AB'[port]}{place}"
        if expander >= len(refs) or c.lid.ref != refs[expander] or c.lid.pin != wanted:
            yield f"compartments.{c.day}", f"compartment {c.number} is {wanted} to the firmware"
        if c.light != c.number + 1:
            yield f"compartments.{c.day}", f"compartment {c.number} is light {c.number + 1} there"


def nothing_leaves_mains(board: Board) -> Found:
    """A board whose ground is live has no circuit of ours and no bus that leaves its case."""
    if not board.mains:
        return
    if board.circuit:
        yield "circuit", "its ground is live: nothing of ours may be joined to it"
    for name in ("I2C_SDA", "I2C_SCL"):
        if name in board.gpios:
            yield name, "its ground is live: no wire leaves the case"
