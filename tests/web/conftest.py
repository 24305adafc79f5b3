"""A real browser on a real server: waitress on loopback, Debian's Chromium, a fake desk."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress.server import BaseWSGIServer, create_server

from gateway.vault import Vault
from gateway.web import SERVER_THREADS, Desk
from tests.web import fake_board, fakes
from tests.web_access import page_of, sign_in_as

CHROMIUM = "/usr/bin/chromium"
COOKIE = "the-session-of-the-browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class House:
    """What a test has in hand: the desk, the board, and where the page is."""

    desk: fakes.FakeDesk
    board: fake_board.FakeBoard
    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


class Server:
    """The page's server, which can die and come back on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self._vault = Vault(None)  # lives on while the server is gone, as the file does
        self._server: BaseWSGIServer | None = None
        self._thread = threading.Thread()

    def start(self, page: Desk | Flask) -> None:
        """Serve the page over a desk, or one that was put together elsewhere."""
        server = create_server(
            page if isinstance(page, Flask) else self._app(page),
            map={},
            host="127.0.0.1",
            port=self.port,
            threads=SERVER_THREADS,
        )
        assert isinstance(server, BaseWSGIServer)
        self._server, self.port = server, int(server.effective_port)
        self._thread = threading.Thread(target=server.run, daemon=True)
        self._thread.start()

    def _app(self, desk: Desk) -> Flask:
        """The page, at which the browser's cookie is that of an officer of everybody."""
        app = page_of(desk, self._vault)
        sign_in_as(app, COOKIE)
        return app

    def stop(self) -> None:
        """Cut every connection, as the end of the process would."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError):  # the loop may have closed the trigger before us
                server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
            self._thread.join(10)
            server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests; each page has its own empty context.

    Not for the whole session: while it is open Playwright keeps an event loop running in this
    thread, and a worker that goes on to another file could not run a loop of its own there.
    """
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium (make test does)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A calm day, served."""
    board, server = fake_board.FakeBoard(), Server()
    with fake_board.window_open(board, tmp_path / "window.sock") as path:
        desk = fakes.FakeDesk(fakes.calm(), path)
        server.start(desk)
        house = House(
            desk, board, f"http://127.0.0.1:{server.port}", server.stop, lambda: server.start(desk)
        )
        yield house
        desk.close()
        server.stop()


def signed_in(context: BrowserContext) -> BrowserContext:
    """A browser at which the officer of every Server is signed in."""
    context.add_cookies([{"name": "anbu", "value": COOKIE, "url": "http://127.0.0.1"}])
    return context


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone-sized page on which any error in the console fails the test."""
    context = signed_in(browser.new_context(viewport={"width": 390, "height": 844}))
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda message: (
            wrong.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield page
    context.close()
    assert wrong == []
