"""Coming in: claimed, signed in, invited; and staying out: guessed, stolen, taken back, foreign."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant, manners
from gateway.vault import Vault
from gateway.web import create_app
from gateway.web.permissions import TABLE
from gateway.web.words import Words
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk
from tests.web.lived import PERSON
from tests.web_access import NAME, signed_in, token_of

KO = Words("ko", "Asia/Seoul")
PASSWORD = "말이 많은 참새 네 마리"
HTML = {"Accept": "text/html"}
DAUGHTER = Grant(GUARDIAN, PERSON)


class House:
    """A home, its vault, its page; `now_ms` of the desk goes on by hand."""

    def __init__(self, address: str | None = None) -> None:
        self.desk = FakeDesk(fakes.calm(), home=lived.fresh())
        self.vault = Vault(None)
        hosts = ("localhost", "anbu.example.org")
        self.app: Flask = create_app(self.desk, self.vault, hosts=hosts, address=address)

    def send(self, client: FlaskClient, path: str, to: str = "", **typed: object) -> TestResponse:
        """The form at `path`, as it stands there, with what is typed, sent (`to` elsewhere)."""
        token = re.search(r'name="token" value="(\w+)"', client.get(path).text)
        data = {"token": token.group(1) if token else "", **typed}
        return client.post(to or path, data=data)

    def claims(self) -> FlaskClient:
        """The first account, at a browser."""
        client = self.app.test_client()
        code = self.vault.codes.claim(self.desk.now_ms)
        both = {"password": PASSWORD, "again": PASSWORD}
        assert self.send(client, "/claim", code=code, name=NAME, **both).status_code == 303
        return client

    def signs_in(self, client: FlaskClient, name: str = NAME, password: str = PASSWORD) -> int:
        """The answer's code."""
        return self.send(client, "/sign-in", name=name, password=password).status_code


@pytest.fixture
def house() -> House:
    return House()


def test_a_new_gateway_is_claimed_once(house: House) -> None:
    """Everything leads to the claim; its code makes one account that may set up all, once."""
    stranger = house.app.test_client()
    assert stranger.get("/", headers=HTML).headers["Location"] == "/claim"
    code = house.vault.codes.claim(house.desk.now_ms)
    both = {"password": PASSWORD, "again": PASSWORD}
    assert house.send(stranger, "/claim", code="guessed", name="x", **both).status_code == 400
    spaced = f" {code.upper()} "
    assert house.send(stranger, "/claim", code=spaced, name=NAME, **both).status_code == 303
    account = house.desk.home.accounts.named(NAME)
    assert account is not None
    assert account.may({OFFICER}) and account.may({TECHNICIAN})  # noqa: PT018 - one thing
    assert stranger.get("/accounts").status_code == 200
    again = house.send(house.app.test_client(), "/claim", code=code, name="y", **both)
    assert (again.status_code, len(house.desk.home.accounts.open)) == (400, 1)


def test_a_claim_gives_a_lost_account_back(house: House) -> None:
    """Whoever sits at the gateway gets in with the old name; whoever sat elsewhere is out."""
    before = house.claims()
    code = house.vault.codes.claim(house.desk.now_ms)
    both = {"password": "다른 참새 두 마리", "again": "다른 참새 두 마리"}
    client = house.app.test_client()
    assert house.send(client, "/claim", code=code, name=NAME, **both).status_code == 303
    assert before.get("/account").status_code == 401
    assert client.get("/account").status_code == 200
    assert house.signs_in(house.app.test_client()) == 401
    assert len(house.desk.home.accounts.open) == 1


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", KO.say("password.short", least=10)),
        (PASSWORD, "anders als zuvor", KO.say("password.again")),
        ("ababababababab", "ababababababab", KO.say("password.simple")),
    ],
)
def test_a_weak_password_uses_nothing_up(
    house: House, password: str, again: str, says: str
) -> None:
    """It is said why; the code still opens afterwards."""
    client, code = house.app.test_client(), house.vault.codes.claim(house.desk.now_ms)
    both = {"password": password, "again": again}
    answer = house.send(client, "/claim", code=code, name=NAME, **both)
    assert (answer.status_code, says in answer.text) == (400, True)
    assert password not in answer.text
    assert house.vault.codes.find(code, house.desk.now_ms) is not None


def test_signing_in_leads_back_and_never_away(house: House) -> None:
    """To the page that was asked for; an address of another host is not followed."""
    house.claims()
    client = house.app.test_client()
    where = client.get("/account?lang=ko", headers=HTML).headers["Location"]
    assert where == "/sign-in?next=%2Faccount%3Flang%3Dko&lang=ko"
    for onward, goes in (
        ("/account?lang=ko", "/account?lang=ko"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ):
        answer = house.send(client, "/sign-in", name=NAME, password=PASSWORD, next=onward)
        assert answer.headers["Location"] == goes


def test_the_cookie_is_new_each_time_and_guarded(house: House) -> None:
    """No session of before is signed in; the cookie is no script's and no other site's."""
    house.claims()
    client = house.app.test_client()
    client.set_cookie("anbu", "planted-by-somebody-else")
    house.signs_in(client)
    first = client.get_cookie("anbu")
    assert first is not None
    assert first.value != "planted-by-somebody-else"
    answer = house.send(client, "/sign-in", name=NAME, password=PASSWORD)
    second = client.get_cookie("anbu")
    assert second is not None
    assert second.value != first.value
    assert house.vault.sessions.find(first.value, house.desk.now_ms) is None
    (line,) = (c for c in answer.headers.getlist("Set-Cookie") if c.startswith("anbu="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
    assert "Domain" not in line


def test_over_tls_the_cookie_is_of_this_host_alone() -> None:
    """__Host-, Secure, no domain, for every cookie there is."""
    house = House("https://anbu.example.org")
    client = house.app.test_client()
    where = {"base_url": "https://anbu.example.org"}
    token = re.search(r'name="token" value="(\w+)"', client.get("/claim", **where).text)
    assert token
    code = house.vault.codes.claim(house.desk.now_ms)
    both = {"password": PASSWORD, "again": PASSWORD, "token": token.group(1)}
    answer = client.post("/claim", data={"code": code, "name": NAME, **both}, **where)
    lines = answer.headers.getlist("Set-Cookie")
    assert len(lines) == 3
    for line in lines:
        assert line.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/"} <= set(line.split("; "))


def test_nobody_learns_which_accounts_there_are(house: House) -> None:
    """A wrong name and a wrong password are answered alike, wait alike, and are hashed alike."""
    house.claims()
    told = []
    for name in (NAME, "아무개"):
        client = house.app.test_client()
        answers = [
            house.send(client, "/sign-in", name=name, password="wrong-password") for _ in range(7)
        ]
        text = [re.sub(r'value="[^"]*"', "", a.text) for a in answers]
        told.append(([a.status_code for a in answers], text))
    assert told[0] == told[1]
    assert told[0][0] == [401] * 5 + [429] * 2


def test_guessing_does_not_keep_the_owner_out(house: House) -> None:
    """While a stranger's tries wait, a browser of hers gets in; later every one does."""
    owner = house.claims()
    house.send(owner, "/account", to="/sign-out")
    stranger = house.app.test_client()
    for _ in range(6):
        house.signs_in(stranger, password="guess-guess")
    assert house.signs_in(stranger) == 429
    assert house.signs_in(owner) == 303
    house.desk.now_ms += manners.LONGEST_WAIT_MS
    assert house.signs_in(stranger) == 303


def test_codes_are_tried_slowly(house: House) -> None:
    """Some wrong codes from one address, then no answer until time has gone by."""
    house.claims()
    client = house.app.test_client()
    seen = [client.get(f"/join/guess{n}").status_code for n in range(22)]
    assert seen == [404] * 19 + [429] * 3  # the claim was one of them
    house.desk.now_ms += 60_000
    assert client.get("/join/guess").status_code == 404
    assert house.app.test_client().get("/sign-in").status_code == 200


# --- taken back -------------------------------------------------------------------------------


def events(answer: TestResponse) -> Iterator[str]:
    """The names of a stream's events."""
    for chunk in answer.response:
        text = chunk.decode() if isinstance(chunk, bytes) else chunk
        yield text.partition("\n")[0]


def test_what_is_taken_back_is_gone_at_once(house: House) -> None:
    """The open stream ends, the next page is refused, the token too; the account is closed."""
    officer = signed_in(house.app, Grant(OFFICER), name="담당자")
    guardian = signed_in(house.app, DAUGHTER, name="박영희")
    account = house.desk.home.accounts.named("박영희")
    assert account is not None
    token = house.vault.tokens.make(account.id, "wall", ("read:people",), house.desk.now_ms)
    stream = events(guardian.get("/live"))
    next(stream)
    next(stream)
    data = {"account": account.id, "grant": f"guardian/{PERSON}", "token": token_of(officer)}
    assert officer.post("/accounts/take", data=data).status_code == 303
    house.desk.changed()  # as the hub does with every fact
    assert len(list(stream)) <= 1  # a word of farewell, no more of her
    assert guardian.get(f"/person/{PERSON}/plan").status_code == 401
    assert house.vault.tokens.find(token, house.desk.now_ms) is None
    assert account.id not in house.desk.home.accounts.open


def test_less_than_before_ends_the_stream_too(house: House) -> None:
    """She still may something else: what was open is drawn anew by what she may now."""
    officer = signed_in(house.app, Grant(OFFICER), name="담당자")
    both = signed_in(house.app, DAUGHTER, Grant(SENIOR, PERSON), name="박영희")
    account = house.desk.home.accounts.named("박영희")
    assert account is not None
    stream = events(both.get("/live"))
    next(stream)
    next(stream)
    data = {"account": account.id, "grant": f"guardian/{PERSON}", "token": token_of(officer)}
    assert officer.post("/accounts/take", data=data).status_code == 303
    house.desk.changed()  # as the hub does with every fact
    assert next(stream, "") in {"", "event: gone"}
    assert both.get(f"/person/{PERSON}/plan").status_code == 404


def test_signing_out_ends_its_streams(house: House) -> None:
    """A page that is still open somewhere shows nothing more."""
    client = signed_in(house.app)
    stream = events(client.get("/live"))
    next(stream)
    next(stream)
    assert client.post("/sign-out", data={"token": token_of(client)}).status_code == 303
    assert len(list(stream)) <= 1
    assert client.get("/account").status_code == 401


def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    """Here it goes on; elsewhere it is over; the old one is asked for."""
    here = house.claims()
    there = house.app.test_client()
    assert house.signs_in(there) == 303
    new = {"password": "다른 참새 두 마리", "again": "다른 참새 두 마리"}
    wrong = house.send(here, "/account", to="/account/password", old="no", **new)
    assert (wrong.status_code, there.get("/account").status_code) == (400, 200)
    right = house.send(here, "/account", to="/account/password", old=PASSWORD, **new)
    assert right.status_code == 303
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 401)


def test_the_last_officer_cannot_lock_everybody_out(house: House) -> None:
    """Her own grant stays while nobody else has it; it is said why."""
    client = house.claims()
    account = house.desk.home.accounts.named(NAME)
    assert account is not None
    answer = house.send(
        client, "/accounts", to="/accounts/take", account=account.id, grant="officer"
    )
    assert KO.say("entry.not.account_last") in answer.text
    assert client.get("/accounts").status_code == 200


# --- who may come in where --------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address(house: House) -> None:
    """Deny by default: nothing is open by being forgotten, and no row is left over."""
    known = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    assert known == TABLE.keys()


def test_an_address_without_a_row_is_closed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also to her who may everything."""
    client = signed_in(house.app)
    assert client.get("/account").status_code == 200
    monkeypatch.delitem(TABLE, "account.show")
    assert client.get("/account").status_code == 404


def test_a_foreign_person_is_as_if_there_were_none(house: House) -> None:
    """Whose guardian one is not, and who does not exist, are answered alike."""
    client = signed_in(house.app, Grant(GUARDIAN, "somebody-else"))
    answers = [client.get(f"/person/{who}/plan") for who in (PERSON, "nobody")]
    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].text == answers[1].text.replace("nobody", PERSON)


def test_who_looked_stands_in_her_access_log(house: House) -> None:
    """Page, name, what: a look and a change; what was refused is none."""
    officer = signed_in(house.app, Grant(OFFICER), name="담당자")
    officer.get(f"/person/{PERSON}/plan")
    officer.get(f"/person/{PERSON}/refill/sheet.png")
    data = {"token": token_of(officer), "until": "2026-03-05T08:00", "why": "딸네 집"}
    assert officer.post(f"/person/{PERSON}/pause", data=data).status_code == 303
    seen = [(look.name, look.page, look.changed) for look in house.vault.looks.about(PERSON)]
    assert sorted(seen) == [
        ("담당자", "pausing.pause", True), ("담당자", "plan.show", False),
    ]  # fmt: skip
    page = signed_in(house.app, DAUGHTER, name="박영희").get(f"/person/{PERSON}/access-log").text
    assert "담당자" in page
    assert KO.say("look.changed") in page


def test_a_token_opens_its_scope_and_no_form(house: House) -> None:
    """A program reads what its scope says and is refused elsewhere; it is shown once."""
    client = house.claims()
    shown = house.send(
        client, "/account", to="/account/token", name="wall", scope="read:people", person=PERSON
    )
    secret = re.search(r'class="secret">([\w-]+)<', shown.text)
    assert secret
    assert secret.group(1) not in client.get("/account").text
    program = house.app.test_client()
    bearer = {"Authorization": f"Bearer {secret.group(1)}"}
    assert program.get("/account", headers=bearer).status_code == 403
    assert program.get("/account", headers={"Authorization": "Bearer x"}).status_code == 401
    assert house.vault.tokens.all_of("a1")[0].person_id == PERSON


def test_no_secret_stands_in_any_fact(house: House) -> None:
    """What claiming, inviting and signing in leave in the home: no password, no cookie."""
    client = house.claims()
    house.send(client, "/accounts", to="/accounts/invite", name="박영희", grant=f"senior/{PERSON}")
    cookie = client.get_cookie("anbu")
    assert cookie
    kept = json.dumps([str(account) for account in house.desk.home.accounts.open.values()])
    kept += json.dumps([str(entry) for entry in house.desk.entries])
    for secret in (PASSWORD, cookie.value):
        assert secret not in kept
