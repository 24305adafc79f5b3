"""Care plugs over the radio source: beside a box, several at once, heard by their broadcasts.

Knows: RadioSource over a fake bleak. May not know: Bumble, the firmware.
"""

from __future__ import annotations

import asyncio
import functools
import random

from anbu_wire import gatt, metering, settings
from anbu_wire import messages as m
from gateway.sources.radio import Broadcasts, RadioSource
from gateway.sources.radio.manners import Limits
from gateway.sync import Expected, commands
from gateway.sync.kinds import plug_at
from tests.gateway.radio_fake import FakeAir, FakeDevice, FakePlug
from tests.gateway.test_broadcasts import Ear, said
from tests.gateway.test_radio import ADDRESSES, KEY, TIMES, Sink

SEOUL = plug_at(37.57, 126.98)


class Home(Sink):
    """A sink of a home with a box and plugs."""

    def expected(self, device_id: str) -> Expected:
        return SEOUL if device_id.startswith("plug") else Expected()

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        return self.schedule


def _plug(number: int, records: int = 0) -> FakePlug:
    return FakePlug(f"plug-{number}", KEY, f"02:00:00:00:00:1{number}", records)


async def _with(source: RadioSource, story: asyncio.Future[None] | asyncio.Task[None]) -> None:
    task = asyncio.create_task(source.run())
    try:
        await story
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _twice(sink: Sink, name: str) -> bool:
    return sink.count(f"up {name}") >= 2


def _source(air: FakeAir, sink: Sink, limits: Limits | None = None) -> RadioSource:
    keys = {device.device_id: device.key for device in air.devices.values()}
    return RadioSource(keys, air, sink, times=TIMES, limits=limits, chance=random.Random(1))


def test_a_plug_and_a_box_at_once() -> None:
    """Both logs arrive; the plug gets its place and no schedule, the box no parameters."""

    async def story() -> None:
        box, plug = FakeDevice("box-1", KEY, ADDRESSES[0], 5), _plug(1, 20)
        air, sink = FakeAir(box, plug), Home()
        sink.schedule = (1, b"\x02\x00" + bytes(10))

        async def all_is_here() -> None:
            await sink.until(
                lambda: sink.seqs == {"box-1": [*range(1, 6)], "plug-1": [*range(1, 21)]}
            )
            await sink.until(lambda: sink.count("caught up plug-1 20") > 0)
            await sink.until(lambda: plug.acknowledged == [20])

        await _with(_source(air, sink), asyncio.create_task(all_is_here()))
        assert plug.values[settings.LATITUDE_DEG] == 128
        assert plug.values[settings.SOLAR_NOON_MIN] == 212
        assert plug.asked == ["latitude_deg", "solar_noon_min"]
        assert not [line for line in sink.said if line.startswith(("trouble plug", "down"))]

    asyncio.run(story())


def test_what_the_meter_says_now() -> None:
    """READ_METER's fields by name; a box is not asked for them."""

    async def story() -> None:
        box, plug = FakeDevice("box-1", KEY, ADDRESSES[0]), _plug(1)
        source = _source(FakeAir(box, plug), Home())

        async def ask() -> None:
            answer = await source.command("plug-1", commands.READ_METER, 20)
            assert answer.ok
            assert answer.fields["voltage_mv"] == answer.fields["raw_voltage_mv"] == 231_000
            assert answer.fields["flags"] & metering.HAS_METER
            assert (
                await source.command("box-1", commands.READ_METER, 20)
            ).code == m.REFUSED_UNKNOWN
            refused = await source.command("plug-1", commands.ask(1, 60), 20)
            assert refused.code == m.REFUSED_UNKNOWN

        await _with(source, asyncio.create_task(ask()))

    asyncio.run(story())


def test_another_kind_than_configured_is_told_and_not_synced() -> None:
    """A plug in a box's place gets no schedule and loses no record: a person corrects the file."""

    async def story() -> None:
        plug, sink = FakePlug("box-1", KEY, ADDRESSES[0], 3), Home()

        async def told() -> None:
            await sink.until(lambda: sink.count("down box-1 the device says it is a care plug") > 0)

        await _with(_source(FakeAir(plug), sink), asyncio.create_task(told()))
        assert sink.seqs == {}
        assert plug.acknowledged == []

    asyncio.run(story())


def test_parameters_that_are_not_taken_are_told() -> None:
    """A plug whose flash is broken says so; its log is synced all the same."""

    async def story() -> None:
        plug, sink = _plug(1, 3), Home()
        plug.store_code = m.REFUSED_STORAGE

        async def told() -> None:
            await sink.until(lambda: sink.seqs == {"plug-1": [1, 2, 3]})
            await sink.until(lambda: sink.count("trouble plug-1") == 2)

        await _with(_source(FakeAir(plug), sink), asyncio.create_task(told()))

    asyncio.run(story())


def test_more_plugs_than_links_take_turns() -> None:
    """Five devices at an adapter that holds two: each is served again and again."""

    async def story() -> None:
        plugs = [_plug(n, 4) for n in range(1, 5)]
        air, sink = FakeAir(FakeDevice("box-1", KEY, ADDRESSES[0], 4), *plugs), Home()
        limits = Limits(links=2, pause_ms=50, backoff_max_ms=1000, turn_ms=100)

        async def all_twice() -> None:
            for name in ("box-1", *(plug.device_id for plug in plugs)):
                await sink.until(functools.partial(_twice, sink, name))

        await _with(_source(air, sink, limits), asyncio.create_task(all_twice()))
        assert {name: seqs for name, seqs in sink.seqs.items() if seqs != [1, 2, 3, 4]} == {}
        held = most = 0
        for call in air.calls:
            held += call.startswith("connect") - call.startswith("end")
            most = max(most, held)
        assert most == 2

    asyncio.run(story())


def test_a_plug_is_heard_though_it_cannot_be_linked() -> None:
    """Broadcasts need no link; the address that only broadcasts is never connected to."""

    async def story() -> None:
        plug, sink, ear = _plug(1), Home(), Ear()
        plug.refuses = True
        plug.broadcast = said(3, mac=bytes.fromhex(plug.address.replace(":", "")))
        thermometer = FakePlug("thermometer", KEY[::-1], "02:00:00:00:00:99")
        thermometer.broadcast, thermometer.only_broadcasts = plug.broadcast, True
        air = FakeAir(plug, thermometer)
        source = RadioSource(
            {"plug-1": KEY}, air, sink, times=TIMES, broadcasts=Broadcasts({"plug-1": KEY}, ear)
        )

        async def heard() -> None:
            await sink.until(lambda: len(ear.heard) == 1)
            plug.broadcast = said(4, mac=bytes.fromhex(plug.address.replace(":", "")))
            await sink.until(lambda: len(ear.heard) == 2)

        await _with(source, asyncio.create_task(heard()))
        assert ear.heard == [("plug-1", 3), ("plug-1", 4)]
        assert sink.count("up") == 0
        assert {call for call in air.calls if "connect" in call} == {f"connect {plug.address}"}

    asyncio.run(story())


def test_without_a_key_only_the_service_is_scanned_for() -> None:
    """A home without broadcasts does not listen to the whole house."""
    air = FakeAir(_plug(1))
    filters: list[list[str] | None] = []

    class Scanner(air.scanner_class):  # type: ignore[name-defined, misc]  # made for this air
        def __init__(self, callback: object, uuids: list[str] | None, *rest: object, **k: object):  # noqa: ANN204
            filters.append(uuids)
            super().__init__(callback, uuids, *rest, **k)

    air.scanner_class = Scanner  # type: ignore[assignment]  # as above

    async def story(broadcasts: Broadcasts | None) -> None:
        sink = Home()
        source = RadioSource({"plug-1": KEY}, air, sink, times=TIMES, broadcasts=broadcasts)
        linked = asyncio.create_task(sink.until(lambda: sink.count("up") == 1))
        await _with(source, linked)

    asyncio.run(story(None))
    asyncio.run(story(Broadcasts({}, Ear())))
    assert filters == [[gatt.SERVICE_UUID]] * 2
    asyncio.run(story(Broadcasts({"plug-1": KEY}, Ear())))
    assert filters[2] is None
