"""Facts are read back from the log as they were written, those of older gateways too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.events import (
    KINDS,
    Content,
    DoseCorrected,
    Event,
    MealClockSet,
    MedicationStopped,
    ModemSeen,
    NotMonitored,
    PlanConfirmed,
    PlannedRule,
    PlannedSlot,
    PrescriptionEntered,
    ScheduleMade,
    SlotId,
    StockReckoned,
    from_json,
    to_json,
)
from gateway.prescription import stored
from tests.gateway.entered_facts import EVENINGS
from tests.gateway.home_facts import EVENING

BODY = stored.to_json(EVENINGS)
SLOT = PlannedSlot(
    EVENING, "evening", 2, 20, 10, 30, 40, "normal", contents=(Content("1/0", "1/2"),)
)
NEW = [
    PrescriptionEntered(1, "soonja", 1, (BODY, BODY), "form", "딸"),
    MedicationStopped(1, "soonja", "1/0", "2026-03-02", "딸", "의사"),
    MealClockSet(1, "soonja", {"breakfast": "07:30"}, "딸"),
    PlanConfirmed(1, "soonja", {"1/0": BODY}, {"breakfast": "07:30"}, "d", "딸"),
    DoseCorrected(1, EVENING, 2, "딸", "빈 봉지"),
    NotMonitored(1, "soonja", "2026-03-02", "2026-03-04", "hospital", "딸"),
    StockReckoned(1, "soonja", "1/0", "13/2", "7", 6, "2026-03-08", "2026-03-06"),
    StockReckoned(1, "soonja", "1/0", "0", "0", None, None, None),
    ModemSeen(1, registered=True, operator=None, signal_dbm=-71),
    ScheduleMade(1, "AB-000001", 1, 2, (SLOT,), (PlannedRule(SLOT, 1),)),
]


def through_the_log(event: Event) -> Event:
    """Written as JSON text, and read."""
    return from_json(event.kind, json.loads(json.dumps(to_json(event))))


@pytest.mark.parametrize("event", NEW, ids=lambda e: e.kind)
def test_what_people_say_survives_the_log(event: Event) -> None:
    """Nested slots, contents, medications and empty values come back equal."""
    assert through_the_log(event) == event


def test_every_kind_is_known() -> None:
    """Facts in files of their own are read like all others."""
    assert {e.kind for e in NEW} <= KINDS.keys()
    with pytest.raises(KeyError):
        from_json("rumour", {})


def test_a_schedule_of_an_older_gateway_is_read() -> None:
    """Without contents, rules, zone and spacing: as it was meant then."""
    old: dict[str, Any] = {
        "slot": {"person_id": "soonja", "day": "2026-03-02", "index": 2},
        "label": "evening",
        "compartment": 2,
        "due_ms": 20,
        "opens_ms": 10,
        "closes_ms": 30,
        "ends_ms": 40,
        "criticality": "normal",
    }
    body = {"at_ms": 1, "device_id": "AB-000001", "version": 1, "crc": 2, "slots": [old]}
    read = from_json("schedule_made", body)
    assert isinstance(read, ScheduleMade)
    assert read.slots == (PlannedSlot(SlotId("soonja", "2026-03-02", 2), *list(old.values())[1:]),)
    assert (read.slots[0].contents, read.rules, read.zone) == ((), (), (0, 0, 0))
