"""The plan's page: what changes, confirmed only as it was seen, and what the box says to it."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from gateway.entering import Confirm
from gateway.events import ScheduleOnBox
from gateway.home import Home
from gateway.prescription.proposal import propose
from gateway.prescription.schedule import make_schedule
from gateway.prescription.supplies import Reason
from gateway.prescription.words import WORDS
from gateway.web.words import Words
from tests.gateway.home_facts import BOX
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk, client_of, token_of
from tests.web.lived import NOW_MS, PERSON

BASE = f"/person/{PERSON}/plan"
KO = Words("ko", "Asia/Seoul")
DAY_MS = 86_400_000


def page_of(home: Home, language: str = "ko") -> tuple[FakeDesk, FlaskClient, str]:
    """The page over a home."""
    desk = FakeDesk(fakes.calm(), home=home)
    client = client_of(desk)
    return desk, client, client.get(f"{BASE}?lang={language}").text


def digest_in(html: str) -> str:
    """The digest of what is shown."""
    found = re.search(r'name="digest" value="(\w+)"', html)
    assert found
    return found.group(1)


def test_before_and_after_stand_side_by_side() -> None:
    """A change says its days, its hour, its contents before and after, and the first dose of it."""
    _, _, html = page_of(lived.waiting())
    changes = html[html.index('class="changes"') :].split("</section>")[0]
    proposal = propose(lived.waiting().household, PERSON, NOW_MS)
    assert changes.count('class="before-after"') == len(proposal.changes)
    for sentence in ("오후 7:00", "오후 6:30", "메트포르민 500mg 1정", "로수바스타틴 10mg 1정"):
        assert sentence in changes
    assert "와파린 2mg 0.5정" in changes
    assert "처음 달라지는 약: 2026년 3월 4일 (수) 저녁 오후 6:30" in html
    assert "확인을 기다리는 것: 3건" in html


def test_what_is_left_in_its_old_compartment_is_warned_of() -> None:
    """The new bedtime dose takes the compartment of the medicine as needed: move that first."""
    _, _, html = page_of(lived.waiting())
    words = KO.say("plan.move", old="일요일 취침 전 칸", new="일요일 점심 칸")
    assert words in html
    _, _, html = page_of(lived.lived())
    assert words not in html


def test_nothing_to_confirm_offers_nothing() -> None:
    """All confirmed, or nothing entered: no button, and where to go instead."""
    for home, key in ((lived.lived(), "plan.nothing"), (lived.fresh(), "plan.empty")):
        _, _, html = page_of(home)
        assert KO.say(key) in html
        assert "plan/confirm" not in html


def test_leaving_the_file_is_said() -> None:
    """The first confirmation ends the configuration file's schedule: the page says so before."""
    home = lived.fresh()
    lived.say(home, lived.bags(*lived.FRESH), NOW_MS)
    _, _, html = page_of(home)
    assert KO.say("plan.replaces_file") in html
    assert KO.say("pouch.file") in html


def test_confirmed_is_what_was_seen() -> None:
    """The digest of the page is sent with the name; the plan then is the one that was shown."""
    desk, client, html = page_of(lived.waiting())
    data = {"digest": digest_in(html), "token": token_of(client)}
    answer = client.post(f"{BASE}/confirm", data=data)
    assert answer.status_code == 303
    assert desk.entries == [Confirm(PERSON, digest_in(html), "이지은")]
    book = desk.home.household.books[PERSON]
    assert book.confirmed is not None
    assert "2/0" in book.confirmed.medications
    after = client.get(answer.headers["Location"]).text
    assert KO.say("done.confirmed") in after
    assert KO.say("plan.nothing") in after
    assert "이지은 님이 확인한 계획입니다" in after


def test_what_changed_meanwhile_is_looked_at_again() -> None:
    """Another prescription came in between: 409, nothing is confirmed, the way back is offered."""
    desk, client, html = page_of(lived.waiting())
    lived.say(desk.home, lived.bags("2026-03-04 소화제 1정 취침 전 3일분"), NOW_MS)
    before = len(desk.home.household.books[PERSON].confirmations)
    data = {"digest": digest_in(html), "token": token_of(client)}
    answer = client.post(f"{BASE}/confirm?lang=en", data=data)
    assert answer.status_code == 409
    assert "Something changed while you were looking" in answer.text
    assert f'href="{BASE}?lang=en"' in answer.text
    assert len(desk.home.household.books[PERSON].confirmations) == before


def test_what_must_be_decided_first_cannot_be_confirmed() -> None:
    """A blocked plan says what blocks it, has no button, and is refused when sent all the same."""
    desk, client, html = page_of(lived.blocked())
    assert "먼저 정해야 함:" in html
    assert "소화제: 조제일이 없어" in html
    assert "plan/confirm" not in html
    digest = propose(desk.home.household, PERSON, desk.now_ms).digest
    data = {"digest": digest, "token": token_of(client)}
    answer = client.post(f"{BASE}/confirm", data=data)
    assert answer.status_code == 400
    assert KO.say("entry.not.blocked") in answer.text


def test_what_the_box_runs_is_its_own_word() -> None:
    """Made is not read back: on its way, then on the box; after a day without it, stale."""
    home = lived.waiting()
    lived.confirm(home, NOW_MS)
    desk, client, before = page_of(home)
    assert 'data-state="same"' in before
    made = make_schedule(home.household, BOX, NOW_MS)
    assert made is not None
    home.fold(made)
    assert 'data-state="sent"' in client.get(BASE).text
    assert "29번 일정을 갖고 있다고" in client.get(BASE).text
    desk.now_ms = NOW_MS + DAY_MS + 60_000
    stale = client.get(f"{BASE}/box").text
    assert 'data-state="stale"' in stale
    assert "하루가 넘도록" in stale
    desk.now_ms = NOW_MS
    lived.plan_on_box(home, NOW_MS + 60_000)
    read_back = ScheduleOnBox(NOW_MS + 60_000, BOX, made.version, made.crc)
    home.fold(read_back)
    assert 'data-state="same"' in client.get(f"{BASE}/box").text
    assert f"{made.version}번 일정이 약상자에 있습니다" in client.get(BASE).text


def test_without_a_script_it_reloads_only_while_it_waits() -> None:
    """A page with a form to fill in never reloads under somebody's hands."""
    home = lived.waiting()
    assert "http-equiv" not in page_of(home)[2]
    lived.confirm(home, NOW_MS)
    made = make_schedule(home.household, BOX, NOW_MS)
    assert made is not None
    home.fold(made)
    assert 'http-equiv="refresh"' in page_of(home)[2]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_finding_has_words(reason: Reason) -> None:
    """Whatever a plan finds is a sentence in both languages."""
    assert all(f"finding.{reason}" in words for words in WORDS.values())
