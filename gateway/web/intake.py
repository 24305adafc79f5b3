"""Reports of households nobody knows: the open page, and the office's list of them.

Knows: Flask, the entries of gateway.officer.rounds, who is known already. May not know: what
follows from a report.

    GET  /report             dong, address, text
    POST /report
    GET  /people/intake      show = a state | open | all
    POST /people/intake/N    state, person (an id or a whole name), text

Whoever reports is not asked who she is, and what she wrote is shown to the office alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from gateway.coverage.register import Alike, alike, place_key
from gateway.desk import DeskClosed
from gateway.home import Home
from gateway.looking_in import STRANGER
from gateway.officer import rounds
from gateway.refused import EntryRefused
from gateway.visiting.intake import FOLLOWS, Intake, State
from gateway.web import looked_in, seat, section
from gateway.web.framing import render
from gateway.web.people import EVERYBODY
from gateway.web.room import room, sorry, words_for
from gateway.web.words import Words

intake = Blueprint("intake", __name__)

View = dict[str, Any]
PACE = "report"
OPEN = (State.NEW, State.VISITED)  # somebody still has to do something
SHOWN = 100


@intake.get("/report")
def report() -> ResponseReturnValue:
    """The form for everybody."""
    return _report(words_for(None))


def _report(
    words: Words, wrong: str | None = None, code: HTTPStatus = HTTPStatus.OK, at: str = ""
) -> ResponseReturnValue:
    """`wrong`: why it was not taken; `at`: the field that is to blame, "" = none."""
    typed = {name: section.field(name) for name in ("dong", "address", "text")}
    page = render(
        "report.html",
        words,
        wrong=wrong,
        at=at,
        typed=typed,
        done=words.say("intake.thanks") if request.args.get("done") == "yes" else None,
        most={
            "dong": rounds.WHO_MOST,
            "address": rounds.PLACE_MOST,
            "text": rounds.REPORT_MOST,
        },
    )
    return page, code


@intake.post("/report")
def reported() -> ResponseReturnValue:
    """It is written down, and the office is told."""
    words = words_for(None)
    if not room().paces.may(PACE, request.remote_addr or "", seat.now_ms()):
        return _report(words, words.say("intake.pace"), HTTPStatus.TOO_MANY_REQUESTS)
    entry = rounds.ReportHousehold(
        section.field("dong"), section.field("address"), section.field("text"), STRANGER
    )
    try:
        room().desk.enter(entry)
    except EntryRefused as refused:
        at = refused.code.removeprefix("report_")
        at = at if at in request.form else ""
        return _report(words, section.why(refused, words), HTTPStatus.BAD_REQUEST, at)
    except DeskClosed:
        return _report(words, words.say("door.closed"), HTTPStatus.SERVICE_UNAVAILABLE)
    return redirect(f"/report?lang={words.language}&done=yes#main", HTTPStatus.SEE_OTHER)


@intake.get("/people/intake")
def show() -> ResponseReturnValue:
    """What was reported, the newest first, each with who could be meant."""
    asked = request.args.get("show", "open")
    states = {"open": OPEN, "all": tuple(State)}.get(asked) or tuple(
        state for state in State if state == asked
    )
    words = words_for(None)
    counts, shown, now_ms = room().desk.ask(lambda home, now: _view(home, now, states, words))
    seat.looked_at(EVERYBODY)
    done = request.args.get("done", "")
    return render(
        "intake.html",
        words,
        asked=asked,
        counts=counts,
        reports=shown,
        now=words.moment(now_ms, now_ms),
        address=f"{room().address or request.host_url.rstrip('/')}/report",
        most=rounds.REPORT_MOST,
        done=words.say("done.intake") if done == "intake" else None,
    )


def _view(
    home: Home, now_ms: int, states: Sequence[State], words: Words
) -> tuple[list[tuple[str, str, int]], list[View], int]:
    every = list(home.household.visits.intakes.values())
    tally = [(str(s), sum(one.state is s for one in every)) for s in State]
    counts = [
        ("open", words.say("intake.show.open"), sum(one.state in OPEN for one in every)),
        *((state, words.code("intake.state", state), n) for state, n in tally),
        ("all", words.say("intake.show.all"), len(every)),
    ]
    same: dict[str, list[int]] = {}
    for one in every:
        same.setdefault(_key(one), []).append(one.id)
    chosen = [one for one in reversed(every) if one.state in states][:SHOWN]
    return counts, [_one(home, one, same[_key(one)], now_ms, words) for one in chosen], now_ms


def _key(of: Intake) -> str:
    return place_key(of.reported.dong, of.reported.address)


def _one(home: Home, of: Intake, same: list[int], now_ms: int, words: Words) -> View:
    told, roster = of.reported, home.household.roster
    person = roster.person(of.person_id) if roster and of.person_id else None
    known = alike(home.household, dong=told.dong, address=told.address, most=5)
    return {
        "id": of.id,
        "state": str(of.state),
        "word": words.code("intake.state", of.state),
        "dong": told.dong,
        "address": told.address,
        "text": told.text,
        "at": words.moment(told.at_ms, now_ms),
        "by": looked_in.said_by(told.by, words),
        "person": (person.name, f"{section.base(person.id)}/visits") if person else None,
        "others": [number for number in same if number != of.id and _key(of)],
        "alike": [_alike(one, words) for one in known],
        "changes": [
            {
                "word": words.code("intake.state", change.state),
                "at": words.moment(change.at_ms, now_ms),
                "by": change.by,
                "text": change.text,
            }
            for change in reversed(of.changes)
        ],
        "follows": [(str(s), words.code("intake.state", s)) for s in FOLLOWS[of.state]],
    }


def _alike(one: Alike, words: Words) -> View:
    where = f"{section.base(one.id)}/nets" if one.person else f"/people/household/{one.id}"
    return {
        "name": one.name or one.address,
        "where": where,
        "why": words.code("intake.alike", one.why),
    }


@intake.post("/people/intake/<int:report_id>")
def change(report_id: int) -> ResponseReturnValue:
    """What became of one."""
    words, named = words_for(None), section.field("person")
    person_id = room().desk.ask(lambda home, _now: _person(home, named)) if named else ""
    back = f"/people/intake?lang={words.language}"
    if person_id is None:
        sentence = words.say("intake.person.unknown", name=named)
        return sorry(words, HTTPStatus.BAD_REQUEST, sentence, back)
    entry = rounds.ChangeIntake(
        report_id, section.field("state"), person_id, section.field("text"), seat.who().name
    )
    return section.commit(words, entry, back, f"{back}&done=intake#main")


def _person(home: Home, named: str) -> str | None:
    """Whose id or whole name this is; None: nobody's, or more than one's."""
    roster = home.household.roster
    if roster is None:
        return None
    if roster.person(named) is not None:
        return named
    found = [person.id for person in roster.persons if person.name == named]
    return found[0] if len(found) == 1 else None
