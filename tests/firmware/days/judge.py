"""The oracle as one: told each step of a story, it keeps the findings.

Knows: doses, lids, log and what lights and sounds may say, as plain numbers. May not know: any
file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.firmware.days import facts as f
from tests.firmware.days import oracle_log
from tests.firmware.days.facts import Effect, Logged
from tests.firmware.days.oracle import Oracle
from tests.firmware.days.oracle_lids import LEFT_MS, SOON_MS, WARNED, Lids

HUSH_S, SNOOZE_S, SNOOZES = 300, 600, 3
SOFT_FROM_S, SOFT_UNTIL_S = 31, 119
NEW_MS = 299_000  # a lid open for longer says "shut me"


@dataclass(frozen=True)
class Meanings:
    """The numbers of what the box can say: of lights, and of sounds that ask for a dose."""

    take: int
    late: int
    wrong_lid: int
    dark: int
    soft: int
    silent: int
    prompts: frozenset[int]


@dataclass
class Judge:
    """The oracle, whole."""

    meanings: Meanings
    oracle: Oracle = field(default_factory=Oracle)
    pressed_s: int = 0

    def __post_init__(self) -> None:
        self.lids = Lids(self.oracle)

    @property
    def findings(self) -> list[str]:
        """What is wrong so far."""
        return self.oracle.ledger.findings

    # --- the story -------------------------------------------------------------------------

    def schedule(self, entries: list[f.PlainEntry], zone: f.Zone, wall_s: int) -> None:
        """A schedule came."""
        self.oracle.schedule(entries, zone, wall_s)
        self.lids.know_prn()

    def clock_jumped(self) -> None:
        """The clock was lost, found, or set by more than it may drift."""
        self.oracle.clock_jumped()
        self.lids.refill_sure = False
        for dose in self.oracle.running:
            dose.restarted = True  # how long it is hushed by another clock, is left open

    def restart(self, log: list[Logged], *, watched: bool, torn: bool) -> None:
        """The box starts, and has only its log."""
        oracle_log.restart(self.oracle, self.lids, log, watched=watched, torn=torn)

    def resumed(self, open_mask: int, moved_mask: int | None, known_open: Collection[int]) -> None:
        """Which lids stand open at a start, and which moved while nobody looked."""
        suspects = [c for c in range(32) if (open_mask | (moved_mask or 0)) >> c & 1]
        for c in suspects:
            sure = bool((moved_mask or 0) >> c & 1) or c not in known_open
            self.oracle.found[c] = sure or self.oracle.found.get(c, False)
        self.lids.found_open = {
            c: LEFT_MS - SOON_MS if self.oracle.found[c] else 0
            for c in suspects
            if open_mask >> c & 1
        }

    def look(self, wall_s: int, up_ms: int, effects: list[Effect]) -> None:
        """The box looked."""
        o = self.oracle
        o.up_ms = up_ms
        if self.lids.open or self.lids.refill or self.lids.shaking:
            self.lids.passes(wall_s, effects)
            o.next_s = 0
        o.look(wall_s, up_ms, effects, self.lids.allowed)
        o.wrong_still_open = any(x.wrong and x.judged for x in self.lids.open.values())

    def lid(self, c: int, opened: bool, wall_s: int, up_ms: int, effects: list[Effect]) -> None:
        """A lid moved."""
        self.oracle.up_ms = up_ms
        self.lids.lid(c, opened, wall_s, effects)

    def ok(self, wall_s: int, up_ms: int, effects: list[Effect]) -> None:
        """Somebody pressed OK."""
        o = self.oracle
        o.up_ms, o.next_s = up_ms, 0
        due = o.prompting()
        o.ledger.expect(f.OK_PRESSED, up_ms)
        snoozed = [e for e in effects if e[0] == f.SNOOZED]
        if len(due) == 1 and due[0].hushed_s and not (due[0].loose or due[0].restarted):
            self._hushed(due[0], wall_s, up_ms)
        elif due:
            for _kind, slot, _lid, value in snoozed:
                dose = o.doses.get(slot)
                if dose not in due or not 1 <= value <= SNOOZES:
                    o.ledger.say(f"snoozed what is not due: {slot} [{value}]")
            effects = [e for e in effects if e[0] != f.SNOOZED]
            for dose in due:
                dose.hushed_s = wall_s if len(due) == 1 and not snoozed else 0
                dose.restarted = dose.restarted or not dose.hushed_s
        o.ledger.compare(effects, lambda _e: False)
        o.ledger.looked(up_ms)

    def _hushed(self, dose: f.Dose, wall_s: int, up_ms: int) -> None:
        """She pressed before, for this dose alone."""
        snoozed = dose.snoozed_s and wall_s < dose.snoozed_s + SNOOZE_S
        hushed = not dose.snoozed_s and wall_s < dose.hushed_s + HUSH_S
        if hushed and dose.snoozes < SNOOZES:
            dose.snoozes += 1
            dose.snoozed_s = wall_s
            self.oracle.ledger.expect(f.SNOOZED, up_ms, dose.slot, (dose.snoozes,))
        elif not snoozed and not hushed:
            dose.hushed_s, dose.snoozed_s = wall_s, 0

    # --- what can be seen and heard ----------------------------------------------------------

    def shown(self, lights: bytes, sound: int) -> None:
        """What the box shows and sounds at this moment."""
        o, m = self.oracle, self.meanings
        takes = o.takes() if o.running else set()
        if m.take in lights:
            for c, light in enumerate(lights):
                if light == m.take and c not in takes:
                    o.ledger.say(f"lid {c} says take, and nothing there is due")
        stands_open = self.lids.open.keys() | self.lids.found_open.keys()
        for c in o.must_take() - stands_open if takes and not self.lids.refill else ():
            if lights[c] != m.take:
                o.ledger.say(f"lid {c} is due and its light says {lights[c]}")
        if m.late in lights:
            late = {d.compartment for d in o.running if d.state == f.LATER or d.loose}
            if any(light == m.late and c not in late for c, light in enumerate(lights)):
                o.ledger.say("a light says late, and nothing there is late")
        self._warned(lights)
        self._sounds(sound)

    def _warned(self, lights: bytes) -> None:
        o, m = self.oracle, self.meanings
        for c, opening in self.lids.open.items():
            fresh = o.up_ms - opening.up_ms < NEW_MS and opening.wall_s and o.now_s
            if not fresh or opening.value not in WARNED or opening.vague or self.lids.refill:
                continue
            if lights[c] != m.wrong_lid and not self.lids.loose_near(c):
                o.ledger.say(f"lid {c} is the wrong one and its light says {lights[c]}")

    def _sounds(self, sound: int) -> None:
        o, m = self.oracle, self.meanings
        due = o.prompting()
        if sound in m.prompts and not due and not o.takes():
            o.ledger.say(f"sound {sound} asks for a dose, and none is due")
        if len(due) != 1 or due[0].loose or self.lids.open or self.lids.refill:
            return
        dose, now = due[0], o.now_s
        quiet_s = SNOOZE_S if dose.snoozed_s else HUSH_S
        since = dose.snoozed_s or dose.hushed_s
        if since and since <= now < since + quiet_s:
            if sound in m.prompts and not dose.restarted:
                o.ledger.say(f"sound {sound} although she pressed OK for {dose.slot}")
        elif not since and self._by_the_clock(dose):
            begun = now - dose.base
            if begun < SOFT_FROM_S - 2 and sound in m.prompts:
                o.ledger.say(f"sound {sound} {begun} s after the prompt began")
            unlike = sound == m.silent or sound in m.prompts - {m.soft}
            if SOFT_FROM_S <= begun < SOFT_UNTIL_S and unlike:
                o.ledger.say(f"sound {sound} {begun} s after the prompt of {dose.slot}")

    def _by_the_clock(self, dose: f.Dose) -> bool:
        """Whether how long its prompt has lasted says what is to be heard."""
        began = 0 <= dose.prompted_s - dose.base < 60
        return began and not dose.restarted and dose.criticality != 2

    def at_rest(self, log: list[Logged], *, log_whole: bool) -> None:
        """The story is over."""
        self.oracle.at_rest()
        if log_whole:
            oracle_log.check(log, self.oracle)
