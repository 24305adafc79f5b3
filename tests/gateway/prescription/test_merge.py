"""All medicines of one person become pouches, and whatever does not fit is found and told.

Knows: the meal clock's defaults (07:30, 12:30, 18:30, 22:00), what was written by hand below.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.prescription.medication import EveryHours, Medication
from gateway.prescription.merge import merge
from gateway.prescription.policy_table import overridden
from gateway.prescription.shorthand import read
from gateway.prescription.slots import DoseSlot, Merged, Spacing, say
from gateway.prescription.supplies import Finding, Reason
from gateway.roster import MEAL_DEFAULTS

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
MORNING, NOON, EVENING, BEDTIME = 450, 750, 1110, 1320


def meds(*lines: str) -> list[Medication]:
    """Lines of shorthand; one without a date is dispensed on MONDAY."""
    made = []
    for line in lines:
        reading = read(line if line.startswith("20") else f"{MONDAY} {line}")
        assert reading.medication is not None, reading.problems
        made.append(reading.medication)
    return made


def planned(*lines: str, days: int = 1, clock: dict[str, str] | None = None) -> Merged:
    last = MONDAY + (days - 1) * DAY
    return merge(meds(*lines), MEAL_DEFAULTS if clock is None else clock, MONDAY, last)


def dues(merged: Merged) -> list[tuple[int, int, int, list[int]]]:
    """Day of the range, index, due minute, the medications' places."""
    return [
        ((s.day - MONDAY).days, s.index, s.due_min, [d.place for d in s.drugs])
        for s in merged.slots
    ]


def widths(slot: DoseSlot) -> tuple[int, int, int, int]:
    return slot.early_min, slot.window_min, slot.late_min, slot.skip_after_min


def reasons(merged: Merged) -> list[tuple[Reason, tuple[int, ...]]]:
    return [(f.reason, f.medications) for f in merged.findings]


def test_one_pouch_a_slot() -> None:
    """Medicines whose windows agree share the slot; each keeps its own amount."""
    merged = planned(
        "a 1T qd 아침 식후 30d", "b 0.5T bid 식후 30분 30d", "c 2C qd 저녁 식사 중 30d"
    )
    assert dues(merged) == [(0, 0, MORNING, [0, 1]), (0, 2, EVENING, [1, 2])]
    assert [str(d.amount) + d.unit for s in merged.slots for d in s.drugs] == [
        "1T", "1/2T", "1/2T", "2C",
    ]  # fmt: skip
    assert merged.findings == ()


def test_windows_of_a_pouch_are_what_all_allow() -> None:
    """Daily (±120) at 07:30 with twice a day (±60) at 08:00: 07:00 to 09:00, due at 07:30."""
    (slot, _) = planned("a 1T am 30d", "b 1T bid 식후 30분 30d").slots
    # late: b's end is 240 min after its due (the house's cap): 12:00; a's at 11:30
    # skipped from 13:00: five hours after b's due, six before its next at 19:00
    assert widths(slot) == (30, 90, 150, 330)
    assert slot.label == "morning"


@pytest.mark.parametrize(
    ("classes", "wanted"),
    [
        (("statin", "statin"), "low"),
        (("statin", "nsaid"), "normal"),
        (("statin", "parkinson"), "time_critical"),
        (("nsaid", "parkinson"), "time_critical"),
    ],
)
def test_the_most_critical_drug_counts(classes: tuple[str, str], wanted: str) -> None:
    """A pouch is as critical as the most critical medicine in it."""
    merged = planned(*(f"d{n} 1T am 30d #{name}" for n, name in enumerate(classes)))
    assert [s.criticality for s in merged.slots] == [wanted]


def test_before_and_after_the_meal_are_not_one_pouch() -> None:
    """A dose before a meal is never put with one after it; it gets the nearest free place."""
    merged = planned("a 1T am pc 30d", "b 1T 아침 식전 30분 30d", days=2)
    assert dues(merged)[:2] == [(0, 1, MORNING - 30, [1]), (0, 0, MORNING, [0])]
    assert merged.findings == (Finding(Reason.WINDOWS_DISAGREE, (0, 1), MONDAY, 2),)
    assert not merged.findings[0].blocks


def test_windows_that_do_not_agree_are_told() -> None:
    """Time-critical (±30) right after the meal and another two hours after it do not agree."""
    merged = planned("a 1T am pc 30d #parkinson", "b 1T 아침 식후 2시간 30d")
    assert dues(merged) == [(0, 0, MORNING, [0]), (0, 1, MORNING + 120, [1])]
    assert reasons(merged) == [(Reason.WINDOWS_DISAGREE, (0, 1))]


def test_without_a_place_left_a_person_decides() -> None:
    """A fifth pouch of a day has no compartment: it is not planned, and that blocks."""
    merged = planned("a 1T qid pc 30d", "b 1T 아침 식전 30분 30d")
    assert [(s.index, [d.place for d in s.drugs]) for s in merged.slots] == [
        (n, [0]) for n in range(4)
    ]
    blocking = [f for f in merged.findings if f.blocks]
    assert blocking == [Finding(Reason.NO_COMPARTMENT, (1,), MONDAY, 1)]
    assert merged.findings[0] == blocking[0]


def test_bedtime_is_no_meal() -> None:
    """The relation of a medicine with four doses does not move the one at bedtime."""
    merged = planned("a 1T qid 식후 30분 30d")
    assert [s.due_min for s in merged.slots] == [MORNING + 30, NOON + 30, EVENING + 30, BEDTIME]


def test_the_meal_clock_moves_doses() -> None:
    """A dose lies where this person's meal is."""
    merged = planned("a 1T am pc 30d", clock={**MEAL_DEFAULTS, "breakfast": "09:15"})
    assert [s.due_min for s in merged.slots] == [9 * 60 + 15]


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("a 1T qod am 30d", [0, 2, 4, 6, 8]),
        ("a 1T q3d am 30d", [0, 3, 6, 9]),
        ("a 1T 월수금 am 30d", [0, 2, 4, 7, 9]),
        ("a 1T 일요일 am 30d", [6]),
        ("a 1T am 3d", [0, 1, 2]),
        ("2026-03-05 a 1T qod am 3d", [3, 5]),
        ("2026-02-27 a 1T qod am 30d", [1, 3, 5, 7, 9]),
    ],
)
def test_days(line: str, days: list[int]) -> None:
    """Every n-th day is counted from the dispensing date, weekdays from the calendar."""
    assert [d for d, *_ in dues(planned(line, days=10))] == days


def test_every_eight_hours() -> None:
    """The day's third dose is the midnight after it; spacing is four hours, never three times."""
    merged = planned("a 1T q8h 5d", days=2)
    assert [(s.day, s.due_min) for s in merged.slots] == [
        (MONDAY + n * DAY, m) for n in (0, 1) for m in (480, 960, 1440)
    ]
    spacings = [[(x.minutes, x.after_index) for x in s.spacing] for s in merged.slots]
    indexes = [s.index for s in merged.slots]
    assert spacings == [[]] + [[(240, before)] for before in indexes[:-1]]
    assert all(widths(s) == (60, 60, 180, 240) for s in merged.slots)


def test_every_36_hours_keeps_its_rhythm() -> None:
    """An interval that does not fit into a day goes on over days (such come by other ways in)."""
    (medication,) = meds("a 1T q12h 9d")
    other = replace(medication, dosing=EveryHours(36))
    merged = merge([other], MEAL_DEFAULTS, MONDAY, MONDAY + 6 * DAY)
    absolute = [(s.day - MONDAY).days * 1440 + s.due_min for s in merged.slots]
    assert absolute == [480 + 36 * 60 * n for n in range(5)]


def test_interval_doses_share_a_meals_pouch() -> None:
    """Every 12 hours from 08:00 agrees with breakfast at 07:30 and is put into that pouch."""
    merged = planned("a 1T am pc 5d", "b 1T q12h 5d")
    assert dues(merged) == [(0, 0, MORNING, [0, 1]), (0, 2, 1200, [1])]


def test_spacing_is_by_drug() -> None:
    """Six hours at two a day, four at three; dinner and bedtime of two drugs know no spacing."""
    merged = planned("a 1T bid pc 30d", "b 1T tid pc 30d", "c 1T hs 30d")
    by_label = {s.label: s.spacing for s in merged.slots}
    assert by_label["morning"] == ()
    assert by_label["noon"] == (Spacing(240, MONDAY, 0, 1),)
    assert by_label["evening"] == (Spacing(240, MONDAY, 1, 1), Spacing(360, MONDAY, 0, 0))
    assert by_label["bedtime"] == ()


def test_spacing_over_the_night_and_the_gap() -> None:
    """The first dose of a day keeps away from the last of the day before that had one."""
    merged = planned("a 1T bid pc 30d", "b 1T qod hs 30d", days=3)
    later = {(s.day, s.label): s.spacing for s in merged.slots}
    assert later[MONDAY + DAY, "morning"] == (Spacing(360, MONDAY, 2, 0),)
    assert later[MONDAY + 2 * DAY, "bedtime"] == (Spacing(1440, MONDAY, 3, 1),)


def test_several_spacings_that_can_bind_are_told() -> None:
    """A box holds one spacing a slot: where two could hold it back, that is said."""
    table, _ = overridden({"strict": {"spacing_min": 660}, "late": {"spacing_min": 330}})
    made = meds("a 1T bid pc 30d #strict", "b 1T noon evening pc 30d #late")
    merged = merge(made, MEAL_DEFAULTS, MONDAY, MONDAY, table)
    assert reasons(merged) == [(Reason.SEVERAL_SPACINGS, (0, 1))]
    assert merged.slots[-1].spacing == (Spacing(660, MONDAY, 0, 0), Spacing(330, MONDAY, 1, 1))


def test_taper() -> None:
    """Each step has its amount for its days of the calendar."""
    merged = planned("a 3T 2d → 2T 1d → 0.5T 2d am", days=7)
    amounts = [d.amount for s in merged.slots for d in s.drugs]
    assert amounts == [3, 3, 2, Fraction(1, 2), Fraction(1, 2)]


def test_as_needed_has_no_slots() -> None:
    """PRN: limits of the prescription, else of the drug's class; only while it is supplied."""
    merged = planned(
        "a 1T prn max 2/d min 8h 5d", "b 1T prn 5d #paracetamol", "c 1T prn 5d",
        "2026-03-09 d 1T prn 5d",
    )  # fmt: skip
    assert merged.slots == ()
    assert [(p.drug.name, p.min_interval_min, p.daily_max) for p in merged.as_needed] == [
        ("a", 480, 2), ("b", 240, 4), ("c", 360, 3),
    ]  # fmt: skip
    assert merged.as_needed[0].until_day == MONDAY + 4 * DAY


def test_early_refill_is_carried_on() -> None:
    """A refill three days early begins when the first supply ends; no day has two doses."""
    merged = planned("a 5mg 1T am 10d", "2026-03-09 A 5 mg 1T qd am 10d", days=21)
    assert [d for d, *_ in dues(merged)] == list(range(20))
    assert [places for *_, places in dues(merged)] == [[0]] * 10 + [[1]] * 10
    assert merged.findings == (
        Finding(Reason.EARLY_REFILL, (0, 1), MONDAY + 7 * DAY, 3),
        Finding(Reason.SUPPLY_ENDS, (1,), MONDAY + 19 * DAY, 1),
    )


def test_a_refill_keeps_the_rhythm_of_every_other_day() -> None:
    """The refill of nine days of every other day goes on a day later, not at once."""
    merged = planned("a 1T qod am 9d", "2026-03-11 a 1T qod am 9d", days=16)
    assert [d for d, *_ in dues(merged)] == [0, 2, 4, 6, 8, 10, 12, 14]


def test_a_gap_is_told() -> None:
    """Days without supply between two dispensings of a drug are told with their number."""
    merged = planned("a 1T am 3d", "2026-03-08 a 1T am 3d", days=9)
    assert [d for d, *_ in dues(merged)] == [0, 1, 2, 6, 7, 8]
    assert merged.findings == (Finding(Reason.GAP, (0, 1), MONDAY + 3 * DAY, 3),)


def test_same_drug_with_another_dosing_is_not_guessed() -> None:
    """The one that runs goes on, the other is left out, and that blocks."""
    merged = planned("a 5mg 1T am 10d", "2026-03-05 a 5mg 2T am 10d", days=5)
    assert {p for *_, places in dues(merged) for p in places} == {0}
    assert merged.findings == (Finding(Reason.SAME_DRUG_TWICE, (0, 1), MONDAY + 3 * DAY, 7),)
    assert merged.findings[0].blocks


def test_two_strengths_of_a_drug_are_told() -> None:
    """5 mg and 10 mg of one name on the same days may be meant so: planned, and told."""
    merged = planned("a 5mg 1T am 10d", "a 10mg 1T am 10d")
    assert dues(merged) == [(0, 0, MORNING, [0, 1])]
    assert merged.findings == (Finding(Reason.OTHER_STRENGTH, (0, 1), MONDAY, 10),)


def test_without_a_date_nothing_is_planned() -> None:
    """A medicine without dispensing date is not planned, and that blocks."""
    (undated,) = [read("a 1T am 10d").medication]
    assert undated is not None
    merged = merge([undated, *meds("b 1T am 10d #nonsense")], {}, MONDAY, MONDAY)
    assert reasons(merged) == [(Reason.NOT_DISPENSED, (0,)), (Reason.UNKNOWN_CLASS, (1,))]
    assert dues(merged) == [(0, 0, MORNING, [1])]


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_finding_has_words(reason: Reason, language: str) -> None:
    """Each kind of finding is told with the names of its medicines, also of nameless ones."""
    said = say(Finding(reason, (0, 1), MONDAY, 3), meds("a 5mg 1T am 3d", "1T am 3d"), language)
    assert said.startswith("a 5mg, #2: ")
    assert "{" not in said


LINES = st.lists(
    st.builds(
        "{} {} {} {}d {}".format,
        st.sampled_from(["2026-02-20", "2026-03-02", "2026-03-04"]),
        st.sampled_from(["a 1T", "b 1T", "c 0.5T", "d 2C", "1T"]),
        st.sampled_from(
            ["qd am", "bid pc", "tid 식전 30분", "qid pc", "hs", "q8h", "q6h", "am 식후 2시간",
             "qod hs", "월목 저녁 식후", "prn", "q12h from 02:00"]
        ),
        st.integers(1, 30),
        st.sampled_from(["", "#parkinson", "#statin", "#weekly"]),
    ),
    min_size=1,
    max_size=7,
)  # fmt: skip


@given(lines=LINES)
def test_what_holds_for_every_plan(lines: list[str]) -> None:
    """One pouch a place, no drug twice in it, each dose once or told, all windows honoured."""
    made = meds(*lines)
    merged = merge(made, MEAL_DEFAULTS, MONDAY, MONDAY + 9 * DAY)
    keys = [(s.day, s.index) for s in merged.slots]
    assert len(keys) == len(set(keys))
    left_out = {p for f in merged.findings if f.blocks for p in f.medications}
    for place, medication in enumerate(made):
        mine = [s.day for s in merged.slots for d in s.drugs if d.place == place]
        if place not in left_out and medication.days.every == 1 and not medication.days.weekdays:
            per_day = {mine.count(day) for day in mine}
            assert per_day <= {medication.times_a_day}
    for slot in merged.slots:
        names = [d.name or d.place for d in slot.drugs]
        assert len(names) == len(set(names))
        assert min(widths(slot)) >= 0
        assert slot.due_min == min(d.due_min for d in slot.drugs)
        for one in slot.drugs:
            assert one.due_min <= slot.due_min + slot.window_min
        for spacing in slot.spacing:
            assert (spacing.after_day, spacing.after_index) < (slot.day, 99)
            assert spacing.minutes > 0


@given(lines=LINES)
def test_a_plan_does_not_depend_on_where_it_begins(lines: list[str]) -> None:
    """The slots of a day are the same in every range that holds it."""
    made = meds(*lines)
    whole = merge(made, MEAL_DEFAULTS, MONDAY, MONDAY + 6 * DAY).slots
    part = merge(made, MEAL_DEFAULTS, MONDAY + 3 * DAY, MONDAY + 6 * DAY).slots
    assert tuple(s for s in whole if s.day >= MONDAY + 3 * DAY) == part
