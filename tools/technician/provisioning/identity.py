"""Who a device is, as bytes for its flash: the NVS, the second copy of its keys, its empty log.

Knows: the names that the firmware reads (anbu_device.esp), the second copy's format, what the log
store keeps its epoch in. May not know: ports, the ledger, who draws a key.

The second copy is a partition of its own, since the port's start may wipe an NVS it cannot read
(anbu_device/esp/spare.py puts it back). Its bytes: `ANBK`, the length of the rows (u16), the rows,
their CRC32; a row: name space, key, value, each behind its length (u8).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

from littlefs import LittleFS, LittleFSError

from gateway.label import KEY_BYTES, Label
from tools.technician import nvs_image
from tools.technician import partitions as p
from tools.technician.device_image import file_system

SPACE, UPDATE_SPACE = "anbu", "anbu_update"
_ID, _KEY, _BTHOME, _COUNT, _TRUSTED = (
    "device_id", "device_key", "bthome_key", "bthome_count", "key_0",
)  # fmt: skip
SPARE_BYTES = p.BLOCK
_EPOCH_FILE = "epoch"


@dataclass(frozen=True, slots=True)
class Identity:
    """What only this device has. `trusted`: whose updates it takes, 64 bytes of a public key."""

    label: Label
    epoch: int
    trusted: bytes = field(repr=False)

    @property
    def serial(self) -> str:
        """As on its label."""
        return self.label.device_id

    def spaces(self) -> dict[str, dict[str, nvs_image.Value]]:
        """What stands in its NVS after provisioning."""
        own: dict[str, nvs_image.Value] = {_ID: self.serial.encode(), _KEY: self.label.key}
        if self.label.bthome_key is not None:
            own |= {_BTHOME: self.label.bthome_key, _COUNT: 0}
        return {SPACE: own, UPDATE_SPACE: {_TRUSTED: self.trusted}}


def blobs(spaces: nvs_image.Spaces) -> dict[tuple[str, str], bytes]:
    """The blobs by (name space, key): what the second copy holds."""
    return {
        (space, key): value
        for space, values in spaces.items()
        for key, value in values.items()
        if isinstance(value, bytes)
    }


def spare(keys: Mapping[tuple[str, str], bytes]) -> bytes:
    """The second copy's partition, of these blobs by (name space, key)."""
    rows = b"".join(
        bytes((len(part),)) + part
        for (space, key), value in sorted(keys.items())
        for part in (space.encode(), key.encode(), value)
    )
    body = struct.pack("<H", len(rows)) + rows
    whole = p.KEYS_MAGIC + body + struct.pack("<I", crc32(body))
    return whole.ljust(SPARE_BYTES, b"\xff")


def read_spare(image: bytes) -> dict[tuple[str, str], bytes]:
    """The blobs of a second copy; none where it is torn or was never written."""
    size = struct.unpack_from("<H", image, 4)[0] if len(image) >= SPARE_BYTES else 0
    body, check = image[4 : 6 + size], image[6 + size : 10 + size]
    if image[:4] != p.KEYS_MAGIC or check != struct.pack("<I", crc32(body)):
        return {}
    parts, at = [], 2
    while at < len(body):
        parts.append(body[at + 1 : at + 1 + body[at]])
        at += 1 + body[at]
    return {
        (space.decode(), key.decode()): value
        for space, key, value in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


def count_on(
    spaces: dict[str, dict[str, nvs_image.Value]], found: nvs_image.Spaces, count: int
) -> None:
    """Where the number of the last telegram is lost, it goes on from `count`.

    Begun anew it would seal other telegrams under numbers that were used with this key.
    """
    own = spaces[SPACE]
    if _BTHOME in own and _COUNT not in found.get(SPACE, {}):
        own[_COUNT] = count


def empty_log(epoch: int, size_bytes: int) -> bytes:
    """The log partition of a new device: a file system with nothing but the log's epoch."""
    number = struct.pack("<I", epoch)
    return file_system(p.LOG, {_EPOCH_FILE: number + struct.pack("<I", crc32(number))}, size_bytes)


def personal(identity: Identity, table: tuple[p.Partition, ...]) -> dict[str, bytes]:
    """The bytes of each partition that makes this device itself, in the order of writing.

    The NVS is the last: where it is whole, so is all the rest.
    """
    return {
        p.LOG: empty_log(identity.epoch, p.part(table, p.LOG).size),
        p.KEYS: spare(blobs(identity.spaces())),
        p.NVS: nvs_image.encode(identity.spaces(), p.part(table, p.NVS).size),
    }


def log_files(image: bytes) -> dict[str, bytes] | None:
    """The files of a log partition, None where it cannot be mounted."""
    count = len(image) // p.BLOCK
    fs = LittleFS(block_size=p.BLOCK, block_count=count, mount=False)
    fs.context.buffer = bytearray(image)
    try:
        fs.mount()
        found = {}
        for name in fs.listdir("/"):
            with fs.open(name, "rb") as file:
                found[name] = bytes(file.read())
    except LittleFSError:
        return None
    return found


def epoch_of(files: Mapping[str, bytes]) -> int | None:
    """The epoch in a log's files, None where none is whole."""
    blob = files.get(_EPOCH_FILE, b"")
    if len(blob) != 8 or struct.pack("<I", crc32(blob[:4])) != blob[4:]:  # noqa: PLR2004 - see above
        return None
    return int(struct.unpack("<I", blob[:4])[0])


def serial_in(keys: Mapping[tuple[str, str], bytes]) -> str:
    """The serial among these blobs, "" where there is none."""
    return keys.get((SPACE, _ID), b"").decode("ascii", "replace")


def usable(keys: Mapping[tuple[str, str], bytes]) -> bool:
    """Whether the firmware finds who it is among these blobs."""
    return bool(serial_in(keys)) and len(keys.get((SPACE, _KEY), b"")) == KEY_BYTES


@dataclass(frozen=True, slots=True)
class Held:
    """What a device holds of an identity: blobs of its NVS, blobs of the second copy."""

    first: Mapping[tuple[str, str], bytes] = field(repr=False)
    second: Mapping[tuple[str, str], bytes] = field(repr=False)

    @property
    def serials(self) -> set[str]:
        """Every serial it says it has; two of them where its copies differ."""
        found = {serial_in(copy) for copy in (self.first, self.second)}
        return found - {""}

    def whole(self, identity: Identity) -> bool:
        """Whether both copies hold this identity. What a later update brought may stand beside."""
        wanted = {k: v for k, v in blobs(identity.spaces()).items() if k[0] == SPACE}
        return wanted.items() <= self.first.items() and wanted.items() <= self.second.items()


def held(nvs: bytes, second: bytes) -> Held:
    """What these two partitions hold; bytes that are no NVS hold nothing."""
    try:
        first = blobs(nvs_image.decode(nvs))
    except nvs_image.NvsError:
        first = {}
    return Held(first, read_spare(second))
