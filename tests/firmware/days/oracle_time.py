"""What time brings to a dose, as a person who knows the field says it.

Knows: windows, spacing, skipping, absence, doubt of the clock. May not know: lids, the log, any
file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Dose, Slot
from tests.firmware.days.ledger import Ledger

GAP_S = 60  # nobody watched when two looks are further apart
LIVE_S = 2 * f.DAY_S
PAUSE_S = 7 * f.DAY_S
EXPAND_S, AHEAD_S = f.DAY_S // 4, f.DAY_S // 2
FAR = 1 << 40


@dataclass(slots=True)
class Opened:
    """When a dose's own lid was opened as its dose."""

    wall_s: int
    timeline: int
    sure: bool = True


@dataclass
class Course:
    """All doses, and what time alone does to them."""

    ledger: Ledger = field(default_factory=Ledger)
    doses: dict[Slot, Dose] = field(default_factory=dict)
    running: list[Dose] = field(default_factory=list)
    opened: dict[Slot, Opened] = field(default_factory=dict)
    entries: list[f.PlainEntry] = field(default_factory=list)
    zone: f.Zone = (0, 0, 0)
    away: tuple[int, int] = (0, 0)
    empty: set[int] = field(default_factory=set)  # taken out for a journey
    perhaps_empty: set[int] = field(default_factory=set)
    wrong_still_open: bool = False
    wrong_before: bool = False  # when the box went off
    timeline: int = 0
    now_s: int = 0  # 0: not known
    seen_s: int = 0  # the last look with a known time
    up_ms: int = 0
    gap: bool = False
    jumped: bool = False
    restarted: bool = False
    expanded_s: int = 0
    since_s: int = 0  # after a pause: the last known time of the log
    came_s: int = 0  # when the schedule came, by the log
    next_s: int = 0
    before: dict[Slot, Dose] = field(default_factory=dict)  # a restart
    torn: bool = False  # some of what the box wrote then was lost
    not_ours: set[Slot] = field(default_factory=set)
    found: dict[int, bool] = field(default_factory=dict)  # lids opened unseen; whether for sure

    # --- time ------------------------------------------------------------------------------

    def _time(self, wall_s: int) -> None:
        gap = self.gap or bool(self.seen_s and abs(wall_s - self.seen_s) > GAP_S)
        self.now_s = self.seen_s = wall_s
        told = self.gap or self.restarted
        if told or not self.expanded_s <= wall_s < self.expanded_s + EXPAND_S:
            since = min(max(self.since_s, wall_s - PAUSE_S), wall_s - LIVE_S)
            back = self.jumped or self.since_s
            self._expand(
                wall_s,
                since if back else wall_s - LIVE_S,
                known_s=min(max(self.since_s, self.came_s), wall_s),
            )
            self.since_s = 0
        for dose in list(self.running):
            if gap and dose.state in f.BEGUN and not (dose.loose and dose.late_start):
                dose.doubt = True
            self._pass(dose, gap)
        if self.restarted:
            self._remember()
        self.found.clear()
        self.wrong_before = False
        self.gap = self.jumped = self.restarted = False
        self.next_s = self._next_s()

    def _expand(self, wall_s: int, from_s: int, *, came_s: int = 0, known_s: int = 0) -> None:
        self.expanded_s = wall_s
        if self.jumped:
            self.not_ours.clear()  # another clock, other dates: it may be still to come
        for dose in f.slots_between(self.entries, self.zone, from_s, wall_s + AHEAD_S):
            known = self.doses.get(dose.slot)
            begun = known is not None and known.ours and known.state != f.WAITING
            if known is not None and (begun or known.due == dose.due or known.final):
                continue
            if dose.end <= came_s or dose.slot in self.not_ours:
                self.not_ours.add(dose.slot)  # over before its schedule came
                continue
            dose.late_start = bool(came_s) and came_s > dose.due - dose.early_s
            # It should have had a record; or a clock that jumped went over it, perhaps for a while.
            jumped_s = wall_s if self.jumped else 0
            doubtful = dose.end <= (known_s if self.restarted else jumped_s)
            self._as_before(dose)
            dose.perhaps_wrong = self.wrong_before
            if came_s > dose.due:
                dose.loose = True  # nobody saw how it began
            if doubtful:
                dose.loose, dose.ours = True, False
            if known is not None:  # another schedule's, of which no record may be left
                dose.loose = True
                self.running.remove(known)
            self.doses[dose.slot] = dose
            self.running.append(dose)

    def _remember(self) -> None:
        """What had begun before a restart by a clock that is elsewhere now may still be known.

        No record says that it had begun but that of a doubt, which may be torn: then MISSED and
        UNKNOWN are both right. Whatever else the box wrote of it is lost, and may come again.
        """
        for old in self.before.values():
            if old.state == f.WAITING or old.slot in self.doses:
                continue
            dose = f.anew(old)
            dose.state, dose.loose, dose.ours = f.OPEN, True, False
            dose.doubt, dose.late_start = old.doubt and not self.torn, self.torn
            dose.blind = old.blind or old.compartment in self.found
            self.doses[dose.slot] = dose
            self.running.append(dose)

    def _as_before(self, dose: Dose) -> None:
        """A dose that had begun before a restart, and of which the log says nothing."""
        old = self.before.get(dose.slot)
        if old is None or old.state == f.WAITING:
            dose.loose = dose.loose or (old is not None and old.loose)
            return
        went_back = self.now_s < dose.due - dose.early_s  # whether it had begun, few records say
        if old.due != dose.due or went_back or (self.torn and (old.doubt or old.blind)):
            dose.loose = True  # nobody can be sure what the box still knows
        else:
            dose.doubt, dose.blind = old.doubt, old.blind
            dose.late_start = dose.late_start or old.late_start

    def _pass(self, dose: Dose, gap: bool) -> None:
        """What time alone does to a dose."""
        now = self.now_s
        if dose.state == f.WAITING:
            if self.jumped and not self.restarted:
                # Jumped over, perhaps only for a while; or the clock is back, and it is to come.
                dose.loose = now >= dose.end or (dose.loose and dose.ours)
                dose.ours = now < dose.end
            if now < dose.due - dose.early_s or not dose.ours:
                return
            dose.state = f.OPEN
            dose.doubt = dose.doubt or gap
        if dose.compartment in self.found and dose.state in f.BEGUN:
            dose.blind = True
            dose.loose = dose.loose or not self.found[dose.compartment] or dose.state == f.TOUCHED
        if not dose.loose and dose.state != f.OPENED and not self._overtaken(dose):
            self._runs(dose)

    def _overtaken(self, dose: Dose) -> bool | int:
        """Away, opened unseen, or over while the box was off."""
        now, base = self.now_s, self._base(dose)
        blind = dose.blind and now >= base and dose.state != f.TOUCHED
        paused = (now >= dose.due or dose.state != f.OPEN) and self._paused(dose)
        if dose.loose:
            return True
        if paused:
            if blind and dose.state != f.OPEN:
                dose.loose = True  # both are right
            else:
                self._ends(dose, f.PAUSED, None)
            return True
        over, skip = base + dose.window_s, dose.due + dose.skip_s if dose.skip_s else FAR
        begun = dose.state in (f.DUE, f.LATER) and not self.restarted
        if blind and now >= min(over, skip) and not begun:
            dose.loose = dose.spoilt = True  # it was over as well
        elif blind:
            self._ends(dose, f.DOUBTFUL, f.BY_BLIND)
        elif self.restarted and dose.state != f.TOUCHED:
            skipped = dose.skip_s and now >= dose.due + dose.skip_s
            ended = now >= dose.end and not self._waits(dose)
            if skipped:
                dose.loose = dose.silent = True  # skipped or over, nobody saw it
            elif ended:
                self._ends(dose, f.UNKNOWN, None)
            return skipped or ended
        return blind

    def _paused(self, dose: Dose) -> bool:
        """Whether its time came while she was away, or while its compartment was empty."""
        begin, until = self.away
        if dose.state == f.OPEN and dose.compartment in self.perhaps_empty:
            dose.loose = True
        empty = dose.state == f.OPEN and dose.compartment in self.empty
        return empty or begin <= dose.due < until

    def _runs(self, dose: Dose) -> None:
        if dose.state in (f.DUE, f.LATER):
            self._recedes(dose)
        if dose.loose:
            return
        if dose.state == f.OPEN:
            self._falls_due(dose)
        if dose.state == f.DUE:
            self._window_ends(dose)
        if dose.state == f.LATER:
            self._late_ends(dose)
        over = self._base(dose) + dose.window_s
        if dose.state == f.TOUCHED and self.now_s >= over:
            self._ends(dose, f.DOUBTFUL, f.BY_BRIEF)

    def _waits(self, dose: Dose) -> Opened | None:
        """Due, and the dose before was opened so late that its spacing is not over."""
        before = self.opened.get(dose.after) if dose.spacing_s else None
        spaced = before is not None and dose.due <= self.now_s < before.wall_s + dose.spacing_s
        return before if spaced else None

    def _recedes(self, dose: Dose) -> None:
        """The dose before was opened only now, while this one was asked for: it has to wait."""
        before = self._waits(dose)
        if before is None:
            return
        dose.base = before.wall_s + dose.spacing_s
        if before.timeline != self.timeline or not before.sure:
            dose.loose = True
        elif dose.skip_s and dose.base >= dose.due + dose.skip_s:
            self._ends(dose, f.SKIPPED, f.BY_POSTPONED)
        else:
            dose.state, dose.armed = f.OPEN, False

    def _falls_due(self, dose: Dose) -> None:
        now, base = self.now_s, self._base(dose)
        if now < dose.due:
            return
        over, skip = base + dose.window_s, dose.due + dose.skip_s if dose.skip_s else FAR
        unseen = dose.doubt and not dose.prompted and now >= min(over, skip)
        if base > dose.due and not dose.postponed and not unseen:
            if dose.skip_s and base >= dose.due + dose.skip_s:
                self._ends(dose, f.SKIPPED, f.BY_POSTPONED)
                return
            dose.postponed = True
            minutes = -((dose.due - base) // 60)
            self.ledger.expect(f.POSTPONED, self.up_ms, dose.slot, (minutes,))
        if now < base:
            return
        if dose.prompted:
            dose.state, dose.armed = f.DUE, True  # its series goes on
        elif not unseen:
            dose.state = f.DUE
            self._series_begins(dose)
            self.ledger.expect(f.PROMPTED, self.up_ms, dose.slot, None, dose.compartment)
        elif skip < over:
            dose.loose = dose.silent = True  # skipped or over, nobody saw it
        else:
            self._ends(dose, f.UNKNOWN, None)

    def _series_begins(self, dose: Dose) -> None:
        """It is heard whatever was pressed before for another."""
        dose.prompted, dose.prompted_s = True, self.now_s
        for one in self.running:
            one.hushed_s = one.snoozed_s = one.snoozes = 0

    def _window_ends(self, dose: Dose) -> None:
        end = dose.base + dose.window_s
        if self._skips(dose, end) or self.now_s < end:
            return
        if dose.doubt:
            self._ends(dose, f.UNKNOWN, None)
        elif dose.late_start:
            dose.loose = True
        elif dose.late_s:
            dose.state, dose.armed = f.LATER, False
            self.ledger.expect(f.LATE, self.up_ms, dose.slot)
        else:
            self._ends(dose, f.MISSED, None)

    def _late_ends(self, dose: Dose) -> None:
        end = dose.base + dose.window_s + dose.late_s
        if self._skips(dose, end) or self.now_s < end:
            return
        if dose.late_start and not dose.doubt:
            dose.loose = True  # a restart may have forgotten the doubt there was
        else:
            self._ends(dose, f.UNKNOWN if dose.doubt else f.MISSED, None)

    def _skips(self, dose: Dose, end: int) -> bool:
        at = dose.due + dose.skip_s
        if not dose.skip_s or self.now_s < at or at >= end:
            return False
        self._ends(dose, f.SKIPPED, f.BY_LATE)
        return True

    def _base(self, dose: Dose) -> int:
        """The prompt's time, from what was opened before; loose where that is not sure."""
        if not dose.spacing_s or dose.state in (f.DUE, f.LATER):
            return dose.base
        before = self.opened.get(dose.after)
        if before is None:
            dose.base = dose.due
        else:
            if before.timeline != self.timeline or not before.sure:
                dose.loose = True
            dose.base = max(dose.due, before.wall_s + dose.spacing_s)
        return dose.base

    def _ends(self, dose: Dose, kind: int, value: int | None) -> None:
        values = None if value is None else (value,)
        self.ledger.expect(kind, self.up_ms, dose.slot, values)
        dose.state = kind
        self._settle(dose)

    def _settle(self, dose: Dose) -> None:
        if dose.final and dose in self.running:
            self.running.remove(dose)

    def _forget(self, dose: Dose) -> None:
        self.running.remove(dose)
        del self.doses[dose.slot]

    def _next_s(self) -> int:
        """The next second at which time changes something."""
        times = [self.expanded_s + EXPAND_S]
        times += [t for d in self.running for t in self._times(d) if t > self.now_s]
        return min(times)

    def _times(self, dose: Dose) -> Iterable[int]:
        base = max(dose.base, dose.due)
        if dose.state == f.WAITING:
            return (dose.due - dose.early_s,)
        skip = dose.due + dose.skip_s if dose.skip_s else 0
        return (dose.due, base, skip, base + dose.window_s, base + dose.window_s + dose.late_s)
