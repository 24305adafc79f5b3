"""Which board a device's program was made for, as its app slots say.

Knows: that a slot is a littlefs with a bundle's head in it. May not know: esptool, images.
Only the blocks that are asked for are read: a slot has half a megabyte, a cable is slow.
"""

from __future__ import annotations

import struct
from functools import cache
from typing import Protocol

from littlefs import LittleFS, LittleFSError
from littlefs.context import UserContext
from littlefs.lfs import LFSConfig

from anbu_wire import bundle as b
from anbu_wire.errors import RemoteProtocolError
from tools.technician import partitions as p

_HEAD = "head"  # a slot's note: identity, head and signature of the bundle it holds
_IDENTITY_BYTES = 12


class Readable(Protocol):
    """A board on its cable. Raises Refused."""

    mac: str

    def read(self, at: int, size: int) -> bytes:
        """Bytes of the flash."""


class _Blocks(UserContext):
    def __init__(self, chip: Readable, at: int) -> None:
        super().__init__(0)
        self._block = cache(lambda number: chip.read(at + number * p.BLOCK, p.BLOCK))
        self.failed: BaseException | None = None  # littlefs would swallow it

    def read(self, _cfg: LFSConfig, block: int, off: int, size: int) -> bytearray:
        """A piece of a block, which is read whole and once."""
        try:
            return bytearray(self._block(block)[off : off + size])
        except BaseException as failure:  # noqa: BLE001 - raised again behind littlefs
            self.failed = self.failed or failure
            return bytearray(size)


def boards(chip: Readable, table: tuple[p.Partition, ...]) -> set[str]:
    """The boards its slots name; none where neither can be read. Raises Refused."""
    return {_board(chip, p.part(table, label)) for label in (p.SLOT_A, p.SLOT_B)} - {""}


def _board(chip: Readable, slot: p.Partition) -> str:
    blocks = _Blocks(chip, slot.offset)
    name = _named(blocks, slot)
    if blocks.failed:
        raise blocks.failed
    return name


def _named(blocks: _Blocks, slot: p.Partition) -> str:
    files = LittleFS(
        blocks,
        mount=False,
        block_size=p.BLOCK,
        block_count=slot.size // p.BLOCK,
        prog_size=32,
        read_size=32,
    )
    try:
        files.mount()
        with files.open(_HEAD, "rb") as file:
            head = bytes(file.read())[_IDENTITY_BYTES:]
        name: bytes = b.Manifest(head[: b.head_bytes(head)]).board
    except (LittleFSError, OSError, RemoteProtocolError, struct.error):
        return ""
    return name.decode("ascii", "replace")
