"""One's own account under stress, and the words of the access log."""

from __future__ import annotations

import re

import pytest

from gateway.access import OFFICER, Grant
from gateway.vault import passwords
from gateway.web.catalogues import CATALOGUES
from gateway.web.looks import PLACES
from tests.gateway.test_web_access import KO, PASSWORD, House
from tests.web import fakes
from tests.web.fakes import FakeDesk
from tests.web.lived import PERSON
from tests.web_access import page_of, signed_in

LINK = re.compile(r'class="secret">http://localhost(/join/\w+)<')
NEW = "다른 참새 두 마리"


@pytest.fixture
def house() -> House:
    return House()


def test_a_busy_vault_is_said_in_a_sentence(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many passwords wait: the old one stays, it is said what to do, and later it works."""
    client = house.claims()
    both = {"old": PASSWORD, "password": NEW, "again": NEW}
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "PATIENCE_S", 0.01)
        with house.vault.passwords._turn:
            answer = house.send(client, "/account", to="/account/password", **both)
    assert (answer.status_code, KO.say("error.429") in answer.text) == (429, True)
    assert house.signs_in(house.app.test_client()) == 303
    assert house.send(client, "/account", to="/account/password", **both).status_code == 303


def test_a_busy_vault_uses_no_invitation_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is invited just then tries again with the same link, and gets in."""
    master = house.claims()
    shown = house.send(
        master, "/accounts", to="/accounts/invite", name="박영희", grant=f"guardian/{PERSON}"
    )
    link = LINK.findall(shown.text)[0]
    guest, typed = house.app.test_client(), {"name": "박영희", "password": NEW, "again": NEW}
    with monkeypatch.context() as patched:
        patched.setattr(passwords, "PATIENCE_S", 0.01)
        with house.vault.passwords._turn:
            assert house.send(guest, link, **typed).status_code == 400
    assert house.send(guest, link, **typed).status_code == 303
    assert guest.get("/account").status_code == 200


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_place_of_the_access_log_has_a_name(language: str) -> None:
    """No page about a person stands there as a word of the code."""
    missing = {place for place in PLACES if f"look.{place}" not in CATALOGUES[language]}
    assert missing == set()


def test_a_list_of_everybody_stands_in_the_log() -> None:
    """The officer's list is about each of them: it is noted as one look at all."""
    app = page_of(FakeDesk(fakes.calm()))
    officer = signed_in(app, Grant(OFFICER), name="담당자")
    assert officer.get("/people").status_code == 200
    seen = [(look.name, look.page) for look in app.extensions["anbu"].vault.looks.about("p1")]
    assert seen == [("담당자", "people.index")]
