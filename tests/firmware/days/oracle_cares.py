"""Refills and doses as needed, as a person who knows the field says it.

Knows: whose turn it is, what is done, when a refill is forgotten; which PRN openings count. May not
know: any file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Effect
from tests.firmware.days.oracle import Oracle

COMPARTMENTS = 28
REFILL_S, DRIFT_S = 1800, 100


@dataclass(slots=True)
class Opening:
    """One lid that stands open."""

    up_ms: int
    wall_s: int
    value: int
    wrong: bool = False  # while another dose was due
    judged: bool = False  # the ten seconds are over
    left: bool = False  # somebody was told to shut it
    turn: bool = False  # it was this compartment's turn in a refill
    vague: bool = False  # the sentences leave open what it means


@dataclass(slots=True)
class Prn:
    """A compartment whose lid is the request."""

    index: int
    from_s: int
    until_day: int
    most: int
    spacing_s: int
    counted: list[int] = field(default_factory=list)  # wall s
    loose: bool = False


@dataclass
class Cares:
    """What is known of the lids, the refill and the PRN compartments."""

    oracle: Oracle
    open: dict[int, Opening] = field(default_factory=dict)
    prn: dict[int, Prn] = field(default_factory=dict)
    recent: list[tuple[int, int]] = field(default_factory=list)  # (up ms, compartment)
    shaking: bool = False
    found_open: dict[int, int] = field(default_factory=dict)  # since a start; told when, up ms
    refill: int = 0
    guided: bool = False
    asked: set[int] = field(default_factory=set)
    filling: set[int] = field(default_factory=set)
    refill_sure: bool = True
    moved_s: int = 0
    unsure_end_ms: int = -1  # when a refill ended of which not all is known
    look_s: int = 0  # the look that is judged
    after_gap: bool = False  # nobody looked for a while before this look

    # --- PRN -------------------------------------------------------------------------------

    def know_prn(self) -> None:
        """Read the PRN compartments out of the schedule; what was counted stays."""
        kept, self.prn = self.prn, {}
        for entry in self.oracle.entries:
            slot, c, due, most = entry[0], entry[1], entry[2], entry[15]
            if most:
                prn = Prn(slot[1], due, entry[13], most, 60 * entry[7])
                if c in kept:
                    prn.counted, prn.loose = kept[c].counted, kept[c].loose
                self.prn[c] = prn

    def _prn_valid(self, prn: Prn, wall_s: int) -> bool:
        day = f.local_day(self.oracle.zone, wall_s)
        return wall_s >= prn.from_s and (not prn.until_day or day <= prn.until_day)

    def _asks(self, c: int, wall_s: int) -> tuple[f.Slot, tuple[int, ...]]:
        prn, zone = self.prn[c], self.oracle.zone
        day = f.local_day(zone, wall_s)
        today = [t for t in prn.counted if f.local_day(zone, t) == day]
        soon = any(abs(wall_s - t) < prn.spacing_s for t in prn.counted)
        many = len(today) >= prn.most
        slot = (day, prn.index)
        if prn.loose:
            return slot, (f.PRN, f.PRN_TOO_SOON, f.PRN_TOO_MANY)
        if not soon and not many:
            prn.counted.append(wall_s)
            return slot, (f.PRN,)
        refusals = (f.PRN_TOO_SOON,) * soon + (f.PRN_TOO_MANY,) * many
        return slot, refusals

    # --- refill ----------------------------------------------------------------------------

    def set_refill(self, mode: int, mask: int, wall_s: int, effects: list[Effect]) -> None:
        """The gateway began (1 fill, 2 take out) or ended (0) a refill."""
        o = self.oracle
        o.next_s = 0
        wanted = {c for c in range(COMPARTMENTS) if mask >> c & 1}
        begins = (mode, wanted) != (self.refill, self.asked)
        if self.refill and not self.refill_sure:  # what was asked for before a restart
            begins = any(e[0] == f.REFILL_BEGUN for e in effects)
        if mode and begins:
            if self.refill:
                self._refill_ends(0)
            self.refill, self.guided, self.refill_sure = mode, bool(wanted), True
            self.asked, self.filling = wanted, set(wanted)
            self.moved_s = wall_s
            o.ledger.expect(f.REFILL_BEGUN, o.up_ms, None, (mode,))
        elif not mode and self.refill:
            self._refill_ends(0)
        o.ledger.compare(effects, self.allowed)

    def _filled(self, c: int, opening: Opening) -> None:
        o, kind = self.oracle, f.FILLED if self.refill == f.FILL else f.EMPTIED
        if not self.guided or not self.refill_sure:
            if self.refill == f.FILL and c in o.empty:
                o.empty.discard(c)
                o.perhaps_empty.add(c)
            return
        if c in self.filling and c == min(self.filling) and opening.turn:
            self._done(c)
            o.ledger.expect(kind, o.up_ms, None, None, c)
            if not self.filling:
                self._refill_ends(1)

    def _done(self, c: int) -> None:
        self.filling.discard(c)
        empty = self.oracle.empty
        self.oracle.perhaps_empty.discard(c)
        empty.discard(c) if self.refill == f.FILL else empty.add(c)

    def _refill_ends(self, value: int) -> None:
        o = self.oracle
        self.unsure_end_ms = -1 if self.refill_sure and self.guided else o.up_ms
        if self.refill_sure:
            for c in sorted(self.filling):
                o.ledger.expect(f.UNFILLED, o.up_ms, None, None, c)
        values = (value,) if self.refill_sure else None
        o.ledger.expect(f.REFILL_ENDED, o.up_ms, None, values)
        self.refill, self.guided = 0, False
        self.filling.clear()
        self.asked = set()

    def _may_be_filled(self, c: int) -> bool:
        loose = self.refill_sure is False or not self.guided
        overlap = c in self.filling and c == min(self.filling)
        if self.refill and (loose or overlap):
            self._done(c)
            return True
        return False

    def allowed(self, effect: Effect) -> bool:
        """Whether a record that was not foreseen is right all the same."""
        return self.oracle.allowed(effect)
