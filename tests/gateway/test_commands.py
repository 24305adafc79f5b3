"""Commands from the gateway to the device and back: Sync and DeviceLink, then the whole radio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from anbu_wire import messages as m
from anbu_wire import settings
from anbu_wire.errors import RemoteProtocolError
from gateway.sources.radio import NotReached
from gateway.sync import Answer, Command, commands
from tests.gateway.radio_fake import FakeAir, FakeDevice
from tests.gateway.sync_home import Box, Home
from tests.gateway.test_radio import ADDRESSES, KEY, Sink, _source


class Able(Box):
    """A box that can be located, set and looked at; `forgets` = says OK and keeps nothing."""

    def __init__(self, newest: int = 0) -> None:
        super().__init__(newest)
        self.kept = dict.fromkeys(settings.PARAMETERS, 0)
        self.forgets = False
        self.located: list[int] = []
        self.told: list[tuple[str | int, ...]] = []

    def locate(self, seconds: int) -> int:
        self.located.append(seconds)
        return m.OK

    def _keep(self, **values: int) -> int:
        if not self.forgets:
            numbers = {row[0]: i for i, row in settings.PARAMETERS.items()}
            self.kept.update({numbers[name]: value for name, value in values.items()})
        return m.OK

    def refill(self, mode: int, compartments: int) -> int:
        return self._keep(refilling=mode, filling=compartments)

    def ask(self, question: int, seconds: int) -> int:
        self.told.append(("ask", question, seconds))
        return m.OK

    def close_slot(self, day: int, index: int, verdict: int) -> int:
        self.told.append(("close_slot", day, index, verdict))
        return m.OK

    def help_state(self, state: int) -> int:
        self.told.append(("help_state", state))
        return m.OK

    def away(self, from_wall_s: int, until_wall_s: int) -> int:
        return self._keep(away_from_s=from_wall_s, away_until_s=until_wall_s)

    def set_parameter(self, parameter: int, value: int) -> int:
        return self._keep(**{settings.PARAMETERS[parameter][0]: value})

    def parameters(self) -> list[tuple[int, int]]:
        return [*self.kept.items(), (250, 1)]

    def vitals(self) -> tuple[int, ...]:
        return (60, 100_000, 3, 1, 4100, -8, 0, 12)


KEPT = (
    commands.refill(m.REFILL_FILL, 0b1010),
    *commands.quiet_hours(22 * 60, 7 * 60),
    commands.away(100, 200),
    commands.set_parameter(settings.LOUDNESS, 2),
)


def _done(home: Home, command: Command) -> Answer:
    home.run(home.sync.command(7, command))
    (_, token, answer) = home.told("answered")[-1]
    assert token == 7
    assert isinstance(answer, Answer)
    return answer


def test_a_command_is_answered() -> None:
    """Located once; the answer carries its token."""
    home = Home(Able())
    home.run(home.sync.start())
    assert _done(home, commands.locate(20)).ok
    assert home.box.located == [20] if isinstance(home.box, Able) else False


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (commands.ask(7, 300), ("ask", 7, 300)),
        (commands.close_slot(9557, 2, m.WORD_NOT_TAKEN), ("close_slot", 9557, 2, 1)),
        (commands.help_state(m.HELP_COMING), ("help_state", 1)),
    ],
)
def test_what_shows_in_records_is_not_read_back(
    command: Command, told: tuple[str | int, ...]
) -> None:
    """A question, a word about a slot, the state of a call: said once, done when it says OK."""
    box = Able()
    home = Home(box)
    home.run(home.sync.start())
    assert _done(home, command).ok
    assert box.told == [told]
    assert home.kinds()[-1] == command.kind


def test_a_refill_without_its_compartments_is_no_refill() -> None:
    """The device shows the mode, but other compartments than were asked for: not done."""

    class Unguided(Able):
        def refill(self, mode: int, compartments: int) -> int:
            return super().refill(mode, compartments >> 1)

    home = Home(Unguided())
    home.run(home.sync.start())
    assert _done(home, commands.refill(m.REFILL_FILL, 6)).code == m.REFUSED_STORAGE


def test_the_end_of_a_refill_is_read_back() -> None:
    """Filling goes on in a box that still shows it."""
    box = Able()
    home = Home(box)
    home.run(home.sync.start())
    assert _done(home, commands.refill(m.REFILL_TAKE_OUT, 5)).ok
    box.forgets = True
    assert _done(home, commands.refill(m.REFILL_END)).code == m.REFUSED_STORAGE


def test_vitals_and_parameters_are_read_by_name() -> None:
    """Fields by name; a parameter this gateway does not know is left out."""
    home = Home(Able())
    home.run(home.sync.start())
    vitals = _done(home, commands.READ_VITALS).fields
    assert vitals["battery_mv"] == 4100
    assert vitals["temperature_c_quarters"] == -8
    names = {row[0] for row in settings.PARAMETERS.values()}
    assert _done(home, commands.READ_PARAMETERS).fields.keys() == names


@pytest.mark.parametrize("command", KEPT)
def test_what_is_kept_is_read_back(command: Command) -> None:
    """Done counts only when the device shows it; a device that forgets is found out."""
    box = Able()
    home = Home(box)
    home.run(home.sync.start())
    assert _done(home, command).ok
    assert all(box.kept[i] == value for i, value in command.shows)
    assert home.kinds()[-2:] == [command.kind, m.READ_PARAMETERS]
    forgetful = Home(Able())
    forgetful.run(forgetful.sync.start())
    forgetful.box.forgets = True  # type: ignore[attr-defined]  # an Able
    assert _done(forgetful, command).code == m.REFUSED_STORAGE


@pytest.mark.parametrize("command", [*KEPT, commands.locate(5), commands.READ_VITALS])
def test_an_older_device_refuses_and_goes_on(command: Command) -> None:
    """REFUSED_UNKNOWN is an answer, not the end; nothing is read back."""
    home = Home(Box(newest=3))
    home.run(home.sync.start())
    assert _done(home, command).code == m.REFUSED_UNKNOWN
    home.push(2)
    assert home.seqs == [1, 2, 3, 4, 5]


def test_commands_come_in_order_between_records() -> None:
    """Given while a long log is read: each answered once, in order, no record is lost."""
    home = Home(Able(newest=300))
    orders = [commands.locate(1), KEPT[2], commands.READ_VITALS]
    todo = home.sync.start()
    for token, command in enumerate(orders):
        todo = todo + home.sync.command(token, command)
    home.run(todo)
    assert [a[1] for a in home.told("answered")] == [0, 1, 2]
    assert home.seqs == list(range(1, 301))
    asked = home.kinds()
    assert asked.index(m.LOCATE) < len(asked) - 1 - asked[::-1].index(m.REPORT)


def test_a_lost_answer_is_asked_for_again_without_a_second_effect() -> None:
    """The answer is lost twice: the same request again, one effect."""
    box = Able()
    home = Home(box)
    home.run(home.sync.start())
    losses = iter([False, False])
    home.arrives = lambda: next(losses, True)
    assert _done(home, commands.locate(9)).ok
    assert home.time_outs == 2
    assert box.located == [9]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (commands.locate(5), m.encode(m.STATUS, 2, m.REFILL, m.OK)),
        (commands.locate(5), m.encode(m.VITALS, 2, *Able().vitals())),
        (commands.READ_VITALS, m.encode(m.STATUS, 2, m.READ_VITALS, m.OK)),
        (commands.READ_VITALS, m.encode(m.PARAMETERS, 2)),
        (commands.READ_PARAMETERS, m.encode(m.PARAMETERS, 2, tail=b"\x01\x02")),
    ],
)
def test_an_answer_to_something_else_ends_the_session(command: Command, answer: bytes) -> None:
    """What cannot be an answer to this command is nonsense of the device."""
    home = Home(Able())
    home.run(home.sync.start())
    home.sync.command(1, command)
    number = home.sync.waiting_for
    assert number is not None
    with pytest.raises(RemoteProtocolError):
        home.sync.receive(answer[:1] + number.to_bytes(2, "little") + answer[3:])


@pytest.mark.parametrize(
    "make",
    [
        lambda: commands.locate(-1),
        lambda: commands.locate(121),
        lambda: commands.prompt_test(255),
        lambda: commands.refill(3),
        lambda: commands.refill(m.REFILL_END, 1),
        lambda: commands.refill(m.REFILL_FILL, 1 << 32),
        lambda: commands.ask(0, 60),
        lambda: commands.ask(1 << 15, 60),
        lambda: commands.ask(1, 3601),
        lambda: commands.close_slot(0, 1, m.WORD_TAKEN),
        lambda: commands.close_slot(9000, 1, 2),
        lambda: commands.help_state(2),
        lambda: commands.quiet_hours(0, 1440)[1],
        lambda: commands.away(200, 100),
        lambda: commands.away(0, 100),
        lambda: commands.away(1, 1 << 32),
        lambda: commands.set_parameter(settings.LOUDNESS, 4),
        lambda: commands.set_parameter(settings.REFILLING, 1),
        lambda: commands.set_parameter(99, 1),
    ],
)
def test_nonsense_is_refused_before_it_is_sent(make: Callable[[], Command]) -> None:
    """A value outside its range is the caller's mistake and says what is allowed."""
    with pytest.raises(ValueError, match=r"allowed|begin comes before end"):
        make()


# --- over the radio ------------------------------------------------------------------------


class AbleDevice(FakeDevice):
    """On the fake air: notes where it was located."""

    located: tuple[int, ...] = ()

    def locate(self, seconds: int) -> int:
        self.located += (seconds,)
        return m.OK


def test_a_command_over_the_radio() -> None:
    """Sent over the standing link, or as soon as there is one; the answer comes back."""

    async def story() -> None:
        box, sink = AbleDevice("box-1", KEY, ADDRESSES[0]), Sink()
        air = FakeAir()
        async with _source(air, sink) as source:
            early = asyncio.create_task(source.command("box-1", commands.locate(3)))
            await asyncio.sleep(0.1)
            assert not early.done()
            air.devices[box.address] = box
            assert (await early).ok
            both = [source.command("box-1", commands.locate(n)) for n in (4, 5)]
            assert all(answer.ok for answer in await asyncio.gather(*both))
            refused = await source.command("box-1", commands.READ_VITALS)
            assert refused.code == m.REFUSED_UNKNOWN
        assert box.located == (3, 4, 5)

    asyncio.run(story())


def test_a_command_that_cannot_be_answered() -> None:
    """A link that ends, a device that does not come, one of nobody: told, nobody waits for ever."""

    async def story() -> None:
        box, sink = AbleDevice("box-1", KEY, ADDRESSES[0]), Sink()
        air = FakeAir(box)
        async with _source(air, sink) as source:
            await sink.until(lambda: sink.count("caught up") > 0)
            assert box.client
            box.client._notify = None  # it hears, and is not heard
            waiting = asyncio.create_task(source.command("box-1", commands.locate(3)))
            await asyncio.sleep(0.1)
            air.devices.clear()
            box.vanish()
            with pytest.raises(NotReached, match="it may have been done"):
                await waiting
            with pytest.raises(NotReached, match="no answer in 0 s"):
                await source.command("box-1", commands.locate(3), timeout_s=0.2)
            with pytest.raises(ValueError, match="no device of this home"):
                await source.command("box-9", commands.locate(3))

    asyncio.run(story())
