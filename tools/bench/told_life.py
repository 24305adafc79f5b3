"""The days of one resident, drawn from a seed: what happens at the box, when it becomes known.

Knows: the plan's slots, how doses go, how links and gateways fail.
May not know: what is told of it.

Nearly all doses go wrong: of a year only those days are lived that matter here.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cache

from anbu_wire import messages as wire
from gateway.events import (
    DeviceCaughtUp,
    DeviceRecord,
    Event,
    LinkDown,
    LinkUp,
    NotMonitored,
    PlannedSlot,
    ScheduleMade,
)
from gateway.roster import LABELS, PILLBOX, Device, Guardian, Person, Policy, Regimen, Roster
from tools.bench import years
from tools.bench.told_happened import DAY_MS, HOUR_MS, MIN_MS, Doubt, Help, Ladder, Seen, Slot
from tools.bench.told_happened import Span, Step, Story, Taken
from tools.bench.years import BOX, EPOCH, PERSON, midnight_ms

DAYS = 4
LEARNT_MS = 400  # a record is here so soon
RARELY_MS = 6 * HOUR_MS  # the last step, after it was told a few times
POLICY = Policy()
COURSES = {
    "taken": 25, "missed": 40, "late": 8, "unseen_taken": 8, "unseen_missed": 8, "doubtful": 5,
    "help": 6,
}  # fmt: skip
PEOPLE = {
    "two_steps": (("daughter", "guardian", 0), ("neighbour", "neighbour", 15)),
    "three_steps": (("son", "guardian", 0), ("neighbour", "neighbour", 15), ("officer", "officer", 30)),
    "together": (("daughter", "guardian", 0), ("son", "guardian", 0), ("officer", "officer", 20)),
}  # fmt: skip
NUMBERS = {
    name: f"+8210{n}0000000"
    for n, name in enumerate(("daughter", "son", "neighbour", "officer"), 1)
}


@cache
def plans() -> years.Plans:
    """The schedule of all lives."""
    return years.Plans(1, DAYS)


def key(day: str, index: int) -> str:
    """A slot's name in the story."""
    return f"{day}/{index}"


@dataclass(slots=True)
class Life:
    """What becomes known when (ms, fact), and the same as a story without any text."""

    roster: Roster
    schedule: ScheduleMade
    begins_ms: int
    story: Story
    facts: list[tuple[int, Event]] = field(default_factory=list)


class Draw:
    """One life being drawn."""

    def __init__(self, seed: int, *, trouble: bool) -> None:
        self._chance = random.Random(seed)
        self._trouble = trouble
        self._records: list[Written] = []
        people = PEOPLE[self._chance.choice(sorted(PEOPLE))]
        begins_ms = midnight_ms(0)
        self.life = Life(_roster(people), plans().made[0], begins_ms, _story(people, begins_ms))
        self._links: list[Span] = []
        self._away_day = self._chance.choice([None] * 3 + list(range(DAYS))) if trouble else None

    def live(self) -> Life:
        """All of it."""
        slots = [s for day in range(DAYS) for s in plans().slots[day]]
        courses = self._chance.choices(list(COURSES), list(COURSES.values()), k=len(slots))
        if self._trouble:
            self._downs(slots)
        for planned, course in zip(slots, courses, strict=True):
            if course.startswith("unseen"):
                far_ms = self._chance.randint(20, 150) * MIN_MS
                self._links.append(Span(planned.opens_ms - MIN_MS, planned.closes_ms + far_ms))
        self._tell_links()
        for planned, course in zip(slots, courses, strict=True):
            self._dose(planned, course)
        self._numbered()
        self.life.facts.sort(key=lambda entry: entry[0])
        return self.life

    def _downs(self, slots: list[PlannedSlot]) -> None:
        """The gateway is away across one deadline: for minutes, for hours, or for a night."""
        story = self.life.story
        if self._chance.random() < 0.6:
            across = self._chance.choice(slots[4:-4])
            length_ms = self._chance.choice([3, 20, 150, 700]) * MIN_MS
            begin_ms = across.closes_ms - self._chance.randint(1, 20_000)
            story.gateway_down.append(Span(begin_ms, begin_ms + length_ms))
        if self._away_day is not None:
            day = plans().slots[self._away_day][0].slot.day
            noted_ms = midnight_ms(self._away_day) + MIN_MS
            stay = NotMonitored(noted_ms, PERSON, day, day, "hospital", "daughter")
            self._known(noted_ms, stay)
            first_ms = midnight_ms(self._away_day)
            story.away.append(Span(first_ms, first_ms + DAY_MS))

    def _tell_links(self) -> None:
        for span in self._links:
            self._known(span.from_ms, LinkDown(span.from_ms, BOX, "out of range"))
        for span in [*self._links, *self.life.story.gateway_down]:
            up_ms = self._heard_ms(span.until_ms)
            self._known(up_ms, LinkUp(up_ms, BOX))
            self._caught_up(up_ms)

    def _heard_ms(self, at_ms: int) -> int:
        """When what happened at an instant can be here at the soonest."""
        before = 0
        while before != at_ms:
            before = at_ms
            for span in self._links:
                at_ms = span.until_ms if span.holds(at_ms) else at_ms
            for span in self.life.story.gateway_down:
                at_ms = span.until_ms + 5_000 if span.holds(at_ms) else at_ms
        return at_ms

    def _known(self, at_ms: int, fact: Event) -> int:
        heard_ms = self._heard_ms(at_ms)
        self.life.facts.append((heard_ms, fact))
        return heard_ms

    def _dose(self, planned: PlannedSlot, course: str) -> None:
        story, slot = self.life.story, key(planned.slot.day, planned.slot.index)
        story.slots.append(Slot(slot, planned.due_ms, planned.closes_ms))
        if any(span.holds(planned.due_ms) for span in story.away):
            self._record(planned, wire.SLOT_PAUSED, 0, planned.due_ms) if course == "late" else None
            return
        self._record(planned, wire.SLOT_PROMPTED, 0, planned.due_ms)
        if course in ("taken", "unseen_taken"):
            at_ms = planned.due_ms + self._chance.randint(1, 50) * MIN_MS
            story.taken.append(self._taken(planned, slot, 1, at_ms))
        elif course == "doubtful":
            at_ms = planned.due_ms + 6 * MIN_MS
            doubt = self._record(planned, wire.SLOT_DOUBTFUL, wire.DOUBT_WRONG_LID, at_ms)
            story.doubts.append(Doubt(slot, doubt))
        else:
            self._record(planned, wire.SLOT_LATE, 0, planned.closes_ms)
        if course == "late":
            at_ms = planned.closes_ms + self._chance.randint(5, 55) * MIN_MS
            story.taken.append(self._taken(planned, slot, 2, at_ms))
        elif course in ("missed", "unseen_missed"):
            self._record(planned, wire.SLOT_MISSED, 0, planned.ends_ms)
        elif course == "help":  # just when the dose is told: she pressed the red button
            at_ms = planned.closes_ms + LEARNT_MS + self._chance.randint(100, 2_000)
            story.helps.append(Help(self._record(None, wire.HELP_PRESSED, 0, at_ms)))
        for at_ms in (planned.closes_ms, planned.ends_ms):
            if self._heard_ms(at_ms) == at_ms:
                self._caught_up(at_ms)

    def _taken(self, planned: PlannedSlot, slot: str, value: int, at_ms: int) -> Taken:
        self._record(planned, wire.LID_OPENED, wire.OPENED_AS_DUE, at_ms)
        return Taken(slot, at_ms, self._record(planned, wire.SLOT_TAKEN, value, at_ms))

    def _caught_up(self, at_ms: int) -> None:
        """All that the box wrote until an instant is here."""
        known_ms = at_ms + LEARNT_MS
        self.life.story.seen.append(Seen(at_ms, known_ms))
        self._records.append((known_ms, at_ms, 0, 0, None))

    def _record(self, planned: PlannedSlot | None, kind: int, value: int, wall_ms: int) -> int:
        """A record of the box; when it is here."""
        known_ms = self._heard_ms(wall_ms) + LEARNT_MS
        self._records.append((known_ms, wall_ms, kind, value, planned))
        return known_ms

    def _numbered(self) -> None:
        """The box numbers its records in the order in which it wrote them."""
        seq = 0
        for known_ms, wall_ms, kind, value, planned in sorted(self._records, key=_in_order):
            if not kind:
                told = DeviceCaughtUp(known_ms, BOX, EPOCH, seq, wall_ms, wire.SYNCED, 90, 1)
                self.life.facts.append((known_ms, told))
                continue
            seq += 1
            record = _record(planned, kind, value, wall_ms, known_ms, seq)
            self.life.facts.append((known_ms, record))


Written = tuple[int, int, int, int, PlannedSlot | None]
"""(known, wall, kind, value, slot) of a record; kind 0: all is here."""


def _in_order(written: Written) -> tuple[int, bool, int]:
    known_ms, wall_ms, kind, _value, _planned = written
    return known_ms, kind == 0, wall_ms


def _record(
    planned: PlannedSlot | None, kind: int, value: int, wall_ms: int, known_ms: int, seq: int
) -> DeviceRecord:
    return DeviceRecord(
        at_ms=known_ms,
        device_id=BOX,
        epoch=EPOCH,
        seq=seq,
        boot=1,
        uptime_ms=wall_ms - midnight_ms(0),
        wall_ms=wall_ms,
        timeline=1,
        quality=wire.SYNCED,
        record_kind=kind,
        compartment=planned.compartment if planned else None,
        slot_day=planned.slot.day if planned else None,
        slot_index=planned.slot.index if planned else None,
        schedule_version=1,
        value=value,
    )


def _roster(people: tuple[tuple[str, str, int], ...]) -> Roster:
    return Roster(
        home_id="home",
        time_zone=years.ZONE,
        language="ko",
        persons=(Person(PERSON, "김순자"),),
        devices=(Device(BOX, PILLBOX, PERSON),),
        guardians=tuple(
            Guardian(name, PERSON, name, NUMBERS[name], "ko", after, role)
            for name, role, after in people
        ),
        regimens=(Regimen(PERSON, LABELS, window_min=60, late_min=60),),
        policy=POLICY,
    )


def _story(people: tuple[tuple[str, str, int], ...], begins_ms: int) -> Story:
    delays = sorted({after for _name, _role, after in people})
    steps, before = [], 0
    for delay in delays:
        names = tuple(NUMBERS[name] for name, _role, after in people if after == delay)
        steps.append(Step((delay - before) * MIN_MS, names))
        before = delay
    again = (*[POLICY.repeat_min * MIN_MS] * POLICY.repeat_limit, RARELY_MS)
    ladder = Ladder(tuple(steps), again, POLICY.close_after_h * HOUR_MS)
    return Story(ladder, POLICY.grace_min * MIN_MS, begins_ms + (DAYS + 1) * DAY_MS)
