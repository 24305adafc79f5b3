"""A meter on a UART: finds frames between whatever else the line brings, and notices silence.

Knows: a UART, the reading every meter gives, when a silent chip is tried again. May not know: which
chip it is (a derived driver), what a load means, gains, zero bands, spikes.

Nothing waits: `poll` takes what has come. A frame is looked for byte by byte, so that garbage or a
cut before it costs nothing: where the bytes so far cannot be the beginning of a frame, the first
one is dropped and the rest is looked at again.
"""

from micropython import const

from anbu_device.edge.guard import Patience

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Uart(Protocol):
        """As machine.UART with no time-out."""

        def readinto(self, buf: bytearray) -> "int | None":
            """How many bytes have come, None where none has."""

        def write(self, buf: "bytes | bytearray") -> "int | None":
            """Sends."""


# Places in a reading.
VOLTAGE_MV = const(0)
CURRENT_MA = const(1)
POWER_MW = const(2)
ENERGY_MWH = const(3)
FLAGS = const(4)

# FLAGS: what is known; a value without its bit is 0 and says nothing.
VOLTAGE_KNOWN = const(1)
CURRENT_KNOWN = const(2)
POWER_KNOWN = const(4)
NO_LOAD = const(8)  # the chip itself says: less than it can measure

ENERGY_MASK = const(0x3FFFFFFF)

_SIZE = const(5)
_SILENT_MS = const(2000)
_TICKS_MASK = const(0x3FFFFFFF)
_CHUNK = const(128)
_CHUNKS = const(8)  # a poll: more than a UART's buffer
# 5 kW, more than a socket carries, in µWh a ms (= mWh a s): a counter that was faster was reset.
_MOST_MWH_S = const(1389)


class Meter:
    """A meter's driver. Derived: LINE, `_fits`, `_decode`, and `_ask` where the chip is asked."""

    ANSWER_MS = 0  # how long an answer may take; 0: the chip talks by itself

    def __init__(self, uart: "Uart", longest: int) -> None:
        self.guard = Patience()
        self._uart = uart
        self._chunk = bytearray(_CHUNK)
        self._frame = bytearray(longest)
        self._fill = 0
        self._size = longest  # of the frame that is waited for
        self._trying = False
        self._good_ms = 0
        self._asked_ms = 0
        self._reading = [0] * _SIZE
        self._counted = -1
        self._counted_ms = 0
        self._uwh = 0

    def poll(self, now_ms: int) -> "list[int] | None":
        """The newest reading since the last call, in a list that is used again; None: no new one.

        `now_ms` is ticks_ms(). Call it every 100 to 1000 ms; an answer is taken by the call after
        the one that asked.
        """
        if self.guard.resting(now_ms):
            return None
        if not self._trying:
            self._begin(now_ms)
            return None
        fresh = self._take(now_ms)
        if self.ANSWER_MS and (fresh or self._since(self._asked_ms, now_ms) >= self.ANSWER_MS):
            self._ask_anew(now_ms)
        if fresh:
            self._good_ms = now_ms
            self.guard.good()
            return self._reading
        if self._since(self._good_ms, now_ms) >= _SILENT_MS:
            self._trying = False
            self.guard.bad(now_ms)
        return None

    # --- what a chip is: a derived driver gives the first two ---

    if TYPE_CHECKING:
        # Whether the first bytes (so many) of the frame can begin one; at its full size: are one.
        _fits: Callable[[int], bool]
        # Puts a good frame into the reading (now_ms); False where it holds none.
        _decode: Callable[[int], bool]

    def _reset(self) -> None:
        """The chip is tried anew: whatever was known of it is not."""

    def _ask(self) -> None:
        """Asks for the next frame."""

    # --- the line ---

    @staticmethod
    def _since(then_ms: int, now_ms: int) -> int:
        return (now_ms - then_ms) & _TICKS_MASK

    def _begin(self, now_ms: int) -> None:
        for _ in range(_CHUNKS):  # what came while nobody listened is old
            if (self._uart.readinto(self._chunk) or 0) < _CHUNK:
                break
        self._trying = True
        self._good_ms = now_ms
        self._reset()
        self._ask_anew(now_ms)

    def _ask_anew(self, now_ms: int) -> None:
        self._fill = 0  # a part of an answer that is late is thrown away
        self._asked_ms = now_ms
        self._ask()

    def _take(self, now_ms: int) -> bool:
        """Takes what has come, at most a UART's buffer; whether a good frame was in it."""
        fresh = False
        chunk = self._chunk
        for _ in range(_CHUNKS):
            got = self._uart.readinto(chunk) or 0
            for place in range(got):
                if self._whole(chunk[place]):
                    fresh = self._decode(now_ms) or fresh
            if got < _CHUNK:
                break
        return fresh

    def _whole(self, byte: int) -> bool:
        """Whether the frame is whole with this byte."""
        frame = self._frame
        frame[self._fill] = byte
        self._fill += 1
        while self._fill and not self._fits(self._fill):
            self._fill -= 1
            for place in range(self._fill):
                frame[place] = frame[place + 1]
        if self._fill < self._size:
            return False
        self._fill = 0
        return True

    # --- energy ---

    def _count(self, now_ms: int, counter: int, mask: int, uwh: int) -> None:
        """The chip's counter (with its mask) stands there; one count is `uwh`."""
        added = 0 if self._counted < 0 else (counter - self._counted) & mask
        seconds = self._since(self._counted_ms, now_ms) // 1000 + 1
        if added * (uwh // 1000) > seconds * _MOST_MWH_S + 2 * uwh // 1000:
            added = 0  # the chip was reset, or is another one
        self._counted, self._counted_ms = counter, now_ms
        total = self._uwh + added * uwh
        self._uwh = total % 1000
        reading = self._reading
        reading[ENERGY_MWH] = (reading[ENERGY_MWH] + total // 1000) & ENERGY_MASK
