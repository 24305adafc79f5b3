"""What is left of everybody's medicines, reckoned anew when it may be something else.

Knows: when to look: each morning, when a plan was confirmed, a lid was opened or a slot ended.
May not know: how a stock is reckoned (gateway.prescription.stocks), whom it worries.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from gateway.adherence.used import used
from gateway.app.hub import Hub
from gateway.app.waiting import at_each
from gateway.prescription.current import confirmed_of
from gateway.prescription.stock_basis import Basis, basis
from gateway.prescription.stocks import changed
from gateway.prescription.working_days import is_holiday
from gateway.roster import Roster
from gateway.units import HOUR_MS
from gateway.zones import instant_ms, local

MORNING = "08:00"  # local
LOOK_MS = HOUR_MS  # a wall clock that was set forward is noticed so soon


class StockKeeper:
    """Notes every stock that changed."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._bases: dict[str, Basis] = {}  # of the newest plan and day, by person

    def keep(self) -> None:
        """Reckon everybody's stock; what changed is recorded. Raises LogUnavailable."""
        household, now_ms = self._hub.home.household, self._hub.clock.now_ms()
        roster = household.roster
        for person in roster.persons if roster else ():
            of = self._basis(roster, person.id, now_ms) if roster else None
            if of is not None:
                taken = partial(used, household, now_ms=now_ms)
                facts = changed(household, of, taken, is_holiday, now_ms)
                if facts:
                    self._hub.record(*facts)

    def _basis(self, roster: Roster, person_id: str, now_ms: int) -> Basis | None:
        """Merged once a day and plan, not at each lid."""
        confirmed = confirmed_of(self._hub.home.household, person_id)
        if confirmed is None:
            return None
        known, today = self._bases.get(person_id), local(now_ms, roster.zone).date()
        if known is None or known.confirmed is not confirmed or known.today != today:
            known = self._bases[person_id] = basis(roster, person_id, confirmed, now_ms)
        return known

    async def run(self) -> None:
        """Keep them until cancelled."""
        await at_each(self._hub.stock, self.keep, self._wait_ms)

    def _wait_ms(self) -> int:
        """Until the next morning or the end of the next slot, an hour at the most."""
        household, now_ms = self._hub.home.household, self._hub.clock.now_ms()
        if household.roster is None:
            return LOOK_MS
        zone = household.roster.zone
        today = local(now_ms, zone).date()
        mornings = (instant_ms(today + timedelta(days=n), MORNING, zone) for n in (0, 1))
        ends = (s.ends_ms for s in household.closing(now_ms - LOOK_MS, now_ms + LOOK_MS))
        coming = [ms - now_ms for ms in (*mornings, *ends) if ms > now_ms]
        return min(*coming, LOOK_MS)
