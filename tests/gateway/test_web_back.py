"""Where a form leads: back to where it was given; and between an officer's page and the others."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from gateway.access import GUARDIAN, OFFICER, Grant
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER
from tests.gateway.home_facts import BOX
from tests.web.flat import Flat
from tests.web_access import page_of, signed_in, token_of


@pytest.fixture
def flat(tmp_path: Path) -> Flat:
    """The evening of the two, at a desk that takes orders."""
    return Flat(neighbours.under_one_roof(), tmp_path, "23:30")


def fields(page: str, action: str) -> dict[str, str]:
    """What the first form of a page that goes there sends along without being filled in."""
    form = page.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in hidden}


@pytest.mark.parametrize(
    ("path", "back"),
    [("/?lang=ko", "/?lang=ko"), (f"/?person={HER}&lang=ko", f"/?person={HER}&lang=ko")],
)
def test_an_order_leads_back_to_where_it_was_given(flat: Flat, path: str, back: str) -> None:
    """From the page of one person alone back to hers, at the box; refused, the way is the same."""
    client = signed_in(page_of(flat.desk), Grant(OFFICER))
    sent = fields(client.get(path).text, "/order")
    answer = client.post("/order", data={**sent, "device": BOX, "order": "ask"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{back}#care-{BOX}")
    wrong = client.post("/order", data={**sent, "device": BOX, "order": "dance"})
    assert wrong.status_code == 400
    assert f'href="{back}"' in unescape(wrong.text)


def test_a_pause_leads_back_to_where_it_was_given(flat: Flat) -> None:
    """The pause given on the page of one person alone shows itself there."""
    client = signed_in(page_of(flat.desk), Grant(OFFICER))
    sent = fields(client.get(f"/?person={HER}&lang=ko").text, f"/person/{HER}/pause")
    filled = {**sent, "until": "2026-03-04T09:00", "why": "입원"}
    answer = client.post(f"/person/{HER}/pause", data=filled)
    where = f"/?person={HER}&lang=ko#pause-{HER}"
    assert (answer.status_code, answer.headers["Location"]) == (303, where)


def test_no_form_leads_to_another_site(flat: Flat) -> None:
    """Whatever stands in the field, the way back is a page of ours."""
    client = signed_in(page_of(flat.desk), Grant(OFFICER))
    for person in ("//evil.example", "https://evil.example/", "x\r\nSet-Cookie: a=b"):
        form = {"token": token_of(client), "device": BOX, "order": "ask", "person": person}
        answer = client.post("/order", data=form)
        assert answer.headers["Location"].startswith("/?person=")
        assert "\n" not in answer.headers["Location"]


def test_an_officer_goes_to_the_case_and_back() -> None:
    """From the first page, her pages and an incident to her case; no guardian is led there."""
    app = Served(neighbours.under_one_roof(), neighbours.NOW_MS).app
    home = neighbours.under_one_roof()
    pages = (
        f"/?person={HER}",
        f"/person/{HER}/plan",
        f"/incident/{neighbours.incident_of(home, HER)}",
    )
    case = f"/person/{HER}/case"
    for path in pages:
        for grant, there in ((Grant(OFFICER), True), (Grant(GUARDIAN, HER), False)):
            shown = signed_in(app, grant, guardian_id="daughter").get(path).text
            assert (f'href="{case}' in shown) == there, (path, grant)
    officers = signed_in(app, Grant(OFFICER)).get(case).text
    for way in ("/people", "/?person=", f"/person/{HER}/plan"):
        assert f'href="{way}' in officers
