"""The page of an incident: who was told, who was not, why, when, and what became of every text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from gateway.access import Grant, Role
from gateway.config.routes import HTTP, MODEM
from gateway.desk import Desk
from gateway.home import Home
from gateway.incidents import shapes
from gateway.incidents.ledger import LOST_ANSWER
from gateway.incidents.roll import Line
from gateway.log import EXPIRED
from gateway.picture import picture
from gateway.roster import ROLES
from gateway.web import incidents, texts
from gateway.web.catalogues import CATALOGUES
from gateway.web.words import Words
from tests.web import alarmed, fakes
from tests.web.alarmed import NOW_MS
from tests.web.fakes import FakeDesk
from tests.web_access import page_of, signed_in

KO, EN = Words("ko", "Asia/Seoul"), Words("en", "Asia/Seoul")


def client_of(home: Home, now_ms: int = NOW_MS, *grants: Grant) -> FlaskClient:
    """The page over a home that lived."""
    desk = Desk(
        lambda only: picture(home.household, home.ledger, now_ms, book=home.book, only=only),
        know=lambda: (home, now_ms),
    )
    return signed_in(page_of(desk), *grants)


def lines_of(html: str) -> list[str]:
    """Each person of the first roll of a page, as read aloud."""
    roll = html[html.index('<ul class="roll">') :]
    items = re.findall(r"<li.*?</li>", roll[: roll.index("</ul>")], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


@pytest.mark.parametrize("where", ["/", "/incident/1"])
def test_everybody_stands_on_the_roll(where: str) -> None:
    """Told or not, why, when, how far the text came, when it is whose turn: list and page alike."""
    html = client_of(alarmed.one_by_one()).get(f"{where}?lang=en").text
    daughter, neighbour, officer = lines_of(html)
    assert daughter == (
        "이지은 guardian told The first to be told · 7:00 pm Arrived · 7:00 pm "
        "To be told again 8:15 pm"
    )
    assert neighbour == (
        "박영희 neighbour not told Quiet hours, and it can wait · 7:15 pm "
        "Next turn 3 March, 7:00 am"
    )
    assert officer == "최담당 officer not told Is not told of this kind · 7:00 pm"


def test_the_way_back_is_where_she_came_from() -> None:
    """A guardian goes back to the first page's incident, an officer to her case."""
    guardian = client_of(alarmed.failing(), NOW_MS, Grant(Role.GUARDIAN, "soonja"))
    assert 'href="/?lang=ko#incident-1"' in guardian.get("/incident/1").text
    officer = client_of(alarmed.failing(), NOW_MS, Grant(Role.OFFICER, None))
    assert 'href="/person/soonja/case?lang=ko"' in officer.get("/incident/1").text


def test_a_text_that_reached_nobody_is_not_called_told() -> None:
    """Refused is "could not be told", waiting is "being told"; the next turn is when it is held."""
    html = client_of(alarmed.failing()).get("/incident/1?lang=en").text
    daughter, neighbour, officer = lines_of(html)
    assert "told" in daughter
    assert "Sent, no word of its arrival" in daughter
    assert neighbour.startswith("박영희 neighbour could not be told")
    assert officer.startswith("최담당 officer being told")
    assert officer.endswith("To be told 9:06 pm unless it is over by then")


def test_every_text_is_there_with_its_way() -> None:
    """Body, state, by which way, which was tried before, what went wrong, and when."""
    html = client_of(alarmed.one_by_one()).get("/incident/1").text
    assert html.count("<blockquote") == 1
    for part in (
        "김순자님 저녁약",
        "인터넷 문자로",
        "먼저 시도: 모뎀으로",
        '<span lang="en">(the modem is not registered)</span>',
        "도착 <time",
    ):
        assert part in html, part
    html = client_of(alarmed.failing()).get("/incident/1").text
    assert html.count("<blockquote") == 4
    assert KO.say("text.trouble.repeated") in html
    assert f"{KO.say('text.trouble.now')} <span" in html
    assert "(the number does not exist (3058))" in html


def test_what_was_over_is_said() -> None:
    """A text that was taken back says so; nobody's turn is named any more."""
    html = client_of(alarmed.over()).get("/incident/1?lang=en").text
    assert EN.say("text.withdrawn") in html
    _daughter, neighbour, _officer = lines_of(html)
    assert neighbour.startswith("박영희 neighbour not told")
    assert not re.search(r"Next turn|To be told|the turn now", html)
    picture = fakes.missed()  # the neighbour's quiet hours outlast it
    picture["incidents"][0].update(state="resolved")
    html = fakes.client_of(FakeDesk(picture)).get("/?lang=en").text
    assert not re.search(r"Next turn|To be told|the turn now", html)


def test_the_home_has_a_name() -> None:
    """An incident of the whole home is the home's; what is told of one person is hers."""
    html = client_of(alarmed.dark()).get("/?lang=en").text
    assert "This home: Several devices lost the mains" in html
    alone = client_of(alarmed.dark()).get("/incident/1?lang=en").text
    assert "<h1>This home: " in alone


def test_her_own_answer_is_hers() -> None:
    """Whoever pressed the button at her box is nobody's guardian: it was herself."""
    picture = fakes.acknowledged()
    incident = picture["incidents"][0]
    incident.update(acked_by="p1")
    incident["history"][-1].update(detail="p1")
    asked = {"at_ms": incident["opened_ms"], "what": "asked", "reason": "first_step"}
    incident["history"].insert(1, {**asked, "detail": "box-7f3a"})
    html = fakes.client_of(FakeDesk(picture)).get("/").text
    assert KO.say("incident.herself") in html
    assert "본인이 약상자에 답했습니다" in html
    assert KO.say("happened.asked") in html
    assert "박순자 님이 맡" not in html


def test_told_before_and_not_again_is_both() -> None:
    """At her second turn she had quiet hours: the first text is not forgotten."""
    picture = fakes.missed()
    until_ms = fakes.seoul_ms("07:00", "2026-03-05")
    picture["incidents"][0]["roll"][0].update(reason="quiet", next_ms=until_ms)
    daughter = lines_of(fakes.client_of(FakeDesk(picture)).get("/?lang=en").text)[0]
    assert "told before, not this time Quiet hours" in daughter
    assert daughter.endswith("To be told again 5 March, 7:00 am")


def test_a_turn_that_is_due_is_due() -> None:
    """A turn of a moment ago is not said to be at a time that is past."""
    picture = fakes.missed()
    picture["incidents"][0]["roll"][1].update(next_ms=picture["now_ms"])
    assert "It is the turn now" in fakes.client_of(FakeDesk(picture)).get("/?lang=en").text


@pytest.mark.parametrize("number", ["0", "99", "999999999999999999999", "-1", "x", "1.5"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_unknown_incident_is_said(number: str, language: str) -> None:
    """404 with one sentence and a way back, never a trace."""
    answer = client_of(alarmed.one_by_one()).get(f"/incident/{number}?lang={language}")
    assert answer.status_code == 404
    words = KO if language == "ko" else EN
    expected = {words.say("error.404")}
    if number.isdigit():
        expected.add(words.say("incident.unknown", n=int(number)))
    assert any(sentence in answer.text for sentence in expected)
    assert 'href="/?lang=' in answer.text


def test_an_old_incident_still_has_its_page() -> None:
    """The list shows six; each of all the others can be looked at."""
    home = alarmed.dark()
    html = client_of(home).get("/").text
    for number in home.ledger.incidents:
        assert f'href="/incident/{number}?lang=ko"' in html
        assert client_of(home).get(f"/incident/{number}").status_code == 200


def test_only_for_reading() -> None:
    """Nothing is changed here, and nothing is inline or from outside."""
    client = client_of(alarmed.failing())
    assert client.post("/incident/1").status_code == 405
    html = client.get("/incident/1").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r'(?:src|href|action)="(?!/|#)', html)
    assert '<meta http-equiv="refresh" content="30">' in html


def test_what_a_stranger_wrote_is_only_text() -> None:
    """A name with markup in it is shown as it was written."""
    picture = fakes.missed()
    picture["incidents"][0]["roll"][0].update(name="<img src=x>")
    html = fakes.client_of(FakeDesk(picture)).get("/").text
    assert "<img" not in html
    assert "&lt;img src=x&gt;" in html


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("home", alarmed.HOMES)
def test_page_is_whole_in_each_language(home: Callable[[], Home], language: str) -> None:
    """List and page of every home are said in one language, with no code and no empty value."""
    lived = home()
    client = client_of(lived)
    for where in ("/", *(f"/incident/{n}" for n in lived.ledger.incidents)):
        html = client.get(f"{where}?lang={language}").text
        main = html[html.index("<main") : html.index("</main>")]
        written = r"<blockquote.*?</blockquote>|<span lang=\"en\">.*?</span>|<[^>]+>"
        says = re.sub(written, " ", main, flags=re.DOTALL)
        says = re.sub("김순자|이민수|이지은|박영희|최담당|딸네 집에 계심|A[BP]-00000.", "", says)
        assert not re.search(r"\{|\bNone\b(?! yet)|\w_\w", says), where
        foreign = r"\S*[가-힣]+\S*" if language == "en" else r"\S*[A-Za-z]{3,}\S*"
        assert re.findall(foreign, says) == [], where


def test_every_state_role_and_route_has_words() -> None:
    """Whatever the other rooms come to, people read a sentence, not a code."""
    named = re.findall(
        r'^    # ("(?:pending|withdrawn)".*)$', inspect.getsource(shapes), re.MULTILINE
    )
    states = re.findall(r'"(\w+)"', "".join(named))
    assert len(states) == 8
    for catalogue in (CATALOGUES["ko"], CATALOGUES["en"]):
        assert [s for s in states if f"text.{s}" not in catalogue] == []
        assert [r for r in ROLES if f"role.{r}" not in catalogue] == []
        assert [r for r in (MODEM, HTTP) if f"route.{r}" not in catalogue] == []
        assert [t for t in texts.TROUBLES.values() if f"text.trouble.{t}" not in catalogue] == []


def test_the_beginnings_of_troubles_are_the_logs() -> None:
    """What is recognised by how it begins begins so where it is written."""
    assert {LOST_ANSWER, EXPIRED} < set(texts.TROUBLES)


def test_the_fake_roll_is_a_roll() -> None:
    """What the page is tested against has the fields of a real line."""
    assert set(fakes.line("a", "b", "quiet")) == set(Line.__dataclass_fields__)
    real = picture(alarmed.over().household, alarmed.over().ledger, NOW_MS)
    shown = fakes.missed()
    assert set(shown["alarms"]) == set(real["alarms"])
    assert set(shown["texts"][0]) == set(real["texts"][0])
    assert set(shown["incidents"][0]) == set(real["incidents"][0])


def test_the_live_page_is_only_its_own() -> None:
    """The stream of an incident's page draws that incident, and of an unknown one nothing."""
    client = client_of(alarmed.one_by_one())
    for number, has in ((1, True), (99, False)):
        answer = client.get(f"/live?lang=en&incident={number}", buffered=False)
        chunks = iter(answer.response)
        next(chunks)
        said = next(chunks)
        text = said.decode() if isinstance(said, bytes) else str(said)
        assert ("told again 8:15 pm" in text) == has
        assert '"people"' not in text
        answer.close()


def test_the_list_has_room_for_six() -> None:
    """How many more there are is said."""
    shown = fakes.missed()
    shown["incidents"] = [{**shown["incidents"][0], "id": n} for n in range(9)]
    assert incidents.incidents(shown, EN)["older"] == "3 earlier"
