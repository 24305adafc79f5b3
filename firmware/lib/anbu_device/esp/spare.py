"""The second copy of the device's keys: what the NVS has lost is put back from it.

Knows: the partition's format, the NVS. May not know: what the keys are for.
The chip's own start wipes an NVS that it cannot read; provisioning wrote every blob here too:
`ANBK`, length of the rows (u16), rows, their CRC32; a row is name space, key, value, each behind
its length (u8). Written only where a key that may sign updates takes another's place, so that a
key that was given up never comes back. Loaded only then, and when keys are missing.
"""

from binascii import crc32

from micropython import const

from esp32 import NVS, Partition

LABEL = "keys"
_MAGIC = b"ANBK"
_HEAD_BYTES = const(6)
_ROWS_MOST = const(1024)
_VALUE_MOST = const(255)
_OWN = b"anbu"  # whose blobs are the identity; update keys change in a life
_ERASE = const(6)


def restore() -> int:
    """Puts back what is missing; how many blobs that were. Raises OSError.

    Nothing where the NVS has another identity than the copy: half of each would be nobody.
    """
    lost = []
    parts = _rows()
    for i in range(0, len(parts) - 2, 3):
        space, key, value = parts[i : i + 3]
        buffer = bytearray(_VALUE_MOST)
        try:
            size = NVS(space.decode()).get_blob(key.decode(), buffer)
        except OSError:
            lost.append((space.decode(), key.decode(), value))
        else:
            if space == _OWN and buffer[:size] != value:
                return 0
    for row in lost:
        nvs = NVS(row[0])
        nvs.set_blob(row[1], row[2])
        nvs.commit()
    return len(lost)


def keep(space: str, key: str, value: bytes) -> None:
    """Has this blob in the copy too, in place of the one of that name. Raises OSError.

    A power cut in between costs the copy, not the keys.
    """
    parts = _rows()
    if not parts:
        return
    name = [space.encode(), key.encode()]
    rows = b""
    for i in range(0, len(parts) - 2, 3):
        if parts[i : i + 2] != name:
            rows += _row(parts[i : i + 3])
    rows += _row(name + [value])  # noqa: RUF005 - MicroPython has no stars there
    body = len(rows).to_bytes(2, "little") + rows
    partition = Partition.find(Partition.TYPE_DATA, label=LABEL)[0]
    partition.ioctl(_ERASE, 0)
    partition.writeblocks(0, _MAGIC + body + crc32(body).to_bytes(4, "little"), 0)


def _row(parts: "list[bytes]") -> bytes:
    return b"".join([bytes((len(part),)) + part for part in parts])


def _rows() -> "list[bytes]":
    """Name space, key, value, and so on; nothing where no copy is whole."""
    found = Partition.find(Partition.TYPE_DATA, label=LABEL)
    if not found:
        return []
    head = bytearray(_HEAD_BYTES)
    found[0].readblocks(0, head, 0)
    size = int.from_bytes(head[4:], "little")
    if head[:4] != _MAGIC or size > _ROWS_MOST:
        return []
    body = bytearray(size + 4)
    found[0].readblocks(0, body, _HEAD_BYTES)
    if crc32(body[:size], crc32(head[4:])) != int.from_bytes(body[size:], "little"):
        return []
    parts: "list[bytes]" = []
    at = 0
    while at < size:
        parts.append(bytes(body[at + 1 : at + 1 + body[at]]))
        at += 1 + body[at]
    return parts
