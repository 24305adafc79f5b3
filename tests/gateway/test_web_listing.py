"""gateway.web.listing, workplace, live: what the lists' streams draw, for whom, and how seldom."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import pytest
from flask import Flask

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.access import GUARDIAN, OFFICER, TECHNICIAN, Grant
from gateway.desk import Desk
from gateway.events import GatewayStarted, PartFailed, RosterSet
from gateway.home import Home
from gateway.installation import Check, Measured, checks
from gateway.officer.choosing import Wanted
from gateway.web import live, workplace
from gateway.web.listing import Listing
from gateway.web.words import Words
from tests.gateway.api.served import Served
from tests.gateway.home_facts import record
from tests.gateway.officer.district import NOW_MS, begun, down, roster, settle
from tests.gateway.test_web_people import called
from tests.web_access import signed_in

KO = Words("ko", "Asia/Seoul")


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test need not wait between two looks."""
    monkeypatch.setattr(live, "LIST_REST_S", 0.0)


def first_of(app: Flask, address: str, *grants: Grant) -> tuple[int, dict[str, str]]:
    """Status, and the sections with which a stream begins."""
    with signed_in(app, *grants).get(address, buffered=False) as answer:
        if answer.status_code != 200:
            return answer.status_code, {}
        parts = itertools.islice(answer.iter_encoded(), 2)
        now = b"".join(parts).decode().split("data: ")[-1]
    sections: dict[str, str] = json.loads(now)["sections"]
    return 200, sections


class Dong:
    """Three persons at an instant that goes on, and the list of one officer over them."""

    def __init__(self) -> None:
        self.home, self.now_ms, self.templates = begun(), NOW_MS, 0
        self.desk = Desk(lambda _only: {}, know=lambda: (self.home, self.now_ms))
        self.jinja = Served(self.home, NOW_MS).app.jinja_env
        self.list = self.listing(Wanted())

    def listing(self, wanted: Wanted) -> Listing:
        return Listing(self.desk, self.jinja, wanted, KO, None)


def test_the_list_is_drawn_only_when_the_board_says_otherwise() -> None:
    """A fact that changes no row costs no drawing; a row that changes is there at the next look."""
    dong = Dong()
    _, first = dong.list()
    dong.home.fold(PartFailed(NOW_MS, "modem", "no SIM"))
    dong.now_ms += 1_000
    assert dong.list()[1] is first
    dong.home.fold(down("malsoon", dong.now_ms))
    call = record(2, wire.HELP_PRESSED, dong.now_ms, slot_day=None, slot_index=None)
    dong.home.fold(call)
    settle(dong.home, dong.now_ms)
    _, after = dong.list()
    assert after is not first
    assert "도움 버튼을 눌렀습니다" in after["list"]


def test_what_was_ago_goes_on() -> None:
    """Nothing changes but the time: after a minute every "ago" and the clock are drawn anew."""
    dong = Dong()
    _, first = dong.list()
    dong.now_ms += 60_000
    now_ms, after = dong.list()
    assert now_ms == dong.now_ms
    assert (first["clock"] != after["clock"], first["list"] != after["list"]) == (True, True)


def test_an_incident_of_the_home_is_another_version() -> None:
    """What concerns everybody stands above the list at once, though no row is another."""
    dong = Dong()
    dong.home.fold(PartFailed(NOW_MS, "modem", "no SIM"))
    for _ in range(40):
        dong.now_ms += 3_600_000
        before = dong.list()[1]
        settle(dong.home, dong.now_ms)
        if dong.home.board.home(dong.home.ledger):
            break
    assert dong.home.board.home(dong.home.ledger)
    assert dong.list()[1]["levels"] != before["levels"]


def many(n: int) -> Home:
    """So many persons without a device."""
    people = tuple(rosters.Person(f"p{i:03}", f"사람{i:03}") for i in range(n))
    home = Home()
    home.fold(GatewayStarted(NOW_MS, "test"))
    who = replace(roster(), persons=people, devices=(), guardians=())
    home.fold(RosterSet(NOW_MS, rosters.to_json(who)))
    return home


@pytest.mark.parametrize("name", ["people", "install"])
def test_of_many_only_the_shown_page_is_sent(name: str) -> None:
    """Of a hundred the second page of forty, and of a search those who are found."""
    app = Served(many(100), NOW_MS).app
    role = Grant({"people": OFFICER, "install": TECHNICIAN}[name])
    _, sections = first_of(app, f"/live?list={name}&page=2&lang=ko", role)
    part = sections["list" if name == "people" else "everybody"]
    assert ("사람039" in part, "사람040" in part, "사람079" in part, "사람080" in part) == (
        False, True, True, False,
    )  # fmt: skip
    _, sections = first_of(app, f"/live?list={name}&q=%EB%9E%8C042&lang=ko", role)
    part = sections["list" if name == "people" else "everybody"]
    assert ("사람042" in part, "사람043" in part) == (True, False)


def test_a_technicians_checks_are_made_of_whom_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred persons forty check lists are made, those of the page."""
    asked: list[str] = []

    def spied(home: Home, person_id: str, how: Measured, now_ms: int) -> tuple[Check, ...]:
        asked.append(person_id)
        return checks(home, person_id, how, now_ms)

    monkeypatch.setattr(workplace, "checks", spied)
    first_of(Served(many(100), NOW_MS).app, "/live?list=install", Grant(TECHNICIAN))
    assert len(asked) == workplace.PAGE_ROWS


def test_a_list_is_for_whom_its_page_is() -> None:
    """The officer's list is no guardian's, the technician's no officer's; another is not there."""
    app = Served(called(), NOW_MS).app
    assert first_of(app, "/live?list=people", Grant(GUARDIAN, "soonja"))[0] == 403
    assert first_of(app, "/live?list=install", Grant(OFFICER))[0] == 403
    assert first_of(app, "/live?list=others", Grant(OFFICER))[0] == 404


@pytest.mark.parametrize(("name", "role"), [("people", OFFICER), ("install", TECHNICIAN)])
def test_a_stream_names_whom_she_may_see(name: str, role: object) -> None:
    """Responsible for one of three: the stream has the one."""
    grant = Grant(role, "malsoon")  # type: ignore[arg-type]
    app = Served(called(), NOW_MS).app
    _, sections = first_of(app, f"/live?list={name}", grant, Grant(GUARDIAN, "soonja"))
    whole = "".join(sections.values())
    assert ("이말순" in whole, "김순자" in whole, "박정호" in whole) == (True, False, False)


def test_who_looks_by_a_stream_is_written_down() -> None:
    """The list's stream stands in everybody's access log as its page does."""
    house = Served(called(), NOW_MS)
    first_of(house.app, "/live?list=people", Grant(OFFICER))
    assert {look.page for look in house.place.vault.looks.about("jungho")} == {"live.stream"}
