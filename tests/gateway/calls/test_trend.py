"""Figures over weeks: each call of a day counts once, and nothing is counted of days without."""

from __future__ import annotations

from datetime import date

from gateway.calls.trend import Week, trend
from gateway.home import Home
from tests.gateway.calls.called import answer, called, dial, over
from tests.gateway.home_facts import at

DAYS = ("2026-03-02", "2026-03-05", "2026-03-09", "2026-03-12")
MONDAY, NEXT = date(2026, 3, 2), date(2026, 3, 9)


def lived() -> Home:
    """Ate; did not eat; hung up before that; was not there three times."""
    home = called()
    said = (("meals", "yes", "1"), ("meals", "no", "2"), ("here", "here", "1"))
    for on, told in zip(DAYS, said, strict=False):
        call = dial(home, at("10:00", on))[0]
        answer(home, call, at("10:01", on), told)
        over(home, call, at("10:02", on), "partly", "hung_up")
    for clock in ("10:00", "10:50", "11:40"):
        over(home, dial(home, at(clock, DAYS[3]))[0], at(clock, DAYS[3]), "busy")
    return home


def test_a_week_says_how_often_well_not_well_and_neither() -> None:
    """Counted by hand: one yes and one no; then two days without an answer to it."""
    tasks = lived().household.calls.of("soonja")
    assert trend(tasks, "meals", date(2026, 3, 13), weeks=3) == (
        Week(date(2026, 2, 23), 0, 0, 0),
        Week(MONDAY, 1, 1, 0),
        Week(NEXT, 0, 0, 2),
    )
    assert trend(tasks, "here", date(2026, 3, 9), weeks=1) == (Week(NEXT, 1, 0, 1),)


def test_what_a_call_does_not_ask_is_not_counted() -> None:
    """A wellbeing call says nothing of the voice message's question."""
    tasks = lived().household.calls.of("soonja")
    assert trend(tasks, "well", date(2026, 3, 13), weeks=1) == (Week(NEXT, 0, 0, 0),)
