"""What the outbox knows beyond its table: claims as facts, terms, routes, reports, old schemas."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gateway.events import TextClaimed, TextFailed, TextSubmitted, TextUnreported, TextWithdrawn
from gateway.incidents import Ledger, fold
from gateway.log import LOST_ANSWER, Log, Terms
from gateway.log.outbox import State, pause_ms
from gateway.log.tables import SCHEMA_VERSION
from tests.gateway.home_facts import NEIGHBOUR
from tests.gateway.test_log import LEASE, MIN, NOW, decided, submitted

OLD_SCHEMA = """
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms BIGINT NOT NULL, home_id TEXT NOT NULL,
  kind TEXT NOT NULL, device_id TEXT, epoch BIGINT, seq BIGINT, message_key TEXT,
  body JSON NOT NULL, UNIQUE (device_id, epoch, seq), UNIQUE (home_id, message_key));
CREATE TABLE outbox (
  home_id TEXT NOT NULL, text_id INTEGER NOT NULL, "to" TEXT NOT NULL, body TEXT NOT NULL,
  urgency INTEGER NOT NULL, due_ms BIGINT NOT NULL, state TEXT NOT NULL, lease_until_ms BIGINT,
  tries INTEGER NOT NULL, losses INTEGER NOT NULL, "references" JSON NOT NULL,
  next_try_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL, submitted_ms BIGINT,
  PRIMARY KEY (home_id, text_id));
CREATE INDEX outbox_waiting ON outbox (state, "to");
PRAGMA user_version = 1;
"""
"""As the first version wrote it."""


def _old(path: Path) -> None:
    """A database of version 1 with a text in every state that can go on."""
    with sqlite3.connect(path) as old:
        old.executescript(OLD_SCHEMA)
        for text_id, state in enumerate(("PENDING", "CLAIMED", "UNKNOWN", "SUBMITTED"), 1):
            old.execute(
                "INSERT INTO outbox VALUES ('home-1', ?, ?, 'b', 1, 0, ?, 0, 0, 0, '[7]', 0, ?, ?)",
                (text_id, f"+8210{text_id}", state, NOW + LEASE, NOW if text_id == 4 else None),
            )
        old.execute(
            "INSERT INTO events (at_ms, home_id, kind, body) VALUES (1, 'home-1', 'text_submitted',"
            """ '{"at_ms": 1, "text_id": 4, "references": [7], "first_pdu_ms": 1,"""
            """ "marked_repeat": false}')"""
        )


def test_an_old_database_is_brought_up_and_goes_on(tmp_path: Path) -> None:
    """A database of version 1: its facts are read, its texts go out, its reports find theirs."""
    path = tmp_path / "anbu.db"
    _old(path)
    log = Log(path, "home-1")
    assert list(log.facts()) == [TextSubmitted(1, 4, (7,), 1, marked_repeat=False)]
    assert log.release_claims() == 1
    claims = [log.claim(NOW, LEASE) for _ in range(4)]
    assert [(c.text_id, c.repeat) for c in claims if c] == [(1, False), (2, True), (3, True)]
    assert log.bearers(7, NOW) == [(4, "+82104", (7,), NOW)]
    log.append([submitted(1, NOW + 1), decided(5)])
    log.close()
    with sqlite3.connect(path) as now:
        assert now.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert Log(path, "home-1").state_of(1) is State.SUBMITTED


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed or broken in the middle of it: the database is as it was, the next start does it."""
    path = tmp_path / "anbu.db"
    _old(path)
    steps = {1: ("ALTER TABLE outbox ADD COLUMN route TEXT", "ALTER TABLE nowhere ADD COLUMN x")}
    with monkeypatch.context() as broken:
        broken.setattr("gateway.log.tables.STEPS", steps)
        with pytest.raises(OSError, match="nowhere"):
            Log(path, "home-1")
    assert Log(path, "home-1").state_of(4) is State.SUBMITTED


def test_a_claim_is_a_fact_of_the_same_transaction(tmp_path: Path) -> None:
    """Whoever reads the log after a crash knows that a text may be on its way, and by which."""
    path = tmp_path / "anbu.db"
    log = Log(path, "home-1")
    log.append([decided(1)])
    claim = log.claim(NOW, LEASE, lambda _claim: "http")
    assert claim is not None
    assert claim.fact == TextClaimed(NOW, 1, "http")
    again = Log(path, "home-1")
    assert list(again.facts())[-1] == claim.fact
    again.release_claims()
    other = {"http": "modem"}
    repeat = again.claim(NOW, LEASE, lambda claim: other.get(claim.last_route or "", "?"))
    assert repeat is not None
    assert (repeat.route, repeat.last_route, repeat.repeat) == ("modem", "http", True)


def test_only_texts_so_urgent_are_claimed() -> None:
    """A hand that is free for calls for help alone takes no other text."""
    log = Log(None, "home-1", terms=lambda text: Terms(urgency=text.text_id % 2))
    log.append([decided(1, NEIGHBOUR), decided(2)])
    claims = [log.claim(NOW, LEASE, urgency=0) for _ in range(2)]
    assert [claim.text_id if claim else None for claim in claims] == [2, None]


def test_each_kind_of_text_is_valid_so_long() -> None:
    """What is worth two hours is said expired after them; the network is told how long is left."""
    log = Log(None, "home-1", terms=lambda _text: Terms(valid_min=120))
    log.append([decided(1), decided(2, NEIGHBOUR)])
    claim = log.claim(NOW + 30 * MIN, LEASE)
    assert claim is not None
    assert (claim.valid_min, claim.expired) == (90, False)
    log.append([submitted(1)])
    late = log.claim(NOW + 120 * MIN, LEASE)
    assert late is not None
    assert (late.text_id, late.expired, late.fact) == (2, True, None)


def test_a_text_is_withdrawn_only_while_nobody_has_it() -> None:
    """Withdrawn while pending it never goes; once taken it goes on, whatever was decided."""
    log = Log(None, "home-1")
    log.append([decided(1), TextWithdrawn(NOW, 1, "corrected"), decided(2)])
    claim = log.claim(NOW, LEASE)
    assert claim is not None
    assert claim.text_id == 2  # and it did not wait for the one that was withdrawn
    log.append([TextWithdrawn(NOW, 2, "corrected"), submitted(2)])
    assert (log.state_of(1), log.state_of(2)) == (State.WITHDRAWN, State.SUBMITTED)


def test_a_report_that_does_not_come_is_said_once() -> None:
    """So many minutes after it was submitted a text without report is a fact, and only once."""
    log = Log(None, "home-1", terms=lambda text: Terms(report_min=5 if text.text_id == 1 else 0))
    log.append([decided(1), decided(2, NEIGHBOUR)])
    for text_id in (1, 2):
        log.claim(NOW, LEASE)
        log.append([submitted(text_id, NOW + MIN)])
    assert log.next_look_ms(NOW) == NOW + 6 * MIN
    assert log.unreported(NOW + 6 * MIN - 1) == []
    overdue = log.unreported(NOW + 6 * MIN)
    assert overdue == [TextUnreported(NOW + 6 * MIN, 1, 5)]
    log.append(overdue)
    assert log.unreported(NOW + 60 * MIN) == []
    assert log.next_look_ms(NOW) is None
    assert log.state_of(1) is State.SUBMITTED


def test_a_report_that_came_is_not_missed() -> None:
    """Delivered or given up by the network: no report is waited for any more."""
    log = Log(None, "home-1", terms=lambda _text: Terms(report_min=5))
    log.append([decided(1)])
    log.claim(NOW, LEASE)
    log.append([submitted(1), TextFailed(NOW, 1, "the phone is off", final=True)])
    assert log.unreported(NOW + 60 * MIN) == []


def test_what_a_provider_has_not_reported() -> None:
    """Only texts that this route took, that it knows by a name, young enough, not settled."""
    log = Log(None, "home-1")
    log.append([decided(n, f"+8210{n}") for n in range(1, 5)])
    for n in range(1, 5):
        log.claim(NOW, LEASE)
        handle = "" if n == 3 else f"M{n}"
        route = "modem" if n == 4 else "http"
        log.append(
            [TextSubmitted(NOW, n, (), NOW - n, marked_repeat=False, route=route, handle=handle)]
        )
    assert log.awaiting("http", NOW - 1) == [(1, "M1")]
    assert log.awaiting("http", 0) == [(1, "M1"), (2, "M2")]


def test_a_try_that_ends_late_takes_back_nothing_that_went_another_way() -> None:
    """Its lease was out, the repeat is with the provider: what the modem says now is no news."""
    for route, then in (("modem", State.SUBMITTED), ("http", State.PENDING)):
        log, ledger = Log(None, "home-1"), Ledger()
        facts = [
            decided(1),
            TextClaimed(NOW, 1, "http"),
            TextSubmitted(NOW, 1, (), NOW, True, "http", "M4V1"),
            TextFailed(NOW, 1, "busy", final=False, route=route),
        ]
        log.append(facts[:1])
        log.claim(NOW, LEASE)
        log.append(facts[2:])
        for fact in facts:
            fold(ledger, fact)
        assert (log.state_of(1), ledger.texts[1].state) == (then, then.lower()), route
        assert ledger.texts[1].route == "http"


def test_a_second_lost_answer_is_the_last() -> None:
    """Lost on one route, repeated on the other, lost again: no third text, by no route."""
    log = Log(None, "home-1")
    log.append([decided(1)])
    first = log.claim(NOW, LEASE)
    assert first is not None
    assert not first.last_loss
    log.append([TextFailed(NOW, 1, LOST_ANSWER, final=False, route="modem")])
    second = log.claim(NOW + pause_ms(1), LEASE, lambda claim: f"not {claim.last_route}")
    assert second is not None
    assert (second.last_loss, second.repeat, second.route) == (True, True, "not modem")
    log.append([TextFailed(NOW, 1, LOST_ANSWER, final=second.last_loss, route="http")])
    assert log.claim(NOW + 60 * MIN, LEASE) is None
    assert log.state_of(1) is State.UNKNOWN


def test_a_death_and_then_a_lost_answer_make_one_repeat() -> None:
    """Killed with the text in hand, repeated, and the answer to that lost: it is left at that."""
    log = Log(None, "home-1")
    log.append([decided(1)])
    log.claim(NOW, LEASE)
    log.release_claims()
    repeat = log.claim(NOW, LEASE)
    assert repeat is not None
    assert repeat.last_loss
    log.append([TextFailed(NOW, 1, LOST_ANSWER, final=repeat.last_loss)])
    assert log.claim(NOW + 60 * MIN, LEASE) is None


def test_a_waiting_text_makes_nobody_look_at_once() -> None:
    """What waits for another text to the same number is not looked for before that one's time."""
    log = Log(None, "home-1")
    log.append([decided(1), decided(2)])
    log.claim(NOW, LEASE)
    log.append([TextFailed(NOW, 1, "no network", final=False)])
    assert log.claim(NOW, LEASE) is None
    assert log.next_look_ms(NOW) == NOW + pause_ms(1)


@pytest.mark.parametrize("killed", [False, True])
def test_a_repeat_that_was_not_taken_stays_a_repeat(killed: bool) -> None:
    """Perhaps sent, then refused for now: whatever goes out after that is marked."""
    log = Log(None, "home-1")
    log.append([decided(1)])
    claim = log.claim(NOW, LEASE)
    assert claim is not None
    if killed:
        log.release_claims()
    else:
        log.append([TextFailed(NOW, 1, LOST_ANSWER, final=claim.last_loss)])
    for minute in range(1, 4):
        again = log.claim(NOW + minute * 2 * MIN, LEASE)
        assert again is not None
        assert (again.repeat, again.last_loss) == (True, True)
        log.append([TextFailed(NOW + minute * 2 * MIN, 1, "no network", final=False)])


def test_a_clock_that_was_set_back_holds_no_text() -> None:
    """Decided by a clock that was a day ahead: it is sent now, and none behind it waits a day."""
    log, day = Log(None, "home-1"), 24 * 60 * MIN
    log.append([decided(1)])
    first = log.claim(NOW - day, LEASE)
    assert first is not None
    log.append([submitted(1, NOW - day)])
    log.append([decided(2)])
    assert log.claim(NOW - 1, LEASE) is None  # a pause between two tries is one
    assert log.claim(NOW, LEASE) is not None
