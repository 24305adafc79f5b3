"""One board on its cable, by esptool in this process: the only file that knows esptool.

Knows: esptool's loader and how it fails. May not know: images, partitions, terminals.
Every fault comes as Refused with exit 3: what is wrong with the port or the board, what to do.
esptool prints nothing: what it says is kept for nobody but a fault.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from esp_pylib.logger import EspLog, EspLogBase
from esptool import cmds, loader
from esptool.loader import ESPLoader
from esptool.util import FatalError
from serial import SerialException

from tools.technician.flashing.places import Place
from tools.technician.said import Exit, Refused

_FAST_BAUD = 460_800
_ATTEMPTS = 3
_MIB = 1 << 20
_NOT_HELD = ("MD5 of file does not match", "region is empty")  # what esptool says of bad flash
Progress = Callable[[int], None]  # bytes more that stand in the flash


class _Silent(EspLogBase):
    """esptool at a terminal that many boards share: it says nothing."""

    def print(self, *args: object, **kwargs: object) -> None:
        """Nothing is shown."""

    def err(self, *args: object, suggestion: str | None = None) -> None:
        """What went wrong is raised as well."""

    def warn(self, *args: object, suggestion: str | None = None) -> None:
        """Nothing is shown."""

    def note(self, *args: object) -> None:
        """Nothing is shown."""

    def hint(self, *args: object) -> None:
        """Nothing is shown."""

    def debug(self, *args: object) -> None:
        """Nothing is shown."""

    def set_verbosity(self, mode: int | str) -> None:
        """It stays silent."""

    def progress_bar(self, *args: object, **kwargs: object) -> None:
        """Progress is told by whoever writes."""


class _NoDump:
    """esptool dumps every packet for a trace that nobody reads: four fifths of the time."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        self.args, self.kwargs = args, kwargs

    def __str__(self) -> str:
        return ""


loader.HexFormatter = _NoDump


class Chip:
    """A board whose boot loader answers. MAC as "24:0a:c4:00:00:01"."""

    def __init__(self, place: Place, esp: ESPLoader) -> None:
        self._place = place
        self._esp = esp
        self.started = False
        self._gone = "plug it in again and run the same command: it goes on from there"
        with self._told("does not say what it is"):
            self.name: str = esp.CHIP_NAME.lower().replace("-", "")
            self.mac = ":".join(f"{byte:02x}" for byte in esp.read_mac("BASE_MAC"))
            self.flash_bytes = _flash_bytes(esp)
            self.locked = _locked(esp)

    def read(self, at: int, size: int) -> bytes:
        """Bytes of the flash; esptool compares their MD5. Raises Refused."""
        with self._told(f"stopped answering while {at:#x} was read"):
            return bytes(self._esp.read_flash(at, size))

    def md5(self, at: int, size: int) -> str:
        """The MD5 of a piece of flash as the chip reckons it, hex. Raises Refused."""
        with self._told(f"stopped answering while {at:#x} was checked"):
            return str(self._esp.flash_md5sum(at, size))

    def write(self, at: int, data: bytes, told: Progress | None = None) -> None:
        """Erases and writes; esptool compares the chip's own MD5 afterwards. Raises Refused."""
        with self._told(f"went away while {at:#x} was written"):
            try:
                cmds.write_flash(self._esp, [(at, data)], no_progress=True)
            except FatalError as error:
                if not any(sign in str(error) for sign in _NOT_HELD):
                    raise
                wrong = f"does not hold what was written at {at:#x}: its hash is another"
                raise self._refused(wrong, "its flash is broken; use another board") from error
        if told:
            told(len(data))

    def erase(self, at: int, size: int) -> None:
        """Blank, in whole blocks of 4 KiB. Raises Refused."""
        with self._told(f"went away while {at:#x} was erased"):
            self._esp.erase_region(at, size)

    def restart(self) -> None:
        """Starts what was flashed; where the cable cannot, the technician has to."""
        self.started = True
        if self._place.resets:
            with self._told("could not be started anew"):
                cmds.reset_chip(self._esp, "hard-reset")

    def _refused(self, wrong: str, then: str) -> Refused:
        return Refused(f"the board at {self._place} {wrong}", then, Exit.PORT)

    @contextmanager
    def _told(self, wrong: str) -> Iterator[None]:
        try:
            yield
        except (FatalError, SerialException, OSError, struct.error) as error:
            raise self._refused(wrong, self._gone) from error


@contextmanager
def opened(place: Place) -> Iterator[Chip]:
    """The board at a port, in its boot loader until the end. Raises Refused."""
    EspLog.set_logger(_Silent())
    esp = _connected(place)
    chip = None
    try:
        esp = _prepared(place, esp)
        chip = Chip(place, esp)
        yield chip
    finally:
        # Refused, or only looked at: a device that somebody uses does not stay stopped.
        if place.resets and (chip is None or not chip.started):
            with suppress(FatalError, SerialException, OSError):
                cmds.reset_chip(esp, "hard-reset")
        with suppress(SerialException, OSError):
            esp._port.close()  # noqa: SLF001 - esptool has no other way


def _connected(place: Place) -> ESPLoader:
    mode = "default-reset" if place.resets else "no-reset"
    try:
        return cmds.detect_chip(place.port, connect_mode=mode, connect_attempts=_ATTEMPTS)
    except (FatalError, SerialException, OSError) as error:
        raise _not_opened(place, str(error)) from error


def _prepared(place: Place, esp: ESPLoader) -> ESPLoader:
    try:
        esp = cmds.run_stub(esp)
        esp.WRITE_FLASH_ATTEMPTS = 1  # going on after a fault is ours
        if place.resets:
            esp.change_baud(_FAST_BAUD)
        cmds.attach_flash(esp)
    except (FatalError, SerialException, OSError) as error:
        then = "plug it in again, hold BOOT while you do, and run the same command"
        wrong = f"the board at {place} answered, then stopped"
        raise Refused(wrong, then, Exit.PORT) from error
    return esp


# In what esptool or the system says of a port that cannot be used: what is wrong, what to do.
_FAULTS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("Permission denied", f"[Errno {errno.EACCES}]"),
        "may not be used by you",
        "sudo usermod -aG dialout $USER, then log in anew",
    ),
    (
        (f"[Errno {errno.EBUSY}]", f"[Errno {errno.EAGAIN}]"),
        "is in use by another program",
        "close that program (a monitor, ModemManager) and run the same command",
    ),
    (
        (f"[Errno {errno.ENOENT}]", f"[Errno {errno.ENXIO}]", f"[Errno {errno.ENODEV}]"),
        "is gone",
        "plug the board in again and run the same command",
    ),
)


def _not_opened(place: Place, said: str) -> Refused:
    for signs, wrong, then in _FAULTS:
        if any(sign in said for sign in signs):
            return Refused(f"the port {place} {wrong}", then, Exit.PORT)
    then = "hold BOOT while you plug it in, try another cable, and run the same command"
    return Refused(f"no boot loader answers at {place}", then, Exit.PORT)


def _flash_bytes(esp: ESPLoader) -> int:
    """The size by the flash's own JEDEC id: its third byte is a power of two."""
    size = 1 << (esp.flash_id() >> 16 & 0xFF)
    return size if size >= _MIB else 0


def _locked(esp: ESPLoader) -> bool:
    """Whether fuses keep this chip from running what is not signed or encrypted by another."""
    return bool(
        esp.secure_download_mode
        or esp.get_secure_boot_enabled()
        or esp.get_flash_encryption_enabled()
    )
