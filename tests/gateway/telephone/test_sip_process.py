"""What the stack's own process does with the library's ways; the library is played here."""

from __future__ import annotations

import asyncio
import os
from types import SimpleNamespace
from typing import Any

import pytest
from baresip.errors import RegistrationError
from baresip.events import Event, StackEvent

from gateway.calls.line import Busy, Ended, LineDown, NoAnswer
from gateway.telephone import said, sip_call, sip_process
from gateway.telephone.sip_process import Exchange
from tests.gateway.telephone import phones

HANDLE = 77
_FAILS = "no route"


class Ringing:
    """A library's call whose sound is there, or not."""

    def __init__(self, *, sound: bool = True) -> None:
        self.handle = HANDLE
        self.hung_up = 0
        self.audio = SimpleNamespace(
            info=lambda: SimpleNamespace(tx_ready=sound, tx_buffered=0), read=lambda _most: b""
        )

    async def hangup(self) -> None:
        self.hung_up += 1


class Agent:
    """A library's agent: `events` have happened before the call is handed over."""

    def __init__(self, exchange: Exchange, ringing: Ringing, events: list[StackEvent]) -> None:
        self._exchange, self._ringing, self._events = exchange, ringing, events
        self.dialled: list[str] = []

    async def dial(self, address: str) -> Ringing:
        self.dialled.append(address)
        for event in self._events:
            self._exchange._on_event(event)
        return self._ringing


def _event(event: Event, text: str = "", call: int = HANDLE) -> StackEvent:
    return StackEvent(event, call=call, text=text)


def dialled(
    events: list[StackEvent], orders: list[dict[str, Any]], *, sound: bool = True
) -> tuple[list[dict[str, Any]], Ringing, Agent]:
    """What the process says after these orders, with events that come before the call does."""
    reads, writes = os.pipe()

    async def work() -> tuple[Ringing, Agent]:
        exchange, ringing = Exchange(phones.account("x"), 1, writes), Ringing(sound=sound)
        exchange._agent = agent = Agent(exchange, ringing, events)  # type: ignore[assignment]
        for order in orders:
            exchange.obey({"call": 1, **order})
        await asyncio.sleep(0.15)
        for task in exchange._tasks:
            task.cancel()
        return ringing, agent

    ringing, agent = phones.run(work())
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        return [said.read(line) for line in pipe], ringing, agent


DIAL = {"do": "dial", "number": "010-1", "ring_ms": 50}


def test_a_call_that_is_answered_before_it_is_handed_over() -> None:
    """The library's first events come a turn before its call: none of them is lost."""
    other = _event(Event.CALL_CLOSED, "486 Busy Here", call=HANDLE + 1)
    told, ringing, agent = dialled([_event(Event.CALL_ESTABLISHED), other], [DIAL])
    assert told == [{"call": 1, "is": "open"}]
    assert (ringing.hung_up, agent.dialled) == (0, ["sip:0101@127.0.0.1"])


def test_a_call_that_is_over_before_it_is_handed_over() -> None:
    """Busy within the same moment is busy, not a telephone that never rang."""
    told, _ringing, _agent = dialled([_event(Event.CALL_CLOSED, "486 Busy Here")], [DIAL])
    assert [said.unopened(line) for line in told] == [Busy()]


def test_an_answer_without_sound_is_no_call() -> None:
    """Established, but no codec or no key in common: hung up, and our line's fault."""
    told, ringing, _agent = dialled([_event(Event.CALL_ESTABLISHED)], [DIAL], sound=True)
    assert (told[0]["is"], ringing.hung_up) == ("open", 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sip_call, "_LOOK_S", 0.001)
        told, ringing, _agent = dialled([_event(Event.CALL_ESTABLISHED)], [DIAL], sound=False)
    assert isinstance(said.unopened(told[0]), LineDown)
    assert ringing.hung_up


def test_patience_ends_the_ringing() -> None:
    """Nobody answers: hung up, "no answer" where it rang, a dead line where it never did."""
    told, ringing, _agent = dialled([_event(Event.CALL_RINGING)], [DIAL])
    assert [said.unopened(line) for line in told] == [NoAnswer()]
    assert ringing.hung_up
    told, ringing, _agent = dialled([], [DIAL])
    assert isinstance(said.unopened(told[0]), LineDown)
    assert ringing.hung_up


def test_hung_up_before_it_was_dialled() -> None:
    """An order to hang up that overtakes the dialling ends the call all the same."""
    told, ringing, _agent = dialled([], [DIAL, {"do": "hang_up"}])
    assert ringing.hung_up
    assert all(line.get("is") != "open" for line in told)


def test_an_order_for_a_call_that_is_gone() -> None:
    """What comes too late is nothing."""
    told, ringing, _agent = dialled([], [{"do": "play", "sounds": []}, {"do": "sing"}, {}])
    assert (told, ringing.hung_up) == ([], 0)


def test_the_end_of_a_call_says_whose_it_was() -> None:
    """Hung up by her is "", anything else is why."""
    for text, why in (
        ("Connection reset by peer [104]", ""),
        ("rtp stream error", "rtp stream error"),
    ):
        events = [_event(Event.CALL_ESTABLISHED), _event(Event.CALL_CLOSED, text)]
        told, _ringing, _agent = dialled(events, [DIAL])
        assert said.heard(told[-1]) == Ended(why)


def test_an_account_that_cannot_register_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The network may be another than the stack was begun in: it is begun anew, never in a call."""
    died: list[int] = []

    class Provider:
        def __init__(self, status: int | None) -> None:
            self.status = status

        async def register(self) -> None:
            raise RegistrationError(_FAILS, status=self.status)

    async def work(status: int | None, *, in_a_call: bool) -> None:
        reads, writes = os.pipe()
        exchange = Exchange(phones.account("x", password="p"), 1, writes)
        if in_a_call:
            exchange._calls[1] = object()  # type: ignore[assignment]  # any call
        provider: Any = Provider(status)
        registering = asyncio.ensure_future(exchange._register(provider))
        await asyncio.sleep(0.05)
        registering.cancel()
        os.close(reads)
        os.close(writes)

    monkeypatch.setattr(sip_process, "_AGAIN_S", (0,) * 5)
    monkeypatch.setattr(sip_process, "_die", lambda: died.append(1))
    phones.run(work(None, in_a_call=True))
    phones.run(work(403, in_a_call=False))
    assert not died
    phones.run(work(None, in_a_call=False))
    assert died


def test_a_call_into_which_no_sound_ever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing at all arrives (a firewall, NAT): our line's fault. Silence after sound is hers."""
    monkeypatch.setattr(sip_call, "_DEAF_S", 0.05)
    answered = _event(Event.CALL_ESTABLISHED)
    told, ringing, _agent = dialled([answered], [DIAL])
    assert said.heard(told[-1]) == Ended(sip_call.DEAF)
    assert ringing.hung_up
    told, ringing, _agent = dialled([answered, _event(Event.CALL_RTPESTAB, "audio")], [DIAL])
    assert told == [{"call": 1, "is": "open"}]
    assert not ringing.hung_up
