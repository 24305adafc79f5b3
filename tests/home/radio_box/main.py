"""A box that is only radio: the real edge/radio.py and core/link.py over a log in memory.

Started by machine_sim/start.py with ANBU_TEST_RECORDS records in its log. Reads lines from stdin:
`push N` adds N records to the log and pushes each. Says what it did on stdout, one line each.
"""

import asyncio
import os
import sys
from binascii import crc32

import bluetooth
from anbu_device.core.link import DeviceLink
from anbu_device.edge.radio import Radio
from anbu_wire import gatt
from anbu_wire import messages as m

KEY = bytes(range(16))
DEVICE_ID = "box-0001"
EPOCH = 0xC0FFEE01


class Device:
    """A log in memory, a clock that only remembers, a schedule."""

    def __init__(self, count: int) -> None:
        self.blobs: list[bytes] = []
        self.wall_s = 0
        self.quality = m.UNKNOWN
        self.version = 0
        self.schedule = b""
        self.crc = 0
        for _ in range(count):
            self.add()

    def add(self) -> bytes:
        """One more record."""
        seq = len(self.blobs) + 1
        record = m.Record(seq, 1, seq * 1000, 0, 0, 0, m.OK_PRESSED, 0xFF, m.NO_SLOT, 0, seq)
        self.blobs.append(m.encode_record(record))
        return self.blobs[-1]

    def state(self) -> "tuple[int, ...]":
        """STATE's fields."""
        newest = len(self.blobs)
        return (EPOCH, 1, newest, self.wall_s, self.version, self.crc, self.quality, 90, 5, 0)

    def records(self, first: int, last: int) -> "list[bytes]":
        """Those from first to last."""
        return self.blobs[first - 1 : last]

    def acknowledge(self, _epoch: int, up_to_seq: int) -> int:
        """Says so."""
        print("acknowledged", up_to_seq)
        return m.OK

    def set_time(self, fields: "dict[str, int]") -> int:
        """Takes the time."""
        self.wall_s, self.quality = fields["wall_s"], m.SYNCED
        return m.OK

    def store_schedule(self, version: int, blob: bytes) -> int:
        """Keeps it."""
        self.version, self.schedule, self.crc = version, blob, crc32(blob)
        print("schedule", version, len(blob))
        return m.OK

    def schedule_blob(self) -> "tuple[int, bytes]":
        """What is kept."""
        return self.version, self.schedule

    def prompt_test(self, _compartment: int) -> int:
        """Nothing to light."""
        return m.OK


async def obey(device: Device, link: DeviceLink, radio: Radio) -> None:
    """Does what stdin says."""
    reader = asyncio.StreamReader(sys.stdin)
    while True:
        words = (await reader.readline()).split()
        if not words:
            return
        for _ in range(int(words[1])):
            radio.push(link.push(device.add()))


async def main() -> None:
    """The box."""
    device = Device(int(os.getenv("ANBU_TEST_RECORDS") or "0"))
    link = DeviceLink(device)
    hello = gatt.encode_hello(m.PROTOCOL_VERSION, gatt.PILL_BOX, EPOCH, DEVICE_ID)
    radio = Radio(bluetooth.BLE(), KEY, DEVICE_ID, hello)
    radio.on_message(link.receive)

    def began() -> None:
        link.begin()
        print("session")

    radio.on_session(began)
    radio.battery(90)
    print("up")
    await asyncio.gather(radio.run(), obey(device, link, radio))


def run() -> None:
    """Called by start.py."""
    asyncio.run(main())
