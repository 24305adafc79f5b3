"""Any question the document allows, and many it does not, asked by schemathesis over WSGI."""

from __future__ import annotations

import functools
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, HookContext

from gateway.api.problems import PROBLEMS
from tests.gateway.api.served import BASE, Served
from tests.gateway.doors import neighbours

FEW, MANY = 6, 60
QUIET = list(HealthCheck)
CODES = {200, 304, *PROBLEMS} - {500}


@functools.cache
def asked() -> tuple[Served, dict[str, str]]:
    """A home, and what a program with every scope sends along."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    return house, {"Authorization": f"Bearer {house.token()}", "Accept-Encoding": "identity"}


schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", asked()[0].app)


@schema.hook
def map_path_parameters(_context: HookContext, drawn: dict[str, Any] | None) -> Any:  # noqa: ANN401
    """Every second person and incident that is asked for is there: chance would find none."""
    if drawn and str(drawn.get("person_id", "")) >= "A":
        drawn["person_id"] = neighbours.HIM
    if drawn and isinstance(drawn.get("number"), int) and drawn["number"] % 2:
        drawn["number"] = neighbours.incident_of(asked()[0].home, neighbours.HER)
    return drawn


@schema.hook
def filter_query(_context: HookContext, drawn: dict[str, Any] | None) -> bool:
    """A name with nothing behind it does not reach the address: the question would be another."""
    return all(value not in ([], {}, None) for value in (drawn or {}).values())


@schema.parametrize()
@settings(max_examples=FEW, suppress_health_check=QUIET)
def test_the_api_is_as_its_document_says(case: Case[Any]) -> None:
    """No question breaks it; every answer has a documented code and the documented shape."""
    assert case.call_and_validate(headers=asked()[1]).status_code in CODES


@pytest.mark.long
@schema.parametrize()
@settings(max_examples=MANY, suppress_health_check=QUIET)
def test_the_api_is_as_its_document_says_for_long(case: Case[Any]) -> None:
    """The same of very many questions."""
    assert case.call_and_validate(headers=asked()[1]).status_code in CODES
