"""Where the address is the secret: it alone decides, no cookie does, and nothing is told back."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.access import GUARDIAN, OFFICER, SENIOR, Grant
from gateway.events import to_json
from gateway.officer.rounds import MakePlate
from gateway.phones import owntracks
from gateway.vault import Vault
from gateway.visiting import plates
from gateway.web.handset import KIND
from gateway.web.permissions import BY_ADDRESS, TABLE
from gateway.web.rota import KEY
from gateway.web.rules import Scope
from tests.gateway.home_facts import at, begun, roster
from tests.web.flat import Flat
from tests.web_access import page_of, signed_in

HER = "soonja"
ENDED = "0" * 43
PLACE = {"lat": 35.8714, "lon": 128.6014, "tid": "kx", "SSID": "iptime-804", "inregions": ["성당"]}
NOWHERE = ("35.87", "128.60", "iptime-804", "성당", "kx")


class House:
    """Her home with a plate at the door and a telephone's address."""

    def __init__(self, folder: Path, vault: Vault | None = None) -> None:
        self.flat = Flat(begun(at("08:00"), roster(regimens=())), folder)
        self.flat.desk.enter(MakePlate(HER, "", "", "이지은"))
        self.vault = vault or Vault(None)
        self.app: Flask = page_of(self.flat.desk, self.vault)
        self.secret = self.vault.links.make(KIND, HER, "갤럭시", self.flat.now_ms)
        self.made = self.flat.home.household.visits.plates[1]
        self.plate = plates.code(self.made, self.vault.keys.get(KEY))
        self.before = len(self.flat.facts)

    def later(self) -> None:
        """An hour on: nothing is the same once more."""
        self.flat.now_ms += 3_600_000
        self.before = len(self.flat.facts)

    def post(self, endpoint: str, client: FlaskClient, *, true: bool, **headers: str) -> int:
        """What is said by an address, a true one or one that opens nothing; the answer's code."""
        forged = plates.code(self.made, bytes(32))
        secret, plate = (self.secret, self.plate) if true else (ENDED, forged)
        basic = base64.b64encode(f"anbu:{secret}".encode()).decode()
        asks: dict[str, Callable[[], int]] = {
            "handset.fine": lambda: self._to(client, f"/phone/{secret}/fine", headers),
            "handset.opened": lambda: self._to(client, f"/phone/{secret}/opened", headers),
            "handset.hook": lambda: self._to(client, f"/hook/{secret}?how=unlock", headers),
            "handset.owntracks": lambda: self._to(
                client, "/owntracks", {**headers, "Authorization": f"Basic {basic}"}
            ),
            "doorway.say": lambda: (
                client.post(f"/door/{plate}", data={"outcome": "well"}, headers=headers).status_code
            ),
        }
        assert set(asks) == set(BY_ADDRESS)
        return asks[endpoint]()

    def _to(self, client: FlaskClient, path: str, headers: dict[str, str]) -> int:
        body = {"_type": "location", "t": "u", **PLACE} if path == "/owntracks" else None
        return client.post(path, json=body, headers=headers).status_code

    def said(self) -> list[tuple[str, str]]:
        """What was written down: its kind, about whom."""
        facts = self.flat.facts[self.before :]
        return [(fact.kind, getattr(fact, "person_id", "")) for fact in facts]


@pytest.mark.parametrize("endpoint", sorted(BY_ADDRESS))
def test_no_cookie_and_no_origin_decides_anything(endpoint: str, tmp_path: Path) -> None:
    """A true address says the same whoever brings it; a wrong one nothing, whoever asks."""
    assert TABLE[endpoint].scope is Scope.ALL
    house = House(tmp_path)
    code, alone = house.post(endpoint, house.app.test_client(), true=True), house.said()
    assert code < 400
    assert {person for _kind, person in alone} == {HER}
    for grant in (Grant(OFFICER), Grant(SENIOR, HER), Grant(GUARDIAN, HER)):
        client = signed_in(house.app, grant)
        for headers in (
            {},
            {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        ):
            house.later()
            assert house.post(endpoint, client, true=False, **headers) in (401, 404)
            assert house.said() == []
            assert house.post(endpoint, client, true=True, **headers) == code
            # Where somebody else is signed in, that the page is open is no sign of her.
            not_hers = endpoint == "handset.opened" and grant.role != SENIOR
            assert house.said() == ([] if not_hers else alone)


def test_a_program_with_a_token_is_no_telephone(tmp_path: Path) -> None:
    """What a bearer may, it may by its own addresses: here it is refused, whatever the address."""
    house = House(tmp_path)
    signed_in(house.app)  # whose token it is
    token = house.vault.tokens.make("account-1", "x", ("read:people",), house.flat.now_ms)
    bearer = {"Authorization": f"Bearer {token}"}
    guest = house.app.test_client()
    assert guest.post(f"/hook/{house.secret}?how=unlock", headers=bearer).status_code == 403
    assert (
        guest.post(f"/door/{house.plate}", data={"outcome": "well"}, headers=bearer).status_code
        == 403
    )
    assert house.said() == []


def test_a_place_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither as a fact, nor in any byte beside the vault, nor in the log, however it is sent."""
    caplog.set_level(0)
    house = House(tmp_path, Vault(tmp_path / "vault"))
    guest = house.app.test_client()
    basic = base64.b64encode(f"anbu:{house.secret}".encode()).decode()
    bodies = [
        {"_type": kind, "t": t, "tst": "35.8714", "batt": PLACE, "vel": [128.6014], **PLACE}
        for kind in ("location", "transition", "waypoint", "steps", "lwt", "card", "35.8714")
        for t in ("u", "p")
    ]
    for body in bodies:
        answer = guest.post("/owntracks", json=body, headers={"Authorization": f"Basic {basic}"})
        assert (answer.status_code, answer.get_json()) == (200, [])
    for query in ("how=unlock&lat=35.8714", "how=35.8714", "how=moved&battery=35.8714,128.6014"):
        answer = guest.get(f"/hook/{house.secret}?{query}&ssid=iptime-804")
        assert not [place for place in NOWHERE if place in answer.text]
    told = "".join(str(to_json(fact)) for fact in house.flat.facts) + caplog.text
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [place for place in NOWHERE if place in told or place.encode() in files]
    assert house.secret not in caplog.text
    assert house.secret.encode() not in files


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = st.sampled_from(["t", "tst", "batt", "vel", "steps", "motionactivities", "lat"])


@given(
    kind=st.sampled_from(["location", "transition", "steps", "lwt"]) | st.text(max_size=5),
    more=st.dictionaries(_KEYS, _JSON, max_size=5),
)
@settings(max_examples=150, deadline=None)
def test_whatever_an_app_sends_is_something_or_nothing(kind: str, more: dict[str, object]) -> None:
    """No body of any shape is more than what it may say: of her, a battery, an instant."""
    said = owntracks.told(json.dumps({"_type": kind, **more}).encode(), HER, "x", at("12:00"))
    assert said is None or said.person_id == HER
    assert said is None or said.battery_percent is None or isinstance(said.battery_percent, int)


def test_a_link_that_was_ended_or_is_of_another_kind_opens_nothing(tmp_path: Path) -> None:
    """Taken back, it says nothing any more, the next instant; so does one of a person who left."""
    house = House(tmp_path)
    guest = house.app.test_client()
    (link,) = house.vault.links.of(KIND, HER)
    other = house.vault.links.make("another", HER, "x", house.flat.now_ms)
    assert guest.get(f"/phone/{other}").status_code == 404
    assert guest.get(f"/hook/{house.secret}?how=unlock").status_code == 200
    house.vault.links.end(KIND, HER, link.id)
    assert guest.get(f"/hook/{house.secret}?how=unlock").status_code == 404
    assert guest.get(f"/phone/{house.secret}").status_code == 404


def test_no_secret_of_an_address_stands_in_the_vault(tmp_path: Path) -> None:
    """Who has stolen the card reads digests."""
    house = House(tmp_path, Vault(tmp_path / "vault"))
    rows = sqlite3.connect(tmp_path / "vault").execute("SELECT * FROM links").fetchall()
    assert rows
    assert house.secret not in str(rows)
