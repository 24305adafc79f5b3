"""The lids: what an opening means, how long each stands open, which warn, whether it was shaking.

Knows: openings by uptime, the limits of brief, wrong, shaken and left open. May not know: the life
of a slot, lights, storage. Masks have a bit a lid.
"""

from micropython import const

from anbu_wire.messages import (
    LID_CLOSED,
    LID_LEFT_OPEN,
    LID_OPENED,
    OPENED_AFTER,
    OPENED_AGAIN,
    OPENED_AS_DUE,
    OPENED_NO_SLOT,
    OPENED_PRN_TOO_MANY,
    OPENED_PRN_TOO_SOON,
    OPENED_TOO_SOON,
    OPENED_WRONG,
    Record,
)
from pillbox.slot import (
    DOUBTFUL,
    DUE,
    LATE,
    MISSED,
    OPEN,
    PAUSED,
    SKIPPED,
    TAKEN,
    TOUCHED,
    UNKNOWN,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.doses import Doses
    from pillbox.slot import Slot

KEPT_MS = const(1000)  # open for less is brief
_WRONG_MS = const(10_000)
_LEFT_MS = const(300_000)
_WARN_MS = const(20_000)  # the longest a warning sounds
_SHUT_ME_MS = const(10_000)  # the longest a lid left open does
_SHAKEN_MS = const(1000)
_SHAKEN_LIDS = const(4)
_QUIET_MS = const(2000)
_LONG_AGO_MS = const(-1_000_000)
_AGAIN_S = const(57_600)  # after sixteen hours a compartment means its old slot no more

_WARNED = (
    OPENED_WRONG,
    OPENED_AGAIN,
    OPENED_NO_SLOT,
    OPENED_TOO_SOON,
    OPENED_AFTER,
    OPENED_PRN_TOO_SOON,
    OPENED_PRN_TOO_MANY,
)
_DOUBTS = (OPENED_WRONG, OPENED_AGAIN, OPENED_AFTER)  # while another slot is due


def meaning(doses: "Doses", compartment: int, wall_s: int) -> "tuple[int, Slot | None]":
    """What an opening at a known time is: a value of LID_OPENED, and the slot it is about."""
    own = doses.first((OPEN, DUE, LATE, TOUCHED), compartment)
    if own is not None:
        return OPENED_TOO_SOON if wall_s < own.not_before_s else OPENED_AS_DUE, own
    over = None
    for slot in doses.live.slots:
        if slot.entry.compartment != compartment or wall_s - slot.entry.due_wall_s >= _AGAIN_S:
            continue
        if slot.state in (TAKEN, DOUBTFUL):
            return OPENED_AGAIN, slot
        if slot.state in (MISSED, SKIPPED, UNKNOWN, PAUSED):
            over = slot
    if over is not None:
        return OPENED_AFTER, over
    due = doses.first((DUE, LATE))
    return (OPENED_WRONG if due else OPENED_NO_SLOT), due


class Lids:
    """Which lids stand open, since when, and what is wrong with that."""

    def __init__(self, compartments: int) -> None:
        self.open = 0
        self.warned = 0
        self.left_open = 0
        self.shaken = 0  # lids that opened in the shaking that goes on
        self._doubting = 0  # wrong lids that have not been open for ten seconds
        self._since_ms = [0] * compartments
        self._opened_ms = [_LONG_AGO_MS] * compartments  # the last opening, whatever came after it
        self._shook_ms = _LONG_AGO_MS
        self._warned_ms = _LONG_AGO_MS
        self._told_ms = _LONG_AGO_MS  # when a lid left open was told of
        self._recalled: dict[int, int] = {}  # before a restart: since when, in wall seconds

    # --- movements ---

    def opened(self, compartment: int, uptime_ms: int) -> int:
        """A lid was opened. Where a shaking begins, how many did so within a second; else 0."""
        self.closed(compartment)
        bit = 1 << compartment
        self.open |= bit
        self._since_ms[compartment] = self._opened_ms[compartment] = uptime_ms
        shaking = self.shaken and uptime_ms - self._shook_ms < _QUIET_MS
        moved = count = 0
        for i in range(len(self._opened_ms)):
            if uptime_ms - self._opened_ms[i] <= _SHAKEN_MS:
                moved |= 1 << i
                count += 1
        self.shaken = self.shaken | bit if shaking else 0
        if shaking or count >= _SHAKEN_LIDS:
            self._shook_ms = uptime_ms
            self.shaken |= moved
        return count if self.shaken and not shaking else 0

    def means(self, compartment: int, value: int, another_due: bool, uptime_ms: int) -> None:
        """What that opening is (LID_OPENED's value): whether it warns, and makes doubtful."""
        if value in _WARNED:
            self.warn(compartment, uptime_ms)
        if value in _DOUBTS and another_due:
            self._doubting |= 1 << compartment

    def warn(self, compartment: int, uptime_ms: int) -> None:
        """This lid is the wrong one: light as long as it is open, sound for a while."""
        self.warned |= 1 << compartment
        self._warned_ms = uptime_ms

    def closed(self, compartment: int) -> None:
        """A lid was shut; whatever depends on how long it was open is judged before."""
        bit = ~(1 << compartment)
        self.open &= bit
        self.warned &= bit
        self.left_open &= bit
        self._doubting &= bit

    def open_ms(self, compartment: int, uptime_ms: int) -> int:
        """How long that lid has been open; 0 for one that is shut."""
        is_open = self.open >> compartment & 1
        return uptime_ms - self._since_ms[compartment] if is_open else 0

    # --- time ---

    def wrong_too_long(self, uptime_ms: int) -> bool:
        """Whether a wrong lid was just found open for more than ten seconds; once an opening."""
        found = False
        for i in range(len(self._since_ms) if self._doubting else 0):
            if self._doubting >> i & 1 and uptime_ms - self._since_ms[i] > _WRONG_MS:
                self._doubting &= ~(1 << i)
                found = True
        return found

    def left(self, uptime_ms: int) -> int:
        """The lids just found open for five minutes, once an opening."""
        found = 0
        for i in range(len(self._since_ms) if self.open & ~self.left_open else 0):
            if (self.open & ~self.left_open) >> i & 1 and self.open_ms(i, uptime_ms) >= _LEFT_MS:
                found |= 1 << i
                self._told_ms = uptime_ms
        self.left_open |= found
        return found

    @property
    def busy(self) -> bool:
        """Whether time alone will change what an open lid means."""
        return bool(self._doubting or self.open & ~self.left_open)

    def rest_s(self, uptime_ms: int) -> int:
        """Seconds until that happens, rounded up; 0 = it will not."""
        soonest_ms = 0
        for i in range(len(self._since_ms) if self.busy else 0):
            open_ms = self.open_ms(i, uptime_ms)
            rest_ms = 0
            if self._doubting >> i & 1:
                rest_ms = _WRONG_MS + 1 - open_ms
            elif (self.open & ~self.left_open) >> i & 1:
                rest_ms = _LEFT_MS - open_ms
            if rest_ms and (not soonest_ms or rest_ms < soonest_ms):
                soonest_ms = max(1, rest_ms)
        return (soonest_ms + 999) // 1000

    def warns(self, uptime_ms: int) -> bool:
        """Whether the warning of a wrong lid sounds."""
        return self.warned != 0 and uptime_ms - self._warned_ms < _WARN_MS

    def says_shut_me(self, uptime_ms: int) -> bool:
        """Whether a lid left open sounds."""
        return self.left_open != 0 and uptime_ms - self._told_ms < _SHUT_ME_MS

    # --- restart ---

    def recall(self, record: Record, another_due: bool) -> None:
        """Takes one record of the log at start, oldest first."""
        i = record.compartment
        if i >= len(self._since_ms):
            return
        if record.kind == LID_CLOSED:
            self.closed(i)
            self._recalled.pop(i, None)
        elif record.kind == LID_OPENED:
            self.closed(i)
            self.open |= 1 << i
            self._recalled[i] = record.wall_s
            if record.wall_s:
                self.means(i, record.value, another_due, _LONG_AGO_MS)
        elif record.kind == LID_LEFT_OPEN:
            self.left_open |= 1 << i

    def resumed(self, open_mask: int, moved_mask: int) -> bool:
        """At start: lids that stand open, lids that may have moved since the log's last word.

        True where a wrong one may have: nobody knows how long it stood open.
        """
        same = self.open & open_mask & ~moved_mask
        lost = bool(self._doubting & ~same)
        for i in range(len(self._since_ms) if self.open & ~same else 0):
            if not same >> i & 1:
                self._recalled.pop(i, None)
        self.open = open_mask
        self.warned &= open_mask
        self.left_open &= same
        self._doubting &= same
        return lost

    def time_known(self, wall_s: int, uptime_ms: int) -> None:
        """The first look after a restart: how long the lids have been open by then."""
        for i in self._recalled:
            opened_s = self._recalled[i]
            if opened_s and wall_s:
                self._since_ms[i] = uptime_ms - max(0, wall_s - opened_s) * 1000
        self._recalled = {}
