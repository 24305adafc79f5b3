"""The care plug's board: builds every driver from pins.py and survives a dead or missing chip.

Knows: which chip hangs where, which ones the store says are fitted. May not know: loads, records.
No method raises OSError: `faults()` says which chips are dead.

Its first lines set the relay's pin, before anything is imported that could fail, and keep no hold
of it: this device measures, nothing in it switches a load. Then the console lets go of a meter's
line: a 0x03 that a meter sends would be a Ctrl-C.
"""

# ruff: noqa: E402
# isort: off
from machine import Pin
import pins

if pins.RELAY is not None:
    Pin(pins.RELAY, Pin.OUT, value=pins.RELAY_CLOSED)

import micropython

# Until here the loader kept Ctrl-C away; a console of its own gets it back.
micropython.kbd_intr(-1 if pins.CONSOLE_IS_METER else 3)
# isort: on

from micropython import const

from anbu_device.edge.button import Button
from anbu_device.esp.watchdog import Watchdog
from bluetooth import BLE
from esp32 import NVS, Partition
from machine import UART, WDT, reset, reset_cause

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    class Guarded(Protocol):
        """A driver's guard."""

        faulty: bool

    class Meter(Protocol):
        """Every meter's driver."""

        @property
        def guard(self) -> Guarded:
            """Whether it answers."""

        def poll(self, now_ms: int) -> "list[int] | None":
            """What it measured since the last call (edge/meter.py), None for nothing new."""

    class Light(Protocol):
        """Every light sensor's driver."""

        @property
        def guard(self) -> Guarded:
            """Whether it answers."""

        def read(self, now_ms: int) -> "int | None":
            """Lux × 100, None while it measures."""


# bits of faults(), and the value of a SENSOR_FAULT record is the bit's number
FAULT_METER = const(1)
FAULT_LIGHT = const(2)

POWER_ON = const(1)  # of reset_cause, as `machine` counts

# What provisioning may note in the store, in place of what pins.py says: "meter", "light".
METERS = {0: "", 1: "cse7766", 2: "bl0942", 3: "pzem004t"}
LIGHTS = {0: "", 1: "bh1750", 2: "veml7700"}

_RXBUF_BYTES = const(512)  # a second of a CSE7766, which talks without being asked
# More than that is a ghost: a 16 A plug at 230 V and a fifth above; a 100 A clamp.
_PLUG_MOST_W = const(4400)
_CLAMP_MOST_W = const(25_000)


def _fitted(store: NVS, name: str, chips: "dict[int, str]", otherwise: "str | None") -> str:
    """Which chip is fitted, "" for none."""
    try:
        return chips[store.get_i32(name)]
    except (OSError, KeyError):
        return otherwise or ""


def _pin(number: "int | None") -> "Pin | None":
    """The pin of a part that not every board has."""
    return None if number is None else Pin(number)


def _uart(line: "Mapping[str, int | None]") -> UART:
    """The meter's line. Both pins are named, also where it is never asked: or the chip chooses."""
    both = (Pin(pins.METER_TX), Pin(pins.METER_RX))
    return UART(pins.METER_UART, tx=both[0], rx=both[1], rxbuf=_RXBUF_BYTES, **line)  # type: ignore[arg-type]  # by name


def _meter(name: str) -> "Meter | None":
    """The driver of that meter; the others are not loaded."""
    if name == "cse7766":
        from anbu_device.edge.cse7766 import Cse7766  # noqa: PLC0415 - heap

        return Cse7766(_uart(Cse7766.LINE))
    if name == "bl0942":
        from anbu_device.edge.bl0942 import Bl0942  # noqa: PLC0415 - same

        return Bl0942(_uart(Bl0942.LINE))
    if name == "pzem004t":
        from anbu_device.edge.pzem004t import Pzem004t  # noqa: PLC0415 - same

        return Pzem004t(_uart(Pzem004t.LINE))
    return None


def _light(name: str) -> "Light | None":
    """The driver of that light sensor."""
    if not name or pins.I2C_SDA is None:
        return None
    from anbu_device.edge.bus import Bus  # noqa: PLC0415 - heap

    bus = Bus(pins.I2C_SDA, pins.I2C_SCL, pins.I2C_FREQUENCY_HZ)
    if name == "veml7700":
        from anbu_device.edge.veml7700 import Veml7700  # noqa: PLC0415 - same

        return Veml7700(bus)
    from anbu_device.edge.bh1750 import Bh1750  # noqa: PLC0415 - same

    return Bh1750(bus)


class Board:
    """Everything on the board. Build it once.

    `meter`, `light` are None where none is fitted, and until `begin_to_sense`.
    """

    def __init__(self) -> None:
        store = NVS("anbu")
        self._meter_name = _fitted(store, "meter", METERS, pins.METER)
        self._light_name = _fitted(store, "light", LIGHTS, pins.LIGHT)
        self.has_meter = self._meter_name != ""
        self.most_w = _CLAMP_MOST_W if self._meter_name == "pzem004t" else _PLUG_MOST_W
        self.meter: "Meter | None" = None
        self.light: "Light | None" = None
        self.known_faults = 0  # of the life before, for one that does not sense
        button = _pin(pins.BUTTON_OK)
        self._ok = Button(button) if button is not None else None
        self._led = _pin(pins.LED)
        if self._led is not None:
            self._led.init(Pin.OUT, value=1 - pins.LED_ON)
        self.reset_cause = reset_cause()

    def begin_to_sense(self) -> None:
        """Loads the drivers of what is fitted; a life that takes an update has no room for them."""
        self.meter = _meter(self._meter_name)
        self.light = _light(self._light_name)

    # --- hands ---

    @property
    def has_button(self) -> bool:
        """Whether there is a button."""
        return self._ok is not None

    def pressed(self) -> bool:
        """Whether the button is down at this moment, not debounced."""
        return self._ok is not None and self._ok.pressed()

    def on_button(self, handler: "Callable[[Pin], None]") -> None:
        """`handler(pin)` as a soft interrupt at every edge; never where there is no button."""
        if self._ok is not None:
            self._ok.on_change(handler)

    def led(self, lit: bool) -> None:
        """Switches the small light of the device itself."""
        if self._led is not None:
            self._led.value(pins.LED_ON if lit else 1 - pins.LED_ON)

    # --- faults ---

    def faults(self) -> int:
        """Dead chips as FAULT_* bits, as far as calls have shown."""
        bits = self.known_faults
        bits |= FAULT_METER if self.meter is not None and self.meter.guard.faulty else 0
        return bits | (FAULT_LIGHT if self.light is not None and self.light.guard.faulty else 0)

    # --- the chip ---

    def power_on(self) -> bool:
        """Whether this start is because power came, and not a watchdog's or a program's."""
        return self.reset_cause == POWER_ON

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
