"""A technician and the resident at their pages, in a real browser on an old, small phone."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.resources
import threading
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from waitress.server import BaseWSGIServer, create_server

from anbu_wire import messages as wire
from gateway import roster as rosters
from gateway.access import SENIOR, TECHNICIAN, Grant
from gateway.events import InstallationSigned, LinkUp, RosterSet, SaidFine, ScheduleOnBox
from gateway.home import Home
from gateway.label import Label
from gateway.prescription.schedule import make_schedule
from gateway.roster import PILLBOX, to_json
from gateway.web.catalogues import CATALOGUES
from gateway.workshop import Signal
from tests.gateway.home_facts import BOX, at, begun, caught_up, record, roster
from tests.web.flat import Flat
from tests.web_access import page_of, session_of

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
KO = CATALOGUES["ko"]
LABEL = Label(PILLBOX, BOX, bytes(range(16)))
SMALL: ViewportSize = {"width": 320, "height": 640}
FORTY_PT_PX = 40 * 96 / 72


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """The page on a port of its own."""
    server = create_server(app, map={}, host="127.0.0.1", port=0, threads=4)
    assert isinstance(server, BaseWSGIServer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        with contextlib.suppress(OSError):
            server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown(cancel_pending=True, timeout=0.1)


@contextlib.contextmanager
def seated(browser: Browser, flat: Flat, grant: Grant, name: str) -> Iterator[Page]:
    """Somebody with this grant at a small phone; an error of the page's own fails the test."""
    app = page_of(flat.desk)
    with served(app) as url:
        context = browser.new_context(viewport=SMALL, base_url=url)
        cookie = session_of(app, [grant], name)
        context.add_cookies([{"name": "anbu", "value": cookie, "url": url}])
        page, wrong = context.new_page(), []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
        context.close()
        flat.desk.close()
    assert wrong == []


def fits(page: Page) -> None:
    """Nothing sticks out of the screen, and axe-core finds nothing."""
    page.wait_for_load_state()  # a page half there has half its style
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]
    page.evaluate(AXE)
    found = page.evaluate("axe.run().then(result => result.violations)")
    assert [violation["id"] for violation in found] == []


def press(page: Page, name: str) -> None:
    """The button with this name, by its key."""
    button = page.get_by_role("button", name=name)
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_from_the_label_to_the_signed_record(browser: Browser, tmp_path: Path) -> None:
    """Label, room, test prompt, test text, four ticks, signature: a small phone, by keyboard."""
    home, bare = Home(), dataclasses.replace(roster(), devices=())
    home.fold(RosterSet(at("11:00"), to_json(bare)))
    flat = Flat(home, tmp_path)
    with seated(browser, flat, Grant(TECHNICIAN), "박기사") as page:
        page.goto("/install")
        fits(page)
        page.get_by_role("link", name=KO["install.go"].format(person="김순자")).click()
        page.get_by_label(KO["install.label"]).fill(str(LABEL)[:-1] + "?")
        page.get_by_label(KO["install.room"], exact=True).fill("거실")
        press(page, KO["install.place.do"])
        expect(page.get_by_label(KO["install.label"])).to_have_attribute("aria-invalid", "true")
        page.get_by_label(KO["install.label"]).fill(str(LABEL).lower())
        page.get_by_label(KO["install.room"], exact=True).fill("거실")
        press(page, KO["install.place.do"])
        expect(page.get_by_text(KO["install.done.placed"])).to_be_visible()
        made = make_schedule(flat.home.household, BOX, flat.now_ms)
        assert made is not None
        flat.say(made, ScheduleOnBox(flat.now_ms, BOX, made.version, made.crc))
        flat.say(LinkUp(flat.now_ms, BOX), caught_up(flat.now_ms))  # the radio found it
        flat.workshop.heard[BOX] = Signal(-62, 3_000)
        press(page, KO["install.attempt.box"])
        press(page, KO["install.text.of"].format(name="이지은"))
        flat.answer_orders()
        flat.deliver_texts()
        page.get_by_role("link", name=KO["install.look_again"]).click()
        fits(page)
        for tick in page.get_by_role("checkbox").all():
            tick.check()
        press(page, KO["install.sign"])
        expect(page.get_by_text(KO["install.done.signed"])).to_be_visible()
        page.get_by_role("link", name="박기사").click()
        expect(page.get_by_text(KO["install.record.digest"])).to_be_visible()
        fits(page)
    (signed,) = [fact for fact in flat.facts if isinstance(fact, InstallationSigned)]
    assert {check["state"] for check in signed.record["checks"]} == {"ok"}


def told_flat(folder: Path) -> Flat:
    """Half past seven: the evening's dose was seen to stay, her daughter was told."""
    four = rosters.Regimen("soonja", rosters.LABELS)
    flat = Flat(begun(at("06:00"), roster(regimens=(four,))), folder, "21:45")
    flat.say(LinkUp(at("06:01"), BOX), record(1, wire.SLOT_MISSED, at("21:40")))
    flat.say(caught_up(flat.now_ms))
    flat.settle()
    flat.deliver_texts()
    return flat


def test_her_own_page_is_read_without_glasses(browser: Browser, tmp_path: Path) -> None:
    """Doses and button in 40 points on 320 pixels; who was told what about her is there."""
    flat = told_flat(tmp_path)
    with seated(browser, flat, Grant(SENIOR, "soonja"), "김순자") as page:
        for language in ("ko", "en"):
            page.goto(f"/me?lang={language}")
            fits(page)
            sizes = page.eval_on_selector_all(
                ".dose *:not(svg, use), .fine-button span",
                "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))",
            )
            assert len(sizes) > 4
            assert min(sizes) >= FORTY_PT_PX - 0.1
            words = CATALOGUES[language]
            expect(
                page.get_by_text(words["me.told.to"].format(name="이지은")).first
            ).to_be_visible()
            expect(page.get_by_text(words["me.told.came"]).first).to_be_visible()


def test_i_am_fine_is_one_press(browser: Browser, tmp_path: Path) -> None:
    """One enormous button; afterwards it says so, and the gateway knows."""
    flat = told_flat(tmp_path)
    with seated(browser, flat, Grant(SENIOR, "soonja"), "김순자") as page:
        page.goto("/me")
        button = page.get_by_role("button", name=KO["me.fine"])
        box = button.bounding_box()
        assert box is not None
        assert (box["width"] >= 280, box["height"] >= 200, box["y"] < 400) == (True, True, True)
        button.click()
        expect(page.get_by_text(KO["me.thanks"])).to_be_visible()
        fits(page)
    assert [fact.by for fact in flat.facts if isinstance(fact, SaidFine)] == ["김순자"]


def test_her_page_says_when_it_is_old(browser: Browser, tmp_path: Path) -> None:
    """It looks again by itself; where nobody answers it says so, and takes that back again."""
    flat = told_flat(tmp_path)
    with seated(browser, flat, Grant(SENIOR, "soonja"), "김순자") as page:
        page.clock.install()
        page.goto("/me")
        flat.now_ms += 60_000
        page.clock.run_for(61_000)
        expect(page.get_by_text(KO["as_of"].format(clock="오후 9:46"))).to_be_visible()
        page.route("**/me", lambda route: route.abort())
        page.clock.run_for(240_000)
        expect(page.get_by_text(KO["me.old"])).to_be_visible()
        page.unroute("**/me")
        page.clock.run_for(61_000)
        expect(page.get_by_text(KO["me.old"])).to_be_hidden()
