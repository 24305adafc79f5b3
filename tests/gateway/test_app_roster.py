"""A roster changed by the page takes effect everywhere at once, through the whole gateway."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.enrolling import EnrolPerson, PlaceDevice, RemoveDevice, SetGuardian
from gateway.entering import Confirm, Entry, entered
from gateway.events import RosterChanged, RosterSet
from gateway.home import Home as Beliefs
from gateway.prescription.proposal import propose
from gateway.prescription.schedule import to_wire
from gateway.roster import Device, Guardian, Person
from gateway.zones import wall_s
from tests.gateway.entered_facts import BY, prescribed
from tests.gateway.home_facts import BOX, at
from tests.gateway.prescription.any_medication import once_a_day
from tests.gateway.test_app import EVENING_DAY, Home, HouseClock, in_loop, running, until

SON = "+821055556666"
NEW_BOX = "AB-000002"
PERSON = Person("p2", "박옥례", level="attention")
GUARDIAN = Guardian("g2", "", "박민수", SON, "ko", 0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, HouseClock(at("12:00")))


async def enter(gateway: Gateway, *entries: Entry) -> None:
    """From a thread of the page, one after the other."""
    await until(lambda: gateway.threads._loop)
    for entry in entries:
        await asyncio.to_thread(gateway.desk.enter, entry)


def digest(beliefs: Beliefs, now_ms: int) -> str:
    """Of what would be confirmed for the new person."""
    return propose(beliefs.household, "p2", now_ms).digest


def pressed(clock_ms: int) -> wire.Record:
    """The red button of a box."""
    slot = (EVENING_DAY, 2)
    kind = wire.HELP_PRESSED
    return wire.Record(1, 1, 1000, wall_s(clock_ms), 1, wire.SYNCED, kind, 0, slot, 1, 0)


@in_loop
async def test_a_new_person_has_schedule_box_rules_and_ladder_at_once(home: Home) -> None:
    """Enrolled, her box placed, her bag confirmed: the box's schedule is there for the radio.

    Her silence is watched from now on, her button is heard as hers, and her son is told; and after
    a restart all of that is as it was, with nothing said twice.
    """
    sent: list[str] = []
    async with running(home) as gateway:
        await until(lambda: gateway.modem.why is None)
        gateway.keeper._changed = sent.append
        box = Device(NEW_BOX, "pillbox", "p2", "안방")
        await enter(gateway, EnrolPerson(PERSON, (GUARDIAN,), BY), PlaceDevice(box, BY))
        bag = prescribed(once_a_day(label="morning"))
        await enter(gateway, replace(bag, person_id="p2"))
        seen = await asyncio.to_thread(gateway.desk.ask, digest)
        await enter(gateway, Confirm("p2", seen, BY))
        await until(lambda: sent.count(NEW_BOX) > 1)  # an empty one first, then with her bag
        household = gateway.hub.home.household
        made = household.made[NEW_BOX]
        assert gateway.sink.schedule_to_send(NEW_BOX) == (2, to_wire(made))
        assert {slot.slot.person_id for slot in made.slots} == {"p2"}
        assert set(household.watched) == {"p2"}
        gateway.sink.commit(NEW_BOX, 7, [pressed(at("12:00"))])
        son = home.carrier.handset(SON)
        await until(lambda: son.inbox)
        assert "박옥례" in son.inbox[0].body
        names = [person["name"] for person in gateway.desk.picture()["persons"]]
        assert names == ["김순자", "박옥례"]
    again = home.gateway()
    again.begin()
    assert again.hub.home.household.roster == household.roster
    assert sum(isinstance(fact, RosterSet) for fact in home.told) == 1
    assert sum(isinstance(fact, RosterChanged) for fact in home.told) == 3


@in_loop
async def test_a_changed_number_is_the_one_that_is_told(home: Home) -> None:
    """The ladder of the next incident has the new number; nobody is told under the old one."""
    async with running(home) as gateway:
        await until(lambda: gateway.modem.why is None)
        daughter = home.config().roster.guardians[0]
        await enter(gateway, SetGuardian(replace(daughter, number=SON), BY))
        gateway.sink.commit(BOX, 7, [pressed(at("12:00"))])
        await until(lambda: home.carrier.handset(SON).inbox)
        assert home.daughter.inbox == []


@in_loop
async def test_a_box_of_nobody_says_nothing_any_more(home: Home) -> None:
    """Taken away by the page: the radio gets no schedule for it, its button is nobody's."""
    async with running(home) as gateway:
        await enter(gateway, RemoveDevice(BOX, BY))
        gateway.sink.commit(BOX, 7, [pressed(at("12:00"))])
        assert gateway.hub.home.household.help_calls == {}
        assert gateway.hub.home.ledger.shelves.boxes == {}
        assert gateway.desk.picture()["persons"][0]["devices"] == []


def test_a_gateway_may_begin_with_nobody(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without a person, a device, a contact: it starts, draws, and waits for the page."""
    config = home.config()
    nobody = replace(config.roster, persons=(), devices=(), guardians=(), regimens=())
    monkeypatch.setattr(home, "config", lambda: replace(config, roster=nobody))
    gateway = home.gateway()
    gateway.begin()
    gateway.decider.settle()
    assert gateway.desk.picture()["persons"] == []
    gateway.hub.record(
        *entered(gateway.hub.home, EnrolPerson(PERSON, (GUARDIAN,), BY), at("12:00"))
    )
    gateway.decider.settle()
    assert [person["name"] for person in gateway.desk.picture()["persons"]] == ["박옥례"]
