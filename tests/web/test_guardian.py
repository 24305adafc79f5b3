"""A guardian's and an officer's main tasks in a real browser, on a phone.

Somebody new with a bag of three drugs; an incident from "I am going" to its end; a contact.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from waitress.server import BaseWSGIServer, create_server

from gateway.access import GUARDIAN, Grant
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.home import Home
from gateway.picture import picture
from gateway.web import SERVER_THREADS
from gateway.web.catalogues import LANGUAGES
from tests.gateway.home_facts import at, begun, missed_at_seven, only, settle
from tests.web.test_page import violations
from tests.web_access import ALL, page_of, session_of

NOW = at("19:10")
MOST_FIELDS, MOST_SCREENS = 15, 3
BAG = (
    "암로디핀 5mg 1정 1일 1회 아침 식후 30분 30일분",
    "메트포르민 500mg 1정 1일 2회 아침, 저녁 식후 30분 30일분",
    "로수바스타틴 10mg 1정 1일 1회 저녁 식사 직후 30일분",
)
# What somebody has to fill in or to leave as it is: whatever the main part of a page shows.
FIELDS = "main input:visible, main select:visible, main textarea:visible"


@dataclass
class House:
    """A home behind its desk, served; `session`: of whoever has these grants."""

    home: Home
    url: str
    session: Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Callable[[Home], House]]:
    """Homes on servers of their own, which end with the test."""
    opened: list[tuple[Desk, BaseWSGIServer, threading.Thread]] = []

    def one(home: Home) -> House:
        def note(entry: Entry) -> None:
            with desk.lock:
                for fact in entered(home, entry, NOW):
                    home.fold(fact)
                settle(home, NOW)
            desk.changed()

        desk = Desk(
            lambda only: picture(home.household, home.ledger, NOW, book=home.book, only=only),
            note=note,
            know=lambda: (home, NOW),
        )
        app = page_of(desk)
        server = create_server(app, map={}, host="127.0.0.1", port=0, threads=SERVER_THREADS)
        assert isinstance(server, BaseWSGIServer)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        opened.append((desk, server, thread))
        url = f"http://127.0.0.1:{server.effective_port}"
        return House(home, url, lambda *grants, **of: session_of(app, grants or ALL, **of))

    yield one
    for desk, server, thread in opened:
        desk.close()
        with contextlib.suppress(OSError):  # the loop may have closed the trigger before us
            server.trigger.pull_trigger(lambda s=server: s.asyncore.close_all(s._map))
        thread.join(10)
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.1)


def sit_down(page: Page, house: House, *grants: Grant, **of: str) -> None:
    """Whoever has these grants is signed in at this browser."""
    cookie = {"name": "anbu", "value": house.session(*grants, **of), "url": house.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_somebody_new_with_three_drugs(page: Page, serve: Callable[[Home], House]) -> None:
    """Three screens, at most fifteen fields, names and numbers included; then her plan holds."""
    house = serve(begun(at("12:00")))
    sit_down(page, house)
    page.goto(house.url)
    page.get_by_role("link", name="새로 모시기").click()
    fields = [page.locator(FIELDS).count()]
    page.get_by_label("어르신 이름").fill("박옥례")
    page.get_by_label("보호자 이름").fill("박민수")
    page.get_by_label("휴대전화 번호").fill("010-5555-6666")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("박옥례 님의 약봉투")
    fields.append(page.locator(FIELDS).count())
    assert violations(page) == []
    page.get_by_label("약봉투에 적힌 대로").fill("\n".join(BAG))
    page.get_by_role("button", name="다음").click()
    expect(page.get_by_text("암로디핀").first).to_be_visible()
    fields.append(page.locator(FIELDS).count())
    page.locator("button.main").click()
    expect(page.locator(".note.done")).to_be_visible()
    assert len(fields) == MOST_SCREENS
    assert sum(fields) <= MOST_FIELDS
    roster = house.home.household.roster
    assert roster is not None
    confirmed = house.home.household.books[roster.persons[-1].id].confirmed
    assert confirmed is not None
    assert len(confirmed.medications) == len(BAG)


def test_from_i_am_going_to_the_end(
    page: Page, browser: Browser, serve: Callable[[Home], House]
) -> None:
    """She presses "I am going"; a second phone sees it without loading; it is closed."""
    house = serve(missed_at_seven())
    hers = Grant(GUARDIAN, "soonja")
    sit_down(page, house, hers, name="이지은", guardian_id="daughter")
    other = browser.new_context().new_page()
    sit_down(other, house, hers, name="박영희", guardian_id="neighbour")
    other.goto(house.url)
    page.goto(house.url)
    page.get_by_role("button", name="제가 갈게요").click()
    expect(page.locator(".note.done")).to_be_visible()
    expect(other.locator("#incidents .chip")).to_contain_text("이지은")
    expect(other.get_by_role("button", name="제가 갈게요")).to_have_count(0)
    page.get_by_role("button", name="도착했어요").click()
    assert violations(page) == []
    page.get_by_role("button", name="이상 없어요").click()
    expect(page.locator("form.answers")).to_have_count(0)
    assert not only(house.home).live
    expect(other.locator("#incidents form.answers")).to_have_count(0)
    other.context.close()


def test_a_contact_is_added_without_a_script(
    browser: Browser, serve: Callable[[Home], House]
) -> None:
    """The ladder is a line in time on every phone; a new rung stands where it belongs."""
    house = serve(begun(at("12:00")))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    page = context.new_page()
    sit_down(page, house, Grant(GUARDIAN, "soonja"))
    page.goto(f"{house.url}/person/soonja/contacts")
    page.locator("#new summary").first.click()
    page.locator("#c-new-name").fill("박민수")
    page.locator("#c-new-number").fill("010 5555 6666")
    page.locator("#c-new-after").fill("5")
    page.locator("#new button").click()
    expect(page.locator(".rung h3")).to_contain_text(["이지은", "박민수", "박영희"])
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_view_of_an_old_phone_says_it_all(
    page: Page, serve: Callable[[Home], House], language: str
) -> None:
    """Whether all is well, whom we told, and the way to answer: at 320 by 640, before scrolling."""
    house = serve(missed_at_seven())
    sit_down(page, house, Grant(GUARDIAN, "soonja"), name="이지은", guardian_id="daughter")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{house.url}/?lang={language}")
    for found in (".hero h1", ".line-help", ".line-sent", ".hero-do a"):
        box = page.locator(found).first.bounding_box()
        assert box is not None, found
        assert box["y"] + box["height"] <= page.viewport_size["height"], found  # type: ignore[index]
    expect(page.locator(".line-sent")).to_contain_text("이지은")
    page.locator(".hero-do a").click()
    expect(page.locator("form.answers button.main")).to_be_in_viewport()
