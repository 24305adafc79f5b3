"""The technician's first page: everybody, this computer, enrolment files, updates.

Knows: Flask, the workshop. May not know: what a label or a check means, how a key is kept.

    GET  /install                        q, page: everybody, the gateway's health, files
    POST /install/file                   file: an enrolment file
    POST /install/forget                 device: a key without a place
    POST /install/image                  file: an update
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, current_app, redirect, request
from flask.typing import ResponseReturnValue

from gateway.access import TECHNICIAN
from gateway.enrolment import SEALED_MOST_BYTES
from gateway.image import MOST_BYTES
from gateway.web import installs, section
from gateway.web.framing import render
from gateway.web.room import room, sorry, words_for
from gateway.web.seat import csrf, looked_at, now_ms, who
from gateway.web.words import Words
from gateway.web.workplace import Wanted, Workplace, about
from gateway.workshop import Workshop, WorkshopRefused

install = Blueprint("install", __name__)


def workshop_here() -> Workshop:
    """The gateway's workshop. 503 where it has none."""
    workshop = room().desk.workshop
    if workshop is None:
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return workshop


def words_here() -> Words:
    """In the language of who asks."""
    return words_for(None)


@install.get("/install")
def index() -> ResponseReturnValue:
    """Everybody who is looked after, and this computer."""
    workshop, words, asked = workshop_here(), words_here(), wanted()
    sections = listing(asked, words)()[1]
    looked_at("*")
    return render(
        "install.html",
        words,
        about=about(asked),
        clock=words.clock(now_ms()),
        sections=sections,
        wanted=asked,
        most=section.SEARCH_MOST,
        recipient=_or_none(workshop),
        images=installs.images(workshop.images(), words),
        done=done_word(words),
    )


def listing(asked: Wanted, words: Words) -> Workplace:
    """The list as whoever asks may see it. 503 where there is no workshop."""
    ids, workshop = who().persons({TECHNICIAN}), workshop_here()
    jinja = current_app.jinja_env
    return Workplace(room().desk, jinja, workshop, asked, words, ids=ids, token=csrf())


def wanted() -> Wanted:
    """What the address asks for."""
    page = request.args.get("page", 1, type=int)
    return Wanted(section.searched(), max(1, page))


def _or_none(workshop: Workshop) -> str | None:
    try:
        return workshop.recipient()
    except WorkshopRefused:
        return None


def done_word(words: Words) -> str | None:
    """What was done, where the address says so."""
    key = f"install.done.{request.args.get('done', '')}"
    return words.say(key) if words.has(key) else None


@install.post("/install/file")
def file() -> ResponseReturnValue:
    """Have the keys of every device of an enrolment file; all of them or none."""
    words, workshop = words_here(), workshop_here()
    try:
        units = workshop.opened(_uploaded(SEALED_MOST_BYTES))
        workshop.keep(tuple(unit.label for unit in units))
    except WorkshopRefused as refused:
        return refuse(words, refused)
    return onward(words, "/install", "file", "waiting")


@install.post("/install/forget")
def forget() -> ResponseReturnValue:
    """Throw away a key without a place."""
    words, device_id = words_here(), section.field("device")
    placed = room().desk.ask(
        lambda home, _now: bool(home.household.roster and home.household.roster.device(device_id))
    )
    if placed:
        abort(HTTPStatus.CONFLICT)
    try:
        workshop_here().forget(device_id)
    except WorkshopRefused as refused:
        return refuse(words, refused)
    return onward(words, "/install", "forgotten", "waiting")


@install.post("/install/image")
def image() -> ResponseReturnValue:
    """Lay an update down."""
    words = words_here()
    try:
        workshop_here().take_image(_uploaded(MOST_BYTES))
    except WorkshopRefused as refused:
        return refuse(words, refused)
    return onward(words, "/install", "image", "images")


def _uploaded(most_bytes: int) -> bytes:
    """At most one byte more than may be; b"" where nothing came."""
    file = request.files.get("file")
    return file.read(most_bytes + 1) if file else b""


def onward(words: Words, base: str, done: str, at: str) -> ResponseReturnValue:
    """Back to the page, which says what was done."""
    return redirect(f"{base}?lang={words.language}&done={done}#{at}", HTTPStatus.SEE_OTHER)


def refuse(words: Words, refused: WorkshopRefused) -> ResponseReturnValue:
    """Why the workshop did not do it."""
    sentence = words.say(f"install.not.{refused.code}", line=refused.line)
    return sorry(words, HTTPStatus.BAD_REQUEST, sentence, "/install")
