"""The pages about one person in a real browser: by keyboard, without script, for everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.entering import Confirm, Prescribe
from gateway.events import ScheduleOnBox
from gateway.home import Home
from gateway.prescription.schedule import make_schedule
from gateway.web.words import Words
from tests.gateway.home_facts import BOX
from tests.web import fakes, lived
from tests.web.conftest import Server, signed_in
from tests.web.lived import NOW_MS, PERSON
from tests.web.test_page import violations

BASE = f"/person/{PERSON}"
KO = Words("ko", "Asia/Seoul")


class Pages:
    """A desk over a home, served; `url` of the pages about its person."""

    def __init__(self, home: Home) -> None:
        self.desk = fakes.FakeDesk(fakes.calm(), home=home)
        self.server = Server()
        self.server.start(self.desk)
        self.url = f"http://127.0.0.1:{self.server.port}{BASE}"


@pytest.fixture
def serve() -> Iterator[Callable[[Home], Pages]]:
    """Homes on servers of their own, which end with the test."""
    opened: list[Pages] = []

    def one(home: Home) -> Pages:
        opened.append(Pages(home))
        return opened[-1]

    yield one
    for pages in opened:
        pages.desk.close()
        pages.server.stop()


def check_line(page: Page, line: str) -> None:
    """Type a line and ask what it says."""
    page.locator("#way-shorthand summary").click()
    page.locator("#lines").fill(line)
    page.locator("#way-shorthand").get_by_role("button", name="읽어 보기").click()


def test_a_line_is_entered_and_confirmed_by_keyboard(
    page: Page, serve: Callable[[Home], Pages]
) -> None:
    """No hand on a mouse: open, type, check, enter, look at the plan, confirm."""
    pages = serve(lived.lived())
    page.goto(f"{pages.url}/prescriptions")
    page.locator("#way-shorthand summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#lines")).to_be_focused()
    page.keyboard.type(lived.FRESH[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{pages.url}/prescriptions/check?lang=ko#draft")
    expect(page.locator("#draft")).to_contain_text("로수바스타틴 10mg")
    page.get_by_role("button", name=KO.say("rx.draft.enter")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("적어 두었습니다")
    assert [type(entry) for entry in pages.desk.entries] == [Prescribe]
    page.get_by_role("link", name=KO.say("rx.waiting.go")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".changes > li").first).to_be_visible()
    page.get_by_role("button", name=KO.say("plan.confirm.do")).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("확인했습니다")
    assert [type(entry) for entry in pages.desk.entries] == [Prescribe, Confirm]


def test_the_box_says_so_by_itself(page: Page, serve: Callable[[Home], Pages]) -> None:
    """A confirmed plan is on its way; once the box read it back the open page says so."""
    home = lived.waiting()
    lived.confirm(home, NOW_MS)
    made = make_schedule(home.household, BOX, NOW_MS)
    assert made is not None
    home.fold(made)
    pages = serve(home)
    page.goto(f"{pages.url}/plan")
    expect(page.locator("#boxed .boxed")).to_have_attribute("data-state", "sent")
    home.fold(ScheduleOnBox(NOW_MS + 1, BOX, made.version, made.crc))
    expect(page.locator("#boxed .boxed")).to_have_attribute("data-state", "same", timeout=15_000)


def test_what_a_line_says_is_shown_while_it_is_typed(
    page: Page, serve: Callable[[Home], Pages]
) -> None:
    """A mistake is underlined before anything is sent, and goes when the line is right."""
    pages = serve(lived.lived())
    page.goto(f"{pages.url}/prescriptions")
    page.locator("#way-shorthand summary").click()
    page.locator("#lines").fill("암로디핀 5mg 1정 아침 식후 언젠가 30일분")
    expect(page.locator("#draft mark")).to_have_text("언젠가", timeout=10_000)
    page.locator("#lines").fill("2026-03-04 암로디핀 5mg 1정 아침 식후 30분 30일분")
    expect(page.locator("#draft.good")).to_contain_text("2026년 4월 2일", timeout=10_000)
    page.locator("#lines").fill("")
    expect(page.locator("#draft")).to_have_count(0)
    assert pages.desk.entries == []


def test_without_script(browser: Browser, serve: Callable[[Home], Pages]) -> None:
    """Entering, confirming and correcting work with no script at all."""
    pages = serve(lived.lived())
    context = signed_in(browser.new_context(java_script_enabled=False))
    page = context.new_page()
    page.goto(f"{pages.url}/prescriptions")
    check_line(page, f"{lived.FRESH[1]}\n이상한 약")
    expect(page.locator("#draft")).to_contain_text("2번째 줄")
    check_line_again = page.locator("#lines")
    expect(check_line_again).to_have_value(f"{lived.FRESH[1]}\n이상한 약")
    check_line_again.fill(lived.FRESH[1])
    page.locator("#way-shorthand").get_by_role("button", name="읽어 보기").click()
    page.get_by_role("button", name=KO.say("rx.draft.enter")).click()
    expect(page.locator(".done")).to_contain_text("적어 두었습니다")
    page.goto(f"{pages.url}/plan")
    page.get_by_role("button", name=KO.say("plan.confirm.do")).click()
    expect(page.locator(".done")).to_contain_text("확인했습니다")
    context.close()


def test_the_sheet_for_the_kitchen_table(browser: Browser, serve: Callable[[Home], Pages]) -> None:
    """On paper the seven days stand side by side in one row each, and no button is printed."""
    pages = serve(lived.lived())
    context = signed_in(browser.new_context(viewport={"width": 1050, "height": 740}))
    page = context.new_page()
    page.goto(f"{pages.url}/refill")
    page.emulate_media(media="print")
    for gone in (".pages", ".language", "button"):
        assert page.locator(f"{gone} >> visible=true").count() == 0
    tops = page.evaluate(
        "[...document.querySelectorAll('.tray-day')].map(d => [...d.querySelectorAll('.cell')]"
        ".map(c => Math.round(c.getBoundingClientRect().top)))"
    )
    assert len(tops) == 7
    assert all(day == tops[0] for day in tops)
    context.close()


def drafted(page: Page) -> None:
    """A draft with a mistake, and everything folded open."""
    page.locator("#way-shorthand > summary").click()
    page.locator("#lines").fill(f"{lived.FRESH[0]}\n이상한약 2알약 아침")
    page.locator("#way-shorthand button").first.click()
    page.locator("#draft").wait_for()


def nothing(_page: Page) -> None:
    """The page as it comes."""


STATES: list[tuple[str, Callable[[], Home], Callable[[Page], None]]] = [
    ("prescriptions", lived.waiting, nothing),
    ("prescriptions", lived.fresh, drafted),
    ("plan", lived.waiting, nothing),
    ("plan", lived.blocked, nothing),
    ("refill", lived.waiting, nothing),
    ("adherence", lived.lived, nothing),
]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("name", "home", "act"), STATES)
def test_fits_and_is_accessible(
    browser: Browser,
    serve: Callable[[Home], Pages],
    name: str,
    home: Callable[[], Home],
    act: Callable[[Page], None],
    width: int,
) -> None:
    """Nothing runs off the screen and axe-core finds nothing, folded open, in both languages."""
    pages = serve(home())
    context = signed_in(browser.new_context(viewport={"width": width, "height": 800}))
    page = context.new_page()
    for language in ("ko", "en"):
        page.goto(f"{pages.url}/{name}?lang={language}")
        act(page)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == []
    context.close()
