"""The calendar of one person's doses, at a secret address that is a token of its own.

Knows: iCalendar by its library, Flask, the page's words. May not know: what is planned, why.

    GET /feed/SECRET.ics        404 for a secret that opens nothing any more

No name and no drug stands in it. Times carry the home's zone with its rules (VTIMEZONE), so that a
dose at half past six stays there wherever the phone is.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, abort, request
from icalendar import Calendar, Event, vDuration

from gateway.access import SIGHT, Account
from gateway.api.calendar import Entry, entries
from gateway.home import Home
from gateway.roster import SEOUL_ZONE
from gateway.web.door import by_token
from gateway.web.room import room
from gateway.web.seat import now_ms
from gateway.web.words import Words

feed = Blueprint("feed", __name__)

_log = logging.getLogger(__name__)

SCOPE = "read:calendar"
REFRESH = timedelta(hours=1)


@feed.get("/feed/<secret>.ics")
def doses(secret: str) -> Response:
    """The calendar."""
    account = by_token(secret, SCOPE)
    if account is None:
        abort(HTTPStatus.NOT_FOUND)
    persons = account.persons(SIGHT)
    if persons is None or len(persons) != 1:  # a secret address is of one person
        abort(HTTPStatus.NOT_FOUND)
    (person_id,) = persons
    found, zone = room().desk.ask(lambda home, now: _of(home, person_id, now))
    body = written(found, Words(account.language, zone))
    _noted(account, person_id)
    response = Response(body, mimetype="text/calendar")
    response.add_etag()
    response.make_conditional(request)
    return response


def written(found: tuple[Entry, ...], words: Words) -> bytes:
    """The calendar as a file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Anbu//doses//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.say("feed.name"))
    calendar.add("x-wr-timezone", words.zone.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in found:
        calendar.add_component(_event(entry, words))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry, words: Words) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@anbu")
    event.add("dtstamp", datetime.fromtimestamp(entry.made_ms / 1000, UTC))
    event.add("dtstart", words.local(entry.due_ms))
    event.add("dtend", words.local(max(entry.end_ms, entry.due_ms)))
    event.add("summary", words.say("feed.dose", label=words.code("label", entry.label)))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    event.add("class", "PRIVATE")
    return event


def _of(home: Home, person_id: str, now: int) -> tuple[tuple[Entry, ...], str]:
    roster = home.household.roster
    return entries(home, person_id, now), roster.time_zone if roster else SEOUL_ZONE


def _noted(account: Account, person_id: str) -> None:
    """For the access log: nobody sits at this address, but somebody's calendar looks."""
    ours = (account.id, account.name)
    try:
        room().vault.looks.note(ours, {person_id}, "feed.doses", now_ms(), changed=False)
    except OSError as error:  # a full disk takes nobody the calendar away
        _log.warning("not in the access log: %s at feed.doses: %s", account.id, error)
