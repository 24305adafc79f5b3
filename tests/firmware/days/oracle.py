"""A person who knows the field: told a resident's whole story, says what each dose must end in.

Knows: the sentences of the design's field page on doses, a person's word, and when a light may say
"take". May not know: any file of the firmware or of anbu_wire.

It walks the story beside the box, step by step, and compares each record as it is written. Where
the sentences leave something open it follows the box (`Dose.loose`), but never into a second
prompt, a second final state, or MISSED on a doubtful clock.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Dose, Effect, Slot
from tests.firmware.days.oracle_time import GAP_S, LIVE_S, Course

Allowed = Callable[[Effect], bool]
_ONCE = (f.PROMPTED, f.LATE, f.POSTPONED)


class Oracle(Course):
    """The story of all doses; lids and the log have files of their own."""

    # --- what the story tells --------------------------------------------------------------

    def schedule(self, entries: list[f.PlainEntry], zone: f.Zone, wall_s: int) -> None:
        """A schedule came; at a start `wall_s` is 0, and what was left open stays so."""
        self.entries, self.zone, self.next_s = entries, zone, 0
        for dose in [d for d in self.running if d.state == f.WAITING]:
            if wall_s or not dose.loose:
                self._forget(dose)
        if wall_s:
            self._expand(wall_s, wall_s - LIVE_S, came_s=wall_s)

    def clock_jumped(self) -> None:
        """The clock was lost, found, or set by more than it may drift."""
        self.gap = self.jumped = True
        self.timeline += 1
        self.next_s = 0

    def set_away(self, from_s: int, until_s: int) -> None:
        """Not at home from … until (not included)."""
        self.away, self.next_s = (from_s, until_s), 0

    def word(self, slot: Slot, verdict: int, effects: list[Effect] | None) -> None:
        """A person's word: 0 taken, 1 not taken."""
        dose, self.next_s = self.doses.get(slot), 0
        if dose is None:
            if effects:
                self.ledger.say(f"a word on no slot {slot}: {effects}")
            return
        open_ones = (f.OPEN, f.DUE, f.LATER, f.TOUCHED, f.DOUBTFUL)
        closes = (*open_ones, f.MISSED, f.UNKNOWN, f.SKIPPED) if verdict == 0 else open_ones
        new = (f.TAKEN, 3) if verdict == 0 else (f.SKIPPED, f.BY_WORD)
        # Before a known time the box has no slots, and of ended ones only those of its own days.
        far = dose.final and self.seen_s > 0 and abs(self.seen_s - dose.due) > LIVE_S
        unsure = dose.loose or self.restarted or far
        if unsure and effects:
            dose.state = new[0]
        elif dose.state in closes and not unsure:
            self.ledger.expect(new[0], self.up_ms, slot, (new[1],))
            dose.state = new[0]
        self.ledger.compare(effects or [], lambda e: unsure and e[:2] == (new[0], slot))
        self._settle(dose)

    def look(self, wall_s: int, up_ms: int, effects: list[Effect], allowed: Allowed) -> None:
        """The box looked at its clock and wrote `effects`; `allowed` knows lids too."""
        self.up_ms = up_ms
        if not wall_s:
            self.now_s = 0
        elif (
            wall_s >= self.next_s or self.gap or effects or abs(wall_s - self.now_s) > GAP_S
        ):  # else nothing is due to happen
            self._time(wall_s)
        else:
            self.now_s = self.seen_s = wall_s
        if effects or self.ledger.open:
            self.ledger.compare(effects, allowed)
            self.ledger.looked(up_ms)
            self.next_s = 0

    # --- what is left open -----------------------------------------------------------------

    def allowed(self, effect: Effect) -> bool:
        """Whether a record that was not foreseen is right all the same; it is then believed."""
        kind, slot, _compartment, value = effect
        dose = self.doses.get(slot)
        if dose is None or not self._may(dose, kind, value):
            return False
        if kind == f.PROMPTED:
            self._series_begins(dose)
        dose.postponed = dose.postponed or kind == f.POSTPONED
        if kind in f.FINALS:
            dose.state = kind
        elif dose.loose and kind in _ONCE:
            dose.state = {f.PROMPTED: f.DUE, f.LATE: f.LATER}.get(kind, dose.state)
            dose.armed = dose.armed and kind != f.LATE
        self._settle(dose)
        return True

    def _may(self, dose: Dose, kind: int, value: int) -> bool:
        if kind == f.PROMPTED:
            begins = dose.loose or dose.state == f.DOUBTFUL
            never = dose.prompted or dose.spoilt or dose.silent
            return begins and not never and bool(self.now_s)
        if kind == f.POSTPONED and dose.blind and not dose.postponed:
            return True
        if dose.final or not (kind in f.FINALS or kind in _ONCE):
            return False
        if kind == f.DOUBTFUL and self._may_be_doubtful(dose, value):
            return True
        if not dose.loose or (dose.spoilt and kind in (f.MISSED, f.SKIPPED)):
            return False
        return kind != f.MISSED or not dose.doubt

    def _may_be_doubtful(self, dose: Dose, value: int) -> bool:
        if value == f.BY_BLIND:
            return dose.blind
        wrong = self.wrong_still_open or dose.perhaps_wrong
        return value == f.BY_WRONG_LID and dose.state in (f.DUE, f.LATER) and wrong

    # --- what may be shown -----------------------------------------------------------------

    def flushed(self) -> None:
        """All records so far are in flash."""
        for dose in self.running:
            if dose.state == f.DUE and dose.prompted:
                dose.armed = True

    def takes(self) -> set[int]:
        """The compartments whose light may say "take"; nowhere else may one say so."""
        if not self.now_s:
            return set()
        due = [d for d in self.running if d.state == f.DUE and d.armed]
        # A series that was put off goes on without a record; when, is not sure of a loose one.
        due += [d for d in self.running if d.loose and d.postponed and d.prompted]
        return {d.compartment for d in due}

    def must_take(self) -> set[int]:
        """Those whose light must say "take", unless their lid says something more urgent."""
        if not self.now_s:
            return set()
        return {
            d.compartment
            for d in self.running
            if d.state == f.DUE and d.armed and not d.loose and not d.blind
        }

    def prompting(self) -> list[Dose]:
        """The doses that may sound."""
        return [d for d in self.running if d.state == f.DUE and d.armed] if self.now_s else []

    # --- for whoever drives the box --------------------------------------------------------

    def busy(self) -> bool:
        """Whether a window is running: somebody has to watch."""
        return any(d.state in f.BEGUN or d.state == f.OPENED for d in self.running)

    def at_rest(self) -> None:
        """The story is over: every dose that was this box's has its one final state."""
        for dose in self.running:
            over = self.now_s > dose.end + f.DAY_S // 24
            if over and dose.ours and dose.state != f.WAITING:
                self.ledger.say(f"has no end: {dose}")

    def lids_take(self, compartment: int) -> list[Dose]:
        """The running doses of a compartment, the earliest first; what a jump left over last."""
        mine = [d for d in self.running if d.compartment == compartment]
        return sorted(mine, key=lambda d: (not d.ours, d.due))
