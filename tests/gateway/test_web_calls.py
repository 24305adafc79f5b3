"""The page about the calls that ask a person: what is planned, answered, consented to."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest
from flask.testing import FlaskClient

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant
from gateway.desk import Desk
from gateway.entering import Entry, entered
from gateway.events import CallAnswered, CallBegun, CallEnded
from gateway.picture import picture
from tests.web import lived
from tests.web.called_home import calls_made
from tests.web.fakes import Picture
from tests.web_access import page_of, signed_in, token_of

BASE = "/person/soonja/calls"
FORM: dict[str, object] = {
    "weekdays": ["mon", "thu"],
    "from": "09:30",
    "until": "11:00",
    "number": "010-5555-0123",
    "language": "ko",
}


class House:
    """A home behind a desk that takes entries; the page over it."""

    def __init__(self, *, called: bool) -> None:
        self.home = lived.lived()
        for fact in calls_made() if called else ():
            self.home.fold(fact)
        desk = Desk(self._draw, note=self._note, know=lambda: (self.home, lived.NOW_MS))
        self.app = page_of(desk)
        self.client = signed_in(self.app)

    def _draw(self, only: Collection[str] | None) -> Picture:
        return picture(self.home.household, self.home.ledger, lived.NOW_MS, only=only)

    def _note(self, entry: Entry) -> None:
        for fact in entered(self.home, entry, lived.NOW_MS):
            self.home.fold(fact)

    @property
    def plans(self) -> dict[str, object]:
        plans = self.home.household.calls.plans.get("soonja", {})
        return {call: planned.plan for call, planned in plans.items()}

    def read(self, language: str = "en") -> str:
        return re.sub(r"\s+", " ", self.client.get(f"{BASE}?lang={language}").text)

    def send(self, to: str, **form: object) -> tuple[int, str]:
        token = token_of(self.client)
        answer = self.client.post(f"{BASE}/{to}?lang=en", data={"token": token, **form})
        return answer.status_code, answer.text


@pytest.fixture
def house() -> House:
    return House(called=False)


@pytest.fixture(scope="module")
def called() -> House:
    return House(called=True)


def test_a_plan_is_made_changed_and_ended(house: House) -> None:
    """What the form says is the plan; said anew it is another; stopped it is none."""
    assert "No call is planned." in house.read()
    assert house.send("wellbeing", **FORM)[0] == 303
    kept = {**FORM, "number": "+821055550123"}
    assert house.plans == {"wellbeing": kept}
    assert "Mon, Thu · 09:30–11:00 · 010-5555-0123" in house.read()
    assert "5 March" in house.read()  # a Thursday
    assert house.send("wellbeing", **{**FORM, "weekdays": ["sun"]})[0] == 303
    assert house.plans == {"wellbeing": {**kept, "weekdays": ["sun"]}}
    assert house.send("voice_message", **FORM)[0] == 303
    assert house.send("wellbeing", stop="yes")[0] == 303
    assert house.plans == {"voice_message": kept}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"weekdays": []}, "at least one day"),
        ({"from": "06:00"}, "between 07:00 and 21:00"),
        ({"until": "09:45"}, "at least 30 minutes"),
        ({"until": "soon"}, "between 07:00 and 21:00"),
        ({"number": "119"}, "Check the telephone number"),
        ({"language": "fr"}, "Korean or English"),
    ],
)
def test_a_plan_that_cannot_be(house: House, wrong: dict[str, object], told: str) -> None:
    """Each mistake is told in one sentence, and nothing is planned."""
    code, answer = house.send("wellbeing", **{**FORM, **wrong})
    assert (code, told in answer) == (400, True), answer
    assert not house.plans


def test_another_call_than_the_two(house: House) -> None:
    """There is no third call."""
    assert house.send("party", **FORM)[0] == 404


def test_consent_is_given_and_withdrawn(house: House) -> None:
    """Who said so and when stands on the page; before, nobody is recorded."""
    assert "She was not asked yet. Nothing is recorded." in house.read()
    assert house.send("consent", given="yes")[0] == 303
    assert "She consented (" in house.read()
    assert house.send("consent", given="no")[0] == 303
    consent = house.home.household.calls.consent["soonja"]
    assert not consent.given
    assert "She did not consent (" in house.read()


def test_what_she_answered(called: House) -> None:
    """Each answer stands beside its question in words; attempts with their time and outcome."""
    page = called.read()
    assert re.search(r"<dt>Sleep</dt><dd>.{1,200}<span>slept badly</span>", page)
    assert "10:03 am no answer · 11:03 am line busy · 12:03 pm picked up, no key pressed" in page
    assert "Recordings kept: 1, the last until" in page
    page = called.read("ko")
    assert "잘 못 주무심" in page
    assert "받았으나 번호를 누르지 않음" in page


@pytest.mark.parametrize(
    ("answers", "outcome", "sign"),
    [
        ((), "interrupted", "unlinked"),
        ((), "line_down", "unlinked"),
        ((), "no_answer", "missed"),
        ((("sleep", "help", "0"),), "interrupted", "doubtful"),
    ],
)
def test_what_we_broke_off_is_not_called_missed(
    house: House, answers: tuple[tuple[str, str, str], ...], outcome: str, sign: str
) -> None:
    """Our line, our restart: the sign is no link, or, where she had spoken, that of a part."""
    ms = lived.NOW_MS - 3_600_000
    house.home.fold(CallBegun(ms, 1, "soonja", "wellbeing", "2026-03-02", 1, "sip"))
    for n, answer in enumerate(answers, 1):
        house.home.fold(CallAnswered(ms + n, 1, "soonja", *answer))
    house.home.fold(CallEnded(ms + 9, 1, "soonja", outcome, ""))
    assert re.findall(r'class="badge s-(\w+)"', house.read()) == [sign]


def test_the_plot_says_in_words_what_it_shows(called: House) -> None:
    """Who cannot see the plot hears the same counts: as many as the facts have."""
    told = re.search(r"<desc[^>]*>(.*?)</desc>", called.read())
    assert told is not None
    # Twelve days: eight with answers, four on which nobody answered.
    assert "Meals: the well answer 8 times, the other 0, no answer 4." in told.group(1)
    sleep = re.search(r"Sleep: the well answer (\d+) times, the other (\d+), no", told.group(1))
    assert sleep is not None
    assert sum(map(int, sleep.groups())) == 8
    assert int(sleep.group(2)) > 0


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        (Grant(OFFICER), 200),
        (Grant(GUARDIAN, "soonja"), 200),
        (Grant(GUARDIAN, "another"), 404),
        (Grant(SENIOR, "soonja"), 404),
        (Grant(TECHNICIAN), 404),
    ],
)
def test_whose_page_it_is(called: House, grant: Grant, code: int) -> None:
    """Her guardian and the officer; nobody else sees what she answered."""
    client: FlaskClient = signed_in(called.app, grant)
    assert client.get(BASE).status_code == code


def test_programs_are_told_without_her_number(called: House) -> None:
    """The API has plans, next call, outcomes and answers, and no telephone number."""
    said = called.client.get("/api/v1/people/soonja/calls?limit=3").get_json()
    assert said["plans"] == [
        {"call": "wellbeing", "weekdays": ["mon", "wed", "fri"],
         "from": "10:00", "until": "12:00", "language": "ko"}
    ]  # fmt: skip
    assert said["next_ms"] is not None
    assert [call["outcome"] for call in said["calls"]] == ["answered", "answered", "voicemail"]
    assert "5555" not in str(said)
