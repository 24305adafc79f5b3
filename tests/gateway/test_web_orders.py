"""The page's orders: a form is one wish, told to the desk, or refused in words."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from gateway.catalogue import page_en, page_ko
from gateway.desk import DeskClosed
from gateway.events import SlotId
from gateway.orders import Wish, WishRefused
from gateway.web.words import Words
from tests.web import fakes
from tests.web.fakes import FakeDesk, client_of, seoul_ms

BOX = "box-7f3a"
KO = Words("ko", "Asia/Seoul")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(fakes.asked())


def token_in(client: FlaskClient, language: str = "ko") -> str:
    """The token that stands in the forms."""
    found = re.search(r'name="token" value="([^"]+)"', client.get(f"/?lang={language}").text)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("form", "wish"),
    [
        ({"order": "refill"}, Wish(BOX, "refill")),
        ({"order": "take_out", "days": "3"}, Wish(BOX, "take_out", {"days": 3})),
        ({"order": "refill_end"}, Wish(BOX, "refill_end")),
        (
            {"order": "away", "from": "2026-03-06T09:00", "until": "2026-03-08T20:00"},
            Wish(
                BOX,
                "away",
                {
                    "from_ms": seoul_ms("09:00", "2026-03-06"),
                    "until_ms": seoul_ms("20:00", "2026-03-08"),
                },
            ),
        ),
        ({"order": "at_home"}, Wish(BOX, "at_home")),
        ({"order": "ask"}, Wish(BOX, "ask")),
        (
            {"order": "not_taken", "slot": "p1/2026-03-04/1"},
            Wish(BOX, "not_taken", slot=SlotId("p1", "2026-03-04", 1)),
        ),
        ({"order": "locate"}, Wish(BOX, "locate")),
    ],
)
def test_a_form_is_one_wish(desk: FakeDesk, form: dict[str, str], wish: Wish) -> None:
    """Each form reaches the desk as the wish it shows, in the household's own time."""
    client = client_of(desk)
    answer = client.post("/order", data={**form, "device": BOX, "token": token_in(client)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/?lang=ko#care-{BOX}")
    assert desk.wishes == [wish]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"order": "take_out", "days": "many"}, "days"),
        ({"order": "take_out", "days": "٣"}, "days"),
        ({"order": "away", "from": "", "until": "2026-03-08T20:00"}, "time"),
        ({"order": "away", "from": "tomorrow", "until": "later"}, "time"),
        ({"order": "taken", "slot": "p1"}, "slot"),
        ({"order": "taken", "slot": "p1/monday/0"}, "slot"),
    ],
)
def test_what_cannot_be_read_is_named(desk: FakeDesk, form: dict[str, str], code: str) -> None:
    """A field that is no number, no time or no slot: one sentence, and nothing is ordered."""
    client = client_of(desk)
    answer = client.post("/order", data={**form, "device": BOX, "token": token_in(client)})
    assert answer.status_code == 400
    assert page_ko.WORDS[f"order.not.{code}"] in answer.text
    assert desk.wishes == []


@pytest.mark.parametrize(
    ("error", "status", "key"),
    [
        (WishRefused("slot_state"), 400, "order.not.slot_state"),
        (DeskClosed("full"), 503, "error.503"),
    ],
)
def test_a_refusal_is_said_in_the_asked_language(
    desk: FakeDesk, error: Exception, status: int, key: str
) -> None:
    """What the desk refuses comes back as a sentence in the language of the form."""
    client = client_of(desk)
    desk.refuses = error
    data = {"order": "ask", "device": BOX, "lang": "en", "token": token_in(client, "en")}
    answer = client.post("/order", data=data)
    assert answer.status_code == status
    assert page_en.WORDS[key] in answer.text


@pytest.mark.parametrize(
    ("headers", "keeps_token"),
    [
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Origin": "http://localhost"}, False),
        ({}, False),
    ],
)
def test_orders_only_from_this_page(
    desk: FakeDesk, headers: dict[str, str], keeps_token: bool
) -> None:
    """Without our origin and our token nothing is ordered; by GET never."""
    client = client_of(desk)
    token = token_in(client) if keeps_token else "guess"
    data = {"order": "ask", "device": BOX, "token": token}
    assert client.post("/order", data=data, headers=headers).status_code == 403
    assert client.get("/order?order=ask").status_code == 405
    assert client.post("/order", data=data, headers={"Host": "evil.example"}).status_code == 400
    assert desk.wishes == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_became_of_orders_is_read(desk: FakeDesk, language: str) -> None:
    """On its way, refused with the reason, unanswered, given by itself: each in words."""
    words = Words(language, "Asia/Seoul")
    html = client_of(desk).get(f"/?lang={language}").text
    for sentence in (
        words.say("answer.waiting"),
        words.say("answer.refused", why=words.say("refused.state")),
        words.say("reply.unanswered"),
        words.say("order.by.itself"),
        words.say("order.quiet", from_clock="22:30", until_clock="07:00"),
        words.say("reason.postponed", clock=words.clock(seoul_ms("19:10"))),
        words.say("reason.doubt_wrong_lid"),
        words.say("said.sensor_fault", chip=words.say("chip.2")),
        words.say("said.update_result.rolled_back", n=3),
    ):
        assert sentence in html, sentence


def test_an_unanswered_question_is_not_fine(desk: FakeDesk) -> None:
    """The page says first that nobody pressed OK, until a later question is answered."""
    picture = fakes.calm("18:00")
    picture["orders"] = [fakes.order(1, "ask", "17:00", reply="unanswered")]
    html = client_of(FakeDesk(picture)).get("/").text
    assert "level-unsure" in html
    assert KO.say("status.why.unanswered", person="박순자", clock="오후 5:00") in html
    picture["orders"].insert(0, fakes.order(2, "ask", "17:30", reply="answered"))
    assert "level-fine" in client_of(FakeDesk(picture)).get("/").text
