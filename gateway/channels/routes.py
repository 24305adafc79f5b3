"""Which way a text goes: the order of the routes, and what follows where one does not take it.

Knows: routes by name, whether each can be tried, how the last tries over each ended.
May not know: what a route is (a modem, a provider), the outbox, whom a text is for.

    order of preference is the configuration's, but
    a route that is closed (a modem that is not ready) is passed over without a try;
    one that did not take a text lately stands behind the healthy ones for a minute;
    one that may have a text already stands last for that text: its marked repeat goes another way;
    one that does not carry such a text at all (KakaoTalk without its template) is passed over.

Not taken (TryLater, Refused) → the next route at once. Perhaps taken (Unsure) → no other route now:
the outbox repeats it, marked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from gateway.channels import Channel, Outcome, Refused, Submitted, Text, TryLater, Unsure

SHAKY_S = 60.0
MOST_URGENT = 0
ANY_URGENCY = 1 << 30


@dataclass(frozen=True, slots=True)
class Standing:
    """A route as it stands now, in the order of the configuration."""

    name: str
    open: bool = True
    shaky: bool = False  # it did not take a text lately
    busy: bool = False  # it has a text in hand


@dataclass(frozen=True, slots=True)
class Carried:
    """How it ended, by which route; `passed`: which routes before it did not take it, and why."""

    outcome: Outcome
    route: str
    passed: str = ""


def order(
    standings: Sequence[Standing], last: str | None = None, *, hurry: bool = False
) -> tuple[str, ...]:
    """The open routes, the one to try first in front; `last`: the one this text was tried by.

    In a hurry a route that is free goes before one that is busy.
    """
    ranked = sorted(
        (s for s in standings if s.open),
        key=lambda s: (s.name == last, s.shaky, hurry and s.busy),
    )
    return tuple(s.name for s in ranked)


def offers(standings: Sequence[Standing]) -> int | None:
    """Down to which urgency a text may be taken from the outbox now; None: no route is free.

    A text waits for a better route that is busy, a call for help does not.
    """
    by_name = {s.name: s for s in standings}
    ranked = [by_name[name] for name in order(standings)]
    if not any(not s.busy for s in ranked):
        return None
    if not ranked[0].busy:
        return ANY_URGENCY
    return MOST_URGENT if any(not s.busy and not s.shaky for s in ranked) else None


def none_took(refusals: Sequence[tuple[str, Outcome]], all_routes: Collection[str]) -> Outcome:
    """What it means that no route took a text: refused for good by every one, or try again."""
    why = reasons(refusals)
    final = {name for name, outcome in refusals if isinstance(outcome, Refused)}
    return Refused(why) if final and final >= set(all_routes) else TryLater(why or "no route")


def reasons(refusals: Sequence[tuple[str, Outcome]]) -> str:
    """Why each route did not take it, for the technician."""
    return "; ".join(
        f"{name}: {outcome.why}" for name, outcome in refusals if not isinstance(outcome, Submitted)
    )


@dataclass(frozen=True, slots=True)
class Route:
    """One way to people. `closed()` says why nothing can be handed over now; None = try it.

    `takes(text)`: whether it carries such texts at all; None: it carries any.
    """

    name: str
    channel: Channel
    closed: Callable[[], str | None] = lambda: None
    takes: Callable[[Text], bool] | None = None

    def carries(self, text: Text) -> bool:
        """Whether a text may go this way."""
        return self.takes is None or self.takes(text)


class Router:
    """The routes of a home, one text in hand on each."""

    def __init__(self, routes: Sequence[Route], trouble: Callable[[str, str], None]) -> None:
        """`routes` in the order of preference; `trouble(name, why)`: one turned bad."""
        self._routes = {route.name: route for route in routes}
        self._trouble = trouble
        self._hands = {route.name: asyncio.Lock() for route in routes}
        self._shaky_until_s: dict[str, float] = {}

    @property
    def count(self) -> int:
        """How many routes there are."""
        return len(self._routes)

    def offers(self) -> int | None:
        """Down to which urgency any text may be taken from the outbox now; None: wait."""
        standings = self._standings()
        of_any_text = [s for s in standings if self._routes[s.name].takes is None]
        found = (offers(standings), offers(of_any_text))
        return max((urgency for urgency in found if urgency is not None), default=None)

    def choose(self, text: Text, last: str | None, urgency: int) -> str | None:
        """By which route a text goes that was tried by `last`; None: it waits for its ways."""
        able = [s for s in self._standings() if self._routes[s.name].carries(text)]
        down_to = offers(able)
        if down_to is None or urgency > down_to:
            return None
        return order(able, last, hurry=down_to == MOST_URGENT)[0]

    async def carry(self, text: Text, first: str, last: str | None = None) -> Carried:
        """Hand a text over by `first`, or by the next route where that does not take it."""
        able = {name for name, route in self._routes.items() if route.carries(text)}
        refusals: list[tuple[str, Outcome]] = []
        name: str | None = first if first in able else self._next(able, last)
        while name is not None:
            outcome = await self._try(name, text)
            if isinstance(outcome, Submitted | Unsure):
                return Carried(outcome, name, reasons(refusals))
            refusals.append((name, outcome))
            tried = {n for n, _outcome in refusals}
            name = self._next(able - tried, last)
        return Carried(none_took(refusals, able), refusals[-1][0] if refusals else first)

    def _next(self, able: Collection[str], last: str | None) -> str | None:
        return next((n for n in order(self._standings(), last) if n in able), None)

    async def _try(self, name: str, text: Text) -> Outcome:
        async with self._hands[name]:
            outcome = await self._routes[name].channel.send(text)
        if isinstance(outcome, Submitted):
            self._shaky_until_s.pop(name, None)
        elif isinstance(outcome, TryLater | Unsure):
            if not self._shaky(name):
                self._trouble(name, outcome.why)
            self._shaky_until_s[name] = asyncio.get_running_loop().time() + SHAKY_S
        return outcome

    def _shaky(self, name: str) -> bool:
        until_s = self._shaky_until_s.get(name)
        return until_s is not None and asyncio.get_running_loop().time() < until_s

    def _standings(self) -> list[Standing]:
        return [
            Standing(
                name,
                open=route.closed() is None,
                shaky=self._shaky(name),
                busy=self._hands[name].locked(),
            )
            for name, route in self._routes.items()
        ]
