"""The page at a door: whoever scanned the plate, or has a link, says what she found. No sign-in.

Knows: Flask, the key that signs plates, how fast one plate may speak. May not know: whose door it
is: the page shows no name, no address, and nothing that was said there before.

    GET  /door/CODE      ?as=deliverer | visitor
    POST /door/CODE      outcome, text
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from gateway.access.codes import read
from gateway.desk import DeskClosed
from gateway.home import Home
from gateway.looking_in import PlateMade
from gateway.officer import rounds
from gateway.refused import EntryRefused
from gateway.visiting import plates
from gateway.visiting.rota import DELIVERER
from gateway.visiting.visits import ALIVE, DELIVERIES, LEFT, VISITS
from gateway.web import seat, section
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.rota import KEY
from gateway.web.words import Words

doorway = Blueprint("doorway", __name__)

PACE = "plate"
SIGNS = {"well": "taken", "handed": "taken", "left": "noted", "worried": "doubtful"}


def _plate(code: str) -> PlateMade | None:
    """The plate of a code; None for one that nobody signed, or that was ended."""
    number = plates.number(code)
    if number is None:
        return None
    plate = room().desk.ask(lambda home, _now: _of(home, number))
    if plate is None:
        return None
    signed = plates.code(plate, room().vault.keys.get(KEY))
    return plate if hmac.compare_digest(signed.encode(), read(code).encode()) else None


def _of(home: Home, number: int) -> PlateMade | None:
    plate, roster = home.household.visits.plates.get(number), home.household.roster
    known = plate is not None and roster is not None and roster.person(plate.person_id)
    return plate if known else None


@doorway.get("/door/<door>")
def show(door: str) -> ResponseReturnValue:
    """Three big buttons."""
    words, plate = words_for(None), _plate(door)
    if plate is None:
        return _gone(words)
    asked = request.args.get("as", "deliverer" if plate.role == DELIVERER else "visitor")
    deliverer = asked == "deliverer"
    done = request.args.get("done", "")
    said = done if done in (*VISITS, *DELIVERIES) else None
    return render("door.html", words, **_shown(words, door, deliverer=deliverer, said=said))


def _shown(words: Words, door: str, *, deliverer: bool, said: str | None) -> dict[str, Any]:
    outcomes = DELIVERIES if deliverer else VISITS
    return {
        "door": door,
        "deliverer": deliverer,
        "presses": [
            (one, words.code("found", one), words.say(f"door.of.{one}"), SIGNS.get(one, "missed"))
            for one in outcomes
        ],
        "said": words.code("found", said) if said else None,
        "thanks": words.say(f"door.thanks.{_kind(said)}") if said else None,
        "calm": said is None or said in (*ALIVE, LEFT),
        "most": rounds.LINE_MOST,
        "path": f"/door/{door}",
    }


def _kind(outcome: str) -> str:
    return "well" if outcome in (*ALIVE, LEFT) else "told"


@doorway.post("/door/<door>")
def say(door: str) -> ResponseReturnValue:
    """What she found is written down, and whoever has to know is told."""
    words, plate = words_for(None), _plate(door)
    if plate is None:
        return _gone(words)
    back = f"/door/{door}?lang={words.language}"
    if not room().paces.may(PACE, f"plate {plate.plate}", seat.now_ms()):
        sentence = words.say("door.pace")
        return sorry(words, HTTPStatus.TOO_MANY_REQUESTS, sentence, back)
    outcome = request.form.get("outcome", "")
    try:
        room().desk.enter(rounds.CheckIn(plate.plate, outcome, request.form.get("text", "")))
    except EntryRefused as refused:
        return sorry(words, HTTPStatus.BAD_REQUEST, section.why(refused, words), back)
    except DeskClosed:
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("door.closed"), back)
    deliverer = "&as=deliverer" if outcome in DELIVERIES else ""
    return redirect(f"{back}{deliverer}&done={outcome}#main", HTTPStatus.SEE_OTHER)


def _gone(words: Words) -> ResponseReturnValue:
    return render("door.html", words, door=None), HTTPStatus.NOT_FOUND
