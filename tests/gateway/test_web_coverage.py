"""Nets by the page: the list, what is written down, a survey from file to row, the way home."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.access import GUARDIAN, OFFICER, Grant
from gateway.coverage import choosing
from tests.gateway.coverage.test_survey import HEAD
from tests.gateway.officer.district import NAMES, begun
from tests.web.flat import Flat
from tests.web_access import page_of, signed_in, token_of

SURVEY = f"{HEAD}최영수,율하동,안심로 3,1941,,거부,\n윤복례,신기동,안심로 4,,,,○\n나쁜줄,,,,,,\n"
REFUSES = {
    "net": "plug", "state": "refused", "from_day": "2026-03-01", "ask_again_day": "2026-06-01",
    "text": "",
}  # fmt: skip


class Page:
    """The page over three persons, with an officer of everybody and her form's token."""

    def __init__(self, folder: Path) -> None:
        self.flat = Flat(begun(), folder)
        self.app = page_of(self.flat.desk)
        self.officer = signed_in(self.app, Grant(OFFICER))

    def get(self, path: str, who: FlaskClient | None = None) -> str:
        """A page's HTML."""
        answer = (who or self.officer).get(path)
        assert answer.status_code == 200, path
        return answer.text

    def post(self, path: str, **form: object) -> TestResponse:
        """A form of the officer's."""
        return self.officer.post(path, data={"token": token_of(self.officer), **form})

    def brought(self, text: str = SURVEY) -> dict[str, str]:
        """A survey that was looked at: what its confirmation sends."""
        answer = self.post("/people/survey", file=(io.BytesIO(text.encode("cp949")), "s.csv"))
        assert answer.status_code == 200
        return dict(re.findall(r'name="(drawer|digest)" value="([^"]*)"', answer.text))

    def names(self) -> list[str]:
        """Everybody who is known."""
        return [row.name for row in self.flat.home.household.nets.rows.values()]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A fresh one."""
    return Page(tmp_path)


def test_a_refusal_is_written_down_and_asks_for_a_neighbour(page: Page) -> None:
    """By her page; the list has her among those who need a neighbour, with the day to ask again."""
    assert page.post("/person/jungho/nets/say", **REFUSES).status_code == 303
    assert "Neighbour needed" in page.get("/people/coverage?lang=en")
    shown = page.get("/people/coverage?lang=en&show=neighbour")
    assert "박정호" in shown
    assert "Ask again on 1 June" in shown
    assert "김순자" not in shown.split('id="list"')[1]
    assert "a neighbour is needed" in page.get("/person/jungho/nets?lang=en")


def test_what_cannot_be_is_one_sentence(page: Page) -> None:
    """A box that is in use is refused by nobody's form; nothing is written down."""
    answer = page.post("/person/soonja/nets/say", **{**REFUSES, "net": "box"})
    assert answer.status_code == 400
    assert "기기를 거두거나" in answer.text


def test_a_survey_changes_nothing_until_it_is_confirmed(page: Page) -> None:
    """Looked at: three lines told, none entered. Confirmed: two. Confirmed again: refused."""
    form = page.brought()
    assert "최영수" not in page.names()
    assert page.post("/people/survey/enter", **form).status_code == 303
    assert page.names()[-2:] == ["최영수", "윤복례"]
    assert page.post("/people/survey/enter", **form).status_code == 409


def test_the_report_has_every_line(page: Page) -> None:
    """Each line of the file once, with what becomes of it and why."""
    form = page.brought()
    text = page.get(f"/people/survey/report.csv?lang=en&drawer={form['drawer']}")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("2", "New household"), ("3", "New household"), ("4", "Cannot be read"),
    ]  # fmt: skip
    assert "“동” is empty" in rows[3][5]


def test_what_would_be_another_by_now_is_shown_anew(page: Page) -> None:
    """Another officer entered the same file meanwhile: this confirmation is refused."""
    mine = page.brought()
    other = signed_in(page.app, Grant(OFFICER))
    officer, page.officer = page.officer, other
    assert page.post("/people/survey/enter", **page.brought()).status_code == 303
    page.officer = officer
    assert page.post("/people/survey/enter", **mine).status_code == 409
    assert len(page.names()) == 5


def test_nobody_has_the_drawer_of_another(page: Page) -> None:
    """Its key is no use to another account."""
    form = page.brought()
    page.officer = signed_in(page.app, Grant(OFFICER))
    assert page.officer.get(f"/people/survey/report.csv?drawer={form['drawer']}").status_code == 404
    assert page.post("/people/survey/enter", **form).status_code == 409


@pytest.mark.parametrize(
    ("raw", "code"), [(b"", 400), (b"\x89PNG\xff\xff\x80\xff", 400), (b"\xff" * 17_000_000, 413)]
)
def test_what_is_no_survey_is_refused_in_a_sentence(page: Page, raw: bytes, code: int) -> None:
    """Nothing, a picture, more than a district."""
    answer = page.post("/people/survey", file=(io.BytesIO(raw), "s.csv"))
    assert answer.status_code == code


def test_a_household_is_read_said_of_and_settled(page: Page) -> None:
    """From the survey to one who is looked after here: off the list, her nets hers."""
    page.post("/people/survey/enter", **page.brought())
    assert "안심로 4" in page.get("/people/household/@2")
    said = {**REFUSES, "state": "holds", "net": "neighbour", "ask_again_day": ""}
    assert page.post("/people/household/@2/say", **said).status_code == 303
    settled = {"outcome": "enrolled", "person": "", "text": ""}
    refused = page.post("/people/household/@2/settle", **settled)
    assert refused.status_code == 400
    assert "살피게 된 분을 골라 주세요" in refused.text
    settled = {"outcome": "enrolled", "person": "jungho", "text": ""}
    assert page.post("/people/household/@2/settle", **settled).status_code == 303
    assert page.officer.get("/people/household/@2").status_code == 404
    assert page.flat.home.household.nets.rows["jungho"].held == ("call", "neighbour")


def test_she_comes_home_by_the_page(page: Page) -> None:
    """Her visits are planned, her level is tighter, and the page says what was agreed."""
    form = {"day": "2026-03-02", "until_day": "2026-03-16", "level": "severe",
            "visits": ["2026-03-03", "2026-03-05"], "prescription": "yes"}  # fmt: skip
    assert page.post("/person/soonja/nets/home", **form).status_code == 303
    shown = page.get("/person/soonja/nets?lang=en")
    assert "Visits on 3 March, 5 March" in shown
    assert "still wanted" in shown
    assert page.flat.home.household.roster is not None
    assert page.flat.home.household.roster.persons[0].level == "severe"


def test_the_file_of_the_list_harms_no_spreadsheet(page: Page) -> None:
    """What begins like a formula stands behind an apostrophe; a filter counts for the file."""
    page.post("/people/survey/enter", **page.brought(f"{HEAD}=cmd(),율하동,안심로 3,,,,\n"))
    text = page.get("/people/coverage.csv?show=unknown")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["name"], row["covered"]) for row in rows] == [("'=cmd()", "false")]


def test_the_file_of_the_list_says_since_when_a_net_is_refused(page: Page) -> None:
    """The day stands there for what is refused as for what holds."""
    page.post("/person/soonja/nets/say", **REFUSES)
    text = page.get("/people/coverage.csv")
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    plugs = {row["id"]: (row["plug_state"], row["plug_since"]) for row in rows}
    assert plugs["soonja"] == ("refused", REFUSES["from_day"])


def test_who_needs_a_neighbour_is_said_where_an_officer_looks_each_day(page: Page) -> None:
    """On the first list, for those she looks after, and on the list of visits beside her name."""
    assert "Neighbours needed" not in page.get("/people?lang=en")
    page.post("/person/soonja/nets/say", **REFUSES)
    page.post("/person/soonja/case/visit", day="2026-03-02", wanted="yes")
    assert "Neighbours needed: 1" in page.get("/people?lang=en")
    assert "a neighbour is needed" in page.get("/people/visits?lang=en")
    other = signed_in(page.app, Grant(OFFICER, "jungho"))
    assert "Neighbours needed" not in page.get("/people?lang=en", other)


def test_paper_says_where_it_stops(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a print holds: which part this is, and the way to the next, printed as well."""
    assert "Part 1" not in page.get("/people/coverage?lang=en&print=yes")
    monkeypatch.setattr(choosing, "PAPER", 2)
    first = page.get("/people/coverage?lang=en&print=yes")
    assert "Part 1 of 2" in first
    (onward,) = re.findall(r'href="(/people/coverage[?][^"]*page=2[^"]*)"', first)
    second = page.get(html.unescape(onward))
    assert "Part 2 of 2" in second
    names = [name for name in NAMES.values() for text in (first, second) if name in text]
    assert names == [*NAMES.values()]


def test_an_officer_of_one_sees_one(page: Page) -> None:
    """Neither households nor others, nor the year of the whole; a guardian sees nothing."""
    page.post("/people/survey/enter", **page.brought())
    one = signed_in(page.app, Grant(OFFICER, "soonja"))
    shown = page.get("/people/coverage", one)
    assert "김순자" in shown
    assert not any(name in shown for name in ("박정호", "최영수", "<svg xmlns"))
    assert one.get("/people/household/@1").status_code in (403, 404)
    assert one.get("/people/survey").status_code in (403, 404)
    guardian = signed_in(page.app, Grant(GUARDIAN, "soonja"))
    for path in ("/people/coverage", "/people/coverage.csv", "/person/soonja/nets"):
        assert guardian.get(path).status_code in (403, 404)


def test_where_she_lives_is_entered_with_her(page: Page) -> None:
    """Dong and address from the form of somebody new are in her row."""
    form = {"name": "최영수", "level": "risk", "dong": "율하동", "address": "안심로 3",
            "contact": "아들", "number": "010-1111-2222", "language": "ko"}  # fmt: skip
    assert page.post("/enrol/begin", **form).status_code == 303
    (row,) = (r for r in page.flat.home.household.nets.rows.values() if r.name == "최영수")
    assert (row.dong, row.address) == ("율하동", "안심로 3")


def test_who_reads_a_household_of_the_register_leaves_a_trace(page: Page) -> None:
    """Its page names everybody who is looked after, too: it stands in the access log of each."""
    page.post("/people/survey/enter", **page.brought())
    looks = page.app.extensions["anbu"].vault.looks
    for path in ("/people/household/@1", "/people/household/@9"):
        page.officer.get(path)
    assert [look.page for look in looks.about("soonja")] == ["nets.household"]
