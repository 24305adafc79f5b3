"""Orders through the whole gateway: committed for the page, carried out once, answered."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.app.orders import OrderKeeper
from gateway.desk import DeskClosed
from gateway.events import DeviceOrdered, OrderAnswered
from gateway.log import LogUnavailable
from gateway.orders import Answer, Wish, WishRefused
from gateway.sources.radio import NotReached
from gateway.sync import Answer as DeviceAnswer
from gateway.sync import Command
from tests.gateway.home_facts import BOX, at, record
from tests.gateway.test_app import Home, HouseClock, connected, in_loop, running, until

DONE = DeviceAnswer(wire.OK)


class Radio:
    """A radio that notes what it was asked, and answers or fails by a plan."""

    def __init__(
        self, *answers: DeviceAnswer | Exception, then: DeviceAnswer | Exception = DONE
    ) -> None:
        """The answers in their order; `then`: all after them."""
        self.asked: list[tuple[int, tuple[int, ...]]] = []
        self._answers, self._then = list(answers), then

    async def __call__(self, device_id: str, command: Command) -> DeviceAnswer:
        assert device_id == BOX
        self.asked.append((command.kind, command.values))
        answer = self._answers.pop(0) if self._answers else self._then
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, HouseClock(at("12:00")))


def begun(home: Home, radio: Radio) -> tuple[Gateway, OrderKeeper]:
    """A gateway with its log, and a keeper made as at its start, on this radio."""
    gateway = home.gateway()
    gateway.begin()
    return gateway, OrderKeeper(gateway.hub, radio)


def ordered(gateway: Gateway, kind: str, **arguments: int) -> None:
    """An order as the page gives one."""
    gateway.hub.record(*gateway.hub.home.order(Wish(BOX, kind, arguments), at("12:00")))


async def work(keeper: OrderKeeper, gateway: Gateway) -> None:
    """Until nothing waits any more."""
    working = asyncio.create_task(keeper.run())
    try:
        await until(lambda: not gateway.hub.home.book.waiting)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


@in_loop
async def test_the_page_orders_and_the_box_does_it(home: Home) -> None:
    """A wish from another thread is committed when it returns, carried out once, and answered."""
    radio = Radio()
    async with running(home) as gateway:
        connected(gateway, at("12:00"))
        gateway.orders._command = radio
        await until(lambda: gateway.threads._loop)
        await asyncio.to_thread(gateway.desk.order, Wish(BOX, "locate"))
        assert any(isinstance(f, DeviceOrdered) for f in home.told)
        await until(lambda: any(isinstance(f, OrderAnswered) for f in home.told))
        assert radio.asked == [(wire.LOCATE, (60,))]
        shown = gateway.desk.picture()["orders"][0]
        assert (shown["order"], shown["answer"]) == ("locate", "done")
        with pytest.raises(WishRefused, match="device"):
            await asyncio.to_thread(gateway.desk.order, Wish("nobody", "locate"))


def test_a_gateway_that_does_not_run_takes_no_wish(home: Home) -> None:
    """The page says "just now not" instead of losing it."""
    gateway, _keeper = begun(home, Radio())
    with pytest.raises(DeskClosed):
        gateway.desk.order(Wish(BOX, "locate"))


@in_loop
async def test_a_log_that_cannot_be_written_takes_no_wish(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is ordered that is not committed."""

    def full(*_facts: object) -> list[object]:
        raise LogUnavailable("the disk is full")

    async with running(home) as gateway:
        await until(lambda: gateway.threads._loop)
        monkeypatch.setattr(gateway.hub, "record", full)
        with pytest.raises(DeskClosed):
            await asyncio.to_thread(gateway.desk.order, Wish(BOX, "locate"))


@in_loop
async def test_a_refusal_is_named(home: Home) -> None:
    """What the box does not do is told by its reason; the next order comes all the same."""
    radio = Radio(DeviceAnswer(wire.REFUSED_STATE))
    gateway, keeper = begun(home, radio)
    ordered(gateway, "refill")
    ordered(gateway, "at_home")
    await work(keeper, gateway)
    first, second = gateway.hub.home.book.orders.values()
    assert (first.answer, first.why) == (Answer.REFUSED, "state")
    assert (second.answer, second.why) == (Answer.DONE, "")
    assert [kind for kind, _ in radio.asked] == [wire.REFILL, wire.AWAY]


@in_loop
async def test_a_box_out_of_reach_is_tried_until_it_is_too_late(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again and again; a question that comes ten minutes late is not put any more."""
    monkeypatch.setattr("gateway.app.orders.AFTER_TROUBLE_S", 0.0)
    radio = Radio(then=NotReached("no answer"))
    gateway, keeper = begun(home, radio)
    ordered(gateway, "ask")
    working = asyncio.create_task(keeper.run())
    await until(lambda: len(radio.asked) >= 3)
    home.clock.set(at("12:10"))
    await until(lambda: not gateway.hub.home.book.waiting)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    order = gateway.hub.home.book.orders[1]
    assert (order.answer, order.why) == (Answer.EXPIRED, "not_reached")


@in_loop
async def test_a_refill_is_begun_once_though_the_gateway_stopped(home: Home) -> None:
    """Done, but not written down: the box shows that it goes on, so it is not begun anew."""
    gateway, _first = begun(home, Radio())
    ordered(gateway, "refill")
    mask = gateway.hub.home.book.orders[1].arguments["compartments"]
    gateway.hub.log.close()
    going_on = DeviceAnswer(wire.OK, {"refilling": wire.REFILL_FILL, "filling": mask & (mask - 1)})
    radio = Radio(going_on)
    again, keeper = begun(home, radio)
    await work(keeper, again)
    assert radio.asked == [(wire.READ_PARAMETERS, ())]
    assert again.hub.home.book.orders[1].answer is Answer.DONE


@in_loop
async def test_a_refill_that_never_reached_the_box_is_begun_after_the_start(home: Home) -> None:
    """Not done and not written down: after the start it is done."""
    gateway, _first = begun(home, Radio())
    ordered(gateway, "refill")
    gateway.hub.log.close()
    radio = Radio(DeviceAnswer(wire.OK, {"refilling": 0, "filling": 0}))
    again, keeper = begun(home, radio)
    await work(keeper, again)
    assert [kind for kind, _ in radio.asked] == [wire.READ_PARAMETERS, wire.REFILL]


@in_loop
async def test_a_question_is_put_once_though_its_answer_was_lost(home: Home) -> None:
    """The link broke after the box had asked: its record says so, and it is not asked again."""
    gateway, _first = begun(home, Radio())
    ordered(gateway, "ask")
    gateway.hub.record(record(1, wire.ASKED, at("12:00:02"), value=1))
    gateway.hub.log.close()
    radio = Radio()
    again, keeper = begun(home, radio)
    await work(keeper, again)
    assert radio.asked == []
    assert again.hub.home.book.orders[1].answer is Answer.DONE


@in_loop
async def test_help_that_is_coming_reaches_the_box_by_itself(home: Home) -> None:
    """HELP pressed, the daughter's 1 comes in: the box is told without anybody at the page."""
    radio = Radio()
    async with running(home) as gateway:
        connected(gateway, at("12:00"))
        gateway.orders._command = radio
        await until(lambda: gateway.modem.why is None)
        pressed = wire.Record(
            1, 1, 1000, 0, 1, wire.SYNCED, wire.HELP_PRESSED, wire.NO_COMPARTMENT, (0, 0), 1, 0
        )
        gateway.sink.commit(BOX, 7, [pressed])
        await until(lambda: home.daughter.inbox)
        home.daughter.send("1")
        await until(lambda: (wire.HELP_STATE, (wire.HELP_COMING,)) in radio.asked)
        await until(lambda: not gateway.hub.home.book.waiting)
        assert radio.asked == [(wire.HELP_STATE, (wire.HELP_COMING,))]
