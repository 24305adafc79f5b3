"""P5: the gateway is killed anywhere; no text is missing, at most one marked duplicate a kill."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.home.killed_gateway import POINTS
from tests.home.killed_home import KilledHome, judge
from tests.home.killed_nursery import Nursery

KILLED = -9
AT_RANDOM = 190
A_HOME = 10  # kills at most; then a gateway lives
PEOPLE = 45  # a text for each
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
        assert await home.dies() == KILLED, home.standing()
        await home.calm()
        judge(home)

    run(home, story)


def _home(folder: Path, nursery: Nursery, seed: int, kills: int) -> dict[str, int]:
    """One home whose gateway is killed at random instants until nothing is left to be sent.

    At most so many kills that struck: after which something was still to be sent. How many texts
    a life sends before its kill is the machine's affair, hence how many kills a home has room for.
    """
    home, chance = KilledHome(folder, PEOPLE, nursery), random.Random(seed)
    seen = {"struck": 0}

    async def story() -> None:
        while seen["struck"] < kills and home.waiting():
            await home.start()
            assert await home.hear(lambda fact: fact["kind"] == "text_claimed"), home.standing()
            await asyncio.sleep(chance.uniform(0, WITHIN_S))
            await home.end(signal.SIGKILL)
            assert home.code == KILLED, home.standing()
            seen["struck"] += home.waiting() > 0
        await home.calm()
        seen.update(judge(home))

    run(home, story)
    return seen


def _killed_at_random(folder: Path, nursery: Nursery, seed: int, kills: int) -> Counter[str]:
    """Home after home until so many kills struck; each is judged."""
    total: Counter[str] = Counter()
    while total["struck"] < kills:
        one = folder / str(seed)
        one.mkdir()
        total.update(_home(one, nursery, seed, min(A_HOME, kills - total["struck"])), homes=1)
        seed += 1
    return total


def test_killed_at_random_instants(tmp_path: Path, nursery: Nursery) -> None:
    """Ten kills spread over the sending of 45 texts: none missing, a marked copy a kill at most."""
    print(dict(_killed_at_random(tmp_path, nursery, seed=1, kills=A_HOME)))


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_killed_two_hundred_times(tmp_path: Path, nursery: Nursery) -> None:
    """With the named points two hundred kills: 0 missing texts, at most a marked copy a kill."""
    print(dict(_killed_at_random(tmp_path, nursery, seed=2, kills=AT_RANDOM)))
