"""What comes between a modem and its call: somebody else's ring, a text, an answer of another make.

None of it may become "she did not answer".
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.calls.line import Busy, Digit, LineDown, NoAnswer, NotOpened, Played
from gateway.modem import Accepted, NotSent
from gateway.telephone.modem_words import Word, state_of
from tests.home.calling_home import HER_NUMBER, PATIENCE_MS, RING_MS, Calls, calling_home
from tests.home.gsm_home import GUARDIAN, SHORT, run
from tools.home.gsm import Cure, HangAt
from tools.home.gsm.answers import CommandError


def _dialling(calls: Calls, monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    """From now on dialling ends so, as a modem says it that waits for the network."""
    virtual = calls.home.virtual
    known = virtual.calling.run

    def run(command: str) -> list[str] | None:
        if not command.startswith("D"):
            return known(command)
        if ends == "":
            virtual.hang(HangAt.COMMAND, Cure.ESCAPE)
            return []
        raise CommandError(ends)

    monkeypatch.setattr(virtual.calling, "run", run)


@pytest.mark.parametrize("ring", ["RING", "+CRING: VOICE", '+CLIP: "+821011112222",145'])
def test_somebody_rings_the_modem_while_it_dials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ring: str
) -> None:
    """Two calls met on one line: nobody was reached, and it was not she who turned it away."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            _dialling(calls, monkeypatch, "NO CARRIER")
            calls.home.virtual.say_raw(f"\r\n{ring}\r\n".encode())
            await asyncio.sleep(0.05)
            assert isinstance(await calls.line.dial(HER_NUMBER, RING_MS), LineDown)

    run(story)


@pytest.mark.parametrize(
    ("ends", "expected"), [("BUSY", Busy()), ("NO ANSWER", NoAnswer())], ids=str
)
def test_a_modem_that_waits_for_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str, expected: NotOpened
) -> None:
    """What ends the command of dialling itself is as good as what is said by itself."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            _dialling(calls, monkeypatch, ends)
            assert await calls.line.dial(HER_NUMBER, RING_MS) == expected

    run(story)


def test_a_modem_that_is_silent_as_long_as_it_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lane is held for one answer at most: a text meanwhile is kept, and goes out exactly once.

    That modem makes no calls; it is the line's fault.
    """

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            _dialling(calls, monkeypatch, "")
            dialling = asyncio.create_task(calls.line.dial(HER_NUMBER, 20_000))
            await calls.home.until(lambda: f"ATD{HER_NUMBER};" in calls.home.virtual.heard)
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), NotSent)
            assert isinstance(await dialling, LineDown)
            await calls.home.until(lambda: calls.home.states[2:] == [None])  # it was set up anew
            assert isinstance(await calls.home.modem.submit(GUARDIAN, SHORT), Accepted)
            await calls.home.carrier.handset(GUARDIAN).wait()
            assert len(calls.home.carrier.handset(GUARDIAN).inbox) == 1

    run(story)


@pytest.mark.long
def test_a_text_comes_in_a_call(tmp_path: Path) -> None:
    """It is read while she listens; her call goes on."""

    async def story() -> None:
        async with calling_home(tmp_path) as calls:
            calls.telephone.presses = "1"
            call = await calls.answered()
            await call.play([calls.sentence])
            calls.home.carrier.handset(GUARDIAN).send("1")
            await calls.home.until(lambda: len(calls.home.texts) == 1)
            heard = {await call.heard(PATIENCE_MS), await call.heard(PATIENCE_MS)}
            assert heard == {Played(), Digit("1")}

    run(story)


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        (['+CLCC: 1,0,0,0,0,"+821087654321",145'], Word.UP),
        (['+CLCC: 1,0,0,0,0,"010",129,"어머니"'], Word.UP),
        (["+CLCC:1,0,3,0,0"], Word.RINGS),
        (["+CLCC: 1,0,2,0,0"], None),
        (['+CLCC: 2,1,5,0,0,"010",129', "+CLCC: 1,0,0,0,0"], Word.UP),  # one waits
        (["+CLCC: 2,1,0,0,0", "+CLCC: 1,0,1,0,0"], Word.UP),  # ours is held
        (["+CLCC: 1,1,4,0,0"], Word.OVER),  # somebody else's
        (["+CLCC: 1,0,0,1,0"], Word.OVER),  # data
        ([], Word.OVER),
    ],
)
def test_a_list_of_calls(lines: list[str], state: Word | None) -> None:
    """Ours is found among others; what is not ours is none of it."""
    assert state_of(lines) is state
