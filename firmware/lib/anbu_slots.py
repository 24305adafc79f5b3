"""Which app slot runs: the record that the loader and the firmware share, and its steps.

Knows: the record's bytes, its two copies in the NVS, how starts are counted.
May not know: littlefs, what an app does. The loader holds this file in the root file system, which
is never written in the field, and the firmware uses the loader's copy: the format never changes.
"""

import struct
from binascii import crc32
from collections import namedtuple

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    class Store(Protocol):
        """A name space of the NVS."""

        def get_blob(self, __key: str, __buffer: bytearray) -> int:  # noqa: PYI063 - not in MicroPython
            """Fills the buffer. Raises OSError."""

        def set_blob(self, __key: str, __value: bytes) -> None:  # noqa: PYI063 - same
            """Stores bytes."""

        def commit(self) -> None:
            """Makes them durable. Raises OSError."""


LABELS = ("app_a", "app_b")  # of the partitions
PATHS = ("/a", "/b")  # where they are mounted
MARK = "whole"  # a slot's own note: everything in it was verified; the version
NAMESPACE = "anbu_slots"
COPIES = ("record_0", "record_1")
TRIES = 3

# states, numbered as in anbu_wire.bundle
STAGED = 3
TRYING = 4
CONFIRMED = 5
ROLLED_BACK = 6  # and not yet told

# serial: the copy with the higher one counts; active: the slot to run; boots: starts so far that
# were not confirmed; version: of the active slot; failed_version: was rolled back here;
# faults: chips already dead when the update was staged
Record = namedtuple(
    "Record", ("serial", "active", "state", "boots", "version", "failed_version", "faults")
)
_RECORD = "<IBBBIIB"
_BYTES = struct.calcsize(_RECORD)

# What the loader found, for the firmware it starts; None where no loader ran.
started: "Record | None" = None


def encode(record: "Record") -> bytes:
    """The record's bytes with their CRC32."""
    body = struct.pack(_RECORD, *record)
    return body + struct.pack("<I", crc32(body))


def decode(blob: bytes) -> "Record | None":
    """The record in these bytes, None where they are torn."""
    body = blob[:_BYTES]
    if len(blob) != _BYTES + 4 or crc32(body) != struct.unpack("<I", blob[_BYTES:])[0]:
        return None
    record = Record(*struct.unpack(_RECORD, body))
    return record if record.active < len(LABELS) and STAGED <= record.state <= ROLLED_BACK else None


def encode_mark(version: int) -> bytes:
    """What stands in a slot's MARK."""
    body = struct.pack("<I", version)
    # Of the name too: the CRC32 of four bytes of blank flash is four bytes of blank flash.
    return body + struct.pack("<I", crc32(MARK.encode() + body))


def decode_mark(blob: bytes) -> int:
    """The version a MARK tells, 0 for none that can be trusted."""
    if len(blob) != 8 or encode_mark(struct.unpack("<I", blob[:4])[0]) != blob:
        return 0
    return int(struct.unpack("<I", blob[:4])[0])


def load(nvs: "Store") -> "Record | None":
    """The newest copy that is whole, None where there is none."""
    newest = None
    for copy in COPIES:
        buffer = bytearray(_BYTES + 4)
        try:
            size = nvs.get_blob(copy, buffer)
        except OSError:
            continue
        record = decode(bytes(buffer[:size]))
        if record is not None and (newest is None or record.serial > newest.serial):
            newest = record
    return newest


def store(nvs: "Store", record: "Record") -> "Record":
    """Writes over the older copy; the record as written. Raises OSError."""
    record = Record(record.serial + 1, *record[1:])
    nvs.set_blob(COPIES[record.serial & 1], encode(record))
    nvs.commit()
    return record


def first(version_a: int, version_b: int) -> "Record | None":
    """Where no record can be read: the newer slot on trial, the only one as it is; None: none."""
    active = 1 if version_b > version_a else 0
    version = max(version_a, version_b)
    if not version:
        return None
    trial = min(version_a, version_b) > 0
    return Record(0, active, STAGED if trial else CONFIRMED, 0, version, 0, 0)


def on_trial(record: "Record") -> bool:
    """Whether the active slot has still to prove itself."""
    return record.state in (STAGED, TRYING)


def start(record: "Record") -> "Record":
    """The record under which the next start happens: a trial is counted, or over."""
    if not on_trial(record):
        return record
    if record.boots >= TRIES:
        return back(record, 0)
    return Record(record.serial, record.active, TRYING, record.boots + 1, *record[4:])


def back(record: "Record", version: int) -> "Record":
    """To the other slot, which holds `version` (0 = not known). What was on trial has failed."""
    failed = record.version if on_trial(record) else record.failed_version
    return Record(record.serial, 1 - record.active, ROLLED_BACK, 0, version, failed, record.faults)


def crashed(record: "Record") -> "Record":
    """The app ended. A trial's start was counted before; for the rest it is counted here."""
    if on_trial(record):
        return record
    boots = min(record.boots + 1, 255)
    return Record(record.serial, record.active, record.state, boots, *record[4:])


def settled(record: "Record") -> "Record":
    """The active slot stays, and what became of the last update was told."""
    return Record(record.serial, record.active, CONFIRMED, 0, *record[4:])


def staged(record: "Record", version: int, faults: int) -> "Record":
    """The slot that does not run is on trial at the next start."""
    active = 1 - record.active
    return Record(record.serial, active, STAGED, 0, version, record.failed_version, faults)


def unstaged(record: "Record", version: int) -> "Record":
    """Takes `staged` back; `version` runs."""
    active = 1 - record.active
    return Record(record.serial, active, CONFIRMED, 0, version, record.failed_version, 0)


def unsettled() -> bool:
    """Whether the firmware that was started has something to prove or to tell."""
    return started is not None and (started.state != CONFIRMED or started.boots > 0)
