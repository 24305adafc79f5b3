"""The NVS partition of a chip as bytes: made for flashing, read from a device.

Knows: ESP-IDF's NVS pages (format version 2: "NVS Partition Structure" of the ESP-IDF programming
guide). May not know: what our keys are for, a device, a file.
Only what MicroPython's `esp32.NVS` knows is taken: 32-bit integers and blobs.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from esp_idf_nvs_partition_gen import nvs_partition_gen as generator

Value = bytes | int
Spaces = Mapping[str, Mapping[str, Value]]  # name space → key → value

SIZE_BYTES = 0x6000  # of our partition
PAGE_BYTES = 4096
_ENTRY_BYTES, _ENTRIES, _FIRST_AT, _BITMAP_AT = 32, 126, 64, 32
_READABLE = {0xFFFFFFFE, 0xFFFFFFFC, 0xFFFFFFF8}  # active, full, freeing
_WRITTEN = 0b10
_U8, _I32, _BLOB, _BLOB_DATA, _BLOB_INDEX = 0x01, 0x14, 0x41, 0x42, 0x48
_NAMES = 0  # the name space in which name spaces are numbered
_SPARE_PAGES = 1  # NVS keeps one free, for collecting


class NvsError(ValueError):
    """These values do not fit an NVS, or these bytes are none; one line."""


def encode(spaces: Spaces, size_bytes: int = SIZE_BYTES) -> bytes:
    """The partition's bytes, the same for the same values. Raises NvsError."""
    out = io.BytesIO()
    room = size_bytes - _SPARE_PAGES * PAGE_BYTES
    try:
        with generator.nvs_open(out, room, generator.Page.VERSION2) as nvs:
            for space, values in spaces.items():
                generator.write_entry(nvs, space, "namespace", "", "")
                for key, value in values.items():
                    _write(nvs, key, value)
    except (generator.InputError, generator.InsufficientSizeError, struct.error) as error:
        raise NvsError(f"the identity does not fit {size_bytes} bytes of NVS: {error}") from error
    return out.getvalue()


def _write(nvs: generator.NVS, key: str, value: Value) -> None:
    if isinstance(value, int):
        generator.write_entry(nvs, key, "data", "i32", value)
    else:
        generator.write_entry(nvs, key, "data", "hex2bin", value.hex())


@dataclass(frozen=True, slots=True)
class _Entry:
    space: int
    kind: int
    chunk: int
    key: str
    data: bytes  # the eight bytes of the entry itself
    body: bytes  # what follows it, for a blob


def decode(image: bytes) -> dict[str, dict[str, Value]]:
    """Every integer and blob that is whole; what is torn is left out, as the chip does.

    A partition that was never written gives nothing. Raises NvsError for bytes of another kind.
    """
    pages = sorted(_pages(image))
    if not pages and image.strip(b"\xff"):
        raise NvsError("the NVS partition holds something else than an NVS")
    entries = [entry for _number, page in pages for entry in _entries(page)]
    names = {e.data[0]: e.key for e in entries if e.space == _NAMES and e.kind == _U8}
    chunks = {(e.space, e.key, e.chunk): e.body for e in entries if e.kind == _BLOB_DATA}
    found: dict[str, dict[str, Value]] = {}
    for entry in entries:
        if entry.space in names and (value := _value(entry, chunks)) is not None:
            found.setdefault(names[entry.space], {})[entry.key] = value
    return found


def _pages(image: bytes) -> Iterator[tuple[int, bytes]]:
    """(number in the order of writing, bytes) of the pages that can be read."""
    for start in range(0, len(image) - PAGE_BYTES + 1, PAGE_BYTES):
        page = image[start : start + PAGE_BYTES]
        state, number = struct.unpack_from("<II", page)
        if state in _READABLE and _crc(page[4:28]) == struct.unpack_from("<I", page, 28)[0]:
            yield number, page


def _entries(page: bytes) -> Iterator[_Entry]:
    bitmap = int.from_bytes(page[_BITMAP_AT : _BITMAP_AT + 32], "little")
    at = 0
    while at < _ENTRIES:
        start = _FIRST_AT + at * _ENTRY_BYTES
        raw = page[start : start + _ENTRY_BYTES]
        written = bitmap >> (2 * at) & 0b11 == _WRITTEN
        if not written or _crc(raw[:4] + raw[8:]) != struct.unpack_from("<I", raw, 4)[0]:
            at += 1
            continue
        space, kind, span, chunk = raw[:4]
        body = page[start + _ENTRY_BYTES : start + span * _ENTRY_BYTES]
        if (taken := _taken(kind, raw[24:], body)) is not None:
            key = raw[8:24].rstrip(b"\0").decode("ascii", "replace")
            yield _Entry(space, kind, chunk, key, raw[24:], taken)
        at += max(1, span)


def _taken(kind: int, data: bytes, body: bytes) -> bytes | None:
    """The bytes that follow an entry, None where they are torn."""
    if kind not in {_BLOB, _BLOB_DATA}:
        return b""
    size = struct.unpack_from("<H", data)[0]
    whole = body[:size]
    fits = len(whole) == size and _crc(whole) == struct.unpack_from("<I", data, 4)[0]
    return whole if fits else None


def _value(entry: _Entry, chunks: Mapping[tuple[int, str, int], bytes]) -> Value | None:
    if entry.kind == _I32:
        return int(struct.unpack_from("<i", entry.data)[0])
    if entry.kind == _BLOB:
        return entry.body
    if entry.kind != _BLOB_INDEX:
        return None
    size, count, first = struct.unpack_from("<IBB", entry.data)
    parts = [chunks.get((entry.space, entry.key, first + n), b"") for n in range(count)]
    blob = b"".join(parts)
    return blob if len(blob) == size else None


def _crc(data: bytes) -> int:
    """NVS begins its CRC32 at all ones."""
    return crc32(data, 0xFFFFFFFF)
