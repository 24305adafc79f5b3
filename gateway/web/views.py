"""The page's routes: the page itself, its stream, its JSON, and the live box.

Knows: Flask, whom she who asks may see. May not know: the database, rules,
a radio. What it shows comes from the desk; what it changes is
the virtual home's board, and orders to devices, which the desk takes as facts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Blueprint, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import Environment

from gateway.access import CARERS, OFFICER
from gateway.desk import DeskClosed
from gateway.home import Home
from gateway.orders import WishRefused
from gateway.web import alarms, box, care, first, incidents, life, news, slots, status, texts
from gateway.web.framing import render
from gateway.web.room import (
    room,
    sorry,
    words_for,
)
from gateway.web.seat import csrf, looked_at, only, seen, who
from gateway.web.window import BoxWindow, WindowError
from gateway.web.words import Words

SECTIONS = ("status", "people", "life", "care", "said", "incidents", "texts", "alarms")
page = Blueprint("page", __name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """She who looks, for pages that are drawn without her request.

    `token`: for her forms; `hands`: of whose incidents she may say something, `cases`: whose
    officer she is (None = of all); `person`: of whom alone she wanted the page.
    """

    token: str
    hands: Collection[str] | None = ()
    cases: Collection[str] | None = ()
    person: str | None = None


def reader() -> Reader:
    """Whoever asks."""
    account = who()
    hands, cases = account.persons(CARERS), account.persons({OFFICER})
    return Reader(csrf(), hands, cases, request.args.get("person"))


def sections(
    jinja: Environment, picture: dict[str, Any], words: Words, reader: Reader
) -> dict[str, str]:
    """The HTML of every section that lives, by id. Needs no request."""
    now_ms = picture["now_ms"]
    context = {
        "say": words.say,
        "language": words.language,
        "token": reader.token,
        "cases": reader.cases,
        "alone": reader.person,
        "clock": words.clock(now_ms),
        "clock_iso": words.iso(now_ms),
        "today": words.today(now_ms),
        "status": status.status(picture, words),
        "people": [slots.person(p, now_ms, words) for p in picture["persons"]],
        "lives": life.lives(picture, words),
        "care": care.boxes(picture, words),
        "said": news.said(picture, words),
        "incidents": incidents.incidents(picture, words, reader.hands),
        "texts": texts.texts(picture, words),
        "alarms": alarms.alarms(picture, words),
    }
    return {name: jinja.get_template(f"_{name}.html").render(context) for name in SECTIONS}


@page.get("/")
def index() -> ResponseReturnValue:
    """The page, whole without a script; of one `person` alone where it is asked for her."""
    held, jinja, account = room(), current_app.jinja_env, who()
    asked = request.args.get("person")
    other = None if asked else first.elsewhere(account, held.desk.ask(_how_many))
    if other is not None and other in current_app.view_functions:
        return redirect(url_for(other, lang=request.args.get("lang")))
    picture = held.desk.picture(first.narrowed(only(), asked))
    looked_at(*(person["id"] for person in picture["persons"]))
    words = words_for(picture)
    return render(
        "page.html",
        words,
        about=f"&person={quote(asked)}" if asked else "",
        clock=words.clock(picture["now_ms"]),
        sections=sections(jinja, picture, words, reader()),
        enrol=account.may({OFFICER}),
        box=_box(held.window, words) if held.window else None,
        today_index=words.local(picture["now_ms"]).weekday(),
        labels=box.LABELS,
    )


def _how_many(home: Home, _now_ms: int) -> int | None:
    """How many persons she may see; None where it is not known who lives here."""
    roster = home.household.roster
    return len(seen(roster)) if roster is not None else None


def _box(window: BoxWindow, words: Words) -> dict[str, Any]:
    """The live box; dark and marked offline where the virtual home does not answer."""
    try:
        return {**box.present(window.picture(), words), "offline": False}
    except WindowError:
        dark = {"lids": [False] * 28, "lights": [[0, 0, 0]] * 28, "mains": True}
        return {**box.present(dark, words), "lines": [], "offline": True}


@page.get("/api/box")
def api_box() -> ResponseReturnValue:
    """The live box as JSON in the asked language; 404 in a real home, 503 without an answer."""
    window = _window()
    try:
        return jsonify(box.present(window.picture(), words_for(None)))
    except WindowError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.SERVICE_UNAVAILABLE


@page.post("/box")
def move_box() -> ResponseReturnValue:
    """Move a lid (`lid=3:open`, `lid=3:closed`) or press a button (`button=ok`)."""
    window = _window()
    try:
        if "button" in request.form:
            window.press(request.form["button"])
        else:
            window.lid(*_lid(request.form.get("lid", "")))
    except ValueError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.BAD_REQUEST
    except WindowError as wrong:
        return jsonify({"error": str(wrong)}), HTTPStatus.SERVICE_UNAVAILABLE
    if "application/json" in request.headers.get("Accept", ""):
        return jsonify({"ok": True})
    return redirect(f"/?lang={words_for(None).language}#box", HTTPStatus.SEE_OTHER)


@page.post("/order")
def give_order() -> ResponseReturnValue:
    """Have a box do something (gateway/web/care.py has the fields); committed when answered."""
    words = words_for(None)
    back = first.address(request.form.get("person"))
    try:
        wish = care.wish(request.form, words.zone)
        room().desk.order(wish)
    except WishRefused as refused:
        return sorry(words, HTTPStatus.BAD_REQUEST, words.say(f"order.not.{refused.code}"), back)
    except DeskClosed:
        return sorry(words, HTTPStatus.SERVICE_UNAVAILABLE, words.say("error.503"), back)
    onward = first.address(request.form.get("person"), words.language, f"care-{wish.device_id}")
    return redirect(onward, HTTPStatus.SEE_OTHER)


def _lid(value: str) -> tuple[int, bool]:
    number, _, wish = value.partition(":")
    if not (number.isascii() and number.isdigit() and wish in {"open", "closed"}):
        raise ValueError(f"lid {value!r}: a number, a colon, open or closed")
    return int(number), wish == "open"


def _window() -> BoxWindow:
    window = room().window
    if window is None:
        abort(HTTPStatus.NOT_FOUND)
    return window
