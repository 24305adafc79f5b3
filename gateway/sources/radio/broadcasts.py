"""What care plugs say to everybody (BTHome): opened, and refused where its counter goes back.

Knows: the home's BTHome keys, the highest counter of each. May not know: bleak, the database, what
is measured: nothing but freshness follows from a broadcast.

The radio's address says nothing about which plug it is, so every key is tried. What is repeated,
and what somebody recorded before, has a counter that was there: it is nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from anbu_wire import bthome
from anbu_wire.errors import RemoteProtocolError

_KEY_ID_DIGITS = 8
_ADDRESS_DIGITS = 12


class Ear(Protocol):
    """Who keeps what was heard, over restarts."""

    def broadcasts_known(self, device_id: str, key_id: str) -> int:
        """The highest counter of this key that does not count any more, -1 for none."""

    def broadcast(self, device_id: str, key_id: str, counter: int) -> None:
        """A broadcast with a counter never heard before."""


class Broadcasts:
    """`keys`: BTHome key of 16 bytes by device id."""

    def __init__(self, keys: Mapping[str, bytes], ear: Ear) -> None:
        self._keys = dict(keys)
        self._ear = ear
        self._highest: dict[str, int] = {}  # by device id, of this process

    def know(self, keys: Mapping[str, bytes]) -> None:
        """These are the keys of this home from now on."""
        self._highest = {d: n for d, n in self._highest.items() if keys.get(d) == self._keys.get(d)}
        self._keys = dict(keys)

    @property
    def wanted(self) -> bool:
        """Whether there is anything to listen for."""
        return bool(self._keys)

    def take(self, address: str, data: bytes) -> str | None:
        """The device whose new broadcast this is; None for a stranger's, a forged or an old one.

        `address` as bleak gives it ("AA:BB:…"), `data`: the service data without its UUID.
        """
        digits = address.replace(":", "")
        if len(digits) != _ADDRESS_DIGITS:
            return None  # a platform that hides addresses: the seal cannot be checked
        for device_id, key in self._keys.items():
            try:
                counter, told = bthome.open_service_data(key, bytes.fromhex(digits), data)
                bthome.values(told)
            except RemoteProtocolError:
                continue
            return device_id if self._is_new(device_id, key, counter) else None
        return None

    def _is_new(self, device_id: str, key: bytes, counter: int) -> bool:
        key_id = sha256(key).hexdigest()[:_KEY_ID_DIGITS]
        highest = self._highest.get(device_id)
        if highest is None:
            highest = self._ear.broadcasts_known(device_id, key_id)
        if counter <= highest:
            return False
        self._highest[device_id] = counter
        self._ear.broadcast(device_id, key_id, counter)
        return True
