"""The page in a real browser: live, clickable, honest when cut off, readable by everyone."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web import fakes
from tests.web.conftest import House, signed_in
from tests.web.fakes import STORIES, Picture


def open_live(page: Page, house: House, language: str = "ko") -> None:
    page.goto(f"{house.url}/?lang={language}")
    expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=10_000)


def test_news_arrive_without_reloading(page: Page, house: House) -> None:
    """A dose that is missed shows by itself; what the reader opened stays open."""
    open_live(page, house)
    expect(page.locator("h1")).to_have_text("모두 괜찮습니다")
    page.locator("summary", has_text="약상자 자세히").click()
    page.evaluate("window.here = true")
    house.desk.show(fakes.missed())
    expect(page.locator("h1")).to_have_text("누군가 살펴봐야 합니다")
    expect(page.locator(".slot.s-missed .state")).to_have_text("열리지 않음")
    expect(page.locator("#incident-12")).to_contain_text("알리는 중")
    house.desk.show(fakes.acknowledged())
    expect(page.locator("#incident-12 .chip")).to_contain_text("김영희 님이 맡음")
    expect(page.locator(".texts > li")).to_have_count(3)
    expect(page.locator(".texts > li").first).to_contain_text("보냄")
    expect(page.locator("#more-box-7f3a")).to_have_attribute("open", "")
    assert page.evaluate("window.here")


def test_what_is_over_folds_up(page: Page, house: House) -> None:
    """The history of an incident stands open as long as it goes on; who opens it then keeps it."""
    picture = fakes.acknowledged()
    house.desk.show(picture)
    open_live(page, house)
    expect(page.locator("#incident-12 .history")).to_be_visible()
    picture["incidents"][0]["state"] = "resolved"
    house.desk.show(picture)
    expect(page.locator("#incident-12 .chip")).to_contain_text("끝남")
    expect(page.locator("#incident-12 .history")).to_be_hidden()
    page.locator("#incident-12 summary").click()
    picture["now_ms"] += 60_000
    house.desk.show(picture)
    expect(page.locator("#now")).to_have_text("오후 7:38")
    expect(page.locator("#incident-12 .history")).to_be_visible()


def test_stale_never_looks_fresh(page: Page, house: House) -> None:
    """When the gateway dies the page says so with the time, and "2 min ago" is gone."""
    house.desk.show(fakes.missed())
    open_live(page, house)
    expect(page.locator(".ago").first).to_be_visible()
    house.stop()
    expect(page.locator("#stale")).to_contain_text("오후 7:34까지의 모습", timeout=10_000)
    expect(page.locator("#live-word")).to_have_text("연결 끊김")
    expect(page.locator(".ago >> visible=true")).to_have_count(0)
    for fresh in ("방금", "분 전", "시간 뒤", "연결됨"):
        assert fresh not in "".join(page.locator(".section").all_inner_texts())
    house.desk.show(fakes.acknowledged())
    house.start()
    expect(page.locator("h1")).to_have_text("살펴보는 분이 있습니다", timeout=20_000)
    expect(page.locator("#stale")).to_be_hidden()


def test_click_opens_the_lid_and_it_is_seen(page: Page, house: House) -> None:
    """A click on a lid moves it at the board, and the page shows what the board says then."""
    open_live(page, house)
    lid = page.get_by_role("button", name="수요일 저녁 칸, 뚜껑 닫힘, 불 꺼짐")
    lid.click()
    opened = page.get_by_role("button", name="수요일 저녁 칸, 뚜껑 열림, 불 꺼짐")
    expect(opened).to_have_attribute("data-open", "yes", timeout=3000)
    assert house.board.done == [{"lid": 10, "open": True}]
    expect(page.locator("#box-says")).to_contain_text("수요일 저녁 칸 뚜껑이 열려 있습니다.")
    opened.click()
    expect(lid).to_have_attribute("data-open", "no", timeout=3000)
    assert house.board.done[-1] == {"lid": 10, "open": False}


def test_button_by_keyboard(page: Page, house: House) -> None:
    """The box's buttons are real buttons: focus and Enter press and let go, focus stays."""
    open_live(page, house)
    button = page.get_by_role("button", name="약상자 확인 버튼")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).not_to_have_attribute("data-pressed", "", timeout=5000)
    assert [(q["button"], q["pressed"]) for q in house.board.done] == [("ok", True), ("ok", False)]
    expect(button).to_be_focused()


def test_lights_blink_and_go_out(page: Page, house: House) -> None:
    """A light that comes and goes is said to blink; a steady one is on; a dark one is off."""
    open_live(page, house)
    lid = page.locator("#lid-10")
    house.board.lights[10] = [0, 0, 90]
    expect(lid).to_have_attribute("data-light", "on", timeout=3000)
    expect(lid).to_contain_text("파랑")
    for lamp in ([0, 0, 0], [0, 0, 90], [0, 0, 0], [0, 0, 90]):
        house.board.lights[10] = lamp
        page.wait_for_timeout(450)
    expect(lid).to_have_attribute("data-light", "blink", timeout=3000)
    expect(lid).to_contain_text("깜박")
    expect(page.locator("#box-says")).to_contain_text("수요일 저녁 칸: 파란 불 깜박임.")
    house.board.lights[10] = [0, 0, 0]
    expect(lid).to_have_attribute("data-light", "off", timeout=8000)


def test_a_signal_of_the_whole_box_is_one_sentence(page: Page, house: House) -> None:
    """All lids blink for one thing: it is said once, and what one lid says beside it, too."""
    open_live(page, house)
    for step in range(8):
        for lid in range(28):
            house.board.lights[lid] = [50, 0, 50] if step % 4 == 0 else [0, 0, 0]
        house.board.lights[3] = [90, 0, 0]
        page.wait_for_timeout(250)
    says = page.locator("#box-says")
    expect(says.locator("li")).to_have_text(
        ["27칸: 보라 불 깜박임.", "월요일 취침 전 칸: 빨간 불 켜짐."], use_inner_text=True
    )
    expect(page.locator("#lid-0")).to_have_attribute("data-share", "flash")


def test_a_box_is_asked_by_keyboard(page: Page, house: House) -> None:
    """Open the question, press the button, all by keys; the page comes back to the box."""
    open_live(page, house)
    summary = page.locator("#care-ask-box-7f3a summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="지금 묻기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{house.url}/?lang=ko#care-box-7f3a")
    assert [w.order for w in house.desk.wishes] == ["ask"]


def test_what_is_filled_in_stays_while_news_arrive(page: Page, house: House) -> None:
    """Half of a journey is typed in when the picture changes: it is still there, and is sent."""
    open_live(page, house)
    page.locator("#care-away-box-7f3a summary").click()
    page.get_by_label("언제부터").fill("2026-03-06T09:00")
    house.desk.show(fakes.asked())
    expect(page.locator("#order-2")).to_contain_text("대답이 없음")
    expect(page.get_by_label("언제부터")).to_have_value("2026-03-06T09:00")
    page.get_by_label("언제까지").fill("2026-03-08T20:00")
    page.get_by_role("button", name="비움으로 정하기").click()
    expect(page).to_have_url(f"{house.url}/?lang=ko#care-box-7f3a")
    sent = {
        "from_ms": fakes.seoul_ms("09:00", "2026-03-06"),
        "until_ms": fakes.seoul_ms("20:00", "2026-03-08"),
    }
    assert [(w.order, w.arguments) for w in house.desk.wishes] == [("away", sent)]


def test_a_word_closes_its_own_slot(page: Page, house: House) -> None:
    """The button says for which slot it speaks, and sends that slot."""
    house.desk.show(fakes.asked())
    open_live(page, house)
    page.locator("#care-word-box-7f3a summary").click()
    page.get_by_role("button", name="점심 오후 12:30: 안 드셨다고 하심").click()
    expect(page).to_have_url(f"{house.url}/?lang=ko#care-box-7f3a")
    assert [(w.order, str(w.slot)) for w in house.desk.wishes] == [("not_taken", "p1/2026-03-04/1")]


def test_silent_practice_home_is_said(page: Page, house: House) -> None:
    """A virtual home that stops answering is named; what is shown then is marked as old."""
    open_live(page, house)
    house.board.answer = {}
    expect(page.locator("#box-hint")).to_contain_text("답하지 않습니다", timeout=5000)
    expect(page.locator("#box")).to_have_attribute("data-offline", "")
    house.board.answer = None
    expect(page.locator("#box-hint")).to_contain_text("연습용 집입니다", timeout=8000)


def test_without_script(browser: Browser, house: House) -> None:
    """With no script at all the page is whole, says as of when, and lids still open."""
    context = signed_in(browser.new_context(java_script_enabled=False))
    page = context.new_page()
    page.goto(house.url)
    expect(page.locator("noscript p")).to_contain_text("오후 5:52")
    page.locator("#lid-10").click()
    expect(page.locator("#lid-10")).to_have_attribute("data-open", "yes")
    context.close()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [320, pytest.param(390, marks=pytest.mark.long), 1280])
@pytest.mark.parametrize("story", STORIES)
def test_fits_and_is_accessible(
    browser: Browser, house: House, story: Callable[[], Picture], width: int, language: str
) -> None:
    """Nothing runs off the screen and axe-core finds nothing, at every width and language."""
    house.desk.show(story())
    house.board.lights[9], house.board.lights[10] = [0, 80, 0], [90, 50, 0]
    house.board.lids[5] = house.board.lids[9] = True
    context = signed_in(browser.new_context(viewport={"width": width, "height": 800}))
    page = context.new_page()
    open_live(page, house, language)
    expect(page.locator("#lid-10")).to_have_attribute("data-light", "on")
    page.evaluate("document.querySelectorAll('.care details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    context.close()


def test_stale_page_is_accessible(page: Page, house: House) -> None:
    """Also what is greyed out can be read."""
    house.desk.show(fakes.missed())
    open_live(page, house)
    house.stop()
    expect(page.locator("#stale")).to_be_visible(timeout=10_000)
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe-core finds, all its rules, as lines of rule and place."""
    axe = importlib.resources.files("axe_playwright_python") / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [
        f"{v['id']}: {n['html'][:90]} {n['failureSummary'][:160]}"
        for v in found
        for n in v["nodes"]
    ]
