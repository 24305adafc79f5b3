"""The log keeps each fact once and in order; the outbox loses no text, repeats none unmarked."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import (
    TextDecided,
    TextDelivered,
    TextFailed,
    TextReceived,
    TextSubmitted,
    TextUnreported,
    TextWithdrawn,
)
from gateway.log import EXPIRED, LOST_ANSWER, Log, LogUnavailable, Terms
from gateway.log.outbox import LONGEST_PAUSE_MS, TABLE, Move, State, pause_ms
from tests.gateway.home_facts import DAUGHTER, NEIGHBOUR, at, begun, record

NOW = at("19:00")
LEASE = 60_000
MIN = 60_000
VALID_MS = Terms().valid_min * MIN


def decided(text_id: int, to: str = DAUGHTER, now_ms: int = NOW) -> TextDecided:
    """A text to somebody."""
    return TextDecided(now_ms, text_id, 1, "g", to, "dose_missed", f"body {text_id}", "r", 0, NOW)


def submitted(text_id: int, now_ms: int = NOW, *references: int) -> TextSubmitted:
    """The modem took it."""
    return TextSubmitted(now_ms, text_id, references or (text_id,), now_ms, marked_repeat=False)


@pytest.fixture
def log() -> Log:
    """An empty log in memory."""
    return Log(None, "home-1", terms=lambda text: Terms(urgency=0 if text.text_id % 10 else 1))


def test_facts_come_back_in_order_and_once(tmp_path: Path) -> None:
    """What was appended is read again after a restart, a repeated record only once."""
    path = tmp_path / "anbu.db"
    first = Log(path, "home-1")
    made = begun(at("12:00")).household.made["AB-000001"]
    facts = [made, record(1, wire.SLOT_DUE, NOW), record(2, wire.SLOT_LATE, NOW), decided(1)]
    assert first.append(facts) == facts
    assert first.append([record(2, wire.SLOT_LATE, NOW + 5), record(3, wire.BOOT, NOW)]) == [
        record(3, wire.BOOT, NOW)
    ]
    first.close()
    assert list(Log(path, "home-1").facts()) == [*facts, record(3, wire.BOOT, NOW)]


def test_a_text_that_came_twice_is_kept_once(log: Log) -> None:
    """The modem may tell a text again after a restart: its key is kept once."""
    text = TextReceived(NOW, DAUGHTER, "1", "key-1")
    assert log.append([text]) == [text]
    assert log.append([text]) == []


def test_homes_do_not_see_one_another(tmp_path: Path) -> None:
    """Two homes in one database have their own facts and their own outboxes."""
    path = tmp_path / "anbu.db"
    one, other = Log(path, "home-1"), Log(path, "home-2")
    one.append([decided(1)])
    other.append([decided(1, NEIGHBOUR)])
    assert [f.to for f in one.facts() if isinstance(f, TextDecided)] == [DAUGHTER]
    claim = other.claim(NOW, LEASE)
    assert claim is not None
    assert claim.to == NEIGHBOUR
    assert one.state_of(1) is State.PENDING


def test_append_is_all_or_nothing(log: Log) -> None:
    """A fact that cannot be stored takes its whole batch with it."""
    log.append([decided(1)])
    with pytest.raises(LogUnavailable):
        log.append([record(9, wire.BOOT, NOW), decided(1)])
    assert not [f for f in log.facts() if f.kind == "device_record"]


def test_commits_are_full_and_write_ahead(tmp_path: Path) -> None:
    """The database is in WAL mode and the connection synchronises fully."""
    path = tmp_path / "anbu.db"
    log = Log(path, "home-1")
    with log._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_committed_means_seen_by_others(tmp_path: Path) -> None:
    """When append returns, another process sees the facts and the outbox row."""
    path = tmp_path / "anbu.db"
    log = Log(path, "home-1")
    log.append([record(1, wire.BOOT, NOW), decided(1)])
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as other:
        assert other.execute("SELECT count(*) FROM events").fetchone() == (2,)
        assert other.execute("SELECT state FROM outbox").fetchone() == ("PENDING",)


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    """A schema from the future is not written by an older gateway."""
    path = tmp_path / "anbu.db"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="newer gateway"):
        Log(path, "home-1")


def test_no_database_is_said(tmp_path: Path) -> None:
    """A folder that is not there is told as such."""
    with pytest.raises(LogUnavailable):
        Log(tmp_path / "nowhere" / "anbu.db", "home-1")


# --- the outbox -----------------------------------------------------------------------------


def test_table_of_the_outbox() -> None:
    """Every move has one target; nothing leads out of an end; out of what was sent, reports do."""
    for move in Move:
        assert len({to for (_s, m), to in TABLE.items() if m is move}) == 1
    ends = {State.DELIVERED, State.UNDELIVERED, State.EXPIRED, State.WITHDRAWN}
    assert not [s for s, _m in TABLE if s in ends]
    leaving = {m for s, m in TABLE if s is State.SUBMITTED}
    assert leaving == {Move.DELIVER, Move.REFUSE, Move.MISS_REPORT, Move.RETRY}
    assert [s for s, m in TABLE if m is Move.WITHDRAW] == [State.PENDING]


def _moves(log: Log, text_id: int) -> dict[Move, object]:
    def claim(_now: int = NOW) -> None:
        log.claim(NOW + 10 * LONGEST_PAUSE_MS, LEASE)

    return {
        Move.CLAIM: claim,
        Move.LEASE_OUT: log.release_claims,
        Move.SUBMIT: lambda: log.append([submitted(text_id)]),
        Move.RETRY: lambda: log.append([TextFailed(NOW, text_id, "busy", final=False)]),
        Move.LOSE: lambda: log.append([TextFailed(NOW, text_id, LOST_ANSWER, final=False)]),
        Move.REFUSE: lambda: log.append([TextFailed(NOW, text_id, "no", final=True)]),
        Move.EXPIRE: lambda: log.append([TextFailed(NOW, text_id, EXPIRED, final=True)]),
        Move.DELIVER: lambda: log.append([TextDelivered(NOW, text_id)]),
        Move.WITHDRAW: lambda: log.append([TextWithdrawn(NOW, text_id, "corrected")]),
        Move.MISS_REPORT: lambda: log.append([TextUnreported(NOW, text_id, 5)]),
    }


WAYS = {
    State.PENDING: [],
    State.CLAIMED: [Move.CLAIM],
    State.SUBMITTED: [Move.CLAIM, Move.SUBMIT],
    State.DELIVERED: [Move.CLAIM, Move.SUBMIT, Move.DELIVER],
    State.UNDELIVERED: [Move.CLAIM, Move.REFUSE],
    State.EXPIRED: [Move.EXPIRE],
    State.UNKNOWN: [Move.CLAIM, Move.LEASE_OUT],
    State.WITHDRAWN: [Move.WITHDRAW],
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_every_move_in_every_state(log: Log, state: State, move: Move) -> None:
    """Each move in each state does in the database what the table says, or nothing."""
    log.append([decided(1)])
    moves = _moves(log, 1)
    for step in (*WAYS[state], None, move):
        if step is None:
            assert log.state_of(1) is state
        else:
            action = moves[step]
            assert callable(action)
            action()
    assert log.state_of(1) is TABLE.get((state, move), state)


def test_a_claim_is_held_and_its_end_marks_a_repeat(log: Log) -> None:
    """A claimed text is not given again; when its lease ran out it is, marked."""
    log.append([decided(1)])
    first = log.claim(NOW, LEASE)
    assert first is not None
    assert not first.repeat
    assert log.claim(NOW + LEASE - 1, LEASE) is None
    assert log.next_look_ms(NOW) == NOW + LEASE
    again = log.claim(NOW + LEASE, LEASE)
    assert again is not None
    assert again.repeat


def test_a_restart_frees_what_the_dead_process_held(tmp_path: Path) -> None:
    """Killed between claim and answer: sent once more at once, marked; never a third time."""
    path = tmp_path / "anbu.db"
    first = Log(path, "home-1")
    first.append([decided(1)])
    first.claim(NOW, LEASE)
    second = Log(path, "home-1")  # the first was killed and never closed
    assert second.release_claims() == 1
    claim = second.claim(NOW + 1, LEASE)
    assert claim is not None
    assert claim.repeat
    second.append([submitted(1, NOW + 1)])
    assert second.release_claims() == 0
    assert second.claim(NOW + VALID_MS, LEASE) is None


def test_a_lost_answer_is_followed_by_one_marked_text(log: Log) -> None:
    """Handed over without an answer: once more, marked; a second loss ends it."""
    log.append([decided(1)])
    log.claim(NOW, LEASE)
    log.append([TextFailed(NOW, 1, f"{LOST_ANSWER}: timeout", final=False)])
    assert log.claim(NOW, LEASE) is None
    claim = log.claim(NOW + pause_ms(1), LEASE)
    assert claim is not None
    assert (claim.repeat, claim.losses) == (True, 1)
    log.append([TextFailed(NOW, 1, f"{LOST_ANSWER}: timeout", final=True)])
    assert log.claim(NOW + VALID_MS, LEASE) is None
    assert log.state_of(1) is State.UNKNOWN


def test_tries_are_spaced_and_never_given_up_within_the_day(log: Log) -> None:
    """Five seconds, then twice as long each time, at most a minute."""
    assert [pause_ms(n) for n in range(1, 7)] == [5000, 10_000, 20_000, 40_000, 60_000, 60_000]
    log.append([decided(1)])
    now_ms = NOW
    for n in range(1, 50):
        claim = log.claim(now_ms, LEASE)
        assert claim is not None
        assert not claim.repeat
        log.append([TextFailed(now_ms, 1, "no network", final=False)])
        assert log.next_look_ms(now_ms) == now_ms + pause_ms(n)
        now_ms += pause_ms(n)


def test_after_a_day_a_text_is_expired(log: Log) -> None:
    """What could not be sent for a day is given out once more, to be said expired."""
    log.append([decided(1)])
    claim = log.claim(NOW + VALID_MS, LEASE)
    assert claim is not None
    assert claim.expired
    log.append([TextFailed(NOW + VALID_MS, 1, f"{EXPIRED}: a day", final=True)])
    assert log.claim(NOW + VALID_MS, LEASE) is None


def test_urgent_first_and_in_order_for_each_number(log: Log) -> None:
    """Urgent texts overtake others, those to the same number too: help waits for no thanks."""
    log.append([decided(10, NEIGHBOUR), decided(11, NEIGHBOUR), decided(12)])
    order = []
    while (claim := log.claim(NOW, LEASE)) is not None:
        order.append(claim.text_id)
        log.append([submitted(claim.text_id)])
    assert order == [11, 12, 10]


def test_a_waiting_text_holds_back_later_ones_to_the_same_number(log: Log) -> None:
    """A correction never overtakes the text it corrects."""
    log.append([decided(1), decided(2), decided(3, NEIGHBOUR)])
    log.claim(NOW, LEASE)
    log.append([TextFailed(NOW, 1, "no network", final=False)])
    claim = log.claim(NOW, LEASE)
    assert claim is not None
    assert claim.text_id == 3


def test_every_text_that_bears_a_reference_is_found(log: Log) -> None:
    """References wrap at 256: all texts of a week that bear one, newest first, settled or not."""
    for text_id, now_ms in ((1, NOW), (2, NOW + 1000)):
        log.append([decided(text_id, now_ms=now_ms)])
        log.claim(now_ms, LEASE)
        log.append([submitted(text_id, now_ms, 7, text_id + 100)])
    log.append([TextDelivered(NOW, 2)])
    both = [(2, DAUGHTER, (7, 102), NOW + 1000), (1, DAUGHTER, (7, 101), NOW)]
    assert log.bearers(7, NOW + 2000) == both
    assert log.bearers(101, NOW + 2000) == both[1:]
    assert log.bearers(55, NOW + 2000) == []
    assert log.bearers(7, NOW + 7 * VALID_MS + 500) == both[:1]


@given(st.lists(st.sampled_from(list(Move)), max_size=30))
def test_no_walk_sends_unmarked_twice(walk: list[Move]) -> None:
    """Whatever happens in whatever order, a text is claimed unmarked only until it may be out."""
    log = Log(None, "home-1")
    log.append([decided(1)])
    moves = _moves(log, 1)
    maybe_out = False
    for move in walk:
        claimed_before = log.state_of(1) is State.CLAIMED
        if move is Move.CLAIM:
            claim = log.claim(NOW + 10 * LONGEST_PAUSE_MS, LEASE)
            if claim is not None:
                assert claim.repeat == maybe_out
            continue
        action = moves[move]
        assert callable(action)
        action()
        if claimed_before and move in (Move.LEASE_OUT, Move.LOSE):
            maybe_out = True
        if claimed_before and move is Move.RETRY:
            maybe_out = False  # certainly not sent
