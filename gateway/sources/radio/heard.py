"""Which radios were heard, and how strongly.

Knows: bleak's device by its address. May not know: scans, links, whose turn it is.
"""

from __future__ import annotations

from bleak.backends.device import BLEDevice

Strength = tuple[int, int]  # dBm, when


class Heard:
    """As last heard; times in ms of one clock."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._devices: dict[str, tuple[BLEDevice, Strength]] = {}  # by address
        self._signals: dict[str, Strength] = {}  # by device id

    def note(self, device: BLEDevice, dbm: int, now_ms: int) -> None:
        """An advertisement."""
        self._devices[device.address] = (device, (dbm, now_ms))

    def device(self, address: str) -> BLEDevice:
        """The radio of an address that was heard. Raises KeyError."""
        return self._devices[address][0]

    def named(self, address: str, device_id: str) -> None:
        """It said who it is: that was how strong this device is."""
        if address in self._devices:
            self._signals[device_id] = self._devices[address][1]

    def forget(self) -> None:
        """The adapter is gone: no radio of it is worth anything. What was strong was strong."""
        self._devices.clear()

    def signals(self, now_ms: int) -> dict[str, Strength]:
        """Of each device that said who it is: (dBm, how many ms ago). From any thread."""
        heard = dict(self._signals)
        return {device: (dbm, now_ms - at_ms) for device, (dbm, at_ms) in heard.items()}
