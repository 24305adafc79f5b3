"""Whoever is registered, however she chose to be told: no incident that lives is ever forgotten."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import Event, LinkDown, LinkUp, TellingPaused, TextFailed, TextReceived
from gateway.home import Home
from gateway.incidents import State
from gateway.incidents.kinds import Group
from gateway.incidents.ladder import turn
from gateway.incidents.reasons import Reason
from gateway.incidents.roll import roll
from gateway.incidents.view import View
from gateway.roster import ROLES, WEEKDAYS, Guardian, Regimen
from tests.gateway.home_facts import BOX, MIN_MS, at, begun, caught_up, record, roster, settle

HOUR_MS = 60 * MIN_MS
DAY_MS = 24 * HOUR_MS
NUMBERS = ("+821011111111", "+821022222222", "+82533333333")
LONGEST_HOLD_MS = 15 * DAY_MS  # a pause is the longest
REASONS = {str(reason) for reason in Reason}

clocks = st.sampled_from(
    [
        None,
        {"from": "22:00", "until": "07:00"},
        {"from": "09:00", "until": "18:00"},
        {"from": "18:30", "until": "19:30"},
    ]
)
guardians = st.lists(
    st.builds(
        lambda role, after, kinds, hours, days, quiet: {
            "role": role,
            "after_min": after,
            "kinds": kinds,
            "hours": hours,
            "weekdays": days,
            "quiet": quiet,
        },
        st.sampled_from(ROLES),
        st.sampled_from([0, 5, 15, 60]),
        st.sampled_from([(), (), ("help", "life"), ("dose",), ("technical", "news")]),
        clocks,
        st.sampled_from([(), (), WEEKDAYS[:5], ("sun",)]),
        clocks,
    ),
    min_size=1,
    max_size=3,
)
homes = st.fixed_dictionaries(
    {
        "guardians": guardians,
        "criticality": st.sampled_from(["normal", "time_critical", "low"]),
        "policy": st.fixed_dictionaries(
            {
                "weekly_cap": st.sampled_from([0, 1, 5]),
                "repeat_limit": st.sampled_from([0, 3]),
                "weekly_day": st.sampled_from(["", "tue"]),
                "test_day": st.sampled_from([0, 3]),
            }
        ),
    }
)
WORDS = ("1", "1 1", "2 1", "완료", "복용", "오경보", "그만", "시작", "?")
happenings = st.one_of(
    st.tuples(st.just("record"), st.sampled_from(["help", "late", "missed", "taken", "ok"])),
    st.tuples(st.just("reply"), st.tuples(st.integers(0, 2), st.sampled_from(WORDS))),
    st.tuples(st.just("failed"), st.none()),
    st.tuples(st.just("link"), st.booleans()),
    st.tuples(st.just("pause"), st.integers(0, 13)),
)
lives = st.lists(
    st.tuples(
        st.sampled_from([None, None, None, MIN_MS, HOUR_MS, 9 * HOUR_MS, DAY_MS]), happenings
    ),
    min_size=2,
    max_size=12,
)
KINDS = {
    "help": (wire.HELP_PRESSED, 0),
    "late": (wire.SLOT_LATE, 0),
    "missed": (wire.SLOT_MISSED, 0),
    "taken": (wire.SLOT_TAKEN, 1),
    "ok": (wire.OK_PRESSED, 0),
}


def made(drawn: dict[str, Any]) -> Home:
    """A home with these people, on the Monday at five."""
    people = tuple(
        Guardian(f"g{n}", "soonja", "이름", NUMBERS[n], "ko", **fields)
        for n, fields in enumerate(drawn["guardians"])
    )
    regimen = Regimen("soonja", ("evening",), None, 30, 30, 60, drawn["criticality"])
    home = begun(at("17:00"), roster(guardians=people, regimens=(regimen,), **drawn["policy"]))
    home.fold(LinkUp(at("17:00"), BOX))
    home.fold(caught_up(at("17:00")))
    return home


def happened(home: Home, what: str, how: Any, now_ms: int, n: int) -> list[Event]:  # noqa: ANN401
    """The facts of one happening."""
    if what == "record":
        kind, value = KINDS[how]
        fields = {"slot_day": None, "slot_index": None} if how in ("help", "ok") else {}
        return [record(n, kind, now_ms, value=value, **fields)]
    if what == "reply":
        who, body = how
        received = TextReceived(now_ms, NUMBERS[who], body, str(n))
        return [received, *home.answer(received, now_ms)]
    if what == "failed":
        out = [t.id for t in home.ledger.texts.values() if t.direction == "out"]
        return [TextFailed(now_ms, i, "barred", final=True) for i in out[-1:]]
    if what == "pause":
        return [TellingPaused(now_ms, "soonja", now_ms + how * DAY_MS, "g0", "away")]
    return [LinkUp(now_ms, BOX) if how else LinkDown(now_ms, BOX, "gone")]


def look(home: Home, now_ms: int) -> list[Any]:
    """Settle, and see that deciding twice gives the same and a settled home gives nothing."""
    assert home.decide(now_ms) == home.decide(now_ms)
    facts = settle(home, now_ms)
    assert home.decide(now_ms) == []
    return facts


def check(home: Home, now_ms: int) -> None:
    """Nothing that lives is forgotten, and everybody has a reason."""
    assert home.household.roster is not None
    view = View(home.household.roster, home.household, home.ledger, now_ms)
    for incident_id in home.ledger.live:
        incident = home.ledger.incidents[incident_id]
        lines = roll(home.household, home.ledger, incident, now_ms)
        assert [line.guardian_id for line in lines if line.reason not in REASONS] == []
        assert len(lines) == len(view.people(incident))
        if view.absorber(incident) is not None:
            continue
        comes = turn(view, incident)
        assert comes is not None
        assert now_ms < comes.due_ms <= now_ms + LONGEST_HOLD_MS
        row = view.kind(incident)
        if not row.can_wait and incident.state is not State.ACKED:
            paused = any(t.reason == Reason.PAUSED for t in incident.tellings.values())
            soon = comes.due_ms <= incident.opened_ms + HOUR_MS  # the longest delay of a first one
            may = paused and row.group not in (Group.HELP, Group.LIFE)
            assert incident.told or soon or may
            assert paused or comes.due_ms <= now_ms + 6 * HOUR_MS


def told_once(facts: list[Any]) -> None:
    """Nobody gets two texts of the same step at one instant, and nobody is held without an end."""
    seen = set()
    for fact in facts:
        if fact.kind == "text_decided" and fact.step >= 0 and fact.incident_id is not None:
            for incident_id in (fact.incident_id, *fact.also):
                key = (fact.at_ms, fact.guardian_id, incident_id, fact.purpose)
                assert key not in seen
                seen.add(key)
        if fact.kind == "not_told":
            ends = fact.until_ms is None or fact.until_ms > fact.at_ms
            assert fact.reason in REASONS
            assert ends
            assert fact.until_ms is not None or fact.reason in (
                *(Reason.ABSORBED, Reason.STOPPED, Reason.NOT_HER_KIND),
            )


@settings(max_examples=150, deadline=None)
@given(homes, lives)
def test_no_incident_is_ever_forgotten(
    drawn: dict[str, Any], life: list[tuple[int | None, tuple[str, Any]]]
) -> None:
    """At each look every live incident has a next turn within bounds; a replay gives the same."""
    home = made(drawn)
    again = copy.deepcopy(home)
    now_ms, log = at("17:00"), look(home, at("17:00"))
    for n, (on, (what, how)) in enumerate(life, 1):
        deadline_ms = home.next_deadline(now_ms) or now_ms
        now_ms = deadline_ms if on is None else now_ms + on
        facts = happened(home, what, how, now_ms, n)
        for fact in facts:
            home.fold(fact)
        log += facts
        log += look(home, now_ms)
        check(home, now_ms)
    told_once(log)
    for fact in log:
        again.fold(fact)
    assert again == home
    for fact in log:  # what a number answered or a box told twice changes nothing
        if isinstance(fact, TextReceived):
            assert again.answer(fact, now_ms) == []


@settings(max_examples=25, deadline=None)
@given(homes, st.sampled_from(["help", "missed"]))
def test_looking_at_deadlines_tells_what_looking_all_the_time_does(
    drawn: dict[str, Any], how: str
) -> None:
    """Nothing comes by time alone before it was announced, in a day and a half of silence."""
    home = made(drawn)
    home.fold(record(1, KINDS[how][0], at("19:00"), slot_day="2026-03-02", slot_index=2))
    other = copy.deepcopy(home)
    end_ms, now_ms = at("07:00", "2026-03-04"), at("19:00")
    told = [(f.at_ms, f.kind) for f in settle(home, now_ms)]
    while (deadline := home.next_deadline(now_ms)) is not None and deadline <= end_ms:
        assert deadline > now_ms
        now_ms = deadline
        told += [(f.at_ms, f.kind) for f in settle(home, now_ms)]
    each = []
    for ms in range(at("19:00"), end_ms + 1, 5 * MIN_MS):  # all delays are multiples of it
        each += [(f.at_ms, f.kind) for f in settle(other, ms)]
    assert told == each
