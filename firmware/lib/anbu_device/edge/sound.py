"""Loudspeaker: a square wave into a class-D amplifier with a shutdown pin.

Knows: PWM, the amplifier's pin. May not know: patterns, reasons.
"""

from micropython import const

from machine import PWM

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import Pin

# Loudness by pulse width: the fundamental is sin(π · duty), so 1/13 is −12 dB, 1/6 −6 dB, 1/2 full.
_DUTIES = (0, 5041, 10923, 32768)
_SILENT_HZ = const(520)


class Sound:
    """Pins are `machine.Pin` objects; silent after construction."""

    def __init__(self, pwm_pin: "Pin", enable_pin: "Pin") -> None:
        self._enable = enable_pin
        self._enable.init(enable_pin.OUT, value=0)
        self._pwm = PWM(pwm_pin, freq=_SILENT_HZ, duty_u16=0)

    def play(self, frequency_hz: int, loudness_0_3: int) -> None:
        """Sounds until `stop` or the next `play`; loudness 0 is silence."""
        if loudness_0_3 <= 0:
            self.stop()
            return
        self._pwm.init(freq=frequency_hz, duty_u16=_DUTIES[min(loudness_0_3, 3)])
        self._enable.value(1)

    def stop(self) -> None:
        """Silence: the amplifier first, so that the end does not click."""
        self._enable.value(0)
        self._pwm.duty_u16(0)
