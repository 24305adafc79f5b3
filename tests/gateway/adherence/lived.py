"""Days lived through as facts of the log: a box's records, and what persons said.

Knows: events and slots. May not know: any formula, how facts are folded.

The schedule is written here by hand, so that these tests stand on nobody's plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.adherence.spoken import BY_WORD
from gateway.events import (
    Content,
    DeviceCaughtUp,
    DeviceRecord,
    DoseCorrected,
    Event,
    GatewayStarted,
    MedicationStopped,
    NotMonitored,
    PlannedSlot,
    PrescriptionEntered,
    RosterSet,
    ScheduleMade,
    ScheduleOnBox,
    SlotId,
)
from gateway.household import Household, fold
from gateway.prescription.medication import AtMeals, Medication
from gateway.prescription.stored import to_json
from tests.gateway.home_facts import BOX, at, caught_up, record, roster

PERSON = "soonja"
INDEX = {"morning": 0, "noon": 1, "evening": 2, "bedtime": 3}
CLOCKS = {"morning": "08:00", "evening": "20:00", "bedtime": "23:30"}
MIN_MS = 60_000
PRN_INDEX = 4
FIRST_SEQ = 100  # of a life's records: what begins a boot comes before


def planned(day: str, label: str, drugs: tuple[str, ...] = (), window_min: int = 60) -> PlannedSlot:
    """A slot by the clock of its label, as long offered late as its window is."""
    due_ms = at(CLOCKS[label], day)
    closes_ms = due_ms + window_min * MIN_MS
    return PlannedSlot(
        slot=SlotId(PERSON, day, INDEX[label]),
        label=label,
        compartment=INDEX[label],
        due_ms=due_ms,
        opens_ms=due_ms - window_min * MIN_MS,
        closes_ms=closes_ms,
        ends_ms=closes_ms + window_min * MIN_MS,
        criticality="normal",
        contents=tuple(Content(drug, "1") for drug in drugs),
    )


def begin(slots: Iterable[PlannedSlot], from_ms: int) -> list[Event]:
    """A home whose box runs these slots since `from_ms`."""
    return [
        GatewayStarted(from_ms, "test"),
        RosterSet(from_ms, rosters.to_json(roster(regimens=()))),
        ScheduleMade(from_ms, BOX, 1, 1, tuple(slots)),
        ScheduleOnBox(from_ms, BOX, 1, 1),
    ]


def about(slot: PlannedSlot, seq: int, kind: int, after_min: int, **more: Any) -> DeviceRecord:  # noqa: ANN401 - fields of a record
    """A record about a slot, so many minutes after it was due."""
    when_ms = slot.due_ms + after_min * MIN_MS
    fields = {
        "slot_day": slot.slot.day,
        "slot_index": slot.slot.index,
        "compartment": slot.compartment,
        **more,
    }
    return record(seq, kind, when_ms, uptime_ms=when_ms - at("00:00", "2026-01-01"), **fields)


def prescribed(number: int, name: str, dispensed_on: str, days: int) -> PrescriptionEntered:
    """A bag with one drug, written down on the day it was dispensed; its id is "NUMBER/0"."""
    bag = Medication(
        name,
        AtMeals(("morning",)),
        days,
        Fraction(1),
        dispensed_on=date.fromisoformat(dispensed_on),
    )
    return PrescriptionEntered(
        at("12:00", dispensed_on), PERSON, number, (to_json(bag),), "form", "daughter"
    )


def folded(facts: Iterable[Event]) -> Household:
    """The household after these facts, in this order."""
    household = Household()
    for fact in facts:
        fold(household, fact)
    return household


# --- any life -------------------------------------------------------------------------------

# (kind, value, minutes after due) of each record.
Course = tuple[tuple[int, int, int], ...]
OPENED, TAKEN = wire.LID_OPENED, wire.SLOT_TAKEN
COURSES: tuple[Course, ...] = (
    ((OPENED, wire.OPENED_AS_DUE, 4), (TAKEN, 1, 4)),
    ((OPENED, wire.OPENED_AS_DUE, -30), (TAKEN, 0, -30)),
    ((wire.SLOT_LATE, 0, 60), (OPENED, wire.OPENED_AS_DUE, 75), (TAKEN, 2, 75)),
    ((wire.SLOT_POSTPONED, 90, 0), (OPENED, wire.OPENED_AS_DUE, 140), (TAKEN, 1, 140)),
    ((wire.SLOT_POSTPONED, 90, 0),),
    ((wire.SLOT_LATE, 0, 60), (wire.SLOT_MISSED, 0, 120)),
    ((wire.SLOT_LATE, 0, 60),),
    ((wire.SLOT_SKIPPED, wire.SKIPPED_LATE, 90),),
    ((OPENED, wire.OPENED_WRONG, 5), (wire.SLOT_DOUBTFUL, wire.DOUBT_WRONG_LID, 6)),
    ((wire.SLOT_DOUBTFUL, wire.DOUBT_BRIEF, 6), (wire.SLOT_SKIPPED, wire.SKIPPED_BY_WORD, 20)),
    ((TAKEN, BY_WORD, 30),),
    ((TAKEN, BY_WORD, 30), (OPENED, wire.OPENED_AS_DUE, 40), (TAKEN, 1, 40)),
    ((wire.SLOT_UNWATCHED, 1, 0), (wire.SLOT_UNKNOWN, 0, 120)),
    ((wire.SLOT_PAUSED, 0, 0),),
    (),
)  # fmt: skip


@dataclass(frozen=True)
class Life:
    """The gateway's own facts in their order, entries of persons in theirs, and the box's facts."""

    begun: tuple[Event, ...]
    entries: tuple[Event, ...]
    device: tuple[Event, ...]
    slots: tuple[PlannedSlot, ...]
    from_day: str
    to_day: str

    def in_order(self) -> list[Event]:
        """All of it, one part after the other."""
        return [*self.begun, *self.entries, *self.device]

    def ends_ms(self) -> int:
        """Some days after the last of it."""
        return at("12:00", (date.fromisoformat(self.to_day) + timedelta(3)).isoformat())


def boot_of(day: str) -> int:
    """The box was started anew each morning."""
    return date.fromisoformat(day).day


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Up to six days with up to three doses, whatever may become of each, and words about them."""
    first = date(2026, 3, 6)  # a Friday: the weeks meet within
    days = [(first + timedelta(n)).isoformat() for n in range(draw(st.integers(1, 6)))]
    labels = {day: draw(st.sets(st.sampled_from(sorted(CLOCKS)), min_size=1)) for day in days}
    drugs = {"morning": ("1/0", "2/0"), "evening": ("2/0",), "bedtime": ("3/0",)}
    slots = [planned(d, x, drugs[x]) for d in days for x in CLOCKS if x in labels[d]]
    device = _device(draw, slots)
    return Life(
        tuple(begin(slots, at("00:00", days[0]))),
        tuple(_entries(draw, slots, days)),
        tuple(device),
        tuple(slots),
        days[0],
        days[-1],
    )


def _device(draw: st.DrawFn, slots: list[PlannedSlot]) -> list[Event]:
    """The box's records, some by a clock that drifts or knows nothing; at times all are here."""
    facts: list[Event] = []
    seq = FIRST_SEQ
    qualities = [wire.SYNCED, wire.DRIFTING, wire.UNKNOWN]
    of_day = {slot.slot.day: draw(st.sampled_from(qualities)) for slot in slots}
    for slot in slots:
        boot = boot_of(slot.slot.day)
        quality = draw(st.sampled_from([of_day[slot.slot.day]] * 3 + [wire.SYNCED]))
        for kind, value, after_min in draw(st.sampled_from(COURSES)):
            seq += 1
            told = about(slot, seq, kind, after_min, value=value, boot=boot, quality=quality)
            facts.append(replace(told, wall_ms=None) if quality == wire.UNKNOWN else told)
        if draw(st.integers(0, 3)) == 0:  # a pill for pain
            seq += 1
            prn = about(slot, seq, OPENED, 15, value=wire.OPENED_PRN, slot_index=PRN_INDEX)
            facts.append(replace(prn, boot=boot))
        if draw(st.booleans()):
            facts.append(caught_up(slot.ends_ms + draw(st.sampled_from([-70, 0, 200])) * MIN_MS))
    return facts


def _entries(draw: st.DrawFn, slots: list[PlannedSlot], days: list[str]) -> list[Event]:
    """Prescriptions, corrections (two at one instant too), stays elsewhere, some taken back."""
    facts: list[Event] = [
        prescribed(1, "암로디핀", days[0], 30),
        prescribed(2, "메트포르민", "2026-02-20", 10),
        prescribed(3, "메트포르민", "2026-03-04", draw(st.integers(1, 9))),
    ]
    for _ in range(draw(st.integers(0, 4))):
        slot = draw(st.sampled_from(slots))
        at_ms = slot.due_ms + draw(st.sampled_from([-90, 0, 70, 200, 200, 600])) * MIN_MS
        taken, by = draw(st.integers(0, 2)), draw(st.sampled_from(["daughter", "pharmacist"]))
        facts.append(DoseCorrected(at_ms, slot.slot, taken, by, "was there"))
    for _ in range(draw(st.integers(0, 2))):
        stay = draw(st.tuples(st.sampled_from(days), st.sampled_from(days)))
        facts.append(NotMonitored(at("07:00", days[0]), PERSON, *stay, "hospital", "daughter"))
    if draw(st.booleans()):
        day = draw(st.sampled_from(days))
        facts.append(MedicationStopped(at("07:00", day), PERSON, "1/0", day, "doctor", "rash"))
    return facts


@st.composite
def told_anyhow(draw: st.DrawFn, life: Life) -> list[Event]:
    """The same life: the box's facts in any order, some again and later, the entries in theirs."""
    device = [*draw(st.permutations(life.device))]
    for fact in draw(st.lists(st.sampled_from(device), max_size=12)) if device else []:
        later_ms = draw(st.sampled_from([0, 5 * MIN_MS]))
        again = (
            fact if isinstance(fact, DeviceCaughtUp) else replace(fact, at_ms=fact.at_ms + later_ms)
        )
        device.insert(draw(st.integers(0, len(device))), again)
    mixed: list[Event] = device
    place = 0
    for entry in life.entries:
        place = draw(st.integers(place, len(mixed)))
        mixed.insert(place, entry)
        place += 1
    return [*life.begun, *mixed]
