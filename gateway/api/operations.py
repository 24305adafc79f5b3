"""The one table of the API: name, address, scope, what may be asked, what is answered, by what.

Knows: every operation. May not know: HTTP, Flask, who may come in (the page's table of permissions
has a row for each, with the same scope).
"""

from __future__ import annotations

from collections.abc import Mapping

from gateway.api import calling, histories, people, plans, told
from gateway.api.operation import (
    AFTER,
    AS_OF,
    BEFORE_MS,
    GONE,
    PERIOD,
    WRONG,
    Needs,
    Operation,
    Parameter,
    limit,
    page_of,
)
from gateway.api.operations_care import CARE
from gateway.api.schema import ID, INSTANT, NUMBER_ID, choice, many, ref, shape
from gateway.incidents.by_page import MEANINGS
from gateway.incidents.table import State

# What a token may be used for. Each is given by itself: a wall display needs no drug names.
SCOPES: Mapping[str, str] = {
    "read:people": "persons, their doses, devices, signs of life and figures, without drug names",
    "read:medicines": "prescriptions, plan, refill, stock: drug names",
    "read:incidents": "incidents, who was told and who was not",
    "read:texts": "the texts that went out and came in",
    "read:contacts": "who is told about a person, with telephone numbers",
    "read:home": "the home, faults of its gateway, the alarm budget; no names",
    "read:metrics": "counters for Prometheus; no names",
    "write:acknowledgement": "answer an incident: going, there, well, false alarm",
    "read:calendar": "the calendar of doses of one person; no drug names",
    "read:cases": "how urgent everybody is, the officer's notes, closings and visits",
    "read:coverage": "who is covered by which net, households of surveys; with addresses",
    "read:installation": "check lists, signed records, the health of the gateway and its radio",
    "read:access": "who may sign in, and who looked at whom",
}


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "home", "/home", "read:home", "The home, and which parts do not work",
        ref("Home"), told.home, Needs.VERSION,
    ),
    Operation(
        "alarms", "/alarms", "read:home", "The alarm budget of the last 30 days",
        shape("Alarms", **AS_OF, alarms=ref("Alarms")), told.alarms,
    ),
    Operation(
        "people", "/people", "read:people", "Everybody who may be seen, in the roster's order",
        page_of("People", "people", "PersonLine", ID), people.people, Needs.PAGE,
        (limit(200), AFTER), also={**WRONG, **GONE},
    ),
    Operation(
        "devices", "/devices", "read:people", "The devices of everybody who may be seen",
        page_of("Devices", "devices", "Device", ID), people.devices, Needs.PAGE,
        (limit(200), AFTER), also={**WRONG, **GONE},
    ),
    Operation(
        "person", "/people/{person_id}", "read:people", "One person now: doses, devices, life",
        shape("A person", **AS_OF, person=ref("Person")), people.person, Needs.PICTURE, also=GONE,
    ),
    Operation(
        "doses", "/people/{person_id}/doses", "read:people",
        "What became of every dose of a period, openings, corrections",
        ref("Doses"), histories.doses, query=PERIOD, also={**WRONG, **GONE},
    ),
    Operation(
        "adherence", "/people/{person_id}/adherence", "read:medicines",
        "Every figure of a period, raw and cleaned, with its definition",
        ref("Adherence"), histories.adherence, query=PERIOD, also={**WRONG, **GONE},
    ),
    Operation(
        "medications", "/people/{person_id}/medications", "read:medicines",
        "What was prescribed, the meal clock, what is left",
        ref("Medications"), plans.medications, also=GONE,
    ),
    Operation(
        "plan", "/people/{person_id}/plan", "read:medicines",
        "What the next confirmation would change", ref("Plan"), plans.plan, also=GONE,
    ),
    Operation(
        "refill", "/people/{person_id}/refill", "read:medicines",
        "Which pouch goes into which compartment", ref("Refill"), plans.refill, also=GONE,
    ),
    Operation(
        "contacts", "/people/{person_id}/contacts", "read:contacts",
        "Who is told, in the order of the ladder",
        ref("Ladder"), told.contacts, also=GONE,
    ),
    Operation(
        "orders", "/people/{person_id}/orders", "read:people",
        "What her devices were to do, the newest 50",
        shape("Orders", **AS_OF, orders=many(ref("Order"))), people.orders, Needs.PICTURE,
        also=GONE,
    ),
    Operation(
        "happenings", "/people/{person_id}/happenings", "read:people",
        "What her devices told besides doses, the newest 100",
        shape("Happenings", **AS_OF, happenings=many(ref("Happening"))), people.happenings,
        Needs.PICTURE, also=GONE,
    ),
    Operation(
        "calls", "/people/{person_id}/calls", "read:people",
        "The calls that ask her: plans, the next, and what each came to, the newest first",
        ref("Calls"), calling.calls, query=(limit(100),), also={**WRONG, **GONE},
    ),
    Operation(
        "incidents", "/incidents", "read:incidents", "Incidents, the newest first",
        page_of("Incidents", "incidents", "Incident", NUMBER_ID), told.incidents,
        query=(
            limit(200),
            Parameter("before", NUMBER_ID, "Those before this one: `next` of the answer before"),
            Parameter("state", choice(told.LIVE, *State), "live: every state but resolved"),
            Parameter("person_id", ID, "Of this person alone"),
        ),
        also=WRONG,
    ),
    Operation(
        "incident", "/incidents/{number}", "read:incidents", "One incident, however old",
        shape("An incident", **AS_OF, incident=ref("Incident")), told.incident, also=GONE,
    ),
    Operation(
        "acknowledge", "/incidents/{number}/acknowledgement", "write:acknowledgement",
        "Say what the button on the page says; committed when answered",
        shape("How it stands now", **AS_OF, incident=ref("Incident")), told.incident,
        method="post",
        body=shape("The word", word=choice(*MEANINGS)),
        also={
            **WRONG,
            **GONE,
            409: "Somebody has it already, or it is over",
            413: "The body is longer than a word needs",
            415: "The body is not JSON",
            503: "Nothing can be written down just now; ask again",
        },
    ),
    Operation(
        "texts", "/texts", "read:texts", "Texts out and in, the newest first",
        page_of("Texts", "texts", "Text", INSTANT), told.texts,
        query=(
            limit(200),
            Parameter("before_ms", BEFORE_MS, "Decided before: `next`"),
            Parameter("person_id", ID, "About this person alone"),
        ),
        also=WRONG,
    ),
    *CARE,
)  # fmt: skip
