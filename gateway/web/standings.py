"""How everybody stands, for reading: why, since when, the last sign of life, what else is known.

Knows: rows of gateway.officer, the page's words. May not know: HTML, Flask, why a row is urgent.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import quote

from gateway.entries import label_of
from gateway.events import CaseClosed
from gateway.incidents import Incident
from gateway.officer.cases import Entry
from gateway.officer.standing import Because, Level, Standing
from gateway.phone import national
from gateway.roster import Device, Guardian, Person, Roster
from gateway.web.words import Words

View = dict[str, Any]

# The sign that stands beside a level's word.
SIGNS: dict[Level, str] = {
    Level.FIRST: "help",
    Level.TODAY: "missed",
    Level.UNSEEN: "unsure",
    Level.CARED: "handled",
    Level.MEND: "noted",
    Level.FINE: "fine",
}


def groups(rows: tuple[Standing, ...], roster: Roster, now_ms: int, words: Words) -> list[View]:
    """Rows under their levels, in the order they come."""
    return [
        {
            "level": str(level),
            "sign": SIGNS[level],
            "title": words.say(f"officer.level.{level}"),
            "rows": [row(each, roster, now_ms, words) for each in together],
        }
        for level, together in groupby(rows, key=lambda r: r.level)
    ]


def row(of: Standing, roster: Roster, now_ms: int, words: Words) -> View:
    """One person. `why`: the first cause of them all; `more`: the others."""
    why = [cause(because, roster, now_ms, words) for because in of.because]
    return {
        "id": of.person_id,
        "name": of.name,
        "address": case_of(of.person_id, words),
        "level": str(of.level),
        "sign": SIGNS[of.level],
        "word": words.say(f"officer.level.{of.level}"),
        "why": why[0] if why else None,
        "more": why[1:],
        "seen": last_sign(of, roster, now_ms, words),
        "notes": notes(of, now_ms, words),
    }


def case_of(person_id: str, words: Words) -> str:
    """Where the officer's page about a person is."""
    return f"/person/{quote(person_id, safe='')}/case?lang={words.language}"


def cause(of: Because, roster: Roster, now_ms: int, words: Words) -> View:
    """One cause: what, since when, who has it."""
    label = words.say("worry.somewhat")
    if of.slot_index is not None:
        label = words.code("label", label_of(of.slot_index))
    place = where(of.device, words) if of.device else ""
    known = words.has(f"officer.why.{of.code}")
    what = (
        words.say(f"officer.why.{of.code}", device=place, percent=of.percent)
        if known
        else words.code("worry", of.code, label=label)
    )
    has = None
    if of.who is not None:
        until = words.moment(of.until_ms or now_ms, now_ms)
        has = words.say("officer.has_it", who=name_of(of.who, roster), until=until)
    return {
        "what": what,
        "incident": of.incident_id,
        "at": words.moment(of.at_ms, now_ms) if of.at_ms else None,
        "at_iso": words.iso(of.at_ms) if of.at_ms else None,
        "ago": words.ago(of.at_ms, now_ms) if of.at_ms else None,
        "has": has,
        "level": str(of.level),
        "sign": SIGNS[of.level],
    }


def last_sign(of: Standing, roster: Roster, now_ms: int, words: Words) -> View:
    """Her last sign of life: what and where, when, how long ago; that there was none."""
    if of.sign is None:
        return {"what": words.say("officer.no_sign"), "ago": None, "at": None, "at_iso": None}
    device = roster.device(of.sign.device_id)
    what = words.code("life.source", of.sign.source)
    if device is not None and device.room:
        what = words.say("life.last", source=what, where=device.room)
    at_ms = of.sign.at_ms
    return {
        "what": what,
        "ago": words.ago(at_ms, now_ms),
        "at": words.moment(at_ms, now_ms),
        "at_iso": words.iso(at_ms),
    }


def notes(of: Standing, now_ms: int, words: Words) -> list[str]:
    """What is no worry and explains one that is not there."""
    found = []
    if of.away_until_ms is not None:
        found.append(words.say("officer.away", until=words.moment(of.away_until_ms, now_ms)))
    if of.paused_until_ms is not None:
        found.append(words.say("officer.paused", until=words.moment(of.paused_until_ms, now_ms)))
    if not of.watched:
        found.append(words.say("officer.unwatched"))
    return found


def of_home(incident: Incident, now_ms: int, words: Words) -> View:
    """An incident of the home as a whole."""
    return {
        "what": words.code("worry", incident.worry, label=""),
        "address": f"/incident/{incident.id}?lang={words.language}",
        "at": words.moment(incident.opened_ms, now_ms),
    }


def entry(of: Entry, now_ms: int, words: Words) -> View:
    """A line of the book: when, by whom, what."""
    closed = isinstance(of, CaseClosed)
    return {
        "at": words.moment(of.at_ms, now_ms),
        "at_iso": words.iso(of.at_ms),
        "ago": words.ago(of.at_ms, now_ms),
        "by": of.by,
        "closed": words.say(
            "officer.closed", n=of.incident_id, why=words.code("officer.closing", of.why)
        )
        if isinstance(of, CaseClosed)
        else None,
        "sign": "taken" if closed else "waiting",
        "lines": of.text.split("\n") if of.text else [],
    }


def to_call(of: Guardian, words: Words) -> tuple[str, str, str, str]:
    """Whom to call: name, role, number to dial, number to read."""
    return of.name, words.say(f"role.{of.role}"), of.number, national(of.number)


def where(device: Device, words: Words) -> str:
    """The room where it stands and what it is."""
    kind = words.code("life.device", device.kind)
    return f"{device.room} {kind}" if device.room else kind


def name_of(who: str, roster: Roster) -> str:
    """The name of a guardian or of the person herself; an account says its own."""
    known: Person | None = roster.person(who)
    if known is not None:
        return known.name
    return next((g.name for g in roster.guardians if g.id == who), who)
