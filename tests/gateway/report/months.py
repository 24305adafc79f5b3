"""Months of one person, ordinary, empty, crowded and long: what the report's tests are fed with.

Knows: the shapes of a history. May not know: figures, layout.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from gateway.adherence.history import History
from gateway.adherence.metrics_input import (
    Away,
    Correction,
    DoseFact,
    Doses,
    Fill,
    Supply,
    Window,
)
from gateway.adherence.openings import AS_DUE, Opening, Quality
from gateway.adherence.outcomes import How, Reason, State
from gateway.events import SlotId
from gateway.prescription.medication import AsNeeded, AtMeals, Dosing, Medication, Relation
from gateway.roster import LABELS
from gateway.zones import instant_ms

PERSON, BOX = "soonja", "AB-000001"
SEOUL = ZoneInfo("Asia/Seoul")
FIRST = date(2026, 3, 4)
CLOCKS = ("08:30", "13:00", "19:30", "22:30")
MIN_MS = 60_000
DRUGS = (
    ("암로디핀정", "5mg"), ("메트포르민정", "500mg"), ("아토르바스타틴정", "10mg"),
    ("클로피도그렐정", "75mg"), ("아세트아미노펜정", "500mg"), ("레보티록신정", "50µg"),
    ("글리메피리드정", "2mg"), ("트라마돌/아세트아미노펜정", "37.5mg/325mg"), ("도네페질정", "5mg"),
    ("푸로세미드정", "40mg"), ("비소프롤롤정", "2.5mg"), ("리나글립틴정", "5mg"),
)  # fmt: skip
RELATIONS = ((Relation.AFTER, 30), (Relation.RIGHT_AFTER, 0), (Relation.BEFORE, 30))


def at(clock: str, day: str) -> int:
    """UTC ms of a clock in Seoul."""
    return instant_ms(date.fromisoformat(day), clock, SEOUL)


def medication(n: int, labels: tuple[str, ...]) -> Medication:
    """The nth drug: of every five one as needed, of two one at all labels."""
    name, strength = DRUGS[n % len(DRUGS)]
    meals = tuple(label for label in labels if label != "bedtime")
    dosing: Dosing = AtMeals(meals, *RELATIONS[n % 3])
    if n % 5 == 4:
        dosing = AsNeeded(240, 4)
    elif n % 2:
        label = labels[n % len(labels)]
        at_meal = label in meals
        dosing = AtMeals((label,), *RELATIONS[n % 3]) if at_meal else AtMeals((label,), Relation.AT)
    return Medication(
        name=name if n < len(DRUGS) else f"{name} {n}",
        dosing=dosing,
        days_supply=(28, 30, 60)[n % 3],
        amount=(Fraction(1), Fraction(1, 2), Fraction(2))[n % 3],
        strength=strength,
        dispensed_on=FIRST,
    )


def fact(day: str, index: int, drugs: tuple[str, ...], chance: random.Random) -> DoseFact:
    """A dose as it may come out: mostly opened, now and then late, shut, or not known."""
    due_ms = at(CLOCKS[index], day)
    drawn = chance.random()
    state, how, opened_ms = State.TAKEN, How.ON_TIME, due_ms + round(chance.gauss(0, 30)) * MIN_MS
    if drawn < 0.06:
        how, opened_ms = How.LATE, due_ms + 150 * MIN_MS
    known = drawn >= 0.16
    if not known and drawn >= 0.06:
        state = State.MISSED if drawn < 0.1 else State.UNKNOWN if drawn < 0.14 else State.DOUBTFUL
    return DoseFact(
        slot=SlotId(PERSON, day, index),
        label=LABELS[index],
        due_ms=due_ms,
        state=state,
        how=how if state is State.TAKEN else None,
        opened_ms=opened_ms if state is State.TAKEN else None,
        drugs=drugs,
        window=Window(60, 60),
    )


def month(
    days: int = 28,
    drugs: int = 4,
    labels: int = 3,
    corrections: int = 3,
    stays: int = 1,
    seed: int = 1,
) -> History:
    """A history of so many days, drugs, doses a day, corrections and stays elsewhere."""
    chance, named = random.Random(seed), LABELS[:labels]
    book = {f"{n // 6 + 1}/{n % 6}": medication(n, named) for n in range(drugs)}
    every = [(FIRST + timedelta(n)).isoformat() for n in range(days)]
    facts = tuple(
        fact(day, index, tuple(k for k, m in book.items() if _at(m, label)), chance)
        for day in every
        for index, label in enumerate(named)
    )
    away = tuple(
        Away(every[n], every[n + 2], ("hospital", "travel", "other")[n % 3])
        for n in range(10, days - 2, 40)
    )[:stays]
    return history_of(Doses(facts, every[0], every[-1], away), book, corrections)


def history_of(doses: Doses, book: dict[str, Medication], corrections: int = 0) -> History:
    """The history of these doses and drugs; so many of the doses not opened are corrected."""
    facts, period = doses.facts, (doses.from_day, doses.to_day)
    names = {k: f"{m.name} {m.strength}" for k, m in book.items()}
    shut = [f for f in facts if f.state is not State.TAKEN][:corrections]
    said = tuple(
        Correction(f.due_ms + 60 * MIN_MS, f.slot, n % 2, "이지은 (딸)", "가서 약포지를 보았음")
        for n, f in enumerate(shut)
    )
    last = date.fromisoformat(doses.to_day)
    return History(
        person_id=PERSON,
        name="김순자",
        zone=SEOUL,
        device_id=BOX,
        as_of_ms=at("09:00", (last + timedelta(1)).isoformat()),
        from_day=doses.from_day,
        to_day=doses.to_day,
        doses=doses,
        corrections=said,
        words=said,
        supplies=tuple(
            Supply((Fill(period[0], k, names[k], m.days_supply),), *period, doses.away)
            for k, m in book.items()
            if isinstance(m.dosing, AtMeals)
        ),
        medications=book,
        drugs=names,
        reasons={f.slot: Reason.BOX_SAYS_TAKEN for f in facts if f.state is State.TAKEN},
        openings=_openings(facts, period[0]),
        versions={f.slot: 7 for f in facts},
    )


def _openings(facts: tuple[DoseFact, ...], first: str) -> tuple[Opening, ...]:
    opened = [f for f in facts if f.opened_ms is not None]
    return (
        *(
            Opening(f"{BOX}/1/{n}", n % 28, AS_DUE, f.opened_ms, f.slot, Quality.SYNCED)
            for n, f in enumerate(opened)
        ),
        Opening(f"{BOX}/1/9999", 27, "prn", at("15:10", first)),
    )


def _at(one: Medication, label: str) -> bool:
    return isinstance(one.dosing, AtMeals) and label in one.dosing.labels


MONTHS = {
    "ordinary": month(),
    "empty": history_of(Doses((), "2026-03-04", "2026-03-31"), {}),
    "crowded": month(drugs=12, labels=4, corrections=20),
    "half a year": month(days=180, drugs=8, corrections=12, stays=4),
    "years": month(days=800, drugs=30, labels=4, corrections=60, stays=9),
}
