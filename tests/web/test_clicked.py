"""The demo's box: clicked on the page, opened in the firmware, seen on the page by radio.

The whole way runs for real: page → board → interrupt → firmware → record → sealed frame → gateway →
log → stream → page. How long it took is printed; no test hangs on it.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

_LINK = re.compile(r"이지은: (http://127\.0\.0\.1:\d+/join/\S+)")  # her daughter's
# When the page was clicked, when the lid's own picture changed, when the gateway's news did.
_WATCH = """
() => {
  const seen = (window.seen = {});
  const since = () => performance.now() - seen.clicked;
  document.addEventListener("click", () => (seen.clicked = performance.now()), { capture: true });
  new MutationObserver(() => (seen.lid ??= since())).observe(
    document.getElementById("lid-27"), { attributeFilter: ["data-open"] });
  const said = document.getElementById("said");
  new MutationObserver(() => {
    if (said.textContent.includes("일요일 취침 전")) seen.news ??= since();
  }).observe(said, { childList: true, subtree: true, characterData: true });
}
"""


@pytest.fixture
def demo() -> Iterator[str]:
    """A link into the page of a running `make demo`; its house ends with the test."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [sys.executable, "-m", "tools.cli", "home", "demo", "--port", str(port)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as house:
        try:
            assert house.stdout is not None
            links = (_LINK.search(line) for line in house.stdout)
            yield next(link.group(1) for link in links if link)
        finally:
            house.send_signal(signal.SIGINT)


def opened(page: Page) -> None:
    """Clicks the lid of Sunday night, which nothing lies in, and waits for the gateway's news."""
    page.evaluate(_WATCH)
    page.locator("#lid-27").click()
    expect(page.locator("#lid-27")).to_have_attribute("data-open", "yes", timeout=30_000)
    page.wait_for_function("window.seen.news !== undefined", timeout=30_000)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_click_on_the_box_comes_back_by_radio(
    browser: Browser, demo: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """After the click the lid stands open on the board's picture, and the gateway tells of it.

    Two roads, each at its own pace: the picture by the board's window, the news by radio.
    """
    context = browser.new_context(locale="ko-KR")
    page = context.new_page()
    page.goto(demo)
    page.locator("main form button").click()
    page.goto(demo.partition("/join/")[0] + "/?lang=ko")
    expect(page.locator("#live")).to_have_attribute("data-state", "on", timeout=60_000)
    expect(page.locator(".slot").first).to_be_visible(timeout=60_000)
    expect(page.locator("#lid-27")).to_have_attribute("data-open", "no", timeout=60_000)
    expect(page.locator("#said")).not_to_contain_text("일요일 취침 전")
    opened(page)
    seen = page.evaluate("window.seen")
    assert min(seen["lid"], seen["news"]) > 0  # neither was there before
    with capsys.disabled():
        print(f"\nclicked → lid {seen['lid']:.0f} ms → news by radio {seen['news']:.0f} ms")
    context.close()
