"""`machine.lightsleep` and `esp32.wake_on_*` of the simulated box; waiting that a house may skip.

Knows: the requests SLEEP and IDLE (tools/home/machine/sleeping.py), what the ESP32-S3 wakes by.
May not know: why the box sleeps, what hangs on a pin.

A sleeping chip has no radio: `lightsleep` with BLE on raises, where the real one would lose its
link. RAM, pins and ticks go on. With ANBU_SKIP_IDLE=1 the house is told of every wait of asyncio's
as well and may skip the time in which nobody has anything to do; skipped time counts as any other.
The board's link is opened at first use: `esp32` is also used where there is no board.
"""

import struct
import sys
import time

import utime

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from machine import Pin

WAKEUP_ALL_LOW = False  # on the ESP32-S3: any low
WAKEUP_ANY_HIGH = True

_SLEEP = 0x2B
_IDLE = 0x2C
_RTC_PINS = 22  # 0 to 21: only these wake
_WAKE_US = 1000  # from the wake to the next instruction: "less than 1 ms" (Espressif)

_sources: "dict[str, tuple[tuple[int, ...], bool]]" = {}  # which pins, and whether high wakes
flash_us = [0]  # how long the flash was busy since the start; esp32 counts it here
_skipped_us = [0]


def _set(name: str, pins: "tuple[Pin, ...] | list[Pin]", level: bool) -> None:
    numbers = tuple([pin.number for pin in pins])
    for number in numbers:
        if number >= _RTC_PINS:
            raise ValueError("invalid pin")
    _sources[name] = (numbers, bool(level))


def wake_on_ext1(
    pins: "tuple[Pin, ...] | list[Pin] | None" = None, level: bool = WAKEUP_ALL_LOW
) -> None:
    """Any of these pins at this level wakes; None leaves the pins as they were, as on the chip."""
    if pins is not None:
        _set("ext1", pins, level)


def wake_on_ext0(pin: "Pin | None" = None, level: bool = WAKEUP_ALL_LOW) -> None:
    """This pin at this level wakes; None takes it back."""
    _set("ext0", (pin,) if pin is not None else (), level)


def lightsleep(time_ms: int = 0) -> None:
    """Sleeps until a source wakes the chip, or so long (0 = for ever)."""
    bluetooth = sys.modules.get("bluetooth")
    if bluetooth is not None and bluetooth.BLE().active():
        raise RuntimeError("lightsleep with BLE on: a real chip loses its link")
    low: "list[int]" = []
    high: "list[int]" = []
    for numbers, level in _sources.values():
        (high if level else low).extend(numbers)
    head = struct.pack("<IIBB", time_ms, flash_us[0] // 1000, len(low), len(high))
    _wait(_SLEEP, head + bytes(low) + bytes(high))
    utime.sleep_us(_WAKE_US)


def _wait(kind: int, payload: bytes) -> None:
    import _link  # noqa: PLC0415 - see above

    _skip(struct.unpack("<Q", _link.request(kind, payload))[0])


def _skip(us: int) -> None:
    _skipped_us[0] += us
    time.skip_us(us)


def host_ticks() -> int:
    """The host's unwrapped ticks, with what was skipped: asyncio's own time in a skipping house."""
    return utime.ticks_ms() + _skipped_us[0] // 1000  # type: ignore[no-any-return, unused-ignore]


def hasten(core: object) -> None:
    """Has asyncio (its `core`) ask the house to wait; the house skips what nobody needs."""

    def wait_io_event(queue: object, wait_ms: int) -> None:
        if wait_ms:
            import _link  # noqa: PLC0415 - see above

            ms = max(0, wait_ms)
            _wait(_IDLE, struct.pack("<III", ms, flash_us[0] // 1000, _link.seen[0]))
        wait_of_the_host(queue, 0)

    wait_of_the_host = core.IOQueue.wait_io_event  # type: ignore[attr-defined]
    core.IOQueue.wait_io_event = wait_io_event  # type: ignore[attr-defined]
    core.ticks = host_ticks  # type: ignore[attr-defined]
