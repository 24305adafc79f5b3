"""The ways through the pages: what the first lines say, where links lead, whose fault it is."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from gateway.access import OFFICER, SENIOR, Grant
from gateway.prescription.proposal import propose
from gateway.web.looks import PLACES
from gateway.web.slots import PAGES
from gateway.web.words import Words
from tests.gateway.home_facts import at, begun, missed_at_seven
from tests.gateway.test_web_guardian import BAG, HERS, KO, NOW, app_of, post, roster_of
from tests.web_access import signed_in


def test_the_first_lines_say_whom_we_told() -> None:
    """Of what is open the names and how far the text is; else of the last one; and of none."""
    home = missed_at_seven()
    app = app_of(home)
    hers = signed_in(app, HERS, guardian_id="daughter")
    told = KO.say("hero.told", n=1, names="").strip()
    assert told in hers.get("/").text
    assert KO.say("hero.answer", n=1) in hers.get("/").text
    assert (
        KO.say("hero.answer", n=1)
        not in signed_in(app, Grant(SENIOR, "soonja")).get("/?person=soonja").text
    )
    post(hers, "/incident/1/say", word="well")
    page = hers.get("/").text
    assert KO.say("hero.told.last", names="").strip() in page
    assert told not in page
    never = signed_in(app_of(begun(at("12:00"))), HERS).get("/").text
    assert KO.say("hero.told.never") in never


@pytest.mark.parametrize(
    ("grant", "more"),
    [(HERS, ()), (Grant(OFFICER, "soonja"), ("case",)), (Grant(OFFICER), ("case",))],
)
def test_every_page_of_a_person_leads_to_all_the_others(
    grant: Grant, more: tuple[str, ...]
) -> None:
    """The same way through on each, and no link leads to a closed door."""
    client = signed_in(app_of(begun(at("12:00"))), grant)
    for name in (*more, *PAGES):
        text = client.get(f"/person/soonja/{name}").text
        for other in (*more, *PAGES):
            assert f'href="/person/soonja/{other}?lang=ko"' in text, (name, other)
        assert ('href="/person/soonja/case?' in text) == bool(more)
        assert text.count('aria-current="page"') == 1, name


def test_she_herself_sees_who_looked_and_no_way_to_a_closed_door() -> None:
    """Her access log has no links to the carers' pages."""
    client = signed_in(app_of(begun(at("12:00"))), Grant(SENIOR, "soonja"))
    assert "/person/soonja/access-log?" in client.get("/me").text
    log = client.get("/person/soonja/access-log")
    assert log.status_code == HTTPStatus.OK
    assert "/person/soonja/plan" not in log.text


def test_an_error_says_whose_fault_it_is() -> None:
    """A closed page is about the account; a refused entry changed nothing and says that."""
    hers = signed_in(app_of(begun(at("12:00"))), HERS)
    closed = hers.get("/people")
    assert closed.status_code == HTTPStatus.FORBIDDEN
    assert KO.say("error.403.account") in closed.text
    refused = post(hers, "/person/soonja/plan/confirm", digest="of another day")
    assert refused.status_code >= HTTPStatus.BAD_REQUEST
    assert KO.say("error.title.entry") in refused.text
    foreign = hers.post("/person/soonja/plan/confirm", data={"token": "of another"})
    assert KO.say("error.403") in foreign.text


def test_the_way_on_is_there_for_whoever_may_go_it() -> None:
    """Somebody new is found from the list, but only by an officer of everybody."""
    app = app_of(begun(at("12:00")))
    assert 'href="/enrol?' in signed_in(app).get("/people").text
    assert 'href="/enrol?' not in signed_in(app, Grant(OFFICER, "soonja")).get("/people").text


def test_a_plan_without_a_box_is_not_said_to_be_sent() -> None:
    """Who has no box yet: confirmed, and it goes when a box is placed."""
    home = begun(at("12:00"))
    client = signed_in(app_of(home))
    who = {"name": "박옥례", "level": "risk", "contact": "박민수"}
    post(client, "/enrol/begin", **who, number="010 5555 6666", language="ko")
    person = roster_of(home).persons[-1].id
    post(client, f"/person/{person}/bag/enter", text=BAG, date="2026-03-01")
    plan = client.get(f"/person/{person}/plan").text
    assert KO.say("plan.confirm.no_box.do") in plan
    assert KO.say("plan.confirm.do") not in plan
    digest = propose(home.household, person, NOW).digest
    done = post(client, f"/person/{person}/plan/confirm", digest=digest)
    assert KO.say("done.confirmed_no_box") in client.get(done.location).text


@pytest.mark.parametrize("words", [KO, Words("en", "Asia/Seoul")])
def test_every_place_in_the_access_log_has_a_word(words: Words) -> None:
    """Nobody reads an endpoint."""
    assert [place for place in sorted(PLACES) if not words.has(f"look.{place}")] == []


def test_a_calendar_is_an_address_of_one_person() -> None:
    """One press makes it, whole and once; of nobody in particular there is none."""
    app = app_of(begun(at("12:00")))
    client = signed_in(app, HERS)
    made = post(client, "/account/token", name="달력", scope="read:calendar", person="soonja")
    found = re.search(r"http://localhost(/feed/[\w-]+\.ics)", made.text)
    assert found
    assert app.test_client().get(found[1]).mimetype == "text/calendar"
    assert found[1] not in client.get("/account").text
    officer = signed_in(app, Grant(OFFICER))
    refused = post(officer, "/account/token", name="달력", scope="read:calendar", person="")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert KO.say("token.one") in refused.text


def test_a_table_that_was_forgotten_is_asked_for() -> None:
    """Nothing chosen, nothing pasted: it says so, and does not draw the same page again."""
    answer = post(signed_in(app_of(begun(at("12:00")))), "/people/import", text=" ")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert KO.say("import.nothing") in answer.text
