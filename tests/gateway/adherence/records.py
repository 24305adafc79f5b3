"""Records for the metrics' tests: one written out by hand, and any that could be.

Knows: dose facts and fills. May not know: any formula.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from gateway.adherence.metrics_input import Away, Correction, DoseFact, Doses, Fill, Supply, Window
from gateway.adherence.outcomes import How, State
from gateway.events import SlotId
from tests.gateway.home_facts import at

PERSON = "soonja"
HOURS = {"morning": "08:00", "evening": "20:00"}
INDEX = {"morning": 0, "noon": 1, "evening": 2, "bedtime": 3}
FIRST, LAST = "2026-03-02", "2026-03-11"  # a Monday, and the Wednesday of the week after


def dose(day: str, label: str, opened: str | None, state: State | None = None) -> DoseFact:
    """A dose at eight; `opened` a clock of its own day, None: not opened."""
    taken = State.TAKEN if opened else State.MISSED
    return DoseFact(
        slot=SlotId(PERSON, day, INDEX[label]),
        label=label,
        due_ms=at(HOURS[label], day),
        state=state or taken,
        how=How.ON_TIME if opened and state is None else None,
        opened_ms=at(opened, day) if opened else None,
        drugs=("amlodipine", "metformin") if label == "morning" else ("metformin",),
        window=Window(60, 60),
    )


def plus(fact: DoseFact, extra: int) -> DoseFact:
    """The same with doses taken beyond the prescribed one."""
    return DoseFact(
        fact.slot, fact.label, fact.due_ms, fact.state, fact.how, fact.opened_ms, fact.drugs,
        fact.window, extra,
    )  # fmt: skip


HOSPITAL = Away("2026-03-10", "2026-03-10", "hospital")

# Ten days, two doses a day, ±60 minutes. The comment is (p, n) of the day.
BY_HAND = Doses(
    (
        dose("2026-03-02", "morning", "08:00"),
        dose("2026-03-02", "evening", "20:00"),  # 2, 2
        dose("2026-03-03", "morning", "08:00"),
        dose("2026-03-03", "evening", "20:00"),  # 2, 2
        dose("2026-03-04", "morning", "10:00"),
        dose("2026-03-04", "evening", "20:00"),  # 2, 2, one of them two hours late
        dose("2026-03-05", "morning", None),
        dose("2026-03-05", "evening", "20:30"),  # 2, 1
        dose("2026-03-06", "morning", None),
        dose("2026-03-06", "evening", None),  # 2, 0
        dose("2026-03-07", "morning", None),
        dose("2026-03-07", "evening", None, State.SKIPPED),  # 2, 0
        dose("2026-03-08", "morning", None),
        dose("2026-03-08", "evening", None),  # 2, 0
        dose("2026-03-09", "morning", "08:00"),
        dose("2026-03-09", "evening", None, State.UNKNOWN),  # not judged
        dose("2026-03-10", "morning", None, State.PAUSED),
        dose("2026-03-10", "evening", None, State.MISSED),  # in hospital: not monitored
        plus(dose("2026-03-11", "morning", "08:00"), 1),
        dose("2026-03-11", "evening", "20:00"),  # 2, 3
    ),
    FIRST,
    LAST,
    (HOSPITAL,),
)

SAID = (
    Correction(at("09:00", "2026-03-09"), SlotId(PERSON, "2026-03-07", 2), 1, "daughter",
               "pouch taken along to the wedding"),
    Correction(at("10:00", "2026-03-11"), SlotId(PERSON, "2026-03-09", 2), 0, "daughter", "thinks"),
    Correction(at("11:00", "2026-03-11"), SlotId(PERSON, "2026-03-09", 2), 1, "daughter",
               "was there and saw it"),
    Correction(at("12:00", "2026-03-11"), SlotId(PERSON, "2026-03-11", 0), 1, "pharmacist",
               "one pouch only"),
)  # fmt: skip

# --- supply ---------------------------------------------------------------------------------

# 60 days from New Year to 1 March (the refill of 21 January is early), 1–30 April, from 10 May.
FILLS = (
    Fill("2026-01-01", "1", "a", 30),
    Fill("2026-01-21", "2", "a", 30),
    Fill("2026-04-01", "3", "a", 30),
    Fill("2026-05-10", "4", "a", 30),
)
SPRING = Supply(FILLS, "2026-01-01", "2026-05-31")

# --- any record ---------------------------------------------------------------------------

STATES = [State.TAKEN, State.TAKEN, State.MISSED, State.SKIPPED, State.UNKNOWN, State.DOUBTFUL,
          State.PAUSED, State.DUE]  # fmt: skip

# metric → (numerator, denominator, monitored days, unknown), raw and cleaned,
# as BY_HAND and SAID have them.
RAW = {
    "taking": (11, 17, 9, 1),
    "correct_dosing": (3, 8, 8, 1),
    "timing_window": (9, 17, 9, 1),
    "timing_interval": (6, 8, 9, 1),
    "any_dose": (5, 8, 8, 1),
    "drug_holidays": (3, 8, 8, 1),
    "persistence": (10, 10, 9, 1),
}
CLEANED = {
    "taking": (12, 18, 9, 0),
    "correct_dosing": (5, 9, 9, 0),
    "timing_window": (9, 16, 9, 2),  # two doses are known to be taken, nobody knows when
    "timing_interval": (6, 7, 9, 2),
    "any_dose": (7, 9, 9, 0),
    "drug_holidays": (0, 9, 9, 0),
    "persistence": (10, 10, 9, 0),
}


@st.composite
def dose_facts(draw: st.DrawFn, day: str, label: str) -> DoseFact:
    """Any end of a dose, opened up to a day off its time, or at a time nobody knows."""
    state = draw(st.sampled_from(STATES))
    due_ms = at({"morning": "08:00", "noon": "12:30", "evening": "20:00"}[label], day)
    minutes = draw(st.none() | st.sampled_from([-61, -60, -59, 0, 60, 61, 180, -180]))
    known = state is State.TAKEN and minutes is not None
    return DoseFact(
        slot=SlotId(PERSON, day, INDEX[label]),
        label=label,
        due_ms=due_ms,
        state=state,
        opened_ms=due_ms + (minutes or 0) * 60_000 if known else None,
        drugs=("a",) if label == "morning" else ("a", "b"),
        window=draw(st.sampled_from([Window(60, 60), Window(30, 120)])),
        extra=draw(st.sampled_from([0, 0, 0, 1])),
        as_needed=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def records(draw: st.DrawFn) -> Doses:
    """Up to twelve days with up to three doses each, some days away, some days without a dose."""
    begin = date(2026, 3, 2)
    facts = []
    for n in range(draw(st.integers(1, 12))):
        day = (begin + timedelta(n)).isoformat()
        labels = [x for x in ("morning", "noon", "evening") if draw(st.booleans())]
        facts += [draw(dose_facts(day, label)) for label in labels]
    return Doses(
        tuple(draw(st.permutations(facts))),
        (begin + timedelta(draw(st.integers(0, 2)))).isoformat(),
        (begin + timedelta(draw(st.integers(8, 12)))).isoformat(),
        draw(aways()),
    )


@st.composite
def aways(draw: st.DrawFn) -> tuple[Away, ...]:
    """No or a few stays elsewhere, which may overlap."""
    stays = draw(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2)), max_size=2))
    begin = date(2026, 3, 2)
    return tuple(
        Away((begin + timedelta(n)).isoformat(), (begin + timedelta(n + m)).isoformat(), "travel")
        for n, m in stays
    )


@st.composite
def supplies(draw: st.DrawFn) -> Supply:
    """Fills from before the period on into it, early, late and on one day."""
    begin = date(2026, 2, 20)
    drawn = draw(st.lists(st.tuples(st.integers(0, 25), st.integers(1, 9)), max_size=6))
    fills = tuple(
        Fill((begin + timedelta(n)).isoformat(), f"f{i}", "a", supply)
        for i, (n, supply) in enumerate(drawn)
    )
    return Supply(fills, "2026-03-02", "2026-03-14", draw(aways()))
