"""The bundle of a history: valid FHIR, and all that the history tells."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from fhir.resources.R4B.bundle import Bundle

from gateway import report
from tests.gateway.report.months import MONTHS


@pytest.mark.parametrize("name", ["ordinary", "empty", "crowded"])
def test_the_bundle_is_valid(name: str) -> None:
    """The models of fhir.resources read it, every prescription and every opening is in it."""
    history = MONTHS[name]
    bundle = Bundle.model_validate_json(report.fhir(history))
    held = [entry.resource for entry in bundle.entry or []]
    kinds = Counter(one.get_resource_type() for one in held if one is not None)
    assert kinds["MedicationRequest"] == len(history.medications)
    assert kinds["Observation"] == len(history.openings)
    assert kinds["MedicationStatement"] == len(history.words)
    assert kinds["MedicationAdministration"] == kinds["Provenance"]


def test_the_same_bytes() -> None:
    """The same history gives the same bytes, in UTF-8 with Korean as it is."""
    told = report.fhir(MONTHS["ordinary"])
    assert told == report.fhir(MONTHS["ordinary"])
    assert "암로디핀정".encode() in told
    assert json.loads(told)["resourceType"] == "Bundle"
