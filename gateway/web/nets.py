"""The nets of one person or household: what holds her, what is said of it, the way home.

Knows: Flask, the entries of gateway.coverage.taking. May not know: what follows from them.

    GET  /person/ID/nets
    POST /person/ID/nets/say               net, state, from_day, ask_again_day, text
    POST /person/ID/nets/home              day, until_day, level, visits …, calls …, prescription
    GET  /people/household/ID
    POST /people/household/ID/say          as above
    POST /people/household/ID/settle       outcome, person, text
"""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.coverage.choosing import asks_again
from gateway.coverage.nets import Nets
from gateway.coverage.register import Alike, alike
from gateway.coverage.rows import Row
from gateway.coverage.taking import (
    FIRST_WEEK_DAYS,
    TEXT_MOST,
    WATCH_DAYS_MOST,
    LeaveHospital,
    SayNet,
    SettleHousehold,
)
from gateway.home import Home
from gateway.netting import CALL, NETS, OUTCOMES, STATES
from gateway.roster import LEVELS
from gateway.web import ladders, nettings, seat, section
from gateway.web.framing import render
from gateway.web.people import EVERYBODY
from gateway.web.room import room
from gateway.web.words import Words

nets = Blueprint("nets", __name__)
View = dict[str, Any]
HERE = "nets"
USUAL_WATCH_DAYS = 28
ASK_AGAIN_DAYS = 90


@nets.get("/person/<person_id>/nets")
def show(person_id: str) -> ResponseReturnValue:
    """Her nets, the form to say more, and that for her way home."""

    def draw(scene: section.Scene) -> View:
        known = scene.home.household.nets
        view = _view(known.rows[person_id], known, scene.today, scene.words)
        return {**view, "home": _home(scene), "agreed": _agreed(scene)}

    scene, view = section.look(person_id, draw)
    return section.page("nets.html", scene, here=HERE, to=f"{section.base(person_id)}/nets", **view)


@nets.post("/person/<person_id>/nets/say")
def say(person_id: str) -> ResponseReturnValue:
    """A net of hers holds, was refused, or ended."""
    return section.enter(person_id, HERE, _said(person_id), "net")


@nets.post("/person/<person_id>/nets/home")
def home_again(person_id: str) -> ResponseReturnValue:
    """She came home from hospital."""
    entry = LeaveHospital(
        person_id,
        section.field("day"),
        section.field("until_day"),
        section.field("level"),
        tuple(request.form.getlist("visits")),
        tuple(request.form.getlist("calls")),
        section.field("prescription") == "yes",
        seat.who().name,
    )
    return section.enter(person_id, HERE, entry, "home")


@nets.get("/people/household/<household_id>")
def household(household_id: str) -> ResponseReturnValue:
    """A household of the register."""
    words = nettings.home_words()

    def look(home: Home, now_ms: int) -> View | None:
        row = home.household.nets.rows.get(household_id)
        if row is None or row.person:
            return None
        today = words.local(now_ms).date()
        found = alike(
            home.household, name=row.name, dong=row.dong, address=row.address, number=row.number
        )
        others = [_alike(one, words) for one in found if one.id != row.id]
        view = _view(row, home.household.nets, today, words)
        return {**view, "alike": others, "people": _people(home)}

    view = room().desk.ask(look)
    if view is None:
        abort(HTTPStatus.NOT_FOUND)
    seat.looked_at(EVERYBODY)  # the form that settles it names them
    done = request.args.get("done", "")
    return render(
        "household.html",
        words,
        path=_of_household(household_id),
        to=_of_household(household_id),
        outcomes=[(one, words.say(f"coverage.outcome.{one}")) for one in OUTCOMES],
        done=words.say(f"done.{done}") if words.has(f"done.{done}") else None,
        **view,
    )


@nets.post("/people/household/<household_id>/say")
def say_of_household(household_id: str) -> ResponseReturnValue:
    """A net of theirs holds, was refused, or ended."""
    words, back = nettings.home_words(), _of_household(household_id)
    onward = f"{back}?lang={words.language}&done=net#main"
    return section.commit(words, _said(household_id), back, onward)


@nets.post("/people/household/<household_id>/settle")
def settle(household_id: str) -> ResponseReturnValue:
    """They are looked after here now, or are there no more."""
    words = nettings.home_words()
    entry = SettleHousehold(
        household_id,
        section.field("outcome"),
        section.field("person"),
        section.field("text"),
        seat.who().name,
    )
    onward = f"/people/coverage?lang={words.language}&done=settled"
    return section.commit(words, entry, _of_household(household_id), onward)


def _of_household(household_id: str) -> str:
    return f"/people/household/{quote(household_id, safe='@')}"


def _said(of: str) -> SayNet:
    return SayNet(
        of,
        section.field("net"),
        section.field("state"),
        section.field("from_day"),
        section.field("ask_again_day"),
        section.field("text"),
        seat.who().name,
    )


def _view(row: Row, known: Nets, today: date, words: Words) -> View:
    there = known.there(row.id)
    again = row.ask_again_day
    return {
        "row": nettings.row(row, today.isoformat(), words),
        "born": words.say("coverage.born", year=row.birth_year) if row.birth_year else None,
        "number": row.number,
        "nets": [nettings.net(one, words) for one in row.nets],
        "heed": words.say("coverage.again", day=words.short_day(again))
        if again and asks_again(row, today.isoformat())
        else None,
        "choices": [(name, words.say(f"net.{name}")) for name in NETS if name not in there],
        "states": [(state, words.say(f"coverage.state.{state}")) for state in STATES],
        "today": today.isoformat(),
        "again": (today + timedelta(days=ASK_AGAIN_DAYS)).isoformat(),
        "most": TEXT_MOST,
    }


def _home(scene: section.Scene) -> View:
    """What the form of her way home offers."""
    words, today = scene.words, scene.today
    days = [today + timedelta(days=n) for n in range(FIRST_WEEK_DAYS)]
    called = CALL in scene.home.household.nets.there(scene.person.id)
    offered = [(day.isoformat(), words.day(day)) for day in days]
    return {
        "days": offered,
        "calls": offered if called else [],
        "visits": (offered[0][0], offered[2][0], offered[5][0]),
        "until": (today + timedelta(days=USUAL_WATCH_DAYS)).isoformat(),
        "latest": (today + timedelta(days=WATCH_DAYS_MOST)).isoformat(),
        "levels": [of for of in ladders.spoken(words)["levels"] if of[0] in _close(scene)],
        "level": list(LEVELS)[-1],
    }


def _close(scene: section.Scene) -> list[str]:
    """The levels at which she is watched no less closely than she is."""
    hours = LEVELS[scene.person.level or next(iter(LEVELS))]
    return [level for level in LEVELS if LEVELS[level] <= hours]


def _agreed(scene: section.Scene) -> list[str]:
    """What was agreed when she came home, while it lasts."""
    left, words = scene.home.household.nets.watched.get(scene.person.id), scene.words
    if left is None:
        return []
    said = [
        words.say("home.since", day=words.day_of(left.day), by=left.by),
        words.say(
            "home.watched",
            level=words.say(f"life.level.{left.level}"),
            until=words.day_of(left.until_day),
        ),
    ]
    for name, days in (("home.visits", left.visits), ("home.calls", left.calls)):
        if days:
            said.append(words.say(name, days=", ".join(words.short_day(d) for d in days)))
    entered_ms = scene.home.household.nets.entered_ms.get(scene.person.id, 0)
    if left.prescription:
        came = entered_ms >= left.at_ms
        said.append(words.say("home.prescription_came" if came else "home.prescription_wanted"))
    return said


def _alike(one: Alike, words: Words) -> tuple[str, str]:
    row = Row(one.id, one.person, one.name, one.dong, one.address)
    says = words.say(
        "coverage.alike_one", name=one.name, place=nettings.place(row),
        why=words.say(f"coverage.alike.{one.why}"),
    )  # fmt: skip
    return nettings.address_of(row, words), says


def _people(home: Home) -> list[tuple[str, str]]:
    roster = home.household.roster
    return sorted(((p.id, p.name) for p in roster.persons), key=lambda p: p[1]) if roster else []
