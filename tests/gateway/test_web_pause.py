"""Telling about somebody rests until then: the forms, what stands on the page, what is refused."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest
from flask.testing import FlaskClient

from gateway.desk import Desk
from gateway.entering import Entry, Pause, Unpause, entered
from gateway.events import LinkUp
from gateway.home import Home
from gateway.picture import picture
from gateway.web.words import Words
from tests.gateway.home_facts import BOX, at, begun, caught_up
from tests.web import fakes
from tests.web.fakes import FakeDesk, Picture
from tests.web_access import page_of, signed_in, token_of

KO, EN = Words("ko", "Asia/Seoul"), Words("en", "Asia/Seoul")
NOW = at("17:52")
FORM = {"until": "2026-03-05T08:00", "why": "딸네 집에 계심"}
PAUSE = Pause("soonja", at("08:00", "2026-03-05"), "이지은", "딸네 집에 계심")


class House:
    """A home behind a desk that takes entries; the page over it."""

    def __init__(self) -> None:
        self.home = begun(at("12:00"))
        self.home.fold(LinkUp(NOW, BOX))
        self.home.fold(caught_up(NOW))
        self.entries: list[Entry] = []
        self.client = signed_in(page_of(Desk(self._draw, note=self._note, know=self._know)))

    def _draw(self, only: Collection[str] | None) -> Picture:
        return picture(self.home.household, self.home.ledger, NOW, only=only)

    def _know(self) -> tuple[Home, int]:
        return self.home, NOW

    def _note(self, entry: Entry) -> None:
        for fact in entered(self.home, entry, NOW):
            self.home.fold(fact)
        self.entries.append(entry)

    def post(self, what: str, form: dict[str, str], language: str = "ko") -> tuple[int, str, str]:
        """(status, where to, what it says) of a form."""
        data = {**form, "token": token_of(self.client), "lang": language}
        answer = self.client.post(f"/person/soonja/{what}", data=data)
        return answer.status_code, answer.headers.get("Location", ""), answer.text


@pytest.fixture
def house() -> House:
    return House()


def main_of(client: FlaskClient, language: str) -> str:
    """The first page, without marks."""
    html = client.get(f"/?lang={language}").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def test_a_pause_is_taken_shown_and_ended(house: House) -> None:
    """Until when, by whom, why: on the first look, on her card, in the form; then all is gone."""
    held = "nobody is told about doses or the box until 5 March, 8:00 am. A call for help is always"
    assert held not in main_of(house.client, "en")
    assert house.post("pause", FORM, "en")[:2] == (303, "/?lang=en#pause-soonja")
    assert house.entries == [PAUSE]
    page = main_of(house.client, "en")
    assert page.count(held) == 3
    assert "Set by 이지은: 딸네 집에 계심" in page
    assert 'href="#pause-soonja"' in house.client.get("/").text
    assert house.post("unpause", {})[:2] == (303, "/?lang=ko#pause-soonja")
    assert house.entries[1:] == [Unpause("soonja", "이지은")]
    assert held not in main_of(house.client, "en")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"until": ""}, KO.say("entry.not.pause_end")),
        ({"until": "soon"}, KO.say("entry.not.pause_end")),
        ({"until": "2026-03-02T17:00"}, KO.say("entry.not.pause_end")),
        ({"until": "0001-01-01T00:00"}, KO.say("entry.not.pause_end")),
        ({"until": "2026-03-17T08:00"}, KO.say("entry.not.pause_long", days=14)),
        ({"until": "9999-12-31T23:59"}, KO.say("entry.not.pause_long", days=14)),
        ({"why": " "}, KO.say("entry.not.why", most=200)),
    ],
)
def test_what_is_refused_is_said(house: House, changed: dict[str, str], says: str) -> None:
    """No end, one that is past, one too far: one sentence, a way back, and nothing rests."""
    code, _where, text = house.post("pause", {**FORM, **changed})
    assert code == 400
    assert says in text
    assert 'href="/?lang=ko"' in text
    assert house.entries == []


def test_the_form_offers_what_is_taken(house: House) -> None:
    """The latest end that the browser lets her choose is not refused."""
    html = house.client.get("/").text
    latest = re.search(r'name="until" min="[^"]+" max="([^"]+)" required', html)
    assert latest
    assert house.post("pause", {**FORM, "until": latest.group(1)})[0] == 303


def test_only_one_form_a_person() -> None:
    """Somebody with two boxes has one pause; nobody's has the other's place."""
    shown = fakes.calm()
    shown["persons"][0]["devices"].append(fakes.device(shown["now_ms"], id="box-2"))
    html = fakes.client_of(FakeDesk(shown)).get("/").text
    assert html.count('id="pause-p1"') == 1
    assert html.count(KO.say("pause.do") + "</button>") == 1


# --- beside it: a box that is late, and how right the alarms were ----------------------------


def test_a_late_box_is_neither_down_nor_resting() -> None:
    """It says since when it was expected; the page is not sure, whatever its link was."""
    shown = fakes.calm()
    now_ms = shown["now_ms"]
    late = {"unseen": True, "late_ms": fakes.seoul_ms("17:20"), "link": "down"}
    shown["persons"][0]["devices"] = [fakes.device(now_ms, **late)]
    html = fakes.client_of(FakeDesk(shown)).get("/?lang=en").text
    assert "is late, expected since 5:20 pm" in html
    assert "박순자: the box is late, it was expected 5:20 pm." in html
    assert EN.say("device.down") not in html
    assert "level-unsure" in html
    assert 'href="#i-late"' in html


@pytest.mark.parametrize(("kept", "sign"), [(True, "taken"), (False, "doubtful")])
def test_the_promise_has_a_word_and_a_sign(kept: bool, sign: str) -> None:
    """How many were told, false, needed; kept or broken is read without any colour."""
    shown = fakes.calm()
    shown["alarms"] = fakes.alarms(
        told=7, false=3, needed=4, needed_share=4 / 7, within_budget=kept
    )
    html = fakes.client_of(FakeDesk(shown)).get("/?lang=en").text
    card = html[html.index("Alerts of the last 30 days") :]
    says = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card))
    assert "Told 7 False 3 Needed a person 4 (57 %) Not over yet 0" in says
    assert ("The promise is kept" in says) == kept
    assert ("The promise is broken" in says) != kept
    assert f'href="#i-{sign}"' in card
