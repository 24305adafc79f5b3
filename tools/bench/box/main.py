"""The box's side of the benchmark, where the whole firmware would be too much.

Knows: the firmware's own log, session and GATT server. May not know: a gateway, a dose.
Started by machine_sim/start.py in place of the firmware's main; ANBU_BENCH says which part:
`fill` writes ANBU_BENCH_EVENTS records through the real Logbook and counts what reaches the flash,
`seal` times the seal against SHA-256, `raw` sends notifications as fast as the stack takes them.
Says `progress N` and at the end one JSON object, a line each.
"""

import asyncio
import gc
import json
import os
import time
from hashlib import sha256

import vfs

from anbu_device.core.clock import DeviceClock
from anbu_device.edge import gatt_server
from anbu_device.edge.disk import Disk
from anbu_device.edge.gatt_server import GattServer
from anbu_device.edge.logbook import Logbook
from anbu_wire import gatt, session
from anbu_wire import messages as m
from anbu_wire import seal as seals
from anbu_wire.seal import KEY_BYTES
from board import Board

_EVENTS = int(os.getenv("ANBU_BENCH_EVENTS") or "0")
_TOLD_EVERY = 200
_SEAL_ROUNDS = 100
_FIRST_DAY = 9131  # 2025-01-01
_RECORD_MS = 5_400_000  # sixteen records a day
_TICKS_MASK = 0x3FFFFFFF
_NO_ROOM_MS = 1
_ERASE = 6  # ioctl
_BREATHE_EVERY = 16
_DEVICE_ID = "AB-000001"

# what a dose that is taken writes
_DOSE = (m.SLOT_PROMPTED, m.LID_OPENED, m.SLOT_TAKEN, m.LID_CLOSED)


class CountingFlash:
    """The log's partition, with a count of what is asked of it."""

    def __init__(self, board: Board) -> None:
        self._partition = board.log_partition()
        self.programmed_bytes = 0
        self.programs = 0
        self.erases = 0

    def readblocks(self, block: int, buf: bytearray, offset: int = 0) -> None:
        """Reads."""
        self._partition.readblocks(block, buf, offset)

    def writeblocks(self, block: int, buf: bytes, offset: int = 0) -> None:
        """Programs; littlefs always names an offset, so nothing is erased here."""
        self.programs += 1
        self.programmed_bytes += len(buf)
        self._partition.writeblocks(block, buf, offset)

    def ioctl(self, op: int, arg: int) -> int:
        """6 = erase a block."""
        if op == _ERASE:
            self.erases += 1
        return self._partition.ioctl(op, arg)  # type: ignore[return-value]  # the stubs allow None


def fill() -> None:
    """Doses of many days, each record flushed before the next, as the box does it."""
    flash = CountingFlash(Board())
    clock = DeviceClock(0, 0)
    clock.set_from_rtc(_FIRST_DAY * 86400)
    log = Logbook(Disk(flash, "/log"), clock, 1)  # type: ignore[arg-type]  # a block device
    log.read_in(lambda _record: None)
    before = (flash.programmed_bytes, flash.programs, flash.erases)
    ticks_ms = 0
    for i in range(_EVENTS):
        day, index = divmod(i // len(_DOSE), 4)
        slot = (_FIRST_DAY + day, index)
        if not log.append(_DOSE[i % len(_DOSE)], slot, i // len(_DOSE) % 28, 1):
            raise OSError("the log took no record %d" % i)
        ticks_ms = (ticks_ms + _RECORD_MS) & _TICKS_MASK
        clock.advance(ticks_ms)
        if i % _TOLD_EVERY == 0:
            print("progress", i)
    counts = {
        "events": _EVENTS,
        "programmed_bytes": flash.programmed_bytes - before[0],
        "programs": flash.programs - before[1],
        "erases": flash.erases - before[2],
        "newest_seq": log.journal.newest_seq,
    }
    vfs.umount("/log")
    print(json.dumps(counts))


# --- seal ---


def _sessions() -> "tuple[session.Session, session.Session]":
    key = bytes(range(KEY_BYTES))
    gateway = session.Session(session.GATEWAY, key, _DEVICE_ID, gatt.PILL_BOX)
    device = session.Session(session.DEVICE, key, _DEVICE_ID, gatt.PILL_BOX)
    challenge = gateway.start(bytes(16))
    ((_send, proof),) = device.receive(challenge, bytes(16))  # type: ignore[misc]  # a "send"
    device.receive(gateway.receive(proof)[0][-1])  # type: ignore[arg-type]  # bytes again
    return gateway, device


def _timed(work: "object", data: "list[bytes]") -> float:
    """Microseconds a call, the best of five rounds: what the machine does besides only adds."""
    best = 1 << 30
    each = len(data) // 5
    for start in range(0, each * 5, each):
        part = data[start : start + each]
        gc.collect()
        began = time.ticks_us()
        for item in part:
            work(item)  # type: ignore[operator]
        best = min(best, time.ticks_diff(time.ticks_us(), began))
    return best / each


def seal() -> None:
    """Session.seal and the other end's opening against one SHA-256 of the same bytes."""
    rows = []
    for records in (0, 1, 4, 7):
        size = 11 if records == 0 else 3 + records * m.RECORD_BYTES  # a REPORT, or RECORDS
        message = bytes([i & 0xFF for i in range(size)])
        gateway, device = _sessions()
        frames: list[bytes] = []
        seal_us = _timed(lambda text: frames.append(device.seal(text)), [message] * _SEAL_ROUNDS)  # noqa: B023
        open_us = _timed(gateway.receive, frames)
        hash_us = _timed(lambda text: sha256(text).digest(), [message] * _SEAL_ROUNDS)
        rows.append(
            {
                "message_bytes": size,
                "frame_bytes": len(frames[0]),
                "seal_us": seal_us,
                "open_us": open_us,
                "sha256_us": hash_us,
            }
        )
    # the same seal as the tests' vectors know it: a benchmark of wrong work would be worth nothing
    key, nonce = bytes(16), bytes(13)
    if seals.ccm_open(key, nonce, b"a", seals.ccm_seal(key, nonce, b"a", b"b")) != b"b":
        raise ValueError("the seal does not open")
    print(json.dumps({"seal": rows}))


# --- raw ---


async def raw() -> None:
    """After any write to Control: as many notifications as there are events, MTU - 3 bytes each."""
    hello = gatt.encode_hello(m.PROTOCOL_VERSION, gatt.PILL_BOX, 1, _DEVICE_ID)
    server = GattServer(Board().ble(), hello, ("bench", "1", "1", _DEVICE_ID))
    server.start(gatt.CONNECT_PLEASE)
    print("up")
    while True:
        await server.flag.wait()
        event = server.events.get()
        while event is not None:
            if event[0] == gatt_server.WRITTEN:
                await _burst(server, event[1])
            event = server.events.get()


async def _burst(server: GattServer, conn: int) -> None:
    piece = bytes(gatt.MTU - gatt.ATT_HEADER_BYTES)
    for i in range(_EVENTS):
        outcome = server.notify(conn, piece)
        while outcome == gatt_server.NO_ROOM:
            await asyncio.sleep_ms(_NO_ROOM_MS)
            outcome = server.notify(conn, piece)
        if outcome != gatt_server.SENT:
            return
        if i % _BREATHE_EVERY == 0:
            await asyncio.sleep_ms(0)


def run() -> None:
    """Called by start.py."""
    part = os.getenv("ANBU_BENCH")
    if part == "fill":
        fill()
    elif part == "seal":
        seal()
    else:
        asyncio.run(raw())
