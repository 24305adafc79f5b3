"""Every page there is, by the URL map, with something on it: for tests that walk them all.

Knows: what stands for each part of an address, a home with something of everything. May not know:
what any page shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from anbu_wire import messages as wire
from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant
from gateway.desk import Desk
from gateway.events import (
    Event,
    HouseholdReported,
    HouseholdSurveyed,
    IntakeChanged,
    NetSaid,
    PhoneUsed,
    PhoneWatched,
    PlateMade,
    VisitMade,
    VisitsPlanned,
)
from gateway.home import Home
from gateway.picture import picture
from gateway.units import DAY_MS
from gateway.vault import Vault
from gateway.vault.codes import JOIN
from gateway.visiting import plates
from gateway.web.paces import Paces
from gateway.web.rota import KEY as PLATES
from tests.gateway.home_facts import BOX, record, settle
from tests.web import lived
from tests.web.called_home import calls_made
from tests.web.flat import FlatWorkshop
from tests.web_access import page_of, signed_in

ROLES: dict[str, tuple[Grant, ...]] = {
    "officer": (Grant(OFFICER),),
    "guardian": (Grant(GUARDIAN, lived.PERSON),),
    "technician": (Grant(TECHNICIAN),),
    "senior": (Grant(SENIOR, lived.PERSON),),
}
# What stands in an address for its parts, by their names.
SAMPLES: dict[str, object] = {
    "person_id": lived.PERSON,
    "number": 1,
    "device_id": BOX,
    "plate": 1,
    "household_id": "@1",
}
# No page, and not to be asked like one: a stream, a box on the bench, an address that is a secret.
NO_PAGE = frozenset(
    {
        "static",
        "page.live",
        "live.stream",
        "page.api_box",
        "feed.doses",
        "handset.hook",
        "surveys.report",
    }
)
HOST = "http://localhost"


@dataclass(frozen=True)
class Place:
    """A page as one role sees it."""

    endpoint: str
    path: str
    role: str

    def __str__(self) -> str:
        return f"{self.path} ({self.role})"


def lived_in() -> Home:
    """Four weeks of doses, two fresh bags, a call for help that nobody has answered yet."""
    home = lived.waiting()
    home.fold(record(9_001, wire.HELP_PRESSED, lived.NOW_MS))
    home.fold(PhoneWatched(lived.NOW_MS - DAY_MS, lived.PERSON, 24, "daughter", "이지은"))
    home.fold(PhoneUsed(lived.NOW_MS - DAY_MS // 24, lived.PERSON, "unlock", 71))
    for fact in (*_looked_in(), *calls_made()):
        home.fold(fact)
    home.fold(
        HouseholdSurveyed(lived.NOW_MS, "@1", "최영수", "율하동", "안심로 3", 1941, "", "이지은")
    )
    for of in (lived.PERSON, "@1"):
        home.fold(
            NetSaid(lived.NOW_MS, of, "plug", "refused", "2026-03-01", "2026-03-03", "", "이지은")
        )
    settle(home, lived.NOW_MS)
    return home


def _looked_in() -> Iterator[Event]:
    """A helper every week, a plate at the door, a visit, a report that an officer looked at."""
    then_ms, by = lived.NOW_MS - DAY_MS // 24, "이지은"
    yield VisitsPlanned(then_ms, lived.PERSON, "정도우", "helper", (0, 3), 1, "2026-03-02", by)
    yield PlateMade(then_ms, 1, lived.PERSON, "", "", by)
    yield VisitMade(then_ms, lived.PERSON, "정도우", "well", "함께 차를 마심", by)
    yield HouseholdReported(then_ms, 1, "율하동", "12-3", "우편물이 쌓임", "@report")
    yield IntakeChanged(then_ms, 1, "visited", "", "문 열어 주심", by)


class Walk:
    """The page over one home, and a client of each role."""

    def __init__(self, folder: Path, now_ms: int = lived.NOW_MS) -> None:
        """`folder`: where the technician's keys stand."""
        self.home = lived_in()
        self.desk = Desk(
            lambda only: picture(
                self.home.household, self.home.ledger, now_ms, only=only, book=self.home.book
            ),
            know=lambda: (self.home, now_ms),
        )
        self.desk.workshop = FlatWorkshop(folder)
        vault = Vault(None)
        self.app: Flask = page_of(self.desk, vault)
        body: dict[str, object] = {
            "name": "박영희",
            "by": "이지은",
            "grants": [],
            "language": "ko",
            "number": None,
        }
        opening = vault.codes.make(JOIN, body, now_ms, now_ms + DAY_MS)
        telephone = vault.links.make("phone", lived.PERSON, "어머님 전화", now_ms)
        self.samples = {**SAMPLES, "code": vault.codes.draw(opening), "secret": telephone}
        self.samples["door"] = plates.code(
            self.home.household.visits.plates[1], vault.keys.get(PLATES)
        )
        self.samples["call_id"] = max(self.home.household.calls.recordings)
        self.desk.listen = lambda _call_id: b"RIFF"
        self.clients: dict[str, FlaskClient] = {
            role: signed_in(self.app, *grants, guardian_id="daughter")
            for role, grants in ROLES.items()
        }
        self.clients["nobody"] = self.app.test_client()

    @cached_property
    def answers(self) -> dict[str, dict[str, TestResponse]]:
        """Endpoint → role → what is answered to a plain question without arguments."""
        return {
            rule.endpoint: {
                role: client.get(self.path(rule), headers={"Accept": "text/html"}, buffered=False)
                for role, client in self.clients.items()
            }
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGE
        }

    def path(self, rule: Rule) -> str:
        """An address of this rule; what has no sample stays as it is in the rule."""
        asked: dict[str, Any] = {
            name: self.samples.get(name, f"no-{name}") for name in rule.arguments
        }
        with self.app.test_request_context():
            return str(self.app.url_for(rule.endpoint, **asked))

    def places(self) -> Iterator[Place]:
        """Every page: once, as the first role that sees it does; the first page for each."""
        for endpoint, by_role in self.answers.items():
            seeing = [role for role, answer in by_role.items() if is_page(answer)]
            for role in seeing if endpoint == "page.index" else seeing[:1]:
                yield Place(endpoint, by_role[role].request.path, role)

    def open(self, page: Page, place: Place, language: str) -> None:
        """The page in a browser; its questions are answered here, without a network."""
        client = self.clients[place.role]
        # The home's clock stands still, so whoever walks all pages would be too fast for some.
        self.app.extensions["anbu"].paces = Paces()

        def answer(route: Route) -> None:
            if "/live?" in route.request.url:
                return  # a stream that says nothing yet
            said = client.get(route.request.url.removeprefix(HOST))
            route.fulfill(status=said.status_code, headers=dict(said.headers), body=said.data)

        page.unroute_all(behavior="ignoreErrors")
        page.route("**/*", answer)
        page.goto(f"{HOST}{place.path}?lang={language}", wait_until="load")


def is_page(answer: TestResponse) -> bool:
    """Whether people look at it: HTML, and not only a part that a page fetches."""
    html = answer.status_code == HTTPStatus.OK and answer.mimetype == "text/html"
    return html and answer.text.startswith("<!doctype html>")
