"""When somebody is to be called, and whether she may be recorded: what is entered becomes facts.

Knows: what a plan may say. May not know: forms, languages, the database, what is called when.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gateway.calling import CALLS
from gateway.calls.sentences import LANGUAGES
from gateway.events import CallsConsent, CallsPlanned, Event
from gateway.home import Home
from gateway.phone import KOREA, e164, is_e164
from gateway.refused import EntryRefused
from gateway.roster import WEEKDAYS

EARLIEST, LATEST = "07:00", "21:00"  # nobody is rung out of bed
PAID = f"{KOREA}60"  # 060: whoever is called there is paid for it; abroad costs as much
WINDOW_LEAST_MIN = 30  # three attempts fit into it
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class PlanCalls:
    """She is to be called so; `plan` as CallsPlanned has it, None: not any more."""

    person_id: str
    call: str
    plan: dict[str, Any] | None
    by: str


@dataclass(frozen=True, slots=True)
class ConsentCalls:
    """She said whether her calls may be recorded."""

    person_id: str
    given: bool
    by: str


Calling = PlanCalls | ConsentCalls


def planned(home: Home, entry: Calling, by: str, now_ms: int) -> list[Event]:
    """The facts that follow. Raises EntryRefused with the first thing that is wrong."""
    roster = home.household.roster
    if roster is None or roster.person(entry.person_id) is None:
        raise EntryRefused("person", person=entry.person_id)
    if isinstance(entry, ConsentCalls):
        return [CallsConsent(now_ms, entry.person_id, entry.given, by)]
    if entry.call not in CALLS:
        raise EntryRefused("call", call=entry.call)
    plan = None if entry.plan is None else _sound(entry.plan)
    return [CallsPlanned(now_ms, entry.person_id, entry.call, plan, by)]


def _sound(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan as it is kept: weekdays in their order, the number as E.164."""
    asked = plan.get("weekdays")
    days = [day for day in WEEKDAYS if isinstance(asked, list | tuple) and day in asked]
    if not days or not isinstance(asked, list | tuple) or set(asked) - set(WEEKDAYS):
        raise EntryRefused("call_weekdays")
    begins, ends = str(plan.get("from", "")), str(plan.get("until", ""))
    clocks = all(_CLOCK.fullmatch(clock) for clock in (begins, ends))
    if not clocks or begins < EARLIEST or ends > LATEST:
        raise EntryRefused("call_window", earliest=EARLIEST, latest=LATEST)
    if _minutes(ends) - _minutes(begins) < WINDOW_LEAST_MIN:
        raise EntryRefused("call_window_short", least=WINDOW_LEAST_MIN)
    number = e164(str(plan.get("number", "")))
    if not is_e164(number) or not number.startswith(KOREA) or number.startswith(PAID):
        raise EntryRefused("call_number")
    language = plan.get("language")
    if language not in LANGUAGES:
        raise EntryRefused("call_language")
    return {
        "weekdays": days, "from": begins, "until": ends, "number": number, "language": language,
    }  # fmt: skip


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])
