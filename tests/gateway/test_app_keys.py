"""A device that the page enrols is spoken to at once; its key stands in its own file alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.app import Gateway
from gateway.enrolling import PlaceDevice, RemoveDevice
from gateway.enrolment import Unit, sealed
from gateway.events import LinkDown, LinkUp, PartFailed, ScheduleOnBox
from gateway.label import Label
from gateway.officer.ending import EndCare
from gateway.orders import Kind, Wish
from gateway.roster import CAREPLUG, Device
from gateway.workshop import WorkshopRefused
from tests.gateway.home_facts import BOX, at
from tests.gateway.radio_fake import FakeAir, FakePlug
from tests.gateway.test_app import Home, HouseClock, in_loop, running, until

PLUG = "CP-000001"
KEY, BTHOME = bytes(range(100, 116)), bytes(range(200, 216))
LABEL = Label(CAREPLUG, PLUG, KEY, BTHOME)
PLACED = PlaceDevice(Device(PLUG, CAREPLUG, "soonja", "주방"), "박기사")


@dataclass
class AirHome(Home):
    """A home with a radio on which a plug calls."""

    air: FakeAir = field(
        default_factory=lambda: FakeAir(FakePlug(PLUG, KEY, "02:00:00:00:00:01", records=3))
    )

    def gateway(self) -> Gateway:
        return Gateway(self.config(), self.air, tell=self.told.append, clock=self.clock)

    def linked(self, device_id: str) -> bool:
        return any(isinstance(f, LinkUp) and f.device_id == device_id for f in self.told)


@pytest.fixture
def home(tmp_path: Path) -> AirHome:
    return AirHome(tmp_path, HouseClock(at("12:00")))


async def enrol(gateway: Gateway) -> None:
    """As the page does, from a thread of its own."""
    assert gateway.desk.workshop is not None
    await asyncio.to_thread(gateway.desk.workshop.keep, (LABEL,))
    await asyncio.to_thread(gateway.desk.enter, PLACED)


@in_loop
async def test_a_device_enrolled_by_the_page_is_spoken_to_without_a_restart(home: AirHome) -> None:
    """A stranger first; with label and place it is linked, its records come; and after a restart.

    No file but its own holds its key, and no fact.
    """
    async with running(home) as gateway:
        await until(lambda: any(isinstance(f, PartFailed) and f.part == "air" for f in home.told))
        assert not home.linked(PLUG)
        await enrol(gateway)
        await until(lambda: gateway.hub.home.household.device(PLUG).newest)
        assert gateway.bench.signals()[PLUG].dbm == -50
        assert gateway.bench.kept() == {BOX: "", PLUG: CAREPLUG}
    holds = [
        path.relative_to(home.folder).as_posix()
        for path in home.folder.rglob("*")
        if path.is_file()
        for key in (KEY, BTHOME)
        if key in (data := path.read_bytes()) or key.hex() in data.decode("latin-1").lower()
    ]
    assert set(holds) == {f"keys/{PLUG}.label"}
    assert KEY.hex() not in str(home.told).lower()
    home.told.clear()
    async with running(home):
        await until(lambda: home.linked(PLUG))


@in_loop
async def test_a_device_that_is_taken_away_is_spoken_to_no_more(home: AirHome) -> None:
    """Its link ends at once; what comes from it afterwards is a stranger's."""
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        await enrol(gateway)
        await until(lambda: home.linked(PLUG))
        await asyncio.to_thread(gateway.desk.enter, RemoveDevice(PLUG, "박기사"))
        await asyncio.to_thread(gateway.bench.forget, PLUG)
        await until(lambda: any(isinstance(f, LinkDown) and f.device_id == PLUG for f in home.told))
        assert list((home.folder / "keys").iterdir()) == []
        assert gateway.radio._devices == {BOX: bytes(16)}


@in_loop
async def test_a_box_is_let_go_only_when_it_asks_for_nothing(home: AirHome) -> None:
    """Her care ends: her box is spoken to until it has read back the schedule without a dose."""
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        made = gateway.hub.home.household.made
        assert made[BOX].slots
        await asyncio.to_thread(gateway.desk.enter, EndCare("soonja", "died", "2026-03-02", "최"))
        await until(lambda: not made[BOX].slots)
        assert BOX in gateway.radio._devices
        empty = made[BOX]
        gateway.hub.record(ScheduleOnBox(at("12:01"), BOX, empty.version, empty.crc))
        await until(lambda: BOX not in gateway.radio._devices)


@in_loop
async def test_an_order_reaches_a_device_that_came_later(home: AirHome) -> None:
    """Whoever is enrolled at noon can be made to blink at noon: the order is answered."""
    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        await enrol(gateway)
        await until(lambda: home.linked(PLUG))
        await asyncio.to_thread(gateway.desk.order, Wish(PLUG, Kind.LOCATE))
        await until(lambda: not gateway.hub.home.book.waiting)
        assert [str(o.kind) for o in gateway.hub.home.book.orders.values()] == ["locate"]


def test_an_enrolment_file_is_for_this_gateway(home: AirHome) -> None:
    """What was sealed for it is opened; what was not is refused with the place."""
    bench = home.gateway().bench
    recipient = bench.recipient()
    assert bench.opened(sealed([Unit(LABEL)], recipient)) == (Unit(LABEL),)
    with pytest.raises(WorkshopRefused, match="file_sealed"):
        bench.opened(b"something else")


def test_the_health_of_the_computer(home: AirHome) -> None:
    """The disk under the database; whether the kernel trusts its clock, if it can be asked."""
    health = home.gateway().bench.health()
    assert 0 < health.disk_free_bytes <= health.disk_bytes
    assert health.clock_right in (True, False, None)
