"""What a modem, a SIM, a network or a plug can do wrong, and that the gateway comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.modem import Accepted, Lost, NotSent
from gateway.modem.modem import Modem
from tests.home.gsm_home import GUARDIAN, QUICK, SHORT, WallClock, ready, run, running_home
from tools.home.gsm import HangAt, VirtualModem


def test_a_refusal_is_the_networks_word(tmp_path: Path) -> None:
    """+CMS ERROR comes back with its code, nobody gets a text, the next one goes through."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.carrier.refuse(38)
            result = await home.modem.submit(GUARDIAN, SHORT)
            assert isinstance(result, NotSent)
            assert (result.code, result.final) == (38, False)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
            assert len((await home.carrier.handset(GUARDIAN).wait()).body) == len(SHORT)
            assert home.states == [None]

    run(story)


def test_an_impossible_number_is_final(tmp_path: Path) -> None:
    """A number that is none never reaches the modem and is never tried again."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            result = await home.modem.submit("엄마", SHORT)
            assert isinstance(result, NotSent)
            assert result.final

    run(story)


def test_a_lost_prompt_sends_nothing(tmp_path: Path) -> None:
    """`>` lost: certainly not sent, the modem comes back by itself, the next try arrives once."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.hang(HangAt.PROMPT)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), NotSent)
            await home.until(lambda: home.states[-1] is None and len(home.states) >= 3)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
            await home.carrier.handset(GUARDIAN).wait()
            assert len(home.carrier.handset(GUARDIAN).inbox) == 1

    run(story)


def test_a_lost_answer_is_unsure(tmp_path: Path) -> None:
    """The PDU went out and no answer came: Lost, never "not sent", for it did arrive."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.hang(HangAt.ANSWER)
            result = await home.modem.submit(GUARDIAN, SHORT)
            assert isinstance(result, Lost)
            assert (await home.carrier.handset(GUARDIAN).wait()).body == SHORT
            await home.until(lambda: home.states[-1] is None and len(home.states) >= 3)

    run(story)


def test_a_hung_modem_is_found_without_a_text(tmp_path: Path) -> None:
    """Nothing is being sent and the modem hangs: the heartbeat says so; recovery needs nobody."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.hang(HangAt.COMMAND)
            await home.until(lambda: home.modem.why is not None)
            assert "did not answer" in (home.modem.why or "")
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), NotSent)
            home.virtual.recover()
            await home.until(lambda: home.modem.why is None)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)

    run(story)


def test_the_tty_vanishes_and_comes_back(tmp_path: Path) -> None:
    """Pulled and plugged in again, at another tty behind the same link: texts go on.

    An answer sent meanwhile arrives.
    """

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.vanish()
            await home.until(lambda: home.modem.why is not None)
            home.carrier.handset(GUARDIAN).send("1", home.virtual.number)
            await home.until(lambda: "does not exist" in (home.modem.why or ""))
            home.virtual.come_back()
            await home.until(lambda: home.modem.why is None and len(home.texts) == 1)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)

    run(story)


def test_pulled_between_the_pdu_and_its_answer(tmp_path: Path) -> None:
    """The tty goes away after the PDU was written: Lost, for the text may be on its way."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.carrier.answer_s = 0.3
            submitting = asyncio.create_task(home.modem.submit(GUARDIAN, SHORT))
            await home.until(lambda: home.virtual.heard[-1].startswith("0031"))
            home.virtual.vanish()
            assert isinstance(await submitting, Lost)

    run(story)


def test_no_network_is_said(tmp_path: Path) -> None:
    """Registration lost: not ready, with the reason; found again: ready."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.equipment.register(2)
            await home.until(lambda: home.modem.why == "the modem is looking for a network")
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), NotSent)
            home.virtual.equipment.register(1)
            await home.until(lambda: home.modem.why is None)
            assert home.modem.signal_dbm == -113 + 2 * 23

    run(story)


@pytest.mark.parametrize(("pin", "works"), [("1234", True), ("9999", False), (None, False)])
def test_pin(tmp_path: Path, pin: str | None, works: bool) -> None:
    """The right PIN unlocks the SIM; a wrong one is given once only, for three lock the card."""

    def lock(virtual: VirtualModem) -> None:
        virtual.equipment.pin = "1234"

    async def story() -> None:
        async with running_home(tmp_path, pin=pin, prepare=lock) as home:
            await home.until(lambda: bool(home.states))
            if not works:
                await asyncio.sleep(0.3)
            assert (home.states[-1] is None) == works
            tries = [command for command in home.virtual.heard if command.startswith("AT+CPIN=")]
            assert len(tries) == (0 if pin is None else 1)
            assert all(pin is None or pin not in (state or "") for state in home.states)

    run(story)


def test_noise_on_the_line(tmp_path: Path) -> None:
    """Garbage, a storm of news and an unreadable text: the modem goes on, nothing is made up."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.equipment.storage.put("SM", b"\xff\x00\x01")
            home.virtual.say_raw(b"\xff\xfe\x00garbage\r\n> \r\n" + b'\r\n+CMTI: "SM",7\r\n' * 40)
            home.virtual.say_raw(b"\r\n+CMT: ,5\r\n0123456789\r\n")
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)
            assert home.texts == []
            assert home.modem.why is None

    run(story)


def test_a_missing_modem_is_said_in_one_line(tmp_path: Path) -> None:
    """No such tty: whose fault, what to do; and it keeps looking."""

    async def story() -> None:
        states: list[str | None] = []

        async def nothing(*_given: object) -> None:
            return

        path = str(tmp_path / "none")
        modem = Modem(path, WallClock(), nothing, nothing, states.append, patience=QUICK)
        running = asyncio.create_task(modem.run())
        await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert states == [
            f"modem: {path} does not exist; plug the modem in, or correct the configured port"
        ]

    run(story)
