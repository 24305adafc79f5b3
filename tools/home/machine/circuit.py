"""The circuit: which chip, button and rail hangs on which of the microcontroller's pins.

Knows: wiring and what each part does to its lines. May not know: sockets, processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tools.home.machine.ds3231 import Ds3231
from tools.home.machine.i2c import I2cBus, RegisterChip
from tools.home.machine.light_chain import LightChain
from tools.home.machine.lines import Driver, Lines
from tools.home.machine.loudspeaker import heard
from tools.home.machine.max17048 import Max17048
from tools.home.machine.mcp23017 import Mcp23017
from tools.home.machine.pin_numbers import pin, read_pins

_ALARM_LOOK_S = 1.0
_PORT_BITS = 7  # GPA0–6, GPB0–6: bit 7 of a port is output only


class Circuit:
    """Everything soldered to the board; levels are worked out whenever something moves."""

    def __init__(
        self,
        now_s: Callable[[], float],
        on_edge: Callable[[int, int], None],
        on_change: Callable[[], None] | None,
        battery_percent: int,
    ) -> None:
        """All lids closed, mains present, nothing pressed."""
        self._on_change = on_change or (lambda: None)
        self._lids = [False] * pin("COMPARTMENTS")
        self._pressed = {"ok": False, "help": False}
        self._mains = True
        self._pwm = (0, 0)
        self._enabled = False
        self._alarm_timer: asyncio.TimerHandle | None = None
        self.clock = Ds3231(now_s)
        self.gauge = Max17048(battery_percent)
        self.expanders = (Mcp23017(), Mcp23017())
        self.lights = LightChain(pin("COMPARTMENTS"))
        self._bus = I2cBus(self._chips_by_address())
        self._bus_wired: dict[int, bool] = {}
        # The P-FET's gate has a pull-up: without firmware the lights' rail is off.
        self.lines = Lines(self._drivers(), {pin("LIGHTS_POWER"): 1}, on_edge)

    def _chips_by_address(self) -> dict[int, RegisterChip]:
        addresses = read_pins()["EXPANDER_ADDRESSES"]
        if not isinstance(addresses, tuple):
            raise TypeError("EXPANDER_ADDRESSES in pins.py must be a tuple of two addresses")
        return {
            addresses[0]: self.expanders[0],
            addresses[1]: self.expanders[1],
            pin("RTC_ADDRESS"): self.clock,
            pin("GAUGE_ADDRESS"): self.gauge,
        }

    def _drivers(self) -> dict[int, Driver]:
        return {
            pin("LIDS_INT"): self._lids_interrupt,
            pin("RTC_INT"): self.clock.interrupt,
            pin("BUTTON_OK"): lambda: 0 if self._pressed["ok"] else None,
            pin("BUTTON_HELP"): lambda: 0 if self._pressed["help"] else None,
            pin("BATTERY_ALERT"): self.gauge.alert,
            pin("MAINS_PRESENT"): lambda: int(self._mains),
        }

    def _lids_interrupt(self) -> int | None:
        """Four outputs on one line: any low one wins, a push-pull high one holds it up."""
        levels = [chip.interrupt(which) for chip in self.expanders for which in (0, 1)]
        if 0 in levels:
            return 0
        return 1 if 1 in levels else None

    # --- the world's side ---

    def lid(self, compartment: int, is_open: bool) -> None:
        """The magnet at a closed lid makes its sensor pull the expander's pin low."""
        if not 0 <= compartment < len(self._lids):
            raise ValueError(f"compartment {compartment}: there are {len(self._lids)}")
        self._lids[compartment] = is_open
        expander, bit = divmod(compartment, 2 * _PORT_BITS)
        port, place = divmod(bit, _PORT_BITS)
        self.expanders[expander].pull_low(8 * port + place, not is_open)
        self.settle()

    def button(self, name: str, pressed: bool) -> None:
        """A pressed button shorts its line to ground."""
        if name not in self._pressed:
            raise ValueError(f'button {name!r}: there are "ok" and "help"')
        self._pressed[name] = pressed
        self.settle()

    def mains(self, present: bool) -> None:
        """USB power comes or goes."""
        self._mains = present
        self.settle()

    def battery(self, percent: int) -> None:
        """The cell's charge, 0–100."""
        if percent not in range(101):
            raise ValueError(f"battery of {percent} %: 0 to 100")
        self.gauge.charge(percent)
        self.settle()

    def chip(self, name: str) -> RegisterChip:
        """A chip by name; KeyError if there is none."""
        chips: dict[str, RegisterChip] = {
            "expander0": self.expanders[0],
            "expander1": self.expanders[1],
            "clock": self.clock,
            "gauge": self.gauge,
        }
        return chips[name]

    def picture(self) -> dict[str, Any]:
        """What a person sees and hears, as JSON values."""
        return {
            "lids": list(self._lids),
            "lights": self.lights.colours(),
            "sound": heard(*self._pwm, self._enabled),
            "mains": self._mains,
            "battery_percent": self.gauge.percent,
        }

    # --- power ---

    def microcontroller_reset(self) -> None:
        """Its pins let go; the chips kept their power and their registers."""
        self.lines.reset()
        self._pwm = (0, 0)
        self._bus_wired = {}
        self.outputs_moved()
        self._on_change()

    def power_cut(self) -> None:
        """Every chip at its power-on defaults; the clock lives on its battery."""
        for expander in self.expanders:
            expander.power_on()
        self.gauge.power_on()
        self.clock.cut_vcc()
        self.microcontroller_reset()

    def stop(self) -> None:
        """Ends the alarm timer."""
        if self._alarm_timer is not None:
            self._alarm_timer.cancel()
        self._alarm_timer = None

    # --- the microcontroller's side ---

    def i2c_setup(self, bus: int, sda: int, scl: int) -> None:
        """A bus on other pins than the board's reaches no chip."""
        self._bus_wired[bus] = (sda, scl) == (pin("I2C_SDA"), pin("I2C_SCL"))

    def transfer(self, bus: int, address: int, data: bytes, read_count: int) -> bytes | None:
        """One I2C transaction; None = not acknowledged."""
        if not self._bus_wired.get(bus):
            return None
        answer = self._bus.transfer(address, data, read_count)
        self.lines.settle()
        self._watch_alarms()
        return answer

    def pwm(self, number: int, frequency_hz: int, duty: int) -> None:
        """A pulse wave on a pin; only the loudspeaker's pin is connected to something."""
        if number == pin("SOUND_PWM") and (frequency_hz, duty) != self._pwm:
            self._pwm = (frequency_hz, duty)
            self._on_change()

    def stream(self, number: int, data: bytes) -> None:
        """WS2812 bits on a pin."""
        if number == pin("LIGHTS_DATA") and self.lights.stream(data):
            self._on_change()

    def outputs_moved(self) -> None:
        """The firmware moved pins: rails and amplifiers follow."""
        dimmed = self.lights.rail(self.lines.level(pin("LIGHTS_POWER")) == 0)
        enabled = bool(self.lines.level(pin("SOUND_ENABLE")))
        if dimmed or enabled != self._enabled:
            self._enabled = enabled
            self._on_change()

    def settle(self) -> None:
        """The world moved: edges are told, the picture changed."""
        self.lines.settle()
        self._on_change()

    def _watch_alarms(self) -> None:
        if self._alarm_timer is None and self.clock.armed:
            loop = asyncio.get_running_loop()
            self._alarm_timer = loop.call_later(_ALARM_LOOK_S, self._alarm_look)

    def _alarm_look(self) -> None:
        self._alarm_timer = None
        self.lines.settle()
        self._watch_alarms()
