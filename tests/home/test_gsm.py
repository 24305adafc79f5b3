"""The gateway's modem and the virtual modem, joined by a real pty: texts, answers, reports."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from gateway.modem import Accepted, ReportState
from gateway.modem.pdu import Deliver, encode_deliver
from gateway.modem.text import split
from tests.home.gsm_home import GENEROUS_S, GUARDIAN, LONG, SHORT, ready, run, running_home
from tools.home.gsm import VirtualModem


def test_a_text_goes_out_and_the_answer_comes_back(tmp_path: Path) -> None:
    """One PDU with the whole text, its report, and the guardian's `1`; the SIM stays empty."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            result = await home.modem.submit(GUARDIAN, SHORT)
            assert isinstance(result, Accepted)
            received = await home.carrier.handset(GUARDIAN).wait()
            assert (received.sender, received.body, received.parts) == (
                home.virtual.number,
                SHORT,
                1,
            )
            assert abs(received.submitted_ms - result.first_pdu_ms) < GENEROUS_S * 1000
            home.carrier.handset(GUARDIAN).send("1")
            await home.until(lambda: len(home.texts) == 1 and len(home.reports) == 1)
            assert home.texts[0][:2] == (GUARDIAN, "1")
            assert home.reports == [(result.references[0], ReportState.DELIVERED)]
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)
            assert home.states == [None]

    run(story)


def test_long_texts_both_ways(tmp_path: Path) -> None:
    """Two parts each way, a surrogate pair at the border: whole at the other end, once."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            result = await home.modem.submit(GUARDIAN, LONG)
            assert isinstance(result, Accepted)
            assert len(result.references) == 2
            received = await home.carrier.handset(GUARDIAN).wait()
            assert (received.body, received.parts) == (LONG, 2)
            home.carrier.handset(GUARDIAN).send(LONG)
            await home.until(lambda: len(home.texts) == 1 and len(home.reports) == 2)
            assert home.texts[0][1] == LONG
            assert [text.body for text in home.carrier.handset(GUARDIAN).inbox] == [LONG]

    run(story)


def test_a_text_stays_in_the_modem_until_it_is_kept(tmp_path: Path) -> None:
    """The log cannot commit: the SIM keeps the answer, it is tried again, then deleted."""
    tries: list[str] = []

    def keep(body: str) -> None:
        tries.append(body)
        if len(tries) == 1:
            raise OSError("disk full")

    async def story() -> None:
        async with running_home(tmp_path, keep=keep) as home:
            await ready(home)
            home.carrier.handset(GUARDIAN).send("1")
            await home.until(lambda: bool(tries))
            assert home.virtual.equipment.storage.used("SM") == 1
            await home.until(lambda: len(home.texts) == 1)
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)
            assert tries == ["1", "1"]

    run(story)


def test_parts_that_came_before_the_start_are_grouped(tmp_path: Path) -> None:
    """One part lies in the SIM from before the gateway ran, the other comes later: one text."""
    first, second = (
        encode_deliver(Deliver(GUARDIAN, part, 1_700_000_000_000)) for part in split(LONG, 9)
    )

    async def story() -> None:
        def store(virtual: VirtualModem) -> None:
            virtual.equipment.storage.put("SM", first)

        async with running_home(tmp_path, prepare=store) as home:
            await ready(home)
            await home.until(lambda: "AT+CMGL=4" in home.virtual.heard)
            assert home.texts == []
            assert home.virtual.deliver(second)
            await home.until(lambda: len(home.texts) == 1)
            assert home.texts[0][1:3] == (LONG, 1_700_000_000_000)
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)

    run(story)


def test_parts_that_come_directly_survive_a_restart(tmp_path: Path) -> None:
    """+CMT instead of +CMTI: acknowledged only once stored, so the other part finds it later."""
    first, second = (
        encode_deliver(Deliver(GUARDIAN, part, 1_700_000_000_000)) for part in split(LONG, 9)
    )

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.equipment.flash(first)
            await home.until(lambda: "AT+CNMA" in home.virtual.heard)
            heard = list(home.virtual.heard)
            assert heard.index("AT+CNMA") > next(
                place for place, line in enumerate(heard) if line.startswith("AT+CMGW=")
            )
            home.virtual.vanish()
            await home.until(lambda: home.modem.why is not None)
            home.virtual.come_back()
            await home.until(lambda: home.modem.why is None)
            assert home.texts == []
            home.virtual.equipment.flash(second)
            await home.until(lambda: len(home.texts) == 1)
            assert home.texts[0][1] == LONG
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)

    run(story)


def test_a_text_that_comes_directly_is_acknowledged_once_kept(tmp_path: Path) -> None:
    """One +CMT: kept, then AT+CNMA; where it cannot be kept it is not acknowledged."""
    kept: list[str] = []

    def keep(body: str) -> None:
        kept.append(body)
        if len(kept) == 1:
            raise OSError("disk full")

    (part,) = split("1", 9)
    pdu = encode_deliver(Deliver(GUARDIAN, part, 1_700_000_000_000))

    async def story() -> None:
        async with running_home(tmp_path, keep=keep) as home:
            await ready(home)
            home.virtual.equipment.flash(pdu)
            await home.until(lambda: kept == ["1"] and home.modem.why is not None)
            assert "AT+CNMA" not in home.virtual.heard
            await home.until(lambda: home.modem.why is None)
            await home.until(lambda: len(home.texts) == 1)  # it is offered again
            await home.until(lambda: "AT+CNMA" in home.virtual.heard)

    run(story)


def _has(found: list[tuple[int, ReportState]], number: int) -> bool:
    return len(found) == number


def test_a_modem_that_stores_its_reports(tmp_path: Path) -> None:
    """It knows +CDSI only: the reports are read out of their storage, which is emptied."""

    def old(virtual: VirtualModem) -> None:
        virtual.refused |= {"+CNMI=2,1,0,1,0", "+CNMI=1,1,0,1,0"}

    async def story() -> None:
        async with running_home(tmp_path, prepare=old) as home:
            await ready(home)
            for number in range(1, 13):  # more than the storage holds
                assert isinstance(await home.modem.submit(GUARDIAN, SHORT), Accepted)
                await home.until(partial(_has, home.reports, number))
            await home.until(lambda: home.virtual.sim.storage.used("SR") == 0)

    run(story)


def test_a_full_sim_is_emptied(tmp_path: Path) -> None:
    """25 answers while the modem was away, room for 20: all come, each once."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            home.virtual.vanish()
            for number in range(25):
                home.carrier.handset(GUARDIAN).send(f"답 {number}", home.virtual.number)
            await home.until(lambda: not home.carrier._running)
            home.virtual.come_back()
            await home.until(lambda: len(home.texts) == 25)
            assert sorted(text[1] for text in home.texts) == sorted(f"답 {n}" for n in range(25))
            await home.until(lambda: home.virtual.equipment.storage.used("SM") == 0)

    run(story)


def test_many_texts_at_once_go_one_by_one(tmp_path: Path) -> None:
    """Ten texts handed over at one instant all arrive whole, once each, and none is mixed up."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            bodies = [f"{LONG} ({number})" for number in range(10)]
            results = await asyncio.gather(*(home.modem.submit(GUARDIAN, body) for body in bodies))
            assert all(isinstance(result, Accepted) for result in results)
            inbox = home.carrier.handset(GUARDIAN).inbox
            await home.until(lambda: len(inbox) == 10 and len(home.reports) == 20)
            assert sorted(text.body for text in inbox) == sorted(bodies)

    run(story)


def test_a_phone_that_is_off(tmp_path: Path) -> None:
    """Off: no report. On: text and report. A phone that fails: the report says so."""

    async def story() -> None:
        async with running_home(tmp_path) as home:
            await ready(home)
            phone = home.carrier.handset(GUARDIAN)
            phone.switch(on=False)
            await home.modem.submit(GUARDIAN, SHORT)
            await home.until(lambda: not home.carrier._running)
            assert (phone.inbox, home.reports) == ([], [])
            phone.switch(on=True)
            await home.until(lambda: home.reports == [(0, ReportState.DELIVERED)])
            phone.fail_status = 0x46
            await home.modem.submit(GUARDIAN, SHORT)
            await home.until(lambda: home.reports[1:] == [(1, ReportState.FAILED)])
            assert len(phone.inbox) == 1

    run(story)
