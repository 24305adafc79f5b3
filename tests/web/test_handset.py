"""Her telephone's page in a real browser: opened, pressed, put on the screen, without a network."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway.events import PhoneUsed, SaidFine
from gateway.vault import Vault
from tests.gateway.phones.phone_facts import phoned
from tests.gateway.phones.phone_flat import PAGE, Flat
from tests.web.conftest import Server
from tests.web_access import token_of

pytestmark = pytest.mark.long

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOUND = "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
KEPT = """async () => {
    const found = [];
    for (const name of await caches.keys())
        for (const asked of await (await caches.open(name)).keys())
            found.push(asked.url + await (await caches.match(asked)).text());
    return found;
}"""


@dataclass
class Handset:
    """Her browser, the home behind it, and the address it was given."""

    page: Page
    flat: Flat
    server: Server
    secret: str

    def kinds(self) -> list[type]:
        """What was noted so far."""
        return [type(fact) for fact in self.flat.told]


@pytest.fixture
def handset(browser: Browser) -> Iterator[Handset]:
    """The page is served, and open."""
    flat, server = Flat(phoned(), Vault(None)), Server()
    secret = flat.connect()
    server.start(flat.app)
    context = browser.new_context(viewport={"width": 320, "height": 720})
    context.add_init_script(AXE)
    page = context.new_page()
    with page.expect_response("**/opened"):
        page.goto(f"http://127.0.0.1:{server.port}/phone/{secret}")
    yield Handset(page, flat, server, secret)
    context.close()
    server.stop()


def test_an_open_page_is_a_use_and_a_press_her_word(handset: Handset) -> None:
    """The page's script says that it was opened; the button says more, and thanks her."""
    assert handset.kinds() == [PhoneUsed]
    handset.page.get_by_role("button", name="나는 괜찮아요").click()
    expect(handset.page.get_by_role("status")).to_contain_text("잘 전했습니다")
    assert SaidFine in handset.kinds()


def test_it_can_be_put_on_the_screen(handset: Handset) -> None:
    """The browser reads the manifest under the page's own rules: her address, no complaint."""
    session = handset.page.context.new_cdp_session(handset.page)
    found: dict[str, Any] = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert f"/phone/{handset.secret}" in json.loads(found["data"])["start_url"]
    installable: dict[str, Any] = session.send("Page.getInstallabilityErrors")
    wrong = {error["errorId"] for error in installable["installabilityErrors"]}
    assert wrong <= {"in-incognito"}  # as every page of a test is


def test_without_a_network_it_says_so_and_keeps_nothing_of_her(handset: Handset) -> None:
    """What the telephone keeps are two pages without a word of anybody, and their looks."""
    page = handset.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(KEPT)
    assert len(kept) >= len(("ko", "en"))
    for text in kept:
        assert handset.secret not in text
        assert "김순자" not in text
    handset.server.stop()
    page.goto(page.url)
    expect(page.get_by_role("alert")).to_contain_text("전하지 못했습니다")


def test_a_new_address_fits_a_telephone_and_is_for_everyone(handset: Handset) -> None:
    """The answer that shows it once, all folded out: nothing too wide, axe-core finds nothing."""
    flat, page = handset.flat, handset.page
    form = {"token": token_of(flat.carer), "name": "둘째"}
    answer = flat.carer.post(f"{PAGE}/link", data=form)
    head, body = dict(answer.headers), answer.data
    page.route("**/made", lambda route: route.fulfill(status=200, headers=head, body=body))
    page.goto(f"http://127.0.0.1:{handset.server.port}/made")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate(OVER) == 0
    assert page.evaluate(FOUND) == []
