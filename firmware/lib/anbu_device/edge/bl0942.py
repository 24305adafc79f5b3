"""BL0942: a meter that is asked and answers with 23 bytes.

Knows: its two commands, the packet, the registers that set 60 Hz (data sheet V1.06), what one count
is worth with 5 × 390 kΩ / 510 Ω and a shunt of 1 mΩ. May not know: gains, zero bands, spikes.

The mode is written at the start and read back: the wrong mains frequency would measure over broken
periods, and a chip that does not take it is no BL0942. It is written again after every 256 answers:
a chip that lost its power for a moment has forgotten it and does not say so.
"""

from micropython import const

from anbu_device.core.gains import scaled
from anbu_device.edge.meter import (
    CURRENT_KNOWN,
    CURRENT_MA,
    FLAGS,
    POWER_KNOWN,
    POWER_MW,
    VOLTAGE_KNOWN,
    VOLTAGE_MV,
    Meter,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_device.edge.meter import Uart

_READ = const(0x58)  # | address
_WRITE = const(0xA8)
_PACKET = const(0xAA)
_HEAD = const(0x55)
_SIZE = const(23)
_REGISTER_SIZE = const(4)

_MODE = const(0x19)
_PROTECTION = const(0x1D)
_UNLOCK = const(0x55)
_60_HZ = const(0xA7)  # its default 0x87, and AC_FREQ_SEL

# A value in thousandths is counts · 1000 / reference. The references, 15883.34 counts a volt,
# 251065.68 an ampere and 623.027 a watt, times 3, 1 and 37 are nearly whole.
_VOLT_TIMES = const(3000)
_VOLT_BY = const(47650)
_AMPERE_TIMES = const(1000)
_AMPERE_BY = const(251066)
_WATT_TIMES = const(37000)
_WATT_BY = const(23052)
_UWH = const(187_004)  # a count of energy: 419430.4 counts of power for a second
_COUNTER_MASK = const(0xFFFFFF)
_SIGN = const(0x800000)
_ANSWERS = const(256)  # between two settings of the mode


class Bl0942(Meter):
    """One of them on a UART; `address` 0–3 as its pins say."""

    LINE = {"baudrate": 4800, "bits": 8, "parity": None, "stop": 1}
    ANSWER_MS = 200

    def __init__(self, uart: "Uart", address: int = 0) -> None:
        super().__init__(uart, _SIZE)
        self._answers = 0
        self._read = _READ | address
        self._ask_packet = bytes((self._read, _PACKET))
        self._ask_mode = bytes((self._read, _MODE))
        write = _WRITE | address
        self._set_mode = b"".join(
            [
                _written(write, _PROTECTION, _UNLOCK),
                _written(write, _MODE, _60_HZ),
                _written(write, _PROTECTION, 0),
            ]
        )

    def _reset(self) -> None:
        self._size = _REGISTER_SIZE  # the mode is to be read back first
        self._answers = 0

    def _ask(self) -> None:
        if self._answers >= _ANSWERS:
            self._reset()
        if self._size == _SIZE:
            self._uart.write(self._ask_packet)
            return
        self._uart.write(self._set_mode)
        self._uart.write(self._ask_mode)

    def _fits(self, size: int) -> bool:
        frame = self._frame
        if self._size == _SIZE and frame[0] != _HEAD:
            return False
        if size < self._size:
            return True
        total = self._read if self._size == _SIZE else self._read + _MODE
        for place in range(size - 1):
            total += frame[place]
        return ~total & 0xFF == frame[size - 1]

    def _decode(self, now_ms: int) -> bool:
        if self._size == _REGISTER_SIZE:
            if self._three(0) == _60_HZ:
                self._size = _SIZE
                self._ask_anew(now_ms)
            return False
        self._answers += 1
        reading = self._reading
        watt = self._three(10)
        reading[CURRENT_MA] = scaled(self._three(1), _AMPERE_TIMES, _AMPERE_BY)
        reading[VOLTAGE_MV] = scaled(self._three(4), _VOLT_TIMES, _VOLT_BY)
        reading[POWER_MW] = scaled(watt - 2 * (watt & _SIGN), _WATT_TIMES, _WATT_BY)
        reading[FLAGS] = VOLTAGE_KNOWN | CURRENT_KNOWN | POWER_KNOWN
        self._count(now_ms, self._three(13), _COUNTER_MASK, _UWH)
        return True

    def _three(self, place: int) -> int:
        frame = self._frame
        return frame[place] | frame[place + 1] << 8 | frame[place + 2] << 16


def _written(command: int, register: int, value: int) -> bytes:
    return bytes((command, register, value, 0, 0, ~(command + register + value) & 0xFF))
