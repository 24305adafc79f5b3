"""Listening to a call: her officer alone, while she consents, and it is noted who did."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant
from gateway.desk import Desk
from gateway.events import CallsConsent, RecordingDeleted, RecordingKept
from gateway.picture import picture
from gateway.vault import Vault
from tests.gateway.home_facts import at
from tests.web import lived
from tests.web.called_home import calls_made
from tests.web.fakes import Picture
from tests.web_access import page_of, signed_in

CALLS = "/person/soonja/calls"
SOUND = b"RIFF....WAVE"


class House:
    """A home in which one call was recorded; the page over it. `heard`: what was taken out."""

    def __init__(self) -> None:
        self.home, self.heard = lived.lived(), list[int]()
        self.now_ms = lived.NOW_MS
        for fact in calls_made():
            self.home.fold(fact)
        self.desk = Desk(self._draw, know=lambda: (self.home, self.now_ms))
        self.desk.listen = self._listen
        self.vault = Vault(None)
        self.app = page_of(self.desk, self.vault)
        (self.call_id,) = self.home.household.calls.recordings

    def _draw(self, only: Collection[str] | None) -> Picture:
        return picture(self.home.household, self.home.ledger, lived.NOW_MS, only=only)

    def _listen(self, call_id: int) -> bytes | None:
        self.heard.append(call_id)
        return SOUND

    @property
    def address(self) -> str:
        return f"{CALLS}/{self.call_id}/recording"


@pytest.fixture
def house() -> House:
    return House()


def test_her_officer_listens_and_nothing_stays_behind(house: House) -> None:
    """The page has the sound beside the call; no cache keeps it, no file's name says whose."""
    client = signed_in(house.app, Grant(OFFICER))
    page = client.get(f"{CALLS}?lang=en")
    assert f'src="{house.address}"' in page.text
    assert 'preload="none"' in page.text  # nobody listened who did not press
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]
    answer = client.get(house.address)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, SOUND, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Disposition" not in answer.headers


def test_who_listened_stands_in_her_access_log(house: House) -> None:
    """As a line of its own, not only as a look at the page."""
    client = signed_in(house.app, Grant(OFFICER))
    client.get(CALLS)
    assert [look.page for look in house.vault.looks.about("soonja")] == ["calls.show"]
    client.get(house.address)
    assert "recordings.listen" in {look.page for look in house.vault.looks.about("soonja")}
    assert "Recording of a call" in client.get("/person/soonja/access-log?lang=en").text


@pytest.mark.parametrize(
    "grant",
    [
        Grant(GUARDIAN, "soonja"),
        Grant(SENIOR, "soonja"),
        Grant(TECHNICIAN),
        Grant(OFFICER, "another"),
    ],
)
def test_nobody_else_listens(house: House, grant: Grant) -> None:
    """Not her guardian either, whose page does not offer it."""
    client = signed_in(house.app, grant)
    assert client.get(house.address).status_code == 404
    assert "<audio" not in client.get(CALLS).text
    assert house.heard == []


@pytest.mark.parametrize("gone", ["withdrawn", "deleted", "its day", "another's"])
def test_what_may_not_be_heard_is_not_opened(house: House, gone: str) -> None:
    """Not a moment after she withdrew or its day was over, though the file may still lie there."""
    now_ms = lived.NOW_MS
    facts = {
        "withdrawn": CallsConsent(now_ms, "soonja", given=False, by="이지은"),
        "deleted": RecordingDeleted(now_ms, house.call_id, "soonja", "over"),
        "its day": None,
        "another's": RecordingKept(now_ms, house.call_id, "another", "2026-04-03"),
    }
    if fact := facts[gone]:
        house.home.fold(fact)
    else:
        house.now_ms = at("00:30", "2026-04-04")
    client = signed_in(house.app, Grant(OFFICER))
    assert client.get(house.address).status_code == 404
    assert "<audio" not in client.get(CALLS).text
    assert house.heard == []


def test_a_recording_that_cannot_be_opened(house: House) -> None:
    """It is as if there were none; the gateway's log says why."""
    house.desk.listen = lambda _call_id: None
    assert signed_in(house.app, Grant(OFFICER)).get(house.address).status_code == 404
