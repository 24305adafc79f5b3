"""Homes behind the page's app for the API's tests, and tokens for them.

Knows: the vault, a home, the picture. May not know: what the API says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.access import OFFICER, TECHNICIAN, Grant
from gateway.access.accounts import rows_of
from gateway.access.facts import AccountOpened
from gateway.api.operations import SCOPES
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.home import Home
from gateway.picture import picture
from gateway.web.room import Room
from tests.web.flat import FlatWorkshop
from tests.web_access import page_of

BASE = "/api/v1"
EVERYBODY = (Grant(OFFICER), Grant(TECHNICIAN))


class Served:
    """A home at an instant behind the page, which takes entries."""

    def __init__(self, home: Home, now_ms: int) -> None:
        self.home = home
        self.now_ms = now_ms
        self.desk = Desk(
            lambda only: picture(
                home.household, home.ledger, self.now_ms, book=home.book, only=only
            ),
            note=self._note,
            know=lambda: (home, self.now_ms),
        )
        self.folder = tempfile.TemporaryDirectory()  # gone with the house
        self.workshop = FlatWorkshop(Path(self.folder.name))
        self.desk.workshop = self.workshop
        self.app: Flask = page_of(self.desk)
        self.place.paces.may = lambda *_: True  # type: ignore[method-assign] # a test asks often
        self.client: FlaskClient = self.app.test_client()

    @property
    def place(self) -> Room:
        """What the app keeps: the vault is there."""
        place = self.app.extensions["anbu"]
        assert isinstance(place, Room)
        return place

    def _note(self, entry: Entry) -> None:
        for fact in entered(self.home, entry, self.now_ms):
            self.home.fold(fact)

    def token(
        self,
        grants: Sequence[Grant] = EVERYBODY,
        scopes: Sequence[str] = tuple(SCOPES),
        guardian_id: str | None = None,
        person_id: str | None = None,
    ) -> str:
        """A token of a new account with these grants; `person_id`: for that person alone."""
        accounts = self.home.accounts
        account_id = f"program-{len(accounts.known) + 1}"
        rows = rows_of(grants)
        accounts.fold(
            AccountOpened(self.now_ms, account_id, "이지은", rows, "ko", None, guardian_id, "test")
        )
        return self.place.vault.tokens.make(account_id, "a program", scopes, self.now_ms, person_id)

    def get(self, path: str, token: str, **headers: str) -> TestResponse:
        """An answer to a program with this token."""
        sent = {"Authorization": f"Bearer {token}", **headers}
        return self.client.get(f"{BASE}{path}", headers=sent)
