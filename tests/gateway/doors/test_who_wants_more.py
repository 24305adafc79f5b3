"""Who is inside and wants more: by a second name, an old link, a look that leaves no trace."""

from __future__ import annotations

import logging
import re
import unicodedata
from itertools import pairwise

import pytest

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant
from gateway.access.accounts import rows_of
from gateway.access.facts import AccountClosed
from gateway.admitting import GiveAccount, OpenAccount, TakeFromAccount, admitted
from gateway.desk import DeskClosed
from gateway.enrolment import EnrolmentRefused, new_identity, opened, recipient_of, seal
from gateway.label import Label
from gateway.orders import Wish
from gateway.refused import EntryRefused
from gateway.roster import PILLBOX
from gateway.vault import VaultUnavailable
from gateway.vault.codes import JOIN
from gateway.web.paces import PACES, Paces
from gateway.web.sse import STREAMS_MAX
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER, HIM, HIS_BOX
from tests.gateway.home_facts import BOX
from tests.gateway.test_web_access import DAUGHTER, PASSWORD, House
from tests.web import lived
from tests.web_access import NAME, signed_in, token_of

HERS = Grant(GUARDIAN, HER)
BOTH = {"password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def evening() -> Served:
    return Served(neighbours.under_one_roof(), neighbours.NOW_MS)


@pytest.fixture
def house() -> House:
    return House()


def test_a_form_that_names_two_devices_moves_neither(evening: Served) -> None:
    """Her own device in another field does not let her order somebody else's about."""
    taken: list[Wish] = []
    evening.desk._take = taken.append
    client = signed_in(evening.app, HERS)
    form = {"token": token_of(client), "device": HIS_BOX, "order": "locate"}
    for more in ({}, {"device_id": BOX}, {"person_id": HER}, {"number": "1"}):
        assert client.post("/order", data={**form, **more}).status_code == 404
    assert taken == []
    assert client.post("/order", data={**form, "device": BOX}).status_code == 303
    assert [wish.device_id for wish in taken] == [BOX]


# --- accounts ---------------------------------------------------------------------------------


def test_a_dismissed_officers_link_opens_nobody(house: House) -> None:
    """A way back into another's account, made by an officer, ends with her."""
    house.claims()
    officer = signed_in(house.app, Grant(OFFICER), name="담당자")
    master = house.desk.home.accounts.named(NAME)
    fired = house.desk.home.accounts.named("담당자")
    assert master is not None
    assert fired is not None
    again = {"token": token_of(officer), "account": master.id}
    link = re.search(r"/join/\w+", officer.post("/accounts/invite", data=again).text)
    assert link
    assert house.app.test_client().get(link.group()).status_code == 200
    house.desk.home.fold(AccountClosed(house.desk.now_ms, fired.id, NAME))
    house.vault.forget(fired.id)
    thief = house.app.test_client()
    assert thief.get(link.group()).status_code == 404
    assert house.send(thief, "/sign-in", to=link.group(), **BOTH).status_code == 404
    assert house.signs_in(house.app.test_client()) == 303  # with the password she had


def test_nobody_hands_anything_to_an_account_she_is_not_shown(evening: Served) -> None:
    """A guardian finds no names by giving her person to one account after the other."""
    signed_in(evening.app, HERS, name="딸")
    daughter = evening.home.accounts.named("딸")
    assert daughter is not None
    for entry in (
        GiveAccount("his", Grant(SENIOR, HER), "딸", daughter.id),
        TakeFromAccount("his", HERS, "딸", daughter.id),
        GiveAccount("nobody", Grant(SENIOR, HER), "딸", daughter.id),
    ):
        with pytest.raises(EntryRefused) as refused:
            admitted(evening.home, entry, "딸", neighbours.NOW_MS)
        assert refused.value.code == "account"


@pytest.mark.parametrize(
    "name",
    [
        unicodedata.normalize("NFD", "이지은"),  # letters that are taken apart
        "이지은\u3164",  # a letter that nobody sees
        "Ａnna",
        "daughter",
        "g12",
    ],
)
def test_nobody_takes_a_name_that_is_read_as_anothers(evening: Served, name: str) -> None:
    """Who did what is told by names: alike ones are one, and an id of the roster is none."""
    home = evening.home
    for known in ("이지은", "anna"):
        signed_in(evening.app, HERS, name=known)
    entry = OpenAccount(name, (HERS,), "누군가")
    with pytest.raises(EntryRefused) as refused:
        admitted(home, entry, "누군가", neighbours.NOW_MS)
    assert refused.value.code == "account_taken"
    assert admitted(home, OpenAccount("박영희", (HERS,), "x"), "x", neighbours.NOW_MS)


@pytest.mark.parametrize("number", ["119", "somebody", "+8210", "010-1234-5678; drop"])
def test_an_invitation_goes_to_a_number_or_nowhere(number: str) -> None:
    """What is no telephone number is said at once, and no text is decided."""
    house = House("https://anbu.example.org")
    client = signed_in(house.app, base="https://anbu.example.org")
    data = {"token": token_of(client), "name": "박영희", "number": number, "send": "yes"}
    data["grant"] = f"guardian/{lived.PERSON}"
    answer = client.post("/accounts/invite", data=data, base_url="https://anbu.example.org")
    assert answer.status_code == 400
    assert house.desk.home.ledger.texts == {}
    assert house.vault.codes.waiting(JOIN, house.desk.now_ms) == []


def test_a_vault_of_another_home_opens_nothing(house: House) -> None:
    """The database was begun anew and the vault was not: the first account's old token is over."""
    old = house.vault.tokens.make("a1", "wall", ("read:people",), house.desk.now_ms)
    browser = house.vault.sessions.remember("a1", house.desk.now_ms)
    house.claims()
    assert house.desk.home.accounts.get("a1") is not None
    assert house.vault.tokens.find(old, house.desk.now_ms) is None
    assert house.vault.sessions.signed_in_before(browser) is None


# --- traces -----------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["", f"?person={HER}", "?incident="])
def test_a_stream_stands_in_her_access_log(evening: Served, asked: str) -> None:
    """Who opens the stream alone, without the page around it, has looked too."""
    if asked.endswith("="):
        asked += str(neighbours.incident_of(evening.home, HER))
    officer = signed_in(evening.app, Grant(OFFICER), name="담당자")
    officer.get(f"/live{asked}").close()
    assert [look.name for look in evening.place.vault.looks.about(HER)] == ["담당자"]
    hidden = neighbours.incident_of(evening.home, HIM)
    signed_in(evening.app, HERS, name="딸").get(f"/live?incident={hidden}").close()
    assert "딸" not in [look.name for look in evening.place.vault.looks.about(HIM)]


@pytest.mark.parametrize(("grant", "his"), [(Grant(OFFICER), 1), (HERS, 0)])
def test_texts_read_by_a_program_stand_in_her_access_log(
    evening: Served, grant: Grant, his: int
) -> None:
    """As those that are read on the page."""
    client = signed_in(evening.app, grant)
    assert client.get("/api/v1/texts").status_code == 200
    looks = evening.place.vault.looks
    assert [look.page for look in looks.about(HER)] == ["api.texts"]
    assert len(looks.about(HIM)) == his


def test_a_full_disk_writes_no_secret_down(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where something goes wrong the log names the page; the calendar is answered all the same."""
    caplog.set_level(logging.DEBUG)
    house.claims()
    now_ms = house.desk.now_ms
    feed = house.vault.tokens.make("a1", "calendar", ("read:calendar",), now_ms, lived.PERSON)
    opening = house.vault.codes.make(
        JOIN, {"name": "박영희", "by": NAME, "giver": "a1", "grants": rows_of([DAUGHTER])}, 0, 2**60
    )
    code = house.vault.codes.draw(opening)
    assert code

    def full(*_: object, **__: object) -> int:
        raise VaultUnavailable("the disk is full")

    monkeypatch.setattr(house.vault.tokens._store, "writing", full)
    assert house.app.test_client().get(f"/feed/{feed}.ics").status_code == 200
    guest = house.app.test_client()
    assert house.send(guest, f"/join/{code}", name="박영희", **BOTH).status_code == 500
    assert "entry.joined" in caplog.text
    assert code not in caplog.text
    assert feed not in caplog.text


# --- from outside -----------------------------------------------------------------------------


def test_over_tls_a_browser_is_told_to_stay_there() -> None:
    """Strict-Transport-Security where the page has an address with TLS; never on the loopback."""
    house = House("https://anbu.example.org")
    inside, outside = "http://localhost", "https://anbu.example.org"
    answers = [house.app.test_client().get("/sign-in", base_url=b) for b in (inside, outside)]
    told = [a.headers.get("Strict-Transport-Security") for a in answers]
    assert told[0] is None
    assert told[1] is not None
    assert re.fullmatch(r"max-age=[1-9]\d{6,}", told[1])
    plain = House().app.test_client().get("/sign-in", base_url="https://localhost")
    assert "Strict-Transport-Security" not in plain.headers


def test_one_household_of_addresses_has_one_pace() -> None:
    """Who has a whole IPv6 network guesses no faster; two of IPv4 are two."""
    paces, most = Paces(), PACES["door"].at_once
    networks = [f"2001:db8:1:2::{n:x}" for n in range(most + 1)]
    assert [paces.may("door", place, 0) for place in networks] == [True] * most + [False]
    assert paces.may("door", "2001:db8:1:3::1", 0)
    mapped = [f"::ffff:198.51.100.{n}" for n in range(most + 1)]
    for one, other in pairwise(mapped):
        assert paces.may("door", one, 0)
        assert paces.may("door", other, 0)
    accounts = [f"a{n}" for n in range(most + 1)]
    assert all(paces.may("door", account, 0) for account in accounts)


def test_a_number_beyond_all_tokens_is_none(house: House) -> None:
    """It ends nothing and breaks nothing."""
    client = house.claims()
    answer = house.send(client, "/account", to="/account/token/end", number="9" * 30)
    assert answer.status_code == 303


def test_json_nested_beyond_sense_is_a_wrong_body(evening: Served) -> None:
    """A program's mistake or malice is told as such; an enrolment file's line too."""
    secret = evening.token((Grant(OFFICER),), ("write:acknowledgement",))
    number = neighbours.incident_of(evening.home, HER)
    answer = evening.app.test_client().post(
        f"/api/v1/incidents/{number}/acknowledgement",
        data="[" * 4000,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 400
    identity = new_identity()
    with pytest.raises(EnrolmentRefused) as refused:
        opened(seal("[" * 100_000, recipient_of(identity)), identity)
    assert (refused.value.code, refused.value.line) == ("line", 1)


def test_what_cannot_be_taken_away_keeps_its_key(
    evening: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log cannot be written: the device stays hers, and it is still spoken to."""
    evening.workshop.keep((Label(PILLBOX, BOX, bytes(16)),))
    client = signed_in(evening.app, Grant(TECHNICIAN, HER))

    def closed(_entry: object) -> None:
        raise DeskClosed("the disk is full")

    data, to = {"token": token_of(client), "device": BOX}, f"/install/{HER}/remove"
    with monkeypatch.context() as patch:
        patch.setattr(evening.desk, "_note", closed)
        assert client.post(to, data=data).status_code == 503
    assert BOX in evening.workshop.kept()
    assert client.post(to, data=data).status_code == 303
    assert BOX not in evening.workshop.kept()


def test_one_account_leaves_seats_for_others(evening: Served) -> None:
    """Somebody opens her page over and over: another's page still lives."""
    greedy = signed_in(evening.app, HERS)
    held = [greedy.get("/live") for _ in range(STREAMS_MAX)]
    assert held[-1].status_code == 503
    one = signed_in(evening.app, Grant(OFFICER), name="담당자").get("/live")
    assert one.status_code == 200
    for answer in (*held, one):
        answer.close()
    assert greedy.get("/live").status_code == 200
