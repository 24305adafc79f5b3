"""The alarm budget: how many alarms there were, how many were false, how many needed a person.

Knows: how an incident ended. May not know: what is decided, words; the time is an argument.

False: evidence showed that nobody had to be told (the dose was taken in time or was not due, she
moved after all), or a person said that there was nothing. Needed a person: somebody took it, or
ended it, and it was not false. The budget is one false alarm a home in 30 days (promise P15).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gateway.incidents.ledger import Ledger
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident
from gateway.rules.worry import WorryKind
from gateway.units import DAY_MS

BUDGET_DAYS = 30
BUDGET = 1.0  # false alarms a home in so many days

SILENT = frozenset({WorryKind.NO_SIGN_OF_LIFE, WorryKind.PHONE_STILL})
FALSE = frozenset({Reason.TAKEN_IN_TIME, Reason.NOT_DUE, Reason.FALSE_ALARM})
NEWS = frozenset({WorryKind.LOST_SIGHT, WorryKind.SUPPLY_LOW})  # told, but no alarm


@dataclass(frozen=True, slots=True)
class Alarms:
    """Of one home over `days`: alarms told, of these false, needing a person, not over yet."""

    days: int
    told: int
    false: int
    needed: int
    live: int

    @property
    def false_in_30_days(self) -> float:
        """False alarms as the budget counts them."""
        return self.false * BUDGET_DAYS / self.days

    @property
    def needed_share(self) -> float | None:
        """The share of alarms that needed a person; None where there was none."""
        return self.needed / self.told if self.told else None

    @property
    def within_budget(self) -> bool:
        """Whether there were no more false alarms than the budget allows."""
        return self.false_in_30_days <= BUDGET


def alarms(ledger: Ledger, now_ms: int, days: int = BUDGET_DAYS) -> Alarms:
    """What the last `days` were like. Raises ValueError where that is less than a day."""
    if days < 1:
        raise ValueError(f"alarms are counted over whole days, not over {days}")
    return counted(list(told_since(ledger, now_ms - days * DAY_MS)), days)


def counted(told: Collection[Incident], days: int) -> Alarms:
    """Of alarms that were told within `days`."""
    return Alarms(
        days=days,
        told=len(told),
        false=sum(is_false(incident) for incident in told),
        needed=sum(needed_a_person(incident) for incident in told),
        live=sum(incident.live for incident in told),
    )


def told_since(ledger: Ledger, since_ms: int) -> Iterator[Incident]:
    """The alarms that began after an instant and that somebody was told of, newest first."""
    for incident in reversed(ledger.incidents.values()):
        if incident.opened_ms < since_ms:
            return
        if incident.told and incident.worry not in NEWS:
            yield incident


def is_false(incident: Incident) -> bool:
    """Whether it is known that nobody had to be told."""
    if incident.live:
        return False
    moved = incident.worry in SILENT and incident.reason == Reason.GONE
    return moved or incident.reason in FALSE


def needed_a_person(incident: Incident) -> bool:
    """Whether somebody took or ended it, and it was not false."""
    taken = incident.acked_by not in (None, incident.person_id)  # not by herself
    taken = taken or incident.reason == Reason.BY_PERSON
    return taken and not is_false(incident)
