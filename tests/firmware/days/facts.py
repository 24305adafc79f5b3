"""What the oracle takes for given: the numbers of the record table, and a calendar of its own.

Knows: record kinds and values as written in the radio's tables, entries as plain tuples of 16
numbers. May not know: any file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Slot = tuple[int, int]
Effect = tuple[int, Slot, int, int]  # kind, slot, compartment, value
# kind, slot, compartment, value, wall s, uptime ms, boot, timeline
Logged = tuple[int, Slot, int, int, int, int, int, int]
Zone = tuple[int, int, int]  # minutes east; the change's wall s or 0; minutes after it
PlainEntry = tuple[Any, ...]  # the sixteen numbers of an entry, the slot a pair

DAY_S = 86_400
NOBODY: Slot = (0, 0)

SCHEDULE_STORED = 3
PROMPTED, SNOOZED, TAKEN, LATE, MISSED, SKIPPED, DOUBTFUL = 6, 7, 8, 9, 10, 11, 12
LID_OPENED, LID_CLOSED, OK_PRESSED, UNKNOWN = 13, 14, 15, 22
REFILL_BEGUN, REFILL_ENDED, PAUSED = 24, 25, 26
POSTPONED, LEFT_OPEN, SHAKEN, FILLED, UNFILLED, EMPTIED = 29, 30, 31, 32, 33, 34
FINALS = frozenset((TAKEN, MISSED, SKIPPED, DOUBTFUL, UNKNOWN, PAUSED))
JUDGED = FINALS | {
    PROMPTED, SNOOZED, LATE, LID_OPENED, OK_PRESSED, REFILL_BEGUN, REFILL_ENDED,
    POSTPONED, LEFT_OPEN, SHAKEN, FILLED, UNFILLED, EMPTIED,
}  # fmt: skip

AS_DUE, WRONG, AGAIN, NO_SLOT, REFILL, TOO_SOON, AFTER = 0, 1, 2, 3, 4, 5, 6
PRN, PRN_TOO_SOON, PRN_TOO_MANY = 7, 8, 9
BY_WRONG_LID, BY_BRIEF, BY_SHAKE, BY_BLIND, BY_SPACING, BY_REFILL = 0, 1, 2, 3, 4, 5
BY_LATE, BY_POSTPONED, BY_WORD = 0, 1, 2
FILL, TAKE_OUT = 1, 2

# The states of a dose; a final one is the number of its record.
WAITING, OPEN, DUE, LATER, OPENED, TOUCHED = "waiting", "open", "due", "late", "opened", "touched"
State = str | int
BEGUN = (OPEN, DUE, LATER, TOUCHED)


@dataclass(slots=True)
class Dose:
    """One dose slot and what became of it. Times in wall seconds."""

    slot: Slot
    compartment: int
    due: int
    early_s: int
    window_s: int
    late_s: int
    skip_s: int
    spacing_s: int
    after: Slot
    criticality: int
    state: State = WAITING
    base: int = 0  # the prompt's time, not before the spacing is over
    prompted: bool = False
    armed: bool = False  # its series' record is flushed
    doubt: bool = False  # the clock jumped, or nobody watched
    blind: bool = False  # opened when nobody knew the time
    postponed: bool = False
    loose: bool = False  # the sentences leave open what becomes of it
    spoilt: bool = False  # opened by its own lid: never a prompt any more
    restarted: bool = False  # its series went on after a restart
    silent: bool = False  # too late for a prompt
    ours: bool = True  # must come to an end
    late_start: bool = False  # watched from the middle only: MISSED and UNKNOWN are both right
    hushed_s: int = 0
    snoozed_s: int = 0
    snoozes: int = 0
    prompted_s: int = 0
    perhaps_wrong: bool = False  # a wrong lid stood open when the box went off

    @property
    def final(self) -> bool:
        """Whether only a person's word can change it."""
        return isinstance(self.state, int)

    @property
    def end(self) -> int:
        """When the last of its windows is over."""
        return max(self.base, self.due) + self.window_s + self.late_s


def anew(dose: Dose) -> Dose:
    """The same dose of the schedule, of which nothing has been written."""
    windows = (dose.early_s, dose.window_s, dose.late_s, dose.skip_s, dose.spacing_s)
    plan = (dose.slot, dose.compartment, dose.due, *windows, dose.after, dose.criticality)
    return Dose(*plan, base=dose.due)


def offset_s(zone: Zone, wall_s: int) -> int:
    """Seconds east of UTC at that moment."""
    before, change, after = zone
    return 60 * (after if change and wall_s >= change else before)


def local_day(zone: Zone, wall_s: int) -> int:
    """The local date, counted in days from 2000-01-01."""
    return (wall_s + offset_s(zone, wall_s)) // DAY_S


def slots_between(entries: list[PlainEntry], zone: Zone, from_s: int, to_s: int) -> list[Dose]:
    """Every dose that falls due from … to, by looking at each date of a calendar."""
    found = []
    for entry in entries:
        slot, compartment, due, early, window, late, skip, spacing, back, index, crit = entry[:11]
        every, weekdays, until, step, daily_max = entry[11:]
        if daily_max:
            continue
        rule = (every, weekdays, until)
        for day, when in _dates(slot[0], due, rule, zone, (from_s, to_s)):
            lid = compartment + step * ((day + 5) % 7) * bool(rule[0])
            found.append(
                Dose(
                    (day, slot[1]), lid, when, early * 60, window * 60, late * 60, skip * 60,
                    spacing * 60, (day - back, index), crit, base=when,
                )
            )  # fmt: skip
    return found


def _dates(
    first: int, due: int, rule: tuple[int, int, int], zone: Zone, span: tuple[int, int]
) -> list[tuple[int, int]]:
    """(day, due wall s) of one entry within the span."""
    every, weekdays, until = rule
    if not every:
        return [(first, due)] if span[0] <= due <= span[1] else []
    found = []
    clock = due + offset_s(zone, due) - first * DAY_S  # what a clock on the wall says, from day 0
    for day in range(max(first, span[0] // DAY_S - 3), span[1] // DAY_S + 4):
        if (day - first) % every or (until and day > until):
            continue
        if weekdays and not weekdays & (1 << (day + 5) % 7):  # 2000-01-01 was a Saturday
            continue
        when = due if day == first else _moment_of(zone, day * DAY_S + clock)
        if span[0] <= when <= span[1]:
            found.append((day, when))
    return found


def _moment_of(zone: Zone, on_the_wall: int) -> int:
    """When a clock on the wall says so: the first time, and where none is an hour later."""
    old, new = on_the_wall - 60 * zone[0], on_the_wall - 60 * zone[2]
    if not zone[1] or old < zone[1]:
        return old
    return new if new >= zone[1] else old
