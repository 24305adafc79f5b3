"""What the API says of homes that lived: whole shapes, honest ages, small answers, one word in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
import schemathesis

from anbu_wire import messages as wire
from gateway.access import GUARDIAN, OFFICER, Grant
from gateway.api.document import document
from gateway.api.operations import OPERATIONS
from gateway.freshness import FRESH_MS
from gateway.home import Home
from gateway.web.api import VERSION
from tests.gateway.api.served import BASE, Served
from tests.gateway.doors import neighbours
from tests.gateway.home_facts import BOX, MIN_MS, at, record
from tests.web import alarmed, lived

HOMES = [(make, lived.NOW_MS) for make in lived.HOMES] + [
    (make, alarmed.NOW_MS) for make in alarmed.HOMES
]
DOCUMENT = document(VERSION)


@pytest.mark.parametrize(
    ("make", "now_ms"), HOMES, ids=[make.__name__.strip("_") for make, _ in HOMES]
)
def test_every_answer_has_its_documented_shape(make: Callable[[], Home], now_ms: int) -> None:
    """Of every home that lived, every operation answers all its fields and no others."""
    house = Served(make(), now_ms)
    headers = {"Authorization": f"Bearer {house.token()}", "Accept-Encoding": "identity"}
    told = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", house.app)
    names = {"person_id": "soonja", "number": max(house.home.ledger.incidents, default=None)}
    for operation in OPERATIONS:
        values = {p.name: names[p.name] for p in operation.path_parameters}
        if operation.method != "get" or None in values.values():
            continue  # a home where nothing happened has no incident
        case = told[operation.path]["GET"].Case(path_parameters=values, headers=headers)
        answer = case.call()
        assert answer.status_code == 200, operation.path
        case.validate_response(answer, checks=[schemathesis.checks.response_schema_conformance])


def test_the_document_is_openapi_and_open() -> None:
    """It is served to whoever asks, says 3.1, and every $ref in it leads somewhere."""
    house = Served(lived.fresh(), lived.NOW_MS)
    served = house.client.get("/api/v1/openapi.json").get_json()
    assert served == json.loads(json.dumps(DOCUMENT))
    assert served["openapi"].startswith("3.1")
    refs = {r.split('"')[0] for r in json.dumps(served).split('"#/components/schemas/')[1:]}
    assert refs <= set(served["components"]["schemas"])
    unused = set(served["components"]["schemas"]) - refs
    assert unused == set()


def test_a_belief_ages() -> None:
    """When the box is not heard any more what may change is old; what was seen stands."""
    house = Served(lived.lived(), lived.NOW_MS)
    token = house.token()
    before = house.get("/people/soonja", token).get_json()["person"]
    house.now_ms += FRESH_MS + 12 * 60 * MIN_MS
    after = house.get("/people/soonja", token).get_json()["person"]
    assert before["fresh"]
    assert not after["fresh"]
    assert after["known_ms"] == before["known_ms"]
    ages = {d["state"]["value"]: d["state"]["fresh"] for d in after["doses"]}
    assert ages["taken"]
    assert not ages["unknown"]
    reasons = {d["state"]["value"]: d["state"]["reason"] for d in after["doses"]}
    assert reasons["unknown"] == "no_records"
    assert all(not d["link"]["fresh"] and not d["battery"]["fresh"] for d in after["devices"])


def test_missed_is_never_said_of_what_nobody_knows() -> None:
    """No record of the box: unknown. Its own record arrives: missed, with that reason."""
    home = neighbours.under_one_roof()
    house = Served(home, neighbours.NOW_MS)
    token = house.token()

    def evening() -> dict[str, object]:
        doses = house.get("/people/soonja", token).get_json()["person"]["doses"]
        return next(d["state"] for d in doses if d["id"] == "soonja/2026-03-02/2")

    assert evening()["value"] == "unknown"
    home.fold(record(1, wire.SLOT_MISSED, at("19:30"), at_ms=neighbours.NOW_MS))
    assert (evening()["value"], evening()["reason"]) == ("missed", "box_says_missed")


def test_nothing_new_costs_nothing() -> None:
    """A poller that sends the ETag back gets 304 until something is believed otherwise."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    token = house.token()
    tag = house.get("/incidents", token).headers["ETag"]
    house.now_ms += 1000
    same = house.get("/incidents", token, **{"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    acknowledged(house, token)
    assert house.get("/incidents", token, **{"If-None-Match": tag}).status_code == 200


def test_large_answers_are_packed_and_forms_are_not() -> None:
    """The API and the page's files are gzipped for who wants it; pages with a secret never."""
    house = Served(lived.lived(), lived.NOW_MS)
    wish = {"Accept-Encoding": "gzip"}
    plain = house.get("/people/soonja/doses", house.token())
    packed = house.get("/people/soonja/doses", house.token(), **wish)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 4
    style = house.client.get("/static/page.css", headers=wish)
    assert style.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in house.client.get("/sign-in", headers=wish).headers
    assert "Content-Encoding" not in house.get("/alarms", house.token(), **wish).headers


def acknowledged(house: Served, token: str, word: object = "going") -> tuple[int, str]:
    """Status and body of an answer to her incident."""
    number = neighbours.incident_of(house.home, "soonja")
    answer = house.client.post(
        f"/api/v1/incidents/{number}/acknowledgement",
        json={"word": word},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code, answer.text


def test_going_is_written_down_as_hers() -> None:
    """The daughter's program says "going": the incident is hers, and a second one is refused."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    token = house.token((Grant(GUARDIAN, "soonja"),), guardian_id="daughter")
    status, body = acknowledged(house, token)
    assert status == 200
    incident = json.loads(body)["incident"]
    assert (incident["state"], incident["acked_by"]) == ("acked", "daughter")
    officer = house.token((Grant(OFFICER),))
    status, body = acknowledged(house, officer)
    assert (status, json.loads(body)["error"]) == (
        409,
        "somebody has this incident already; read it before answering",
    )


@pytest.mark.parametrize("word", ["", "GOING", 7, None, ["going"], {"word": "going"}])
def test_another_word_is_refused(word: object) -> None:
    """What is no word of the table changes nothing, and the sentence names those that are."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    before = len(house.home.ledger.incidents[1].history)
    status, body = acknowledged(house, house.token(), word)
    assert status == 400
    assert "going, there, well, false" in body
    assert len(house.home.ledger.incidents[1].history) == before


def test_a_long_list_is_read_page_by_page() -> None:
    """Following `next` one sees everybody once, in the roster's order, and then it is null."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    token, seen, after = house.token(), [], ""
    while True:
        page = house.get(f"/people?limit=1{after}", token).get_json()
        seen += [person["person_id"] for person in page["people"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert seen == ["soonja", "minsu"]
    texts, before, ids = house.get("/texts", token).get_json(), "", []
    assert texts["next"] is None
    while (page := house.get(f"/texts?limit=2{before}", token).get_json())["next"] is not None:
        ids += [text["id"] for text in page["texts"]]
        before = f"&before_ms={page['next']}"
    ids += [text["id"] for text in page["texts"]]
    assert ids == [text["id"] for text in texts["texts"]]


def test_texts_of_one_instant_stand_on_one_page() -> None:
    """A step tells several people at once: `next` names the instant, and nobody's is left out."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    for text in house.home.ledger.texts.values():
        text.decided_ms = neighbours.NOW_MS
    token = house.token()
    every = house.get("/texts", token).get_json()["texts"]
    page = house.get("/texts?limit=1", token).get_json()
    assert len(every) > 1
    assert (page["texts"], page["next"]) == (every, None)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "from 1 to 200"),
        ("limit=many", "whole number"),
        ("limit=1&limit=2", "once is enough"),
        ("state=ill", "live, open, notifying, acked, resolved"),
        ("before=0", "has to be from 1"),
        ("colour=red", "before, limit, person_id, state can"),
    ],
)
def test_what_is_wrong_in_a_question_is_said(query: str, said: str) -> None:
    """One line says which argument, what it was and what it may be."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    answer = house.get(f"/incidents?{query}", house.token())
    assert answer.status_code == 400
    assert said in answer.get_json()["error"]


@pytest.mark.parametrize(
    "query", ["to=2026-02-31", "to=today", "to=1926-03-02", "days=0", "days=367", "from=2026-03-01"]
)
def test_no_period_is_guessed(query: str) -> None:
    """Days that are none, or too many, are refused instead of replaced."""
    house = Served(lived.lived(), lived.NOW_MS)
    assert house.get(f"/people/soonja/doses?{query}", house.token()).status_code == 400


def test_errors_are_for_programs() -> None:
    """No token, a revoked one, a wrong method: each a code and one English line."""
    house = Served(lived.lived(), lived.NOW_MS)
    token = house.token()
    revoked = house.place.vault.tokens
    assert house.client.get("/api/v1/people").status_code == 401
    assert "token" in house.client.get("/api/v1/people").get_json()["error"]
    assert house.get("/people", token).status_code == 200
    account = house.home.accounts.known
    for account_id in account:
        for one in revoked.all_of(account_id):
            revoked.end(account_id, one.id)
    assert house.get("/people", token).status_code == 401
    wrong = house.client.put("/api/v1/people")
    assert (wrong.status_code, "GET" in wrong.headers["Allow"]) == (405, True)


def test_devices_say_which_home_they_stand_in() -> None:
    """Every device of the roster is there with its room and its link's reason."""
    house = Served(alarmed.dark(), alarmed.NOW_MS)
    devices = house.get("/devices", house.token()).get_json()["devices"]
    links = {
        d["id"]: (d["link"]["value"], d["link"]["reason"], d["link"]["fresh"]) for d in devices
    }
    assert links[BOX] == ("down", "lost", False)
    assert set(links) == {BOX, alarmed.HIS_BOX}
