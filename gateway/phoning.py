"""What a person's own telephone tells of her: that it was used, or that it is there.

Knows: the shape of these facts; that gateway.events lists them among all others.
May not know: what follows from them, how a telephone says so, where it is: no place stands here.

`battery_percent`: 0 to 100, None where the telephone does not say. "I am fine" is gateway.said's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gateway.fact import Event


@dataclass(frozen=True, slots=True)
class PhoneWatched(Event):
    """Somebody is told where it lies still for `hours`; None: nobody is, from now on.

    `guardian_id`: who is told first, "" = by the ladder. `by`: the name of an account.
    """

    kind: ClassVar[str] = "phone_watched"
    person_id: str
    hours: int | None
    guardian_id: str
    by: str


@dataclass(frozen=True, slots=True)
class PhoneUsed(Event):
    """Somebody used it: `how`, of gateway.phones.phones.HOW.

    `when_ms`: when that was, where it is told later than it happened (None: just now).
    """

    kind: ClassVar[str] = "phone_used"
    person_id: str
    how: str
    battery_percent: int | None
    when_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PhoneHeard(Event):
    """It is switched on and has a network; whether anybody is near it, it does not say."""

    kind: ClassVar[str] = "phone_heard"
    person_id: str
    battery_percent: int | None
