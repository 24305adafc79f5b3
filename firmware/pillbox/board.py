"""The reference pill box's board: builds every driver from pins.py and survives a dead chip.

Knows: which chip hangs where; what to answer while one is dead. May not know: doses, time, records.
No method raises OSError: `faults()` says which chips are dead, each is tried again once a minute.
"""

from micropython import const

import pins
from anbu_device.edge.button import Button
from anbu_device.edge.ds3231 import DS3231
from anbu_device.edge.guard import Guard
from anbu_device.edge.max17048 import MAX17048
from anbu_device.edge.mcp23017 import MCP23017
from anbu_device.edge.sound import Sound
from anbu_device.edge.ticks import ticks_ms
from anbu_device.edge.ws2812 import Lights
from anbu_device.esp.watchdog import Watchdog
from bluetooth import BLE
from esp32 import NVS, Partition
from machine import I2C, WDT, Pin, reset, reset_cause

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

# bits of faults(), and the value of a SENSOR_FAULT record is the bit's number
FAULT_EXPANDER_0 = const(1)
FAULT_EXPANDER_1 = const(2)
FAULT_CLOCK = const(4)
FAULT_GAUGE = const(8)

PERCENT_UNKNOWN = const(255)
TEMPERATURE_UNKNOWN = const(-32768)
_CHECK_MS = const(60_000)
_TICKS_MASK = const(0x3FFFFFFF)
_READS_MAX = const(3)


class _Expander:
    """Fourteen lids; while the chip is dead the last known levels."""

    def __init__(self, i2c: I2C, address: int) -> None:
        self._chip = MCP23017(i2c, address)
        self.guard = Guard(ticks_ms, self._chip.setup)
        self._last = 0

    def lids(self) -> int:
        self._last = self.guard.call(self._last, self._chip.read_inputs)
        return self._last

    def check(self) -> None:
        if not self.guard.call(True, self._chip.intact):
            self.guard.forget()


class _Clock:
    """A DS3231 that does not raise."""

    def __init__(self, i2c: I2C) -> None:
        self._chip = DS3231(i2c)
        self.guard = Guard(ticks_ms)

    def read(self) -> "tuple[int, bool]":
        """(UTC seconds since 2000, lost); (0, True) also while the chip is dead."""
        return self.guard.call((0, True), self._chip.read)

    def write(self, wall_s: int) -> bool:
        """Sets the time; whether the chip took it."""
        return self.guard.call(False, self._write, wall_s)

    def _write(self, wall_s: int) -> bool:
        self._chip.write(wall_s)
        return True

    def temperature_c_quarters(self) -> int:
        """The chip's temperature in quarters of a degree, TEMPERATURE_UNKNOWN while it is dead."""
        return self.guard.call(TEMPERATURE_UNKNOWN, self._chip.temperature_c_quarters)


class _Gauge:
    """MAX17048 that does not raise."""

    def __init__(self, i2c: I2C) -> None:
        self._chip = MAX17048(i2c)
        self.guard = Guard(ticks_ms)

    def percent(self) -> int:
        """0–100, PERCENT_UNKNOWN while the chip is dead."""
        return self.guard.call(PERCENT_UNKNOWN, self._chip.percent)

    def millivolts(self) -> int:
        """The cell's voltage, 0 while the chip is dead."""
        return self.guard.call(0, self._chip.millivolts)


class Board:
    """Everything on the board. Build it once."""

    def __init__(self) -> None:
        i2c = I2C(0, scl=Pin(pins.I2C_SCL), sda=Pin(pins.I2C_SDA), freq=pins.I2C_FREQUENCY_HZ)
        self._expanders = tuple(_Expander(i2c, address) for address in pins.EXPANDER_ADDRESSES)
        self.rtc = _Clock(i2c)
        self.gauge = _Gauge(i2c)
        self._lights = Lights(Pin(pins.LIGHTS_DATA), Pin(pins.LIGHTS_POWER), pins.COMPARTMENTS)
        self.sound = Sound(Pin(pins.SOUND_PWM), Pin(pins.SOUND_ENABLE))
        self._ok = Button(Pin(pins.BUTTON_OK))
        self._help = Button(Pin(pins.BUTTON_HELP))
        self._lids_int = Pin(pins.LIDS_INT, Pin.IN, Pin.PULL_UP)
        self._rtc_int = Pin(pins.RTC_INT, Pin.IN, Pin.PULL_UP)
        self._mains = Pin(pins.MAINS_PRESENT, Pin.IN)
        first, second = self._expanders
        self._guards = (first.guard, second.guard, self.rtc.guard, self.gauge.guard)
        self._checked_ms = ticks_ms()
        self.reset_cause = reset_cause()

    def lids(self) -> int:
        """28 bits, compartment 0 lowest, 1 = open. Releases the interrupt line."""
        if (ticks_ms() - self._checked_ms) & _TICKS_MASK >= _CHECK_MS:
            self._check()
        for _ in range(_READS_MAX):
            # Reading both chips releases the line; a lid that moved meanwhile pulls it again, and
            # an edge that came before we looked would never be told.
            mask = self._expanders[0].lids() | self._expanders[1].lids() << pins.LIDS_PER_EXPANDER
            if self._lids_int.value():
                break
        return mask

    def on_wake(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` as a soft interrupt: a lid moved, a button, the clock's alarm, mains.

        A dead or silent line tells nothing: read `lids()` by time as well.
        """
        self._lids_int.irq(handler, Pin.IRQ_FALLING)
        self._rtc_int.irq(handler, Pin.IRQ_FALLING)
        self._mains.irq(handler, Pin.IRQ_RISING | Pin.IRQ_FALLING)
        self._ok.on_change(handler)
        self._help.on_change(handler)

    def buttons(self) -> "tuple[bool, bool]":
        """(ok, help) pressed at this moment, not debounced."""
        return self._ok.pressed(), self._help.pressed()

    def show_lights(self, buffer: "bytes | bytearray") -> None:
        """3 × 28 bytes: red, green, blue by compartment; all zero switches the rail off."""
        self._lights.show(buffer)

    def mains(self) -> bool:
        """Whether USB power is there."""
        return bool(self._mains.value())

    def faults(self) -> int:
        """Dead chips as FAULT_* bits, as far as calls have shown."""
        bits = 0
        for place, guard in enumerate(self._guards):
            if guard.faulty:
                bits |= 1 << place
        return bits

    def log_partition(self) -> Partition:
        """The block device of the log."""
        log: Partition = Partition.find(Partition.TYPE_DATA, label="log")[0]
        return log

    def nvs(self, namespace: str) -> NVS:
        """A name space of the chip's NVS."""
        return NVS(namespace)

    def ble(self) -> BLE:
        """The radio's stack, there is one."""
        return BLE()

    def watchdog(self, timeout_ms: int, loops: int = 1) -> Watchdog:
        """Starts the watchdog; it is fed when each of `loops` loops called `progress(i)`."""
        return Watchdog(WDT(timeout=timeout_ms), loops)

    def reset(self) -> None:
        """Starts the chip anew."""
        reset()

    def _check(self) -> None:
        self._checked_ms = ticks_ms()
        for expander in self._expanders:
            expander.check()
