"""Writes update bundles, the other end of anbu_wire.bundle, and what a slot holds after one.

Knows: the bundle's bytes. May not know: where files and keys come from.
"""

from __future__ import annotations

import runpy
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from anbu_wire import bundle as b

_LIB = Path(__file__).resolve().parents[2] / "firmware/lib"
_SLOTS = runpy.run_path(str(_LIB / "anbu_slots.py"))  # the loader's own module, on no path here


@dataclass(frozen=True, slots=True)
class About:
    """What a bundle says of itself. `signer` and `new_key` are public keys, 64 bytes."""

    version: int
    minimum: int
    board: str
    mpy: int
    signer: bytes
    new_key: bytes = b""


def head(about: About, files: Mapping[str, bytes]) -> bytes:
    """Everything that is signed. Raises RemoteProtocolError where it would be out of bounds."""
    rows = b"".join(
        bytes((len(name.encode()),))
        + name.encode()
        + struct.pack("<I", len(data))
        + sha256(data).digest()
        for name, data in sorted(files.items())
    )
    size = b.FIXED_BYTES + len(rows) + len(about.new_key)
    payload = sum(map(len, files.values()))
    fixed = struct.pack(
        b.HEAD,
        *(b.MAGIC, b.FORMAT, about.mpy, size, about.version, about.minimum),
        *(about.board.encode(), b.key_id(about.signer), payload, len(files), bool(about.new_key)),
    )
    return b.Manifest(fixed + rows + about.new_key).head


def bundle(about: About, files: Mapping[str, bytes], sign: Callable[[bytes], bytes]) -> bytes:
    """The whole bundle; `sign(head)` gives 64 bytes."""
    start = head(about, files)
    return start + sign(start) + b"".join(data for _name, data in sorted(files.items()))


def slot_files(data: bytes) -> dict[str, bytes]:
    """What stands in an app slot after this bundle was taken: its files and the slot's notes."""
    manifest = b.Manifest(data[: b.head_bytes(data)])
    at = len(manifest.head) + b.SIGNATURE_BYTES
    identity = struct.pack("<III", manifest.version, len(data), crc32(data))
    found = {
        "head": identity + data[:at],
        _SLOTS["MARK"]: _SLOTS["encode_mark"](manifest.version),
    }
    for name, size, _digest in manifest.files():
        found[name] = data[at : at + size]
        at += size
    return found
