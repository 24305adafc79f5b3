"""Simulated `time` of the ESP32: ticks wrap at 2^30 ms, the epoch is 2000, power-on begins it.

Knows: the host's clock (`utime`). May not know: anything else.
Ticks start near the wrap (ANBU_TICKS_TO_WRAP_MS before it, 20 s unless told), so that every story
crosses it; on the chip they start at 0 and cross after 12 days.
"""

import os
import sys

import utime

_PERIOD = 1 << 30
_MASK = _PERIOD - 1
_EPOCH_2000_S = 946684800

_to_wrap_ms = int(os.getenv("ANBU_TICKS_TO_WRAP_MS") or 20000)
_shift_us = -1000 * _to_wrap_ms - utime.ticks_us()
_started_s = utime.time()
_skipped_us = 0


def skip_us(us: int) -> None:
    """So much of the time went by at once: the house skipped it (see sleep.py)."""
    global _shift_us, _skipped_us  # noqa: PLW0603 - there is one time
    _shift_us += us
    _skipped_us += us


def ticks_us() -> int:
    """Microseconds, wrapping at 2^30."""
    return (utime.ticks_us() + _shift_us) & _MASK


def ticks_ms() -> int:
    """Milliseconds, wrapping at 2^30."""
    return ((utime.ticks_us() + _shift_us) // 1000) & _MASK


ticks_cpu = ticks_us


def ticks_add(ticks: int, delta: int) -> int:
    """`ticks` later by `delta`, wrapped."""
    return (ticks + delta) & _MASK


def ticks_diff(end: int, start: int) -> int:
    """From `start` to `end`, within ±2^29."""
    return ((end - start + (_PERIOD >> 1)) & _MASK) - (_PERIOD >> 1)


def time() -> int:
    """Seconds since 2000; the chip has no clock of its own on a battery, so power-on is 2000."""
    return utime.time() - _started_s + _skipped_us // 1000000


def time_ns() -> int:
    """As `time`, in nanoseconds."""
    return time() * 1000000000


def gmtime(seconds: "float | None" = None) -> "tuple[int, ...]":
    """(year, month, day, hour, minute, second, weekday, day of the year)."""
    return utime.gmtime((time() if seconds is None else seconds) + _EPOCH_2000_S)[:8]


localtime = gmtime


def mktime(fields: "tuple[int, ...]") -> int:
    """Seconds since 2000 of such a tuple."""
    return utime.mktime(fields) - _EPOCH_2000_S


def sleep_us(us: int) -> None:
    """Waits."""
    utime.sleep_us(us)


def sleep_ms(ms: int) -> None:
    """Waits; soft interrupts that came meanwhile run at its end."""
    utime.sleep_ms(ms)
    # Soft interrupts run while the chip sleeps; here they come at the end of it.
    link = sys.modules.get("_link")
    if link is not None:
        link.poll()


def sleep(seconds: float) -> None:
    """Waits."""
    sleep_ms(int(seconds * 1000))
