"""Soonja's home whose telephone is watched, and its page; for tests with and without a browser.

Knows: the real desk, entries, vault and page. May not know: a real clock: it stands until a test
moves it.
"""

from __future__ import annotations

import base64
import json
import re

from flask import Flask
from flask.testing import FlaskClient

from gateway.access import GUARDIAN, Grant
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.home import Home
from gateway.picture import picture
from gateway.vault import Vault
from tests.gateway.home_facts import MIN_MS
from tests.gateway.phones.phone_facts import HERS, NOON
from tests.web_access import page_of, signed_in, token_of

PAGE = f"/person/{HERS}/phone"
DAUGHTERS = Grant(GUARDIAN, HERS)
_SECRET = re.compile(r"/phone/([A-Za-z0-9_-]{43})<")


class Flat:
    """Soonja's home and its page; the clock stands until a test moves it."""

    def __init__(self, home: Home, vault: Vault) -> None:
        self.home, self.vault, self.now_ms = home, vault, NOON + MIN_MS
        self.told: list[object] = []
        desk = Desk(
            lambda only: picture(home.household, home.ledger, self.now_ms, only=only),
            note=self._note,
            know=lambda: (home, self.now_ms),
        )
        self.app: Flask = page_of(desk, vault)
        self.carer: FlaskClient = signed_in(self.app, DAUGHTERS)
        self.phone: FlaskClient = self.app.test_client()

    def _note(self, entry: Entry) -> None:
        for fact in entered(self.home, entry, self.now_ms):
            self.told.append(fact)
            self.home.fold(fact)

    def connect(self, name: str = "어머님 전화") -> str:
        """A new address by the page; its secret."""
        answer = self.carer.post(f"{PAGE}/link", data={"token": token_of(self.carer), "name": name})
        found = _SECRET.search(answer.text)
        assert found, answer.text
        return found.group(1)

    def hook(self, secret: str, how: str = "unlock", **more: str) -> int:
        """As MacroDroid asks."""
        return self.phone.post(f"/hook/{secret}", query_string={"how": how, **more}).status_code

    def owntracks(self, secret: str, body: object) -> tuple[int, object]:
        """As OwnTracks posts."""
        basic = base64.b64encode(f"anbu:{secret}".encode()).decode()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.phone.post(
            "/owntracks", data=data, headers={"Authorization": f"Basic {basic}"}
        )
        return answer.status_code, answer.get_json()
