"""The page put together: its blueprints, and what happens before and after each of them.

Knows: every blueprint. May not know: what any of them shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, has_request_context, request
from flask_babel import Babel  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from gateway.web import sse
from gateway.web.account import account
from gateway.web.accounts import accounts
from gateway.web.adherence import adherence
from gateway.web.answering import answering
from gateway.web.api import api
from gateway.web.calls import calls
from gateway.web.case import case
from gateway.web.contacts import contacts
from gateway.web.coverage import coverage
from gateway.web.design import design
from gateway.web.door import leave, permitted, take_seat
from gateway.web.doorway import doorway
from gateway.web.ending import ending
from gateway.web.enrol import enrol
from gateway.web.entry import entry
from gateway.web.feed import feed
from gateway.web.handset import handset
from gateway.web.importing import bringing
from gateway.web.incident import incident
from gateway.web.install_person import install
from gateway.web.intake import intake
from gateway.web.live import live
from gateway.web.looks import looks
from gateway.web.me import me
from gateway.web.metrics import count, metrics
from gateway.web.months import months
from gateway.web.nets import nets
from gateway.web.older import older
from gateway.web.pausing import pausing
from gateway.web.people import people
from gateway.web.phone import phone
from gateway.web.plan import plan
from gateway.web.prescriptions import prescriptions
from gateway.web.recordings import recordings
from gateway.web.refill import refill
from gateway.web.room import (
    FORM_LIMIT_BYTES,
    LOOPBACK,
    Room,
    error,
    guard,
    known_host,
    language,
    zone,
)
from gateway.web.rota import rota
from gateway.web.safe import Vault
from gateway.web.smaller import smaller
from gateway.web.surveys import surveys
from gateway.web.views import page
from gateway.web.written import written

BLUEPRINTS = (
    entry,
    account,
    accounts,
    looks,
    page,
    incident,
    older,
    answering,
    contacts,
    enrol,
    written,
    pausing,
    prescriptions,
    plan,
    refill,
    adherence,
    calls,
    recordings,
    coverage,
    nets,
    surveys,
    people,
    months,
    phone,
    handset,
    case,
    ending,
    rota,
    doorway,
    intake,
    bringing,
    api,
    feed,
    metrics,
    live,
    design,
    install,
    me,
)


class Page(Flask):
    """Flask, but its log names the endpoint where something went wrong: addresses hold secrets."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 - as sys.exc_info has it
        """One line and the traceback."""
        where = request.endpoint if has_request_context() else None
        self.logger.error("went wrong: %s", where, exc_info=exc_info)


def create_app(
    desk: sse.Desk,
    vault: Vault,
    *,
    hosts: Iterable[str] = LOOPBACK,
    address: str | None = None,
) -> Flask:
    """The page over a desk. `hosts`: names it may be asked by (the Host header, without port).

    `address`: where people outside find it ("https://anbu.example.org"); None = nowhere.
    """
    app = Page(__name__)
    app.config["MAX_CONTENT_LENGTH"] = FORM_LIMIT_BYTES
    app.extensions["anbu"] = Room(desk, vault, frozenset(hosts), address)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(HTTPException, error)
    Babel(app, configure_jinja=False, locale_selector=language, timezone_selector=zone)
    for step in (known_host, take_seat, permitted):
        app.before_request(step)
    count(app, desk)
    app.after_request(smaller)
    app.after_request(guard)
    app.after_request(leave)
    return app
