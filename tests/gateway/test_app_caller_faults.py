"""The caller when the disk, the line or she herself does not wait: nothing she said is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gateway.app import caller as calling
from gateway.calls.line import Busy
from gateway.events import (
    CallAnswered,
    CallEnded,
    CallsConsent,
    Event,
    HospitalLeft,
    IncidentOpened,
    LineSeen,
    RecordingDeleted,
    RecordingKept,
)
from gateway.log import LogUnavailable
from tests.gateway.phone_fake import FakeCall, presses
from tests.gateway.test_app import in_loop, until
from tests.gateway.test_app_caller import TEN, Make, Office, _slow, office

__all__ = ["office"]

SAYS_PAIN = "111112"


def full(here: Office, refuses: Callable[[Event], bool]) -> None:
    """From now on the disk takes no fact of which `refuses` says so."""
    record = here.hub.record

    def recorded(*facts: Event) -> list[Event]:
        if any(refuses(fact) for fact in facts):
            raise LogUnavailable("the disk is full")
        return record(*facts)

    here.hub.record = recorded  # type: ignore[method-assign]


@in_loop
async def test_pain_outlives_a_full_disk(office: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """She says that it hurts, the disk takes it only when her call is long over: it is told."""
    call = presses(SAYS_PAIN)
    here = office(call)
    monkeypatch.setattr(calling, "CALL_MOST_MS", 150)
    monkeypatch.setattr(calling, "AFTER_TROUBLE_S", 0.01)
    here.clock.monotonic_ms = _slow()  # type: ignore[method-assign]
    full(here, lambda fact: getattr(fact, "answer", "") == "pain" and not call.hung_up)
    async with here.open():
        await here.ended(1)
    assert [a.answer for a in here.all(CallAnswered)][-1] == "pain"
    assert isinstance(here.told[-1], CallEnded)
    calls = here.hub.home.household.calls
    assert calls.worrying.keys() == {1}
    assert calls.of("soonja")[0].done


@in_loop
async def test_what_cannot_be_noted_is_not_kept(office: Make) -> None:
    """A recording that the log does not know of would never be deleted: it is, at once."""
    here = office(FakeCall([], pcm=b"\0\0" * 800))
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    full(here, lambda fact: isinstance(fact, RecordingKept))
    async with here.open():
        await here.ended(1)
        assert not here.kept.all()


@in_loop
async def test_withdrawn_while_it_is_being_sealed(office: Make) -> None:
    """Consent goes between the end of the call and the file: the file goes with it at once."""
    here = office(FakeCall([], pcm=b"\0\0" * 800))
    here.hub.record(CallsConsent(TEN, "soonja", given=True, by="최담당"))
    keep, loop = here.kept.keep, asyncio.get_running_loop()

    def kept(call_id: str, pcm: bytes, until_day: date) -> Any:  # noqa: ANN401
        withdrawn = threading.Event()

        def withdraw() -> None:
            here.hub.record(CallsConsent(TEN + 1, "soonja", given=False, by="최담당"))
            loop.call_later(0.02, withdrawn.set)  # the sweep that it wakes finds nothing yet

        loop.call_soon_threadsafe(withdraw)
        withdrawn.wait(5)
        return keep(call_id, pcm, until_day)

    here.kept.keep = kept  # type: ignore[method-assign]
    async with here.open():
        await here.ended(1)
        await until(lambda: here.all(RecordingDeleted))
        assert not here.kept.all()


@in_loop
async def test_a_line_that_died_on_a_full_disk_is_told(
    office: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the line is dead is noted as soon as anything can be, though nothing changes more."""
    here, is_full = office(), [True]
    monkeypatch.setattr(calling, "AFTER_TROUBLE_S", 0.01)
    here.line.down = "no network"
    full(here, lambda fact: isinstance(fact, LineSeen) and is_full[0])
    async with here.open():
        here.caller.line_changed("no network")
        await asyncio.sleep(0.03)
        is_full[0] = False
        await until(lambda: here.all(LineSeen))
    assert [(fact.works, fact.why) for fact in here.all(LineSeen)] == [(False, "no network")]


@in_loop
async def test_a_line_that_is_not_used_any_more_is_dead_no_more(office: Make) -> None:
    """The modem was dead, now the calls go by SIP: nobody repairs it for them."""
    here = office(Busy())
    here.hub.record(LineSeen(TEN, "modem", works=False, why="no modem"))
    async with here.open():
        await here.ended(1)
    assert not here.hub.home.household.calls.lines


def test_what_is_agreed_for_after_hospital_wakes_the_caller(office: Make) -> None:
    """Days on which she is to be called are not found out a minute later."""
    here = office()
    here.hub.calls.clear()
    here.hub.record(
        HospitalLeft(
            TEN, "soonja", "2026-03-02", "2026-03-09", "risk", None,
            visits=(), calls=("2026-03-03",), prescription=False, by="최담당",
        )
    )  # fmt: skip
    assert here.hub.calls.is_set()


@in_loop
async def test_a_zero_while_goodbye_is_said(office: Make) -> None:
    """All is well; then, as goodbye is said, she presses zero: she is promised a call, and told."""
    call = presses("1111111" + "0")
    here = office(call)
    here.clock.monotonic_ms = _slow()  # type: ignore[method-assign]
    original = call.heard

    async def no_played(patience_ms: int) -> Any:  # noqa: ANN401
        heard = await original(patience_ms)
        return await original(patience_ms) if "bye" in call.said[-1] else heard

    call.heard = no_played  # type: ignore[method-assign]
    async with here.open():
        assert await here.ended(1) == ["answered"]
    assert (here.all(CallAnswered)[-1].answer, here.all(CallEnded)[0].why) == ("help", "help")
    assert call.said[-1] == ("promise", "urgent", "bye")
    assert here.hub.home.household.calls.worrying.keys() == {1}
    assert not here.all(IncidentOpened)  # the caller decides nothing
