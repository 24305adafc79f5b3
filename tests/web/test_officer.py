"""The officer's morning in a real browser: one look, a note, a closing, the visits, a table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.access import OFFICER, Grant
from tests.gateway.test_web_people import TABLE, called, desk_of
from tests.web.conftest import Server
from tests.web_access import page_of, session_of


@pytest.fixture
def officer(browser: Browser) -> Iterator[Page]:
    """A phone at which an officer is signed in; 김순자 has called."""
    app = page_of(desk_of(called()))
    server = Server()
    server.start(app)
    url = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="ko-KR", base_url=url
    )
    cookie = session_of(app, (Grant(OFFICER),))
    context.add_cookies([{"name": "anbu", "value": cookie, "url": url}])
    yield context.new_page()
    context.close()
    server.stop()


def test_the_officers_morning(officer: Page) -> None:
    """She sees whom to visit and why, writes a note, closes it, and the list is calm again."""
    officer.goto("/people")
    first = officer.get_by_role("region").or_(officer.locator(".standing")).first
    expect(first).to_contain_text("지금 가 보세요")
    expect(first).to_contain_text("도움 버튼을 눌렀습니다")
    officer.get_by_role("link", name="김순자").click()
    officer.get_by_label("적어 두기").fill("전화를 받으심. 넘어지셨음")
    officer.get_by_role("button", name="적기").click()
    expect(officer.get_by_role("status")).to_contain_text("적어 두었습니다")
    officer.get_by_label("찾아뵙고 확인함").check()
    officer.get_by_role("button", name="이 일 끝내기").click()
    expect(officer.locator("#book")).to_contain_text("찾아뵙고 확인함")
    expect(officer.locator("#book")).to_contain_text("넘어지셨음")
    officer.goto("/people")
    expect(officer.locator("main")).not_to_contain_text("도움 버튼")


@pytest.mark.long
def test_care_ends_where_what_follows_was_read(officer: Page) -> None:
    """From the case to the end: said first, nothing without reason and tick, then listed."""
    officer.goto("/person/soonja/case")
    officer.get_by_role("link", name="무엇이 뒤따르는지 보기").click()
    expect(officer.locator("#follows")).to_contain_text("돌려받을 기기")
    do = officer.get_by_role("button", name="김순자님 돌봄 끝내기")
    do.click()
    expect(officer).to_have_url(re.compile("/person/soonja/end"))
    officer.get_by_label("돌아가심").check()
    officer.get_by_label("위의 내용을 읽었고").check()
    do.click()
    expect(officer.get_by_role("status")).to_contain_text("돌봄을 끝냈습니다")
    expect(officer.locator("main")).to_contain_text("돌아가심")
    officer.get_by_role("link", name="김순자님의 지난 일").click()
    expect(officer.locator("main")).to_contain_text("돌봄이 끝남")
    officer.goto("/people")
    expect(officer.locator("#list")).not_to_contain_text("김순자")


@pytest.mark.long
def test_the_pages_about_her_take_one_row(officer: Page) -> None:
    """On a phone menu and tabs are a row each; the last tab is reached by the keyboard alone."""
    officer.set_viewport_size({"width": 320, "height": 740})
    officer.goto("/person/soonja/case")
    for bar in (".menu ul", ".pages ul"):
        row = officer.locator(bar)
        assert row.evaluate("e => e.scrollWidth > e.clientWidth")
        tops = row.locator("a").evaluate_all("all => all.map(e => e.offsetTop)")
        assert len(set(tops)) == 1, bar
    officer.locator(".pages a").first.focus()
    for _ in range(officer.locator(".pages a").count() - 1):
        officer.keyboard.press("Tab")
    expect(officer.locator(".pages a").last).to_be_focused()
    expect(officer.locator(".pages a").last).to_be_in_viewport(ratio=0.9)


def test_by_keyboard_alone_to_the_first_case(officer: Page) -> None:
    """Tab from the search to the first name and Enter: nothing needs a mouse."""
    officer.goto("/people")
    officer.get_by_label("이름으로 찾기").focus()
    for _ in range(3):
        officer.keyboard.press("Tab")
    expect(officer.get_by_role("link", name="김순자")).to_be_focused()
    officer.keyboard.press("Enter")
    expect(officer).to_have_url(re.compile("/person/soonja/case"))


def test_a_visit_goes_on_paper(officer: Page) -> None:
    """A planned visit stands on today's list; on paper the forms are gone and there is a line."""
    officer.goto("/person/jungho/case")
    officer.get_by_role("button", name="방문 목록에 올리기").click()
    officer.get_by_role("link", name="오늘 방문 목록").click()
    expect(officer.locator(".visits > li")).to_have_count(3)
    officer.emulate_media(media="print")
    expect(officer.get_by_role("button", name="보기")).to_be_hidden()
    expect(officer.locator(".paper").first).to_be_visible()


def test_a_table_is_brought(officer: Page) -> None:
    """A file, its mistakes line by line, the good ones entered; the list knows them."""
    officer.goto("/people/import")
    officer.get_by_label("CSV 파일").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp949")}
    )
    officer.get_by_role("button", name="살펴보기").click()
    expect(officer.locator("#result")).to_contain_text("아직 아무것도 바뀌지 않았습니다")
    expect(officer.locator("#result")).to_contain_text("줄 3 · 박둘")
    officer.get_by_role("button", name="1명 등록하기").click()
    expect(officer.locator("main")).to_contain_text("최영수")
