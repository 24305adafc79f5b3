"""The commands on stored texts: which memory, list, read, write, delete (27.005 §3.2, §3.4, §3.5).

Knows: the storages and what is said of them. May not know: the line, the network, other commands.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.modem.pdu import tpdu_octets
from tools.home.gsm.answers import (
    INVALID_INDEX,
    INVALID_PARAMETER,
    MEMORY_FULL,
    cms_error,
    number,
)
from tools.home.gsm.storage import CAPACITY, READ, UNREAD, Storage

MEMORIES = 3
ALL = 4  # +CMGL <stat>, +CMGD <delflag>


class Shelf:
    """A storage and the memories of it that are in use: to read, to write, to receive."""

    def __init__(self, storage: Storage, on_room: Callable[[], None]) -> None:
        """`on_room` is called when a place became free."""
        self._storage = storage
        self._on_room = on_room
        self._memories = ["SM", "SM", "SM"]

    @property
    def receives_in(self) -> str:
        """Where texts from the network go."""
        return self._memories[2]

    def choose(self, given: list[str]) -> list[str]:
        """AT+CPMS=: which memories to read from, write into, receive into."""
        if not 1 <= len(given) <= MEMORIES or any(name not in CAPACITY for name in given):
            raise cms_error(INVALID_PARAMETER)
        self._memories[: len(given)] = given
        return [self.line(named=False)]

    def line(self, *, named: bool) -> str:
        """What AT+CPMS answers: how much lies in each, and has room."""
        fields = [
            (f'"{name}",' if named else "") + f"{self._storage.used(name)},{CAPACITY[name]}"
            for name in self._memories
        ]
        return "+CPMS: " + ",".join(fields)

    def list_all(self, given: list[str]) -> list[str]:
        """AT+CMGL: those with this status, which are read then."""
        wanted = number(given, 0) if given else UNREAD
        lines: list[str] = []
        for index, entry in self._storage.entries(self._memories[0]):
            if wanted in {entry.status, ALL}:
                lines.append(f"+CMGL: {index},{entry.status},,{tpdu_octets(entry.pdu)}")
                lines.append(entry.pdu.hex().upper())
                entry.status = READ
        return lines

    def read(self, given: list[str]) -> list[str]:
        """AT+CMGR: one."""
        entry = self._storage.get(self._memories[0], number(given, 0))
        if entry is None:
            raise cms_error(INVALID_INDEX)
        lines = [f"+CMGR: {entry.status},,{tpdu_octets(entry.pdu)}", entry.pdu.hex().upper()]
        entry.status = READ
        return lines

    def delete(self, given: list[str]) -> list[str]:
        """AT+CMGD: one, or all that were read, or all."""
        name = self._memories[0]
        index, flag = number(given, 0), number(given, 1) if len(given) > 1 else 0
        if flag:
            for place, entry in self._storage.entries(name):
                if flag == ALL or entry.status == READ:
                    self._storage.delete(name, place)
        elif not self._storage.delete(name, index):
            raise cms_error(INVALID_INDEX)
        self._on_room()
        return []

    def write(self, given: list[str], pdu: bytes) -> list[str]:
        """AT+CMGW=<length>,<stat>: put a PDU into the storage. Raises CommandError."""
        index = self._storage.put(self._memories[1], pdu)
        if index is None:
            raise cms_error(MEMORY_FULL)
        entry = self._storage.get(self._memories[1], index)
        if entry is not None and len(given) > 1:
            entry.status = number(given, 1)
        return [f"+CMGW: {index}"]
