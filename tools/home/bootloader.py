"""A bare board on a cable, as a process: the ROM boot loader of an ESP32 behind a pty.

Knows: esp32-mock-bootloader, the truths of NOR flash, where a chip keeps its MAC and flash size.
May not know: what is flashed, the firmware, a house.

The library's flash is 4 MiB of RAM, its MAC one a kind of chip, its writes never tear. Here the
flash is a file of 4 or 8 MiB that outlives the process, a program only clears bits, the MAC is the
board's own, and a board that is pulled out leaves half a block behind.

Run by virtual_board: `python -m tools.home.bootloader CHIP MIB MAC FILE PORT UNPLUG_AFTER
STUCK_AT`.
"""

from __future__ import annotations

import mmap
import os
import sys
import termios
import threading
import tty
import zlib
from pathlib import Path

from esp32_mock_bootloader import protocol, registers, server

_MIB = 1 << 20
_SECTOR = 4096
_JEDEC = {4: 0x164020, 8: 0x174020}  # flash size in MiB: the id its chip tells
UNPLUGGED_EXIT = 9
_PATIENCE_S = 60.0  # a client that goes is heard at once all the same


class Nor(server.FlashImage):  # type: ignore[misc]  # the library has no types
    """NOR flash in a file; after `left` bytes programmed the board is pulled out (-1: never).

    The byte at `stuck` (-1: none) is worn out: it stays at 0.
    """

    def __init__(self, file: Path, size: int, left: int, stuck: int) -> None:
        super().__init__()
        if not file.exists():
            file.write_bytes(b"\xff" * size)
        with file.open("r+b") as handle:
            self.data = mmap.mmap(handle.fileno(), size)
        self._left = left
        self._stuck = stuck
        self._at = 0
        self._inflate = zlib.decompressobj()

    def begin_defl(self, payload: bytes) -> None:
        """Erases what will be written."""
        self._begin(payload)
        self._inflate = zlib.decompressobj()

    def begin_plain(self, payload: bytes) -> None:
        """The same, not compressed."""
        self._begin(payload)

    def _begin(self, payload: bytes) -> None:
        size, _blocks, _packet, self._at = server.struct.unpack_from("<IIII", payload)
        end = -(-(self._at + size) // _SECTOR) * _SECTOR
        self.erase_region(self._at // _SECTOR * _SECTOR, end - self._at // _SECTOR * _SECTOR)

    def write_defl_block(self, payload: bytes) -> None:
        """Programs what comes out of a compressed block."""
        self._program(self._inflate.decompress(_body(payload)))

    def end_defl(self) -> None:
        """Everything was programmed as it came."""

    def write_plain_block(self, payload: bytes) -> None:
        """Programs a block."""
        self._program(_body(payload))

    def _program(self, data: bytes) -> None:
        data = data[: len(self.data) - self._at]  # the last block is padded
        cut = 0 <= self._left <= len(data)
        data = data[: self._left] if cut else data
        end = self._at + len(data)
        old = int.from_bytes(self.data[self._at : end], "big")
        self.data[self._at : end] = (old & int.from_bytes(data, "big")).to_bytes(len(data), "big")
        if self._at <= self._stuck < end:
            self.data[self._stuck] = 0
        self._at = end
        if cut:
            os._exit(UNPLUGGED_EXIT)
        self._left -= len(data) if self._left >= 0 else 0


def _body(payload: bytes) -> bytes:
    size = int.from_bytes(payload[:4], "little")
    return payload[16 : 16 + size]


class _Cable(server.PtyMasterTransport):  # type: ignore[misc]  # same
    """A pty that stays when its client goes."""

    _slave_released: bool

    def __init__(self) -> None:
        master, slave = os.openpty()
        super().__init__(master, slave, track_disconnect=True)
        self.path = os.ttyname(slave)
        tty.setraw(slave)

    def set_timeout(self, _timeout: float) -> None:
        """The library takes 50 ms of silence for the end of a read: a busy computer has longer."""
        super().set_timeout(_PATIENCE_S)

    def sendall(self, data: bytes) -> None:
        """All of it: a pty takes what fits."""
        while data:
            data = data[os.write(self._master, data) :]

    def again(self) -> None:
        """Ready for the next client."""
        if self._slave_released:
            self._slave = os.open(self.path, os.O_RDWR | os.O_NOCTTY)
            tty.setraw(self._slave)
        termios.tcflush(self._slave, termios.TCIOFLUSH)
        self._slave_released = self._saw_client_data = False


def _frames(raw: bytes) -> list[bytes]:
    """Whole SLIP frames, as the library finds them, without a step of Python for every byte."""
    parts = raw.split(b"\xc0")[1:-1]
    return [p.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb") for p in parts if p]


def _end_with_parent() -> None:
    """No board is left behind by a program that was killed."""
    sys.stdin.read()
    os._exit(0)


def main(words: list[str]) -> None:
    """Serves one board until it is killed, or pulled out."""
    chip, mib, mac, file, port, left, stuck = words
    protocol.MOCK_FLASH_ID = _JEDEC[int(mib)]
    registers.mac_bytes_for_chip = lambda _chip: tuple(bytes.fromhex(mac.replace(":", "")))
    server.slip_decode_frames = _frames
    flash = Nor(Path(file), int(mib) * _MIB, int(left), int(stuck))
    cable = _Cable()
    link = Path(port)
    link.unlink(missing_ok=True)
    link.symlink_to(cable.path)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print("ready", flush=True)
    while True:
        connection = server.BootloaderConnection(pty=cable)
        server.handle_client(
            connection, threading.Event(), chip, exit_on_disconnect=True, flash=flash
        )
        cable.again()


if __name__ == "__main__":
    main(sys.argv[1:])
