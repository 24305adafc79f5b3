"""A class-D amplifier that takes I2S, as the MAX98357A does, behind the processor's DMA memory.

Knows: sample rates it takes, samples, how long they last. May not know: melodies; who writes them.
What is heard is worked out from the samples: rising edges give the frequency, the height gives the
loudness in the steps of loudspeaker.py.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable
from itertools import chain, pairwise

from tools.home.machine.loudspeaker import step

RATES_HZ = (8000, 16000, 32000, 44100, 48000, 88200, 96000)  # no other clocks are recognised
_FULL = 32767
_BITS = 16
_US = 1_000_000


class Amplifier:
    """Plays what is written; `on_taken()` when the DMA took it, `on_change()` when it ran dry."""

    def __init__(self, on_taken: Callable[[], None], on_change: Callable[[], None]) -> None:
        """No clock on its lines: silent."""
        self._on_taken = on_taken
        self._on_change = on_change
        self._timers: list[asyncio.TimerHandle] = []
        self.stop()

    def stop(self) -> None:
        """The lines stand still: the processor was reset."""
        for timer in self._timers:
            timer.cancel()
        self._timers = []
        self._format = (0, False, 0, 0)
        self._until_s = 0.0
        self._last = 0
        self.sound: tuple[int, int] | None = None  # (frequency in Hz, loudness 1–3) while playing

    def setup(self, bits: int, stereo: bool, rate_hz: int, ibuf: int) -> None:
        """The processor's side: sample format and bytes of DMA memory. ValueError on nonsense."""
        if bits != _BITS or not ibuf or not rate_hz:
            raise ValueError(f"I2S of {bits} bits, {rate_hz} Hz, {ibuf} bytes: 16 bits are played")
        self.stop()
        self._format = (bits, stereo, rate_hz, ibuf)

    def write(self, data: bytes) -> int:
        """Takes samples; after so many µs all of them are in the DMA memory (`on_taken`)."""
        _bits, stereo, rate_hz, ibuf = self._format
        if not rate_hz:
            raise ValueError("I2S written before it was set up")
        samples = array("h", data)[:: 2 if stereo else 1]
        now_s = asyncio.get_running_loop().time()
        begins_s = max(now_s, self._until_s)
        if begins_s > self._until_s:
            self._last = samples[-1]  # after a pause, no edge against what was long ago
        self._until_s = begins_s + len(samples) / rate_hz
        self.sound = self._heard(samples, rate_hz)
        self._last = samples[-1]
        frame_bytes = 4 if stereo else 2
        taken_s = max(0.0, self._until_s - ibuf / frame_bytes / rate_hz - now_s)
        self._wait(taken_s, self._until_s - now_s)
        self._on_change()
        return int(taken_s * _US)

    def _heard(self, samples: array[int], rate_hz: int) -> tuple[int, int] | None:
        loudness = step(max(abs(sample) for sample in samples) / _FULL)
        if rate_hz not in RATES_HZ or not loudness:
            return None
        edges = sum(a < 0 <= b for a, b in pairwise(chain((self._last,), samples)))
        return (round(edges * rate_hz / len(samples)), loudness) if edges else None

    def _wait(self, taken_s: float, dry_s: float) -> None:
        loop = asyncio.get_running_loop()
        for timer in self._timers:
            timer.cancel()
        self._timers = [
            loop.call_later(taken_s, self._on_taken),
            loop.call_later(dry_s, self._dry),
        ]

    def _dry(self) -> None:
        self.sound = None
        self._on_change()
