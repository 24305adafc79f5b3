"""gateway.officer.board: kept rows are what a look at everybody would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anbu_wire import messages as wire
from gateway.events import (
    DeviceOrdered,
    Event,
    GatewayStarted,
    IncidentAcknowledged,
    IncidentResolved,
    LinkUp,
    NotMonitored,
    OrderAnswered,
    RosterChanged,
    TellingPaused,
)
from gateway.home import Home
from gateway.household import Household
from gateway.incidents import Ledger
from gateway.officer import board
from gateway.officer.board import Board
from gateway.officer.standing import Standing, standing
from gateway.roster import Device, Guardian, Person, entry_to_json
from tests.gateway.home_facts import MIN_MS, record
from tests.gateway.officer.district import BOXES, NOW_MS, begun, down, lid, rests, rows, settle

HOUR_MS = 60 * MIN_MS
KINDS = (
    "lid", "help", "down", "up", "rests", "away", "pause", "ack", "resolve", "rename", "remove",
    "comes", "unplaced", "restart", "settle", "moved", "sent away", "taken", "undated", "set back",
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(BOXES)),
        st.sampled_from(KINDS),
        st.integers(0, 10 * 60),  # minutes that pass afterwards
    ),
    max_size=14,
)


def _facts(home: Home, person_id: str, kind: str, seq: int, now_ms: int) -> list[Event]:
    """What happens in a step; nothing where it cannot."""
    box = BOXES[person_id]
    pressed = {"device_id": box, "slot_day": None, "slot_index": None}
    live = next(iter(home.ledger.live), None)
    renamed = entry_to_json(Person(person_id, "새이름", level="severe"))
    facts: dict[str, list[Event]] = {
        "lid": [lid(box, seq, now_ms)],
        "help": [record(seq, wire.HELP_PRESSED, now_ms, **pressed)],
        "down": [down(person_id, now_ms)],
        "up": [LinkUp(now_ms, box)],
        "rests": [rests(person_id, now_ms, now_ms + 3 * HOUR_MS)],
        "away": [NotMonitored(now_ms, person_id, "2026-03-02", "2026-03-03", "travel", "x")],
        "pause": [TellingPaused(now_ms, person_id, now_ms + 5 * HOUR_MS, "x", "y")],
        "rename": [RosterChanged(now_ms, "persons", person_id, renamed, "x")],
        "remove": [RosterChanged(now_ms, "persons", person_id, None, "x")],
        "comes": [
            RosterChanged(now_ms, "persons", "p9", entry_to_json(Person("p9", "최영수")), "x"),
            RosterChanged(
                now_ms, "guardians", "g9",
                entry_to_json(Guardian("g9", "p9", "딸", "+821099999999", "ko", 0)), "x",
            ),
        ],
        "unplaced": [RosterChanged(now_ms, "devices", box, None, "x")],
        "restart": [GatewayStarted(now_ms, "test", now_ms - HOUR_MS)],
        "moved": [RosterChanged(now_ms, "devices", box, _at_another(home, box), "x")],
        "sent away": [DeviceOrdered(now_ms, seq, box, "away", _stay(now_ms), "")],
        "taken": [OrderAnswered(now_ms, i, "done") for i in list(home.book.waiting)[:1]],
        "undated": [replace(lid(box, seq, now_ms), wall_ms=None, timeline=0, quality=wire.UNKNOWN)],
    }  # fmt: skip
    if live is not None:
        facts["ack"] = [IncidentAcknowledged(now_ms, live, "d-soonja", now_ms + HOUR_MS)]
        facts["resolve"] = [IncidentResolved(now_ms, live, "by_person")]
    return facts.get(kind, [])


def _at_another(home: Home, box: str) -> dict[str, Any]:
    """The row of a box that goes to the other of the two."""
    device = home.household.roster.device(box) if home.household.roster else None
    other = "malsoon" if device is None or device.person_id == "soonja" else "soonja"
    return entry_to_json(Device(box, "pillbox", other, "주방"))


def _stay(now_ms: int) -> dict[str, int]:
    return {"from_ms": now_ms, "until_ms": now_ms + 5 * HOUR_MS}


@settings(max_examples=100)
@given(STEPS)
def test_kept_rows_are_what_a_look_at_everybody_gives(steps: list[tuple[str, str, int]]) -> None:
    """Whatever happens, in whatever order, however long nobody looks: the same rows, in order."""
    home, now_ms = begun(), NOW_MS
    rows(home, now_ms)
    for seq, (person_id, kind, minutes) in enumerate(steps, 10):
        for fact in _facts(home, person_id, kind, seq, now_ms):
            home.fold(fact)
        if kind == "settle":
            settle(home, now_ms)
        now_ms += minutes * MIN_MS * (-1 if kind == "set back" else 1)
        anew = Board(live=home.board.live)
        assert rows(home, now_ms) == anew.rows(home.household, home.ledger, now_ms)
    live = {i for of in home.board.live.values() for i in of}
    assert live == set(home.ledger.live)


def test_who_is_sent_away_by_her_box_is_away_on_the_board() -> None:
    """The answer to an order names the order alone; the row is hers all the same."""
    home = begun()
    rows(home, NOW_MS)
    home.fold(DeviceOrdered(NOW_MS, 1, BOXES["soonja"], "away", _stay(NOW_MS), ""))
    rows(home, NOW_MS)
    home.fold(OrderAnswered(NOW_MS, 1, "done"))
    away = {row.person_id for row in rows(home, NOW_MS + 1) if row.away_until_ms is not None}
    assert away == {"soonja"}


def test_what_her_box_of_before_dates_anew_is_on_her_row() -> None:
    """A box that moved on learns the time: what it told of her before was hours ago."""
    home, box = begun(), BOXES["soonja"]
    told = replace(
        lid(box, 9, NOW_MS), boot=2, uptime_ms=0, wall_ms=None, timeline=0, quality=wire.UNKNOWN
    )
    home.fold(told)
    home.fold(RosterChanged(NOW_MS, "devices", box, _at_another(home, box), "x"))
    before = {row.person_id: row.sign for row in rows(home, NOW_MS)}
    dated = replace(lid(box, 10, NOW_MS + MIN_MS), boot=2, uptime_ms=3 * HOUR_MS)
    home.fold(replace(dated, wall_ms=NOW_MS + MIN_MS))
    anew = Board(live=home.board.live).rows(home.household, home.ledger, NOW_MS + MIN_MS)
    assert rows(home, NOW_MS + MIN_MS) == anew
    assert {row.person_id: row.sign for row in anew}["soonja"] != before["soonja"]


def test_a_sign_that_lay_ahead_counts_when_its_time_has_come() -> None:
    """The gateway's clock was set back by a day: her lid of today counts again tomorrow."""
    home, early_ms = begun(), NOW_MS - 24 * HOUR_MS
    assert all(row.sign is None for row in rows(home, early_ms))
    signs = {row.person_id for row in rows(home, NOW_MS) if row.sign is not None}
    assert signs == {"soonja", "malsoon"}


def test_a_look_draws_only_whom_something_is_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lid of one person draws her row again, a look at which nothing happened none."""
    home, drawn = begun(), list[str]()
    rows(home, NOW_MS)

    def noted(household: Household, ledger: Ledger, person: Person, *of: Any) -> Standing:  # noqa: ANN401 - as it is called
        drawn.append(person.id)
        return standing(household, ledger, person, *of)

    monkeypatch.setattr(board, "standing", noted)
    rows(home, NOW_MS + 1)
    assert drawn == []
    home.fold(lid(BOXES["malsoon"], 9, NOW_MS + 2))
    rows(home, NOW_MS + 2)
    assert drawn == ["malsoon"]


def test_a_clock_that_is_set_back_draws_everybody_anew() -> None:
    """A row that holds until an instant says nothing of the time before it was drawn."""
    home = begun()
    home.fold(down("soonja", NOW_MS))
    assert rows(home, NOW_MS + 20 * MIN_MS)[0].name == "김순자"
    assert rows(home, NOW_MS)[0].name == "박정호"


def test_the_most_urgent_is_first_and_a_call_before_a_silence() -> None:
    """HELP of a minute ago stands before a silence of two days, and both before what is unknown."""
    home = begun()
    later_ms = NOW_MS + 40 * HOUR_MS
    home.fold(lid(BOXES["malsoon"], 3, later_ms - HOUR_MS))
    settle(home, later_ms)
    pressed = {"device_id": BOXES["malsoon"], "slot_day": None, "slot_index": None}
    home.fold(record(4, wire.HELP_PRESSED, later_ms, **pressed))
    settle(home, later_ms)
    assert [row.name for row in rows(home, later_ms)] == ["이말순", "김순자", "박정호"]
