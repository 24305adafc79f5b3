"""The pictures of the pages in docs/pictures/pages show them as they are.

Knows: which pages are shown, on a phone and on a desk, in both languages. May not know: what they
show. Drawn anew by `ANBU_PICTURES=1 pytest tests/web/test_pictures.py`; looked at before they are
committed.

A picture is held against today's page by Chromium itself. Letters are drawn a little differently
by each of its versions and may be; what moves, comes or goes is more than that.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gateway.web.catalogues import LANGUAGES
from tests.tree import ROOT, hold
from tests.web.conftest import Server
from tests.web.every_page import Place, Walk

pytestmark = pytest.mark.long

FOLDER = ROOT / "docs/pictures/pages"
DRAW = "ANBU_PICTURES"
SIZES = {"phone": (390, 844), "desk": (1280, 800)}
SHOWN = {
    "today": ("page.index", "guardian"),
    "people": ("people.index", "officer"),
    "contacts": ("contacts.show", "guardian"),
    "enrol": ("enrol.show", "officer"),
    "me": ("me.show", "senior"),
    "install": ("install.show", "technician"),
    "look": ("design.show", "officer"),
}
# Shown once: in Korean, where they are mostly looked at.
SHOWN_ONCE = {
    "calls": ("calls.show", "officer", "phone"),
    "phone": ("phone.show", "guardian", "phone"),
    "her-phone": ("handset.show", "nobody", "phone"),
    "door": ("doorway.show", "nobody", "phone"),
    "coverage": ("coverage.show", "officer", "desk"),
    "month": ("months.show", "officer", "desk"),
}
MOVED_MOST = 0.04  # of the picture's points; a line of text that came or went is more
# How large a share of two pictures' points differ plainly; 1 where their sizes do.
APART = """async ([one, other]) => {
  const [a, b] = await Promise.all([one, other].map(async (data) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  }));
  if (a.width !== b.width || a.height !== b.height) return 1;
  let apart = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const gap = Math.abs(a.data[i] - b.data[i]) + Math.abs(a.data[i + 1] - b.data[i + 1]);
    if (gap > 96) apart += 1;
  }
  return apart / (a.data.length / 4);
}"""


@pytest.fixture(scope="module")
def paper(browser: Browser) -> Iterator[Page]:
    """A page to draw on."""
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The home all of them are drawn of."""
    served = Served(tmp_path_factory.mktemp("gateway"))
    yield served
    served.desk.close()
    served.server.stop()


class Served(Walk):
    """Every page on a real server: what lives, lives."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server = Server()
        self.server.start(self.app)

    def open(self, page: Page, place: Place, language: str) -> None:
        """The page as its role sees it, connected where it lives."""
        cookie = self.clients[place.role].get_cookie("anbu")
        url = f"http://127.0.0.1:{self.server.port}"
        page.context.clear_cookies()
        if cookie is not None:
            page.context.add_cookies([{"name": "anbu", "value": cookie.value, "url": url}])
        page.goto(f"{url}{place.path}?lang={language}")
        if page.locator("#live").count():
            page.locator("#live[data-state=on]").wait_for()


def place_of(walk: Served, endpoint: str, role: str) -> Place:
    """Where a page stands."""
    rule = next(r for r in walk.app.url_map.iter_rules(endpoint) if "GET" in (r.methods or ()))
    return Place(endpoint, walk.path(rule), role)


def drawn(walk: Served, paper: Page, name: str) -> Iterator[tuple[Path, bytes]]:
    """The pictures of a page, with where they are kept."""
    endpoint, role, *once = SHOWN_ONCE[name] if name in SHOWN_ONCE else SHOWN[name]
    place = place_of(walk, endpoint, role)
    for size in once or SIZES:
        width, height = SIZES[size]
        paper.set_viewport_size({"width": width, "height": height})
        for language in LANGUAGES if not once else ("ko",):
            walk.open(paper, place, language)
            yield FOLDER / f"{name}.{language}.{size}.png", paper.screenshot()


@pytest.mark.parametrize("name", [*SHOWN, *SHOWN_ONCE])
def test_the_picture_shows_the_page(walk: Served, paper: Page, name: str) -> None:
    """Each picture that is kept looks like the page does now."""
    old: list[str] = []
    for path, now in drawn(walk, paper, name):
        if os.environ.get(DRAW):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(now)
        share = apart(paper, path.read_bytes(), now) if path.is_file() else 1.0
        if share > MOVED_MOST:
            old.append(f"{path.name}: {share:.1%} differs; look at it, then {DRAW}=1")
    hold("a picture shows its page", old)


def test_a_changed_page_is_seen(walk: Served, paper: Page) -> None:
    """The same page twice is the same; with its card's heading gone it is another."""
    walk.open(paper, place_of(walk, "enrol.show", "officer"), "ko")
    paper.set_viewport_size({"width": 390, "height": 844})
    before = paper.screenshot()
    assert apart(paper, before, paper.screenshot()) == 0
    paper.evaluate("document.querySelector('h1').remove()")
    assert apart(paper, before, paper.screenshot()) > MOVED_MOST


def apart(page: Page, one: bytes, other: bytes) -> float:
    """How large a share of two PNGs' points differ, 0 to 1."""
    found = page.evaluate(APART, [base64.b64encode(png).decode() for png in (one, other)])
    return float(found)
