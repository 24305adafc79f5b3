"""Tells one run line by line, as the oracle hears it: for whoever replays a seed.

Knows: the names of the oracle's ears. May not know: what is right.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.world import World

_WIDTH = 160


def tell(world: World, say: Callable[[str], None]) -> None:
    """From now on everything the oracle is told is said too, with its virtual time."""
    judge = world.judge
    for observer in (judge.records, judge.session, judge.commands, judge.time):
        for name, ear in vars(type(observer)).items():
            if callable(ear) and not name.startswith("_"):
                _wrap(world, observer, name, say)


def _wrap(world: World, observer: object, name: str, say: Callable[[str], None]) -> None:
    ear = getattr(observer, name)

    def told(*args: object, **named: object) -> None:
        line = f"{world.now_ms / 1000:9.3f} s  {name} {args} {named or ''}"
        say(line[:_WIDTH])
        ear(*args, **named)

    setattr(observer, name, told)
