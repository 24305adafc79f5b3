"""Flash that misbehaves: errors at a chosen operation, blocks that cannot be read, flipped bits.

Knows: the NOR model. Runs under MicroPython. May not know: what lies on the flash.
"""

import vfs

from tests.firmware.power.nor import BLOCK, Nor, blank

EIO = 5


class Faulty(Nor):
    """Raises OSError as the chip's driver does: `times` operations from number `fails_in` on.

    `done`: the chip did it all the same, as where its answer came too late.
    """

    def __init__(
        self, image: bytearray, fails_in: int = -1, times: int = 1, done: bool = False
    ) -> None:
        super().__init__(image)
        self.fails_in = fails_in
        self.times = times
        self.done = done
        self.dead_blocks: set[int] = set()

    def _fails(self) -> bool:
        if self.fails_in > 0:
            self.fails_in -= 1
        elif self.fails_in == 0 and self.times:
            self.times -= 1
            return True
        return False

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        if block in self.dead_blocks:
            raise OSError(EIO, "the block cannot be read")
        Nor.readblocks(self, block, buf, offset)

    def writeblocks(self, block: int, buf: bytes, offset: int) -> None:
        fails = self._fails()
        if self.done or not fails:
            Nor.writeblocks(self, block, buf, offset)
        if fails:
            raise OSError(EIO, "the chip says that it did not do it")

    def ioctl(self, operation: int, argument: int = 0) -> int:
        if operation != 6:
            return Nor.ioctl(self, operation, argument)
        fails = self._fails()
        if self.done or not fails:
            self.dead_blocks.discard(argument)
            Nor.ioctl(self, operation, argument)
        if fails:
            raise OSError(EIO, "the chip says that it did not do it")
        return 0


def formatted(blocks: int) -> Faulty:
    """A chip with an empty file system."""
    nor = Faulty(blank(blocks))
    vfs.VfsLfs2.mkfs(nor, progsize=256, readsize=32)
    return nor


def places(nor: Nor, data: bytes) -> "list[int]":
    """Where `data` stands on the flash: littlefs leaves old copies behind."""
    found = []
    at = nor.image.find(data)
    while at >= 0:
        found.append(at)
        at = nor.image.find(data, at + 1)
    return found


def flip(nor: Nor, data: bytes, bit: int) -> None:
    """One bit of every copy of `data` is read wrong from now on."""
    for place in places(nor, data):
        nor.image[place + bit // 8] ^= 1 << bit % 8


def kill(nor: Faulty, data: bytes) -> None:
    """The blocks that hold `data` cannot be read until they are erased."""
    nor.dead_blocks = {place // BLOCK for place in places(nor, data)}
