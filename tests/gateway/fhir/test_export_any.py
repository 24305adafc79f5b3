"""Whatever is told of one person is a valid bundle.

Knows: the shape of what is told. May not know: which resource tells it.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from gateway.adherence.metrics_input import Correction
from gateway.adherence.outcomes import How, Reason, State
from gateway.events import SlotId
from gateway.fhir.export import bundle
from gateway.fhir.export_input import Opening, SlotFact, Told
from tests.gateway.fhir.judges import must_be_bundle
from tests.gateway.fhir.medications import medications
from tests.gateway.home_facts import at

DAY = "2026-03-02"
days = st.dates(date(2026, 1, 1), date(2026, 12, 28)).map(date.isoformat)
slots = st.builds(SlotId, st.just("soonja"), days, st.integers(0, 3))
facts_ = st.builds(
    SlotFact,
    slot=slots,
    label=st.sampled_from(("morning", "noon", "evening", "bedtime")),
    opens_ms=st.just(at("07:00", DAY)),
    closes_ms=st.just(at("09:00", DAY)),
    state=st.sampled_from(State),
    reason=st.sampled_from(Reason).map(str),
    opened_ms=st.none() | st.integers(at("00:00", "2026-01-01"), at("00:00", "2026-12-28")),
    drugs=st.lists(st.sampled_from(("a", "b", "c")), unique=True).map(tuple),
    how=st.none() | st.sampled_from(How),
)
openings_ = st.builds(
    Opening,
    record=st.integers(0, 10_000).map(lambda n: f"box/1/{n}"),
    compartment=st.integers(0, 27),
    meaning=st.sampled_from(("as_due", "wrong", "refill", "again")),
    at_ms=st.none() | st.integers(0, at("00:00", DAY)),
    slot=st.none() | slots,
)
words_ = st.builds(
    Correction,
    at_ms=st.integers(0, at("00:00", DAY)),
    slot=slots,
    taken=st.integers(0, 2),
    by=st.sampled_from(("soonja", "box", "Daughter")),
    why=st.just("said so"),
)


@given(
    st.fixed_dictionaries({key: medications() for key in "abc"}),
    st.lists(facts_, max_size=4, unique_by=lambda f: f.slot),
    st.lists(openings_, max_size=4, unique_by=lambda o: o.record),
    st.lists(words_, max_size=3, unique=True),
)
def test_any_bundle_is_valid(
    bag: dict[str, Any], facts: list[SlotFact], openings: list[Opening], words: list[Correction]
) -> None:
    """Whatever is told: valid for R4B's models and R4's rules, and no reference leads nowhere."""
    told = Told(
        person_id="soonja",
        name="김순자",
        zone=ZoneInfo("Asia/Seoul"),
        device_id="box-1",
        as_of_ms=at("12:00", "2026-03-20"),
        medications=bag,
        slots=tuple(facts),
        openings=tuple(openings),
        words=tuple(words),
    )
    must_be_bundle(bundle(told))
