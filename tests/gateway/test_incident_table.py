"""The table of an incident's life, walked; deciding comes to rest and survives a restart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway import incidents
from gateway.events import (
    Event,
    LinkUp,
    TextDecided,
    TextReceived,
    TextSubmitted,
)
from gateway.home import Home
from gateway.incidents import TABLE, Action, Signal, State
from gateway.incidents.ledger import Ledger
from tests.gateway.home_facts import (
    BOX,
    DAUGHTER,
    MIN_MS,
    NEIGHBOUR,
    at,
    begun,
    caught_up,
    missed_at_seven,
    only,
    record,
    reply,
    settle,
    texts,
    unconfirmed_at_five_past,
)

# --- the table --------------------------------------------------------------------------------


def test_every_state_answers_every_signal() -> None:
    """No signal in any state is forgotten, and every row leads to a known state."""
    assert set(TABLE) == set(itertools.product(State, Signal))
    assert all(to in State and set(acts) <= set(Action) for to, acts in TABLE.values())


def test_over_is_over() -> None:
    """Nothing leads out of RESOLVED, and only answers are still answered there."""
    rows = {signal: TABLE[State.RESOLVED, signal] for signal in Signal}
    assert {to for to, _ in rows.values()} == {State.RESOLVED}
    assert {s for s, (_, acts) in rows.items() if acts} == {
        *(Signal.ACK, Signal.SECOND_ACK, Signal.DONE, Signal.FALSE, Signal.WORD)
    }


def test_every_state_is_reached_and_left() -> None:
    """Walking the table from OPEN reaches every state, and each of them can end."""
    reached, todo = {State.OPEN}, [State.OPEN]
    while todo:
        here = todo.pop()
        for signal in Signal:
            to = TABLE[here, signal][0]
            if to not in reached:
                reached.add(to)
                todo.append(to)
    assert reached == set(State)
    for state in State:
        assert any(TABLE[state, s][0] is State.RESOLVED for s in Signal)


def _situations() -> dict[tuple[State, Signal], tuple[Home, Event | None, int]]:
    """A home in a state, the fact (or None) and the instant by which a signal comes to it."""
    found: dict[tuple[State, Signal], tuple[Home, Event | None, int]] = {}

    def homes() -> dict[State, Home]:
        acked = unconfirmed_at_five_past()
        reply(acked, "1", "19:06")
        resolved = unconfirmed_at_five_past()
        reply(resolved, "완료", "19:06")
        return {
            State.NOTIFYING: unconfirmed_at_five_past(),
            State.ACKED: acked,
            State.RESOLVED: resolved,
        }

    now_ms = at("19:10")
    facts: dict[Signal, tuple[Event | None, int]] = {
        Signal.WORSE: (record(1, wire.SLOT_LATE, now_ms), now_ms),
        Signal.TAKEN_IN_TIME: (record(1, wire.SLOT_TAKEN, now_ms, value=1), now_ms),
        Signal.OPENED_LATE: (record(1, wire.SLOT_TAKEN, now_ms, value=2), now_ms),
        Signal.BY_WORD: (record(1, wire.SLOT_TAKEN, now_ms, value=3), now_ms),
        Signal.NOT_BY_WORD: (record(1, wire.SLOT_SKIPPED, now_ms, value=2), now_ms),
        Signal.NOT_DUE: (record(1, wire.SLOT_SKIPPED, now_ms, value=1), now_ms),
        Signal.ACK: (TextReceived(now_ms, DAUGHTER, "1", "k1"), now_ms),
        Signal.DONE: (TextReceived(now_ms, DAUGHTER, "완료", "k2"), now_ms),
        Signal.STEP_DUE: (None, at("19:20")),
        Signal.ACK_EXPIRED: (None, at("20:06")),
        Signal.EXPIRED: (None, at("19:05", "2026-03-03")),
    }
    for signal, (fact, when_ms) in facts.items():
        for state, home in homes().items():
            found[state, signal] = (home, fact, when_ms)
    return found


# By time alone a later step comes before these in that state: they are not met there.
NOT_MET = {(State.NOTIFYING, Signal.ACK_EXPIRED), (State.ACKED, Signal.STEP_DUE)}


@pytest.mark.parametrize("pair", [p for p in _situations() if p not in NOT_MET], ids=str)
def test_walk_of_the_table(pair: tuple[State, Signal]) -> None:
    """Each signal in each state leads, through the facts decided, where the table says."""
    home, fact, now_ms = _situations()[pair]
    incident = only(home)
    assert incident.state is pair[0]
    expected, actions = TABLE[pair]
    if isinstance(fact, TextReceived):
        follows: list[Event] = [fact, *home.answer(fact, now_ms)]
    else:
        if fact is not None:
            home.fold(fact)
        follows = home.decide(now_ms)
    for follow in follows:
        home.fold(follow)
    assert incident.state is expected
    told = [f for f in follows if isinstance(f, TextDecided) and f.incident_id == incident.id]
    speaks = [a for a in actions if a.startswith(("tell", "thank", "say"))]
    assert bool(told) == bool(speaks)


# --- deciding as a whole ----------------------------------------------------------------------

moments = st.integers(at("17:50"), at("23:50"))
happenings = st.one_of(
    st.builds(
        record,
        st.integers(1, 30),
        st.sampled_from([wire.SLOT_TAKEN, wire.SLOT_LATE, wire.SLOT_MISSED, wire.SLOT_DOUBTFUL]),
        moments,
        value=st.integers(0, 3),
    ),
    st.builds(caught_up, moments),
    st.builds(LinkUp, moments, st.just(BOX)),
    st.builds(
        TextReceived,
        moments,
        st.sampled_from([DAUGHTER, NEIGHBOUR]),
        st.sampled_from(["1", "완료", "?"]),
        st.uuids().map(str),
    ),
)


def _live(home: Home, happened: list[Event]) -> list[Event]:
    """All facts of an evening: what happened and what was decided, in the log's order."""
    log: list[Event] = []
    for fact in sorted(happened, key=lambda f: f.at_ms):
        answer = home.answer(fact, fact.at_ms) if isinstance(fact, TextReceived) else []
        for stored in (fact, *answer):
            home.fold(stored)
            log.append(stored)
        log += settle(home, fact.at_ms)
    return log


@given(st.lists(happenings, max_size=12))
def test_decisions_end_and_are_not_repeated(happened: list[Event]) -> None:
    """Whatever happens, deciding comes to rest, and a decided home decides nothing more then."""
    home = begun(at("12:00"))
    log = _live(home, happened)
    last_ms = max((f.at_ms for f in log), default=at("18:00"))
    settle(home, last_ms)
    assert home.decide(last_ms) == []
    ids = [f.text_id for f in log if isinstance(f, TextDecided)]
    assert len(ids) == len(set(ids))
    assert len(home.ledger.incidents) <= 1


@given(st.lists(happenings, max_size=12), st.integers(0, 60))
def test_a_restart_anywhere_changes_nothing(happened: list[Event], cut: int) -> None:
    """Folding the log anew at any point gives the same home, and the same decisions from there."""
    one, other = begun(at("12:00")), begun(at("12:00"))
    log = _live(one, happened)
    for fact in log[:cut]:
        other.fold(fact)
    again = begun(at("12:00"))
    for fact in log[:cut]:
        again.fold(fact)
    assert again == other
    assert again.decide(at("23:55")) == other.decide(at("23:55"))
    for fact in log[cut:]:
        again.fold(fact)
    assert again == one


def test_never_missed_without_the_boxs_word() -> None:
    """With no record and no catching up no text ever says missed, all evening and night."""
    home = begun(at("12:00"))
    said = [p for n in range(0, 600, 5) for p, _ in texts(settle(home, at("19:00") + n * MIN_MS))]
    assert set(said) == {"dose_unconfirmed"}


def test_deadlines_are_all_announced() -> None:
    """Deciding only at announced deadlines tells the same as deciding every minute."""
    stepwise, minutely = missed_at_seven(), missed_at_seven()
    end_ms, told = at("02:00", "2026-03-03"), []
    now_ms = at("19:00")
    while (deadline := stepwise.next_deadline(now_ms)) is not None and deadline < end_ms:
        assert deadline > now_ms
        now_ms = deadline
        told += [(f.at_ms, f.to) for f in settle(stepwise, now_ms) if f.kind == "text_decided"]
    each = []
    for ms in range(at("19:00"), end_ms, MIN_MS):
        each += [(f.at_ms, f.to) for f in settle(minutely, ms) if f.kind == "text_decided"]
    assert told == each != []


def test_a_repeated_send_is_seen_in_the_ledger() -> None:
    """A text that had to be sent once more says so."""
    home = missed_at_seven()
    home.fold(TextSubmitted(at("19:02"), 1, (4,), at("19:01"), marked_repeat=True))
    assert home.ledger.texts[1].why.startswith("sent once more")


def test_empty_ledger_decides_nothing() -> None:
    """Before a roster is known nothing is decided and nothing is due."""
    home = Home()
    assert home.decide(at("19:00")) == []
    assert home.next_deadline(at("19:00")) is None
    assert incidents.next_deadline(home.household, Ledger(), at("19:00")) is None
