"""CSE7766 (the same as HLW8032): a meter that sends a frame of 24 bytes about every 55 ms.

Knows: the frame (HLW8032 data sheet 1.5, CSE7766 user manual), that a value is its coefficient
divided by its cycle, that one pulse of the counter is the power's coefficient in microjoules.
May not know: gains, zero bands, whether a power is a spike.

A power whose flag is missing is 0: the cycle in the frame is then an old one, and dividing on gives
a ghost that decays. A current without its flag is 0 likewise. A voltage without its flag is not
known: the chip has just been started.
"""

from micropython import const

from anbu_device.edge.meter import (
    CURRENT_KNOWN,
    CURRENT_MA,
    FLAGS,
    NO_LOAD,
    POWER_KNOWN,
    POWER_MW,
    VOLTAGE_KNOWN,
    VOLTAGE_MV,
    Meter,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.meter import Uart

_SIZE = const(24)
_SECOND = const(0x5A)
_FINE = const(0x55)
_FAULTS = const(0xF0)  # with flags below it
_UNCALIBRATED = const(0xAA)

# In the first byte where it is 0xF_.
_BAD_COEFFICIENTS = const(1)
_NO_POWER = const(2)  # its cycle is over range: nothing flows
_NO_CURRENT = const(4)
_NO_VOLTAGE = const(8)

# In byte 20; bit 7 changes whenever the counter of 16 bits begins anew.
_POWER_MEASURED = const(0x10)
_CURRENT_MEASURED = const(0x20)
_VOLTAGE_MEASURED = const(0x40)
_CARRY = const(0x80)
_COUNTER_MASK = const(0x1FFFF)

_MOST = const(100_000)  # volts, amperes or watts: no socket has them
_S_PER_H = const(3600)


def thousandths(coefficient: int, cycle: int) -> int:
    """1000 · coefficient / cycle, rounded down; -1 where that is no measurement.

    Digit by digit, as on paper: 1000 times a coefficient of 24 bits would take heap.
    """
    if not cycle or coefficient // cycle > _MOST:
        return -1
    whole, rest = coefficient // cycle, coefficient % cycle
    for _ in range(3):
        rest *= 10
        whole = whole * 10 + rest // cycle
        rest %= cycle
    return whole


class Cse7766(Meter):
    """One of them on a UART; it is never asked."""

    LINE = {"baudrate": 4800, "bits": 8, "parity": 0, "stop": 1}  # even

    def __init__(self, uart: "Uart") -> None:
        super().__init__(uart, _SIZE)

    def _fits(self, size: int) -> bool:
        frame = self._frame
        first = frame[0]
        if first not in (_FINE, _UNCALIBRATED) and first < _FAULTS:
            return False
        if size > 1 and frame[1] != _SECOND:
            return False
        if size < _SIZE:
            return True
        total = 0
        for place in range(2, _SIZE - 1):
            total += frame[place]
        return total & 0xFF == frame[_SIZE - 1]

    def _decode(self, now_ms: int) -> bool:
        frame = self._frame
        state = frame[0]
        flags = state & 0x0F if state >= _FAULTS else 0
        if state == _UNCALIBRATED or flags & _BAD_COEFFICIENTS:
            return False
        measured = frame[20]
        reading = self._reading
        known = NO_LOAD if flags & _NO_POWER else 0
        if measured & _VOLTAGE_MEASURED or flags & _NO_VOLTAGE:
            known |= self._put(VOLTAGE_MV, VOLTAGE_KNOWN, 2, not flags & _NO_VOLTAGE)
        else:
            reading[VOLTAGE_MV] = 0
        flows = measured & _CURRENT_MEASURED and not flags & _NO_CURRENT
        known |= self._put(CURRENT_MA, CURRENT_KNOWN, 8, bool(flows))
        flows = measured & _POWER_MEASURED and not flags & _NO_POWER
        known |= self._put(POWER_MW, POWER_KNOWN, 14, bool(flows))
        reading[FLAGS] = known
        counter = (measured & _CARRY) << 9 | frame[21] << 8 | frame[22]
        uwh = (self._three(14) + _S_PER_H // 2) // _S_PER_H
        self._count(now_ms, counter, _COUNTER_MASK, uwh)
        return True

    def _put(self, what: int, bit: int, place: int, measured: bool) -> int:
        """Puts a value into the reading, 0 where nothing is measured; its bit where it is known."""
        value = thousandths(self._three(place), self._three(place + 3)) if measured else 0
        self._reading[what] = max(value, 0)
        return bit if value >= 0 else 0

    def _three(self, place: int) -> int:
        frame = self._frame
        return frame[place] << 16 | frame[place + 1] << 8 | frame[place + 2]
