"""P5: the gateway is killed anywhere; no text is missing, at most one marked duplicate a kill."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.home.killed_gateway import POINTS
from tests.home.killed_home import KilledHome, Nursery, judge

KILLED = -9
AT_RANDOM = 200 - len(POINTS)
A_HOME = 10  # kills; then a gateway lives
PEOPLE = 45  # texts of a home: enough that its last kill still finds one under way
WITHIN_S = 0.3  # after the first claim of a life: some four texts


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """One process that gateways are forked from, for all tests here."""
    made = Nursery(tmp_path_factory.mktemp("nursery"))
    yield made
    made.close()


def run(home: KilledHome, story: Callable[[], Awaitable[None]]) -> None:
    """The home is built, the story told, everything ended."""

    async def told() -> None:
        await home.build()
        try:
            await story()
        finally:
            await home.leave()

    asyncio.run(told())


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point(tmp_path: Path, nursery: Nursery, point: str) -> None:
    """Dead at that very point: the next gateway tells everybody; a copy is marked."""
    home = KilledHome(tmp_path, 2, nursery)

    async def story() -> None:
        await home.start(point)
        assert await home.dies() == KILLED, nursery.errors()
        await home.calm()
        judge(home)

    run(home, story)


def _killed_at_random(folder: Path, nursery: Nursery, seed: int) -> dict[str, int]:
    """One home whose gateway is killed at random instants of its sending, then lives."""
    home, chance = KilledHome(folder, PEOPLE, nursery), random.Random(seed)
    seen: dict[str, int] = {}

    async def story() -> None:
        for _ in range(A_HOME):
            await home.start()
            assert await home.hear(lambda fact: fact["kind"] == "text_claimed"), nursery.errors()
            await asyncio.sleep(chance.uniform(0, WITHIN_S))
            await home.end(signal.SIGKILL)
        await home.calm()
        seen.update(judge(home))

    run(home, story)
    return seen


def test_killed_at_random_instants(tmp_path: Path, nursery: Nursery) -> None:
    """Ten kills spread over the sending of 45 texts: none missing, a marked copy a kill at most."""
    seen = _killed_at_random(tmp_path, nursery, seed=1)
    assert (seen["kills"], seen["texts"] >= PEOPLE) == (A_HOME, True)


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_killed_two_hundred_times(tmp_path: Path, nursery: Nursery) -> None:
    """With the named points two hundred kills: 0 missing texts, at most a marked copy a kill."""
    seen = []
    for seed in range(2, 3 + AT_RANDOM // A_HOME):
        folder = tmp_path / str(seed)
        folder.mkdir()
        seen.append(_killed_at_random(folder, nursery, seed))
    total = {key: sum(one[key] for one in seen) for key in seen[0]}
    print(total)
    assert total["kills"] >= AT_RANDOM
