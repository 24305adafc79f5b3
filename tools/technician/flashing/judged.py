"""Whether an image may go onto a board, and what has to be written. Decides; touches nothing.

Knows: images, partition tables. May not know: ports, esptool, terminals.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import md5

from tools.technician import partitions as p
from tools.technician.device_image import DeviceImage
from tools.technician.said import Exit, Refused

PIECE_BYTES = 128 * p.KIB  # what is lost at the most when a board is pulled out
_MIB = p.MIB


class State(StrEnum):
    """What a board holds."""

    BARE = "bare"  # nothing of ours, or a flashing that did not come to its end
    FLASHED = "flashed"  # whole, without an identity
    IN_USE = "in use"  # it has an identity, and perhaps a log


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of one segment that are written and checked at once."""

    label: str
    at: int
    data: bytes

    @property
    def md5(self) -> str:
        """As the chip reckons it, hex."""
        return md5(self.data, usedforsecurity=False).hexdigest()


def refuse_misfit(image: DeviceImage, where: str, chip: str, flash_bytes: int) -> None:
    """Nothing where the image fits this board. Raises Refused with exit 4."""
    board = image.board
    if chip != board.chip.name:
        wrong = f"the board at {where} is {chip}, the image is for {board.name} ({board.chip.name})"
        raise Refused(wrong, "take the other image, or the other board", Exit.BOARD)
    if flash_bytes < board.flash_mib * _MIB:
        has = f"{flash_bytes // _MIB} MiB of flash" if flash_bytes else "flash that does not answer"
        wrong = f"the board at {where} has {has}, the image wants {board.flash_mib} MiB"
        other = "take a board with more, or make the image with --flash-mib"
        raise Refused(wrong, other, Exit.BOARD)


def refuse_locked(where: str) -> Refused:
    """A board whose fuses were burnt takes nothing of ours."""
    wrong = f"the board at {where} is locked: secure boot or flash encryption is burnt into it"
    return Refused(wrong, "use another board", Exit.BOARD)


def state(table: bytes, *, nvs_blank: bool, keys: bytes) -> State:
    """What the board holds: by the bytes at TABLE_AT, its NVS, the second copy of its keys.

    Keys make a device of it, whatever became of its table.
    """
    if keys.startswith(p.KEYS_MAGIC):
        return State.IN_USE
    if table[: p.TABLE_BYTES] not in {p.encode(rows) for rows in p.TABLES.values()}:
        return State.BARE
    return State.FLASHED if nvs_blank else State.IN_USE


def refuse_used(where: str, mac: str) -> Refused:
    """A device with an identity is not flashed by mistake."""
    wrong = f"the board at {where} ({mac}) is a device already, with keys and a log"
    then = "--again writes a new program and leaves both; anbu rescue takes the log off it first"
    return Refused(wrong, then, Exit.BOARD)


def refuse_moved(where: str, mac: str) -> Refused:
    """A log is not looked for where another partition table has it."""
    wrong = f"the device at {where} ({mac}) has another partition table than the image, or none"
    then = "anbu rescue takes its log and puts it where the image has it"
    return Refused(wrong, then, Exit.BOARD)


def refuse_wiring(where: str, mac: str, has: str, wanted: str) -> Refused:
    """Another board's program would drive the wrong pins: in a plug, the mains."""
    wrong = f"the device at {where} ({mac}) runs as {has}, the image is for {wanted}"
    return Refused(wrong, "take the other image, or the other board", Exit.BOARD)


def pieces(image: DeviceImage, *, again: bool) -> list[Piece]:
    """Everything that must stand in the flash, in the order of writing: the table last.

    `again`: identity and log stay as they are.
    """
    kept = {p.NVS, p.KEYS, p.LOG} if again else set()
    return [
        Piece(label, segment.at + at, segment.data[at : at + PIECE_BYTES])
        for label, segment in image.segments.items()
        if label not in kept
        for at in range(0, len(segment.data), PIECE_BYTES)
    ]
