"""Invitations: what they open, how they leave, and who may make which."""

from __future__ import annotations

import re

import pytest

from gateway.access import OFFICER, SENIOR, TECHNICIAN, Grant, codes
from gateway.catalogue import over_budget
from gateway.vault.codes import JOIN
from tests.gateway.test_web_access import DAUGHTER, KO, PASSWORD, House
from tests.web.lived import PERSON
from tests.web_access import NAME, signed_in, token_of


@pytest.fixture
def house() -> House:
    return House()


def test_an_invitation_opens_what_was_given_and_once(house: House) -> None:
    """The link is shown once where no text can go; it makes one account with one grant."""
    master = house.claims()
    shown = house.send(
        master, "/accounts", to="/accounts/invite", name="박영희", grant=f"guardian/{PERSON}"
    )
    link = re.search(r'class="secret">http://localhost(/join/\w+)<', shown.text)
    assert link
    guest, both = house.app.test_client(), {"password": PASSWORD, "again": PASSWORD}
    assert NAME in guest.get(link.group(1)).text
    assert house.send(guest, link.group(1), name="박영희", **both).status_code == 303
    account = house.desk.home.accounts.named("박영희")
    assert account is not None
    assert account.grants == (DAUGHTER,)
    assert guest.get(f"/person/{PERSON}/plan").status_code == 200
    late = house.app.test_client().get(link.group(1))
    assert (late.status_code, KO.say("join.used") in late.text) == (404, True)


def test_a_text_brings_the_link_and_no_fact_does() -> None:
    """With the longest address the text fits each route; facts bear a mark, not the code."""
    address = "https://anbu.long-enough.example"
    house = House(address)
    client = signed_in(house.app, base="https://anbu.example.org")
    data = {"token": token_of(client), "name": "박영희", "number": "010-1234-5678", "send": "yes"}
    data["grant"] = f"guardian/{PERSON}"
    answer = client.post("/accounts/invite", data=data, base_url="https://anbu.example.org")
    assert (answer.status_code, "/join/" in answer.text) == (200, False)
    [opening] = house.vault.codes.waiting(JOIN, house.desk.now_ms)
    text = house.desk.home.ledger.texts[house.desk.home.ledger.last_text_id]
    assert (text.number, codes.marked(text.body)) == ("+821012345678", opening.id)
    code = house.vault.codes.draw(opening.id)
    assert code is not None
    whole = codes.filled(text.body, code)
    assert f"{address}/join/{code}" in whole
    assert over_budget(whole) is None


@pytest.mark.parametrize(
    ("grants", "grant", "code"),
    [
        ((DAUGHTER,), f"guardian/{PERSON}", 200),
        ((DAUGHTER,), f"senior/{PERSON}", 200),
        ((DAUGHTER,), f"officer/{PERSON}", 403),
        ((DAUGHTER,), "officer", 403),
        ((DAUGHTER,), "guardian/somebody", 403),
        ((DAUGHTER,), "king", 400),
        ((Grant(TECHNICIAN),), "technician", 403),
        ((Grant(SENIOR, PERSON),), f"senior/{PERSON}", 403),
        ((Grant(OFFICER),), "technician", 200),
    ],
)
def test_nobody_gives_more_than_she_may(
    house: House, grants: tuple[Grant, ...], grant: str, code: int
) -> None:
    """An invitation is for what its maker may give; nothing is made where it is refused."""
    client = signed_in(house.app, *grants)
    data = {"token": token_of(client), "name": "박영희", "grant": grant}
    assert client.post("/accounts/invite", data=data).status_code == code
    assert len(house.vault.codes.waiting(JOIN, house.desk.now_ms)) == (code == 200)


def test_only_an_officer_makes_a_new_password_possible(house: House) -> None:
    """With the link one is that account: a guardian cannot become another guardian."""
    house.claims()
    guardian = signed_in(house.app, DAUGHTER, name="이철수")
    signed_in(house.app, DAUGHTER, name="박영희")
    other = house.desk.home.accounts.named("박영희")
    assert other is not None
    data = {"account": other.id}
    again = {"token": token_of(guardian), **data}
    assert guardian.post("/accounts/invite", data=again).status_code == 403
    officer = signed_in(house.app, Grant(OFFICER), name="담당자")
    again = {"token": token_of(officer), **data}
    assert "/join/" in officer.post("/accounts/invite", data=again).text
