"""The alarm budget and yield of everybody: how many alarms, how many false, how many were needed.

Knows: the count of one worry and of one person beside that of all. May not know: when an alarm is
false (incidents.budget), words; the time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from gateway.incidents import Incident, Ledger
from gateway.incidents.budget import BUDGET, BUDGET_DAYS, Alarms, counted, told_since
from gateway.rules.worry import HOME
from gateway.units import DAY_MS

NOISY_MOST = 10


@dataclass(frozen=True, slots=True)
class Yield:
    """Of `days`. `noisy`: persons with more false alarms than the budget of one home allows."""

    persons: int
    every: Alarms
    by_worry: dict[str, Alarms]  # the most frequent first
    noisy: dict[str, Alarms]  # by person id, the noisiest first

    @property
    def false_a_person(self) -> float | None:
        """False alarms a person in 30 days, which is what the budget counts; None: nobody."""
        return self.every.false_in_30_days / self.persons if self.persons else None

    @property
    def within_budget(self) -> bool:
        """Whether that is within the budget of one home."""
        return (self.false_a_person or 0) <= BUDGET


def alarms_of_all(
    ledger: Ledger, persons: Collection[str], now_ms: int, days: int = BUDGET_DAYS
) -> Yield:
    """What the last `days` were like, of these persons and of the home as a whole."""
    since = told_since(ledger, now_ms - days * DAY_MS)
    told = [i for i in since if i.person_id in persons or i.person_id == HOME]
    by_person = _grouped(told, lambda i: i.person_id, days)
    over = {of: a for of, a in by_person.items() if of != HOME and a.false_in_30_days > BUDGET}
    noisy = sorted(over.items(), key=lambda entry: (-entry[1].false, entry[0]))
    by_worry = _grouped(told, lambda i: i.worry, days)
    return Yield(
        persons=len(persons),
        every=counted(told, days),
        by_worry=dict(sorted(by_worry.items(), key=lambda entry: (-entry[1].told, entry[0]))),
        noisy=dict(noisy[:NOISY_MOST]),
    )


def _grouped(
    told: Iterable[Incident], key: Callable[[Incident], str], days: int
) -> dict[str, Alarms]:
    groups: dict[str, list[Incident]] = {}
    for incident in told:
        groups.setdefault(key(incident), []).append(incident)
    return {of: counted(incidents, days) for of, incidents in groups.items()}
