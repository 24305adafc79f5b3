"""A home with four weeks behind it: prescriptions, doses, corrections, days away.

Knows: entries and a box's records. May not know: pages, figures. The real gateway's own folds and
plans make it; only what a box would have told is written by hand.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import replace
from datetime import date, timedelta

from anbu_wire import messages as wire
from gateway.entering import Confirm, Correct, Entry, NotSeen, Prescribe, Stop, entered
from gateway.events import PlannedSlot, ScheduleOnBox, SlotId, StockReckoned
from gateway.home import Home
from gateway.prescription import shorthand
from gateway.prescription.current import coming
from gateway.prescription.proposal import propose
from gateway.prescription.schedule import make_schedule
from tests.gateway.home_facts import BOX, at, begun, caught_up, record

PERSON = "soonja"
FIRST = date(2026, 2, 4)
TODAY = date(2026, 3, 4)
NOW_MS = at("17:52", TODAY.isoformat())
BAGS = (
    "2026-02-04 암로디핀 5mg 1정 아침 식후 30분 60일분 #antihypertensive [실온] ☎02-123-4567",
    "2026-02-04 메트포르민 500mg 1정 1일 2회 아침, 저녁 식후 30분 30일분 #antidiabetic",
    "2026-02-04 타이레놀 500mg 1정 필요시 30일분 #paracetamol",
)
FRESH = (
    "2026-03-04 로수바스타틴 10mg 1정 1일 1회 저녁 식사 직후 30일분 #statin",
    "2026-03-04 와파린 2mg 0.5정 1일 1회 취침 전 30일분 #anticoagulant",
)
MIN_MS = 60_000
# What becomes of one dose after the other: (record, value, minutes after due).
COURSE = (
    (wire.SLOT_TAKEN, 1, 4),
    (wire.SLOT_TAKEN, 1, 11),
    (wire.SLOT_TAKEN, 0, -20),
    (wire.SLOT_TAKEN, 1, 2),
    (wire.SLOT_TAKEN, 2, 95),
    (wire.SLOT_TAKEN, 1, 0),
    (wire.SLOT_MISSED, 0, 240),
    (wire.SLOT_TAKEN, 1, 25),
    (wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF, 6),
)


def bags(*lines: str) -> Prescribe:
    """An entry of these lines by her daughter."""
    read = [shorthand.read(line) for line in lines]
    medications = tuple(r.medication for r in read if r.medication)
    assert len(medications) == len(lines), [r.problems for r in read]
    return Prescribe(PERSON, medications, "shorthand", "이지은")


def say(home: Home, entry: Entry, now_ms: int) -> None:
    """An entry, folded at once."""
    for fact in entered(home, entry, now_ms):
        home.fold(fact)


def confirm(home: Home, now_ms: int) -> None:
    """All that waits, confirmed by her daughter."""
    say(home, Confirm(PERSON, propose(home.household, PERSON, now_ms).digest, "이지은"), now_ms)


def plan_on_box(home: Home, now_ms: int) -> None:
    """The schedule of the moment is made and read back."""
    made = make_schedule(home.household, BOX, now_ms)
    if made is not None:
        home.fold(made)
        home.fold(ScheduleOnBox(now_ms + MIN_MS, BOX, made.version, made.crc))


def lived() -> Home:
    """A copy of _lived(), which takes a while to live."""
    return copy.deepcopy(_lived())


@functools.cache
def _lived() -> Home:
    """Confirmed four weeks ago and lived by; one dose corrected, a journey, no news of one day."""
    first_ms = at("05:00", FIRST.isoformat())
    home = begun(first_ms)
    say(home, bags(*BAGS), first_ms)
    confirm(home, first_ms)
    seq = 0
    for n in range((TODAY - FIRST).days + 1):
        day = FIRST + timedelta(n)
        plan_on_box(home, at("05:00", day.isoformat()))
        for slot in _of(home, day):
            seq += 1
            _live(home, slot, seq)
        silent = n == 12  # that day's records were lost
        end_ms = min(at("23:59", day.isoformat()), NOW_MS)
        if not silent:
            home.fold(caught_up(end_ms, up_to_seq=seq))
    say(home, Correct(SlotId(PERSON, "2026-02-20", 0), 1, "이지은", "전화로 확인"), NOW_MS)
    say(home, NotSeen(PERSON, "2026-02-25", "2026-02-26", "hospital", "이지은"), NOW_MS)
    left = StockReckoned(NOW_MS, PERSON, "1/1", "5", "7", 2, "2026-03-05", "2026-03-05")
    home.fold(left)
    home.fold(replace(left, medication_id="1/0", left="32", at_most="34", days_left=32,
                      runs_out_on="2026-04-05", fetch_by="2026-04-03"))  # fmt: skip
    return home


def waiting() -> Home:
    """As lived(), with two fresh bags and a stop that nobody has confirmed yet."""
    home = lived()
    say(home, bags(*FRESH), NOW_MS)
    say(home, Stop(PERSON, "1/0", "2026-03-08", "이지은", "의사 선생님 말씀"), NOW_MS)
    return home


def blocked() -> Home:
    """As lived(), with a bag of which nobody knows when it begins."""
    home = lived()
    say(home, bags("소화제 1정 1일 3회 식후 30분 5일분"), NOW_MS)
    return home


def fresh() -> Home:
    """Only the configuration file so far."""
    return begun(at("07:00", TODAY.isoformat()))


HOMES = [fresh, lived, waiting, blocked]


def _of(home: Home, day: date) -> list[PlannedSlot]:
    now_ms = at("05:00", day.isoformat())
    slots = coming(home.household, PERSON, now_ms, 2)
    return [s for s in slots if s.slot.day == day.isoformat() and s.due_ms < NOW_MS]


def _live(home: Home, slot: PlannedSlot, seq: int) -> None:
    kind, value, after_min = COURSE[(seq * 7) % len(COURSE)]
    when_ms = slot.due_ms + after_min * MIN_MS
    home.fold(
        record(
            seq,
            kind,
            when_ms,
            value=value,
            compartment=slot.compartment,
            slot_day=slot.slot.day,
            slot_index=slot.slot.index,
            schedule_version=home.household.made[BOX].version,
            uptime_ms=when_ms - at("00:00", FIRST.isoformat()),
        )
    )
