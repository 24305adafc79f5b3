"""Two people under one roof who share nothing: each with a box, somebody who cares, an incident.

Knows: the facts of an evening. May not know: the page, permissions.

Everything that is his alone stands in HIS: whoever may not see him must find none of it.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import replace

from gateway import roster as rosters
from gateway.access import GUARDIAN, Grant
from gateway.access.accounts import rows_of
from gateway.access.facts import AccountOpened
from gateway.entering import Confirm, Prescribe, entered
from gateway.events import ScheduleOnBox, TextReceived
from gateway.home import Home
from gateway.prescription import shorthand
from gateway.prescription.proposal import propose
from gateway.prescription.schedule import make_schedule
from tests.gateway.home_facts import BOX, DAUGHTER, at, begun, roster, settle

HER, HIM = "soonja", "minsu"
HIS_BOX = "AB-000002"
HIS_NUMBER = "+821055556666"
HIS_DRUG = "2026-03-01 로수바스타틴 10mg 1정 1일 1회 저녁 식사 직후 30일분 #statin"
HIS = ("이민수", "최기범", "5555-6666", "55556666", "로수바스타틴", HIS_BOX)
HERS = ("김순자", "이지은", "1234-5678", "12345678", BOX)
NOW_MS = at("23:30")


def under_one_roof() -> Home:
    """A copy of the evening on which both forgot."""
    return copy.deepcopy(_evening())


def incident_of(home: Home, person_id: str) -> int:
    """The number of a person's incident."""
    return next(i.id for i in home.ledger.incidents.values() if i.person_id == person_id)


def text_of(home: Home, person_id: str) -> int:
    """The number of a text about a person's incident."""
    return home.ledger.incidents[incident_of(home, person_id)].texts[0]


@functools.cache
def _evening() -> Home:
    home = begun(at("12:00"), _roster())
    _prescribe(home)
    for box in (BOX, HIS_BOX):
        made = make_schedule(home.household, box, at("12:01"))
        if made is not None:
            home.fold(made)
            home.fold(ScheduleOnBox(at("12:02"), box, made.version, made.crc))
    for clock in ("19:10", "20:50", "23:00"):
        settle(home, at(clock))
    reply = TextReceived(at("23:05"), HIS_NUMBER, "1", "key-his")
    for fact in (reply, *home.answer(reply, at("23:05"))):
        home.fold(fact)
    rows = rows_of((Grant(GUARDIAN, HIM),))
    home.fold(AccountOpened(at("12:03"), "his", "최기범", rows, "ko", HIS_NUMBER, "son", "최기범"))
    return home


def _roster() -> rosters.Roster:
    son = rosters.Guardian("son", HIM, "최기범", HIS_NUMBER, "ko", 0)
    daughter = rosters.Guardian("daughter", HER, "이지은", DAUGHTER, "ko", 0)
    regimens = tuple(rosters.Regimen(p, ("evening",), None, 30, 30, 60) for p in (HER, HIM))
    who = roster(guardians=(daughter, son), regimens=regimens)
    return replace(
        who,
        persons=(*who.persons, rosters.Person(HIM, "이민수")),
        devices=(*who.devices, rosters.Device(HIS_BOX, "pillbox", HIM)),
    )


def _prescribe(home: Home) -> None:
    """His bag, confirmed by his son."""
    medication = shorthand.read(HIS_DRUG).medication
    assert medication is not None
    for fact in entered(home, Prescribe(HIM, (medication,), "shorthand", "최기범"), at("12:00")):
        home.fold(fact)
    digest = propose(home.household, HIM, at("12:00")).digest
    for fact in entered(home, Confirm(HIM, digest, "최기범"), at("12:00")):
        home.fold(fact)
