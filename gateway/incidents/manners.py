"""Why somebody is not told though it is her turn, and when that is looked at again.

Knows: pauses, duty, quiet hours, the weekly cap. May not know: whose turn it is, words.

None of them holds a call for help, but that who is on duty is told first; quiet hours and the cap
hold neither a sign of life that is missed nor a critical dose. Each ends, so nobody is held for
ever.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.incidents.hours import next_ms, off_until_ms, quiet_until_ms
from gateway.incidents.kinds import Group, Kind
from gateway.incidents.reasons import Reason
from gateway.incidents.shapes import Incident
from gateway.incidents.view import View
from gateway.roster import Guardian
from gateway.units import DAY_MS, MIN_MS

WEEK_MS = 7 * DAY_MS
ON_DUTY_MS = 10 * MIN_MS  # so long those on duty have to take what may be about a life
NEVER_PAUSED = frozenset({Group.HELP, Group.LIFE})


@dataclass(frozen=True, slots=True)
class Hold:
    """Why not now, and until when (UTC ms, later than now)."""

    reason: Reason
    until_ms: int


def hold(view: View, incident: Incident, guardian: Guardian) -> Hold | None:
    """What keeps her from being told now; None: nothing does."""
    row = view.kind(incident)
    found = (check(view, incident, guardian, row) for check in _CHECKS)
    return next((held for held in found if held is not None), None)


def _paused(view: View, incident: Incident, _guardian: Guardian, row: Kind) -> Hold | None:
    pause = view.ledger.paused.get(incident.person_id)
    if pause is None or row.group in NEVER_PAUSED or pause.until_ms <= view.now_ms:
        return None
    return Hold(Reason.PAUSED, pause.until_ms)


def _off_duty(view: View, incident: Incident, guardian: Guardian, row: Kind) -> Hold | None:
    until_ms = _off_until_ms(view, guardian)
    if until_ms is None:
        return None
    others = [g for step in view.steps(incident) for g in step if g.id != guardian.id]
    on_duty = [g for g in others if _off_until_ms(view, g) is None]
    if not row.can_wait and not on_duty:
        return None  # nobody is on duty, and it cannot wait
    if row.group not in NEVER_PAUSED:
        return Hold(Reason.OFF_DUTY, until_ms)
    if all(g.id in incident.told for g in on_duty):
        return None  # those on duty know it, and nobody has it
    return Hold(Reason.OFF_DUTY, min(until_ms, view.now_ms + ON_DUTY_MS))


def _off_until_ms(view: View, guardian: Guardian) -> int | None:
    return off_until_ms(guardian.hours, guardian.weekdays, view.now_ms, view.roster.zone)


def _quiet(view: View, _incident: Incident, guardian: Guardian, row: Kind) -> Hold | None:
    until_ms = quiet_until_ms(guardian.quiet, view.now_ms, view.roster.zone)
    return Hold(Reason.QUIET, until_ms) if row.can_wait and until_ms is not None else None


def _capped(view: View, incident: Incident, guardian: Guardian, row: Kind) -> Hold | None:
    telling = incident.tellings.get(guardian.id)
    waited = telling is not None and telling.reason == Reason.CAP and telling.until_ms is not None
    cap = view.roster.policy.weekly_cap
    if not row.can_wait or waited or not cap:
        return None
    if view.ledger.shelves.counted_since(guardian.id, view.now_ms - WEEK_MS) < cap:
        return None
    at = view.roster.policy.news_at
    return Hold(Reason.CAP, next_ms(at, view.now_ms + 1, view.roster.zone))


_CHECKS: tuple[Callable[[View, Incident, Guardian, Kind], Hold | None], ...] = (
    _paused,
    _off_duty,
    _quiet,
    _capped,
)
