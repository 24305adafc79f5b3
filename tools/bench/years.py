"""A resident's years as facts: what a log holds after so many days, drawn from a seed.

Knows: the facts of a box and a gateway, how doses go in a year. May not know: what they cost.

Nobody's data: four doses a day, of which some are late, missed, in doubt, closed by word, put off
or opened twice; every month a bag from the pharmacy; now and then a miss that was a pouch taken
along, as a person says; once a year a week in hospital; now and then a call for help, a restart, a
link that is down and tells later. What the gateway decides on the way is decided by its own rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.events import (
    Content,
    DeviceCaughtUp,
    DeviceRecord,
    DoseCorrected,
    Event,
    GatewayStarted,
    LinkDown,
    LinkUp,
    NotMonitored,
    PlannedSlot,
    PrescriptionEntered,
    RosterSet,
    ScheduleMade,
    ScheduleOnBox,
)
from gateway.home import Home
from gateway.prescription.medication import AtMeals, Medication
from gateway.prescription.schedule import make_schedule
from gateway.prescription.stored import to_json
from gateway.units import DAY_MS, HOUR_MS, MIN_MS
from tools.bench.courses import AWAY, COURSES, MISSED, SETTLED_AT, WEIGHTS

BEGAN = date(2016, 3, 1)
ZONE = "Asia/Seoul"
PERSON, BOX = "resident", "AB-000001"
EPOCH = 1
YEAR_DAYS = 365
HOSPITAL_DAYS = range(200, 207)  # of each year
BAG_DAYS = 30


def roster() -> rosters.Roster:
    """One resident with a box, four doses a day, a daughter and a neighbour."""
    return rosters.Roster(
        home_id="home",
        time_zone=ZONE,
        language="ko",
        persons=(rosters.Person(PERSON, "김순자"),),
        devices=(rosters.Device(BOX, rosters.PILLBOX, PERSON),),
        guardians=(
            rosters.Guardian("daughter", PERSON, "이지은", "+821012345678", "ko", 0),
            rosters.Guardian("neighbour", PERSON, "박영희", "+821087654321", "ko", 15),
        ),
        regimens=(rosters.Regimen(PERSON, rosters.LABELS, window_min=60, late_min=60),),
    )


def midnight_ms(day: int) -> int:
    """The local midnight with which a day of the years begins; Seoul has no summer time."""
    there = datetime.combine(BEGAN + timedelta(day), datetime.min.time(), UTC)
    return round(there.timestamp() * 1000) - 9 * HOUR_MS


@dataclass(slots=True)
class Plans:
    """The schedules of all days, made once by the gateway's own plan and shared by all residents.

    The zone has no change of time and the meal clock stays: one day's plan is any other's, moved.
    """

    days: int
    ahead_days: int = 14
    later_min: int = 0  # than the default meal clock
    made: list[ScheduleMade] = field(init=False)
    slots: list[tuple[PlannedSlot, ...]] = field(init=False)  # of each day

    def __post_init__(self) -> None:
        home = Home()
        home.fold(RosterSet(midnight_ms(0), rosters.to_json(roster())))
        first = make_schedule(home.household, BOX, midnight_ms(0))
        if first is None:
            raise ValueError("the bench's own roster makes no schedule")
        of_a_day = [s for s in first.slots if s.slot.day == BEGAN.isoformat()]
        length = self.days + self.ahead_days
        moved = self.later_min * MIN_MS
        self.slots = [tuple(_moved(s, n, moved) for s in of_a_day) for n in range(length)]
        self.made = [self._made(first, day) for day in range(self.days)]

    def _made(self, first: ScheduleMade, day: int) -> ScheduleMade:
        slots = [s for of_day in self.slots[day : day + self.ahead_days] for s in of_day]
        return replace(
            first, at_ms=midnight_ms(day), version=day + 1, crc=day, slots=tuple(slots), rules=()
        )


def _moved(slot: PlannedSlot, days: int, more_ms: int) -> PlannedSlot:
    day = (BEGAN + timedelta(days)).isoformat()
    later = days * DAY_MS + more_ms
    return replace(
        slot,
        slot=replace(slot.slot, day=day),
        due_ms=slot.due_ms + later,
        opens_ms=slot.opens_ms + later,
        closes_ms=slot.closes_ms + later,
        ends_ms=slot.ends_ms + later,
        contents=(Content(f"{_bag(days)}/0", "1"),),
    )


def _bag(day: int) -> int:
    """The prescription that is taken on a day."""
    return 1 + day // BAG_DAYS


def _dispensed(day: int) -> PrescriptionEntered:
    """The bag that begins on a day, as it was written down."""
    begins = BEGAN + timedelta(day)
    drug = Medication("암로디핀", AtMeals(rosters.LABELS), BAG_DAYS, dispensed_on=begins)
    at_ms = midnight_ms(day)
    return PrescriptionEntered(at_ms, PERSON, _bag(day), (to_json(drug),), "form", "daughter")


class Resident:
    """One resident's box and gateway, lived through day after day; the same seed, the same life."""

    def __init__(self, plans: Plans, seed: int) -> None:
        self.home = Home()
        self._plans = plans
        self._chance = random.Random(seed)
        self._seq = 0

    def begin(self) -> Iterator[Event]:
        """The facts of the first minute."""
        for fact in (
            GatewayStarted(midnight_ms(0), "bench"),
            RosterSet(midnight_ms(0), rosters.to_json(roster())),
            LinkUp(midnight_ms(0), BOX),
        ):
            self.home.fold(fact)
            yield fact

    def day(self, day: int) -> Iterator[Event]:
        """The facts of one day, those that were decided too; each is folded."""
        for fact in self.happens(day):
            self.home.fold(fact)
            yield fact
            slow = isinstance(fact, DeviceRecord) and fact.record_kind in SETTLED_AT
            if slow or isinstance(fact, ScheduleOnBox):
                yield from self._decided(fact.at_ms)

    def _decided(self, now_ms: int) -> Iterator[Event]:
        while follows := self.home.decide(now_ms):
            for fact in follows:
                self.home.fold(fact)
                yield fact

    def happens(self, day: int) -> Iterator[Event]:
        """The facts of one day without what is decided; none is folded."""
        made = self._plans.made[day]
        yield made
        yield ScheduleOnBox(made.at_ms + MIN_MS, BOX, made.version, made.crc)
        if self._chance.random() < 1 / 90:
            yield GatewayStarted(made.at_ms + 2 * MIN_MS, "bench")
            yield LinkUp(made.at_ms + 3 * MIN_MS, BOX)
        if self._chance.random() < 1 / 60:
            yield self.record(made.at_ms + 9 * 60 * MIN_MS, wire.HELP_PRESSED, 0, None, day)
        yield from self._said(day)
        for planned in self._plans.slots[day]:
            yield from self._dose(planned, day)

    def _said(self, day: int) -> Iterator[Event]:
        """What persons write down on a day."""
        if day % BAG_DAYS == 0:
            yield _dispensed(day)
        if day % YEAR_DAYS == HOSPITAL_DAYS[0]:
            first, last = (BEGAN + timedelta(day + n) for n in (0, len(HOSPITAL_DAYS) - 1))
            stay = (first.isoformat(), last.isoformat(), "hospital", "daughter")
            yield NotMonitored(midnight_ms(day) + MIN_MS, PERSON, *stay)

    def _dose(self, planned: PlannedSlot, day: int) -> Iterator[Event]:
        course = self._chance.choices(COURSES, WEIGHTS)[0]
        course = AWAY if day % YEAR_DAYS in HOSPITAL_DAYS else course
        down = self._chance.random() < 1 / 200
        learnt_ms = planned.ends_ms + 2 * 60 * MIN_MS if down else 0
        if down:
            yield LinkDown(planned.opens_ms, BOX, "out of range")
        for kind, value, after_min in course:
            when_ms = planned.due_ms + after_min * MIN_MS
            yield self.record(when_ms, kind, value, planned, day, max(learnt_ms, when_ms))
        if down:
            yield LinkUp(learnt_ms, BOX)
        if course is MISSED and self._chance.random() < 1 / 10:
            yield DoseCorrected(planned.ends_ms, planned.slot, 1, "daughter", "pouch taken along")
        yield self._caught_up(max(learnt_ms, planned.ends_ms), day)

    def record(
        self,
        wall_ms: int,
        kind: int,
        value: int,
        planned: PlannedSlot | None,
        day: int,
        at_ms: int | None = None,
    ) -> DeviceRecord:
        """The next record of the box's log, about a slot or none; `at_ms` None: learnt at once."""
        self._seq += 1
        return DeviceRecord(
            at_ms=wall_ms if at_ms is None else at_ms,
            device_id=BOX,
            epoch=EPOCH,
            seq=self._seq,
            boot=1 + day // 120,
            uptime_ms=wall_ms - midnight_ms(day // 120 * 120),
            wall_ms=wall_ms,
            timeline=1,
            quality=wire.SYNCED,
            record_kind=kind,
            compartment=planned.compartment if planned else None,
            slot_day=planned.slot.day if planned else None,
            slot_index=planned.slot.index if planned else None,
            schedule_version=day + 1,
            value=value,
        )

    def _caught_up(self, at_ms: int, day: int) -> DeviceCaughtUp:
        return DeviceCaughtUp(at_ms, BOX, EPOCH, self._seq, at_ms, wire.SYNCED, 90, day + 1)
