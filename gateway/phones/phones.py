"""What is believed of each person's telephone: how it is watched, when it was used and heard.

Knows: which fact changes what. May not know: the time, what follows where it lies still.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.events import Event, PhoneHeard, PhoneUsed, PhoneWatched
from gateway.life.signs import SET_BACK_MS
from gateway.phones.moments import Moments
from gateway.units import HOUR_MS

HOW = (
    "unlock",
    "charge",  # put to charge, or taken from it
    "steps",
    "app",  # something on it was opened
    "moved",
    "page",  # her own page with the large button
    "asked",  # she told it to say where it is
)
LOW_PERCENT = 15  # so little lasts some hours
REGULAR_MS = 48 * HOUR_MS  # it tells by itself that it is there, as long as it did so lately
LOW_KNOWN_MS = 3 * HOUR_MS  # a battery that was told of so long before it was heard last counts


@dataclass(slots=True)
class Phone:
    """One person's. Milliseconds; None: never, or not watched."""

    hours: int | None = None
    guardian_id: str = ""  # who is told first
    watched_ms: int | None = None  # since when
    used_ms: int | None = None
    heard_ms: int | None = None  # by its use, too
    alive_ms: int | None = None  # when it told by itself that it is there
    battery_percent: int | None = None  # as it was told last,
    battery_ms: int = 0  # and when

    @property
    def regular(self) -> bool:
        """Whether it would be heard of where nobody uses it."""
        told, heard = self.alive_ms, self.heard_ms
        return told is not None and heard is not None and told >= heard - REGULAR_MS

    @property
    def low(self) -> bool:
        """Whether its battery was nearly flat when it was heard last."""
        if self.battery_percent is None or self.heard_ms is None:
            return False
        lately = self.heard_ms - self.battery_ms <= LOW_KNOWN_MS
        return lately and self.battery_percent <= LOW_PERCENT


@dataclass(slots=True)
class Phones:
    """Those of everybody, by person; folded by gateway.household."""

    of: dict[str, Phone] = field(default_factory=dict)
    # Derived, for who looks at every tick (watch.py): whose is reckoned anew at the next look, and
    # of each that is watched what it begins with, when it may be too long, when it may be missed.
    stirred: set[str] = field(default_factory=set, compare=False, repr=False)
    begins: Moments = field(default_factory=Moments, compare=False, repr=False)
    caps: Moments = field(default_factory=Moments, compare=False, repr=False)
    lates: Moments = field(default_factory=Moments, compare=False, repr=False)

    def note(self, event: Event) -> None:
        """One more fact of gateway.phoning."""
        if isinstance(event, PhoneWatched):
            phone = self._hers(event.person_id)
            begins = phone.hours is None or phone.watched_ms is None
            since_ms = event.at_ms if begins else phone.watched_ms
            phone.watched_ms = None if event.hours is None else since_ms
            phone.hours, phone.guardian_id = event.hours, event.guardian_id
        elif isinstance(event, PhoneUsed):
            phone = self._hers(event.person_id)
            phone.used_ms = _newest(used_at_ms(event), phone.used_ms, event.at_ms)
            _heard(phone, event.at_ms, event.battery_percent)
        elif isinstance(event, PhoneHeard):
            phone = self._hers(event.person_id)
            phone.alive_ms = _newest(event.at_ms, phone.alive_ms, event.at_ms)
            _heard(phone, event.at_ms, event.battery_percent)

    def _hers(self, person_id: str) -> Phone:
        self.stirred.add(person_id)
        return self.of.setdefault(person_id, Phone())


def used_at_ms(event: PhoneUsed) -> int:
    """When it was used: never later than that was learnt."""
    return event.at_ms if event.when_ms is None else min(event.at_ms, event.when_ms)


def _heard(phone: Phone, at_ms: int, battery_percent: int | None) -> None:
    phone.heard_ms = _newest(at_ms, phone.heard_ms, at_ms)
    if battery_percent is not None and _newest(at_ms, phone.battery_ms, at_ms) == at_ms:
        phone.battery_percent, phone.battery_ms = battery_percent, at_ms


def _newest(ms: int, before_ms: int | None, now_ms: int) -> int:
    """The later of the two, but that what lies far ahead was told by a clock that was wrong."""
    wrong = before_ms is None or before_ms > now_ms + SET_BACK_MS
    return ms if wrong else max(ms, before_ms or 0)
