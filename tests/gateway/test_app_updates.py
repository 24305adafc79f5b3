"""An update by the page: ordered as a fact, brought in stretches, answered; all else passes."""

from __future__ import annotations

import asyncio
from binascii import crc32
from pathlib import Path

import pytest

from anbu_wire import bundle as b
from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.app import orders as keepers
from gateway.app.orders import OrderKeeper
from gateway.app.updates import NO_IMAGE
from gateway.orders import Answer, Kind, Wish, WishRefused
from gateway.sources.radio import NotReached
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command
from gateway.sync.commands import UPDATES
from tests.gateway.home_facts import BOX, at
from tests.gateway.test_app import Home, HouseClock, in_loop, until
from tests.gateway.test_images import made
from tests.gateway.test_sync_sending import Device

IMAGE = made(5)
WISH = Wish(BOX, Kind.UPDATE, {"crc": crc32(IMAGE), "version": 5, "size_bytes": len(IMAGE)})


class Radio:
    """A box that takes updates; `order_at(n)`: what happens before its nth answer."""

    def __init__(self) -> None:
        self.box = Device(len(IMAGE))
        self.kinds: list[int] = []
        self.before: dict[int, Exception | Wish] = {}
        self.gateway: Gateway | None = None

    async def __call__(self, device_id: str, command: Command) -> DeviceAnswer:
        assert device_id == BOX
        await asyncio.sleep(0)
        happens = self.before.pop(len(self.kinds), None)
        self.kinds.append(command.kind)
        if isinstance(happens, Exception):
            raise happens
        if happens is not None and self.gateway is not None:
            ordered(self.gateway, happens)
        if command.kind not in UPDATES:
            return DeviceAnswer(wire.OK)
        if self.box.state == b.STAGED:  # it was started anew meanwhile
            self.box.running, self.box.state = 5, b.CONFIRMED
        return self.box.answer(command)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is tried again at once."""
    monkeypatch.setattr(keepers, "AFTER_TROUBLE_S", 0.01)


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    gateway = Home(tmp_path, HouseClock(at("12:00"))).gateway()
    gateway.begin()
    return gateway


def ordered(gateway: Gateway, wish: Wish) -> None:
    gateway.hub.record(*gateway.hub.home.order(wish, at("12:00")))


async def work(gateway: Gateway, radio: Radio, image: bytes | None = IMAGE) -> OrderKeeper:
    """Until nothing waits any more."""
    keeper = OrderKeeper(gateway.hub, radio, lambda crc: image if crc == crc32(IMAGE) else None)
    radio.gateway = gateway
    working = asyncio.create_task(keeper.run())
    try:
        await until(lambda: not gateway.hub.home.book.waiting)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    return keeper


def answers(gateway: Gateway) -> list[tuple[str, str, str]]:
    orders = gateway.hub.home.book.orders.values()
    return [(str(o.kind), str(o.answer), o.why) for o in orders]


@in_loop
async def test_an_update_is_brought_and_confirmed(gateway: Gateway) -> None:
    """Every byte arrives once, in order; the order is done when the new version runs."""
    ordered(gateway, WISH)
    radio = Radio()
    keeper = await work(gateway, radio)
    assert bytes(radio.box.got) == IMAGE
    assert answers(gateway) == [("update", "done", "")]
    assert keeper.updates.progress() == {}


@in_loop
async def test_every_other_order_passes_an_update(gateway: Gateway) -> None:
    """Who looks for the box while it is updated does not wait for the end; the update goes on."""
    ordered(gateway, WISH)
    radio = Radio()
    radio.before = {2: Wish(BOX, Kind.LOCATE)}
    await work(gateway, radio)
    assert radio.kinds.index(wire.LOCATE) == 3
    assert bytes(radio.box.got) == IMAGE
    assert answers(gateway) == [("update", "done", ""), ("locate", "done", "")]


@in_loop
async def test_a_link_that_breaks_costs_nothing_that_is_there(gateway: Gateway) -> None:
    """It is asked how far it has come, and goes on from there."""
    ordered(gateway, WISH)
    radio = Radio()
    radio.before = {2: NotReached("gone"), 4: NotReached("gone")}
    await work(gateway, radio)
    assert bytes(radio.box.got) == IMAGE
    assert radio.kinds.count(wire.UPDATE_BEGIN) >= 3
    assert answers(gateway)[0][1] == Answer.DONE


@in_loop
async def test_what_the_box_says_is_told(gateway: Gateway) -> None:
    """Never as it is: refused with its code. Not now: it is tried again, nothing is told."""
    ordered(gateway, WISH)
    radio = Radio()
    radio.box.moods = [(1, b.NEAR_DOSE), (3, b.WRONG_BOARD)]
    await work(gateway, radio)
    assert answers(gateway) == [("update", "refused", "wrong_board")]


@in_loop
async def test_an_image_that_is_gone_is_said(gateway: Gateway) -> None:
    """Nobody waits a day for a file that was thrown away, or that is none."""
    ordered(gateway, WISH)
    await work(gateway, Radio(), None)
    ordered(gateway, WISH)
    await work(gateway, Radio(), b"AnbU but nothing else")
    assert answers(gateway) == 2 * [("update", "refused", NO_IMAGE)]


def test_one_update_at_a_time(gateway: Gateway) -> None:
    """The same twice is once; another one has to wait until the first is over."""
    ordered(gateway, WISH)
    ordered(gateway, WISH)
    assert len(gateway.hub.home.book.waiting) == 1
    with pytest.raises(WishRefused, match="updating"):
        ordered(gateway, Wish(BOX, Kind.UPDATE, {**WISH.arguments, "crc": 7}))
    with pytest.raises(WishRefused, match="image"):
        ordered(gateway, Wish(BOX, Kind.UPDATE, {"crc": 1}))
