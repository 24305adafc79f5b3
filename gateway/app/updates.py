"""Updates on their way to devices, one stretch after the other.

Knows: which image an order means, how far each has come. May not know: a radio, the log, when an
update is wanted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from anbu_wire.errors import RemoteProtocolError
from gateway.orders import Answer, Order
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command
from gateway.sync.sending import Outcome, Sending

NO_IMAGE = "no_image"
STAGED = "staged"  # all of it is there: the device starts it at a quiet moment
Send = Callable[[Command], Awaitable[DeviceAnswer | None]]
Over = tuple[Answer, str]


class Updates:
    """Each update that is waited for, by its order. `image(crc)`: its bytes, None for none."""

    def __init__(self, image: Callable[[int], bytes | None]) -> None:
        self._image = image
        self._sendings: dict[int, Sending] = {}

    async def go_on(self, order: Order, send: Send) -> Over | None:
        """Send until there is an outcome, or `send` gives None: something else comes first.

        The answer to the order and why; None: it is not over. Raises what `send` raises.
        """
        sending = self._sending(order)
        if sending is None:
            return Answer.REFUSED, NO_IMAGE
        sending.again()
        while command := sending.next():
            answer = await send(command)
            if answer is None:
                return None
            sending.take(answer)
        if sending.outcome is Outcome.CONFIRMED:
            return Answer.DONE, ""
        if sending.outcome is Outcome.REFUSED:
            return Answer.REFUSED, sending.code or sending.why
        return None

    def progress(self) -> dict[int, tuple[int, int, str]]:
        """Order id → (bytes there, bytes in all, why it waits: of sending.CODES, STAGED or "")."""
        return {
            order_id: (sending.offset, sending.size_bytes, _waits(sending))
            for order_id, sending in list(self._sendings.items())
        }

    def why(self, order: Order) -> str:
        """What stood in the way last; "" for nothing that the device said."""
        sending = self._sendings.get(order.id)
        return sending.code if sending is not None else ""

    def forget(self, order: Order) -> None:
        """It is over."""
        self._sendings.pop(order.id, None)

    def _sending(self, order: Order) -> Sending | None:
        if order.id not in self._sendings:
            data = self._image(order.arguments["crc"])
            try:
                if data is None:
                    return None
                self._sendings[order.id] = Sending(data)
            except RemoteProtocolError:
                return None
        return self._sendings[order.id]


def _waits(sending: Sending) -> str:
    return STAGED if sending.outcome is Outcome.STAGED else sending.code
