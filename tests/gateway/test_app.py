"""The gateway as one: facts come in, texts go out by real AT commands, a restart loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.clock import SystemClock
from gateway.config import Config, RadioSettings
from gateway.events import (
    DeviceCaughtUp,
    Event,
    PartFailed,
    TextReceived,
    TextSubmitted,
)
from gateway.log import LogUnavailable
from gateway.prescription.schedule import to_wire
from gateway.zones import day_number, local, wall_s
from tests.gateway.home_facts import BOX, DAUGHTER, SEOUL, at, roster
from tools.home.gsm import Carrier, Handset, VirtualModem

P = ParamSpec("P")
EVENING_DAY = day_number(local(at("12:00"), SEOUL).date())
PATIENCE_S = 20.0


def in_loop(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run an async test in a loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


class HouseClock(SystemClock):
    """A clock that is set, and then goes on as the computer's does."""

    def __init__(self, now_ms: int) -> None:
        self.set(now_ms)

    def set(self, now_ms: int) -> None:
        self._ahead_ms = now_ms - super().now_ms()

    def now_ms(self) -> int:
        return super().now_ms() + self._ahead_ms


class SilentBackend:
    """A radio that nothing is heard on: the tests speak to the sink themselves."""

    scanner_class = None
    client_class = None

    async def open(self, hci: str) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed = True


@dataclass
class Home:
    """One gateway under test and the world around it."""

    folder: Path
    clock: HouseClock
    carrier: Carrier = field(default_factory=Carrier)
    told: list[Event] = field(default_factory=list)

    def config(self) -> Config:
        return Config(
            database=self.folder / "anbu.db",
            roster=roster(),
            keys={BOX: bytes(16)},
            radio=RadioSettings("silent", None, 1.0),
            modem_port=str(self.folder / "modem"),
            modem_patience=1.0,
            web=None,
        )

    def gateway(self) -> Gateway:
        return Gateway(self.config(), SilentBackend(), tell=self.told.append, clock=self.clock)

    @property
    def daughter(self) -> Handset:
        return self.carrier.handset(DAUGHTER)


@contextlib.asynccontextmanager
async def running(home: Home) -> AsyncIterator[Gateway]:
    """The gateway at work, with its modem; stopped in order at the end."""
    modem = VirtualModem(home.folder / "modem", home.carrier, "+821000000000")
    await modem.start()
    gateway = home.gateway()
    work = asyncio.create_task(gateway.run())
    try:
        yield gateway
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        await modem.stop()


async def until(true: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - not everything waited for has an event
            await asyncio.sleep(0.01)


def verdict(seq: int, kind: int, clock_ms: int, value: int = 0) -> wire.Record:
    """A record of the box about this evening's slot."""
    slot = (EVENING_DAY, 2)
    return wire.Record(
        seq, 1, 1000 * seq, wall_s(clock_ms), 1, wire.SYNCED, kind, 2, slot, 1, value
    )


def state(gateway: Gateway, clock_ms: int, newest: int) -> dict[str, int]:
    """STATE as the box says it when it has everything."""
    belief = gateway.hub.home.household.device(BOX)
    return {
        "epoch": 7,
        "oldest_seq": 1,
        "newest_seq": newest,
        "wall_s": wall_s(clock_ms),
        "schedule_version": belief.version_made,
        "schedule_crc": belief.crc_made,
        "quality": wire.SYNCED,
        "battery_percent": 90,
        "uptime_s": 1,
        "timeline": 1,
    }


def connected(gateway: Gateway, now_ms: int) -> None:
    """The box links up, has the schedule, has nothing new to tell."""
    gateway.sink.link_up(BOX)
    gateway.sink.caught_up(BOX, state(gateway, now_ms, 0))


def decided_at_seven(home: Home) -> Gateway:
    """A gateway that does not run: the dose was not opened, the text about it is decided."""
    gateway = home.gateway()
    gateway.begin()
    connected(gateway, at("18:20"))
    gateway.sink.commit(BOX, 7, [verdict(1, wire.SLOT_LATE, at("19:00"))])
    home.clock.set(at("19:00"))
    gateway.decider.settle()
    return gateway


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home at twenty past six, just before the dose is due."""
    return Home(tmp_path, HouseClock(at("18:20")))


@in_loop
async def test_forgotten_dose_is_told_and_answered(home: Home) -> None:
    """A pushed SLOT_MISSED becomes a text on the daughter's phone; her 1 makes it hers."""
    async with running(home) as gateway:
        await until(lambda: gateway.modem.why is None)
        connected(gateway, at("18:20"))
        home.clock.set(at("19:00"))
        gateway.sink.commit(BOX, 7, [verdict(1, wire.SLOT_LATE, at("19:00"))])
        await until(lambda: len(home.daughter.inbox) == 1)
        assert "안 열림" in home.daughter.inbox[0].body
        handed = next(f for f in home.told if isinstance(f, TextSubmitted))
        assert handed.first_pdu_ms >= at("19:00")
        home.daughter.send("1")
        await until(lambda: len(home.daughter.inbox) == 2)
        assert gateway.hub.home.ledger.incidents[1].acked_by == "daughter"
        await until(lambda: gateway.hub.home.ledger.texts[1].state == "delivered")


@in_loop
async def test_silence_is_unconfirmed_at_its_deadline_by_itself(home: Home) -> None:
    """Nobody tells the gateway anything: the deadline alone wakes it, and it says so."""
    async with running(home) as gateway:
        await until(lambda: gateway.hub.home.household.made)
        home.clock.set(at("19:04:59"))
        gateway.hub.news.set()  # the clock was set: look again now and not in a minute
        await until(lambda: gateway.hub.home.ledger.incidents)
        incident = gateway.hub.home.ledger.incidents[1]
        assert (incident.worry, incident.due_ms) == ("dose_unconfirmed", at("19:05"))
        assert incident.opened_ms >= at("19:05")


def test_the_schedule_is_there_before_the_radio_asks(home: Home) -> None:
    """At start the coming fourteen days are made, logged, and what the radio is given."""
    gateway = home.gateway()
    gateway.begin()
    sent = gateway.sink.schedule_to_send(BOX)
    made = gateway.hub.home.household.made[BOX]
    assert sent == (1, to_wire(made))
    assert len(made.slots) == 14
    gateway.sink.caught_up(BOX, state(gateway, at("18:20"), 0))
    assert [f.kind for f in home.told][-1] == "schedule_on_box"


def test_a_box_with_a_foreign_schedule_gets_a_newer_one(home: Home) -> None:
    """A box that runs version 9 of another log gets version 10 of this one."""
    gateway = home.gateway()
    gateway.begin()
    foreign = {**state(gateway, at("18:20"), 0), "schedule_version": 9, "schedule_crc": 1}
    gateway.sink.caught_up(BOX, foreign)
    sent = gateway.sink.schedule_to_send(BOX)
    assert sent is not None
    assert sent[0] == 10


def test_records_are_committed_once_and_known(home: Home) -> None:
    """What commit returned from is what the radio need not ask for again."""
    gateway = home.gateway()
    gateway.begin()
    records = [verdict(n, wire.SLOT_PROMPTED, at("18:31")) for n in range(1, 5)]
    gateway.sink.commit(BOX, 7, records)
    gateway.sink.commit(BOX, 7, records[2:])
    assert (gateway.sink.last_known(BOX, 7), gateway.sink.last_known(BOX, 8)) == (4, 0)
    assert sum(f.kind == "device_record" for f in home.told) == 4


def test_a_log_that_began_anew_is_noted_once(home: Home) -> None:
    """A new epoch of a known box leaves a line for the technician; a box's first log does not."""
    gateway = home.gateway()
    gateway.begin()
    said = [verdict(seq, wire.SLOT_LATE, at("19:00")) for seq in (1, 2)]
    for epoch, record in ((7, said[0]), (7, said[1]), (8, said[0]), (8, said[1])):
        gateway.sink.commit(BOX, epoch, [record])
    troubles = [f for f in home.told if isinstance(f, PartFailed)]
    assert [(t.part, "00000008" in t.why) for t in troubles] == [(BOX, True)]


def test_a_restart_folds_to_the_same_home(home: Home) -> None:
    """A process that dies without a word is followed by one that believes the same."""
    gateway = decided_at_seven(home)
    gateway.hub.receive(TextReceived(at("19:01"), DAUGHTER, "1", "k"))
    assert home.gateway().hub.home == gateway.hub.home


@in_loop
async def test_a_text_decided_before_a_crash_is_sent_after_it(home: Home) -> None:
    """Killed between the decision and the modem: the next process sends it, once, unmarked."""
    gateway = decided_at_seven(home)
    async with running(home) as again:
        await until(lambda: len(home.daughter.inbox) == 1)
        await until(lambda: again.hub.home.ledger.texts[1].state == "delivered")
    assert [t.body for t in home.daughter.inbox] == [gateway.hub.home.ledger.texts[1].body]


@in_loop
async def test_a_text_claimed_before_a_crash_is_marked(home: Home) -> None:
    """Killed while the modem had it: sent once more, and the daughter can see that."""
    gateway = decided_at_seven(home)
    assert gateway.hub.log.claim(at("19:00"), 60_000) is not None
    async with running(home):
        await until(lambda: len(home.daughter.inbox) == 1)
        await until(lambda: any(isinstance(f, TextSubmitted) for f in home.told))
    assert home.daughter.inbox[0].body.startswith("[안부 1 재]")
    assert [f.marked_repeat for f in home.told if isinstance(f, TextSubmitted)] == [True]


def test_an_answer_is_stored_with_what_follows(home: Home) -> None:
    """The text and its consequences are one transaction; the same text again changes nothing."""
    gateway = decided_at_seven(home)
    text = TextReceived(at("19:01"), DAUGHTER, "1", "k")
    gateway.hub.receive(text)
    before = len(home.told)
    gateway.hub.receive(text)
    assert len(home.told) == before
    assert [f.kind for f in home.told[-3:]] == [
        "text_received",
        "incident_acknowledged",
        "text_decided",
    ]


def test_what_is_not_committed_is_not_believed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: the radio hears of it and does not acknowledge, nothing is believed."""
    gateway = home.gateway()
    gateway.begin()

    def full(_facts: object) -> None:
        raise LogUnavailable("disk full")

    monkeypatch.setattr(gateway.hub.log, "append", full)
    with pytest.raises(OSError, match="disk full"):
        gateway.sink.commit(BOX, 7, [verdict(1, wire.BOOT, at("18:30"))])
    assert gateway.sink.last_known(BOX, 7) == 0


def test_repeated_states_are_not_all_kept(home: Home) -> None:
    """A linked box says twice a minute that nothing happened; the log keeps what matters."""
    gateway = home.gateway()
    gateway.begin()
    connected(gateway, at("18:20"))
    for second in range(30, 60 * 60, 30):  # from 18:30 to 19:30, over the window's end
        now_ms = at("18:30") + second * 1000
        home.clock.set(now_ms)
        gateway.sink.caught_up(BOX, state(gateway, now_ms, 0))
    kept = [f for f in home.told if isinstance(f, DeviceCaughtUp)]
    assert len(kept) < 20
    assert any(f.device_wall_ms == at("19:00") for f in kept)
    picture = gateway.desk.picture()
    assert picture["persons"][0]["devices"][0]["caught_up_ms"] == at("19:29:30")


def test_a_link_that_stays_down_is_told_once(home: Home) -> None:
    """The same reason again is no news; another one is."""
    gateway = home.gateway()
    gateway.begin()
    connected(gateway, at("18:20"))
    for why in ("lost", "lost", "no answer", "no answer"):
        gateway.sink.link_down(BOX, why)
    assert [f.kind for f in home.told].count("link_down") == 2


def test_the_desk_wakes_who_waits(home: Home) -> None:
    """A fact raises the version; without one the wait ends by its time."""
    gateway = home.gateway()
    gateway.begin()
    seen = gateway.desk.version
    assert gateway.desk.wait_change(seen, 0.01) == seen
    gateway.sink.link_up(BOX)
    assert gateway.desk.wait_change(seen, 5) > seen
    gateway.desk.close()
    began = time.monotonic()
    gateway.desk.wait_change(gateway.desk.version, 60)
    assert time.monotonic() - began < 30


@in_loop
async def test_a_full_disk_stops_no_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The modem is gone and the database takes nothing: the gateway goes on trying."""
    home = Home(tmp_path, HouseClock(at("12:00")))
    gateway = home.gateway()
    gateway.begin()

    def full(_facts: object) -> list[Event]:
        raise LogUnavailable("database or disk is full")

    monkeypatch.setattr(gateway, "begin", lambda: None)
    monkeypatch.setattr(gateway.hub.log, "append", full)
    work = asyncio.create_task(gateway.run())
    await asyncio.sleep(0.5)
    assert not work.done(), work
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
