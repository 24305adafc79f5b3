"""A device's vitals by its REPL: starts and why, its slots, its newest records.

Knows: what stands in its NVS and its log. May not know: a terminal, what is healthy.
The app is stopped meanwhile; nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass

from anbu_wire.errors import RemoteProtocolError
from anbu_wire.messages import BOOT, EPOCH_2000_UNIX_S, RECORD_BYTES, Record, decode_record
from anbu_wire.names import RECORD_KIND_NAMES
from tools.technician.console.decoded import RESET_CAUSES
from tools.technician.console.repl import Crashed, Repl
from tools.technician.said import Exit, Refused

NEWEST = 200  # records; some days of a box
_STATES = {3: "staged", 4: "on trial", 5: "confirmed", 6: "rolled back"}
_LOOK = """
import gc, os, vfs
import anbu_slots as slots
from binascii import hexlify
from esp32 import NVS, Partition
from machine import WDT

dog = WDT(timeout=3600000)

def number(key):
    try:
        return NVS("anbu").get_i32(key)
    except OSError:
        return 0

def name():
    kept = bytearray(32)
    try:
        return bytes(kept[:NVS("anbu").get_blob("device_id", kept)]).decode()
    except OSError:
        return ""

def newest(size):
    vfs.mount(vfs.VfsLfs2(Partition.find(Partition.TYPE_DATA, label="log")[0]), "/log")
    try:
        files = sorted(row[0] for row in os.ilistdir("/log") if row[0].endswith(".log"))
        found = b""
        for file in reversed(files):
            with open("/log/" + file, "rb") as log:
                found = log.read() + found
            if len(found) >= size:
                break
        return hexlify(found[-size:]).decode()
    finally:
        vfs.umount("/log")

def looked():
    gc.collect()
    record = slots.load(NVS(slots.NAMESPACE))
    return [name(), number("boot"), list(record) if record else [], gc.mem_free()]
"""


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look. `slot`: active slot, version, state in a word, the version that failed (0 none).

    `causes`: of the starts among the newest records, oldest first.
    """

    device_id: str
    starts: int
    slot: tuple[str, int, str, int]
    heap_free_bytes: int
    causes: tuple[str, ...]
    records: tuple[Record, ...]


def look(repl: Repl) -> Vitals:
    """Raises Refused where the device is none of ours, or its log cannot be read."""
    try:
        repl.run(_LOOK)
        name, starts, row, free = repl.ask("looked()")
        blob = bytes.fromhex(repl.ask(f"newest({NEWEST * RECORD_BYTES})"))
    except (Crashed, ValueError) as why:
        wrong = f"its store cannot be read ({why})"
        raise Refused(wrong, "keep what is there: anbu rescue", Exit.BOARD) from why
    records = tuple(_records(blob))
    causes = (RESET_CAUSES.get(one.value, str(one.value)) for one in records if one.kind == BOOT)
    return Vitals(str(name), int(starts), _slot(row), int(free), tuple(causes), records)


def _slot(row: list[int]) -> tuple[str, int, str, int]:
    if not row:
        return ("none", 0, "never started", 0)
    _serial, active, state, _boots, version, failed, _faults = row
    return ("ab"[active], version, _STATES.get(state, str(state)), failed)


def _records(blob: bytes) -> list[Record]:
    found = []
    for at in range(len(blob) % RECORD_BYTES, len(blob), RECORD_BYTES):
        try:
            found.append(decode_record(blob[at : at + RECORD_BYTES]))
        except RemoteProtocolError:
            continue
    return found


def named(record: Record) -> str:
    """A record as a line: number, start, kind, value."""
    kind = RECORD_KIND_NAMES.get(record.kind, str(record.kind))
    return f"#{record.seq} start {record.boot}  {kind} {record.value}"


def unix_s(record: Record) -> int:
    """When, by the device's clock; 0 where it had no time."""
    return record.wall_s + EPOCH_2000_UNIX_S if record.wall_s else 0
