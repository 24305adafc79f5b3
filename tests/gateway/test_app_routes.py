"""The gateway with two routes, a real modem dialogue and a real provider: one of them is enough."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from anbu_wire import messages as wire
from gateway.app import Gateway
from gateway.app import ways as ways_of
from gateway.catalogue import kakao
from gateway.config.routes import HttpSettings, KakaoSettings, TextSettings
from gateway.events import Event, TextDelivered, TextFailed, TextSubmitted
from gateway.rules import route_down
from tests.gateway.home_facts import BOX, at
from tests.gateway.test_app import (
    Home,
    HouseClock,
    SilentBackend,
    connected,
    in_loop,
    until,
    verdict,
)
from tools.home.gsm import VirtualModem
from tools.home.provider import Fault, Provider

KEY, SECRET = "NCSAYU7YDBXYORXC", "0123456789ABCDEFGHIJ0123456789AB"


class House:
    """A home with a modem and a provider; which of them works is the test's."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder, HouseClock(at("18:20")))
        self.modem = VirtualModem(folder / "modem", self.home.carrier, "+821000000000")
        clock = self.home.clock
        self.provider = Provider(
            KEY, SECRET, now=lambda: datetime.fromtimestamp(clock.now_ms() / 1000, UTC)
        )

    @contextlib.asynccontextmanager
    async def running(self, *routes: str, url: str = "") -> AsyncIterator[Gateway]:
        """The gateway at work with these routes; the modem is there, the provider listens.

        By KakaoTalk goes a dose that was missed, and nothing else.
        """
        address = await self.provider.start()
        http = HttpSettings(url or address, "+821055550100", KEY, SECRET, 2)
        self.provider.channels = {"KA01PF1": {"KA01TP1": kakao.template("dose_missed")}}
        talk = KakaoSettings("KA01PF1", {"dose_missed": "KA01TP1"}) if "kakao" in routes else None
        config = replace(self.home.config(), texts=TextSettings(routes, http, talk))
        await self.modem.start()
        gateway = Gateway(
            config, SilentBackend(), tell=self.home.told.append, clock=self.home.clock
        )
        work = asyncio.create_task(gateway.run())
        try:
            await until(lambda: gateway.hub.home.household.made)
            yield gateway
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            await self.modem.stop()
            await self.provider.stop()

    def facts(self, kind: type[Event]) -> list[Any]:
        return [fact for fact in self.home.told if isinstance(fact, kind)]

    def sms(self) -> list[str]:
        """The SMS that arrived, by whichever way."""
        by_provider = [taken.text for taken in self.provider.taken if taken.kind == "SMS"]
        return by_provider + [text.body for text in self.home.daughter.inbox]

    def misses(self, gateway: Gateway) -> None:
        """The box says at seven that nobody opened the lid."""
        self.home.clock.set(at("19:00"))
        gateway.sink.commit(BOX, 7, [verdict(1, wire.SLOT_LATE, at("19:00"))])


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """At twenty past six; the provider is asked for reports more often than in life."""
    monkeypatch.setattr(ways_of, "POLL_S", 0.05)
    return House(tmp_path)


@in_loop
async def test_no_modem_and_the_provider_carries_it(house: House) -> None:
    """The modem is away: the text goes by the provider at once and its delivery is asked for."""
    async with house.running("modem", "http") as gateway:
        house.modem.vanish()
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is not None)
        house.misses(gateway)
        await until(lambda: house.facts(TextDelivered))
        (sent,) = house.facts(TextSubmitted)
        assert (sent.route, sent.marked_repeat, sent.handle) == ("http", False, "M4V00000000")
        assert "안 열림" in house.provider.taken[0].text
        assert house.home.daughter.inbox == []


@in_loop
async def test_no_internet_and_the_modem_carries_it(house: House) -> None:
    """The provider is first and cannot be reached: the modem has it in the same breath."""
    async with house.running("http", "modem", url="http://127.0.0.1:9") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: len(house.home.daughter.inbox) == 1)
        await until(lambda: house.facts(TextSubmitted))
        (sent,) = house.facts(TextSubmitted)
        assert (sent.route, sent.marked_repeat) == ("modem", False)
        assert "http: the provider cannot be reached" in sent.passed


@in_loop
async def test_a_lost_answer_of_the_provider_is_repeated_by_the_modem(house: House) -> None:
    """It took the text and cut the line: one marked copy, by the other route, and no third."""
    house.provider.faults.append(Fault.CUT_AFTER_TAKING)
    async with house.running("http", "modem") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: house.facts(TextFailed))
        house.home.clock.set(at("19:00:10"))
        gateway.hub.mail.set()
        await until(lambda: len(house.home.daughter.inbox) == 1)
        assert len(house.provider.taken) == 1
        assert " 재]" in house.home.daughter.inbox[0].body
        assert " 재]" not in house.provider.taken[0].text


@in_loop
async def test_a_dose_is_told_by_kakaotalk(house: House) -> None:
    """As its template, once; the delivery is reported, the modem has nothing."""
    async with house.running("kakao", "modem") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: house.facts(TextDelivered))
        (sent,) = house.facts(TextSubmitted)
        assert (sent.route, sent.passed) == ("kakao", "")
        assert [(t.kind, t.code) for t in house.provider.taken] == [("ATA", "4000")]
        assert house.home.daughter.inbox == []


@pytest.mark.parametrize("way", [pytest.param("modem", marks=pytest.mark.long), "http"])
@in_loop
async def test_what_kakaotalk_does_not_deliver_goes_as_sms_exactly_once(
    house: House, way: str
) -> None:
    """She has no KakaoTalk: one unmarked SMS by the next way, no second 알림톡, nothing is lost."""
    house.provider.faults.append(Fault.NO_KAKAO)
    async with house.running("kakao", way) as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: house.facts(TextFailed))
        (failed,) = house.facts(TextFailed)
        assert (failed.final, failed.route) == (False, "kakao")
        text = gateway.hub.home.ledger.texts[failed.text_id]
        assert text.state in ("pending", "sending")
        house.home.clock.set(at("19:00:10"))
        gateway.hub.mail.set()
        await until(lambda: len(house.facts(TextSubmitted)) == 2)
        assert [fact.route for fact in house.facts(TextSubmitted)] == ["kakao", way]
        assert [fact.marked_repeat for fact in house.facts(TextSubmitted)] == [False, False]
        await until(house.sms)
        assert len(house.sms()) == 1
        assert " 재]" not in house.sms()[0]
        assert [t.kind for t in house.provider.taken].count("ATA") == 1


@in_loop
async def test_what_kakaotalk_did_not_deliver_waits_for_another_way(house: House) -> None:
    """No modem just now: it is not tried by KakaoTalk again, though that is open; it stays."""
    house.provider.faults.append(Fault.NO_KAKAO)
    async with house.running("kakao", "modem") as gateway:
        house.modem.vanish()
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is not None)
        house.misses(gateway)
        await until(lambda: house.facts(TextFailed))
        house.home.clock.set(at("19:00:10"))
        gateway.hub.mail.set()
        await asyncio.sleep(0.1)
        assert [fact.final for fact in house.facts(TextFailed)] == [False]
        assert [t.kind for t in house.provider.taken] == ["ATA"]
        text = gateway.hub.home.ledger.texts[house.facts(TextFailed)[0].text_id]
        assert text.state == "pending"


@in_loop
async def test_what_kakaotalk_says_too_late_is_not_sent_after_its_correction(house: House) -> None:
    """The dose was taken after all, that is told; now it turns out that the alarm did not arrive.

    It speaks of nothing that still lives: nobody is sent to a home where all is well.
    """
    house.provider.faults.append(Fault.NEVER_THERE)
    async with house.running("kakao", "http") as gateway:
        connected(gateway, at("18:20"))
        house.misses(gateway)
        await until(lambda: house.facts(TextSubmitted))
        gateway.sink.commit(BOX, 7, [verdict(2, wire.SLOT_TAKEN, at("18:40"))])
        await until(house.sms)
        house.provider.taken[0].code = "3104"
        await until(lambda: house.facts(TextFailed))
        (failed,) = house.facts(TextFailed)
        assert (failed.final, failed.route) == (True, "kakao")
        house.home.clock.set(at("19:00:20"))
        gateway.hub.mail.set()
        await asyncio.sleep(0.2)
        assert ["정정" in text for text in house.sms()] == [True]


@pytest.mark.long
@in_loop
async def test_kakaotalk_that_is_away_holds_nothing_back(house: House) -> None:
    """Its provider cannot be reached: the modem has the text in the same breath, as SMS."""
    async with house.running("kakao", "modem", url="http://127.0.0.1:9") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: len(house.home.daughter.inbox) == 1)
        await until(lambda: house.facts(TextSubmitted))
        (sent,) = house.facts(TextSubmitted)
        assert (sent.route, sent.marked_repeat) == ("modem", False)
        assert "kakao: the provider cannot be reached" in sent.passed
        assert route_down.worries(gateway.hub.home.household, at("19:10"))


@in_loop
async def test_a_lost_answer_about_kakaotalk_is_one_marked_sms(house: House) -> None:
    """It may be on her phone: one copy by another way, marked, and no third message."""
    house.provider.faults.append(Fault.CUT_AFTER_TAKING)
    async with house.running("kakao", "http") as gateway:
        connected(gateway, at("18:20"))
        house.misses(gateway)
        await until(lambda: house.facts(TextFailed))
        house.home.clock.set(at("19:00:10"))
        gateway.hub.mail.set()
        await until(house.sms)
        assert [t.kind for t in house.provider.taken] == ["ATA", "SMS"]
        assert " 재]" in house.sms()[0]


@in_loop
async def test_a_provider_that_stays_away_is_told_and_one_that_is_back_is_well(
    house: House,
) -> None:
    """Five minutes without it are a worry; the watch outside hears it until a text went by it."""
    async with house.running("http", "modem") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        gateway.sink.trouble("radio", "the adapter was begun anew")
        assert gateway._health() == (True, "failed=none linked=1")
        gateway.ways._trouble("http", "HTTP 503")
        assert gateway._health() == (False, "failed=http linked=1")
        worries = route_down.worries(gateway.hub.home.household, at("18:40"))
        assert [w.reason for w in worries] == ["http_route_down"]
        house.misses(gateway)
        await until(lambda: house.facts(TextSubmitted))
        assert gateway._health()[0]


@in_loop
async def test_what_the_network_gives_up_is_said(house: House) -> None:
    """Taken by the provider, given up by the network: undelivered, by its own report."""
    house.provider.faults.append(Fault.LOST_LATER)
    async with house.running("http") as gateway:
        connected(gateway, at("18:20"))
        house.misses(gateway)
        await until(lambda: house.facts(TextFailed))
        failed = house.facts(TextFailed)[0]
        assert (failed.final, failed.route) == (True, "http")
        assert "the network gave up (3040)" in failed.why


@in_loop
async def test_no_secret_leaves_the_gateway(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever fails, neither key nor secret is in a fact or in the log."""
    house.provider.faults.extend([Fault.DENIED, Fault.BROKEN])
    async with house.running("http", "modem") as gateway:
        connected(gateway, at("18:20"))
        await until(lambda: gateway.modem.why is None)
        house.misses(gateway)
        await until(lambda: house.facts(TextSubmitted))
    said = repr(house.home.told) + caplog.text
    assert SECRET not in said
    assert KEY not in said
