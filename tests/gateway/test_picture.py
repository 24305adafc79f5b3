"""The picture holds what the page needs, in JSON, and agrees with what is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from anbu_wire import messages as wire
from gateway.beliefs import UNSEEN_MS
from gateway.events import (
    LinkDown,
    LinkUp,
    StockReckoned,
    TellingPaused,
    TextDelivered,
    TextReceived,
    TextSubmitted,
)
from gateway.home import Home
from gateway.picture import picture
from gateway.picture_incidents import incident_alone
from gateway.prescription.schedule import make_schedule
from tests.gateway.entered_facts import BY, confirm_all, enter, prescribed
from tests.gateway.home_facts import BOX, DAUGHTER, EVENING, at, begun, caught_up, record, settle
from tests.gateway.prescription.any_medication import once_a_day


def told() -> Home:
    """A home whose daughter was told and answered."""
    home = begun(at("12:00"))
    home.fold(LinkUp(at("18:00"), BOX))
    home.fold(caught_up(at("18:00:05")))
    home.fold(record(1, wire.SLOT_LATE, at("19:00")))
    settle(home, at("19:00"))
    home.fold(TextSubmitted(at("19:00:02"), 1, (1,), at("19:00:01"), marked_repeat=False))
    home.fold(TextDelivered(at("19:00:05"), 1))
    answer = TextReceived(at("19:03"), DAUGHTER, "1", "k")
    for fact in [answer, *home.answer(answer, at("19:03"))]:
        home.fold(fact)
    return home


def test_picture_of_an_evening() -> None:
    """Slots, box, incident with its history and both directions of texts are there."""
    home = told()
    drawn = picture(home.household, home.ledger, at("19:05"))
    assert json.loads(json.dumps(drawn)) == drawn
    person = drawn["persons"][0]
    slot = next(s for s in person["slots"] if s["id"] == str(EVENING))
    assert (slot["state"], slot["state_text"]) == ("late", "제때 열리지 않음")
    box = person["devices"][0]
    assert (box["link"], box["quality"], box["battery_percent"]) == ("up", "synced", 90)
    assert box["schedule_version_box"] == box["schedule_version_made"] == 1
    incident = drawn["incidents"][0]
    assert (incident["state"], incident["acked_by"]) == ("acked", "daughter")
    assert incident["slot_id"] == str(EVENING)
    assert [h["what"] for h in incident["history"]] == ["opened", "told", "acknowledged", "told"]
    assert [t["direction"] for t in drawn["texts"]] == ["out", "in", "out"]
    first = drawn["texts"][-1]
    assert (first["state"], first["submitted_ms"]) == ("delivered", at("19:00:01"))
    assert (first["guardian"], first["guardian_name"]) == ("daughter", "이지은")
    assert (first["route"], first["reason"], first["passed"]) == ("modem", "first_step", "")
    daughter, neighbour = incident["roll"]
    assert (daughter["told"], daughter["delivery"], daughter["delivered_ms"]) == (
        True,
        "delivered",
        at("19:00:05"),
    )
    assert (neighbour["told"], neighbour["reason"]) == (False, "taken_on")
    assert neighbour["next_ms"] == incident["acked_until_ms"]


def test_yesterday_today_and_tomorrow_are_shown() -> None:
    """Three days of slots, in the order they are due."""
    home = begun(at("12:00"))
    drawn = picture(home.household, home.ledger, at("12:00", "2026-03-04"))
    days = [s["id"].split("/")[1] for s in drawn["persons"][0]["slots"]]
    assert days == ["2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_fresher_word_of_the_radio_counts() -> None:
    """What the log does not keep each time is still shown as fresh."""
    home = told()
    fresh = {BOX: (at("19:04"), at("19:04"))}
    box = picture(home.household, home.ledger, at("19:05"), fresh)["persons"][0]["devices"][0]
    assert (box["heard_ms"], box["caught_up_ms"]) == (at("19:04"), at("19:04"))


def test_every_decision_has_a_reason() -> None:
    """No line of any history and no text that went out is without a reason."""
    home = told()
    drawn = picture(home.household, home.ledger, at("19:05"))
    assert all(h["reason"] for i in drawn["incidents"] for h in i["history"])
    assert all(t["why"] for t in drawn["texts"] if t["direction"] == "out")


def test_no_picture_without_a_roster() -> None:
    """Asked too early it says whose fault that is."""
    with pytest.raises(ValueError, match="no roster"):
        picture(Home().household, Home().ledger, at("12:00"))


def test_the_plan_and_what_waits_are_shown() -> None:
    """From the file, then waiting, then confirmed by whom; what is left, what runs out first."""
    home = begun(at("12:00"))

    def drawn() -> dict[str, Any]:
        shown = picture(home.household, home.ledger, at("12:10"))
        assert json.loads(json.dumps(shown)) == shown
        return shown["persons"][0]  # type: ignore[no-any-return]

    assert (drawn()["planned_from"], drawn()["changes_waiting"]) == ("file", 0)
    enter(home, prescribed(once_a_day(), once_a_day("b")), at("12:05"))
    assert (drawn()["planned_from"], drawn()["changes_waiting"]) == ("file", 2)
    confirm_all(home, at("12:06"))
    for n, day in enumerate(["2026-03-20", "2026-03-10"]):
        home.fold(StockReckoned(at("12:07"), "soonja", f"1/{n}", "8", "8", 8, day, None))
    shown = drawn()
    assert (shown["planned_from"], shown["changes_waiting"]) == ("confirmed", 0)
    assert (shown["confirmed_by"], shown["confirmed_ms"]) == (BY, at("12:06"))
    assert [(s["name"], s["runs_out_on"]) for s in shown["stocks"]] == [
        ("b", "2026-03-10"),
        ("암로디핀", "2026-03-20"),
    ]
    home.fold(StockReckoned(at("12:08"), "soonja", "1/1", "0", "0", None, None, None))
    assert [s["medication_id"] for s in drawn()["stocks"]] == ["1/0"]


def test_a_schedule_is_read_back_or_stale() -> None:
    """When it was made, when the box read it back, and whether it waits for more than a day."""
    home = begun(at("12:00"))

    def box(now_ms: int) -> tuple[int | None, int | None, bool]:
        device = picture(home.household, home.ledger, now_ms)["persons"][0]["devices"][0]
        return device["schedule_made_ms"], device["schedule_read_ms"], device["schedule_stale"]

    assert box(at("13:00")) == (at("12:00"), at("12:00"), False)
    later = at("13:00", "2026-03-03")
    made = make_schedule(home.household, BOX, later)
    assert made is not None
    home.fold(made)
    assert box(later) == (later, None, False)
    assert box(later + 86_400_000) == (later, None, True)


def test_one_incident_alone() -> None:
    """Its own line and its own texts, newest first, whatever else there is; None: no such one."""
    home = told()
    alone = incident_alone(home.household, home.ledger, 1, at("19:05"))
    whole = picture(home.household, home.ledger, at("19:05"))
    assert alone is not None
    assert json.loads(json.dumps(alone)) == alone
    assert alone["incidents"] == whole["incidents"]
    assert alone["texts"] == [t for t in whole["texts"] if t["direction"] == "out"]
    assert incident_alone(home.household, home.ledger, 2, at("19:05")) is None
    assert incident_alone(Home().household, Home().ledger, 1, at("19:05")) is None


def test_a_device_that_is_late_is_unseen() -> None:
    """Only a while after it should have been heard; since when is told at once."""
    home = told()
    home.fold(LinkDown(at("19:10"), BOX, "lost"))

    def late(now_ms: int) -> tuple[bool, int | None]:
        device = picture(home.household, home.ledger, now_ms)["persons"][0]["devices"][0]
        return device["unseen"], device["late_ms"]

    assert late(at("19:10") + UNSEEN_MS - 1) == (False, at("19:10"))
    assert late(at("19:10") + UNSEEN_MS) == (True, at("19:10"))
    home.fold(LinkUp(at("20:00"), BOX))
    assert late(at("20:00")) == (False, None)


def test_a_pause_is_shown_while_it_holds() -> None:
    """Until when, by whom and why; after its end nothing of it."""
    home = told()
    home.fold(TellingPaused(at("19:06"), "soonja", at("20:00"), BY, "딸네 집"))

    def paused(now_ms: int) -> tuple[int | None, str | None, str | None]:
        person = picture(home.household, home.ledger, now_ms)["persons"][0]
        return person["paused_until_ms"], person["paused_by"], person["paused_why"]

    assert paused(at("19:59")) == (at("20:00"), BY, "딸네 집")
    assert paused(at("20:00")) == (None, None, None)


def test_the_alarm_budget_is_shown() -> None:
    """What was told and is not over, and whether the promise is kept."""
    home = told()
    alarms = picture(home.household, home.ledger, at("19:05"))["alarms"]
    counts = {"days": 30, "told": 1, "false": 0, "needed": 1, "live": 1}
    assert alarms == {**counts, "needed_share": 1.0, "within_budget": True}
