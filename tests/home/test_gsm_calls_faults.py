"""Texts come before calls, and what fails in a call is the line's fault, never hers."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.calls.line import Digit, Ended, LineDown, Played, Refused
from gateway.modem import Accepted, NotSent
from gateway.modem.modem import Modem
from gateway.telephone.modem import GAVE_WAY, ModemLine
from gateway.telephone.modem_call import ModemCall
from tests.home.calling_home import HER_NUMBER, PACE, PATIENCE_MS, RING_MS, calling_home
from tests.home.gsm_home import GUARDIAN, QUICK, SHORT, WallClock, ready, run, running_home
from tools.home.gsm import Cure, Does, HangAt


@pytest.mark.long
def test_a_text_goes_out_in_a_call(tmp_path: Path) -> None:
    """A modem that can do both: the text arrives while she listens, and the call goes on."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.presses = "1"
            call = await calls.answered()
            await call.play([calls.sentence])
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            assert {await call.heard(PATIENCE_MS), await call.heard(PATIENCE_MS)} == {
                Played(),
                Digit("1"),
            }
            assert (await calls.home.carrier.handset(GUARDIAN).wait()).body == SHORT

    run(story)


@pytest.mark.parametrize("does", [Does.ANSWERS, Does.RINGS])
def test_a_call_gives_way_to_a_text(tmp_path: Path, does: Does) -> None:
    """A modem that takes no texts while it calls: the text goes out at once, exactly once.

    The call ends as our line's fault, never as hers, whether it was answered or still rang.
    """

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.home.virtual.texts_in_calls = False
            calls.telephone.does = does
            dialling = asyncio.create_task(calls.line.dial(HER_NUMBER, 20_000))
            await calls.home.until(lambda: calls.home.virtual.calling.under_way)
            call = await dialling if does is Does.ANSWERS else None
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            await calls.home.carrier.handset(GUARDIAN).wait()
            assert len(calls.home.carrier.handset(GUARDIAN).inbox) == 1
            if isinstance(call, ModemCall):
                assert await call.heard(PATIENCE_MS) == Ended(GAVE_WAY)
                await call.hang_up()
            else:
                assert await dialling == LineDown(GAVE_WAY)
            assert not calls.home.virtual.calling.under_way
            assert calls.home.states == [None]

    run(story)


def test_a_refused_text_without_a_call_is_not_tried_twice(tmp_path: Path) -> None:
    """Giving way is for calls alone: a refusal of the network stays what it is."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.home.carrier.refuse(38)
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), NotSent)

    run(story)


def test_a_cancelled_dialling_leaves_the_modem_fit(tmp_path: Path) -> None:
    """Whoever gives up waiting hangs up; the lane is never left in the middle of a command."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.does = Does.RINGS
            for turns in (*range(1, 10), 50, 200):  # of the loop: before, in and after commands
                dialling = asyncio.create_task(calls.line.dial(HER_NUMBER, 20_000))
                for _ in range(turns):
                    await asyncio.sleep(0)
                dialling.cancel()
                await asyncio.gather(dialling, return_exceptions=True)
                await calls.home.until(lambda: not calls.home.virtual.calling.under_way)
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            assert calls.home.states == [None]

    run(story)


def test_an_old_call_does_not_hang_up_a_new_one(tmp_path: Path) -> None:
    """Hanging up twice is harmless, also when somebody else is called by then."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            old = await calls.answered()
            await old.hang_up()
            new = await calls.answered()
            assert await calls.line.dial(GUARDIAN, RING_MS) == LineDown(
                "a call is under way on this line"
            )
            await old.hang_up()
            assert calls.home.virtual.calling.under_way
            await new.hang_up()

    run(story)


@pytest.mark.long
def test_a_modem_whose_sound_comes_late(tmp_path: Path) -> None:
    """AT+CPCMREG=1 is refused until the call settled; refused for ever, the line is at fault."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.home.virtual.calling.settles = 3
            await (await calls.answered()).hang_up()
            calls.home.virtual.calling.settles = 99
            down = await calls.line.dial(HER_NUMBER, RING_MS)
            assert isinstance(down, LineDown)
            assert "AT+CPCMREG" in down.why
            assert not calls.home.virtual.calling.under_way

    run(story)


@pytest.mark.parametrize("missing", ["+DDET=1", "sound"])
def test_a_modem_that_cannot_call_rings_nobody(tmp_path: Path, missing: str) -> None:
    """No keys, or no tty for the sound: the line is down and her telephone stays silent."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            if missing == "sound":
                calls.home.virtual.calling.lose_sound()
            else:
                calls.home.virtual.refused.add(missing)
            assert isinstance(await calls.line.dial(HER_NUMBER, RING_MS), LineDown)
            assert calls.telephone.calls == 0

    run(story)


def test_a_number_that_is_none_is_never_dialled(tmp_path: Path) -> None:
    """What is no number cannot become another command of the modem."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            for number in ("", "엄마", "0101234;+CFUN=0", "010 1234", "+"):
                assert isinstance(await calls.line.dial(number, RING_MS), Refused)
            assert not any(line.startswith("ATD") for line in calls.home.virtual.heard)

    run(story)


@pytest.mark.long
@pytest.mark.parametrize("cure", [Cure.ESCAPE, Cure.RESTART])
def test_the_modem_hangs_in_a_call(tmp_path: Path, cure: Cure) -> None:
    """The call ends as the line's fault; the modem comes back, ends her call, and texts go."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            call = await calls.answered()
            await call.play([calls.sentence] * 200)
            calls.home.virtual.hang(HangAt.COMMAND, cure)
            ended = await call.heard(PATIENCE_MS)
            assert isinstance(ended, Ended)
            assert "did not answer" in ended.why
            await call.hang_up()
            await calls.home.until(lambda: calls.home.modem.why is None)
            await calls.home.until(lambda: not calls.home.virtual.calling.under_way)
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            await (await calls.answered()).hang_up()

    run(story)


@pytest.mark.parametrize("what", ["modem", "sound"])
def test_a_plug_is_pulled_in_a_call(tmp_path: Path, what: str) -> None:
    """The tty vanishes: at once the line's fault; back again, it calls and sends again."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            call = await calls.answered()
            if what == "modem":
                calls.home.virtual.vanish()
            else:
                calls.home.virtual.calling.lose_sound()
            ended = await call.heard(PATIENCE_MS)
            assert isinstance(ended, Ended)
            assert ended.why
            await call.hang_up()
            assert not calls.home.virtual.calling.under_way
            if what == "modem":
                await calls.home.until(lambda: calls.home.modem.why is not None)
                calls.home.virtual.come_back()
                await calls.home.until(lambda: calls.home.modem.why is None)
            else:
                calls.home.virtual.calling.plug()
            await (await calls.answered()).hang_up()
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)

    run(story)


def test_a_call_left_by_a_killed_gateway_is_hung_up(tmp_path: Path) -> None:
    """The next gateway's set-up ends a call in which nobody speaks any more."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            await calls.answered()
            calls.home.modem.caller = None
            calls.home.virtual.say_raw(b"\r\nRDY\r\n")  # as if it had started: the lane is opened
            await calls.home.until(lambda: not calls.home.virtual.calling.under_way)
            assert "AT+CHUP" in calls.home.virtual.heard

    run(story)


def test_no_network_is_the_lines_fault(tmp_path: Path) -> None:
    """Without a network nobody is dialled, and nobody is said not to have answered."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.home.virtual.equipment.register(2)
            await calls.home.until(lambda: calls.line.down != "")
            assert isinstance(await calls.line.dial(HER_NUMBER, RING_MS), LineDown)
            assert calls.telephone.calls == 0

    run(story)


def test_the_line_tells_when_it_comes_and_goes(tmp_path: Path) -> None:
    """Whoever makes the calls hears why not, and again that they can be made."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            told: list[str] = []
            ModemLine(home.modem, str(tmp_path / "sound"), told.append, pace=PACE)
            await ready(home)
            home.virtual.vanish()
            await home.until(lambda: len(told) > 1)
            home.virtual.come_back()
            await home.until(lambda: told[-1] == "")
            assert told[0] == ""
            assert told[1]

    run(story)


def test_texts_need_no_caller(tmp_path: Path) -> None:
    """A gateway that calls nobody hands texts over as before."""
    assert Modem(str(tmp_path), WallClock(), *[None] * 3, patience=QUICK).caller is None  # type: ignore[arg-type]  # nobody is told
