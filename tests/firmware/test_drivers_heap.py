"""What runs at every look, or in an interrupt, takes nothing from the heap."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.home.box_process import box_at

# Fakes that allocate nothing themselves stand for bus, pins and chain: the simulated ones ask the
# board over a socket, which allocates.
PROGRAM = """
import micropython
from anbu_device.edge import steady
steady.ticks_ms = lambda: 5
from anbu_device.edge.bus import Bus
from anbu_device.edge.button import Button
from anbu_device.edge.lids import Lids
from anbu_device.edge.mcp23017 import MCP23017, _SETUP
from anbu_device.edge.tilt import Tilt
from anbu_device.edge.wakes import Wakes
from anbu_device.edge.ws2812 import Lights
from machine import Pin

class Chip:
    def __init__(self):
        self.registers = bytearray(_SETUP) + bytearray(8)
        self.dead = False
    def readfrom_mem_into(self, address, register, buffer):
        if self.dead:
            raise error
        for place in range(len(buffer)):
            buffer[place] = self.registers[register + place]
    def writeto_mem(self, address, register, buffer):
        for place in range(len(buffer)):
            self.registers[register + place] = buffer[place]

class Line:
    IN = OUT = PULL_UP = 0
    level = 1
    def init(self, *rest, value=0):
        self.level = 1
    def value(self, *level):
        return self.level

class Power:
    def value(self, level):
        pass

error = OSError(19)
chip, line = Chip(), Line()
lids = Lids(chip, (0x20, 0x21), line)
lids.read()
button, tilt, wakes = Button(line), Tilt(line), Wakes((line, Line()))
lights = Lights(Pin(10), Pin(11), 28)
lights._power = Power()
class Chain:
    buf = bytearray(84)
    def write(self):
        pass
lights._chain = Chain()
bright, dark = bytearray(b"\\\\x11" * 84), bytearray(84)
bus = Bus(8, 9, 400000)
bus._i2c, bus._sda, bus._scl = chip, line, line
ten = bytearray(10)

# Functions of few names each: calling a closure over more than five takes heap by itself.
def reads():
    total = 0
    for level in (0, 1, 1, 0x41, 0):
        chip.registers[0x12] = level
        total += lids.read() + lids.touched() + lids.blind()
    return total

def dies():
    chip.dead = True
    levels = lids.read()
    chip.dead = False
    return levels + lids.blind()

def transfers():
    bus.readfrom_mem_into(0x20, 10, ten)
    return 1

def shows():
    lights.show(bright)
    lights.show(bright)
    lights.show(dark)
    return 1

def asks():
    return 1 + button.pressed() + tilt.tilted() + wakes.low() + wakes.bit(line)

def locked(what):
    micropython.heap_lock()
    try:
        return what()
    except MemoryError:
        return -1
    finally:
        micropython.heap_unlock()

print(*[int(locked(what) > 0) for what in (reads, transfers, shows, asks, dies)])
print(locked(lambda: [0] * 100))
"""


def test_no_look_takes_heap(tmp_path: Path) -> None:
    """Reading lids, buttons and lines, and showing lights, work with the heap locked.

    So they do while a chip dies. The lock itself is real: a list is refused under it.
    """

    async def story() -> None:
        async with box_at(tmp_path, PROGRAM) as (_board, box):
            assert await box.values() == [1, 1, 1, 1, 1]
            assert await box.values() == [-1]

    asyncio.run(story())


def test_the_i2s_handler_takes_no_heap(tmp_path: Path) -> None:
    """Handing the wave over again, a new tone and silence work with the heap locked."""
    program = """
import micropython
from anbu_device.edge import i2s_sound
from machine import Pin
class I2S:
    TX = MONO = writes = 0
    def __init__(self, *rest, **more):
        pass
    def irq(self, handler):
        self.handler = handler
    def write(self, wave):
        self.writes += 1
class Line:
    OUT = 0
    def init(self, mode, value=0):
        pass
    def value(self, level):
        pass
i2s_sound.I2S = I2S
sound = i2s_sound.I2sSound(None, None, None, Line())
micropython.heap_lock()
sound.play(520, 1)
sound._taken(sound._i2s)
sound.play(390, 3)
sound._taken(sound._i2s)
sound.stop()
sound._taken(sound._i2s)
micropython.heap_unlock()
print(sound._i2s.writes)
"""

    async def story() -> None:
        async with box_at(tmp_path, program) as (_board, box):
            assert await box.values() == [3]

    asyncio.run(story())
