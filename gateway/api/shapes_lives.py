"""The shapes of persons, doses, devices and signs of life: what each field says.

Knows: JSON Schema in short. May not know: how a shape is filled (people.py).

A belief is never a bare value: beside it stand why it is believed, since when it is so, until when
all that the device recorded is known, and whether it can be taken for now.
"""

from __future__ import annotations

from gateway.adherence.outcomes import How
from gateway.adherence.outcomes import State as DoseState
from gateway.api.schema import (
    COUNT,
    DAY,
    FLAG,
    ID,
    INSTANT,
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
)
from gateway.calling import CALLS, OUTCOMES
from gateway.calls.sentences import LANGUAGES
from gateway.roster import CAREPLUG, COMPARTMENTS, LEVELS, PILLBOX, WEEKDAYS

COMPARTMENT: Json = {"type": "integer", "minimum": 0, "maximum": COMPARTMENTS - 1}


def belief(description: str, value: Json) -> Json:
    """Something believed of a device or a dose."""
    return shape(
        description,
        value=value,
        reason=says(TEXT, 'why it is believed, a code; "" where nothing has to be said'),
        since_ms=maybe(says(INSTANT, "since when it is so")),
        known_ms=maybe(says(INSTANT, "until when all that was recorded about it is known here")),
        fresh=says(FLAG, "whether it can be taken for now; false: it may be otherwise by now"),
    )


LIVES: dict[str, Json] = {
    "Dose": shape(
        "A dose of yesterday, today or tomorrow: its window and what became of it",
        id=ID,
        label=says(TEXT, "morning, noon, evening, bedtime, as_needed or a house's own"),
        compartment=COMPARTMENT,
        due_ms=INSTANT,
        opens_ms=INSTANT,
        closes_ms=INSTANT,
        ends_ms=says(INSTANT, "a late dose is offered until then"),
        from_ms=maybe(says(INSTANT, "not before, where the box put it off")),
        how=maybe(choice(*How, description="of taken")),
        state=belief("What became of it", choice(*DoseState)),
    ),
    "Device": shape(
        "A device and how it is heard",
        id=ID,
        person_id=ID,
        kind=choice(PILLBOX, CAREPLUG),
        room=TEXT,
        link=belief("Whether it is linked", choice("up", "resting", "down")),
        unseen=says(FLAG, "it is later than it said it would be"),
        late_ms=maybe(INSTANT),
        rests_until_ms=maybe(INSTANT),
        clock=choice("unknown", "drifting", "synced", description="how far its time is trusted"),
        battery=belief("Its cell, in percent", maybe(COUNT)),
        schedule=shape(
            "Which schedule was made for it, and which it runs",
            made_version=maybe(COUNT),
            made_ms=maybe(INSTANT),
            box_version=maybe(COUNT),
            read_ms=maybe(says(INSTANT, "when the newest was read back; null: not yet")),
            stale=says(FLAG, "not read back for more than a day"),
        ),
    ),
    "Life": shape(
        "The last sign of life, its evidence, and when a silence is told",
        level=maybe(choice(*LEVELS)),
        last=maybe(
            shape(
                "The last sign",
                source=TEXT,
                device_id=ID,
                kind=maybe(TEXT),
                room=TEXT,
                at_ms=INSTANT,
                time=says(TEXT, "how far its time is trusted"),
            )
        ),
        since_ms=maybe(INSTANT),
        cap_ms=maybe(says(INSTANT, "by her level somebody looks at the latest then")),
        asked_ms=maybe(says(INSTANT, "her own box asks her then")),
        told_ms=maybe(says(INSTANT, "somebody is told then")),
        why=maybe(TEXT),
        usual_ms=maybe(says(WHOLE, "how long such a silence usually is, in ms")),
        light_ms=maybe(says(INSTANT, "a light has been on since")),
        away_until_ms=maybe(INSTANT),
        frozen=says(FLAG, "nothing can be seen, so the clock stands still"),
        sources=many(
            shape(
                "A device that could tell of life, and whether it can be seen",
                device_id=ID,
                kind=TEXT,
                room=TEXT,
                state=choice("never", "stale", "faulty", "periodic", "syncing", "fresh", "resting"),
                seen_ms=maybe(INSTANT),
            )
        ),
        drift=says({"type": "object"}, "how her days changed over weeks; empty: nothing to say"),
    ),
    "Stock": shape(
        "What is left of a medicine",
        medication_id=ID,
        name=TEXT,
        days_left=maybe(COUNT),
        runs_out_on=maybe(DAY),
        fetch_by=maybe(DAY),
    ),
    "PersonLine": shape(
        "A person in a list",
        person_id=ID,
        name=TEXT,
        fresh=says(FLAG, "all her devices can be taken for now"),
        known_ms=maybe(says(INSTANT, "until when all her devices' records are known")),
        last_sign_ms=maybe(INSTANT),
        incidents=says(many(NUMBER_ID), "open ones"),
        unknown=says(COUNT, "doses of these days of which nobody knows"),
        paused_until_ms=maybe(INSTANT),
        changes_waiting=COUNT,
    ),
    "Person": shape(
        "A person now: what the first page shows of her, without medicines",
        person_id=ID,
        name=TEXT,
        fresh=FLAG,
        known_ms=maybe(INSTANT),
        doses=many(ref("Dose")),
        devices=many(ref("Device")),
        life=ref("Life"),
        pause=maybe(shape("Nobody is told of doses", until_ms=INSTANT, by=TEXT, why=TEXT)),
        plan=shape(
            "From what her box is planned",
            source=choice("file", "confirmed"),
            confirmed_ms=maybe(INSTANT),
            confirmed_by=maybe(TEXT),
            changes_waiting=COUNT,
        ),
    ),
    "Calls": shape(
        "The calls that ask a person; no telephone number",
        person_id=ID,
        name=TEXT,
        as_of_ms=INSTANT,
        next_ms=maybe(says(INSTANT, "when she is called next, as far as that is known")),
        plans=many(
            shape(
                "One call as it is planned, at most one of each",
                call=choice(*CALLS),
                weekdays=many(choice(*WEEKDAYS)),
                **{"from": says(TEXT, "local, HH:MM")},
                until=TEXT,
                language=choice(*LANGUAGES),
            )
        ),
        recorded=says(FLAG, "whether she consented to be recorded"),
        calls=many(
            shape(
                "One call that was made",
                id=NUMBER_ID,
                call=choice(*CALLS),
                day=DAY,
                attempt=says(COUNT, "from 1; what our own fault ended uses up none"),
                begun_ms=INSTANT,
                ended_ms=maybe(INSTANT),
                outcome=maybe(choice(*OUTCOMES, description="null: it is under way")),
                why=TEXT,
                answers=many(
                    shape(
                        "What she answered",
                        question=TEXT,
                        answer=TEXT,
                        digit=says(TEXT, '"" where no key was pressed'),
                        at_ms=INSTANT,
                    )
                ),
            )
        ),
    ),
}
