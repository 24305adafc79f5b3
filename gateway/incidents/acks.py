"""How long somebody has it who says that she looks after it.

Knows: the table's time, and that what runs out is fetched by a day. May not know: who it is.
"""

from __future__ import annotations

from datetime import date, timedelta

from gateway.incidents.shapes import Incident
from gateway.incidents.view import View
from gateway.rules.worry import WorryKind
from gateway.units import MIN_MS
from gateway.zones import instant_ms, local

SUPPLY_DAYS = 7  # where it is not known when it runs out


def until_ms(view: View, incident: Incident) -> int:
    """The instant at which an acknowledgement given now ends."""
    if incident.worry == WorryKind.SUPPLY_LOW:
        day = _runs_out(view, incident)
        return instant_ms(day, view.roster.policy.news_at, view.roster.zone)
    ack_min = view.kind(incident).ack_min
    minutes = view.roster.policy.ack_min if ack_min is None else ack_min
    until_ms, latest_ms = view.now_ms + minutes * MIN_MS, view.latest_ms(incident)
    if latest_ms is not None and latest_ms > view.now_ms:
        return min(until_ms, latest_ms)  # then the officer is told, whoever has it
    return until_ms


def _runs_out(view: View, incident: Incident) -> date:
    """The first day after today on which something of that person's runs out."""
    today = local(view.now_ms, view.roster.zone).date()
    stocks = view.household.stocks.get(incident.person_id, {}).values()
    days = [date.fromisoformat(s.runs_out_on) for s in stocks if s.runs_out_on is not None]
    return min((day for day in days if day > today), default=today + timedelta(days=SUPPLY_DAYS))
