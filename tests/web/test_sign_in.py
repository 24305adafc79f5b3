"""Signing in, staying and signing out in a real browser: on the loopback, and over TLS."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, StorageState, expect

from gateway.app import front
from gateway.config.web import WebSettings
from gateway.vault import Vault
from gateway.web.words import Words
from tests.certificate import certificate
from tests.web import fakes
from tests.web.fakes import FakeDesk
from tests.web_access import NAME
from tools.home.visitor import free_port

PASSWORD = "말이 많은 참새 네 마리"
KO = Words("ko", "Asia/Seoul")
OUTSIDE = "https://anbu.example.org"
# What the cookie is called, by how the page is reached.
WAYS = {
    "loopback": "anbu",
    # Chromium takes a Secure cookie from http://127.0.0.1 too: that host never leaves the machine.
    "loopback of a gateway behind a proxy": "__Host-anbu",
    "tls": "__Host-anbu",
}


def served(folder: Path, way: str) -> tuple[str, str]:
    """Where a new gateway's page is, and the code it is claimed with."""
    desk, vault, port = FakeDesk(fakes.calm()), Vault(None), free_port()
    settings = WebSettings("127.0.0.1", port)
    where = f"http://127.0.0.1:{port}"
    if "proxy" in way:
        settings = WebSettings("127.0.0.1", port, address=OUTSIDE, proxy=True)
    elif way == "tls":
        certificate(folder, "localhost")
        where = f"https://localhost:{port}"
        both = (folder / "ca.pem", folder / "key.pem")
        settings = WebSettings("127.0.0.1", port, address=where, certificate=both)
    front.serve(settings, desk, vault)
    return where, vault.codes.claim(desk.now_ms)


@pytest.mark.parametrize("way", WAYS)
def test_in_and_out(browser: Browser, tmp_path: Path, way: str) -> None:
    """Claimed, out, in again by password, still in when the browser comes back, and out for good.

    A cookie that is kept from before signs nobody in afterwards.
    """
    where, code = served(tmp_path, way)
    context = opened(browser, where)
    page = context.new_page()
    page.goto("/")
    expect(page).to_have_url(f"{where}/claim")
    page.locator("[name=code]").fill(code)
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.get_by_role("button", name=KO.say("claim.do")).click()
    expect(page).to_have_url(f"{where}/")
    signs_out(context)
    expect(page).to_have_url(f"{where}/sign-in?next=%2F")  # what was left open goes by itself
    page.goto("/account")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{where}/account")
    kept = context.storage_state()
    named = {one["name"] for one in kept["cookies"] if one["httpOnly"]}
    assert WAYS[way] in named
    context.close()
    again = opened(browser, where, kept)
    back = again.new_page()
    back.goto("/account")
    expect(back).to_have_url(f"{where}/account")
    signs_out(again)
    again.close()
    stolen = opened(browser, where, kept)
    thief = stolen.new_page()
    thief.goto("/account")
    expect(thief).to_have_url(f"{where}/sign-in?next=%2Faccount")
    stolen.close()


def opened(browser: Browser, where: str, kept: StorageState | None = None) -> BrowserContext:
    """A browser in Korean, with the cookies of before where there are any."""
    return browser.new_context(
        base_url=where, locale="ko-KR", ignore_https_errors=True, storage_state=kept
    )


def signs_out(context: BrowserContext) -> None:
    """By the button on the account's page."""
    page = context.new_page()
    page.goto("/account")
    page.locator("form[action^='/sign-out'] button").first.click()
    expect(page.locator("[name=password]")).to_be_visible()
    page.close()
