"""Lids, buttons and mains: what moved, told to the box in order.

Knows: contacts as bits, the debounce, interrupts that only leave a note. May not know: pins, what
an opening means.

While the processor stands still in one long call (a flash erase takes up to 400 ms) a short tap of
a button, or of a lid, comes and goes. Its edges are latched, a button's by the interrupt handler, a
lid's by its chip; they are believed only after such a call, because otherwise the levels are read
within milliseconds of every edge, and a disturbance on the wire must not count as "I am fine".
"""

from micropython import const

from anbu_device.core.debounce import Debounce
from anbu_device.core.faults import Faults
from anbu_wire.messages import MAINS_BACK, MAINS_LOST

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from typing import Protocol

    from pillbox.house import House, Pin

    class Flag(Protocol):
        """asyncio.ThreadSafeFlag."""

        def set(self) -> None:
            """Wakes whoever waits."""


_LIDS = const(28)
_ALL_LIDS = const(0x0FFFFFFF)
_OK = const(0x10000000)  # the bits above the lids: one debounce for all contacts
_HELP = const(0x20000000)
_EDGE_OK = const(4)  # bits of board.wakes
_EDGE_HELP = const(8)
_MAINS_MOST = const(20)  # records an hour: a loose plug, or a supply that gives up each second
_TAP_MS = const(30)  # a call that lasts longer may hide a press and its end


class Inputs:
    """`wake` is set by every interrupt. Reads the board at once: call it where nothing moves."""

    def __init__(self, house: "House", wake: "Flag") -> None:
        self._house = house
        self._wake = wake
        self._edges = 0  # wake lines that moved since the last look
        self._bit_of = house.board.wakes.bit  # bound here: the handler must not
        self._blind_since_ms = -1
        self._help_from_ms = -1  # since when the red button may have been down
        self.lids = Debounce(house.board.lids() | self._buttons())
        self._mains = Faults((MAINS_LOST, MAINS_BACK), _MAINS_MOST, self._on_cell())

    def woken(self, pin: "Pin") -> None:
        """The interrupt handler: a lid, a button, an alarm, mains. It allocates nothing."""
        self._edges |= self._bit_of(pin)
        self._wake.set()

    # --- looks ---

    @property
    def open_mask(self) -> int:
        """Lids that are open, 28 bits."""
        return self.lids.mask & _ALL_LIDS

    def was_blind(self, since_ms: int) -> None:
        """Nobody could look since then: taps that were over meanwhile are in the edges."""
        if self._house.uptime_ms() - since_ms > _TAP_MS and self._blind_since_ms < 0:
            self._blind_since_ms = since_ms

    def settled(self) -> bool:
        """Whether no contact is on its way to a change."""
        return self.lids.settled()

    def take(self) -> None:
        """One look at everything; what follows is shown, then written."""
        house = self._house
        uptime_ms = house.uptime_ms()
        edges = self._edges
        self._edges ^= edges
        since_ms, self._blind_since_ms = self._blind_since_ms, -1
        levels = house.board.lids() | self._buttons()
        touched = house.board.lid_chips.touched()
        self._take_blind()
        # Up at the look before, up now, and moved while nobody could look: a tap.
        taps = 0
        if since_ms >= 0:
            taps = _OK if edges & _EDGE_OK else 0
            taps = (
                (taps | (_HELP if edges & _EDGE_HELP else 0) | touched) & ~self.lids.mask & ~levels
            )
        changed = self.lids.sample(levels, uptime_ms)
        self._take_lids(changed & _ALL_LIDS, taps & _ALL_LIDS, uptime_ms)
        self._take_ok((changed & self.lids.mask | taps) & _OK)
        self._take_help(levels & _HELP, taps & _HELP, since_ms if since_ms >= 0 else uptime_ms)
        house.write(self._mains.look(uptime_ms, self._on_cell()))

    def _on_cell(self) -> int:
        return 0 if self._house.board.mains() else 1

    def _buttons(self) -> int:
        ok, red = self._house.board.buttons()
        return (_OK if ok else 0) | (_HELP if red else 0)

    def _take_blind(self) -> None:
        """Lids whose chip was dead or lost its registers: nobody watched them meanwhile."""
        blind = self._house.board.lid_chips.blind()
        if blind:
            self._house.box.unseen(blind)

    def _take_lids(self, changed: int, taps: int, uptime_ms: int) -> None:
        """All that moved at once is one reaction: no light waits for another lid's record."""
        if not (changed or taps):
            return
        house = self._house
        wall_s = house.clock.wall_s()
        effects = []
        for compartment in range(_LIDS):
            bit = 1 << compartment
            if changed & bit:
                effects += house.box.lid(compartment, self.lids.mask & bit > 0, wall_s, uptime_ms)
            elif taps & bit:
                effects += house.box.lid(compartment, True, wall_s, uptime_ms)
                effects += house.box.lid(compartment, False, wall_s, uptime_ms)
        house.write(effects)
        if not house.log.failed:
            house.board.lid_chips.told(self.open_mask)

    def _take_ok(self, pressed: int) -> None:
        if not pressed:
            return
        house = self._house
        house.reactions.locate(0)
        house.help.hush()
        effects = house.box.ok(house.clock.wall_s(), house.clock.uptime_ms)
        effects += house.question.ok()
        house.write(effects)

    def _take_help(self, level: int, tapped: int, since_ms: int) -> None:
        """The call judges how long it was held: from the earliest moment it can have been down."""
        house = self._house
        if not level and not tapped:
            self._help_from_ms = -1
        elif self._help_from_ms < 0:
            self._help_from_ms = since_ms
        if tapped or self.lids.mask & _HELP:
            house.help.button(True, self._help_from_ms)
        if not self.lids.mask & _HELP:
            house.help.button(False, house.clock.uptime_ms)
        house.write(house.help.look(house.clock.uptime_ms))
