"""The doses of one person as entries of a calendar: when and which, never what.

Knows: what is planned. May not know: iCalendar, words; the time is an argument.

A calendar is shown to whoever looks at the phone beside one's own: no name, no drug, and the key of
an entry is a digest, because a slot's id says whose it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from gateway.home import Home
from gateway.units import DAY_MS

PAST_DAYS = 7
AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One dose: may be taken from `begin_ms`, is due at `due_ms`, in time until `end_ms`."""

    key: str
    label: str
    begin_ms: int
    due_ms: int
    end_ms: int
    made_ms: int  # when this was planned


def entries(home: Home, person_id: str, now_ms: int) -> tuple[Entry, ...]:
    """What is planned for her, from a week ago until as far as her box's schedule reaches."""
    household = home.household
    roster = household.roster
    box = roster.box_of(person_id) if roster is not None else None
    if roster is None or box is None:
        return ()
    made = household.made.get(box.id)
    made_ms = made.at_ms if made is not None else 0
    begins_ms, ends_ms = now_ms - PAST_DAYS * DAY_MS, now_ms + AHEAD_DAYS * DAY_MS
    hers = household.closing(begins_ms, ends_ms, person_id)
    return tuple(
        Entry(
            key=hashlib.sha256(f"{roster.home_id}/{p.slot}".encode()).hexdigest()[:32],
            label=p.label,
            begin_ms=p.opens_ms,
            due_ms=p.due_ms,
            end_ms=p.closes_ms,
            made_ms=made_ms,
        )
        for p in sorted(hers, key=lambda p: (p.due_ms, p.label))
    )
