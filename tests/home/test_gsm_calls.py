"""Calls by the modem that sends the texts: what a telephone does, and what the line says of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.calls.line import Busy, Digit, Ended, NoAnswer, Played, Refused, Speech
from gateway.modem import Accepted
from tests.home.calling_home import HER_NUMBER, PATIENCE_MS, RING_MS, calling_home, tone
from tests.home.gsm_home import GUARDIAN, SHORT, run
from tools.home.gsm import Does


def test_a_call_is_answered(tmp_path: Path) -> None:
    """She hears every sample of a sentence, her key comes once, hanging up frees the line."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.presses = "12"
            calls.telephone.quiet_s = 1.0  # a computer that is held up is no end of a sentence
            call = await calls.answered()
            for key in "12":
                await call.play([calls.sentence])
                assert await call.heard(PATIENCE_MS) == Played()
                assert await call.heard(PATIENCE_MS) == Digit(key)
            assert bytes(calls.telephone.heard) == tone(0.2) * 2
            assert await call.heard(30) is None
            assert await call.hang_up() == b""
            assert not calls.home.virtual.calling.under_way
            assert await call.heard(PATIENCE_MS) == Ended("")
            await (await calls.answered()).hang_up()
            assert (calls.telephone.calls, calls.home.states) == (2, [None])

    run(story)


@pytest.mark.parametrize(
    ("does", "expected"),
    [
        (Does.BUSY, Busy()),
        (Does.DECLINES, Busy()),
        (Does.RINGS, NoAnswer()),
        (Does.OFF, Refused("the network ended the call before it rang")),
    ],
)
def test_a_call_nobody_takes(tmp_path: Path, does: Does, expected: object) -> None:
    """Each says what her telephone did; the modem is as fit for texts and calls as before."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.does = does
            assert await calls.line.dial(HER_NUMBER, RING_MS) == expected
            assert not calls.home.virtual.calling.under_way
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            calls.telephone.does = Does.ANSWERS
            await (await calls.answered()).hang_up()
            assert calls.home.states == [None]

    run(story)


@pytest.mark.long
def test_a_key_stops_a_sentence(tmp_path: Path) -> None:
    """A key pressed in the middle is heard at once and nothing more is played."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            call = await calls.answered()
            await call.play([calls.sentence] * 40)
            await calls.home.until(lambda: len(calls.telephone.heard) > 0)
            calls.home.virtual.calling.pressed("0")
            assert await call.heard(PATIENCE_MS) == Digit("0")
            assert await call.heard(200) is None
            assert len(calls.telephone.heard) < len(tone(0.2)) * 20

    run(story)


@pytest.mark.long
def test_a_key_that_bounces_counts_once(tmp_path: Path) -> None:
    """A modem that reports one press twice makes one digit of it; two presses stay two."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.home.virtual.calling.bounces = True
            call = await calls.answered()
            for _ in range(2):
                calls.home.virtual.calling.pressed("1")
                assert await call.heard(PATIENCE_MS) == Digit("1")
                assert await call.heard(200) is None

    run(story)


def test_she_puts_the_receiver_down_at_once(tmp_path: Path) -> None:
    """A call that was taken and ended before its sound flowed is her end, no fault of the line."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.does = Does.SLAMS
            call = await calls.answered()
            assert await call.heard(PATIENCE_MS) == Ended("")
            await call.hang_up()

    run(story)


@pytest.mark.long
def test_she_hangs_up(tmp_path: Path) -> None:
    """The receiver put down is her end, not the line's."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.hangs_up_after = 1
            call = await calls.answered()
            await call.play([calls.sentence])
            assert await call.heard(PATIENCE_MS) == Played()
            assert await call.heard(PATIENCE_MS) == Ended("")

    run(story)


@pytest.mark.long
def test_a_voice_is_heard_and_kept_only_if_asked(tmp_path: Path) -> None:
    """Speech is said once; its sound is given back where it was to be recorded, else nothing."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            for record in (True, False):
                call = await calls.answered(record=record)
                for _ in range(10):
                    calls.home.virtual.calling.voice(tone(0.1))
                    await asyncio.sleep(0.005)
                assert await call.heard(PATIENCE_MS) == Speech()
                assert await call.heard(50) is None
                assert await call.hang_up() == (tone(0.1) * 10 if record else b"")

    run(story)
