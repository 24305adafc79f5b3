"""What hands do to the box: a lid moves, and doses, refill and doses as needed learn what it was.

Knows: those rooms and in which order they are asked. May not know: lights, sounds, storage; the
time is handed in (wall seconds, 0 = unknown, and uptime).
"""

from anbu_wire.messages import (
    LID_CLOSED,
    LID_LEFT_OPEN,
    LID_OPENED,
    NO_SLOT,
    OPENED_AS_DUE,
    OPENED_NO_SLOT,
    OPENED_REFILL,
    OPENED_TOO_SOON,
    REFILL_END,
    SHAKEN,
    Record,
)
from anbu_wire.schedule import local_day
from pillbox.doses import Doses
from pillbox.lids import KEPT_MS, Lids, meaning
from pillbox.prn import Prn
from pillbox.refill import Refill
from pillbox.slot import (
    DUE,
    KEPT_EARLY,
    KEPT_LATE,
    KEPT_ON_TIME,
    LATE,
    LID,
    OPENED,
    REFILLED,
    SHOOK,
    SHUT,
    TOO_SOON,
    WRONG_LID,
    Slot,
)

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    Effects = list[tuple[int, tuple[int, int], int, int]]

_THIS_BOOT = -1
_OFFERED = (DUE, LATE)
_JUST_OPENED = (OPENED,)


class Hands:
    """The lids and everything they mean."""

    def __init__(self, compartments: int, doses: Doses) -> None:
        self.lids = Lids(compartments)
        self.refill = Refill(compartments)
        self.prn = Prn()
        # compartments whose lid was opened at an unknown time, or unseen: when that was over
        self.unseen: dict[int, int] = {}
        self._compartments = compartments
        self._doses = doses
        self._doubt_all = False  # a wrong lid was open for nobody knows how long

    # --- restart ---

    def recall(self, record: Record) -> None:
        """Takes one record of the log at start, oldest first, before the doses do."""
        self.lids.recall(record, self._doses.live.memory.due_one())
        self.refill.recall(record)
        self.prn.recall(record)
        if record.kind == LID_OPENED and not record.wall_s:
            self.unseen[record.compartment] = 0
        for compartment in self.unseen if record.wall_s else ():
            self.unseen[compartment] = self.unseen[compartment] or record.wall_s

    def resumed(self, open_mask: int, moved_mask: "int | None", at_start: bool) -> None:
        """Lids that stand open, and that moved unseen; None: nobody knows which did."""
        unseen = open_mask if moved_mask is None else moved_mask
        for compartment in range(self._compartments if unseen else 0):
            if unseen >> compartment & 1:
                self.unseen[compartment] = 0
        if at_start:
            moved = moved_mask if moved_mask is not None else (1 << self._compartments) - 1
            self._doubt_all = self.lids.resumed(open_mask, moved)
            self.prn.resumed()

    # --- time ---

    def look(self, wall_s: int, uptime_ms: int, effects: "Effects") -> None:
        """Time passed; the doses have had their look."""
        if wall_s:
            if self.unseen:
                self.unseen = {}
            if self._doubt_all:
                self._doubt_all = False
                self._doses.apply_all(-1, WRONG_LID, effects)
        if self.lids.busy:
            self._judge(uptime_ms, effects)
        if self.prn.waiting:
            self.prn.look(uptime_ms)

    def _judge(self, uptime_ms: int, effects: "Effects") -> None:
        """What the lids' durations say by now."""
        lids = self.lids
        for slot in self._doses.live.slots:
            open_ms = lids.open_ms(slot.entry.compartment, uptime_ms)
            if slot.state == OPENED and open_ms >= KEPT_MS:
                self._doses.apply(slot, slot.kept, effects)
        if lids.wrong_too_long(uptime_ms):
            self._doses.apply_all(-1, WRONG_LID, effects)
        left = lids.left(uptime_ms) if self.refill.mode == REFILL_END else 0
        for compartment in range(self._compartments if left else 0):
            if left >> compartment & 1:
                minutes = lids.open_ms(compartment, uptime_ms) // 60_000
                effects.append((LID_LEFT_OPEN, NO_SLOT, compartment, minutes))

    def rest_s(self, uptime_ms: int) -> int:
        """Seconds until a duration of lids or refill is over, 0 where none runs."""
        if self.prn.waiting or self._doses.first(_JUST_OPENED) is not None:
            return 1
        rest_s = self.lids.rest_s(uptime_ms)
        if self.refill.mode != REFILL_END:
            forgotten_s = self.refill.rest_s(uptime_ms)
            rest_s = min(rest_s or forgotten_s, forgotten_s)
        return rest_s

    # --- movements ---

    def opened(self, compartment: int, wall_s: int, uptime_ms: int, effects: "Effects") -> None:
        """A lid was opened (debounced)."""
        shaken = self.lids.opened(compartment, uptime_ms)
        if not wall_s:
            self.unseen[compartment] = 0
        if self.refill.mode != REFILL_END:
            effects.append((LID_OPENED, NO_SLOT, compartment, OPENED_REFILL))
            if self.refill.opened(compartment, uptime_ms):
                self.lids.warn(compartment, uptime_ms)
            self._doses.apply_all(1 << compartment, REFILLED, effects)
        elif not wall_s:
            effects.append((LID_OPENED, NO_SLOT, compartment, OPENED_NO_SLOT))
        elif not self._as_needed(compartment, wall_s, uptime_ms, effects):
            self._for_dose(compartment, wall_s, uptime_ms, effects)
        if shaken:
            effects.append((SHAKEN, NO_SLOT, compartment, shaken))
        if self.lids.shaken:
            self._doses.apply_all(self.lids.shaken, SHOOK, effects)

    def _as_needed(self, compartment: int, wall_s: int, uptime_ms: int, effects: "Effects") -> bool:
        schedule = self._doses.live.schedule
        entry = self.prn.entry_of(schedule, compartment, wall_s)
        if entry is None:
            return False
        slot = (local_day(schedule.zone, wall_s), entry.slot[1])
        value = self.prn.judge(entry, slot[0], wall_s)
        self.prn.opened(compartment, slot, value, wall_s, _THIS_BOOT, uptime_ms)
        self.lids.means(compartment, value, False, uptime_ms)
        effects.append((LID_OPENED, slot, compartment, value))
        return True

    def _for_dose(self, compartment: int, wall_s: int, uptime_ms: int, effects: "Effects") -> None:
        doses = self._doses
        value, slot = meaning(doses, compartment, wall_s)
        effects.append((LID_OPENED, slot.entry.slot if slot else NO_SLOT, compartment, value))
        self.lids.means(compartment, value, doses.first(_OFFERED) is not None, uptime_ms)
        if slot is not None and value == OPENED_AS_DUE:
            slot.kept = _kept(slot, wall_s)
            doses.apply(slot, LID, effects)
        elif value == OPENED_TOO_SOON:
            doses.apply(slot, TOO_SOON, effects)

    def closed(self, compartment: int, uptime_ms: int, effects: "Effects") -> None:
        """A lid was shut (debounced)."""
        open_ms = self.lids.open_ms(compartment, uptime_ms)
        self._judge(uptime_ms, effects)
        self._doses.apply_all(1 << compartment, SHUT, effects)
        self.prn.closed(compartment, _THIS_BOOT, uptime_ms)
        self.lids.closed(compartment)
        effects.append((LID_CLOSED, NO_SLOT, compartment, open_ms // 1000))
        if self.refill.mode != REFILL_END:
            self.refill.closed(compartment, open_ms, uptime_ms, effects)


def _kept(slot: Slot, wall_s: int) -> int:
    """What it means if a lid opened at that time stays open."""
    if wall_s < slot.prompt_wall_s:
        return KEPT_EARLY
    return KEPT_ON_TIME if wall_s < slot.closes_s else KEPT_LATE
