"""Any JSON in a Dosage's or a bundle's place: understood or refused, never an accident.

Knows: FHIR's names. May not know: what each of them means.
"""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.fhir.nodes import Refused
from gateway.fhir.requests import read_bundle
from gateway.fhir.timing import from_dosages
from tests.gateway.fhir.foreign import AFTER_BREAKFAST, bundle, dosage, request

Json = dict[str, Any]

KEYS = st.sampled_from(
    [
        *("sequence", "timing", "repeat", "code", "when", "offset", "frequency", "period"),
        *("periodUnit", "dayOfWeek", "doseAndRate", "doseQuantity", "value", "unit", "system"),
        *("asNeededBoolean", "asNeededCodeableConcept", "maxDosePerPeriod", "numerator"),
        *("denominator", "boundsDuration", "extension", "url", "valueTime", "valueString"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["PCM", "HS", "d", "h", "T", "1/3", "mon", ""])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@example({"when": {"sequence": None}, "offset": []}, None)
@settings(max_examples=300)
@given(st.dictionaries(KEYS, JSON, max_size=5), JSON)
def test_any_dosage_is_read_or_refused(changes: Json, alone: object) -> None:
    """Whatever stands there: it is understood or refused with a place, never an accident."""
    for written in ([{**dosage(AFTER_BREAKFAST), **changes}], [dosage(changes)], alone):
        try:
            read, _ = from_dosages(written)
        except Refused as refused:
            assert refused.problems  # noqa: PT017  # it is the answer, not an accident
            assert all(p.wanted("ko") for p in refused.problems)  # noqa: PT017
            continue
        assert read.days_supply > 0


REQUEST_KEYS = st.sampled_from([*request(), "dispenseRequest", "contained", "extension"])
PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                ["text", "coding", "reference", "telecom", "id", "url", "code", "entry", "resource"]
            ),
            inner,
            max_size=3,
        )
    ),
)


@settings(max_examples=300)
@given(st.dictionaries(REQUEST_KEYS, PARTS, max_size=3), PARTS)
def test_any_bundle_is_read_or_refused(changes: Json, entry: object) -> None:
    """Whatever a bundle holds: it is understood or refused with a place, never an accident."""
    for value in (bundle({**request(), **changes}), {"resourceType": "Bundle", "entry": entry}):
        try:
            read = read_bundle(value)
        except Refused as refused:
            assert all(p.place.startswith("Bundle") for p in refused.problems)  # noqa: PT017
            continue
        assert all(m.days_supply > 0 for m in read.medications)
