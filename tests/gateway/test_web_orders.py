"""The page's orders: a form is one wish, told to the desk, or refused in words."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from gateway.desk import DeskClosed
from gateway.events import SlotId
from gateway.orders import Wish, WishRefused
from gateway.web import incidents, news
from gateway.web.catalogues import CATALOGUES
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
    assert CATALOGUES["ko"][f"order.not.{code}"] in answer.text
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
    assert CATALOGUES["en"][key] in answer.text


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


@pytest.mark.parametrize(
    "later",
    [
        {"happenings": [fakes.said(1, "help_pressed", "17:20")]},
        {"happenings": [fakes.said(1, "lid_opened.no_slot", "17:20", lid=3)]},
        {"opened_ms": seoul_ms("17:20")},
    ],
)
def test_a_hand_at_the_box_answers_too(later: dict[str, object]) -> None:
    """Whoever opens a lid or calls after the question is there; before it that says nothing."""
    for asked, level in (("17:00", "fine"), ("17:40", "unsure")):
        picture = fakes.calm("18:00")
        picture["orders"] = [fakes.order(1, "ask", asked, reply="unanswered")]
        picture["happenings"] = later.get("happenings", [])
        noon = picture["persons"][0]["slots"][1]
        noon["since_ms"] = later.get("opened_ms", noon["since_ms"])
        assert f"level-{level}" in client_of(FakeDesk(picture)).get("/").text


def test_somebodys_word_is_no_hand_at_the_box() -> None:
    """A dose confirmed by word does not show that she is there."""
    picture = fakes.calm("18:00")
    picture["orders"] = [fakes.order(1, "ask", "17:00", reply="unanswered")]
    picture["persons"][0]["slots"][1].update(how="by_word", since_ms=seoul_ms("17:20"))
    assert "level-unsure" in client_of(FakeDesk(picture)).get("/").text


def test_a_question_without_an_answer_yet_is_not_done() -> None:
    """The box took the question; the page waits for the answer, and says so."""
    picture = fakes.calm("17:02")
    picture["orders"] = [fakes.order(1, "ask", "17:00")]
    html = client_of(FakeDesk(picture)).get("/").text
    assert KO.say("reply.none") in html
    assert KO.say("answer.done") not in html


def test_an_absence_is_said_until_it_is_over() -> None:
    """Once the box knows of it the first look tells; not before, not after, not once at home."""
    ends = {"from_ms": seoul_ms("18:00"), "until_ms": seoul_ms("20:00")}
    sentence = KO.say("status.why.away", person="박순자", from_at="오후 6:00", until_at="오후 8:00")
    for clock, answer, back, said in (
        ("17:30", "done", False, True),
        ("19:00", "done", False, True),
        ("17:30", "waiting", False, False),
        ("20:00", "done", False, False),
        ("19:00", "done", True, False),
    ):
        picture = fakes.calm(clock)
        picture["orders"] = [fakes.order(1, "away", "17:00", answer=answer, arguments=ends)]
        if back:
            picture["orders"].insert(0, fakes.order(2, "at_home", "18:30"))
        assert (sentence in client_of(FakeDesk(picture)).get("/").text) is said, clock


def test_a_row_of_alike_news_is_one_line() -> None:
    """A refill that ended early is not twenty lines; what is shown elsewhere is not repeated."""
    picture = fakes.calm("17:30")
    picture["happenings"] = [
        fakes.said(40, "asked", "17:20", 1),
        fakes.said(30, "refill_ended.by_command", "17:10"),
        *[fakes.said(n, "compartment_unfilled", "17:10", lid=n) for n in range(27, 3, -1)],
        fakes.said(2, "compartment_filled", "17:05", lid=2),
        fakes.said(1, "mains_lost", "17:01"),
    ]
    shown = news.said(picture, KO)
    assert [line["what"] for line in shown["shown"]] == [
        KO.say("said.refill_ended.by_command"),
        KO.say("said.compartment_unfilled.many", n=24),
        KO.say("said.compartment_filled", where="월요일 저녁 칸"),
        KO.say("said.mains_lost"),
    ]
    assert shown["older"] is None


def test_those_for_whom_nobody_comes_stand_first() -> None:
    """An incident that nobody has taken is above a newer one that somebody has."""
    picture = fakes.acknowledged()
    taken = picture["incidents"][0]
    picture["incidents"].append(
        {**taken, "id": 3, "state": "notifying", "opened_ms": taken["opened_ms"] - 1}
    )
    assert [i["id"] for i in incidents.incidents(picture, KO)["shown"]] == [3, 12]
