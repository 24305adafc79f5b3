"""The calendar at a secret address: when, which, in her zone; never who, never what."""

from __future__ import annotations

from datetime import datetime

import pytest
from icalendar import Calendar, Event
from werkzeug.test import TestResponse

from gateway.access import GUARDIAN, OFFICER, Grant
from gateway.web.feed import SCOPE
from tests.gateway.api.served import Served
from tests.gateway.doors import neighbours
from tests.gateway.home_facts import SEOUL, begun, roster
from tests.web import lived

HERS = (Grant(GUARDIAN, "soonja"),)


def fetched(house: Served, secret: str) -> TestResponse:
    return house.client.get(f"/feed/{secret}.ics")


def events(house: Served, secret: str) -> list[Event]:
    answer = fetched(house, secret)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return [event for event in found if isinstance(event, Event)]


def test_every_dose_that_is_planned_stands_in_it() -> None:
    """Each planned dose of hers is an entry at its hour in her home's zone, with its label."""
    house = Served(lived.lived(), lived.NOW_MS)
    found = events(house, house.token(HERS, (SCOPE,)))
    ours = house.home.household.closing(lived.NOW_MS - 7 * 86_400_000)
    assert sorted(e.decoded("dtstart").timestamp() * 1000 for e in found) == sorted(
        p.due_ms for p in ours
    )
    assert {e["dtstart"].params["TZID"] for e in found} == {"Asia/Seoul"}
    told = {(e.decoded("dtstart").strftime("%H:%M"), str(e["summary"])) for e in found}
    assert told == {("08:00", "안부: 아침 약"), ("19:00", "안부: 저녁 약")}
    assert len({str(e["uid"]) for e in found}) == len(found)


def test_it_names_nobody_and_nothing() -> None:
    """No person, no drug, no device: not in a summary, not in a key, not in the calendar's name."""
    house = Served(neighbours.under_one_roof(), neighbours.NOW_MS)
    text = fetched(house, house.token((Grant(GUARDIAN, "minsu"),), (SCOPE,))).text
    assert "BEGIN:VEVENT" in text
    for secret in (*neighbours.HIS, *neighbours.HERS, "minsu", "soonja"):
        assert secret not in text


def test_the_hour_stays_when_the_clocks_change() -> None:
    """Where there is summer time a dose is at half past six before the change and after it."""
    now_ms = int(datetime(2026, 3, 27, 12, tzinfo=SEOUL).timestamp() * 1000)
    house = Served(begun(now_ms, roster(zone="Europe/Berlin")), now_ms)
    answer = fetched(house, house.token(HERS, (SCOPE,)))
    calendar = Calendar.from_ical(answer.data)
    hours = {e.decoded("dtstart").strftime("%H:%M") for e in calendar.walk("VEVENT")}
    days = {e.decoded("dtstart").date().isoformat() for e in calendar.walk("VEVENT")}
    assert hours == {"18:30"}
    assert {"2026-03-28", "2026-03-29", "2026-03-30"} <= days
    zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
    assert zones == ["Europe/Berlin"]
    assert b"BEGIN:DAYLIGHT" in answer.data


def test_keys_stay_so_that_no_dose_stands_twice() -> None:
    """Asked again later the same doses have the same keys, and an unchanged file is a 304."""
    house = Served(lived.lived(), lived.NOW_MS)
    secret = house.token(HERS, (SCOPE,))
    first = {str(e["uid"]) for e in events(house, secret)}
    tag = fetched(house, secret).headers["ETag"]
    again = house.client.get(f"/feed/{secret}.ics", headers={"If-None-Match": tag})
    assert again.status_code == 304
    house.now_ms += 86_400_000
    assert len(first - {str(e["uid"]) for e in events(house, secret)}) <= 4  # a day fell out


def test_a_withdrawn_address_is_not_there() -> None:
    """The moment its token is ended the address is like any other that never was."""
    house = Served(lived.lived(), lived.NOW_MS)
    secret = house.token(HERS, (SCOPE,))
    assert fetched(house, secret).status_code == 200
    tokens = house.place.vault.tokens
    tokens.end("program-1", tokens.all_of("program-1")[0].id)
    assert fetched(house, secret).status_code == fetched(house, "never").status_code == 404


@pytest.mark.parametrize(
    ("grants", "scopes", "person_id", "status"),
    [
        (HERS, ("read:people",), None, 404),
        ((Grant(OFFICER),), (SCOPE,), None, 404),
        ((Grant(OFFICER),), (SCOPE,), "soonja", 200),
        ((Grant(GUARDIAN, "minsu"), *HERS), (SCOPE,), None, 404),
        ((Grant(GUARDIAN, "minsu"),), (SCOPE,), "soonja", 404),
    ],
)
def test_an_address_is_of_one_person(
    grants: tuple[Grant, ...], scopes: tuple[str, ...], person_id: str | None, status: int
) -> None:
    """Another scope opens no calendar; an address that would be of several people opens none."""
    house = Served(lived.lived(), lived.NOW_MS)
    assert fetched(house, house.token(grants, scopes, person_id=person_id)).status_code == status


def test_who_looks_is_written_down() -> None:
    """A calendar that fetches stands in the access log of whom it is about."""
    house = Served(lived.lived(), lived.NOW_MS)
    fetched(house, house.token(HERS, (SCOPE,)))
    pages = [look.page for look in house.place.vault.looks.about("soonja")]
    assert pages == ["feed.doses"]
