"""A model of the log partition: files of flushed bytes, power cuts and errors of the chip.

Knows: what edge/disk promises: flushed bytes stay, a replaced file is old or new.
May not know: records, schedules.
"""

from __future__ import annotations

import errno
import random
from collections.abc import Callable

BLOCK_BYTES = 4096
BLOCKS = 16  # three quarters of them may hold segments


class PowerCutError(Exception):
    """The device lost its power in the middle of a flash operation."""


class Flash:
    """Stands in for edge.disk.Disk; survives the device's restarts."""

    durable = True

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.held: dict[str, bytearray] = {}
        self.cut_in: int | None = None  # operations until the power goes, None = not planned
        self.fails_in: int | None = None  # appends until one raises OSError
        self.flushed: Callable[[], None] = lambda: None  # told after every append

    def _cut_now(self) -> bool:
        if self.cut_in is None:
            return False
        self.cut_in -= 1
        if self.cut_in > 0:
            return False
        self.cut_in = None
        return True

    def files(self) -> list[tuple[str, int]]:
        """File names and sizes, sorted."""
        return [(name, len(self.held[name])) for name in sorted(self.held)]

    def append(self, name: str, blob: bytes, fresh: bool = False) -> None:
        """Add flushed bytes; a cut leaves nothing, an empty file, a torn end or all of them."""
        cut = self._cut_now()
        if cut and self._chance.random() < 0.2:
            raise PowerCutError
        if fresh or name not in self.held:
            self.held[name] = bytearray()
        if cut:
            whole = self._chance.random() < 0.4
            self.held[name] += blob if whole else blob[: self._chance.randrange(len(blob))]
            raise PowerCutError
        if self._fails():
            raise OSError("flash")
        self.held[name] += blob
        self.flushed()

    def _fails(self) -> bool:
        if self.fails_in is None:
            return False
        self.fails_in -= 1
        if self.fails_in > 0:
            return False
        self.fails_in = None
        return True

    def read(self, name: str, offset_bytes: int, size_bytes: int) -> bytes:
        """Bytes of a file."""
        if name not in self.held:
            raise OSError(errno.ENOENT, name)
        return bytes(self.held[name][offset_bytes : offset_bytes + size_bytes])

    def read_or_empty(self, name: str) -> bytes:
        """A whole small file."""
        return bytes(self.held.get(name, b""))

    def replace(self, name: str, blob: bytes, keep: str = "") -> None:
        """Write a file whole or not at all; a cut may leave the old bytes under `keep` alone."""
        cut = self._cut_now()
        if keep and name in self.held and (not cut or self._chance.random() < 0.7):
            self.held[keep] = self.held.pop(name)
            if cut and self._chance.random() < 0.3:
                raise PowerCutError
            cut = cut and self._chance.random() < 0.5
            self.held[name] = bytearray(blob)
        elif not cut or self._chance.random() < 0.5:
            self.held[name] = bytearray(blob)
        if cut:
            raise PowerCutError

    def remove(self, name: str) -> None:
        """Delete a file."""
        cut = self._cut_now()
        if not cut or self._chance.random() < 0.5:
            if name not in self.held:
                raise OSError(name)
            del self.held[name]
        if cut:
            raise PowerCutError

    def size_blocks(self) -> int:
        """Blocks of the partition."""
        return BLOCKS

    def close(self) -> None:
        """Nothing stays open here."""

    def copy(self) -> dict[str, bytearray]:
        """All that is on flash now."""
        return {name: bytearray(data) for name, data in self.held.items()}
