"""What outlives a restart of the virtual modem: the message storages, the SIM and its PIN.

Knows: which PDU lies at which index, read or unread, how much fits; what a wrong PIN costs.
May not know: AT commands, the network.
"""

from __future__ import annotations

from dataclasses import dataclass

UNREAD, READ = 0, 1
PIN_TRIES = 3
CAPACITY = {"SM": 20, "ME": 50, "SR": 10}


@dataclass(slots=True)
class Entry:
    """One stored PDU; `status` is UNREAD or READ (27.005 <stat>)."""

    status: int
    pdu: bytes


class Storage:
    """All storages. Indices start at 1; the lowest free one is taken."""

    def __init__(self) -> None:
        """Empty."""
        self._entries: dict[str, dict[int, Entry]] = {name: {} for name in CAPACITY}

    def put(self, name: str, pdu: bytes) -> int | None:
        """Where it was put, None where the storage is full."""
        entries = self._entries[name]
        for index in range(1, CAPACITY[name] + 1):
            if index not in entries:
                entries[index] = Entry(UNREAD, pdu)
                return index
        return None

    def entries(self, name: str) -> list[tuple[int, Entry]]:
        """All of a storage by index."""
        return sorted(self._entries[name].items())

    def get(self, name: str, index: int) -> Entry | None:
        """One entry."""
        return self._entries[name].get(index)

    def delete(self, name: str, index: int) -> bool:
        """True where there was something."""
        return self._entries[name].pop(index, None) is not None

    def used(self, name: str) -> int:
        """How many lie there."""
        return len(self._entries[name])


class Sim:
    """The card. `pin` None: it wants none."""

    def __init__(self, pin: str | None = None) -> None:
        """With all tries left."""
        self.pin = pin
        self.tries_left = PIN_TRIES
        self.storage = Storage()

    @property
    def locked_for_good(self) -> bool:
        """Three wrong PINs: it wants its PUK."""
        return self.tries_left == 0

    def opens(self, pin: str) -> bool:
        """Try a PIN."""
        if self.locked_for_good:
            return False
        if pin == self.pin:
            self.tries_left = PIN_TRIES
            return True
        self.tries_left -= 1
        return False
