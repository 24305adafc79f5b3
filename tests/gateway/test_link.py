"""A link over the platform's own stack: whose end counts, how long a piece may be.

Knows: gateway.sources.radio.link. bleak-retry-connector and its clients are played here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import bleak_retry_connector
import pytest
from bleak.backends.device import BLEDevice

from anbu_wire import gatt
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio.link import connect

DEVICE = BLEDevice("02:00:00:00:00:01", None, {})


class Client:
    """A connected client whose bleak remembers an MTU of 23."""

    def __init__(self, *, is_connected: bool = True) -> None:
        self.is_connected = is_connected
        control = SimpleNamespace(max_write_without_response_size=20)
        self.services = SimpleNamespace(get_characteristic=lambda _uuid: control)

    async def read_gatt_char(self, _uuid: str) -> bytes:
        return b"hello"


class Platform:
    """A backend that is the platform's own stack."""

    scanner_class = None
    client_class = None

    async def open(self, hci: str) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""


class PlatformThatKnowsTheMtu(Platform):
    async def mtu(self, _characteristic: object) -> int:
        return 247


def _attempts(
    monkeypatch: pytest.MonkeyPatch, client: Client, failed: int
) -> list[Callable[[Client], None]]:
    """So many attempts that end after connecting, then this client; who is told of an end."""
    told: list[Callable[[Client], None]] = []

    async def establish(
        _kind: object,
        _device: object,
        _name: str,
        on_gone: Callable[[Client], None],
        **_services: object,
    ) -> Client:
        told.append(on_gone)
        for _attempt in range(failed):
            on_gone(Client(is_connected=False))
        return client

    monkeypatch.setattr(bleak_retry_connector, "establish_connection", establish)
    return told


def test_the_end_of_a_failed_attempt_is_not_the_links_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts that dropped while being discovered say nothing of the link that came after."""
    ends: list[str] = []
    client = Client()
    told = _attempts(monkeypatch, client, failed=2)
    asyncio.run(connect(DEVICE, Platform(), RadioTimes(), lambda: ends.append("gone")))
    assert ends == []
    told[0](client)
    assert ends == ["gone"]


def test_a_link_that_ended_before_anybody_listened_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that comes back without its link is gone at once."""
    ends: list[str] = []
    _attempts(monkeypatch, Client(is_connected=False), failed=0)
    asyncio.run(connect(DEVICE, Platform(), RadioTimes(), lambda: ends.append("gone")))
    assert ends == ["gone"]


@pytest.mark.parametrize(
    ("backend", "room_bytes"),
    [(Platform(), 20), (PlatformThatKnowsTheMtu(), 247 - gatt.ATT_HEADER_BYTES)],
)
def test_pieces_are_as_long_as_the_link_allows(
    monkeypatch: pytest.MonkeyPatch, backend: Platform, room_bytes: int
) -> None:
    """A backend that can ask for the MTU of now is believed before bleak's memory of another."""
    _attempts(monkeypatch, Client(), failed=0)

    async def story() -> int:
        link = await connect(DEVICE, backend, RadioTimes(), lambda: None)
        assert await link.hello() == b"hello"
        return link.room_bytes

    assert asyncio.run(story()) == room_bytes
