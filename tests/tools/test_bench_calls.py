"""The bench of calls: what it counts is what SIPp pressed, and it can say no."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from gateway.telephone.sip import SipLine
from tests.gateway.telephone import phones
from tools.bench import calls
from tools.bench.percentile import percentile
from tools.home.sipp_scenario import KEYS


@pytest.mark.parametrize(
    ("heard", "pressed", "kept"),
    [
        ("123", "123", 3),
        ("12", "123", 2),
        ("1223", "123", 1),  # one too many, and from there on nothing is in its place
        ("1233", "123", 2),  # one too many at the end
        ("", "123", 0),
        ("321", "123", 0),
    ],
)
def test_a_key_lost_or_doubled_counts(heard: str, pressed: str, kept: int) -> None:
    """A key counts where it was heard once, in its place; one too many takes one away."""
    assert calls.in_place(heard, pressed) == kept


def test_what_does_not_hold() -> None:
    """A thousandth of the keys lost, a call that was not opened, a late set-up: each says no."""
    good = calls.Made(10, 0, 10_000, 9_990, [50.0] * 10)
    assert good.holds
    assert not calls.Made(10, 0, 10_000, 9_989, [50.0] * 10).holds
    assert not calls.Made(10, 1, 10_000, 10_000, [50.0] * 10).holds
    assert not calls.Made(10, 0, 10_000, 10_000, [101.0] * 10).holds


@pytest.mark.long
def test_a_stack_that_breaks_under_its_calls(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is started anew and the next stair is climbed; the broken one does not hold."""

    async def breaks(line: SipLine, *_more: object) -> calls.Made:
        assert line.pid is not None
        os.kill(line.pid, signal.SIGKILL)
        await phones.until(lambda: line.down)
        return calls.Made(1, 1, 1)

    monkeypatch.setattr(calls, "_many", breaks)
    told = asyncio.run(calls.measured(1, (1, 2), tmp_path, "1"))
    assert [row["holds"] for row in told["one_core"]] == [False, False]
    assert told["calls_at_once_on_one_core"] == 0


@pytest.mark.long
def test_every_key_of_forty_calls(tmp_path: Path) -> None:
    """Through the whole line, process and all: each of the twelve keys once, call after call."""
    told = asyncio.run(calls.measured(40, (2,), tmp_path, KEYS + "00"))
    assert told["keys_once"] == told["keys_pressed"] == 40 * (len(KEYS) + 2)
    assert told["not_opened"] == 0
    assert told["calls_at_once_on_one_core"] == 2
    assert told["one_core"][0]["core_share"] < 1


def test_a_percentile_is_one_of_the_values() -> None:
    """The nearest rank: of a hundred values ninety-nine are not greater than the 99th."""
    values = list(range(100, 0, -1))
    assert [percentile(values, n) for n in (1, 50, 99, 100)] == [1, 50, 99, 100]
    assert percentile([7], 1) == percentile([7], 99) == 7
