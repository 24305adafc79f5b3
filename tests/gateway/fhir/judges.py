"""What judges our FHIR: fhir.resources' R4B models, R4's invariants, references that resolve.

Knows: resources as plain JSON. May not know: how they were made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.dosage import Dosage

from gateway.fhir.invariants import broken


def must_be_dosages(dosages: list[dict[str, Any]]) -> None:
    """Every one is a Dosage by shape and by R4's rules."""
    for dosage in dosages:
        Dosage.model_validate_json(json.dumps(dosage))
    assert broken(dosages, "Dosage") == []


def must_be_bundle(bundle: dict[str, Any]) -> None:
    """It is a Bundle by shape, nothing is lost in it, all rules hold, every reference resolves."""
    read = Bundle.model_validate_json(json.dumps(bundle))
    assert _plain(json.loads(read.model_dump_json())) == _plain(bundle)
    assert broken(bundle, "Bundle") == []
    entries = bundle.get("entry", [])
    urls = [e["fullUrl"] for e in entries if "fullUrl" in e]
    assert len(set(urls)) == len(urls)
    for entry in entries:
        own = {f"#{c['id']}" for c in entry["resource"].get("contained", [])}
        used = {r for r in references(entry["resource"]) if r.startswith("#")}
        assert own == used
        nowhere = [r for r in references(entry["resource"]) if r.startswith("urn:")]
        assert [r for r in nowhere if r not in urls] == []


def references(value: object) -> Iterator[str]:
    """Every Reference.reference below `value`."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def _plain(value: object) -> object:
    """The same with every number as text of its value, and moments of one form."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    return value
