"""What an opened lid means to a person who knows the field.

Knows: the sentences on lids: as due, wrong, again, after, too soon, brief, shaken, left open, the
refill, PRN. May not know: any file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Dose, Effect
from tests.firmware.days.oracle_cares import DRIFT_S, REFILL_S, Cares, Opening
from tests.firmware.days.oracle_time import FAR, GAP_S, Opened

AGO_S = 16 * 3600  # so long a dose's lid says "again"
WRONG_MS, BRIEF_MS, LEFT_MS = 10_000, 1_000, 300_000
SHAKE_MS, QUIET_MS, SHAKE_LIDS = 1_000, 2_000, 4
SOON_MS = 1_200  # the box may count in whole seconds
WARNED = frozenset((f.WRONG, f.AGAIN, f.AFTER, f.NO_SLOT, f.TOO_SOON))


class Lids(Cares):
    """Follows every lid; writes what it means into the oracle's doses."""

    # --- a lid -----------------------------------------------------------------------------

    def lid(self, compartment: int, opened: bool, wall_s: int, effects: list[Effect]) -> None:
        """It opened or shut, now; `wall_s` 0 = nobody knows the time."""
        o = self.oracle
        o.next_s = 0
        self.found_open.pop(compartment, None)
        if opened:
            self._opens(compartment, wall_s)
            self._shakes(compartment)
        elif compartment in self.open:
            self._shuts(compartment, wall_s)
        if self.refill:
            self.moved_s = wall_s
        o.ledger.compare(effects, self.allowed)
        for kind, slot, _lid, value in effects:
            if kind == f.LID_OPENED and value in (f.AS_DUE, f.TOO_SOON):
                o.opened[slot] = Opened(wall_s, o.timeline)
                if slot in o.doses:
                    o.doses[slot].spoilt = True
        o.wrong_still_open = any(x.wrong and x.judged for x in self.open.values())

    def _opens(self, c: int, wall_s: int) -> None:
        o = self.oracle
        opening = self.open[c] = Opening(o.up_ms, wall_s, f.NO_SLOT)
        slot: f.Slot = f.NOBODY
        values: tuple[int, ...] = (f.NO_SLOT,)
        if not wall_s:
            o.found[c] = not self.refill  # of which dose, shows when the time is known again
            if self.refill:
                values = (f.REFILL, f.NO_SLOT)
                for dose in o.lids_take(c):
                    dose.loose = dose.loose or dose.state in f.BEGUN
        elif self.refill:
            values = (f.REFILL,)
            opening.turn = not self.filling or c == min(self.filling)
            self._opened_in_refill(c)
        elif c in self.prn and self._prn_valid(self.prn[c], wall_s):
            slot, values = self._asks(c, wall_s)
        else:
            slot, values = self._means(c, wall_s, opening)
        if self.loose_near(c) or opening.vague:
            o.ledger.expect(f.LID_OPENED, o.up_ms, None, None, c)
        else:
            o.ledger.expect(f.LID_OPENED, o.up_ms, slot, values, c)
        opening.value = values[0]

    def loose_near(self, c: int) -> bool:
        """Whether what this opening means hangs on a dose nobody can be sure of."""
        begun = (f.DUE, f.LATER, f.OPENED, f.TOUCHED)
        return any(d.loose and (d.state in begun or d.compartment == c) for d in self._all_near(c))

    def _all_near(self, c: int) -> list[Dose]:
        finished = [d for d in self.oracle.doses.values() if d.compartment == c]
        return finished + self.oracle.running

    def _means(self, c: int, wall_s: int, opening: Opening) -> tuple[f.Slot, tuple[int, ...]]:
        o = self.oracle
        due = sorted((d for d in o.running if d.state in (f.DUE, f.LATER)), key=lambda d: d.due)
        mine = [d for d in o.lids_take(c) if d.state in f.BEGUN]
        if mine:
            return mine[0].slot, (self._own(mine[0], wall_s),)
        opening.wrong = bool(due)
        done = [d for d in o.doses.values() if d.compartment == c and d.final]
        near = [d for d in done if wall_s - d.due < AGO_S]
        if near:
            opening.vague = max(d.due for d in near) - wall_s > AGO_S  # after a jump back
            last = max(near, key=lambda d: d.due)
            again = last.state in (f.TAKEN, f.DOUBTFUL)
            return last.slot, (f.AGAIN if again else f.AFTER,)
        return (due[0].slot, (f.WRONG,)) if due else (f.NOBODY, (f.NO_SLOT,))

    def _own(self, dose: Dose, wall_s: int) -> int:
        o = self.oracle
        o._base(dose)
        before = o.opened.get(dose.after) if dose.spacing_s else None
        soon = before is not None and wall_s < before.wall_s + dose.spacing_s
        o.opened[dose.slot] = Opened(wall_s, o.timeline, sure=not dose.loose)
        if soon and dose.state == f.OPEN and not dose.loose:
            o._ends(dose, f.DOUBTFUL, f.BY_SPACING)
            return f.TOO_SOON
        dose.loose = dose.loose or soon  # the dose before was opened only now
        dose.state = f.OPENED
        dose.spoilt = not dose.loose  # else it is the box that says whose dose that was
        return f.AS_DUE

    def _opened_in_refill(self, c: int) -> None:
        o = self.oracle
        for dose in o.lids_take(c):
            if dose.state in (f.OPEN, f.DUE, f.LATER) and not dose.loose:
                o.opened[dose.slot] = Opened(self.oracle.now_s, o.timeline, sure=False)
                o._ends(dose, f.DOUBTFUL, f.BY_REFILL)
            elif dose.state == f.TOUCHED:
                dose.loose = True

    def _shuts(self, c: int, wall_s: int) -> None:
        o = self.oracle
        self._stands_open(c)
        opening = self.open.pop(c)
        stood_ms = o.up_ms - opening.up_ms
        for dose in [d for d in o.lids_take(c) if self._by_this(d, opening)]:
            dose.state = f.TOUCHED
        if self.refill and opening.value == f.REFILL and stood_ms >= BRIEF_MS:
            self._filled(c, opening)

    # --- time with a lid open --------------------------------------------------------------

    def passes(self, wall_s: int, effects: list[Effect]) -> None:
        """Before each look: what the open lids have come to mean."""
        if self.shaking and self.recent and self.oracle.up_ms - self.recent[-1][0] >= QUIET_MS:
            self.shaking = False
            self.recent.clear()
        seen_s, self.look_s = self.oracle.seen_s, wall_s
        self.after_gap = bool(wall_s and seen_s and abs(wall_s - seen_s) > GAP_S)
        for c in list(self.open):
            self._stands_open(c)
        self.after_gap = False
        late_s = (wall_s - self.moved_s - REFILL_S) if wall_s else -REFILL_S
        ended = any(e[0] == f.REFILL_ENDED for e in effects)  # its half hour may be one of ticks
        if self.refill and self.refill_sure and late_s >= (-DRIFT_S if ended else DRIFT_S):
            self._refill_ends(1)

    def _stands_open(self, c: int) -> None:
        o, opening = self.oracle, self.open[c]
        stood_ms = o.up_ms - opening.up_ms
        if stood_ms >= BRIEF_MS:
            for dose in [d for d in o.lids_take(c) if self._by_this(d, opening)]:
                self._taken(dose, opening)
        if stood_ms > WRONG_MS and not opening.judged:
            opening.judged = True
            if opening.wrong:
                o.wrong_still_open = True  # also for what falls due in this very look
                for dose in [d for d in o.running if d.state in (f.DUE, f.LATER)]:
                    passed = any(o.seen_s < t <= self.look_s for t in o._times(dose))
                    dose.loose = dose.loose or self.after_gap or passed  # or it was over before
                    if not dose.loose:
                        o._ends(dose, f.DOUBTFUL, f.BY_WRONG_LID)
            if opening.value in (f.PRN_TOO_SOON, f.PRN_TOO_MANY):
                self.prn[c].counted.append(opening.wall_s)
        long = stood_ms >= LEFT_MS + SOON_MS and not opening.left and not self.refill
        if long and opening.wall_s and o.now_s and opening.value != f.REFILL:
            opening.left = True
            o.ledger.expect(f.LEFT_OPEN, o.up_ms, None, None, c)

    def _by_this(self, dose: Dose, opening: Opening) -> bool:
        """Whether it is this opening that opened the dose; not one before a restart."""
        opened = self.oracle.opened.get(dose.slot)
        return dose.state == f.OPENED and opened is not None and opened.wall_s == opening.wall_s

    def _taken(self, dose: Dose, opening: Opening) -> None:
        o = self.oracle
        base, at = max(dose.base, dose.due), opening.wall_s
        when = 0 if at < base else 1 if at < base + dose.window_s else 2
        if not dose.loose:
            o._ends(dose, f.TAKEN, when)

    def _shakes(self, c: int) -> None:
        o = self.oracle
        if self.shaking and o.up_ms - self.recent[-1][0] >= QUIET_MS:
            self.shaking = False
        self.recent = [r for r in self.recent if o.up_ms - r[0] <= SHAKE_MS or self.shaking]
        self.recent.append((o.up_ms, c))
        if not self.shaking and len(self.recent) >= SHAKE_LIDS:
            self.shaking = True
            o.ledger.expect(f.SHAKEN, o.up_ms + 3500)
        if self.shaking:
            for dose in list(o.running):
                shaken = any(dose.compartment == r[1] for r in self.recent)
                if shaken and dose.state in (f.OPENED, f.TOUCHED) and not dose.loose:
                    o.ledger.expect(f.DOUBTFUL, o.up_ms + 3500, dose.slot, (f.BY_SHAKE,))
                    dose.state = f.DOUBTFUL
                    o._settle(dose)

    # --- what is left open -----------------------------------------------------------------

    def allowed(self, effect: Effect) -> bool:
        """As the oracle's own, and what concerns no dose."""
        o, (kind, _slot, c, _value) = self.oracle, effect
        if kind == f.LEFT_OPEN:
            return self._may_be_left(c)
        if kind in (f.FILLED, f.EMPTIED):
            return self._may_be_filled(c)
        if kind == f.UNFILLED:
            unsure = not self.refill_sure or not self.guided
            return (bool(self.refill) and unsure) or o.up_ms == self.unsure_end_ms
        if kind == f.REFILL_ENDED and self.refill and not self.refill_sure:
            self.refill = 0
            return True
        if kind == f.SHAKEN:
            return bool(self.refill) or not o.now_s
        return o.allowed(effect)

    def _may_be_left(self, c: int) -> bool:
        opening = self.open.get(c)
        if opening is None or opening.left or self.refill:
            told = not self.refill and self.oracle.up_ms >= self.found_open.get(c, FAR)
            if told:
                self.found_open[c] = FAR
            return told
        opening.left = True
        return self.oracle.up_ms - opening.up_ms >= LEFT_MS - SOON_MS
