"""Signing in to a page under test without a password: an account as a fact, a session in a vault.

Knows: the vault, the page's cookie. May not know: what any page shows.

    app = page_of(desk)                                 # over a vault of its own, in memory
    client = signed_in(app)                             # officer of everybody: sees all
    client = signed_in(app, Grant(GUARDIAN, "soonja"))  # only hers
    client.post(path, data={"token": token_of(client), …})
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from gateway.access import OFFICER, TECHNICIAN, Grant
from gateway.access.accounts import rows_of
from gateway.access.facts import AccountOpened
from gateway.home import Home
from gateway.vault import Vault
from gateway.vault.store import digest
from gateway.web import Desk, create_app
from gateway.web.room import Room

ALL = (Grant(OFFICER), Grant(TECHNICIAN))
NAME = "이지은"  # what the account is called: who entered something


def page_of(desk: Desk, vault: Vault | None = None) -> Flask:
    """The page over this desk, with a vault in memory where none is given."""
    return create_app(desk, vault or Vault(None))


def signed_in(
    app: Flask, *grants: Grant, name: str = NAME, guardian_id: str | None = None, base: str = ""
) -> FlaskClient:
    """A client at which somebody with these grants (none: all of everybody) is signed in.

    `base`: where it asks, if not at http://localhost ("https://anbu.example.org").
    """
    client = app.test_client()
    asked = urlsplit(base or "http://localhost")
    over_tls = asked.scheme == "https"
    cookie = "__Host-anbu" if over_tls else "anbu"
    value = session_of(app, grants or ALL, name, guardian_id)
    client.set_cookie(cookie, value, domain=asked.hostname or "", secure=over_tls)
    return client


def session_of(
    app: Flask, grants: Sequence[Grant] = ALL, name: str = NAME, guardian_id: str | None = None
) -> str:
    """A new account with a session: the value of its cookie."""
    place = app.extensions["anbu"]
    assert isinstance(place, Room)

    def open_account(home: Home, now_ms: int) -> tuple[str, int]:
        account_id = f"account-{len(home.accounts.known) + 1}"
        rows = rows_of(grants)
        home.accounts.fold(
            AccountOpened(now_ms, account_id, name, rows, "ko", None, guardian_id, "test")
        )
        return account_id, now_ms

    account_id, now_ms = place.desk.ask(open_account)
    return place.vault.sessions.begin(account_id, now_ms)


def sign_in_as(app: Flask, cookie: str, *grants: Grant) -> None:
    """From now on this cookie is a session of somebody with these grants (none: all).

    For browsers that have to have their cookie before there is a session.
    """
    place = app.extensions["anbu"]
    drawn = session_of(app, grants or ALL)
    vault = place.vault
    assert isinstance(vault, Vault)
    vault.sessions.end(cookie)
    vault.sessions._store.change(
        "UPDATE sessions SET hash = ? WHERE hash = ?", digest(cookie), digest(drawn)
    )


def token_of(client: FlaskClient) -> str:
    """What the forms of whoever is signed in at this client bring along."""
    held = client._cookies or {}
    cookies = (c for c in held.values() if c.decoded_key in ("anbu", "__Host-anbu"))
    cookie = next(cookies)
    return hmac.new(cookie.value.encode(), b"form", hashlib.sha256).hexdigest()
