"""The adherence page: charts, figures with all that belongs to them, corrections, downloads."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from flask.testing import FlaskClient

from anbu_wire import messages as wire
from gateway import report
from gateway.adherence.history import history
from gateway.adherence.metrics_cleaned import Group
from gateway.adherence.metrics_words import CATALOGUES, window_words
from gateway.adherence.spoken import BY_WORD
from gateway.adherence.summary import summary
from gateway.entering import AWAY, Correct, NotSeen
from gateway.events import SlotId
from gateway.fhir import Unsayable
from gateway.fhir.wanted import Unsaid
from gateway.web.words import Words
from tests.gateway.home_facts import record
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk, client_of, token_of
from tests.web.lived import NOW_MS, PERSON

BASE = f"/person/{PERSON}/adherence"
KO = Words("ko", "Asia/Seoul")
DAYS = ("2026-02-05", "2026-03-04")


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(fakes.calm(), home=lived.lived())


@pytest.fixture
def client(desk: FakeDesk) -> FlaskClient:
    return client_of(desk)


def test_the_last_four_weeks_unless_asked(client: FlaskClient) -> None:
    """Without days: 28 of them up to today; with them: exactly those."""
    html = client.get(BASE).text
    assert 'value="2026-02-05"' in html
    assert 'value="2026-03-04"' in html
    html = client.get(f"{BASE}?from=2026-02-10&to=2026-02-16").text
    assert "2026년 2월 10일 – 2월 16일" in html
    assert 'value="2026-02-10"' in html


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("from=2026-02-10", "entry.not.day"),
        ("from=x&to=2026-02-10", "entry.not.day"),
        ("from=0001-01-01&to=0001-01-02", "entry.not.day"),
        ("from=9999-12-30&to=9999-12-31", "entry.not.day"),
        ("from=2026-02-10&to=2026-02-09", "adherence.period.wrong"),
        ("from=2020-01-01&to=2026-02-09", "adherence.period.wrong"),
    ],
)
def test_a_period_that_cannot_be_is_said(client: FlaskClient, query: str, key: str) -> None:
    """One sentence, and the usual period below it."""
    answer = client.get(f"{BASE}?{query}")
    assert answer.status_code == 400
    assert KO.say(key, most=366) in answer.text
    assert 'value="2026-02-05"' in answer.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_under_every_chart_stands_what_it_says(client: FlaskClient, language: str) -> None:
    """Two charts, each with its own EMERGE statement."""
    html = client.get(f"{BASE}?lang={language}").text
    charts = re.findall(r"<svg[^>]*class=\"chart\".*?</svg>", html, re.DOTALL)
    assert len(charts) == 2
    for chart in charts:
        assert CATALOGUES[language]["emerge.title"] in chart


def test_no_figure_without_what_belongs_to_it(client: FlaskClient) -> None:
    """Raw and cleaned, counts, interval, window, days watched, unknown and formula for each."""
    html = client.get(f"{BASE}?lang=en").text
    told = summary(history(lived.lived().household, PERSON, *DAYS, NOW_MS))
    rows = [*told.rows, *told.supply]
    assert html.count('class="formula"') == len(rows)
    assert html.count('class="raw-cleaned"') == len(rows)
    assert html.count('class="figure"') == 2 * len(rows)
    assert html.count(">Window: ") == len(rows)
    for row in rows:
        assert f"{row.raw.numerator} / {row.raw.denominator}" in html
        assert f"{row.cleaned.numerator} / {row.cleaned.denominator}" in html
        assert f"{row.raw.monitored_days} days watched; {row.raw.unknown} doses" in html
    assert {row.group for row in rows} == set(Group)
    for name in ("Per medicine", "Per time of day", "Per week"):
        assert name in html


def test_a_dose_is_corrected(desk: FakeDesk, client: FlaskClient) -> None:
    """Which slot, how many, who and why; the record stays, the correction stands beside it."""
    missed = next(
        f.slot
        for f in history(desk.home.household, PERSON, *DAYS, NOW_MS).doses.facts
        if f.state == "missed"
    )
    label = "morning" if missed.index == 0 else "evening"
    data = {"day": missed.day, "label": label, "taken": "1", "why": "약봉지를 봄"}
    answer = client.post(f"{BASE}/correct", data={**data, "token": token_of(client)})
    assert answer.status_code == 303
    assert desk.entries == [Correct(missed, 1, "이지은", "약봉지를 봄")]
    html = client.get(BASE).text
    assert "이지은: 약봉지를 봄" in html
    assert "바로잡은 기록 (2건)" in html


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"day": "2026-03-04", "label": "evening"}, "entry.not.ahead"),
        ({"label": "noon"}, "entry.not.slot"),
        ({"label": "tea"}, "entry.not.slot"),
        ({"day": "yesterday"}, "entry.not.slot"),
        ({"taken": "-1"}, "entry.not.taken"),
        ({"taken": "٢"}, "entry.not.taken"),
        ({"taken": "99"}, "entry.not.taken"),
        ({"why": ""}, "entry.not.why"),
    ],
)
def test_a_correction_that_cannot_be_is_said(
    client: FlaskClient, desk: FakeDesk, change: dict[str, str], key: str
) -> None:
    """Each in one sentence; no correction comes of it."""
    data = {"day": "2026-03-02", "label": "morning", "taken": "1", "why": "y", **change}
    before = len(desk.home.household.corrections)
    answer = client.post(f"{BASE}/correct", data={**data, "token": token_of(client)})
    assert answer.status_code == 400
    assert KO.say(key, most=200 if "why" in key else 9) in answer.text
    assert len(desk.home.household.corrections) == before


def test_days_nobody_could_watch_and_back(desk: FakeDesk, client: FlaskClient) -> None:
    """Written down they leave the figures; by mistake, they are taken back with a name, too."""
    token = token_of(client)
    data = {"from": "2026-03-01", "to": "2026-03-02", "why": "travel"}
    assert client.post(f"{BASE}/away", data={**data, "token": token}).status_code == 303
    assert desk.entries == [NotSeen(PERSON, "2026-03-01", "2026-03-02", "travel", "이지은")]
    assert "2026년 3월 1일 (일) – 2026년 3월 2일 (월): 외출·여행" in client.get(BASE).text
    back = {"from": "2026-03-01", "withdraw": "yes", "why": "travel"}
    assert client.post(f"{BASE}/away", data={**back, "token": token}).status_code == 303
    assert "2026-03-01" not in desk.home.household.not_monitored[PERSON]
    assert client.post(f"{BASE}/away", data={**back, "token": token}).status_code == 400
    wrong = client.post(f"{BASE}/away", data={**back, "from": "then", "token": token})
    assert KO.say("entry.not.day") in wrong.text


def test_downloads_are_named_by_their_days_alone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PDF, tables and FHIR of exactly the days that are shown; no name stands in a file's name."""
    asked: list[tuple[str, str, str]] = []

    def printed(told: object, _summary: object, language: str) -> bytes:
        asked.append((getattr(told, "from_day", ""), getattr(told, "to_day", ""), language))
        return b"%PDF-"

    monkeypatch.setattr(report, "pdf", printed)
    html = client.get(f"{BASE}?from=2026-02-10&to=2026-02-16").text.replace("&amp;", "&")
    links = re.findall(r'href="([^"]+)" download', html)
    kinds = []
    for link in links:
        answer = client.get(link)
        ending = link.split("?")[0].rsplit(".", 1)[1]
        name = f'attachment; filename="anbu-2026-02-10-2026-02-16.{ending}"'
        assert (answer.status_code, answer.headers["Content-Disposition"]) == (200, name)
        kinds.append(answer.mimetype)
        if ending == "json":
            assert json.loads(answer.data)["resourceType"] == "Bundle"
        if ending == "zip":
            assert "doses.csv" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    pdf, csv, fhir = "application/pdf", "application/zip", "application/fhir+json"
    assert kinds == [pdf, pdf, csv, fhir]
    assert asked == [("2026-02-10", "2026-02-16", "ko"), ("2026-02-10", "2026-02-16", "en")]


def test_what_fhir_cannot_say_is_said(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No half bundle: one sentence with what it is."""

    def fail(_told: object) -> bytes:
        raise Unsayable("메토트렉세이트", Unsaid.EVERY, 0)

    monkeypatch.setattr(report, "fhir", fail)
    answer = client.get(f"{BASE}/bundle.json")
    assert answer.status_code == 422
    assert "메토트렉세이트: 0일마다" in answer.text


def test_every_reason_and_slot_has_words() -> None:
    """The form's choices are words in both languages."""
    for language in ("ko", "en"):
        words = Words(language, "Asia/Seoul")
        assert all(words.has(f"away.{why}") for why in AWAY)
    assert str(SlotId(PERSON, "2026-03-02", 0)) == f"{PERSON}/2026-03-02/0"


def test_the_first_day_there_is_has_no_day_before(client: FlaskClient) -> None:
    """A stay that is withdrawn from a day that cannot be is refused in words."""
    data = {"from": "0001-01-01", "why": "travel", "withdraw": "yes"}
    answer = client.post(f"{BASE}/away", data={**data, "token": token_of(client)})
    assert answer.status_code == 400
    assert KO.say("entry.not.day") in answer.text


def test_a_window_of_the_cleaned_figure_alone_is_shown() -> None:
    """A dose that only a correction made known: its window stands beside the cleaned figure."""
    home = lived.lived()
    told = history(home.household, PERSON, *DAYS, NOW_MS)
    unsure = next(f for f in told.doses.facts if f.state == "doubtful")
    lived.say(home, Correct(unsure.slot, 1, "이지은", "보았음"), NOW_MS)
    client = client_of(FakeDesk(fakes.calm(), home=home))
    html = client.get(f"{BASE}?lang=en&from={unsure.day}&to={unsure.day}").text
    assert f"Corrected (1): {window_words('en', (unsure.window,))}" in html


def test_a_week_is_named_by_its_days_in_the_period(client: FlaskClient) -> None:
    """Weeks that the period cuts are named by the days whose doses are in them."""
    html = client.get(f"{BASE}?from=2026-02-05&to=2026-02-17").text
    weeks = html[html.index('id="group-week"') :]
    days = [("05", "08"), ("09", "15"), ("16", "17")]
    wanted = [" – ".join(KO.day_of(f"2026-02-{n}") for n in both) for both in days]
    assert re.findall("<h3>(.*?)</h3>", weeks)[: len(days)] == wanted


def test_a_word_said_at_the_box_is_told_in_words() -> None:
    """Who pressed OK stands among the corrections without a code of another room."""
    home = lived.lived()
    told = history(home.household, PERSON, *DAYS, NOW_MS)
    unsure = next(f for f in told.doses.facts if f.state == "doubtful")
    pressed = record(
        900, wire.SLOT_TAKEN, unsure.due_ms, value=BY_WORD,
        slot_day=unsure.day, slot_index=unsure.slot.index,
    )  # fmt: skip
    home.fold(pressed)
    html = client_of(FakeDesk(fakes.calm(), home=home)).get(BASE).text
    assert KO.say("correct.who.box", at=KO.moment(unsure.due_ms, NOW_MS)) in html
    assert "by_word" not in html
