"""From the outbox to the routes: the most urgent text first, one in hand on each route.

Knows: when a text may be taken, what an outcome is as a fact. May not know: SQL, what a route is,
why a text was decided.

Nothing here waits for anything but its own route: a modem that takes a minute holds back neither
the other route nor a decision.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from gateway import catalogue
from gateway.access import codes
from gateway.app.hub import Hub
from gateway.app.waiting import AFTER_TROUBLE_S, LOOK_AGAIN_MS, until_set
from gateway.channels import Refused, Submitted, Text, TryLater
from gateway.channels.routes import Carried, Router
from gateway.events import Event, TextFailed, TextSubmitted
from gateway.incidents.purposes import INVITATION
from gateway.log import EXPIRED, LOST_ANSWER, Claim, LogUnavailable
from gateway.officer.ending import about_her
from gateway.together import together
from gateway.units import MIN_MS

LEASE_MS = 15 * MIN_MS  # longer than any try may take, over every route

_log = logging.getLogger(__name__)


def tried(carried: Carried, claim: Claim, now_ms: int) -> Event:
    """What became of a text that was claimed."""
    outcome, route = carried.outcome, carried.route
    if isinstance(outcome, Submitted):
        return TextSubmitted(
            now_ms,
            claim.text_id,
            outcome.references,
            outcome.first_pdu_ms,
            claim.repeat,
            route,
            outcome.handle,
            carried.passed,
        )
    if isinstance(outcome, TryLater | Refused):
        final = isinstance(outcome, Refused)
        return TextFailed(now_ms, claim.text_id, outcome.why, final, route)
    # It may have been sent: once more, marked; a second time it is left at that.
    why = f"{LOST_ANSWER}: {outcome.why}"
    return TextFailed(now_ms, claim.text_id, why, claim.last_loss, route)


def too_late(claim: Claim, now_ms: int) -> TextFailed:
    """A text that could not be sent for so long that it would only confuse."""
    why = f"{EXPIRED}: it could not be sent in the time it was worth sending"
    return TextFailed(now_ms, claim.text_id, why, final=True, route=claim.route)


def of_nobody(claim: Claim, now_ms: int) -> TextFailed:
    """A text about somebody whose care ended while it was on its way, and that came back."""
    why = "her care ended before the text was sent"
    return TextFailed(now_ms, claim.text_id, why, final=True, route=claim.route)


def withdrawn(claim: Claim, now_ms: int) -> TextFailed:
    """An invitation that was withdrawn, or used by the link of its first try."""
    why = "what it invites to was withdrawn or used"
    return TextFailed(now_ms, claim.text_id, why, final=True, route=claim.route)


class Sender:
    """Takes texts from the outbox to the routes, and says which reports are overdue."""

    def __init__(
        self, hub: Hub, router: Router, draw: Callable[[int], str | None] = lambda _id: None
    ) -> None:
        """`draw(opening)`: a new code for an invitation; None where it is withdrawn."""
        self._hub = hub
        self._router = router
        self._draw = draw

    async def run(self) -> None:
        """Send until cancelled; a try under way is given up then, and repeated marked."""
        await together(*(self._work() for _ in range(self._router.count)))

    async def _work(self) -> None:
        """One pair of hands: take a text, carry it, take the next."""
        while True:
            self._hub.progress.beat("send")
            self._hub.mail.clear()
            try:
                # One instant a round: what falls due between two would be waited past.
                now_ms = self._hub.clock.now_ms()
                claim = self._next(now_ms)
                wait_ms = 0 if claim else self._wait_ms(now_ms)
            except LogUnavailable as error:
                _log.warning("%s; tried again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
                continue
            if claim is None:
                await until_set(self._hub.mail, wait_ms)
                continue
            await self._carry(claim)
            self._hub.mail.set()  # a text to the same number may go now

    def _next(self, now_ms: int) -> Claim | None:
        """The text to send now; that it is too late for one is said at once."""
        self._hub.record(*self._hub.log.unreported(now_ms))
        urgency = self._router.offers()
        if urgency is None:
            return None
        while True:
            claim = self._hub.claim(LEASE_MS, self._way, urgency)
            if claim is None:
                return None
            if self._of_nobody(claim):
                self._hub.record(of_nobody(claim, now_ms))
            elif claim.expired:
                self._hub.record(too_late(claim, now_ms))
            else:
                return claim

    def _of_nobody(self, claim: Claim) -> bool:
        """Whether it is about somebody who is not looked after here any more."""
        home = self._hub.home
        text = home.ledger.texts.get(claim.text_id)
        return text is not None and about_her(home.ledger, text, home.cases.told_no_more)

    def _way(self, claim: Claim) -> str | None:
        """The route by which a text goes now; None: it waits for one."""
        return self._router.choose(self._text(claim), claim.last_route, claim.urgency)

    def _text(self, claim: Claim) -> Text:
        """As the routes are handed it, but for what only its sending makes of its words."""
        return Text(claim.text_id, claim.to, claim.body, claim.valid_min, self._template(claim))

    def _wait_ms(self, now_ms: int) -> int:
        next_ms = self._hub.log.next_look_ms(now_ms)
        return LOOK_AGAIN_MS if next_ms is None else min(next_ms - now_ms, LOOK_AGAIN_MS)

    async def _carry(self, claim: Claim) -> None:
        body = self._body(claim)
        if body is None:
            self._hub.record(withdrawn(claim, self._hub.clock.now_ms()))
            return
        text = replace(self._text(claim), body=body)
        last = claim.last_route if claim.repeat else None
        carried = await self._router.carry(text, claim.route, last)
        while True:  # a disk that is full just now must not make a sent text be sent again
            try:
                self._hub.record(tried(carried, claim, self._hub.clock.now_ms()))
            except LogUnavailable as error:
                _log.warning("%s; noted again in %.0f s", error, AFTER_TROUBLE_S)
                await asyncio.sleep(AFTER_TROUBLE_S)
            else:
                return

    def _template(self, claim: Claim) -> str:
        """As what it may go where such texts are registered: at its first try, never after it."""
        decided = self._hub.home.ledger.texts.get(claim.text_id)
        fresh = decided is not None and not (claim.tries or claim.repeat)
        return decided.purpose if decided is not None and fresh else ""

    def _body(self, claim: Claim) -> str | None:
        """What is sent. The code of an invitation is drawn here: it stands in no fact.

        Other texts hold names that people typed: one that looks like a mark opens nothing.
        """
        decided = self._hub.home.ledger.texts.get(claim.text_id)
        invites = decided is not None and decided.purpose == INVITATION
        body, opening = claim.body, codes.marked(claim.body) if invites else None
        if opening is not None:
            code = self._draw(opening)
            if code is None:
                return None
            body = codes.filled(body, code)
        if not claim.repeat:
            return body
        roster = self._hub.home.household.roster
        guardians = roster.by_number(claim.to) if roster else ()
        language = guardians[0].language if guardians else "ko"
        return catalogue.mark_repeat(language, body)
