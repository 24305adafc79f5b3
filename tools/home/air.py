"""The radio of the virtual home: one air, a BLE host for every box, a controller for the gateway.

Knows: who has a radio and where the gateway's HCI socket is.
May not know: Anbu's service, sessions, the story.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from bumble import hci as hci_module
from bumble.transport.common import PacketParser

from tools.home.airfaults import AirFaults, FaultyLink
from tools.home.ether import AirController, AirLink
from tools.home.nimble import LOST, SENT, NimbleHost

GATEWAY_ADDRESS = "B8:27:EB:00:00:01"

_log = logging.getLogger(__name__)


class BoxBoard(Protocol):
    """What the air needs of the house's Board (tools/home/machine/board.py)."""

    def route(self, types: range, handler: Callable[[int, bytes], Awaitable[bytes]]) -> None:
        """Have the box's requests of these types answered by `handler`."""

    async def event(self, kind: int, payload: bytes) -> bool:
        """Send an event to the box's process; False when there is none."""

    def on_box(self, handler: Callable[[bool], None]) -> None:
        """`handler(connected)` is called when the box's process comes or goes."""


class BoxRadio:
    """The radio of one box."""

    def __init__(self, link: AirLink, board: BoxBoard, address: str) -> None:
        self._link = link
        self.controller = AirController(f"box {address}", link, address)
        self.nimble = NimbleHost(self.controller, board)
        board.route(range(0x10, 0x20), self.nimble.handle)
        board.on_box(self._on_box)

    def out_of_range(self, away: bool) -> None:
        """Carry the box out of everybody's reach, or back."""
        self._link.set_hidden(self.controller, away)

    def set_faults(self, faults: AirFaults | None) -> FaultyLink | None:
        """Make this box's air so bad from now on; None = good again. It counts what happened."""
        faulty = self._link.set_faults(self.controller, faults)

        def fate(_value: bytes) -> str:
            return LOST if faulty and faulty.loses() else SENT

        self.nimble.fate = fate
        return faulty

    def _on_box(self, _connected: bool) -> None:
        # The process came or went: either way its BLE stack begins anew.
        self.nimble.power_cut()


class Air:
    """All radios of a home. `supervision_timeout_s` = how long a silent link lives."""

    def __init__(self, supervision_timeout_s: float = 2.0) -> None:
        self._supervision_timeout_s = supervision_timeout_s
        self._radio: tuple[AirLink, AirController] | None = None
        self.boxes: list[BoxRadio] = []
        self._servers: list[asyncio.Server] = []
        self._plugged: _Plug | None = None

    async def start(self, hci: str | Path | None = None) -> str:
        """Begin; needs a running loop. `hci`: where to serve the gateway's controller."""
        link = AirLink(self._supervision_timeout_s)
        self._radio = link, AirController("gateway", link, GATEWAY_ADDRESS)
        self.gateway.random_address = hci_module.Address("F0:00:00:00:00:01")
        return await self.gateway_hci(hci) if hci else ""

    @property
    def link(self) -> AirLink:
        """The link bus. Raises RuntimeError before `start`."""
        return self._started()[0]

    @property
    def gateway(self) -> AirController:
        """The gateway's controller. Raises RuntimeError before `start`."""
        return self._started()[1]

    def _started(self) -> tuple[AirLink, AirController]:
        if self._radio is None:
            raise RuntimeError("the air is not there yet: await start() first")
        return self._radio

    def add_box(self, board: BoxBoard, address: str | None = None) -> BoxRadio:
        """Give a box its radio; `address` is its public address, `AA:BB:CC:DD:EE:FF`."""
        address = address or f"7C:DF:A1:00:00:{len(self.boxes) + 1:02X}"
        radio = BoxRadio(self.link, board, address)
        radio.controller.random_address = hci_module.Address(f"F1{address[2:]}")
        self.boxes.append(radio)
        return radio

    def add_radio(self, name: str, address: str) -> AirController:
        """One more radio on the air, of nobody in this home; `address` is its public address."""
        radio = AirController(name, self.link, address)
        radio.random_address = hci_module.Address(f"F2{address[2:]}")
        return radio

    async def gateway_hci(self, where: str | Path) -> str:
        """Serve the gateway's controller at a unix socket path or `HOST:PORT`.

        Returns the name under which Bumble opens it: `unix-client:PATH` or `tcp-client:HOST:PORT`.
        One client at a time; each finds a freshly reset controller.
        """
        loop = asyncio.get_running_loop()
        place = str(where)
        if "/" in place:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(place)  # noqa: PTH108  # a socket left over from a house that was killed
            self._servers.append(await loop.create_unix_server(self._plug, place))
            return f"unix-client:{place}"
        host, _, port = place.rpartition(":")
        server = await loop.create_server(self._plug, host, int(port))
        self._servers.append(server)
        return f"tcp-client:{host}:{server.sockets[0].getsockname()[1]}"

    def _plug(self) -> _Plug:
        if self._plugged:
            self._plugged.pull()
        self._plugged = _Plug(self.gateway)
        return self._plugged

    def out_of_range(self, away: bool) -> None:
        """Carry the gateway out of every box's reach, or back: links drop, nothing is heard."""
        self.link.set_hidden(self.gateway, away)

    async def stop(self) -> None:
        """Close the sockets and end all radios."""
        if self._plugged:
            self._plugged.pull()
        for server in self._servers:
            server.close()
            await server.wait_closed()
        for box in self.boxes:
            box.nimble.close()


class _Plug(asyncio.Protocol):
    """One host process plugged into the gateway's controller."""

    def __init__(self, controller: AirController) -> None:
        self._controller = controller
        self._transport: asyncio.Transport | None = None
        self._parser = PacketParser(controller)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._controller.power_cut()
        self._controller.set_packet_sink(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_packet(self, packet: bytes) -> None:
        """An HCI packet from the controller to the host process."""
        if self._transport:
            self._transport.write(packet)

    def connection_lost(self, exc: Exception | None) -> None:
        _log.debug("the gateway's host is gone: %s", exc)
        self.pull()

    def pull(self) -> None:
        """Unplug: the controller forgets everything, links drop by silence."""
        if self._controller.hci_sink is self:
            self._controller.set_packet_sink(None)
            self._controller.power_cut()
        if self._transport:
            self._transport.close()
            self._transport = None
