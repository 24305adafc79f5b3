"""Plate → check-in → fact → sign of life or incident → text; rota, links, reports, by the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from gateway.access import GUARDIAN, OFFICER, Grant
from gateway.events import (
    HouseholdReported,
    IntakeChanged,
    TextDecided,
    VisitMade,
    VisitsPlanned,
)
from gateway.life.signs import Source
from gateway.officer.rounds import ReportHousehold
from gateway.roster import Guardian
from gateway.web.rota import KEY
from tests.gateway.home_facts import DAUGHTER, at, begun, roster, texts
from tests.web.flat import Flat
from tests.web_access import page_of, signed_in, token_of

HER = "soonja"
OFFICER_NUMBER = "+821055554444"
PEOPLE = (
    Guardian("daughter", HER, "이지은", DAUGHTER, "ko", 0),
    Guardian("officer", HER, "박복지", OFFICER_NUMBER, "ko", 30, role="officer"),
)
NAMES = ("김순자", "soonja", "이지은")


@pytest.fixture
def flat(tmp_path: Path) -> Flat:
    """Her home at three in the afternoon, without doses; a daughter and an officer."""
    return Flat(begun(at("08:00"), roster(guardians=PEOPLE, regimens=())), tmp_path)


class House:
    """The page over a flat, with an officer signed in and a stranger at the door."""

    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.app = page_of(flat.desk)
        self.officer = signed_in(self.app, Grant(OFFICER))
        self.stranger = self.app.test_client()

    def post(self, path: str, **form: str) -> int:
        """The officer sends a form."""
        data = {"token": token_of(self.officer), **form}
        return self.officer.post(path, data=data).status_code

    def plate(self, **form: str) -> str:
        """A new plate's path."""
        assert self.post(f"/person/{HER}/visits/plate", **{"who": "", "role": "", **form}) == 303
        shown = self.officer.get(f"/person/{HER}/visits").text
        return str(re.findall(r"http://localhost(/door/[0-9a-z]+)", shown)[-1])


def test_who_scans_the_plate_says_what_she_found_without_signing_in(flat: Flat) -> None:
    """Nobody opened: both are told; the page shows no name; all is well later ends it."""
    house = House(flat)
    path = house.plate()
    page = house.stranger.get(path)
    assert page.status_code == 200
    assert not [name for name in NAMES if name in page.text]
    answer = house.stranger.post(path, data={"outcome": "nobody", "text": "신문이  쌓임"})
    assert answer.status_code == 303
    assert "119" in house.stranger.get(answer.headers["Location"]).text
    made = flat.home.household.visits.made[HER]
    assert [(m.outcome, m.text, m.by) for m in made] == [("nobody", "신문이 쌓임", "@door")]
    facts = flat.settle()
    assert texts(facts) == [("visit_nobody", DAUGHTER)]
    shown = unescape(house.officer.get("/incident/1").text)
    assert "신문이 쌓임" in shown
    flat.now_ms += 60_000
    house.stranger.post(path, data={"outcome": "well", "text": ""})
    flat.settle()
    assert not flat.home.ledger.live
    last = flat.home.household.signs.last(HER, flat.home.household.timelines)
    assert last is not None
    assert (last.source, last.at_ms) == (Source.VISIT, flat.now_ms)


def test_a_plate_that_nobody_signed_or_that_was_ended_opens_nothing(flat: Flat) -> None:
    """Another number with the same signature, one wrong letter, an ended plate: 404, no fact."""
    house = House(flat)
    path = house.plate()
    wrong = path[:-1] + ("2" if path[-1] != "2" else "3")
    other = path.replace("/door/3", "/door/4", 1)
    for bad in (wrong, other, "/door/x", "/door/" + "2" * 40):
        assert house.stranger.get(bad).status_code == 404
        assert house.stranger.post(bad, data={"outcome": "well"}).status_code == 404
    assert house.post(f"/person/{HER}/visits/end", plate="1") == 303
    assert house.stranger.post(path, data={"outcome": "well"}).status_code == 404
    assert HER not in flat.home.household.visits.made
    again = house.plate()
    assert again != path


def test_the_key_is_in_the_vault_and_not_in_the_log(flat: Flat) -> None:
    """No fact holds the code of a plate or the key that signs it."""
    house = House(flat)
    code = house.plate().rpartition("/")[2]
    key = house.app.extensions["anbu"].vault.keys.get(KEY)
    said = repr(flat.facts)
    assert code not in said
    assert repr(key) not in said
    assert key.hex() not in said


def test_one_plate_does_not_speak_without_end(flat: Flat) -> None:
    """The seventh press of a minute is refused with what to do, and is no fact."""
    house = House(flat)
    path = house.plate()
    outcomes = ("well", "nobody", "worried", "handed", "left", "still_there", "well")
    codes = [house.stranger.post(path, data={"outcome": one}).status_code for one in outcomes]
    assert codes == [303] * 6 + [429]
    assert len(flat.home.household.visits.made[HER]) == 6


def test_what_was_pressed_twice_is_written_down_once(flat: Flat) -> None:
    """A trembling finger makes one fact; a word more makes another."""
    house = House(flat)
    path = house.plate()
    for text in ("", "", "우편물"):
        house.stranger.post(path, data={"outcome": "nobody", "text": text})
    assert [m.text for m in flat.home.household.visits.made[HER]] == ["", "우편물"]


def test_the_link_of_a_deliverer_speaks_for_her(flat: Flat) -> None:
    """It opens with a deliverer's buttons; what is pressed stands under her name."""
    house = House(flat)
    path = house.plate(who="한국야쿠르트", role="deliverer")
    page = house.stranger.get(path).text
    assert 'value="still_there"' in page
    assert "한국야쿠르트" not in page
    house.stranger.post(path, data={"outcome": "still_there"})
    assert texts(flat.settle()) == [("delivery_left", DAUGHTER)]
    flat.now_ms += 3_600_000
    house.stranger.post(path, data={"outcome": "handed"})
    flat.settle()
    assert not flat.home.ledger.live
    (deliverer,) = {m.deliverer for m in flat.home.household.visits.made[HER]}  # type: ignore[union-attr]
    assert deliverer == "한국야쿠르트"


def test_a_rota_is_kept_by_the_page_and_a_missed_visit_told_to_the_office(flat: Flat) -> None:
    """Monday's helper did not come: on Tuesday the officer is told, the daughter is not."""
    house = House(flat)
    form = {"who": "정도우", "role": "helper", "weekdays": "0", "every_weeks": "1"}
    assert house.post(f"/person/{HER}/visits/plan", **form, from_day="2026-03-02") == 303
    (line,) = (f for f in flat.facts if isinstance(f, VisitsPlanned))
    assert (line.weekdays, line.by) == ((0,), "이지은")
    shown = house.officer.get("/people/visits?day=2026-03-02").text
    assert "정도우" in shown
    flat.now_ms = at("09:30", "2026-03-03")
    flat.settle()
    flat.now_ms = at("10:30", "2026-03-03")
    told = texts([f for f in flat.facts if f.kind == "text_decided"] + flat.settle())
    assert [one for one in told if one[0] == "visit_missed"] == [("visit_missed", OFFICER_NUMBER)]
    assert house.post(f"/person/{HER}/visits/said", outcome="well", text="") == 303
    flat.settle()
    assert not [i for i in flat.home.ledger.live if "missed" in flat.home.ledger.incidents[i].key]


def test_a_guardian_sees_who_looks_in_and_nobody_elses_plate_is_hers(flat: Flat) -> None:
    """Her page opens; another person's plate number is not printed or ended through it."""
    house = House(flat)
    house.plate()
    daughter = signed_in(house.app, Grant(GUARDIAN, HER))
    assert daughter.get(f"/person/{HER}/visits").status_code == 200
    assert daughter.get(f"/person/{HER}/visits/plate/9.pdf").status_code == 404
    assert daughter.get("/people/intake").status_code == 403
    assert house.stranger.get(f"/person/{HER}/visits").status_code == 401


def test_a_rider_reports_and_the_office_deals_with_it(flat: Flat) -> None:
    """No sign-in; the officer is told without an address; enrolled, it is over and stays listed."""
    house = House(flat)
    form = house.stranger.get("/report").text
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token
    said = {"dong": "율하동", "address": "12-3 지하", "text": "우편물이 쌓였어요"}
    sent = house.stranger.post("/report", data={"token": token[1], **said})
    assert sent.status_code == 303
    facts = flat.settle()
    assert texts(facts) == [("household_reported", OFFICER_NUMBER)]
    assert not [f for f in facts if isinstance(f, TextDecided) and "12-3" in f.body]
    listed = unescape(house.officer.get("/people/intake").text)
    assert all(word in listed for word in said.values())
    assert house.post("/people/intake/1", state="enrolled", person="없는 분", text="") == 400
    assert house.post("/people/intake/1", state="enrolled", person="김순자", text="등록") == 303
    assert house.post("/people/intake/1", state="visited", person="", text="") == 400
    flat.settle()
    assert not flat.home.ledger.live
    changed = [f for f in flat.facts if isinstance(f, IntakeChanged)]
    assert [(c.state, c.person_id) for c in changed] == [("enrolled", HER)]
    assert "율하동" in house.officer.get("/people/intake?show=all").text


def test_nobody_reports_without_end_or_from_another_site(flat: Flat) -> None:
    """Four in a minute are one too many; a form without our token is refused."""
    house = House(flat)
    assert house.stranger.post("/report", data={"dong": "가"}).status_code == 403
    form = house.stranger.get("/report").text
    token = re.search(r'name="token" value="([^"]+)"', form)
    assert token
    said = {"token": token[1], "dong": "율하동", "address": "1-1"}
    codes = [
        house.stranger.post("/report", data={**said, "text": f"걱정 {n}"}).status_code
        for n in range(4)
    ]
    assert codes == [303, 303, 303, 429]
    assert len([f for f in flat.facts if isinstance(f, HouseholdReported)]) == 3
    shown = unescape(house.officer.get("/people/intake").text)
    assert "같은 곳의 제보" in shown


def test_who_closes_a_case_by_a_visit_has_kept_the_days_appointment(flat: Flat) -> None:
    """The older note "visited" is the same visit: a sign of life, and nothing is missed."""
    house = House(flat)
    house.post(f"/person/{HER}/case/visit", day="2026-03-02", wanted="yes")
    path = house.plate()
    house.stranger.post(path, data={"outcome": "worried"})
    flat.settle()
    assert house.post(f"/person/{HER}/case/close", incident="1", why="visited", text="뵘") == 303
    visits = flat.home.household.visits
    newest = visits.newest(HER)
    assert isinstance(newest, VisitMade)
    assert (newest.visitor, newest.outcome) == ("이지은", "well")
    assert newest.text == ""  # what an officer wrote into her book no guardian reads
    assert [due.who for due in visits.due_on(HER, date(2026, 3, 2))] == ["이지은"]
    flat.now_ms = at("11:00", "2026-03-03")
    assert "visit_missed" not in [purpose for purpose, _to in texts(flat.settle())]


def test_a_report_about_somebody_known_says_so_and_is_kept(tmp_path: Path) -> None:
    """The same place, written otherwise, leads to her; another house number does not."""
    people = roster(guardians=PEOPLE, regimens=())
    her = replace(people.persons[0], dong="율하동", address="12-3번지 201호")
    flat = Flat(begun(at("08:00"), replace(people, persons=(her,))), tmp_path)
    house = House(flat)
    for address in ("12-3, 201", "77-1"):
        flat.desk.enter(ReportHousehold("율하동", address, f"걱정 {address}", "@report"))
    listed = unescape(house.officer.get("/people/intake?lang=ko").text)
    other, _, same = listed.partition('id="report-1"')
    assert "같은 주소에 이미 아는 분" in same
    assert "김순자" in same
    assert "김순자" not in other


def test_a_deliverer_finds_her_own_buttons_before_the_others(flat: Flat) -> None:
    """Nobody opens for a parcel: the way to her page stands above the first button."""
    house = House(flat)
    path = house.plate()
    page = house.stranger.get(path).text
    switch = page.index("as=deliverer")
    assert switch < page.index('value="nobody"')
    assert "tel:119" in page
    hers = house.stranger.get(f"{path}?as=deliverer").text
    assert 'value="left"' in hers
    assert 'value="nobody"' not in hers


def test_a_dead_plate_leads_on(flat: Flat) -> None:
    """Who worries in front of a plate that is not in use can still tell somebody."""
    page = House(flat).stranger.get("/door/x").text
    assert "/report" in page
    assert "tel:119" in page


@pytest.mark.parametrize("field", ["dong", "address", "text"])
def test_a_report_says_at_which_field_it_fails(flat: Flat, field: str) -> None:
    """The sentence stands at that field, which has the focus; what was typed is still there."""
    house = House(flat)
    token = re.search(r'name="token" value="([^"]+)"', house.stranger.get("/report").text)
    assert token
    said = {"dong": "율하동", "address": "12-3 지하", "text": "우편물이 쌓였어요", field: " "}
    answer = house.stranger.post("/report", data={"token": token[1], **said})
    assert answer.status_code == 400
    wrong = [
        tag for tag in re.findall(r"<(?:input|textarea)[^>]*>", answer.text) if "-error" in tag
    ]
    assert len(wrong) == 1
    assert f'id="f-{field}"' in wrong[0]
    assert 'aria-invalid="true"' in wrong[0]
    assert "autofocus" in wrong[0]
    assert all(word in unescape(answer.text) for word in said.values())
