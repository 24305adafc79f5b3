"""How the doses of each month stand, counted dose by dose as facts and time change them.

Knows: which doses a fact or an hour may have changed. May not know: what an outcome is made of, a
page; the time is an argument.

    doses.note(household, event)             folded by gateway.home
    doses.look(household, month, now_ms)     counts some of what is not counted; how many wait
    doses.of[month].counts                   right at that instant once none waits

What may stand otherwise is stale, however long ago its day was: a box that was alone reports last
month's doses, and these alone are counted again. Everything here is derived and kept nowhere else:
a process that begins, with these definitions or others, counts all of it anew from the log.
"""

from __future__ import annotations

import bisect
from collections import Counter
from dataclasses import dataclass, field

from gateway.adherence import Outcome, State, outcome
from gateway.beliefs import CloseKey
from gateway.events import DeviceCaughtUp, DeviceRecord, DoseCorrected, Event, NotMonitored, SlotId
from gateway.household import Household

AT_ONCE = 200  # doses: nobody waits longer than for so many
# A dose in one of these is not over.
OPEN = frozenset({State.WAITING, State.OPEN, State.DUE, State.LATE})
NOT_OVER = "not_over"
_ZERO: CloseKey = (0, "", "", -1)


@dataclass(slots=True)
class Kept:
    """A month. What is not stale stands as it was counted while time is at `upto`."""

    stale: set[SlotId] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    hers: dict[str, dict[SlotId, str]] = field(default_factory=dict)  # person → dose → counted as
    upto: CloseKey = _ZERO  # the windows that end before this are over
    first_ms: int | None = None  # between which two
    last_ms: int = 0  # the windows end of all that was ever counted
    # When a word that nothing was taken begins to hold, then the dose's id; in order.
    ends: list[CloseKey] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many are not counted, as far as that is known."""
        return len(self.stale)

    def pass_to(self, by_close: list[CloseKey], month: str, now_ms: int) -> bool:
        """Time goes to `now_ms`, or back to it; True: it is there, False: some way of it is left.

        By time alone a dose changes where its window ends, or where a word begins to hold.
        """
        target: CloseKey = (now_ms + 1, "", "", -1)
        self._words_until(target)
        first_ms = self.first_ms
        begins, ends = sorted((self.upto, target))
        begins = max(begins, (first_ms or 0, "", "", -1))
        ends = min(ends, (self.last_ms + 1, "", "", -1))
        if first_ms is None or begins >= ends:
            self.upto = target
            return True
        begin, end = bisect.bisect_left(by_close, begins), bisect.bisect_left(by_close, ends)
        if self.upto < target:
            some = by_close[begin : min(end, begin + AT_ONCE)]
            there = begin + AT_ONCE >= end
            self.upto = target if there else by_close[begin + AT_ONCE]
        else:
            some = by_close[max(begin, end - AT_ONCE) : end]
            there = end - AT_ONCE <= begin
            self.upto = target if there else by_close[end - AT_ONCE]
        self.stale.update(SlotId(*key[1:]) for key in some if key[2].startswith(month))
        return there

    def _words_until(self, target: CloseKey) -> None:
        begins, ends = sorted((self.upto, target))
        begin, end = bisect.bisect_left(self.ends, begins), bisect.bisect_left(self.ends, ends)
        self.stale.update(SlotId(*key[1:]) for key in self.ends[begin:end])

    def put(self, slot: SlotId, state: str | None) -> None:
        """It stands so now; None: it is planned no more."""
        hers = self.hers.setdefault(slot.person_id, {})
        before = hers.pop(slot, None)
        if before is not None:
            self.counts[before] -= 1
        if state is not None:
            self.counts[state] += 1
            hers[slot] = state


@dataclass(slots=True)
class Doses:
    """Of a home; by month, "2026-10", of the day for which a dose is planned. PRN is none."""

    of: dict[str, Kept] = field(default_factory=dict)
    # Doses of which any record of a device may say how they stand, by device.
    _hang: dict[str, set[SlotId]] = field(default_factory=dict)

    def note(self, household: Household, event: Event) -> None:
        """A fact became known; `household` as it is after it."""
        for slot in household.touched:
            self._stale(slot)
        if isinstance(event, DeviceRecord | DeviceCaughtUp):
            for slot in self._hang.pop(event.device_id, ()):
                self._stale(slot)
        elif isinstance(event, DoseCorrected):
            self._stale(event.slot)
        elif isinstance(event, NotMonitored):
            for month, kept in self.of.items():
                if month >= event.from_day[:7]:
                    kept.stale.update(kept.hers.get(event.person_id, ()))

    def _stale(self, slot: SlotId) -> None:
        month = slot.day[:7]
        kept = self.of.get(month)
        if kept is None:
            kept = self.of[month] = Kept()
        kept.stale.add(slot)

    def look(self, household: Household, month: str, now_ms: int) -> int:
        """Count AT_ONCE of a month's doses at the most; how many wait, 0: all is right now."""
        kept = self.of.get(month)
        if kept is None:
            return 0
        if not kept.pass_to(household.by_close, month, now_ms):
            return max(1, kept.waiting)
        for _ in range(min(AT_ONCE, kept.waiting)):
            self._count(household, kept, kept.stale.pop(), now_ms)
        return kept.waiting

    def counted(self, month: str) -> Counter[str]:
        """By state, without those of which there are none."""
        return +self.of[month].counts if month in self.of else Counter()

    def _count(self, household: Household, kept: Kept, slot: SlotId, now_ms: int) -> None:
        belief = household.slots.get(slot)
        if belief is None or belief.planned is None:
            kept.put(slot, None)
            return
        seen, closes_ms = outcome(household, slot, now_ms), belief.planned.closes_ms
        kept.put(slot, state_of(seen))
        first_ms = closes_ms if kept.first_ms is None else kept.first_ms
        kept.first_ms, kept.last_ms = min(first_ms, closes_ms), max(kept.last_ms, closes_ms)
        spoken = slot in household.corrections
        if spoken:
            end = (belief.planned.ends_ms, slot.person_id, slot.day, slot.index)
            at = bisect.bisect_left(kept.ends, end)
            if kept.ends[at : at + 1] != [end]:
                kept.ends.insert(at, end)
        if spoken or seen.state is State.LATE:
            told = {device_id for device_id, _epoch, _seq in belief.evidence}
            for device_id in told | {belief.device_id or ""}:
                self._hang.setdefault(device_id, set()).add(slot)


def state_of(seen: Outcome) -> str:
    """How it is counted: as "not_over", "taken_late", "missed" and so on."""
    if seen.state in OPEN:
        return NOT_OVER
    return f"{seen.state}_{seen.how}" if seen.state is State.TAKEN else str(seen.state)
