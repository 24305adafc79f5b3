"""Incidents that are over: of the office or of one person, by kind and month, a page at a time.

Knows: Flask, whom whoever asks may see, months of the home's calendar. May not know: how they are
found (gateway.incidents.older), what stands on an incident's own page.

    GET  /incidents      person, group, month ("2026-03"), after ("DAY.NUMBER")
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import islice
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER
from gateway.entries import label_of
from gateway.home import Home
from gateway.incidents import Incident
from gateway.incidents import older as past
from gateway.incidents.kinds import Group
from gateway.picture_seen import Eyes
from gateway.roster import NOBODY, Roster
from gateway.rules.worry import HOME
from gateway.units import DAY_MS, MIN_MS
from gateway.web import seat
from gateway.web.framing import render
from gateway.web.people import EVERYBODY
from gateway.web.room import room, words_for
from gateway.web.standings import case_of, name_of
from gateway.web.words import Words
from gateway.zones import instant_ms

older = Blueprint("older", __name__)

HERE = "/incidents"
GROUPS = tuple(str(g) for g in Group if g not in (Group.CRITICAL_DOSE, Group.LOW_DOSE, Group.NEWS))
MONTHS_MOST = 120
_MONTH = re.compile(r"2[0-9]{3}-(0[1-9]|1[0-2])")
_PLACE = re.compile(r"([0-9]{1,6})\.([0-9]{1,12})")
View = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; "" = not."""

    person: str
    group: str
    month: str
    after: past.Place | None


@older.get(HERE)
def show() -> ResponseReturnValue:
    """The newest first; each leads to its own page."""
    asked, only = _asked(), seat.only()

    def view(home: Home, now_ms: int) -> tuple[View, Words]:
        roster = home.household.roster or NOBODY
        words = words_for({"language": roster.language, "time_zone": roster.time_zone})
        return _view(home, roster, asked, only, words, now_ms), words

    shown, words = room().desk.ask(view)
    seat.looked_at(asked.person if shown["person"] else EVERYBODY)
    return render("older.html", words, **shown)


def _asked() -> Asked:
    args = request.args
    place = _PLACE.fullmatch(args.get("after", ""))
    month, group = args.get("month", ""), args.get("group", "")
    return Asked(
        args.get("person", "")[:80],
        group if group in GROUPS else "",
        month if _MONTH.fullmatch(month) else "",
        (int(place[1]), int(place[2])) if place else None,
    )


def _view(
    home: Home,
    roster: Roster,
    asked: Asked,
    only: Collection[str] | None,
    words: Words,
    now_ms: int,
) -> View:
    eyes = Eyes(roster, only)
    begins, ends = _month(asked.month, roster)
    wanted = past.Wanted(eyes.incident, asked.person or None, asked.group, begins, ends)
    found = past.page(home.ledger, wanted, asked.after)
    known = roster.person(asked.person) is not None or asked.person in home.cases.ended
    person = _name(home, roster, asked.person) if known and eyes.person(asked.person) else ""
    case = roster.person(asked.person) and seat.who().may({OFFICER}, asked.person)
    return {
        "person": person,
        "asked": asked,
        "case": case_of(asked.person, words) if case else None,
        "groups": [
            ("", words.say("older.group.all")),
            *((group, words.code("group", group)) for group in GROUPS),
        ],
        "months": [("", words.say("older.month.all")), *_months(home, words)],
        "rows": [_row(one, home, roster, eyes, words) for one in found.past],
        "newer": _address(asked, None, words) if asked.after else None,
        "onward": _address(asked, found.onward, words) if found.onward else None,
        "now": words.moment(now_ms, now_ms),
    }


def _address(asked: Asked, place: past.Place | None, words: Words) -> str:
    fields = {"person": asked.person, "group": asked.group, "month": asked.month}
    kept = {name: value for name, value in fields.items() if value}
    after = {"after": f"{place[0]}.{place[1]}"} if place else {}
    return f"{HERE}?{urlencode({**kept, **after, 'lang': words.language})}"


def _month(month: str, roster: Roster) -> tuple[int | None, int | None]:
    """When a month of the home's calendar begins and ends."""
    if not month:
        return None, None
    first = date.fromisoformat(f"{month}-01")
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return instant_ms(first, "00:00", roster.zone), instant_ms(after, "00:00", roster.zone)


def _months(home: Home, words: Words) -> list[tuple[str, str]]:
    """Those in which something began, the newest first."""
    days = sorted(home.ledger.shelves.opened_on, reverse=True)
    months = dict.fromkeys(
        words.local(at_ms).strftime("%Y-%m")
        for day in days
        for at_ms in ((day + 1) * DAY_MS - 1, day * DAY_MS)
    )
    return [
        (
            month,
            words.say("older.month", year=month[:4], month=words.say(f"month.{int(month[5:])}")),
        )
        for month in islice(months, MONTHS_MOST)
    ]


def _row(one: past.Past, home: Home, roster: Roster, eyes: Eyes, words: Words) -> View:
    incident = one.incident
    took = _who(one, home, roster, eyes, words)
    gap_ms = None if one.taken_ms is None else max(0, one.taken_ms - incident.opened_ms)
    return {
        "number": words.say("incident.number", n=incident.id),
        "address": f"/incident/{incident.id}?lang={words.language}",
        "title": title(incident, words),
        "whose": _name(home, roster, incident.person_id) or words.say("home"),
        "at": _moment(incident.opened_ms, words),
        "at_iso": words.iso(incident.opened_ms),
        "ended": words.say("older.ended", at=_moment(one.ended.at_ms, words),
                           why=words.code("reason", one.ended.reason)),
        "taken": words.say("older.taken", by=took, gap=_gap(gap_ms, words))
        if gap_ms is not None
        else words.say("older.nobody"),
    }  # fmt: skip


def title(incident: Incident, words: Words) -> str:
    """What an incident is about, in one sentence."""
    label = words.say("worry.somewhat")
    if incident.slot is not None:
        label = words.code("label", label_of(incident.slot.index))
    return words.code("worry", incident.worry, label=label)


def _name(home: Home, roster: Roster, person_id: str) -> str:
    """Hers, also of somebody whose care has ended; "" where nobody is called so."""
    person = roster.person(person_id)
    gone = home.cases.ended.get(person_id)
    return person.name if person is not None else gone.name if gone is not None else person_id


def _who(one: past.Past, home: Home, roster: Roster, eyes: Eyes, words: Words) -> str:
    """Who took it; not the name of somebody who is told of others only."""
    guardian = roster.guardian(one.taken_by)
    stranger = guardian is not None and not eyes.person(guardian.person_id)
    of_home = one.incident.person_id == HOME and eyes.only is not None
    if stranger or (of_home and guardian is None) or one.taken_by in home.cases.told_no_more:
        return words.say("older.somebody")
    return name_of(one.taken_by, roster)


def _moment(at_ms: int, words: Words) -> str:
    """With the day and its year: these are old."""
    day = words.local(at_ms).date()
    return words.say("time.on", date=words.day(day), clock=words.clock(at_ms))


def _gap(gap_ms: int, words: Words) -> str:
    hours, minutes = divmod(gap_ms // MIN_MS, 60)
    if hours:
        return words.say("older.gap.hours", h=hours, m=minutes)
    return words.say("older.gap.minutes", n=minutes)
