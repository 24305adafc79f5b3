"""Taking a meter's frames, and finding them among others' bytes, takes nothing from the heap."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import box_at

# A line that allocates nothing itself stands for the UART. 3,600 W for 10 s is one CSE7766 frame
# to the next at a time; the BL0942's power is negative.
PROGRAM = """
import micropython
from anbu_device.edge.bl0942 import Bl0942
from anbu_device.edge.cse7766 import Cse7766
from anbu_device.edge.pzem004t import Pzem004t

class Line:
    data = b""
    place = 0
    def readinto(self, buf):
        data, place = self.data, self.place
        size = min(len(buf), len(data) - place)
        for n in range(size):
            buf[n] = data[place + n]
        self.place = place + size
        return size
    def write(self, buf):
        return len(buf)

def summed(body, before):
    return body + bytes((~(sum(body) + before) & 0xFF,))

def cse(pulses):
    body = bytes.fromhex("02B7500002FB003D360456914C7250" + "000570" + "71")
    body += pulses.to_bytes(2, "big")
    return b"\\x55\\x5a" + body + bytes((sum(body) & 0xFF,))

BELLING = bytes.fromhex("55BAD403E067354AD303A10CFF" + "1000001B4100000000")
MODE = summed(bytes.fromhex("A70000"), 0x58 + 0x19)
PZEM = bytes.fromhex("01041408D1006C000000F400000026000001F4006400005134")
NOISE = b"\\x55\\x5a\\x01\\x04\\x14noise" * 5

def run(make, first, second):
    line = Line()
    meter = make(line)
    meter.poll(0)
    line.data, line.place = MODE, 0
    meter.poll(100)
    line.data, line.place = first, 0
    meter.poll(200)
    line.data, line.place = second, 0
    micropython.heap_lock()
    try:
        said = meter.poll(10200)
    except MemoryError:
        said = None
    finally:
        micropython.heap_unlock()
    return -1 if said is None else said[2] // 1000

print(run(Cse7766, cse(0), NOISE + cse(7185)),
    run(Bl0942, BELLING_1, NOISE + BELLING_1),
    run(Pzem004t, PZEM, NOISE + PZEM))
def locked():
    micropython.heap_lock()
    try:
        [0] * 100
    except MemoryError:
        return -1
    finally:
        micropython.heap_unlock()
print(locked())
""".replace("BELLING_1", "summed(BELLING, 0x58)")


def test_no_frame_takes_heap(tmp_path: Path) -> None:
    """With the heap locked each meter finds its frame behind noise and says its watts.

    The lock itself is real: a list is refused under it.
    """

    async def story() -> None:
        async with box_at(tmp_path, PROGRAM) as (_board, box):
            assert await box.values() == [3599, -101, 24]
            assert await box.values() == [-1]

    asyncio.run(story())
