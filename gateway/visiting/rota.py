"""When somebody is expected: the lines of a rota, and single days that were written down.

Knows: weekdays, weeks, the facts. May not know: who came, the time, a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gateway.caring import VisitPlanned
from gateway.looking_in import VisitsPlanned

OFFICER, HELPER, NEIGHBOUR, DELIVERER = "officer", "helper", "neighbour", "deliverer"
ROLES = (OFFICER, HELPER, NEIGHBOUR, DELIVERER)
EVERY_WEEKS = (1, 2, 3, 4)
WEEK = 7

Plan = VisitsPlanned | VisitPlanned


def expected(plan: Plan, day: date) -> bool:
    """Whether this plan wants somebody there on a day."""
    if isinstance(plan, VisitPlanned):
        return plan.wanted and plan.day == day.isoformat()
    if day.weekday() not in plan.weekdays:
        return False
    first = date.fromisoformat(plan.from_day)
    if day < first:
        return False
    weeks = (_monday(day) - _monday(first)).days // WEEK
    return weeks % plan.every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody is expected on a day. `who`: of a rota's line, or who wrote the day down."""

    day: date
    plan: Plan

    @property
    def who(self) -> str:
        """Her name."""
        return self.plan.by if isinstance(self.plan, VisitPlanned) else self.plan.who

    @property
    def role(self) -> str:
        """What she comes as."""
        return OFFICER if isinstance(self.plan, VisitPlanned) else self.plan.role
