"""The second copy of the device's keys: what the NVS has lost is put back from it.

Knows: the partition's format, the NVS. May not know: what the keys are for.
The chip's own start wipes an NVS that it cannot read; provisioning wrote every blob here too:
`ANBK`, length of the rows (u16), rows, their CRC32; a row is name space, key, value, each behind
its length (u8). Read only, and loaded only when keys are missing.
"""

from binascii import crc32

from micropython import const

from esp32 import NVS, Partition

LABEL = "keys"
_MAGIC = b"ANBK"
_HEAD_BYTES = const(6)
_ROWS_MOST = const(1024)
_VALUE_MOST = const(255)


def restore() -> int:
    """Puts back what is missing; how many blobs that were. Raises OSError."""
    count = 0
    parts = _rows()
    for i in range(0, len(parts) - 2, 3):
        nvs = NVS(parts[i].decode())
        key = parts[i + 1].decode()
        try:
            nvs.get_blob(key, bytearray(_VALUE_MOST))
        except OSError:
            nvs.set_blob(key, parts[i + 2])
            nvs.commit()
            count += 1
    return count


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
