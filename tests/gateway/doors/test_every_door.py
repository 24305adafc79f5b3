"""Every address × role × foreign person, generated from the URL map: closed but by the table.

What may be where is said once, in gateway/web/permissions.py; here every address the page has is
asked by everybody there could be, about somebody who is none of their business.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Address
from werkzeug.test import TestResponse

from gateway.access import GUARDIAN, OFFICER, SENIOR, TECHNICIAN, Grant
from gateway.api.operations import OPERATIONS, SCOPES
from gateway.web.permissions import BY_ADDRESS, TABLE
from gateway.web.rules import Rule, Scope
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.doors.neighbours import HER, HERS, HIM, HIS
from tests.web_access import signed_in, token_of

HER_ROLES = [Grant(role, HER) for role in (SENIOR, GUARDIAN, OFFICER, TECHNICIAN)]
EVERYBODY = (Grant(OFFICER), Grant(TECHNICIAN))
FORBIDDEN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# What takes a second and is one page as a file: asked in tests of its own.
SLOW = {"adherence.pdf", "refill.sheet"}
STREAMS = {"live.stream"}


class Evening(Served):
    """The evening of the two, and what was written down since."""

    def __init__(self) -> None:
        self.noted: list[object] = []
        super().__init__(neighbours.under_one_roof(), neighbours.NOW_MS)

    def _note(self, entry: object) -> None:
        self.noted.append(entry)


@pytest.fixture(scope="module")
def evening() -> Evening:
    return Evening()


def addresses(app: Flask, method: str) -> Iterator[Address]:
    """Every address of the page that takes this method."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule


def about(address: Address, evening: Evening, person_id: str) -> str:
    """The address with this person in it, or what is hers."""
    values = {
        "person_id": person_id,
        "number": neighbours.incident_of(evening.home, person_id),
        "device_id": evening.home.household.roster.box_of(person_id).id,  # type: ignore[union-attr]
        "text_id": neighbours.text_of(evening.home, person_id),
        "guardian_id": {HER: "daughter", HIM: "son"}[person_id],
        "account_id": "his",
        "filename": "page.css",
    }
    path = str(address.rule)
    for name in address.arguments:
        asked = quote(str(values.get(name, "0")), safe="")
        kinds = ("", "int:", "path:", "string:")
        for marked in (f"<{kind}{name}>" for kind in kinds):
            path = path.replace(marked, asked)
    assert "<" not in path, f"{path}: say above what {address.arguments} may be"
    return path


def form(evening: Evening, person_id: str, token: str) -> dict[str, str]:
    """A form that names what is this person's, and nothing else that would do."""
    box = evening.home.household.roster.box_of(person_id)  # type: ignore[union-attr]
    return {
        "token": token,
        "device": box.id if box else "",
        "person_id": person_id,
        "person": person_id,
        "account": "his",
    }


def refused(answer: TestResponse) -> bool:
    """Whether somebody was not let in."""
    where = answer.headers.get("Location", "")
    away = where.startswith(("/sign-in", "/claim"))
    return answer.status_code in FORBIDDEN or away


def closed(rule: Rule, grants: tuple[Grant, ...], person_id: str) -> bool:
    """By the table alone: whether these grants do not open it for that person."""
    if rule.scope is Scope.ALL:
        return False
    mine = [grant for grant in grants if grant.role in rule.roles]
    if rule.scope is Scope.EVERYBODY:
        mine = [grant for grant in mine if grant.person_id is None]
    if rule.scope is Scope.PERSON:
        mine = [grant for grant in mine if grant.person_id in (None, person_id)]
    return not grants if rule.scope is Scope.SIGNED_IN else not mine


def asked(client: FlaskClient, path: str, method: str, data: dict[str, str]) -> TestResponse:
    if method == "GET":
        return client.get(path, headers={"Accept": "text/html"})
    return client.open(path, method=method, data=data)


def test_every_address_is_in_the_table_and_every_row_has_an_address(evening: Evening) -> None:
    """Nothing is open by being forgotten, and no row speaks of what is not there."""
    there = {rule.endpoint for rule in evening.app.url_map.iter_rules()}
    assert there - set(TABLE) == set()
    assert set(TABLE) - there == set()


def test_an_address_without_a_row_is_not_there(evening: Evening) -> None:
    """Deny by default: whoever adds a page and forgets its row has a page nobody can open."""
    row = TABLE.pop("adherence.show")
    try:
        client = signed_in(evening.app, *EVERYBODY)
        assert client.get(f"/person/{HER}/adherence").status_code == HTTPStatus.NOT_FOUND
    finally:
        TABLE["adherence.show"] = row


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "grants",
    [(), *((grant,) for grant in HER_ROLES), (Grant(TECHNICIAN),)],
    ids=["nobody", *(f"her {g.role}" for g in HER_ROLES), "technician of all"],
)
def test_somebody_elses_affairs_are_closed(
    evening: Evening, grants: tuple[Grant, ...], method: str
) -> None:
    """Whatever the table does not open for her is refused, and nothing is written down by it."""
    client = signed_in(evening.app, *grants) if grants else evening.app.test_client()
    token = token_of(client) if grants else ""
    evening.noted.clear()
    open_doors = [
        f"{method} {path}: {answer.status_code}"
        for address in addresses(evening.app, method)
        if closed(TABLE[address.endpoint], grants, HIM)
        for path in [about(address, evening, HIM)]
        for answer in [asked(client, path, method, form(evening, HIM, token))]
        if not refused(answer)
    ]
    assert open_doors == []
    assert evening.noted == []


def test_what_the_table_opens_is_open(evening: Evening) -> None:
    """The same addresses let in who may see him: they are refused for who asks, not for what."""
    closed_doors = []
    for address in addresses(evening.app, "GET"):
        if address.endpoint in SLOW or address.arguments not in ({"person_id"}, {"number"}):
            continue
        client = signed_in(evening.app, *EVERYBODY, Grant(SENIOR, HIM), Grant(GUARDIAN, HIM))
        answer = client.get(about(address, evening, HIM), headers={"Accept": "text/html"})
        if refused(answer) or answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
            closed_doors.append(f"{address}: {answer.status_code}")
    assert closed_doors == []


@pytest.mark.parametrize("grant", HER_ROLES, ids=[str(g.role) for g in HER_ROLES])
def test_no_page_of_hers_names_him(evening: Evening, grant: Grant) -> None:
    """Lists, streams and figures of somebody who cares for her hold nothing of him."""
    client = signed_in(evening.app, grant, name="정하나", guardian_id="daughter")
    told = []
    for address in addresses(evening.app, "GET"):
        if address.endpoint in SLOW | STREAMS:
            continue
        for person_id in (HER, HIM):
            answer = client.get(about(address, evening, person_id), headers={"Accept": "text/html"})
            shown = answer.get_data().decode(errors="replace")  # files, too
            told += [f"{address} ({person_id}): {n}" for n in HIS if n in shown]
    with client.get("/live") as stream:
        first = "".join(str(part) for part in itertools.islice(stream.response, 2))
    assert "sections" in first
    told += [f"/live: {name}" for name in HIS if name in first]
    assert told == []


def test_no_answer_to_a_stranger_names_anybody(evening: Evening) -> None:
    """Whoever is not signed in reads no name, no number, no drug, whatever is asked."""
    client, told = evening.app.test_client(), []
    for method in ("GET", "POST"):
        for address in addresses(evening.app, method):
            path = about(address, evening, HIM)
            answer = asked(client, path, method, form(evening, HIM, ""))
            shown = answer.text.replace(path, "").replace(quote(path, safe=""), "")
            told += [f"{method} {address}: {n}" for n in (*HIS, *HERS) if n in shown]
    assert told == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["no token", "another origin", "another site"],
)
def test_a_change_wants_a_form_of_our_own(evening: Evening, headers: dict[str, str]) -> None:
    """Whatever changes something is refused to a form that another page made up.

    But where the address alone decides: test_by_an_address.py.
    """
    evening.noted.clear()
    taken = []
    for address in addresses(evening.app, "POST"):
        if address.endpoint in BY_ADDRESS:
            continue
        client = signed_in(evening.app, *EVERYBODY, Grant(GUARDIAN, HIM), Grant(SENIOR, HIM))
        token = token_of(client) if headers else "guessed"
        data = form(evening, HIM, token)
        answer = client.post(about(address, evening, HIM), data=data, headers=headers)
        if answer.status_code != HTTPStatus.FORBIDDEN:
            taken.append(f"{address}: {answer.status_code}")
    assert taken == []
    assert evening.noted == []


def test_a_token_opens_its_scope_and_no_more(evening: Evening) -> None:
    """Each scope opens its own addresses; what has none is closed to every token."""
    wrong = []
    for scope in SCOPES:
        headers = {"Authorization": f"Bearer {evening.token(scopes=(scope,))}"}
        for address in addresses(evening.app, "GET"):
            rule = TABLE[address.endpoint]
            if rule.scope is Scope.ALL or address.endpoint in SLOW | STREAMS:
                continue
            path = about(address, evening, HIM)
            answer = evening.app.test_client().get(path, headers=headers)
            if refused(answer) != (rule.token != scope):
                wrong.append(f"{scope} {path}: {answer.status_code}")
    assert wrong == []


def test_the_scopes_of_the_api_are_those_of_the_table(evening: Evening) -> None:
    """The document promises what the doors keep."""
    told = {operation.name: operation.scope for operation in OPERATIONS}
    kept = {name.removeprefix("api."): r.token for name, r in TABLE.items() if name[:4] == "api."}
    assert told == {name: scope for name, scope in kept.items() if name != "openapi"}
    assert {rule.token for rule in TABLE.values()} - {None} <= set(SCOPES)


def test_a_token_for_her_alone_sees_nobody_else(evening: Evening) -> None:
    """An officer's token for one person is as blind to others as a guardian of that person."""
    secret = evening.token(person_id=HER)
    for operation in OPERATIONS:
        if operation.method != "get":
            continue
        address = next(
            a for a in addresses(evening.app, "GET") if a.endpoint == f"api.{operation.name}"
        )
        path = about(address, evening, HIM).removeprefix("/api/v1")
        answer = evening.get(path, secret)
        assert [name for name in HIS if name in answer.text] == [], path
        assert not address.arguments or answer.status_code == HTTPStatus.NOT_FOUND
