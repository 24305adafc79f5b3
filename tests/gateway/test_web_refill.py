"""The refill's page: the box as it looks, what goes where, and how long it lasts."""

from __future__ import annotations

import re

import pytest

from gateway import report
from gateway.orders import Wish
from gateway.prescription.refill_plan import refill_plan
from gateway.report import ReportError
from gateway.web.words import Words
from tests.gateway.home_facts import BOX
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk, client_of, token_of
from tests.web.lived import NOW_MS, PERSON

BASE = f"/person/{PERSON}/refill"
KO = Words("ko", "Asia/Seoul")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(fakes.calm(), home=lived.lived())


def test_every_compartment_stands_at_its_place(desk: FakeDesk) -> None:
    """28 compartments, Monday's morning first; each says whether it is filled, left, or empty."""
    html = client_of(desk).get(BASE).text
    cells = re.findall(r'class="cell f-(\w+)"', html)
    plan = refill_plan(desk.home.household, PERSON, NOW_MS)
    assert len(cells) == 28
    wanted = {row.compartment: "fill" for row in plan.fill}
    wanted |= {row.compartment: "left" for row in plan.left if row.compartment not in wanted}
    wanted |= {row.compartment: "as_needed" for row in plan.as_needed}
    assert {n: state for n, state in enumerate(cells) if state != "empty"} == wanted
    assert {"fill", "as_needed", "empty"} <= set(cells)
    assert html.count("<li><b>") == len(plan.fill)


def test_a_dose_that_may_be_opened_now_is_left(desk: FakeDesk) -> None:
    """What is due soon is not mixed up with filling, and the page says why."""
    desk.now_ms = NOW_MS + 30 * 60_000  # 18:22, the window of 19:00 opens at 18:30
    html = client_of(desk).get(BASE).text
    assert KO.say("refill.left.why") in html


def test_the_box_is_asked_to_guide(desk: FakeDesk) -> None:
    """The button gives the same order as the main page's, to this person's box."""
    client = client_of(desk)
    html = client.get(BASE).text
    form = html[html.index('action="/order"') :].split("</form>")[0]
    assert f'name="device" value="{BOX}"' in form
    data = {"device": BOX, "order": "refill", "token": token_of(client)}
    assert client.post("/order", data=data).status_code == 303
    assert desk.wishes == [Wish(BOX, "refill")]


def test_what_is_left_is_said_with_its_working_day(desk: FakeDesk) -> None:
    """Days left, last day, the day to fetch by; what runs out soon is marked, and stands first."""
    html = client_of(desk).get(BASE).text
    stock = html[html.index('id="stock"') :]
    assert stock.index("메트포르민") < stock.index("암로디핀")
    for sentence in ("5정, 많으면 7정", "2일분", "2026년 3월 5일 (목)", "2026년 4월 3일 (금)"):
        assert sentence in stock
    assert stock.count(KO.say("stock.low")) == 1


def test_filling_waits_for_the_confirmation() -> None:
    """Fresh bags that nobody confirmed are not in the plan: the page says so first."""
    html = client_of(FakeDesk(fakes.calm(), home=lived.waiting())).get(BASE).text
    assert KO.say("refill.confirm_first") in html
    assert "와파린" not in html


def test_a_printer_that_is_not_there_is_said(
    desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No PDF without its library: one sentence, and the page itself can be printed."""

    def fail(*_given: object) -> bytes:
        raise ReportError("report: no printer here; install libpango-1.0-0")

    monkeypatch.setattr(report, "refill_sheet", fail)
    answer = client_of(desk).get(f"{BASE}/sheet.pdf")
    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.text


def test_a_sheet_has_no_name_of_anybody(desk: FakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is loaded down is named by its day alone."""
    monkeypatch.setattr(report, "refill_sheet", lambda *_given: b"%PDF-")
    answer = client_of(desk).get(f"{BASE}/sheet.pdf")
    assert (answer.data, answer.mimetype) == (b"%PDF-", "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="anbu-2026-03-04.pdf"'
