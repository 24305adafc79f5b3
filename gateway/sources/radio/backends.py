"""What carries bleak: the platform's own stack, or a module the configuration names.

Knows: what a backend must and may offer. May not know: how any of them works, devices, links.

A backend may offer more: `on_lost(handler)` (`handler(why)` is called when the adapter is gone),
`async power_cycle()`, `async reset()`, `scanner_options()` (bleak's options for its platform),
`async mtu(characteristic)` (the MTU of that characteristic's link, where bleak does not know it).
"""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from gateway.sources.radio.bluez import BlueZ

_BACKEND_NAMES = ("scanner_class", "client_class", "open", "close")


class Backend(Protocol):
    """What carries bleak: BlueZ, or a module named by the configuration (a plug-in)."""

    @property
    def scanner_class(self) -> type[BaseBleakScanner] | None:
        """Whichever scanner bleak shall use; None = the platform's own."""

    @property
    def client_class(self) -> type[BaseBleakClient] | None:
        """Whichever client bleak shall use; None = the platform's own."""

    async def open(self, hci: str) -> None:
        """Open the adapter `hci`. Raises OSError or BleakError."""

    async def close(self) -> None:
        """Close it."""


def load_backend(name: str) -> Backend:
    """The backend of the configuration: "bluez", or the name of a module that is one.

    Raises ImportError for a module that is not there or is no backend.
    """
    if name == "bluez":
        return BlueZ()
    module = importlib.import_module(name)
    missing = [name for name in _BACKEND_NAMES if not hasattr(module, name)]
    if missing:
        raise ImportError(f"radio backend {name}: it has no {', '.join(missing)}")
    return cast("Backend", module)
