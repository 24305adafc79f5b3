"""gateway.web.people, case, importing: the officer's pages, asked as a browser asks."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from html import unescape

import pytest
from flask.testing import FlaskClient

from anbu_wire import messages as wire
from gateway.access import GUARDIAN, OFFICER, TECHNICIAN, Grant
from gateway.desk import Desk, Picture
from gateway.entering import Entry, entered
from gateway.home import Home
from gateway.officer.casework import NoteCase
from tests.gateway.home_facts import at, record
from tests.gateway.officer.district import NOW_MS, begun, down, enter, settle
from tests.web_access import page_of, signed_in, token_of

TABLE = "이름,단계,보호자,보호자 전화\n최영수,관심,아들,010-1111-2222\n박둘,나쁨,아들,010-1\n"
PAGES = ("/people", "/people/visits", "/people/alarms", "/people/import", "/person/soonja/case")


def _draw(_only: Collection[str] | None) -> Picture:
    return {"language": "ko", "time_zone": "Asia/Seoul"}


def desk_of(home: Home, now_ms: int = NOW_MS) -> Desk:
    """A desk over a home, at which entries are taken in at once."""

    def note(entry: Entry) -> None:
        for fact in entered(home, entry, now_ms):
            home.fold(fact)

    return Desk(_draw, know=lambda: (home, now_ms), note=note)


def called() -> Home:
    """김순자 called for help ten minutes ago, 이말순's box is not heard."""
    home = begun()
    home.fold(down("malsoon", at("08:00")))
    home.fold(record(2, wire.HELP_PRESSED, at("08:50"), slot_day=None, slot_index=None))
    settle(home, at("08:50"))
    return home


def client_of(home: Home, *grants: Grant) -> FlaskClient:
    """Somebody signed in over that home: an officer unless told."""
    return signed_in(page_of(desk_of(home)), *(grants or (Grant(OFFICER),)))


def text_of(client: FlaskClient, address: str) -> str:
    """A page's words, without its tags."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    main = answer.get_data(as_text=True).split("<main", 1)[1]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_in_both_languages(page: str, language: str) -> None:
    """200, with a heading, in the language that was asked for."""
    body = client_of(called()).get(f"{page}?lang={language}").get_data(as_text=True)
    assert f'<html lang="{language}">' in body
    assert body.count("<h1>") == 1


@pytest.mark.parametrize("grant", [Grant(GUARDIAN, "soonja"), Grant(TECHNICIAN)])
@pytest.mark.parametrize("page", [*PAGES, "/people/import/template.csv"])
def test_nobody_else_gets_in(page: str, grant: Grant) -> None:
    """A guardian, of this very person too, and a technician are refused."""
    assert client_of(called(), grant).get(page).status_code in (403, 404)


def test_one_look_says_whom_and_why() -> None:
    """Who called stands first, under "go now", with why and since when; who is unknown next."""
    page = text_of(client_of(called()), "/people")
    first, unseen = page.index("김순자 도움 버튼을 눌렀습니다"), page.index("이말순 집 안의")
    assert first < unseen < page.index("박정호")
    assert "오전 8:50부터 · 10분 전" in page[first:unseen]


def test_an_officer_of_one_person_sees_that_one() -> None:
    """A grant for one person shows one row and counts one; the others' pages are not there."""
    client = client_of(called(), Grant(OFFICER, "malsoon"))
    page = text_of(client, "/people")
    assert "이말순" in page
    assert "김순자" not in page
    assert client.get("/person/soonja/case").status_code == 404
    assert client.get("/people/import").status_code == 403


def test_filters_and_search_keep_one_another() -> None:
    """The link of a filter keeps the name that was looked for; what cannot be read is left out."""
    client = client_of(called())
    body = client.get("/people?show=unknown&q=말순").get_data(as_text=True)
    assert "이말순" in body
    assert "박정호" not in body
    assert 'href="/people?show=visit&amp;q=%EB%A7%90%EC%88%9C&amp;lang=ko"' in body
    assert client.get("/people?show=<x>&h=abc&page=-1&q=%00").status_code == 200


def test_a_case_is_noted_and_closed_and_the_list_is_calm_again() -> None:
    """Note, then close with a reason: both in the book under her name, and nobody to go to."""
    client = client_of(called())
    token = token_of(client)
    said = {"token": token, "text": "전화함 <b>\n둘째 줄"}
    assert client.post("/person/soonja/case/note", data=said).status_code == 303
    number = re.search(r'name="incident" value="(\d+)"', client.get("/person/soonja/case").text)
    assert number is not None
    ends = {"token": token, "incident": number[1], "why": "visited", "text": ""}
    assert client.post("/person/soonja/case/close", data=ends).status_code == 303
    book = text_of(client, "/person/soonja/case")
    assert "전화함 <b> 둘째 줄" in book
    assert "찾아뵙고 확인함" in book
    assert "<b>\n" not in client.get("/person/soonja/case").text
    assert "도움 버튼" not in text_of(client, "/people")


def test_a_refusal_is_a_sentence() -> None:
    """No reason, an incident of another person, a day there is not: said, nothing is closed."""
    home = called()
    client, live = client_of(home), next(iter(home.board.live["soonja"]))
    token = {"token": token_of(client)}
    bad = client.post("/person/soonja/case/close", data={**token, "incident": live, "why": "x"})
    assert (bad.status_code, "끝내는 이유를 골라" in bad.text) == (400, True)
    other = {**token, "incident": live, "why": "visited"}
    assert client.post("/person/malsoon/case/close", data=other).status_code == 404
    day = client.post("/person/soonja/case/visit", data={**token, "day": "x", "wanted": "yes"})
    assert day.status_code == 400
    assert live in home.ledger.live


def test_a_visit_is_put_on_a_days_list_and_taken_off() -> None:
    """Tomorrow's list holds her with her people's numbers and the last note, until she is off."""
    home = called()
    enter(home, NoteCase("jungho", "문 앞에 편지", "이지은"), NOW_MS)
    client = client_of(home)
    said = {"token": token_of(client), "day": "2026-03-03", "wanted": "yes"}
    client.post("/person/jungho/case/visit", data=said)
    page = text_of(client, "/people/visits?day=2026-03-03")
    assert "박정호" in page
    assert "문 앞에 편지" in page
    assert "010-1234-0002" in page
    assert "김순자" not in page  # who is urgent tomorrow is not known
    client.post("/person/jungho/case/visit", data={**said, "wanted": "no"})
    assert "박정호" not in text_of(client, "/people/visits?day=2026-03-03")
    assert "김순자" in text_of(client, "/people/visits")


def test_a_table_is_looked_at_first_and_entered_when_confirmed() -> None:
    """The dry run in cp949 tells each line and changes nothing; confirming enters the good ones."""
    home = called()
    client = client_of(home)
    token = token_of(client)
    upload = {"token": token, "file": (io.BytesIO(TABLE.encode("cp949")), "people.csv")}
    answer = client.post("/people/import", data=upload)
    looked = unescape(answer.get_data(as_text=True))
    assert "‘나쁨’" in looked
    assert "‘010-1’" in looked
    roster = home.household.roster
    assert roster is not None
    assert len(roster.persons) == 3
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', looked)
    assert digest is not None
    confirmed = {"token": token, "text": TABLE, "digest": digest[1]}
    assert client.post("/people/import/enter", data=confirmed).status_code == 303
    assert "최영수" in text_of(client, "/people")
    assert "박둘" not in text_of(client, "/people")
    again = client.post("/people/import/enter", data=confirmed)
    assert (again.status_code, "새로 등록할 분이 없습니다" in again.text) == (400, True)


@pytest.mark.parametrize(
    ("raw", "says"),
    [(b"\x89PNG\xff\xff\x80", "글자로 읽을 수 없습니다"), (b"a,b\n1,2\n", "‘이름’ 칸이")],
)
def test_a_file_that_is_no_table_is_told(raw: bytes, says: str) -> None:
    """What is wrong and what to do, in a sentence."""
    client = client_of(called())
    upload = {"token": token_of(client), "file": (io.BytesIO(raw), "x.csv")}
    assert says in unescape(client.post("/people/import", data=upload).get_data(as_text=True))
