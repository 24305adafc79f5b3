"""The circuit of a care plug: meter, light sensor, button and lamp at the pins of its board.

Knows: wiring as the board's pins.py has it, which chips are fitted. May not know: sockets,
processes, what hangs on the socket beyond its watts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.home.machine.bh1750 import Bh1750
from tools.home.machine.bl0942 import Bl0942
from tools.home.machine.chips import Chips
from tools.home.machine.cse7766 import Cse7766
from tools.home.machine.i2c import NACK, I2cBus
from tools.home.machine.lines import OPEN_DRAIN, PULL_UP, Driver, Lines
from tools.home.machine.load import Load
from tools.home.machine.pin_numbers import read_pins
from tools.home.machine.pzem004t import Pzem004t
from tools.home.machine.uart import SerialChip, Uarts
from tools.home.machine.veml7700 import Veml7700

METERS: dict[str, type[Cse7766 | Bl0942 | Pzem004t]] = {
    "cse7766": Cse7766,
    "bl0942": Bl0942,
    "pzem004t": Pzem004t,
}
LIGHTS: dict[str, tuple[int, type[Bh1750 | Veml7700]]] = {
    "bh1750": (0x23, Bh1750),
    "veml7700": (0x10, Veml7700),
}


class CareCircuit(Chips):
    """Everything on the board of a care plug. `meter`, `light`: None = as pins.py has it.

    `hurry`: how much sooner the light sensor is ready than its data sheet says. In a fast house the
    host's pauses between two requests look long: a measurement must not end later than the driver,
    which began to count before its request got here, may fetch it.
    """

    def __init__(
        self,
        pins: Path,
        now_s: Callable[[], float],
        on_edge: Callable[[int, int], None],
        meter: str | None,
        light: str | None,
        hurry: float = 1.0,
    ) -> None:
        """The socket carries nothing, it is dark, nobody presses."""
        self._pins = read_pins(pins)
        meter, light = meter or self._name("METER"), light or self._name("LIGHT")
        self.meter = METERS[meter](now_s) if meter else None
        address, sensor = LIGHTS[light] if light else (0, None)
        self.light = sensor(lambda: now_s() * hurry) if sensor else None
        self._pressed = False
        self._volts = 230.0
        self.bus = I2cBus({address: self.light} if self.light else {})
        self._bus_pins = self._place("I2C_SDA"), self._place("I2C_SCL")
        self._bus_wired: dict[int, bool] = {}
        sda, scl = self._bus_pins
        rest = {pin: 1 for pin in (sda, scl) if pin is not None}
        lamp, lit = self._place("LED"), self._place("LED_ON")
        if lamp is not None and lit is not None:
            rest[lamp] = 1 - lit  # nobody drives it: it is dark
        super().__init__(Lines(self._drivers(), rest, on_edge), Uarts(self._serial()))

    def _name(self, what: str) -> str | None:
        found = self._pins[what]
        return found if isinstance(found, str) else None

    def _place(self, what: str) -> int | None:
        found = self._pins[what]
        return found if isinstance(found, int) else None

    def _serial(self) -> dict[tuple[int | None, int], SerialChip]:
        listens = self._place("METER_RX")
        if self.meter is None or listens is None:
            return {}
        return {(self._place("METER_TX"), listens): self.meter}

    def _drivers(self) -> dict[int, Driver]:
        drivers: dict[int, Driver] = {}
        sda, scl = self._bus_pins
        if sda is not None and scl is not None:
            drivers |= {sda: self.bus.sda, scl: self.bus.scl}
        button = self._place("BUTTON_OK")
        if button is not None:
            drivers[button] = lambda: 0 if self._pressed else None
        return drivers

    # --- the world's side ---

    def watts(self, watts: float) -> None:
        """What is plugged in draws so much from now on. LookupError where no meter is fitted."""
        if self.meter is None:
            raise LookupError("no meter is fitted to this board")
        self.meter.load = Load(self._volts, watts)

    def lux(self, lux: float) -> None:
        """It is so bright from now on. LookupError where no light sensor is fitted."""
        if self.light is None:
            raise LookupError("no light sensor is fitted to this board")
        self.light.lux = lux

    def button(self, pressed: bool) -> None:
        """A finger on the one button there is."""
        self._pressed = pressed
        self.lines.settle()

    def picture(self) -> dict[str, Any]:
        """What a person sees at it, and whether its relay lets power through (None: no relay)."""
        relay = self._place("RELAY")
        return {
            "lamp": self._level("LED") == self._place("LED_ON"),
            "relay": None if relay is None else self._level("RELAY") == self._place("RELAY_CLOSED"),
        }

    def _level(self, what: str) -> int | None:
        place = self._place(what)
        return None if place is None else self.lines.level(place)

    # --- power ---

    def microcontroller_reset(self) -> None:
        """Its pins let go, its UART forgets; the chips kept their power."""
        self._bus_wired = {}
        self.uarts.reset()
        super().microcontroller_reset()

    def power_cut(self) -> None:
        """There is no battery: every chip starts anew."""
        for chip in (self.meter, self.light):
            if chip is not None:
                chip.power_on()
        super().power_cut()

    # --- the microcontroller's side ---

    def outputs_moved(self) -> None:
        """A bus clocked by hand."""
        sda, scl = self._bus_pins
        if sda is not None and scl is not None:
            self.bus.lines(self.lines.level(sda), self.lines.level(scl))

    def pin_setup(self, number: int, mode: int, pull: int) -> None:
        """A pin of the bus that is set up as a plain one is taken away from the I2C peripheral."""
        if number in self._bus_pins:
            self._bus_wired = {}
        super().pin_setup(number, mode, pull)

    def i2c_setup(self, bus: int, sda: int, scl: int) -> None:
        """A bus on other pins than the board's reaches no chip."""
        for number in (sda, scl):
            self.lines.write(number, 1)
            self.lines.setup(number, OPEN_DRAIN, PULL_UP)
        self.outputs_moved()
        self._bus_wired[bus] = (sda, scl) == self._bus_pins

    def transfer(self, bus: int, address: int, data: bytes, read_count: int) -> tuple[int, bytes]:
        """One I2C transaction: how it ended (i2c.py), and what was read."""
        if not self._bus_wired.get(bus):
            return NACK, b""
        ended = self.bus.transfer(address, data, read_count)
        self.lines.settle()
        return ended
