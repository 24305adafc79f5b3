"""The resident's own page: today's doses, large; one button; who was told what about her.

Knows: Flask, the picture, the page's words. May not know: what follows from her word.

    GET  /me
    POST /me/fine
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from gateway.access import SENIOR
from gateway.home import Home
from gateway.installing import SayFine
from gateway.units import DAY_MS
from gateway.web import section, slots, texts
from gateway.web.framing import render
from gateway.web.room import room, words_for
from gateway.web.seat import seen, who
from gateway.web.words import Words

me = Blueprint("me", __name__)

View = dict[str, Any]
TOLD_SHOWN = 8
TOLD_MS = 7 * DAY_MS
REACHED = ("delivered",)
NOT_REACHED = ("undelivered", "unreported")
LEFT_OUT = ("withdrawn",)


def _herself() -> str:
    """The id of the person whose page this is: the first she has the role for."""
    hers = room().desk.ask(lambda home, _now: seen(home.household.roster, {SENIOR}))
    if not hers:
        abort(HTTPStatus.NOT_FOUND)
    return hers[0].id


@me.get("/me")
def show() -> ResponseReturnValue:
    """The page."""
    person_id = _herself()
    picture = room().desk.picture({person_id})
    words = words_for(picture)
    asked, said_ms = room().desk.ask(lambda home, now_ms: _asked(home, person_id, now_ms))
    now_ms = picture["now_ms"]
    person = picture["persons"][0]
    entry = slots.person(person, now_ms, words)
    return render(
        "me.html",
        words,
        name=person["name"],
        today=words.today(now_ms),
        clock=words.clock(now_ms),
        clock_iso=words.iso(now_ms),
        slots=[{**slot, "word": words.code("me.state", slot["code"])} for slot in entry["slots"]],
        looks=f"{section.base(person_id)}/access-log?lang={words.language}",
        fresh=entry["fresh"],
        asked=asked,
        said=words.moment(said_ms, now_ms) if said_ms else None,
        told=told(picture, words),
        just_said=request.args.get("done") == "fine",
    )


@me.post("/me/fine")
def fine() -> ResponseReturnValue:
    """She is fine: a sign of life, and the answer to whatever is asked."""
    words = words_for(None)
    entry = SayFine(_herself(), who().name)
    return section.commit(words, entry, "/me", f"/me?lang={words.language}&done=fine#main")


def _asked(home: Home, person_id: str, now_ms: int) -> tuple[bool, int | None]:
    """Whether somebody waits for her answer now; when she said today that she is fine."""
    open_now = (home.ledger.incidents[i] for i in home.ledger.live)
    asked = any(
        i.person_id == person_id and (i.asked_until_ms or 0) > now_ms and i.her_answer_ms is None
        for i in open_now
    )
    household = home.household
    last = household.signs.last(person_id, household.timelines, now_ms)
    said = last is not None and last.source == "phone" and now_ms - last.at_ms < DAY_MS
    return asked, last.at_ms if last is not None and said else None


def told(picture: View, words: Words) -> list[View]:
    """The texts about her of the last days, the newest first: to whom, about what, whether it came.

    Not the words of the text: those are for who reads them on the way.
    """
    now_ms = picture["now_ms"]
    shown = []
    for text in picture["texts"]:
        late = now_ms - text["decided_ms"] > TOLD_MS
        if text["direction"] != "out" or late or text["state"] in LEFT_OUT:
            continue
        name = text["guardian_name"] or texts.masked(str(text["number"] or ""))
        state = "came" if text["state"] in REACHED else "under_way"
        state = "lost" if text["state"] in NOT_REACHED else state
        at_ms = text["delivered_ms"] or text["submitted_ms"] or text["decided_ms"]
        shown.append(
            {
                "who": words.say("me.told.to", name=name),
                "what": words.code("purpose", text["purpose"]),
                "icon": {"came": "taken", "under_way": "waiting", "lost": "missed"}[state],
                "word": words.say(f"me.told.{state}"),
                "at": words.moment(at_ms, now_ms),
                "at_iso": words.iso(at_ms),
            }
        )
    return shown[:TOLD_SHOWN]
