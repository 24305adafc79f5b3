"""The circuit: which chip, button and rail hangs on which of the microcontroller's pins.

Knows: wiring and what each part does to its lines. May not know: sockets, processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tools.home.machine.amplifier import Amplifier
from tools.home.machine.chips import Chips
from tools.home.machine.ds3231 import Ds3231
from tools.home.machine.i2c import NACK, I2cBus, RegisterChip
from tools.home.machine.light_chain import LightChain
from tools.home.machine.lines import OPEN_DRAIN, PULL_UP, Driver, Lines
from tools.home.machine.loudspeaker import heard
from tools.home.machine.max17048 import Max17048
from tools.home.machine.mcp23017 import Mcp23017
from tools.home.machine.pin_numbers import pin, read_pins

_ALARM_LOOK_S = 1.0
_PORT_BITS = 7  # GPA0–6, GPB0–6: bit 7 of a port is output only
_SAGGED_MV = 3000  # under the brown-out limit, above what stops the processor


class Circuit(Chips):
    """Everything soldered to the board; levels are worked out whenever something moves."""

    def __init__(
        self,
        now_s: Callable[[], float],
        on_edge: Callable[[int, int], None],
        on_change: Callable[[], None] | None,
        battery_percent: int,
        on_taken: Callable[[int], None] = lambda _bus: None,
    ) -> None:
        """All lids closed, mains present, nothing pressed, the box stands.

        `on_edge(pin, level)` and `on_taken(i2s bus)` are the processor's interrupts.
        """
        self._on_change = on_change or (lambda: None)
        self._lids = [False] * pin("COMPARTMENTS")
        self._pressed = {"ok": False, "help": False}
        self._mains = True
        self._tilted = False
        self._pwm = (0, 0)
        self._enabled = False
        self._alarm_timer: asyncio.TimerHandle | None = None
        self.clock = Ds3231(now_s)
        self.gauge = Max17048(battery_percent)
        self.expanders = (Mcp23017(), Mcp23017())
        self.lights = LightChain(pin("COMPARTMENTS"))
        self.bus = I2cBus(self._chips_by_address())
        self._bus_wired: dict[int, bool] = {}
        self._i2s_bus: int | None = None
        self.amplifier = Amplifier(lambda: on_taken(self._i2s_bus or 0), self._on_change)
        # The P-FET's gate has a pull-up: without firmware the lights' rail is off. So has the bus.
        rest = {pin("LIGHTS_POWER"): 1, pin("I2C_SDA"): 1, pin("I2C_SCL"): 1}
        super().__init__(Lines(self._drivers(), rest, on_edge))

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
        drivers: dict[int, Driver] = {
            pin("I2C_SDA"): self.bus.sda,
            pin("I2C_SCL"): self.bus.scl,
            pin("LIDS_INT"): self._lids_interrupt,
            pin("RTC_INT"): self.clock.interrupt,
            pin("BUTTON_OK"): lambda: 0 if self._pressed["ok"] else None,
            pin("BUTTON_HELP"): lambda: 0 if self._pressed["help"] else None,
            pin("BATTERY_ALERT"): self.gauge.alert,
            pin("MAINS_PRESENT"): lambda: int(self._mains),
        }
        if read_pins().get("TILT") is not None:
            drivers[pin("TILT")] = lambda: 0 if self._tilted else None
        return drivers

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

    def tilt(self, tilted: bool) -> None:
        """The box leans: the ball closes the switch. ValueError where none is fitted."""
        if read_pins().get("TILT") is None:
            raise ValueError("pins.py names no TILT: this box has no tilt switch")
        self._tilted = tilted
        self.settle()

    def brown_out(self, low: bool) -> None:
        """The supply sags: the expanders' registers are gone, the processor runs on.

        The gauge hangs at the cell itself and measures it, the clock lives on its own battery.
        """
        self.gauge.sagged_mv = _SAGGED_MV if low else None
        if low:
            for expander in self.expanders:
                expander.power_on()
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
            "sound": self._heard(),
            "mains": self._mains,
            "battery_percent": self.gauge.percent,
        }

    def _heard(self) -> dict[str, int] | None:
        """One loudspeaker is fitted, at PWM or at I2S; its amplifier has one shutdown pin."""
        if self.amplifier.sound is None or not self._enabled:
            return heard(*self._pwm, self._enabled)
        frequency_hz, loudness = self.amplifier.sound
        return {"frequency_hz": frequency_hz, "loudness": loudness}

    # --- power ---

    def microcontroller_reset(self) -> None:
        """Its pins let go; the chips kept their power and their registers."""
        super().microcontroller_reset()
        self._pwm = (0, 0)
        self._bus_wired = {}
        self.amplifier.stop()
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
        """Ends every timer."""
        self.amplifier.stop()
        if self._alarm_timer is not None:
            self._alarm_timer.cancel()
        self._alarm_timer = None

    # --- the microcontroller's side ---

    def pin_setup(self, number: int, mode: int, pull: int) -> None:
        """A pin of the bus that is set up as a plain one is taken away from the I2C peripheral."""
        if number in {pin("I2C_SDA"), pin("I2C_SCL")}:
            self._bus_wired = {}
        self.lines.setup(number, mode, pull)
        self.outputs_moved()

    def i2c_setup(self, bus: int, sda: int, scl: int) -> None:
        """A bus on other pins than the board's reaches no chip."""
        for number in (sda, scl):
            self.lines.write(number, 1)
            self.lines.setup(number, OPEN_DRAIN, PULL_UP)
        self.outputs_moved()
        self._bus_wired[bus] = (sda, scl) == (pin("I2C_SDA"), pin("I2C_SCL"))

    def transfer(self, bus: int, address: int, data: bytes, read_count: int) -> tuple[int, bytes]:
        """One I2C transaction: how it ended (i2c.py), and what was read."""
        if not self._bus_wired.get(bus):
            return NACK, b""
        ended = self.bus.transfer(address, data, read_count)
        self.lines.settle()
        self._watch_alarms()
        return ended

    def i2s_setup(
        self, bus: int, pins: tuple[int, int, int], shape: tuple[int, bool, int, int]
    ) -> None:
        """(bits, stereo, rate_hz, ibuf) for a bus; on other pins than the board's nobody plays."""
        wired = pins == (pin("I2S_CLOCK"), pin("I2S_WORD"), pin("I2S_DATA"))
        self._i2s_bus = bus if wired else None
        if wired:
            self.amplifier.setup(*shape)

    def i2s_write(self, bus: int, samples: bytes) -> int:
        """How many µs pass until the samples are taken."""
        return self.amplifier.write(samples) if bus == self._i2s_bus else 0

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
        """The firmware moved pins: rails and amplifiers follow, and a bus clocked by hand."""
        self.bus.lines(self.lines.level(pin("I2C_SDA")), self.lines.level(pin("I2C_SCL")))
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
