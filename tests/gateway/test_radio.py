"""The radio source's manners, over a fake bleak: when it scans, connects, waits, what it tells.

Knows: RadioSource and its sink. May not know: Bumble, BlueZ, MicroPython.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable

import pytest

from anbu_wire import gatt
from anbu_wire import messages as m
from gateway.sources.conversation import RadioTimes
from gateway.sources.radio import BlueZ, RadioSource, load_backend
from gateway.sync import Expected
from tests.gateway.radio_fake import FakeAir, FakeDevice

KEY = bytes(range(16))
ADDRESSES = ["02:00:00:00:00:01", "02:00:00:00:00:02"]
PATIENCE_S = 20.0
TIMES = RadioTimes(pause_s=0.05, backoff_max_s=1.0, poll_s=0.5, answer_s=1.0)


class Sink:
    """Remembers everything; `commit_fails` times the database is out of order."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.seqs: dict[str, list[int]] = {}
        self.commit_fails = 0
        self.schedule: tuple[int, bytes] | None = None
        self.wanted = Expected()

    def last_known(self, device_id: str, epoch: int) -> int:
        return self.seqs.get(device_id, [0])[-1]

    def commit(self, device_id: str, epoch: int, records: list[m.Record]) -> None:
        if self.commit_fails:
            self.commit_fails -= 1
            raise RuntimeError("disk full")
        self.seqs.setdefault(device_id, []).extend(record.seq for record in records)

    def caught_up(self, device_id: str, state: dict[str, int]) -> None:
        self.said.append(f"caught up {device_id} {state['newest_seq']}")

    def link_up(self, device_id: str) -> None:
        self.said.append(f"up {device_id}")

    def link_down(self, device_id: str, why: str) -> None:
        self.said.append(f"down {device_id} {why}")

    def rests(self, device_id: str, seconds: int) -> None:
        self.said.append(f"rests {device_id} {seconds}")

    def expected(self, device_id: str) -> Expected:
        return self.wanted

    def schedule_to_send(self, device_id: str) -> tuple[int, bytes] | None:
        return self.schedule

    def schedule_on_box(self, device_id: str, version: int, crc: int) -> None:
        self.said.append(f"schedule {version}")

    def clock_set(self, device_id: str) -> None:
        self.said.append(f"clock set {device_id}")

    def time_fields(self) -> tuple[int, int, int, int, int]:
        return (int(time.time()) - m.EPOCH_2000_UNIX_S, 0, 540, 0, 0)

    def trouble(self, part: str, why: str) -> None:
        self.said.append(f"trouble {part} {why}")

    async def until(self, what: Callable[[], bool]) -> None:
        """Wait for it; a test that waits in vain fails with what was said."""
        end = time.monotonic() + PATIENCE_S
        while not what():
            assert time.monotonic() < end, self.said
            await asyncio.sleep(0.01)

    def count(self, beginning: str) -> int:
        return sum(said.startswith(beginning) for said in self.said)


@contextlib.asynccontextmanager
async def _source(
    air: FakeAir, sink: Sink, times: RadioTimes = TIMES
) -> AsyncIterator[RadioSource]:
    keys = {f"box-{number}": KEY for number in (1, 2)}
    keys = {name: key for name, key in keys.items() if name in _ids(air)} or keys
    source = RadioSource(keys, air, sink, times=times, chance=random.Random(1))
    task = asyncio.create_task(source.run())
    try:
        yield source
        assert not task.done(), "run() ended by itself"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _ids(air: FakeAir) -> set[str]:
    return {device.device_id for device in air.devices.values()}


def _box(number: int, records: int = 0, key: bytes = KEY) -> FakeDevice:
    return FakeDevice(f"box-{number}", key, ADDRESSES[number - 1], records)


def test_never_connects_while_scanning_and_links_two_devices() -> None:
    """The scan stops while a connection is made; both devices are synced at the same time."""

    async def story() -> None:
        air, sink = FakeAir(_box(1, 20), _box(2, 3)), Sink()
        async with _source(air, sink):
            await sink.until(lambda: sink.seqs == {"box-1": [*range(1, 21)], "box-2": [1, 2, 3]})
            await sink.until(lambda: sink.count("caught up") >= 2)
        scanning = False
        for call in air.calls:
            scanning = call == "scan" if "scan" in call else scanning
            assert not (scanning and call.startswith("connect")), air.calls
        assert air.calls.count("scan") <= 2, "a third scan although everybody is linked"
        assert air.calls[-1] == "close"

    asyncio.run(story())


def test_polls_keep_caught_up_fresh() -> None:
    """While nothing happens the state is asked again and again, so that silence is knowledge."""

    async def story() -> None:
        sink = Sink()
        async with _source(FakeAir(_box(1)), sink):
            await sink.until(lambda: sink.count("caught up box-1 0") >= 3)
        assert sink.count("up") == 1

    asyncio.run(story())


def test_nothing_is_acknowledged_that_was_not_committed() -> None:
    """A commit that fails ends the link; the records come again, only then acknowledged."""

    async def story() -> None:
        box, sink = _box(1, 5), Sink()
        sink.commit_fails = 1
        async with _source(FakeAir(box), sink):
            await sink.until(lambda: sink.count("down") == 1)
            assert "disk full" in sink.said[-1]
            assert box.acknowledged == []
            await sink.until(lambda: box.acknowledged == [5])
        assert sink.seqs["box-1"] == [1, 2, 3, 4, 5]

    asyncio.run(story())


def test_pauses_before_it_connects_again() -> None:
    """After a link's end at least the pause passes before the next attempt."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        air = FakeAir(box)
        times = RadioTimes(pause_s=0.6, poll_s=5, answer_s=5)
        async with _source(air, sink, times):
            await sink.until(lambda: sink.count("up") == 1)
            ended = time.monotonic()
            box.vanish()
            await sink.until(lambda: sum(c.startswith("connect") for c in air.calls) == 2)
            assert time.monotonic() - ended >= 0.6
        assert sink.said.count("down box-1 the link was lost") == 1

    asyncio.run(story())


def test_backs_off_from_a_device_that_refuses() -> None:
    """Every failure waits longer than the one before, up to the longest; success forgets."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        box.refuses = True
        air = FakeAir(box)
        times = RadioTimes(pause_s=0.01, backoff_max_s=60, poll_s=5, answer_s=5)
        async with _source(air, sink, times) as source:
            await sink.until(lambda: source._manners.failures(box.address) == 2)
            peer = source._manners._peers[box.address]
            assert peer.not_before_ms - source._now_ms() > 1500
            peer.not_before_ms = 0
            box.refuses = False
            await sink.until(lambda: sink.count("up") == 1)
            box.vanish()
            await sink.until(lambda: sink.count("down") == 1)
            assert not source._manners.failures(box.address)

    asyncio.run(story())


def test_adapter_that_does_not_open_is_tried_again_and_told_once() -> None:
    """No adapter: a technical fact, once; the radio works as soon as it is there."""

    async def story() -> None:
        air, sink = FakeAir(_box(1)), Sink()
        air.open_fails = 2
        async with _source(air, sink):
            await sink.until(lambda: sink.count("up") == 1)
        assert sink.count("trouble radio adapter: no such adapter") == 1

    asyncio.run(story())


def test_a_scan_that_fails_costs_no_link() -> None:
    """While a link stands the scan alone is tried again: nobody is cut off for it."""

    async def story() -> None:
        air, sink = FakeAir(_box(1), _box(2)), Sink()
        second = air.devices.pop(ADDRESSES[1])
        keys = {"box-1": KEY, "box-2": KEY}
        source = RadioSource(keys, air, sink, times=TIMES, chance=random.Random(1))
        task = asyncio.create_task(source.run())
        await sink.until(lambda: sink.count("caught up box-1") > 0)
        air.scan_fails = 2
        source.schedule_changed("box-2")
        await source._adapter.stop_scan()
        source._changed.set()
        await sink.until(lambda: sink.count("trouble radio adapter: scan in progress") == 1)
        air.devices[ADDRESSES[1]] = second
        await sink.until(lambda: sink.count("caught up box-2") > 0)
        assert sink.count("down") == 0
        assert air.calls.count("open") == 1
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())


def test_a_link_made_in_vain_is_not_left_behind() -> None:
    """Cancelled in the middle of a connection: the link that was made is ended."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        air = FakeAir(box)
        hello = asyncio.Event()

        async def never(*_args: object, **_kwargs: object) -> bytearray:
            hello.set()
            await asyncio.sleep(3600)
            return bytearray()

        air.client_class.read_gatt_char = never  # type: ignore[method-assign]  # it hangs
        task = asyncio.create_task(RadioSource({"box-1": KEY}, air, sink, times=TIMES).run())
        await hello.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert air.calls[-2:] == [f"end {ADDRESSES[0]}", "close"]

    asyncio.run(story())


def test_silence_climbs_the_ladder() -> None:
    """Nobody heard: the scan begins anew, the adapter is helped twice, then it is said, once."""

    async def story() -> None:
        air, sink = FakeAir(), Sink()
        times = RadioTimes(pause_s=0.01, silence_s=0.2)
        async with _source(air, sink, times):
            await sink.until(lambda: sink.count("trouble air no device heard") == 1)
            assert air.calls.count("open") == 3
            again = air.calls.index("open", 1)
            assert air.calls[:again].count("scan") == 2
            air.devices[ADDRESSES[0]] = _box(1)
            await sink.until(lambda: sink.count("up") == 1)
        assert sink.count("trouble") == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("hello", "told"),
    [
        (b"nonsense\xff", "trouble air 02:00:00:00:00:01: hello"),
        (gatt.encode_hello(1, 1, 1, "neighbour"), "trouble air 02:00:00:00:00:01: device neigh"),
        (gatt.encode_hello(9, 1, 1, "box-1"), "down box-1 the device speaks protocol version 9"),
    ],
)
def test_other_devices_are_told_once(hello: bytes, told: str) -> None:
    """Strangers and other protocol versions are told once, in words a technician understands."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        box.hello = hello
        air = FakeAir(box)
        async with _source(air, sink):
            await sink.until(lambda: sink.count(told) == 1)
            await asyncio.sleep(0.3)
        assert len(sink.said) == 1
        assert sum(call.startswith("connect") for call in air.calls) == 1, "it was pestered"

    asyncio.run(story())


def test_garbage_from_the_device_ends_its_session_only() -> None:
    """A device that breaks the protocol is disconnected with the reason and may come again."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        async with _source(FakeAir(box), sink):
            await sink.until(lambda: sink.count("caught up") > 0)
            assert box.client
            box.client.say(b"\x04" + bytes(40))
            await sink.until(lambda: sink.count("down box-1 the device broke the protocol") == 1)
            await sink.until(lambda: sink.count("up") == 2)

    asyncio.run(story())


def test_a_lost_push_is_noticed_by_the_next_frame() -> None:
    """Frames are counted: any later frame shows that one was lost, long before the next poll."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        async with _source(FakeAir(box), sink, RadioTimes(poll_s=600)):
            await sink.until(lambda: sink.count("caught up") > 0)
            assert box.client
            box.blobs.append(box._record(1))
            box.client.seal_and_lose(box.link.push(box.blobs[0]))
            box.client.say(box.client._session.seal(m.encode(m.STATUS, 999, m.READ_STATE, m.OK)))
            await sink.until(lambda: box.acknowledged == [1])
        assert sink.seqs["box-1"] == [1]

    asyncio.run(story())


def test_a_rest_is_told_as_one_and_the_link_is_hung_up() -> None:
    """RESTING: the gateway ends the link itself, tells no loss, connects again when it is heard."""

    async def story() -> None:
        box, sink = _box(1), Sink()
        air = FakeAir(box)
        async with _source(air, sink, RadioTimes(pause_s=0.01, poll_s=600)):
            await sink.until(lambda: sink.count("caught up") > 0)
            assert box.client
            del air.devices[ADDRESSES[0]]
            box.client.say(box.client._session.seal(m.encode(m.RESTING, 0, 7200)))
            await sink.until(lambda: sink.count("rests box-1 7200") == 1)
            await sink.until(lambda: f"end {ADDRESSES[0]}" in air.calls)
            air.devices[ADDRESSES[0]] = box
            await sink.until(lambda: sink.count("up") == 2)
        assert sink.count("down") == 0

    asyncio.run(story())


def test_refused_schedule_is_told_and_records_go_on() -> None:
    """A box that cannot store a schedule is a technician's matter; its records still come."""

    async def story() -> None:
        box, sink = _box(1, 2), Sink()
        sink.schedule = (4, bytes(16))
        async with _source(FakeAir(box), sink):
            await sink.until(lambda: sink.count("trouble box-1 the device refused") == 1)
            await sink.until(lambda: sink.seqs.get("box-1") == [1, 2])
        assert sink.count("schedule") == 0

    asyncio.run(story())


def test_backends_by_name() -> None:
    """BlueZ is built in, a module is taken where it is whole, anything else is refused."""
    assert isinstance(load_backend("bluez"), BlueZ)
    assert load_backend("tools.home.bleak_backend").client_class is not None
    with pytest.raises(ImportError, match="scanner_class"):
        load_backend("json")
    with pytest.raises(ImportError):
        load_backend("no.such.module")
