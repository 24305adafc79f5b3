"""Whatever plans, restarts and lines do: who did not answer three times reaches an officer."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.calling import NOT_HERS
from gateway.calls import queue
from gateway.calls.believed import key_of
from gateway.calls.queue import ATTEMPTS
from gateway.events import CallBegun, CallsPlanned, GatewayStarted, LineSeen, TellingPaused
from gateway.home import Home
from gateway.rules import calls_down
from gateway.units import DAY_MS, MIN_MS
from tests.gateway.calls.called import OFFICER, PLAN, WELL, answer, called, dial, fold, over
from tests.gateway.home_facts import at, settle

HERS = ("busy", "no_answer", "voicemail", "refused", "hung_up", "answered", "partly")
STEP = st.tuples(
    st.sampled_from(
        ("end", "end", "end", "ahead", "line", "restart", "dead", "works", "plan", "wait", "pause")
    ),
    st.sampled_from(HERS),
    st.integers(1, 25),  # minutes until the next
    st.sampled_from(("10:00", "10:30", "11:30")),  # where a plan begins
)


@dataclass
class Lived:
    """What the telephone saw: the oracle, which knows nothing of the gateway's beliefs."""

    home: Home
    lines: int
    now_ms: int = at("10:00")
    up: dict[int, CallBegun] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)  # person → attempts of hers in vain
    answered: set[str] = field(default_factory=set)

    def dial(self) -> None:
        """Whoever is due is rung."""
        for call in dial(self.home, self.now_ms, self.lines):
            assert call.person_id not in self.answered, "she is called though she answered"
            assert self.refused.get(call.person_id, 0) < ATTEMPTS, "a fourth attempt"
            assert call.person_id not in {c.person_id for c in self.up.values()}, "rung twice"
            assert call.attempt == self.refused.get(call.person_id, 0) + 1
            self.up[call.call_id] = call
        assert len(self.up) <= self.lines, "more calls than lines"

    def end(self, outcome: str, ahead_ms: int = 0) -> None:
        """The oldest call is over, by a clock that is ahead for that moment."""
        if not self.up:
            return
        call = self.up.pop(min(self.up))
        if outcome in ("answered", "partly"):
            answer(self.home, call, self.now_ms + ahead_ms, WELL[0])
            self.answered.add(call.person_id)
        elif outcome not in NOT_HERS:
            self.refused[call.person_id] = self.refused.get(call.person_id, 0) + 1
        over(self.home, call, self.now_ms + ahead_ms, outcome)

    def step(self, what: str, outcome: str, minutes: int, begins: str) -> None:
        """One thing happens, then what follows from it."""
        if what == "restart":
            self.up.clear()
            fold(self.home, GatewayStarted(self.now_ms, "test"))
        elif what in ("dead", "works"):
            fold(self.home, LineSeen(self.now_ms, "sip", works=what == "works", why=""))
        elif what == "plan":
            plan = {**PLAN, "from": begins, "number": "+821099990000"}
            fold(self.home, CallsPlanned(self.now_ms, "a", "wellbeing", plan, "b"))
        elif what == "pause":  # of somebody who was not tried: nobody is to be told of her
            if "c" not in self.refused:
                fold(self.home, TellingPaused(self.now_ms, "c", self.now_ms + 600_000, "a", "b"))
        elif what == "ahead":
            self.end(outcome, 1_400 * DAY_MS)
        elif what != "wait":
            self.end("line_down" if what == "line" else outcome)
        settle(self.home, self.now_ms)
        self.dial()
        self.nothing_is_stale()
        self.now_ms += minutes * MIN_MS

    def nothing_is_stale(self) -> None:
        """What was kept of the last look is what a new one finds."""
        household = self.home.household
        looks = (calls_down.worries, calls_down.next_deadline, queue.next_ms)
        kept = [look(household, self.now_ms) for look in looks]
        household.calls.looked = household.calls.today = None
        assert kept == [look(household, self.now_ms) for look in looks]

    def told(self, person_id: str) -> bool:
        """Whether the officer was told that this person did not answer."""
        key = key_of((person_id, "wellbeing", "2026-03-02"))
        incident = self.home.ledger.incidents.get(self.home.ledger.by_key.get(key, 0))
        return incident is not None and OFFICER in incident.told.values()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEP, min_size=5, max_size=30), st.integers(1, 3))
def test_who_did_not_answer_reaches_an_officer(
    steps: list[tuple[str, str, int, str]], lines: int
) -> None:
    """Three attempts in vain: the officer is told at once. None in vain: nobody says "no answer".

    And at no instant more calls than lines, one person rung twice, or rung again after she
    answered. When the hours are over, whoever was tried in vain is told of too.
    """
    lived = Lived(called("08:00", "a", "b", "c"), lines)
    for step in steps:
        lived.step(*step)
        for person_id, attempts in lived.refused.items():
            settle(lived.home, lived.now_ms)
            assert attempts < ATTEMPTS or lived.told(person_id)
    while lived.up:
        lived.end("line_down")
    settle(lived.home, max(lived.now_ms, at("12:00")))
    for person_id in ("a", "b", "c"):
        in_vain = lived.refused.get(person_id, 0) > 0 and person_id not in lived.answered
        assert lived.told(person_id) == in_vain
