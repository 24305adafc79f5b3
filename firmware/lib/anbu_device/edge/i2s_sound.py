"""Loudspeaker behind a class-D amplifier that takes I2S, as the MAX98357A does.

Knows: I2S, the amplifier's shutdown pin. May not know: patterns, reasons.
The same methods as edge/sound.py. A tenth of a second of square wave lies in one buffer that is
made once; while it sounds, the peripheral is handed it again each time it has been taken. After
`stop` the amplifier is off at once, while up to a fifth of a second of wave runs out unheard.
"""

from array import array

from micropython import const

from machine import I2S

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import Pin

_RATE_HZ = const(16_000)  # the amplifier takes 8, 16, 32, 44.1, 48, 88.2, 96 kHz and no other
_SAMPLES = const(1600)
_STEP_HZ = const(10)  # whole waves fit the buffer at multiples of this
_HIGHEST_HZ = const(8000)
_DMA_BYTES = const(3200)
_AMPLITUDES = (0, 8192, 16384, 32767)  # −12 dB, −6 dB, full: as edge/sound.py


class I2sSound:
    """Pins are `machine.Pin` objects; silent after construction."""

    def __init__(self, clock: "Pin", word: "Pin", data: "Pin", enable: "Pin") -> None:
        self._enable = enable
        self._enable.init(enable.OUT, value=0)
        self._wave = array("h", bytes(2 * _SAMPLES))
        self._made_hz = 0
        self._made_loudness = 0
        self._on = False
        self._taking = False  # the peripheral has the buffer and will say when it took it
        self._i2s = I2S(
            0,
            sck=clock,
            ws=word,
            sd=data,
            mode=I2S.TX,
            bits=16,
            format=I2S.MONO,
            rate=_RATE_HZ,
            ibuf=_DMA_BYTES,
        )
        self._i2s.irq(self._taken)

    def play(self, frequency_hz: int, loudness_0_3: int) -> None:
        """Sounds until `stop` or the next `play`, in steps of 10 Hz; loudness 0 is silence."""
        if loudness_0_3 <= 0:
            self.stop()
            return
        self._make(frequency_hz, min(loudness_0_3, 3))
        self._on = True
        if not self._taking:
            self._hand_over()
        self._enable.value(1)

    def stop(self) -> None:
        """Silence: the amplifier is shut down, the wave ends with what has been handed over."""
        self._enable.value(0)
        self._on = False

    def _make(self, frequency_hz: int, loudness: int) -> None:
        frequency_hz = max(_STEP_HZ, min(frequency_hz, _HIGHEST_HZ))
        if (frequency_hz == self._made_hz) and (loudness == self._made_loudness):
            return
        self._made_hz, self._made_loudness = frequency_hz, loudness
        high = _AMPLITUDES[loudness]
        halves = 2 * ((frequency_hz + _STEP_HZ // 2) // _STEP_HZ)  # half waves in the buffer
        wave = self._wave
        phase = 0
        for place in range(_SAMPLES):
            wave[place] = -high if phase // _SAMPLES & 1 else high
            phase += halves

    def _hand_over(self) -> None:
        self._taking = True
        self._i2s.write(self._wave)

    def _taken(self, _i2s: I2S) -> None:
        self._taking = False
        if self._on:
            self._hand_over()
