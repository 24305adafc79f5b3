"""The chip's own ticks: the only place in the firmware that asks the time.

Knows: time.ticks_ms. May not know: what is done with it (core/clock unwraps it).
"""

from time import ticks_ms

__all__ = ("ticks_ms",)
