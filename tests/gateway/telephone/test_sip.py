"""The SIP line against SIPp: another program's telephone answers, presses, is busy, is away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.calls.line import Busy, Digit, Ended, LineDown, NoAnswer, Played, Refused, Speech
from gateway.telephone.sip import SipLine
from tests.gateway.telephone import phones
from tools.home.sipp import Sipp
from tools.home.sipp_scenario import (
    HangUp,
    Press,
    Speak,
    Step,
    Wait,
    answers,
    refuses,
    rings,
    says_nothing,
    tone,
)

KEYS = "1123*0#"


@pytest.mark.parametrize("codec", ["pcmu", pytest.param("pcma", marks=pytest.mark.long)])
def test_every_key_is_heard_once(tmp_path: Path, codec: str) -> None:
    """Keys come as they were pressed, the same one twice too; then she hangs up."""
    steps: list[Step] = [Wait(50), *map(Press, KEYS), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path, codec))
        async with called, phones.line_to(called.address) as line:
            heard = await phones.all_heard(await phones.opened(line))
        assert heard == [*map(Digit, KEYS), Ended("")]

    phones.run(call())


@pytest.mark.long
def test_a_late_packet_is_no_second_press(tmp_path: Path) -> None:
    """A packet that its key's end overtook on the way does not press the key again."""
    steps: list[Step] = [Wait(50), *(Press(key, late=True) for key in KEYS), Wait(100), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            heard = await phones.all_heard(await phones.opened(line))
        assert heard == [*map(Digit, KEYS), Ended("")]

    phones.run(call())


@pytest.mark.long
@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [
        (refuses("486 Busy Here", rings=True), Busy()),
        (refuses("603 Decline"), Busy()),
        (refuses("480 Temporarily Unavailable"), NoAnswer()),
        (refuses("404 Not Found"), Refused("404 Not Found")),
        (refuses("503 Service Unavailable"), LineDown("503 Service Unavailable")),
        (rings(), NoAnswer()),
    ],
)
def test_a_call_that_is_not_answered(
    tmp_path: Path, scenario: str, outcome: Busy | NoAnswer | Refused | LineDown
) -> None:
    """Busy, refused, unknown, a provider's failure and mere ringing are told apart."""

    async def call() -> None:
        called = Sipp(tmp_path, scenario)
        async with called, phones.line_to(called.address) as line:
            assert await line.dial(phones.NUMBER, 300) == outcome
            assert line.down == ""

    phones.run(call())


@pytest.mark.long
def test_a_provider_that_never_rings_is_a_dead_line(tmp_path: Path) -> None:
    """Only "trying" and then nothing is nobody's "she did not answer"."""

    async def call() -> None:
        called = Sipp(tmp_path, says_nothing())
        async with called, phones.line_to(called.address) as line:
            assert phones.is_dead(await line.dial(phones.NUMBER, 300))

    phones.run(call())


@pytest.mark.long
def test_a_sentence_is_played_and_a_key_breaks_it_off(tmp_path: Path) -> None:
    """Played to its end it is said so; a key in the middle stops it, and no end is said."""
    short, long = tone(tmp_path / "a.wav", 100), tone(tmp_path / "b.wav", 800)
    steps: list[Step] = [Wait(500), Press("5"), Wait(1_000), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            await call.play([short, short])
            assert await call.heard(phones.PATIENCE_MS) == Played()
            await call.play([short, long])
            assert await phones.all_heard(call) == [Digit("5"), Ended("")]

    phones.run(call())


@pytest.mark.long
def test_a_voicemail_speaks_and_presses_nothing(tmp_path: Path) -> None:
    """A voice is heard as a voice, once, and is recorded only where that was asked for."""
    steps: list[Step] = [Speak(600), HangUp()]

    async def call(*, record: bool) -> bytes:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address) as line:
            call = await line.dial(phones.NUMBER, 5_000, record=record)
            assert not isinstance(call, Busy | NoAnswer | Refused | LineDown), call
            assert await phones.all_heard(call) == [Speech(), Ended("")]
            return await call.hang_up()

    assert phones.run(call(record=False)) == b""
    recorded = phones.run(call(record=True))
    assert len(recorded) > 8000 * 2 * 0.4
    assert max(recorded[1::2]) > 0


@pytest.mark.long
def test_a_sound_that_cannot_be_played_ends_the_call(tmp_path: Path) -> None:
    """A file that is not there, or of another rate, is our failure and says which file."""
    wrong = tone(tmp_path / "wrong.wav", 100, rate_hz=16_000)

    async def call(sound: str) -> object:
        called = Sipp(tmp_path, answers([Wait(5_000)], tmp_path))
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            await call.play([sound])
            return (await phones.all_heard(call))[-1]

    for sound in (wrong, str(tmp_path / "nowhere.wav")):
        ended = phones.run(call(sound))
        assert isinstance(ended, Ended)
        assert sound in ended.why


@pytest.mark.long
def test_two_calls_at_once_and_no_third(tmp_path: Path) -> None:
    """Each hears its own keys; a call beyond the lines is not made and is no attempt."""
    steps: list[Step] = [Wait(300), *map(Press, KEYS), HangUp()]

    async def call() -> None:
        called = Sipp(tmp_path, answers(steps, tmp_path))
        async with called, phones.line_to(called.address, lines=2) as line:
            both = [await phones.opened(line), await phones.opened(line)]
            assert phones.is_dead(await line.dial(phones.NUMBER, 500))
            for heard in await asyncio.gather(*map(phones.all_heard, both)):
                assert heard == [*map(Digit, KEYS), Ended("")]
            again = [await phones.opened(line), await phones.opened(line)]  # both are free again
            assert [one.over.is_set() for one in again] == [False, False]

    phones.run(call())


@pytest.mark.long
@pytest.mark.parametrize("prompt", range(4))
def test_she_hangs_up_at_any_prompt(tmp_path: Path, prompt: int) -> None:
    """Whatever was pressed before is kept, the end is hers, and the line is free again."""
    sound = tone(tmp_path / "a.wav", 400)
    steps: list[Step] = [s for n in range(prompt) for s in (Wait(100), Press(str(n)))]

    async def call() -> None:
        called = Sipp(tmp_path, answers([*steps, Wait(150), HangUp()], tmp_path))
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            await call.play([sound])
            pressed = []
            while not isinstance(heard := await call.heard(phones.PATIENCE_MS), Ended):
                if isinstance(heard, Digit):
                    pressed.append(heard.key)
                    await call.play([sound])
            assert (pressed, heard) == (list("0123"[:prompt]), Ended(""))
            assert await call.hang_up() == b""
            assert line.down == ""

    phones.run(call())


@pytest.mark.long
def test_hanging_up_and_giving_up(tmp_path: Path) -> None:
    """We end a call that is open; a dial that is cancelled stops ringing there and then."""

    async def call() -> None:
        called = Sipp(tmp_path, answers([], tmp_path), "-m", "1")
        async with called, phones.line_to(called.address) as line:
            call = await phones.opened(line)
            await call.hang_up()
            assert await call.heard(10) == Ended("")
            assert await called.ends() == 0  # SIPp had its BYE
        called = Sipp(tmp_path, rings(), "-m", "1")
        async with called, phones.line_to(called.address) as line:
            dialling = asyncio.create_task(line.dial(phones.NUMBER, 60_000))
            await asyncio.sleep(0.2)
            dialling.cancel()
            assert await called.ends() == 0  # SIPp had its CANCEL

    phones.run(call())


def test_a_line_that_was_not_started_is_down() -> None:
    """Before the stack is up nobody is called, and it says so."""
    line = SipLine(phones.account("127.0.0.1:9"), 1)
    assert phones.is_dead(asyncio.run(line.dial(phones.NUMBER, 10)))
