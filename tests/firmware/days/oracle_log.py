"""What a person reads out of the box's log after it was off.

Knows: the sentences on restarts: a series continues, an opening in the log is never prompted
again, what ended unwatched is unknown. May not know: any file of the firmware or of anbu_wire.
"""

from __future__ import annotations

from collections import Counter

from tests.firmware.days import facts as f
from tests.firmware.days.facts import Dose, Logged, Slot
from tests.firmware.days.oracle import Oracle
from tests.firmware.days.oracle_lids import Lids
from tests.firmware.days.oracle_time import LIVE_S, PAUSE_S, Opened

_OWN = (f.AS_DUE, f.TOO_SOON)


def restart(oracle: Oracle, lids: Lids, log: list[Logged], *, watched: bool, torn: bool) -> None:
    """The box starts anew; all it knows of before is `log`. The schedule was read already.

    `torn`: some of what the box had written was lost, so it may have forgotten a doubt.
    """
    before = oracle.before = oracle.doses
    oracle.torn = torn
    oracle.doses, oracle.running, oracle.opened = {}, [], {}
    oracle.not_ours.clear()
    oracle.gap = not watched
    oracle.jumped = oracle.restarted = True
    oracle.now_s = oracle.seen_s = oracle.next_s = oracle.expanded_s = 0
    oracle.since_s = next((r[4] for r in reversed(log) if r[4]), 0)
    oracle.came_s = next((r[4] for r in reversed(log) if r[0] == f.SCHEDULE_STORED), 0)
    _doses(oracle, log, before, torn=torn)
    _lids(oracle, lids, log)


def _doses(oracle: Oracle, log: list[Logged], before: dict[Slot, Dose], *, torn: bool) -> None:
    for record in log:
        kind, slot = record[:2]
        if kind in f.FINALS or kind in (f.PROMPTED, f.LATE, f.POSTPONED, f.SNOOZED):
            pass
        elif kind != f.LID_OPENED or record[3] not in _OWN or slot == f.NOBODY:
            continue
        dose = oracle.doses.get(slot)
        if dose is None:
            dose = oracle.doses[slot] = _fresh(oracle, slot, record, before)
        _told(oracle, dose, record)
    for dose in oracle.doses.values():
        if dose.state == f.OPENED:  # nobody can say any more for how long
            dose.loose = dose.spoilt = True
        if torn and (dose.doubt or dose.blind):
            dose.doubt, dose.late_start, dose.loose = False, True, dose.loose or dose.blind
    oracle.running = [d for d in oracle.doses.values() if not d.final]


def _told(oracle: Oracle, dose: Dose, record: Logged) -> None:
    kind, _slot, _lid, value, wall_s, _up, _boot, timeline = record
    if kind in f.FINALS:
        dose.state = kind
    elif kind == f.PROMPTED and dose.state == f.WAITING:
        dose.state, dose.prompted, dose.armed = f.DUE, True, True
        dose.restarted = True
    elif kind == f.LATE and dose.state == f.DUE:
        dose.state, dose.armed = f.LATER, False
    elif kind == f.POSTPONED:
        dose.postponed = True
        dose.state = f.OPEN if dose.state in (f.DUE, f.LATER) else dose.state
    elif kind == f.LID_OPENED:
        oracle.opened[dose.slot] = Opened(wall_s, timeline)
        if not dose.final:
            dose.state = f.OPENED
        if value == f.TOO_SOON:
            dose.spoilt = True


def _fresh(oracle: Oracle, slot: Slot, record: Logged, before: dict[Slot, Dose]) -> Dose:
    """The dose as the schedule of today has it; else as it was, and nobody can be sure of it."""
    near = f.slots_between(oracle.entries, oracle.zone, *_span(record, before.get(slot)))
    known = next((d for d in near if d.slot == slot), None)
    old = before.get(slot)
    if known is not None:
        unsure = old is not None and old.loose and not old.final
        known.loose = unsure or (old is not None and _times(old) != _times(known))
        known.base = known.due
        if old is not None and old.postponed and known.spacing_s:
            known.base, known.loose = old.base, True
        if old is not None:
            known.doubt, known.blind = old.doubt, old.blind
            known.late_start = old.late_start
        return known
    lost = Dose(slot, record[2], old.due if old else 0, 0, 0, 0, 0, 0, f.NOBODY, 0)
    lost.loose, lost.ours = True, False
    return lost


def _span(record: Logged, old: Dose | None) -> tuple[int, int]:
    about = old.due if old else record[4]
    return about - LIVE_S - PAUSE_S, about + LIVE_S


def _times(dose: Dose) -> tuple[int, ...]:
    windows = (dose.early_s, dose.window_s, dose.late_s, dose.skip_s, dose.spacing_s)
    return (dose.compartment, dose.due, *windows)


def _lids(oracle: Oracle, lids: Lids, log: list[Logged]) -> None:
    lids.open.clear()
    lids.recent.clear()
    lids.shaking = False
    oracle.wrong_still_open = False
    oracle.found.clear()
    lids.refill, lids.guided = 0, False
    lids.refill_sure = True
    oracle.empty.clear()
    for prn in lids.prn.values():
        prn.counted.clear()
        prn.loose = False
    standing: dict[int, int] = {}  # lids that stood open, by the log
    for record in log:
        _lid(oracle, lids, record)
        if record[4]:
            oracle.found.clear()  # the time was known again: what it meant was found out then
        if record[0] == f.LID_OPENED:
            if not record[4]:
                oracle.found[record[2]] = True
            standing[record[2]] = record[3]
        elif record[0] == f.LID_CLOSED:
            standing.pop(record[2], None)
    oracle.wrong_before = any(v in (f.WRONG, f.AGAIN, f.AFTER) for v in standing.values())
    for dose in oracle.running:
        dose.perhaps_wrong = oracle.wrong_before
    if lids.refill:
        lids.guided = lids.refill_sure = False
        lids.filling.clear()


def _lid(oracle: Oracle, lids: Lids, record: Logged) -> None:
    kind, _slot, c, value, wall_s = record[:5]
    if kind == f.REFILL_BEGUN:
        lids.refill = value
    elif kind == f.REFILL_ENDED:
        lids.refill = 0
    elif kind == f.EMPTIED:
        oracle.empty.add(c)
    elif kind == f.FILLED:
        oracle.empty.discard(c)
    elif kind == f.LID_OPENED and c in lids.prn:
        if value == f.PRN:
            lids.prn[c].counted.append(wall_s)
        elif value in (f.PRN_TOO_SOON, f.PRN_TOO_MANY):
            lids.prn[c].loose = True  # for how long it stood open is another record


def check(log: list[Logged], oracle: Oracle) -> None:
    """The log as a whole: one series, one final state a slot apart from a person's word."""
    kinds = Counter((r[1], r[0]) for r in log if r[0] == f.PROMPTED)
    for (slot, _kind), count in kinds.items():
        if count > 1:
            oracle.ledger.say(f"{count} prompt series for slot {slot}")
    finals = Counter(r[1] for r in log if r[0] in f.FINALS and not _by_word(r))
    for slot, count in finals.items():
        if count > 1:
            oracle.ledger.say(f"{count} final states for slot {slot}")


def _by_word(record: Logged) -> bool:
    return record[0] in (f.TAKEN, f.SKIPPED) and record[3] == (3 if record[0] == f.TAKEN else 2)
