"""Down when a window closes, for minutes, hours, days: told once, with the real time, capped."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from gateway.events import IncidentOpened, TextDecided
from tests.gateway.home_facts import EVENING, at
from tests.gateway.test_app import Home, HouseClock

HOUR_MS = 3_600_000
CLOSES_MS = at("19:00")
GRACE_MS = 5 * 60_000 + 1000
ABOUT_A_DOSE = {"dose_missed", "dose_unconfirmed", "doses_unconfirmed", "cannot_see"}


def about_doses(home: Home) -> list[TextDecided]:
    """The texts to her daughter that say of a dose that it was missed or not seen."""
    texts = [f for f in home.told if isinstance(f, TextDecided) and f.purpose in ABOUT_A_DOSE]
    return [text for text in texts if text.guardian_id == "daughter"]


def about_the_first(home: Home) -> list[TextDecided]:
    """Those that tell of the dose of 2 March, alone or together with others."""
    opened = [f for f in home.told if isinstance(f, IncidentOpened) and f.slot == EVENING]
    ids = {f.incident_id for f in opened}
    return [text for text in about_doses(home) if ids & {text.incident_id, *text.also}]


async def _stop_in_order(home: Home) -> None:
    """SIGTERM: the gateway runs a moment and is cancelled."""
    work = asyncio.create_task(home.gateway().run())
    await asyncio.sleep(0.1)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work


def _live(home: Home, now_ms: int) -> None:
    """A gateway starts, decides, decides again after the grace, and dies without a word."""
    home.clock.set(now_ms)
    gateway = home.gateway()
    gateway.begin()
    gateway.decider.settle()
    home.clock.set(now_ms + GRACE_MS)
    gateway.decider.settle()


@pytest.mark.parametrize("orderly", [True, False], ids=["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize(
    ("down_ms", "told"),
    [(10 * 60_000, 1), (3 * HOUR_MS, 1), (24 * HOUR_MS, 1), (35 * HOUR_MS, 1), (72 * HOUR_MS, 0)],
    ids=["minutes", "hours", "a day", "nearly the cap", "days"],
)
def test_down_across_the_deadline(tmp_path: Path, orderly: bool, down_ms: int, told: int) -> None:
    """Stopped before, started after: told once, with its time; what is too old is not told."""
    home = Home(tmp_path, HouseClock(at("18:20")))
    if orderly:
        asyncio.run(_stop_in_order(home))
    else:
        home.gateway().begin()
    assert about_doses(home) == []
    _live(home, CLOSES_MS + down_ms)
    texts = about_the_first(home)
    assert len(texts) == told, [t.body for t in texts]
    assert all("19:00" in text.body for text in texts if not text.also)
    for minutes in (6, 12):
        _live(home, CLOSES_MS + down_ms + minutes * 60_000)
    assert about_the_first(home) == texts


def test_many_missed_while_down_are_told_within_the_cap(tmp_path: Path) -> None:
    """A week down with a dose every evening: one text of the last two, not eight."""
    home = Home(tmp_path, HouseClock(at("18:20")))
    home.gateway().begin()
    _live(home, CLOSES_MS + 7 * 24 * HOUR_MS)
    (text,) = about_doses(home)
    assert len({text.incident_id, *text.also}) == 2
    assert about_the_first(home) == []
