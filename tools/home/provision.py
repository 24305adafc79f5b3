"""Sets up a device for a house: keys on both sides, flash, NVS.

Knows: what a technician writes at flashing. May not know: what the house then does with it.
Every key is drawn anew for each house; nothing secret is in a configuration or a log.
"""

from __future__ import annotations

import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tools.home.nvs import write_nvs

DEVICE_ID = "AB-000001"
_FORMAT = (
    "import vfs, esp32\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.VfsLfs2.mkfs(p, progsize=256, readsize=32)\n"
)
_COUNT = (
    "import sys, vfs, os, esp32\n"
    "sys.path.append({lib!r})\n"
    "from anbu_wire.messages import decode_record\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.mount(vfs.VfsLfs2(p, progsize=256, readsize=32), '/log')\n"
    "names = sorted(e[0] for e in os.ilistdir('/log') if e[0].endswith('.log'))\n"
    "n = int(names[0][:-4], 16) - 1 if names else 0\n"
    "for name in names:\n"
    "    data = open('/log/' + name, 'rb').read()\n"
    "    for i in range(0, len(data), 32):\n"
    "        decode_record(data[i : i + 32])\n"
    "        n += 1\n"
    "print(n)\n"
)
_FILL = (
    "import vfs, esp32\n"
    "from binascii import crc32\n"
    "p = esp32.Partition.find(esp32.Partition.TYPE_DATA, label='log')[0]\n"
    "vfs.mount(vfs.VfsLfs2(p, progsize=256, readsize=32), '/log')\n"
    "epoch = ({epoch}).to_bytes(4, 'little')\n"
    "with open('/log/epoch', 'wb') as f:\n"
    "    f.write(epoch + crc32(epoch).to_bytes(4, 'little'))\n"
    "if {state!r}:\n"
    "    with open('/log/plug', 'wb') as f:\n"
    "        f.write({state!r})\n"
    "with open({file!r}, 'rb') as source:\n"
    "    seq = 1\n"
    "    while True:\n"
    "        data = source.read(128 * 32)\n"
    "        if not data:\n"
    "            break\n"
    "        with open('/log/%08x.log' % seq, 'wb') as f:\n"
    "            f.write(data)\n"
    "        seq += 128\n"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one house stands on disk; `part` names a device other than the box."""

    root: Path
    part: str = ""

    def of(self, part: str) -> Places:
        """The same house's places of another device."""
        return Places(self.root, part)

    def _own(self, name: str) -> Path:
        return self.root / (f"{self.part}-{name}" if self.part else name)

    @property
    def flash(self) -> Path:
        """The device's flash: partitions and NVS as files."""
        return self._own("flash")

    @property
    def board(self) -> Path:
        """Socket between the device's process and its chips."""
        return self._own("board.sock")

    @property
    def hci(self) -> Path:
        """Socket of the gateway's Bluetooth controller."""
        return self.root / "hci.sock"

    @property
    def window(self) -> Path:
        """Socket through which the page sees and touches the box."""
        return self.root / "window.sock"

    @property
    def modem(self) -> Path:
        """The modem's tty."""
        return self.root / "modem"

    @property
    def database(self) -> Path:
        """The gateway's event log."""
        return self.root / "anbu.db"

    @property
    def config(self) -> Path:
        """The gateway's configuration."""
        return self.root / "gateway.toml"

    @property
    def key(self) -> Path:
        """The device key as the gateway reads it."""
        return self._own("device.key")

    @property
    def bthome_key(self) -> Path:
        """The key of a plug's open advertising, as the gateway reads it."""
        return self._own("bthome.key")

    def errors(self, part: str) -> Path:
        """What a process said on standard error: this device's under its own name."""
        return self.root / f"{self.part or part}.err"


def provision(
    places: Places, interpreter: str, simulation: Path, device_id: str = DEVICE_ID
) -> None:
    """Draws the device key and writes it to both sides; makes the device's log partition.

    A plug (any device that is not the box) has the key of its open advertising too.
    """
    places.flash.mkdir(parents=True, exist_ok=True)
    values: dict[str, bytes | int] = {"device_id": device_id.encode()}
    values["device_key"] = _draw(places.key)
    if places.part:
        values["bthome_key"] = _draw(places.bthome_key)
    write_nvs(places.flash, "anbu", values)
    _flash_script(places, interpreter, simulation, _FORMAT)


def _draw(file: Path) -> bytes:
    """A new key, and the file from which the gateway reads it."""
    key = secrets.token_bytes(16)
    file.touch(mode=0o600)
    file.write_text(key.hex() + "\n", encoding="ascii")
    return key


def count_records(places: Places, interpreter: str, simulation: Path, lib: Path) -> int:
    """How many whole records stand in the box's flash, read without the firmware's journal.

    Those before its oldest segment were acknowledged and freed; they count.
    """
    script = _COUNT.format(lib=str(lib))
    return int(_flash_script(places, interpreter, simulation, script))


def _flash_script(places: Places, interpreter: str, simulation: Path, script: str) -> str:
    done = subprocess.run(
        [interpreter, "-c", script],
        env={"MICROPYPATH": f"{simulation}:.frozen", "ANBU_FLASH": str(places.flash)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the flash of the box could not be read or made: {done.stderr}")
    return done.stdout.strip()


def write_log(
    places: Places,
    interpreter: str,
    simulation: Path,
    epoch: int,
    records: bytes,
    state: bytes = b"",
) -> None:
    """Writes a log into the device's flash as its firmware would have: epoch, segments, state.

    `records`: whole records, numbered from 1. The boot they are of is the store's first. `state`:
    what a plug has learnt; b"" = nothing.
    """
    file = places.root / f"{places.part}-log.bin"
    file.write_bytes(records)
    script = _FILL.format(epoch=epoch, file=str(file), state=state)
    _flash_script(places, interpreter, simulation, script)
    file.unlink()
    write_nvs(places.flash, "anbu", {"boot": 1})
