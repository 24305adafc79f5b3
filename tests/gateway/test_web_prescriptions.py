"""Entering prescriptions: what was understood stands there first, each mistake with its place."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import entering
from gateway.entering import Prescribe, SetMealClock, Stop
from gateway.fhir.requests import to_bundle
from gateway.prescription.medication import AtMeals, Medication, Relation
from gateway.web import bags
from gateway.web.catalogues import CATALOGUES
from gateway.web.words import Words
from tests.web import fakes, lived
from tests.web.fakes import FakeDesk, client_of, token_of
from tests.web.lived import PERSON

BASE = f"/person/{PERSON}/prescriptions"
KO, EN = Words("ko", "Asia/Seoul"), Words("en", "Asia/Seoul")
AMLODIPINE = Medication(
    "암로디핀",
    AtMeals(("morning",), Relation.AFTER, 30),
    30,
    strength="5mg",
    dispensed_on=date(2026, 3, 4),
    storage="실온",
    pharmacy_phone="02-123-4567",
    drug_class="antihypertensive",
)
BAG = {
    "name": "암로디핀",
    "strength": "5mg",
    "date": "2026-03-04",
    "days": "30",
    "times": "1",
    "amount": "1정",
    "when": "아침 식후 30분",
    "storage": "실온",
    "phone": "02-123-4567",
    "class": "antihypertensive",
}
LINE = "2026-03-04 암로디핀 5mg 1정 아침 식후 30분 30일분 #antihypertensive [실온] ☎02-123-4567"
TABLE_TEXT = (
    "약 이름,함량,조제일,투약일수,1일 횟수,1회 양,복용법,보관,약국 전화,약 분류\r\n"
    "암로디핀,5mg,2026-03-04,30,1,1정,아침 식후 30분,실온,02-123-4567,antihypertensive\r\n"
)
BUNDLE = json.dumps(to_bundle([AMLODIPINE], {"reference": "Patient/soonja"}), ensure_ascii=False)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk(fakes.calm(), home=lived.fresh())


@pytest.fixture
def client(desk: FakeDesk) -> FlaskClient:
    return client_of(desk)


def said_in(html: str) -> dict[str, str]:
    """What the preview's form would send."""
    found = re.findall(r'<input type="hidden" name="(way|said)" value="([^"]*)"', html)
    names = dict(found)
    return {k: v.replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")
            for k, v in names.items()}  # fmt: skip


def draft_in(html: str) -> str:
    """The preview."""
    return html[html.index('id="draft"') :].split("</section>", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("way", "fields"),
    [
        ("form", BAG),
        ("shorthand", {"text": LINE}),
        ("csv", {"text": TABLE_TEXT}),
        ("csv", {"file": TABLE_TEXT.encode()}),
        ("csv", {"file": TABLE_TEXT.encode("cp949")}),
        ("fhir", {"file": BUNDLE.encode()}),
        ("fhir", {"text": BUNDLE}),
    ],
)
def test_every_way_shows_first_and_stores_then(
    desk: FakeDesk, client: FlaskClient, way: str, fields: dict[str, str | bytes]
) -> None:
    """Form, line, table and bundle say the same medicine; only `enter` stores it, in her name."""
    token = token_of(client)
    sent = {
        name: (io.BytesIO(value), f"bag.{way}") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    answer = client.post(f"{BASE}/check?lang=en", data={**sent, "way": way, "token": token})
    assert answer.status_code == 200
    draft = draft_in(answer.text)
    for sentence in ("암로디핀 5mg", "Wed 4 March 2026", "Thu 2 April 2026", "Blood pressure"):
        assert sentence in draft
    assert desk.entries == []
    again = said_in(draft)
    assert again["way"] == way
    forged = client.post(f"{BASE}/enter", data={**again, "token": "guessed"})
    assert (forged.status_code, desk.entries, desk.home.household.books) == (403, [], {})
    done = client.post(f"{BASE}/enter", data={**again, "by": "somebody else", "token": token})
    assert done.status_code == 303
    assert desk.entries == [Prescribe(PERSON, (AMLODIPINE,), way, "이지은")]
    page = client.get(done.headers["Location"]).text
    assert KO.say("done.entered") in page
    assert "아직 확인하지 않음" in page


@pytest.mark.parametrize(
    ("way", "fields", "place", "marked"),
    [
        ("form", {**BAG, "amount": "1알약"}, "Amount a dose", "1알약"),
        ("form", {**BAG, "days": ""}, "something is missing: the days&#39; supply", ""),
        ("form", {**BAG, "days": "400"}, "Days&#39; supply", "400"),
        ("form", {**BAG, "when": "점심 식후 아무때"}, "When, with which meal", "아무때"),
        ("shorthand", {"text": f"{LINE}\n\n타이레놀 1정 3일분"}, "Line 3", "‸"),
        ("shorthand", {"text": "1정 아침 3일분 모르는말"}, "Line 1", "모르는말"),
        ("csv", {"text": TABLE_TEXT.replace(",1정,", ",한줌,")}, "Line 2, column ‘1회 양’", "한줌"),
        ("csv", {"text": "약 이름,모르는 열\na,b"}, "Line 1, column ‘모르는 열’", "모르는 열"),
        ("fhir", {"text": BUNDLE.replace('"2026-03-04"', '"4 March"')}, "authoredOn", "4 March"),
    ],
)
def test_a_mistake_stands_at_its_place(
    desk: FakeDesk, client: FlaskClient, way: str, fields: dict[str, str], place: str, marked: str
) -> None:
    """What cannot be understood is underlined in what was written, and nothing can be entered."""
    data = {**fields, "way": way, "token": token_of(client)}
    answer = client.post(f"{BASE}/check?lang=en", data=data)
    assert answer.status_code == 422
    draft = draft_in(answer.text)
    assert place in draft
    assert any(marked in m for m in re.findall(r"<mark>(.*?)</mark>", draft)) or not marked
    assert "/enter" not in draft
    entered = client.post(
        f"{BASE}/enter",
        data={"way": way, "said": fields.get("text", ""), "token": token_of(client)},
    )
    assert entered.status_code == 422
    assert desk.entries == []


def test_what_was_filled_in_is_not_lost(client: FlaskClient) -> None:
    """After a mistake the form holds all that was written, and the wrong field is marked so."""
    data = {**BAG, "amount": "1알약", "way": "form", "token": token_of(client)}
    html = client.post(f"{BASE}/check", data=data).text
    for name in bags.FIELDS[:-1]:
        assert f'value="{data[name]}"' in html
    assert '<option value="antihypertensive" selected>' in html
    assert re.findall(r'id="bag-(\w+)"[^>]*aria-invalid', html) == ["amount"]


@pytest.mark.parametrize("way", bags.WAYS)
def test_markup_is_only_text(client: FlaskClient, way: str) -> None:
    """What others wrote is shown, never obeyed."""
    evil = '"><img src=x onerror=alert(1)>'
    data = {**BAG, "name": evil, "text": evil, "way": way, "token": token_of(client)}
    html = client.post(f"{BASE}/check", data=data).text
    assert "<img" not in html


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"way": "csv", "text": "a", "file": b"a"}, "bag.both"),
        ({"way": "shorthand", "text": "  \n "}, "bag.nothing"),
        ({"way": "fhir", "text": "[" * 100_000}, "bag.not_json_at_all"),
        ({"way": "fhir", "text": "NaN"}, "bag.not_json_at_all"),
        ({"way": "fhir", "text": '{"resourceType": "\\ud800"}'}, "bag.half_character"),
        ({"way": "fhir", "text": '{"resourceType": "Bundle", "\\udcff": 1}'}, "bag.half_character"),
        ({"way": "fhir", "text": '{"resourceType": "Bundle", "type": "collection"}'},
         "bag.no_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_at_all_is_said(
    client: FlaskClient, fields: dict[str, str | bytes], key: str
) -> None:
    """One sentence that helps, with 422."""
    data = {
        name: (io.BytesIO(value), "x") if isinstance(value, bytes) else value
        for name, value in fields.items()
    }
    answer = client.post(
        f"{BASE}/check",
        data={**data, "token": token_of(client)},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    assert KO.say(key) in answer.text


def test_long_files_and_many_medicines(client: FlaskClient) -> None:
    """256 KiB are read and no more; one entry has as many medicines as it may have."""
    token = token_of(client)
    for size, told in ((256 * 1024, False), (256 * 1024 + 1, True)):
        data = {"way": "csv", "file": (io.BytesIO(b"x" * size), "x"), "token": token}
        html = client.post(f"{BASE}/check", data=data).text
        assert (KO.say("bag.too_long", n=256) in html) is told
    lines = "\n".join(f"{LINE[:11]}약{n} 1정 취침 전 3일분" for n in range(41))
    many = client.post(f"{BASE}/check", data={"way": "shorthand", "text": lines, "token": token})
    assert KO.say("bag.too_many", n=41, most=entering.MEDICATIONS_MOST) in many.text


# A gateway shared by the examples: checking stores nothing.
_DESK = FakeDesk(fakes.calm(), home=lived.fresh())
_CLIENT = client_of(_DESK)
_TOKEN = token_of(_CLIENT)
CUT = st.integers(0, len(BUNDLE.encode())).flatmap(
    lambda n: st.binary(max_size=8).map(
        lambda b: BUNDLE.encode()[:n] + b + BUNDLE.encode()[n + 3 :]
    )
)
LETTERS = '0123456789정Tt일분회아침저녁식후 ,;\t"\n-.#[]☎→/'
NEAR = st.text(alphabet=st.sampled_from(LETTERS), max_size=80)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.binary(max_size=300), CUT, NEAR.map(str.encode)), st.sampled_from(["csv", "fhir"])
)
def test_any_bytes_give_a_clear_answer(raw: bytes, way: str) -> None:
    """Whatever file is given: what was understood or what is wrong, never an error of ours."""
    data = {"way": way, "file": (io.BytesIO(raw), "x"), "token": _TOKEN}
    _is_answered(data)


@settings(max_examples=60)
@given(
    st.one_of(st.text(max_size=120), NEAR), st.sampled_from(["form", "shorthand", "csv", "fhir"])
)
def test_any_text_gives_a_clear_answer(text: str, way: str) -> None:
    """Whatever is written in any field."""
    _is_answered({**dict.fromkeys(bags.FIELDS, text), "text": text, "way": way, "token": _TOKEN})


def _is_answered(data: Mapping[str, object]) -> None:
    answer = _CLIENT.post(f"{BASE}/check", data=data)
    draft = draft_in(answer.text)
    assert answer.status_code == (200 if "/enter" in draft else 422)
    assert ("mistakes" in draft) is (answer.status_code == 422)
    assert _DESK.entries == []


# --- stopping, meals, shelves --------------------------------------------------------------


def test_a_medicine_is_stopped(desk: FakeDesk) -> None:
    """Last day, why and who; then it waits to be confirmed."""
    desk = FakeDesk(fakes.calm(), home=lived.lived())
    client = client_of(desk)
    data = {"medication": "1/0", "last_day": "2026-03-08", "why": "어지러움"}
    answer = client.post(f"{BASE}/stop", data={**data, "token": token_of(client)})
    assert answer.status_code == 303
    assert desk.entries == [Stop(PERSON, "1/0", "2026-03-08", "이지은", "어지러움")]
    page = client.get(BASE).text
    assert "2026년 3월 8일 (일)까지 드심 · 이지은: 어지러움" in page
    waiting = page[page.index("아직 확인하지 않음") : page.index("지금 드시는 약")]
    assert "암로디핀" in waiting
    assert "메트포르민" not in waiting


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"last_day": "soon"}, "entry.not.day"),
        ({"last_day": "2027-01-01"}, "entry.not.over_already"),
        ({"medication": "9/9"}, "entry.not.medication_unknown"),
        ({"why": ""}, "entry.not.why"),
    ],
)
def test_a_stop_that_cannot_be_is_said(change: dict[str, str], key: str) -> None:
    """Each refusal is a sentence with a way back to the page."""
    desk = FakeDesk(fakes.calm(), home=lived.lived())
    client = client_of(desk)
    data = {"medication": "1/0", "last_day": "2026-03-08", "why": "x", **change}
    answer = client.post(f"{BASE}/stop?lang=en", data={**data, "token": token_of(client)})
    assert answer.status_code == 400
    begin = CATALOGUES["en"][key].split("{")[0]
    assert begin in answer.text
    assert f'href="{BASE}?lang=en"' in answer.text


def test_meals_are_set(desk: FakeDesk, client: FlaskClient) -> None:
    """Four times and a name; in another order they are refused by the meals' names."""
    clock = {"breakfast": "06:30", "lunch": "12:00", "dinner": "17:30", "bed": "21:00"}
    data = {**clock, "token": token_of(client)}
    assert client.post(f"{BASE}/meals", data=data).status_code == 303
    assert desk.entries == [SetMealClock(PERSON, clock, "이지은")]
    assert 'value="06:30"' in client.get(BASE).text
    answer = client.post(f"{BASE}/meals", data={**data, "dinner": "11:00"})
    assert answer.status_code == 400
    assert KO.say("entry.not.meal_order", meal="점심 식사", following="저녁 식사") in answer.text
