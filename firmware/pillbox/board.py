"""The reference pill box's board: builds every driver from pins.py and survives a dead chip.

Knows: which chip hangs where; what to answer while one is dead. May not know: doses, time, records.
No method raises OSError: `faults()` says which chips are dead; one that fails is tried again after
1, 4 and 16 s, then once a minute.
"""

from micropython import const, kbd_intr

import pins
from anbu_device.edge.bus import Bus
from anbu_device.edge.button import Button
from anbu_device.edge.lids import Lids
from anbu_device.edge.steady import SteadyClock, SteadyGauge
from anbu_device.edge.ticks import ticks_ms
from anbu_device.edge.tilt import Tilt
from anbu_device.edge.wakes import Wakes
from anbu_device.edge.ws2812 import Lights
from anbu_device.esp.watchdog import Watchdog
from bluetooth import BLE
from esp32 import NVS, Partition
from machine import WDT, Pin, reset, reset_cause

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable

    from anbu_device.edge.i2s_sound import I2sSound
    from anbu_device.edge.sound import Sound

# bits of faults(), and the value of a SENSOR_FAULT record is the bit's number
FAULT_EXPANDER_0 = const(1)
FAULT_EXPANDER_1 = const(2)
FAULT_CLOCK = const(4)
FAULT_GAUGE = const(8)

# bits of wake_low() and wakes.bit(pin)
WAKE_LIDS = const(1)
WAKE_CLOCK = const(2)
WAKE_OK = const(4)
WAKE_HELP = const(8)
WAKE_BATTERY = const(16)

_ALERT_PERCENT = const(10)
_CHECK_MS = const(60_000)
_TICKS_MASK = const(0x3FFFFFFF)


def _sound() -> "Sound | I2sSound":
    """The loudspeaker that pins.py says is fitted; the other driver is not loaded."""
    enable = Pin(pins.SOUND_ENABLE)
    if pins.SOUND == "i2s":
        from anbu_device.edge.i2s_sound import I2sSound  # noqa: PLC0415 - heap

        return I2sSound(Pin(pins.I2S_CLOCK), Pin(pins.I2S_WORD), Pin(pins.I2S_DATA), enable)
    from anbu_device.edge.sound import Sound  # noqa: PLC0415 - heap

    return Sound(Pin(pins.SOUND_PWM), enable)


class Board:
    """Everything on the board. Build it once."""

    def __init__(self) -> None:
        i2c = Bus(pins.I2C_SDA, pins.I2C_SCL, pins.I2C_FREQUENCY_HZ)
        lids_int = Pin(pins.LIDS_INT, Pin.IN, Pin.PULL_UP)
        # First of all: what the expanders know of the time before is gone when they are used.
        self.lid_chips = Lids(i2c, pins.EXPANDER_ADDRESSES, lids_int)
        self.rtc = SteadyClock(i2c)
        self.gauge = SteadyGauge(i2c, _ALERT_PERCENT)
        self._lights = Lights(Pin(pins.LIGHTS_DATA), Pin(pins.LIGHTS_POWER), pins.COMPARTMENTS)
        self.sound = _sound()
        self._ok = Button(Pin(pins.BUTTON_OK))
        self._help = Button(Pin(pins.BUTTON_HELP))
        tilt = getattr(pins, "TILT", None)
        self._tilt = None if tilt is None else Tilt(Pin(tilt))
        rtc_int = Pin(pins.RTC_INT, Pin.IN, Pin.PULL_UP)
        alert = Pin(pins.BATTERY_ALERT, Pin.IN, Pin.PULL_UP)
        self.wakes = Wakes((lids_int, rtc_int, self._ok.pin, self._help.pin, alert))
        self._mains = Pin(pins.MAINS_PRESENT, Pin.IN)
        self._checked_ms = ticks_ms()
        self.reset_cause = reset_cause()
        kbd_intr(3)  # the loader kept Ctrl-C away; this console is a console

    # --- lids ---

    def moved_while_off(self) -> "int | None":
        """Lids that moved while this program did not run yet; None: not known (Lids says why)."""
        return self.lid_chips.moved_while_off()

    def lids(self) -> int:
        """28 bits, compartment 0 lowest, 1 = open. Releases the interrupt line."""
        if (ticks_ms() - self._checked_ms) & _TICKS_MASK >= _CHECK_MS:
            self._checked_ms = ticks_ms()
            self.lid_chips.check()
            self.gauge.check()
        return self.lid_chips.read()

    # --- waking ---

    def on_wake(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` as a soft interrupt: a lid moved, a button, alarm, alert, mains.

        `wakes.bit(pin)` says which. A dead line tells nothing: read `lids()` by time as well.
        """
        self.wakes.on_fall(handler)
        self._mains.irq(handler, Pin.IRQ_RISING | Pin.IRQ_FALLING)
        self._ok.on_change(handler)
        self._help.on_change(handler)

    def wake_pins(self) -> "tuple[tuple[Pin, ...], Pin]":
        """(pins of which any low one wakes a sleeping chip, the pin that wakes it when high)."""
        return self.wakes.pins, self._mains

    def wake_low(self) -> int:
        """The wake lines that are low at this moment, as WAKE_* bits: a box may not sleep then."""
        return self.wakes.low()

    def clear_wakes(self) -> None:
        """Makes the chips let go of their lines: the lids' latches, the alarm, the gauge's alert.

        Lids are read for it: what moved is in the next `lids()` and `lid_chips.touched()`. A dead
        chip may hold its line low for good: `wake_low` goes on saying so.
        """
        self.lid_chips.read()
        self.rtc.clear_alarm()
        self.gauge.clear_alert()

    def set_alarm(self, wall_s: int) -> bool:
        """Whether the clock chip will wake the box then (within 28 days); False: stay awake."""
        return self.rtc.set_alarm(wall_s)

    # --- hands ---

    def buttons(self) -> "tuple[bool, bool]":
        """(ok, help) pressed at this moment, not debounced."""
        return self._ok.pressed(), self._help.pressed()

    def tilted(self) -> bool:
        """Whether the box leans at this moment (rattling); False where no switch is fitted."""
        return self._tilt is not None and self._tilt.tilted()

    def on_tilt(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` as a soft interrupt when it leans or stands again; never if not fitted."""
        if self._tilt is not None:
            self._tilt.on_change(handler)

    def show_lights(self, buffer: "bytes | bytearray") -> None:
        """3 × 28 bytes: red, green, blue by compartment; all zero switches the rail off."""
        self._lights.show(buffer)

    # --- power and faults ---

    def mains(self) -> bool:
        """Whether USB power is there."""
        return bool(self._mains.value())

    def brown_out(self) -> bool:
        """Whether the power is too low to write to the flash: no mains, and under 3.3 V.

        Over when mains are back or the cell has 3.45 V. A gauge that is dead says nothing: False.
        """
        return not self.mains() and self.gauge.too_low()

    def faults(self) -> int:
        """Dead chips as FAULT_* bits, as far as calls have shown. All four: the bus itself."""
        bits = FAULT_EXPANDER_0 if self.lid_chips.first.guard.faulty else 0
        bits |= FAULT_EXPANDER_1 if self.lid_chips.second.guard.faulty else 0
        bits |= FAULT_CLOCK if self.rtc.guard.faulty else 0
        return bits | (FAULT_GAUGE if self.gauge.guard.faulty else 0)

    # --- the chip ---

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
