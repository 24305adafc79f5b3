"""gateway.app.facts: which states are worth a line in the log."""

from __future__ import annotations

from gateway.app import facts as facts_of
from tests.gateway.home_facts import at, begun, caught_up


def test_states_worth_keeping() -> None:
    """Kept: the end of a synchronising, a change, a border passed, or five minutes."""
    home = begun(at("12:00"))
    keep = facts_of.worth_keeping
    assert keep(home.household, caught_up(at("12:01")))
    home.fold(caught_up(at("12:01")))
    assert not keep(home.household, caught_up(at("12:02")))
    assert keep(home.household, caught_up(at("12:06")))
    assert keep(home.household, caught_up(at("12:02"), battery_percent=80))
    home.fold(caught_up(at("18:59:50")))
    assert not keep(home.household, caught_up(at("18:59:59")))
    assert keep(home.household, caught_up(at("19:00")))
