"""Setting up a person's telephone: how long it may lie still, who is told first, its addresses.

Knows: Flask, the vault's links, how a telephone is watched. May not know: what it tells
(handset.py).

    GET  /person/ID/phone
    POST /person/ID/phone/watch     hours, guardian; or off=yes
    POST /person/ID/phone/link      name: a new address, shown in this answer and never again
    POST /person/ID/phone/end       number
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from gateway.phones.phones import Phone
from gateway.phones.saying import (
    HOURS_LEAST,
    HOURS_MOST,
    HOURS_USUAL,
    NAME_MOST,
    WatchPhone,
    may_link,
)
from gateway.phones.watch import Watch, watch
from gateway.refused import EntryRefused
from gateway.report import qr
from gateway.web import section
from gateway.web.handset import ALIVE, KIND
from gateway.web.room import room, sorry
from gateway.web.safe import Link
from gateway.web.seat import now_ms, who
from gateway.web.words import Words

phone = Blueprint("phone", __name__)

View = dict[str, Any]
HERE = "phone"
# What stands on the page, ready to be copied.
ANDROID, IPHONE = ("unlock", "charge", "steps", ALIVE), ("app", "charge", "steps")
USER = "anbu"  # OwnTracks wants a name beside the password
_DIGITS_MOST = 15


@phone.get("/person/<person_id>/phone")
def show(person_id: str) -> ResponseReturnValue:
    """The page."""
    return _page(person_id)


@phone.post("/person/<person_id>/phone/watch")
def set_watch(person_id: str) -> ResponseReturnValue:
    """How long it may lie still, or that nobody is told."""
    typed = section.field("hours")
    hours = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0  # noqa: PLR2004
    off = section.field("off") == "yes"
    entry = WatchPhone(person_id, None if off else hours, section.field("guardian"), who().name)
    return section.enter(person_id, HERE, entry, "phone_watched")


@phone.post("/person/<person_id>/phone/link")
def link(person_id: str) -> ResponseReturnValue:
    """A new address of hers."""
    name = section.field("name")
    links = room().vault.links
    scene, _ = section.look(person_id, lambda _scene: None)
    try:
        may_link(name, len(links.of(KIND, person_id)))
    except EntryRefused as refused:
        sentence, back = section.why(refused, scene.words), f"{section.base(person_id)}/{HERE}"
        return sorry(scene.words, HTTPStatus.BAD_REQUEST, sentence, back)
    return _page(person_id, links.make(KIND, person_id, name, now_ms()))


@phone.post("/person/<person_id>/phone/end")
def end(person_id: str) -> ResponseReturnValue:
    """One of them opens nothing any more."""
    number = section.field("number")
    if number.isascii() and number.isdigit() and len(number) <= _DIGITS_MOST:
        room().vault.links.end(KIND, person_id, int(number))
    language = request.args.get("lang", "")
    onward = f"{section.base(person_id)}/{HERE}?lang={language}&done=phone_ended#main"
    return redirect(onward, HTTPStatus.SEE_OTHER)


def _page(person_id: str, secret: str | None = None) -> ResponseReturnValue:
    scene, shown = section.look(person_id, _draw)
    links = room().vault.links.of(KIND, person_id)
    return section.page(
        "phone.html",
        scene,
        here=HERE,
        **shown,
        links=[_link(one, scene.words, scene.now_ms) for one in links],
        made=_made(secret, scene.words) if secret is not None else None,
    )


def _draw(scene: section.Scene) -> View:
    household = scene.home.household
    hers = household.phones.of.get(scene.person.id) or Phone()
    of = watch(household, scene.person, scene.now_ms)
    people = [g for step in scene.roster.steps(scene.person.id) for g in step]
    return {
        "watched": hers.hours is not None,
        "hours": hers.hours or HOURS_USUAL,
        "least": HOURS_LEAST,
        "most": HOURS_MOST,
        "name_most": NAME_MOST,
        "first": hers.guardian_id,
        "guardians": [
            ("", scene.words.say("phone.first.ladder")),
            *((g.id, g.name) for g in people),
        ],
        "state": _state(hers, of, scene),
        "facts": _facts(hers, of, scene),
    }


def _state(hers: Phone, of: Watch | None, scene: section.Scene) -> tuple[str, str]:
    """Icon and sentence of how it stands."""
    say, now = scene.words.say, scene.now_ms
    if hers.hours is None:
        return "waiting", say("phone.now.off")
    if of is None:
        return "paused", say("phone.now.away")
    if now >= of.begins_ms and of.hears:
        return "missed", say("phone.now.still")
    if of.unheard_ms is not None and now >= of.unheard_ms:
        return "doubtful", say("phone.now.unheard")
    return "taken", say("phone.now.on", n=hers.hours)


def _facts(hers: Phone, of: Watch | None, scene: section.Scene) -> list[tuple[str, str]]:
    words = scene.words
    battery = hers.battery_percent
    told = words.say("phone.none") if battery is None else words.say("phone.percent", n=battery)
    found = [
        (words.say("phone.used"), _at(hers.used_ms, scene)),
        (words.say("phone.heard"), _at(hers.heard_ms, scene)),
        (words.say("phone.battery"), told),
    ]
    if of is not None and of.cap_ms > scene.now_ms:
        found.append((words.say("phone.due"), _at(of.cap_ms, scene)))
    return found


def _at(ms: int | None, scene: section.Scene) -> str:
    words, now = scene.words, scene.now_ms
    if ms is None:
        return words.say("phone.none")
    return words.say("phone.at", at=words.moment(ms, now), ago=words.ago(ms, now))


def _link(one: Link, words: Words, now: int) -> View:
    seen = one.seen_ms
    return {
        "id": one.id,
        "name": one.name,
        "made": words.say("phone.link.made", at=words.moment(one.made_ms, now)),
        "seen": words.say("phone.link.seen", at=words.moment(seen, now))
        if seen
        else words.say("phone.link.unseen"),
    }


def _made(secret: str, words: Words) -> View:
    """The address in all its shapes, for this once."""
    base = room().address or request.host_url.rstrip("/")
    page = f"{base}/phone/{secret}"
    return {
        "page": page,
        "qr": qr.svg(page),
        "outside": room().address is not None,
        "android": _hooks(ANDROID, base, secret, words),
        "iphone": _hooks(IPHONE, base, secret, words),
        "owntracks": (
            (words.say("phone.recipe.url"), f"{base}/owntracks"),
            (words.say("phone.recipe.user"), USER),
            (words.say("phone.recipe.password"), secret),
        ),
    }


def _hooks(hows: tuple[str, ...], base: str, secret: str, words: Words) -> list[tuple[str, str]]:
    return [(words.say(f"phone.how.{how}"), f"{base}/hook/{secret}?how={how}") for how in hows]
