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
from gateway.roster import Roster
from gateway.units import DAY_MS, MIN_MS
from tools.bench import years
from tools.bench.told_happened import Doubt, Help, Seen, Slot, Span, Story, Taken
from tools.bench.told_people import PEOPLE, roster, story
from tools.bench.years import BOX, EPOCH, PERSON, midnight_ms

DAYS = 4
LEARNT_MS = 400  # a record is here so soon
DOWN_SHARE = 3 / 5  # of lives with one absence of the gateway
SLOW_S, SLOW_SHARE = 4.0, 1 / 8  # a modem in a cellar
COURSES = {
    "taken": 25, "missed": 40, "late": 8, "unseen_taken": 8, "unseen_missed": 8, "doubtful": 5,
    "help": 6,
}  # fmt: skip


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
    slow_s: float = 0.0  # so long its modem takes for each text


class Draw:
    """One life being drawn."""

    def __init__(self, seed: int, *, trouble: bool) -> None:
        self._chance = random.Random(seed)
        self._trouble = trouble
        self._records: list[Written] = []
        people = PEOPLE[self._chance.choice(sorted(PEOPLE))]
        begins_ms, until_ms = midnight_ms(0), midnight_ms(DAYS + 1)
        self.life = Life(roster(people), plans().made[0], begins_ms, story(people, until_ms))
        self.life.slow_s = SLOW_S if trouble and self._chance.random() < SLOW_SHARE else 0.0
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
        if self._chance.random() < DOWN_SHARE:
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
            if course == "late":  # else nobody told the box
                self._record(planned, wire.SLOT_PAUSED, 0, planned.due_ms)
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
            fact = record(planned, kind, value, wall_ms, known_ms, seq)
            self.life.facts.append((known_ms, fact))


Written = tuple[int, int, int, int, PlannedSlot | None]
"""(known, wall, kind, value, slot) of a record; kind 0: all is here."""


def _in_order(written: Written) -> tuple[int, bool, int]:
    known_ms, wall_ms, kind, _value, _planned = written
    return known_ms, kind == 0, wall_ms


def record(
    planned: PlannedSlot | None, kind: int, value: int, wall_ms: int, known_ms: int, seq: int
) -> DeviceRecord:
    """One record of the box, about a slot or none."""
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
