"""The other life of a care plug: it takes an update, and senses nothing meanwhile.

Knows: log, radio, button, who takes updates. May not know: loads, lamps, meters; nobody but main
knows it. There is no room for both. It ends by itself: staged, refused, or when nobody brings
anything any more; each time the chip starts anew, and the wish was for this one start.
A press of the button is a record here too.
"""

from micropython import const

from anbu_device.core.service import Service
from anbu_wire.bundle import CONFIRMED, IDLE, NOT_BEGUN, WRONG_OFFSET
from anbu_wire.gatt import CARE_PLUG
from anbu_wire.messages import BOOT, NO_COMPARTMENT, NO_SLOT
from node import Node

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from anbu_wire.messages import Record
    from board import Board
    from careplug.wish import Wish

_PATIENCE_MS = const(600_000)  # nobody brought a byte for so long
_LONGEST_MS = const(3_600_000)  # whoever is slower goes on in the next such life
_TOLD_MS = const(5000)  # a refusal is asked for once more where its answer was lost


class UpdatingService(Service):
    """What the gateway may ask meanwhile."""

    def parameters(self) -> "list[tuple[int, int]]":
        """The choices that hold, and the factory's gains."""
        rows: "list[tuple[int, int]]" = self._house.choices.rows()
        return rows

    def set_parameter(self, parameter: int, value: int) -> int:
        """Keeps a choice for ordinary life; the value is in its range."""
        code: int = self._house.choices.set(parameter, value)
        return code


class Updating(Node):
    """The plug that takes an update. Raises OSError or MemoryError where it cannot."""

    service: UpdatingService

    def __init__(self, board: "Board", wish: "Wish") -> None:
        super().__init__(board, wish)
        self.log.read_in(self._recall)
        self.service = UpdatingService(self)
        self.connect(CARE_PLUG, "Anbu care plug")
        self._ends_ms = self.uptime_ms() + _PATIENCE_MS
        self._offset = 0
        self.write([(BOOT, NO_SLOT, NO_COMPARTMENT, board.reset_cause)])
        if self.updates() is None:
            raise OSError("no updates here")

    def _recall(self, _record: "Record") -> None:
        """Nothing of it is needed; that it was read tells the log where to go on."""

    def update_answer(
        self, kind: int, fields: "dict[str, int]", tail: bytes
    ) -> "tuple[int, ...] | None":
        """The fields of UPDATE_STATE."""
        answer = super().update_answer(kind, fields, tail)
        if answer is not None:
            self._judge(*answer[:3])
        return answer

    def _judge(self, offset: int, state: int, reason: int) -> None:
        """How long this life goes on after such an answer."""
        uptime_ms = self.clock.uptime_ms
        if offset > self._offset:
            self._offset = offset
            self._ends_ms = uptime_ms + _PATIENCE_MS
        over = state in (IDLE, CONFIRMED) and reason not in (NOT_BEGUN, WRONG_OFFSET)
        if over:  # refused, or it runs here already
            self._ends_ms = min(self._ends_ms, uptime_ms + _TOLD_MS)

    def restart(self) -> None:
        """Starts the chip anew, and not for an update."""
        self.wish.ended()
        super().restart()

    def look_now(self) -> None:
        """What a second brings: staged, or nobody brings anything any more."""
        super().look_now()
        uptime_ms = self.clock.uptime_ms
        if uptime_ms >= min(self._ends_ms, _LONGEST_MS) and self.hand.rests():
            self.restart()
