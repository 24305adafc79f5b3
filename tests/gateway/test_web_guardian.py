"""Enrolling, contacts, texts and answers by the page: who may, what follows, what is refused."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Account, Grant
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.home import Home
from gateway.picture import picture
from gateway.prescription.proposal import propose
from gateway.roster import Guardian, Person, Roster
from gateway.web.first import MOST, elsewhere, narrowed
from gateway.web.words import Words
from tests.gateway.home_facts import at, begun, missed_at_seven, only
from tests.gateway.home_facts import roster as a_roster
from tests.web_access import NAME, page_of, signed_in, token_of

NOW = at("19:10")
KO = Words("ko", "Asia/Seoul")
HERS = Grant(GUARDIAN, "soonja")
NUMBER = "+821055556666"
BAG = """암로디핀 5mg 1정 1일 1회 아침 식후 30분 30일분
메트포르민 500mg 1정 1일 2회 아침, 저녁 식후 30분 30일분
로수바스타틴 10mg 1정 1일 1회 저녁 식사 직후 30일분"""
CONTACT = {
    "guardian": "",
    "name": "박민수",
    "number": "010-5555-6666",
    "role": "neighbour",
    "language": "en",
    "after_min": "20",
    "kinds": ["help", "life"],
    "weekdays": ["sat", "sun"],
    "hours_from": "09:00",
    "hours_until": "18:00",
    "quiet_from": "22:00",
    "quiet_until": "07:00",
}


def app_of(home: Home) -> Flask:
    """The page over a home that takes entries."""

    def note(entry: Entry) -> None:
        for fact in entered(home, entry, NOW):
            home.fold(fact)

    desk = Desk(
        lambda only: picture(home.household, home.ledger, NOW, book=home.book, only=only),
        note=note,
        know=lambda: (home, NOW),
    )
    return page_of(desk)


def post(client: FlaskClient, path: str, **fields: Any) -> Any:  # noqa: ANN401 — a form's fields
    """A form sent by whoever is signed in."""
    return client.post(path, data={"token": token_of(client), **fields})


def roster_of(home: Home) -> Roster:
    """The one that counts now."""
    assert home.household.roster is not None
    return home.household.roster


def two_homes() -> Home:
    """김순자, and somebody else with a guardian of her own."""
    base = a_roster()
    other = Guardian("other", "okja", "남", NUMBER, "ko", 0)
    persons = (*base.persons, Person("okja", "최옥자"))
    return missed_at_seven(replace(base, persons=persons, guardians=(*base.guardians, other)))


def test_somebody_new_is_enrolled_with_her_bag_on_three_screens() -> None:
    """Seven fields of fifteen: her, whom to tell, three drugs, and the plan that is confirmed."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home))
    first = client.get("/enrol").text
    who = {"name": "박옥례", "level": "risk", "contact": "박민수"}
    answer = post(client, "/enrol/begin", **who, number="010 5555 6666", language="ko")
    person = roster_of(home).persons[-1]
    assert answer.location == f"/person/{person.id}/bag?lang=ko"
    assert (person.name, person.level) == ("박옥례", "risk")
    (guardian,) = roster_of(home).guardians_of(person.id)
    assert (guardian.name, guardian.number, guardian.after_min) == ("박민수", NUMBER, 0)
    second = client.get(answer.location).text
    answer = post(client, f"/person/{person.id}/bag/enter", text=BAG, date="2026-03-01")
    entered_ = home.household.books[person.id].entered.values()
    assert [f"{one.medication.dispensed_on}" for one in entered_] == ["2026-03-01"] * 3
    third = client.get(answer.location).text
    shown = propose(home.household, person.id, NOW)
    assert not shown.blocked
    post(client, f"/person/{person.id}/plan/confirm", digest=shown.digest)
    confirmed = home.household.books[person.id].confirmed
    assert confirmed is not None
    assert (len(confirmed.medications), confirmed.by) == (3, NAME)
    for screen, html in enumerate((first, second, third), 1):
        assert KO.say("frame.step", n=screen, of=3) in html


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost() -> None:
    """The number that cannot be read is said at the number; what was typed is still there."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home))
    who = {"name": "박옥례", "level": "risk", "contact": "박민수", "language": "ko"}
    answer = post(client, "/enrol/begin", **who, number="곧")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert 'id="f-number-error"' in answer.text
    assert 'value="박옥례"' in answer.text
    assert len(roster_of(home).persons) == 1
    answer = post(client, "/person/soonja/bag/enter", text="암로디핀 두 알쯤")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "암로디핀 두 알쯤" in answer.text
    assert home.household.books == {}


def test_a_contact_is_added_changed_and_taken_off() -> None:
    """Every field of the form is a field of the row; the page shows the ladder as it counts."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home), HERS)
    added_by = post(client, "/person/soonja/contacts/set", **CONTACT)
    assert added_by.status_code == HTTPStatus.SEE_OTHER
    added = roster_of(home).guardians[-1]
    assert added == Guardian(
        added.id, "soonja", "박민수", NUMBER, "en", 20, "neighbour", ("help", "life"),
        {"from": "09:00", "until": "18:00"}, ("sat", "sun"), {"from": "22:00", "until": "07:00"},
    )  # fmt: skip
    page = client.get("/person/soonja/contacts").text
    order = [page.index(text) for text in ("바로", "15분 뒤에", "20분 뒤에", "박민수")]
    assert order == sorted(order)
    assert "010-5555-6666" in page
    changed = {**CONTACT, "guardian": added.id, "after_min": "30", "kinds": []}
    post(client, "/person/soonja/contacts/set", **changed)
    assert (roster_of(home).guardians[-1].after_min, len(roster_of(home).guardians)) == (30, 3)
    post(client, "/person/soonja/contacts/remove", guardian=added.id)
    assert [g.id for g in roster_of(home).guardians] == ["daughter", "neighbour"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("number", "곧", "전화번호를 읽을 수 없습니다"),
        ("after_min", "-3", "0에서 1440까지"),
        ("after_min", "99999", "0에서 1440까지"),
        ("hours_until", "", "시작과 끝을 모두"),
        ("quiet_until", "22:00", "서로 다르게"),
        ("kinds", ["everything"], "목록에서"),
        ("name", "😀", "그림 문자 없이"),
    ],
)
def test_a_contact_is_checked_as_the_configuration_is(
    field: str, value: str | list[str], says: str
) -> None:
    """One sentence: what was wrong and what to write; nothing changes."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home), HERS)
    answer = post(client, "/person/soonja/contacts/set", **{**CONTACT, field: value})
    assert (answer.status_code, says in answer.text) == (HTTPStatus.BAD_REQUEST, True)
    assert len(roster_of(home).guardians) == 2


def test_her_own_row_is_changed() -> None:
    """Name, watch, how long her box asks, her quiet hours; her meals stay as they are."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home), HERS)
    hers = {"name": "김순자(순)", "level": "severe", "ask_min": "10"}
    post(client, "/person/soonja/contacts/person", **hers, quiet_from="22:00", quiet_until="06:00")
    quiet = {"from": "22:00", "until": "06:00"}
    assert roster_of(home).persons[0] == Person(
        "soonja", "김순자(순)", quiet=quiet, ask_min=10, level="severe"
    )
    assert home.household.watched == {"soonja": NOW}


def test_a_guardian_of_another_person_is_not_hers_to_change() -> None:
    """By no form of her page: as if there were none, and nothing changes."""
    home = two_homes()
    before = roster_of(home)
    client = signed_in(app_of(home), HERS)
    stolen = {**CONTACT, "guardian": "other"}
    taken = post(client, "/person/soonja/contacts/set", **stolen)
    gone = post(client, "/person/soonja/contacts/remove", guardian="other")
    seen = client.get("/person/okja/contacts")
    codes = [answer.status_code for answer in (taken, gone, seen)]
    assert codes == [HTTPStatus.NOT_FOUND] * 3
    assert client.get("/enrol").status_code == HTTPStatus.FORBIDDEN
    assert roster_of(home) == before


def test_an_incident_is_answered_by_its_buttons() -> None:
    """I am going, I am there, all is well: the same facts as by text, by who is signed in."""
    home = missed_at_seven()
    client = signed_in(app_of(home), HERS, guardian_id="daughter")
    page = client.get("/incident/1").text
    assert [f'value="{word}"' in page for word in ("going", "there", "well")] == [True] * 3
    answer = post(client, "/incident/1/say", word="going")
    assert answer.location.endswith("done=incident_going#main")
    assert only(home).acked_by == "daughter"
    front = client.get("/").text
    assert 'value="going"' not in front
    assert 'value="well"' in front
    post(client, "/incident/1/say", word="there")
    assert "이지은 님 도착" in client.get("/incident/1").text
    post(client, "/incident/1/say", word="well")
    page = client.get("/incident/1").text
    assert "이지은 님이 끝냄" in page
    assert 'action="/incident/1/say' not in page
    again = post(client, "/incident/1/say", word="going")
    assert (again.status_code, "이미 끝났습니다" in again.text) == (HTTPStatus.BAD_REQUEST, True)


def test_who_only_looks_has_no_buttons_and_no_say() -> None:
    """The resident herself reads; another person's guardian is told there is no such incident."""
    home = two_homes()
    app = app_of(home)
    senior = signed_in(app, Grant(SENIOR, "soonja"))
    assert "/incident/1/say" not in senior.get("/incident/1").text
    stranger = signed_in(app, Grant(GUARDIAN, "okja"))
    for client in (senior, stranger):
        assert post(client, "/incident/1/say", word="well").status_code == HTTPStatus.NOT_FOUND
    assert only(home).live


def test_texts_about_a_person_are_all_there_page_by_page() -> None:
    """Sent and received, the newest first, as far as they came; of nobody else."""
    home = two_homes()
    client = signed_in(app_of(home), HERS)
    page = client.get("/person/soonja/texts").text
    assert page.count('class="text out') == len(home.ledger.texts) == 1
    assert client.get("/person/soonja/texts?page=2").text.count('class="text out') == 0
    stranger = signed_in(app_of(home), Grant(GUARDIAN, "okja"))
    assert stranger.get("/person/okja/texts").text.count('class="text out') == 0


def test_the_first_page_is_of_whom_one_may_see() -> None:
    """A guardian sees her people; one of them alone where she asks; a stranger never."""
    client = signed_in(app_of(two_homes()), HERS, Grant(GUARDIAN, "okja"))
    both, one = client.get("/").text, client.get("/?person=okja").text
    assert ("김순자" in both, "최옥자" in both) == (True, True)
    assert ("김순자" in one, "최옥자" in one) == (False, True)
    mine = signed_in(app_of(two_homes()), HERS)
    for page in (mine.get("/").text, mine.get("/?person=okja").text):
        assert "최옥자" not in page


BEGINNINGS: list[tuple[tuple[Grant, ...], int | None, str | None]] = [
    ((HERS,), 1, None),
    ((Grant(SENIOR, "soonja"),), 1, "me.show"),
    ((Grant(SENIOR, "soonja"), Grant(GUARDIAN, "okja")), 2, None),
    ((Grant(TECHNICIAN),), 5, "install.index"),
    ((Grant(OFFICER), Grant(TECHNICIAN)), MOST, None),
    ((Grant(OFFICER),), MOST + 1, "people.index"),
    ((Grant(OFFICER),), 0, "enrol.show"),
    ((HERS,), 0, None),
    ((Grant(OFFICER),), None, None),
    ((), 3, None),
]


@pytest.mark.parametrize(("grants", "persons", "where"), BEGINNINGS)
def test_each_begins_where_her_work_is(
    grants: tuple[Grant, ...], persons: int | None, where: str | None
) -> None:
    """By role; an officer with the page itself while it can show everybody whole."""
    assert elsewhere(Account("a", NAME, grants), persons) == where


@pytest.mark.parametrize(
    ("may_see", "asked", "seen"),
    [
        (None, None, None),
        (None, "okja", {"okja"}),
        ({"soonja"}, "soonja", {"soonja"}),
        ({"soonja"}, "okja", {"soonja"}),
        (set(), "okja", set()),
    ],
)
def test_asking_for_one_shows_never_more(
    may_see: set[str] | None, asked: str | None, seen: set[str] | None
) -> None:
    """Of the address's word only what she may see anyway."""
    assert narrowed(may_see, asked) == seen
