"""The hub: facts are committed, folded, told; whoever waits for them is woken.

Knows: the log, the beliefs, the desk. May not know: radio, modem, Flask.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from gateway.clock import SystemClock
from gateway.desk import Desk
from gateway.events import DeviceOrdered, Event, TextDecided, TextReceived
from gateway.home import Home
from gateway.log import Log, LogUnavailable
from gateway.ticking import Ticking

_log = logging.getLogger(__name__)

HOME = "home"  # a gateway in a flat has one

URGENT = frozenset(
    {
        "double_dose",
        "dose_too_soon",
        "dose_doubtful",
        "doubtful_after_all",
        "dose_missed",
        "dose_unconfirmed",
        "missed_after_all",
        "correction",
    }
)


def urgency(text: TextDecided) -> int:
    """0 first: a call for help, then what somebody waits for, then answers and closings."""
    if text.purpose == "help_pressed":
        return 0
    return 1 if text.purpose in URGENT else 2


class Hub:
    """The one way by which anything becomes known. Used by the loop's thread only."""

    def __init__(
        self, log: Log, home: Home, desk: Desk, clock: SystemClock, tell: Callable[[Event], None]
    ) -> None:
        self.log = log
        self.home = home
        self.ticking: Ticking[Home] = Ticking()
        self.ticking.add(HOME, home)
        self.desk = desk
        self.clock = clock
        self.news = asyncio.Event()  # something is known that was not decided upon
        self.mail = asyncio.Event()  # there is a text to send
        self.orders = asyncio.Event()  # there is an order to carry out
        self._tell = tell

    def record(self, *facts: Event) -> list[Event]:
        """Commit facts, then believe them. What was new. Raises LogUnavailable: nothing was."""
        return self._believe(self.log.append(facts))

    def note(self, *facts: Event) -> None:
        """As `record`, of what only informs: a database that cannot be written stops no loop."""
        try:
            self.record(*facts)
        except LogUnavailable as error:
            _log.warning("%s; not noted: %s", error, facts)

    def receive(self, fact: Event) -> None:
        """A fact of the modem; a text is committed together with what is answered to it."""
        if isinstance(fact, TextReceived):
            if fact.message_key in self.home.ledger.seen:
                return
            self.record(fact, *self.home.answer(fact, self.clock.now_ms()))
        else:
            self.record(fact)

    def _believe(self, stored: Sequence[Event]) -> list[Event]:
        if not stored:
            return []
        with self.desk.lock:
            for fact in stored:
                self.ticking.fold(HOME, fact)
        self.news.set()
        if any(isinstance(fact, TextDecided) for fact in stored):
            self.mail.set()
        if any(isinstance(fact, DeviceOrdered) for fact in stored):
            self.orders.set()
        for fact in stored:
            self._tell(fact)
        self.desk.changed()
        return list(stored)
