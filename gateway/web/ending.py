"""The officer's page on which somebody's care ends, and the list of those whose care has ended.

Knows: Flask, the entry of gateway.officer.ending, whose secrets are forgotten with her. May not
know: what follows from the entry.

    GET  /person/ID/end      what there is of her, and what goes
    POST /person/ID/end      why, day, sure
    GET  /people/ended       before (a number of this list): the newest first
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from gateway.access import OFFICER
from gateway.events import CareEnded
from gateway.home import Home
from gateway.officer.ending import BACK_DAYS, WHYS, EndCare, Following, following
from gateway.prescription.schedule import to_be_emptied
from gateway.roster import NOBODY, Roster
from gateway.web import seat, section
from gateway.web.framing import render
from gateway.web.older import title
from gateway.web.people import EVERYBODY
from gateway.web.room import room, sorry, words_for
from gateway.web.words import Words

ending = Blueprint("ending", __name__)

HERE = "end"
LIST = "/people/ended"
SHOWN = 50
View = dict[str, Any]

_log = logging.getLogger(__name__)


@ending.get("/person/<person_id>/end")
def show(person_id: str) -> ResponseReturnValue:
    """What follows is said before anything does."""
    scene, view = section.look(person_id, _view)
    return section.page("ending.html", scene, here=HERE, **view)


def _view(scene: section.Scene) -> View:
    of, words = following(scene.home, scene.person.id), scene.words
    devices = [
        f"{words.code('device', device.kind)} {device.id}"
        + (f" · {device.room}" if device.room else "")
        for device in of.devices
    ]
    return {
        "devices": devices,
        "incidents": [
            (words.say("incident.number", n=one.id), title(one, words)) for one in of.incidents
        ],
        "follows": _follows(of, words),
        "whys": [(why, words.say(f"ending.why.{why}")) for why in WHYS],
        "today": scene.today.isoformat(),
        "most": BACK_DAYS,
    }


def _follows(of: Following, words: Words) -> list[str]:
    """What goes, where there is any of it."""
    names = ", ".join(dict.fromkeys(account.name for account in of.accounts))
    said = [
        words.say("ending.calls") if of.calls else None,
        words.say("ending.texts", n=of.texts) if of.texts else None,
        words.say("ending.accounts", names=names) if names else None,
        words.say("ending.plates", n=of.plates) if of.plates else None,
        words.say("ending.recordings", n=of.recordings) if of.recordings else None,
    ]
    told = ", ".join(dict.fromkeys(guardian.name for guardian in of.guardians))
    return [words.say("ending.told", names=told), *(one for one in said if one)]


@ending.post("/person/<person_id>/end")
def end(person_id: str) -> ResponseReturnValue:
    """Her care ends, if it was said that what follows was read."""
    scene, of = section.look(person_id, lambda scene: following(scene.home, person_id))
    words, back = scene.words, f"{section.base(person_id)}/{HERE}"
    if section.field("sure") != "yes":
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say("ending.not_sure"), back)
    entry = EndCare(person_id, section.field("why"), section.field("day"), seat.who().name)
    answer = section.commit(words, entry, back, f"{LIST}?lang={words.language}&done=ended#main")
    if room().desk.ask(lambda home, _now: person_id in home.cases.ended):
        _forget(person_id, [account.id for account in of.accounts])
    return answer


def _forget(person_id: str, accounts: list[str]) -> None:
    """What is about nobody here opens nothing, kept or not: a full disk stops nothing."""
    vault = room().vault
    still = room().desk.ask(lambda home, _now: set(home.accounts.open))
    try:
        vault.forget_person(person_id)
        for account_id in accounts:
            if account_id not in still:
                vault.forget(account_id)
    except OSError as error:
        _log.warning("secrets of somebody whose care ended are kept, and open nothing: %s", error)


# --- those whose care has ended ----------------------------------------------------------------


@ending.get(LIST)
def ended() -> ResponseReturnValue:
    """The newest first: since when, why, and what is still to be fetched."""
    ids, before = seat.who().persons({OFFICER}), request.args.get("before", type=int)

    def view(home: Home, now_ms: int) -> tuple[list[View], int | None, Words, int]:
        roster = home.household.roster or NOBODY
        words = words_for({"language": roster.language, "time_zone": roster.time_zone})
        numbered = list(enumerate(home.cases.ended.values()))[:before]
        hers = [(n, one) for n, one in reversed(numbered) if ids is None or one.person_id in ids]
        full = set(to_be_emptied(home.household))
        shown = [_one(one, roster, full, now_ms, words) for _n, one in hers[:SHOWN]]
        older = hers[SHOWN - 1][0] if len(hers) > SHOWN else None
        return shown, older, words, now_ms

    shown, older, words, now_ms = room().desk.ask(view)
    seat.looked_at(EVERYBODY)
    done = request.args.get("done", "")
    return render(
        "ended.html",
        words,
        shown=shown,
        older=f"{LIST}?before={older}" if older is not None else None,
        newer=LIST if before is not None else None,
        now=words.moment(now_ms, now_ms),
        done=words.say("done.ended") if done == "ended" else None,
    )


def _one(of: CareEnded, roster: Roster, full: set[str], now_ms: int, words: Words) -> View:
    """One of them; a device that is somebody else's by now needs not be fetched."""
    left = [device_id for device_id in of.devices if roster.device(device_id) is None]
    return {
        "name": of.name,
        "dong": of.dong,
        "why": words.say(f"ending.why.{of.why}"),
        "since": words.say("ended.since", day=words.day_of(of.day)),
        "by": words.say("case.by", by=of.by, at=words.moment(of.at_ms, now_ms),
                        ago=words.ago(of.at_ms, now_ms)),
        "devices": [
            words.say("ended.device.full" if one in full else "ended.device", device=one)
            for one in left
        ],
        "older": f"/incidents?person={quote(of.person_id, safe='')}",
    }  # fmt: skip
