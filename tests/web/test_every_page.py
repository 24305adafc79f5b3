"""Every page of every role, in both languages, narrow and wide: whole, readable, for everyone.

Knows: the URL map and the permissions say which pages there are. May not know: what they show.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, Page

from gateway.web.catalogues import LANGUAGES
from tests.tree import hold
from tests.web.every_page import Place, Walk, is_page

# Every page there is is drawn, with its papers, and walked through axe twice.
pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

WIDTHS = (320, 1280)
LIGHT_BYTES = 100_000
AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOUND = "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
UNFOLDED = "document.querySelectorAll('details').forEach(d => d.open = true)"
TWICE = "document.documentElement.style.fontSize = '36px'"
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """One home for all pages."""
    return Walk(tmp_path_factory.mktemp("gateway"))


@pytest.fixture(scope="module")
def seen(browser: Browser) -> Iterator[Page]:
    """One page for all of them."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800})
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


def test_every_address_can_be_tried(walk: Walk) -> None:
    """Each address that is read answers somebody: what has no sample would be walked by nobody."""
    closed = [
        f"{endpoint}: {sorted({answer.status_code for answer in by_role.values()})}"
        for endpoint, by_role in walk.answers.items()
        if all(answer.status_code >= HTTPStatus.BAD_REQUEST for answer in by_role.values())
    ]
    assert closed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_fits_and_is_accessible(walk: Walk, seen: Page, language: str) -> None:
    """Nothing runs off the screen, at twice the letters too, and axe-core finds nothing."""
    wrong: list[str] = []
    for place in walk.places():
        seen.set_viewport_size({"width": WIDTHS[0], "height": 800})
        walk.open(seen, place, language)
        seen.evaluate(UNFOLDED)
        wrong += [f"{place} {language} {fault}" for fault in faults(seen)]
    hold("every page fits and is for everyone", wrong)


def faults(page: Page) -> list[str]:
    """What is wrong with the page at either width, and with letters of twice the size."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if over := page.evaluate(OVER):
            found.append(f"at {width}: {over} px too wide")
        for rule in page.evaluate(FOUND):
            found += [f"at {width}: {rule['id']}: {node['html'][:120]}" for node in rule["nodes"]]
    page.evaluate(TWICE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if over := page.evaluate(OVER):
            found.append(f"at {width} and 200 %: {over} px too wide")
    return found


def test_each_page_has_its_own_heading(walk: Walk, seen: Page) -> None:
    """One first heading a page, and no two pages of a role are called the same."""
    called: dict[str, list[Place]] = {}
    for place in walk.places():
        walk.open(seen, place, "ko")
        assert seen.locator("h1").count() == 1, place
        called.setdefault(f"{place.role} {seen.title()}", []).append(place)
    assert [places for places in called.values() if len(places) > 1] == []


@pytest.mark.parametrize("role", ["guardian", "officer", "technician", "senior"])
def test_the_first_view_is_light(walk: Walk, role: str) -> None:
    """The first page with everything it asks for is at most 100 kB, before any compression."""
    client = walk.clients[role]
    first = client.get("/", follow_redirects=True)
    assert is_page(first)
    asked = [part.split('"')[0] for part in first.text.split('="/static/')[1:]]
    sizes = {part: len(client.get(f"/static/{part}").data) for part in asked}
    assert len(first.data) + sum(sizes.values()) <= LIGHT_BYTES, sizes
