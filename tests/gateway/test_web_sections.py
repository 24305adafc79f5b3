"""The pages about one person: whole in each language, and closed to whoever is not this page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from gateway.access import OFFICER, Grant
from gateway.home import Home
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk, client_of, token_of
from tests.web.lived import PERSON
from tests.web_access import page_of

BASE = f"/person/{PERSON}"
PAGES = ("prescriptions", "plan", "refill", "adherence")
OURS = ("adherence.", "pausing.", "plan.", "prescriptions.", "refill.")
EVERY = page_of(FakeDesk(fakes.calm())).url_map.iter_rules()
RULES = [rule for rule in EVERY if rule.endpoint.startswith(OURS)]
READ = sorted(r.rule for r in RULES if "GET" in (r.methods or ()))
CHANGE = sorted(r.rule for r in RULES if "POST" in (r.methods or ()))
SLOW = ("report.pdf", "sheet.pdf")  # two processes print; tests/gateway/report looks at them


def desk_of(home: Home) -> FakeDesk:
    """A desk over this home, at the evening of lived.TODAY."""
    return FakeDesk(fakes.calm(), home=home)


def address(rule: str, person: str = PERSON) -> str:
    """A rule's address for a person."""
    return rule.replace("<person_id>", person)


@pytest.fixture(scope="module")
def desk() -> FakeDesk:
    """For what changes nothing."""
    return desk_of(lived.waiting())


@pytest.fixture(scope="module")
def client(desk: FakeDesk) -> FlaskClient:
    return client_of(desk, Grant(OFFICER))


def test_every_route_is_known_here() -> None:
    """A route that is added is looked at by the tests below: reading and changing ones."""
    assert len(READ) == 9
    assert len(CHANGE) == 9


# --- whole in each language ----------------------------------------------------------------


def spoken(html: str) -> str:
    """What a page says itself: without marks, code, names and what others wrote."""
    main = html[html.index("<main") : html.index("</main>")]
    without = (
        r"<code.*?</code>|<desc.*?</desc>|<span[^>]* lang=\"en\".*?</span>|<[^>]+>",
        r"김순자|이지은|암로디핀|메트포르민|타이레놀|로수바스타틴|와파린|소화제",
        r"전화로 확인|의사 선생님 말씀|실온",
        r"\{[^{} ]+ : [^{}]*\}",  # a set in a formula
    )
    for pattern in without:
        main = re.sub(pattern, " ", main, flags=re.DOTALL)
    return main


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("home", lived.HOMES)
def test_page_is_whole_in_each_language(home: Callable[[], Home], page: str, language: str) -> None:
    """Every state of every page is said in one language, with no code and no empty value."""
    html = client_of(desk_of(home())).get(f"{BASE}/{page}?lang={language}").text
    assert f'<html lang="{language}">' in html
    says = spoken(html)
    assert not re.search(r"\{|\bNone\b|Undefined|\bMarkup\b", says)
    if language == "en":
        assert not re.search(r"[가-힣]", says), re.findall(r"\S*[가-힣]+\S*", says)
    else:
        foreign = re.sub(
            r"\d+(mg|KiB)|CSV|FHIR|JSON|PDF|PDC|MPR|CMA1|EMERGE|ABC|ISMP|NHS|Wilson"
            r"|implementation|UTF-8",
            "",
            says,
        )
        assert not re.search(r"[A-Za-z]{3}", foreign), re.findall(r"\S*[A-Za-z]{3}\S*", foreign)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_inline_and_nothing_from_outside(client: FlaskClient, page: str) -> None:
    """The charts, too, live under the page's policy: no styles, no handlers, no foreign address."""
    html = client.get(f"{BASE}/{page}").text
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.search(r'(?:src|href|action)="(?!/|#)', html)
    assert re.findall(r"<script(?! src)", html) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(client: FlaskClient, page: str) -> None:
    """No address that a page offers is missing, in either language."""
    html = client.get(f"{BASE}/{page}").text.replace("&amp;", "&")
    for link in set(re.findall(r'href="(/[^"#]*)', html)):
        if not link.split("?")[0].endswith(SLOW):
            assert client.get(link).status_code == 200, link


def test_the_main_page_leads_to_all_of_it(desk: FakeDesk) -> None:
    """Each person's card has the ways to her pages, and what waits for somebody's eye."""
    picture = fakes.calm()
    person = picture["persons"][0]
    person.update(changes_waiting=3, stocks=[{"fetch_by": "2026-03-06"}, {"fetch_by": None}])
    person["devices"][0].update(schedule_stale=True, schedule_version_box=3)
    html = client_of(FakeDesk(picture)).get("/").text
    for page in PAGES:
        assert f'href="/person/p1/{page}?lang=ko"' in html
    assert "확인을 기다리는 처방 변경 3건" in html
    assert "하루가 넘도록 약상자에 없습니다" in html
    assert "2026년 3월 6일 (금)까지 약을 받아야 합니다" in html
    assert "notice" not in client_of(FakeDesk(fakes.calm())).get("/").text


# --- who may ask ---------------------------------------------------------------------------

FOREIGN = [
    ({"Origin": "http://evil.example"}, True),
    ({"Origin": "null"}, True),
    ({"Sec-Fetch-Site": "cross-site"}, True),
    ({"Sec-Fetch-Site": "same-site"}, True),
    ({"Origin": "http://localhost"}, False),
    ({}, False),
]
FORM = {
    "way": "shorthand",
    "text": lived.FRESH[0],
    "said": lived.FRESH[0],
    "medication": "1/0",
    "last_day": "2026-03-10",
    "breakfast": "07:00",
    "lunch": "12:00",
    "dinner": "18:00",
    "bed": "22:00",
    "digest": "x",
    "day": "2026-03-02",
    "label": "morning",
    "taken": "1",
    "from": "2026-03-01",
    "to": "2026-03-02",
    "until": "2026-03-08T20:00",
    "why": "hospital",
}


@pytest.mark.parametrize("rule", CHANGE)
@pytest.mark.parametrize(("headers", "keeps_token"), FOREIGN)
def test_changes_only_from_this_page(
    desk: FakeDesk, client: FlaskClient, rule: str, headers: dict[str, str], keeps_token: bool
) -> None:
    """Without our origin and our token nothing is read and nothing entered, at any route."""
    data = {**FORM, "token": token_of(client) if keeps_token else "guess"}
    assert client.post(address(rule), data=data, headers=headers).status_code == 403
    assert desk.entries == []


@pytest.mark.parametrize("rule", CHANGE)
def test_nothing_changes_by_asking(desk: FakeDesk, client: FlaskClient, rule: str) -> None:
    """What changes something is never had by GET, and never under another name of this host."""
    data = {**FORM, "token": token_of(client)}
    assert client.get(address(rule), query_string=data).status_code == 405
    refused = client.post(address(rule), data=data, headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert desk.entries == []


@pytest.mark.parametrize("rule", READ)
def test_others_read_nothing(client: FlaskClient, rule: str) -> None:
    """Another name (DNS rebinding) gets nothing of anybody's medicines; POST is not for reading."""
    answer = client.get(address(rule), headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "김순자" not in answer.text
    assert client.post(address(rule), data={"token": token_of(client)}).status_code == 405


@pytest.mark.parametrize("rule", READ)
@pytest.mark.parametrize("person", ["nobody", "..%2f..", "%00", "<script>"])
def test_nobody_else_lives_here(client: FlaskClient, rule: str, person: str) -> None:
    """An unknown person is one sentence, never a trace and never an empty page."""
    answer = client.get(address(rule, person))
    assert answer.status_code == 404
    assert "<script>" not in answer.text.replace('<script src="', "")


@pytest.mark.parametrize("rule", CHANGE)
def test_nobody_else_is_changed(client: FlaskClient, desk: FakeDesk, rule: str) -> None:
    """A form for somebody who does not live here enters nothing."""
    answer = client.post(address(rule, "nobody"), data={**FORM, "token": token_of(client)})
    assert answer.status_code in (400, 404)
    assert desk.entries == []


@pytest.mark.parametrize("rule", [r for r in READ if not r.endswith(SLOW)])
def test_headers_guard_every_answer(client: FlaskClient, rule: str) -> None:
    """Nothing personal is kept in a cache or shown in a frame; downloads too."""
    answer = client.get(address(rule))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("rule", "kib"),
    [(rule, 300 if "check" in rule or "enter" in rule else 5) for rule in CHANGE],
)
def test_too_much_is_refused(client: FlaskClient, rule: str, kib: int) -> None:
    """A form is small; only what is read in may be as long as a file, and no longer."""
    data = {**FORM, "token": token_of(client), "text": "x" * kib * 1024}
    answer = client.post(f"{address(rule)}?lang=en", data=data)
    assert answer.status_code == 413
    assert "Up to 256 KiB" in answer.text
