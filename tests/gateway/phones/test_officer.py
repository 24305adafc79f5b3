"""Whoever has a telephone alone stands among the others as somebody who is seen."""

from __future__ import annotations

from gateway.events import PhoneHeard, PhoneUsed
from gateway.home import Home
from gateway.officer.standing import Cause, Level, Standing, standing
from gateway.rules.worry import WorryKind
from tests.gateway.home_facts import at, settle
from tests.gateway.life.lives_facts import NEXT, fold
from tests.gateway.phones.phone_facts import HERS, phoned


def row(home: Home, now_ms: int) -> Standing:
    """Soonja's."""
    household = home.household
    assert household.roster is not None
    person = household.roster.persons[0]
    live = [i for i in home.ledger.live if home.ledger.incidents[i].person_id == HERS]
    return standing(household, home.ledger, person, live, now_ms)


def test_a_telephone_alone_is_enough_to_be_fine() -> None:
    """No box, no plug: nothing is to be installed, and the row is fine until it is missed."""
    home = fold(phoned(), PhoneUsed(at("13:00"), HERS, "unlock", 80))
    fold(home, PhoneHeard(at("13:30"), HERS, 80))
    found = row(home, at("14:00"))
    assert (found.level, found.sees, found.watched) == (Level.FINE, True, True)
    assert found.changes_ms == at("01:30", NEXT)  # twelve hours after it was heard
    missed = row(home, at("01:30", NEXT))
    assert (missed.sees, missed.because[0].code) == (False, Cause.CANNOT_SEE)


def test_one_that_lies_still_stands_first() -> None:
    """Her silence is as urgent as one that a plug saw."""
    home = fold(phoned(), PhoneUsed(at("13:00"), HERS, "unlock", 80))
    settle(home, at("13:00", NEXT))
    found = row(home, at("13:01", NEXT))
    assert (found.level, found.because[0].code) == (Level.FIRST, WorryKind.PHONE_STILL)


def test_without_any_net_nobody_watches() -> None:
    """A telephone that is not watched is none."""
    found = row(phoned(None), at("14:00"))
    assert (found.watched, found.sees) == (False, False)
