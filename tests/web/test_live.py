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

from anbu_wire import messages as wire
from gateway.access import GUARDIAN, OFFICER, TECHNICIAN, Grant
from gateway.access.facts import AccountClosed
from gateway.events import Event, PartFailed
from gateway.home import Home
from gateway.label import Label
from gateway.roster import PILLBOX
from gateway.web import SERVER_THREADS, create_app, live
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER, HERS, HIS
from tests.gateway.home_facts import BOX, record, settle
from tests.gateway.officer import district
from tests.web_access import session_of


class Gateway(Served):
    """A home behind a server that can be killed and comes back on its port."""

    def __init__(self, home: Home, now_ms: int) -> None:
        super().__init__(home, now_ms)
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

    def say(self, *facts: Event) -> None:
        """These are known now, and what follows from them."""
        with self.desk.lock:
            for fact in facts:
                self.home.fold(fact)
            settle(self.home, self.now_ms)
        self.desk.changed()


@contextlib.contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    """Started, and gone at the end."""
    gateway.start()
    yield gateway
    gateway.desk.close()
    gateway.kill()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """The evening of the two."""
    with running(Gateway(neighbours.under_one_roof(), neighbours.NOW_MS)) as served:
        yield served


@pytest.fixture
def dong(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A quiet morning of three persons."""
    monkeypatch.setattr(live, "LIST_REST_S", 0.2)
    with running(Gateway(district.begun(), district.NOW_MS)) as served:
        yield served


@contextlib.contextmanager
def looking(browser: Browser, dong: Gateway, path: str, grant: Grant) -> Iterator[Page]:
    """Somebody at a list that is alive; `window.here` goes where the page is loaded anew."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    dong.sign_in(context, grant)
    page = context.new_page()
    page.goto(f"{dong.url}{path}")
    expect(page.locator("#live")).to_have_attribute("data-state", "on")
    page.evaluate("window.here = true")
    yield page
    context.close()


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


def test_a_call_comes_into_the_officers_list_by_itself(browser: Browser, dong: Gateway) -> None:
    """It stands there without a reload, what was typed stays; old when the gateway is away."""
    with looking(browser, dong, "/people?lang=ko", Grant(OFFICER)) as page:
        page.get_by_label("이름으로 찾기").fill("김")
        page.locator("#p-soonja a").focus()
        dong.say(record(2, wire.HELP_PRESSED, dong.now_ms, slot_day=None, slot_index=None))
        expect(page.locator("#list .standing").first).to_contain_text("도움 버튼을 눌렀습니다")
        expect(page.locator(".levels .l-first b")).to_have_text("1명")
        expect(page.get_by_label("이름으로 찾기")).to_have_value("김")
        expect(page.locator("#p-soonja a")).to_be_focused()  # she moved to another part
        assert page.locator("#list .ago >> visible=true").count() > 0
        dong.kill()
        expect(page.locator("#stale")).to_contain_text("오전 9:00까지의 모습", timeout=15_000)
        expect(page.locator("#list .ago >> visible=true")).to_have_count(0)
        dong.now_ms += 5 * 60_000
        dong.start()
        expect(page.locator("#now")).to_have_text("오전 9:05", timeout=20_000)
        expect(page.locator("#stale")).to_be_hidden()
        assert page.evaluate("window.here")


def test_the_technicians_list_follows(browser: Browser, dong: Gateway) -> None:
    """A radio that fails is said at once, a key that waits comes in; old when nobody answers."""
    with looking(browser, dong, "/install?lang=ko", Grant(TECHNICIAN)) as page:
        page.get_by_label("이름으로 찾기").fill("김")
        dong.say(PartFailed(dong.now_ms, "radio", "no adapter"))
        expect(page.locator("#gateway")).to_contain_text("no adapter")
        dong.workshop.keep((Label(PILLBOX, "AB-000077", bytes(16)),))
        dong.desk.changed()
        expect(page.locator("#waiting")).to_contain_text("AB-000077")
        expect(page.get_by_label("이름으로 찾기")).to_have_value("김")
        dong.kill()
        expect(page.locator("#stale")).to_contain_text("오전 9:00까지의 모습", timeout=15_000)
        assert page.evaluate("window.here")
