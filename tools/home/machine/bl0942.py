"""BL0942 at register level over its UART: Shanghai Belling's data sheet V1.06.

Knows: read and write commands, the packet, protected registers, what its counts are worth behind
5 × 390 kΩ / 510 Ω and 1 mΩ. May not know: who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from tools.home.machine.load import MeterChip
from tools.home.machine.uart import Format

MODE, SOFT_RESET, PROTECTION = 0x19, 0x1C, 0x1D
AC_FREQ_60_HZ = 0x20
_DEFAULTS = {MODE: 0x87, 0x1A: 0x02, PROTECTION: 0x00}
_UNLOCK, _RESET = 0x55, 0x5A5A5A
_PACKET = 0xAA

# Data sheet: V = V(V) mV · 73989 / 1.218, I = I(V) mV · 305978 / 1.218, P = I · V · 3537 / 1.218².
_PIN_MV_A_VOLT = 1000 * 0.51 / (0.51 + 5 * 390)  # kΩ over kΩ, in mV a volt
_PIN_MV_AN_AMPERE = 1.0
_VREF = 1.218
_COUNTS_A_VOLT = 73989 * _PIN_MV_A_VOLT / _VREF
_COUNTS_AN_AMPERE = 305978 * _PIN_MV_AN_AMPERE / _VREF
_COUNTS_A_WATT = 3537 * _PIN_MV_A_VOLT * _PIN_MV_AN_AMPERE / _VREF**2
_WATT_COUNTS_A_PULSE = 1638.4 * 256  # for a second each
_MOST = 0xFFFFFF
_PERIOD_1_MHZ = 16667  # 60 Hz

_ANSWERS_AFTER_S = 0.0005
_FORGETS_AFTER_S = 0.02  # a command that stopped half-way
_READ_SIZE, _WRITE_SIZE = 2, 6


class Bl0942(MeterChip):
    """One of them; `address` 0–3 by its pins A1 and A2."""

    FORMAT: ClassVar = Format(4800)

    def __init__(self, now_s: Callable[[], float], address: int = 0) -> None:
        """As after power-on."""
        super().__init__(now_s)
        self._read = 0x58 | address
        self._write = 0xA8 | address
        self.power_on()

    def power_on(self) -> None:
        """Every register at its default."""
        super().power_on()
        self._registers = dict(_DEFAULTS)
        self._command = bytearray()
        self._heard_s = 0.0

    @property
    def mode(self) -> int:
        """The MODE register."""
        return self._registers[MODE]

    def hear(self, data: bytes) -> None:
        """Commands, byte by byte."""
        now_s = self.now_s()
        if now_s - self._heard_s > _FORGETS_AFTER_S:
            self._command.clear()
        for place, value in enumerate(data):
            self._command.append(value)
            self._heard_s = now_s + (place + 1) * self.FORMAT.byte_s
            self._obey()

    def _obey(self) -> None:
        command = self._command
        if command[0] not in (self._read, self._write):
            command.clear()
        elif command[0] == self._read and len(command) == _READ_SIZE:
            self._answer(command[1])
            command.clear()
        elif len(command) == _WRITE_SIZE:
            if _checksum(command[:-1]) == command[-1]:
                self._store(command[1], int.from_bytes(command[2:5], "little"))
            command.clear()

    def _store(self, register: int, value: int) -> None:
        unlocked = self._registers[PROTECTION] == _UNLOCK
        if register == SOFT_RESET and value == _RESET and unlocked:
            self.power_on()
        elif register == PROTECTION or (unlocked and register in self._registers):
            self._registers[register] = value

    def _answer(self, register: int) -> None:
        if register == _PACKET:
            body = self._packet()
            body += bytes((_checksum(bytes((self._read,)) + body),))
        else:
            body = self._registers.get(register, 0).to_bytes(3, "little")
            body += bytes((_checksum(bytes((self._read, register)) + body),))
        self.send(body, self._heard_s + _ANSWERS_AFTER_S)

    def _packet(self) -> bytes:
        now_s, load = self.now_s(), self.load
        current = _u24(min(load.current_a * _COUNTS_AN_AMPERE, _MOST))
        voltage = _u24(min(load.voltage_v * _COUNTS_A_VOLT, _MOST))
        pulses = self.joules(now_s) * _COUNTS_A_WATT / _WATT_COUNTS_A_PULSE
        watt = _u24(self.shown_w() * _COUNTS_A_WATT)
        frequency = _PERIOD_1_MHZ if load.voltage_v else 0
        rest = frequency.to_bytes(3, "little") + bytes(3)  # status and reserved
        return b"\x55" + current + voltage + current + watt + _u24(pulses) + rest


def _u24(value: float) -> bytes:
    """24 bits, little-endian, two's complement, the counter's overflow dropped."""
    return (int(value) & 0xFFFFFF).to_bytes(3, "little")


def _checksum(data: bytes | bytearray) -> int:
    return ~sum(data) & 0xFF
