"""Several devices lost the mains: it is the flat that has no power, and that is one event.

Knows: how many devices make a cut. May not know: other rules, guardians, texts.

One device alone runs on its battery, and is missed where that ends (rules.unseen).
"""

from __future__ import annotations

from anbu_wire import messages as wire
from gateway.household import Household
from gateway.roster import MIN_MS
from gateway.rules.worry import HOME, Worry, WorryKind

DEVICES = 2
BORNE_MS = 10 * MIN_MS
REASON = "mains_lost"


def _lost(household: Household) -> list[int]:
    """When each device that lives here and is without mains lost them, in order.

    Not one that was taken away: it was unplugged, and never says that they are back.
    """
    mine = {device.id for device in household.roster.devices} if household.roster else set()
    mains = household.sight.mains.items()
    return sorted(ms for of, (ms, kind) in mains if of in mine and kind == wire.MAINS_LOST)


def worries(household: Household, now_ms: int) -> list[Worry]:
    """One worry, for as long as several devices are without mains."""
    lost = _lost(household)
    if len(lost) < DEVICES or now_ms < lost[DEVICES - 1] + BORNE_MS:
        return []
    due_ms = lost[DEVICES - 1] + BORNE_MS
    kind = WorryKind.POWER_CUT
    return [Worry(kind, f"power/{lost[0]}", HOME, None, min(due_ms, now_ms), REASON)]


def next_deadline(household: Household, now_ms: int) -> int | None:
    """When a cut lasted too long."""
    lost = _lost(household)
    due_ms = lost[DEVICES - 1] + BORNE_MS if len(lost) >= DEVICES else 0
    return due_ms if due_ms > now_ms else None
