"""The plate from the printer to the text, in real browsers: one at the office, one at the door."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import deqr  # type: ignore[import-untyped]  # it is Cython, and says nothing of its types
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from gateway.access import OFFICER, Grant
from tests.gateway.home_facts import DAUGHTER, at, begun, roster, texts
from tests.gateway.test_web_visits import HER, NAMES, PEOPLE
from tests.web.conftest import Server
from tests.web.flat import Flat
from tests.web_access import page_of, session_of


@pytest.fixture
def flat(tmp_path: Path) -> Flat:
    """Her home at three, without doses; a daughter and an officer."""
    return Flat(begun(at("08:00"), roster(guardians=PEOPLE, regimens=())), tmp_path)


@pytest.fixture
def url(flat: Flat) -> Iterator[str]:
    """The page over it, and the cookie of an officer as the fragment."""
    app = page_of(flat.desk)
    server = Server()
    server.start(app)
    cookie = session_of(app, (Grant(OFFICER),))
    yield f"http://127.0.0.1:{server.port}#{cookie}"
    server.stop()


def office(browser: Browser, url: str) -> Page:
    """An officer at her desk."""
    base, _, cookie = url.partition("#")
    context = browser.new_context(locale="ko-KR", base_url=base)
    context.add_cookies([{"name": "anbu", "value": cookie, "url": base}])
    return context.new_page()


@pytest.mark.long
def test_the_printed_plate_is_scanned_and_pressed(
    flat: Flat, url: str, browser: Browser, tmp_path: Path
) -> None:
    """Made, printed, decoded from paper, pressed by keyboard without script: her daughter reads."""
    officer = office(browser, url)
    officer.goto(f"/person/{HER}/visits")
    officer.get_by_role("button", name="문 앞 표지 만들기").click()
    expect(officer.get_by_role("status")).to_contain_text("만들었습니다")
    there = officer.get_by_role("link", name="인쇄용 PDF").get_attribute("href")
    printed = officer.request.get(str(there)).body()
    (sheet,) = PdfReader(io.BytesIO(printed)).pages
    assert not [name for name in NAMES if name in sheet.extract_text()]
    address = scanned(printed, tmp_path)
    assert address in sheet.extract_text().replace("\n", "")
    phone = browser.new_context(
        viewport={"width": 320, "height": 640}, java_script_enabled=False, locale="ko-KR"
    )
    passer = phone.new_page()
    passer.goto(address)
    passer.get_by_role("button", name="걱정됩니다").focus()
    passer.keyboard.press("Enter")
    expect(passer.get_by_role("alert")).to_contain_text("119")
    assert texts(flat.settle()) == [("visit_worry", DAUGHTER)]
    officer.reload()
    expect(officer.locator("#found")).to_contain_text("걱정됩니다")
    phone.close()
    officer.context.close()


def scanned(printed: bytes, folder: Path) -> str:
    """What a decoder that is not the encoder's reads of a sheet as poppler draws it."""
    sheet, picture = folder / "plate.pdf", folder / "plate"
    sheet.write_bytes(printed)
    argv = ["pdftoppm", "-r", "100", "-png", "-singlefile", str(sheet), str(picture)]
    subprocess.run(argv, check=True)
    drawn = Image.open(picture.with_suffix(".png")).convert("L")
    (found,) = deqr.QuircDecoder().decode(drawn)
    return str(found.data_entries[0].data)
