"""The hub: facts are committed, folded, told; whoever waits for them is woken.

Knows: the log, the beliefs, the desk. May not know: radio, modem, Flask.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from gateway.channels.heartbeat import Progress
from gateway.clock import SystemClock
from gateway.desk import Desk
from gateway.events import (
    CallEnded,
    CallsConsent,
    CallsPlanned,
    DeviceOrdered,
    DeviceRecord,
    DoseCorrected,
    Event,
    HospitalLeft,
    LineSeen,
    NotMonitored,
    PlanConfirmed,
    RecordingKept,
    RosterChanged,
    RosterSet,
    ScheduleOnBox,
    TellingPaused,
    TextDecided,
    TextReceived,
    TextWithdrawn,
)
from gateway.home import Home
from gateway.log import Claim, Log, LogUnavailable
from gateway.ticking import Ticking

_log = logging.getLogger(__name__)

HOME = "home"  # a gateway in a flat has one
LOOPS = ("decide", "send", "orders")  # those that have to go round, whatever happens

# Which facts wake whom, by the name of the hub's event.
WAKES: dict[str, tuple[type[Event], ...]] = {
    "mail": (TextDecided, TextWithdrawn),
    "orders": (DeviceOrdered, RosterSet, RosterChanged),
    "devices": (RosterSet, RosterChanged, ScheduleOnBox),
    "calls": (
        CallsPlanned,
        CallEnded,
        HospitalLeft,
        LineSeen,
        NotMonitored,
        RosterChanged,
        RosterSet,
        TellingPaused,
    ),
    "consents": (CallsConsent, RecordingKept, RosterChanged),
    "plans": (PlanConfirmed, RosterSet, RosterChanged),
    "stock": (
        PlanConfirmed,
        DoseCorrected,
        NotMonitored,
        RosterSet,
        RosterChanged,
        DeviceRecord,
    ),
}


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
        self.progress = Progress(clock.monotonic_ms, LOOPS)
        self.news = asyncio.Event()  # something is known that was not decided upon
        self.mail = asyncio.Event()  # there is a text to send
        self.orders = asyncio.Event()  # there is an order to carry out, or a device to have one
        self.devices = asyncio.Event()  # which devices live here, or whose keys are here
        self.plans = asyncio.Event()  # what the boxes should run may be something else
        self.calls = asyncio.Event()  # who is to be called when may be something else
        self.consents = asyncio.Event()  # what was recorded may have to be deleted
        self.stock = asyncio.Event()  # what is left of the medicines may be something else
        self._tell = tell

    def record(self, *facts: Event) -> list[Event]:
        """Commit facts, then believe them. What was new. Raises LogUnavailable: nothing was."""
        return self._believe(self.log.append(facts))

    def note(self, *facts: Event) -> None:
        """As `record`, of what only informs: a database that cannot be written stops no loop."""
        try:
            self.record(*facts)
        except LogUnavailable as error:
            kinds = ", ".join(fact.kind for fact in facts)  # what they say is not for a log file
            _log.warning("%s; not noted: %s", error, kinds)

    def claim(
        self, lease_ms: int, choose: Callable[[Claim], str | None], urgency: int
    ) -> Claim | None:
        """Take the most urgent text out of the outbox (log.claim), and believe that.

        Raises LogUnavailable: then none was taken.
        """
        claim = self.log.claim(self.clock.now_ms(), lease_ms, choose, urgency)
        if claim is not None and claim.fact is not None:
            self._believe([claim.fact])
        return claim

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
        for name, kinds in WAKES.items():
            if any(isinstance(fact, kinds) for fact in stored):
                getattr(self, name).set()
        for fact in stored:
            self._tell(fact)
        self.desk.changed()
        return list(stored)
