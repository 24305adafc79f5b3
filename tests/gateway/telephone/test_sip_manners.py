"""Exchanges are not alike: what each says or does before, at and in a call, and what it means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.calls.line import Digit, Ended, LineDown, NoAnswer, NotOpened, Refused
from tests.gateway.telephone import manners, phones
from tools.home.sipp import Sipp
from tools.home.sipp_scenario import refuses

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [
        (manners.announces("404 Not Found"), Refused("404 Not Found")),
        (manners.announces("480 Temporarily Unavailable"), NoAnswer()),
        (refuses("484 Address Incomplete"), Refused("484 Address Incomplete")),
        (refuses("604 Does Not Exist Anywhere"), Refused("604 Does Not Exist Anywhere")),
        (refuses("408 Request Timeout"), LineDown("408 Request Timeout")),
        (refuses("408 Request Timeout", rings=True), NoAnswer()),
        (refuses("302 Moved Temporarily"), LineDown("302 Moved Temporarily")),
        (refuses("415 Unsupported Media Type"), LineDown("415 Unsupported Media Type")),
    ],
)
def test_why_a_call_was_not_opened(tmp_path: Path, scenario: str, outcome: NotOpened) -> None:
    """A number that is wrong, a telephone that is off, and a way there that fails: three things."""

    async def call() -> None:
        called = Sipp(tmp_path, scenario)
        async with called, phones.line_to(called.address) as line:
            assert await line.dial(phones.NUMBER, 2_000) == outcome

    phones.run(call())


def test_she_picks_up_as_it_is_given_up(tmp_path: Path) -> None:
    """CANCEL and answer cross: it was not answered, she is hung up on, and the line is free."""

    async def call() -> None:
        called = Sipp(tmp_path, manners.answers_a_cancel(tmp_path), "-m", "1")
        async with called, phones.line_to(called.address) as line:
            assert await line.dial(phones.NUMBER, 300) == NoAnswer()
            assert await called.ends() == 0  # SIPp had its ACK and its BYE
            assert line.down == ""

    phones.run(call())


def test_no_codec_is_common(tmp_path: Path) -> None:
    """An answer that nobody could hear is the line's fault."""

    async def call() -> None:
        called = Sipp(tmp_path, manners.no_codec(tmp_path))
        async with called, phones.line_to(called.address) as line:
            assert phones.is_dead(await line.dial(phones.NUMBER, 2_000))

    phones.run(call())


@pytest.mark.parametrize("manner", [manners.says_keys_by_info, manners.holds])
def test_keys_in_another_manner(tmp_path: Path, manner: Callable[[str, Path], str]) -> None:
    """By SIP INFO, or with a hold between them: each counts once, and the call goes on."""

    async def call() -> None:
        called = Sipp(tmp_path, manner("121", tmp_path))
        async with called, phones.line_to(called.address) as line:
            heard = await phones.all_heard(await phones.opened(line))
        assert heard == [*map(Digit, "121"), Ended("")]

    phones.run(call())
