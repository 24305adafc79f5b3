"""A page that lives, in a real browser: the gateway dies and comes back, an account is closed.

What is old never looks fresh, what was typed stays, and who may not look any more is shown out.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from waitress.server import BaseWSGIServer, create_server

from gateway.access import GUARDIAN, Grant
from gateway.access.facts import AccountClosed
from gateway.web import SERVER_THREADS, create_app
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER, HERS, HIS
from tests.gateway.home_facts import BOX
from tests.web_access import session_of


class Gateway(Served):
    """The evening of the two behind a server that can be killed and comes back on its port."""

    def __init__(self) -> None:
        super().__init__(neighbours.under_one_roof(), neighbours.NOW_MS)
        self.port = 0
        self._thread = threading.Thread()
        self._server: BaseWSGIServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """As a new process: of the page only the database and the vault are what they were."""
        app = create_app(self.desk, self.place.vault)
        server = create_server(
            app, map={}, host="127.0.0.1", port=self.port, threads=SERVER_THREADS
        )
        assert isinstance(server, BaseWSGIServer)
        self._server, self.port = server, int(server.effective_port)
        self._thread = threading.Thread(target=server.run, daemon=True)
        self._thread.start()

    def kill(self) -> None:
        """Every connection is cut."""
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(OSError):  # its loop may have closed the trigger before us
            server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        self._thread.join(10)
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.1)

    def sign_in(self, context: BrowserContext, *grants: Grant) -> None:
        """At this browser, as somebody with these grants."""
        secret = session_of(self.app, grants, guardian_id="daughter")
        context.add_cookies([{"name": "anbu", "value": secret, "url": self.url}])


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    served = Gateway()
    served.start()
    yield served
    served.desk.close()
    served.kill()


@pytest.fixture
def hers(browser: Browser, gateway: Gateway) -> Iterator[Page]:
    """The first page of her guardian, alive."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    gateway.sign_in(context, Grant(GUARDIAN, HER))
    page = context.new_page()
    page.goto(f"{gateway.url}/?lang=ko")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    yield page
    context.close()


def test_killed_and_back_nothing_typed_is_lost(hers: Page, gateway: Gateway) -> None:
    """Dead: old, with the hour. Back: fresh without a reload; the form typed before is taken."""
    hers.locator(f"#care-away-{BOX} summary").click()
    hers.get_by_label("언제부터").fill("2026-03-06T09:00")
    hers.evaluate("window.here = true")
    gateway.kill()
    expect(hers.locator("#stale")).to_contain_text("오후 11:30까지의 모습", timeout=15_000)
    expect(hers.locator("#live-word")).to_have_text("연결 끊김")
    expect(hers.locator(".ago >> visible=true")).to_have_count(0)
    gateway.now_ms += 5 * 60_000
    gateway.start()
    expect(hers.locator("#live")).to_have_attribute("data-state", "on", timeout=20_000)
    expect(hers.locator("#stale")).to_be_hidden()
    expect(hers.locator("#now")).to_have_text("오후 11:35")
    assert hers.evaluate("window.here")
    expect(hers.get_by_label("언제부터")).to_have_value("2026-03-06T09:00")
    token = hers.locator('input[name="token"]').first.input_value()
    answer = hers.request.post(
        f"{gateway.url}/order", form={"token": token, "device": BOX, "order": "nothing"}
    )
    assert answer.status == 400  # refused for what it says, not for whose form it is


def test_a_closed_account_is_shown_out_at_once(hers: Page, gateway: Gateway) -> None:
    """Revoked while she looks: the page leaves by itself, and no name stands on the screen."""
    assert HERS[0] in hers.content()
    with gateway.desk.lock:
        account = next(iter(a for a in gateway.home.accounts.open if a != "his"))
        gateway.home.fold(AccountClosed(gateway.now_ms, account, "최담당"))
    gateway.desk.changed()
    hers.wait_for_url("**/sign-in**", timeout=5_000)
    assert [name for name in (*HERS, *HIS) if name in hers.content()] == []


def test_signed_out_while_the_gateway_was_away(hers: Page, gateway: Gateway) -> None:
    """The session ended while nobody could say so: the page that comes back asks to sign in."""
    gateway.kill()
    expect(hers.locator("#live")).to_have_attribute("data-state", "off", timeout=15_000)
    for account_id in list(gateway.home.accounts.open):
        gateway.place.vault.forget(account_id)
    gateway.start()
    hers.wait_for_url("**/sign-in**", timeout=20_000)
