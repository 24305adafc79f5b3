"""The picture: all that a page shows, as plain JSON-able values.

Knows: how beliefs, incidents and texts are laid out for reading.
May not know: a browser, a clock, a database; it decides nothing.

    {"now_ms", "home_id", "time_zone", "language",
     "persons": [{"id", "name",
        "slots": [{"id": "p/2026-03-02/2", "label": "evening", "label_text": "저녁",
                   "compartment", "due_ms", "opens_ms", "closes_ms", "ends_ms",
                   "state": "waiting|open|due|late|taken|missed|skipped|doubtful|unknown",
                   "how": "early|on_time|late|by_word" | None,   # of "taken"
                   "reason": Reason of adherence/outcomes.py, "state_text": "열리지 않음",
                   "since_ms", "from_ms",            # not before, where the box put it off
                   "words": ["taken", "not_taken"]}],  # by which word it may be closed
                                                     # yesterday's, today's and tomorrow's, by due
        "devices": [{"id", "kind", "link": "up|resting|down", "link_why", "link_since_ms",
                     "rests_until_ms", "heard_ms", "caught_up_ms",
                     "unseen": later than it said, "late_ms": since when it should be heard,
                     "quality": "unknown|drifting|synced", "battery_percent",
                     "schedule_version_box", "schedule_version_made",
                     "schedule_made_ms",
                     "schedule_read_ms",               # None: the newest is not read back yet
                     "schedule_stale"}],               # for longer than a day
        "paused_until_ms", "paused_by", "paused_why",  # nobody is told of doses before that
        "planned_from": "file|confirmed", "confirmed_ms", "confirmed_by",
        "changes_waiting": entered and not confirmed,
        "stocks": [{"medication_id", "name", "days_left", "runs_out_on": ISO day,
                    "fetch_by"}]}],                    # what runs out first at first
     "incidents": [{"id", "person_id", "worry": a WorryKind, "key", "slot_id",
                    "state": "open|notifying|acked|resolved", "acked_by", "acked_until_ms",
                    "reason", "opened_ms", "due_ms", "step", "texts": [text ids],
                    "history": [{"at_ms", "what": "opened|changed|asked|told|not_told|
                                          acknowledged|resolved", "reason", "detail"}],
                    "roll": [incidents.roll.Line]}],       # newest first; person_id "": the home
     "texts": [{"id", "direction": "out|in", "incident_id", "guardian", "guardian_name",
                "number", "purpose",
                "body", "state": "pending|sending|submitted|delivered|undelivered|
                                  unreported|withdrawn|received",
                "decided_ms", "due_ms", "submitted_ms", "delivered_ms",
                "reason", "why": what became of it, else the reason,
                "route", "passed": other routes that were tried before}],  # newest first
     "orders": [{"id", "device_id", "person_id", "order": orders.Kind, "arguments",
                 "by": "page|itself", "at_ms", "answer": orders.Answer, "why", "answered_ms",
                 "reply": "answered|unanswered" | None}],          # of "ask"; newest first
     "happenings": [{"id", "device_id", "person_id", "at_ms", "code": happenings.codes(),
                     "value", "compartment"}],                        # newest first
     "alarms": incidents.budget.Alarms, "needed_share": 0 to 1 | None, "within_budget"}

Times are UTC ms; None where there is none. Texts that came in have negative ids.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from anbu_wire import messages as wire
from gateway import catalogue
from gateway.adherence import outcome
from gateway.beliefs import UNSEEN_MS, DeviceBelief
from gateway.events import PlannedSlot
from gateway.household import Household
from gateway.incidents import Ledger
from gateway.orders import Book, Kind, Order, closable
from gateway.picture_incidents import alarms_of, incident_of, pause_of, text_of
from gateway.picture_life import life_of
from gateway.picture_plan import plan_of_person, schedule_of_device
from gateway.picture_seen import Eyes
from gateway.roster import Device, Person, Roster
from gateway.units import DAY_MS
from gateway.zones import local

QUALITIES = {wire.UNKNOWN: "unknown", wire.DRIFTING: "drifting", wire.SYNCED: "synced"}
INCIDENTS_SHOWN = 200
TEXTS_SHOWN = 200
ORDERS_SHOWN = 50

Json = dict[str, Any]


def picture(
    household: Household,
    ledger: Ledger,
    now_ms: int,
    fresh: Mapping[str, tuple[int, int | None]] | None = None,
    book: Book | None = None,
    only: Collection[str] | None = None,
) -> Json:
    """The picture at `now_ms`; of `only` these persons, where it is not for somebody who sees all.

    `fresh`: device id → (heard_ms, caught_up_ms), newer than the log where a linked device only
    repeated that nothing happened.
    """
    roster = household.roster
    if roster is None:
        raise ValueError("no roster: the gateway draws only after it has stored its configuration")
    eyes = Eyes(roster, only)
    seen = (i for i, incident in ledger.incidents.items() if eyes.incident(incident.person_id))
    newest = sorted(seen, reverse=True)[:INCIDENTS_SHOWN]
    read = (text for text in ledger.texts.values() if eyes.text(ledger, text))
    texts = sorted(read, key=lambda t: (t.decided_ms, t.id), reverse=True)
    return {
        "now_ms": now_ms,
        "home_id": roster.home_id,
        "time_zone": roster.time_zone,
        "language": roster.language,
        "persons": [
            {
                **_person(household, roster, person, now_ms, fresh or {}),
                **pause_of(ledger, person.id, now_ms),
            }
            for person in roster.persons
            if eyes.person(person.id)
        ],
        "incidents": [eyes.clean(incident_of(household, ledger, i, now_ms)) for i in newest],
        "texts": [text_of(roster, text) for text in texts[:TEXTS_SHOWN]],
        "orders": _orders(household, book or Book(), eyes),
        "happenings": _happenings(household, eyes),
        "alarms": alarms_of(ledger, now_ms),
    }


def _person(
    household: Household,
    roster: Roster,
    person: Person,
    now_ms: int,
    fresh: Mapping[str, tuple[int, int | None]],
) -> Json:
    today = local(now_ms, roster.zone).date()
    days = {(today + timedelta(days=n)).isoformat() for n in (-1, 0, 1)}
    slots = [
        planned
        for planned in household.closing(now_ms - 3 * DAY_MS, now_ms + 3 * DAY_MS, person.id)
        if planned.slot.day in days
    ]
    return {
        "id": person.id,
        "name": person.name,
        "slots": [
            _slot(household, roster.language, planned, now_ms)
            for planned in sorted(slots, key=lambda s: s.due_ms)
        ],
        "devices": [
            _device(household, device, fresh, now_ms) for device in roster.devices_of(person.id)
        ],
        "life": life_of(household, person, now_ms),
        **plan_of_person(household, person.id, now_ms),
    }


def _slot(household: Household, language: str, planned: PlannedSlot, now_ms: int) -> Json:
    seen = outcome(household, planned.slot, now_ms)
    postponed_ms = household.slots[planned.slot].postponed_ms
    return {
        "id": str(planned.slot),
        "label": planned.label,
        "label_text": catalogue.label_text(language, planned.label),
        "compartment": planned.compartment,
        "due_ms": planned.due_ms,
        "opens_ms": planned.opens_ms,
        "closes_ms": planned.closes_ms,
        "ends_ms": planned.ends_ms,
        "state": str(seen.state),
        "how": str(seen.how) if seen.how else None,
        "reason": str(seen.reason),
        "state_text": catalogue.state_text(language, seen.state, seen.how),
        "since_ms": seen.since_ms,
        "from_ms": planned.due_ms + postponed_ms if postponed_ms else None,
        "words": [str(word) for word in closable(seen.state)],
    }


def _device(
    household: Household,
    device: Device,
    fresh: Mapping[str, tuple[int, int | None]],
    now_ms: int,
) -> Json:
    belief = household.devices.get(device.id, DeviceBelief())
    heard_ms, caught_up_ms = fresh.get(device.id, (0, None))
    rests = belief.rests(now_ms)
    return {
        "id": device.id,
        "kind": device.kind,
        "link": "up" if belief.link_up else "resting" if rests else "down",
        "link_why": belief.link_why,
        "link_since_ms": belief.link_ms,
        "rests_until_ms": belief.rests_until_ms if rests else None,
        "unseen": _unseen(belief, now_ms),
        "late_ms": belief.late_ms(),
        "heard_ms": max(belief.heard_ms or 0, heard_ms) or None,
        "caught_up_ms": max(belief.caught_up_ms or 0, caught_up_ms or 0) or None,
        "quality": QUALITIES.get(belief.quality, "unknown"),
        "battery_percent": belief.battery_percent,
        **schedule_of_device(household, device.id, belief, now_ms),
    }


def _unseen(belief: DeviceBelief, now_ms: int) -> bool:
    late_ms = belief.late_ms()
    return late_ms is not None and now_ms >= late_ms + UNSEEN_MS


def _person_of(household: Household, device_id: str) -> str | None:
    device = household.roster.device(device_id) if household.roster else None
    return device.person_id if device else None


def _orders(household: Household, book: Book, eyes: Eyes) -> list[Json]:
    seen = (i for i, order in book.orders.items() if eyes.device(order.device_id))
    newest = sorted(seen, reverse=True)[:ORDERS_SHOWN]
    return [_order(household, book.orders[i]) for i in newest]


def _order(household: Household, order: Order) -> Json:
    return {
        "id": order.id,
        "device_id": order.device_id,
        "person_id": _person_of(household, order.device_id),
        "order": str(order.kind),
        "arguments": dict(order.arguments),
        "by": "itself" if order.key else "page",
        "at_ms": order.at_ms,
        "answer": str(order.answer),
        "why": order.why,
        "answered_ms": order.answered_ms,
        "reply": _reply(household, order),
    }


def _reply(household: Household, order: Order) -> str | None:
    """What became of the question of an order, as the box's records tell."""
    if order.kind is not Kind.ASK:
        return None
    codes = {
        happening.code
        for identity, happening in household.happenings.seen.items()
        if identity[0] == order.device_id
        and happening.value == order.arguments["question"]
        and happening.at_ms >= order.at_ms
    }
    return next((code for code in ("answered", "unanswered") if code in codes), None)


def _happenings(household: Household, eyes: Eyes) -> list[Json]:
    found = [
        (household.when_ms(identity, h.stamp, h.at_ms), identity, h)
        for identity, h in household.happenings.seen.items()
        if eyes.device(identity[0])
    ]
    return [
        {
            "id": "-".join(str(part) for part in identity),
            "device_id": identity[0],
            "person_id": _person_of(household, identity[0]),
            "at_ms": when_ms,
            "code": happening.code,
            "value": happening.value,
            "compartment": happening.compartment,
        }
        for when_ms, identity, happening in sorted(found, key=lambda f: f[:2], reverse=True)
    ]
