"""gateway.app.facts: what becomes of a try, and which states are worth a line in the log."""

from __future__ import annotations

import pytest

from gateway.app import facts as facts_of
from gateway.channels import Refused, Submitted, TryLater, Unsure
from gateway.events import Event, TextFailed, TextSubmitted
from gateway.log import LOST_ANSWER, Claim
from tests.gateway.home_facts import DAUGHTER, at, begun, caught_up


@pytest.mark.parametrize(
    ("outcome", "losses", "expected"),
    [
        (Submitted((3,), 5), 0, TextSubmitted(9, 1, (3,), 5, marked_repeat=False)),
        (TryLater("busy"), 0, TextFailed(9, 1, "busy", final=False)),
        (Refused("barred"), 0, TextFailed(9, 1, "barred", final=True)),
        (Unsure("timeout"), 0, TextFailed(9, 1, f"{LOST_ANSWER}: timeout", final=False)),
        (Unsure("timeout"), 1, TextFailed(9, 1, f"{LOST_ANSWER}: timeout", final=True)),
    ],
)
def test_what_became_of_a_try(
    outcome: Submitted | TryLater | Refused | Unsure, losses: int, expected: Event
) -> None:
    """Each outcome of a channel is one fact; a second lost answer is the last."""
    claim = Claim(1, DAUGHTER, "b", 0, repeat=False, expired=False, tries=0, losses=losses)
    assert facts_of.tried(outcome, claim, 9) == expected


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
