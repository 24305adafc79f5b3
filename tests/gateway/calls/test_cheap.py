"""A look at which nothing is due walks through no plans, and finds what a walk would."""

from __future__ import annotations

from typing import Any

from gateway.calls import queue
from gateway.events import CallsPlanned, LineSeen
from gateway.home import Home
from gateway.rules import calls_down
from gateway.units import MIN_MS
from tests.gateway.calls.called import called, dial, fold, over
from tests.gateway.home_facts import at


class Walked(dict[str, Any]):
    """Plans that count how often somebody walks through all of them."""

    times = 0

    def items(self) -> Any:  # noqa: ANN401
        """See dict."""
        self.times += 1
        return super().items()

    def __iter__(self) -> Any:  # noqa: ANN401
        self.times += 1
        return super().__iter__()


def looked(home: Home, now_ms: int) -> None:
    """All that looks at the plans by itself."""
    calls_down.worries(home.household, now_ms)
    calls_down.next_deadline(home.household, now_ms)
    queue.due(home.household, "sip", 4, now_ms)
    queue.next_ms(home.household, now_ms)


def test_plans_are_walked_through_when_something_came_due() -> None:
    """Three hundred looks before, in and after the hours, calls in between: four walks."""
    home = called("08:00", "a", "b", "c")
    plans = home.household.calls.plans = Walked(home.household.calls.plans)
    for minute in range(300):
        now_ms = at("08:00") + minute * MIN_MS
        fold(home, LineSeen(now_ms, "sip", works=True, why=""))
        looked(home, now_ms)
        for call in dial(home, now_ms, 4):
            over(home, call, now_ms + 30_000, "busy")
    assert home.household.calls.task(("c", "wellbeing", "2026-03-02")).attempts == 3
    assert plans.times <= 4


def test_what_was_kept_of_a_look_goes_with_what_it_was_of() -> None:
    """She was not called, and that is told; when her plan is withdrawn it is not any more."""
    home = called()
    looked(home, at("12:00"))
    assert len(calls_down.worries(home.household, at("12:00"))) == 1
    fold(home, CallsPlanned(at("12:05"), "soonja", "wellbeing", None, "a"))
    assert calls_down.worries(home.household, at("12:05")) == []
    assert queue.next_ms(home.household, at("12:05")) is None
