"""A box for crowds on the virtual air: the device's end of the language in this process.

Knows: the firmware's session and link, Bumble's GATT server (tools/home/impostors.py).
May not know: MicroPython, the gateway. Twenty of them cost less than one firmware process.
"""

from __future__ import annotations

import os

from anbu_wire import gatt
from anbu_wire.errors import RemoteProtocolError
from anbu_wire.session import CHALLENGE, DEVICE, Session
from tests.gateway.radio_fake import FakeDevice
from tools.home.air import Air
from tools.home.impostors import FalseBox


class LightBox(FakeDevice):
    """A box with `records` records and `key`, on the air of `air`; `sessions` counts them."""

    def __init__(self, air: Air, number: int, key: bytes, records: int = 0) -> None:
        self.address = f"7C:DF:A1:00:01:{number:02X}"
        super().__init__(f"box-{number}", key, self.address, records)
        self._radio = air.add_radio(f"box {number}", self.address)
        self._air = air
        self._session: Session | None = None
        self._server = FalseBox(self._radio, self.hello, self._answer)
        self.sessions = 0

    async def appear(self) -> None:
        """Advertise and serve."""
        await self._server.open(gatt.advertisement(gatt.CONNECT_PLEASE))

    async def vanish_for_good(self) -> None:
        """Be switched off."""
        await self._server.close()

    @property
    def links(self) -> int:
        """How many links stand, as its own radio sees it."""
        return len(self._radio.le_connections)

    def _answer(self, frame: bytes) -> list[bytes]:
        if frame[0] == CHALLENGE:
            self._session = Session(DEVICE, self.key, self.device_id, gatt.PILL_BOX)
            self.link.begin()
        session = self._session
        out: list[bytes] = []
        if session is None:
            return out
        try:
            for step in session.receive(frame, os.urandom(16)):
                match step:
                    case ("send", answer):
                        out.append(answer)
                    case ("established",):
                        self.sessions += 1
                    case ("message", message):
                        out += [session.seal(reply) for reply in self.link.receive(message)]
        except RemoteProtocolError:
            self._session = None
        return out
