"""What a modem, a SIM, a network or a plug can do wrong, and that the gateway comes back."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from gateway.modem import Accepted, Lost, NotSent, Seen, ttys
from gateway.modem.modem import Modem
from tests.home.gsm_home import GUARDIAN, QUICK, SHORT, WallClock, ready, run, running_home
from tools.home.gsm import Cure, HangAt, VirtualModem


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


def test_a_tty_configured_by_number_comes_back_under_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configured is the tty itself; back under another number, it is found by its lasting link."""
    monkeypatch.setattr(ttys, "BY_ID", tmp_path)

    async def story() -> None:
        async with running_home(tmp_path, configured=Path.resolve) as home:
            await ready(home)
            before = (tmp_path / "tty").resolve()
            home.virtual.vanish()
            await home.until(lambda: home.modem.why is not None)
            others = os.openpty()  # somebody else gets the number
            try:
                home.virtual.come_back()
                assert (tmp_path / "tty").resolve() != before
                await home.until(lambda: home.modem.why is None)
                assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
            finally:
                for descriptor in others:
                    os.close(descriptor)

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
            assert [seen.registered for seen in home.seen] == [True, False, True]
            assert home.seen[-1] == Seen(True, "Anbu Mobile", -113 + 2 * 23)

    run(story)


def test_a_network_of_the_fourth_generation_alone_will_do(tmp_path: Path) -> None:
    """+CREG says no, +CEREG says yes: texts go."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            home.virtual.equipment.only_4g = True
            await ready(home)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)

    run(story)


@pytest.mark.parametrize("cure", [Cure.ESCAPE, Cure.RESET, Cure.RESTART, Cure.LINE])
def test_every_cure_reaches_a_modem_at_a_tty(tmp_path: Path, cure: Cure) -> None:
    """Silent until the one remedy that wakes it: tried by itself, in the end also its line."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.hang(HangAt.COMMAND, cure)
            await home.until(lambda: home.modem.why is not None)
            await home.until(lambda: home.modem.why is None)
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)

    run(story)


def test_a_modem_that_forgot_its_settings_is_set_up_again(tmp_path: Path) -> None:
    """It restarted without a word: the next heartbeat sees it, or news would never come again."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.equipment = home.virtual._started()
            await home.until(lambda: "restarted by itself" in (home.states[-1] or ""))
            await home.until(lambda: home.modem.why is None)
            home.carrier.handset(GUARDIAN).send("1")
            await home.until(lambda: len(home.texts) == 1)
            assert home.texts[0][:2] == (GUARDIAN, "1")

    run(story)


def _locked(virtual: VirtualModem) -> None:
    virtual.sim.pin = "1234"


def _pin_file(folder: Path, pin: str) -> Path:
    path = folder / "pin"
    path.write_text(f"{pin}\n")
    return path


def test_the_right_pin_opens_the_sim_each_time(tmp_path: Path) -> None:
    """A modem that restarts wants its PIN again and gets it; nothing that is told shows the PIN."""

    async def story() -> None:
        file = _pin_file(tmp_path, "1234")
        async with running_home(tmp_path, pin_file=file, prepare=_locked) as home:
            await ready(home)
            home.virtual.reboot()
            await home.until(lambda: home.states[-1] is None and len(home.states) >= 3)
            tries = [command for command in home.virtual.heard if command.startswith("AT+CPIN=")]
            assert len(tries) == 2
            assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
            assert not any("1234" in (state or "") for state in home.states)
            assert not (tmp_path / "pin.tried").exists()

    run(story)


def test_a_wrong_pin_is_never_given_twice(tmp_path: Path) -> None:
    """Not in the next session, not after a restart of the gateway, for three lock the card.

    Corrected in its file, it is given.
    """

    async def story() -> None:
        file = _pin_file(tmp_path, "9999")
        for _ in range(2):
            async with running_home(tmp_path, pin_file=file, prepare=_locked) as home:
                await home.until(lambda: bool(home.states))
                await asyncio.sleep(0.3)
                assert all("did not open with the PIN" in (state or "") for state in home.states)
                tried = [c for c in home.virtual.heard if c.startswith("AT+CPIN=")]
                file_was_new = home.virtual.sim.tries_left == 2
                assert len(tried) == (1 if file_was_new else 0)
        async with running_home(tmp_path, pin_file=file, prepare=_locked) as home:
            await home.until(lambda: bool(home.states))
            file.write_text("1234")
            await home.until(lambda: home.states[-1] is None)

    run(story)


def test_a_pin_whose_answer_got_lost_is_not_given_again(tmp_path: Path) -> None:
    """The modem fell silent over the PIN: it may have counted, so a person is asked."""

    async def story() -> None:
        file = _pin_file(tmp_path, "1234")
        async with running_home(tmp_path, pin_file=file, prepare=_locked) as home:
            home.virtual.hang_after(heard=_heard_until_pin())
            await home.until(lambda: len(home.states) >= 1)
            home.virtual.recover()
            await home.until(lambda: "did not open" in (home.states[-1] or ""))
            tries = [command for command in home.virtual.heard if command.startswith("AT+CPIN=")]
            assert tries == []
            assert not any("1234" in (state or "") for state in home.states)

    run(story)


def _heard_until_pin() -> int:
    """Bytes from the gateway up to the last of the PIN's command, its CR not heard."""
    return len(b'\x1b\rAT\rATE0\rAT+CMEE=1\rAT+CPIN?\rAT+CPIN="1234"')


def test_no_pin_configured(tmp_path: Path) -> None:
    """The SIM wants one and none is configured: said so, none is made up."""

    async def story() -> None:
        async with running_home(tmp_path, prepare=_locked) as home:
            await home.until(lambda: bool(home.states))
            assert "set [modem] pin_file" in (home.states[-1] or "")
            assert not any(c.startswith("AT+CPIN=") for c in home.virtual.heard)

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

    async def nothing(_news: object, *_more: object) -> None:
        return

    async def story() -> None:
        states: list[str | None] = []

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
