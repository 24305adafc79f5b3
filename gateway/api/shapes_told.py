"""The shapes of incidents, texts, orders, contacts, alarms: what each field says.

Knows: JSON Schema in short. May not know: how a shape is filled (told.py, people.py).
"""

from __future__ import annotations

from gateway.api.schema import (
    CLOCK,
    COUNT,
    FLAG,
    ID,
    INSTANT,
    NUMBER_ID,
    SHARE,
    TEXT,
    WHOLE,
    Json,
    choice,
    many,
    maybe,
    ref,
    says,
    shape,
    table,
)
from gateway.api.shapes_lives import COMPARTMENT
from gateway.incidents.table import State as IncidentState
from gateway.orders import Answer, Kind
from gateway.roster import LEVELS, ROLES

TOLD: dict[str, Json] = {
    "Incident": shape(
        "Something somebody has to look after: why, who was told, who was not and why",
        id=NUMBER_ID,
        person_id=says(maybe(ID), "null: the whole home"),
        worry=TEXT,
        slot_id=maybe(ID),
        state=choice(*IncidentState),
        acked_by=maybe(TEXT),
        acked_until_ms=maybe(INSTANT),
        reason=TEXT,
        opened_ms=INSTANT,
        due_ms=INSTANT,
        step=says(WHOLE, "of the ladder, from 0; -1: nobody's turn yet"),
        texts=many(WHOLE),
        history=many(
            shape("What happened to it", at_ms=INSTANT, what=TEXT, reason=TEXT, detail=TEXT)
        ),
        roll=many(
            shape(
                "Somebody who is to be told, and why she was or was not",
                guardian_id=ID,
                name=TEXT,
                role=choice(*ROLES),
                told=FLAG,
                reason=TEXT,
                at_ms=maybe(INSTANT),
                next_ms=maybe(INSTANT),
                delivery=maybe(TEXT),
                delivered_ms=maybe(INSTANT),
            )
        ),
    ),
    "Text": shape(
        "A text, out or in; numbers are with the contacts",
        id=says(WHOLE, "negative: it came in"),
        direction=choice("out", "in"),
        incident_id=maybe(NUMBER_ID),
        guardian_id=maybe(ID),
        purpose=TEXT,
        body=TEXT,
        state=TEXT,
        reason=TEXT,
        why=says(TEXT, "what became of it, else the reason"),
        route=TEXT,
        decided_ms=INSTANT,
        due_ms=INSTANT,
        submitted_ms=maybe(INSTANT),
        delivered_ms=maybe(INSTANT),
    ),
    "Order": shape(
        "What a box was to do, and its answer",
        id=NUMBER_ID,
        device_id=ID,
        person_id=ID,
        order=choice(*Kind),
        arguments=table(WHOLE),
        by=TEXT,
        at_ms=INSTANT,
        answer=choice(*Answer),
        why=TEXT,
        answered_ms=maybe(INSTANT),
        reply=maybe(choice("answered", "unanswered")),
    ),
    "Happening": shape(
        "What a device told that is no verdict about a dose",
        id=ID,
        device_id=ID,
        person_id=ID,
        at_ms=maybe(INSTANT),
        code=TEXT,
        value=WHOLE,
        compartment=maybe(COMPARTMENT),
    ),
    "Contact": shape(
        "Somebody who is told about a person, and when it is her turn",
        id=ID,
        name=TEXT,
        number=says(TEXT, "E.164"),
        role=choice(*ROLES),
        language=TEXT,
        after_min=COUNT,
        kinds=says(many(TEXT), "groups of incidents; empty: all that her role is told"),
        weekdays=many(TEXT),
        hours=maybe(table(CLOCK)),
        quiet=maybe(table(CLOCK)),
        stopped=says(FLAG, "she wrote that she wants no texts"),
    ),
    "Ladder": shape(
        "Who is told about a person, in steps; how long she is left alone with a silence",
        as_of_ms=INSTANT,
        person_id=ID,
        name=TEXT,
        level=maybe(choice(*LEVELS)),
        cap_h=maybe(says(COUNT, "by her level somebody looks after so many hours")),
        ask_min=maybe(says(COUNT, "so long before that her own box asks her")),
        quiet=maybe(table(CLOCK)),
        ladder=many(
            shape(
                "Those told together, if nobody answers before",
                after_min=COUNT,
                guardian_ids=many(ID),
            )
        ),
        contacts=many(ref("Contact")),
    ),
    "Alarms": shape(
        "How right the alarms were, of the whole home",
        days=COUNT,
        told=COUNT,
        false=COUNT,
        needed=COUNT,
        live=COUNT,
        needed_share=maybe(SHARE),
        within_budget=FLAG,
    ),
}
