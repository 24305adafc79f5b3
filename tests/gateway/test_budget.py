"""The alarm budget: what is counted as false, as needed, and over how long."""

from __future__ import annotations

import pytest

from anbu_wire import messages as wire
from gateway.incidents.budget import alarms
from tests.gateway.home_facts import (
    at,
    begun,
    missed_at_seven,
    record,
    reply,
    settle,
    unconfirmed_at_five_past,
)

LATER = at("12:00", "2026-03-05")


def test_an_alarm_that_evidence_took_back_is_false() -> None:
    """Not confirmed, then taken in time: one false alarm, nobody was needed."""
    home = unconfirmed_at_five_past()
    home.fold(record(1, wire.SLOT_TAKEN, at("19:10"), value=1))
    settle(home, at("19:10"))
    found = alarms(home.ledger, LATER)
    assert (found.told, found.false, found.needed) == (1, 1, 0)
    assert found.false_in_30_days == 1.0
    assert found.within_budget


def test_a_person_says_false() -> None:
    """오경보 counts, though she had taken it before."""
    home = missed_at_seven()
    reply(home, "1", "19:02")
    reply(home, "오경보", "19:30")
    found = alarms(home.ledger, LATER, days=15)
    assert (found.false, found.needed, found.false_in_30_days) == (1, 0, 2.0)
    assert not found.within_budget


def test_an_alarm_that_somebody_took_was_needed() -> None:
    """She went: needed, and not false though the lid was opened late after that."""
    home = missed_at_seven()
    reply(home, "1", "19:02")
    home.fold(record(2, wire.SLOT_TAKEN, at("19:40"), value=2))
    settle(home, at("19:40"))
    found = alarms(home.ledger, LATER)
    assert (found.told, found.false, found.needed, found.needed_share) == (1, 0, 1, 1.0)


def test_what_nobody_was_told_is_no_alarm() -> None:
    """A miss so old that it was only shown is no alarm, and nothing is a share of nothing."""
    home = begun(at("12:00"))
    home.fold(record(1, wire.SLOT_LATE, at("12:00", "2026-03-04")))
    home.fold(record(2, wire.SLOT_TAKEN, at("12:00", "2026-03-04"), slot_day="2026-03-03"))
    settle(home, at("12:00", "2026-03-04"))
    assert home.ledger.incidents
    found = alarms(home.ledger, LATER)
    assert (found.told, found.needed_share) == (0, None)


def test_the_period_is_kept() -> None:
    """An alarm of five days ago is none of the last three; no period is shorter than a day."""
    home = missed_at_seven()
    assert alarms(home.ledger, at("18:00", "2026-03-05"), days=3).told == 1
    assert alarms(home.ledger, at("20:00", "2026-03-05"), days=3).told == 0
    assert alarms(home.ledger, at("20:00"), days=1).live == 1
    with pytest.raises(ValueError, match="whole days"):
        alarms(home.ledger, LATER, days=0)
