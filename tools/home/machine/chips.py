"""What a device's process may ask of the circuit under it; what is not soldered there is refused.

Knows: the requests' names (package header). May not know: which board has what.
"""

from __future__ import annotations

from tools.home.machine.lines import Lines
from tools.home.machine.uart import Uarts

REFUSED = "this board has no "


class Chips:
    """A circuit with nothing but a microcontroller's pins."""

    def __init__(self, lines: Lines, uarts: Uarts | None = None) -> None:
        """`lines`: its pins, and what the board does to them; `uarts`: nothing at any of them."""
        self.lines = lines
        self.uarts = uarts or Uarts({})

    # --- power ---

    def microcontroller_reset(self) -> None:
        """Its pins let go; the chips kept their power."""
        self.lines.reset()
        self.uarts.reset()

    def power_cut(self) -> None:
        """Every chip at its power-on defaults."""
        self.microcontroller_reset()

    def stop(self) -> None:
        """Ends every timer."""

    # --- the microcontroller's side ---

    def pin_setup(self, number: int, mode: int, pull: int) -> None:
        """A pin's mode and pull."""
        self.lines.setup(number, mode, pull)
        self.outputs_moved()

    def outputs_moved(self) -> None:
        """The firmware moved pins."""

    def i2c_setup(self, bus: int, sda: int, scl: int) -> None:
        """A bus on these pins. LookupError where the board has none."""
        raise LookupError(f"{REFUSED}I2C bus {bus} at {sda}, {scl}")

    def transfer(self, bus: int, address: int, data: bytes, read_count: int) -> tuple[int, bytes]:
        """One I2C transaction: how it ended (i2c.py), and what was read."""
        del address, data, read_count
        raise LookupError(f"{REFUSED}I2C bus {bus}")

    def pwm(self, number: int, frequency_hz: int, duty: int) -> None:
        """A pulse wave on a pin."""
        raise LookupError(f"{REFUSED}PWM at {number}: {frequency_hz} Hz, {duty}")

    def stream(self, number: int, data: bytes) -> None:
        """WS2812 bits on a pin."""
        raise LookupError(f"{REFUSED}lights at {number} for {len(data)} bytes")

    def i2s_setup(
        self, bus: int, pins: tuple[int, int, int], shape: tuple[int, bool, int, int]
    ) -> None:
        """(bits, stereo, rate_hz, ibuf) for a bus."""
        raise LookupError(f"{REFUSED}I2S bus {bus} at {pins} for {shape}")

    def i2s_write(self, bus: int, samples: bytes) -> int:
        """How many µs pass until the samples are taken."""
        raise LookupError(f"{REFUSED}I2S bus {bus} for {len(samples)} bytes")
