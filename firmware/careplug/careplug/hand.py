"""The plug's button and its small light: "I am here" and "here I am".

Knows: one contact, one light, the debounce. May not know: pins, what a press means to anybody.
A press counts when the contact held. While the processor stands still in one long call (a flash
erase takes up to 400 ms) a tap comes and goes: its edges are believed only after such a call,
because a disturbance on the wire must not count as "I am here".
"""

from micropython import const

from anbu_device.core.debounce import Debounce
from anbu_wire.messages import NO_COMPARTMENT, NO_SLOT, OK_PRESSED

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    Effects = list[tuple[int, tuple[int, int], int, int]]

    class Board(Protocol):
        """A button and a light."""

        def pressed(self) -> bool:
            """Whether the button is down at this moment."""

        def led(self, lit: bool) -> None:
            """Switches the light."""


_TAP_MS = const(30)  # a call that lasts longer may hide a press and its end
_TAKEN_MS = const(1000)  # so long the light says that a press was taken
_BLINK_MS = const(500)


class Hand:
    """Starts with the button as it is: one that is stuck is no press."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._contact = Debounce(1 if board.pressed() else 0)
        self._edges = 0
        self._blind = False
        self._pressed = False
        self._lit = False
        self._taken_until_ms = 0
        self._located_until_ms = 0

    def moved(self) -> None:
        """The interrupt's note: an edge. Allocates nothing."""
        self._edges = 1

    def was_blind(self, duration_ms: int) -> None:
        """Nobody could look for so long."""
        self._blind = self._blind or duration_ms > _TAP_MS

    def settled(self) -> bool:
        """Whether the contact rests."""
        return self._contact.settled()

    def rests(self) -> bool:
        """Whether the button is up, and nothing about it waits to be looked at."""
        return self.settled() and not (self._contact.mask or self._edges)

    def take(self, uptime_ms: int) -> "Effects":
        """One look at the button."""
        edges, self._edges = self._edges, 0
        blind, self._blind = self._blind, False
        before = self._contact.mask
        down = 1 if self._board.pressed() else 0
        tapped = edges and blind and not before and not down
        if not tapped and not self._contact.sample(down, uptime_ms) & self._contact.mask:
            return []
        self._pressed = True
        self._located_until_ms = 0
        self._taken_until_ms = uptime_ms + _TAKEN_MS
        return [(OK_PRESSED, NO_SLOT, NO_COMPARTMENT, 0)]

    def was_pressed(self) -> bool:
        """Whether it is down, or went down since this was last asked."""
        pressed, self._pressed = self._pressed or self._contact.mask > 0, False
        return pressed

    def forget(self) -> None:
        """A new session: what was pressed before it is not asked for."""
        self._pressed = False

    # --- the light ---

    def locate(self, until_ms: int) -> None:
        """Blinks until then, or until the button is pressed."""
        self._located_until_ms = until_ms

    def busy(self, uptime_ms: int) -> bool:
        """Whether the light has something to say."""
        return uptime_ms < max(self._located_until_ms, self._taken_until_ms)

    def show(self, uptime_ms: int) -> None:
        """Brings the light to what it means now; dark at all other times, someone sleeps here."""
        lit = uptime_ms < self._taken_until_ms
        if uptime_ms < self._located_until_ms:
            lit = uptime_ms // _BLINK_MS % 2 == 0
        if lit != self._lit:
            self._lit = lit
            self._board.led(lit)
