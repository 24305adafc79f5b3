"""The page of an incident in a real browser: live, without script, for everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.desk import Desk
from gateway.events import TextDelivered
from gateway.home import Home
from gateway.picture import picture
from tests.gateway.home_facts import at, reply
from tests.web import alarmed
from tests.web.alarmed import NOW_MS
from tests.web.conftest import Server, signed_in
from tests.web.test_page import violations


class House:
    """A home that lived, behind the gateway's own desk, served."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.desk = Desk(
            lambda only: picture(home.household, home.ledger, NOW_MS, book=home.book, only=only),
            know=lambda: (home, NOW_MS),
        )
        self.server = Server()
        self.server.start(self.desk)
        self.url = f"http://127.0.0.1:{self.server.port}"


@pytest.fixture
def serve() -> Iterator[Callable[[Home], House]]:
    """Homes on servers of their own, which end with the test."""
    opened: list[House] = []

    def one(home: Home) -> House:
        opened.append(House(home))
        return opened[-1]

    yield one
    for house in opened:
        house.desk.close()
        house.server.stop()


def test_it_lives_like_the_first_page(page: Page, serve: Callable[[Home], House]) -> None:
    """From the list to the incident; what is told and answered shows there by itself."""
    house = serve(alarmed.one_by_one())
    page.goto(house.url)
    page.get_by_role("link", name="1번 자세히 보기").click()
    expect(page).to_have_url(f"{house.url}/incident/1?lang=ko")
    expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=10_000)
    expect(page.locator(".chip")).to_contain_text("알리는 중")
    page.evaluate("window.here = true")
    with house.desk.lock:
        reply(house.home, "1", "20:09")
        for fact in (*alarmed.carried(2, "20:09"), TextDelivered(at("20:10"), 2)):
            house.home.fold(fact)
    house.desk.changed()
    expect(page.locator(".chip")).to_contain_text("이지은 님이 맡음")
    expect(page.locator(".texts > li")).to_have_count(2)
    expect(page.locator("#text-2 .sent")).to_contain_text("도착함")
    assert page.evaluate("window.here")
    house.server.stop()
    expect(page.locator("#stale")).to_contain_text("오후 8:10까지의 모습", timeout=10_000)
    expect(page.locator(".ago >> visible=true")).to_have_count(0)


def test_without_script(browser: Browser, serve: Callable[[Home], House]) -> None:
    """Whole with no script at all, and it says as of when; an officer's way back is the case."""
    house = serve(alarmed.failing())
    context = signed_in(browser.new_context(java_script_enabled=False))
    page = context.new_page()
    page.goto(f"{house.url}/incident/1")
    expect(page.locator("noscript p")).to_contain_text("오후 8:10")
    expect(page.locator(".roll > li")).to_have_count(3)
    expect(page.locator(".texts > li")).to_have_count(4)
    page.locator(".back a").first.click()
    expect(page).to_have_url(f"{house.url}/person/soonja/case?lang=ko")
    context.close()


def test_a_pause_is_set_by_keyboard(page: Page, serve: Callable[[Home], House]) -> None:
    """While it holds its form stands open, and the notice on her card leads there."""
    house = serve(alarmed.dark())
    page.goto(house.url)
    page.locator(".notice a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{house.url}/#pause-soonja")
    expect(page.locator("#pause-soonja .holds")).to_be_visible()
    expect(page.get_by_label("다시 알릴 때").first).to_be_editable()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("home", alarmed.HOMES)
def test_fits_and_is_accessible(
    browser: Browser, serve: Callable[[Home], House], home: Callable[[], Home], width: int
) -> None:
    """Nothing runs off the screen and axe-core finds nothing, list and page, in both languages."""
    house = serve(home())
    context = signed_in(browser.new_context(viewport={"width": width, "height": 800}))
    page = context.new_page()
    for where in ("/", "/incident/1"):
        for language in ("ko", "en"):
            page.goto(f"{house.url}{where}?lang={language}")
            expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=10_000)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page) == []
    context.close()
