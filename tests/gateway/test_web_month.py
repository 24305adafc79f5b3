"""gateway.web.months: the month's report as a page, as a PDF, as a table, and by the API."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import threading
from collections import Counter
from unittest import mock

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from gateway.access import GUARDIAN, OFFICER, TECHNICIAN, Grant
from gateway.calling import OUTCOMES
from gateway.events import VisitMade
from gateway.netting import NETS
from gateway.officer import doses
from gateway.officer import month as figures
from gateway.report.page.month import Part, month_page
from gateway.rules.worry import WorryKind
from gateway.visiting.visits import DELIVERIES, VISITS
from gateway.web import reckoning
from gateway.web.catalogues import CATALOGUES
from tests.gateway.api.served import Served
from tests.gateway.home_facts import at, begun
from tests.gateway.officer.district import NOW_MS
from tests.gateway.test_web_people import called, client_of, text_of

ADDRESS = "/people/month"


@pytest.fixture
def officer() -> FlaskClient:
    """A visit in February, one in March, a call for help in March; it is March."""
    home = called()
    home.fold(VisitMade(at("12:00", "2026-02-27"), "soonja", "박영희", "nobody", "", "박영희"))
    home.fold(VisitMade(at("08:40"), "soonja", "박영희", "well", "", "박영희"))
    return client_of(home)


def rows(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    """The table, as a spreadsheet reads it."""
    answer = client.get(f"{ADDRESS}/table.csv{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def value(found: list[dict[str, str]], *place: str) -> str:
    """The value at (section, item, figure)."""
    (row,) = [r for r in found if (r["section"], r["item"], r["figure"]) == place]
    return row["value"]


def test_this_month_unless_another_is_asked_for(officer: FlaskClient) -> None:
    """March by itself, February when it is chosen; both are in the list of months."""
    assert value(rows(officer), "visits", "well", "n") == "1"
    assert value(rows(officer), "incidents", "help_pressed", "told") == "1"
    before = rows(officer, "?month=2026-02")
    assert {row["month"] for row in before} == {"2026-02"}
    assert value(before, "visits", "well", "n") == "0"
    assert value(before, "visits", "nobody", "n") == "1"
    page = officer.get(f"{ADDRESS}?lang=en").text
    assert re.findall(r'<option value="([^"]+)"', page) == ["2026-03", "2026-02"]
    assert "The month is not over yet" in page
    assert "The month is not over yet" not in text_of(officer, f"{ADDRESS}?month=2026-02&lang=en")


@pytest.mark.parametrize("wrong", ["1999-01", "2026-04", "2026-3", "x", "2026-13", "%00"])
def test_a_month_there_is_not(officer: FlaskClient, wrong: str) -> None:
    """Said in a sentence, with this month's figures and the list to choose from."""
    answer = officer.get(f"{ADDRESS}?month={wrong}&lang=en")
    assert answer.status_code == 400
    assert "There is no record of that month" in answer.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_figure_has_its_definition_beside_it(officer: FlaskClient, language: str) -> None:
    """On the page and in the table, in both languages, none of them as a bare code."""
    shown = text_of(officer, f"{ADDRESS}?lang={language}")
    for row in rows(officer, f"?lang={language}"):
        assert len(row["definition"]) > 10
        assert row["definition"] in shown
        assert "_" not in row["item_words"] + row["section_words"] + row["figure_words"]


def test_every_code_has_a_word() -> None:
    """Whatever a section may hold is said in both languages: outcomes, states, nets, worries."""
    sections = {
        "calls": ("begun", "heard", *OUTCOMES),
        "doses": ("all", *figures.DOSES),
        "texts": ("all", *figures.TEXTS),
        "people": NETS,
        "visits": VISITS,
        "deliveries": DELIVERIES,
    }
    for words in CATALOGUES.values():
        for section, codes in sections.items():
            assert {f"monthly.{section}.{code}" for code in codes} <= words.keys()
        assert {f"worry.{worry}" for worry in WorryKind} <= words.keys()


def test_no_name_stands_in_it(officer: FlaskClient) -> None:
    """A report that is handed on holds counts alone."""
    for address in (ADDRESS, f"{ADDRESS}/table.csv"):
        shown = officer.get(address).get_data(as_text=True)
        for name in ("김순자", "이말순", "박정호", "박영희", "soonja"):
            assert name not in shown


def test_every_printed_word_stands_by_itself() -> None:
    """The printer would break Korean inside a word: each is held together, and escaped."""
    part = Part("k", "종류별 알림", "무엇을 셈.", ("항목", "사람 필요"), (("집 & 밖", "1"),))
    page = month_page("ko", "월간 보고서", "오늘 계산함", [part])
    held = re.findall(r'<span class="whole">([^<]+)</span>', page)
    said = "월간 보고서 오늘 계산함 종류별 알림 무엇을 셈. 항목 사람 필요 집 &amp; 밖"
    assert held == said.split()
    assert ".whole { white-space: nowrap }" in page


@pytest.mark.long
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_printed_report_says_the_same(officer: FlaskClient, language: str) -> None:
    """Every section with its definition, no word broken; A4, tagged, named by month."""
    answer = officer.get(f"{ADDRESS}/report.pdf?lang={language}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "anbu-2026-03.pdf" in answer.headers["Content-Disposition"]
    printed = PdfReader(io.BytesIO(answer.data))
    said = re.sub(r"\s", "", "".join(page.extract_text() for page in printed.pages))
    words = CATALOGUES[language]
    for key in ("people", "signs", "incidents", "answers", "visits", "calls", "doses", "texts"):
        assert re.sub(r"\s", "", words[f"monthly.{key}"]) in said
        assert re.sub(r"\s", "", words[f"monthly.{key}.what"])[:20] in said
    reader = ["pdftotext", "-", "-"]
    told = subprocess.run(reader, input=answer.data, capture_output=True, check=True)
    whole = set(told.stdout.decode().split())
    for row in rows(officer, f"?lang={language}"):
        for said in (row["section_words"], row["item_words"], row["figure_words"]):
            assert set(said.split()) <= whole
        assert set(row["definition"].split()) <= whole
    assert len(printed.pages) <= 3
    assert str(printed.root_object["/Lang"]) == language


def test_only_an_officer_of_everybody_sees_it() -> None:
    """It counts everybody: neither a guardian, nor a technician, nor an officer of one person."""
    home = called()
    for grant in (Grant(GUARDIAN, "soonja"), Grant(TECHNICIAN), Grant(OFFICER, "soonja")):
        for part in ("", "/report.pdf", "/table.csv"):
            assert client_of(home, grant).get(f"{ADDRESS}{part}").status_code == 403
    assert "/people/month" in client_of(home).get("/people").text
    assert "/people/month" not in client_of(home, Grant(OFFICER, "soonja")).get("/people").text


def test_programs_get_the_same_figures() -> None:
    """By the API with the scope of the home: codes, values, whether the month is over."""
    dong = Served(called(), NOW_MS)
    token = dong.token((Grant(OFFICER),), ("read:home",))
    found = dong.get("/month", token).get_json()
    assert (found["month"], found["over"]) == ("2026-03", False)
    by_key = {section["key"]: section for section in found["sections"]}
    alarms = {line["code"]: line["values"] for line in by_key["incidents"]["lines"]}
    assert by_key["incidents"]["columns"] == ["told", "needed", "false", "live"]
    assert alarms["help_pressed"] == [1, 0, 0, 1]
    assert dong.get("/month?month=2026-02", token).get_json()["over"]
    for wrong in ("2026-13", "x", "1999-01"):
        assert dong.get(f"/month?month={wrong}", token).status_code == 400
    assert dong.get("/month", dong.token((Grant(OFFICER),), ("read:cases",))).status_code == 403


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """One dose is counted at once, two in a page: as a district is on a small machine."""
    monkeypatch.setattr(doses, "AT_ONCE", 1)
    monkeypatch.setattr(reckoning, "IN_PAGE", 2)


@pytest.mark.usefixtures("slow")
def test_while_it_is_reckoned_each_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page, table, paper and API: 503, so many of so many, and the way to ask again."""
    monkeypatch.setattr(reckoning.Reckoner, "_run", lambda _reckoner: None)  # nobody counts on
    client = client_of(begun(at("06:00")))
    for n, part in enumerate(("", "/table.csv", "/report.pdf")):
        answer = client.get(f"{ADDRESS}{part}?month=2026-03&lang=en")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert f"{n + 1} of 14 doses so far" in answer.text
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.text
        assert f'href="{ADDRESS}{part}?month=2026-03&amp;lang=en"' in answer.text
        assert "<table" not in answer.text
    dong = Served(begun(at("06:00")), NOW_MS)
    answer = dong.get("/month", dong.token((Grant(OFFICER),), ("read:home",)))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json() == {
        "error": "2026-03 is being reckoned, 1 of 14 doses: ask again",
    }


@pytest.mark.usefixtures("slow")
def test_it_is_reckoned_on_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first question it comes to its end by itself, and the page stands."""
    monkeypatch.setattr(reckoning, "REST_S", 0.0)
    home = begun(at("06:00"))
    client = client_of(home)
    assert client.get(ADDRESS).status_code == 503
    while threads := [one for one in threading.enumerate() if one.name == "reckoner"]:
        threads[0].join()
    assert value(rows(client), "doses", "all", "n") == "14"
    assert not home.doses.of["2026-03"].stale


@pytest.mark.usefixtures("slow")
def test_a_mistake_while_reckoning_is_not_the_end_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks next has it begun anew."""
    client = client_of(begun(at("06:00")))
    broken = mock.Mock(side_effect=[(14, Counter()), RuntimeError("broken")])
    told = mock.Mock()
    with monkeypatch.context() as patched:
        patched.setattr(threading, "excepthook", told)
        patched.setattr(reckoning.Reckoner, "_look", broken)
        assert client.get(ADDRESS).status_code == 503
        for thread in [one for one in threading.enumerate() if one.name == "reckoner"]:
            thread.join()
    told.assert_called_once()
    monkeypatch.setattr(reckoning, "REST_S", 0.0)
    assert client.get(ADDRESS).status_code == 503
    for thread in [one for one in threading.enumerate() if one.name == "reckoner"]:
        thread.join()
    assert client.get(ADDRESS).status_code == 200


def test_it_says_of_how_many_records_it_was_reckoned() -> None:
    """All that the log had when it was asked: one more fact, one more record."""
    home = called()
    client = client_of(home)
    before = home.months.facts
    assert f"of its {before:,} records" in text_of(client, f"{ADDRESS}?lang=en")
    home.fold(VisitMade(at("08:40"), "soonja", "박영희", "well", "", "박영희"))
    assert f"of its {before + 1:,} records" in text_of(client, f"{ADDRESS}?lang=en")
