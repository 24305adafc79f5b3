"""A loudspeaker behind a class-D amplifier: PWM in, shutdown pin.

Knows: duty and frequency. May not know: melodies.
"""

from __future__ import annotations

import math

DUTY_FULL = 65536
# Steps of the fundamental's amplitude, full square wave = 1: −9 dB and −3 dB are the borders.
_BORDERS = ((0.71, 3), (0.36, 2), (0.01, 1))


def loudness(duty: int) -> int:
    """0–3 from a PWM duty (0–65535): the fundamental of a pulse wave is sin(π · duty)."""
    return step(math.sin(math.pi * duty / DUTY_FULL))


def step(amplitude: float) -> int:
    """0–3 from an amplitude, 1 = full."""
    return next((loudness for border, loudness in _BORDERS if amplitude >= border), 0)


def heard(frequency_hz: int, duty: int, enabled: bool) -> dict[str, int] | None:
    """What a listener hears, or None: {"frequency_hz", "loudness"}."""
    if not enabled or not frequency_hz or not loudness(duty):
        return None
    return {"frequency_hz": frequency_hz, "loudness": loudness(duty)}
