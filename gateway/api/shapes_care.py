"""The shapes of the officer's and the technician's lists: urgency, cases, check lists, records.

Knows: JSON Schema in short. May not know: how a shape is filled (urgency.py, bench.py).
"""

from __future__ import annotations

from gateway.access import Role
from gateway.api.schema import (
    COUNT,
    DAY,
    FLAG,
    ID,
    INSTANT,
    NUMBER,
    NUMBER_ID,
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
from gateway.installation import State
from gateway.officer.casework import WHYS
from gateway.officer.standing import Level
from gateway.roster import CAREPLUG, PILLBOX
from gateway.visiting.rota import ROLES
from gateway.visiting.visits import DELIVERIES, VISITS

BECAUSE = shape(
    "One cause",
    level=choice(*Level),
    code=says(TEXT, "a worry, or cannot_see_her, not_installed, device_silent, battery_low …"),
    at_ms=maybe(says(INSTANT, "since when")),
    incident_id=maybe(NUMBER_ID),
    label=maybe(says(TEXT, "of the day, where it is about a dose")),
    who=maybe(says(TEXT, "who has it")),
    until_ms=maybe(INSTANT),
    device_id=maybe(ID),
    percent=maybe(COUNT),
)

OFFICERS: dict[str, Json] = {
    "Standing": shape(
        "How a person stands: how urgent, because of what; who is not seen is never fine",
        person_id=ID,
        name=TEXT,
        level=choice(*Level, description="the most urgent first"),
        because=many(BECAUSE),
        last_sign=maybe(shape("The last sign of life", source=TEXT, device_id=TEXT, at_ms=INSTANT)),
        since_ms=maybe(says(INSTANT, "from when her silence counts")),
        sees=says(FLAG, "a device of hers tells what happens now"),
        unknown=says(FLAG, "nobody can say how she is"),
        stale_ms=maybe(says(INSTANT, "since when the longest silent device was not heard")),
        opened_ms=maybe(says(INSTANT, "when the oldest of her open incidents began")),
        away_until_ms=maybe(INSTANT),
        paused_until_ms=maybe(INSTANT),
        watched=says(FLAG, "somebody is told of her silence"),
    ),
    "Standings": shape(
        "A page of everybody by urgency",
        as_of_ms=INSTANT,
        standings=many(ref("Standing")),
        found=COUNT,
        page=says(COUNT, "the nearest there is to the one that was asked for"),
        pages=COUNT,
        counts=says(table(COUNT), "how many each filter would show"),
        levels=says(table(COUNT), "how many stand at each level"),
        home_incidents=says(many(NUMBER_ID), "open ones of the home as a whole"),
    ),
    "CaseEntry": shape(
        "A line of the officer's book: a note, or that an incident was closed",
        at_ms=INSTANT,
        by=TEXT,
        text=TEXT,
        incident_id=maybe(NUMBER_ID),
        why=maybe(choice(*WHYS)),
    ),
    "Case": shape(
        "What an officer decides by: how she stands, the book about her, planned visits",
        as_of_ms=INSTANT,
        person_id=ID,
        name=TEXT,
        standing=ref("Standing"),
        entries=many(ref("CaseEntry")),
        next=maybe(says(INSTANT, "where the next page of the book begins; null: the last")),
        visit_days=says(many(DAY), "planned, from today on"),
    ),
    "Visit": shape(
        "Somebody to be visited",
        person_id=ID,
        planned_by=maybe(says(TEXT, "who wrote the day down; null: nobody did")),
        expected=says(
            many(shape("Somebody who is to look in", who=TEXT, role=choice(*ROLES))),
            "that day, by the rota or by a day that was written down",
        ),
        found=says(
            many(
                shape(
                    "What somebody found at her door",
                    at_ms=INSTANT,
                    outcome=choice(*VISITS, *DELIVERIES),
                )
            ),
            "that day",
        ),
        standing=ref("Standing"),
        contacts=says(many(TEXT), "names; numbers are with the contacts"),
        newest=maybe(ref("CaseEntry")),
    ),
    "Month": shape(
        "The month's report; what each section counts is said on /people/month",
        as_of_ms=INSTANT,
        month=says(TEXT, "ISO: 2026-10"),
        over=says(FLAG, "whether the month had ended"),
        sections=many(
            shape(
                "Lines under the same heads",
                key=TEXT,
                columns=many(TEXT),
                lines=many(
                    shape(
                        "One line, with a value for each column",
                        code=TEXT,
                        values=says(
                            many(maybe(NUMBER)),
                            "counts, shares in percent, minutes; null: nothing to count",
                        ),
                    )
                ),
            )
        ),
    ),
    "Yield": shape(
        "How right the alarms of everybody were: in all, by kind, and whose were wrong most",
        as_of_ms=INSTANT,
        persons=COUNT,
        every=ref("Alarms"),
        by_worry=table(ref("Alarms")),
        noisy=many(
            shape(
                "More false alarms than the budget", person_id=ID, name=TEXT, alarms=ref("Alarms")
            )
        ),
        false_a_person=maybe(says(NUMBER, "in 30 days, as the budget counts")),
        within_budget=FLAG,
    ),
}

CHECK = shape(
    "One check of the list; of: which device or guardian, or empty",
    code=TEXT,
    state=choice(*State),
    of=TEXT,
    value=maybe(says(WHOLE, "dBm or MiB")),
)

TECHNICIANS: dict[str, Json] = {
    "InstallationLine": shape(
        "A person in the technician's list",
        person_id=ID,
        name=TEXT,
        left=says(COUNT, "checks that are not good yet"),
        signed_ms=maybe(says(INSTANT, "when a record was signed last")),
    ),
    "Installation": shape(
        "The check list of a person now",
        as_of_ms=INSTANT,
        person_id=ID,
        name=TEXT,
        checks=many(CHECK),
        left=COUNT,
        signals=many(
            shape("How strongly a device was heard last", device_id=ID, dbm=WHOLE, heard_ms=INSTANT)
        ),
    ),
    "InstallationRecord": shape(
        "How an installation was left, as it was signed",
        digest=ID,
        at_ms=INSTANT,
        by=TEXT,
        record=shape(
            "What was signed",
            home_id=TEXT,
            person=TEXT,
            at_ms=INSTANT,
            devices=many(shape("A device", id=ID, kind=choice(PILLBOX, CAREPLUG), room=TEXT)),
            told=says(many(many(TEXT)), "names, by steps of the ladder"),
            checks=many(CHECK),
            said=says(many(TEXT), "what a person saw and ticked"),
            remark=TEXT,
        ),
    ),
    "Gateway": shape(
        "The gateway's own health, keys without a place, updates",
        as_of_ms=INSTANT,
        parts=many(
            shape("A part", part=TEXT, state=choice(*State), since_ms=maybe(INSTANT), why=TEXT)
        ),
        disk_free_bytes=maybe(COUNT),
        disk_bytes=COUNT,
        clock_right=maybe(says(FLAG, "null: nobody can say")),
        modem=maybe(
            shape("The modem", registered=FLAG, operator=maybe(TEXT), signal_dbm=maybe(WHOLE))
        ),
        waiting=many(shape("A device whose key is here and that has no place", id=ID, kind=TEXT)),
        images=many(
            shape(
                "An update that lies here", crc=COUNT, board=TEXT, version=COUNT, size_bytes=COUNT
            )
        ),
        updates=many(
            shape(
                "An update under way",
                order_id=NUMBER_ID,
                device_id=ID,
                there_bytes=COUNT,
                size_bytes=COUNT,
                waits=says(TEXT, "why it does not go on; empty: it does"),
            )
        ),
    ),
}

ACCESS: dict[str, Json] = {
    "Looked": shape(
        "Somebody looked at a person's page, or changed something there; a row an hour",
        at_ms=says(INSTANT, "the last time of its hour"),
        account_id=ID,
        name=TEXT,
        page=TEXT,
        changed=FLAG,
    ),
    "Account": shape(
        "Somebody who may sign in; of her roles those that may be given by whoever asks",
        id=ID,
        name=TEXT,
        grants=many(
            shape("A role", role=choice(*Role), person_id=says(maybe(ID), "null: everybody"))
        ),
    ),
}

CARED: dict[str, Json] = {**OFFICERS, **TECHNICIANS, **ACCESS}
