"""How a prompt grows louder, and how the big OK button quiets it.

Knows: the escalation as a table, hush and snooze, quiet hours, which slots ask to be taken.
May not know: lids, lights, records, chips; the time is handed in.
"""

from micropython import const

from anbu_wire.schedule import LOW
from pillbox.signals import LOUD, LOUDER, SILENT, SOFT, staged
from pillbox.slot import DUE

TYPE_CHECKING = False  # MicroPython has no typing
if TYPE_CHECKING:
    from pillbox.slot import Slot

# Since the series began: (from s, the sounds of a burst, ten seconds each, a burst every s).
# Each burst rises over its 30 s: so a sleeper is woken, and not startled. The widest window that
# ISMP knows is two hours: whoever has not come by then is not called by more noise at night.
ESCALATION = (
    (0, (SILENT,), 10),  # the light alone
    (30, (SOFT,), 10),
    (120, (SOFT, LOUD, LOUD), 300),
    (720, (SOFT, LOUD, LOUDER), 300),
    (7200, (SILENT,), 10),  # the light alone, to the end of the window and beyond
)

HUSH_S = const(300)  # the first press: she has heard it
SNOOZE_S = const(600)  # pressed once more: she comes a little later
SNOOZES_MAX = const(3)

# what a press of OK did
NOTHING = const(0)
HUSHED = const(1)
SNOOZED = const(2)


class Prompts:
    """The one sound that all slots that are due share. `snoozes`: how many this series had."""

    def __init__(self) -> None:
        self.snoozes = 0
        self._silent_for = NOTHING
        self._silent_until_s = 0
        self._quiet = (0, 0)
        self._back_s = 0  # when a clock set back was first seen before a series' begin

    def set_quiet(self, from_min: int, until_min: int) -> None:
        """Doses of low criticality make no sound between these local minutes; equal = never."""
        self._quiet = (from_min, until_min)

    def begin(self) -> None:
        """A slot's series begins: it is heard whatever was pressed before."""
        self.snoozes = 0
        self._silent_for = NOTHING
        self._back_s = 0

    def ok(self, wall_s: int) -> int:
        """OK was pressed while a prompt shows: NOTHING, HUSHED or SNOOZED followed."""
        silent_for = self._silenced(wall_s)
        if silent_for == NOTHING:
            self._silent_for = HUSHED
            self._silent_until_s = wall_s + HUSH_S
            return HUSHED
        if silent_for == SNOOZED or self.snoozes >= SNOOZES_MAX:
            return NOTHING
        self.snoozes += 1
        self._silent_for = SNOOZED
        self._silent_until_s = wall_s + SNOOZE_S
        return SNOOZED

    def sound(self, slots: "list[Slot]", wall_s: int, local_minute: int) -> int:
        """The loudest that any slot's series asks for now; nothing at an unknown time (0)."""
        loudest: int = SILENT
        if not wall_s or self._silenced(wall_s) != NOTHING:
            return loudest
        quiet = self._in_quiet_hours(local_minute)
        for slot in slots:
            if slot.state == DUE and slot.armed and not (quiet and slot.entry.criticality == LOW):
                loudest = max(loudest, staged(ESCALATION, self._since_s(slot, wall_s)))
        return loudest

    def _since_s(self, slot: "Slot", wall_s: int) -> int:
        """How old its series is; counted anew where the clock went back to before it began."""
        since_s = wall_s - slot.prompt_wall_s
        if since_s >= 0:
            return since_s
        if not 0 < self._back_s <= wall_s:
            self._back_s = wall_s
        return wall_s - self._back_s

    def _silenced(self, wall_s: int) -> int:
        """By what it is silent. A clock that went back makes no silence longer than it was."""
        rest_s = self._silent_until_s - wall_s
        most_s = SNOOZE_S if self._silent_for == SNOOZED else HUSH_S
        return self._silent_for if 0 < rest_s <= most_s else NOTHING

    def _in_quiet_hours(self, minute: int) -> bool:
        from_min, until_min = self._quiet
        if from_min <= until_min:
            return from_min <= minute < until_min
        return minute >= from_min or minute < until_min
